//! A tree in which some files have another text than on the disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Entry, OpenError, RepoPath, Source, Tree, TreeError};

/// Another tree, with texts in the place of what its files hold.
pub struct Edited<'a> {
    tree: &'a dyn Tree,
    texts: BTreeMap<RepoPath, String>,
}

impl<'a> Edited<'a> {
    /// The tree with these texts.
    pub fn new(tree: &'a dyn Tree, texts: BTreeMap<RepoPath, String>) -> Self {
        Self { tree, texts }
    }
}

impl Tree for Edited<'_> {
    fn entries(&self) -> Result<Vec<Entry>, TreeError> {
        self.tree.entries()
    }

    fn open_up_to(&self, path: &RepoPath, limit: u64) -> Result<Arc<Source>, OpenError> {
        match self.texts.get(path) {
            Some(text) => Ok(Source::new(path.clone(), text.clone())),
            None => self.tree.open_up_to(path, limit),
        }
    }

    fn may_be_named(&self, path: &RepoPath) -> bool {
        self.tree.may_be_named(path)
    }

    fn real(&self, path: &RepoPath) -> Option<RepoPath> {
        self.tree.real(path)
    }

    fn below(&self, folder: &RepoPath) -> Result<Vec<RepoPath>, TreeError> {
        self.tree.below(folder)
    }
}
