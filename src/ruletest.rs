//! Layer `ruletest`: runs the `tests:` of rules (`tmrs rules test`).
//!
//! Stands above `read` and `rules`, which do not know each other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::condition::{Condition, Verdict};
use crate::model::vocabulary::Class;
use crate::model::{ElementId, Model, Value};
use crate::notice::{Notice, Severity};
use crate::read::native::read_fragment;
use crate::rules::CompiledRule;
use crate::rules::testing::RuleTest;

/// A test whose model was read.
#[derive(Debug)]
pub struct Case {
    /// The test.
    pub test: RuleTest,
    model: Model,
    /// Every element by its id in the test.
    ids: BTreeMap<Arc<str>, ElementId>,
}

/// How one test went.
#[derive(Debug)]
pub struct Outcome {
    /// The test.
    pub test: RuleTest,
    /// What went wrong; `None` if it passed.
    pub failure: Option<Failure>,
}

impl Outcome {
    fn failed(test: RuleTest, failure: Failure) -> Box<Self> {
        Box::new(Self {
            test,
            failure: Some(failure),
        })
    }
}

/// Why a test failed.
#[derive(Debug)]
pub enum Failure {
    /// Its model cannot be read.
    Model(Vec<Notice>),
    /// `finds` names ids that the model does not have.
    UnknownIds(Vec<Arc<str>>),
    /// The rule found something else; one line each, saying why.
    Findings(Vec<String>),
}

/// Reads a test's model.
///
/// # Errors
/// The outcome, where the test cannot be run.
pub fn prepare(test: RuleTest) -> Result<Case, Box<Outcome>> {
    let mut reading = read_fragment(&test.place.source, &test.model, "test");
    let broken = |notice: &Notice| notice.severity == Severity::Error;
    if reading.models.len() != 1 || reading.notices.iter().any(broken) {
        return Err(Outcome::failed(test, Failure::Model(reading.notices)));
    }
    let model = reading.models.remove(0);
    let ids = ids(&test, &model);
    let unknown: Vec<Arc<str>> = test
        .finds
        .iter()
        .filter(|(id, _)| !ids.contains_key(id))
        .map(|(id, _)| Arc::clone(id))
        .collect();
    if unknown.is_empty() {
        Ok(Case { test, model, ids })
    } else {
        Err(Outcome::failed(test, Failure::UnknownIds(unknown)))
    }
}

/// Every element by the key under which it is declared.
fn ids(test: &RuleTest, model: &Model) -> BTreeMap<Arc<str>, ElementId> {
    let mut keys = BTreeMap::new();
    for section in ["boundaries", "elements", "flows"] {
        let entries = test.model.get(section).and_then(|node| node.as_map());
        for (key, _) in entries.unwrap_or_default() {
            keys.insert(key.span.start, Arc::clone(&key.text));
        }
    }
    model
        .ids()
        .filter_map(|id| {
            let start = model.element(id).place.span.start;
            Some((Arc::clone(keys.get(&start)?), id))
        })
        .collect()
}

impl Case {
    /// Whether a rule of these classes with this condition finds exactly what
    /// the test says, and ends in no error.
    pub fn passes(&self, target: &[Class], condition: &Condition) -> bool {
        self.ids.iter().all(|(name, id)| {
            let verdict = self.verdict(target, condition, *id);
            match verdict {
                Verdict::Failed {
                    expected: false, ..
                } => false,
                _ => (verdict == Verdict::Holds) == self.wants(name),
            }
        })
    }

    fn wants(&self, name: &str) -> bool {
        self.test.finds.iter().any(|(id, _)| **id == *name)
    }

    fn verdict(&self, target: &[Class], condition: &Condition, id: ElementId) -> Verdict {
        let class = self.model.element(id).class;
        if target.iter().any(|wanted| class.is_a(*wanted)) {
            condition.verdict(&self.model, id)
        } else {
            Verdict::HoldsNot
        }
    }

