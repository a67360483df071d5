//! Paths along flows: `reaches` and `reachedFrom` (SEMANTICS §3).

use super::compare::all;
use super::eval::Evaluation;
use super::expression::MethodCall;
use super::methods::ATTRS;
use super::value::{Fault, Outcome, Val};
use super::view::{Reading, View};
use crate::model::vocabulary::Class;
use crate::model::{Attr, Element, ElementId, Owner, Value};

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
        let mut doubtful = false;
        if let Some(path) = self.path(id, class, &call.stops, on, &mut doubtful)? {
            if V::NOTES {
                for step in path {
                    self.open(step, &call.stops);
                }
            }
            return Ok(Some(true));
        }
        if !doubtful {
            return Ok(Some(false));
        }
        let perhaps = self.path(id, class, &call.stops, on, &mut doubtful)?;
        Ok(if perhaps.is_some() { None } else { Some(false) })
    }

    /// The flows and elements of a shortest path. It does not pass where it is
    /// unknown whether one may pass, but says so in `doubtful`; if that was said
    /// before, it does pass there.
    fn path(
        &mut self,
        start: ElementId,
        class: Class,
        stops: &'m [Attr],
        on: bool,
        doubtful: &mut bool,
    ) -> Outcome<'m, Option<Vec<ElementId>>> {
        let perhaps = *doubtful;
        let count = self.model.elements.len();
        self.charge(count / 64)?;
        // What stands before each element on the way to it.
        let mut before: Vec<Option<ElementId>> = vec![None; count];
        before[start.0 as usize] = Some(start);
        let mut queue = vec![start];
        let mut at = 0;
        while let Some(&here) = queue.get(at) {
            at += 1;
            for next in self.steps(here, on) {
                self.charge(1 + stops.len())?;
                if before[next.0 as usize].is_some() {
                    continue;
                }
                let mark = self.view.mark();
                let open = self.open(next, stops);
                let end = self.view.mark();
                self.view.forget(mark, end);
                *doubtful |= open.is_none();
                if open == Some(false) || open.is_none() && !perhaps {
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

    /// From an element its flows, from a flow its end.
    fn steps(&self, here: ElementId, on: bool) -> impl Iterator<Item = ElementId> + use<'m, V> {
        let element: &'m Element = self.model.element(here);
        let is_flow = element.class.is_a(Class::Dataflow);
        let attr = match (is_flow, on) {
            (true, true) => &ATTRS.sink,
            (true, false) => &ATTRS.source,
            (false, true) => &ATTRS.outputs,
            (false, false) => &ATTRS.inputs,
        };
        let value = element
            .read(attr)
            .map_or(&Value::Nothing, |slot| &slot.value);
        let next = match value.items() {
            Some(flows) if !is_flow => flows,
            _ => std::slice::from_ref(value),
        };
        next.iter().filter_map(Value::as_element)
    }

    /// Whether none of the attributes is true there, be it the element's own or a control.
    fn open(&mut self, id: ElementId, stops: &'m [Attr]) -> Option<bool> {
        let element = self.model.element(id);
        let mut open = Some(true);
        for attr in stops {
            let own = self.slot(element, attr);
            let own = own.map(|slot| (Owner::Element(id), slot));
            let control = element
                .control(attr)
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
