//! Values while a condition is judged, and what ends a judgement (docs/semantics.md §3).

use std::cell::Cell;
use std::rc::Rc;

use super::expression::Shape;
use crate::model::vocabulary::{Class, Enumeration};
use crate::model::{Attr, DataId, ElementId, Model, Value};

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

/// The model, and how much work a judgement may still be. Collections that
/// hold one another many times over make even `==` long.
#[derive(Debug)]
pub(super) struct Work<'m> {
    pub(super) model: &'m Model,
    left: Cell<usize>,
}

impl<'m> Work<'m> {
    /// So many steps over a model.
    pub(super) fn new(model: &'m Model, steps: usize) -> Self {
        Self {
            model,
            left: Cell::new(steps),
        }
    }

    /// Takes steps; says whether there were enough.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let enough = self.left.get() > steps;
        self.left.set(self.left.get().saturating_sub(steps));
        enough
    }

    /// How many steps are left. At 0 no answer counts any more.
    pub(super) fn left(&self) -> usize {
        self.left.get()
    }
}

/// What ends an evaluation (docs/semantics.md §3, "Errors in evaluation").
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
    /// Whether it only tells that the judged element is of a class without an attribute of
    /// the vocabulary. A rule's own attribute that an element does not state is worth a word.
    pub(super) fn is_expected(&self) -> bool {
        matches!(self, Self::Lacks { target: true, name, .. }
            if matches!(Attr::named(name), Attr::Known(_)))
    }

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

    /// The items while there are steps left.
    pub(super) fn items_within<'w>(
        &'w self,
        work: &'w Work<'_>,
    ) -> impl Iterator<Item = Self> + 'w {
        self.items().take_while(|_| work.left() > 0)
    }

    /// The value under a key of a mapping; unknown if it is unknown which key it is.
    pub(super) fn under(&self, key: &Self, work: &Work<'_>) -> Option<Self> {
        let mut unknown = false;
        for (at, own) in self.items_within(work).enumerate() {
            match own.equals(key, work) {
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
}
