//! Who calls what, seen through elements that only pass requests on.
//!
//! A request belongs where it is handled: at the application, not at the load
//! balancer before it. So an element's requests are its own inputs, but where a
//! proxy stands between, those that reach the proxy. Of a server that nobody says
//! is a proxy, it is open whether it passes on what people and other systems send:
//! these requests are kept beside its own, as ones that arrive only perhaps.
//!
//! What stands before several programs passes to each what is meant for it: where the data
//! on its flows tells which request goes where, no other gets it.

use std::collections::{BTreeSet, VecDeque};

use super::roles::{handles_requests, is_client, may_pass};
use super::stores::hands_out;
use crate::model::callers::{Callers, Request};
use crate::model::vocabulary::Class;
use crate::model::{Attr, DataId, ElementId, Model, Origin, Value};

/// How many requests of people, of other systems and of own parts each are kept for
/// an element: what is asked about them is whether there is one of some kind.
const MAX_OF_A_KIND: usize = 64;

impl Request {
    /// How much it says: surely there before perhaps, then not vouched for.
    fn rank(&self) -> (bool, bool) {
        (self.perhaps.is_none(), self.vouched.is_none())
    }
}

/// Whether an element passes requests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passing {
    /// That is all it does.
    Proxy,
    /// Nobody said.
    Perhaps,
    /// It does not.
    No,
}

impl Model {
    /// Whether an element passes requests on.
    fn passing(&self, id: ElementId) -> Passing {
        let element = self.element(id);
        let said = element.known(&Attr::named("isProxy"));
        match said.map(|slot| &slot.value) {
            Some(Value::Bool(true)) => Passing::Proxy,
            Some(Value::Bool(false)) => Passing::No,
            _ if may_pass(element.class) && !handles_requests(self, id) => Passing::Perhaps,
            _ => Passing::No,
        }
    }
}

/// Finds the requests of every element, in time that grows with the flows.
pub(super) fn find(model: &Model) -> Callers {
    let mut search = Search {
        model,
        passing: model.ids().map(|id| model.passing(id)).collect(),
        outputs: vec![Vec::new(); model.elements.len()],
        carried: Carried::new(model),
        found: vec![Vec::new(); model.elements.len()],
        queue: VecDeque::new(),
    };
    let requests: Vec<_> = model
        .flows
        .iter()
        .filter_map(|&flow| Some((flow, ends(model, flow)?)))
        .collect();
    for &(flow, (source, sink)) in &requests {
        search.outputs[source.0 as usize].push((flow, sink));
        search.carried.add(flow, source, sink);
    }
    for &(flow, (source, sink)) in &requests {
        if search.passing[source.0 as usize] != Passing::Proxy {
            search.add(sink, direct(flow));
        }
    }
    search.pass_on();
    // What a proxy sends of which no caller is shown is a request of its own.
    for &(flow, (source, sink)) in &requests {
        if search.passing[source.0 as usize] == Passing::Proxy
            && search.found[source.0 as usize].is_empty()
        {
            search.add(sink, direct(flow));
        }
    }
    search.pass_on();
    let proxies = search.passing.iter();
    Callers {
        proxies: proxies.map(|passing| *passing == Passing::Proxy).collect(),
        requests: search.found,
    }
}

fn direct(flow: ElementId) -> Request {
    Request {
        flow,
        arrival: flow,
        perhaps: None,
        vouched: None,
    }
}

/// Source and sink of a flow that is a request. What a store hands out is none: a
/// queue does not call its consumer, nor does a broker.
fn ends(model: &Model, flow: ElementId) -> Option<(ElementId, ElementId)> {
    if model.is_response(flow) {
        return None;
    }
    let (source, sink) = (model.linked(flow, "source")?, model.linked(flow, "sink")?);
    let handed_out = hands_out(model, flow);
    (!handed_out && source != sink).then_some((source, sink))
}

struct Search<'m> {
    model: &'m Model,
    passing: Vec<Passing>,
    /// The requests that each element sends.
    outputs: Vec<Vec<(ElementId, ElementId)>>,
    carried: Carried,
    found: Vec<Vec<Request>>,
    /// Requests that are still to be passed on from where they arrived.
    queue: VecDeque<(ElementId, Request)>,
}

