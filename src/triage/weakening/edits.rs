//! What a change writes: every statement of the two sides that is not the same, one by
//! one. What follows from statements (a flow's protocol from its ends, credentials from a
//! lifetime) is none: a finding that went with it is told by the statement behind.

use std::collections::BTreeSet;

use super::statements::{Both, Loss, settles, stated, told};
use super::{Kind, Subject};
use crate::model::vocabulary::Class;
use crate::model::{Attr, DataId, ElementId, Model, Origin, Owner, Slot, Slots, Value};
use crate::source::Place;
use crate::triage::revision::is_said;

/// What follows from where flows lead and what they carry.
const OF_FLOWS: [&str; 5] = ["carriedBy", "inputs", "outputs", "processedBy", "traverses"];

/// One statement that a change makes, alters or takes back.
pub(super) struct Edit {
    /// What it is about, by its position at the base; `None` for what was not there, and
    /// for the whole model.
    pub(super) about: Option<Owner>,
    /// Where it stood and where it stands: what follows from it names the same places.
    places: [Option<Place>; 2],
    /// What it does.
    pub(super) what: What,
}

/// What a statement does to findings.
pub(super) enum What {
    /// It answers what nobody had said, or protects; in words, with its line.
    Answers(String),
    /// It says less or something else.
    Loses(Loss),
}

impl Edit {
    fn loses(about: Option<Owner>, loss: Loss) -> Self {
        Self {
            about,
            places: [None, None],
            what: What::Loses(loss),
        }
    }

    /// Whether what a slot says on either side follows from this statement.
    pub(super) fn is_behind(&self, was: Option<&Slot>, is: Option<&Slot>) -> bool {
        let slots = [was, is];
        let mut both = self.places.iter().zip(slots);
        both.any(|(place, slot)| place.is_some() && *place == slot.and_then(|s| s.place.clone()))
    }
}

