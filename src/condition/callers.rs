//! Methods about who calls an element, seen through what only passes requests on
//! (docs/semantics.md §3): `requests`, `received`, `unauthenticated`, `callers`, `calledBy`,
//! `calledByOutsiders`.
//!
//! What an element handles is judged there: on a proxy they are all empty.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::LazyLock;

use super::compare::{all, any};
use super::eval::Evaluation;
use super::expression::Shape;
use super::methods::ATTRS;
use super::value::{Outcome, Val};
use super::view::{Reading, View};
use crate::model::callers::Request;
use crate::model::derive::{is_handed_out, is_of_kind};
use crate::model::vocabulary::{Class, TRUST};
use crate::model::{Attr, ElementId, Origin, Owner, Slot, Value};

struct Attrs {
    authenticates: Attr,
    in_boundary: Attr,
    is_admin: Attr,
    is_credentials: Attr,
    is_proxy: Attr,
    trust: Attr,
}

static OWN: LazyLock<Attrs> = LazyLock::new(|| Attrs {
    authenticates: Attr::named("authenticatesSource"),
    in_boundary: Attr::named("inBoundary"),
    is_admin: Attr::named("isAdmin"),
    is_credentials: Attr::named("isCredentials"),
    is_proxy: Attr::named("isProxy"),
    trust: Attr::named("trust"),
});

