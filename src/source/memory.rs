//! Files that exist only in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::tree::{Entry, EntryKind, OpenError, Tree, TreeError, decode};
use super::{RepoPath, Source};

/// Files that exist only in memory; for tests and rule tests.
#[derive(Debug, Default)]
pub struct Memory {
    files: BTreeMap<RepoPath, Vec<u8>>,
}

impl Memory {
    /// A tree of these files.
    pub fn new<P: AsRef<str>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let files = files
            .into_iter()
            .filter_map(|(path, bytes)| Some((RepoPath::new(path.as_ref())?, bytes.into())))
            .collect();
        Self { files }
    }
}

impl Tree for Memory {
    fn entries(&self) -> Result<Vec<Entry>, TreeError> {
        Ok(self
            .files
            .keys()
            .map(|path| Entry {
                path: path.clone(),
                kind: EntryKind::File,
                tracked: true,
            })
            .collect())
    }

    fn open_up_to(&self, path: &RepoPath, limit: u64) -> Result<Arc<Source>, OpenError> {
        let bytes = self
            .files
            .get(path)
            .ok_or_else(|| OpenError::Missing(path.clone()))?;
        decode(path, bytes.clone(), limit)
    }

    fn may_be_named(&self, path: &RepoPath) -> bool {
        self.files.contains_key(path)
    }

    fn real(&self, path: &RepoPath) -> Option<RepoPath> {
        (!path.is_git_internal()).then(|| path.clone())
    }
}
