//! What gets a line instead of a snippet: minor findings, answers, what was fixed, the verdict.

use std::fmt::Write as _;

use super::diagnostics::{element, known};
use super::wrap::wrapped;
use super::{Context, first, words};
use crate::escape::{shorten, terminal};
use crate::report::{Block, FindingInfo, How, Report, Severity, Verdict};

/// Whether a finding gets a line instead of a snippet: it is low or info and
/// does not fail the gate.
pub(super) fn is_small(report: &Report, worst: &FindingInfo) -> bool {
    worst.severity <= Severity::Low && !report.summary.gate.fails(worst)
}

/// Where, what, on which element.
pub(super) type Small = (String, String);

pub(super) fn small_finding(group: &[&FindingInfo]) -> Small {
    let first = group[0];
    let mut text = format!("{} — {}", terminal(&first.title), element(first));
    for more in &group[1..] {
        let _ = write!(text, ", {}", terminal(&more.rule));
    }
    (
        place_of(first),
        format!(
            "{:<4} {:<6} {text}{}",
            first.severity.as_str(),
            terminal(&first.rule),
            known(first)
        ),
    )
}

pub(super) fn small_block(block: &Block<'_>) -> Small {
    let first = block.findings[0];
    let rules: Vec<_> = block
        .findings
        .iter()
        .map(|f| terminal(&f.rule).into_owned())
        .collect();
    let text = match block.findings.as_slice() {
        [only] => format!(
            "{:<6} {} — {}",
            rules[0],
            terminal(&only.title),
            element(only)
        ),
        _ => format!(
            "{} could be described further: {}",
            element(first),
            shorten(&rules.join(", "), 80)
        ),
    };
    (
        place_of(first),
        format!("{:<4} {text}{}", first.severity.as_str(), known(first)),
    )
}

fn place_of(finding: &FindingInfo) -> String {
    let at = &finding.location;
    format!("{}:{}:{}", terminal(&at.path), at.line, at.column)
}

/// Low and info findings, a line each, in columns.
pub(super) fn small_ones(small: &[Small], text: &mut String) {
    if small.is_empty() {
        return;
    }
    let width = small
        .iter()
        .map(|(place, _)| place.chars().count())
        .max()
        .unwrap_or(0)
        .min(48);
    text.push_str("Minor:\n");
    for (place, what) in small {
        let _ = writeln!(text, "  {place:<width$}  {what}");
    }
    text.push('\n');
}

/// What weakens the check, a line each, so that a review needs no raw diff. What
/// fails was drawn above.
pub(super) fn weakenings(report: &Report, context: &Context<'_>, text: &mut String) {
    let mut shown = report.weakenings();
    shown.retain(|finding| !report.summary.gate.fails(finding));
    if shown.is_empty() || context.quiet {
        return;
    }
    text.push_str("Weakens the check:\n");
    for finding in shown {
        let _ = writeln!(
            text,
            "  {:<8} {} {} — {}",
            finding.severity.as_str(),
            terminal(&finding.rule),
            terminal(&shorten(&finding.message, words::LONGEST_TEXT)),
            place_of(finding),
        );
    }
    text.push('\n');
}

/// So many of what a change accepts are listed without `-v`.
const MOST_ACCEPTED: usize = 10;

/// What the change itself settles, the worst first: without it these would be new.
pub(super) fn accepted(report: &Report, context: &Context<'_>, text: &mut String) {
    let settled = report.settled_by_change();
    if settled.is_empty() || context.quiet {
        return;
    }
    let _ = writeln!(
        text,
        "This change accepts {}:",
        words::by_severity(&settled)
    );
    let most = if context.verbose {
        usize::MAX
    } else {
        MOST_ACCEPTED
    };
    for finding in settled.iter().take(most) {
        let _ = writeln!(
            text,
            "  {:<8} {} {} — {}, {}",
            finding.severity.as_str(),
            terminal(&finding.rule),
            terminal(&shorten(&finding.title, words::LONGEST_NAME)),
            element(finding),
            place_of(finding),
        );
    }
    if settled.len() > most {
        let _ = writeln!(text, "  … and {} more (-v lists all)", settled.len() - most);
    }
    text.push('\n');
}

/// What was answered or excluded, a line each (`-v`).
pub(super) fn answered(report: &Report, text: &mut String) {
    for finding in report.findings.iter().filter(|f| !f.status.is_open()) {
        let reason = finding.reason.as_deref().unwrap_or("");
        let _ = writeln!(
            text,
            "{:<14} {} {} on {}: {}",
            finding.status.as_str(),
            finding.severity,
            terminal(&finding.rule),
            element(finding),
            terminal(&shorten(reason, 200))
        );
    }
}

pub(super) fn fixed(report: &Report, text: &mut String) {
    for how in [How::Fixed, How::Gone] {
        let count = report.fixed.iter().filter(|f| f.how == how).count();
        if count > 0 {
            let findings = if count == 1 { "finding" } else { "findings" };
            let words = match how {
                How::Fixed => "no longer hold",
                How::Gone => "went with their element or model",
            };
            let _ = writeln!(text, "{count} known {findings} {words}.");
        }
    }
}

/// What to do first, with the lines to add.
pub(super) fn do_first(report: &Report, context: &Context<'_>, text: &mut String) {
    if context.quiet || report.do_first.is_empty() {
        return;
    }
    let _ = writeln!(text, "{}:", first::HEADING);
    let width = context.width.clamp(60, 140) - 5;
    for (at, todo) in first::things(report).enumerate() {
        let (lines, more) = first::lines(todo);
        let mut paragraphs = vec![first::what(todo)];
        paragraphs.push(format!("{}.", first::closes(todo)));
        paragraphs.push(words::sentence(&first::risk(todo)));
        let told = paragraphs.iter().map(|said| terminal(said).into_owned());
        let told: Vec<String> = told.map(|said| wrapped(&said, width)).collect();
        let mut body = told.join("\n");
        for line in lines {
            let _ = write!(body, "\n  {}", terminal(&line));
        }
        if more > 0 {
            let _ = write!(body, "\n  … and {more} more lines");
        }
        let number = format!("{}.", at + 1);
        let _ = writeln!(text, "  {number} {}", body.replace('\n', "\n     "));
    }
    text.push('\n');
}

pub(super) fn summary(report: &Report, context: &Context<'_>, text: &mut String) {
    let _ = writeln!(text, "{}", words::counts(report));
    let (color, end) = match (context.color, report.verdict()) {
        (false, _) => ("", ""),
        (true, Verdict::Passed) => ("\u{1b}[32m", "\u{1b}[0m"),
        (true, Verdict::NothingJudged) => ("\u{1b}[33m", "\u{1b}[0m"),
        (true, _) => ("\u{1b}[31m", "\u{1b}[0m"),
    };
    let _ = writeln!(text, "{color}{}{end}", words::verdict(report));
}
