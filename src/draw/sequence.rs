//! The sequence diagram, whichever the language: who takes part, and which
//! flows pass between them in which order.

use std::collections::BTreeSet;

use super::diagram::flow_label;
use super::label::line;
use crate::escape;
use crate::model::vocabulary::Class;
use crate::report::{Graph, Node};

/// How many characters of a note are shown.
const MOST_OF_NOTE: usize = 600;

/// A sequence diagram.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// The model's name, as a line.
    pub title: String,
    /// In the order of declaration.
    pub participants: Vec<Participant>,
    /// In the order of the flows.
    pub messages: Vec<Message>,
}

/// Somebody or something that takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// Its id in the model.
    pub id: u32,
    /// Its name, as a line.
    pub name: String,
    /// How it is drawn.
    pub role: Role,
}

/// How a participant is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A person.
    Actor,
    /// Something that keeps data.
    Store,
    /// Anything else.
    Entity,
}

/// A flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who sends.
    pub source: u32,
    /// Who receives.
    pub sink: u32,
    /// Order and name, as a line.
    pub label: String,
    /// A remark beside it, as lines; empty for none.
    pub note: Vec<String>,
    /// Whether it answers another one.
    pub is_response: bool,
}

impl Sequence {
    /// The sequence of a model's graph: every element takes part, a boundary
    /// only if a flow names it. Unlike the data-flow diagram it shows flows that say the
    /// same as others: each is a message, whatever `onDuplicates` hides, as in pytm.
    pub fn new(name: &str, graph: &Graph) -> Self {
        let flows = graph.flows.iter();
        let ends: BTreeSet<u32> = flows.clone().flat_map(|f| [f.source, f.sink]).collect();
        let boundaries = graph.boundaries.iter().filter(|b| ends.contains(&b.id));
        let participants: Vec<Participant> = graph
            .elements
            .iter()
            .chain(boundaries)
            .map(participant)
            .collect();
        let known: BTreeSet<u32> = participants.iter().map(|p| p.id).collect();
        let messages = flows
            .filter(|flow| known.contains(&flow.source) && known.contains(&flow.sink))
            .map(|flow| Message {
                source: flow.source,
                sink: flow.sink,
                label: flow_label(flow),
                note: note(&flow.note),
                is_response: flow.is_response,
            });
        Self {
            title: line(name),
            messages: messages.collect(),
            participants,
        }
    }
}

fn participant(node: &Node) -> Participant {
    let role = match Class::named(&node.base) {
        Some(Class::Actor) => Role::Actor,
        Some(Class::Datastore) => Role::Store,
        _ => Role::Entity,
    };
    Participant {
        id: node.id,
        name: line(&node.name),
        role,
    }
}

/// A note keeps its own lines; long ones are broken.
fn note(text: &str) -> Vec<String> {
    let shown = escape::shorten(text.trim(), MOST_OF_NOTE);
    shown
        .lines()
        .map(escape::visible)
        .filter(|text| !text.trim().is_empty())
        .flat_map(|text| super::label::wrap(text.trim(), 40))
        .collect()
}
