//! What a saved report must hold before anything is made of it.

use std::collections::{BTreeMap, BTreeSet};

use super::counted::count_told;
use super::{FindingInfo, Graph, Location, Report, Verdict};
use crate::finding::Fingerprint;
use crate::source::RepoPath;

/// Boundaries lie no deeper in one another.
const DEEPEST: usize = 200;
/// Enough for any rule id.
const LONGEST_WORD: usize = 200_000;

/// Says what is wrong, in a few words.
pub(super) fn check(report: &Report) -> Result<(), String> {
    let models: BTreeSet<(&str, &str)> = report
        .models
        .iter()
        .map(|model| (&*model.path, &*model.name))
        .collect();
    let rules: BTreeSet<&str> = report.rules.iter().map(|rule| &*rule.id).collect();
    if rules.len() != report.rules.len() {
        return Err("a rule stands twice".into());
    }
    for model in &report.models {
        path(&model.path)?;
        graph(&model.graph)?;
    }
    let mut prints = BTreeSet::new();
    for finding in &report.findings {
        if !models.contains(&(&*finding.model, &*finding.model_name)) {
            return Err(format!(
                "a finding is of a model that is not listed: {}",
                finding.model
            ));
        }
        if !rules.contains(&*finding.rule) {
            return Err(format!(
                "a finding is of a rule that is not listed: {}",
                finding.rule
            ));
        }
        if !prints.insert((&*finding.model, &*finding.fingerprint)) {
            return Err(format!("the finding {} stands twice", finding.fingerprint));
        }
        self::finding(finding)?;
    }
    for notice in &report.notices {
        notice.location.iter().try_for_each(location)?;
        notice
            .related
            .iter()
            .try_for_each(|r| location(&r.location))?;
    }
    for change in &report.changes {
        let details = change.parts.iter().flat_map(|part| &part.details);
        let said = details
            .chain(&change.details)
            .filter_map(|detail| detail.location.as_ref());
        let parts = change.parts.iter().map(|part| &part.location);
        said.chain(parts).try_for_each(location)?;
        let called = change.base.iter().chain(&change.head);
        called
            .into_iter()
            .try_for_each(|called| path(&called.path))?;
    }
    summary(report)
}

fn finding(finding: &FindingInfo) -> Result<(), String> {
    if Fingerprint::parse(&finding.fingerprint).is_none() {
        return Err(format!("{} is no fingerprint", finding.fingerprint));
    }
    if !matches!(
        finding.likelihood.as_str(),
        "high" | "medium" | "low" | "unknown"
    ) {
        return Err(format!("{} is no likelihood", finding.likelihood));
    }
    if finding.rule.len() > LONGEST_WORD {
        return Err("a rule's id is too long".into());
    }
    location(&finding.location)?;
    finding
        .related
        .iter()
        .try_for_each(|r| location(&r.location))?;
    let facts = finding
        .because
        .iter()
        .filter_map(|fact| fact.location.as_ref());
    let exclusion = finding.exclusion.as_ref().and_then(|e| e.location.as_ref());
    let withdrawn = finding.withdrawn.iter();
    let withdrawn = withdrawn.filter_map(|said| said.location.as_ref());
    facts
        .chain(exclusion)
        .chain(withdrawn)
        .try_for_each(location)
}

/// Relative to the root, and not above it.
fn path(path: &str) -> Result<(), String> {
    match RepoPath::new(path) {
        Some(known) if known.as_str() == path => Ok(()),
        _ => Err(format!("{path} is no path inside the repository")),
    }
}

fn location(location: &Location) -> Result<(), String> {
    path(&location.path)?;
    let start = (location.line, location.column);
    let end = (location.end_line, location.end_column);
    if location.line == 0 || location.column == 0 || location.end_column == 0 || end < start {
        return Err(format!(
            "{} has no line {} column {}",
            location.path, start.0, start.1
        ));
    }
    Ok(())
}

/// Ends, data and boundaries exist, and no boundary lies in itself: drawing
/// follows them.
fn graph(graph: &Graph) -> Result<(), String> {
    let boundaries: BTreeMap<u32, Option<u32>> = graph
        .boundaries
        .iter()
        .map(|b| (b.id, b.boundary))
        .collect();
    let mut nodes: BTreeSet<u32> = boundaries.keys().copied().collect();
    nodes.extend(graph.elements.iter().map(|node| node.id));
    if nodes.len() != graph.boundaries.len() + graph.elements.len() {
        return Err("two elements have one id".into());
    }
    let data: BTreeSet<u32> = graph.data.iter().map(|datum| datum.id).collect();
    for edge in &graph.flows {
        let ends = nodes.contains(&edge.source) && nodes.contains(&edge.sink);
        if !ends || !edge.data.iter().all(|id| data.contains(id)) {
            return Err(format!("the flow {} leads nowhere", edge.id));
        }
    }
    for node in graph.elements.iter().chain(&graph.boundaries) {
        let mut around = node.boundary;
        let mut depth = 0;
        while let Some(id) = around {
            around = *boundaries
                .get(&id)
                .ok_or_else(|| format!("there is no boundary {id}"))?;
            depth += 1;
            if depth > DEEPEST {
                return Err(format!("the boundary {id} lies in itself"));
            }
        }
    }
    Ok(())
}

/// The counts are those of the findings, and the verdict can follow from them.
fn summary(report: &Report) -> Result<(), String> {
    let said = &report.summary;
    let gate = said.gate.afresh();
    if !gate.models.is_sorted_by(|a, b| a.model < b.model) {
        return Err(
            "the models with a gate of their own are not in the order of their paths".into(),
        );
    }
    if (report.findings.iter()).any(|finding| finding.failing != gate.fails(finding)) {
        return Err("what fails the gate is not what the findings say".into());
    }
    let mut counted = count_told(&report.findings, said.models, gate);
    counted.conclude(said.verdict, said.exit);
    if counted != *said {
        return Err("the summary is not that of the findings".into());
    }
    let holds = said.gate.failing == 0;
    let is_possible = match said.verdict {
        Verdict::Passed => holds && said.models + said.findings > 0,
        Verdict::NothingJudged => holds,
        Verdict::Failed | Verdict::Incomplete => true,
    };
    if !is_possible || !said.verdict.fits(said.exit) {
        return Err(format!(
            "the findings, the verdict “{}” and the exit status {} disagree",
            said.verdict, said.exit
        ));
    }
    Ok(())
}
