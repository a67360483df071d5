//! Facts that people are asked for before any finding waits for them: what a thing is, and what
//! attracts threats. `tmrs questions --facts` asks, and no rule of ours may wait for others.

use super::asking;
use super::derive::KNOWN_TEXTS;
use super::value::Value;
use super::vocabulary::{Attribute, Fallback, Kind, Meaning};

/// What somebody could answer who is asked for the fact, what the vocabulary takes for granted
/// left out; nothing where nobody is asked.
pub fn answers(fact: &Attribute) -> Vec<Value> {
    let asked = matches!(fact.meaning, Meaning::Fact | Meaning::Risk(_))
        && asking::template(fact.name).is_some();
    if !asked {
        return Vec::new();
    }
    match fact.kind {
        Kind::Bool => {
            let granted = fact.default == Fallback::Bool(true);
            let open = fact.default == Fallback::Nothing;
            let other = Value::Bool(!granted);
            let same = open.then_some(Value::Bool(granted));
            std::iter::once(other).chain(same).collect()
        }
        Kind::Enum(of) => (0..)
            .zip(of.members)
            .filter(|(_, (name, _))| *name != "UNKNOWN")
            .map(|(at, _)| Value::Member(of, at))
            .collect(),
        Kind::Text => known_texts(fact.name).map(Value::text).collect(),
        Kind::Texts => known_texts(fact.name)
            .map(|text| Value::List([Value::text(text)].into()))
            .collect(),
        _ => Vec::new(),
    }
}

fn known_texts(name: &str) -> impl Iterator<Item = &'static str> {
    let known = KNOWN_TEXTS.iter().filter(move |(of, _)| *of == name);
    known.flat_map(|(_, texts)| texts.iter().copied())
}
