//! Layer `schema`: the rule file.

use serde_json::{Map, Value, json};

use super::{
    Kind, described, document, list_of, map_of, model, object, one_or_many, reference, schema_key,
    text,
};
use crate::config::keys::SEVERITIES;
use crate::model::vocabulary::Class;
use crate::rules;
use crate::syntax::SCHEMA_KEY;

/// The schema of a rule file: one rule, a list of rules, or `rules:` with a list.
pub(super) fn schema() -> Value {
    let mut definitions = Map::new();
    definitions.insert("rule".into(), rule());
    definitions.insert("test".into(), test());
    let mut body = model::body();
    for key in ["tmrs", "name"] {
        let schema = described(json!(true), "May be left out in a test");
        body.insert(key.into(), schema);
    }
    definitions.insert("model".into(), super::commented(body, &[]));
    definitions.append(&mut model::definitions());
    let list = list_of(reference("rule"));
    let mut wrapped = Map::new();
    wrapped.insert(SCHEMA_KEY.into(), schema_key());
    wrapped.insert("rules".into(), list.clone());
    document(
        Kind::Rule,
        "Rule file",
        "Rules of tmrs: one, a list, or `rules:` with a list",
        json!({
            "if": {"type": "object", "required": ["rules"]},
            "then": object(wrapped, &["rules"]),
            "else": {"if": {"type": "array"}, "then": list, "else": reference("rule")},
            "$defs": definitions,
        }),
    )
}

fn rule() -> Value {
    let mut properties = Map::new();
    properties.insert(SCHEMA_KEY.into(), schema_key());
    for key in rules::KEYS {
        let (schema, description) = property(key);
        properties.insert(key.into(), described(schema, description));
    }
    let tests = described(
        list_of(reference("test")),
        "Models that it judges, with what it must find",
    );
    properties.insert("tests".into(), tests);
    object(properties, &["id", "title"])
}

/// What may be said of a rule's own attribute: words, or its type and default.
fn own_attribute() -> Value {
    json!({"anyOf": [
        {"type": ["string", "null"]},
        {
            "type": "object",
            "properties": {
                "type": {"enum": ["bool", "int", "float", "text", "str"]},
                "default": {"type": ["boolean", "number", "string"]},
                "description": {"type": "string"},
            },
            "additionalProperties": false,
        },
    ]})
}

fn property(key: &str) -> (Value, &'static str) {
    match key {
        "id" => (
            json!({"type": "string", "pattern": "^[A-Za-z0-9_.-]+$"}),
            "The id, unique in the catalogue",
        ),
        "title" => (text(), "A short statement of the threat"),
        "pack" => (
            json!({"enum": ["core", "extended", "model"]}),
            "Which pack it belongs to",
        ),
        "target" => (
            one_or_many(&json!({"enum": classes()})),
            "The classes that it judges; subclasses are included",
        ),
        "severity" => (
            json!({"enum": SEVERITIES}),
            "How bad it is; medium unless said",
        ),
        "likelihood" => (
            json!({"enum": ["high", "medium", "low", "unknown"]}),
            "How likely an attack is",
        ),
        "when" => (
            json!({"type": ["string", "boolean"]}),
            "The condition, one Python expression about `target`",
        ),
        "description" => (text(), "What can happen, and who could do it"),
        "mitigation" => (text(), "What helps, naming the controls that settle it"),
        "example" => (text(), "One attack, told"),
        "references" => (one_or_many(&text()), "CAPEC, CWE, ATT&CK ids and URLs"),
        "tags" => (one_or_many(&text()), "`stride:…` and other words"),
        "aliases" => (one_or_many(&text()), "Earlier ids of the same rule"),
        "group" => (text(), "Rules of one group are folded in display"),
        "differs-from-pytm" => (text(), "How it differs from pytm's rule of the same id"),
        "since" => (
            json!({"type": ["string", "number"]}),
            "The version that added it",
        ),
        "attributes" => (
            json!({"anyOf": [list_of(text()), map_of(own_attribute())]}),
            "Attributes that the condition reads beside the vocabulary, with what they mean or `{type, default}`",
        ),
        "override" => (
            json!({"type": "boolean"}),
            "Whether it takes the place of another rule of the same id",
        ),
        _ => (json!(true), ""),
    }
}

fn classes() -> Vec<&'static str> {
    let elements = Class::ALL.into_iter().filter(|class| class.is_element());
    elements.map(Class::name).collect()
}

fn test() -> Value {
    let mut properties = Map::new();
    let parts = [
        ("name", text(), "What the test shows, in a sentence"),
        (
            "model",
            reference("model"),
            "A native model; the mark and the name may be left out",
        ),
        (
            "finds",
            list_of(text()),
            "Ids of the elements on which the rule yields a finding",
        ),
        (
            "why",
            json!({"enum": ["control", "not-applicable"]}),
            "Why it finds nothing",
        ),
    ];
    for (name, schema, description) in parts {
        properties.insert(name.into(), described(schema, description));
    }
    object(properties, &["name", "model", "finds"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_rule_is_described() {
        for key in rules::KEYS {
            assert!(!property(key).1.is_empty(), "{key}");
        }
    }
}
