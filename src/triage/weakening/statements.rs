//! The two sides of a model, statement by statement: whether they say the same, whether
//! what is said now settles threats, and in which words a fact is lost.

use std::fmt::Write as _;

use super::{Kind, Subject};
use crate::finding::canonical;
use crate::model::{Attr, Model, Owner, Slot, Value, protocols};
use crate::source::Place;
use crate::triage::pairs::Elements;
use crate::triage::revision::is_said;

/// A model on both sides.
pub(super) struct Both<'a> {
    pub(super) here: Elements<'a>,
    pub(super) there: Elements<'a>,
}

/// Something that is not said any more, or otherwise.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) kind: Kind,
    pub(super) subject: Subject,
    pub(super) place: Place,
    pub(super) what: String,
}

impl<'a> Both<'a> {
    pub(super) fn new(now: &'a Model, then: &'a Model) -> Self {
        let [there, here] = Elements::both(then, now);
        Self { here, there }
    }

    /// Whether two slots of the two sides say the same.
    pub(super) fn is_equal(&self, was: &Slot, is: &Slot) -> bool {
        match (&was.value, &is.value) {
            (Value::Element(was), Value::Element(is)) => self.here.same(*was) == Some(*is),
            (was, is) => told(was, self.there.model) == told(is, self.here.model),
        }
    }

    /// A fact that is said otherwise, or not any more.
    pub(super) fn loss(
        &self,
        owner: Owner,
        here: Option<Owner>,
        attr: &Attr,
        was: &Slot,
        is: Option<&Slot>,
    ) -> Loss {
        let (now, before) = (self.here.model, self.there.model);
        let (class, name) = match owner {
            Owner::Element(id) | Owner::Controls(id) => {
                if here.is_none() {
                    return self.went(id);
                }
                let element = before.element(id);
                (element.class.name(), &element.name)
            }
            Owner::Data(id) => ("Data", &before.datum(id).name),
        };
        let kind = match attr.name() {
            "trust" | "inBoundary" => Kind::Trust,
            "inScope" => Kind::Scope,
            _ => Kind::Fact,
        };
        let attribute = dotted(owner, attr);
        let value = told(&was.value, before);
        let (subject, own_place) = match here {
            Some(Owner::Element(id) | Owner::Controls(id)) => {
                (Subject::element(now, id), now.element(id).place.clone())
            }
            Some(Owner::Data(id)) => (self.subject(class, name), now.datum(id).place.clone()),
            None => (self.subject(class, name), now.place.clone()),
        };
        let (place, what) = match is {
            None => (own_place, format!("{class} “{name}” is not there any more")),
            Some(is) if is_said(is) => (
                is.place.clone().unwrap_or(own_place),
                format!(
                    "{class} “{name}”: {attribute} was {value} and is {}",
                    told(&is.value, now)
                ),
            ),
            Some(is) if is_said(was) => (
                is.place.clone().unwrap_or(own_place),
                format!("{class} “{name}” no longer says {attribute}, which was {value}"),
            ),
            // Nobody said it; it follows from something else that changed.
            Some(is) => (
                is.place.clone().unwrap_or(own_place),
                format!(
                    "{class} “{name}”: {attribute} was {value} and is {} now",
                    told(&is.value, now)
                ),
            ),
        };
        Loss {
            kind,
            subject,
            place,
            what,
        }
    }
}

/// Attributes beside controls that say that something is protected.
const PROTECTIONS: [&str; 8] = [
    "hasContentFiltering",
    "isDestEncryptedAtRest",
    "isEncryptedProtocol",
    "isSourceEncryptedAtRest",
    "tlsVersion",
    "tracksExecutionFlow",
    "usesVPN",
    "validatesToolLaunchConfig",
];

/// Whether what is said now answers what nobody had said, or protects more than what
/// was said before.
pub(super) fn settles(owner: Owner, attr: &Attr, was: Option<&Slot>, is: &Slot) -> bool {
    if !is_said(is) {
        return false;
    }
    let Some(was) = was.filter(|was| is_said(was)) else {
        return true;
    };
    let name = attr.name();
    let protects = matches!(owner, Owner::Controls(_)) || PROTECTIONS.contains(&name);
    match (&was.value, &is.value) {
        (_, Value::Text(now)) if name == "protocol" => protocols::is_encrypted(now),
        _ if !protects => false,
        (Value::Member(_, was), Value::Member(_, is)) => is > was,
        (was, Value::Bool(is)) => *is && !was.is_true(),
        (was, Value::Text(is)) => !is.is_empty() && !was.is_true(),
        _ => false,
    }
}

/// Whether a value means the same in another model: it names none of its parts.
pub(super) fn is_simple(value: &Value) -> bool {
    match value {
        Value::Element(_) | Value::Data(_) => false,
        Value::List(items) | Value::Set(items) => items.iter().all(is_simple),
        _ => true,
    }
}

/// An attribute as models write it.
fn dotted(owner: Owner, attr: &Attr) -> String {
    match owner {
        Owner::Controls(_) => format!("controls.{}", attr.name()),
        _ => attr.name().to_owned(),
    }
}

/// What a slot says, with its line.
pub(super) fn stated(owner: Owner, attr: &Attr, slot: &Slot, model: &Model) -> String {
    let mut text = format!("{} is {}", dotted(owner, attr), told(&slot.value, model));
    if let Some(place) = &slot.place {
        let _ = write!(text, " ({}:{})", place.path(), place.positions().0.line);
    }
    text
}

/// A value in words that mean the same on both sides.
pub(super) fn told(value: &Value, model: &Model) -> String {
    match value {
        Value::Element(id) => format!("“{}”", canonical(&model.element(*id).name)),
        Value::Data(id) => format!("“{}”", canonical(&model.datum(*id).name)),
        Value::List(items) | Value::Set(items) => {
            let mut words: Vec<String> = items.iter().map(|item| told(item, model)).collect();
            if matches!(value, Value::Set(_)) {
                words.sort();
            }
            match words.len() {
                0 => "empty".into(),
                _ => crate::escape::shorten(&words.join(", "), 120).into_owned(),
            }
        }
        other => crate::escape::shorten(&other.in_words(), 120).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::vocabulary;

    #[test]
    fn every_protection_is_an_attribute_of_the_vocabulary() {
        for name in PROTECTIONS {
            assert!(vocabulary::names().contains(&name), "{name}");
        }
    }
}
