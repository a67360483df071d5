//! Layer `evaluate`: rules × elements → findings in a stable order (docs/semantics.md §3, §4).

mod numbering;
mod silent;
mod stated;
mod undecided;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::condition::{Evidence, Verdict};
use crate::finding::{Finding, Fingerprint, Identity, Status, risk};
use crate::model::vocabulary::Class;
use crate::model::{Element, ElementId, Model};
use crate::notice::{Notice, code};
use crate::rules::{CompiledRule, Rule, Severity, Text};
use numbering::number_equals;
use stated::declared_threat;
use undecided::{Unread, has_unread, is_told, tell_undecided};

pub use numbering::number_anew;
pub use silent::{Dormant, Silent, silent};

/// What judging one model gave.
#[derive(Debug, Default)]
pub struct Judgement {
    /// Findings by rule id, then element in the order of declaration.
    pub findings: Vec<Finding>,
    /// Conditions that ended in an error, outcomes that rest on what could not be read.
    pub notices: Vec<Notice>,
    /// Whether some rule's outcome depends on a value that could not be read.
    pub undecided: bool,
    /// Whether it came to more than one model may, so that it was given up.
    pub given_up: bool,
}

/// Whether the lower of a rule's and an override's severity may count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overrides {
    /// The higher of both counts (docs/semantics.md §4).
    #[default]
    Keep,
    /// `policy.overrides: lower`: the override's counts.
    Lower,
}

/// Judges one model by these rules. `number` is the model's position in the run.
pub fn evaluate(
    model: &Model,
    number: u32,
    rules: &[CompiledRule],
    overrides: Overrides,
) -> Judgement {
    let mut judgement = Judgement::default();
    let subject = Subject::new(model, number);
    for (id, element) in (0..).map(ElementId).zip(&model.elements) {
        let stated = element.threats.len();
        if stated > 0 {
            model.effort.add_findings(stated, model.names_of(id));
        }
    }
    // Also the conditions are compiled in there.
    let parts: Vec<Part> = rules
        .par_iter()
        .with_min_len(16)
        .map(|rule| judge_rule(&subject, rule, overrides))
        .collect();
    if let Some(excess) = model.effort.excess() {
        // A part of the findings would look like all of them.
        return Judgement {
            notices: vec![too_much(model, &excess)],
            undecided: true,
            given_up: true,
            ..Judgement::default()
        };
    }
    let count = parts.iter().map(|part| part.findings.len()).sum();
    judgement.findings.reserve_exact(count);
    let mut undecided: BTreeMap<Unread, Vec<Text>> = BTreeMap::new();
    for (rule, part) in rules.iter().zip(parts) {
        judgement.findings.extend(part.findings);
        judgement.notices.extend(part.failures);
        for unread in part.undecided {
            undecided
                .entry(unread)
                .or_default()
                .push(rule.rule.id.clone());
        }
    }
    judgement.undecided = !undecided.is_empty();
    // One cause is one error, however many rules rest on it.
    let told = undecided
        .iter()
        .filter(|(unread, _)| !is_told(model, unread))
        .map(|(unread, rules)| tell_undecided(model, unread, rules));
    judgement.notices.extend(told);
    for id in model.judged.iter().copied() {
        for (at, threat) in model.element(id).threats.iter().enumerate() {
            judgement
                .findings
                .push(declared_threat(model, number, id, at as u32, threat));
        }
    }
    number_equals(model, &mut judgement.findings);
    judgement
}

/// What judging a model by one rule gave.
#[derive(Default)]
struct Part {
    findings: Vec<Finding>,
    /// The conditions that ended in an error, in one notice.
    failures: Option<Notice>,
    /// Outcomes that rest on what could not be read.
    undecided: Vec<Unread>,
}

/// The model that is judged, with what every rule asks about it.
struct Subject<'m> {
    model: &'m Model,
    number: u32,
    unread: bool,
    /// Who each element is, once a finding on it asks.
    who: Vec<OnceLock<Identity<'static>>>,
}

impl<'m> Subject<'m> {
    fn new(model: &'m Model, number: u32) -> Self {
        Self {
            model,
            number,
            unread: has_unread(model),
            who: vec![OnceLock::new(); model.elements.len()],
        }
    }

    fn fingerprint(&self, rule: &str, id: ElementId) -> Fingerprint {
        let who = self.who[id.0 as usize].get_or_init(|| Identity::new("", self.model, id));
        Fingerprint::of_rule(rule, who)
    }
}

