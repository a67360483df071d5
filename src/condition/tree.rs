//! A condition part by part over one element: what each part comes to, and what it rests on.

use super::eval::Evaluation;
use super::explain;
use super::expression::{Node, Op};
use super::view::{Noting, Said};
use super::{Fact, Verdict};
use crate::model::{ElementId, Model};

/// How parts are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// It has no parts.
    Leaf,
    /// Every part must hold.
    All,
    /// One part suffices.
    Any,
    /// The part must not hold.
    Not,
}

/// A part of a condition.
#[derive(Clone, Debug)]
pub struct Part {
    /// How its parts are joined.
    pub joint: Joint,
    /// Its text, on one line.
    pub text: String,
    /// What it comes to; where it fails, it does not hold.
    pub verdict: Verdict,
    /// What it comes to by what is said alone; `None` if it rests on something that nobody
    /// said.
    pub said: Option<bool>,
    /// What a part without parts rests on.
    pub facts: Vec<Fact>,
    /// Its parts.
    pub parts: Vec<Part>,
}

impl Part {
    /// Whether it holds.
    pub fn holds(&self) -> bool {
        self.verdict == Verdict::Holds
    }

    /// The smallest parts for which it comes to what it does, in the order of the text.
    pub fn decisive(&self) -> Vec<&Self> {
        let holds = self.holds();
        let parts = self.parts.iter();
        match self.joint {
            Joint::Leaf => vec![self],
            Joint::Not => parts.flat_map(Self::decisive).collect(),
            Joint::All if holds => parts.flat_map(Self::decisive).collect(),
            Joint::Any if !holds => parts.flat_map(Self::decisive).collect(),
            Joint::All | Joint::Any => parts
                .filter(|part| part.holds() == holds)
                .flat_map(Self::decisive)
                .collect(),
        }
    }
}

/// The parts of a condition over an element. Only `and`, `or` and `not` are taken apart:
/// what stands in a comprehension has no value by itself.
pub(super) fn tree(
    node: &Node,
    text: &str,
    model: &Model,
    target: ElementId,
    infers: bool,
) -> Part {
    let (joint, inner): (Joint, &[Node]) = match &node.op {
        Op::And(nodes) => (Joint::All, nodes),
        Op::Or(nodes) => (Joint::Any, nodes),
        Op::Not(inner) if matches!(inner.op, Op::And(_) | Op::Or(_)) => {
            (Joint::Not, std::slice::from_ref(&**inner))
        }
        _ => (Joint::Leaf, &[]),
    };
    let parts: Vec<Part> = inner
        .iter()
        .map(|node| tree(node, text, model, target, infers))
        .collect();
    let mut plain = Evaluation::new(model, target, Noting::default(), infers);
    let verdict = match plain.judge(node) {
        Ok(Some(true)) => Verdict::Holds,
        Ok(_) => Verdict::HoldsNot,
        Err(fault) => Verdict::Failed {
            expected: fault.is_expected(),
            reason: fault.reason(),
        },
    };
    let said = Evaluation::new(model, target, Said, infers).judge(node);
    let facts = if joint == Joint::Leaf {
        let evaluation = Evaluation::new(model, target, Noting::default(), infers);
        explain::facts(node, evaluation)
    } else {
        Vec::new()
    };
    let shown = text.get(node.span.range()).unwrap_or(text);
    Part {
        joint,
        text: shown.split_whitespace().collect::<Vec<_>>().join(" "),
        verdict,
        said: said.ok().flatten(),
        facts,
        parts,
    }
}
