//! A table of all findings, one a row, for spreadsheets; above them a row for each thing
//! that was not judged.

use std::io;

use super::{Context, EmitError, Emitter, Stream, words};
use crate::escape;
use crate::report::{FindingInfo, Location, Parts, Report, Verdict};

/// `--format csv`.
pub struct Csv;

const HEAD: [&str; 20] = [
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
    "verdict",
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

    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        self.text(self.name(), report, context)
    }

    fn stream(&self) -> Option<&dyn Stream> {
        Some(self)
    }
}

impl Stream for Csv {
    fn write(&self, parts: &dyn Parts, _: &Context<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let report = parts.head();
        let mut table = csv::Writer::from_writer(out);
        table.write_record(HEAD).map_err(refused)?;
        let verdict = report.verdict();
        for missing in words::not_judged(report) {
            let row = not_judged(&missing, verdict);
            table.write_record(row).map_err(refused)?;
        }
        parts.each_finding(&mut |finding| {
            let row = row(finding, verdict);
            table.write_record(row).map_err(refused)
        })?;
        if report.summary.findings == 0 && verdict.is_whole() {
            // A table without a row would not say whether anything was judged.
            let row = blank([("title", words::verdict(report))], verdict);
            table.write_record(row).map_err(refused)?;
        }
        table.flush()
    }
}

/// What the writer below says, as it says it: the kind of an error decides what to do.
fn refused(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A text as a cell. Spreadsheets take 32,767 characters in one.
fn text(text: &str) -> String {
    escape::csv(&escape::shorten(text, 30_000)).into_owned()
}

/// A row with only these cells, and the verdict.
fn blank<const N: usize>(cells: [(&str, String); N], verdict: Verdict) -> Vec<String> {
    let mut row = vec![String::new(); HEAD.len()];
    for (name, value) in cells.into_iter().chain([("verdict", verdict.to_string())]) {
        if let Some(at) = HEAD.iter().position(|head| *head == name) {
            row[at] = text(&value);
        }
    }
    row
}

/// The row of something that was not judged.
fn not_judged(missing: &words::NotJudged<'_>, verdict: Verdict) -> Vec<String> {
    let at = |of: fn(&Location) -> String| missing.at.map(of).unwrap_or_default();
    blank(
        [
            ("status", "not judged".into()),
            ("rule", missing.code.into()),
            ("title", missing.message.clone()),
            ("path", at(|at| at.path.to_string())),
            ("line", at(|at| at.line.to_string())),
            ("column", at(|at| at.column.to_string())),
        ],
        verdict,
    )
}

fn row(finding: &FindingInfo, verdict: Verdict) -> [String; HEAD.len()] {
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
        text(&words::why(finding)),
        text(&words::reason(finding).unwrap_or_default()),
        or_empty(finding.response.as_deref()),
        or_empty(finding.cvss.as_deref()),
        text(&finding.fingerprint),
        verdict.to_string(),
    ]
}
