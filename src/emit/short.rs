//! One line a finding, for editors and grep: `path:line:col: severity rule: title [element]`.

use std::fmt::Write as _;

use super::{Context, EmitError, Emitter, words};
use crate::escape::{shorten, terminal, unobeyed};
use crate::report::build::Detail;
use crate::report::{Location, Report, Status};

/// `--format short`.
pub struct Short;

impl Emitter for Short {
    fn name(&self) -> &'static str {
        "short"
    }

    fn about(&self) -> &'static str {
        "one line a finding, for editors and grep"
    }

    fn detail(&self, quiet: bool) -> Detail {
        if quiet { Detail::Failing } else { Detail::New }
    }

    /// Notices, then what is new; with `-v` what is known too, with `-q` only what fails.
    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        let mut text = String::new();
        for notice in &report.notices {
            if notice.severity == crate::report::NoticeSeverity::Note && !context.verbose {
                continue;
            }
            let place = notice.location.as_ref().map(place).unwrap_or_default();
            let mut message = words::sentence(&shorten(&notice.message, words::LONGEST_TEXT));
            if let Some(help) = &notice.help {
                message.push(' ');
                message.push_str(&words::next_sentence(&shorten(help, words::LONGEST_TEXT)));
            }
            let message = terminal(&message);
            let severity = notice.severity.as_str();
            let _ = writeln!(
                text,
                "{place}{severity} {}: {}",
                terminal(&notice.code),
                on_one_line(&message)
            );
        }
        let wanted = |status: Status| {
            matches!(status, Status::New | Status::Unreviewed)
                || (status == Status::Baselined && context.verbose)
        };
        let shown = report.findings.iter().filter(|f| wanted(f.status));
        for finding in shown.filter(|f| !context.quiet || report.summary.gate.fails(f)) {
            let line = format!(
                "{} {}: {} [{}]",
                finding.severity,
                terminal(&finding.rule),
                terminal(&shorten(&finding.title, words::LONGEST_TEXT)),
                terminal(&words::element(finding)),
            );
            let _ = writeln!(text, "{}{}", place(&finding.location), on_one_line(&line));
        }
        let _ = writeln!(text, "tmrs: {}", words::verdict(report));
        Ok(unobeyed(&text).into_owned())
    }
}

fn place(at: &Location) -> String {
    let path = terminal(&at.path);
    format!("{}:{}:{}: ", on_one_line(&path), at.line, at.column)
}

fn on_one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
