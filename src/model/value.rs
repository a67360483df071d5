//! Values, where they come from, and the slots that hold them.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::by_name;
use super::id::{DataId, ElementId};
use super::vocabulary::{self, Class, Enumeration, Fallback};
use crate::source::Place;

/// What an attribute holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Value {
    /// None.
    Nothing,
    /// True or False.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// A member of an enum, by position in its table.
    Member(#[serde(with = "super::by_name")] &'static Enumeration, u8),
    /// An element of the same model.
    Element(ElementId),
    /// A Data of the same model.
    Data(DataId),
    /// A list or tuple.
    List(Arc<[Value]>),
    /// A set: no order of its own, kept in the order of insertion.
    Set(Arc<[Value]>),
    /// A mapping, kept in the order of insertion.
    Map(Arc<[(Value, Value)]>),
}

impl Value {
    /// A text value.
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// The value in a sentence.
    pub fn in_words(&self) -> String {
        match self {
            Self::Nothing => "None".into(),
            Self::Bool(b) => if *b { "True" } else { "False" }.into(),
            Self::Text(text) => format!("“{text}”"),
            Self::Int(i) => i.to_string(),
            Self::Float(f) => f.to_string(),
            Self::Member(e, at) => e.members[*at as usize].0.into(),
            Self::Element(_) | Self::Data(_) => "set".into(),
            Self::List(items) | Self::Set(items) => match items.len() {
                0 => "empty".into(),
                1 => "one item".into(),
                n => format!("{n} items"),
            },
            Self::Map(pairs) => format!("{} entries", pairs.len()),
        }
    }

    /// Whether Python would call it true. Elements, Data and enum members are.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Bool(b) => *b,
            Self::Int(i) => *i != 0,
            Self::Float(f) => *f != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Member(..) | Self::Element(_) | Self::Data(_) => true,
            Self::List(items) | Self::Set(items) => !items.is_empty(),
            Self::Map(pairs) => !pairs.is_empty(),
        }
    }

    /// The items of a list or set.
    pub fn items(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) | Self::Set(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The element, if it is one.
    pub fn as_element(&self) -> Option<ElementId> {
        match self {
            Self::Element(id) => Some(*id),
            _ => None,
        }
    }
}

/// How a value came to be known (docs/semantics.md §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Nobody said; the vocabulary's default.
    Default,
    /// Nobody said, but names or wiring make it likely: it counts until the model says otherwise.
    Assumed,
    /// Taken over by a derivation from a declared value.
    Derived,
    /// Said in the model.
    Declared,
    /// Said, but not decidable without running code.
    Unread,
}

impl Origin {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Assumed => "assumed",
            Self::Derived => "derived",
            Self::Declared => "declared",
            Self::Unread => "unread",
        }
    }
}

/// A value with its origin and, unless it is a default, its place.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The value; for [`Origin::Unread`] the default that stands in for it.
    pub value: Value,
    /// How it came to be known.
    pub origin: Origin,
    /// The last assignment that said it.
    pub place: Option<Place>,
}

impl Slot {
    /// A value that the model says. A declared enum member UNKNOWN says nothing (docs/semantics.md §1).
    pub fn declared(value: Value, place: Place) -> Self {
        let unknown =
            matches!(&value, Value::Member(e, at) if e.members[*at as usize].0 == "UNKNOWN");
        let origin = if unknown {
            Origin::Default
        } else {
            Origin::Declared
        };
        Self {
            value,
            origin,
            place: Some(place),
        }
    }
}

/// The name of an attribute: one of the vocabulary, or one that only this model uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attr {
    /// Position in [`vocabulary::names`].
    Known(u16),
    /// Any other name.
    Custom(Arc<str>),
}

impl Attr {
    /// The attribute of that exact name.
    pub fn named(name: &str) -> Self {
        match by_name::position(name) {
            Some(at) => Self::Known(at),
            None => Self::Custom(name.into()),
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(at) => vocabulary::names()[*at as usize],
            Self::Custom(name) => name,
        }
    }

    /// What holds on `class` when nobody says anything; `None` if the class has no such attribute.
    pub fn default_on(&self, class: Class) -> Option<&'static Slot> {
        match self {
            Self::Known(at) => by_class(class).get(*at).map(|(_, slot)| slot),
            Self::Custom(_) => None,
        }
    }

    /// What the vocabulary says of it on `class`; `None` if the class has no such attribute.
    pub fn on(&self, class: Class) -> Option<&'static vocabulary::Attribute> {
        match self {
            Self::Known(at) => by_class(class).get(*at).map(|(known, _)| *known),
            Self::Custom(_) => None,
        }
    }
}

