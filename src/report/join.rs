//! Saved reports read back, and several made into one: the jobs of a matrix over
//! parts of a repository have one gate and one summary.
//!
//! A saved report is untrusted input, like a model: `check` holds it to what the
//! emitters and diagrams rely on.

use std::collections::{BTreeMap, BTreeSet};

use super::counted::count_told;
use super::diff::ModelChange;
use super::{
    Beside, FindingInfo, Fixed, ModelInfo, NoticeInfo, Report, RuleInfo, Run, Status, Summary,
    VERSION, Verdict,
};

/// Why reports cannot be read or joined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// The text is larger than any report.
    #[error("the report is larger than {} MiB", MOST_BYTES >> 20)]
    TooLarge,
    /// The text is no JSON report.
    #[error("this is no JSON report of tmrs: {0}")]
    Malformed(String),
    /// Another version of the report's shape.
    #[error("the report has version {found}, this tmrs reads version {VERSION}")]
    Version {
        /// What it says.
        found: u64,
    },
    /// The report contradicts itself.
    #[error("the report contradicts itself: {0}")]
    Inconsistent(String),
    /// Reports that don't belong together.
    #[error("the reports don't belong together: {0}")]
    Differ(String),
    /// No report at all.
    #[error("there is no report to join")]
    Nothing,
}

/// No report is larger.
const MOST_BYTES: usize = 512 << 20;

/// Reads a saved report.
///
/// # Errors
/// When it is no report of this version, or holds what no run can have written.
pub fn load(text: &str) -> Result<Report, JoinError> {
    if text.len() > MOST_BYTES {
        return Err(JoinError::TooLarge);
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    match serde_json::from_str::<Report>(text) {
        Ok(mut report) if report.report == VERSION => {
            report.summary.beside = Beside::of(&report.findings, &report.summary.gate);
            super::check::check(&report).map_err(JoinError::Inconsistent)?;
            Ok(report)
        }
        Ok(report) => Err(JoinError::Version {
            found: u64::from(report.report),
        }),
        Err(error) => Err(version_of(text).map_or_else(
            || JoinError::Malformed(words(&error)),
            |found| JoinError::Version { found },
        )),
    }
}

/// What is wrong, without a word of the text: it may be any file.
fn words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if text.starts_with("missing field") || !error.is_data() {
        return text;
    }
    format!(
        "another kind of value is expected at line {} column {}",
        error.line(),
        error.column()
    )
}

/// The version of a report that doesn't have our shape, if it isn't ours.
fn version_of(text: &str) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Head {
        report: u64,
    }
    let head: Head = serde_json::from_str(text).ok()?;
    (head.report != u64::from(VERSION)).then_some(head.report)
}

/// Makes several reports into one; one stays as it is.
///
/// # Errors
/// When there is none, or when they were made by different versions of tmrs, at
/// different revisions or with different gates.
pub fn join(reports: Vec<Report>) -> Result<Report, JoinError> {
    let mut reports = reports.into_iter();
    let mut whole = reports.next().ok_or(JoinError::Nothing)?;
    let rest: Vec<Report> = reports.collect();
    if rest.is_empty() {
        return Ok(whole);
    }
    let mut exits = vec![whole.summary.exit];
    for part in rest {
        belong(&whole, &part)?;
        exits.push(part.summary.exit);
        whole.run = run(whole.run, &part.run);
        whole.rules = rules(whole.rules, part.rules);
        whole.models = models(whole.models, part.models)?;
        whole.findings = findings(whole.findings, part.findings);
        whole.fixed.extend(part.fixed);
        whole.changes = changes(whole.changes, part.changes);
        whole.notices = notices(whole.notices, part.notices);
        let own = &mut whole.summary.gate.models;
        own.extend(part.summary.gate.models);
        own.sort_by(|a, b| a.model.cmp(&b.model));
        own.dedup();
    }
    whole.fixed = fixed(whole.fixed, &whole.findings);
    whole
        .findings
        .sort_by(|a, b| super::build::sort_key(a).cmp(&super::build::sort_key(b)));
    whole.models.sort_by(|a, b| a.path.cmp(&b.path));
    whole.summary = summary(&whole, &exits);
    whole.do_first = whole.first_things();
    Ok(whole)
}

/// Whether two parts were made the same way.
fn belong(whole: &Report, part: &Report) -> Result<(), JoinError> {
    let differ = |what: &str, a: &str, b: &str| {
        Err(JoinError::Differ(format!(
            "{what} is {a} in one and {b} in another"
        )))
    };
    let (a, b) = (&whole.tool, &part.tool);
    if a != b {
        let name = |tool: &super::Tool| format!("{} (catalogue {})", tool.version, tool.catalogue);
        return differ("the version of tmrs", &name(a), &name(b));
    }
    for (what, a, b) in [
        ("the revision", &whole.run.revision, &part.run.revision),
        ("the base", &whole.run.base, &part.run.base),
        ("the policy", &whole.run.policy, &part.run.policy),
    ] {
        if a != b {
            let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "not said".into());
            return differ(what, &word(a), &word(b));
        }
    }
    let (a, b) = (&whole.summary.gate, &part.summary.gate);
    if a.usual() != b.usual() {
        let gate = |g: &super::Gate| {
            let only = if g.report_only { ", only reported" } else { "" };
            let (by, evidence) = (g.by.as_str(), g.evidence.as_str());
            format!("{by} {} ({evidence}{only})", g.fail_on)
        };
        return differ("the gate", &gate(a), &gate(b));
    }
    Ok(())
}

