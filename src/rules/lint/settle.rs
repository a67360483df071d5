//! Layer `rules`: whether anything that a model can say about protection
//! settles a finding.

use super::diagram::{Atom, Diagrams, Ref};
use crate::model::vocabulary::{self, Class, Fallback, Meaning};

/// Facts that somebody can change to get rid of a threat.
const CHANGEABLE: [&str; 8] = [
    "protocol",
    "trust",
    "classification",
    "maxClassification",
    "inBoundary",
    "receivesUpdates",
    "usesOIDC",
    "usesSAML",
];

/// Methods whose answer rests on protections.
const METHODS: [&str; 5] = [
    "hasDataLeaks()",
    "checkTLSVersion(",
    "reaches(",
    "reachedFrom(",
    "unauthenticated()",
];

/// Whether a protection, put in place, can make the condition false.
pub(super) fn settled_by_something(all: &mut Diagrams, condition: Ref) -> bool {
    settles(all, condition, false)
}

/// Whether a protection can turn the diagram to `wanted`.
fn settles(all: &mut Diagrams, diagram: Ref, wanted: bool) -> bool {
    all.support(diagram).into_iter().any(|atom| {
        let without = all.given(diagram, atom, false);
        let with = all.given(diagram, atom, true);
        let falls = difference(all, without, with);
        let rises = difference(all, with, without);
        let (by_holding, by_lacking) = if wanted {
            (rises, falls)
        } else {
            (falls, rises)
        };
        (by_holding && protects(all, atom, true)) || (by_lacking && protects(all, atom, false))
    })
}

/// Whether the first can hold where the second does not.
fn difference(all: &mut Diagrams, first: Ref, second: Ref) -> bool {
    let not_second = all.not(second);
    all.and(first, not_second) != Ref::FALSE
}

/// Whether an atom that becomes true (or false) is a protection put in place.
fn protects(all: &mut Diagrams, atom: u32, becomes: bool) -> bool {
    let name = |term: &str| term.rsplit('.').next().unwrap_or("").to_owned();
    let known = |term: &str| {
        CHANGEABLE.contains(&&*name(term))
            || METHODS.iter().any(|method| term.contains(method))
            || protection(&name(term)).is_some_and(|safe| safe != Fallback::Bool(true))
    };
    match all.atom_of(atom).clone() {
        Atom::Truth(term) => {
            known(&term) || (becomes && protection(&name(&term)) == Some(Fallback::Bool(true)))
        }
        Atom::Equal(left, right) => known(&left) || known(&right),
        Atom::Other(text) => text.split(' ').any(known),
        Atom::Any(over, body) => known(&over) || settles(all, body, becomes),
    }
}

/// The answer that says that a protection of this name is in place, if it is one.
fn protection(name: &str) -> Option<Fallback> {
    let own = Class::ALL.into_iter().filter_map(|c| c.attribute(name));
    own.chain(vocabulary::flat_control(Class::Element, name))
        .find_map(|attribute| match attribute.meaning {
            Meaning::Protection(safe) => Some(safe),
            _ => None,
        })
}
