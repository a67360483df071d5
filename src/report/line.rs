//! The line by which a model says something, in the language of its file.

use crate::condition::Answer;
use crate::model::{Model, Owner, Value};
use crate::source::Place;

/// The line that answers so; `None` where no single line can say it, as for what a loop or a
/// factory makes.
pub(super) fn line(model: &Model, answer: &Answer) -> Option<String> {
    let (place, is_made, controls) = match answer.owner {
        Owner::Element(id) => (
            &model.element(id).place,
            !model.element(id).related.is_empty(),
            false,
        ),
        Owner::Controls(id) => (
            &model.element(id).place,
            !model.element(id).related.is_empty(),
            true,
        ),
        Owner::Data(id) => (&model.datum(id).place, false, false),
    };
    if is_made || place.path() != model.path() {
        return None;
    }
    let attribute = answer.attribute.name();
    if model.format == "pytm" {
        let name = variable(place)?;
        let controls = if controls { ".controls" } else { "" };
        let value = python(&answer.value)?;
        return Some(format!("{name}{controls}.{attribute} = {value}"));
    }
    let id = id(place)?;
    let said = format!("{attribute}: {}", native(&answer.value)?);
    Some(if controls {
        format!("{id}: {{controls: {{{said}}}}}")
    } else {
        format!("{id}: {{{said}}}")
    })
}

/// The name to which a call is assigned on its own line.
fn variable(place: &Place) -> Option<&str> {
    let before = place.source.text().get(..place.span.start as usize)?;
    let line = before.rsplit(['\n', '\r']).next()?;
    let name = line.trim_end().strip_suffix('=')?.trim();
    let is_word = |part: &str| {
        part.chars().all(|c| c.is_alphanumeric() || c == '_')
            && part.chars().next().is_some_and(|c| !c.is_numeric())
    };
    name.split('.').all(is_word).then_some(name)
}

/// The id under which a native model has it.
fn id(place: &Place) -> Option<&str> {
    let id = place.text().split(':').next()?;
    let id = id.trim().trim_matches(['"', '\'']);
    let is_plain = |c: char| c.is_alphanumeric() || "_-. ".contains(c);
    (!id.is_empty() && id.chars().all(is_plain)).then_some(id)
}

fn python(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Member(of, at) => format!("{}.{}", of.name, of.members.get(*at as usize)?.0),
        other => native(other)?,
    })
}

/// As YAML and JSON have it.
fn native(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(held) => held.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Member(of, at) => of.members.get(*at as usize)?.0.to_owned(),
        // Quoted as JSON, which YAML and Python read alike.
        Value::Text(text) => serde_json::to_string(&**text).ok()?,
        _ => return None,
    })
}
