//! What a finding rests on, thing by thing: an attribute of something, with what the model
//! says of it in words, or that nobody said anything.

use super::deciding::json;
use super::wiring;
use crate::condition::{Answer, Fact};
use crate::model::asking::listed;
use crate::model::derive::UNTOLD;
use crate::model::telling::{self, Held};
use crate::model::vocabulary::Class;
use crate::model::{Attr, DataId, ElementId, Model, Origin, Owner, Slot, Value};

/// Whose attribute it is, an element's controls being its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Element(ElementId),
    Data(DataId),
}

impl From<Owner> for Subject {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::Element(id) | Owner::Controls(id) => Self::Element(id),
            Owner::Data(id) => Self::Data(id),
        }
    }
}

impl Subject {
    /// Its name in quotes.
    pub(super) fn name(self, model: &Model) -> String {
        let name = match self {
            Self::Element(id) => &*model.element(id).name,
            Self::Data(id) => model.datum(id).told(),
        };
        listed(&[name])
    }
}

/// One thing that a finding rests on.
pub(super) struct Ground {
    pub(super) subject: Subject,
    /// The attribute, as people know it; empty where the words are about the wiring.
    pub(super) attribute: String,
    /// What is told of it.
    pub(super) words: Words,
    /// Whether it only says how things are wired or called.
    pub(super) weak: bool,
}

/// What is told of a ground.
pub(super) enum Words {
    /// The model says so.
    Said(String),
    /// Nobody said anything.
    Open,
}

/// What a fact is told as.
pub(super) fn of_fact(model: &Model, element: ElementId, fact: &Fact) -> Ground {
    let Some(owner) = fact.owner else {
        let told = wiring::told(model, element, fact);
        return Ground {
            subject: Subject::Element(element),
            attribute: String::new(),
            weak: told.is_none(),
            words: Words::Said(told.unwrap_or_else(|| wiring::untold(fact))),
        };
    };
    let name = fact.attribute.rsplit('.').next().unwrap_or_default();
    let slot = slot(model, owner, name);
    let is_unsaid = slot.is_some_and(|slot| slot.origin == Origin::Default);
    // An exception that nobody claims, or data that a flow does not name.
    let is_exception = fact.origin == Origin::Derived && is_unsaid && fact.reason.is_none();
    let origin = if is_exception {
        Origin::Default
    } else {
        fact.origin
    };
    let mut ground = ground(
        model,
        owner,
        name,
        &fact.value,
        origin,
        fact.reason.as_deref(),
    );
    ground.weak |= is_exception
        || fact.reason.as_deref() == Some(UNTOLD)
        || is_load_of_another(model, element, owner, name);
    ground
}

/// Whether it is what another flow carries: of a flow that says little.
fn is_load_of_another(model: &Model, element: ElementId, owner: Owner, name: &str) -> bool {
    let is_flow = model.element(element).class == Class::Dataflow;
    let is_other = matches!(owner, Owner::Element(other) if other != element);
    is_flow && is_other && name == "data"
}

/// What decides a finding, whether or not its condition was seen to rest on it.
pub(super) fn of_answer(model: &Model, answer: &Answer) -> Option<Ground> {
    let name = answer.attribute.name();
    let slot = slot(model, answer.owner, name)?;
    Some(ground(
        model,
        answer.owner,
        name,
        &slot.value,
        slot.origin,
        None,
    ))
}

fn slot<'m>(model: &'m Model, owner: Owner, name: &str) -> Option<&'m Slot> {
    let attr = Attr::named(name);
    match owner {
        Owner::Element(id) => model.element(id).read(&attr),
        Owner::Controls(id) => model.element(id).control(&attr),
        Owner::Data(id) => model.datum(id).read(&attr),
    }
}

fn ground(
    model: &Model,
    owner: Owner,
    name: &str,
    value: &Value,
    origin: Origin,
    reason: Option<&str>,
) -> Ground {
    let subject = Subject::from(owner);
    let attribute = shown(name);
    let said = || predicate(model, name, value);
    let words = match (origin, reason) {
        (Origin::Default, _) => Words::Open,
        (Origin::Unread, _) => Words::Said(format!(
            "has a value of {attribute} that cannot be read without running code"
        )),
        (Origin::Assumed, reason) => {
            let said = said();
            let probably = match said.strip_prefix("is ") {
                Some(rest) => format!("is probably {rest}"),
                None => format!("probably {said}"),
            };
            Words::Said(match reason {
                Some(reason) => format!("{probably} ({attribute}, because {reason})"),
                None => format!("{probably} ({attribute})"),
            })
        }
        (Origin::Derived, Some(reason)) => {
            Words::Said(format!("{} ({attribute}, because {reason})", said()))
        }
        _ => Words::Said(format!("{} ({attribute})", said())),
    };
    Ground {
        subject,
        weak: matches!(&*attribute, "inputs" | "outputs" | "name" | "order"),
        attribute,
        words,
    }
}

/// The attribute that people write for what a condition reads.
pub(super) fn shown(name: &str) -> String {
    match name {
        "protocolKind" => "protocol".to_owned(),
        name => name.to_owned(),
    }
}

/// What an attribute with that value makes of its owner.
fn predicate(model: &Model, name: &str, value: &Value) -> String {
    let words = in_words(model, value);
    let held = match value {
        Value::Bool(true) => Held::Yes,
        Value::Bool(false) => Held::No,
        _ => words.as_deref().map_or(Held::Nothing, Held::Value),
    };
    telling::predicate(name, held).unwrap_or_else(|| {
        let words = words.unwrap_or_default();
        if model.format == "pytm" {
            format!("has {name} = {words}")
        } else {
            format!("has {name}: {words}")
        }
    })
}

/// A value with names, as the model writes it; `None` for nothing.
fn in_words(model: &Model, value: &Value) -> Option<String> {
    let is_python = model.format == "pytm";
    match value {
        Value::Nothing => None,
        Value::Bool(held) if is_python => Some(if *held { "True" } else { "False" }.to_owned()),
        Value::Text(text) if text.is_empty() => None,
        Value::Text(text) if text.chars().all(char::is_alphanumeric) => Some(text.to_string()),
        Value::List(items) | Value::Set(items) => {
            let names: Vec<&str> = items.iter().filter_map(|item| named(model, item)).collect();
            if names.len() == items.len() {
                (!names.is_empty()).then(|| listed(&names))
            } else {
                Some(json(model, value).to_string())
            }
        }
        Value::Member(of, at) => Some(of.members.get(usize::from(*at))?.0.to_owned()),
        other => match named(model, other) {
            Some(name) => Some(listed(&[name])),
            None => Some(json(model, other).to_string()),
        },
    }
}

/// What an element or Data is called, or a text.
fn named<'m>(model: &'m Model, value: &'m Value) -> Option<&'m str> {
    match value {
        Value::Element(id) => Some(&model.element(*id).name),
        Value::Data(id) => Some(&model.datum(*id).name),
        Value::Text(text) => Some(text),
        _ => None,
    }
}
