//! Elements that are the same as before under another name.
//!
//! One that went and one that came are the same where they are of one class, stand in one
//! place (`sketch`), and either say the same or have the same neighbours. What is
//! ambiguous, and what stands elsewhere, was replaced: it inherits nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::sketch::Sketch;
use crate::model::ElementId;
use crate::model::vocabulary::Class;

/// So often it is asked anew who the neighbours are: what was renamed is one.
const ROUNDS: usize = 4;

/// The elements of two models that are the same, by their positions on both sides.
#[derive(Debug, Default)]
pub struct Same {
    /// From the base to the working tree.
    pub now: BTreeMap<ElementId, ElementId>,
    /// From the working tree to the base.
    pub then: BTreeMap<ElementId, ElementId>,
}

impl Same {
    /// Adds a pair.
    pub fn add(&mut self, then: ElementId, now: ElementId) {
        self.now.insert(then, now);
        self.then.insert(now, then);
    }
}

/// Adds the renamed ones to the elements that are the same by name; says which they are, as
/// pairs of base and working tree.
pub fn find(then: &Sketch, now: &Sketch, same: &mut Same) -> Vec<(ElementId, ElementId)> {
    let mut found = Vec::new();
    for _ in 0..ROUNDS {
        let went: Vec<ElementId> = then.ids().filter(|id| !same.now.contains_key(id)).collect();
        let came: Vec<ElementId> = now.ids().filter(|id| !same.then.contains_key(id)).collect();
        if went.is_empty() || came.is_empty() {
            break;
        }
        let before = found.len();
        let sides = [
            Side::new(then, went, |id| same.now.contains_key(&id).then_some(id)),
            Side::new(now, came, |id| same.then.get(&id).copied()),
        ];
        for marks in [Marks::OfFlow, Marks::Said, Marks::Neighbours] {
            let [went, came] = [&sides[0], &sides[1]].map(|side| side.by(marks));
            for (marks, (old, new)) in went
                .iter()
                .filter_map(|(marks, old)| Some((marks, (old, came.get(marks)?))))
            {
                let is_one = old.len() == 1 && new.len() == 1;
                // Flows that lost nothing but the name of an end are told apart by their order.
                let are_flows = matches!(marks.2, Mark::Flow(..)) && old.len() == new.len();
                if !(is_one || are_flows) {
                    continue;
                }
                for (old, new) in old.iter().zip(new) {
                    if !same.now.contains_key(old) && !same.then.contains_key(new) {
                        same.add(*old, *new);
                        found.push((*old, *new));
                    }
                }
            }
        }
        if found.len() == before {
            break;
        }
    }
    found
}

/// By what elements are recognised, beside class and place.
#[derive(Clone, Copy)]
enum Marks {
    /// A flow by its own name and its ends, wherever it stands.
    OfFlow,
    /// What it says.
    Said,
    /// Who its neighbours are.
    Neighbours,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Flow(String, ElementId, ElementId),
    Said(Vec<String>),
    Neighbours(Vec<Neighbour>),
}

/// How an element is beside another one, by the positions of the base.
type Neighbour = (&'static str, ElementId);

type Recognised = (Class, String, Mark);

/// What went, or what came.
struct Side<'s> {
    sketch: &'s Sketch,
    ids: Vec<ElementId>,
    /// Of those elements.
    neighbours: BTreeMap<ElementId, Vec<Neighbour>>,
}

impl<'s> Side<'s> {
    /// `known` gives for an element its position in the base, if it is on both sides.
    fn new(
        sketch: &'s Sketch,
        ids: Vec<ElementId>,
        known: impl Fn(ElementId) -> Option<ElementId>,
    ) -> Self {
        let wanted: BTreeSet<ElementId> = ids.iter().copied().collect();
        let mut neighbours: BTreeMap<ElementId, Vec<Neighbour>> = BTreeMap::new();
        let mut add = |of: Option<ElementId>, how, who: Option<ElementId>| {
            if let (Some(of), Some(who)) = (of.filter(|of| wanted.contains(of)), who) {
                neighbours.entry(of).or_default().push((how, who));
            }
        };
        for id in sketch.ids() {
            let element = sketch.element(id);
            add(Some(id), "in", element.boundary.and_then(&known));
            add(element.boundary, "holds", known(id));
            if element.class == Class::Dataflow {
                let [source, sink] = [element.source, element.sink].map(|end| end.and_then(&known));
                add(Some(id), "from", source);
                add(Some(id), "to", sink);
                add(element.source, "sends", sink);
                add(element.sink, "receives", source);
            }
        }
        for of in neighbours.values_mut() {
            of.sort_unstable();
        }
        Self {
            sketch,
            ids,
            neighbours,
        }
    }

    /// The elements by what they are recognised by; those that have no such marks are left.
    fn by(&self, marks: Marks) -> BTreeMap<Recognised, Vec<ElementId>> {
        let mut all: BTreeMap<Recognised, Vec<ElementId>> = BTreeMap::new();
        for id in &self.ids {
            let element = self.sketch.element(*id);
            let is_flow = element.class == Class::Dataflow;
            let ends = self.ends(*id);
            if is_flow && ends.is_none() {
                continue; // Between others than before, it is another flow.
            }
            let place = element.place.clone();
            let recognised = match marks {
                Marks::OfFlow => ends.map(|(source, sink)| {
                    let mark = Mark::Flow(element.name.clone(), source, sink);
                    (String::new(), mark)
                }),
                Marks::Said => place.filter(|_| !element.said.is_empty()).map(|place| {
                    let mut said = element.said.clone();
                    said.extend(ends.map(|(source, sink)| format!("{}→{}", source.0, sink.0)));
                    (place, Mark::Said(said))
                }),
                Marks::Neighbours => {
                    let neighbours = self.neighbours.get(id).cloned();
                    place.zip(neighbours.map(Mark::Neighbours))
                }
            };
            if let Some((place, mark)) = recognised {
                all.entry((element.class, place, mark))
                    .or_default()
                    .push(*id);
            }
        }
        all
    }

    /// The ends of a flow, where both are on both sides.
    fn ends(&self, id: ElementId) -> Option<(ElementId, ElementId)> {
        let neighbours = self.neighbours.get(&id)?.iter();
        let end = |wanted| neighbours.clone().find(|(how, _)| *how == wanted);
        Some((end("from")?.1, end("to")?.1))
    }
}
