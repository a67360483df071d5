//! What would make a condition false: sets of answers to what nobody said
//! (SEMANTICS §3, Explanation).

use std::cell::OnceCell;
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
    let mut search = Search {
        node,
        model,
        target,
        questions: Questions::new(node),
        tries: 0,
        steps: 0,
    };
    let found = search.smallest();
    found.iter().map(|set| search.questions.set(set)).collect()
}

/// A search under way, breadth first.
struct Search<'m> {
    node: &'m Node,
    model: &'m Model,
    target: ElementId,
    questions: Questions<'m>,
    tries: usize,
    steps: usize,
}

impl Search<'_> {
    fn smallest(&mut self) -> Vec<Choices> {
        let mut found: Vec<Choices> = Vec::new();
        let (truth, open) = self.look(&Choices::default());
        if truth != Some(true) {
            return found;
        }
        let mut seen: BTreeSet<Choices> = BTreeSet::new();
        // What still held, with the questions that it rested on then.
        let mut queue = VecDeque::from([(Choices::default(), open)]);
        while let Some((choices, open)) = queue.pop_front() {
            for question in open {
                for option in self.questions.options(question) {
                    let more = choices.with(Choice { question, option });
                    // Of one choice alone, each is met once.
                    let is_known = !choices.is_empty() && !seen.insert(more);
                    if is_known || found.iter().any(|smaller| more.contain(smaller)) {
                        continue;
                    }
                    if self.tries == MAX_TRIES || self.steps > MAX_STEPS {
                        return found;
                    }
                    match self.look(&more) {
                        (Some(false), _) => found.push(more),
                        (Some(true), open) if !more.is_full() => queue.push_back((more, open)),
                        _ => {}
                    }
                    if found.len() == MAX_SETS {
                        return found;
                    }
                }
            }
        }
        found
    }

    /// The judgement with some answers put in, `None` for an error, and the
    /// questions about what it rests on that nobody said, in the order of reading.
    fn look(&mut self, choices: &Choices) -> (Option<bool>, Vec<u32>) {
        self.tries += 1;
        let answers = self.questions.answers(choices);
        let notes = Vec::with_capacity(16);
        let asking = Asking {
            answers: &answers,
            notes,
        };
        let mut evaluation = Evaluation::new(self.model, self.target, asking);
        let truth = evaluation.judge(self.node).ok().flatten();
        self.steps += evaluation.taken();
        if truth != Some(true) {
            return (truth, Vec::new());
        }
        let open = |note: &Asked<'_>| {
            let (owner, attr, value) = note.open?;
            Some((owner, attr.clone(), value.clone()))
        };
        let open: Vec<_> = evaluation.view.notes.iter().filter_map(open).collect();
        (truth, self.questions.about(open, self.tries))
    }
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
struct Questions<'m> {
    node: &'m Node,
    asked: Vec<Question>,
    /// Where each slot stands among them.
    at: BTreeMap<(Owner, Attr), u32>,
    /// The condition's own literals, once they are wanted.
    literals: OnceCell<Vec<&'m Value>>,
}

/// A slot that nobody said.
struct Question {
    owner: Owner,
    attr: Attr,
    /// The values to try.
    options: Vec<Value>,
    /// The last look that rested on it.
    look: usize,
}

impl<'m> Questions<'m> {
    fn new(node: &'m Node) -> Self {
        Self {
            node,
            asked: Vec::new(),
            at: BTreeMap::new(),
            literals: OnceCell::new(),
        }
    }

    /// The questions about these slots, which now hold these values, each once.
    fn about(&mut self, open: Vec<(Owner, Attr, Value)>, look: usize) -> Vec<u32> {
        let mut questions = Vec::with_capacity(open.len());
        for (owner, attr, value) in open {
            let at = self.question(owner, attr, &value);
            let question = &mut self.asked[at as usize];
            if question.look != look {
                question.look = look;
                questions.push(at);
            }
        }
        questions
    }

    fn question(&mut self, owner: Owner, attr: Attr, value: &Value) -> u32 {
        let next = self.asked.len() as u32;
        match self.at.entry((owner, attr)) {
            Entry::Occupied(at) => *at.get(),
            Entry::Vacant(free) => {
                let literals = || &**self.literals.get_or_init(|| literals(self.node));
                self.asked.push(Question {
                    owner,
                    attr: free.key().1.clone(),
                    options: values(value, literals),
                    look: 0,
                });
                *free.insert(next)
            }
        }
    }

    fn options(&self, question: u32) -> std::ops::Range<u32> {
        0..self.asked[question as usize].options.len() as u32
    }

    /// The answers that were chosen.
    fn answers(&self, choices: &Choices) -> Vec<Answered<'_>> {
        let answer = |choice: Choice| {
            let Question {
                owner,
                attr,
                options,
                ..
            } = &self.asked[choice.question as usize];
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
fn values<'l>(now: &Value, literals: impl FnOnce() -> &'l [&'l Value]) -> Vec<Value> {
    match now {
        Value::Bool(held) => vec![Value::Bool(!held)],
        Value::Member(of, at) => {
            let named = literals().iter().filter_map(|literal| match literal {
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
        Value::Text(now) => others(literals(), |literal| {
            literal.as_text().is_some_and(|text| text != &**now)
        }),
        Value::Int(now) => others(
            literals(),
            |literal| matches!(literal, Value::Int(int) if int != now),
        ),
        _ => Vec::new(),
    }
}

/// The first of the wanted literals, each once.
fn others(literals: &[&Value], wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut others: Vec<Value> = Vec::new();
    for literal in literals.iter().filter(|literal| wanted(literal)) {
        let again = |other: &Value| match (other, literal) {
            (Value::Int(a), Value::Int(b)) => a == b,
            _ => other.as_text() == literal.as_text(),
        };
        if others.len() < MAX_VALUES && !others.iter().any(again) {
            others.push((*literal).clone());
        }
    }
    others
}

/// Every literal of a condition, in the order of the text.
fn literals(node: &Node) -> Vec<&Value> {
    let mut literals = Vec::new();
    visit(node, &mut literals);
    literals
}

// Compiled conditions are not deep (see `lower`).
fn visit<'n>(node: &'n Node, literals: &mut Vec<&'n Value>) {
    if let Op::Constant(value) = &node.op {
        gather(value, literals);
    }
    node.each_child(|child| visit(child, literals));
}

fn gather<'n>(value: &'n Value, literals: &mut Vec<&'n Value>) {
    match value.items() {
        Some(items) => items.iter().for_each(|item| gather(item, literals)),
        None => literals.push(value),
    }
}