impl Both<'_> {
    /// Every statement that is not the same on both sides: what went or came first, then
    /// what is said otherwise.
    pub(super) fn find_edits(&self) -> Vec<Edit> {
        let mut edits = self.of_shape();
        self.of_model(&mut edits);
        let (before, now) = (self.there.model, self.here.model);
        for id in before.ids() {
            let Some(here) = self.here.same(id) else {
                continue;
            };
            for (owner, here) in [
                (Owner::Element(id), Owner::Element(here)),
                (Owner::Controls(id), Owner::Controls(here)),
            ] {
                self.of_owner(owner, here, &mut edits);
            }
        }
        for at in 0..before.data.len() {
            let owner = Owner::Data(DataId(at as u32));
            match self.here.owner(&self.there, owner) {
                Some(here) => self.of_owner(owner, here, &mut edits),
                None => edits.push(Edit::loses(Some(owner), self.datum_went(DataId(at as u32)))),
            }
        }
        for at in 0..now.data.len() {
            let id = DataId(at as u32);
            if self.there.datum(&self.here, id).is_none() {
                let datum = now.datum(id);
                let loss = self.is_new("Data", &datum.name, &datum.place);
                edits.push(Edit::loses(None, loss));
            }
        }
        edits
    }

    /// Elements that went, are called otherwise, or are new.
    fn of_shape(&self) -> Vec<Edit> {
        let (before, now) = (self.there.model, self.here.model);
        let mut edits: Vec<Edit> = Vec::new();
        let mut known = BTreeSet::new();
        for id in before.ids().filter(|id| self.here.same(*id).is_none()) {
            let loss = self.became(id);
            if known.insert((loss.place.clone(), loss.what.clone())) {
                edits.push(Edit::loses(Some(Owner::Element(id)), loss));
            }
        }
        for id in &self.there.renamed {
            let was = before.element(*id);
            let Some(here) = self.here.same(*id) else {
                continue;
            };
            let is = now.element(here);
            if is.name != was.name {
                let class = is.class.name();
                let what = format!("{class} “{}” is called “{}” now", was.name, is.name);
                let loss = Loss {
                    kind: Kind::Fact,
                    subject: Subject::element(now, here),
                    place: is.name_place.clone(),
                    what,
                };
                edits.push(Edit::loses(Some(Owner::Element(*id)), loss));
            }
        }
        // What took the place of something is told with that.
        let replaced: BTreeSet<Place> = known.into_iter().map(|(place, _)| place).collect();
        for id in now.ids().filter(|id| self.there.same(*id).is_none()) {
            let element = now.element(id);
            if !replaced.contains(&element.place) {
                let loss = self.is_new(element.class.name(), &element.name, &element.place);
                let subject = Subject::element(now, id);
                edits.push(Edit::loses(None, Loss { subject, ..loss }));
            }
        }
        edits
    }

    fn is_new(&self, class: &'static str, name: &str, place: &Place) -> Loss {
        Loss {
            kind: Kind::Fact,
            subject: self.subject(class, name),
            place: place.clone(),
            what: format!("{class} “{name}” is new"),
        }
    }

    fn datum_went(&self, id: DataId) -> Loss {
        let name = &self.there.model.datum(id).name;
        Loss {
            kind: Kind::Fact,
            subject: self.subject(Class::Data.name(), name),
            place: self.here.model.place.clone(),
            what: format!("Data “{name}” is not there any more"),
        }
    }

    /// What is said otherwise about the whole model.
    fn of_model(&self, edits: &mut Vec<Edit>) {
        let (before, now) = (self.there.model, self.here.model);
        for attr in names(&before.slots, &now.slots) {
            let (was, is) = (before.slots.get(&attr), now.slots.get(&attr));
            if !is_declared(was) && !is_declared(is) || self.say_the_same(was, is) {
                continue;
            }
            let value = |slot: Option<&Slot>, model: &Model| {
                slot.map_or_else(|| "not said".to_owned(), |slot| told(&slot.value, model))
            };
            let loss = Loss {
                kind: Kind::Fact,
                subject: Subject::model(now),
                place: is
                    .and_then(|slot| slot.place.clone())
                    .unwrap_or_else(|| now.place.clone()),
                what: format!(
                    "“{}”: {} was {} and is {}",
                    now.name,
                    attr.name(),
                    value(was, before),
                    value(is, now)
                ),
            };
            edits.push(Edit::loses(None, loss));
        }
    }

    /// What is said otherwise about one thing that is there on both sides.
    fn of_owner(&self, owner: Owner, here: Owner, edits: &mut Vec<Edit>) {
        let (before, now) = (self.there.model, self.here.model);
        for attr in names(slots(before, owner), slots(now, here)) {
            let (was, is) = (before.slot(owner, &attr), now.slot(here, &attr));
            if OF_FLOWS.contains(&attr.name())
                || !is_declared(was) && !is_declared(is)
                || self.say_the_same(was, is)
            {
                continue;
            }
            let what = match (was, is) {
                (was, Some(is)) if settles(owner, &attr, was, is) => {
                    What::Answers(stated(owner, &attr, is, now))
                }
                (Some(was), is) => What::Loses(self.loss(owner, Some(here), &attr, was, is)),
                (None, _) => continue,
            };
            let place = |slot: Option<&Slot>| slot.and_then(|slot| slot.place.clone());
            edits.push(Edit {
                about: Some(owner),
                places: [place(was), place(is)],
                what,
            });
        }
    }

    fn say_the_same(&self, was: Option<&Slot>, is: Option<&Slot>) -> bool {
        match (was, is) {
            (Some(was), Some(is)) => self.is_equal(was, is) && is_said(was) == is_said(is),
            (was, is) => was.is_none() == is.is_none(),
        }
    }

    /// An element of the base, its ends, what it carries, and the zones around them.
    pub(super) fn around_of(&self, id: ElementId) -> BTreeSet<Owner> {
        let before = self.there.model;
        let ends = ["source", "sink"].into_iter();
        let mut about = vec![id];
        about.extend(ends.filter_map(|end| before.linked(id, end)));
        let zones: Vec<ElementId> = about.iter().flat_map(|id| before.boundaries(*id)).collect();
        about.extend(zones);
        let data = before.element(id).named("data");
        let data = data.and_then(|slot| slot.value.items()).unwrap_or_default();
        let data = data.iter().filter_map(|item| match item {
            Value::Data(id) => Some(Owner::Data(*id)),
            _ => None,
        });
        let elements = about
            .into_iter()
            .flat_map(|id| [Owner::Element(id), Owner::Controls(id)]);
        elements.chain(data).collect()
    }
}

fn is_declared(slot: Option<&Slot>) -> bool {
    slot.is_some_and(|slot| slot.origin == Origin::Declared)
}

fn slots(model: &Model, owner: Owner) -> &Slots {
    match owner {
        Owner::Element(id) => &model.element(id).slots,
        Owner::Controls(id) => &model.element(id).controls,
        Owner::Data(id) => &model.datum(id).slots,
    }
}

/// The attributes that either side has.
fn names(was: &Slots, is: &Slots) -> BTreeSet<Attr> {
    let both = was.iter().chain(is.iter());
    both.map(|(attr, _)| attr.clone()).collect()
}
