//! What stands in the Markdown summary, in the order in which people need it.

use std::fmt::Write as _;

use super::super::words;
use super::page::Page;
use super::tables::{accepted, answered, known, models, residual};
use super::tasks::{Tasks, is_new};
use super::{Links, change};
use crate::escape::{markdown, shorten};
use crate::report::{
    FindingInfo, Fixed, How, Location, ModelInfo, NoticeInfo, NoticeSeverity, Report, Severity,
    Status,
};

/// What a short text leaves out grows no text beyond this, in bytes.
const SHORT: usize = 5_500;
/// What the lines at its end take.
const ENDING: usize = 400;
/// So many models are named in the line about what was known.
const MOST_MODELS: usize = 3;
/// Free text in a list is cut here.
pub(super) const LONGEST: usize = 400;

/// Writes every section that has something to say.
pub(super) fn write(report: &Report, links: &Links<'_>, page: &mut Page) {
    page.always(&verdict(report));
    notices(report, links, page, NoticeSeverity::Error);
    page.always(&numbers(report));
    weakenings(report, links, page);
    change::takes_away(report, links, page);
    change::adds(report, links, page);
    let tasks = report.tasks(is_new);
    let writer = Tasks {
        report,
        links,
        is_short: false,
    };
    writer.write(&tasks, page);
    accepted(report, links, page);
    page.keep_place();
    fixed(report, page);
    residual(report, links, page);
    known(report, links, page);
    answered(report, links, page);
    models(report, page);
    notices(report, links, page, NoticeSeverity::Warning);
    diagrams(report, page);
    page.always(&origin(report));
}

/// The same for people who look at a change: everything that is to do about it, and of
/// what was there before only how much there is.
pub(super) fn short(report: &Report, links: &Links<'_>, page: &mut Page) {
    page.always(&verdict(report));
    notices(report, links, page, NoticeSeverity::Error);
    weakenings(report, links, page);
    change::takes_away(report, links, page);
    change::adds(report, links, page);
    let tasks = report.tasks(is_new);
    let writer = Tasks {
        report,
        links,
        is_short: true,
    };
    writer.write(&tasks, page);
    accepted(report, links, page);
    fixed(report, page);
    let room = SHORT.saturating_sub(ENDING);
    change_diagrams(report, page, room);
    writer.rest(&tasks, room, page);
    warnings(report, links, page, room);
    page.always(&known_in_a_line(report, links));
    page.always(&origin(report));
}

fn verdict(report: &Report) -> String {
    format!(
        "## {}\n\n**{}** {}.\n",
        words::heading(report),
        words::verdict(report),
        words::counts(report)
    )
}

