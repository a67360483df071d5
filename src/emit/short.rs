//! One line a finding, for editors and grep: `path:line:col: severity rule: title [element]`.

use std::io;

use super::{Context, EmitError, Emitter, Stream, words};
use crate::escape::{shorten, terminal, unobeyed};
use crate::report::build::Detail;
use crate::report::{FindingInfo, Location, Parts, Report, Status};

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

    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        self.text(self.name(), report, context)
    }

    fn stream(&self) -> Option<&dyn Stream> {
        Some(self)
    }
}

impl Stream for Short {
    /// Notices, then what is new; with `-v` what is known too, with `-q` only what fails.
    fn write(
        &self,
        parts: &dyn Parts,
        context: &Context<'_>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let report = parts.head();
        let mut line = |line: &str| writeln!(out, "{}", unobeyed(line));
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
            line(&format!(
                "{place}{severity} {}: {}",
                terminal(&notice.code),
                on_one_line(&message)
            ))?;
        }
        let wanted = |finding: &FindingInfo| match finding.status {
            Status::New | Status::Unreviewed => true,
            Status::Baselined => context.verbose,
            _ => false,
        };
        let fails = |finding: &FindingInfo| report.summary.gate.fails(finding);
        parts.each_finding(&mut |finding| {
            if !wanted(finding) || context.quiet && !fails(finding) {
                return Ok(());
            }
            let told = format!(
                "{} {}: {} [{}]",
                finding.severity,
                terminal(&finding.rule),
                terminal(&shorten(&finding.title, words::LONGEST_TEXT)),
                terminal(&words::element(finding)),
            );
            line(&format!(
                "{}{}",
                place(&finding.location),
                on_one_line(&told)
            ))
        })?;
        line(&format!("tmrs: {}", words::verdict(report)))
    }
}

fn place(at: &Location) -> String {
    let path = terminal(&at.path);
    format!("{}:{}:{}: ", on_one_line(&path), at.line, at.column)
}

fn on_one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
