//! What weakens the check, as findings of the report.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::rule_info;
use super::{ElementRef, Evidence, FindingInfo, Location, Report, RuleInfo, Status};
use crate::finding::Weakening;
use crate::source::Place;

/// The findings, and the rules of their kinds. What is no element gets a position
/// that no element has.
pub(super) fn findings(weakenings: &[Weakening]) -> (Vec<FindingInfo>, Vec<RuleInfo>) {
    let mut positions: BTreeMap<(&str, &str, &str), u32> = BTreeMap::new();
    let mut rules: BTreeMap<&str, RuleInfo> = BTreeMap::new();
    let mut findings = Vec::with_capacity(weakenings.len());
    for weakening in weakenings {
        let rule = rules
            .entry(&weakening.rule.id)
            .or_insert_with(|| rule_info(&weakening.rule));
        rule.severity = rule.severity.max(weakening.severity);
        let next = u32::MAX - positions.len() as u32;
        let subject = (weakening.path.as_str(), weakening.class, &*weakening.name);
        let position = match weakening.element {
            Some(id) => id.0,
            None => *positions.entry(subject).or_insert(next),
        };
        findings.push(finding(weakening, position));
    }
    (findings, rules.into_values().collect())
}

fn finding(weakening: &Weakening, element_id: u32) -> FindingInfo {
    let rule = &weakening.rule;
    FindingInfo {
        fingerprint: weakening.fingerprint.to_string(),
        rule: (&*rule.id).into(),
        title: (&*rule.title).into(),
        severity: weakening.severity,
        likelihood: rule.likelihood.as_str().into(),
        evidence: Evidence::Declared,
        risk: weakening.severity,
        reach: "none".into(),
        worth: "unknown".into(),
        way: Arc::from([]),
        risk_reason: "".into(),
        failing: false,
        status: Status::New,
        reason: None,
        withdrawn: Vec::new(),
        settled_by_change: false,
        advisory: weakening.advisory,
        exclusion: None,
        response: None,
        model: weakening.path.as_str().into(),
        model_name: Arc::clone(&weakening.model),
        element: ElementRef {
            class: weakening.class.into(),
            base: weakening.class.into(),
            name: Arc::clone(&weakening.name),
        },
        element_id,
        source: None,
        sink: None,
        location: Location::from(&weakening.place),
        related: Vec::new(),
        why: String::new(),
        because: Vec::new(),
        deciding: Vec::new(),
        message: weakening.message.clone(),
        cvss: None,
        group: None,
    }
}

/// The places of what a change adds to settle findings.
pub(super) fn settling(weakenings: &[Weakening]) -> BTreeSet<&Place> {
    let settling = weakenings.iter().filter(|weakening| weakening.settles);
    settling.map(|weakening| &weakening.place).collect()
}

/// Findings, the worst first.
pub fn worst_first<'f>(findings: impl Iterator<Item = &'f FindingInfo>) -> Vec<&'f FindingInfo> {
    let mut findings: Vec<&FindingInfo> = findings.collect();
    findings.sort_by_key(|f| Reverse((f.severity, f.evidence)));
    findings
}

impl Report {
    /// The findings that the change itself settles, the worst first.
    pub fn settled_by_change(&self) -> Vec<&FindingInfo> {
        worst_first(self.findings.iter().filter(|f| f.settled_by_change))
    }

    /// What a change does to the check itself (docs/semantics.md §5), as summaries list
    /// it: beside the threats, not among them.
    pub fn weakenings(&self) -> Vec<&FindingInfo> {
        let ids = self.kinds_of_weakening();
        let found = self.findings.iter();
        found.filter(|f| ids.contains(&&*f.rule)).collect()
    }

    /// Whether a finding is of a change to the check itself.
    pub fn weakens(&self, finding: &FindingInfo) -> bool {
        finding.rule.starts_with("CHG")
            && self
                .rule(&finding.rule)
                .is_some_and(RuleInfo::judges_changes)
    }

    /// The ids of the rules that judge changes.
    pub fn kinds_of_weakening(&self) -> Vec<&str> {
        let kinds = self.rules.iter().filter(|rule| rule.judges_changes());
        kinds.map(|rule| &*rule.id).collect()
    }
}

impl RuleInfo {
    /// Whether it judges a change and not a model.
    pub fn judges_changes(&self) -> bool {
        self.id.starts_with("CHG")
            && self.layer == "built-in"
            && self.tags.iter().any(|tag| tag == "change")
    }
}
