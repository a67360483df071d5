//! What follows from what is said (docs/semantics.md §2).
//!
//! The steps run in the order of that section, each in a function of its own:
//! `responses` links answers to requests, `duplicates` compares what was
//! declared, `flows` lets a flow take over from its ends, `data` completes Data.

mod builds;
mod clients;
mod data;
mod duplicates;
mod flows;
mod infer;
mod likely;
mod logins;
mod naming;
mod nesting;
mod outsiders;
mod products;
mod protocol;
mod requests;
mod responses;
mod roles;
mod spelling;
mod stores;
mod trust;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::vocabulary::Class;
use super::{Attr, ElementId, Model, Origin, Owner, Slot, Value};
use crate::notice::{Notice, code};
use crate::source::Place;

pub use infer::UNTOLD;
pub use spelling::KNOWN_TEXTS;
pub use stores::hands_out as is_handed_out;

/// The facts that follow from others, or are told by names and wiring, where nobody states them.
pub const DERIVED: [&str; 28] = [
    "acceptsFileUploads",
    "authenticatesSource",
    "authorizesSource",
    "buildsSoftware",
    "hashesPasswords",
    "implementsAuthenticationScheme",
    "isAdminInterface",
    "isClient",
    "isCredentials",
    "isEncryptedProtocol",
    "isEphemeral",
    "isIdentityProvider",
    "isInternetFacing",
    "isMemoryUnsafe",
    "isOffTheShelf",
    "isProxy",
    "isPublic",
    "isResponse",
    "kind",
    "protocol",
    "protocolKind",
    "receivesWebhooks",
    "runsCommands",
    "runsUserCode",
    "takesPayments",
    "trust",
    "usesMFA",
    "usesPasswords",
];

/// Completes a freshly read model in place, in the order of docs/semantics.md §2, and
/// says what it noticed (duplicate flows, duplicate overrides).
///
/// A declared value is never replaced. Flows without a source or sink take over
/// nothing.
pub fn derive(model: &mut Model) -> Vec<Notice> {
    let nesting = nesting::check(model);
    model.complete &= nesting.is_empty();
    model.flows = in_order(model);
    if is_set(model, "isOrdered") {
        number(model);
    }
    responses::link(model);
    let mut notices = nesting;
    notices.extend(duplicates::check(model));
    notices.extend(duplicate_overrides(model));
    data::seed(model);
    for flow in model.flows.clone() {
        flows::take_over(model, flow);
        protocol::classify(model, flow);
    }
    data::enrich(model);
    flows::fill_ends(model);
    data::complete(model);
    trust::inherit(model);
    protocol::memory(model);
    infer::before_callers(model);
    clients::find(model);
    logins::find(model);
    products::find(model);
    model.callers = requests::find(model);
    infer::from_callers(model);
    builds::find(model);
    stores::find(model);
    likely::find(model);
    model.exposures = outsiders::find(model);
    notices.extend(spelling::check(model));
    model.judged = judged(model);
    if notices.iter().any(|n| n.code == code::DUPLICATE_FLOW) || has_duplicate_override(&notices) {
        model.complete = false;
    }
    notices
}

fn has_duplicate_override(notices: &[Notice]) -> bool {
    notices.iter().any(|n| n.code == code::DUPLICATE_OVERRIDE)
}

/// Whether a boolean of the TM is set.
fn is_set(model: &Model, name: &str) -> bool {
    model
        .slots
        .named(name)
        .is_some_and(|slot| slot.value.is_true())
}

/// §2.1: flows by `order`, stable.
fn in_order(model: &Model) -> Vec<ElementId> {
    let mut flows: Vec<_> = model
        .ids()
        .filter(|&id| model.element(id).class.is_a(Class::Dataflow))
        .collect();
    flows.sort_by_cached_key(|&id| order(model, id));
    flows
}

fn order(model: &Model, flow: ElementId) -> i64 {
    match model.element(flow).named("order").map(|slot| &slot.value) {
        Some(Value::Int(order)) => *order,
        _ => -1,
    }
}

