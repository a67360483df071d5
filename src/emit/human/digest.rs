//! What the page needs of a report, kept while that is told: the best things to do, what gets
//! a line, and counts. All else is let go, so that a thousand models take the room of one.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::lines::{answered, dormant};
use super::{Context, MOST_BRIEF, first};
use crate::report::{Best, FIRST, FindingInfo, Parts, Report, Status, Todo};

/// A report, as far as the page shows it.
pub(super) struct Digest<'r> {
    /// What is known before anything is told.
    pub(super) head: &'r Report,
    /// Whether nothing was known before and several models were judged.
    pub(super) is_first_run: bool,
    /// The models by path and name, unless only what fails is asked for.
    pub(super) models: Vec<(Arc<str>, Arc<str>)>,
    /// What is open in each of a first run.
    pub(super) open: BTreeMap<(Arc<str>, Arc<str>), Open>,
    /// What to do, the best first, with what it settles.
    pub(super) best: Vec<(Todo, Vec<FindingInfo>)>,
    /// How many things to do fail the gate.
    pub(super) failing: usize,
    /// How many do not.
    pub(super) others: usize,
    /// How many threats those settle.
    pub(super) other_threats: usize,
    /// What weakens the check.
    pub(super) weakenings: Vec<FindingInfo>,
    /// What the change itself settles.
    pub(super) settled: Vec<FindingInfo>,
    /// The first threat that fails the gate.
    pub(super) first_failing: Option<FindingInfo>,
    /// What was answered or excluded, and which rules wait for what, in lines (`-v`).
    pub(super) beside: String,
}

/// What is open in a model of a first run.
#[derive(Default)]
pub(super) struct Open {
    pub(super) all: usize,
    pub(super) failing: usize,
    /// The first thing to do about it.
    pub(super) what: Option<String>,
}

impl<'r> Digest<'r> {
    /// Has a report told.
    ///
    /// # Errors
    /// What the telling says.
    pub(super) fn of(parts: &'r dyn Parts, context: &Context<'_>) -> io::Result<Self> {
        let mut digest = Self {
            head: parts.head(),
            is_first_run: false,
            models: Vec::new(),
            open: BTreeMap::new(),
            best: Vec::new(),
            failing: 0,
            others: 0,
            other_threats: 0,
            weakenings: Vec::new(),
            settled: Vec::new(),
            first_failing: None,
            beside: String::new(),
        };
        let mut asleep = String::new();
        if context.verbose || !context.quiet {
            parts.each_model(&mut |model| {
                if context.verbose {
                    dormant(model, &mut asleep);
                }
                let named = (Arc::clone(&model.path), Arc::clone(&model.name));
                digest.models.push(named);
                Ok(())
            })?;
        }
        digest.is_first_run = is_first_run(digest.head, digest.models.len());
        let most = if context.verbose {
            usize::MAX
        } else {
            FIRST + MOST_BRIEF
        };
        let mut best = Best::new(most);
        parts.each_part(&mut |part| {
            digest.part(part, context, &mut best);
            Ok(())
        })?;
        digest.best = best.into_things();
        digest.beside.push_str(&asleep);
        Ok(digest)
    }

    /// How many things to do are told in full.
    pub(super) fn in_full(&self, context: &Context<'_>) -> usize {
        let all = self.failing + self.others;
        if context.verbose {
            all
        } else {
            first::in_full(self.failing, all)
        }
    }

    /// Keeps what is shown of the findings of some models.
    fn part(
        &mut self,
        part: &[FindingInfo],
        context: &Context<'_>,
        best: &mut Best<(Todo, Vec<FindingInfo>)>,
    ) {
        let (verbose, quiet) = (context.verbose, context.quiet);
        let kinds = self.head.kinds_of_weakening();
        for finding in part {
            let weakens = kinds.contains(&&*finding.rule);
            if weakens {
                self.weakenings.push(finding.clone());
            }
            if finding.settled_by_change {
                self.settled.push(finding.clone());
            }
            if finding.failing && !weakens && self.first_failing.is_none() {
                self.first_failing = Some(finding.clone());
            }
            if verbose && !finding.status.is_open() {
                answered(finding, &mut self.beside);
            }
        }
        let shown = |f: &FindingInfo| {
            f.status.is_open()
                && (f.status != Status::Baselined || verbose)
                && (!quiet || f.failing)
        };
        let tasks = self.head.tasks_among(part, shown);
        for task in &tasks {
            if task.todo.failing > 0 {
                self.failing += 1;
            } else {
                self.others += 1;
                self.other_threats += task.findings.len();
            }
        }
        if self.is_first_run && !verbose && !quiet {
            self.count(part);
            for task in &tasks {
                let todo = &task.todo;
                let named = (Arc::clone(&todo.model), Arc::clone(&todo.model_name));
                let open = self.open.entry(named).or_default();
                open.what.get_or_insert_with(|| first::what(todo));
            }
        }
        let head = self.head;
        best.add(tasks.into_iter().map(|task| {
            let gain = head.gain(&task);
            let findings = task.findings.into_iter().cloned().collect();
            (gain, (task.todo, findings))
        }));
    }

    fn count(&mut self, part: &[FindingInfo]) {
        for finding in part.iter().filter(|f| f.status == Status::New) {
            let named = (Arc::clone(&finding.model), Arc::clone(&finding.model_name));
            let open = self.open.entry(named).or_default();
            open.all += 1;
            open.failing += usize::from(finding.failing);
        }
    }
}

/// Whether nothing was known before and several models were judged.
fn is_first_run(report: &Report, models: usize) -> bool {
    let count = |status| report.summary.by_status.get(&status).copied();
    models > 1
        && report.run.base.is_none()
        && report.fixed.is_empty()
        && count(Status::Baselined).unwrap_or(0) == 0
        && count(Status::New).unwrap_or(0) > 0
}
