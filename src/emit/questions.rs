//! Every question that a model leaves open, the one whose answer settles the most first.

use std::fmt::Write as _;

use serde::Serialize;

use super::json::indented;
use super::wrap::wrapped;
use super::{EmitError, first, words};
use crate::escape::{markdown, markdown_code, terminal, unobeyed};
use crate::report::{Asleep, Report, Task, Todo, TodoKind};

/// The questions about everything that is open, each with the answer that settles it.
pub fn questions(report: &Report) -> Vec<Todo> {
    let tasks = report.tasks(|_| true).into_iter();
    let questions = tasks.filter(|task| task.todo.kind == TodoKind::Answer);
    questions.map(|task: Task<'_>| task.todo).collect()
}

/// For people at a terminal.
pub fn human(all: &[Todo], shown: &[Todo], width: usize) -> String {
    let mut text = String::new();
    let width = width.clamp(60, 140);
    let mut model = None;
    for (at, todo) in shown.iter().enumerate() {
        let of = Some((&todo.model, &todo.model_name));
        if model != of {
            model = of;
            let _ = writeln!(text, "{}:\n", terminal(&todo.model));
        }
        let number = format!("{}. ", at + 1);
        let mut said = vec![first::what(todo), format!("{}.", first::closes(todo))];
        said.push(words::sentence(&first::risk(todo)));
        let room = width.saturating_sub(number.len());
        let told = said.iter().map(|said| wrapped(&terminal(said), room));
        let told = told.collect::<Vec<_>>().join("\n");
        let indent = format!("\n{}", " ".repeat(number.len()));
        let _ = writeln!(text, "{number}{}", told.replace('\n', &indent));
        for line in steps(todo) {
            let _ = writeln!(text, "{}  {}", " ".repeat(number.len()), terminal(&line));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{}", summary(all, shown));
    unobeyed(&text).into_owned()
}

/// One question with what the proposed answer settles, before it is asked at a terminal.
/// What else is said about yes and no: a “no” is written too.
pub fn headline(todo: &Todo, width: usize) -> String {
    let mut said = vec![format!("{}: {}", todo.model, first::what(todo))];
    said.push(format!("{}.", first::closes(todo)));
    if todo.answer.as_deref() == Some("yes") {
        said.push("“no” makes them declared.".to_owned());
    }
    said.push(words::sentence(&first::risk(todo)));
    let width = width.clamp(60, 140);
    let told = said.iter().map(|said| wrapped(&terminal(said), width));
    let told = told.collect::<Vec<_>>().join("\n");
    unobeyed(&format!("{told}\n")).into_owned()
}

/// For a ticket, or a page.
pub fn as_markdown(all: &[Todo], shown: &[Todo]) -> String {
    let mut text = String::from("# Open questions\n");
    let mut model = None;
    for todo in shown {
        let of = Some((&todo.model, &todo.model_name));
        if model != of {
            model = of;
            let _ = writeln!(text, "\n## {}\n", markdown(&todo.model));
        }
        let _ = writeln!(
            text,
            "- [ ] **{}** {}. {}",
            markdown(&first::what(todo)),
            markdown(&first::closes(todo)),
            markdown(&words::sentence(&first::risk(todo)))
        );
        for line in steps(todo) {
            let _ = writeln!(text, "  - {}", markdown_code(&line));
        }
    }
    let _ = writeln!(text, "\n{}", markdown(&summary(all, shown)));
    unobeyed(&text).into_owned()
}

/// For programs: the things to do of the JSON report, under `questions`; facts for which
/// rules are asleep under `facts`, where they were asked for.
///
/// # Errors
/// What the library says.
pub fn as_json(shown: &[Todo], facts: Option<&[Asleep]>) -> Result<String, EmitError> {
    #[derive(Serialize)]
    struct Questions<'a> {
        questions: &'a [Todo],
        #[serde(skip_serializing_if = "Option::is_none")]
        facts: Option<&'a [Asleep]>,
    }
    let questions = Questions {
        questions: shown,
        facts,
    };
    indented(&questions).map_err(|error| EmitError::Format {
        format: "json",
        reason: error.to_string(),
    })
}

/// So many rules are named with one fact.
const MOST_RULES: usize = 8;

/// The facts for which rules are asleep, for people at a terminal; empty where there are none.
pub fn facts_for_people(facts: &[Asleep], width: usize) -> String {
    if facts.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{FACTS}:\n\n");
    let room = width.clamp(60, 140).saturating_sub(2);
    for fact in facts {
        let told = wrapped(&terminal(&fact_in_words(fact)), room);
        let _ = writeln!(text, "- {}", told.replace('\n', "\n  "));
    }
    unobeyed(&text).into_owned()
}

/// The same for a ticket, or a page.
pub fn facts_as_markdown(facts: &[Asleep]) -> String {
    if facts.is_empty() {
        return String::new();
    }
    let mut text = format!("\n## {FACTS}\n\n");
    for fact in facts {
        let _ = writeln!(text, "- [ ] {}", markdown(&fact_in_words(fact)));
    }
    unobeyed(&text).into_owned()
}

const FACTS: &str = "Facts for which rules are asleep";

/// `Is “Orders” queried in SQL? (isSQL; wakes 2 rules: INP05, DS04)`.
fn fact_in_words(fact: &Asleep) -> String {
    let rules = fact.rules.iter().take(MOST_RULES).map(|rule| &**rule);
    let rules: Vec<&str> = rules.collect();
    let more = match fact.rules.len().saturating_sub(MOST_RULES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{} ({} in {}; can wake {}: {}{more})",
        fact.what,
        fact.attribute,
        fact.model_name,
        words::plural(fact.rules.len(), "rule"),
        rules.join(", "),
    )
}

/// What the model then says, with the name where no line can say it.
fn steps(todo: &Todo) -> Vec<String> {
    let step = |step: &crate::report::Step| {
        step.line.clone().unwrap_or_else(|| {
            let value = words::value(&step.value);
            format!(
                "{} = {value}, where “{}” is made",
                step.attribute, step.element
            )
        })
    };
    todo.steps.iter().map(step).collect()
}

/// `12 questions, whose answers settle 40 threats, 3 of which fail`.
fn summary(all: &[Todo], shown: &[Todo]) -> String {
    if all.is_empty() {
        return "No question is open.".to_owned();
    }
    let settled: usize = all.iter().map(|todo| todo.closes.len()).sum();
    let failing: usize = all.iter().map(|todo| todo.failing).sum();
    let mut text = format!(
        "{}; the answers settle {}, of which {failing} {} the gate.",
        words::plural(all.len(), "question"),
        words::plural(settled, "threat"),
        if failing == 1 { "fails" } else { "fail" },
    );
    if shown.len() < all.len() {
        let _ = write!(text, " {} shown.", shown.len());
    }
    text
}
