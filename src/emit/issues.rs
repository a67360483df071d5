//! Issues for a tracker, a JSON object a line: what is open, each with the key by which a
//! script finds the issue that it made before (docs/reports.md).

use serde_json::{Value, json};

use super::{Context, EmitError, Emitter, words};
use crate::escape::{markdown, markdown_prose, shorten, terminal, uri_path};
use crate::report::build::Detail;
use crate::report::{FindingInfo, Report};

/// `--format issues`.
pub struct Issues;

/// GitHub refuses titles of more than 256 characters.
const LONGEST_TITLE: usize = 250;

impl Emitter for Issues {
    fn name(&self) -> &'static str {
        "issues"
    }

    fn about(&self) -> &'static str {
        "JSON lines for an issue tracker"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["issues.jsonl"]
    }

    fn detail(&self, _: bool) -> Detail {
        Detail::Open
    }

    /// The run first, so that a script knows whether what is missing may be closed.
    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        let missing = words::not_judged(report);
        let missing: Vec<_> = missing.iter().map(|m| terminal(&m.message)).collect();
        let open = report.findings.iter().filter(|f| f.status.is_open());
        let open: Vec<&FindingInfo> = open.filter(|f| !report.weakens(f)).collect();
        let run = json!({
            "kind": "run",
            "verdict": report.verdict(),
            "complete": report.verdict().is_whole(),
            "open": open.len(),
            "notJudged": missing,
        });
        let issues = open.into_iter().map(|f| issue(report, f, context));
        let mut text = String::new();
        for value in std::iter::once(run).chain(issues) {
            let line = super::json::compact(&value).map_err(|error| EmitError::Format {
                format: "issues",
                reason: error.to_string(),
            })?;
            text.push_str(&line);
        }
        Ok(text)
    }
}

fn issue(report: &Report, finding: &FindingInfo, context: &Context<'_>) -> Value {
    let title = format!(
        "{}: {} ({})",
        finding.title,
        words::element(finding),
        finding.model_name
    );
    let key = format!("tmrs-{}", terminal(&finding.fingerprint));
    json!({
        "kind": "issue",
        "key": key,
        "title": shorten(&terminal(&title), LONGEST_TITLE),
        "body": body(report, finding, &key, context),
        "labels": ["tmrs", format!("severity:{}", finding.severity)],
        "rule": terminal(&finding.rule),
        "severity": finding.severity,
        "risk": finding.risk,
        "evidence": finding.evidence,
        "status": finding.status,
        "model": terminal(&finding.model),
        "path": terminal(&finding.location.path),
        "line": finding.location.line,
    })
}

/// What a person reads, with the key at its end.
fn body(report: &Report, finding: &FindingInfo, key: &str, context: &Context<'_>) -> String {
    let mut parts = vec![markdown_prose(&words::message(finding))];
    if !finding.risk_reason.is_empty() {
        let why = words::next_sentence(&finding.risk_reason);
        parts.push(format!(
            "**Risk {}.** {}",
            finding.risk,
            markdown_prose(&why)
        ));
    }
    let at = &finding.location;
    let place = markdown(&format!("{}:{}", at.path, at.line));
    parts.push(match &context.link_base {
        Some(base) => format!(
            "[{place}]({base}{}#L{})",
            uri_path(&at.path),
            at.line.max(1)
        ),
        None => place,
    });
    if let Some(rule) = report.rule(&finding.rule) {
        let mitigation = markdown_prose(rule.mitigation.trim());
        parts.push(format!("**What helps.** {mitigation}"));
        if let Some(url) = words::help_uri(rule) {
            parts.push(format!("[{}]({url})", markdown(&rule.id)));
        }
    }
    parts.push(format!("<!-- {key} -->"));
    parts.join("\n\n")
}
