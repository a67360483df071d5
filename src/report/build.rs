//! What was judged → the report: its rules, models, findings in their order, and counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::changes;
use super::diff::ModelChange;
use super::finding::{Taken, finding_info};
use super::follow;
use super::graph::graph;
use super::{
    AssumptionInfo, DormantInfo, Evidence, FindingInfo, Fixed, Gate, Location, Measure, ModelInfo,
    NoticeInfo, Report, RuleInfo, Run, Severity, Status, Summary, Tool, VERSION, Verdict,
};
use crate::evaluate::Silent;
use crate::finding::Finding;
use crate::model::{Assumption, Model};
use crate::pipeline::Judged;
use crate::rules::Rule;

/// How many steps the search for answers may take for each finding at first, and for all.
const LEAST_STEPS: usize = 20_000;
const MOST_STEPS: usize = 100_000_000;

/// What the report says beside what was judged.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What was run.
    pub run: Run,
    /// The version of the built-in catalogue.
    pub catalogue: String,
    /// What the gate compares.
    pub measure: Measure,
    /// The least risk or severity that fails.
    pub fail_on: Severity,
    /// The least evidence that fails.
    pub evidence: Evidence,
    /// Whether findings are only reported.
    pub report_only: bool,
    /// Which findings get their facts and questions.
    pub detail: Detail,
    /// What the base or baseline had and this run has not.
    pub fixed: Vec<Fixed>,
    /// What the change does to models, where there is a base revision.
    pub changes: Vec<ModelChange>,
    /// Whether finding no model is no failure.
    pub allow_no_models: bool,
    /// Whether something else than a finding fails the run (`--strict`).
    pub failed_otherwise: bool,
}

impl Frame {
    /// The gate before anything was held against it.
    fn gate(&self) -> Gate {
        Gate::new(self.measure, self.fail_on, self.evidence, self.report_only)
    }
}

/// Which findings get their facts and questions, and whether models get their
/// graphs: explanations are computed only when some output shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// None, but the graphs: for comparisons and diagrams.
    Graphs,
    /// Only findings that are new or unreviewed.
    New,
    /// Every open finding.
    Open,
    /// Every finding, and the graphs.
    Everything,
}

impl Detail {
    pub(super) fn covers(self, status: Status) -> bool {
        match self {
            Self::Graphs => false,
            Self::New => matches!(status, Status::New | Status::Unreviewed),
            Self::Open => status.is_open(),
            Self::Everything => true,
        }
    }
}

/// Makes the report of a run.
pub fn build(judged: &Judged, frame: Frame) -> Report {
    let names: Names = judged
        .models
        .iter()
        .map(|m| {
            (
                Arc::from(m.model.path().as_str()),
                Arc::clone(&m.model.name),
            )
        })
        .collect();
    let settling = changes::settling(&judged.weakenings);
    let tell = |finding: &Finding, most: usize| {
        let named = &names[finding.model as usize];
        finding_info(judged, finding, named, &settling, frame.detail, most)
    };
    let told = || tell_all(&in_order(&judged.findings, &names), tell);
    let (mut findings, mut rules) = rayon::join(told, || rules_of(judged));
    follow::complete(judged, &mut findings);
    debug_assert!(
        findings.is_sorted_by(|a, b| sort_key(a) <= sort_key(b)),
        "findings and what the report holds of them have one order"
    );
    let (weakenings, kinds) = changes::findings(&judged.weakenings);
    for weakening in weakenings {
        let at = findings.partition_point(|f| sort_key(f) <= sort_key(&weakening));
        findings.insert(at, weakening);
    }
    rules.extend(kinds.into_iter().map(|kind| (Arc::clone(&kind.id), kind)));
    let models: Vec<ModelInfo> = judged
        .models
        .iter()
        .map(|m| model_info(&m.model, &m.silent, frame.detail))
        .collect();
    let incomplete = judged.is_incomplete();
    let gate = frame.gate();
    for finding in &mut findings {
        finding.failing = gate.fails(finding);
    }
    let summary = summary(&findings, models.len(), incomplete, &frame);
    let mut report = Report {
        report: VERSION,
        tool: Tool {
            name: "tmrs".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            catalogue: frame.catalogue,
        },
        run: frame.run,
        rules: rules.into_values().collect(),
        models,
        findings,
        do_first: Vec::new(),
        fixed: frame.fixed,
        changes: frame.changes,
        notices: judged.notices.iter().map(NoticeInfo::from).collect(),
        summary,
    };
    if frame.detail != Detail::Graphs {
        report.do_first = report.first_things();
    }
    report
}

