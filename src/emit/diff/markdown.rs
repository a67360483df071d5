//! GitHub-flavoured Markdown for comments and summaries: what became of threats
//! first, then what changed in the models.

use std::fmt::Write as _;

use super::super::markdown::page::Page;
use super::words;
use crate::escape::{markdown, markdown_code};
use crate::report::Location;
use crate::report::diff::{Change, Diff, Fate, ModelDiff, PartDiff, ThreatDiff};

/// In bytes: a job summary of more than 1 MiB is lost.
const LIMIT: usize = 900 * 1024;

/// The whole text.
pub(super) fn write(diff: &Diff) -> String {
    let mut page = Page::new(LIMIT);
    page.always(&format!(
        "## Threat models: {} against {}\n\n{}\n",
        markdown(&words::side(&diff.head)),
        markdown(&words::side(&diff.base)),
        markdown(&words::summary(diff)),
    ));
    if let Some(warning) = words::incomplete(diff) {
        page.always(&format!("\n> ⚠️ {}\n", markdown(&warning)));
    }
    for model in &diff.models {
        let open = format!(
            "\n### {} {}\n",
            sign(model.change),
            markdown(&words::model(model))
        );
        page.section(&open, &items(model), "", "changes");
    }
    let models = [&diff.base, &diff.head].map(words::models);
    page.always(&format!(
        "\n<sub>{} at the base, {} now. tmrs {}</sub>\n",
        models[0],
        models[1],
        markdown(&diff.tool.version),
    ));
    page.finish()
}

/// What differs in a model, threats first; a heading stands with its first item.
fn items(model: &ModelDiff) -> Vec<String> {
    let mut items = Vec::new();
    for fate in Fate::ALL {
        let threats = model.threats.iter().filter(|threat| threat.change == fate);
        let lines = threats.map(threat);
        under(
            &format!("\n**{}**\n\n", words::fate(fate)),
            lines,
            &mut items,
        );
    }
    let own = model.details.iter().map(|detail| {
        let said = words::detail(detail, model.change);
        format!("- {}\n", markdown(&said))
    });
    let parts = model.parts.iter().map(part);
    under("\n**Model**\n\n", own.chain(parts), &mut items);
    if items.is_empty() {
        items.push("\nNothing is in it.\n".into());
    }
    items
}

fn under(heading: &str, lines: impl Iterator<Item = String>, items: &mut Vec<String>) {
    let first = items.len();
    items.extend(lines);
    if let Some(item) = items.get_mut(first) {
        item.insert_str(0, heading);
    }
}

fn part(part: &PartDiff) -> String {
    let mut item = format!(
        "- {} {} <sub>{}</sub>\n",
        sign(part.change),
        markdown(&words::part(part)),
        place(&part.location)
    );
    for detail in &part.details {
        let said = words::detail(detail, part.change);
        let _ = writeln!(item, "  - {}", markdown(&said));
    }
    item
}

fn threat(threat: &ThreatDiff) -> String {
    let severity = threat.standing().map_or("", |s| s.severity.as_str());
    let reason = threat
        .reason
        .as_deref()
        .map_or(String::new(), |reason| format!("; {reason}"));
    format!(
        "- **{severity}** {} {}: {} ({}{reason}) <sub>{}</sub>\n",
        markdown_code(&threat.rule),
        markdown(&threat.title),
        markdown(&words::place(threat)),
        markdown(&words::standing(threat)),
        place(&threat.location)
    )
}

fn sign(change: Change) -> &'static str {
    match change {
        Change::Added => "➕",
        Change::Removed => "➖",
        Change::Changed => "✏️",
    }
}

fn place(location: &Location) -> String {
    format!("{}:{}", markdown(&location.path), location.line)
}
