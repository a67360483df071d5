//! Programs in the hands of the people who use them (docs/semantics.md §2).
//!
//! A banking app or a browser only passes on what its user asks for, and checks nothing that its
//! user cannot get around. So what it sends counts as sent by the person, and the login that
//! matters is that of the server behind it.

use super::infer::{assume, deny, is_untrusted, zone_trust};
use super::naming::says;
use super::{ends, is_response};
use crate::model::callers::{handles_requests, is_client};
use crate::model::vocabulary::{Class, Enumeration};
use crate::model::{ElementId, Model, Origin, Value};

/// Names of such programs wherever they stand.
const CLIENTS: [&str; 14] = [
    "android app",
    "browser",
    "desktop app",
    "desktop client",
    "ios app",
    "mobile app",
    "mobile application",
    "mobile client",
    "native app",
    "phone app",
    "single page app",
    "single page application",
    "smartphone app",
    "spa",
];

/// Names that mean one only in a zone in which anyone can act.
const THERE: [&str; 9] = [
    "app",
    "cli",
    "client",
    "desktop",
    "front end",
    "frontend",
    "laptop",
    "phone",
    "tablet",
];

/// Apps that are installed.
const NATIVE: [&str; 9] = [
    "android",
    "app",
    "cli",
    "ios",
    "mobile client",
    "native",
    "phone",
    "smartphone",
    "tablet",
];

/// Apps that a browser shows.
const PAGES: [&str; 6] = [
    "browser",
    "front end",
    "frontend",
    "progressive",
    "single page",
    "web",
];

/// What is called an app and serves it.
const SERVERS: [&str; 8] = [
    "api",
    "app server",
    "backend",
    "cluster",
    "gateway",
    "proxy",
    "server",
    "service",
];

/// Tells them by their names, and takes each of them for what passes on the requests of its users.
pub(super) fn find(model: &mut Model) {
    let mut asked = vec![Asked::Nobody; model.elements.len()];
    for &flow in &model.flows {
        let [Some(source), Some(sink)] = ends(model, flow) else {
            continue;
        };
        let class = model.element(source).class;
        let asked = &mut asked[sink.0 as usize];
        if class.is_a(Class::Actor) && *asked != Asked::Programs {
            *asked = Asked::People;
        } else if !class.is_a(Class::Actor)
            && !class.is_a(Class::ExternalEntity)
            && !is_response(model, flow)
        {
            *asked = Asked::Programs;
        }
    }
    for id in model.ids() {
        if asked[id.0 as usize] == Asked::People && is_called_so(model, id) {
            let element = model.element(id);
            let reason = format!("it is called “{}”, and only people use it", element.name);
            let place = Some(element.name_place.clone());
            assume(model, id, "isClient", Value::Bool(true), place, reason);
        }
        deny(model, id, "isClient");
        if is_client(model, id) && !handles_requests(model, id) {
            let reason = "it runs in the hands of the people who use it".to_owned();
            let place = Some(model.element(id).place.clone());
            assume(model, id, "isProxy", Value::Bool(true), place, reason);
        }
    }
    for flow in model.flows.clone() {
        handled(model, flow);
    }
}

/// What a person types on a device of their own, and reads there, travels nowhere.
fn handled(model: &mut Model, flow: ElementId) {
    let [Some(source), Some(sink)] = ends(model, flow) else {
        return;
    };
    let is_said =
        (model.element(flow).named("protocol")).is_some_and(|slot| slot.origin != Origin::Default);
    let is_person = |id: ElementId| model.element(id).class.is_a(Class::Actor);
    let in_hand =
        is_person(source) && is_client(model, sink) || is_person(sink) && is_client(model, source);
    if !in_hand || is_said {
        return;
    }
    let native = is_native(model, if is_person(source) { sink } else { source });
    let place = Some(model.element(flow).place.clone());
    let reason = "it stays on a device in the hands of the person who uses it".to_owned();
    let closed = Value::Bool(true);
    assume(
        model,
        flow,
        "isEncryptedProtocol",
        closed,
        place.clone(),
        reason.clone(),
    );
    if native
        && let Some(kinds) = Enumeration::named("ProtocolKind")
        && let Some(local) = kinds.position("LOCAL")
    {
        let kind = Value::Member(kinds, local);
        assume(model, flow, "protocolKind", kind, place, reason);
    }
}

/// Whether a program of its user's is no browser, and shows no pages of servers.
fn is_native(model: &Model, id: ElementId) -> bool {
    let name = &model.element(id).name;
    says(name, &NATIVE) && !says(name, &PAGES)
}

/// Who sends something requests.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Nobody,
    /// People, and systems of others that notify them.
    People,
    Programs,
}

fn is_called_so(model: &Model, id: ElementId) -> bool {
    let element = model.element(id);
    let able = element.class.is_a(Class::Server) || element.class.is_a(Class::Process);
    let stands_there = element.slots.named("isFieldDevice");
    let is_device = stands_there.is_some_and(|slot| slot.value.is_true());
    if !able || is_device || says(&element.name, &SERVERS) {
        return false;
    }
    let zone = zone_trust(model, id).filter(|slot| slot.origin != Origin::Default);
    match zone {
        Some(slot) if is_untrusted(&slot.value) => {
            says(&element.name, &CLIENTS) || says(&element.name, &THERE)
        }
        Some(_) => false,
        None => says(&element.name, &CLIENTS),
    }
}
