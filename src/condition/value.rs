//! Values while a condition is judged, and how they compare (SEMANTICS §3).
//!
//! Python's rules where both sides are alike; between unlike types `==`, `is`
//! and `in` are false, and an order is an error. `None` as an answer means that
//! it rests on something unknown.

use std::cmp::Ordering;
use std::rc::Rc;

use super::expression::{Relation, Shape};
use crate::model::vocabulary::{Class, Enumeration};
use crate::model::{DataId, ElementId, Model, Value};

/// A value while a condition is judged. Borrows from model and condition.
#[derive(Clone, Debug)]
pub(super) enum Val<'m> {
    /// Not known in this view of the model.
    Unknown,
    Nothing,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'m str),
    /// Text that the condition made.
    OwnText(Rc<str>),
    Member(&'static Enumeration, u8),
    Element(ElementId),
    Data(DataId),
    Controls(ElementId),
    Class(Class),
    Enumeration(&'static Enumeration),
    Items(Shape, &'m [Value]),
    /// A collection that the condition made.
    OwnItems(Shape, Rc<[Val<'m>]>),
    Map(&'m [(Value, Value)]),
    OwnMap(Rc<[(Val<'m>, Val<'m>)]>),
}

/// What ends an evaluation (SEMANTICS §3, "Errors in evaluation").
#[derive(Clone, Debug)]
pub(super) enum Fault<'m> {
    /// An object of this class has no such attribute.
    Lacks {
        what: Class,
        name: &'m str,
        /// The object is the judged element.
        target: bool,
    },
    /// Anything else, in a few words.
    Other(&'static str),
    /// An attribute of something that has none.
    NoAttribute { of: &'static str, name: &'m str },
    /// A name that stands for nothing.
    Undefined(&'m str),
}

impl Fault<'_> {
    /// In a few words.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Lacks { what, name, .. } => format!("a {} has no `{name}`", what.name()),
            Self::Other(reason) => (*reason).to_owned(),
            Self::NoAttribute { of, name } => format!("{of} has no `{name}`"),
            Self::Undefined(name) => format!("nothing is named `{name}`"),
        }
    }
}

/// A value, or what ended its evaluation.
pub(super) type Outcome<'m, T = Val<'m>> = Result<T, Fault<'m>>;

const UNORDERED: Fault<'_> = Fault::Other("these values have no order");

impl<'m> Val<'m> {
    /// A value of a model or a literal.
    pub(super) fn of(value: &'m Value) -> Self {
        match value {
            Value::Nothing => Self::Nothing,
            Value::Bool(b) => Self::Bool(*b),
            Value::Int(i) => Self::Int(*i),
            Value::Float(f) => Self::Float(*f),
            Value::Text(text) => Self::Text(text),
            Value::Member(of, at) => Self::Member(of, *at),
            Value::Element(id) => Self::Element(*id),
            Value::Data(id) => Self::Data(*id),
            Value::List(items) => Self::Items(Shape::List, items),
            Value::Set(items) => Self::Items(Shape::Set, items),
            Value::Map(pairs) => Self::Map(pairs),
        }
    }

    pub(super) fn unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether Python would call it true.
    pub(super) fn truth(&self) -> Option<bool> {
        Some(match self {
            Self::Unknown => return None,
            Self::Nothing => false,
            Self::Bool(b) => *b,
            Self::Int(i) => *i != 0,
            Self::Float(f) => *f != 0.0,
            Self::Items(Shape::Generator, _) | Self::OwnItems(Shape::Generator, _) => true,
            _ => match self.len() {
                Some(len) => len > 0,
                None => true,
            },
        })
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::OwnText(text) => Some(text),
            _ => None,
        }
    }

    /// How many items, characters or keys; `None` for what has no length.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Self::Items(Shape::Generator, _) | Self::OwnItems(Shape::Generator, _) => None,
            Self::Items(_, items) => Some(items.len()),
            Self::OwnItems(_, items) => Some(items.len()),
            Self::Map(pairs) => Some(pairs.len()),
            Self::OwnMap(pairs) => Some(pairs.len()),
            _ => self.text().map(|text| {
                if text.is_ascii() {
                    text.len()
                } else {
                    text.chars().count()
                }
            }),
        }
    }

    /// The shape of a collection.
    pub(super) fn shape(&self) -> Option<Shape> {
        match self {
            Self::Items(shape, _) | Self::OwnItems(shape, _) => Some(*shape),
            _ => None,
        }
    }

    /// How many things there are to go through; `None` for what cannot be.
    pub(super) fn count(&self) -> Option<usize> {
        match self {
            Self::Items(_, items) => Some(items.len()),
            Self::OwnItems(_, items) => Some(items.len()),
            _ => self.len(),
        }
    }

    /// The item at a position within [`Self::count`]: of text a character, of a mapping a key.
    pub(super) fn at(&self, at: usize) -> Option<Self> {
        match self {
            Self::Items(_, items) => items.get(at).map(Self::of),
            Self::OwnItems(_, items) => items.get(at).cloned(),
            Self::Map(pairs) => pairs.get(at).map(|(key, _)| Self::of(key)),
            Self::OwnMap(pairs) => pairs.get(at).map(|(key, _)| key.clone()),
            Self::Text(text) => {
                let (start, c) = text.char_indices().nth(at)?;
                Some(Self::Text(&text[start..start + c.len_utf8()]))
            }
            Self::OwnText(text) => {
                let c = text.chars().nth(at)?;
                Some(Self::OwnText(c.to_string().into()))
            }
            _ => None,
        }
    }

    /// The items in order, of text its characters; empty for what holds none.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> + '_ {
        let chars: Vec<_> = match self.text() {
            Some(text) => text
                .chars()
                .map(|c| Self::OwnText(c.to_string().into()))
                .collect(),
            None => Vec::new(),
        };
        let others = match self.text() {
            Some(_) => 0,
            None => self.count().unwrap_or(0),
        };
        chars
            .into_iter()
            .chain((0..others).map_while(|at| self.at(at)))
    }

    /// The value under a key of a mapping; unknown if it is unknown which key it is.
    pub(super) fn under(&self, key: &Self, model: &Model) -> Option<Self> {
        let mut unknown = false;
        for (at, own) in self.items().enumerate() {
            match own.equals(key, model) {
                Some(true) => {
                    return match self {
                        Self::Map(pairs) => Some(Self::of(&pairs[at].1)),
                        Self::OwnMap(pairs) => Some(pairs[at].1.clone()),
                        _ => None,
                    };
                }
                Some(false) => {}
                None => unknown = true,
            }
        }
        unknown.then_some(Self::Unknown)
    }

    fn number(&self) -> Option<Number> {
        match self {
            Self::Bool(b) => Some(Number::Int(i64::from(*b))),
            Self::Int(i) => Some(Number::Int(*i)),
            Self::Float(f) => Some(Number::Float(*f)),
            _ => None,
        }
    }

    /// `==`.
    pub(super) fn equals(&self, other: &Self, model: &Model) -> Option<bool> {
        if self.unknown() || other.unknown() {
            return None;
        }
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return Some(a.compare(b) == Some(Ordering::Equal));
        }
        if let (Some(a), Some(b)) = (self.text(), other.text()) {
            return Some(a == b);
        }
        match (self.shape(), other.shape()) {
            // pytm: a set of Data equals a text that is the name of one of them.
            (Some(Shape::Set), None) if other.text().is_some() => {
                return Some(self.names_data(other, model));
            }
            (None, Some(Shape::Set)) if self.text().is_some() => {
                return Some(other.names_data(self, model));
            }
            (Some(Shape::List), Some(Shape::List)) => return self.same_list(other, model),
            (Some(Shape::Set), Some(Shape::Set)) => return self.same_set(other, model),
            _ => {}
        }
        Some(match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (Self::Map(_) | Self::OwnMap(_), Self::Map(_) | Self::OwnMap(_)) => {
                return self.same_map(other, model);
            }
            _ => self.is_same_object(other),
        })
    }

    /// `is`: for what Python keeps once, the same thing; for numbers and texts,
    /// which Python may or may not share, equal and of one type.
    pub(super) fn is(&self, other: &Self) -> Option<bool> {
        if self.unknown() || other.unknown() {
            return None;
        }
        Some(match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Items(_, a), Self::Items(_, b)) => std::ptr::eq(*a, *b) && !a.is_empty(),
            _ => match (self.text(), other.text()) {
                (Some(a), Some(b)) => a == b,
                _ => self.is_same_object(other),
            },
        })
    }

    fn is_same_object(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Member(a, i), Self::Member(b, j)) => a == b && i == j,
            (Self::Element(a), Self::Element(b)) | (Self::Controls(a), Self::Controls(b)) => a == b,
            (Self::Data(a), Self::Data(b)) => a == b,
            (Self::Class(a), Self::Class(b)) => a == b,
            (Self::Enumeration(a), Self::Enumeration(b)) => a == b,
            _ => false,
        }
    }

    fn names_data(&self, name: &Self, model: &Model) -> bool {
        let name = name.text();
        self.items().any(|item| match item {
            Self::Data(id) => Some(&*model.datum(id).name) == name,
            _ => false,
        })
    }

    fn same_list(&self, other: &Self, model: &Model) -> Option<bool> {
        if self.count() != other.count() {
            return Some(false);
        }
        all(self
            .items()
            .zip(other.items())
            .map(|(a, b)| a.equals(&b, model)))
    }

    fn same_set(&self, other: &Self, model: &Model) -> Option<bool> {
        all([self.subset(other, model), other.subset(self, model)].into_iter())
    }

    fn subset(&self, other: &Self, model: &Model) -> Option<bool> {
        all(self.items().map(|item| other.holds_item(&item, model)))
    }

    fn same_map(&self, other: &Self, model: &Model) -> Option<bool> {
        if self.count() != other.count() {
            return Some(false);
        }
        all(self.items().map(
            |key| match (self.under(&key, model), other.under(&key, model)) {
                (Some(a), Some(b)) => a.equals(&b, model),
                _ => Some(false),
            },
        ))
    }

    /// Whether one of the items equals `item`.
    pub(super) fn holds_item(&self, item: &Self, model: &Model) -> Option<bool> {
        any(self.items().map(|own| own.equals(item, model)))
    }

    /// `item in self`.
    pub(super) fn contains(&self, item: &Self, model: &Model) -> Outcome<'m, Option<bool>> {
        if self.unknown() {
            return Ok(None);
        }
        if let Some(text) = self.text() {
            return Ok(match item {
                Self::Unknown => None,
                _ => Some(item.text().is_some_and(|part| text.contains(part))),
            });
        }
        if let Self::Enumeration(of) = self {
            return Ok(match item {
                Self::Unknown => None,
                _ => Some(matches!(item, Self::Member(e, _) if e == of)),
            });
        }
        if self.count().is_none() {
            return Err(Fault::Other("`in` needs a collection or text"));
        }
        if self.shape() == Some(Shape::Set) && item.text().is_some() && self.names_data(item, model)
        {
            return Ok(Some(true));
        }
        Ok(self.holds_item(item, model))
    }

    /// What one relation says about two values.
    pub(super) fn relate(
        &self,
        relation: Relation,
        other: &Self,
        model: &Model,
    ) -> Outcome<'m, Option<bool>> {
        let not = |answer: Option<bool>| answer.map(|held| !held);
        Ok(match relation {
            Relation::Equal => self.equals(other, model),
            Relation::Unequal => not(self.equals(other, model)),
            Relation::Is => self.is(other),
            Relation::IsNot => not(self.is(other)),
            Relation::In => other.contains(self, model)?,
            Relation::NotIn => not(other.contains(self, model)?),
            _ if self.unknown() || other.unknown() => None,
            _ if self.shape() == Some(Shape::Set) && other.shape() == Some(Shape::Set) => {
                let (small, large) = match relation {
                    Relation::Less | Relation::LessOrEqual => (self, other),
                    _ => (other, self),
                };
                let proper = matches!(relation, Relation::Less | Relation::Greater);
                let within = small.subset(large, model);
                if proper {
                    all([within, not(large.subset(small, model))].into_iter())
                } else {
                    within
                }
            }
            _ => {
                let Some(ordering) = self.order(other, model)? else {
                    return Ok(None);
                };
                Some(match (relation, ordering) {
                    (_, Order::None) => false,
                    (Relation::Less, Order::Some(o)) => o.is_lt(),
                    (Relation::LessOrEqual, Order::Some(o)) => o.is_le(),
                    (Relation::Greater, Order::Some(o)) => o.is_gt(),
                    (_, Order::Some(o)) => o.is_ge(),
                })
            }
        })
    }

    /// Which of two like values comes first.
    pub(super) fn order(&self, other: &Self, model: &Model) -> Outcome<'m, Option<Order>> {
        if self.unknown() || other.unknown() {
            return Ok(None);
        }
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return Ok(Some(a.compare(b).map_or(Order::None, Order::Some)));
        }
        if let (Some(a), Some(b)) = (self.text(), other.text()) {
            return Ok(Some(Order::Some(a.cmp(b))));
        }
        match (self, other) {
            (Self::Member(a, i), Self::Member(b, j)) if a == b && a.ordered => {
                Ok(Some(Order::Some(i.cmp(j))))
            }
            _ if self.shape() == Some(Shape::List) && other.shape() == Some(Shape::List) => {
                for (a, b) in self.items().zip(other.items()) {
                    match a.equals(&b, model) {
                        Some(true) => {}
                        Some(false) => return a.order(&b, model),
                        None => return Ok(None),
                    }
                }
                Ok(Some(Order::Some(self.count().cmp(&other.count()))))
            }
            _ => Err(UNORDERED),
        }
    }
}

/// How two values of one type stand; not-a-number stands nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Some(Ordering),
    None,
}

/// A number; booleans are 0 and 1, as in Python.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    /// The number that a value is.
    pub(super) fn of(value: &Val<'_>) -> Option<Self> {
        value.number()
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "as Python does, but for the last bit of numbers beyond 2^53"
    )]
    pub(super) fn float(self) -> f64 {
        match self {
            Self::Int(i) => i as f64,
            Self::Float(f) => f,
        }
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            _ => self.float().partial_cmp(&other.float()),
        }
    }
}

/// Whether all answers are true, with unknown ones (Kleene).
pub(super) fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut unknown = false;
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            Some(true) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(true)
}

/// Whether one answer is true, with unknown ones (Kleene).
pub(super) fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(answers.map(|answer| answer.map(|held| !held))).map(|none| !none)
}
