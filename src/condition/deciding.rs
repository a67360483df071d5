//! What would make a condition false: sets of answers to what nobody said
//! (docs/semantics.md §3, Explanation).

use std::cell::OnceCell;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::slice;

use super::Answer;
use super::eval::Evaluation;
use super::expression::{Node, Op};
use super::view::{Answered, Asking, Given, SlotSet};
use crate::model::vocabulary::{Class, Fallback, Kind, Meaning, TRUST};
use crate::model::{Attr, ElementId, Model, Owner, Value};

/// How many deciding sets are given, and how large they may be.
const MAX_SETS: usize = 3;
const MAX_SET: usize = 4;
/// How many what-if judgements a search may take.
const MAX_TRIES: usize = 3_000;
/// How many steps these may take together.
pub(super) const MAX_STEPS: usize = 5_000_000;
/// What a judgement counts beside its own steps.
const LOOK: usize = 16;
/// How many values are tried for one attribute.
const MAX_VALUES: usize = 12;

/// What a search for answers gave.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// Sets of answers, each of which refutes the finding.
    pub sets: Vec<Vec<Answer>>,
    /// What it took.
    pub steps: usize,
    /// Whether it came to its end before it had taken as many steps as it might.
    pub ended: bool,
}

impl Sought {
    /// Nothing, where nothing is sought.
    pub fn none() -> Self {
        Self {
            ended: true,
            ..Self::default()
        }
    }
}

/// What may be answered otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matter {
    /// What nobody said.
    Unsaid,
    /// Also what the model says of protections and of what attracts threats, for this can be
    /// changed; what a thing is stays.
    Changeable,
}

/// Minimal sets of answers that refute a finding, smallest first: of protections if these
/// suffice, else also of what attracts threats, and of what things are only at last.
///
/// Whatever refutes it has to change something that the finding rests on: so
/// from each state only its open facts are branched on. And an answer can
/// change only the operands of the condition that read its slot: the others are
/// not judged again.
pub(super) fn deciding(
    node: &Node,
    model: &Model,
    target: ElementId,
    infers: bool,
    matter: Matter,
    given: &[Answer],
    most: usize,
) -> Sought {
    let mut search = Search {
        operands: match &node.op {
            Op::And(nodes) => nodes,
            _ => slice::from_ref(node),
        },
        model,
        target,
        infers,
        given: answered(given),
        questions: Questions::new(node, model, matter),
        tries: 0,
        steps: 0,
        most,
        ended: true,
    };
    let mut found = search.smallest();
    let questions = &search.questions;
    let least = found.iter().map(|set| questions.rank(set)).min();
    found.retain(|set| Some(questions.rank(set)) == least);
    Sought {
        sets: found.iter().map(|set| questions.set(set)).collect(),
        steps: search.steps,
        ended: search.ended,
    }
}

/// Whether the condition holds once this is answered, and which slots it read for that.
pub(super) fn holds_given(
    node: &Node,
    model: &Model,
    target: ElementId,
    infers: bool,
    given: &[Answer],
) -> (bool, SlotSet) {
    let given = answered(given);
    let mut evaluation = Evaluation::new(model, target, Given::new(&given), infers);
    let holds = evaluation.judge(node).is_ok_and(|it| it == Some(true));
    (holds, evaluation.view.read)
}

/// Answers as they are put in.
fn answered(given: &[Answer]) -> Vec<Answered> {
    let answers = given.iter();
    let answers = answers.map(|a| (a.owner, a.attribute.clone(), a.value.clone()));
    answers.collect()
}

/// A search under way, breadth first.
struct Search<'m> {
    /// They must all hold.
    operands: &'m [Node],
    model: &'m Model,
    target: ElementId,
    infers: bool,
    /// What is answered already.
    given: Vec<Answered>,
    questions: Questions<'m>,
    tries: usize,
    steps: usize,
    /// So many steps it may take.
    most: usize,
    /// Whether these were enough.
    ended: bool,
}

/// Answers with which the condition still holds.
struct State {
    choices: Choices,
    /// The same, as they are put in.
    answers: Vec<Answered>,
    /// What each operand rests on.
    operands: Vec<Rc<Ground>>,
}

/// What made an operand true.
struct Ground {
    /// The questions that it rests on, in the order of reading.
    open: Vec<u32>,
    /// Every slot that was read and could be answered otherwise.
    read: SlotSet,
}

/// What some answers make of the condition.
enum Look {
    Refuted,
    Holds(State),
    Failed,
}

