//! The line by which a model says something, in the language of its file.

use crate::answer::{in_native, in_python};
use crate::condition::Answer;
use crate::model::vocabulary::Since;
use crate::model::{Model, Owner, Value};
use crate::source::Place;

/// The line that answers so; `None` where no single line can say it, as for what a loop or a
/// factory makes, or in a file that another tool writes.
pub(super) fn line(model: &Model, answer: &Answer) -> Option<String> {
    if !model.takes_answers() {
        return None;
    }
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
        if matches!(answer.owner, Owner::Data(_))
            && name
                .rsplit_once('.')
                .is_some_and(|(_, last)| last == "data")
        {
            // pytm gives a set of data there, whatever was assigned.
            return None;
        }
        let controls = if controls { ".controls" } else { "" };
        let value = in_python(&answer.value, "")?;
        let import = missing_import(&answer.value, place.source.text());
        return Some(format!("{import}{name}{controls}.{attribute} = {value}"));
    }
    let id = id(place)?;
    let said = format!("{attribute}: {}", in_native(&answer.value)?);
    Some(if controls {
        format!("{id}: {{controls: {{{said}}}}}")
    } else {
        format!("{id}: {{{said}}}")
    })
}

/// What binds the enum of a value where its file does not name it yet.
fn missing_import(value: &Value, text: &str) -> String {
    let Value::Member(of, _) = value else {
        return String::new();
    };
    if matches!(of.since, Since::Tmrs(_)) {
        return String::new();
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_bound = text.match_indices(of.name).any(|(at, name)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(|c| is_word(c) || c == '.') && !after.is_some_and(is_word)
    });
    if is_bound || text.contains("from pytm import *") {
        String::new()
    } else {
        format!("from pytm import {}; ", of.name)
    }
}

/// The name to which a call is assigned on its own line.
fn variable(place: &Place) -> Option<&str> {
    let called = place
        .text()
        .split('(')
        .next()
        .filter(|name| *name != place.text())?;
    if !called
        .chars()
        .all(|c| c.is_alphanumeric() || "_.".contains(c))
    {
        return None;
    }
    // What a function gives may hold it among others, as pytm's `req_reply` does.
    let class = called.rsplit('.').next()?;
    if class.starts_with(char::is_lowercase) {
        return None;
    }
    let name = place.before().trim_end().strip_suffix('=')?.trim();
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
