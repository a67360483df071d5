//! What a program probably does, as the names of its requests say (docs/semantics.md §2).
//!
//! Nobody declares that a flow called “Payment webhook” makes a webhook of its
//! receiver, so the rules about webhooks would sleep. Each fact here is an assumption
//! with its reason: it counts until the model itself says otherwise.

use std::collections::BTreeSet;

use super::infer::{assume, zone_trust};
use super::naming::says;
use super::roles::{handles_requests, is_client, may_pass};
use super::{ends, is_of_kind, items};
use crate::model::callers::Request;
use crate::model::vocabulary::Class;
use crate::model::{Attr, ElementId, Model, Value};
use crate::source::Place;

const CALLBACKS: [&str; 6] = [
    "callback",
    "ipn",
    "payment event",
    "payment notification",
    "web hook",
    "webhook",
];

const PASSWORDS: [&str; 5] = ["credential", "log in", "login", "passphrase", "password"];

/// What people do who cannot log in: a password that they send there is a new one.
const RECOVERIES: [&str; 8] = [
    "account recovery",
    "forgot password",
    "forgotten password",
    "lost password",
    "password recovery",
    "password reset",
    "recover password",
    "reset password",
];

const PAYMENTS: [&str; 10] = [
    "card data",
    "card number",
    "charge",
    "charge card",
    "checkout",
    "credit card",
    "pay",
    "payment",
    "payment token",
    "take payment",
];

/// How many requests of one program are looked at for a payment.
const MAX_PAYMENTS: usize = 64;

/// What hands files that it received to other programs.
const CONVERTERS: [&str; 11] = [
    "converter",
    "image processor",
    "ingest",
    "ingester",
    "ingestion",
    "media processor",
    "pdf renderer",
    "thumbnailer",
    "transcoder",
    "transcoding",
    "video processor",
];

/// A fact about an element, and what tells it.
struct Fact {
    of: ElementId,
    name: &'static str,
    value: Value,
    place: Place,
    reason: String,
}

/// Notes what names say about what programs do.
pub(super) fn find(model: &mut Model) {
    let mut facts = Vec::new();
    let touching = touching(model);
    for id in model.ids() {
        let class = model.element(id).class;
        facts.extend(meant_for_all(model, id, &touching[id.0 as usize]));
        if may_pass(class) && !model.callers.is_proxy(id) {
            requests(model, id, &mut facts);
            facts.extend(payments(model, id, &touching));
        }
    }
    let takers = takers(model);
    for &flow in &model.flows {
        uploads(model, flow, &takers, &mut facts);
    }
    for fact in facts {
        assume(
            model,
            fact.of,
            fact.name,
            fact.value,
            Some(fact.place),
            fact.reason,
        );
    }
}

/// The flows that start or end at each element.
fn touching(model: &Model) -> Vec<Vec<ElementId>> {
    let mut touching = vec![Vec::new(); model.elements.len()];
    for &flow in &model.flows {
        for end in ends(model, flow).into_iter().flatten() {
            touching[end.0 as usize].push(flow);
        }
    }
    touching
}

/// What deals with people alone, or with apps in their hands, none of them an administrator,
/// and in data alone of which the model says that everyone may read it, is meant for everyone.
fn meant_for_all(model: &Model, id: ElementId, flows: &[ElementId]) -> Option<Fact> {
    let all_public = |flow: ElementId| {
        let data = items(model.element(flow).named("data"));
        let public = |item: &Value| {
            let Value::Data(id) = item else {
                return false;
            };
            let slot = model.datum(*id).named("classification");
            matches!(slot.map(|slot| &slot.value),
                Some(Value::Member(of, at)) if of.members[*at as usize].0 == "PUBLIC")
        };
        !data.is_empty() && data.iter().all(public)
    };
    let with_people = |flow: ElementId| {
        let others = ends(model, flow)
            .into_iter()
            .flatten()
            .filter(|&end| end != id);
        let people = |end: ElementId| {
            is_client(model, end)
                || model.element(end).class.is_a(Class::Actor) && !is_true(model, end, "isAdmin")
        };
        others.map(people).eq([true])
    };
    let &first = flows.first()?;
    let public = flows
        .iter()
        .all(|&flow| with_people(flow) && all_public(flow));
    public.then(|| {
        let reason = "only people use it, and all data it sends and receives is PUBLIC".to_owned();
        told(model, id, "isPublic", first, reason)
    })
}

