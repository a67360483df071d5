//! Layer `read`: boundaries lie in each other without end in no model.

use super::Builder;
use crate::model::{Attr, ElementId, Slot, Value};
use crate::notice::code;
use crate::source::Span;

/// How deep boundaries may be nested.
const MAX_NESTING: u32 = 200;

impl Builder<'_> {
    /// Complains about boundaries that lie inside themselves, and about nesting
    /// beyond the limit. Each element is looked at once.
    pub(super) fn check_nesting(&mut self) {
        let mut depths: Vec<Option<u32>> = vec![None; self.model.elements.len()];
        for start in self.model.ids() {
            let mut path: Vec<ElementId> = Vec::new();
            let mut at = Some(start);
            while let Some(id) = at {
                if depths[id.0 as usize].is_some() {
                    break;
                }
                // Marks what is on the path, until its depth is known.
                depths[id.0 as usize] = Some(u32::MAX);
                path.push(id);
                at = self.model.linked(id, "inBoundary");
            }
            let circle = at.and_then(|id| path.iter().position(|on_path| *on_path == id));
            let mut depth = match at {
                Some(id) if circle.is_none() => depths[id.0 as usize].unwrap_or(0),
                _ => 0,
            };
            for (position, id) in path.into_iter().enumerate().rev() {
                if circle.is_some_and(|first| position >= first) {
                    self.lies_in_itself(id);
                } else {
                    depth += 1;
                }
                if depth > MAX_NESTING {
                    self.too_deep(id);
                    depth = 0;
                }
                depths[id.0 as usize] = Some(depth);
            }
        }
    }

    fn lies_in_itself(&mut self, id: ElementId) {
        let message = format!(
            "boundary `{}` lies inside itself",
            self.model.element(id).name
        );
        let help = "let one of the boundaries lie in none of the others";
        let span = self.link_span(id);
        self.expect
            .error(code::UNKNOWN_REFERENCE, span, message, Some(help.into()));
    }

    /// Complains, and takes the element out, so that what follows stays bounded.
    fn too_deep(&mut self, id: ElementId) {
        let span = self.link_span(id);
        let message = format!("boundaries are nested more than {MAX_NESTING} deep");
        self.expect.error(code::LIMIT, span, message, None);
        let nothing = Slot::declared(Value::Nothing, self.expect.place(span));
        let attr = Attr::named("inBoundary");
        self.model.element_mut(id).slots.set(attr, nothing);
    }

    fn link_span(&self, id: ElementId) -> Span {
        let element = self.model.element(id);
        element
            .named("inBoundary")
            .and_then(|slot| slot.place.as_ref())
            .map_or(element.place.span, |place| place.span)
    }
}
