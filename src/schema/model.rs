//! Layer `schema`: the native model, from the vocabulary.

use serde_json::{Map, Value, json};

use super::{
    Kind as Schema, commented, day, described, document, list_of, map_of, one_or_many, reference,
    schema_key, text,
};
use crate::config::keys::SEVERITIES;
use crate::model::vocabulary::{Attribute, Class, Fallback, Kind};
use crate::read::native;
use crate::syntax::SCHEMA_KEY;

/// The schema of a native model.
pub(super) fn schema() -> Value {
    let mut properties = body();
    let mut head = Map::new();
    head.insert(SCHEMA_KEY.into(), schema_key());
    head.insert(
        "tmrs".into(),
        described(
            json!({"const": 1}),
            "Marks a native model; the version of the format",
        ),
    );
    head.insert("name".into(), described(text(), "The name of the model"));
    let include = described(
        json!({
            "type": ["object", "null"],
            "propertyNames": {"pattern": "^[^.]*[^.\\s][^.]*$"},
            "additionalProperties": text(),
        }),
        "Other native models that are part of this one: a name, before whose dot their ids stand here, and the file as seen from this one's folder",
    );
    head.insert("include".into(), include);
    head.append(&mut properties);
    let mut whole = commented(head, &["tmrs", "name"]);
    if let Value::Object(map) = &mut whole {
        map.insert("$defs".into(), Value::Object(definitions()));
    }
    document(
        Schema::Model,
        "Threat model",
        "A threat model in tmrs's own format, YAML or JSON",
        whole,
    )
}

/// The properties of a model beside its mark and name.
pub(super) fn body() -> Map<String, Value> {
    let mut properties = Map::new();
    for attribute in native::settings() {
        properties.insert(attribute.name.into(), property(Class::TM, attribute));
    }
    let sections = [
        (
            "boundaries",
            nullable(reference("Boundary")),
            "Trust boundaries by id",
        ),
        (
            "elements",
            reference("element"),
            "Actors, servers, stores and the like by id",
        ),
        (
            "data",
            nullable(reference("Data")),
            "What flows carry, by id",
        ),
        ("flows", reference("Dataflow"), "Data in motion, by id"),
    ];
    for (name, value, description) in sections {
        let section = json!({"type": ["object", "null"], "additionalProperties": value});
        properties.insert(name.into(), described(section, description));
    }
    let assumptions = described(
        assumptions(),
        "What is taken for granted for the whole model",
    );
    properties.insert("assumptions".into(), assumptions);
    properties
}

/// Everything that a model's body refers to.
pub(super) fn definitions() -> Map<String, Value> {
    let mut definitions = Map::new();
    definitions.insert("element".into(), element());
    for class in native::element_classes().chain([Class::Dataflow, Class::Boundary, Class::Data]) {
        definitions.insert(class.name().into(), class_schema(class));
    }
    definitions.insert("controls".into(), controls());
    definitions.insert("threats".into(), threats());
    definitions.insert("responses".into(), responses());
    definitions.insert("overrides".into(), overrides());
    definitions.insert("assumptions".into(), assumptions());
    definitions.insert("exclude".into(), exclude());
    definitions.insert("evidence".into(), evidence());
    definitions
}

/// An element: its class says which attributes it has.
fn element() -> Value {
    let names: Vec<_> = native::element_classes().map(Class::name).collect();
    let cases: Vec<_> = names
        .iter()
        .map(|name| {
            json!({
                "if": {"properties": {"class": {"const": name}}},
                "then": reference(name),
            })
        })
        .collect();
    json!({
        "type": "object",
        "required": ["class"],
        "properties": {"class": {"enum": names, "description": "What it is"}},
        "allOf": cases,
    })
}

fn class_schema(class: Class) -> Value {
    let mut properties = Map::new();
    let is_listed = class.is_element() && !matches!(class, Class::Dataflow | Class::Boundary);
    if is_listed {
        let constant = json!({"const": class.name()});
        properties.insert(
            "class".into(),
            described(constant, class.spec().description),
        );
    }
    for attribute in class.attributes() {
        if native::is_said(class, attribute) {
            properties.insert(attribute.name.into(), property(class, attribute));
        }
    }
    if class.is_element() {
        let extras = [
            ("threats", "Threats in words"),
            ("responses", "Answers to findings, by rule id"),
            (
                "exclude",
                "Rules that do not count here, each with the reason",
            ),
            ("evidence", "What proves controls, by the control's name"),
        ];
        for (name, description) in extras {
            properties.insert(name.into(), described(reference(name), description));
        }
    }
    let required: &[&str] = match class {
        Class::Dataflow => &["source", "sink"],
        _ if is_listed => &["class"],
        _ => &[],
    };
    described(commented(properties, required), class.spec().description)
}

