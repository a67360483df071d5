//! Layer `answer`: what a report proposes to write, before anybody says that it is true.

use std::collections::BTreeMap;
use std::ops::Range;

use super::statements::{is_one_control, takes_controls_away};
use super::{Answer, Edit, Files, Written, places, ways};
use crate::model::{Attr, Model, Origin, Owner};
use crate::source::Place;

/// The edits by which answers would be written into one model. Nothing is read anew to see
/// what the model then says, so only what cannot say anything else is proposed.
pub struct Proposals<'m> {
    model: &'m Model,
    /// How many elements and data are made at a place.
    made: BTreeMap<&'m Place, usize>,
    files: Files,
}

impl<'m> Proposals<'m> {
    /// Those of a model.
    pub fn new(model: &'m Model) -> Self {
        let elements = model.elements.iter().map(|element| &element.place);
        let data = model.data.iter().map(|datum| &datum.place);
        let mut made: BTreeMap<&Place, usize> = BTreeMap::new();
        for place in elements.chain(data) {
            *made.entry(place).or_default() += 1;
        }
        Self {
            model,
            made,
            files: Files::default(),
        }
    }

    /// The edits of one file that say all of these answers; `None` where they cannot all be
    /// said in one file, or a line would say something of others too.
    pub fn edits(&mut self, answers: &[Answer]) -> Option<Written> {
        let mut written: Option<Written> = None;
        for answer in answers {
            for owner in &answer.owners {
                let one = self.one(*owner, answer)?;
                written = Some(match written {
                    None => one,
                    Some(all) => together(all, one)?,
                });
            }
        }
        written.filter(|written| !written.edits.is_empty())
    }

    fn one(&mut self, owner: Owner, answer: &Answer) -> Option<Written> {
        let model = self.model;
        let (place, _) = places(model, owner);
        // A loop or a function makes others there as well.
        if self.made.get(place) != Some(&1)
            || self.comes_of_a_pair(owner, place)
            || self.takes_controls_from_elsewhere(owner, place)
        {
            return None;
        }
        let slot = self.model.slot(owner, &answer.attribute);
        if slot.is_some_and(|slot| slot.origin == Origin::Unread)
            || self.says_more(owner, &answer.attribute)
        {
            return None;
        }
        let ways = ways(model, owner, (place, &[]), answer, &mut self.files).ok()?;
        ways.into_iter().next()
    }

    /// Whether pytm makes it together with what it answers, so that no name stands for it alone.
    fn comes_of_a_pair(&self, owner: Owner, place: &Place) -> bool {
        let (Owner::Element(id) | Owner::Controls(id)) = owner else {
            return false;
        };
        self.model.format == "pytm"
            && self.model.linked(id, "responseTo").is_some()
            && !place.text().contains("responseTo")
    }

    /// Whether an element has its controls from an object that others may have too, or gets
    /// others later: a line after it does not last then, or says too much.
    fn takes_controls_from_elsewhere(&mut self, owner: Owner, place: &Place) -> bool {
        let Owner::Controls(id) = owner else {
            return false;
        };
        if self.model.format != "pytm" {
            return false;
        }
        let module = self.files.module(&place.source);
        if module.is_none_or(|module| takes_controls_away(module, place.span)) {
            return true;
        }
        let slots = self.model.element(id).controls.iter();
        let said = slots.filter(|(_, slot)| slot.origin == Origin::Declared);
        let mut said = said.filter_map(|(_, slot)| slot.place.as_ref());
        said.any(|said| {
            let is_inside = said.path() == place.path() && place.span.contains(said.span);
            let module = self.files.module(&said.source);
            !is_inside && !module.is_some_and(|module| is_one_control(module, said.span))
        })
    }

    /// Whether the line that says the attribute says it of others too.
    fn says_more(&self, owner: Owner, attribute: &Attr) -> bool {
        let said = |owner| self.model.slot(owner, attribute)?.place.as_ref();
        let Some(place) = said(owner) else {
            return false;
        };
        let elements = self.model.ids().map(|id| match owner {
            Owner::Controls(_) => Owner::Controls(id),
            _ => Owner::Element(id),
        });
        let data =
            (0..self.model.data.len()).map(|at| Owner::Data(crate::model::DataId(at as u32)));
        elements
            .chain(data)
            .any(|other| other != owner && said(other) == Some(place))
    }
}

/// Both at once: what both need, such as an import, only once. `None` where one would undo
/// the other.
fn together(all: Written, one: Written) -> Option<Written> {
    if all.before.path() != one.before.path() {
        return None;
    }
    let mut edits = all.edits;
    for edit in one.edits {
        if edits.contains(&edit) {
            continue;
        }
        if edits.iter().any(|other| collide(other, &edit)) {
            return None;
        }
        edits.push(edit);
    }
    Some(Written::new(&all.before, edits))
}

/// Whether two edits change the same characters, or both begin the same group.
fn collide(one: &Edit, other: &Edit) -> bool {
    let overlap = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
    let begins = |edit: &Edit| {
        let text = edit.text.trim_start_matches([',', ' ', '\r', '\n', '"']);
        text.starts_with("controls:") || text.starts_with("controls\"")
    };
    // A name that is put before a statement stands behind the lines that end there.
    let ends = |edit: &Edit| edit.text.ends_with('\n');
    let is_same = one.range == other.range;
    overlap(&one.range, &other.range)
        || (is_same && begins(one) && begins(other))
        || (is_same && ends(one) != ends(other))
}
