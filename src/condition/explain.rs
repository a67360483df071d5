//! What made a condition true, and what would make it false (SEMANTICS §3, Explanation).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::eval::Evaluation;
use super::expression::{Node, Op};
use super::view::{Answers, Note, Noting};
use super::{Answer, Fact};
use crate::model::{Attr, ElementId, Model, Origin, Owner, Value};
use crate::source::Place;

/// How many facts are told.
const MAX_FACTS: usize = 40;
/// How many deciding sets are given, and how large they may be.
const MAX_SETS: usize = 3;
const MAX_SET: usize = 4;
/// How many what-if judgements a search may take.
const MAX_TRIES: usize = 3_000;
/// How many steps these may take together.
const MAX_STEPS: usize = 5_000_000;
/// How many values are tried for one attribute.
const MAX_VALUES: usize = 12;

/// The facts that a true condition rests on, each once, in the order of evaluation.
pub(super) fn facts(node: &Node, model: &Model, target: ElementId) -> Vec<Fact> {
    let answers = Answers::new();
    let Look { notes, .. } = look(node, model, target, &answers);
    let mut told = BTreeSet::new();
    let mut facts = Vec::new();
    for note in notes {
        if facts.len() < MAX_FACTS && told.insert((note.owner, note.path)) {
            facts.push(Fact {
                owner: note.owner,
                attribute: note.path.to_owned(),
                origin: note.origin,
                place: note.place.or_else(|| constructor(model, note.owner)),
                value: note.value,
            });
        }
    }
    facts
}

fn constructor(model: &Model, owner: Option<Owner>) -> Option<Place> {
    Some(match owner? {
        Owner::Element(id) | Owner::Controls(id) => model.element(id).place.clone(),
        Owner::Data(id) => model.datum(id).place.clone(),
    })
}

/// A judgement with some answers put in.
struct Look<'m> {
    /// `None` for an error.
    truth: Option<bool>,
    /// What it rests on.
    notes: Vec<Note<'m>>,
    steps: usize,
}

fn look<'m>(node: &'m Node, model: &'m Model, target: ElementId, answers: &'m Answers) -> Look<'m> {
    let notes = Vec::new();
    let mut evaluation = Evaluation::new(model, target, Noting { answers, notes });
    Look {
        truth: evaluation.judge(node).ok().flatten(),
        steps: evaluation.taken(),
        notes: evaluation.view.notes,
    }
}

/// Minimal sets of answers that refute a finding, smallest first.
///
/// Whatever refutes it has to change something that the finding rests on: so
/// from each state only its undeclared facts are branched on.
pub(super) fn deciding(node: &Node, model: &Model, target: ElementId) -> Vec<Vec<Answer>> {
    let literals = literals(node);
    let mut found: Vec<Answers> = Vec::new();
    let mut seen: BTreeSet<Vec<(Owner, Attr, String)>> = BTreeSet::new();
    let mut queue = VecDeque::from([Answers::new()]);
    let (mut tries, mut steps) = (0, 0);
    while let Some(answers) = queue.pop_front() {
        if found.iter().any(|smaller| contains(&answers, smaller)) {
            continue;
        }
        tries += 1;
        if tries > MAX_TRIES || steps > MAX_STEPS || found.len() == MAX_SETS {
            break;
        }
        let look = look(node, model, target, &answers);
        steps += look.steps;
        match look.truth {
            Some(false) if !answers.is_empty() => found.push(answers),
            Some(true) if answers.len() < MAX_SET => {
                for (slot, value) in candidates(&look.notes, &literals) {
                    let mut more = answers.clone();
                    more.insert(slot, value);
                    if seen.insert(key(&more)) {
                        queue.push_back(more);
                    }
                }
            }
            _ => {}
        }
    }
    let answer = |((owner, attribute), value)| Answer {
        owner,
        attribute,
        value,
    };
    found
        .into_iter()
        .map(|set| set.into_iter().map(answer).collect())
        .collect()
}

fn key(answers: &Answers) -> Vec<(Owner, Attr, String)> {
    let text = |value: &Value| match value {
        Value::Member(_, at) => at.to_string(),
        other => format!("{other:?}"),
    };
    let item =
        |((owner, attr), value): (&(Owner, Attr), &Value)| (*owner, attr.clone(), text(value));
    answers.iter().map(item).collect()
}

fn contains(larger: &Answers, smaller: &Answers) -> bool {
    let smaller = key(smaller);
    let larger = key(larger);
    smaller.iter().all(|item| larger.contains(item))
}

/// What could be answered about the undeclared slots that a finding rests on.
fn candidates(notes: &[Note<'_>], literals: &[Value]) -> Vec<((Owner, Attr), Value)> {
    let mut by_slot: BTreeMap<(Owner, Attr), &Value> = BTreeMap::new();
    let mut order = Vec::new();
    for note in notes {
        let open = matches!(note.origin, Origin::Default | Origin::Unread);
        if let (true, Some(owner), Some(attr)) = (open, note.owner, note.attr) {
            let slot = (owner, attr.clone());
            if by_slot.insert(slot.clone(), &note.value).is_none() {
                order.push(slot);
            }
        }
    }
    let mut candidates = Vec::new();
    for slot in order {
        for value in values(by_slot[&slot], literals) {
            candidates.push((slot.clone(), value));
        }
    }
    candidates
}

/// Other values of the same type: the other boolean, members of the enum (not
/// UNKNOWN, which says nothing), the condition's own literals.
fn values(now: &Value, literals: &[Value]) -> Vec<Value> {
    match now {
        Value::Bool(held) => vec![Value::Bool(!held)],
        Value::Member(of, at) => {
            let named = literals.iter().filter_map(|literal| match literal {
                Value::Member(e, i) if e == of => Some(*i),
                _ => None,
            });
            // Members that the condition names come first.
            let mut members: Vec<u8> = named.chain(0..of.members.len() as u8).collect();
            let mut told = BTreeSet::new();
            members
                .retain(|i| i != at && of.members[*i as usize].0 != "UNKNOWN" && told.insert(*i));
            members.iter().map(|i| Value::Member(of, *i)).collect()
        }
        Value::Text(now) => {
            let other = |literal: &&Value| literal.as_text().is_some_and(|text| text != &**now);
            literals
                .iter()
                .filter(other)
                .take(MAX_VALUES)
                .cloned()
                .collect()
        }
        Value::Int(now) => {
            let other = |literal: &&Value| matches!(literal, Value::Int(int) if int != now);
            literals
                .iter()
                .filter(other)
                .take(MAX_VALUES)
                .cloned()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Every literal of a condition, in the order of the text.
fn literals(node: &Node) -> Vec<Value> {
    let mut literals = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if let Op::Constant(value) = &node.op {
            gather(value, &mut literals);
        }
        let mut children = Vec::new();
        node.each_child(|child| children.push(child));
        open.extend(children.into_iter().rev());
    }
    literals
}

fn gather(value: &Value, literals: &mut Vec<Value>) {
    match value.items() {
        Some(items) => items.iter().for_each(|item| gather(item, literals)),
        None => literals.push(value.clone()),
    }
}
