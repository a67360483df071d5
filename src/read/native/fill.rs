//! Layer `read`: what the body of each declared thing says.

use super::{Builder, EXTRAS, Pending, meant};
use crate::model::vocabulary::{self, Class};
use crate::model::{DataId, ElementId, Owner};
use crate::notice::code;
use crate::syntax::tree::{Key, Node};

/// Attributes of elements that hold more than a value.
const COLLECTIONS: [&str; 3] = ["controls", "overrides", "assumptions"];

impl Builder<'_> {
    /// Reads the body of a boundary, an element or a flow.
    pub(super) fn fill_element(&mut self, pending: &Pending<'_, ElementId>) {
        let id = pending.id;
        let class = self.model.element(id).class;
        let fixed: &[&str] = match class {
            Class::Dataflow | Class::Boundary => &["name"],
            _ => &["name", "class"],
        };
        for (key, value) in self.expect.map(&pending.key.text, pending.body) {
            if fixed.contains(&&*key.text) || meant::is_comment(&key.text) {
                continue;
            }
            match meant::end(&key.text) {
                Some(end) if class == Class::Dataflow => self.other_end(end, key, value),
                _ => self.entry(pending, class, key, value),
            }
        }
        if class == Class::Dataflow {
            let keys = pending.body.as_map().unwrap_or_default();
            for end in ["source", "sink"] {
                // Said under another word: that was complained about already.
                let mut said = keys.iter().filter_map(|(key, _)| meant::end(&key.text));
                if pending.body.get(end).is_none() && !said.any(|said| said == end) {
                    let flow = format!("flow `{}`", pending.key.text);
                    self.expect.missing_key(end, &flow, pending.key.span);
                }
            }
        }
    }

    /// Reads the body of a piece of data.
    pub(super) fn fill_datum(&mut self, pending: &Pending<'_, DataId>) {
        for (key, value) in self.expect.map(&pending.key.text, pending.body) {
            if &*key.text != "name" && !meant::is_comment(&key.text) {
                self.attribute(Owner::Data(pending.id), Class::Data, key, value);
            }
        }
    }

    /// An end of a flow under a word of another format.
    fn other_end(&mut self, end: &str, key: &Key, value: &Node) {
        let message = format!("a flow has no `{}`: what you mean is `{end}`", key.text);
        let id = value.as_text().map_or("…", |id| id);
        let help = format!("write `{end}: {id}`");
        self.expect
            .error(code::UNKNOWN_KEY, key.span, message, Some(help));
    }

    fn entry(&mut self, of: &Pending<'_, ElementId>, class: Class, key: &Key, value: &Node) {
        if self.collection(of.id, class, &key.text, value) {
            return;
        }
        debug_assert!(!EXTRAS.contains(&&*key.text), "every extra has its arm");
        let meant = |key: &Key| match class.attribute(&key.text) {
            None => vocabulary::respelled(class, &key.text),
            exact => exact,
        };
        let Some(known) = meant(key).filter(|known| COLLECTIONS.contains(&known.name)) else {
            return self.attribute(Owner::Element(of.id), class, key, value);
        };
        let mut others = of.body.as_map().unwrap_or_default().iter();
        let same = |(other, _): &&(Key, Node)| {
            other.span != key.span && meant(other).is_some_and(|it| it.name == known.name)
        };
        match others.find(same) {
            Some((other, _)) => {
                let place = self.expect.place(other.span);
                self.said_twice(key, known.name, place);
            }
            None => {
                self.note_respelling(key, known.name);
                self.collection(of.id, class, known.name, value);
            }
        }
    }

    /// Reads what is no single value; gives whether the entry is of that kind.
    fn collection(&mut self, id: ElementId, class: Class, name: &str, value: &Node) -> bool {
        match name {
            "controls" => self.controls(id, class, value),
            "threats" => {
                let threats = self.threats(class, value);
                self.model.element_mut(id).threats = threats;
            }
            "responses" => {
                let responses = self.responses(value);
                self.model.element_mut(id).responses = responses;
            }
            "overrides" => {
                let overrides = self.overrides(value);
                self.model.element_mut(id).overrides = overrides;
            }
            "assumptions" => {
                let assumptions = self.assumptions(value);
                self.model.element_mut(id).assumptions = assumptions;
            }
            "exclude" => {
                let exclusions = self.exclusions(value);
                self.model.element_mut(id).exclusions.extend(exclusions);
            }
            "evidence" => {
                let proofs = self.proofs(value);
                self.model.element_mut(id).proofs.extend(proofs);
            }
            _ => return false,
        }
        true
    }
}
