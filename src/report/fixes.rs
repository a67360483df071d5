//! What questions propose to write: for each finding that an answer settles, the edits of
//! one file by which the model gives that answer. For outputs that people apply them from.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::settling::{Part, Step};
use super::todo::{Task, Todo, TodoKind};
use super::{Deciding, Location, Report, Whose};
use crate::answer::{Answer, Edit, Proposals, Written, value};
use crate::finding::Fingerprint;
use crate::model::Attr;
use crate::pipeline::Judged;
use crate::source::Span;

/// So many are worked out: those that settle the most.
const MOST_FIXES: usize = 1_000;

/// One answer, and the edits that write it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// The same for as long as it proposes the same of the same model.
    pub id: String,
    /// The question, and what the answer closes by itself.
    pub todo: Todo,
    /// What changes, in the order of the file; the locations are of what goes.
    pub edits: Vec<FixEdit>,
    /// The same as whole lines.
    pub lines: FixLines,
}

/// A region of a file, and what comes in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixEdit {
    /// What goes; empty where something is put in.
    pub location: Location,
    /// What comes.
    pub text: String,
}

/// Whole lines of a file, before and after, without the end of the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixLines {
    /// The number of the first one.
    pub first: u32,
    /// The number of the last one.
    pub last: u32,
    /// As they are.
    pub before: String,
    /// As they are proposed.
    pub after: String,
}

/// An answer, whoever asks.
type Key = (Whose, String, String);

/// The fixes of a report, those that settle the most first; none where the model or its
/// format has no line that says the answer and nothing else.
pub(super) fn fixes(judged: &Judged, report: &Report) -> Vec<Fix> {
    let mut tasks = report.tasks(|_| true);
    tasks.retain(|task| task.todo.kind == TodoKind::Answer);
    let mut each = each_set(report, &tasks);
    each.sort_by_cached_key(|task| Reverse(report.gain(task)));
    each.truncate(MOST_FIXES);
    let mut proposals: BTreeMap<u32, Proposals<'_>> = BTreeMap::new();
    let fix = |task: Task<'_>| {
        let number = task.todo.steps.first()?.whose?.model;
        let model = &judged.models.get(number as usize)?.model;
        let proposals = proposals
            .entry(number)
            .or_insert_with(|| Proposals::new(model));
        let answers = task.todo.steps.iter().map(|step| {
            let whose = step.whose.filter(|whose| whose.model == number)?;
            let name = step.attribute.rsplit('.').next().unwrap_or_default();
            let attribute = Attr::named(name);
            Some(Answer {
                model: number as usize,
                owners: vec![whose.owner],
                value: value(model, whose.owner, &attribute, &step.value)?,
                attribute,
            })
        });
        let written = proposals.edits(&answers.collect::<Option<Vec<_>>>()?)?;
        if written.before.is_withheld() {
            return None;
        }
        Some(Fix {
            id: id(&task.todo),
            edits: written.edits.iter().map(|it| place(&written, it)).collect(),
            lines: lines(&written)?,
            todo: task.todo,
        })
    };
    each.into_iter().filter_map(fix).collect()
}

/// The findings that the same answers settle, of the answers that questions ask for.
fn each_set<'a>(report: &Report, tasks: &[Task<'a>]) -> Vec<Task<'a>> {
    let steps = tasks.iter().flat_map(|task| &task.todo.steps);
    let asked = steps.filter_map(|step| {
        let whose = step.whose?;
        Some((whose, step.attribute.clone(), step.value.to_string()))
    });
    let asked: BTreeSet<Key> = asked.collect();
    let key = |answer: &Deciding| -> Option<Key> {
        let whose = answer.whose?;
        Some((whose, answer.attribute.clone(), answer.value.to_string()))
    };
    let is_asked = |set: &&Vec<Deciding>| {
        !set.is_empty()
            && set
                .iter()
                .all(|answer| key(answer).is_some_and(|key| asked.contains(&key)))
    };
    let mut at: BTreeMap<Vec<Key>, usize> = BTreeMap::new();
    let mut parts: Vec<Part<'a>> = Vec::new();
    let findings = tasks.iter().flat_map(|task| task.findings.iter().copied());
    for finding in findings {
        let Some(set) = finding.deciding.iter().find(is_asked) else {
            continue;
        };
        let keys = set.iter().filter_map(key).collect();
        let next = *at.entry(keys).or_insert(parts.len());
        match parts.get_mut(next) {
            Some(part) => part.findings.push(finding),
            None => parts.push(Part {
                steps: set.iter().map(Step::from).collect(),
                findings: vec![finding],
            }),
        }
    }
    let tasks = parts.into_iter().filter_map(|part| report.task(part));
    tasks.collect()
}

fn id(todo: &Todo) -> String {
    let values: Vec<String> = todo.steps.iter().map(|it| it.value.to_string()).collect();
    let steps = todo.steps.iter().zip(&values);
    let steps = steps.flat_map(|(step, value)| [&*step.element, &*step.attribute, &**value]);
    let parts = ["fix", &*todo.model, &*todo.model_name].into_iter();
    Fingerprint::of_parts(parts.chain(steps)).to_string()
}

fn place(written: &Written, edit: &Edit) -> FixEdit {
    let span = Span::new(edit.range.start, edit.range.end);
    FixEdit {
        location: Location::from(&written.before.place(span)),
        text: edit.text.clone(),
    }
}

/// The lines from the first that changes to the last. What is put in at the start of a line
/// stands after the one before.
fn lines(written: &Written) -> Option<FixLines> {
    let text = written.before.text();
    let (first, last) = (written.edits.first()?, written.edits.last()?);
    let from = first.range.start;
    let follows = first.range.is_empty() && first.text.ends_with('\n');
    let from = if follows {
        from.saturating_sub(1)
    } else {
        from
    };
    let stays = last.range.is_empty() && !last.text.ends_with('\n');
    let to = last.range.end.saturating_sub(usize::from(!stays));
    let start = text.get(..from)?.rfind('\n').map_or(0, |at| at + 1);
    let to = to.max(from);
    let end = text
        .get(to..)?
        .find('\n')
        .map_or(text.len(), |at| to + at + 1);
    // What follows the last edit is as long as before.
    let whole = written.text();
    let after = whole.get(start..whole.len() - (text.len() - end))?;
    let line = |offset: usize| {
        let offset = u32::try_from(offset).ok()?;
        Some(written.before.position(offset).line)
    };
    let lines = |text: &str| text.strip_suffix('\n').unwrap_or(text).to_owned();
    Some(FixLines {
        first: line(start)?,
        last: line(to)?,
        before: lines(text.get(start..end)?),
        after: lines(after),
    })
}
