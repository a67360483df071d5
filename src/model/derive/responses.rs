//! §2.2: `responseTo` and `response` point at each other.

use std::collections::BTreeMap;

use super::{derived, ends};
use crate::model::{Attr, ElementId, Model, Origin, Value};
use crate::source::Place;

/// Links requests and responses.
pub(super) fn link(model: &mut Model) {
    let mut flows = model.flows.clone();
    // pytm links at the assignment, so in the order of the file.
    flows.sort_unstable();
    for flow in flows {
        if let Some(request) = model.linked(flow, "responseTo") {
            let place = said_at(model, flow, "responseTo");
            answers(model, flow, place.clone());
            point(model, request, "response", flow, place);
        }
        if let Some(response) = model.linked(flow, "response") {
            let place = said_at(model, flow, "response");
            answers(model, response, place.clone());
            point(model, response, "responseTo", flow, place);
        }
    }
    match_by_ends(model);
}

/// A response without a request takes the one flow that runs the other way
/// between the same ends, if exactly one does.
fn match_by_ends(model: &mut Model) {
    let mut between: BTreeMap<_, Vec<ElementId>> = BTreeMap::new();
    for &flow in &model.flows {
        if let [Some(source), Some(sink)] = ends(model, flow) {
            between.entry((source, sink)).or_default().push(flow);
        }
    }
    for flow in model.flows.clone() {
        let is_response = model.element(flow).named("isResponse");
        if !is_response.is_some_and(|slot| slot.value.is_true())
            || model.linked(flow, "responseTo").is_some()
        {
            continue;
        }
        let [Some(source), Some(sink)] = ends(model, flow) else {
            continue;
        };
        if let Some([request]) = between.get(&(sink, source)).map(Vec::as_slice)
            && *request != flow
        {
            let place = said_at(model, flow, "isResponse");
            point(model, flow, "responseTo", *request, place.clone());
            point(model, *request, "response", flow, place);
        }
    }
}

fn said_at(model: &Model, flow: ElementId, name: &str) -> Option<Place> {
    model.element(flow).named(name)?.place.clone()
}

/// Who has `responseTo` is a response, even where `isResponse` says otherwise.
fn answers(model: &mut Model, flow: ElementId, place: Option<Place>) {
    let is_response = model.element(flow).named("isResponse");
    if is_response.is_some_and(|slot| slot.value.is_true() && slot.origin == Origin::Declared) {
        return;
    }
    let slot = derived(Value::Bool(true), place);
    let slots = &mut model.element_mut(flow).slots;
    slots.set(Attr::named("isResponse"), slot);
}

/// Points from one flow to another unless it already points somewhere.
fn point(model: &mut Model, from: ElementId, name: &str, to: ElementId, place: Option<Place>) {
    if model.linked(from, name).is_some() {
        return;
    }
    let slot = derived(Value::Element(to), place);
    model.element_mut(from).slots.set(Attr::named(name), slot);
}