/// What follows from each request that an element surely receives.
fn requests(model: &Model, id: ElementId, facts: &mut Vec<Fact>) {
    let mut administrator = None;
    let mut others = false;
    for request in model.callers.of(id) {
        let [Some(caller), _] = ends(model, request.flow) else {
            continue;
        };
        if request.perhaps.is_some() {
            continue;
        }
        let flow = model.element(request.flow);
        let class = model.element(caller).class;
        if class.is_a(Class::ExternalEntity) && says(&flow.name, &CALLBACKS) {
            let sender = &model.element(caller).name;
            let reason = format!("“{sender}” calls it with “{}”", flow.name);
            facts.push(told(model, id, "receivesWebhooks", request.flow, reason));
        }
        if !class.is_a(Class::Actor) {
            others = true;
            continue;
        }
        let recovers = says(&flow.name, &RECOVERIES) || says(&model.element(id).name, &RECOVERIES);
        let otherwise = logs_in_otherwise(model, id);
        if !recovers
            && !otherwise
            && let Some(data) = password(model, request)
        {
            let person = &model.element(caller).name;
            let reason = format!("“{person}” sends it “{data}”");
            facts.push(told(model, id, "usesPasswords", request.flow, reason));
        }
        if is_true(model, caller, "isAdmin") {
            administrator = administrator.or(Some((caller, request.flow)));
        } else {
            others = true;
        }
    }
    if let Some((person, flow)) = administrator
        && !others
    {
        let name = &model.element(person).name;
        let reason = format!("only administrators use it: “{name}”");
        facts.push(told(model, id, "isAdminInterface", flow, reason));
    }
}

/// Whether the scheme that an element states is one without passwords of its own.
fn logs_in_otherwise(model: &Model, id: ElementId) -> bool {
    let scheme = model.element(id).controls.named("authenticationScheme");
    let scheme = scheme.and_then(|slot| slot.value.as_text()).unwrap_or("");
    says(
        scheme,
        &["certificate", "kerberos", "mtls", "ntlm", "spnego"],
    )
}

/// The name of a password among what a person sends, as far as it gets here: an app may keep
/// it to itself, or send it elsewhere.
fn password(model: &Model, request: &Request) -> Option<String> {
    let data = |flow: ElementId| items(model.element(flow).named("data"));
    let arrives = data(request.arrival);
    let carried = if arrives.is_empty() {
        data(request.flow)
    } else {
        arrives
    };
    carried.into_iter().find_map(|item| {
        let Value::Data(id) = item else {
            return None;
        };
        let data = &model.data[id.0 as usize];
        let is = |name: &str| {
            let slot = data.slots.get(&Attr::named(name));
            slot.is_some_and(|slot| slot.value.is_true())
        };
        let named = is("isCredentials") && says(&data.name, &PASSWORDS);
        (named || is("isPassword")).then(|| data.name.to_string())
    })
}