    /// Runs the test against its rule.
    pub fn run(self, rule: &CompiledRule) -> Outcome {
        let never = Vec::new();
        let lines: Vec<String> = match &rule.condition {
            Some(condition) => self
                .ids
                .iter()
                .filter_map(|(name, id)| self.complaint(rule, condition, name, *id))
                .collect(),
            None if self.test.finds.is_empty() => never,
            None => vec!["the rule has an empty condition and never holds".to_owned()],
        };
        Outcome {
            failure: (!lines.is_empty()).then_some(Failure::Findings(lines)),
            test: self.test,
        }
    }

    /// What is wrong with one element's verdict, and what it rests on.
    fn complaint(
        &self,
        rule: &CompiledRule,
        condition: &Condition,
        name: &str,
        id: ElementId,
    ) -> Option<String> {
        match (
            self.verdict(&rule.rule.target, condition, id),
            self.wants(name),
        ) {
            (Verdict::Holds, false) => {
                let because = self.facts(condition, id);
                Some(format!("found `{name}`, which it must not: {because}"))
            }
            (Verdict::HoldsNot, true) => {
                let read = self.values(condition, id);
                Some(format!("did not find `{name}`: {read}"))
            }
            (Verdict::Failed { reason, expected }, wanted) if wanted || !expected => {
                Some(format!("could not be judged on `{name}`: {reason}"))
            }
            _ => None,
        }
    }

    fn facts(&self, condition: &Condition, id: ElementId) -> String {
        let facts = condition.facts(&self.model, id);
        let shown: Vec<String> = facts
            .iter()
            .map(|fact| {
                let value = shown(&self.model, &fact.value);
                format!("{} is {value} ({})", fact.attribute, fact.origin.as_str())
            })
            .collect();
        if shown.is_empty() {
            "its condition holds".into()
        } else {
            shown.join(", ")
        }
    }

    /// The values of what the condition reads on the element itself.
    fn values(&self, condition: &Condition, id: ElementId) -> String {
        let element = self.model.element(id);
        let mut text = format!("it is a {}", element.class.name());
        let mut seen = Vec::new();
        for read in condition.reads() {
            if &*read.attribute == "controls" || seen.contains(&read.attribute) {
                continue;
            }
            let attr = crate::model::Attr::named(&read.attribute);
            let slot = element.read(&attr).or_else(|| element.control(&attr));
            if let Some(slot) = slot {
                let value = shown(&self.model, &slot.value);
                let _ = write!(
                    text,
                    ", {} is {value} ({})",
                    read.attribute,
                    slot.origin.as_str()
                );
            }
            seen.push(read.attribute);
        }
        text
    }
}

/// A value in a few words.
fn shown(model: &Model, value: &Value) -> String {
    match value {
        Value::Nothing => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Text(text) => format!("'{text}'"),
        Value::Member(e, at) => format!("{}.{}", e.name, e.members[*at as usize].0),
        Value::Element(id) => model.element(*id).name.to_string(),
        Value::Data(id) => model.datum(*id).name.to_string(),
        Value::List(items) | Value::Set(items) if items.is_empty() => "empty".into(),
        Value::List(items) | Value::Set(items) => {
            let items: Vec<_> = items.iter().map(|item| shown(model, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(pairs) => format!("a mapping of {}", pairs.len()),
    }
}

/// Runs every test of these rules, in the order of the tests. Tests of rules
/// that are not among them are left out.
pub fn run(tests: Vec<RuleTest>, rules: &[CompiledRule]) -> Vec<Outcome> {
    tests
        .into_iter()
        .filter_map(|test| {
            let rule = rules.iter().find(|rule| *rule.rule.id == *test.rule)?;
            Some(match prepare(test) {
                Ok(case) => case.run(rule),
                Err(outcome) => *outcome,
            })
        })
        .collect()
}
