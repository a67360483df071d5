//! Facts that nobody said and that names or wiring tell (docs/semantics.md §2).
//!
//! Each is kept with its reason beside what is said ([`Inference`]): what the model
//! itself says always counts before it.

use std::sync::Arc;

use super::ends;
use super::naming::says;
use super::roles::{handles_requests, may_pass};
use crate::model::vocabulary::{Class, Enumeration};
use crate::model::{Attr, ElementId, Inference, Model, Origin, Slot, Value};
use crate::source::Place;

/// Zones in which anyone can act.
const UNTRUSTED: [&str; 8] = [
    "internet",
    "public",
    "outside",
    "untrusted",
    "www",
    "world wide web",
    "public internet",
    "wan",
];

/// Zones whose names say one of [`UNTRUSTED`] and mean something of one's own.
const OWN: [&str; 9] = [
    "dmz",
    "facing",
    "subnet",
    "cloud",
    "vpc",
    "zone of ours",
    "private",
    "internal",
    "trusted",
];

/// What only passes requests on.
const PROXIES: [&str; 18] = [
    "alb",
    "application load balancer",
    "cdn",
    "cloudfront",
    "elb",
    "envoy",
    "forward proxy",
    "haproxy",
    "ingress",
    "ingress controller",
    "lb",
    "load balancer",
    "loadbalancer",
    "nlb",
    "proxy",
    "reverse proxy",
    "tls terminator",
    "traefik",
];

/// What has to be known before one can tell who calls whom.
pub(super) fn before_callers(model: &mut Model) {
    for id in model.ids() {
        let class = model.element(id).class;
        if class.is_a(Class::Boundary) {
            zone(model, id);
        } else if may_pass(class) {
            proxy(model, id);
        }
    }
}

/// What follows from who calls whom.
pub(super) fn from_callers(model: &mut Model) {
    for id in model.ids() {
        internet_facing(model, id);
    }
}

/// A zone called Internet that says nothing about its trust, and lies in none that
/// does, is one in which anyone can act.
fn zone(model: &mut Model, id: ElementId) {
    let element = model.element(id);
    let named = says(&element.name, &UNTRUSTED) && !says(&element.name, &OWN);
    if named && let Some(untrusted) = trust("UNTRUSTED") {
        let reason = format!("the zone is called “{}”", element.name);
        let place = Some(element.name_place.clone());
        assume(model, id, "trust", untrusted, place, reason);
    }
}

/// A program that is called a load balancer, and passes requests on to another one,
/// is one; not if the model states something of it that a proxy does not have.
fn proxy(model: &mut Model, id: ElementId) {
    let element = model.element(id);
    if !says(&element.name, &PROXIES) || handles_requests(model, id) {
        return;
    }
    let requests = |end: &str| {
        model.flows.iter().any(|&flow| {
            let other = if end == "sink" { "source" } else { "sink" };
            !model.is_response(flow)
                && model.linked(flow, end) == Some(id)
                && model
                    .linked(flow, other)
                    .is_some_and(|other| end == "sink" || may_pass(model.element(other).class))
        })
    };
    if requests("sink") && requests("source") {
        let reason = format!("it is called “{}” and passes requests on", element.name);
        let place = Some(element.name_place.clone());
        assume(model, id, "isProxy", Value::Bool(true), place, reason);
    }
}

/// What someone in an untrusted zone sends requests to faces the internet.
fn internet_facing(model: &mut Model, id: ElementId) {
    let mut found: Option<(Origin, Option<Place>, String)> = None;
    for request in model.callers.of(id) {
        let Some([Some(caller), _]) = Some(ends(model, request.flow)) else {
            continue;
        };
        let class = model.element(caller).class;
        if !class.is_a(Class::Actor) && !class.is_a(Class::ExternalEntity) {
            continue;
        }
        let Some(slot) = zone_trust(model, caller) else {
            continue;
        };
        if !is_untrusted(&slot.value) || request.perhaps.is_some() {
            continue;
        }
        let follows = matches!(slot.origin, Origin::Declared | Origin::Derived);
        let origin = if follows {
            Origin::Derived
        } else {
            Origin::Assumed
        };
        if found.as_ref().is_some_and(|(known, ..)| *known >= origin) {
            continue;
        }
        let reason = format!(
            "“{}” calls it from an untrusted zone",
            model.element(caller).name
        );
        let place = Some(model.element(request.flow).place.clone());
        found = Some((origin, place, reason));
    }
    if let Some((origin, place, reason)) = found {
        let slot = Slot {
            value: Value::Bool(true),
            origin,
            place,
        };
        infer(model, id, "isInternetFacing", slot, reason);
    }
}

/// How far the zone around an element can be trusted, as it says or its name does.
pub(super) fn zone_trust(model: &Model, id: ElementId) -> Option<&Slot> {
    let attr = Attr::named("trust");
    let mut unsaid = None;
    for boundary in model.boundaries(id) {
        let slot = model.element(boundary).known(&attr)?;
        if slot.origin != Origin::Default {
            return Some(slot);
        }
        unsaid = unsaid.or(Some(slot));
    }
    unsaid
}

pub(super) fn is_untrusted(value: &Value) -> bool {
    matches!(value, Value::Member(e, at) if e.members[*at as usize].0 == "UNTRUSTED")
}

fn trust(member: &str) -> Option<Value> {
    let of = Enumeration::named("Trust")?;
    Some(Value::Member(of, of.position(member)?))
}

pub(super) fn assume(
    model: &mut Model,
    id: ElementId,
    name: &'static str,
    value: Value,
    place: Option<Place>,
    reason: String,
) {
    let slot = Slot {
        value,
        origin: Origin::Assumed,
        place,
    };
    infer(model, id, name, slot, reason);
}

/// Notes what is told about an element, if its class has the attribute and nothing
/// was told about it yet.
fn infer(model: &mut Model, id: ElementId, name: &'static str, slot: Slot, reason: String) {
    if Attr::named(name)
        .default_on(model.element(id).class)
        .is_some()
    {
        note(model, id, name, slot, reason);
    }
}

/// Why something is not what few things are.
pub const UNTOLD: &str = "no name says so";

/// Notes that something is not what few things are, as no name says so: a model need not deny
/// of each thing what nobody would think of it.
pub(super) fn deny(model: &mut Model, id: ElementId, name: &'static str) {
    let place = Some(model.element(id).name_place.clone());
    let slot = super::derived(Value::Bool(false), place);
    infer(model, id, name, slot, UNTOLD.to_owned());
}

/// The same of a control.
pub(super) fn infer_control(
    model: &mut Model,
    id: ElementId,
    name: &'static str,
    slot: Slot,
    reason: String,
) {
    note(model, id, name, slot, reason);
}

fn note(model: &mut Model, id: ElementId, name: &'static str, slot: Slot, reason: String) {
    debug_assert!(super::DERIVED.contains(&name), "{name} is derived");
    let attr = Attr::named(name);
    let inferred = &mut model.element_mut(id).inferred;
    if inferred.iter().all(|known| known.attr != attr) {
        inferred.push(Inference {
            attr,
            slot,
            reason: Arc::from(reason),
        });
    }
}