/// The run of both: a category only where both have the same.
fn run(whole: Run, part: &Run) -> Run {
    let same = whole.category == part.category;
    Run {
        category: whole.category.filter(|_| same),
        ..whole
    }
}

/// Every rule once, by id. Where parts hold one id differently (a model's own
/// threat file), the severer one stands.
fn rules(whole: Vec<RuleInfo>, part: Vec<RuleInfo>) -> Vec<RuleInfo> {
    let mut by_id: BTreeMap<_, RuleInfo> = BTreeMap::new();
    for rule in whole.into_iter().chain(part) {
        match by_id.get(&rule.id) {
            Some(known) if known.severity >= rule.severity => {}
            _ => {
                by_id.insert(rule.id.clone(), rule);
            }
        }
    }
    by_id.into_values().collect()
}

/// Every model once. A rule passed only where no part found something.
fn models(whole: Vec<ModelInfo>, part: Vec<ModelInfo>) -> Result<Vec<ModelInfo>, JoinError> {
    let mut models = whole;
    let known = models.len();
    // Models of one name in one file are told apart by how many came before.
    let mut before: BTreeMap<(String, String), usize> = BTreeMap::new();
    for model in part {
        let key = (model.path.to_string(), model.name.to_string());
        let nth = before.entry(key).or_default();
        let same = models[..known]
            .iter_mut()
            .filter(|m| m.path == model.path && m.name == model.name)
            .nth(*nth);
        *nth += 1;
        match same {
            None => models.push(model),
            Some(own) if own.graph == model.graph => {
                own.complete &= model.complete;
                own.passed.retain(|rule| model.passed.contains(rule));
                own.not_applicable
                    .retain(|rule| model.not_applicable.contains(rule));
                own.dormant.retain(|it| model.dormant.contains(it));
            }
            Some(_) => {
                return Err(JoinError::Differ(format!(
                    "{} was read from different contents",
                    model.path
                )));
            }
        }
    }
    Ok(models)
}

/// Every finding once, by model and fingerprint; where parts disagree, the one
/// that is open, severer and surer stands.
fn findings(whole: Vec<FindingInfo>, part: Vec<FindingInfo>) -> Vec<FindingInfo> {
    let mut index: BTreeMap<(std::sync::Arc<str>, String), usize> = BTreeMap::new();
    let mut findings: Vec<FindingInfo> = Vec::with_capacity(whole.len() + part.len());
    let weight = |f: &FindingInfo| {
        let rank = Status::ALL.iter().position(|status| *status == f.status);
        (std::cmp::Reverse(rank), f.severity, f.evidence)
    };
    for finding in whole.into_iter().chain(part) {
        let key = (finding.model.clone(), finding.fingerprint.clone());
        match index.get(&key) {
            Some(&at) if weight(&findings[at]) >= weight(&finding) => {}
            Some(&at) => findings[at] = finding,
            None => {
                index.insert(key, findings.len());
                findings.push(finding);
            }
        }
    }
    findings
}

/// What is fixed in one part and found in none.
fn fixed(fixed: Vec<Fixed>, findings: &[FindingInfo]) -> Vec<Fixed> {
    let found: BTreeSet<(&str, &str)> = findings
        .iter()
        .map(|f| (&*f.model, f.fingerprint.as_str()))
        .collect();
    let gone: BTreeSet<Fixed> = fixed
        .into_iter()
        .filter(|f| !found.contains(&(f.model.as_str(), f.fingerprint.as_str())))
        .collect();
    gone.into_iter().collect()
}

/// Every model that changed once.
fn changes(whole: Vec<ModelChange>, part: Vec<ModelChange>) -> Vec<ModelChange> {
    let key = |change: &ModelChange| (change.base.clone(), change.head.clone());
    let mut all: Vec<ModelChange> = whole;
    for change in part {
        if !all.iter().any(|known| key(known) == key(&change)) {
            all.push(change);
        }
    }
    all.sort_by_cached_key(|change| change.head.clone().or_else(|| change.base.clone()));
    all
}

/// Every notice once.
fn notices(whole: Vec<NoticeInfo>, part: Vec<NoticeInfo>) -> Vec<NoticeInfo> {
    let mut seen = BTreeSet::new();
    let key = |n: &NoticeInfo| (n.code.clone(), n.location.clone(), n.message.clone());
    whole
        .into_iter()
        .chain(part)
        .filter(|notice| seen.insert(key(notice)))
        .collect()
}

/// Counts and gate anew. The exit status is the gravest of the parts' (docs/semantics.md
/// §5: 2 over 3 over 1), and a part without a model is a failure of the whole.
fn summary(whole: &Report, exits: &[u8]) -> Summary {
    let gate = &whole.summary.gate;
    let mut summary = count_told(&whole.findings, whole.models.len(), gate.afresh());
    let gravest = [2, 3, 1, 4].into_iter().find(|exit| exits.contains(exit));
    match gravest {
        Some(3) => summary.conclude(Verdict::Incomplete, 3),
        Some(1) => summary.conclude(Verdict::Failed, 1),
        Some(exit) => summary.conclude(Verdict::NothingJudged, exit),
        None => {}
    }
    summary
}
