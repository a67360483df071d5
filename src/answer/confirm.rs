//! Layer `answer`: whether a new text says what was answered, and nothing else differs.

use super::Answer;
use crate::model::{Attr, Model, Origin, Owner, Slot, Slots, Value};
use crate::notice::Notice;
use crate::source::Place;

/// What was read of a repository.
#[derive(Debug, Default)]
pub struct Reading {
    /// Its models, by path.
    pub models: Vec<Model>,
    /// How many errors there are.
    pub errors: usize,
    /// What was understood although it is spelt otherwise.
    pub understood: Vec<Notice>,
}

/// Whether a slot is said to have that value.
pub(super) fn says(model: &Model, slot: &Slot, value: &Value) -> bool {
    slot.origin == Origin::Declared && written(model, &slot.value) == written(model, value)
}

/// Two values are the same if they are written alike.
fn written(_: &Model, value: &Value) -> String {
    match value {
        Value::Member(of, at) => format!("{}.{at}", of.name),
        other => format!("{other:?}"),
    }
}

/// Whether the models say afterwards what they said before, and one of the objects of the
/// answer what was answered.
///
/// # Errors
/// What else would differ, in a sentence.
pub(super) fn confirm(
    before: &Reading,
    after: &Reading,
    answer: &Answer,
    owner: Owner,
) -> Result<(), String> {
    alike(before, after)?;
    for (number, (a, b)) in before.models.iter().zip(&after.models).enumerate() {
        // What two models share is one thing: the answer is about it in both.
        let is_shared = |of: Owner| {
            let mut owners = answer.owners.iter();
            owners.any(|owner| made(&before.models[answer.model], *owner) == made(a, of))
        };
        let wanted = |of: Owner, attr: &Attr| {
            *attr == answer.attribute
                && if number == answer.model {
                    answer.owners.contains(&of)
                } else {
                    is_shared(of)
                }
        };
        same(a, b, &wanted)?;
    }
    let model = &after.models[answer.model];
    let slot = model.slot(owner, &answer.attribute);
    if !slot.is_some_and(|slot| says(model, slot, &answer.value)) {
        return Err("the model says otherwise later; say it there".into());
    }
    let said_of = |owner: &&Owner| {
        let slot = model.slot(**owner, &answer.attribute);
        slot.is_none_or(|slot| slot.origin != Origin::Declared)
            || slot.is_some_and(|slot| says(model, slot, &answer.value))
    };
    if !answer.owners.iter().all(|owner| said_of(&owner)) {
        return Err(
            "it would say something else of others; make each by a statement of its own".into(),
        );
    }
    Ok(())
}

/// Where an object is made, and what it is called.
fn made(model: &Model, owner: Owner) -> (&Place, &str) {
    match owner {
        Owner::Element(id) | Owner::Controls(id) => {
            let element = model.element(id);
            (&element.place, &element.name)
        }
        Owner::Data(id) => (&model.datum(id).place, &model.datum(id).name),
    }
}

/// Whether the models say just what they said.
///
/// # Errors
/// What differs, in a sentence.
pub(super) fn unchanged(before: &Reading, after: &Reading) -> Result<(), String> {
    alike(before, after)?;
    let mut both = before.models.iter().zip(&after.models);
    both.try_for_each(|(a, b)| same(a, b, &|_, _| false))
}

/// Whether the same models could be read, no worse than before.
fn alike(before: &Reading, after: &Reading) -> Result<(), String> {
    if after.errors > before.errors {
        return Err("the model could not be read with it; say it where the model makes it".into());
    }
    let alike = before.models.len() == after.models.len()
        && (before.models.iter().zip(&after.models))
            .all(|(a, b)| a.path() == b.path() && a.name == b.name && a.complete <= b.complete);
    if alike {
        Ok(())
    } else {
        Err("the model could not be read completely with it".into())
    }
}

/// Whether one model says what another one says, but for what is wanted.
fn same(a: &Model, b: &Model, wanted: &dyn Fn(Owner, &Attr) -> bool) -> Result<(), String> {
    let other = |name: &str| {
        Err(format!(
            "it would change “{name}” too; make each by a statement of its own, or say it where they are made"
        ))
    };
    let counts = a.elements.len() == b.elements.len() && a.data.len() == b.data.len();
    if !counts
        || said(a, &a.slots) != said(b, &b.slots)
        || a.assumptions.len() != b.assumptions.len()
    {
        return other(&a.name);
    }
    for (id, (x, y)) in a.ids().zip(a.elements.iter().zip(&b.elements)) {
        let texts = x.class == y.class && x.name == y.name;
        let beside = x.overrides.len() == y.overrides.len()
            && x.responses.len() == y.responses.len()
            && x.threats.len() == y.threats.len()
            && x.exclusions.len() == y.exclusions.len()
            && x.proofs.len() == y.proofs.len()
            && x.assumptions.len() == y.assumptions.len();
        let own = agree((a, &x.slots), (b, &y.slots), &|attr| {
            wanted(Owner::Element(id), attr)
        });
        let controls = agree((a, &x.controls), (b, &y.controls), &|attr| {
            wanted(Owner::Controls(id), attr)
        });
        if !(texts && beside && own && controls) {
            return other(&x.name);
        }
    }
    for (at, (x, y)) in a.data.iter().zip(&b.data).enumerate() {
        let owner = Owner::Data(crate::model::DataId(at as u32));
        let own = agree((a, &x.slots), (b, &y.slots), &|attr| wanted(owner, attr));
        if x.name != y.name || !own {
            return other(&x.name);
        }
    }
    Ok(())
}

fn agree(a: (&Model, &Slots), b: (&Model, &Slots), wanted: &dyn Fn(&Attr) -> bool) -> bool {
    let mut left = said(a.0, a.1);
    let mut right = said(b.0, b.1);
    left.retain(|(attr, _)| !wanted(attr));
    right.retain(|(attr, _)| !wanted(attr));
    left == right
}

/// What is said, not what follows.
fn said(model: &Model, slots: &Slots) -> Vec<(Attr, String)> {
    let said = slots.iter().filter_map(|(attr, slot)| match slot.origin {
        Origin::Declared => Some((attr.clone(), written(model, &slot.value))),
        Origin::Unread => Some((attr.clone(), "not read".to_owned())),
        _ => None,
    });
    said.collect()
}
