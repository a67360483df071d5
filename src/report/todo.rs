//! Open findings by what settles them: each is one thing to do, with everything it closes,
//! and the one that takes away the most risk comes first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::settling::{Part, Step, parts};
use super::{Evidence, FindingInfo, Location, Report, Severity, Status};
use crate::model::asking;

/// So many things to do are told first.
pub const FIRST: usize = 5;
/// So much of what helps is told of one thing to do.
const LONGEST_HELP: usize = 300;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Todo {
    /// The model's path.
    pub model: Arc<str>,
    /// The model's name.
    pub model_name: Arc<str>,
    /// What kind of thing it is.
    pub kind: TodoKind,
    /// The question, or what to do, in a sentence.
    pub what: String,
    /// The answer that closes them, such as `yes`; null where it is no question.
    pub answer: Option<String>,
    /// What the model then says.
    pub steps: Vec<Step>,
    /// The worst risk of what it closes.
    pub risk: Severity,
    /// The names on the way on which an outsider reaches the worst of it.
    pub way: Arc<[Arc<str>]>,
    /// Reach and worth of the worst of it, in a sentence.
    pub risk_reason: Arc<str>,
    /// Where the worst of it is.
    pub location: Location,
    /// The rules whose findings it closes, the worst first.
    pub rules: Vec<Arc<str>>,
    /// The fingerprints of the findings that it closes, the worst first.
    pub closes: Vec<String>,
    /// How many of these fail the gate.
    pub failing: usize,
}

/// What kind of thing is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TodoKind {
    /// Answer a question about what the model does not say.
    Answer,
    /// Change what the model says.
    Change,
    /// Do what the rule says helps.
    Mitigate,
}

impl TodoKind {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Answer, Self::Change, Self::Mitigate];

    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Change => "change",
            Self::Mitigate => "mitigate",
        }
    }
}

/// One thing to do, with the findings that it closes.
#[derive(Debug)]
pub struct Task<'a> {
    /// What to do.
    pub todo: Todo,
    /// What it closes, the worst first.
    pub findings: Vec<&'a FindingInfo>,
}

impl Task<'_> {
    /// Whether everything that it closes is of one element.
    pub fn is_of_one_element(&self) -> bool {
        let mut elements = self.findings.iter().map(|finding| finding.element_id);
        elements
            .next()
            .is_none_or(|first| elements.all(|other| other == first))
    }
}

/// What takes away most, of things to do that come model by model: at most so many.
#[derive(Debug)]
pub struct Best<T> {
    most: usize,
    held: Vec<(Gain, T)>,
}

/// The risk that a thing to do takes away: of what fails the gate, and of everything.
pub type Gain = (u64, u64);

impl<T> Best<T> {
    /// Holds so many at most.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            held: Vec::new(),
        }
    }

    /// Looks at the things to do of some models, the best first; they come after those before.
    pub fn add(&mut self, things: impl Iterator<Item = (Gain, T)>) {
        self.held.extend(things.take(self.most));
        self.held.sort_by_key(|(gain, _)| Reverse(*gain));
        self.held.truncate(self.most);
    }

    /// The best of all, the best first.
    pub fn into_things(self) -> Vec<T> {
        self.held.into_iter().map(|(_, thing)| thing).collect()
    }
}

/// Adds what to do about what is new or unreviewed among the findings of some models; `head`
/// has the rules and the gate.
pub(super) fn add_new(best: &mut Best<Todo>, head: &Report, findings: &[FindingInfo]) {
    let new = |f: &FindingInfo| matches!(f.status, Status::New | Status::Unreviewed);
    let tasks = head.tasks_among(findings, new).into_iter();
    best.add(tasks.map(|task| (head.gain(&task), task.todo)));
}

/// What a risk counts when things to do are ranked: each level as much as four of the next.
fn points(risk: Severity) -> u64 {
    4_u64.pow(risk as u32)
}

