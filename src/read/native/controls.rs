//! Layer `read`: controls, by name and in words (docs/semantics.md §1).

use super::{Builder, meant};
use crate::model::vocabulary::{self, Class};
use crate::model::words::{self, End, Meaning};
use crate::model::{Attr, Claim, ElementId, Owner, Said, Slot, Value};
use crate::notice::{Severity, code};
use crate::syntax::tree::Node;

impl Builder<'_> {
    /// A map of control attributes, or a list of words.
    pub(super) fn controls(&mut self, id: ElementId, class: Class, node: &Node) {
        if let Some(items) = node.as_list() {
            for item in items {
                self.control_in_words(id, class, item);
            }
            return;
        }
        if node.as_map().is_none() && !node.is_null() {
            let wanted = "a map such as `{isHardened: true}` or a list of words";
            self.expect.wrong("controls", wanted, node, None);
            return;
        }
        for (key, value) in node.as_map().unwrap_or_default() {
            if meant::is_comment(&key.text) {
                continue;
            }
            let owner = Owner::Controls(id);
            let exact = Class::Controls.attribute(&key.text);
            let meant = exact.or_else(|| {
                let respelled = vocabulary::respelled(Class::Controls, &key.text)?;
                self.note_respelling(key, respelled.name);
                Some(respelled)
            });
            match meant {
                Some(control) => self.known(owner, Class::Controls, control, key, value),
                None => self.custom(owner, Class::Controls, key, value),
            }
        }
    }

    fn control_in_words(&mut self, id: ElementId, class: Class, item: &Node) {
        let Some(text) = self.expect.filled_text("controls", item) else {
            return;
        };
        let meaning = words::meaning(class, text);
        let place = self.expect.place(item.span);
        let controls = match meaning {
            Meaning::Sets(controls) | Meaning::OnFlowOnly(controls, _) => controls,
            Meaning::Unknown => &[],
        };
        match meaning {
            Meaning::Sets(_) => {}
            Meaning::OnFlowOnly(controls, end) => {
                self.note_flow_only(text, controls, end, item);
            }
            Meaning::Unknown => {
                let message = format!("\"{text}\" is kept as documentation: no control is meant");
                let help = "`tmrs describe Controls` lists the controls that rules ask for";
                self.expect.say(
                    code::CONTROL_WORDS,
                    Severity::Note,
                    item.span,
                    message,
                    Some(help.into()),
                );
            }
        }
        let element = self.model.element_mut(id);
        for control in controls {
            let slot = Slot::declared(Value::Bool(true), place.clone());
            element.controls.set(Attr::named(control), slot);
        }
        element.claims.push(Claim {
            words: Said {
                text: text.clone(),
                place,
            },
            understood: !controls.is_empty(),
        });
    }

    fn note_flow_only(&mut self, text: &str, controls: &[&str], end: End, item: &Node) {
        let end = end.as_str();
        let message = format!("\"{text}\" on a flow settles nothing on its {end}");
        let help = format!(
            "say `controls: {{{}: true}}` on the {end}",
            controls.join(": true, ")
        );
        self.expect.say(
            code::CONTROL_WORDS,
            Severity::Note,
            item.span,
            message,
            Some(help),
        );
    }
}
