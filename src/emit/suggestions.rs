//! What questions propose, as suggestions of a pull request's review: for the Action, which
//! posts those whose lines are in the pull request's diff.

use std::collections::HashSet;

use serde::Serialize;

use super::json::indented;
use super::markdown::marked;
use super::{Context, EmitError, Emitter, first, words};
use crate::escape::{is_shown_as_it_is, markdown, terminal, unobeyed};
use crate::report::{Fix, Report, Status, Verdict};

/// `--format github-suggestions`.
pub struct Suggestions;

/// So many are written; the Action posts fewer.
const MOST: usize = 100;
/// A suggestion of more lines is read by nobody.
const MOST_LINES: usize = 30;
/// A comment of more than 65,536 characters is refused.
const LONGEST: usize = 10_000;

impl Emitter for Suggestions {
    fn name(&self) -> &'static str {
        "github-suggestions"
    }

    fn about(&self) -> &'static str {
        "answers as suggestions for a pull request's review"
    }

    fn proposes(&self) -> bool {
        true
    }

    fn emit(&self, report: &Report, _: &Context<'_>) -> Result<String, EmitError> {
        let new = (report.findings.iter())
            .filter(|finding| matches!(finding.status, Status::New | Status::Unreviewed))
            .map(|finding| &*finding.fingerprint);
        let new: HashSet<&str> = new.collect();
        let settles_new = |fix: &&Fix| fix.todo.closes.iter().any(|it| new.contains(&**it));
        let fixes = report.fixes.iter().filter(settles_new);
        let suggestions = fixes.filter_map(|fix| of_fix(report, fix));
        let missing = words::not_judged(report);
        let missing = missing.iter().map(|it| terminal(&it.message).into_owned());
        let review = Review {
            verdict: report.verdict(),
            not_judged: missing.collect(),
            suggestions: suggestions.take(MOST).collect(),
        };
        indented(&review).map_err(|error| EmitError::Format {
            format: "github-suggestions",
            reason: error.to_string(),
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Review {
    /// What the run comes to.
    verdict: Verdict,
    /// What was not judged: nothing is proposed about it.
    not_judged: Vec<String>,
    suggestions: Vec<Suggestion>,
}

/// One comment.
#[derive(Serialize)]
struct Suggestion {
    /// The first line of the comment, by which a later run finds it.
    mark: String,
    path: String,
    /// The first line that it replaces.
    line: u32,
    /// The lines as they must stand in the pull request.
    before: Vec<String>,
    /// The comment.
    body: String,
}

/// The suggestion of a fix; nothing where GitHub would show other lines than it writes.
fn of_fix(report: &Report, fix: &Fix) -> Option<Suggestion> {
    let location = &fix.edits.first()?.location;
    let lines = &fix.lines;
    let whole = [&lines.before, &lines.after];
    let fits = whole.iter().all(|text| {
        is_shown_as_it_is(text)
            && unobeyed(text) == **text
            && !text.contains('\r')
            && text.lines().count() <= MOST_LINES
            && text.len() <= LONGEST
    });
    if !fits {
        return None;
    }
    let mark = marked(report, &fix.id);
    let fence = "`".repeat(longest_run(&lines.after).max(2) + 1);
    let body = format!(
        "{mark}\n**{}** {}.\n\n{} Commit this only if the answer is “{}”; nobody has confirmed it yet.\n\n{fence}suggestion\n{}\n{fence}\n",
        markdown(&first::what(&fix.todo)),
        markdown(&first::closes(&fix.todo)),
        markdown(&words::sentence(&first::risk(&fix.todo))),
        markdown(fix.todo.answer.as_deref().unwrap_or("yes")),
        lines.after,
    );
    Some(Suggestion {
        mark,
        path: location.path.to_string(),
        line: lines.first,
        before: lines.before.split('\n').map(str::to_owned).collect(),
        body: unobeyed(&body).into_owned(),
    })
}

/// The longest run of backticks: a fence must be longer.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}