/// A program that people from outside use, and that takes their money: on a request of theirs, on one
/// that it sends, or through a program of one's own that it calls. What a payment provider
/// calls is no page on which anybody pays.
fn payments(model: &Model, id: ElementId, touching: &[Vec<ElementId>]) -> Option<Fact> {
    let people: Vec<ElementId> = (model.callers.of(id).iter())
        .filter(|request| request.perhaps.is_none())
        .map(|request| request.flow)
        .filter(|&flow| {
            let caller = model.linked(flow, "source");
            caller.is_some_and(|caller| {
                model.element(caller).class.is_a(Class::Actor) && !is_of_ones_own(model, caller)
            })
        })
        .collect();
    if people.is_empty() {
        return None;
    }
    let sent = sent_by(model, id, touching);
    let behind = sent.iter().filter_map(|&flow| {
        let sink = model.linked(flow, "sink")?;
        may_pass(model.element(sink).class).then_some(sink)
    });
    let onwards = behind.flat_map(|program| sent_by(model, program, touching));
    let onwards: Vec<_> = onwards
        .filter(|&flow| {
            let sink = model.linked(flow, "sink");
            sink.is_some_and(|sink| model.element(sink).class.is_a(Class::ExternalEntity))
        })
        .take(MAX_PAYMENTS)
        .collect();
    let flow = (people.into_iter().chain(sent).chain(onwards))
        .find(|&flow| says(&model.element(flow).name, &PAYMENTS))?;
    let reason = format!(
        "people from outside use it, and it takes part in “{}”",
        model.element(flow).name
    );
    Some(told(model, id, "takesPayments", flow, reason))
}

/// Whether something stands in a zone that is one's own.
fn is_of_ones_own(model: &Model, id: ElementId) -> bool {
    let trust = zone_trust(model, id).map(|slot| &slot.value);
    matches!(trust, Some(Value::Member(of, at))
        if ["INTERNAL", "RESTRICTED"].contains(&of.members[*at as usize].0))
}

/// The requests that an element sends.
fn sent_by(model: &Model, id: ElementId, touching: &[Vec<ElementId>]) -> Vec<ElementId> {
    let sent = touching[id.0 as usize]
        .iter()
        .copied()
        .filter(|&flow| model.linked(flow, "source") == Some(id) && !model.is_response(flow));
    sent.take(MAX_PAYMENTS).collect()
}

/// What is called an upload carries files: to the program that receives it, or from
/// the one that puts them into a store. Who has a shell there puts files where they like.
fn uploads(model: &Model, flow: ElementId, takers: &BTreeSet<ElementId>, facts: &mut Vec<Fact>) {
    let name = &model.element(flow).name;
    let [Some(source), Some(sink)] = ends(model, flow) else {
        return;
    };
    if !says(name, &["upload"]) || model.is_response(flow) || is_of_kind(model, flow, &["SHELL"]) {
        return;
    }
    let stored = model.element(sink).class.is_a(Class::Datastore);
    let id = if stored { source } else { sink };
    let element = model.element(id);
    if !may_pass(element.class) || model.callers.is_proxy(id) {
        return;
    }
    // What one of one's own programs took from somebody is judged there.
    if !stored && takers.contains(&source) {
        return;
    }
    let reason = format!("files pass through it on “{name}”");
    facts.push(told(model, id, "acceptsFileUploads", flow, reason));
    if !stored && says(&element.name, &CONVERTERS) {
        let reason = format!(
            "it is called “{}” and receives files, which such programs usually hand to others",
            element.name
        );
        facts.push(told(model, id, "runsCommands", flow, reason));
    }
}

/// Who surely takes files from others: as is stated, or as a flow is called to what handles
/// requests itself.
fn takers(model: &Model) -> BTreeSet<ElementId> {
    let uploads = model.flows.iter().copied();
    let uploads = uploads.filter(|&flow| says(&model.element(flow).name, &["upload"]));
    let called = uploads.filter_map(|flow| model.linked(flow, "sink"));
    let called = called.filter(|&id| handles_requests(model, id));
    let stated = (model.ids()).filter(|&id| is_true(model, id, "acceptsFileUploads"));
    let programs = called
        .chain(stated)
        .filter(|&id| may_pass(model.element(id).class) && !model.callers.is_proxy(id));
    programs.collect()
}

/// A boolean that a flow tells about an element.
fn told(model: &Model, of: ElementId, name: &'static str, flow: ElementId, reason: String) -> Fact {
    Fact {
        of,
        name,
        value: Value::Bool(true),
        place: model.element(flow).place.clone(),
        reason,
    }
}

fn is_true(model: &Model, id: ElementId, name: &str) -> bool {
    let slot = model.element(id).named(name);
    slot.is_some_and(|slot| slot.value.is_true())
}
