//! What fails a run (docs/semantics.md §5): the same for all models, or another for some.

use globset::GlobSet;
use serde::{Deserialize, Serialize};

use super::{Evidence, FindingInfo, Severity, Status};
use crate::finding::{Finding, Weakening};
use crate::pipeline::Judged;

/// What fails the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// What is compared: the risk of findings here, or the severity of their rules.
    pub by: Measure,
    /// The least risk or severity that fails.
    pub fail_on: Severity,
    /// The least evidence that fails.
    pub evidence: Evidence,
    /// Whether findings are only reported.
    pub report_only: bool,
}

/// What fails the gate of each model.
#[derive(Clone, Debug)]
pub struct Levels {
    /// Where nothing else is said.
    pub usual: Level,
    /// By the models' paths; the first that matches counts.
    pub by_path: Vec<(GlobSet, Level)>,
}

/// What fails a run, and whether it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gate {
    /// What is compared: the risk of findings here, or the severity of their rules.
    pub by: Measure,
    /// The least risk or severity that fails.
    pub fail_on: Severity,
    /// The least evidence that fails.
    pub evidence: Evidence,
    /// Whether findings are only reported, however severe (`--fail-on never`).
    pub report_only: bool,
    /// Whether everything was judged and nothing fails the run: whether the verdict
    /// is `passed`.
    pub passed: bool,
    /// How many findings fail.
    pub failing: usize,
    /// The fingerprints of those that fail, in the order of the findings.
    pub fingerprints: Vec<String>,
    /// The models of which something else fails, by path; reports of before say none.
    #[serde(default)]
    pub models: Vec<ModelGate>,
}

/// What fails of one model, where the configuration says so (`models`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelGate {
    /// The model's path.
    pub model: String,
    /// What is compared.
    pub by: Measure,
    /// The least risk or severity that fails.
    pub fail_on: Severity,
    /// The least evidence that fails.
    pub evidence: Evidence,
    /// Whether findings are only reported.
    pub report_only: bool,
}

/// What of a finding is counted and held against the gate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    /// What became of it.
    pub status: Status,
    /// The severity that the gate uses.
    pub severity: Severity,
    /// How much it matters here.
    pub risk: Severity,
    /// How sure the model makes it.
    pub evidence: Evidence,
    /// Whether it only warns, whatever its severity.
    pub advisory: bool,
    /// Whether the change itself settles it.
    pub settled_by_change: bool,
}

impl From<&FindingInfo> for Counted {
    fn from(finding: &FindingInfo) -> Self {
        Self {
            status: finding.status,
            severity: finding.severity,
            risk: finding.risk,
            evidence: finding.evidence,
            advisory: finding.advisory,
            settled_by_change: finding.settled_by_change,
        }
    }
}

impl From<&Weakening> for Counted {
    fn from(weakening: &Weakening) -> Self {
        Self {
            status: Status::New,
            severity: weakening.severity,
            risk: weakening.severity,
            evidence: Evidence::Declared,
            advisory: weakening.advisory,
            settled_by_change: false,
        }
    }
}

impl Counted {
    /// That of a finding of a model.
    pub(super) fn of(finding: &Finding, settled_by_change: bool) -> Self {
        Self {
            status: finding.status,
            severity: finding.severity,
            risk: finding.risk,
            evidence: finding.evidence,
            advisory: finding.rule.only_warns,
            settled_by_change,
        }
    }
}

/// What the gate compares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// The risk here.
    Risk,
    /// The severity of the rule, wherever it was found.
    #[default]
    Severity,
}

impl Measure {
    /// The word in configurations and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Severity => "severity",
        }
    }
}

impl Levels {
    /// The same for all models.
    pub fn all(usual: Level) -> Self {
        Self {
            usual,
            by_path: Vec::new(),
        }
    }

    /// The gate of what was judged, before anything is held against it.
    pub(super) fn gate(&self, judged: &Judged) -> Gate {
        let paths = judged.asked().map(|judged| judged.model.path());
        let mut models: Vec<ModelGate> = paths
            .filter_map(|path| {
                let mut own = self.by_path.iter();
                let (_, level) = own.find(|(paths, _)| paths.is_match(path.as_str()))?;
                (*level != self.usual).then(|| ModelGate {
                    model: path.to_string(),
                    by: level.by,
                    fail_on: level.fail_on,
                    evidence: level.evidence,
                    report_only: level.report_only,
                })
            })
            .collect();
        models.sort_by(|a, b| a.model.cmp(&b.model));
        models.dedup();
        Gate {
            models,
            ..Gate::new(self.usual)
        }
    }
}

impl Gate {
    /// A gate that nothing was held against yet, the same for all models.
    pub fn new(level: Level) -> Self {
        Self {
            by: level.by,
            fail_on: level.fail_on,
            evidence: level.evidence,
            report_only: level.report_only,
            models: Vec::new(),
            passed: false,
            failing: 0,
            fingerprints: Vec::new(),
        }
    }

    /// The same gate before anything was held against it.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self {
            models: self.models.clone(),
            ..Self::new(self.usual())
        }
    }

    /// What fails of a model of which nothing else is said.
    pub(super) fn usual(&self) -> Level {
        Level {
            by: self.by,
            fail_on: self.fail_on,
            evidence: self.evidence,
            report_only: self.report_only,
        }
    }

    /// What fails of a model.
    pub(super) fn level(&self, model: &str) -> Level {
        let own = self.models.binary_search_by(|own| (*own.model).cmp(model));
        own.map_or_else(|_| self.usual(), |at| self.models[at].level())
    }

    /// Whether a finding fails the gate (docs/semantics.md §5).
    pub fn fails(&self, finding: &FindingInfo) -> bool {
        self.level(&finding.model).stops(Counted::from(finding))
    }

    /// Whether a finding would fail the gate if it were new, and the gate not only reported.
    pub fn would_fail(&self, finding: &FindingInfo) -> bool {
        self.level(&finding.model)
            .would_stop(Counted::from(finding))
    }
}

impl ModelGate {
    fn level(&self) -> Level {
        Level {
            by: self.by,
            fail_on: self.fail_on,
            evidence: self.evidence,
            report_only: self.report_only,
        }
    }
}

impl Level {
    /// Whether what stands so fails the gate.
    pub(super) fn stops(self, it: Counted) -> bool {
        !self.report_only && it.status == Status::New && self.would_stop(it)
    }

    /// Whether it would if it were new, and the gate not only reported.
    pub(super) fn would_stop(self, it: Counted) -> bool {
        let level = match self.by {
            Measure::Risk => it.risk,
            Measure::Severity => it.severity,
        };
        !it.advisory && level >= self.fail_on && it.evidence >= self.evidence
    }
}
