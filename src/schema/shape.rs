//! How the maps that tmrs writes are described: a table a document.

use serde_json::{Map, Value, json};

use super::{described, list_of, map_of, object, reference};

/// A map: all its fields are always there.
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) fields: &'static [(&'static str, Field, &'static str)],
}

/// What a field holds.
pub(super) enum Field {
    Text,
    Flag,
    /// A whole number from 0.
    Natural,
    Whole,
    Any,
    Word(Words),
    /// A number for each of these words.
    Counts(Words),
    List(&'static Field),
    Map(&'static Field),
    /// That, or null where it is absent.
    Or(&'static Field),
    /// Another shape.
    Is(&'static str),
}

/// The words of an enum.
pub(super) type Words = fn() -> Vec<&'static str>;

use Field::{Any, Counts, Flag, Is, List, Natural, Or, Text, Whole, Word};

/// The schema of a document: the first shape, with the others and some of another
/// document's as definitions.
pub(super) fn whole(shapes: &[Shape], others: &[&Shape]) -> Value {
    let mut definitions = Map::new();
    for shape in shapes.iter().skip(1).chain(others.iter().copied()) {
        definitions.insert(shape.name.into(), map(shape));
    }
    let mut whole = shapes.first().map_or_else(|| json!({}), map);
    if let Value::Object(map) = &mut whole {
        map.insert("$defs".into(), Value::Object(definitions));
    }
    whole
}

fn map(shape: &Shape) -> Value {
    let mut properties = Map::new();
    for (name, field, description) in shape.fields {
        properties.insert((*name).into(), described(value(field), description));
    }
    let names: Vec<_> = shape.fields.iter().map(|(name, ..)| *name).collect();
    described(object(properties, &names), shape.description)
}

fn value(field: &Field) -> Value {
    match field {
        Text => json!({"type": "string"}),
        Flag => json!({"type": "boolean"}),
        Natural => json!({"type": "integer", "minimum": 0}),
        Whole => json!({"type": "integer"}),
        Any => json!({}),
        Word(words) => json!({"enum": words()}),
        Counts(words) => {
            let words = words();
            let counts = words
                .iter()
                .map(|word| ((*word).to_owned(), value(&Natural)));
            object(counts.collect(), &words)
        }
        List(item) => list_of(value(item)),
        Field::Map(values) => map_of(value(values)),
        Or(inner) => json!({"anyOf": [value(inner), {"type": "null"}]}),
        Is(name) => reference(name),
    }
}
