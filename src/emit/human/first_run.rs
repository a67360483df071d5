//! What a first run over several models prints: a table of the models, what to do first over
//! all, and how to go on. Nobody reads every threat of five models at once.

use std::fmt::Write as _;

use super::digest::{Digest, Open};
use super::tasks::Writer;
use super::{first, words};
use crate::escape::{shorten, terminal};
use crate::report::{FIRST, Task};

/// So many models stand in the table.
const MOST_MODELS: usize = 20;
/// Longer paths are cut in the table.
const LONGEST_PATH: usize = 40;

/// The page, but for the verdict.
pub(super) fn write(
    digest: &Digest<'_>,
    tasks: &[Task<'_>],
    writer: &Writer<'_>,
    text: &mut String,
) {
    let count = digest.models.len();
    let _ = writeln!(text, "{count} models, and no baseline yet:\n");
    table(digest, writer.width, text);
    let first: Vec<&Task<'_>> = tasks.iter().take(FIRST).collect();
    if !first.is_empty() {
        let _ = writeln!(text, "\n{}, over all models:", first::HEADING);
    }
    for task in first {
        text.push_str(&writer.brief(task));
    }
    text.push_str("\nGo on with:\n");
    let model = tasks.first().map_or("MODEL", |task| &*task.todo.model);
    let model = terminal(&shorten(model, words::LONGEST_NAME)).into_owned();
    let ways = [
        (
            format!("tmrs check {model}"),
            "one model, with the lines to write",
        ),
        (
            "tmrs baseline update".to_owned(),
            "accept today's state: only what is new fails then",
        ),
        ("tmrs check -v".to_owned(), "every threat of every model"),
    ];
    let width = ways.iter().map(|(way, _)| way.chars().count()).max();
    let width = width.unwrap_or(0);
    for (way, what) in &ways {
        let _ = writeln!(text, "  {way:<width$}  {what}");
    }
    text.push('\n');
}

/// Each model with its counts and the first thing to do there, the worst first.
fn table(digest: &Digest<'_>, width: usize, text: &mut String) {
    let nothing = Open::default();
    let mut rows: Vec<(usize, usize, String, &str)> = digest
        .models
        .iter()
        .map(|model| {
            let open = digest.open.get(model).unwrap_or(&nothing);
            let path = shorten(&model.0, LONGEST_PATH).into_owned();
            let what = open.what.as_deref().unwrap_or_default();
            (open.failing, open.all, path, what)
        })
        .collect();
    rows.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then(a.2.cmp(&b.2)));
    let paths = rows.iter().map(|row| row.2.chars().count());
    let path_width = paths.max().unwrap_or(0).max("Model".len());
    let _ = writeln!(
        text,
        "  {:<path_width$}  threats  fail  first thing to do",
        "model"
    );
    let room = width.saturating_sub(path_width + 19).max(20);
    for (failing, all, path, what) in rows.iter().take(MOST_MODELS) {
        let mut cut: String = what.chars().take(room).collect();
        if cut.len() < what.len() {
            cut.pop();
            cut.push('…');
        }
        let (path, cut) = (terminal(path), terminal(&cut));
        let _ = writeln!(text, "  {path:<path_width$}  {all:>7}  {failing:>4}  {cut}");
    }
    if rows.len() > MOST_MODELS {
        let _ = writeln!(text, "  … and {} more", rows.len() - MOST_MODELS);
    }
}
