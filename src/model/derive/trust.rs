//! §2: what a boundary takes over from the one around it.

use super::{Owner, take};
use crate::model::vocabulary::Class;
use crate::model::{ElementId, Model, Origin};

/// Lets a boundary that says nothing about its trust take over that of the
/// nearest boundary around it that does. Only our own rules read `trust`, so
/// what pytm's rules find stays as it is.
pub(super) fn inherit(model: &mut Model) {
    let silent: Vec<ElementId> = model
        .ids()
        .filter(|&id| model.element(id).class.is_a(Class::Boundary) && !says(model, id))
        .collect();
    for id in silent {
        let around = model.boundaries(id);
        if let Some(&outer) = around.iter().find(|&&outer| says(model, outer)) {
            take(
                model,
                (Owner::Element(outer), "trust"),
                (Owner::Element(id), "trust"),
            );
        }
    }
}

/// Whether a boundary states its trust, or has it from one that does.
fn says(model: &Model, id: ElementId) -> bool {
    let slot = model.element(id).named("trust");
    slot.is_some_and(|slot| slot.origin != Origin::Default)
}
