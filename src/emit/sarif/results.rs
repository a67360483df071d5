//! Findings as results.

use std::collections::BTreeMap;

use serde_json::json;
use serde_sarif::sarif::{
    Location as SarifLocation, Message, Result as SarifResult, ResultLevel, Suppression,
};

use super::fixes::Fixes;
use super::paths::Flows;
use super::rules::{Rules, level, rank};
use super::{bag, places, plain, undescribed, with_links};
use crate::emit::{Context, words};
use crate::escape::terminal;
use crate::report::alerts::Undescribed;
use crate::report::{Evidence, FindingInfo, Severity, Status};

/// GitHub shows 100 locations of a result.
const MOST_RELATED: usize = 100;

/// What results are made with.
pub(super) struct Results<'a> {
    pub(super) rules: &'a Rules,
    pub(super) flows: &'a Flows<'a>,
    pub(super) fixes: &'a Fixes<'a>,
    pub(super) context: &'a Context<'a>,
}

impl Results<'_> {
    /// One finding.
    pub(super) fn of_finding(&self, finding: &FindingInfo) -> SarifResult {
        let related = related(finding);
        let mut result = self.result(
            finding,
            self.rules.of_finding(finding),
            &finding.fingerprint,
            with_links(&message(finding), &related),
        );
        result.properties = Some(properties(finding));
        result.fixes = self.fixes.settling(std::iter::once(finding));
        if !related.is_empty() {
            result.related_locations = Some(related);
        }
        if self.context.sarif_suppressions {
            // Once one result has them, all must: an empty list says "not suppressed".
            result.suppressions = Some(suppression(finding).into_iter().collect());
        }
        result
    }

    /// Everything that is only assumed of an element, as one alert.
    pub(super) fn of_undescribed(&self, element: &Undescribed<'_>) -> Option<SarifResult> {
        let worst = element.findings.first()?;
        let mut result = self.result(
            worst,
            self.rules.of_undescribed(element)?,
            &element.fingerprint,
            undescribed::message(element),
        );
        result.properties = Some(undescribed::properties(element));
        result.fixes = self.fixes.settling(element.findings.iter().copied());
        let is_new = |f: &&FindingInfo| matches!(f.status, Status::New | Status::Unreviewed);
        if !element.findings.iter().any(is_new) {
            result.baseline_state = Some(json!("unchanged"));
        }
        if self.context.sarif_suppressions {
            result.suppressions = Some(Vec::new());
        }
        Some(result)
    }

    fn result(
        &self,
        finding: &FindingInfo,
        (rule_id, rule_index): (String, i64),
        fingerprint: &str,
        message: String,
    ) -> SarifResult {
        // What fails the gate is shown as the gate weighs it.
        let weight = if finding.failing {
            finding.severity
        } else {
            finding.risk
        };
        let fingerprint = plain(fingerprint);
        let mut result = SarifResult::builder()
            .rule_id(rule_id)
            .rule_index(rule_index)
            .level(result_level(weight))
            .rank(match finding.evidence {
                Evidence::Declared => rank(weight),
                Evidence::Assumed => rank(weight) - 4.0,
            })
            .message(Message::builder().text(message).build())
            .locations(vec![places::primary(finding, self.context)])
            .partial_fingerprints(BTreeMap::from([
                (
                    "primaryLocationLineHash".to_owned(),
                    format!("{fingerprint}:1"),
                ),
                ("tmrs/v1".to_owned(), fingerprint),
            ]))
            .baseline_state(match finding.status {
                Status::New | Status::Unreviewed => "new",
                _ => "unchanged",
            })
            .build();
        if let Some(path) = self.flows.path(finding) {
            result.code_flows = Some(vec![path]);
        }
        result
    }
}

fn result_level(severity: Severity) -> ResultLevel {
    match level(severity) {
        "error" => ResultLevel::Error,
        "warning" => ResultLevel::Warning,
        _ => ResultLevel::Note,
    }
}

fn message(finding: &FindingInfo) -> String {
    let mut text = plain(&words::message(finding));
    if let Some(why) = words::why_new(finding) {
        text.push(' ');
        text.push_str(&words::next_sentence(&plain(&why)));
    }
    text
}

fn related(finding: &FindingInfo) -> Vec<SarifLocation> {
    let facts = finding.because.iter().filter_map(|fact| {
        let location = fact.location.as_ref()?;
        Some((words::sentence(&words::fact(fact)), location))
    });
    finding
        .related
        .iter()
        .map(|r| (words::sentence(&r.message), &r.location))
        .chain(facts)
        .take(MOST_RELATED)
        .zip(1..)
        .map(|((text, location), id)| {
            let mut place = places::with_message(location, &text);
            place.id = Some(id);
            place
        })
        .collect()
}

fn properties(finding: &FindingInfo) -> serde_sarif::sarif::PropertyBag {
    let because: Vec<String> = finding.because.iter().map(words::fact).collect();
    bag([
        ("severity", json!(finding.severity)),
        ("risk", json!(finding.risk)),
        ("riskReason", json!(finding.risk_reason)),
        ("likelihood", json!(finding.likelihood)),
        ("evidence", json!(finding.evidence)),
        ("status", json!(finding.status)),
        ("reason", json!(words::reason(finding))),
        (
            "settledByChange",
            json!(finding.settled_by_change.then_some(true)),
        ),
        ("model", json!(finding.model)),
        ("because", json!(because)),
        ("deciding", json!(finding.deciding)),
        ("cvss", json!(finding.cvss)),
        ("group", json!(finding.group)),
    ])
}

fn suppression(finding: &FindingInfo) -> Option<Suppression> {
    if finding.status.is_open() {
        return None;
    }
    let outside = finding
        .exclusion
        .as_ref()
        .is_some_and(|e| matches!(e.by.as_str(), "configuration" | "command-line"));
    let why = words::reason(finding).unwrap_or_else(|| words::status(finding.status).into());
    let mut suppression = Suppression::builder()
        .kind(if outside { "external" } else { "inSource" })
        .status("accepted")
        .justification(terminal(&why))
        .build();
    suppression.location = finding
        .exclusion
        .as_ref()
        .and_then(|e| e.location.as_ref())
        .map(|location| {
            SarifLocation::builder()
                .physical_location(places::physical(location))
                .build()
        });
    Some(suppression)
}
