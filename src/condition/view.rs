//! Ways to look at a model while a condition is judged: as it stands, with
//! something unknown, or noting what is read.

use std::collections::BTreeMap;

use crate::model::{Attr, Origin, Owner, Slot, Value};
use crate::source::Place;

/// What-if answers.
pub(super) type Answers = BTreeMap<(Owner, Attr), Value>;

/// One reading of a slot.
pub(super) struct Reading<'m> {
    pub(super) owner: Owner,
    pub(super) attr: &'m Attr,
    pub(super) slot: &'m Slot,
    /// As a fact shows it.
    pub(super) path: &'m str,
    /// Known even where nobody said it (SEMANTICS §3, Evidence).
    pub(super) structural: bool,
}

/// A way to look at a model.
pub(super) trait View<'m> {
    /// Whether what is read is noted.
    const NOTES: bool = false;

    /// The value that a reading gives; `None` if it is unknown here.
    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value>;

    /// A fact that is no slot.
    fn state(&mut self, _fact: impl FnOnce() -> Note<'m>) {}

    /// How much was noted so far.
    fn mark(&self) -> usize {
        0
    }

    /// Notes between two marks do not matter after all.
    fn forget(&mut self, _from: usize, _to: usize) {}

    /// What was noted since a mark.
    fn since(&self, _mark: usize) -> &[Note<'m>] {
        &[]
    }
}

/// The model as it stands: two-valued.
pub(super) struct Plain;

impl<'m> View<'m> for Plain {
    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value> {
        Some(&reading.slot.value)
    }
}

/// Only what the model says is known (SEMANTICS §3, Evidence).
pub(super) struct Said;

impl<'m> View<'m> for Said {
    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value> {
        let said = matches!(reading.slot.origin, Origin::Declared | Origin::Derived);
        (said || reading.structural).then_some(&reading.slot.value)
    }
}

/// What could not be read is unknown, defaults are known (SEMANTICS §6).
#[derive(Default)]
pub(super) struct ReadOnly {
    /// The slots that were asked for and are unknown.
    pub(super) unread: Vec<(Owner, Attr)>,
}

impl<'m> View<'m> for ReadOnly {
    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value> {
        if reading.slot.origin != Origin::Unread {
            return Some(&reading.slot.value);
        }
        let slot = (reading.owner, reading.attr.clone());
        if !self.unread.contains(&slot) {
            self.unread.push(slot);
        }
        None
    }
}

/// Something that an evaluation rested on.
#[derive(Clone, Debug)]
pub(super) struct Note<'m> {
    pub(super) owner: Option<Owner>,
    /// The attribute, if it is one of the owner's slots.
    pub(super) attr: Option<&'m Attr>,
    pub(super) path: &'m str,
    pub(super) value: Value,
    pub(super) origin: Origin,
    pub(super) place: Option<Place>,
}

/// The model with some answers put in, noting what is read.
pub(super) struct Noting<'m> {
    pub(super) answers: &'m Answers,
    pub(super) notes: Vec<Note<'m>>,
}

impl<'m> View<'m> for Noting<'m> {
    const NOTES: bool = true;

    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value> {
        let answer = if self.answers.is_empty() {
            None
        } else {
            let slot = (reading.owner, reading.attr.clone());
            self.answers.get(&slot)
        };
        let value = answer.unwrap_or(&reading.slot.value);
        let origin = match answer {
            Some(_) => Origin::Declared,
            None if reading.structural && reading.slot.origin == Origin::Default => Origin::Derived,
            None => reading.slot.origin,
        };
        self.notes.push(Note {
            owner: Some(reading.owner),
            attr: Some(reading.attr),
            path: reading.path,
            value: value.clone(),
            origin,
            place: reading.slot.place.clone(),
        });
        Some(value)
    }

    fn state(&mut self, fact: impl FnOnce() -> Note<'m>) {
        self.notes.push(fact());
    }

    fn mark(&self) -> usize {
        self.notes.len()
    }

    fn forget(&mut self, from: usize, to: usize) {
        let to = to.min(self.notes.len());
        if from < to {
            self.notes.drain(from..to);
        }
    }

    fn since(&self, mark: usize) -> &[Note<'m>] {
        self.notes.get(mark..).unwrap_or(&[])
    }
}
