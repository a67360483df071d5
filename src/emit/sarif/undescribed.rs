//! What is only assumed of an element, as one alert: what it says, and its rule.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;
use serde_sarif::sarif::PropertyBag;

use super::{bag, plain};
use crate::emit::words;
use crate::escape::shorten;
use crate::report::alerts::Undescribed;
use crate::report::{FindingInfo, RuleInfo, Severity, Text};

/// So many threats and answers are named.
const NAMED: usize = 8;
const ASKED: usize = 3;
const REASONS: usize = 3;

/// The id of the rule of an element; one a severity, because GitHub reads the severity from
/// the rule.
pub(super) fn rule_id(severity: Severity) -> String {
    format!("UNDESCRIBED/{severity}")
}

/// The rule itself.
pub(super) fn rule(severity: Severity) -> RuleInfo {
    RuleInfo {
        id: rule_id(severity).into(),
        title: "The model does not say what decides about these threats".into(),
        severity,
        likelihood: "unknown".into(),
        description: "Threats are possible on this element because the model does not describe it: nothing says that they hold, and nothing says that they do not. The alert names them, the worst first, and stays the same alert for as long as any of them is open.".into(),
        mitigation: "Say what holds, in the model, beside the element: each answer closes the threats that it decides, and one that shows a real gap becomes an alert of its own. `tmrs questions` lists what is asked, with the line to write. `assumed: each` under `sarif` in tmrs.yaml makes an alert of each threat, `assumed: omit` of none.".into(),
        example: Text::Static(""),
        condition: Text::Static(""),
        references: vec![Text::Static(concat!(
            env!("CARGO_PKG_REPOSITORY"),
            "/blob/main/docs/reports.md#code-scanning"
        ))],
        tags: vec!["model".into()],
        classes: Vec::new(),
        layer: "undescribed".into(),
    }
}

/// The severity of the alert: that of the worst finding, as it weighs here.
pub(super) fn severity(element: &Undescribed<'_>) -> Option<Severity> {
    let weight = |f: &&FindingInfo| if f.failing { f.severity } else { f.risk };
    element.findings.iter().map(weight).max()
}

/// The element, what is possible on it, and what to answer first.
pub(super) fn message(element: &Undescribed<'_>) -> String {
    let Some(first) = element.findings.first() else {
        return String::new();
    };
    let count = element.findings.len();
    let threat = |f: &&FindingInfo| format!("{} {}", f.rule, shorten(&f.title, 80));
    let named: Vec<String> = element.findings.iter().take(NAMED).map(threat).collect();
    let mut text = format!(
        "{} is not described well enough to decide about {}: {}",
        words::element(first),
        words::plural(count, "threat"),
        named.join("; ")
    );
    if count > NAMED {
        let _ = write!(text, "; and {} more", count - NAMED);
    }
    text.push('.');
    let asked = asked(element);
    if !asked.is_empty() {
        let _ = write!(text, " Say first: {}.", asked.join(", "));
    }
    let failing = element.findings.iter().filter(|f| f.failing).count();
    if failing > 0 {
        let _ = write!(text, " {failing} of them fail the gate.");
    }
    for why in why_new(element) {
        let _ = write!(text, " {}", words::next_sentence(&why));
    }
    plain(&text)
}

/// Why findings are new that were known, each reason once.
fn why_new(element: &Undescribed<'_>) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for why in element.findings.iter().filter_map(|f| words::why_new(f)) {
        if !reasons.contains(&why) && reasons.len() < REASONS {
            reasons.push(why);
        }
    }
    reasons
}

/// The attributes that decide most of the findings.
fn asked(element: &Undescribed<'_>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &element.findings {
        for answer in finding.deciding.first().into_iter().flatten() {
            let name = format!("{} of “{}”", answer.attribute, answer.element);
            *counts.entry(name).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
        .into_iter()
        .take(ASKED)
        .map(|(name, _)| name)
        .collect()
}

pub(super) fn properties(element: &Undescribed<'_>) -> PropertyBag {
    let first = element.findings.first();
    let threats = element.findings.iter().map(|f| {
        json!({"rule": f.rule, "fingerprint": f.fingerprint, "severity": f.severity,
               "risk": f.risk, "status": f.status, "why": f.why})
    });
    bag([
        (
            "severity",
            json!(element.findings.iter().map(|f| f.severity).max()),
        ),
        ("risk", json!(element.findings.iter().map(|f| f.risk).max())),
        ("riskReason", json!(first.map(|f| &f.risk_reason))),
        ("evidence", json!("assumed")),
        ("model", json!(first.map(|f| &f.model))),
        ("threats", threats.collect()),
    ])
}
