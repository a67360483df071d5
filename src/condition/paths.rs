//! Paths along flows: `reaches` and `reachedFrom` (docs/semantics.md §3).

use super::compare::all;
use super::eval::Evaluation;
use super::expression::MethodCall;
use super::value::{Fault, Outcome, Val};
use super::view::{Reading, View};
use crate::model::reachability::{Known, Route, steps};
use crate::model::vocabulary::Class;
use crate::model::{Attr, ElementId, Owner};

impl<'m, V: View<'m>> Evaluation<'m, V> {
    /// Whether a path along flows that are no responses leads to (or comes
    /// from) an element of a class. It stops at a flow or element where one of
    /// the named attributes or controls is true, so such an element is not
    /// reached either; the element asked about is not itself tested.
    pub(super) fn reaches(
        &mut self,
        id: ElementId,
        call: &'m MethodCall,
        on: bool,
    ) -> Outcome<'m, Option<bool>> {
        let Some(Val::Class(class)) = call.arguments.first().map(|a| self.eval(a)).transpose()?
        else {
            return Err(Fault::Other("reaches needs a class"));
        };
        self.charge(1 + call.stops.len())?;
        let route = Route {
            on,
            class,
            stops: &call.stops,
            infers: self.infers(),
            known: V::KNOWN,
        };
        let reaches = self.model.reaches(&route);
        let answer = reaches.from(id);
        if call.stops.is_empty() {
            return Ok(answer);
        }
        self.view.rest_on_all();
        let path = match answer {
            Some(false) => Vec::new(),
            // Without notes it does not matter which way it goes.
            Some(true) if !V::NOTES => Vec::new(),
            None if !V::NOTES && V::KNOWN == Known::Said && self.view.answers().is_empty() => {
                Vec::new()
            }
            _ => reaches.path(self.model, &route, id),
        };
        self.charge(path.len())?;
        if self.is_changed(&path, &call.stops) {
            return self.go(id, class, &call.stops, on).map(Some);
        }
        for step in path {
            self.open(step, &call.stops);
        }
        Ok(answer)
    }

    /// Whether an answer that was put in may lead to another path than this one: it
    /// closes a step of it, or opens some other.
    fn is_changed(&self, path: &[ElementId], stops: &[Attr]) -> bool {
        self.view.answers().iter().any(|(owner, attr, value)| {
            let (Owner::Element(id) | Owner::Controls(id)) = owner else {
                return false;
            };
            stops.contains(attr) && (!value.is_true() || path.contains(id))
        })
    }

    /// The same for a view with answers put in, by going there: whether there is a path.
    fn go(
        &mut self,
        id: ElementId,
        class: Class,
        stops: &'m [Attr],
        on: bool,
    ) -> Outcome<'m, bool> {
        let Some(path) = self.path(id, class, stops, on)? else {
            return Ok(false);
        };
        for step in path {
            self.open(step, stops);
        }
        Ok(true)
    }

    /// The flows and elements of a shortest path, in a view in which all is known.
    fn path(
        &mut self,
        start: ElementId,
        class: Class,
        stops: &'m [Attr],
        on: bool,
    ) -> Outcome<'m, Option<Vec<ElementId>>> {
        let count = self.model.elements.len();
        self.charge(count / 64)?;
        // What stands before each element on the way to it.
        let mut before: Vec<Option<ElementId>> = vec![None; count];
        before[start.0 as usize] = Some(start);
        let mut queue = vec![start];
        let mut at = 0;
        while let Some(&here) = queue.get(at) {
            at += 1;
            for next in steps(self.model, here, on) {
                self.charge(1 + stops.len())?;
                if before[next.0 as usize].is_some() {
                    continue;
                }
                let mark = self.view.mark();
                let open = self.open(next, stops);
                let end = self.view.mark();
                self.view.forget(mark, end);
                if open != Some(true) {
                    continue;
                }
                before[next.0 as usize] = Some(here);
                if self.model.element(next).class.is_a(class) {
                    return Ok(Some(trace(&before, start, next)));
                }
                queue.push(next);
            }
        }
        Ok(None)
    }

    /// Whether none of the attributes is true there, be it the element's own or a control.
    fn open(&mut self, id: ElementId, stops: &'m [Attr]) -> Option<bool> {
        let element = self.model.element(id);
        let mut open = Some(true);
        for attr in stops {
            let own = self.slot(element, attr);
            let own = own.map(|slot| (Owner::Element(id), slot));
            let control = self
                .control_slot(element, attr)
                .map(|slot| (Owner::Controls(id), slot));
            for (owner, slot) in [own, control].into_iter().flatten() {
                let reading = Reading {
                    owner,
                    attr,
                    slot,
                    path: attr.name(),
                    structural: false,
                };
                let answer = self.view.see(reading).map(|value| !value.is_true());
                open = all([open, answer].into_iter());
            }
        }
        open
    }
}

/// The way that led to `end`, without `start`.
fn trace(before: &[Option<ElementId>], start: ElementId, end: ElementId) -> Vec<ElementId> {
    let mut path = vec![end];
    let mut at = end;
    while let Some(previous) = before[at.0 as usize].filter(|previous| *previous != start) {
        path.push(previous);
        at = previous;
    }
    path.reverse();
    path
}
