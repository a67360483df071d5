//! What a diagram shows and a data dictionary lists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::deciding::json;
use super::{AssumptionInfo, AttributeInfo, DatumInfo, Edge, Graph, Location, Node, ProofInfo};
use crate::model::vocabulary::Class;
use crate::model::{Element, ElementId, Model, Slots, Value};

/// The graph of a model.
pub fn graph(model: &Model) -> Graph {
    let judged: Vec<ElementId> = model.judged.clone();
    let of = |wanted: fn(Class) -> bool| {
        let ids = judged
            .iter()
            .copied()
            .filter(move |id| wanted(model.element(*id).class));
        ids.map(|id| node(model, id)).collect::<Vec<_>>()
    };
    let elements = of(|class| class != Class::Dataflow && class != Class::Boundary);
    let boundaries = of(|class| class == Class::Boundary);
    let nodes: BTreeSet<u32> = elements.iter().chain(&boundaries).map(|n| n.id).collect();
    let flows = model.flows.iter().filter_map(|id| edge(model, *id));
    Graph {
        merge_responses: model
            .slots
            .named("mergeResponses")
            .is_some_and(|slot| slot.value.is_true()),
        // What leads nowhere is an error of the model; there is nothing to draw of it.
        flows: flows
            .filter(|flow| nodes.contains(&flow.source) && nodes.contains(&flow.sink))
            .collect(),
        elements,
        boundaries,
        data: (0..model.data.len()).map(|at| datum(model, at)).collect(),
    }
}

fn node(model: &Model, id: ElementId) -> Node {
    let element = model.element(id);
    Node {
        id: id.0,
        class: element.class_name().into(),
        base: element.class.name().into(),
        name: Arc::clone(&element.name),
        description: text(element, "description"),
        boundary: model.linked(id, "inBoundary").map(|boundary| boundary.0),
        in_scope: element.in_scope(),
        levels: levels(element),
        location: Location::from(&element.place),
        attributes: attributes(model, element),
        assumptions: element
            .assumptions
            .iter()
            .map(AssumptionInfo::from)
            .collect(),
        claims: element
            .claims
            .iter()
            .map(|claim| claim.words.text.to_string())
            .collect(),
        proofs: proofs(element),
    }
}

/// `None` where an end is not known.
fn edge(model: &Model, id: ElementId) -> Option<Edge> {
    let flow = model.element(id);
    let linked = |attribute| model.linked(id, attribute).map(|other| other.0);
    let port = if flag(flow, "isResponse") {
        "srcPort"
    } else {
        "dstPort"
    };
    Some(Edge {
        id: id.0,
        name: Arc::clone(&flow.name),
        description: text(flow, "description"),
        source: linked("source")?,
        sink: linked("sink")?,
        order: number(flow, "order"),
        is_response: flag(flow, "isResponse"),
        response: linked("response"),
        response_to: linked("responseTo"),
        protocol: text(flow, "protocol"),
        port: number(flow, port),
        data: data_of(flow),
        note: text(flow, "note"),
        in_scope: flow.in_scope(),
        duplicate: flag(flow, "is_drawn"),
        levels: levels(flow),
        location: Location::from(&flow.place),
        attributes: attributes(model, flow),
        assumptions: flow.assumptions.iter().map(AssumptionInfo::from).collect(),
        claims: flow
            .claims
            .iter()
            .map(|claim| claim.words.text.to_string())
            .collect(),
        proofs: proofs(flow),
    })
}

fn proofs(element: &Element) -> Vec<ProofInfo> {
    let proofs = element.proofs.iter().map(|proof| ProofInfo {
        controls: proof.controls.iter().map(|c| c.text.to_string()).collect(),
        text: proof.text.to_string(),
        location: Location::from(&proof.place),
    });
    proofs.collect()
}

fn datum(model: &Model, at: usize) -> DatumInfo {
    let datum = &model.data[at];
    let text = |name| {
        let slot = datum.named(name);
        slot.map(|slot| json(model, &slot.value))
            .and_then(|v| v.as_str().map(str::to_owned))
    };
    DatumInfo {
        id: at as u32,
        name: Arc::clone(&datum.name),
        description: text("description").unwrap_or_default(),
        classification: text("classification").unwrap_or_default(),
        location: Location::from(&datum.place),
        attributes: slots(model, &datum.slots, ""),
    }
}

fn text(element: &Element, name: &str) -> String {
    element
        .named(name)
        .and_then(|slot| slot.value.as_text())
        .unwrap_or("")
        .to_owned()
}

fn flag(element: &Element, name: &str) -> bool {
    element.named(name).is_some_and(|slot| slot.value.is_true())
}

fn number(element: &Element, name: &str) -> i64 {
    match element.named(name).map(|slot| &slot.value) {
        Some(Value::Int(number)) => *number,
        _ => -1,
    }
}

fn levels(element: &Element) -> Vec<i64> {
    let items = element
        .named("levels")
        .and_then(|slot| slot.value.items())
        .unwrap_or(&[]);
    let mut levels: Vec<i64> = items
        .iter()
        .filter_map(|item| {
            if let Value::Int(level) = item {
                Some(*level)
            } else {
                None
            }
        })
        .collect();
    levels.sort_unstable();
    levels
}

fn data_of(flow: &Element) -> Vec<u32> {
    let items = flow
        .named("data")
        .and_then(|slot| slot.value.items())
        .unwrap_or(&[]);
    items
        .iter()
        .filter_map(|item| {
            if let Value::Data(id) = item {
                Some(id.0)
            } else {
                None
            }
        })
        .collect()
}

/// Attributes that the graph shows by other means.
const SHOWN: [&str; 9] = [
    "description",
    "inputs",
    "outputs",
    "carriedBy",
    "processedBy",
    "source",
    "sink",
    "response",
    "responseTo",
];

fn attributes(model: &Model, element: &Element) -> BTreeMap<String, AttributeInfo> {
    let mut all = slots(model, &element.slots, "");
    all.extend(slots(model, &element.controls, "controls."));
    all
}

/// What was said or derived; what a derivation took over from a default was not.
pub(super) fn slots(model: &Model, slots: &Slots, prefix: &str) -> BTreeMap<String, AttributeInfo> {
    slots
        .iter()
        .filter(|(attr, slot)| slot.place.is_some() && !SHOWN.contains(&attr.name()))
        .map(|(attr, slot)| {
            let info = AttributeInfo {
                value: json(model, &slot.value),
                origin: slot.origin.as_str().into(),
                location: slot.place.as_ref().map(Location::from),
            };
            (format!("{prefix}{}", attr.name()), info)
        })
        .collect()
}