impl<'m, V: View<'m>> Evaluation<'m, V> {
    /// The flows on which callers send the requests that it handles.
    pub(super) fn requests(&mut self, id: ElementId) -> Outcome<'m> {
        self.select(id, |_, _| Some(true))
    }

    /// The same, and what stores and brokers hand out to it.
    pub(super) fn received(&mut self, id: ElementId) -> Outcome<'m> {
        let requests = self.select(id, |_, _| Some(true))?;
        if self.model.callers.is_proxy(id) || requests.unknown() {
            return Ok(requests);
        }
        let inputs = self.model.element(id).read(&ATTRS.inputs);
        let inputs = inputs.and_then(|slot| slot.value.items()).unwrap_or(&[]);
        self.charge(inputs.len())?;
        let handed = inputs.iter().filter_map(Value::as_element);
        let handed = handed.filter(|flow| is_handed_out(self.model, *flow));
        let handed = handed.map(Val::Element);
        Ok(list(requests.items().chain(handed).collect()))
    }

    /// The requests whose caller nobody authenticates.
    pub(super) fn unauthenticated(&mut self, id: ElementId) -> Outcome<'m> {
        self.select(id, |evaluation, request| {
            evaluation.authenticated(id, request).map(|is| !is)
        })
    }

    /// Who sends the requests that it handles, each once.
    pub(super) fn callers(&mut self, id: ElementId) -> Outcome<'m> {
        let requests = self.select(id, |_, _| Some(true))?;
        if requests.unknown() {
            return Ok(requests);
        }
        let mut seen = BTreeSet::new();
        let mut callers = Vec::new();
        for request in requests.items() {
            match request {
                Val::Element(flow) => {
                    let caller = self.model.linked(flow, "source");
                    callers.extend(caller.filter(|c| seen.insert(*c)).map(Val::Element));
                }
                other => callers.push(other),
            }
        }
        Ok(list(callers))
    }

    /// Whether one of its callers is of one of these classes.
    pub(super) fn called_by(
        &mut self,
        id: ElementId,
        arguments: &[Val<'m>],
    ) -> Outcome<'m, Option<bool>> {
        self.some_request(id, |evaluation, request| {
            let Some(caller) = evaluation.model.linked(request.flow, "source") else {
                return Some(false);
            };
            let class = evaluation.model.element(caller).class;
            Some(arguments.iter().any(|argument| match argument {
                Val::Class(wanted) => class.is_a(*wanted),
                Val::Element(wanted) => caller == *wanted,
                _ => false,
            }))
        })
    }

    /// Whether one of its callers is a person or system from outside.
    pub(super) fn called_by_outsiders(&mut self, id: ElementId) -> Outcome<'m, Option<bool>> {
        self.some_request(id, |evaluation, request| {
            match evaluation.model.linked(request.flow, "source") {
                Some(caller) => evaluation.is_outsider(caller),
                None => Some(false),
            }
        })
    }

    /// The requests that a proxy does not merely pass on.
    fn handled(&mut self, id: ElementId) -> Outcome<'m, &'m [Request]> {
        let requests = self.model.callers.of(id);
        self.charge(requests.len())?;
        if self.model.callers.is_proxy(id) {
            return Ok(&[]);
        }
        Ok(requests)
    }

    /// The flows of those requests that are wanted; an unknown item stands for one
    /// of which that is not known.
    fn select(
        &mut self,
        id: ElementId,
        mut wanted: impl FnMut(&mut Self, &'m Request) -> Option<bool>,
    ) -> Outcome<'m> {
        let mut flows = Vec::new();
        let mut unknown = false;
        for request in self.handled(id)? {
            let mark = self.view.mark();
            let answers = [self.arrives(request), wanted(self, request)];
            match all(answers.into_iter()) {
                Some(true) => flows.push(Val::Element(request.flow)),
                Some(false) if V::NOTES => {
                    let end = self.view.mark();
                    self.view.forget(mark, end);
                }
                Some(false) => {}
                None => unknown = true,
            }
        }
        if unknown && flows.is_empty() {
            return Ok(Val::Unknown);
        }
        if unknown {
            flows.push(Val::Unknown);
        }
        Ok(list(flows))
    }

    fn some_request(
        &mut self,
        id: ElementId,
        mut wanted: impl FnMut(&mut Self, &'m Request) -> Option<bool>,
    ) -> Outcome<'m, Option<bool>> {
        let mut answers = Vec::new();
        for request in self.handled(id)? {
            let mark = self.view.mark();
            let answer = match wanted(self, request) {
                Some(false) => Some(false),
                wanted => all([self.arrives(request), wanted].into_iter()),
            };
            if answer == Some(true) {
                return Ok(Some(true));
            }
            if answer == Some(false) && V::NOTES {
                let end = self.view.mark();
                self.view.forget(mark, end);
            }
            answers.push(answer);
        }
        Ok(any(answers.into_iter()))
    }

    /// Whether a request gets here: unknown where it has to pass an element of which
    /// nobody said whether it passes requests on.
    fn arrives(&mut self, request: &'m Request) -> Option<bool> {
        let Some(between) = request.perhaps else {
            return Some(true);
        };
        let slot = self.model.element(between).known(&OWN.is_proxy)?;
        let said = self.look(Owner::Element(between), &OWN.is_proxy, slot)?;
        Some(!matches!(said, Value::Bool(false)))
    }

    /// Whether the caller of a request proves who it is: the flow's own word first,
    /// where it arrives and where it is sent, then that of a proxy on the way or of who
    /// handles it; where that says nothing, credentials that the request carries.
    fn authenticated(&mut self, id: ElementId, request: &'m Request) -> Option<bool> {
        for flow in [request.arrival, request.flow] {
            let slot = self.model.element(flow).known_control(&OWN.authenticates)?;
            if slot.origin != Origin::Default {
                let said = self.see_control(flow, slot)?;
                return Some(said.is_true());
            }
        }
        if request.vouched.is_some() || self.is_mail_from_anyone(request) {
            return Some(true);
        }
        let slot = self.model.element(id).known_control(&OWN.authenticates)?;
        if slot.origin == Origin::Default && self.carries_credentials(request.flow)? {
            return Some(true);
        }
        let said = self.see_control(id, slot)?;
        Some(said.is_true())
    }

    /// Whether a request is mail that another system delivers, which comes from anyone on purpose.
    fn is_mail_from_anyone(&self, request: &Request) -> bool {
        let caller = self.model.linked(request.flow, "source");
        let system = |id| self.model.element(id).class.is_a(Class::ExternalEntity);
        caller.is_some_and(system) && is_of_kind(self.model, request.flow, &["MAIL"])
    }

    /// Whether a request carries what a person or an outside system logs in with: who sends a
    /// password, a token or a key is asked for it, unless the receiver says otherwise. Of one's
    /// own programs that is not so: they also hand on the secrets of others.
    fn carries_credentials(&mut self, flow: ElementId) -> Option<bool> {
        let caller = self.model.linked(flow, "source")?;
        let class = self.model.element(caller).class;
        if !class.is_a(Class::Actor) && !class.is_a(Class::ExternalEntity) {
            return Some(false);
        }
        let data = self.model.element(flow).read(&ATTRS.data)?;
        let items = data.value.items().unwrap_or(&[]);
        self.charge(items.len()).ok()?;
        let answers = items.iter().map(|item| {
            let Value::Data(id) = item else {
                return Some(false);
            };
            let slot = self.model.datum(*id).read(&OWN.is_credentials)?;
            (slot.origin != Origin::Unread).then(|| slot.value.is_true())
        });
        any(answers)
    }

    fn see_control(&mut self, id: ElementId, slot: &'m Slot) -> Option<&'m Value> {
        self.view.see(Reading {
            owner: Owner::Controls(id),
            attr: &OWN.authenticates,
            slot,
            path: "controls.authenticatesSource",
            structural: false,
        })
    }

    /// Whether a caller is a person or system that is not of one's own: an actor who
    /// does not administer the system or an external entity, unless it stands in a
    /// zone of one's own. Where no zone says anything, it is taken for one.
    fn is_outsider(&mut self, id: ElementId) -> Option<bool> {
        let element = self.model.element(id);
        if !element.class.is_a(Class::Actor) && !element.class.is_a(Class::ExternalEntity) {
            return Some(false);
        }
        let mut unsaid = None;
        for boundary in self.model.boundaries(id) {
            let slot = self.model.element(boundary).known(&OWN.trust)?;
            if slot.origin == Origin::Default {
                unsaid = unsaid.or(Some((Owner::Element(boundary), &OWN.trust, slot)));
                continue;
            }
            let said = self.look(Owner::Element(boundary), &OWN.trust, slot)?;
            return Some(!is_own(said));
        }
        if element.class.is_a(Class::Actor) {
            let slot = element.known(&OWN.is_admin)?;
            if self
                .look(Owner::Element(id), &OWN.is_admin, slot)?
                .is_true()
            {
                return Some(false);
            }
        }
        let (owner, attr, slot) = match unsaid {
            Some(boundary) => boundary,
            None => {
                let slot = element.read(&OWN.in_boundary)?;
                (Owner::Element(id), &OWN.in_boundary, slot)
            }
        };
        let said = self.look(owner, attr, slot)?;
        Some(!is_own(said))
    }

    fn look(&mut self, owner: Owner, attr: &'static Attr, slot: &'m Slot) -> Option<&'m Value> {
        self.view.see(Reading {
            owner,
            attr,
            slot,
            path: attr.name(),
            structural: false,
        })
    }
}

/// Whether a zone of that trust is one's own.
fn is_own(trust: &Value) -> bool {
    let Value::Member(of, at) = trust else {
        return false;
    };
    let member = of.members[*at as usize].0;
    std::ptr::eq(*of, &raw const TRUST) && matches!(member, "INTERNAL" | "RESTRICTED")
}

fn list(items: Vec<Val<'_>>) -> Val<'_> {
    Val::OwnItems(Shape::List, Rc::from(items))
}