impl Report {
    /// Every thing to do about the open findings that `wanted` accepts, the one that takes
    /// away the most risk first; what fails the gate counts before everything else.
    pub fn tasks(&self, wanted: impl Fn(&FindingInfo) -> bool) -> Vec<Task<'_>> {
        self.tasks_among(&self.findings, wanted)
    }

    /// The same among findings of some of its models, by its rules and its gate.
    pub fn tasks_among<'a>(
        &self,
        findings: &'a [FindingInfo],
        wanted: impl Fn(&FindingInfo) -> bool,
    ) -> Vec<Task<'a>> {
        let changes = self.kinds_of_weakening();
        let mut models: BTreeMap<(&str, &str), Vec<&'a FindingInfo>> = BTreeMap::new();
        for finding in findings {
            if finding.status.is_open() && wanted(finding) && !changes.contains(&&*finding.rule) {
                let of = (&*finding.model, &*finding.model_name);
                models.entry(of).or_default().push(finding);
            }
        }
        let models: Vec<Vec<&'a FindingInfo>> = models.into_values().collect();
        let of_model = |findings: Vec<&'a FindingInfo>| {
            let parts = parts(findings, |finding| self.weight(finding));
            let tasks = parts.into_iter().filter_map(|part| self.task(part));
            tasks.collect::<Vec<Task<'a>>>()
        };
        let mut tasks: Vec<Task<'a>> = models.into_par_iter().flat_map(of_model).collect();
        tasks.sort_by_cached_key(|task| Reverse(self.gain(task)));
        tasks
    }

    /// The risk that a thing to do takes away.
    pub fn gain(&self, task: &Task<'_>) -> Gain {
        let weight = task.findings.iter().map(|f| points(f.risk)).sum();
        let failing = (task.findings.iter())
            .filter(|f| self.summary.gate.fails(f))
            .map(|f| points(f.risk))
            .sum();
        (failing, weight)
    }

    /// What to do first about everything that is new or unreviewed.
    pub fn first_things(&self) -> Vec<Todo> {
        let mut first = Best::new(FIRST);
        add_new(&mut first, self, &self.findings);
        first.into_things()
    }

    /// What a finding counts when answers are chosen.
    fn weight(&self, finding: &FindingInfo) -> u64 {
        let fails = self.summary.gate.fails(finding);
        points(finding.risk) << if fails { 12 } else { 0 }
    }

    pub(super) fn task<'a>(&self, part: Part<'a>) -> Option<Task<'a>> {
        let mut findings = part.findings;
        findings.sort_by_key(|f| {
            let fails = self.summary.gate.fails(f);
            Reverse((fails, f.risk, f.severity, f.evidence))
        });
        let worst = *findings.first()?;
        let mut rules: Vec<Arc<str>> = Vec::new();
        for finding in &findings {
            if !rules.contains(&finding.rule) {
                rules.push(Arc::clone(&finding.rule));
            }
        }
        let said = said(&part.steps);
        let (kind, what, answer) = match worst.evidence {
            _ if said.is_empty() => (TodoKind::Mitigate, self.what_helps(worst, &findings), None),
            Evidence::Assumed => (TodoKind::Answer, questions(&said), Some(answers(&said))),
            Evidence::Declared => (TodoKind::Change, instructions(&said), None),
        };
        Some(Task {
            todo: Todo {
                model: Arc::clone(&worst.model),
                model_name: Arc::clone(&worst.model_name),
                kind,
                what,
                answer,
                steps: part.steps,
                risk: worst.risk,
                way: Arc::clone(&worst.way),
                risk_reason: Arc::clone(&worst.risk_reason),
                location: worst.location.clone(),
                rules,
                closes: findings.iter().map(|f| f.fingerprint.clone()).collect(),
                failing: (findings.iter())
                    .filter(|f| self.summary.gate.fails(f))
                    .count(),
            },
            findings,
        })
    }

    /// What the rule of a finding says helps, with the names of everything that it is about.
    fn what_helps(&self, worst: &FindingInfo, all: &[&FindingInfo]) -> String {
        let mut seen: HashSet<&str> = HashSet::new();
        let names = all.iter().map(|finding| &*finding.element.name);
        let names: Vec<&str> = names.filter(|name| seen.insert(name)).collect();
        let names = asking::listed(&names);
        let helps = self.rule(&worst.rule).map_or("", |r| r.mitigation.trim());
        let first = helps.split_inclusive(". ").next().unwrap_or_default();
        let said = if first.is_empty() {
            &*worst.title
        } else {
            first
        };
        let said: String = said.trim().chars().take(LONGEST_HELP).collect();
        format!("{names}: {}", said.trim_end_matches('.'))
    }
}

/// One attribute of some elements, and the value that it gets.
struct Said<'a> {
    attribute: &'a str,
    value: &'a Value,
    names: Vec<&'a str>,
}

/// Steps, those about one attribute and value together.
fn said(steps: &[Step]) -> Vec<Said<'_>> {
    let mut said: Vec<Said<'_>> = Vec::new();
    let mut seen: HashSet<(&str, &str, String)> = HashSet::new();
    for step in steps {
        let attribute = step.attribute.rsplit('.').next().unwrap_or_default();
        let is_same =
            |said: &&mut Said<'_>| said.attribute == attribute && *said.value == step.value;
        if !seen.insert((&step.element, attribute, step.value.to_string())) {
            continue;
        }
        match said.iter_mut().find(is_same) {
            Some(same) => same.names.push(&step.element),
            None => said.push(Said {
                attribute,
                value: &step.value,
                names: vec![&step.element],
            }),
        }
    }
    said
}

fn questions(said: &[Said<'_>]) -> String {
    let questions = said.iter();
    let questions = questions.map(|said| asking::question(said.attribute, &said.names));
    questions.collect::<Vec<_>>().join(" ")
}

/// What must be answered, each answer once.
fn answers(said: &[Said<'_>]) -> String {
    let mut answers: Vec<String> = said.iter().map(|said| word(said.value)).collect();
    answers.dedup();
    answers.join(", ")
}

fn instructions(said: &[Said<'_>]) -> String {
    let told = said.iter();
    let told = told.map(|said| asking::instruction(said.attribute, &said.names, &word(said.value)));
    told.collect::<Vec<_>>().join(". ")
}

/// A value as an answer.
fn word(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
