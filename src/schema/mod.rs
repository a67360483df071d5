//! Layer `schema`: JSON Schemas (draft 2020-12) of everything that people or
//! programs write for tmrs or read from it.
//!
//! Imports `model`, `config`, `rules`, `read`, `report`: each schema is
//! generated from the table or types that the reader itself uses. The files in
//! `schema/` are kept equal by a test, `TMRS_BLESS=1 cargo test` rewrites them.

mod config;
mod diff;
mod model;
mod report;
mod rule;
mod shape;

use serde_json::{Map, Value, json};

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A native model.
    Model,
    /// `tmrs.yaml`.
    Config,
    /// A rule file.
    Rule,
    /// The JSON report.
    Report,
    /// What `tmrs diff --format json` writes.
    Diff,
}

impl Kind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [Self; 5] = [
        Self::Model,
        Self::Config,
        Self::Rule,
        Self::Report,
        Self::Diff,
    ];

    /// The word on the command line, and the file's name before `.schema.json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Config => "config",
            Self::Rule => "rule",
            Self::Report => "report",
            Self::Diff => "diff",
        }
    }

    /// The kind of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The schema.
    pub fn schema(self) -> Value {
        match self {
            Self::Model => model::schema(),
            Self::Config => config::schema(),
            Self::Rule => rule::schema(),
            Self::Report => report::schema(),
            Self::Diff => diff::schema(),
        }
    }

    /// The schema as the file in `schema/` holds it.
    pub fn text(self) -> String {
        format!("{:#}\n", self.schema())
    }
}

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The outermost map of a schema.
fn document(kind: Kind, title: &str, description: &str, rest: Value) -> Value {
    // A name and no address: nothing is fetched from anywhere to use it.
    let id = format!("urn:tmrs:schema:{}", kind.as_str());
    let mut whole = Map::new();
    whole.insert("$schema".into(), DIALECT.into());
    whole.insert("$id".into(), id.into());
    whole.insert("title".into(), title.into());
    whole.insert("description".into(), description.into());
    if let Value::Object(rest) = rest {
        whole.extend(rest);
    }
    Value::Object(whole)
}

/// The property under which a file names its schema for editors.
fn schema_key() -> Value {
    described(text(), "The schema of this file, for editors; not read")
}

/// The same schema with a description.
fn described(mut schema: Value, description: &str) -> Value {
    if let Value::Object(map) = &mut schema {
        map.insert("description".into(), description.into());
    }
    schema
}

/// A map of exactly these properties, of which some are required.
fn object(properties: Map<String, Value>, required: &[&str]) -> Value {
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if let (Value::Object(map), false) = (&mut schema, required.is_empty()) {
        map.insert("required".into(), json!(required));
    }
    schema
}

/// The same, and beside them keys that start with `x-`, which are comments.
fn commented(properties: Map<String, Value>, required: &[&str]) -> Value {
    let mut schema = object(properties, required);
    if let Value::Object(map) = &mut schema {
        map.insert("patternProperties".into(), json!({"^x-": true}));
    }
    schema
}

fn text() -> Value {
    json!({"type": "string", "minLength": 1})
}

fn list_of(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

fn map_of(values: Value) -> Value {
    json!({"type": "object", "additionalProperties": values})
}

fn one_or_many(item: &Value) -> Value {
    json!({"anyOf": [item, list_of(item.clone())]})
}

fn day() -> Value {
    json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}
