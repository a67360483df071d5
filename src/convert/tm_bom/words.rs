//! Layer `convert`: what the words of a TM-BOM mean, and how its things start.

use serde_json::{Map, Value as Json};

use crate::model::vocabulary::Class;

/// A word of the format, and what it says here.
pub(super) type Row = (&'static str, &'static [(&'static str, Fact)]);

pub(super) enum Fact {
    Is(&'static str),
    Holds(bool),
}

use Fact::{Holds, Is};

/// Types of stores.
pub(super) const STORES: [Row; 3] = [
    ("sql", &[("kind", Is("RELATIONAL")), ("isSQL", Holds(true))]),
    (
        "document",
        &[("kind", Is("DOCUMENT")), ("isSQL", Holds(false))],
    ),
    (
        "object",
        &[("kind", Is("OBJECTS")), ("isSQL", Holds(false))],
    ),
];

/// Sorts of data, beside how confidential they are.
pub(super) const SORTS: [Row; 3] = [
    (
        "phi",
        &[("isPII", Holds(true)), ("isSpecialCategory", Holds(true))],
    ),
    ("pii", &[("isPII", Holds(true))]),
    ("cred", &[("isCredentials", Holds(true))]),
];

/// Under which name the format refers to elements of a class.
pub(super) fn kind(class: Class) -> &'static str {
    match class {
        Class::Actor | Class::ExternalEntity => "actor",
        Class::Datastore => "data_store",
        Class::Boundary | Class::Dataflow => "",
        _ => "component",
    }
}

/// Whether all these facts are said.
pub(super) fn holds(said: &Map<String, Json>, facts: &[(&str, Fact)]) -> bool {
    facts.iter().all(|(name, fact)| match fact {
        Is(text) => said.get(*name) == Some(&(*text).into()),
        Holds(held) => said.get(*name) == Some(&(*held).into()),
    })
}

/// What everything of the format has.
pub(super) fn thing(name: &str, title: &str, description: Option<Json>) -> Map<String, Json> {
    let mut item = Map::new();
    item.insert("symbolic_name".into(), name.into());
    item.insert("title".into(), title.into());
    item.insert(
        "description".into(),
        description.unwrap_or_else(|| "".into()),
    );
    item
}
