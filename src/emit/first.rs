//! One thing to do in words, the same in every format. Plain text: who writes it escapes it.

use super::words::{LONGEST_NAME, LONGEST_TEXT, plural, sentence, value};
use crate::escape::shorten;
use crate::report::{FIRST, Report, Step, Task, Todo, TodoKind};

/// So many rules are named with one thing to do.
const MOST_RULES: usize = 6;
/// So many lines to add are shown with one thing to do.
const MOST_LINES: usize = 4;

/// So many things to do that fail nothing are told in full where nothing fails.
const FEW: usize = 3;

/// Things to do, by how much is told of each.
pub(super) struct Told<'t, 'a> {
    /// In full.
    pub(super) full: &'t [Task<'a>],
    /// On a line, for they fail as well.
    pub(super) briefly: Vec<&'t Task<'a>>,
    /// Those that fail nothing.
    pub(super) rest: Vec<&'t Task<'a>>,
}

impl<'t, 'a> Told<'t, 'a> {
    /// In full what comes first of what fails, or a few where nothing fails; or everything.
    pub(super) fn of(tasks: &'t [Task<'a>], everything: bool) -> Self {
        let fails = |task: &&Task<'_>| task.todo.failing > 0;
        let failing = tasks.iter().filter(fails).count();
        let full = if everything {
            tasks.len()
        } else {
            in_full(failing, tasks.len())
        };
        let (full, others) = tasks.split_at(full);
        let (briefly, rest) = others.iter().partition(fails);
        Self {
            full,
            briefly,
            rest,
        }
    }

    /// What is said of those that fail nothing.
    pub(super) fn rest(&self) -> Option<String> {
        let threats = self.rest.iter().map(|task| task.findings.len()).sum();
        rest(threats, self.rest.len())
    }
}

/// How many things to do are told in full, of so many that fail and so many in all.
pub(super) fn in_full(failing: usize, all: usize) -> usize {
    match failing {
        0 => all.min(FEW),
        failing => failing.min(FIRST),
    }
}

/// `8 more threats fail nothing; 7 things to do settle them`; nothing where there are none.
pub(super) fn rest(threats: usize, things: usize) -> Option<String> {
    let (fail, settle) = match (threats, things) {
        (0, _) => return None,
        (1, _) => ("fails", "settles it"),
        (_, 1) => ("fail", "settles them"),
        _ => ("fail", "settle them"),
    };
    let things = plural(things, "thing");
    Some(format!(
        "{} {fail} nothing; {things} to do {settle}",
        plural(threats, "more threat")
    ))
}

/// What stands before the lines to write: `if “yes”, write`; nothing where no line says it.
pub(super) fn then(todo: &Todo) -> Option<String> {
    match (todo.kind, todo.answer.as_deref()) {
        (TodoKind::Mitigate, _) => None,
        (TodoKind::Answer, Some(answer)) => {
            let answer = shorten(answer, LONGEST_NAME);
            Some(format!("→ if “{answer}”, write"))
        }
        _ => Some("→ then write".to_owned()),
    }
}

/// What a fix proposes, as the answer that it is: `Is “Web” hardened? Only if the answer is
/// “yes”: this states controls.isHardened of “Web”.`
pub(super) fn proposal(todo: &Todo) -> String {
    const MOST: usize = 4;
    let answer = shorten(todo.answer.as_deref().unwrap_or("yes"), LONGEST_NAME);
    let stated: Vec<String> = todo.steps.iter().take(MOST).map(stated).collect();
    format!(
        "{} Only if the answer is “{answer}”: this states {}.",
        what(todo),
        stated.join(", ")
    )
}

/// `controls.isHardened of “Web”`.
fn stated(step: &Step) -> String {
    let element = shorten(&step.element, LONGEST_NAME);
    format!("{} of “{element}”", step.attribute)
}

/// The line to write, or what the model should say where no line can say it.
pub(super) fn line(step: &Step) -> String {
    match &step.line {
        Some(line) => shorten(line, LONGEST_TEXT).into_owned(),
        None => format!(
            "{} = {}, where “{}” is made",
            step.attribute,
            value(&step.value),
            shorten(&step.element, LONGEST_NAME)
        ),
    }
}

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
