//! Layer `rules`: whether anything that a model can say about protection
//! settles a finding.

use super::canonical::is_flag;
use super::diagram::{Atom, Diagrams, Ref};

/// Attributes other than booleans whose value is a protection or its lack.
const PROTECTIVE: [&str; 9] = [
    "protocol",
    "tlsVersion",
    "minTLSVersion",
    "credentialsLife",
    "usesEncryptionAlgorithm",
    "trust",
    "classification",
    "maxClassification",
    "inBoundary",
];

/// Booleans that tell what a thing is, not what protects it.
const CIRCUMSTANCES: [&str; 5] = ["isResponse", "inScope", "isAdmin", "isProxy", "isStored"];

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
    let known = |term: &str| {
        let name = term.rsplit('.').next().unwrap_or(term);
        PROTECTIVE.contains(&name) || METHODS.iter().any(|method| term.contains(method))
    };
    match all.atom_of(atom).clone() {
        Atom::Truth(term) => {
            let name = term.rsplit('.').next().unwrap_or("");
            known(&term) || (becomes && is_flag(name) && !CIRCUMSTANCES.contains(&name))
        }
        Atom::Equal(left, right) => known(&left) || known(&right),
        Atom::Other(text) => text.split(' ').any(known),
        Atom::Any(_, body) => settles(all, body, becomes),
    }
}
