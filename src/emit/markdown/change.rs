//! What a change takes away and adds, and the diagram of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::super::diff::words as told;
use super::super::words;
use super::Links;
use super::page::Page;
use super::sections::LONGEST;
use crate::escape::{markdown, markdown_code, shorten};
use crate::report::diff::{Change, DetailDiff, ModelChange, PartDiff, Topic};
use crate::report::{ModelInfo, Report};

/// So much of what a change takes away or adds is listed in a short text.
const MOST: usize = 12;
/// So many facts of one part are told.
const MOST_DETAILS: usize = 6;
/// More flows, and longer diagrams, are refused by GitHub's and GitLab's Mermaid.
const MOST_FLOWS: usize = 450;
const LONGEST_DIAGRAM: usize = 45_000;

/// What was said at the base, is said no more, and made threats new.
pub(super) fn takes_away(report: &Report, links: &Links<'_>, page: &mut Page) {
    let all = words::taken_away(report);
    let mut items: Vec<String> = Vec::new();
    for taken in all.iter().take(MOST) {
        let element = &taken.said.element;
        let fails = taken.findings.iter().any(|finding| finding.failing);
        let here = taken.findings.iter().find(|f| f.element == *element);
        let place = here.map(|finding| format!(" — {}", links.to(&finding.location)));
        items.push(format!(
            "- {}{} of “{}” {}{}\n",
            if fails { "❌ " } else { "" },
            markdown_code(taken.attribute()),
            markdown(&shorten(&element.name, words::LONGEST_NAME)),
            markdown(&taken.told()),
            place.unwrap_or_default(),
        ));
    }
    if all.len() > MOST {
        items.push(format!("- … and {} more\n", all.len() - MOST));
    }
    let open = "\n### What this change takes away\n\n";
    page.section(open, &items, "", "things that it takes away");
}

/// The parts of models that are new, other than they were, or gone.
pub(super) fn adds(report: &Report, links: &Links<'_>, page: &mut Page) {
    let taken = words::taken_away(report);
    let taken: BTreeSet<(&str, &str, &str)> = taken
        .iter()
        .map(|taken| {
            let element = &taken.said.element;
            (&*element.class, &*element.name, taken.attribute())
        })
        .collect();
    let mut items: Vec<String> = Vec::new();
    let mut count = 0;
    for change in &report.changes {
        let mut of_model: Vec<String> = own(change).into_iter().collect();
        let parts = change.parts.iter();
        of_model.extend(parts.filter_map(|part| self::part(part, &taken, links)));
        if change.change != Change::Changed && of_model.len() > MOST {
            // A whole model is read in its diagram.
            count += of_model.len() - 1;
            of_model.truncate(1);
        }
        count += of_model.len();
        items.extend(of_model);
    }
    items.truncate(MOST);
    if count > items.len() {
        let more = count - items.len();
        items.push(format!("- … and {more} more (`tmrs diff` lists all)\n"));
    }
    let open = "\n### What this change does to the model\n\n";
    page.section(open, &items, "", "changes of the model");
}

/// A model that came or went, or says something else about itself.
fn own(change: &ModelChange) -> Option<String> {
    let called = change.head.as_ref().or(change.base.as_ref())?;
    let details = said(&change.details.iter().collect::<Vec<_>>(), change.change);
    if change.change == Change::Changed && details.is_empty() {
        return None;
    }
    let name = shorten(&called.name, words::LONGEST_NAME);
    let path = shorten(&called.path, words::LONGEST_NAME);
    let model = format!("Model “{name}” ({path})");
    Some(format!(
        "- {} {}{details}\n",
        sign(change.change),
        markdown(&model)
    ))
}

/// One part; nothing of it that what is taken away tells already.
fn part(
    part: &PartDiff,
    taken: &BTreeSet<(&str, &str, &str)>,
    links: &Links<'_>,
) -> Option<String> {
    let (class, name) = (&*part.element.class, &*part.element.name);
    let is_told = |detail: &DetailDiff| {
        let subject = &*detail.subject;
        matches!(detail.topic, Topic::Control | Topic::Attribute)
            && taken.contains(&(class, name, subject))
    };
    let details: Vec<&DetailDiff> = part.details.iter().filter(|d| !is_told(d)).collect();
    if part.change == Change::Changed && details.is_empty() {
        return None;
    }
    let mut line = format!(
        "- {} {}{}",
        sign(part.change),
        markdown(&told::part(part)),
        said(&details, part.change)
    );
    if part.change != Change::Removed {
        let _ = write!(line, " — {}", links.to(&part.location));
    }
    line.push('\n');
    Some(line)
}

/// `: in “Cloud account”; carries “Order”`.
fn said(details: &[&DetailDiff], of: Change) -> String {
    let shown = details.iter().take(MOST_DETAILS);
    let mut said: Vec<String> = shown
        .map(|detail| markdown(&shorten(&told::detail(detail, of), LONGEST)))
        .collect();
    if details.len() > MOST_DETAILS {
        said.push(format!("{} more", details.len() - MOST_DETAILS));
    }
    if said.is_empty() {
        return String::new();
    }
    format!(": {}", said.join("; "))
}

fn sign(change: Change) -> &'static str {
    match change {
        Change::Added => "➕",
        Change::Removed => "➖",
        Change::Changed => "✏️",
    }
}

/// Whether renderers of Markdown draw a diagram.
pub(super) fn is_drawable(model: &ModelInfo, text: &str) -> bool {
    model.graph.flows.len() <= MOST_FLOWS && text.len() <= LONGEST_DIAGRAM
}

/// The diagrams of what changed, with the models that they are of.
pub(super) fn diagrams(report: &Report) -> Vec<(&ModelInfo, String)> {
    let mut diagrams = Vec::new();
    for change in &report.changes {
        let head = change.head.as_ref();
        let is_it = |model: &&ModelInfo| {
            head.is_some_and(|head| head.path == model.path && head.name == model.name)
        };
        let Some(model) = report.models.iter().find(is_it) else {
            continue;
        };
        if let Some(text) = crate::draw::change_mermaid(report, model, change) {
            diagrams.push((model, text));
        }
    }
    diagrams
}
