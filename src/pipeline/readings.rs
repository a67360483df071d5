//! What was read of a tree.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Model;
use crate::notice::Notice;
use crate::source::RepoPath;

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
    /// Why each file that was looked at was taken or left, by path (`-v`).
    pub looked_at: Vec<(RepoPath, String)>,
    /// The files that bear the mark of a model, by path.
    pub candidates: Vec<RepoPath>,
    /// The files that were read only because a model includes them: nobody asked for these.
    pub brought: BTreeSet<RepoPath>,
    /// Every path that the tree was asked for to read each candidate, whether or not
    /// there is such a file: the reading depends on these and on nothing else.
    pub asked: BTreeMap<RepoPath, BTreeSet<RepoPath>>,
}

impl Readings {
    /// Without the models that nobody asked for: for what shows models and judges none.
    pub fn leave_brought(&mut self) {
        let brought = &self.brought;
        self.models.retain(|model| !brought.contains(model.path()));
    }

    /// These models, with every file that one of them includes: what a whole finds is found there.
    pub fn with_included(&self, mut paths: BTreeSet<RepoPath>) -> BTreeSet<RepoPath> {
        let models = self
            .models
            .iter()
            .filter(|model| paths.contains(model.path()));
        let included = models.flat_map(|model| &model.included);
        let included: Vec<RepoPath> = included.map(|part| part.path.clone()).collect();
        paths.extend(included);
        paths
    }
}