/// What a class has under one of the vocabulary's names, with its default.
type Known = (&'static vocabulary::Attribute, Slot);

/// The attributes of a class, its own and inherited ones.
#[derive(Clone)]
struct ByName {
    /// Where each of [`vocabulary::names`] stands among `known`; `NONE` if the class lacks it.
    at: Vec<u16>,
    known: Vec<Known>,
}

impl ByName {
    const NONE: u16 = u16::MAX;

    fn get(&self, name: u16) -> Option<&Known> {
        self.known.get(usize::from(self.at[usize::from(name)]))
    }

    fn put(&mut self, name: u16, known: Known) {
        let at = &mut self.at[usize::from(name)];
        if let Some(inherited) = self.known.get_mut(usize::from(*at)) {
            *inherited = known;
        } else {
            *at = self.known.len() as u16;
            self.known.push(known);
        }
    }
}

/// The attributes of each class once it is met.
static BY_CLASS: [OnceLock<ByName>; Class::ALL.len()] =
    [const { OnceLock::new() }; Class::ALL.len()];

fn by_class(class: Class) -> &'static ByName {
    BY_CLASS[class as usize].get_or_init(|| {
        let mut known = match class.parent() {
            Some(parent) => by_class(parent).clone(),
            None => ByName {
                at: vec![ByName::NONE; vocabulary::names().len()],
                known: Vec::new(),
            },
        };
        for attribute in class.spec().attributes {
            if let Some(name) = by_name::position(attribute.name) {
                known.put(name, (attribute, default_slot(attribute)));
            }
        }
        known
    })
}

/// What an attribute holds when nobody says anything.
fn default_slot(attribute: &vocabulary::Attribute) -> Slot {
    let value = match (attribute.default, attribute.kind) {
        (Fallback::Bool(b), _) => Value::Bool(b),
        (Fallback::Int(i), _) => Value::Int(i),
        (Fallback::Text(text), _) => Value::text(text),
        (Fallback::Member(member), vocabulary::Kind::Enum(e)) => {
            Value::Member(e, e.position(member).unwrap_or(0))
        }
        (Fallback::Member(_) | Fallback::Nothing, _) => Value::Nothing,
        (Fallback::Empty, vocabulary::Kind::DataSet | vocabulary::Kind::Ints) => {
            Value::Set(Arc::from([]))
        }
        (Fallback::Empty, _) => Value::List(Arc::from([])),
        (Fallback::LevelZero, _) => Value::Set(Arc::from([Value::Int(0)])),
    };
    Slot {
        value,
        origin: Origin::Default,
        place: None,
    }
}

/// What was said or derived about one object, sorted by attribute.
#[derive(Clone, Debug, Default)]
pub struct Slots(Vec<(Attr, Slot)>);

impl Slots {
    /// The slot of an attribute, if anything was said or derived.
    pub fn get(&self, attr: &Attr) -> Option<&Slot> {
        let at = self.0.binary_search_by(|(a, _)| a.cmp(attr)).ok()?;
        Some(&self.0[at].1)
    }

    /// The slot of an attribute by name, if anything was said or derived.
    pub fn named(&self, name: &str) -> Option<&Slot> {
        self.get(&Attr::named(name))
    }

    /// Sets a slot; the last one wins.
    pub fn set(&mut self, attr: Attr, slot: Slot) {
        match self.0.binary_search_by(|(a, _)| a.cmp(&attr)) {
            Ok(at) => self.0[at].1 = slot,
            Err(at) => self.0.insert(at, (attr, slot)),
        }
    }

    /// Sets a slot unless something was *declared* there (docs/semantics.md §2). A
    /// declared UNKNOWN, which counts as a default, is replaced.
    pub fn derive(&mut self, attr: Attr, from: &Slot) {
        let said = self
            .get(&attr)
            .is_some_and(|slot| matches!(slot.origin, Origin::Declared | Origin::Unread));
        if said {
            return;
        }
        let origin = match from.origin {
            Origin::Default => Origin::Default,
            Origin::Assumed => Origin::Assumed,
            Origin::Unread => Origin::Unread,
            Origin::Declared | Origin::Derived => Origin::Derived,
        };
        self.set(
            attr,
            Slot {
                value: from.value.clone(),
                origin,
                place: from.place.clone(),
            },
        );
    }

    /// Everything that was said or derived, by attribute.
    pub fn iter(&self) -> impl Iterator<Item = (&Attr, &Slot)> {
        self.0.iter().map(|(attr, slot)| (attr, slot))
    }

    /// Whether nothing was said or derived.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
