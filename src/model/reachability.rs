//! From where a path along flows leads to an element of some class: worked out for
//! all elements at once, in time that grows with the flows.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use super::vocabulary::Class;
use super::{Attr, Element, ElementId, Model, Origin, Slot, Value};

/// How many entries the kept answers may hold together, an entry an element.
const MAX_KEPT: usize = 2_000_000;
/// So many answers are kept however large the model is.
const MIN_KEPT: usize = 8;

/// What is taken for known when a path is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Everything, as it stands.
    All,
    /// Only what the model says.
    Said,
    /// Everything but what could not be read.
    Read,
}

/// What kind of path is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route<'a> {
    /// In the direction of the flows, else against it.
    pub on: bool,
    /// The class at its end.
    pub class: Class,
    /// It does not pass where one of these attributes or controls is true.
    pub stops: &'a [Attr],
    /// Whether what names and wiring tell counts.
    pub infers: bool,
    /// What is taken for known.
    pub known: Known,
}

/// Whether a path may pass an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It may.
    Open,
    /// It is not known whether it may.
    Perhaps,
    /// It may not.
    Closed,
}

impl Route<'_> {
    /// The attributes of an element that decide whether a path may pass it.
    fn slots<'m>(&self, element: &'m Element) -> impl Iterator<Item = &'m Slot> {
        self.stops.iter().flat_map(move |attr| {
            let (own, control) = if self.infers {
                (element.known(attr), element.known_control(attr))
            } else {
                (element.read(attr), element.control(attr))
            };
            own.into_iter().chain(control)
        })
    }

    fn gate(&self, element: &Element) -> Gate {
        let mut gate = Gate::Open;
        for slot in self.slots(element) {
            let known = match self.known {
                Known::All => true,
                Known::Said => matches!(slot.origin, Origin::Declared | Origin::Derived),
                Known::Read => slot.origin != Origin::Unread,
            };
            if !known {
                gate = Gate::Perhaps;
            } else if slot.value.is_true() {
                return Gate::Closed;
            }
        }
        gate
    }
}

/// From an element its flows, from a flow its end.
pub fn steps(model: &Model, here: ElementId, on: bool) -> impl Iterator<Item = ElementId> + '_ {
    let element = model.element(here);
    let is_flow = element.class.is_a(Class::Dataflow);
    let name = match (is_flow, on) {
        (true, true) => "sink",
        (true, false) => "source",
        (false, true) => "outputs",
        (false, false) => "inputs",
    };
    let value = element.named(name).map_or(&Value::Nothing, |s| &s.value);
    let next = match value.items() {
        Some(flows) if !is_flow => flows,
        _ => std::slice::from_ref(value),
    };
    next.iter().filter_map(Value::as_element)
}

/// An element of the wanted class, and how many steps lead to it.
#[derive(Clone, Copy, Debug)]
struct End {
    id: ElementId,
    steps: u32,
}

/// The two nearest ends of each element: one of them is not the element itself.
type Ends = Vec<[Option<End>; 2]>;

/// The answer for every element.
#[derive(Debug)]
pub struct Reaches {
    gates: Vec<Gate>,
    surely: Ends,
    /// Through elements that a path only perhaps may pass, if there are any.
    perhaps: Option<Ends>,
}

impl Reaches {
    fn find(model: &Model, route: &Route<'_>) -> Self {
        let gates: Vec<Gate> = model.elements.iter().map(|e| route.gate(e)).collect();
        let mut before = vec![Vec::new(); model.elements.len()];
        for id in model.ids() {
            for next in steps(model, id, route.on) {
                before[next.0 as usize].push(id);
            }
        }
        let ends = |passes: &dyn Fn(ElementId) -> bool| ends(model, route.class, &before, passes);
        let surely = ends(&|id| gates[id.0 as usize] == Gate::Open);
        let doubtful = gates.contains(&Gate::Perhaps);
        let perhaps = doubtful.then(|| ends(&|id| gates[id.0 as usize] != Gate::Closed));
        Self {
            gates,
            surely,
            perhaps,
        }
    }

    /// Whether there is a path from an element; `None` if that is not known.
    pub fn from(&self, start: ElementId) -> Option<bool> {
        if distance(&self.surely, start, start).is_some() {
            return Some(true);
        }
        let perhaps = self.perhaps.as_ref();
        let perhaps = perhaps.and_then(|ends| distance(ends, start, start));
        if perhaps.is_some() { None } else { Some(false) }
    }

    /// The flows and elements of a shortest path, of several the first in the order of
    /// the flows: one that surely is there, else one that perhaps is; empty if there is none.
    pub fn path(&self, model: &Model, route: &Route<'_>, start: ElementId) -> Vec<ElementId> {
        let surely = distance(&self.surely, start, start).is_some();
        let ends = if surely {
            &self.surely
        } else {
            self.perhaps.as_ref().unwrap_or(&self.surely)
        };
        let passes = |id: ElementId| match self.gates[id.0 as usize] {
            Gate::Open => true,
            Gate::Perhaps => !surely,
            Gate::Closed => false,
        };
        let mut path = Vec::new();
        let mut here = start;
        let mut left = distance(ends, start, start).unwrap_or(0);
        while left > 0 {
            left -= 1;
            let next = steps(model, here, route.on).find(|&next| {
                let is_end = next != start && model.element(next).class.is_a(route.class);
                passes(next)
                    && match left {
                        0 => is_end,
                        _ => distance(ends, next, start) == Some(left),
                    }
            });
            let Some(next) = next else { break };
            path.push(next);
            here = next;
        }
        path
    }
}

