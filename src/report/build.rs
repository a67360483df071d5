//! What was judged → the report: what it says beside findings, its rules and its models.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::diff::ModelChange;
use super::gate::Counted;
use super::graph::graph;
use super::{
    AssumptionInfo, DormantInfo, FindingInfo, Fixed, Level, Levels, ModelInfo, RuleInfo, Run,
    Status,
};
use crate::condition::Evidence;
use crate::evaluate::Silent;
use crate::model::Model;
use crate::pipeline::Judged;
use crate::rules::{CompiledRule, Rule, Text};

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
    /// Whether an output shows what to do first.
    pub shows_first: bool,
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
    /// As [`Self::New`], of those that rest on what nobody said only the answers that settle
    /// them: for things to do.
    Tasks,
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
            Self::Tasks | Self::New => it.status != Status::Baselined || it.settled_by_change,
            Self::Graphs | Self::Open | Self::Everything => true,
        }
    }

    /// Whether the answers that settle a finding are sought, if it is shown.
    pub(super) fn settles(self, status: Status) -> bool {
        match self {
            Self::Graphs | Self::Counts => false,
            Self::Failing | Self::Tasks | Self::New => {
                matches!(status, Status::New | Status::Unreviewed)
            }
            Self::Open => status.is_open(),
            Self::Everything => true,
        }
    }

    /// Whether it is told as well what such a finding rests on.
    pub(super) fn explains(self, status: Status, evidence: Evidence) -> bool {
        let is_told = self != Self::Tasks || evidence == Evidence::Declared;
        is_told && self.settles(status)
    }

    /// Whether it is told why the other rules found nothing.
    pub(super) fn tells_silence(self) -> bool {
        self >= Self::Open
    }

    /// Whether models are shown beside their findings.
    pub(super) fn shows_models(self) -> bool {
        !matches!(self, Self::Counts | Self::Failing)
    }
}

/// Every rule that judged, the threats that models state in words, and the rules of `changes`,
/// by id.
pub(super) fn rules_of(judged: &Judged, changes: Vec<RuleInfo>) -> Vec<RuleInfo> {
    let mut sets: Vec<&[CompiledRule]> = judged.models.iter().map(|it| &*it.rules).collect();
    // Most models are judged by the same ones.
    sets.dedup_by(|a, b| are_same(a, b));
    let mut rules: Vec<&Rule> = sets.into_iter().flatten().map(|it| &*it.rule).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules.dedup_by(|a, b| a.id == b.id);
    let mut rules: Vec<RuleInfo> = rules.into_iter().map(rule_info).collect();
    let mut stated: BTreeMap<&str, RuleInfo> = BTreeMap::new();
    for finding in judged.findings.iter().filter(|f| f.threat.is_some()) {
        let known = rules.binary_search_by(|known| (*known.id).cmp(&finding.rule.id));
        let info = match known {
            Ok(at) => &mut rules[at],
            Err(_) => stated
                .entry(&finding.rule.id)
                .or_insert_with(|| rule_info(&finding.rule)),
        };
        info.severity = info.severity.max(finding.severity);
    }
    rules.extend(stated.into_values());
    if !changes.is_empty() {
        rules.retain(|known| changes.iter().all(|kind| kind.id != known.id));
        rules.extend(changes);
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules
}

/// Whether these are the same rules, not only equal ones.
fn are_same(a: &[CompiledRule], b: &[CompiledRule]) -> bool {
    let pairs = || a.iter().zip(b);
    a.len() == b.len() && pairs().all(|(a, b)| Arc::ptr_eq(&a.rule, &b.rule))
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
        title: rule.title.clone(),
        severity: rule.severity,
        likelihood: Text::Static(rule.likelihood.as_str()),
        description: rule.description.clone(),
        mitigation: rule.mitigation.clone(),
        example: rule.example.clone(),
        condition: rule.when.clone(),
        references: rule.references.clone(),
        tags: rule.tags.clone(),
        classes: (rule.target.iter())
            .map(|class| Text::Static(class.name()))
            .collect(),
        layer: Text::Static(rule.layer.as_str()),
    }
}

pub(super) fn model_info(model: &Model, silent: Silent, detail: Detail) -> ModelInfo {
    let ids = |rules: &[Text]| rules.iter().map(|id| Arc::from(&**id)).collect();
    let dormant = silent.dormant.into_iter().map(|it| DormantInfo {
        rule: Arc::from(&*it.rule),
        wants: it.wants,
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
        assumptions: model.assumptions.iter().map(AssumptionInfo::from).collect(),
        graph: if matches!(detail, Detail::Graphs | Detail::Everything) {
            graph(model)
        } else {
            super::Graph::default()
        },
    }
}
