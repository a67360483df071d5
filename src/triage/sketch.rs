//! A model in outline: what its elements are recognised by when they have other names.

use crate::finding::{Fingerprint, canonical};
use crate::model::vocabulary::Class;
use crate::model::{Element, ElementId, Model, Origin, Slots, Value};
use crate::source::Span;

/// Longer constructors are told by their hash.
const LONGEST: usize = 120;

/// The elements of a model, each at the position of its id.
#[derive(Debug, Default)]
pub struct Sketch {
    elements: Vec<Outline>,
}

/// One element.
#[derive(Clone, Debug)]
pub struct Outline {
    /// Its class.
    pub class: Class,
    /// Its name, canonical.
    pub name: String,
    /// Where it stands, if that can be told.
    pub place: Option<String>,
    /// What it says beside its name and its neighbours, if that is known.
    pub said: Vec<String>,
    /// The boundary that it is in.
    pub boundary: Option<ElementId>,
    /// A flow's source.
    pub source: Option<ElementId>,
    /// A flow's sink.
    pub sink: Option<ElementId>,
}

/// How an element's place is told where neither a variable nor an id keeps it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Places {
    /// By its line: both sides are at hand, and little lies between them.
    Lines,
    /// By what its constructor says, without the name: lines move, and a baseline stays.
    Constructors,
}

impl Sketch {
    /// Of these elements.
    pub fn new(elements: Vec<Outline>) -> Self {
        Self { elements }
    }

    /// Of a model.
    pub fn of(model: &Model, places: Places) -> Self {
        let outline = |id: ElementId| {
            let element = model.element(id);
            let is_flow = element.class == Class::Dataflow;
            let end = |name| is_flow.then(|| model.linked(id, name)).flatten();
            Outline {
                class: element.class,
                name: canonical(&element.name),
                place: place(element, places),
                said: if places == Places::Lines {
                    said(model, element)
                } else {
                    Vec::new()
                },
                boundary: model.linked(id, "inBoundary"),
                source: end("source"),
                sink: end("sink"),
            }
        };
        Self::new(model.ids().map(outline).collect())
    }

    /// The positions of all elements.
    pub fn ids(&self) -> impl Iterator<Item = ElementId> + use<> {
        (0..self.elements.len() as u32).map(ElementId)
    }

    /// An element of this sketch.
    ///
    /// # Panics
    /// If the position is that of another one.
    pub fn element(&self, id: ElementId) -> &Outline {
        &self.elements[id.0 as usize]
    }
}

/// Where an element stands: the variable that it is assigned to, or its id.
fn place(element: &Element, places: Places) -> Option<String> {
    let place = &element.place;
    if let Some(assigned) = place.before().trim_end().strip_suffix('=') {
        let variable = assigned.split(':').next().unwrap_or(assigned).trim();
        return Some(format!("variable {variable}"));
    }
    let is_named_so = element.name_place.span.start == place.span.start;
    match place.text().split(':').next() {
        Some(id) if !is_named_so && !id.contains(['(', '\n']) => return Some(format!("id {id}")),
        _ => {}
    }
    match places {
        Places::Lines => Some(format!("line {}", place.positions().0.line)),
        // Where the name is all that there is, nothing is left without it.
        Places::Constructors => (!is_named_so).then(|| constructor(element)),
    }
}

/// What a constructor says, with a mark in the place of the name.
fn constructor(element: &Element) -> String {
    let (place, name) = (&element.place, &element.name_place);
    let (whole, span) = (place.span, name.span);
    let text = place.source.text();
    let is_inside = name.source.path() == place.source.path() && whole.contains(span);
    let part = |from: u32, to: u32| {
        text.get(
            Span {
                start: from,
                end: to,
            }
            .range(),
        )
        .unwrap_or("")
    };
    let said = if is_inside {
        let (before, after) = (part(whole.start, span.start), part(span.end, whole.end));
        format!("{before}…{after}")
    } else {
        place.text().to_owned()
    };
    let said = canonical(&said);
    if said.chars().count() > LONGEST {
        return format!("call {}", Fingerprint::of_parts([&*said]));
    }
    format!("call {said}")
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
