//! Answers that settle findings, and values, as the report holds them.

use std::sync::Arc;

use super::{Deciding, Whose};
use crate::model::{Model, Owner, Value};

/// One answer, about an object of the model with that position in the run.
pub(super) fn deciding_info(
    model: &Model,
    number: u32,
    answer: &crate::condition::Answer,
) -> Deciding {
    let (element, prefix) = match answer.owner {
        Owner::Element(id) => (&model.element(id).name, ""),
        Owner::Controls(id) => (&model.element(id).name, "controls."),
        Owner::Data(id) => (&model.datum(id).name, ""),
    };
    Deciding {
        element: Arc::clone(element),
        attribute: format!("{prefix}{}", answer.attribute.name()),
        value: json(model, &answer.value),
        line: super::line::line(model, answer),
        whose: Some(Whose {
            model: number,
            owner: answer.owner,
        }),
    }
}

/// A value as JSON: elements and Data by name, enum members by member name.
pub(super) fn json(model: &Model, value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Nothing => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(i) => Json::from(*i),
        Value::Float(f) => Json::from(*f),
        Value::Text(text) => Json::from(&**text),
        Value::Member(e, at) => Json::from(e.members[*at as usize].0),
        Value::Element(id) => Json::from(&*model.element(*id).name),
        Value::Data(id) => Json::from(&*model.datum(*id).name),
        Value::List(items) | Value::Set(items) => {
            items.iter().map(|item| json(model, item)).collect()
        }
        Value::Map(pairs) => Json::Object(
            pairs
                .iter()
                .map(|(key, value)| {
                    let key = key
                        .as_text()
                        .map_or_else(|| json(model, key).to_string(), str::to_owned);
                    (key, json(model, value))
                })
                .collect(),
        ),
    }
}
