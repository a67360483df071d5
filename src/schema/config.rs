//! Layer `schema`: `tmrs.yaml`, from its table of keys.

use serde_json::{Map, Value, json};

use super::{Kind, day, described, document, list_of, map_of, object, one_or_many, text};
use crate::config::keys::{self, KeySpec, SEVERITIES, Takes};

/// The schema of the configuration.
pub(super) fn schema() -> Value {
    document(
        Kind::Config,
        "tmrs.yaml",
        "The configuration of tmrs, at the root of the repository",
        of(keys::TOP),
    )
}

fn of(specs: &[KeySpec]) -> Value {
    let mut properties = Map::new();
    for spec in specs {
        properties.insert(
            spec.name.into(),
            described(takes(spec.takes), spec.description),
        );
    }
    let required: Vec<_> = specs
        .iter()
        .filter(|spec| spec.required)
        .map(|spec| spec.name)
        .collect();
    object(properties, &required)
}

fn takes(takes: Takes) -> Value {
    match takes {
        Takes::Flag => json!({"type": "boolean"}),
        Takes::Count => json!({"type": "integer", "minimum": 1}),
        Takes::Text | Takes::Path | Takes::Glob => text(),
        Takes::Version => json!({"type": ["string", "number"]}),
        Takes::Day => day(),
        Takes::Word(words) => json!({"enum": words}),
        Takes::Texts | Takes::Paths | Takes::Globs => list_of(text()),
        Takes::GlobOrGlobs => one_or_many(&text()),
        Takes::Words(words) => list_of(json!({"enum": words})),
        Takes::SeverityById => map_of(json!({"enum": SEVERITIES})),
        Takes::Map(specs) => of(specs),
        Takes::Maps(specs) => list_of(of(specs)),
    }
}
