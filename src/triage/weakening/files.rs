//! Which models there are, and what the baseline accepts.

use std::collections::BTreeSet;

use super::{Kind, Subject, Weakenings, start_of};
use crate::finding::Status;
use crate::model::Model;
use crate::notice::{Notice, code};
use crate::pipeline::Judged;
use crate::rules::Severity;
use crate::source::{OpenError, RepoPath, Tree};
use crate::triage::baseline::{Baseline, Extent, Former, Known, compare};

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
            removed(model, worst(base, model), weakenings);
        } else if hidden.insert(path) {
            let notice = hide(model, worst(base, model), files, weakenings);
            head.notices.push(notice);
            head.incomplete = true;
            head.broken.insert(path.clone());
        }
    }
}

/// The worst that was open in a model.
fn worst(base: &Judged, model: &Model) -> Severity {
    let open = base
        .findings
        .iter()
        .filter(|f| f.status.is_open())
        .filter(|f| std::ptr::eq(base.model_of(&f.where_seen()), model));
    open.map(|f| f.severity).max().unwrap_or(Severity::Info)
}

fn removed(model: &Model, worst: Severity, weakenings: &mut Weakenings) {
    let message = format!("the model “{}” was removed", model.name);
    weakenings
        .add(
            Kind::Removed,
            Subject::model(model),
            start_of(model.path()),
            "",
            message,
        )
        .let_through(worst);
}

fn hide(model: &Model, worst: Severity, files: &Files<'_>, weakenings: &mut Weakenings) -> Notice {
    let path = model.path();
    let reason = files.left.iter().find(|(left, _)| left == path);
    let reason = reason.map_or("it is ignored or not listed", |(_, reason)| {
        reason.strip_prefix("left: ").unwrap_or(reason)
    });
    let message = format!("{path} was a model at the base and is not read as one now: {reason}");
    weakenings
        .add(
            Kind::Hidden,
            Subject::model(model),
            start_of(path),
            "",
            message.clone(),
        )
        .let_through(worst);
    Notice::error(code::HIDDEN, start_of(path), message)
        .with_help("take back what hides it, or remove the file")
}

/// Entries that the baseline did not have; a model that moved keeps its own, and so does what
/// was renamed.
pub fn baseline(
    (now, then): (&Baseline, &Baseline),
    renamed: &Former,
    files: &Files<'_>,
    weakenings: &mut Weakenings,
) {
    for at in now.added_since(then, renamed, files.tree) {
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
        weakenings
            .add(
                Kind::Baseline,
                subject,
                place.clone(),
                &entry.fingerprint.to_string(),
                message,
            )
            .let_through(entry.severity);
    }
}

/// Entries that stayed in the baseline when their threats had gone, and now cover
/// threats that this change brings back.
pub fn returning(
    head: &Judged,
    base: &Judged,
    (now, then): (&Baseline, &Baseline),
    renamed: &Former,
    extent: &Extent<'_>,
    weakenings: &mut Weakenings,
) {
    let added = now.added_since(then, renamed, extent.tree);
    let added: BTreeSet<usize> = added.into_iter().collect();
    let comparison = compare(now, head, extent);
    for (finding, known) in head.findings.iter().zip(&comparison.findings) {
        let Known::Covered(at) = known else { continue };
        let model = head.model_of(finding);
        // What the base knows is not new; of what it could not read nothing is known.
        if finding.status != Status::New || added.contains(at) || base.broken.contains(model.path())
        {
            continue;
        }
        let entry = &now.entries[*at];
        let Some(place) = now.place(entry) else {
            continue;
        };
        let message = format!(
            "{} on {} “{}” of “{}” ({}) was not open at the base, and an entry that was left over accepts it",
            entry.rule,
            entry.class.name(),
            entry.element,
            entry.model,
            entry.path
        );
        let subject = Subject::other(place.path(), "Baseline", &entry.element);
        weakenings
            .add(
                Kind::Baseline,
                subject,
                place.clone(),
                &format!("again {}", entry.fingerprint),
                message,
            )
            .let_through(finding.severity);
    }
}