fn property(class: Class, attribute: &Attribute) -> Value {
    let id = json!({"type": "string", "minLength": 1});
    let schema = match attribute.kind {
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Int => json!({"type": "integer"}),
        Kind::Text if attribute.name == "name" => text(),
        Kind::Text => json!({"type": "string"}),
        Kind::Texts | Kind::Elements | Kind::Flows => list_of(id),
        Kind::Ints => one_or_many(&json!({"type": "integer"})),
        Kind::Enum(enumeration) => {
            let names: Vec<_> = enumeration.members.iter().map(|(name, _)| *name).collect();
            json!({"enum": names})
        }
        Kind::Boundary | Kind::Flow => json!({"type": ["string", "null"], "minLength": 1}),
        Kind::Element => id,
        Kind::DataSet => one_or_many(&id),
        Kind::Controls => reference("controls"),
        Kind::Assumptions => reference("assumptions"),
        Kind::Findings => reference("overrides"),
        Kind::Internal => json!(false),
    };
    let mut schema = described(schema, attribute.description);
    let default = match attribute.default {
        Fallback::Bool(value) => json!(value),
        Fallback::Text(value) if !value.is_empty() => json!(value),
        Fallback::Member(value) => json!(value),
        _ => Value::Null,
    };
    let in_words = class != Class::Controls || attribute.kind != Kind::Bool;
    if let (Value::Object(map), false, true) = (&mut schema, default.is_null(), in_words) {
        map.insert("default".into(), default);
    }
    schema
}

fn controls() -> Value {
    let mut properties = Map::new();
    for attribute in Class::Controls.attributes() {
        properties.insert(attribute.name.into(), property(Class::Controls, attribute));
    }
    json!({
        "anyOf": [
            commented(properties, &[]),
            described(list_of(text()), "Controls in words"),
            {"type": "null"},
        ],
    })
}

fn threats() -> Value {
    let properties = from_pairs([
        ("title", described(text(), "What can happen")),
        ("severity", severity()),
        (
            "mitigatedBy",
            described(
                one_or_many(&text()),
                "Controls that mitigate it when all are in place",
            ),
        ),
        ("response", described(text(), ANSWER)),
    ]);
    list_of(json!({"anyOf": [text(), commented(properties, &["title"])]}))
}

const ANSWER: &str = "mitigated, transferred, avoided, accepted or false-positive, with the reason";

fn responses() -> Value {
    let properties = from_pairs([
        ("response", described(text(), ANSWER)),
        ("severity", severity()),
        ("cvss", cvss()),
        (
            "expires",
            described(day(), "The last day, in UTC, on which it counts"),
        ),
    ]);
    let answer = described(text(), ANSWER);
    map_of(json!({"anyOf": [answer, commented(properties, &["response"])]}))
}

fn overrides() -> Value {
    let mut properties = Map::new();
    for attribute in Class::Finding.spec().attributes {
        let schema = match attribute.name {
            "severity" => severity(),
            "cvss" => cvss(),
            _ => described(text(), attribute.description),
        };
        if attribute.kind != Kind::Internal {
            properties.insert(attribute.name.into(), schema);
        }
    }
    list_of(commented(properties, &["threat_id"]))
}

fn assumptions() -> Value {
    let properties = from_pairs([
        ("name", described(text(), "What is assumed")),
        (
            "exclude",
            described(list_of(text()), "The rule ids that it rules out"),
        ),
        ("description", described(text(), "Why it may be assumed")),
    ]);
    list_of(json!({"anyOf": [text(), commented(properties, &["name"])]}))
}

fn exclude() -> Value {
    map_of(json!({"type": ["string", "null"]}))
}

fn evidence() -> Value {
    let names = Class::Controls
        .attributes()
        .into_iter()
        .map(|a| (a.name, text()));
    commented(
        names
            .map(|(name, schema)| (name.to_owned(), schema))
            .collect(),
        &[],
    )
}

fn severity() -> Value {
    described(json!({"enum": SEVERITIES}), "How bad it is")
}

fn cvss() -> Value {
    described(
        json!({"type": ["string", "number"]}),
        "A CVSS score or vector",
    )
}

fn nullable(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

fn from_pairs<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}
