//! One thing to do in words, the same in every format. Plain text: who writes it escapes it.

use super::words::{LONGEST_NAME, LONGEST_TEXT, plural, sentence};
use crate::escape::shorten;
use crate::report::{FIRST, Report, Todo};

/// So many rules are named with one thing to do.
const MOST_RULES: usize = 6;
/// So many lines to add are shown with one thing to do.
const MOST_LINES: usize = 4;

/// The heading above them.
pub(super) const HEADING: &str = "Do this first";

/// What to do first, the one that takes away the most risk first; at most [`FIRST`], also of
/// a saved report.
pub(super) fn things(report: &Report) -> impl Iterator<Item = &Todo> {
    report.do_first.iter().take(FIRST)
}

/// The question, or what to do.
pub(super) fn what(todo: &Todo) -> String {
    sentence(&shorten(&todo.what, LONGEST_TEXT))
}

/// `closes 5 threats, 3 of which fail: INP05, AA01`.
pub(super) fn closes(todo: &Todo) -> String {
    let count = todo.closes.len();
    let failing = match (todo.failing, count) {
        (0, _) => String::new(),
        (1, 1) => ", which fails".to_owned(),
        (all, count) if all == count => ", all of which fail".to_owned(),
        (1, _) => ", 1 of which fails".to_owned(),
        (some, _) => format!(", {some} of which fail"),
    };
    let rules = todo.rules.iter().take(MOST_RULES);
    let rules: Vec<_> = rules.map(|rule| shorten(rule, LONGEST_NAME)).collect();
    let more = match todo.rules.len().saturating_sub(MOST_RULES) {
        0 => String::new(),
        more => format!(" and {more} more rules"),
    };
    let verb = match &todo.answer {
        Some(answer) => format!("“{}” settles", shorten(answer, LONGEST_NAME)),
        None => "Settles".to_owned(),
    };
    format!(
        "{verb} {}{failing}: {}{more}",
        plural(count, "threat"),
        rules.join(", ")
    )
}

/// The worst risk of it, with the way there.
pub(super) fn risk(todo: &Todo) -> String {
    let reason = shorten(&todo.risk_reason, LONGEST_TEXT);
    if reason.is_empty() {
        return format!("Risk {}", todo.risk);
    }
    format!("Risk {}: {reason}", todo.risk)
}

/// The lines by which the model says the answer; empty where no line can, with how many
/// more there are.
pub(super) fn lines(todo: &Todo) -> (Vec<String>, usize) {
    let all = todo.steps.iter().filter_map(|step| step.line.as_deref());
    let all: Vec<&str> = all.collect();
    let shown = all.iter().take(MOST_LINES);
    let shown: Vec<String> = shown
        .map(|line| shorten(line, LONGEST_TEXT).into_owned())
        .collect();
    let more = all.len() - shown.len();
    (shown, more)
}
