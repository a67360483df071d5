//! What stands in the Markdown summary, in the order in which people need it.

use std::fmt::Write as _;

use super::super::groups::{Group, groups};
use super::super::{first, words};
use super::Links;
use super::page::Page;
use super::tables::{accepted, answered, known, models, residual};
use crate::escape::{markdown, markdown_code, markdown_prose, shorten};
use crate::report::{
    Block, FindingInfo, How, ModelInfo, NoticeInfo, NoticeSeverity, Report, Severity, Status, Todo,
};

/// How many threats of a block are named.
const MOST_IN_BLOCK: usize = 40;
/// More flows, and longer diagrams, are refused by GitHub's and GitLab's Mermaid.
const MOST_FLOWS: usize = 450;
const LONGEST_DIAGRAM: usize = 45_000;
/// Free text in a list is cut here.
pub(super) const LONGEST: usize = 400;

/// Writes every section that has something to say.
///
/// A comment is read beside a change: its diagrams are folded, and only of models with
/// something new.
pub(super) fn write(report: &Report, links: &Links<'_>, page: &mut Page, is_comment: bool) {
    page.always(&verdict(report));
    notices(report, links, page, NoticeSeverity::Error);
    page.always(&numbers(report));
    weakenings(report, links, page);
    do_first(report, links, page);
    new(report, links, page);
    accepted(report, links, page);
    page.keep_place();
    fixed(report, page);
    residual(report, links, page);
    known(report, links, page);
    answered(report, links, page);
    models(report, page);
    notices(report, links, page, NoticeSeverity::Warning);
    diagrams(report, page, is_comment);
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

/// What to do first, each with its way and what it closes.
fn do_first(report: &Report, links: &Links<'_>, page: &mut Page) {
    let item = |todo: &Todo| {
        let mut item = format!(
            "1. **{}** — {}\n   {}.\n   {}\n",
            markdown(&first::what(todo)),
            links.to(&todo.location),
            markdown(&first::closes(todo)),
            markdown(&words::sentence(&first::risk(todo))),
        );
        let (lines, more) = first::lines(todo);
        for line in lines {
            let _ = writeln!(item, "   - {}", markdown_code(&line));
        }
        if more > 0 {
            let _ = writeln!(item, "   - … and {more} more lines");
        }
        item
    };
    let items: Vec<String> = first::things(report).map(item).collect();
    let open = format!("\n### {}\n\n", first::HEADING);
    page.section(&open, &items, "", "things to do");
}

fn new(report: &Report, links: &Links<'_>, page: &mut Page) {
    let kinds = report.kinds_of_weakening();
    let wanted = |f: &FindingInfo| {
        matches!(f.status, Status::New | Status::Unreviewed) && !kinds.contains(&&*f.rule)
    };
    let items: Vec<String> = groups(report, wanted)
        .iter()
        .flat_map(|group| element(report, links, group))
        .collect();
    page.section("\n### New threats\n", &items, "", "new threats");
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

/// The items of one element; its name stands with the first.
fn element(report: &Report, links: &Links<'_>, group: &Group<'_>) -> Vec<String> {
    let Some(first) = group.first() else {
        return Vec::new();
    };
    let mut items: Vec<String> = group
        .single
        .iter()
        .map(|finding| single(report, links, finding))
        .collect();
    items.extend(group.block.iter().map(|b| block(report, links, b)));
    let heading = format!(
        "\n#### {}\n\n{} in {}\n\n",
        markdown(&words::element(first)),
        links.to(&first.location),
        markdown(&shorten(&first.model_name, words::LONGEST_NAME))
    );
    if let Some(item) = items.first_mut() {
        item.insert_str(0, &heading);
    }
    items
}

/// One finding as a list item, with what helps folded.
fn single(report: &Report, links: &Links<'_>, finding: &FindingInfo) -> String {
    let fails = if report.summary.gate.fails(finding) {
        "❌ "
    } else {
        ""
    };
    let mut item = format!(
        "- {fails}**{}** {} {} — [line {}]({})\n",
        finding.severity,
        rule(report, &finding.rule),
        markdown(&shorten(&finding.title, LONGEST)),
        finding.location.line,
        links.address(&finding.location),
    );
    let _ = writeln!(item, "  {}", markdown_prose(&words::why(finding)));
    if let Some(why) = words::why_new(finding) {
        let why = words::next_sentence(&shorten(&why, LONGEST));
        let _ = writeln!(item, "  {}", markdown_prose(&why));
    }
    let helps = report
        .rule(&finding.rule)
        .map_or("", |r| r.mitigation.trim());
    if !helps.is_empty() {
        let helps = markdown_prose(&shorten(helps, words::LONGEST_TEXT));
        let _ = writeln!(
            item,
            "  <details><summary>What helps</summary>\n\n  {helps}\n\n  </details>"
        );
    }
    item
}

/// What is assumed of one element: the questions first, the threats folded.
fn block(report: &Report, links: &Links<'_>, block: &Block<'_>) -> String {
    let Some(worst) = block.findings.first() else {
        return String::new();
    };
    let mut item = format!(
        "- **{}, assumed** {} — [line {}]({})\n",
        worst.severity,
        markdown(&words::block(block)),
        worst.location.line,
        links.address(&worst.location),
    );
    for question in words::questions(block) {
        let _ = writeln!(item, "  - {}", markdown(&question));
    }
    for reason in words::why_block_is_new(block) {
        let reason = words::next_sentence(&shorten(&reason, LONGEST));
        let _ = writeln!(item, "  - {}", markdown(&reason));
    }
    let count = words::plural(block.findings.len(), "possible threat");
    let _ = writeln!(item, "\n  <details><summary>{count}</summary>\n");
    for finding in block.findings.iter().take(MOST_IN_BLOCK) {
        let _ = writeln!(
            item,
            "  - {} {} {}",
            finding.severity,
            rule(report, &finding.rule),
            markdown(&shorten(&finding.title, LONGEST))
        );
    }
    if block.findings.len() > MOST_IN_BLOCK {
        let _ = writeln!(
            item,
            "  - … and {} more",
            block.findings.len() - MOST_IN_BLOCK
        );
    }
    item.push_str("\n  </details>\n");
    item
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
fn diagrams(report: &Report, page: &mut Page, is_comment: bool) {
    let wanted = |model: &&ModelInfo| {
        let new = |f: &FindingInfo| f.status == Status::New && f.model == model.path;
        !model.graph.elements.is_empty() && (!is_comment || report.findings.iter().any(new))
    };
    let models: Vec<&ModelInfo> = report.models.iter().filter(wanted).collect();
    let items: Vec<String> = models
        .iter()
        .map(|model| (model, crate::draw::dfd_mermaid(report, model)))
        .filter(|(model, text)| {
            model.graph.flows.len() <= MOST_FLOWS && text.len() <= LONGEST_DIAGRAM
        })
        .map(|(model, text)| {
            let name = markdown(&shorten(&model.name, words::LONGEST_NAME));
            format!("\n#### {name}\n\n```mermaid\n{text}```\n")
        })
        .collect();
    let too_large = models.len() - items.len();
    page.leave_out(too_large, "data-flow diagrams too large for Mermaid");
    let (open, close) = if is_comment || models.len() > 1 {
        let title = format!("Data flows of {}", words::plural(models.len(), "model"));
        (folded(&title), FOLD_END)
    } else {
        ("\n### Data flows\n".to_owned(), "")
    };
    page.last(&open, &items, close, "data-flow diagrams");
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
        let items: Vec<String> = ended
            .map(|fixed| {
                let element = words::named(&fixed.element.class, &fixed.element.name);
                let because = fixed.because.as_deref().map_or_else(String::new, |why| {
                    format!(": {}", markdown(&shorten(why, LONGEST)))
                });
                format!(
                    "- {} on {}{because}\n",
                    rule(report, &fixed.rule),
                    markdown(&element)
                )
            })
            .collect();
        page.section(&format!("\n### {title}\n\n"), &items, "", noun);
    }
}

/// Errors unfolded near the verdict, the rest folded near the end.
fn notices(report: &Report, links: &Links<'_>, page: &mut Page, most: NoticeSeverity) {
    let errors = most == NoticeSeverity::Error;
    let wanted = |n: &&NoticeInfo| (n.severity == NoticeSeverity::Error) == errors;
    let items: Vec<String> = report
        .notices
        .iter()
        .filter(wanted)
        .map(|notice| {
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
        })
        .collect();
    if errors {
        page.section("\n### What could not be judged\n\n", &items, "", "errors");
    } else {
        let open = folded(&words::plural(items.len(), "notice")) + "\n";
        page.section(&open, &items, FOLD_END, "notices");
    }
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
