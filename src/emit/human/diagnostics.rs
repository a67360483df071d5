//! What a notice, a finding or a block of assumed findings says as a diagnostic.

use std::fmt::Write as _;

use super::shown::Shown;
use super::words;
use crate::escape::{shorten, terminal};
use crate::report::{Block, FindingInfo, NoticeInfo, NoticeSeverity, Report, Severity, Status};

/// How many rules of a block are named.
const NAMED_IN_BLOCK: usize = 6;

pub(super) fn notice_diagnostic(notice: &NoticeInfo) -> Shown {
    let mut labels = Vec::new();
    if let Some(location) = &notice.location {
        labels.push((location.clone(), "here".to_owned()));
    }
    labels.extend(
        notice
            .related
            .iter()
            .map(|r| (r.location.clone(), terminal(&r.message).into_owned())),
    );
    Shown {
        title: terminal(&notice.message).into_owned(),
        code: notice.code.clone(),
        severity: match notice.severity {
            NoticeSeverity::Error => miette::Severity::Error,
            NoticeSeverity::Warning => miette::Severity::Warning,
            NoticeSeverity::Note => miette::Severity::Advice,
        },
        help: notice
            .help
            .as_deref()
            .map(|help| terminal(help).into_owned()),
        at: notice.location.clone(),
        labels,
        source: None,
        spans: Vec::new(),
    }
}

fn weight(report: &Report, finding: &FindingInfo) -> miette::Severity {
    if report.summary.gate.fails(finding) {
        miette::Severity::Error
    } else if finding.severity > Severity::Low {
        miette::Severity::Warning
    } else {
        miette::Severity::Advice
    }
}

pub(super) fn element(finding: &FindingInfo) -> String {
    terminal(&words::element(finding)).into_owned()
}

pub(super) fn finding_diagnostic(report: &Report, group: &[&FindingInfo]) -> Shown {
    let first = group[0];
    let mut labels = vec![(first.location.clone(), because(first))];
    labels.extend(first.related.iter().take(6).map(|r| {
        (
            r.location.clone(),
            terminal(&shorten(&r.message, 80)).into_owned(),
        )
    }));
    let mut help = String::new();
    if let Some(rule) = report.rule(&first.rule) {
        help.push_str(&terminal(&rule.mitigation));
    }
    for more in &group[1..] {
        let _ = write!(
            help,
            "\nalso {}: {}",
            terminal(&more.rule),
            terminal(&more.title)
        );
    }
    if !first.risk_reason.is_empty() {
        let _ = write!(
            help,
            "\nrisk {}: {}",
            first.risk,
            terminal(&shorten(&first.risk_reason, 300))
        );
    }
    if let Some(answer) = &first.response {
        let _ = write!(
            help,
            "\nthe model answers: {}",
            terminal(&shorten(answer, 200))
        );
    }
    if let Some(reason) = &first.reason {
        let _ = write!(help, "\n{}", terminal(&shorten(reason, 300)));
    }
    Shown {
        title: format!("{} — {}", terminal(&first.title), element(first)),
        code: format!(
            "{} {}{}",
            terminal(&first.rule),
            first.severity,
            known(first)
        ),
        severity: weight(report, first),
        help: Some(help).filter(|help| !help.is_empty()),
        at: Some(first.location.clone()),
        labels,
        source: None,
        spans: Vec::new(),
    }
}

pub(super) fn known(finding: &FindingInfo) -> &'static str {
    match finding.status {
        Status::Baselined => " (in the baseline)",
        Status::Unreviewed => " (unreviewed)",
        _ => "",
    }
}

/// The first facts, in words.
fn because(finding: &FindingInfo) -> String {
    let facts: Vec<String> = finding
        .because
        .iter()
        .take(3)
        .map(|fact| {
            format!(
                "{} is {}",
                fact.attribute,
                terminal(&shorten(&fact.value.to_string(), 40))
            )
        })
        .collect();
    if facts.is_empty() {
        "here".into()
    } else {
        facts.join(", ")
    }
}

pub(super) fn block_diagnostic(report: &Report, block: &Block<'_>) -> Shown {
    let worst = block.findings[0];
    let count = block.findings.len();
    let title = terminal(&words::block(block)).into_owned();
    let mut help = String::new();
    for question in words::questions(block) {
        let _ = writeln!(help, "{}", terminal(&question));
    }
    for finding in block.findings.iter().take(NAMED_IN_BLOCK) {
        let _ = writeln!(
            help,
            "{:<8} {} {}",
            finding.severity.as_str(),
            terminal(&finding.rule),
            terminal(&finding.title)
        );
    }
    if count > NAMED_IN_BLOCK {
        let _ = writeln!(help, "… and {} more", count - NAMED_IN_BLOCK);
    }
    for reason in words::why_block_is_new(block) {
        let _ = writeln!(help, "{}", terminal(&reason));
    }
    Shown {
        title,
        code: format!("assumed {}{}", worst.severity, known(worst)),
        severity: weight(report, worst),
        help: Some(help.trim_end().to_owned()),
        at: Some(worst.location.clone()),
        labels: vec![(worst.location.clone(), "declared here".into())],
        source: None,
        spans: Vec::new(),
    }
}