/// One rule over every judged element of a model.
fn judge_rule(subject: &Subject<'_>, compiled: &CompiledRule, policy: Overrides) -> Part {
    let mut part = Part::default();
    let rule = &compiled.rule;
    let model = subject.model;
    let mut failures = Failures::default();
    for id in model.judged.iter().copied() {
        if model.effort.is_exceeded() {
            break;
        }
        let element = model.element(id);
        let own = own_override(model, id, &rule.id);
        let holds = rule.judges(element.class)
            && compiled.condition.as_ref().is_some_and(|condition| {
                let unread = if subject.unread {
                    condition.despite_unread(model, id).err()
                } else {
                    None
                };
                if let Some(unread) = unread {
                    part.undecided.push((id, unread));
                }
                match condition.verdict(model, id) {
                    Verdict::Holds => true,
                    Verdict::HoldsNot => false,
                    Verdict::Failed { expected: true, .. } => false,
                    Verdict::Failed { reason, .. } => {
                        failures.add(id, reason);
                        false
                    }
                }
            });
        // An own override forces its finding even where the condition is false.
        if !holds && own.is_none() {
            continue;
        }
        let overridden = own.or_else(|| any_override(element, &rule.id));
        let evidence = match &compiled.condition {
            Some(condition) if holds => condition.evidence(model, id),
            _ => Evidence::Declared,
        };
        model.effort.add_findings(1, model.names_of(id));
        let severity = gate_severity(rule, element, overridden, policy);
        part.findings.push(Finding {
            model: subject.number,
            element: id,
            rule: Arc::clone(rule),
            threat: None,
            overridden,
            severity,
            evidence,
            risk: risk::of(model, id, severity, evidence),
            fingerprint: subject.fingerprint(&rule.id, id),
            ordinal: 0,
            status: Status::New,
            reason: None,
            withdrawn: Vec::new(),
            seen: None,
        });
    }
    part.failures = failures.notice(model, rule);
    part
}

/// The error of a model that is not judged because it comes to too much.
fn too_much(model: &Model, excess: &str) -> Notice {
    let message = format!("“{}” is not judged: it comes to {excess}", model.name);
    Notice::error(code::LIMIT, model.place.clone(), message).with_help(
        "split the model into several, each with the part of the system that one team owns",
    )
}

/// The element's own override of a rule that forces the finding: not one that
/// was inherited, and none whose id an end of the flow overrides too (docs/semantics.md §4).
fn own_override(model: &Model, id: ElementId, rule: &str) -> Option<u32> {
    let element = model.element(id);
    let at = element
        .overrides
        .iter()
        .position(|o| !o.inherited && &*o.rule.text == rule)?;
    let ends = ["source", "sink"].into_iter().filter_map(|end| {
        (element.class == Class::Dataflow)
            .then(|| model.linked(id, end))
            .flatten()
    });
    for end in ends {
        if model
            .element(end)
            .overrides
            .iter()
            .any(|o| &*o.rule.text == rule)
        {
            return None;
        }
    }
    Some(at as u32)
}

/// Any override of a rule, inherited ones included.
fn any_override(element: &Element, rule: &str) -> Option<u32> {
    element
        .overrides
        .iter()
        .position(|o| &*o.rule.text == rule)
        .map(|at| at as u32)
}

/// The higher of the rule's and the override's severity unless policy says otherwise.
fn gate_severity(
    rule: &Rule,
    element: &Element,
    overridden: Option<u32>,
    policy: Overrides,
) -> Severity {
    let said = overridden
        .and_then(|at| element.overrides.get(at as usize))
        .and_then(|o| o.severity.as_ref())
        .or_else(|| {
            let response = element.responses.iter().find(|r| *r.rule.text == *rule.id);
            response.and_then(|r| r.severity.as_ref())
        })
        .and_then(|said| Severity::parse(&said.text));
    match (said, policy) {
        (None, _) => rule.severity,
        (Some(said), Overrides::Lower) => said,
        (Some(said), Overrides::Keep) => said.max(rule.severity),
    }
}

/// Elements on which a rule's condition ended in an error.
#[derive(Default)]
struct Failures {
    first: Option<(ElementId, String)>,
    count: usize,
}

impl Failures {
    fn add(&mut self, id: ElementId, reason: String) {
        self.count += 1;
        self.first.get_or_insert((id, reason));
    }

