//! The tables of the summary: what remains, what was known or answered, the models.

use super::super::words;
use super::Links;
use super::page::Page;
use super::sections::{FOLD_END, LONGEST, folded, rule};
use crate::escape::{markdown, shorten};
use crate::report::{FindingInfo, Report, Status};

/// A row of a table of findings.
fn row(report: &Report, links: &Links<'_>, finding: &FindingInfo) -> String {
    let reason = words::reason(finding).unwrap_or_default();
    format!(
        "| {} | {} | {} {} | {} | {} | {} |\n",
        words::status(finding.status),
        finding.severity,
        rule(report, &finding.rule),
        markdown(&shorten(&finding.title, LONGEST)),
        markdown(&words::element(finding)),
        links.to(&finding.location),
        markdown(&shorten(&reason, LONGEST)),
    )
}

const TABLE: &str =
    "\n| Status | Severity | Threat | Element | Where | Reason |\n|---|---|---|---|---|---|\n";

/// The rows of the findings of some statuses, worst first.
fn rows(report: &Report, links: &Links<'_>, wanted: impl Fn(&FindingInfo) -> bool) -> Vec<String> {
    let mut findings: Vec<&FindingInfo> = report.findings.iter().filter(|f| wanted(f)).collect();
    findings.sort_by_key(|f| std::cmp::Reverse((f.severity, f.evidence)));
    findings
        .into_iter()
        .map(|f| row(report, links, f))
        .collect()
}

/// What the change itself settles, folded: without it these findings would be new.
pub(super) fn accepted(report: &Report, links: &Links<'_>, page: &mut Page) {
    let settled = report.settled_by_change();
    let rows: Vec<String> = settled.iter().map(|f| row(report, links, f)).collect();
    let title = format!("This change accepts {}", words::by_severity(&settled));
    let open = format!("{}{TABLE}", folded(&title));
    page.section(&open, &rows, FOLD_END, "accepted threats");
}

pub(super) fn residual(report: &Report, links: &Links<'_>, page: &mut Page) {
    let rows = rows(report, links, |f| f.status.is_residual());
    let open = format!("\n### Residual risk\n{TABLE}");
    page.section(&open, &rows, "", "residual risks");
}

pub(super) fn known(report: &Report, links: &Links<'_>, page: &mut Page) {
    let rows = rows(report, links, |f| {
        f.status == Status::Baselined && !f.settled_by_change
    });
    let count = words::plural(rows.len(), "threat");
    let open = folded(&format!("Known before: {count}"));
    page.section(&format!("{open}{TABLE}"), &rows, FOLD_END, "known threats");
}

pub(super) fn answered(report: &Report, links: &Links<'_>, page: &mut Page) {
    let rows = rows(report, links, |f| {
        !f.status.is_open() && !f.status.is_residual() && !f.settled_by_change
    });
    let count = words::plural(rows.len(), "finding");
    let open = folded(&format!("Answered, excluded or out of scope: {count}"));
    page.section(
        &format!("{open}{TABLE}"),
        &rows,
        FOLD_END,
        "answered findings",
    );
}

pub(super) fn models(report: &Report, page: &mut Page) {
    let rows: Vec<String> = report
        .models
        .iter()
        .map(|model| {
            let complete = if model.complete { "yes" } else { "**no**" };
            let graph = &model.graph;
            format!(
                "| {} | {} | {complete} | {} | {} | {} | {} |\n",
                markdown(&shorten(&model.name, words::LONGEST_NAME)),
                markdown(&shorten(&model.path, words::LONGEST_NAME)),
                graph.elements.len(),
                graph.flows.len(),
                model.passed.len(),
                model.dormant.len(),
            )
        })
        .collect();
    let open = folded(&words::plural(rows.len(), "model"));
    let table = "\n| Model | File | Complete | Elements | Flows | Rules ruled out | Rules that ask what the model does not say |\n|---|---|---|---:|---:|---:|---:|\n";
    page.section(&format!("{open}{table}"), &rows, FOLD_END, "models");
}
