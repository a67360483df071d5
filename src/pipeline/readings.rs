//! What was read of a tree.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Model;
use crate::notice::{Notice, Severity};
use crate::read::native;
use crate::source::{Place, RepoPath};

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Readings {
    /// Models by path, those of one file in the order of processing.
    pub models: Vec<Model>,
    /// What a person should know or mend.
    pub notices: Vec<Notice>,
    /// Whether something that is or may be a model could not be read completely.
    pub incomplete: bool,
    /// The files that are or may be models and could not be read completely: what
    /// was known of them before is neither stale nor to be removed (docs/semantics.md §5).
    pub broken: BTreeSet<RepoPath>,
    /// Whether one of these may be a model that includes others.
    pub lacks_a_whole: bool,
    /// Why each file that was looked at was taken or left, by path (`-v`).
    pub looked_at: Vec<(RepoPath, String)>,
    /// The files that bear the mark of a model, by path.
    pub candidates: Vec<RepoPath>,
    /// The files that were read only because a model includes them: nobody asked for these.
    pub brought: BTreeSet<RepoPath>,
    /// The files outside of the PATHs that were read because they include a model inside:
    /// what is found there at what they declare themselves nobody asked for.
    pub around: BTreeSet<RepoPath>,
    /// What the reading of each candidate rests on.
    pub behind: BTreeMap<RepoPath, Behind>,
}

/// What the reading of a candidate rests on.
#[derive(Clone, Debug, Default)]
pub struct Behind {
    /// Every path that the tree was asked for, whether or not there is such a file: the
    /// reading depends on these and on nothing else.
    pub asked: BTreeSet<RepoPath>,
    /// Every other file that was read on the way, sorted.
    pub parts: Vec<RepoPath>,
    /// Whether it could not be read completely.
    pub is_broken: bool,
}

impl Readings {
    /// Without the models that nobody asked for: for what shows models and judges none.
    pub fn leave_unasked(&mut self) {
        self.leave_around();
        let brought = &self.brought;
        self.models.retain(|model| !brought.contains(model.path()));
    }

    /// Without the models that are read only for what they find in others, and what is said
    /// of them.
    pub fn leave_around(&mut self) {
        let around = std::mem::take(&mut self.around);
        if around.is_empty() {
            return;
        }
        let is_asked = |path: &RepoPath| !around.contains(path);
        self.models.retain(|model| is_asked(model.path()));
        self.candidates.retain(is_asked);
        self.broken.retain(is_asked);
        self.notices.retain(|notice| {
            let path = notice.place.as_ref().map(Place::path);
            path.is_none_or(is_asked)
        });
        let mut notices = self.notices.iter();
        self.incomplete =
            !self.broken.is_empty() || notices.any(|it| it.severity == Severity::Error);
    }

    /// Adds a candidate.
    pub(super) fn add(&mut self, path: RepoPath, behind: Behind) {
        self.candidates.push(path.clone());
        self.behind.insert(path, behind);
    }

    /// The files of the models in tmrs's own format, which others may include.
    pub(super) fn native(&self) -> impl Iterator<Item = &RepoPath> {
        let models = self.models.iter();
        let native = models.filter(|model| model.format == native::FORMAT);
        native.map(Model::path)
    }

    /// These models, with every file that one of them includes and that was read: what a whole
    /// finds is found there.
    pub fn with_included(&self, mut paths: BTreeSet<RepoPath>) -> BTreeSet<RepoPath> {
        let models = self
            .models
            .iter()
            .filter(|model| paths.contains(model.path()));
        let included = models.flat_map(|model| &model.included);
        let read: BTreeSet<&RepoPath> = self.candidates.iter().collect();
        let included = included.map(|part| &part.path);
        let included: Vec<RepoPath> = included
            .filter(|path| read.contains(path))
            .cloned()
            .collect();
        paths.extend(included);
        paths
    }
}
