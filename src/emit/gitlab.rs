//! GitLab Code Quality: open findings, known from run to run by their identity, and
//! what was not judged: a merge request would show what is missing as fixed.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Context, EmitError, Emitter, json, words};
use crate::escape::terminal;
use crate::report::build::Detail;
use crate::report::{FindingInfo, Report, Severity, Verdict};

/// `--format gitlab`.
pub struct Gitlab;

impl Emitter for Gitlab {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn about(&self) -> &'static str {
        "GitLab Code Quality"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["codequality.json"]
    }

    fn detail(&self, _: bool) -> Detail {
        Detail::Open
    }

    fn emit(&self, report: &Report, _: &Context<'_>) -> Result<String, EmitError> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut unique = |identity: String| {
            let before = seen.entry(identity.clone()).or_default();
            *before += 1;
            fingerprint(&identity, *before - 1)
        };
        let mut issues = Vec::new();
        for missing in words::not_judged(report) {
            let path = missing.at.map_or("", |at| &at.path);
            let print = unique(format!("{}\n{}\n{path}", missing.code, missing.message));
            issues.push(not_judged(report, &missing, print));
        }
        for finding in report.findings.iter().filter(|f| f.status.is_open()) {
            let print = unique(format!("{}\n{}", finding.fingerprint, finding.model));
            issues.push(issue(report, finding, print));
        }
        json::indented(&issues).map_err(|error| EmitError::Format {
            format: "gitlab",
            reason: error.to_string(),
        })
    }
}

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Place,
    /// What the whole run comes to; GitLab looks at the other fields only.
    verdict: Verdict,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// From identity and path, never from a line: GitLab matches runs by it.
fn fingerprint(identity: &str, before: usize) -> String {
    let digest = Sha256::digest(format!("{identity}\n{before}").as_bytes());
    base16ct::lower::encode_string(&digest[..16])
}

/// What was not judged, as an issue; where nothing was, at the place where a model
/// would be described.
fn not_judged(report: &Report, missing: &words::NotJudged<'_>, fingerprint: String) -> Issue {
    let (path, line) = missing
        .at
        .map_or(("tmrs.yaml", 1), |at| (&*at.path, at.line.max(1)));
    Issue {
        description: terminal(&missing.message).into_owned(),
        check_name: format!("tmrs/{}", terminal(missing.code)),
        fingerprint,
        severity: if report.summary.exit == 0 {
            "info"
        } else {
            "blocker"
        },
        location: Place {
            path: terminal(path).into_owned(),
            lines: Lines {
                begin: line,
                end: line,
            },
        },
        verdict: report.verdict(),
    }
}

fn issue(report: &Report, finding: &FindingInfo, fingerprint: String) -> Issue {
    let at = &finding.location;
    let mut description = words::message(finding);
    if let Some(why) = words::why_new(finding) {
        description = format!("{description} {}", words::next_sentence(&why));
    }
    Issue {
        description: terminal(&description).into_owned(),
        check_name: terminal(&finding.rule).into_owned(),
        fingerprint,
        severity: match finding.severity {
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
            Severity::Info => "info",
        },
        location: Place {
            path: terminal(&at.path).into_owned(),
            lines: Lines {
                begin: at.line.max(1),
                end: at.end_line.max(at.line).max(1),
            },
        },
        verdict: report.verdict(),
    }
}
