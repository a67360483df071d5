//! Who from outside reaches an element, and what is at stake there: for all elements at
//! once, in time that grows with the flows.

use std::collections::VecDeque;

use super::infer::zone_trust;
use super::roles::is_client;
use crate::model::exposure::{Exposures, Reach, Reached, Stake, Thing, Worth};
use crate::model::vocabulary::Class;
use crate::model::{Attr, DataId, ElementId, Model, Origin, Value};

/// Finds how outsiders reach every element, and what is at stake there.
pub(super) fn find(model: &Model) -> Exposures {
    let flows: Vec<_> = model
        .flows
        .iter()
        .filter_map(|&flow| {
            let ends = (model.linked(flow, "source")?, model.linked(flow, "sink")?);
            Some((flow, ends.0, ends.1))
        })
        .collect();
    Exposures {
        reached: reach(model, &flows),
        stakes: stakes(model, &flows),
    }
}

type Flow = (ElementId, ElementId, ElementId);

fn reach(model: &Model, flows: &[Flow]) -> Vec<Reached> {
    let mut found: Vec<Reached> = model
        .ids()
        .map(|id| Reached {
            outsider: is_outsider(model, id),
            ..Reached::default()
        })
        .collect();
    let mut next = vec![Vec::new(); model.elements.len()];
    for &(flow, source, sink) in flows {
        let person = model.element(sink).class.is_a(Class::Actor);
        if !model.is_response(flow) && !person && !found[sink.0 as usize].outsider {
            next[source.0 as usize].push((flow, sink));
        }
    }
    let mut open: VecDeque<ElementId> = model
        .ids()
        .filter(|id| found[id.0 as usize].outsider)
        .collect();
    let mut login: VecDeque<(ElementId, ElementId)> = VecDeque::new();
    while let Some(here) = open.pop_front() {
        for &(flow, there) in &next[here.0 as usize] {
            if authenticates(model, flow, there) {
                login.push_back((here, there));
            } else if found[there.0 as usize].reach != Reach::Open {
                found[there.0 as usize].reach = Reach::Open;
                found[there.0 as usize].before = Some(here);
                found[there.0 as usize].from = found[here.0 as usize].from.or(Some(here));
                open.push_back(there);
            }
        }
    }
    while let Some((here, there)) = login.pop_front() {
        if found[there.0 as usize].reach == Reach::No {
            found[there.0 as usize].reach = Reach::Login;
            found[there.0 as usize].before = Some(here);
            found[there.0 as usize].from = found[here.0 as usize].from.or(Some(here));
            let on = next[there.0 as usize].iter();
            login.extend(on.map(|&(_, further)| (there, further)));
        }
    }
    found
}

/// Whether someone is no part of one's own: what stands in a zone of others, and
/// where no zone says anything, people who do not administer the system and systems
/// that others run.
fn is_outsider(model: &Model, id: ElementId) -> bool {
    let element = model.element(id);
    let is_person = element.class.is_a(Class::Actor);
    if !is_person && !element.class.is_a(Class::ExternalEntity) {
        return false;
    }
    match zone_trust(model, id).map(|slot| &slot.value) {
        Some(Value::Member(of, at)) if of.members[*at as usize].0 != "UNKNOWN" => {
            matches!(of.members[*at as usize].0, "UNTRUSTED" | "PARTNER")
        }
        _ => {
            let admin = element.known(&Attr::named("isAdmin"));
            !admin.is_some_and(|slot| slot.value.is_true())
        }
    }
}

/// Whether who sends a flow is authenticated where it arrives: the flow's own word,
/// else that of the element. An app in the hands of its users keeps nobody out.
fn authenticates(model: &Model, flow: ElementId, sink: ElementId) -> bool {
    let attr = Attr::named("authenticatesSource");
    let word = |id: ElementId| {
        let slot = model.element(id).known_control(&attr)?;
        (slot.origin != Origin::Default).then(|| slot.value.is_true())
    };
    let said = word(flow).or_else(|| word(sink));
    said.is_some_and(|yes| yes && !is_client(model, sink))
}

fn stakes(model: &Model, flows: &[Flow]) -> Vec<Stake> {
    let mut stakes: Vec<Stake> = model.ids().map(|id| own_stake(model, id)).collect();
    let mut before = vec![Vec::new(); model.elements.len()];
    for &(flow, source, sink) in flows {
        let carried = data(model, flow);
        let answer = model
            .linked(flow, "response")
            .map(|answer| data(model, answer));
        stakes[flow.0 as usize] = carried.max(answer.unwrap_or_default());
        for end in [source, sink] {
            let end = &mut stakes[end.0 as usize];
            *end = carried.max(*end);
        }
        if !model.is_response(flow) {
            before[sink.0 as usize].push(source);
        }
    }
    // What lies behind an element is at stake there too: the highest first, so that
    // each element is met once.
    let mut order: Vec<ElementId> = model.ids().filter(|id| !is_flow(model, *id)).collect();
    order.sort_by_key(|id| std::cmp::Reverse(stakes[id.0 as usize]));
    let mut settled = vec![false; model.elements.len()];
    for start in order {
        let stake = stakes[start.0 as usize];
        let mut queue = vec![start];
        while let Some(here) = queue.pop() {
            if std::mem::replace(&mut settled[here.0 as usize], true) {
                continue;
            }
            stakes[here.0 as usize] = stake;
            queue.extend(&before[here.0 as usize]);
        }
    }
    stakes
}

fn is_flow(model: &Model, id: ElementId) -> bool {
    model.element(id).class.is_a(Class::Dataflow)
}

/// What is at stake at an element for what it says of itself.
fn own_stake(model: &Model, id: ElementId) -> Stake {
    let element = model.element(id);
    let says = |name: &str| {
        let slot = element.slots.named(name);
        slot.is_some_and(|slot| slot.origin != Origin::Default && slot.value.is_true())
    };
    let high = |thing| Stake {
        worth: Worth::High,
        class: 0,
        thing: Some(thing),
    };
    let mut stake = data(model, id);
    if says("storesSensitiveData") {
        stake = stake.max(high(Thing::Store(id)));
    }
    if says("isBusinessCritical") {
        stake = stake.max(high(Thing::Business(id)));
    }
    stake
}

/// The highest class of the data that an element names. Data of which nobody said
/// how confidential it is counts as confidential: else it would be better not to say.
fn data(model: &Model, id: ElementId) -> Stake {
    let named = model.element(id).named("data");
    let items = named.and_then(|slot| slot.value.items()).unwrap_or(&[]);
    let data = items.iter().filter_map(|value| match value {
        Value::Data(id) => Some(*id),
        _ => None,
    });
    let stake = |id: DataId| {
        let class = match model.datum(id).named("classification").map(|s| &s.value) {
            Some(Value::Member(_, at)) => *at,
            _ => 0,
        };
        let worth = match class {
            1 => Worth::Low,
            2 => Worth::Medium,
            _ => Worth::High,
        };
        let thing = Some(Thing::Data(id));
        Stake {
            worth,
            class,
            thing,
        }
    };
    // Of equals the first that is declared.
    data.map(stake)
        .reduce(|best, next| {
            let key = |stake: &Stake| (stake.worth, stake.class);
            if key(&next) > key(&best) { next } else { best }
        })
        .unwrap_or_default()
}
