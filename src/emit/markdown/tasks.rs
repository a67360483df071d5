//! What is to do: one item a thing, with its question, the threats that it settles and the
//! line to write.

use std::fmt::Write as _;

use super::super::first::{self, Told};
use super::super::threats::{FEW_ELEMENTS, Threat};
use super::super::words;
use super::Links;
use super::page::Page;
use super::sections::{FOLD_END, LONGEST, folded, rule};
use crate::escape::{markdown, markdown_code, shorten};
use crate::report::{FindingInfo, Report, Status, Task};

/// So many threats of one thing to do are listed in a short text, beside those that fail.
const MOST_THREATS: usize = 4;
/// The same in a long one.
const MOST_IN_ALL: usize = 40;
/// So many lines to write are shown.
const MOST_LINES: usize = 4;
/// So many things to do that fail stand in a line each in a short text.
const MOST_BRIEF: usize = 20;

/// Writes what is to do about everything that is new.
pub(super) struct Tasks<'a> {
    pub(super) report: &'a Report,
    pub(super) links: &'a Links<'a>,
    /// Whether only what fails, or a few of what does not, is told in full.
    pub(super) is_short: bool,
}

impl Tasks<'_> {
    /// The section. What fails nothing follows where `rest` puts it.
    pub(super) fn write(&self, tasks: &[Task<'_>], page: &mut Page) {
        let told = Told::of(tasks, !self.is_short);
        let items: Vec<String> = told.full.iter().map(|task| self.item(task)).collect();
        let open = format!("\n### {}\n\n", first::HEADING);
        page.section(&open, &items, "", "things to do");
        let most = told.briefly.len().min(MOST_BRIEF);
        let brief = told.briefly[..most].iter().map(|task| self.brief(task));
        let mut brief: Vec<String> = brief.collect();
        if told.briefly.len() > most {
            let more = words::plural(told.briefly.len() - most, "more thing");
            brief.push(format!("- … and {more} to do\n"));
        }
        let open = "\nThen these, which fail as well:\n\n";
        page.section(open, &brief, "", "things to do that fail");
    }

    /// What fails nothing, folded, where a short text has room for it.
    pub(super) fn rest(&self, tasks: &[Task<'_>], room: usize, page: &mut Page) {
        let told = Told::of(tasks, !self.is_short);
        let Some(heading) = told.rest() else { return };
        let open = format!("{}\n", folded(&heading));
        let all: Vec<String> = told.rest.iter().map(|task| self.brief(task)).collect();
        let room = room.saturating_sub(page.len() + open.len() + FOLD_END.len());
        let mut used = 0;
        let fitting = all.iter().take_while(|item| {
            used += item.len();
            used <= room
        });
        let fitting = fitting.count();
        if fitting == 0 {
            page.always(&format!("\n{heading} (`tmrs check -v` shows all).\n"));
            return;
        }
        let more = all.len() - fitting;
        let mut items = all;
        items.truncate(fitting);
        if more > 0 {
            items.push(format!("- … and {more} more (`tmrs check -v` shows all)\n"));
        }
        page.section(&open, &items, FOLD_END, "things to do that fail nothing");
    }

    /// One thing to do, in full.
    fn item(&self, task: &Task<'_>) -> String {
        let todo = &task.todo;
        let mut item = format!(
            "1. **{}** — {}\n",
            markdown(&first::what(todo)),
            self.links.to(&todo.location),
        );
        self.threats(task, &mut item);
        let _ = writeln!(
            item,
            "   - {}",
            markdown(&words::sentence(&first::risk(todo)))
        );
        let lines: Vec<String> = todo
            .steps
            .iter()
            .take(MOST_LINES)
            .map(first::line)
            .collect();
        let head = first::then(todo).filter(|_| !lines.is_empty());
        let Some(head) = head else { return item };
        match lines.as_slice() {
            [only] => {
                let _ = writeln!(item, "   - {}: {}", markdown(&head), markdown_code(only));
            }
            _ => {
                let _ = writeln!(item, "   - {}:", markdown(&head));
                for line in &lines {
                    let _ = writeln!(item, "     - {}", markdown_code(line));
                }
            }
        }
        let more = todo.steps.len() - lines.len();
        if more > 0 {
            let _ = writeln!(item, "     - … and {}", words::plural(more, "more line"));
        }
        item
    }

    /// The threats that it settles, those that fail first, each told once.
    fn threats(&self, task: &Task<'_>, item: &mut String) {
        let is_of_one = task.is_of_one_element();
        let threats = Threat::of(task);
        let failing = threats.iter().filter(|threat| threat.failing()).count();
        let most = if self.is_short {
            failing.clamp(MOST_THREATS, MOST_IN_ALL)
        } else {
            MOST_IN_ALL
        };
        for threat in threats.iter().take(most) {
            let ids = threat.rules.iter().map(|id| rule(self.report, id));
            let ids: Vec<String> = ids.collect();
            let of = if is_of_one {
                String::new()
            } else {
                format!(": {}", markdown(&threat.elements(FEW_ELEMENTS)))
            };
            let _ = writeln!(
                item,
                "   - {}**{}** {} {}{of}",
                if threat.failing() { "❌ " } else { "" },
                threat.severity(),
                ids.join(", "),
                markdown(&shorten(threat.title(), LONGEST)),
            );
            // What the change takes away stands in a section of its own.
            let is_told = threat.findings.iter().any(|f| !f.withdrawn.is_empty());
            for why in threat.why.iter().filter(|_| !is_told) {
                let _ = writeln!(item, "     {}", markdown(&shorten(why, LONGEST)));
            }
        }
        let more: usize = threats.iter().skip(most).map(|threat| threat.count).sum();
        if more > 0 {
            let _ = writeln!(item, "   - … and {}", words::plural(more, "more threat"));
        }
    }

    /// One thing to do on a line.
    fn brief(&self, task: &Task<'_>) -> String {
        let todo = &task.todo;
        format!(
            "- {} {}. — {}\n",
            markdown(&first::what(todo)),
            markdown(&first::closes(todo)),
            self.links.to(&todo.location),
        )
    }
}

/// Whether a finding asks for something to do now.
pub(super) fn is_new(finding: &FindingInfo) -> bool {
    matches!(finding.status, Status::New | Status::Unreviewed)
}
