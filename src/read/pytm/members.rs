//! Members of the enums of pytm.

use super::interpreter::{Interpreter, R};
use super::value::V;
use super::value::function::Args;
use crate::model::vocabulary::Enumeration;

impl<'a> Interpreter<'a> {
    /// `Classification(2)`: a member by its value.
    pub(super) fn member_by_value(&mut self, e: &'static Enumeration, args: &Args<'a>) -> R<'a> {
        let Some(wanted) = args.get(0) else {
            return self.raise("TypeError", "an enum wants a value", args.at);
        };
        if let V::Unread(_) | V::Member(..) = wanted {
            return Ok(wanted.clone());
        }
        match position_by_value(e, wanted) {
            Some(position) => Ok(V::Member(e, position)),
            None => self.raise(
                "ValueError",
                format!("no {} has this value", e.name),
                args.at,
            ),
        }
    }
}

pub(super) fn member_attribute<'a>(
    owner: &V<'a>,
    e: &'static Enumeration,
    position: u8,
    name: &str,
) -> Option<V<'a>> {
    match name {
        "name" | "_name_" => e
            .members
            .get(position as usize)
            .map(|(name, _)| V::str(name)),
        "value" | "_value_" => Some(member_value(e, position)),
        "label" => Some(V::method(owner, name)),
        _ => enum_attribute(e, name).filter(|found| matches!(found, V::Member(..))),
    }
}

pub(super) fn enum_attribute<'a>(e: &'static Enumeration, name: &str) -> Option<V<'a>> {
    if let Some(position) = e.position(name) {
        return Some(V::Member(e, position));
    }
    match name {
        "__name__" => Some(V::str(e.name)),
        "__members__" => {
            let mut dict = super::value::dict::Dict::default();
            for (position, (name, _)) in e.members.iter().enumerate() {
                dict.insert(V::str(name), V::Member(e, position as u8), None);
            }
            Some(V::dict(dict))
        }
        _ => None,
    }
}

/// What pytm 1.4.0 gives as a member's `value`.
pub(super) fn member_value<'a>(e: &'static Enumeration, position: u8) -> V<'a> {
    if e.ordered {
        return V::Int(i64::from(position));
    }
    let name = e
        .members
        .get(position as usize)
        .map_or("", |(name, _)| name);
    V::str(match (e.name, name) {
        ("Lifetime", "SHORT") => "SHORT_LIVED",
        ("Lifetime", "LONG") => "LONG_LIVED",
        ("Lifetime", "AUTO") => "AUTO_REVOKABLE",
        ("Lifetime", "MANUAL") => "MANUALLY_REVOKABLE",
        (_, name) => name,
    })
}

/// The member that has this value.
pub(super) fn position_by_value(e: &'static Enumeration, wanted: &V<'_>) -> Option<u8> {
    (0..e.members.len() as u8).find(|position| {
        super::value::dict::key(&member_value(e, *position)) == super::value::dict::key(wanted)
    })
}
