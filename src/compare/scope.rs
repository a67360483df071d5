//! What of the working tree a run is about: everything, what a change touches, or the
//! models that some files are part of.

use std::collections::BTreeSet;

use super::base::Base;
use super::differing::differing;
use super::error::Error;
use super::side::Side;
use crate::discover::may_hold_a_model;
use crate::notice::Severity;
use crate::pipeline::Readings;
use crate::source::{Place, RepoPath};

/// What a run is about.
#[derive(Debug, Default)]
pub struct About {
    /// The PATHs of the command line, as written and as what they lead to; none for the
    /// whole repository.
    pub scope: Vec<RepoPath>,
    /// Only models that changed since the base.
    pub changed_only: bool,
    /// Files that somebody asks about, changed or not.
    pub files: BTreeSet<RepoPath>,
}

/// What was read of the working tree.
pub struct Scoped {
    /// The models that the run is about.
    pub readings: Readings,
    /// The paths that it is about; none for everything.
    pub paths: Vec<RepoPath>,
    /// Why each file that was looked at was taken or left.
    pub looked_at: Vec<(RepoPath, String)>,
    /// Every file that is or may be a model, also where the run is not about it.
    pub candidates: BTreeSet<RepoPath>,
}

impl Scoped {
    fn of(readings: Readings, paths: Vec<RepoPath>) -> Self {
        Self {
            looked_at: readings.looked_at.clone(),
            candidates: readings.candidates.iter().cloned().collect(),
            readings,
            paths,
        }
    }

    /// Leaves only what was read of these files.
    fn narrow(&mut self, files: &[RepoPath]) {
        narrow(&mut self.readings, files);
    }
}

/// Everything below the PATHs.
pub fn everything(head: &Side<'_>, about: &About) -> Result<Scoped, Error> {
    Ok(Scoped::of(head.read()?, about.scope.clone()))
}

/// The models that changed, and every changed file inside the PATHs, for it may have
/// been a model.
pub fn changed(base: &Base<'_>, about: &About) -> Result<Scoped, Error> {
    let differing = differing(base)?;
    let readings = base.head.read_only(differing.touched)?;
    let mut changed: BTreeSet<RepoPath> = base.changed(&readings).into_iter().collect();
    // What was read may be made of what changed, and of an incomplete model nobody knows
    // what it is made of.
    changed.extend(readings.broken.iter().cloned());
    let changed = readings.with_included(changed);
    let mut scoped = Scoped::of(readings, Vec::new());
    scoped.narrow(&changed.iter().cloned().collect::<Vec<_>>());
    let around = &scoped.readings.around;
    let changed = changed.into_iter().filter(|path| !around.contains(path));
    let changed: Vec<RepoPath> = changed.collect();
    let paths = &about.scope;
    let is_inside = |path: &RepoPath| paths.is_empty() || paths.iter().any(|p| path.is_below(p));
    let differing = differing.paths.into_iter().filter(is_inside);
    let all: BTreeSet<RepoPath> = changed.into_iter().chain(differing).collect();
    scoped.paths = or_nothing(all);
    Ok(scoped)
}

/// The models that the named files are part of, whole.
pub fn made_of(head: &Side<'_>, files: &BTreeSet<RepoPath>) -> Result<Scoped, Error> {
    let readings = head.read()?;
    let broken = readings.broken.iter();
    let all = readings.candidates.iter().chain(broken);
    let is_asked = |path: &&RepoPath| {
        let behind = readings.behind.get(*path);
        files.contains(*path) || behind.is_some_and(|it| !it.asked.is_disjoint(files))
    };
    let asked: BTreeSet<RepoPath> = all.filter(is_asked).cloned().collect();
    let asked = readings.with_included(asked);
    let mut scoped = Scoped::of(readings, Vec::new());
    scoped.narrow(&asked.iter().cloned().collect::<Vec<_>>());
    scoped.paths = or_nothing(asked);
    Ok(scoped)
}

/// Whether one of the named files differs in nothing from the base: then they are asked
/// about as they are.
pub fn asks_about_unchanged(base: &Base<'_>, files: &BTreeSet<RepoPath>) -> bool {
    let mut candidates = files.iter().filter(|path| may_hold_a_model(path));
    candidates.any(|path| base.has_same(path))
}

/// No path at all would mean everything: nothing lies below the one that is added.
fn or_nothing(paths: BTreeSet<RepoPath>) -> Vec<RepoPath> {
    paths.into_iter().chain(RepoPath::new(".git")).collect()
}

fn narrow(readings: &mut Readings, wanted: &[RepoPath]) {
    let wanted: BTreeSet<&RepoPath> = wanted.iter().collect();
    let others: BTreeSet<RepoPath> = readings
        .candidates
        .iter()
        .chain(&readings.broken)
        .filter(|path| !wanted.contains(path))
        .cloned()
        .collect();
    readings.models.retain(|m| wanted.contains(m.path()));
    readings.broken.retain(|path| wanted.contains(path));
    readings.notices.retain(|notice| {
        let path = notice.place.as_ref().map(Place::path);
        !path.is_some_and(|path| others.contains(path))
    });
    readings.incomplete = !readings.broken.is_empty()
        || readings
            .notices
            .iter()
            .any(|notice| notice.severity == Severity::Error);
}
