//! Layer `answer`: a value as it is written in each language.

use serde_json::Value as Json;

use crate::model::vocabulary::{Kind, Since};
use crate::model::{Attr, Model, Owner, Value};

/// The value of an attribute that a report or a person gives as JSON or in words; `None` if
/// the attribute takes no such value.
pub fn value(model: &Model, owner: Owner, attribute: &Attr, said: &Json) -> Option<Value> {
    let kind = model.attribute(owner, attribute).map(|known| known.kind);
    match (kind, said) {
        (Some(Kind::Enum(of)), Json::String(member)) => {
            Some(Value::Member(of, of.position(member)?))
        }
        (None | Some(Kind::Bool), Json::Bool(held)) => Some(Value::Bool(*held)),
        (None | Some(Kind::Int), Json::Number(number)) => Some(Value::Int(number.as_i64()?)),
        (None | Some(Kind::Text), Json::String(text)) => Some(Value::text(text)),
        _ => None,
    }
}

/// As Python has it: the member of an enum by the name under which `prefix` has the enum,
/// such as `pytm.`; one that pytm does not have as text, which tmrs understands and pytm
/// leaves alone.
pub fn in_python(value: &Value, prefix: &str) -> Option<String> {
    Some(match value {
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Member(of, at) => {
            let member = of.members.get(*at as usize)?.0;
            match of.since {
                Since::Pytm => format!("{prefix}{}.{member}", of.name),
                Since::Tmrs(_) => format!("\"{member}\""),
            }
        }
        other => in_native(other)?,
    })
}

/// As YAML has it.
pub fn in_native(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(held) => held.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Member(of, at) => of.members.get(*at as usize)?.0.to_owned(),
        // Quoted as JSON, which YAML and Python read alike.
        Value::Text(text) => serde_json::to_string(&**text).ok()?,
        _ => return None,
    })
}

/// As JSON has it.
pub(super) fn in_json(value: &Value) -> Option<String> {
    match value {
        Value::Member(..) => serde_json::to_string(&in_native(value)?).ok(),
        other => in_native(other),
    }
}
