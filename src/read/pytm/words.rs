//! Controls in words, mappings of controls, Controls objects (docs/semantics.md §1).

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::{At, ObjId, Text, V};
use crate::model::vocabulary::Class;
use crate::model::words::{self, End, Meaning};
use crate::notice::{Notice, code};

impl<'a> Interpreter<'a> {
    /// Controls: an object, a mapping, or words.
    pub(super) fn say_controls(&mut self, id: ObjId, value: V<'a>, at: At) -> R<'a, ()> {
        let value = match &value {
            V::Object(controls) if self.object(*controls).class == Class::Controls => value,
            V::Unread(_) => value,
            V::Dict(dict) => {
                let dict = dict.borrow().clone();
                V::Object(self.object_of_dict(Class::Controls, &dict, at)?)
            }
            V::Str(_) | V::List(_) | V::Tuple(_) | V::Set(_) => {
                return self.controls_in_words(id, &value, at);
            }
            _ => {
                let message = "`controls` wants Controls, or a list of words".to_owned();
                self.refuse_value(
                    at,
                    message,
                    "set the controls themselves, as in `controls.isHardened = True`",
                )
            }
        };
        self.hold(id, "controls", value, at);
        Ok(())
    }

    fn controls_in_words(&mut self, id: ObjId, value: &V<'a>, at: At) -> R<'a, ()> {
        let items = match value {
            V::Str(_) => vec![value.clone()],
            value => self.in_any_order(value, at)?,
        };
        if let Some(unread) = items.iter().find(|item| matches!(item, V::Unread(_))) {
            self.hold(id, "controls", unread.clone(), at);
            return Ok(());
        }
        let class = self.object(id).class;
        let controls = self.construct(
            Class::Controls,
            None,
            super::value::function::Args::none(at),
        )?;
        self.hold(id, "controls", V::Object(controls), at);
        self.object_mut(id).claims.clear();
        for item in items {
            let V::Str(Text { text, at: own }) = &item else {
                let message = "a control in words is text".to_owned();
                self.refuse_value(
                    at,
                    message,
                    "set the controls themselves, as in `controls.isHardened = True`",
                );
                continue;
            };
            let place = own.unwrap_or(at);
            let meaning = words::meaning(class, text);
            let set = match meaning {
                Meaning::Sets(set) => set,
                Meaning::OnFlowOnly(set, end) => {
                    self.note_flow_only(text, set, end, place);
                    set
                }
                Meaning::Unknown => {
                    self.note_documentation(text, place);
                    &[]
                }
            };
            for control in set {
                self.hold(controls, control, V::Bool(true), place);
            }
            let claim = (Rc::clone(text), place, !set.is_empty());
            self.object_mut(id).claims.push(claim);
        }
        Ok(())
    }

    fn note_flow_only(&mut self, text: &str, controls: &[&str], end: End, at: At) {
        let end = end.as_str();
        let message = format!("\"{text}\" on a flow settles nothing on its {end}");
        let said: Vec<_> = controls
            .iter()
            .map(|c| format!("controls.{c} = True"))
            .collect();
        self.notice(
            Notice::note(code::CONTROL_WORDS, self.place(at), message)
                .with_help(format!("say `{}` on the {end}", said.join("`, `"))),
        );
    }

    fn note_documentation(&mut self, text: &str, at: At) {
        let message = format!("\"{text}\" is kept as documentation: no control is meant");
        self.notice(
            Notice::note(code::CONTROL_WORDS, self.place(at), message)
                .with_help("`tmrs describe Controls` lists the controls that rules ask for"),
        );
    }
}