impl Search<'_> {
    fn smallest(&mut self) -> Vec<Choices> {
        let mut found: Vec<Choices> = Vec::new();
        let mut seen: BTreeSet<Choices> = BTreeSet::new();
        let mut queue = VecDeque::new();
        if let Look::Holds(state) = self.look(None, Choices::default()) {
            queue.push_back(state);
        }
        while let Some(state) = queue.pop_front() {
            for question in self.questions.open(&state) {
                for option in self.questions.options(question) {
                    let more = state.choices.with(Choice { question, option });
                    // Of one choice alone, each is met once.
                    let is_known = !state.choices.is_empty() && !seen.insert(more);
                    if is_known || found.iter().any(|smaller| more.contain(smaller)) {
                        continue;
                    }
                    self.ended = self.steps <= self.most;
                    if self.tries == MAX_TRIES || !self.ended {
                        return found;
                    }
                    let choice = Choice { question, option };
                    match self.look(Some((&state, choice)), more) {
                        Look::Refuted => found.push(more),
                        Look::Holds(next) if !more.is_full() => queue.push_back(next),
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

    /// Judges with one answer more than in a state that was looked at, which makes
    /// these choices; without any at first.
    fn look(&mut self, before: Option<(&State, Choice)>, choices: Choices) -> Look {
        self.tries += 1;
        self.steps += LOOK;
        let mut answers = Vec::with_capacity(MAX_SET + self.given.len());
        match before {
            Some((state, choice)) => {
                answers.extend_from_slice(&state.answers);
                answers.push(self.questions.answer(choice));
            }
            None => answers.extend_from_slice(&self.given),
        }
        let new = answers.last();
        let mut grounds = Vec::with_capacity(self.operands.len());
        for (at, operand) in self.operands.iter().enumerate() {
            if let (Some((state, _)), Some((owner, attr, _))) = (before, new)
                && let Some(ground) = state.operands.get(at)
                && !ground.read.may_hold(*owner, attr)
            {
                grounds.push(Rc::clone(ground));
                continue;
            }
            match self.judge(operand, &answers) {
                Ok(ground) => grounds.push(Rc::new(ground)),
                Err(look) => return look,
            }
        }
        Look::Holds(State {
            choices,
            answers,
            operands: grounds,
        })
    }

    /// What an operand rests on if it holds, else what becomes of the condition.
    fn judge(&mut self, operand: &Node, answers: &[Answered]) -> Result<Ground, Look> {
        let view = Asking::new(answers, self.questions.matter == Matter::Changeable);
        let mut evaluation = Evaluation::new(self.model, self.target, view, self.infers);
        let truth = evaluation.judge(operand).ok().flatten();
        self.steps += evaluation.taken();
        let Asking { notes, read, .. } = evaluation.view;
        match truth {
            Some(false) => Err(Look::Refuted),
            None => Err(Look::Failed),
            Some(true) => {
                let open = notes.iter().filter_map(|note| note.open);
                let open =
                    open.map(|(owner, attr, value)| self.questions.about(owner, attr, value));
                let open = open.collect();
                Ok(Ground { open, read })
            }
        }
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
    model: &'m Model,
    matter: Matter,
    asked: Vec<Question>,
    /// Where each slot stands among them.
    at: BTreeMap<(Owner, Attr), u32>,
    /// The condition's own literals, once they are wanted.
    literals: OnceCell<Vec<&'m Value>>,
    /// How often questions were told.
    rounds: usize,
}

/// A slot that nobody said.
struct Question {
    owner: Owner,
    attr: Attr,
    /// The values to try.
    options: Vec<Value>,
    rank: Rank,
    /// The last round in which it was told.
    round: usize,
}

impl<'m> Questions<'m> {
    fn new(node: &'m Node, model: &'m Model, matter: Matter) -> Self {
        Self {
            node,
            model,
            matter,
            asked: Vec::new(),
            at: BTreeMap::new(),
            literals: OnceCell::new(),
            rounds: 0,
        }
    }

    /// The questions that a state rests on, each once, those about protections first.
    fn open(&mut self, state: &State) -> Vec<u32> {
        self.rounds += 1;
        let mut open = Vec::new();
        for at in state.operands.iter().flat_map(|ground| &ground.open) {
            let question = &mut self.asked[*at as usize];
            if question.round != self.rounds {
                question.round = self.rounds;
                open.push(*at);
            }
        }
        open.sort_by_key(|at| self.asked[*at as usize].rank);
        open
    }

    /// The last of the ranks of what is chosen.
    fn rank(&self, choices: &Choices) -> Rank {
        let ranks = choices
            .each()
            .map(|choice| self.asked[choice.question as usize].rank);
        ranks.max().unwrap_or(Rank::Protection)
    }

    /// The question about a slot, which now holds this value.
    fn about(&mut self, owner: Owner, attr: &Attr, value: &Value) -> u32 {
        let next = self.asked.len() as u32;
        let meaning = self
            .model
            .attribute(owner, attr)
            .map(|known| (known.kind, known.meaning));
        let keeps = self.matter == Matter::Changeable;
        match self.at.entry((owner, attr.clone())) {
            Entry::Occupied(at) => *at.get(),
            Entry::Vacant(free) => {
                let literals = || &**self.literals.get_or_init(|| literals(self.node));
                let (options, rank) = match meaning {
                    Some((kind, Meaning::Protection(answer))) => {
                        (safe(value, kind, answer), Rank::Protection)
                    }
                    Some((kind, Meaning::Risk(answer))) => {
                        (safe(value, kind, answer), Rank::Attraction)
                    }
                    Some((_, Meaning::Fact)) if keeps => (Vec::new(), Rank::Fact),
                    Some((_, Meaning::Fact)) => {
                        (values(value, is_flag(attr), literals), Rank::Fact)
                    }
                    // What people's own rules ask for is mostly a control.
                    None => (values(value, is_flag(attr), literals), Rank::Protection),
                };
                self.asked.push(Question {
                    owner,
                    attr: free.key().1.clone(),
                    options,
                    rank,
                    round: 0,
                });
                *free.insert(next)
            }
        }
    }

    fn options(&self, question: u32) -> std::ops::Range<u32> {
        0..self.asked[question as usize].options.len() as u32
    }

    /// The answer that was chosen.
    fn answer(&self, choice: Choice) -> Answered {
        let question = &self.asked[choice.question as usize];
        let value = &question.options[choice.option as usize];
        (question.owner, question.attr.clone(), value.clone())
    }

    /// As a deciding set, by owner and attribute.
    fn set(&self, choices: &Choices) -> Vec<Answer> {
        let mut answers: Vec<_> = choices.each().map(|choice| self.answer(choice)).collect();
        answers.sort_by(|(a, about, _), (b, other, _)| (a, about).cmp(&(b, other)));
        let answer = |(owner, attribute, value): Answered| Answer {
            owner,
            attribute,
            value,
        };
        answers.into_iter().map(answer).collect()
    }
}

/// What is rather asked for than what comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Protection,
    Attraction,
    Fact,
}

/// The safe answer, if it is another than now; of ordered answers the better ones too, the
/// weakest first.
fn safe(now: &Value, kind: Kind, answer: Fallback) -> Vec<Value> {
    match (kind, answer) {
        (_, Fallback::Bool(wanted)) => match now {
            Value::Bool(held) if *held == wanted => Vec::new(),
            _ => vec![Value::Bool(wanted)],
        },
        (Kind::Enum(of), Fallback::Member(name)) => {
            let Some(first) = of.position(name) else {
                return Vec::new();
            };
            let last = if of.ordered {
                of.members.len() as u8
            } else {
                first + 1
            };
            let is_other = |at: &u8| !matches!(now, Value::Member(_, held) if held == at);
            let members = (first..last).filter(is_other);
            members.map(|at| Value::Member(of, at)).collect()
        }
        (_, Fallback::Text(text)) if now.as_text() != Some(text) => vec![Value::text(text)],
        _ => Vec::new(),
    }
}

/// Whether an attribute is answered by yes or no.
fn is_flag(attr: &Attr) -> bool {
    let mut had = Class::ALL.into_iter();
    let found = had.find_map(|class| class.attribute(attr.name()));
    found.is_some_and(|attribute| attribute.kind == Kind::Bool)
}

/// Other values of the same type: the other boolean, members of the enum (not
/// UNKNOWN, which says nothing), the condition's own literals.
fn values<'l>(
    now: &Value,
    is_flag: bool,
    literals: impl FnOnce() -> &'l [&'l Value],
) -> Vec<Value> {
    match now {
        Value::Bool(held) => vec![Value::Bool(!held)],
        // A flag whose default is neither.
        Value::Nothing if is_flag => vec![Value::Bool(false), Value::Bool(true)],
        // What a name tells, as that a queue is one: no other kind is any more likely.
        Value::Member(of, at) if !of.ordered && of.members[*at as usize].0 != "UNKNOWN" => {
            Vec::new()
        }
        // Nobody but its owner knows whose a zone is; most are one's own, and to call one that of
        // others would settle what only they could.
        Value::Member(of, at) if std::ptr::eq(*of, &raw const TRUST) => {
            let own = of.position("INTERNAL").filter(|own| own != at);
            own.map(|own| Value::Member(of, own)).into_iter().collect()
        }
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
