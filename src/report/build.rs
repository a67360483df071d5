//! What was judged → the report: what it says beside findings, its rules and its models.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::counted::Counted;
use super::diff::ModelChange;
use super::graph::graph;
use super::{
    AssumptionInfo, DormantInfo, FindingInfo, Fixed, Level, Levels, Location, ModelInfo, RuleInfo,
    Run, Status,
};
use crate::evaluate::Silent;
use crate::model::{Assumption, Model};
use crate::pipeline::Judged;
use crate::rules::Rule;

/// What the report says beside what was judged.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What was run.
    pub run: Run,
    /// The version of the built-in catalogue.
    pub catalogue: String,
    /// What fails.
    pub levels: Levels,
    /// What outputs show of findings and models.
    pub detail: Detail,
    /// Whether an output shows the edits that questions propose.
    pub proposes: bool,
    /// What the base or baseline had and this run has not.
    pub fixed: Vec<Fixed>,
    /// What the change does to models, where there is a base revision.
    pub changes: Vec<ModelChange>,
    /// Whether finding no model is no failure.
    pub allow_no_models: bool,
    /// Whether something else than a finding fails the run (`--strict`).
    pub failed_otherwise: bool,
}

/// Which findings outputs show, with their facts and questions, and whether they show the
/// graphs of models: what no output shows is not put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Every finding without its facts, and the graphs: for comparisons and diagrams.
    Graphs,
    /// None: only their counts.
    Counts,
    /// Only those that fail the gate.
    Failing,
    /// Those that are new or unreviewed; the others, but for what is known, without facts.
    New,
    /// Every finding; those that are open with their facts.
    Open,
    /// Every finding with its facts, and the graphs.
    Everything,
}

impl Detail {
    /// Whether such a finding is shown at all.
    pub(super) fn shows(self, it: Counted, level: Level) -> bool {
        match self {
            Self::Counts => false,
            Self::Failing => level.stops(it),
            Self::New => it.status != Status::Baselined || it.settled_by_change,
            Self::Graphs | Self::Open | Self::Everything => true,
        }
    }

    /// Whether a finding that is shown is explained.
    pub(super) fn explains(self, status: Status) -> bool {
        match self {
            Self::Graphs | Self::Counts => false,
            Self::Failing | Self::New => matches!(status, Status::New | Status::Unreviewed),
            Self::Open => status.is_open(),
            Self::Everything => true,
        }
    }

    /// Whether models are shown beside their findings.
    pub(super) fn shows_models(self) -> bool {
        !matches!(self, Self::Counts | Self::Failing)
    }

    /// Whether what to do first is shown.
    pub(super) fn shows_first(self) -> bool {
        self >= Self::Open
    }
}

/// Every rule that judged, and the threats that models state in words.
pub(super) fn rules_of(judged: &Judged) -> BTreeMap<Arc<str>, RuleInfo> {
    let mut rules: BTreeMap<Arc<str>, RuleInfo> = BTreeMap::new();
    for rule in judged.models.iter().flat_map(|m| &m.rules) {
        if !rules.contains_key(&*rule.rule.id) {
            rules.insert((&*rule.rule.id).into(), rule_info(&rule.rule));
        }
    }
    for finding in judged.findings.iter().filter(|f| f.threat.is_some()) {
        let info = rules
            .entry((&*finding.rule.id).into())
            .or_insert_with(|| rule_info(&finding.rule));
        info.severity = info.severity.max(finding.severity);
    }
    rules
}

/// The order of findings in a report.
pub(super) fn sort_key(f: &FindingInfo) -> impl Ord + '_ {
    (
        &f.model,
        &f.model_name,
        f.element_id,
        std::cmp::Reverse(f.severity),
        &f.rule,
        &f.fingerprint,
    )
}

pub(super) fn rule_info(rule: &Rule) -> RuleInfo {
    RuleInfo {
        id: (&*rule.id).into(),
        title: (&*rule.title).into(),
        severity: rule.severity,
        likelihood: rule.likelihood.as_str().into(),
        description: rule.description.to_string(),
        mitigation: rule.mitigation.to_string(),
        example: rule.example.to_string(),
        condition: rule.when.to_string(),
        references: rule.references.iter().map(ToString::to_string).collect(),
        tags: rule.tags.iter().map(ToString::to_string).collect(),
        classes: rule
            .target
            .iter()
            .map(|class| class.name().to_owned())
            .collect(),
        layer: rule.layer.as_str().into(),
    }
}

pub(super) fn model_info(model: &Model, silent: &Silent, detail: Detail) -> ModelInfo {
    let ids = |rules: &[crate::rules::Text]| rules.iter().map(|id| Arc::from(&**id)).collect();
    let dormant = silent.dormant.iter().map(|it| DormantInfo {
        rule: Arc::from(&*it.rule),
        wants: it.wants.clone(),
    });
    let description = model
        .slots
        .named("description")
        .and_then(|slot| slot.value.as_text());
    ModelInfo {
        path: model.path().as_str().into(),
        name: Arc::clone(&model.name),
        format: model.format.into(),
        description: description.unwrap_or("").into(),
        complete: model.complete,
        passed: ids(&silent.passed),
        not_applicable: ids(&silent.not_applicable),
        dormant: dormant.collect(),
        attributes: super::graph::slots(model, &model.slots, ""),
        assumptions: model.assumptions.iter().map(assumption_info).collect(),
        graph: if matches!(detail, Detail::Graphs | Detail::Everything) {
            graph(model)
        } else {
            super::Graph::default()
        },
    }
}

/// An assumption, as reports write it.
pub(super) fn assumption_info(assumption: &Assumption) -> AssumptionInfo {
    AssumptionInfo {
        name: assumption.name.text.to_string(),
        description: assumption.description.to_string(),
        exclude: assumption
            .exclude
            .iter()
            .map(|id| id.text.to_string())
            .collect(),
        location: Location::from(&assumption.place),
    }
}
