//! GitLab Code Quality: open findings, known from run to run by their identity.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Context, EmitError, Emitter, json, words};
use crate::escape::terminal;
use crate::report::build::Detail;
use crate::report::{FindingInfo, Report, Severity};

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

    fn detail(&self) -> Detail {
        Detail::Open
    }

    fn emit(&self, report: &Report, _: &Context<'_>) -> Result<String, EmitError> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let open = report.findings.iter().filter(|f| f.status.is_open());
        let issues: Vec<Issue> = open
            .map(|finding| {
                let identity = format!("{}\n{}", finding.fingerprint, finding.model);
                let before = seen.entry(identity.clone()).or_default();
                let issue = issue(finding, &fingerprint(&identity, *before));
                *before += 1;
                issue
            })
            .collect();
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
    let mut text = String::with_capacity(32);
    for byte in &digest[..16] {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn issue(finding: &FindingInfo, fingerprint: &str) -> Issue {
    let at = &finding.location;
    Issue {
        description: terminal(&words::message(finding)).into_owned(),
        check_name: terminal(&finding.rule).into_owned(),
        fingerprint: fingerprint.to_owned(),
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
    }
}
