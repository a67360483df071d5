//! Every question that a model leaves open, the one whose answer settles the most first.

use std::fmt::Write as _;

use serde::Serialize;

use super::json::indented;
use super::wrap::wrapped;
use super::{EmitError, first, words};
use crate::escape::{markdown, markdown_code, terminal, unobeyed};
use crate::report::{Report, Task, Todo, TodoKind};

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

/// For programs: the things to do of the JSON report, under `questions`.
///
/// # Errors
/// What the library says.
pub fn as_json(shown: &[Todo]) -> Result<String, EmitError> {
    #[derive(Serialize)]
    struct Questions<'a> {
        questions: &'a [Todo],
    }
    indented(&Questions { questions: shown }).map_err(|error| EmitError::Format {
        format: "json",
        reason: error.to_string(),
    })
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
