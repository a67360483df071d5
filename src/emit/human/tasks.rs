//! Findings as things to do: one block for each, with its question, the line to write and
//! the threats that it settles.

use std::fmt::Write as _;
use std::sync::Arc;

use super::shown::Text;
use super::threats::Threat;
use super::wrap::wrapped;
use super::{Context, first, words};
use crate::escape::{shorten, terminal};
use crate::report::{FindingInfo, Location, Severity, Status, Task};

/// So many threats of one thing to do are listed without `-v`, beside those that fail.
const MOST_THREATS: usize = 4;
/// So many elements are named with one threat without `-v`.
const MOST_ELEMENTS: usize = 8;
/// So many lines to write are shown without `-v`.
const MOST_LINES: usize = 4;
/// Longer lines of a model are not shown.
const LONGEST_LINE: usize = 400;

/// How things to do are written.
pub(super) struct Writer<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) width: usize,
}

impl Writer<'_> {
    /// One thing to do, in full.
    pub(super) fn block(
        &self,
        number: usize,
        task: &Task<'_>,
        source: Option<&Arc<Text>>,
    ) -> String {
        let todo = &task.todo;
        let mut text = String::new();
        let what = terminal(&first::what(todo)).into_owned();
        let number = format!("{number}. ");
        let indent = " ".repeat(number.len());
        let width = self.width.saturating_sub(number.len());
        let what = wrapped(&what, width).replace('\n', &format!("\n{indent}"));
        let _ = writeln!(text, "{number}{}", self.strong(&what));
        let about = one_element(task).map(words::element).unwrap_or_default();
        text.push_str(&place_with_line(&todo.location, &about, source, self.width));
        self.threats(task, &mut text);
        let mut said = vec![format!("{}.", first::risk(todo).trim_end_matches('.'))];
        if let Some(response) = task.findings.first().and_then(|f| f.response.as_deref()) {
            said.push(format!("The model answers: {}", shorten(response, 200)));
        }
        for said in said {
            self.paragraph(&said, &mut text);
        }
        self.lines(task, &mut text);
        text.push('\n');
        text
    }

    /// The threats that it settles, those that fail first, each told once for all elements.
    fn threats(&self, task: &Task<'_>, text: &mut String) {
        let is_of_one = one_element(task).is_some();
        let threats = Threat::of(task);
        let failing = threats.iter().filter(|threat| threat.failing()).count();
        let (most, most_elements) = if self.context.verbose {
            (usize::MAX, usize::MAX)
        } else {
            (failing.max(MOST_THREATS), MOST_ELEMENTS)
        };
        let indented = |said: &str| {
            let said = wrapped(said, self.width.saturating_sub(14).max(20));
            said.replace('\n', "\n              ")
        };
        for threat in threats.iter().take(most) {
            let fails = if threat.failing() { "×" } else { " " };
            let severity = threat.severity();
            let severity = self.colored(severity, &format!("{:<8}", severity.as_str()));
            let mut told = format!(
                "{} {}",
                terminal(&shorten(&threat.rules.join(", "), words::LONGEST_NAME)),
                terminal(&shorten(threat.title(), words::LONGEST_NAME)),
            );
            if !is_of_one {
                let _ = write!(told, " — {}", terminal(&threat.elements(most_elements)));
            }
            told.push_str(threat.status().map_or("", known));
            let _ = writeln!(text, "   {fails} {severity} {}", indented(&told));
            for why in &threat.why {
                let why = indented(&terminal(why));
                let _ = writeln!(text, "              {why}");
            }
        }
        let more: usize = threats.iter().skip(most).map(|threat| threat.count).sum();
        if more > 0 {
            let _ = writeln!(
                text,
                "     … and {} (-v lists all)",
                words::plural(more, "more threat")
            );
        }
    }

    /// The lines to write, or what the model should say where no line can say it.
    fn lines(&self, task: &Task<'_>, text: &mut String) {
        let steps = &task.todo.steps;
        let Some(head) = first::then(&task.todo) else {
            return;
        };
        let most = if self.context.verbose {
            usize::MAX
        } else {
            MOST_LINES
        };
        let lines = steps.iter().take(most).map(first::line);
        let lines: Vec<String> = lines.map(|line| terminal(&line).into_owned()).collect();
        match lines.as_slice() {
            [only] => {
                let _ = writeln!(text, "   {}: {only}", terminal(&head));
            }
            _ => {
                let _ = writeln!(text, "   {}:", terminal(&head));
                for line in lines {
                    let _ = writeln!(text, "       {line}");
                }
            }
        }
        if steps.len() > most {
            let more = words::plural(steps.len() - most, "more line");
            let _ = writeln!(text, "       … and {more} (-v lists all)");
        }
    }

    /// One thing to do on a line or two.
    pub(super) fn brief(&self, task: &Task<'_>) -> String {
        let todo = &task.todo;
        let at = &todo.location;
        let told = format!(
            "{}:{}: {} {}.",
            terminal(&at.path),
            at.line,
            terminal(&first::what(todo)),
            terminal(&first::closes(todo))
        );
        let risk = self.colored(todo.risk, &format!("{:<8}", todo.risk.as_str()));
        let told = wrapped(&told, self.width.saturating_sub(11).max(20));
        format!("  {risk} {}\n", told.replace('\n', "\n           "))
    }

    fn paragraph(&self, said: &str, text: &mut String) {
        let said = wrapped(&terminal(said), self.width.saturating_sub(3).max(20));
        let _ = writeln!(text, "   {}", said.replace('\n', "\n   "));
    }

    fn strong(&self, said: &str) -> String {
        if self.context.color {
            format!("\u{1b}[1m{said}\u{1b}[0m")
        } else {
            said.to_owned()
        }
    }

    /// A severity in its colour.
    pub(super) fn colored(&self, severity: Severity, said: &str) -> String {
        let code = match severity {
            Severity::Critical => "1;31",
            Severity::High => "31",
            Severity::Medium => "33",
            Severity::Low => "36",
            Severity::Info => "2",
        };
        if self.context.color {
            format!("\u{1b}[{code}m{said}\u{1b}[0m")
        } else {
            said.to_owned()
        }
    }
}

/// Any finding of a task whose findings are all of one element.
fn one_element<'a>(task: &Task<'a>) -> Option<&'a FindingInfo> {
    let first = *task.findings.first()?;
    task.is_of_one_element().then_some(first)
}

/// Where it is, with the line of the model where that is at hand.
fn place_with_line(at: &Location, about: &str, source: Option<&Arc<Text>>, width: usize) -> String {
    let mut text = format!("   {}:{}:{}", terminal(&at.path), at.line, at.column);
    if !about.is_empty() {
        let _ = write!(text, " {}", terminal(about));
    }
    text.push('\n');
    let line = source.and_then(|source| source.line(at.line));
    let line = line
        .map(str::trim)
        .filter(|line| !line.is_empty() && line.len() <= LONGEST_LINE);
    if let Some(line) = line {
        let number = at.line.to_string();
        let room = width.saturating_sub(number.len() + 8).max(20);
        let cut: String = line.chars().take(room).collect();
        let more = if cut.len() < line.len() { "…" } else { "" };
        let _ = writeln!(text, "    {number} │ {cut}{more}");
    }
    text
}

/// How it is known, where it is.
fn known(status: Status) -> &'static str {
    match status {
        Status::Baselined => " (in the baseline)",
        Status::Unreviewed => " (unreviewed)",
        _ => "",
    }
}
