//! A thing to do before `tmrs triage` asks what becomes of it.

use std::fmt::Write as _;

use super::{first, words};
use crate::escape::{terminal, terminal_lines};
use crate::report::{FindingInfo, Report, Todo};

/// So many threats of one thing to do are told before somebody asks for all.
const MOST: usize = 6;

/// What is asked about: what would settle it, and the threats.
pub fn headline(todo: &Todo, open: &[&FindingInfo], of: (usize, usize), width: usize) -> String {
    let mut text = format!("{}\n{}/{}  ", "─".repeat(width.clamp(20, 72)), of.0, of.1);
    let failing = open.iter().filter(|info| info.failing).count();
    let fails = match (failing, open.len()) {
        (0, _) => String::new(),
        (all, count) if all == count => ", failing".to_owned(),
        (some, _) => format!(", {some} of them failing"),
    };
    let _ = writeln!(text, "{}{fails}", words::plural(open.len(), "threat"));
    let _ = writeln!(text, "{}", terminal(&first::what(todo)));
    for info in open.iter().take(MOST) {
        let _ = writeln!(
            text,
            "  {} {}, {}, {}: {}, {}:{}",
            terminal(&info.rule),
            info.severity.as_str(),
            info.evidence.as_str(),
            info.status.as_str(),
            terminal(&words::element(info)),
            terminal(&info.location.path),
            info.location.line,
        );
        let _ = writeln!(text, "    {}", terminal(&info.message));
    }
    if open.len() > MOST {
        let more = words::plural(open.len() - MOST, "more threat");
        let _ = writeln!(text, "  … and {more} ([e]xplain tells all)");
    }
    if let Some(head) = first::then(todo) {
        let lines: Vec<String> = todo.steps.iter().map(first::line).collect();
        let _ = writeln!(
            text,
            "  {}: {}",
            terminal(&head),
            terminal(&lines.join("; "))
        );
    }
    text
}

/// Everything that is known about the threats.
pub fn explanation(report: &Report, open: &[&FindingInfo]) -> String {
    let mut text = String::new();
    for info in open {
        let element = words::element(info);
        let _ = writeln!(text, "{} {}", terminal(&info.rule), terminal(&element));
        let _ = writeln!(text, "  {}", terminal(&words::sentence(&words::why(info))));
        let Some(rule) = report.rule(&info.rule) else {
            continue;
        };
        let _ = writeln!(text, "  {}", terminal_lines(rule.description.trim()));
        let helps = terminal_lines(rule.mitigation.trim());
        let _ = writeln!(text, "  What helps: {helps}");
        if !rule.references.is_empty() {
            let _ = writeln!(text, "  See {}", terminal(&rule.references.join(", ")));
        }
    }
    text
}
