//! The findings of two models, held against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::{FindingInfo, ModelInfo, Report, Status};
use super::{Fate, Standing, ThreatDiff};
use crate::finding::canonical;

/// Which finding of a model: rule, class, name, a flow's ends; then which of all
/// that are called so.
type Key = (Arc<str>, String, String, String, String, usize);

/// The findings of a report by model.
pub(super) struct Findings<'r> {
    by_model: BTreeMap<(&'r str, &'r str), Vec<&'r FindingInfo>>,
    rules: BTreeSet<&'r str>,
}

/// The findings of one model, with what tells of those that are missing why.
pub(super) struct OfModel<'r> {
    found: BTreeMap<Key, &'r FindingInfo>,
    rules: &'r BTreeSet<&'r str>,
    /// Class, name and ends of what is judged.
    elements: BTreeSet<[String; 4]>,
}

impl<'r> Findings<'r> {
    /// Of a report; not those about the change that it checked, for this is one itself.
    pub(super) fn of(report: &'r Report) -> Self {
        let judging = report.rules.iter().filter(|rule| !rule.judges_changes());
        let rules: BTreeSet<&str> = judging.map(|rule| &*rule.id).collect();
        let mut by_model: BTreeMap<_, Vec<&FindingInfo>> = BTreeMap::new();
        for finding in &report.findings {
            if rules.contains(&*finding.rule) {
                let key = (&*finding.model, &*finding.model_name);
                by_model.entry(key).or_default().push(finding);
            }
        }
        Self { by_model, rules }
    }

    /// Of a model, and of others of its name in its file.
    pub(super) fn of_model<'s>(&'s self, model: &ModelInfo) -> OfModel<'s> {
        let findings = self.by_model.get(&(&*model.path, &*model.name));
        let mut called: BTreeMap<Key, usize> = BTreeMap::new();
        let mut found = BTreeMap::new();
        for finding in findings.into_iter().flatten() {
            let end = |name: &Option<Arc<str>>| name.as_deref().map(canonical).unwrap_or_default();
            let mut key = (
                Arc::clone(&finding.rule),
                finding.element.base.clone(),
                canonical(&finding.element.name),
                end(&finding.source),
                end(&finding.sink),
                0,
            );
            let nth = called.entry(key.clone()).or_default();
            key.5 = *nth;
            *nth += 1;
            found.insert(key, *finding);
        }
        OfModel {
            found,
            rules: &self.rules,
            elements: judged(model),
        }
    }
}

impl OfModel<'_> {
    fn judges(&self, rule: &str) -> bool {
        rule.starts_with("DECLARED/") || self.rules.contains(rule)
    }

    fn has_element(&self, (_, class, name, source, sink, _): &Key) -> bool {
        let identity = [class, name, source, sink].map(Clone::clone);
        self.elements.contains(&identity)
    }
}

/// Who is judged in a model.
fn judged(model: &ModelInfo) -> BTreeSet<[String; 4]> {
    let graph = &model.graph;
    let nodes = graph.elements.iter().chain(&graph.boundaries);
    let names: BTreeMap<u32, String> = nodes
        .clone()
        .map(|node| (node.id, canonical(&node.name)))
        .collect();
    let name = |id: u32| names.get(&id).cloned().unwrap_or_default();
    let in_scope = nodes.filter(|node| node.in_scope);
    let mut all: BTreeSet<[String; 4]> = in_scope
        .map(|node| {
            [
                node.base.clone(),
                name(node.id),
                String::new(),
                String::new(),
            ]
        })
        .collect();
    all.extend(graph.flows.iter().filter(|flow| flow.in_scope).map(|flow| {
        let own = canonical(&flow.name);
        ["Dataflow".into(), own, name(flow.source), name(flow.sink)]
    }));
    all
}

/// What became of each, the worst first.
pub(super) fn compare(base: Option<&OfModel<'_>>, head: Option<&OfModel<'_>>) -> Vec<ThreatDiff> {
    let nothing = BTreeMap::new();
    let then = base.map_or(&nothing, |base| &base.found);
    let now = head.map_or(&nothing, |head| &head.found);
    let mut threats = Vec::new();
    for (key, finding) in now {
        let (before, after) = (then.get(key).map(|f| standing(f)), standing(finding));
        if before == Some(after) {
            continue;
        }
        let fate = before.map_or(Fate::New, |_| Fate::Changed);
        let judged = base.is_none_or(|base| base.judges(&finding.rule));
        let reason = (!judged).then_some("the rule did not judge the base");
        threats.push(threat(fate, finding, (before, Some(after)), reason));
    }
    let missing = then.iter().filter(|(key, _)| !now.contains_key(*key));
    for (key, finding) in missing.filter(|(_, finding)| finding.status.is_open()) {
        let judged = head.is_none_or(|head| head.judges(&finding.rule));
        let is_there = head.is_some_and(|head| head.has_element(key));
        let fate = if is_there && judged {
            Fate::Fixed
        } else {
            Fate::Gone
        };
        let reason = (!judged).then_some("the rule judges no more");
        threats.push(threat(
            fate,
            finding,
            (Some(standing(finding)), None),
            reason,
        ));
    }
    threats.sort_by(|a, b| order(a).cmp(&order(b)));
    threats
}

fn order(threat: &ThreatDiff) -> impl Ord + '_ {
    let standing = threat.standing();
    (
        threat.change,
        standing.is_some_and(|standing| !standing.status.is_open()),
        std::cmp::Reverse(standing.map(|standing| standing.severity)),
        (&threat.element, &threat.source, &threat.sink),
        &threat.rule,
        &threat.fingerprint,
    )
}

fn standing(finding: &FindingInfo) -> Standing {
    Standing {
        severity: finding.severity,
        evidence: finding.evidence,
        status: if finding.status.is_open() {
            Status::New
        } else {
            finding.status
        },
    }
}

fn threat(
    change: Fate,
    finding: &FindingInfo,
    (before, after): (Option<Standing>, Option<Standing>),
    reason: Option<&str>,
) -> ThreatDiff {
    ThreatDiff {
        change,
        rule: Arc::clone(&finding.rule),
        title: Arc::clone(&finding.title),
        element: finding.element.clone(),
        source: finding.source.clone(),
        sink: finding.sink.clone(),
        fingerprint: finding.fingerprint.clone(),
        before,
        after,
        reason: reason.map(str::to_owned),
        location: finding.location.clone(),
    }
}
