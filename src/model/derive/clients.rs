//! Programs in the hands of the people who use them (docs/semantics.md §2).
//!
//! A banking app or a browser only passes on what its user asks for, and checks nothing that its
//! user cannot get around. So what it sends counts as sent by the person, and the login that
//! matters is that of the server behind it.

use super::infer::{assume, deny, is_untrusted, zone_trust};
use super::naming::says;
use super::roles::{handles_requests, is_client};
use super::{ends, is_of_kind};
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

/// Machines that serve whoever stands before them, and ask nobody who they are.
const MACHINES: [&str; 10] = [
    "atm",
    "cash machine",
    "kiosk",
    "parking meter",
    "pay station",
    "payment station",
    "self checkout",
    "self service terminal",
    "ticket machine",
    "vending machine",
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
const NATIVE: [&str; 12] = [
    "android",
    "app",
    "cli",
    "desktop",
    "game client",
    "ios",
    "kiosk",
    "mobile client",
    "native",
    "phone",
    "smartphone",
    "tablet",
];

/// What protocols are for that no page speaks.
const NOT_IN_PAGES: [&str; 4] = ["DATABASE", "DIRECTORY", "FILES", "SHELL"];

/// Apps that a browser shows.
const PAGES: [&str; 10] = [
    "angular",
    "browser",
    "front end",
    "frontend",
    "javascript",
    "progressive",
    "react",
    "single page",
    "vue",
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
            && !model.is_response(flow)
            && !is_beside_the_user(model, source)
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

/// Whether a program of its user's is no browser, and shows no pages of servers: by its name, by
/// what is said of it, or because it speaks what no browser does.
fn is_native(model: &Model, id: ElementId) -> bool {
    let element = model.element(id);
    let description = element.named("description");
    let said = description.and_then(|slot| slot.value.as_text());
    let words = [&*element.name, said.unwrap_or_default()];
    if words.iter().any(|words| says(words, &PAGES)) {
        return false;
    }
    let speaks = |flow: &ElementId| {
        let protocol = model.element(*flow).named("protocol");
        let protocol = protocol.and_then(|slot| slot.value.as_text());
        ends(model, *flow).contains(&Some(id))
            && (is_of_kind(model, *flow, &NOT_IN_PAGES)
                || protocol.is_some_and(|protocol| says(protocol, &["udp"])))
    };
    words.iter().any(|words| says(words, &NATIVE)) || model.flows.iter().any(speaks)
}

/// Who sends something requests.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Nobody,
    /// People, systems of others that notify them, and what they wear.
    People,
    Programs,
}

fn is_device(model: &Model, id: ElementId) -> bool {
    let stands_there = model.element(id).slots.named("isFieldDevice");
    stands_there.is_some_and(|slot| slot.value.is_true())
}

/// Whether something is where users are: a device of theirs, or a program in a zone in which
/// anyone can act.
fn is_beside_the_user(model: &Model, id: ElementId) -> bool {
    is_device(model, id) || zone_trust(model, id).is_some_and(|slot| is_untrusted(&slot.value))
}

fn is_called_so(model: &Model, id: ElementId) -> bool {
    let element = model.element(id);
    let able = element.class.is_a(Class::Server) || element.class.is_a(Class::Process);
    if !able || says(&element.name, &SERVERS) {
        return false;
    }
    if says(&element.name, &MACHINES) {
        return true;
    }
    if is_device(model, id) {
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