impl Search<'_> {
    fn pass_on(&mut self) {
        while let Some((here, request)) = self.queue.pop_front() {
            let passing = self.passing[here.0 as usize];
            let perhaps = match passing {
                Passing::No => continue,
                Passing::Proxy => request.perhaps,
                Passing::Perhaps if self.kind(request.flow) == Kind::Own => continue,
                Passing::Perhaps => request.perhaps.or(Some(here)),
            };
            let vouched = request
                .vouched
                .or_else(|| self.authenticates(here).then_some(here));
            for at in 0..self.outputs[here.0 as usize].len() {
                let (arrival, sink) = self.outputs[here.0 as usize][at];
                if !self.carried.goes_on(here, request.arrival, arrival) {
                    continue;
                }
                let passed = Request {
                    flow: request.flow,
                    arrival,
                    perhaps,
                    vouched,
                };
                self.add(sink, passed);
            }
        }
    }

    fn add(&mut self, sink: ElementId, request: Request) {
        if self.caller(request.flow) == Some(sink) {
            return;
        }
        let kind = self.kind(request.flow);
        let here = &self.found[sink.0 as usize];
        let known = here.iter().position(|r| r.flow == request.flow);
        match known {
            Some(at) if here[at].rank() >= request.rank() => return,
            Some(at) => self.found[sink.0 as usize][at] = request,
            None => {
                let same = here.iter().filter(|r| self.kind(r.flow) == kind);
                if same.count() >= MAX_OF_A_KIND {
                    return;
                }
                self.found[sink.0 as usize].push(request);
            }
        }
        self.queue.push_back((sink, request));
    }

    fn caller(&self, flow: ElementId) -> Option<ElementId> {
        self.model.linked(flow, "source")
    }

    fn kind(&self, flow: ElementId) -> Kind {
        match self.caller(flow).map(|id| self.model.element(id).class) {
            Some(class) if class.is_a(Class::Actor) => Kind::Person,
            Some(class) if class.is_a(Class::ExternalEntity) => Kind::System,
            _ => Kind::Own,
        }
    }

    fn authenticates(&self, id: ElementId) -> bool {
        let slot = self.model.element(id).controls.named("authenticatesSource");
        slot.is_some_and(|slot| slot.origin == Origin::Declared && slot.value.is_true())
            && !is_client(self.model, id)
    }
}

/// What data requests carry, by the position of flows and of their ends.
struct Carried {
    on: Vec<BTreeSet<DataId>>,
    into: Vec<BTreeSet<DataId>>,
    out_of: Vec<BTreeSet<DataId>>,
}

impl Carried {
    fn new(model: &Model) -> Self {
        let none = vec![BTreeSet::new(); model.elements.len()];
        let mut on = none.clone();
        for &flow in &model.flows {
            let said = model.element(flow).named("data");
            let data = said.and_then(|slot| slot.value.items()).unwrap_or(&[]);
            let id = |value: &Value| match value {
                Value::Data(id) => Some(*id),
                _ => None,
            };
            on[flow.0 as usize] = data.iter().filter_map(id).collect();
        }
        Self {
            on,
            into: none.clone(),
            out_of: none,
        }
    }

    fn add(&mut self, flow: ElementId, source: ElementId, sink: ElementId) {
        let data = &self.on[flow.0 as usize];
        self.out_of[source.0 as usize].extend(data);
        self.into[sink.0 as usize].extend(data);
    }

    /// Whether what arrives at an element on one flow may leave it on another. It does
    /// where they have data in common; where the model does not say which flow the one
    /// continues on, or what the other continues, it may as well.
    fn goes_on(&self, here: ElementId, arrives: ElementId, leaves: ElementId) -> bool {
        let (arrives, leaves) = (&self.on[arrives.0 as usize], &self.on[leaves.0 as usize]);
        !arrives.is_disjoint(leaves)
            || arrives.is_disjoint(&self.out_of[here.0 as usize])
            || leaves.is_disjoint(&self.into[here.0 as usize])
    }
}

/// Who sends a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Person,
    System,
    Own,
}
