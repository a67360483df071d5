//! Boundaries lie in each other without end in no model, whichever its format.

use super::super::{Attr, ElementId, Model, Slot, Value};
use crate::notice::{Notice, code};
use crate::source::Place;

/// How deep boundaries may be nested.
const MAX_NESTING: u32 = 200;

/// Complains about boundaries that lie inside themselves, and about nesting beyond the
/// limit. Each element is looked at once.
pub(super) fn check(model: &mut Model) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut depths: Vec<Option<u32>> = vec![None; model.elements.len()];
    for start in model.ids() {
        let mut path: Vec<ElementId> = Vec::new();
        let mut at = Some(start);
        while let Some(id) = at {
            if depths[id.0 as usize].is_some() {
                break;
            }
            // Marks what is on the path, until its depth is known.
            depths[id.0 as usize] = Some(u32::MAX);
            path.push(id);
            at = model.linked(id, "inBoundary");
        }
        let circle = at.and_then(|id| path.iter().position(|on_path| *on_path == id));
        let mut depth = match at {
            Some(id) if circle.is_none() => depths[id.0 as usize].unwrap_or(0),
            _ => 0,
        };
        for (position, id) in path.into_iter().enumerate().rev() {
            if circle.is_some_and(|first| position >= first) {
                notices.push(lies_in_itself(model, id));
            } else {
                depth += 1;
            }
            if depth > MAX_NESTING {
                notices.push(too_deep(model, id));
                depth = 0;
            }
            depths[id.0 as usize] = Some(depth);
        }
    }
    notices
}

fn lies_in_itself(model: &Model, id: ElementId) -> Notice {
    let name = &model.element(id).name;
    let message = format!("boundary `{name}` lies inside itself");
    Notice::error(code::NESTING, link(model, id), message)
        .with_help("let one of the boundaries lie in none of the others")
}

/// Complains, and takes the element out, so that what follows stays bounded.
fn too_deep(model: &mut Model, id: ElementId) -> Notice {
    let place = link(model, id);
    let message = format!("boundaries are nested more than {MAX_NESTING} deep");
    let nothing = Slot::declared(Value::Nothing, place.clone());
    let attr = Attr::named("inBoundary");
    model.element_mut(id).slots.set(attr, nothing);
    Notice::error(code::LIMIT, place, message)
}

/// Where it is said in what the element lies.
fn link(model: &Model, id: ElementId) -> Place {
    let element = model.element(id);
    let slot = element.named("inBoundary");
    let said = slot.and_then(|slot| slot.place.as_ref());
    said.unwrap_or(&element.place).clone()
}