/// How many steps it is from an element to an end that is not `start`.
fn distance(ends: &Ends, from: ElementId, start: ElementId) -> Option<u32> {
    let known = ends.get(from.0 as usize)?.iter().flatten();
    known.filter(|e| e.id != start).map(|e| e.steps).min()
}

/// Goes back from all ends at once. Each element takes the first two that arrive.
fn ends(
    model: &Model,
    class: Class,
    before: &[Vec<ElementId>],
    passes: &dyn Fn(ElementId) -> bool,
) -> Ends {
    let mut ends: Ends = vec![[None; 2]; model.elements.len()];
    let mut queue: VecDeque<(ElementId, End)> = model
        .ids()
        .filter(|id| model.element(*id).class.is_a(class))
        .map(|id| (id, End { id, steps: 0 }))
        .collect();
    while let Some((here, end)) = queue.pop_front() {
        if !passes(here) {
            continue;
        }
        let next = End {
            steps: end.steps + 1,
            ..end
        };
        for &previous in &before[here.0 as usize] {
            let known = &mut ends[previous.0 as usize];
            if known.iter().flatten().any(|e| e.id == next.id) {
                continue;
            }
            if let Some(free) = known.iter_mut().find(|e| e.is_none()) {
                *free = Some(next);
                queue.push_back((previous, next));
            }
        }
    }
    ends
}

/// The answers that were asked for so far. They hold for the model as it is: a copy,
/// which may be changed, starts without any.
#[derive(Debug, Default)]
pub struct Reachability(RwLock<Vec<Answered>>);

#[derive(Debug)]
struct Answered {
    on: bool,
    class: Class,
    stops: Box<[Attr]>,
    infers: bool,
    known: Known,
    reaches: Arc<Reaches>,
}

impl Reachability {
    pub(super) fn forget(&mut self) {
        let kept = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        kept.clear();
    }
}

impl Clone for Reachability {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Answered {
    fn route(&self) -> Route<'_> {
        Route {
            on: self.on,
            class: self.class,
            stops: &self.stops,
            infers: self.infers,
            known: self.known,
        }
    }
}

impl Model {
    /// From which elements a path of that kind starts.
    pub fn reaches(&self, route: &Route<'_>) -> Arc<Reaches> {
        let find = |kept: &[Answered]| {
            let found = kept.iter().find(|answered| answered.route() == *route);
            found.map(|answered| Arc::clone(&answered.reaches))
        };
        let kept = &self.reachability.0;
        if let Some(found) = find(&kept.read().unwrap_or_else(PoisonError::into_inner)) {
            return found;
        }
        let mut kept = kept.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = find(&kept) {
            return found;
        }
        let most = MAX_KEPT / self.elements.len().max(1);
        if kept.len() >= most.max(MIN_KEPT) {
            kept.clear();
        }
        let reaches = Arc::new(Reaches::find(self, route));
        kept.push(Answered {
            on: route.on,
            class: route.class,
            stops: route.stops.into(),
            infers: route.infers,
            known: route.known,
            reaches: Arc::clone(&reaches),
        });
        reaches
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::builder::Builder;

    /// Numbers that look random and are the same each time.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, most: u64) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            ((self.0 >> 33) % most) as usize
        }
    }

    /// A path found by going there, step by step, from this one element.
    fn walked(model: &Model, route: &Route<'_>, start: ElementId) -> Option<Vec<ElementId>> {
        let mut before = vec![None; model.elements.len()];
        before[start.0 as usize] = Some(start);
        let mut queue = VecDeque::from([start]);
        while let Some(here) = queue.pop_front() {
            for next in steps(model, here, route.on) {
                let closed = route.gate(model.element(next)) == Gate::Closed;
                if before[next.0 as usize].is_some() || closed {
                    continue;
                }
                before[next.0 as usize] = Some(here);
                if model.element(next).class.is_a(route.class) {
                    let mut path = vec![next];
                    let mut at = next;
                    while let Some(previous) = before[at.0 as usize].filter(|p| *p != start) {
                        path.insert(0, previous);
                        at = previous;
                    }
                    return Some(path);
                }
                queue.push_back(next);
            }
        }
        None
    }

    #[test]
    fn the_answer_for_all_at_once_is_that_of_a_walk_from_each() {
        let classes = [Class::Server, Class::Actor, Class::Datastore];
        let stops = [Attr::named("isHardened")];
        let (mut found, mut none) = (0, 0);
        for seed in 0..60 {
            let mut dice = Dice(seed);
            let mut b = Builder::new();
            let ids: Vec<_> = (0..12)
                .map(|at| b.element(classes[dice.below(3)], &format!("E{at}")))
                .collect();
            for at in 0..16 {
                let (from, to) = (ids[dice.below(12)], ids[dice.below(12)]);
                let flow = b.flow(&format!("F{at}"), from, to);
                if dice.below(4) == 0 {
                    b.control(flow, "isHardened");
                }
            }
            for id in &ids {
                if dice.below(3) == 0 {
                    b.control(*id, "isHardened");
                }
            }
            let model = b.derived();
            for on in [true, false] {
                for (class, stops) in [(Class::Actor, &stops[..]), (Class::Server, &[])] {
                    let route = Route {
                        on,
                        class,
                        stops,
                        infers: true,
                        known: Known::All,
                    };
                    let reaches = model.reaches(&route);
                    for id in model.ids() {
                        let path = walked(&model, &route, id);
                        assert_eq!(reaches.from(id), Some(path.is_some()), "{seed} {id:?}");
                        let told = reaches.path(&model, &route, id);
                        assert_eq!(told, path.clone().unwrap_or_default(), "{seed} {id:?}");
                        *(if path.is_some() {
                            &mut found
                        } else {
                            &mut none
                        }) += 1;
                    }
                }
            }
        }
        assert!(found > 500 && none > 500, "{found} {none}");
    }
}