/// Counts of open findings and residual risk, by severity.
fn numbers(report: &Report) -> String {
    type Row = (&'static str, fn(Status) -> bool);
    let rows: [Row; 4] = [
        ("**New**", |s| s == Status::New),
        ("Unreviewed", |s| s == Status::Unreviewed),
        ("Known", |s| s == Status::Baselined),
        ("Residual risk", Status::is_residual),
    ];
    let mut table = String::new();
    for (name, wanted) in rows {
        let count = |severity| {
            let of_row = |f: &&FindingInfo| wanted(f.status) && f.severity == severity;
            report.findings.iter().filter(of_row).count()
        };
        let counts: Vec<usize> = Severity::ALL.into_iter().rev().map(count).collect();
        if counts.iter().sum::<usize>() > 0 {
            let cells: Vec<String> = counts.iter().map(usize::to_string).collect();
            let _ = writeln!(table, "| {name} | {} |", cells.join(" | "));
        }
    }
    if table.is_empty() {
        return table;
    }
    format!(
        "\n| | critical | high | medium | low | info |\n|---|---:|---:|---:|---:|---:|\n{table}"
    )
}

/// What weakens the check, a line each: a review needs no raw diff. Many of one kind
/// are folded.
fn weakenings(report: &Report, links: &Links<'_>, page: &mut Page) {
    let line = |finding: &&FindingInfo| {
        let fails = if report.summary.gate.fails(finding) {
            "❌ "
        } else {
            ""
        };
        format!(
            "- {fails}**{}** {} {}: {} — {}\n",
            finding.severity,
            rule(report, &finding.rule),
            markdown(&finding.title),
            markdown(&words::message(finding)),
            links.to(&finding.location),
        )
    };
    let (few, many) = words::few_and_many(report, report.weakenings());
    let mut items: Vec<String> = few.iter().map(line).collect();
    for kind in many {
        let title = format!("{} × {}", kind.len(), markdown(&kind[0].title));
        let lines: String = kind.iter().map(line).collect();
        items.push(format!("{}\n{lines}{FOLD_END}", folded(&title)));
    }
    let open = "\n### This change weakens the check\n\n";
    page.section(open, &items, "", "weakenings of the check");
}

/// A rule's id, linked to where it is documented.
pub(super) fn rule(report: &Report, id: &str) -> String {
    let shown = markdown(&shorten(id, words::LONGEST_NAME));
    match report.rule(id).and_then(words::help_uri) {
        Some(address) => format!("[{shown}]({address})"),
        None => shown,
    }
}

/// The data-flow diagrams, where everything else left room for them.
fn diagrams(report: &Report, page: &mut Page) {
    let drawn = |model: &&ModelInfo| !model.graph.elements.is_empty();
    let models: Vec<&ModelInfo> = report.models.iter().filter(drawn).collect();
    let items: Vec<String> = models
        .iter()
        .map(|model| (*model, crate::draw::dfd_mermaid(report, model)))
        .filter(|(model, text)| change::is_drawable(model, text))
        .map(|(model, text)| diagram(model, &text))
        .collect();
    let too_large = models.len() - items.len();
    page.leave_out(too_large, "data-flow diagrams too large for Mermaid");
    let (open, close) = if models.len() > 1 {
        let title = format!("Data flows of {}", words::plural(models.len(), "model"));
        (folded(&title), FOLD_END)
    } else {
        ("\n### Data flows\n".to_owned(), "")
    };
    page.last(&open, &items, close, "data-flow diagrams");
}

fn diagram(model: &ModelInfo, text: &str) -> String {
    let name = markdown(&shorten(&model.name, words::LONGEST_NAME));
    format!("\n#### {name}\n\n```mermaid\n{text}```\n")
}

/// What the change adds and alters, drawn with what it is connected to.
fn change_diagrams(report: &Report, page: &mut Page, room: usize) {
    let drawn = change::diagrams(report);
    let items: Vec<String> = drawn
        .iter()
        .filter(|(model, text)| change::is_drawable(model, text))
        .map(|(model, text)| diagram(model, text))
        .collect();
    let open = folded("The change as a diagram");
    page.within(room, &open, &items, FOLD_END);
}

/// What was known before, in a line that leads to its models.
fn known_in_a_line(report: &Report, links: &Links<'_>) -> String {
    let known = |f: &&FindingInfo| f.status == Status::Baselined && !f.settled_by_change;
    let known: Vec<&FindingInfo> = report.findings.iter().filter(known).collect();
    let settled = |f: &&FindingInfo| !f.status.is_open() && !f.settled_by_change;
    let settled = report.findings.iter().filter(settled).count();
    let mut told = Vec::new();
    if !known.is_empty() {
        let mut places: Vec<&Location> = Vec::new();
        for finding in &known {
            if !places
                .iter()
                .any(|place| place.path == finding.location.path)
            {
                places.push(&finding.location);
            }
        }
        let named = places
            .iter()
            .take(MOST_MODELS)
            .map(|at| links.file(&at.path));
        let mut named = named.collect::<Vec<_>>().join(", ");
        if places.len() > MOST_MODELS {
            let _ = write!(named, " and {} more files", places.len() - MOST_MODELS);
        }
        told.push(format!(
            "Known before: {} ({}) in {named}; `tmrs check -v` lists them.",
            words::plural(known.len(), "threat"),
            words::by_severity(&known)
        ));
    }
    if settled > 0 {
        told.push(format!("Answered or excluded before: {settled}."));
    }
    if told.is_empty() {
        return String::new();
    }
    format!("\n{}\n", told.join(" "))
}

/// What no longer holds, and apart from it what only went with its element or model:
/// nobody mended that.
fn fixed(report: &Report, page: &mut Page) {
    for (how, title, noun) in [
        (How::Fixed, "Fixed by this change", "fixed threats"),
        (
            How::Gone,
            "Gone with their element or model",
            "threats that are gone",
        ),
    ] {
        let ended = report.fixed.iter().filter(|fixed| fixed.how == how);
        let mut groups: Vec<(&Fixed, Vec<String>)> = Vec::new();
        for fixed in ended {
            let is_same = |(first, _): &&mut (&Fixed, Vec<String>)| {
                first.element == fixed.element && first.because == fixed.because
            };
            let id = rule(report, &fixed.rule);
            match groups.iter_mut().find(is_same) {
                Some((_, ids)) => ids.push(id),
                None => groups.push((fixed, vec![id])),
            }
        }
        let item = |(fixed, ids): &(&Fixed, Vec<String>)| {
            let element = words::named(&fixed.element.class, &fixed.element.name);
            let because = fixed.because.as_deref().map_or_else(String::new, |why| {
                format!(": {}", markdown(&shorten(why, LONGEST)))
            });
            format!("- {} on {}{because}\n", ids.join(", "), markdown(&element))
        };
        let items: Vec<String> = groups.iter().map(item).collect();
        page.section(&format!("\n### {title}\n\n"), &items, "", noun);
    }
}

/// Errors unfolded near the verdict, the rest folded near the end.
fn notices(report: &Report, links: &Links<'_>, page: &mut Page, most: NoticeSeverity) {
    let errors = most == NoticeSeverity::Error;
    let wanted = |n: &&NoticeInfo| (n.severity == NoticeSeverity::Error) == errors;
    let items = report.notices.iter().filter(wanted);
    let items: Vec<String> = items.map(|told| notice(told, links)).collect();
    if errors {
        page.section("\n### What could not be judged\n\n", &items, "", "errors");
    } else {
        let open = folded(&words::plural(items.len(), "notice")) + "\n";
        page.section(&open, &items, FOLD_END, "notices");
    }
}

/// What somebody should look at, where there is room for it.
fn warnings(report: &Report, links: &Links<'_>, page: &mut Page, room: usize) {
    let wanted = |n: &&NoticeInfo| n.severity == NoticeSeverity::Warning;
    let items = report.notices.iter().filter(wanted);
    let items: Vec<String> = items.map(|told| notice(told, links)).collect();
    let open = folded(&words::plural(items.len(), "warning")) + "\n";
    page.within(room, &open, &items, FOLD_END);
}

fn notice(notice: &NoticeInfo, links: &Links<'_>) -> String {
    let place = notice.location.as_ref().map(|at| links.to(at) + ": ");
    let help = notice.help.as_deref().map(|help| {
        let help = markdown(&words::next_sentence(&shorten(help, LONGEST)));
        format!(" {help}")
    });
    format!(
        "- {} {}{}{}\n",
        notice.severity.as_str(),
        place.unwrap_or_default(),
        markdown(&words::next_sentence(&shorten(&notice.message, LONGEST))),
        help.unwrap_or_default()
    )
}

/// The start of a folded section; the text is our own.
pub(super) fn folded(title: &str) -> String {
    format!("\n<details><summary>{title}</summary>\n")
}

pub(super) const FOLD_END: &str = "\n</details>\n";

fn origin(report: &Report) -> String {
    let tool = &report.tool;
    let mut text = format!("\n<sub>tmrs {}", markdown(&shorten(&tool.version, 40)));
    for (word, value) in [
        ("revision", &report.run.revision),
        ("base", &report.run.base),
    ] {
        if let Some(value) = value {
            let short: String = value.chars().take(12).collect();
            let _ = write!(text, ", {word} {}", markdown(&short));
        }
    }
    text + "</sub>\n"
}
