//! The files of a revision, as git objects.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::links::{Target, follow};
use super::tree::{Entry, EntryKind, OpenError, Tree, TreeError, decode};
use super::{RepoPath, Source};

/// The longest text of a link that is followed, in bytes; no system has longer ones.
const LONGEST_LINK: u64 = 4096;

/// So many bytes of text are kept for whoever asks again; what is opened beyond is fetched
/// each time.
const MOST_KEPT: usize = 64 << 20;

/// Reads the bytes of one object by its id, at most so many.
pub type Fetch = Box<dyn Fn(&str, u64) -> Result<Vec<u8>, FetchError> + Send + Sync>;

/// Why an object cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// It has that many bytes.
    TooLarge(u64),
    /// Anything else, in words.
    Failed(String),
}

/// The files of a revision, as git objects.
pub struct Objects {
    files: BTreeMap<RepoPath, (EntryKind, String)>,
    fetch: Fetch,
    kept: RwLock<Kept>,
}

/// Files that were opened. Thousands of models may be made of one, and to fetch it takes a
/// question to another process.
#[derive(Default)]
struct Kept {
    /// Each with the limit that it was opened with.
    files: BTreeMap<RepoPath, (Arc<Source>, u64)>,
    bytes: usize,
}

impl Objects {
    /// A tree of paths with their object ids; `fetch` reads an object.
    pub fn new(files: BTreeMap<RepoPath, (EntryKind, String)>, fetch: Fetch) -> Self {
        Self {
            files,
            fetch,
            kept: RwLock::default(),
        }
    }

    /// A file that was opened before with that limit or a lower one.
    fn kept(&self, path: &RepoPath, limit: u64) -> Option<Arc<Source>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let (source, most) = kept.files.get(path)?;
        (*most <= limit).then(|| Arc::clone(source))
    }

    /// Keeps a file for whoever asks again.
    fn keep(&self, source: &Arc<Source>, limit: u64) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let bytes = kept.bytes + source.text().len();
        // Two threads may have opened it at once.
        if bytes <= MOST_KEPT && !kept.files.contains_key(source.path()) {
            kept.bytes = bytes;
            let path = source.path().clone();
            kept.files.insert(path, (Arc::clone(source), limit));
        }
    }

    /// The object id of a file.
    pub fn id(&self, path: &RepoPath) -> Option<&str> {
        self.files.get(path).map(|(_, id)| id.as_str())
    }

    /// What stands in the link at a path, if there is one.
    fn link_at(&self, path: &RepoPath) -> Option<Target> {
        let (_, id) = self
            .files
            .get(path)
            .filter(|(kind, _)| *kind == EntryKind::Link)?;
        let text = (self.fetch)(id, LONGEST_LINK).ok();
        let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
        Some(match text {
            Some(text) if !text.starts_with('/') => Target::Beside(text),
            _ => Target::Outside,
        })
    }
}

impl Tree for Objects {
    fn entries(&self) -> Result<Vec<Entry>, TreeError> {
        Ok(self
            .files
            .iter()
            .map(|(path, (kind, _))| Entry {
                path: path.clone(),
                kind: *kind,
                tracked: true,
            })
            .collect())
    }

    fn open_up_to(&self, path: &RepoPath, limit: u64) -> Result<Arc<Source>, OpenError> {
        if let Some(source) = self.kept(path, limit) {
            return Ok(source);
        }
        let at = self
            .real(path)
            .ok_or_else(|| OpenError::LeadsOut(path.clone()))?;
        let (kind, id) = self
            .files
            .get(&at)
            .ok_or_else(|| OpenError::Missing(path.clone()))?;
        if *kind != EntryKind::File {
            return Err(OpenError::Outside(path.clone()));
        }
        let bytes = (self.fetch)(id, limit).map_err(|error| match error {
            FetchError::TooLarge(bytes) => OpenError::TooLarge {
                path: path.clone(),
                bytes,
                limit,
            },
            FetchError::Failed(reason) => OpenError::Io {
                path: path.clone(),
                reason,
            },
        })?;
        let source = decode(path, bytes, limit)?;
        self.keep(&source, limit);
        Ok(source)
    }

    fn may_be_named(&self, path: &RepoPath) -> bool {
        self.files.contains_key(path)
    }

    fn real(&self, path: &RepoPath) -> Option<RepoPath> {
        follow(path, |at| self.link_at(at))
    }
}
