//! From one `TM.reset()` to the next: what is registered, processed, reset.

use super::interpreter::Interpreter;
use super::state::registry::Registry;
use super::value::{At, ObjId, V};
use crate::model::vocabulary::Class;
use crate::notice::{Notice, Severity, code};

impl<'a> Interpreter<'a> {
    /// Something that happens after `process()`, unless another model follows. That an
    /// element is said otherwise then is a warning (docs/semantics.md §1); what is built then is lost.
    pub(super) fn note_late(&mut self, class: Class, at: At, severity: Severity) {
        if self.registry.late
            && self.doubt.is_none()
            && (class.is_element() || class == Class::Data)
        {
            let notice = Notice::at(
                code::LATE_STATEMENT,
                severity,
                self.place(at),
                "This comes after process() and is not part of the judged model",
            )
            .with_help("Move it before process(), or call TM.reset() for another model");
            if self.registry.late_notices.len() < 100
                && !self.registry.late_notices.contains(&notice)
            {
                self.registry.late_notices.push(notice);
            }
        }
    }

    /// `TM.reset()`.
    pub(super) fn reset(&mut self, at: At) {
        if let Some(unread) = self.doubt.clone() {
            let message = "Whether the model is reset here is not read".to_owned();
            self.incomplete(code::INCOMPLETE, at, message, Some(&unread));
            return;
        }
        if self.registry.judged == 0 && !self.registry.waiting.is_empty() {
            let what = "A model that is reset before `process()` is not read";
            self.refuse(at, what, "process it first, or build it behind the reset");
        }
        let mut before = std::mem::take(&mut self.registry.before);
        before.extend(&self.registry.waiting);
        self.end_of_epoch();
        self.registry = Registry::default();
        self.registry.before = before;
    }

    /// Collects what was never processed, and tells what came too late.
    pub(super) fn end_of_epoch(&mut self) {
        for notice in self.registry.take_late_notices() {
            self.notice(notice);
        }
        let waiting = std::mem::take(&mut self.registry.waiting);
        // Where another TM of this epoch was processed, it stands for those that were not.
        let judged = self.registry.judged > 0;
        for tm in waiting {
            if judged && !self.registry.checked.contains(&tm) {
                self.opens_threats(tm);
                continue;
            }
            self.collect(tm);
        }
    }

    /// What `tm.process()`, `check()` and `resolve()` see.
    pub(super) fn process(&mut self, id: ObjId, at: At) {
        if self.doubt.is_some() || self.object(id).class != Class::TM {
            return;
        }
        let Some(position) = self.registry.waiting.iter().position(|tm| *tm == id) else {
            if self.registry.before.contains(&id) {
                let what = "This TM was made before TM.reset(), which takes its threats away";
                self.refuse(at, what, "make a TM after TM.reset()");
            }
            return;
        };
        self.registry.waiting.remove(position);
        let notices = self.registry.take_late_notices();
        if self.registry.judged == 0 {
            for notice in notices {
                self.notice(notice);
            }
        }
        self.collect(id);
        self.registry.processed();
    }

    /// `TM._elements`, `TM._flows` and their like.
    pub(super) fn registered(&self, name: &str, at: At) -> Option<V<'a>> {
        let wanted: fn(Class) -> bool = match name {
            "_elements" => |_| true,
            "_flows" => |class| class == Class::Dataflow,
            "_boundaries" => |class| class == Class::Boundary,
            "_actors" => |class| class.is_a(Class::Actor),
            "_assets" => |class| class.is_a(Class::Asset),
            "_data" => {
                let data = self.registry.data.iter();
                return Some(V::list(data.map(|id| V::Object(*id)).collect()));
            }
            "_threatsExcluded" => return Some(V::list(Vec::new())),
            _ => return self.hidden(Class::TM, name, at),
        };
        let elements = self.registry.elements.iter();
        Some(V::list(
            elements
                .filter(|id| wanted(self.object(**id).class))
                .map(|id| V::Object(*id))
                .collect(),
        ))
    }

    /// `TM._elements = []`, `Server.__init__ = …`: pytm's classes are not changed.
    pub(super) fn set_on_class(&mut self, class: Class, name: &str, at: At) {
        let what = format!(
            "What pytm does after `{}.{name}` is replaced is not read",
            class.name()
        );
        let instead = match class {
            Class::TM => "call `TM.reset()` to begin another model",
            _ => "write a class of your own that extends it",
        };
        self.refuse(at, what, instead);
    }
}
