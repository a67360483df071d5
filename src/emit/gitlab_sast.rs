//! GitLab's SAST report: open findings as vulnerabilities, tracked by their identity, and
//! what was not judged as well: the next report would show what is missing as fixed.
//!
//! The fields are those of GitLab's published security report schema, 15.0.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::taxonomy::{self, TAXONOMIES};
use super::{Context, EmitError, Emitter, json as write, words};
use crate::escape::{shorten, terminal};
use crate::report::{FindingInfo, Report, RuleInfo, Severity};

/// `--format gitlab-sast`.
pub struct GitlabSast;

/// The version of the schema, and its limits.
const SCHEMA: &str = "15.0.7";
const LONGEST_NAME: usize = 250;
const LONGEST_SOLUTION: usize = 6_900;
const LONGEST_ID: usize = 200;
const MOST_IDENTIFIERS: usize = 20;

impl Emitter for GitlabSast {
    fn name(&self) -> &'static str {
        "gitlab-sast"
    }

    fn about(&self) -> &'static str {
        "GitLab SAST report"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["sast-report.json"]
    }

    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let missing = words::not_judged(report);
        let mut vulnerabilities: Vec<Vulnerability> = missing.iter().map(not_judged).collect();
        let open = report.findings.iter().filter(|f| f.status.is_open());
        vulnerabilities.extend(open.map(|f| vulnerability(report, f)));
        for found in &mut vulnerabilities {
            // Models of one name may share an identity.
            let before = seen.entry(found.id.clone()).or_default();
            *before += 1;
            if *before > 1 {
                found.id.push_str(&format!("-{before}"));
            }
        }
        let document = Document {
            version: SCHEMA,
            scan: scan(report, context, &missing),
            vulnerabilities,
        };
        write::indented(&document).map_err(|error| EmitError::Format {
            format: "gitlab-sast",
            reason: error.to_string(),
        })
    }
}

#[derive(Serialize)]
struct Document {
    version: &'static str,
    scan: Value,
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Serialize)]
struct Vulnerability {
    id: String,
    name: String,
    description: String,
    severity: &'static str,
    solution: String,
    identifiers: Vec<Value>,
    location: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking: Option<Value>,
}

/// A run that judged not everything is a failure, with the reasons.
fn scan(report: &Report, context: &Context<'_>, missing: &[words::NotJudged<'_>]) -> Value {
    let tool = json!({
        "id": "tmrs",
        "name": "tmrs",
        "version": terminal(&report.tool.version),
        "url": env!("CARGO_PKG_REPOSITORY"),
        "vendor": {"name": "tmrs"},
    });
    let verdict = json!({"level": "info", "value": terminal(&words::verdict(report))});
    let reasons = missing.iter().map(|missing| {
        let level = if report.summary.exit == 0 {
            "warn"
        } else {
            "fatal"
        };
        json!({"level": level, "value": terminal(&missing.message)})
    });
    json!({
        "type": "sast",
        "status": if missing.is_empty() || report.summary.exit == 0 { "success" } else { "failure" },
        "start_time": context.started,
        "end_time": context.started,
        "analyzer": tool,
        "scanner": tool,
        "messages": std::iter::once(verdict).chain(reasons).collect::<Vec<_>>(),
    })
}

fn vulnerability(report: &Report, finding: &FindingInfo) -> Vulnerability {
    let rule = report.rule(&finding.rule);
    let name = format!("{}: {}", finding.title, words::element(finding));
    let mut description = words::message(finding);
    if !finding.risk_reason.is_empty() {
        description.push(' ');
        description.push_str(&words::next_sentence(&finding.risk_reason));
    }
    if let Some(why) = words::why_new(finding) {
        description.push(' ');
        description.push_str(&words::next_sentence(&why));
    }
    let at = &finding.location;
    let (first, last) = (at.line.max(1), at.end_line.max(at.line).max(1));
    let file = terminal(&at.path).into_owned();
    let print = terminal(&finding.fingerprint).into_owned();
    Vulnerability {
        name: shorten(&terminal(&name), LONGEST_NAME).to_string(),
        description: terminal(&description).into_owned(),
        severity: severity(finding.severity),
        solution: shorten(&terminal(&solution(finding, rule)), LONGEST_SOLUTION).to_string(),
        identifiers: identifiers(finding, rule),
        location: json!({"file": file, "start_line": first, "end_line": last}),
        // By identity, so that a vulnerability stays the same when lines move.
        tracking: Some(json!({
            "type": "source",
            "items": [{
                "file": file,
                "start_line": first,
                "end_line": last,
                "signatures": [{"algorithm": "scope_offset", "value": print}],
            }],
        })),
        id: print,
    }
}

/// What the rule recommends, and the lines that answer the finding.
fn solution(finding: &FindingInfo, rule: Option<&RuleInfo>) -> String {
    let mut text = rule.map_or_else(String::new, |rule| rule.mitigation.trim().to_owned());
    let lines = finding.deciding.first().into_iter().flatten();
    for line in lines.filter_map(|answer| answer.line.as_deref()) {
        text.push_str(&format!("\nIf so, write: {line}"));
    }
    text.trim().to_owned()
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}

/// The rule first, by which GitLab groups, then what it refers to.
fn identifiers(finding: &FindingInfo, rule: Option<&RuleInfo>) -> Vec<Value> {
    let id = shorten(&terminal(&finding.rule), LONGEST_ID).into_owned();
    let mut own = json!({"type": "tmrs_rule", "name": format!("tmrs {id}"), "value": id});
    let Some(rule) = rule else {
        return vec![own];
    };
    if let Some(url) = words::help_uri(rule) {
        own["url"] = json!(url);
    }
    let taxa = taxonomy::of(rule);
    let others = taxa.iter().map(|taxon| {
        let kind = match TAXONOMIES[taxon.taxonomy].name {
            "CWE" => "cwe",
            "CAPEC" => "capec",
            "STRIDE" => "stride",
            "MITRE ATT&CK" | "MITRE ATLAS" => "attack",
            _ => "owasp",
        };
        let value = taxon.id.trim_start_matches("CWE-");
        let mut other = json!({"type": kind, "name": taxon.id, "value": value});
        if let Some(url) = taxon.address() {
            other["url"] = json!(url);
        }
        other
    });
    std::iter::once(own)
        .chain(others)
        .take(MOST_IDENTIFIERS)
        .collect()
}

/// What was not judged; where nothing was, at the place where a model would be described.
fn not_judged(missing: &words::NotJudged<'_>) -> Vulnerability {
    let (path, line) = missing
        .at
        .map_or(("tmrs.yaml", 1), |at| (&*at.path, at.line.max(1)));
    let (path, code) = (terminal(path), terminal(missing.code));
    Vulnerability {
        id: format!("not-judged-{code}-{path}-{line}"),
        name: shorten(&format!("Not judged: {path}"), LONGEST_NAME).to_string(),
        description: terminal(&missing.message).into_owned(),
        severity: "Unknown",
        solution: String::new(),
        identifiers: vec![json!({
            "type": "tmrs_notice",
            "name": format!("tmrs {code}"),
            "value": code,
        })],
        location: json!({"file": path, "start_line": line, "end_line": line}),
        tracking: None,
    }
}
