//! DefectDojo's Generic Findings Import: what is open, and what a person accepted, rejected
//! or put out of scope, each with the identity by which a reimport knows it.

use serde_json::{Map, Value, json};

use super::taxonomy;
use super::{Context, EmitError, Emitter, json as write, words};
use crate::escape::{shorten, terminal, terminal_lines};
use crate::report::{FindingInfo, Report, Severity, Status};

/// `--format defectdojo`.
pub struct DefectDojo;

/// DefectDojo keeps titles of 511 characters.
const LONGEST_TITLE: usize = 500;

impl Emitter for DefectDojo {
    fn name(&self) -> &'static str {
        "defectdojo"
    }

    fn about(&self) -> &'static str {
        "DefectDojo generic findings"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["defectdojo.json"]
    }

    fn emit(&self, report: &Report, _: &Context<'_>) -> Result<String, EmitError> {
        let missing = words::not_judged(report);
        let missing = missing.iter().map(not_judged);
        let found = report.findings.iter().filter(|f| is_kept(f.status));
        let found = found.map(|finding| entry(report, finding));
        let document = json!({
            "name": "tmrs",
            "type": "Threat model",
            "version": terminal(&report.tool.version),
            "verdict": report.verdict(),
            "findings": missing.chain(found).collect::<Vec<Value>>(),
        });
        write::indented(&document).map_err(|error| EmitError::Format {
            format: "defectdojo",
            reason: error.to_string(),
        })
    }
}

/// Whether a reimport must see it: what is mitigated or excluded is closed by its absence.
fn is_kept(status: Status) -> bool {
    status.is_open()
        || status.is_residual()
        || matches!(status, Status::FalsePositive | Status::OutOfScope)
}

fn entry(report: &Report, finding: &FindingInfo) -> Value {
    let mut fields = Map::new();
    let mut put = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    let title = format!("{}: {}", finding.title, words::element(finding));
    let mut description = words::message(finding);
    if !finding.risk_reason.is_empty() {
        description.push_str("\n\n");
        description.push_str(&words::next_sentence(&finding.risk_reason));
    }
    if let Some(reason) = words::reason(finding) {
        description.push_str("\n\n");
        description.push_str(&words::next_sentence(&reason));
    }
    put("title", json!(shorten(&terminal(&title), LONGEST_TITLE)));
    put("description", json!(terminal_lines(&description)));
    put("severity", json!(severity(finding.severity)));
    put(
        "severity_justification",
        json!(format!("Risk here: {}", finding.risk)),
    );
    put("file_path", json!(terminal(&finding.location.path)));
    put("line", json!(finding.location.line.max(1)));
    put("component_name", json!(terminal(&finding.model_name)));
    put("unique_id_from_tool", json!(terminal(&finding.fingerprint)));
    put("vuln_id_from_tool", json!(terminal(&finding.rule)));
    put("static_finding", json!(true));
    put("dynamic_finding", json!(false));
    put("active", json!(finding.status.is_open()));
    put("verified", json!(false));
    put("false_p", json!(finding.status == Status::FalsePositive));
    put("out_of_scope", json!(finding.status == Status::OutOfScope));
    put("risk_accepted", json!(finding.status.is_residual()));
    if let Some(rule) = report.rule(&finding.rule) {
        put("mitigation", json!(terminal_lines(rule.mitigation.trim())));
        put("references", json!(terminal(&rule.references.join("\n"))));
        let taxa = taxonomy::of(rule);
        let mut ids = taxa.iter().map(|taxon| taxon.id.as_str());
        let cwe = ids.find_map(|id| id.strip_prefix("CWE-")?.parse::<u32>().ok());
        if let Some(cwe) = cwe {
            put("cwe", json!(cwe));
        }
    }
    Value::Object(fields)
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

/// What was not judged, as a finding: nothing in it may look as if it were mended.
fn not_judged(missing: &words::NotJudged<'_>) -> Value {
    let path = missing.at.map_or("tmrs.yaml", |at| &at.path);
    let code = terminal(missing.code);
    json!({
        "title": shorten(&format!("Not judged: {}", terminal(path)), LONGEST_TITLE),
        "description": terminal(&missing.message),
        "severity": "High",
        "file_path": terminal(path),
        "line": missing.at.map_or(1, |at| at.line.max(1)),
        "unique_id_from_tool": format!("not-judged:{code}:{}", terminal(path)),
        "vuln_id_from_tool": code,
        "static_finding": true,
        "dynamic_finding": false,
        "active": true,
        "verified": false,
    })
}
