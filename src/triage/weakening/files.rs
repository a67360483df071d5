//! Which models there are, and what the baseline accepts.

use std::collections::BTreeSet;

use super::{Kind, Subject, Weakenings, start_of};
use crate::model::Model;
use crate::notice::{Notice, code};
use crate::pipeline::Judged;
use crate::source::{OpenError, RepoPath, Tree};
use crate::triage::baseline::Baseline;

/// What is known of the working tree's files.
pub struct Files<'a> {
    /// The files.
    pub tree: &'a dyn Tree,
    /// Every file that is or may be a model.
    pub candidates: &'a BTreeSet<RepoPath>,
    /// Why other files were left, by path.
    pub left: &'a [(RepoPath, String)],
}

impl Files<'_> {
    fn is_gone(&self, path: &RepoPath) -> bool {
        matches!(self.tree.open(path), Err(OpenError::Missing(_)))
    }
}

/// Models of the base without a counterpart. A path that was a model and is no
/// candidate now is an error, and the run incomplete, unless the file is gone.
pub fn models(
    head: &mut Judged,
    base: &Judged,
    pairs: &[Option<usize>],
    files: &Files<'_>,
    weakenings: &mut Weakenings,
) {
    let mut hidden: BTreeSet<&RepoPath> = BTreeSet::new();
    for (subject, pair) in base.models.iter().zip(pairs) {
        let model = &subject.model;
        let path = model.path();
        if pair.is_some() || head.broken.contains(path) {
            continue;
        }
        if files.is_gone(path) || files.candidates.contains(path) {
            removed(model, weakenings);
        } else if hidden.insert(path) {
            head.notices.push(hide(model, files, weakenings));
            head.incomplete = true;
            head.broken.insert(path.clone());
        }
    }
}

fn removed(model: &Model, weakenings: &mut Weakenings) {
    let message = format!("the model “{}” was removed", model.name);
    weakenings.add(
        Kind::Removed,
        Subject::model(model),
        start_of(model.path()),
        "",
        message,
    );
}

fn hide(model: &Model, files: &Files<'_>, weakenings: &mut Weakenings) -> Notice {
    let path = model.path();
    let reason = files.left.iter().find(|(left, _)| left == path);
    let reason = reason.map_or("it is ignored or not listed", |(_, reason)| {
        reason.strip_prefix("left: ").unwrap_or(reason)
    });
    let message = format!("{path} was a model at the base and is not read as one now: {reason}");
    weakenings.add(
        Kind::Hidden,
        Subject::model(model),
        start_of(path),
        "",
        message.clone(),
    );
    Notice::error(code::HIDDEN, start_of(path), message)
        .with_help("take back what hides it, or remove the file")
}

/// Entries that the baseline did not have; a model that moved keeps its own.
pub fn baseline(now: &Baseline, then: &Baseline, files: &Files<'_>, weakenings: &mut Weakenings) {
    for at in now.added_since(then, files.tree) {
        let entry = &now.entries[at];
        let Some(place) = now.place(entry) else {
            continue;
        };
        let message = format!(
            "{} on {} “{}” of “{}” ({}) is accepted",
            entry.rule,
            entry.class.name(),
            entry.element,
            entry.model,
            entry.path
        );
        let subject = Subject::other(place.path(), "Baseline", &entry.element);
        weakenings.add(
            Kind::Baseline,
            subject,
            place.clone(),
            &entry.fingerprint.to_string(),
            message,
        );
    }
}
