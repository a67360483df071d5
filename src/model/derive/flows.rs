//! §2.4–2.6: what a flow takes over from its ends, and what its ends get from it.

use std::collections::{BTreeMap, BTreeSet};

use super::{derived, ends, items, list, set, take};
use crate::model::{Attr, ElementId, Model, Origin, Override, Owner, Slot, Value};

/// Lets one flow take over data, levels, overrides and connection from its ends.
pub(super) fn take_over(model: &mut Model, flow: ElementId) {
    let [Some(source), Some(sink)] = ends(model, flow) else {
        return;
    };
    gain_data(model, flow, source);
    share_levels(model, flow, source, sink);
    inherit_overrides(model, flow, source, sink);
    if model.is_response(flow) {
        connect_response(model, flow, source);
    } else {
        connect(model, flow, source, sink);
    }
}

/// §2.4: `data` gains the source's.
fn gain_data(model: &mut Model, flow: ElementId, source: ElementId) {
    let given = model.element(source).named("data").cloned();
    if let Some(given) = given {
        let gained = items(Some(&given));
        add_data(model, flow, &gained, &given);
    }
}

/// Adds Data to a flow; `because` is the slot that says so.
pub(super) fn add_data(model: &mut Model, flow: ElementId, gained: &[Value], because: &Slot) {
    let attr = Attr::named("data");
    let element = model.element_mut(flow);
    let own = element.read(&attr).cloned();
    let mut all = items(own.as_ref());
    let before = all.len();
    let mut known: BTreeSet<_> = all.iter().filter_map(data_id).collect();
    for value in gained {
        if data_id(value).is_some_and(|id| known.insert(id)) {
            all.push(value.clone());
        }
    }
    if all.len() == before {
        return;
    }
    let slot = match own {
        // Of what is said to be nothing all of it is gained.
        Some(own) if own.place.is_some() && before > 0 => Slot {
            value: set(all),
            ..own
        },
        _ => derived(set(all), because.place.clone()),
    };
    element.slots.set(attr, slot);
}

fn data_id(value: &Value) -> Option<u32> {
    match value {
        Value::Data(id) => Some(id.0),
        _ => None,
    }
}

/// §2.4: `levels` become what source and sink share, if anything.
fn share_levels(model: &mut Model, flow: ElementId, source: ElementId, sink: ElementId) {
    let (Some(there), Some(here)) = (
        model.element(source).named("levels"),
        model.element(sink).named("levels"),
    ) else {
        return;
    };
    let said = if there.origin == Origin::Default {
        here
    } else {
        there
    };
    if said.origin == Origin::Default {
        return;
    }
    let levels = |slot: &Slot| -> BTreeSet<i64> {
        let whole = |value: &Value| match value {
            Value::Int(level) => Some(*level),
            _ => None,
        };
        match &slot.value {
            Value::Int(level) => BTreeSet::from([*level]),
            value => value
                .items()
                .unwrap_or(&[])
                .iter()
                .filter_map(whole)
                .collect(),
        }
    };
    let shared: Vec<_> = levels(there)
        .intersection(&levels(here))
        .map(|&level| Value::Int(level))
        .collect();
    if shared.is_empty() {
        return;
    }
    let slot = Slot {
        value: set(shared),
        ..said.clone()
    };
    let slots = &mut model.element_mut(flow).slots;
    slots.derive(Attr::named("levels"), &slot);
}

/// §2.4: a flow without overrides of its own inherits the sink's, then the
/// source's for rules not yet there.
fn inherit_overrides(model: &mut Model, flow: ElementId, source: ElementId, sink: ElementId) {
    if !model.element(flow).overrides.is_empty() {
        return;
    }
    let mut inherited: Vec<Override> = model.element(sink).overrides.clone();
    for item in &model.element(source).overrides {
        if !inherited
            .iter()
            .any(|known| known.rule.text == item.rule.text)
        {
            inherited.push(item.clone());
        }
    }
    for item in &mut inherited {
        item.inherited = true;
    }
    model.element_mut(flow).overrides = inherited;
}

/// §2.5: a response is spoken by its source.
fn connect_response(model: &mut Model, flow: ElementId, source: ElementId) {
    let (from, to) = (Owner::Element(source), Owner::Element(flow));
    take(model, (from, "protocol"), (to, "protocol"));
    take(model, (from, "port"), (to, "srcPort"));
    let (from, to) = (Owner::Controls(source), Owner::Controls(flow));
    take(model, (from, "isEncrypted"), (to, "isEncrypted"));
}

/// §2.6: any other flow is spoken as its sink listens, and authenticates as its source does.
fn connect(model: &mut Model, flow: ElementId, source: ElementId, sink: ElementId) {
    let (from, to) = (Owner::Element(sink), Owner::Element(flow));
    take(model, (from, "protocol"), (to, "protocol"));
    take(model, (from, "port"), (to, "dstPort"));
    let to = Owner::Controls(flow);
    take(
        model,
        (Owner::Controls(sink), "isEncrypted"),
        (to, "isEncrypted"),
    );
    for name in ["authenticatesDestination", "checksDestinationRevocation"] {
        take(model, (Owner::Controls(source), name), (to, name));
    }
}

/// §2.6: flows that are no responses join their sink's `inputs` and their source's `outputs`.
pub(super) fn fill_ends(model: &mut Model) {
    let mut inputs: BTreeMap<ElementId, Vec<Value>> = BTreeMap::new();
    let mut outputs = inputs.clone();
    for &flow in &model.flows {
        let [Some(source), Some(sink)] = ends(model, flow) else {
            continue;
        };
        if !model.is_response(flow) {
            inputs.entry(sink).or_default().push(Value::Element(flow));
            outputs
                .entry(source)
                .or_default()
                .push(Value::Element(flow));
        }
    }
    for (name, by_end) in [("inputs", inputs), ("outputs", outputs)] {
        let attr = Attr::named(name);
        for (end, flows) in by_end {
            let element = model.element_mut(end);
            if element.class.attribute(name).is_some() {
                let place = element.place.clone();
                let slot = derived(list(flows), Some(place));
                element.slots.set(attr.clone(), slot);
            }
        }
    }
}
