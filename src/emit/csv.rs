//! A table of all findings, one a row, for spreadsheets.

use super::{Context, EmitError, Emitter, words};
use crate::escape;
use crate::report::build::Detail;
use crate::report::{FindingInfo, Report};

/// `--format csv`.
pub struct Csv;

const HEAD: [&str; 19] = [
    "status",
    "severity",
    "likelihood",
    "evidence",
    "rule",
    "title",
    "model",
    "class",
    "element",
    "source",
    "sink",
    "path",
    "line",
    "column",
    "because",
    "reason",
    "response",
    "cvss",
    "fingerprint",
];

impl Emitter for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn about(&self) -> &'static str {
        "a table of all findings, for spreadsheets"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["csv"]
    }

    fn detail(&self) -> Detail {
        Detail::Everything
    }

    fn emit(&self, report: &Report, _: &Context<'_>) -> Result<String, EmitError> {
        let mut table = csv::Writer::from_writer(Vec::new());
        let refused = |error: &dyn std::fmt::Display| EmitError::Format {
            format: "csv",
            reason: error.to_string(),
        };
        table.write_record(HEAD).map_err(|e| refused(&e))?;
        for finding in &report.findings {
            table.write_record(row(finding)).map_err(|e| refused(&e))?;
        }
        let bytes = table.into_inner().map_err(|e| refused(&e))?;
        String::from_utf8(bytes).map_err(|e| refused(&e))
    }
}

fn row(finding: &FindingInfo) -> [String; HEAD.len()] {
    let because: Vec<String> = finding.because.iter().map(words::fact).collect();
    let text = |text: &str| {
        // Spreadsheets take 32,767 characters in a cell.
        escape::csv(&escape::shorten(text, 30_000)).into_owned()
    };
    let or_empty = |value: Option<&str>| text(value.unwrap_or(""));
    [
        finding.status.as_str().into(),
        finding.severity.as_str().into(),
        text(&finding.likelihood),
        finding.evidence.as_str().into(),
        text(&finding.rule),
        text(&finding.title),
        text(&finding.model_name),
        text(&finding.element.class),
        text(&finding.element.name),
        or_empty(finding.source.as_deref()),
        or_empty(finding.sink.as_deref()),
        text(&finding.location.path),
        finding.location.line.to_string(),
        finding.location.column.to_string(),
        text(&because.join("; ")),
        text(&words::reason(finding).unwrap_or_default()),
        or_empty(finding.response.as_deref()),
        or_empty(finding.cvss.as_deref()),
        text(&finding.fingerprint),
    ]
}
