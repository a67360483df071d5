//! How much text a model holds. A text that a program makes once can stand in many places, so
//! that a small file makes a model of gigabytes.

use super::value::{Slots, Value};
use super::{ElementId, Model};

/// How much text a model may hold, in bytes.
pub const MOST_TEXT: usize = 32 << 20;

impl Model {
    /// The bytes of all names and texts, each as often as it stands somewhere.
    pub fn text(&self) -> usize {
        let of_slots = |slots: &Slots| -> usize { slots.iter().map(|(_, s)| text(&s.value)).sum() };
        let elements = self
            .elements
            .iter()
            .map(|e| e.name.len() + of_slots(&e.slots) + of_slots(&e.controls));
        let data = self.data.iter().map(|d| d.name.len() + of_slots(&d.slots));
        elements.sum::<usize>() + data.sum::<usize>() + of_slots(&self.slots)
    }

    /// The bytes of the names that a finding on an element repeats.
    pub fn names_of(&self, id: ElementId) -> usize {
        let end = |attribute| {
            let other = self.linked(id, attribute);
            other.map_or(0, |other| self.element(other).name.len())
        };
        let own = self.element(id).name.len() + self.name.len() + self.path().as_str().len();
        own + end("source") + end("sink")
    }
}

fn text(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::List(items) | Value::Set(items) => items.iter().map(text).sum(),
        Value::Map(pairs) => pairs.iter().map(|(k, v)| text(k) + text(v)).sum(),
        _ => 0,
    }
}
