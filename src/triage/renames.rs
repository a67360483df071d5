//! Elements that are the same as at the base under another name.
//!
//! One that went and one that came are the same where they are of one class, stand in one
//! place (the same variable or id; else the same line), and either say the same or have the
//! same neighbours. What is ambiguous, and what stands elsewhere, was replaced: it inherits
//! nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::canonical;
use crate::model::vocabulary::Class;
use crate::model::{Element, ElementId, Model, Origin, Slots, Value};

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
pub fn find(then: &Model, now: &Model, same: &mut Same) -> Vec<(ElementId, ElementId)> {
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
struct Side<'m> {
    model: &'m Model,
    ids: Vec<ElementId>,
    /// Of those elements.
    neighbours: BTreeMap<ElementId, Vec<Neighbour>>,
}

impl<'m> Side<'m> {
    /// `known` gives for an element its position in the base, if it is on both sides.
    fn new(
        model: &'m Model,
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
        for id in model.ids() {
            let around = model.linked(id, "inBoundary");
            add(Some(id), "in", around.and_then(&known));
            add(around, "holds", known(id));
            if model.element(id).class == Class::Dataflow {
                let ends = ["source", "sink"].map(|end| model.linked(id, end));
                let [source, sink] = ends.map(|end| end.and_then(&known));
                add(Some(id), "from", source);
                add(Some(id), "to", sink);
                add(ends[0], "sends", sink);
                add(ends[1], "receives", source);
            }
        }
        for of in neighbours.values_mut() {
            of.sort_unstable();
        }
        Self {
            model,
            ids,
            neighbours,
        }
    }

    /// The elements by what they are recognised by; those that have no such marks are left.
    fn by(&self, marks: Marks) -> BTreeMap<Recognised, Vec<ElementId>> {
        let mut all: BTreeMap<Recognised, Vec<ElementId>> = BTreeMap::new();
        for id in &self.ids {
            let element = self.model.element(*id);
            let is_flow = element.class == Class::Dataflow;
            let ends = self.ends(*id);
            if is_flow && ends.is_none() {
                continue; // Between others than before, it is another flow.
            }
            let recognised = match marks {
                Marks::OfFlow => self.flow(*id).map(|mark| (String::new(), mark)),
                Marks::Said => {
                    let mut said = said(self.model, element);
                    let says_something = !said.is_empty();
                    said.extend(ends.map(|(source, sink)| format!("{}→{}", source.0, sink.0)));
                    says_something.then(|| (place(element), Mark::Said(said)))
                }
                Marks::Neighbours => {
                    let neighbours = self.neighbours.get(id).cloned();
                    neighbours.map(|all| (place(element), Mark::Neighbours(all)))
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

    fn flow(&self, id: ElementId) -> Option<Mark> {
        let (source, sink) = self.ends(id)?;
        let name = canonical(&self.model.element(id).name);
        Some(Mark::Flow(name, source, sink))
    }

    /// The ends of a flow, where both are on both sides.
    fn ends(&self, id: ElementId) -> Option<(ElementId, ElementId)> {
        let neighbours = self.neighbours.get(&id)?.iter();
        let end = |wanted| neighbours.clone().find(|(how, _)| *how == wanted);
        Some((end("from")?.1, end("to")?.1))
    }
}

/// Where an element stands: the variable that it is assigned to, or its id; where the name
/// is all that there is, its line.
fn place(element: &Element) -> String {
    let place = &element.place;
    let text = place.source.text();
    let start = place.span.start as usize;
    let before = text.get(..start).unwrap_or("");
    let before = before.rsplit('\n').next().unwrap_or("").trim_end();
    if let Some(assigned) = before.strip_suffix('=') {
        let variable = assigned.split(':').next().unwrap_or(assigned).trim();
        return format!("variable {variable}");
    }
    let line = || format!("line {}", place.positions().0.line);
    if element.name_place.span.start == place.span.start {
        return line();
    }
    // A call that nothing keeps has no name but that of its line.
    match place.text().split(':').next() {
        Some(id) if !id.contains(['(', '\n']) => format!("id {id}"),
        _ => line(),
    }
}

/// What is declared of an element beside its name and its neighbours.
fn said(model: &Model, element: &Element) -> Vec<String> {
    const ELSEWHERE: [&str; 4] = ["name", "source", "sink", "inBoundary"];
    let of = |slots: &Slots| -> Vec<String> {
        let declared = slots.iter().filter(|(attr, slot)| {
            slot.origin == Origin::Declared && !ELSEWHERE.contains(&attr.name())
        });
        declared
            .map(|(attr, slot)| format!("{}={}", attr.name(), words(model, &slot.value)))
            .collect()
    };
    [of(&element.slots), of(&element.controls)].concat()
}

fn words(model: &Model, value: &Value) -> String {
    match value {
        Value::Data(id) => canonical(&model.datum(*id).name),
        Value::List(items) | Value::Set(items) => {
            let items = items.iter().map(|item| words(model, item));
            items.collect::<Vec<_>>().join(", ")
        }
        other => other.in_words(),
    }
}
