//! §2.4, 2.6, 2.7: Data and the flows that carry them.

use std::collections::{BTreeMap, BTreeSet};

use super::flows::add_data;
use super::{derive_slot, derived, ends, items, list, take};
use crate::model::vocabulary::Enumeration;
use crate::model::{Attr, DataId, ElementId, Model, Origin, Owner, Slot, Value};

/// §2.4: a flow gains every Data whose `carriedBy` names it.
pub(super) fn seed(model: &mut Model) {
    for id in data_ids(model) {
        let Some(slot) = model.datum(id).slots.named("carriedBy").cloned() else {
            continue;
        };
        for flow in items(Some(&slot)).iter().filter_map(Value::as_element) {
            add_data(model, flow, &[Value::Data(id)], &slot);
        }
    }
}

/// §2.6: what follows for Data from the flows that carry them, responses left out.
pub(super) fn enrich(model: &mut Model) {
    // The first flow that carries a stored Data wins, even if its ends say nothing.
    let mut settled = BTreeSet::new();
    for flow in model.flows.clone() {
        let [Some(source), Some(sink)] = ends(model, flow) else {
            continue;
        };
        if model.is_response(flow) {
            continue;
        }
        for id in carried(model, flow) {
            let stored = model.datum(id).named("isStored");
            if stored.is_some_and(|slot| slot.value.is_true()) && settled.insert(id) {
                let at_rest = "isEncryptedAtRest";
                let to = Owner::Data(id);
                let (there, here) = ("isDestEncryptedAtRest", "isSourceEncryptedAtRest");
                take(model, (Owner::Controls(sink), at_rest), (to, there));
                take(model, (Owner::Controls(source), at_rest), (to, here));
            }
            recognise_credentials(model, id);
        }
    }
}

/// §2.6: a Data with a credentials' lifetime is credentials; credentials
/// without one have a lifetime that nobody said.
fn recognise_credentials(model: &mut Model, id: DataId) {
    let datum = model.datum(id);
    let (Some(life), Some(is_credentials)) =
        (datum.named("credentialsLife"), datum.named("isCredentials"))
    else {
        return;
    };
    if lifetime(life) != "NONE" {
        if !is_credentials.value.is_true() {
            let slot = Slot {
                value: Value::Bool(true),
                ..life.clone()
            };
            derive_slot(model, Owner::Data(id), "isCredentials", &slot);
        }
    } else if is_credentials.value.is_true()
        && let Some(lifetimes) = Enumeration::named("Lifetime")
    {
        let unknown = Slot {
            value: Value::Member(lifetimes, lifetimes.position("UNKNOWN").unwrap_or(0)),
            origin: Origin::Default,
            place: is_credentials.place.clone(),
        };
        derive_slot(model, Owner::Data(id), "credentialsLife", &unknown);
    }
}

fn lifetime(slot: &Slot) -> &'static str {
    match slot.value {
        Value::Member(e, at) => e.members[at as usize].0,
        _ => "NONE",
    }
}

/// §2.7: `carriedBy` and `processedBy` are completed, by name as in pytm.
pub(super) fn complete(model: &mut Model) {
    let mut carriers: BTreeMap<DataId, BTreeSet<ElementId>> = BTreeMap::new();
    let mut processors = carriers.clone();
    for &flow in &model.flows {
        let ends = ends(model, flow);
        for id in carried(model, flow) {
            carriers.entry(id).or_default().insert(flow);
            let processors = processors.entry(id).or_default();
            processors.extend(ends.into_iter().flatten());
        }
    }
    for (name, by_data) in [("carriedBy", carriers), ("processedBy", processors)] {
        let attr = Attr::named(name);
        for (id, mut elements) in by_data {
            let own = model.datum(id).slots.get(&attr).cloned();
            elements.extend(items(own.as_ref()).iter().filter_map(Value::as_element));
            let mut elements: Vec<_> = elements.into_iter().collect();
            elements.sort_by_key(|&element| &model.element(element).name);
            let all = list(elements.into_iter().map(Value::Element).collect());
            let slot = match own {
                Some(own) => Slot { value: all, ..own },
                None => derived(all, Some(model.datum(id).place.clone())),
            };
            model.data[id.0 as usize].slots.set(attr.clone(), slot);
        }
    }
}

fn data_ids(model: &Model) -> impl Iterator<Item = DataId> + use<> {
    (0..model.data.len() as u32).map(DataId)
}

/// The Data that a flow carries.
fn carried(model: &Model, flow: ElementId) -> Vec<DataId> {
    let data = model.element(flow).named("data");
    let id = |value: &Value| match value {
        Value::Data(id) => Some(*id),
        _ => None,
    };
    let items = data.and_then(|slot| slot.value.items()).unwrap_or(&[]);
    items.iter().filter_map(id).collect()
}
