//! Layer `read`: what the body of each declared thing says.

use super::{Builder, EXTRAS, Pending, meant};
use crate::model::vocabulary::Class;
use crate::model::{DataId, ElementId, Owner};
use crate::notice::code;
use crate::syntax::tree::{Key, Node};

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
                _ => self.entry(id, class, key, value),
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

    fn entry(&mut self, id: ElementId, class: Class, key: &Key, value: &Node) {
        match &*key.text {
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
            other => {
                debug_assert!(!EXTRAS.contains(&other), "every extra has its arm");
                self.attribute(Owner::Element(id), class, key, value);
            }
        }
    }
}
