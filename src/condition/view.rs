//! Ways to look at a model while a condition is judged: as it stands, with
//! something unknown, or noting what is read.

use crate::model::reachability::Known;
use crate::model::{Attr, Origin, Owner, Slot, Value};
use crate::source::Place;

/// One reading of a slot.
pub(super) struct Reading<'m> {
    pub(super) owner: Owner,
    pub(super) attr: &'m Attr,
    pub(super) slot: &'m Slot,
    /// As a fact shows it.
    pub(super) path: &'m str,
    /// Known even where nobody said it (docs/semantics.md §3, Evidence).
    pub(super) structural: bool,
}

/// A way to look at a model.
pub(super) trait View<'m> {
    /// Whether what is read is noted.
    const NOTES: bool = false;
    /// What is known in it, but for the answers put in.
    const KNOWN: Known = Known::All;

    /// The value that a reading gives; `None` if it is unknown here.
    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value>;

    /// The answers put in.
    fn answers(&self) -> &'m [Answered] {
        &[]
    }

    /// Notes that it rests on every slot of some attributes.
    fn rest_on_all(&mut self) {}

    /// A fact that is no slot.
    fn state(&mut self, _fact: impl FnOnce() -> Note<'m>) {}

    /// How much was noted so far.
    fn mark(&self) -> usize {
        0
    }

    /// Notes between two marks do not matter after all.
    fn forget(&mut self, _from: usize, _to: usize) {}

    /// Puts one fact in the place of everything noted since a mark, if some of
    /// it is about `attr`, else beside it. The fact is told whether one of these
    /// notes is a default, and where the first stands that has a place.
    fn sum_up(
        &mut self,
        _mark: usize,
        _attr: &Attr,
        _fact: impl FnOnce(bool, Option<Place>) -> Note<'m>,
    ) {
    }
}

/// The model as it stands: two-valued.
pub(super) struct Plain;

impl<'m> View<'m> for Plain {
    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value> {
        Some(&reading.slot.value)
    }
}

/// Only what the model says is known (docs/semantics.md §3, Evidence).
pub(super) struct Said;

impl<'m> View<'m> for Said {
    const KNOWN: Known = Known::Said;

    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value> {
        let said = matches!(reading.slot.origin, Origin::Declared | Origin::Derived);
        (said || reading.structural).then_some(&reading.slot.value)
    }
}

/// What could not be read is unknown, defaults are known (docs/semantics.md §6).
#[derive(Default)]
pub(super) struct ReadOnly {
    /// The slots that were asked for and are unknown.
    pub(super) unread: Vec<(Owner, Attr)>,
}

impl<'m> View<'m> for ReadOnly {
    const KNOWN: Known = Known::Read;

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

/// Only what the model says is known; what it was asked beyond that is noted.
#[derive(Default)]
pub(super) struct Wanting<'m> {
    /// What nobody said, each once.
    pub(super) unsaid: Vec<&'m Attr>,
}

impl<'m> View<'m> for Wanting<'m> {
    const KNOWN: Known = Known::Said;

    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value> {
        let origin = reading.slot.origin;
        let said = matches!(origin, Origin::Declared | Origin::Derived);
        if said || reading.structural {
            return Some(&reading.slot.value);
        }
        if origin == Origin::Default && !self.unsaid.contains(&reading.attr) {
            self.unsaid.push(reading.attr);
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

/// The model as it stands, noting what is read.
#[derive(Default)]
pub(super) struct Noting<'m> {
    pub(super) notes: Vec<Note<'m>>,
}

impl<'m> View<'m> for Noting<'m> {
    const NOTES: bool = true;

    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value> {
        let slot = reading.slot;
        self.notes.push(Note {
            owner: Some(reading.owner),
            attr: Some(reading.attr),
            path: reading.path,
            value: slot.value.clone(),
            origin: match slot.origin {
                Origin::Default if reading.structural => Origin::Derived,
                origin => origin,
            },
            place: slot.place.clone(),
        });
        Some(&slot.value)
    }

    fn state(&mut self, fact: impl FnOnce() -> Note<'m>) {
        self.notes.push(fact());
    }

    fn mark(&self) -> usize {
        self.notes.len()
    }

    fn forget(&mut self, from: usize, to: usize) {
        forget(&mut self.notes, from, to);
    }

    fn sum_up(
        &mut self,
        mark: usize,
        attr: &Attr,
        fact: impl FnOnce(bool, Option<Place>) -> Note<'m>,
    ) {
        let about = |note: &&Note<'m>| note.attr == Some(attr);
        let read = || self.notes.iter().skip(mark).filter(about);
        let unsaid = read().any(|note| note.origin == Origin::Default);
        let place = read().find_map(|note| note.place.clone());
        if read().next().is_some() {
            self.notes.truncate(mark);
        }
        self.notes.push(fact(unsaid, place));
    }
}

/// An answer put in for a slot.
pub(super) type Answered = (Owner, Attr, Value);

/// A set of slots, which may seem to hold some more than it does: one of 64 bits a slot.
#[derive(Clone, Copy, Debug, Default)]
pub struct SlotSet(u64);

