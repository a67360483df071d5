//! A tree that remembers what it was asked for.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use super::{Entry, OpenError, RepoPath, Source, Tree, TreeError};

/// Another tree, and every path that was asked for, found or not: what is read
/// through it depends on nothing else in the repository.
pub struct Watched<'a> {
    tree: &'a dyn Tree,
    asked: Mutex<BTreeSet<RepoPath>>,
}

impl<'a> Watched<'a> {
    /// Nothing was asked yet.
    pub fn new(tree: &'a dyn Tree) -> Self {
        Self {
            tree,
            asked: Mutex::default(),
        }
    }

    /// Every path that was asked for.
    pub fn asked(self) -> BTreeSet<RepoPath> {
        self.asked
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn note(&self, path: &RepoPath) {
        let mut asked = self
            .asked
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if !asked.contains(path) {
            asked.insert(path.clone());
        }
    }
}

impl Tree for Watched<'_> {
    fn entries(&self) -> Result<Vec<Entry>, TreeError> {
        let entries = self.tree.entries()?;
        for entry in &entries {
            self.note(&entry.path);
        }
        Ok(entries)
    }

    fn open_up_to(&self, path: &RepoPath, limit: u64) -> Result<Arc<Source>, OpenError> {
        self.note(path);
        self.tree.open_up_to(path, limit)
    }

    fn may_be_named(&self, path: &RepoPath) -> bool {
        self.note(path);
        self.tree.may_be_named(path)
    }

    fn real(&self, path: &RepoPath) -> Option<RepoPath> {
        self.note(path);
        self.tree.real(path)
    }

    fn below(&self, folder: &RepoPath) -> Result<Vec<RepoPath>, TreeError> {
        let files = self.tree.below(folder)?;
        for file in &files {
            self.note(file);
        }
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    #[test]
    fn what_is_not_there_was_asked_for_too() {
        let tree = Memory::new([("a.py", "x = 1\n"), ("b.py", "")]);
        let watched = Watched::new(&tree);
        let path = |path: &str| RepoPath::new(path).unwrap();
        assert!(watched.open(&path("a.py")).is_ok());
        assert!(watched.open(&path("gone.json")).is_err());
        assert!(!watched.may_be_named(&path("other.py")));
        let asked: Vec<String> = watched.asked().iter().map(ToString::to_string).collect();
        assert_eq!(asked, ["a.py", "gone.json", "other.py"]);
    }
}