    /// One notice a rule, with the count (docs/semantics.md §3). None in a model that was not
    /// read completely: a flow without its end fails dozens of conditions, and the
    /// error at that end says what to mend.
    fn notice(self, model: &Model, rule: &Rule) -> Option<Notice> {
        if !model.complete {
            return None;
        }
        let (id, reason) = self.first?;
        let element = model.element(id);
        let elements = if self.count == 1 {
            "element"
        } else {
            "elements"
        };
        Some(
            Notice::warning(
                code::CONDITION_ERROR,
                element.place.clone(),
                format!(
                    "rule {} could not be judged on {} {elements} of “{}”: {reason}",
                    rule.id, self.count, model.name
                ),
            )
            .with_help(
                "guard the condition, or describe what it reads; there is no finding from it here",
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;
    use crate::model::builder::Builder;
    use crate::model::effort::{Effort, Limits};
    use crate::rules::{self, CatalogueSettings, ThreatsFilePolicy};

    fn rules() -> Vec<CompiledRule> {
        let catalogue = rules::load(&CatalogueSettings::default()).unwrap().0;
        catalogue.for_model(None, ThreatsFilePolicy::Replace)
    }

    /// A user and a few servers, judged by the built-in rules within these limits.
    fn judged(limits: Limits) -> Judgement {
        let mut b = Builder::new();
        let user = b.element(Class::Actor, "User");
        for at in 0..40 {
            let server = b.element(Class::Server, &format!("S{at}"));
            b.flow("", user, server);
        }
        let mut model = b.derived();
        model.effort = Effort::within(limits);
        evaluate(&model, 0, &rules(), Overrides::Keep)
    }

    #[test]
    fn a_model_that_comes_to_too_much_has_an_error_and_no_finding() {
        let whole = judged(Limits::MODEL);
        let count = whole.findings.len();
        assert!(count > 100 && !whole.undecided && whole.notices.is_empty());
        let exactly = Limits {
            findings: count,
            ..Limits::MODEL
        };
        assert_eq!(judged(exactly).findings.len(), count);
        for (limits, says) in [
            (
                Limits {
                    findings: count - 1,
                    ..Limits::MODEL
                },
                format!("more than {} findings", count - 1),
            ),
            (
                Limits {
                    steps: 50,
                    ..Limits::MODEL
                },
                "more than 50 steps of judging".to_owned(),
            ),
            (
                Limits {
                    names: 1 << 10,
                    ..Limits::MODEL
                },
                "more than 0 MiB of names in findings".to_owned(),
            ),
        ] {
            let judgement = judged(limits);
            assert!(judgement.findings.is_empty() && judgement.given_up);
            assert!(judgement.undecided);
            let [notice] = &judgement.notices[..] else {
                panic!("{:?}", judgement.notices);
            };
            assert_eq!(notice.code, code::LIMIT);
            assert!(notice.message.ends_with(&says), "{}", notice.message);
        }
    }

    /// How many steps it takes to judge servers with a store each, the flows between
    /// them led on by `next`.
    fn steps(servers: usize, next: impl Fn(usize) -> usize) -> usize {
        let mut b = Builder::new();
        let user = b.element(Class::Actor, "User");
        let ids: Vec<_> = (0..servers)
            .map(|at| b.element(Class::Server, &format!("S{at}")))
            .collect();
        b.flow("", user, ids[0]);
        for (at, id) in ids.iter().enumerate() {
            let store = b.element(Class::Datastore, &format!("D{at}"));
            b.say(store, "storesSensitiveData", Value::Bool(true));
            b.flow("", *id, store);
            if let Some(next) = ids.get(next(at)) {
                b.flow("", *id, *next);
            }
        }
        let model = b.derived();
        evaluate(&model, 0, &rules(), Overrides::Keep);
        model.effort.steps()
    }

    #[test]
    fn ten_times_the_chain_takes_at_most_twelve_times_the_steps() {
        let chain = |servers| steps(servers, |at| at + 1);
        let tree = |servers| steps(servers, |at| at / 2);
        let ring = |servers| steps(servers, |at| (at + 1) % servers);
        for shape in [&chain as &dyn Fn(usize) -> usize, &tree, &ring] {
            let (small, large) = (shape(60), shape(600));
            assert!(small > 0 && large <= 12 * small, "{small} {large}");
        }
    }
}