impl SlotSet {
    /// Any slot.
    const ALL: Self = Self(u64::MAX);

    pub(super) fn add(&mut self, owner: Owner, attr: &Attr) {
        self.0 |= Self::bits(owner, attr);
    }

    /// Whether a slot may be among them; `false` is certain.
    pub fn may_hold(self, owner: Owner, attr: &Attr) -> bool {
        self.0 & Self::bits(owner, attr) != 0
    }

    fn bits(owner: Owner, attr: &Attr) -> u64 {
        let (kind, id) = match owner {
            Owner::Element(id) => (0, id.0),
            Owner::Controls(id) => (1, id.0),
            Owner::Data(id) => (2, id.0),
        };
        match attr {
            Attr::Known(at) => {
                let slot = id.wrapping_mul(3).wrapping_add(kind).wrapping_mul(37);
                1 << (slot.wrapping_add((*at).into()) % 64)
            }
            // Seldom: any of them may be any slot.
            Attr::Custom(_) => u64::MAX,
        }
    }
}

/// The model with some answers put in, and which slots were read.
pub(super) struct Given<'m> {
    answers: &'m [Answered],
    /// Every slot that was read.
    pub(super) read: SlotSet,
}

impl<'m> Given<'m> {
    /// With these answers put in.
    pub(super) fn new(answers: &'m [Answered]) -> Self {
        Self {
            answers,
            read: SlotSet::default(),
        }
    }
}

impl<'m> View<'m> for Given<'m> {
    fn answers(&self) -> &'m [Answered] {
        self.answers
    }

    fn rest_on_all(&mut self) {
        self.read = SlotSet::ALL;
    }

    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value> {
        self.read.add(reading.owner, reading.attr);
        let answer = answer(self.answers, &reading);
        Some(answer.unwrap_or(&reading.slot.value))
    }
}

/// What is answered for a slot.
fn answer<'m>(answers: &'m [Answered], reading: &Reading<'m>) -> Option<&'m Value> {
    let mut answers = answers.iter();
    let found = answers.find(|(of, about, _)| *of == reading.owner && about == reading.attr);
    found.map(|(_, _, value)| value)
}

/// The model with some answers put in, noting which slots were read that could
/// be answered otherwise.
pub(super) struct Asking<'m> {
    answers: &'m [Answered],
    /// Whether also what the model says could be answered otherwise.
    changes: bool,
    /// What it rests on.
    pub(super) notes: Vec<Asked<'m>>,
    /// Every slot that was read and that nobody said, also where it did not matter.
    pub(super) read: SlotSet,
}

impl<'m> Asking<'m> {
    /// With these answers put in.
    pub(super) fn new(answers: &'m [Answered], changes: bool) -> Self {
        Self {
            answers,
            changes,
            notes: Vec::with_capacity(8),
            read: SlotSet::default(),
        }
    }
}

/// What was read of the model.
pub(super) struct Asked<'m> {
    /// `None` for what is no slot.
    attr: Option<&'m Attr>,
    /// Whose slot it is, and its value, if it could be said otherwise and no answer was put in.
    pub(super) open: Option<(Owner, &'m Attr, &'m Value)>,
}

impl<'m> View<'m> for Asking<'m> {
    const NOTES: bool = true;

    fn answers(&self) -> &'m [Answered] {
        self.answers
    }

    fn rest_on_all(&mut self) {
        self.read = SlotSet::ALL;
    }

    fn see(&mut self, reading: Reading<'m>) -> Option<&'m Value> {
        let (owner, attr, slot) = (reading.owner, reading.attr, reading.slot);
        let answer = answer(self.answers, &reading);
        let open = match slot.origin {
            Origin::Default => !reading.structural,
            Origin::Assumed | Origin::Unread => true,
            Origin::Declared | Origin::Derived => self.changes && !reading.structural,
        };
        let open = (open && answer.is_none()).then_some((owner, attr, &slot.value));
        if open.is_some() {
            self.read.add(owner, attr);
        }
        let attr = Some(attr);
        self.notes.push(Asked { attr, open });
        Some(answer.unwrap_or(&slot.value))
    }

    fn state(&mut self, _fact: impl FnOnce() -> Note<'m>) {
        let (attr, open) = (None, None);
        self.notes.push(Asked { attr, open });
    }

    fn mark(&self) -> usize {
        self.notes.len()
    }

    fn forget(&mut self, from: usize, to: usize) {
        forget(&mut self.notes, from, to);
    }

    fn sum_up(
        &mut self,
        mark: usize,
        attr: &Attr,
        _fact: impl FnOnce(bool, Option<Place>) -> Note<'m>,
    ) {
        let mut read = self.notes.iter().skip(mark);
        if read.any(|note| note.attr == Some(attr)) {
            self.notes.truncate(mark);
        }
        let (attr, open) = (None, None);
        self.notes.push(Asked { attr, open });
    }
}

fn forget<T>(notes: &mut Vec<T>, from: usize, to: usize) {
    let to = to.min(notes.len());
    if from < to {
        notes.drain(from..to);
    }
}
