//! Layer `condition`: one Python expression, parsed, checked, compiled, judged
//! (SEMANTICS §3). Never executed as Python.
//!
//! lower (syntax tree → typed expression) → check (against the vocabulary) →
//! eval (two- and three-valued) → explain (facts, deciding sets).

use crate::model::{Attr, ElementId, Model, Origin, Owner, Value};
use crate::source::Place;

/// What one condition says about one element, two-valued (SEMANTICS §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The condition holds: there is a finding.
    Holds,
    /// It does not.
    HoldsNot,
    /// Evaluation ended in an error: no finding, one notice a rule with the count.
    Failed {
        /// What went wrong, in a few words.
        reason: String,
        /// Only because a target class lacks the attribute: not worth a notice.
        expected: bool,
    },
}

/// How sure the model makes a finding (SEMANTICS §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// It rests on something that nobody said.
    Assumed,
    /// It follows from what the model says.
    Declared,
}

impl Evidence {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Declared => "declared",
        }
    }
}

/// One fact that made a condition true.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Whose attribute it is; `None` for a fact about the graph (`crosses`, `reaches`).
    pub owner: Option<Owner>,
    /// As the condition writes it, such as `controls.isEncrypted` or `sink.isHardened`.
    pub attribute: String,
    /// The value.
    pub value: Value,
    /// How it came to be known.
    pub origin: Origin,
    /// Where it is said; for a default the constructor of its owner.
    pub place: Option<Place>,
}

/// One answer in a deciding set: if this attribute had that value, ….
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whose attribute.
    pub owner: Owner,
    /// Which.
    pub attribute: Attr,
    /// The value that helps to refute the finding.
    pub value: Value,
}
