//! What is the same on both sides of a comparison: models, and elements in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::renames::{self, Same};
use super::sketch::{Places, Sketch};
use crate::finding::{Identity, canonical};
use crate::model::pairs::{Named, pairs};
use crate::model::{DataId, ElementId, Model, Owner};

/// For each model of the base the position of the same one in the working tree
/// ([`pairs()`]).
pub fn models(head: &[&Model], base: &[&Model]) -> Vec<Option<usize>> {
    let names = |models: &[&Model]| -> Vec<String> {
        models.iter().map(|model| canonical(&model.name)).collect()
    };
    let (head_names, base_names) = (names(head), names(base));
    pairs(&named(head, &head_names), &named(base, &base_names))
}

fn named<'a>(models: &'a [&Model], names: &'a [String]) -> Vec<Named<'a>> {
    let both = models.iter().zip(names);
    both.map(|(model, name)| Named {
        path: model.path().as_str(),
        name,
        ordinal: model.ordinal,
    })
    .collect()
}

/// The elements and data of a model, and which of them the model of the other side has
/// too, whatever the models' names: by who they are, else by where they stand
/// (`renames`). Twins, which are the same in everything that makes an identity, are
/// told apart by their order.
pub struct Elements<'m> {
    /// The model.
    pub model: &'m Model,
    /// Those of the other side, with the same ones here.
    same: BTreeMap<ElementId, ElementId>,
    /// Those here that have another name there, or whose ends have.
    pub renamed: BTreeSet<ElementId>,
    data: Twins<String>,
}

impl<'m> Elements<'m> {
    /// Those of the base's model and of the same one in the working tree.
    pub fn both(then: &'m Model, now: &'m Model) -> [Self; 2] {
        let mut same = Same::default();
        let there = Twins::new(then.ids().map(|id| who(then, id)));
        let here = Twins::new(now.ids().map(|id| who(now, id)));
        for (key, twins) in &here.by_key {
            let before = there.by_key.get(key).into_iter().flatten();
            for (was, is) in before.zip(twins) {
                same.add(ElementId(*was), ElementId(*is));
            }
        }
        let [before, here] = [then, now].map(|model| Sketch::of(model, Places::Lines));
        let renamed = renames::find(&before, &here, &mut same);
        let (old, new) = renamed.into_iter().unzip();
        let of = |model: &'m Model, same, renamed| Self {
            model,
            same,
            renamed,
            data: Twins::new(model.data.iter().map(|datum| canonical(&datum.name))),
        };
        [of(then, same.then, old), of(now, same.now, new)]
    }

    /// The element here that is the same as one of the other side.
    pub fn same(&self, id: ElementId) -> Option<ElementId> {
        self.same.get(&id).copied()
    }

    /// The piece of data here that is the same as one of `others`.
    pub fn datum(&self, others: &Elements<'_>, id: DataId) -> Option<DataId> {
        let name = canonical(&others.model.datum(id).name);
        self.data.get(&name, others.data.nth(id.0)?).map(DataId)
    }

    /// Whose attribute it is here, that is `owner`'s among `others`.
    pub fn owner(&self, others: &Elements<'_>, owner: Owner) -> Option<Owner> {
        match owner {
            Owner::Element(id) => self.same(id).map(Owner::Element),
            Owner::Controls(id) => self.same(id).map(Owner::Controls),
            Owner::Data(id) => self.datum(others, id).map(Owner::Data),
        }
    }
}

/// Positions by who is there, and which of its twins each is.
struct Twins<K> {
    by_key: BTreeMap<K, Vec<u32>>,
    nth: Vec<u32>,
}

impl<K: Ord> Twins<K> {
    fn new(keys: impl Iterator<Item = K>) -> Self {
        let mut by_key: BTreeMap<K, Vec<u32>> = BTreeMap::new();
        let mut nth = Vec::new();
        for (at, key) in keys.enumerate() {
            let twins = by_key.entry(key).or_default();
            nth.push(twins.len() as u32);
            twins.push(at as u32);
        }
        Self { by_key, nth }
    }

    fn nth(&self, at: u32) -> Option<u32> {
        self.nth.get(at as usize).copied()
    }

    fn get(&self, key: &K, nth: u32) -> Option<u32> {
        self.by_key.get(key)?.get(nth as usize).copied()
    }
}

/// Who an element is within its model.
fn who(model: &Model, id: ElementId) -> Identity<'static> {
    Identity {
        model: String::new(),
        model_ordinal: 0,
        ..Identity::new("", model, id)
    }
}

/// What elements of the base's model are called now, by their ids, where that is something
/// else.
pub fn names(then: &Model, now: &Model) -> BTreeMap<u32, Arc<str>> {
    if are_called_alike(then, now) {
        return BTreeMap::new();
    }
    let [before, here] = Elements::both(then, now);
    let renamed = before.renamed.iter().filter_map(|id| {
        let is = &now.element(here.same(*id)?).name;
        (*is != then.element(*id).name).then(|| (id.0, Arc::clone(is)))
    });
    renamed.collect()
}

/// Whether the elements of two models have the same names in the same order, so that
/// none was renamed.
pub fn are_called_alike(then: &Model, now: &Model) -> bool {
    let ends = |model: &Model, id| ["source", "sink"].map(|end| model.linked(id, end));
    let is_same = |id: ElementId| {
        let (was, is) = (then.element(id), now.element(id));
        was.class == is.class && was.name == is.name && ends(then, id) == ends(now, id)
    };
    then.elements.len() == now.elements.len() && then.ids().all(is_same)
}
