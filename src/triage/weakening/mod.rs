//! Whatever in a change weakens the check is itself a finding, at its line
//! (docs/semantics.md §5, Policy). It enters the report beside the other findings and
//! passes through no triage: nothing in the same change can exclude it.
//!
//! [`facts`] compares findings, and [`gone`] says why one went: `edits` knows what the change
//! writes, `shape` what became of an element that went, `statements` whether both sides say the same. [`models`] compares what models say, [`proofs`] what proves it, [`gate`] the configuration, [`rules`] who
//! judges, [`files`] which models there are and what the baseline accepts.

mod edits;
pub mod facts;
pub mod files;
pub mod gate;
pub mod gone;
mod kinds;
pub mod models;
pub mod proofs;
pub mod rules;
mod shape;
mod statements;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{Config, Word};
use crate::finding::{Fingerprint, Weakening};
use crate::model::{ElementId, Model};
use crate::pipeline::Judged;
use crate::rules::Severity;
use crate::source::{Place, RepoPath, Source, Span};

pub use kinds::Kind;

/// What a weakening is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The file.
    pub path: RepoPath,
    /// The model's name; empty outside models.
    pub model: Arc<str>,
    /// The element's class, or a word for what it is.
    pub class: &'static str,
    /// The name of the element or setting.
    pub name: Arc<str>,
    /// The element.
    pub element: Option<ElementId>,
}

impl Subject {
    /// An element of a model.
    pub fn element(model: &Model, id: ElementId) -> Self {
        let element = model.element(id);
        Self {
            path: model.path().clone(),
            model: Arc::clone(&model.name),
            class: element.class.name(),
            name: Arc::clone(&element.name),
            element: Some(id),
        }
    }

    /// A whole model.
    pub fn model(model: &Model) -> Self {
        Self {
            path: model.path().clone(),
            model: Arc::clone(&model.name),
            class: "Model",
            name: Arc::clone(&model.name),
            element: None,
        }
    }

    /// Something in a file that is no model.
    pub fn other(path: &RepoPath, class: &'static str, name: &str) -> Self {
        Self {
            path: path.clone(),
            model: "".into(),
            class,
            name: name.into(),
            element: None,
        }
    }
}

/// The weakenings of a change, as they are found.
#[derive(Debug)]
pub struct Weakenings {
    /// What each has at least, as policy wants it.
    least: Severity,
    /// Whether policy only wants to know.
    advisory: bool,
    found: Vec<Weakening>,
    seen: BTreeMap<Fingerprint, u32>,
}

impl Weakenings {
    /// None yet. They fail the gate, which fails from `fail_on` on, if the
    /// configuration of either side says so.
    pub fn new(head: &Config, base: &Config, fail_on: Severity) -> Self {
        let fails = |word: &Option<Word>| word.as_ref().is_some_and(|word| word.value == "fail");
        let either = fails(&head.policy.weakening) || fails(&base.policy.weakening);
        Self {
            least: if either {
                fail_on.max(Severity::High)
            } else {
                Severity::Info
            },
            advisory: !either,
            found: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Adds one, and gives it to be told what it lets through. `key` tells it from
    /// others of its kind on the same subject.
    pub fn add(
        &mut self,
        kind: Kind,
        subject: Subject,
        place: Place,
        key: &str,
        message: String,
    ) -> &mut Weakening {
        let rule = kind.rule(self.least);
        let parts = |count: &str| {
            Fingerprint::of_parts([
                "change",
                &rule.id,
                subject.path.as_str(),
                &subject.model,
                subject.class,
                &subject.name,
                key,
                count,
            ])
        };
        let first = parts("0");
        let count = self.seen.entry(first).or_insert(0);
        let fingerprint = if *count == 0 {
            first
        } else {
            parts(&count.to_string())
        };
        *count += 1;
        let at = self.found.len();
        self.found.push(Weakening {
            severity: self.least,
            advisory: self.advisory,
            path: subject.path,
            model: subject.model,
            class: subject.class,
            name: subject.name,
            element: subject.element,
            place,
            message,
            settles: kind.settles(),
            fingerprint,
            rule,
        });
        &mut self.found[at]
    }

    /// Says of what was found of that kind at that place that it lets findings of
    /// that severity through; whether there is such a one.
    pub fn let_through(&mut self, kind: Kind, place: &Place, severity: Severity) -> bool {
        let id = kind.id();
        let same = self
            .found
            .iter_mut()
            .find(|w| *w.rule.id == *id && w.place == *place);
        let is_there = same.is_some();
        if let Some(same) = same {
            same.let_through(severity);
        }
        is_there
    }

    /// What was found, by place. What settles findings of `head` lets these through.
    pub fn finish(mut self, head: &Judged) -> Vec<Weakening> {
        let mut settled: BTreeMap<&Place, Severity> = BTreeMap::new();
        for finding in head.findings.iter().filter(|f| !f.status.is_open()) {
            let Some(place) = finding.reason.as_ref().and_then(|r| r.place.as_ref()) else {
                continue;
            };
            let worst = settled.entry(place).or_insert(finding.severity);
            *worst = finding.severity.max(*worst);
        }
        for weakening in &mut self.found {
            if let Some(worst) = settled.get(&weakening.place) {
                weakening.let_through(*worst);
            }
        }
        self.found.sort_by(|a, b| {
            (&a.place, &a.rule.id, &a.message).cmp(&(&b.place, &b.rule.id, &b.message))
        });
        self.found
    }
}

/// The first line of a file, where nothing better is known; the file may be gone.
pub fn start_of(path: &RepoPath) -> Place {
    Source::new(path.clone(), "").place(Span::default())
}
