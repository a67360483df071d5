//! What made a condition true (docs/semantics.md §3, Explanation).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Fact;
use super::eval::Evaluation;
use super::expression::Node;
use super::view::Noting;
use crate::model::{Attr, Model, Owner};
use crate::source::Place;

/// How many facts are told.
const MAX_FACTS: usize = 40;

/// The facts that a true condition rests on, each once, in the order of evaluation.
pub(super) fn facts<'m>(node: &'m Node, mut evaluation: Evaluation<'m, Noting<'m>>) -> Vec<Fact> {
    let model = evaluation.model;
    // Where it ends in an error, what was read so far is told.
    let _ = evaluation.judge(node);
    let mut told = BTreeSet::new();
    let mut facts = Vec::new();
    for note in evaluation.view.notes {
        if facts.len() < MAX_FACTS && told.insert((note.owner, note.path)) {
            facts.push(Fact {
                owner: note.owner,
                attribute: note.path.to_owned(),
                origin: note.origin,
                place: note.place.or_else(|| constructor(model, note.owner)),
                reason: reason(model, note.owner, note.attr),
                value: note.value,
            });
        }
    }
    facts
}

/// Why a fact that nobody said is taken for granted.
fn reason(model: &Model, owner: Option<Owner>, attr: Option<&Attr>) -> Option<Arc<str>> {
    let (Owner::Element(id) | Owner::Controls(id)) = owner? else {
        return None;
    };
    let told = model.element(id).inference(attr?)?;
    Some(Arc::clone(&told.reason))
}

fn constructor(model: &Model, owner: Option<Owner>) -> Option<Place> {
    Some(match owner? {
        Owner::Element(id) | Owner::Controls(id) => model.element(id).place.clone(),
        Owner::Data(id) => model.datum(id).place.clone(),
    })
}