/// §2.1: with `isOrdered`, flows without an order are numbered from 1. As in
/// pytm they stand first, being -1, and an order below -1 ends it.
fn number(model: &mut Model) {
    let attr = Attr::named("order");
    for (number, flow) in (1..).zip(model.flows.clone()) {
        if order(model, flow) != -1 {
            break;
        }
        let slot = Slot {
            value: Value::Int(number),
            origin: Origin::Derived,
            place: Some(model.element(flow).place.clone()),
        };
        model.element_mut(flow).slots.set(attr.clone(), slot);
    }
}

/// §4: two overrides for one rule on one element are a model error.
fn duplicate_overrides(model: &Model) -> Vec<Notice> {
    let mut notices = Vec::new();
    for element in &model.elements {
        for (at, second) in element.overrides.iter().enumerate() {
            let earlier = &element.overrides[..at];
            let Some(first) = earlier.iter().find(|o| o.rule.text == second.rule.text) else {
                continue;
            };
            let message = format!(
                "{} {} overrides {} twice",
                element.class.name(),
                element.name,
                second.rule.text
            );
            notices.push(
                Notice::error(code::DUPLICATE_OVERRIDE, second.place.clone(), message)
                    .with_label(first.place.clone(), "the first override")
                    .with_help("Keep one override for each rule"),
            );
        }
    }
    notices
}

/// §2.7: what is judged, in the order of declaration.
fn judged(model: &Model) -> Vec<ElementId> {
    if !is_set(model, "ignoreUnused") {
        return model.ids().collect();
    }
    let mut used = BTreeSet::new();
    for &flow in &model.flows {
        used.insert(flow);
        for end in ends(model, flow).into_iter().flatten() {
            if used.insert(end) {
                used.extend(model.boundaries(end));
            }
        }
    }
    used.into_iter().collect()
}

/// Whether the protocol of a flow is for one of these purposes.
pub fn is_of_kind(model: &Model, flow: ElementId, kinds: &[&str]) -> bool {
    let slot = model.element(flow).named("protocolKind");
    matches!(slot.map(|slot| &slot.value),
        Some(Value::Member(of, at)) if kinds.contains(&of.members[*at as usize].0))
}

/// Source and sink of a flow, as far as they are elements.
fn ends(model: &Model, flow: ElementId) -> [Option<ElementId>; 2] {
    [model.linked(flow, "source"), model.linked(flow, "sink")]
}

/// Lets `to` take over what `from` says or was given. What nobody said at
/// `from` is what nobody said at `to`, so it is not even noted.
fn take(model: &mut Model, from: (Owner, &str), to: (Owner, &str)) {
    let Some(slot) = model.slot(from.0, &Attr::named(from.1)) else {
        return;
    };
    if slot.origin == Origin::Default && slot.place.is_none() {
        return;
    }
    let slot = slot.clone();
    derive_slot(model, to.0, to.1, &slot);
}

/// [`super::Slots::derive`], whoever's attribute it is.
fn derive_slot(model: &mut Model, owner: Owner, name: &str, from: &Slot) {
    let attr = Attr::named(name);
    match owner {
        Owner::Element(id) => model.element_mut(id).slots.derive(attr, from),
        Owner::Controls(id) => model.element_mut(id).controls.derive(attr, from),
        Owner::Data(id) => model.data[id.0 as usize].slots.derive(attr, from),
    }
}

/// A slot that follows from something said at `place`.
fn derived(value: Value, place: Option<Place>) -> Slot {
    Slot {
        value,
        origin: Origin::Derived,
        place,
    }
}

/// The items of a slot's list or set; none if it holds neither.
fn items(slot: Option<&Slot>) -> Vec<Value> {
    let items = slot.and_then(|slot| slot.value.items());
    items.map(<[Value]>::to_vec).unwrap_or_default()
}

fn list(items: Vec<Value>) -> Value {
    Value::List(Arc::from(items))
}

fn set(items: Vec<Value>) -> Value {
    Value::Set(Arc::from(items))
}