/// Puts findings into words. Answers that settle them are sought for all alike at first; then
/// what is left of the steps goes to those of which it was not enough.
fn tell_all(
    findings: &[&Finding],
    tell: impl Fn(&Finding, usize) -> (FindingInfo, Taken) + Sync,
) -> Vec<FindingInfo> {
    let first = LEAST_STEPS.min(MOST_STEPS / findings.len().max(1));
    let mut told: Vec<(FindingInfo, Taken)> = findings
        .par_iter()
        .map(|finding| tell(finding, first))
        .collect();
    let taken: usize = told.iter().map(|(_, taken)| taken.steps).sum();
    let wanting = told.iter().filter(|(_, taken)| !taken.ended).count();
    let most = MOST_STEPS.saturating_sub(taken) / wanting.max(1);
    if most > first {
        told.par_iter_mut()
            .zip(findings)
            .for_each(|(told, finding)| {
                if !told.1.ended {
                    *told = tell(finding, most);
                }
            });
    }
    told.into_iter().map(|(info, _)| info).collect()
}

/// Every rule that judged, and the threats that models state in words.
fn rules_of(judged: &Judged) -> BTreeMap<Arc<str>, RuleInfo> {
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

/// Findings in the order of a report, before they are put into words: what the report
/// holds of each is large.
fn in_order<'j>(findings: &'j [Finding], names: &Names) -> Vec<&'j Finding> {
    // As `sort_key`.
    fn key<'k>(f: &'k Finding, names: &'k Names) -> impl Ord + 'k {
        (
            &names[f.model as usize],
            f.element.0,
            std::cmp::Reverse(f.severity),
            &*f.rule.id,
            f.fingerprint,
        )
    }
    let mut ordered: Vec<&Finding> = findings.iter().collect();
    ordered.par_sort_by(|a, b| key(a, names).cmp(&key(b, names)));
    ordered
}

/// Paths and names of the models, by position.
type Names = Vec<(Arc<str>, Arc<str>)>;

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

/// Counts, gate and exit status of findings (docs/semantics.md §5).
fn summary(findings: &[FindingInfo], models: usize, incomplete: bool, frame: &Frame) -> Summary {
    let gate = frame.gate();
    let mut summary = count(findings, models, gate);
    let verdict = summary.judge(incomplete, frame.failed_otherwise, frame.allow_no_models);
    summary.conclude(verdict, verdict.exit(frame.allow_no_models));
    summary
}

/// Counts and gate of findings, and the verdict that follows from these alone.
pub fn count(findings: &[FindingInfo], models: usize, gate: Gate) -> Summary {
    let mut summary = Summary {
        models,
        findings: findings.len(),
        by_status: Status::ALL.into_iter().map(|status| (status, 0)).collect(),
        by_severity: Severity::ALL
            .into_iter()
            .map(|severity| (severity, 0))
            .collect(),
        new_by_severity: Severity::ALL
            .into_iter()
            .map(|severity| (severity, 0))
            .collect(),
        residual: 0,
        gate,
        verdict: Verdict::NothingJudged,
        exit: 0,
    };
    for finding in findings {
        *summary.by_status.entry(finding.status).or_default() += 1;
        *summary.by_severity.entry(finding.severity).or_default() += 1;
        if finding.status == Status::New {
            *summary.new_by_severity.entry(finding.severity).or_default() += 1;
        }
        summary.residual += usize::from(finding.status.is_residual());
        if summary.gate.fails(finding) {
            summary.gate.failing += 1;
            summary.gate.fingerprints.push(finding.fingerprint.clone());
        }
    }
    let verdict = summary.judge(false, false, true);
    summary.conclude(verdict, verdict.exit(true));
    summary
}
