//! What gets a line: weakenings, what a change accepts, answers, what was fixed, the verdict.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Context, words};
use crate::escape::{shorten, terminal};
use crate::report::{FindingInfo, How, ModelInfo, Report, Verdict, worst_first};

/// How many of the facts that rules wait for are named.
const MOST_FACTS: usize = 12;

fn element(finding: &FindingInfo) -> String {
    terminal(&words::element(finding)).into_owned()
}

fn place_of(finding: &FindingInfo) -> String {
    let at = &finding.location;
    format!("{}:{}:{}", terminal(&at.path), at.line, at.column)
}

/// What weakens the check, a line each, so that a review needs no raw diff; what
/// fails comes first.
pub(super) fn weakenings(all: &[FindingInfo], context: &Context<'_>, text: &mut String) {
    let mut shown: Vec<&FindingInfo> = all.iter().collect();
    shown.retain(|finding| finding.failing || !context.quiet);
    shown.sort_by_key(|finding| !finding.failing);
    if shown.is_empty() {
        return;
    }
    text.push_str("Weakens the check:\n");
    for finding in shown {
        let _ = writeln!(
            text,
            "{} {:<8} {} {} — {}",
            if finding.failing { " ×" } else { "  " },
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
pub(super) fn accepted(settled: &[FindingInfo], context: &Context<'_>, text: &mut String) {
    let settled = worst_first(settled.iter());
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

/// What was answered or excluded, on a line (`-v`).
pub(super) fn answered(finding: &FindingInfo, text: &mut String) {
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

/// How many rules wait for what a model does not say, and for what.
pub(super) fn dormant(model: &ModelInfo, text: &mut String) {
    if model.dormant.is_empty() {
        return;
    }
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    for wanted in model.dormant.iter().flat_map(|rule| &rule.wants) {
        *waiting.entry(wanted).or_default() += 1;
    }
    let mut waiting: Vec<_> = waiting.into_iter().collect();
    waiting.sort_by_key(|(name, count)| (Reverse(*count), *name));
    let rest = waiting.len().saturating_sub(MOST_FACTS);
    waiting.truncate(MOST_FACTS);
    let facts = waiting
        .iter()
        .map(|(name, count)| format!("{} ({count})", terminal(name)));
    let facts = facts.collect::<Vec<_>>().join(", ");
    let more = if rest > 0 {
        format!(" and {rest} more (--format json lists all)")
    } else {
        String::new()
    };
    let rules = words::plural(model.dormant.len(), "rule");
    let name = terminal(&shorten(&model.name, words::LONGEST_NAME)).into_owned();
    let _ = writeln!(
        text,
        "asleep         {rules} in “{name}”, which does not say: {facts}{more}",
    );
}

pub(super) fn fixed(report: &Report, text: &mut String) {
    for how in [How::Fixed, How::Gone] {
        let count = report.fixed.iter().filter(|f| f.how == how).count();
        if count > 0 {
            let findings = if count == 1 { "finding" } else { "findings" };
            let words = match (how, count) {
                (How::Fixed, 1) => "no longer holds",
                (How::Fixed, _) => "no longer hold",
                (How::Gone, 1) => "went with its element or model",
                (How::Gone, _) => "went with their element or model",
            };
            let _ = writeln!(text, "{count} known {findings} {words}.");
        }
    }
}

/// The ways on from a failing run.
pub(super) fn ways_on(failing: &FindingInfo, has_base: bool, text: &mut String) {
    let rule = terminal(&shorten(&failing.rule, words::LONGEST_NAME)).into_owned();
    let exclude = if failing.location.path.ends_with(".json") {
        format!("in the element: \"exclude\": {{\"{rule}\": \"the reason\"}}")
    } else {
        format!("beside the element: # tmrs: exclude[{rule}] the reason")
    };
    let mut ways = vec![
        (
            "answer",
            "write what holds into the model; `tmrs questions` lists what to ask".to_owned(),
        ),
        ("exclude", exclude),
        (
            "decide",
            "tmrs triage, one thing to do after the other, at a terminal".to_owned(),
        ),
        (
            "accept",
            "tmrs baseline update (from then on only what is new fails)".to_owned(),
        ),
        (
            "explain",
            format!(
                "tmrs explain {}:{}",
                terminal(&failing.location.path),
                failing.location.line
            ),
        ),
    ];
    if has_base {
        ways.push((
            "compare",
            "tmrs diff and the base revision: what the change does to the models".to_owned(),
        ));
    }
    text.push_str("Ways on:\n");
    for (way, how) in ways {
        let _ = writeln!(text, "  {way:<8} {how}");
    }
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
