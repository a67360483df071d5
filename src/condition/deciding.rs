//! What would make a condition false: sets of answers to what nobody said
//! (SEMANTICS §3, Explanation).

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Answer;
use super::eval::Evaluation;
use super::expression::{Node, Op};
use super::view::{Answered, Asked, Asking};
use crate::model::{Attr, ElementId, Model, Owner, Value};

/// How many deciding sets are given, and how large they may be.
const MAX_SETS: usize = 3;
const MAX_SET: usize = 4;
/// How many what-if judgements a search may take.
const MAX_TRIES: usize = 3_000;
/// How many steps these may take together.
const MAX_STEPS: usize = 5_000_000;
/// How many values are tried for one attribute.
const MAX_VALUES: usize = 12;

/// Minimal sets of answers that refute a finding, smallest first.
///
/// Whatever refutes it has to change something that the finding rests on: so
/// from each state only its undeclared facts are branched on.
pub(super) fn deciding(node: &Node, model: &Model, target: ElementId) -> Vec<Vec<Answer>> {
    let mut questions = Questions::new(node);
    let mut found: Vec<Choices> = Vec::new();
    let mut seen: BTreeSet<Choices> = BTreeSet::new();
    let mut queue = VecDeque::from([Choices::default()]);
    let (mut tries, mut steps) = (0, 0);
    while let Some(choices) = queue.pop_front() {
        if found.iter().any(|smaller| choices.contain(smaller)) {
            continue;
        }
        tries += 1;
        if tries > MAX_TRIES || steps > MAX_STEPS || found.len() == MAX_SETS {
            break;
        }
        let look = look(node, model, target, &questions.answers(&choices));
        steps += look.steps;
        match look.truth {
            Some(false) if !choices.is_empty() => found.push(choices),
            Some(true) if !choices.is_full() => {
                for (owner, attr, value) in look.open {
                    let question = questions.about(owner, attr, &value);
                    for option in questions.options(question) {
                        let more = choices.with(Choice { question, option });
                        if seen.insert(more) {
                            queue.push_back(more);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    found.iter().map(|set| questions.set(set)).collect()
}

/// A judgement with some answers put in.
struct Look {
    /// `None` for an error.
    truth: Option<bool>,
    /// The slots it rests on that nobody said, in the order of reading.
    open: Vec<(Owner, Attr, Value)>,
    steps: usize,
}

fn look<'m>(
    node: &'m Node,
    model: &'m Model,
    target: ElementId,
    answers: &'m [Answered<'m>],
) -> Look {
    let notes = Vec::new();
    let mut evaluation = Evaluation::new(model, target, Asking { answers, notes });
    let truth = evaluation.judge(node).ok().flatten();
    let steps = evaluation.taken();
    let open = |note: &Asked<'_>| {
        let (owner, attr, value) = note.open?;
        Some((owner, attr.clone(), value.clone()))
    };
    let open = evaluation.view.notes.iter().filter_map(open).collect();
    Look { truth, open, steps }
}

/// One value for one question, by their positions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Choice {
    question: u32,
    option: u32,
}

impl Choice {
    /// Stands where there is none, after all others.
    const NONE: Self = Self {
        question: u32::MAX,
        option: u32::MAX,
    };
}

/// Up to [`MAX_SET`] choices, sorted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Choices([Choice; MAX_SET]);

impl Default for Choices {
    fn default() -> Self {
        Self([Choice::NONE; MAX_SET])
    }
}

impl Choices {
    fn each(&self) -> impl Iterator<Item = Choice> {
        self.0
            .into_iter()
            .take_while(|choice| *choice != Choice::NONE)
    }

    fn is_empty(&self) -> bool {
        self.0[0] == Choice::NONE
    }

    fn is_full(&self) -> bool {
        self.0[MAX_SET - 1] != Choice::NONE
    }

    fn contain(&self, smaller: &Self) -> bool {
        smaller.each().all(|choice| self.0.contains(&choice))
    }

    /// With one more; there must be room.
    fn with(mut self, more: Choice) -> Self {
        self.0[MAX_SET - 1] = more;
        self.0.sort_unstable();
        self
    }
}

/// What was asked so far, and what could be answered.
struct Questions {
    /// Slots, with the values to try.
    asked: Vec<(Owner, Attr, Vec<Value>)>,
    /// Where each slot stands among them.
    at: BTreeMap<(Owner, Attr), u32>,
    /// The condition's own literals.
    literals: Vec<Value>,
}

impl Questions {
    fn new(node: &Node) -> Self {
        Self {
            asked: Vec::new(),
            at: BTreeMap::new(),
            literals: literals(node),
        }
    }

    /// The question about a slot that now holds `value`.
    fn about(&mut self, owner: Owner, attr: Attr, value: &Value) -> u32 {
        let next = self.asked.len() as u32;
        match self.at.entry((owner, attr)) {
            Entry::Occupied(at) => *at.get(),
            Entry::Vacant(free) => {
                let attr = free.key().1.clone();
                self.asked
                    .push((owner, attr, values(value, &self.literals)));
                *free.insert(next)
            }
        }
    }

    fn options(&self, question: u32) -> std::ops::Range<u32> {
        0..self.asked[question as usize].2.len() as u32
    }

    /// The answers that were chosen.
    fn answers(&self, choices: &Choices) -> Vec<Answered<'_>> {
        let answer = |choice: Choice| {
            let (owner, attr, options) = &self.asked[choice.question as usize];
            (*owner, attr, &options[choice.option as usize])
        };
        choices.each().map(answer).collect()
    }

    /// As a deciding set, by owner and attribute.
    fn set(&self, choices: &Choices) -> Vec<Answer> {
        let mut answers = self.answers(choices);
        answers.sort_by_key(|(owner, attr, _)| (*owner, *attr));
        let answer = |(owner, attr, value): Answered<'_>| Answer {
            owner,
            attribute: attr.clone(),
            value: value.clone(),
        };
        answers.into_iter().map(answer).collect()
    }
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
        Value::Text(now) => others(literals, |literal| {
            literal.as_text().is_some_and(|text| text != &**now)
        }),
        Value::Int(now) => others(
            literals,
            |literal| matches!(literal, Value::Int(int) if int != now),
        ),
        _ => Vec::new(),
    }
}

/// The first of the wanted literals, each once.
fn others(literals: &[Value], wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut others: Vec<Value> = Vec::new();
    for literal in literals.iter().filter(|literal| wanted(literal)) {
        let again = |other: &Value| match (other, literal) {
            (Value::Int(a), Value::Int(b)) => a == b,
            _ => other.as_text() == literal.as_text(),
        };
        if others.len() < MAX_VALUES && !others.iter().any(again) {
            others.push(literal.clone());
        }
    }
    others
}

/// Every literal of a condition, in the order of the text.
fn literals(node: &Node) -> Vec<Value> {
    let mut literals = Vec::new();
    visit(node, &mut literals);
    literals
}

// Compiled conditions are not deep (see `lower`).
fn visit(node: &Node, literals: &mut Vec<Value>) {
    if let Op::Constant(value) = &node.op {
        gather(value, literals);
    }
    node.each_child(|child| visit(child, literals));
}

fn gather(value: &Value, literals: &mut Vec<Value>) {
    match value.items() {
        Some(items) => items.iter().for_each(|item| gather(item, literals)),
        None => literals.push(value.clone()),
    }
}
