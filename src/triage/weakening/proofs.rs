//! Controls that a change declares, where policy wants to know what proves them.

use std::collections::BTreeSet;

use super::{Kind, Subject, Weakenings};
use crate::config::Pattern;
use crate::model::{Element, ElementId, Model, Origin};
use crate::notice::{Notice, code};
use crate::source::Place;
use crate::triage::pairs::Elements;

/// Compares a model with what it was; with nothing, where it is new. `wanted` are
/// the controls that must be proved, by the policies of both sides.
pub fn compare(
    model: &Model,
    then: Option<&Model>,
    wanted: &[&Pattern],
    weakenings: &mut Weakenings,
) {
    if wanted.is_empty() {
        return;
    }
    let elements = then.map(|then| (then, Elements::both(then, model)));
    for id in model.own_ids() {
        let before = elements
            .as_ref()
            .and_then(|(then, [before, _])| before.same(id).map(|id| then.element(id)));
        let element = model.element(id);
        for (name, place) in declared(element) {
            // Who stood without evidence at the base may stand on.
            let stood = before.is_some_and(|before| {
                declared(before).any(|(was, _)| was == name) && !is_proved(before, name)
            });
            let is_wanted = wanted.iter().any(|pattern| pattern.matches(name));
            if is_wanted && !stood && !is_proved(element, name) {
                add(model, id, name, place, weakenings);
            }
        }
    }
}

fn add(
    model: &Model,
    id: ElementId,
    name: &str,
    place: Option<&Place>,
    weakenings: &mut Weakenings,
) {
    let element = model.element(id);
    let message = format!(
        "{} “{}” declares {name} and does not say what proves it",
        element.class.name(),
        element.name
    );
    weakenings.add(
        Kind::Unproved,
        Subject::element(model, id),
        place.unwrap_or(&element.place).clone(),
        name,
        message,
    );
}

/// The controls that an element itself says are in place.
fn declared(element: &Element) -> impl Iterator<Item = (&str, Option<&Place>)> {
    let slots = element.controls.iter();
    let said = slots.filter(|(_, slot)| slot.origin == Origin::Declared && slot.value.is_true());
    said.map(|(attr, slot)| (attr.name(), slot.place.as_ref()))
}

fn is_proved(element: &Element, control: &str) -> bool {
    let named = element.proofs.iter().flat_map(|proof| &proof.controls);
    let mut named = named;
    named.any(|said| *said.text == *control)
}

/// Evidence of controls that nobody declares.
pub(in crate::triage) fn unused(model: &Model) -> Vec<Notice> {
    let mut seen = BTreeSet::new();
    let mut notices = Vec::new();
    for id in model.own_ids() {
        let element = model.element(id);
        for said in element.proofs.iter().flat_map(|proof| &proof.controls) {
            let declares = declared(element).any(|(name, _)| *said.text == *name);
            if declares || !seen.insert(&said.place) {
                continue;
            }
            let message = format!(
                "{} “{}” does not declare {}, which this evidence is about",
                element.class.name(),
                element.name,
                said.text
            );
            let notice = Notice::warning(code::UNUSED, said.place.clone(), message);
            notices.push(notice.with_help("declare the control, or remove the evidence"));
        }
    }
    notices
}
