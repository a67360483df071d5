//! The only way to open a file of the repository (SEMANTICS §0).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{RepoPath, Source};

/// The largest file that is read, in bytes; larger ones are an error, never skipped.
pub const MAX_FILE_BYTES: u64 = 10 * 1024 * 1024;

/// A repository at one moment: the working tree, a revision's objects, or memory.
pub trait Tree: Send + Sync {
    /// Every file that can be a candidate, sorted by path.
    fn entries(&self) -> Result<Vec<Entry>, TreeError>;

    /// Reads one file, bounded by [`MAX_FILE_BYTES`], never inside `.git`, never
    /// through a link that leaves the root.
    fn open(&self, path: &RepoPath) -> Result<Arc<Source>, OpenError> {
        self.open_up_to(path, MAX_FILE_BYTES)
    }

    /// As [`Tree::open`], with a bound of its own, in bytes: a baseline may be
    /// larger than any model.
    fn open_up_to(&self, path: &RepoPath, limit: u64) -> Result<Arc<Source>, OpenError>;

    /// Whether a *model* may name this file: tracked by git or, without git,
    /// below the root (SEMANTICS §0).
    fn may_be_named(&self, path: &RepoPath) -> bool;
}

/// One file of a tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Where it is.
    pub path: RepoPath,
    /// What it is.
    pub kind: EntryKind,
    /// Whether git tracks it (false where there is no git).
    pub tracked: bool,
}

/// What an entry of a tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// Another repository's commit.
    Submodule,
}

/// Why a tree's files cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// A folder cannot be read.
    #[error("cannot list the files of {folder}: {reason}")]
    Walk {
        /// The folder.
        folder: String,
        /// The system's words.
        reason: String,
    },
}

/// Why a file cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// There is none.
    #[error("there is no file {0}")]
    Missing(RepoPath),
    /// It is larger than what is read.
    #[error("{path} has {bytes} bytes, more than the {limit} that are read")]
    TooLarge {
        /// The file.
        path: RepoPath,
        /// Its size.
        bytes: u64,
        /// How much is read.
        limit: u64,
    },
    /// It is not UTF-8.
    #[error("{path} is not UTF-8: byte {offset} starts no character")]
    NotUtf8 {
        /// The file.
        path: RepoPath,
        /// The first offset that is wrong.
        offset: usize,
    },
    /// It is a link that leaves the repository, a folder, or inside `.git`.
    #[error("{0} is not a file of this repository")]
    Outside(RepoPath),
    /// Git LFS left a pointer in its place.
    #[error("{0} is a Git LFS pointer, its content was not fetched")]
    LfsPointer(RepoPath),
    /// The system says no.
    #[error("cannot read {path}: {reason}")]
    Io {
        /// The file.
        path: RepoPath,
        /// The system's words.
        reason: String,
    },
}

/// Decodes what was read, with the same errors for every tree.
fn decode(path: &RepoPath, bytes: Vec<u8>, limit: u64) -> Result<Arc<Source>, OpenError> {
    if bytes.len() as u64 > limit {
        return Err(OpenError::TooLarge {
            path: path.clone(),
            bytes: bytes.len() as u64,
            limit,
        });
    }
    if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
        return Err(OpenError::LfsPointer(path.clone()));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(path.clone(), text)),
        Err(error) => Err(OpenError::NotUtf8 {
            path: path.clone(),
            offset: error.utf8_error().valid_up_to(),
        }),
    }
}

/// The working tree.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    tracked: Option<BTreeSet<RepoPath>>,
}

impl Disk {
    /// The tree below `root` (absolute, canonical). `tracked` lists git's files
    /// relative to it; `None` where there is no git.
    pub fn new(root: PathBuf, tracked: Option<BTreeSet<RepoPath>>) -> Self {
        Self { root, tracked }
    }

    /// The root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

/// Whether a folder is a repository of its own, such as a submodule that is
/// checked out or another worktree: what lies in it has another root (SEMANTICS
/// §0), and no revision of this repository knows it.
fn is_another_root(entry: &ignore::DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    is_folder && entry.depth() > 0 && entry.path().join(".git").symlink_metadata().is_ok()
}

impl Tree for Disk {
    fn entries(&self) -> Result<Vec<Entry>, TreeError> {
        let mut entries: BTreeMap<RepoPath, Entry> = BTreeMap::new();
        for path in self.tracked.iter().flatten() {
            let Ok(meta) = self.root.join(path.as_str()).symlink_metadata() else {
                continue;
            };
            let kind = if meta.is_symlink() {
                EntryKind::Link
            } else if meta.is_dir() {
                EntryKind::Submodule
            } else {
                EntryKind::File
            };
            entries.insert(
                path.clone(),
                Entry {
                    path: path.clone(),
                    kind,
                    tracked: true,
                },
            );
        }
        // Untracked files count unless the repository itself ignores them; the
        // machine's global ignore files do not, so that every machine sees the same.
        let walk = ignore::WalkBuilder::new(&self.root)
            .hidden(false)
            .git_global(false)
            .git_exclude(false)
            .parents(false)
            .ignore(false)
            .require_git(false)
            .filter_entry(|entry| entry.file_name() != ".git" && !is_another_root(entry))
            .build();
        for found in walk {
            let found = found.map_err(|error| TreeError::Walk {
                folder: ".".into(),
                reason: error.to_string(),
            })?;
            let Some(kind) = found.file_type() else {
                continue;
            };
            let kind = if kind.is_symlink() {
                EntryKind::Link
            } else if kind.is_file() {
                EntryKind::File
            } else {
                continue;
            };
            let Ok(relative) = found.path().strip_prefix(&self.root) else {
                continue;
            };
            let Some(path) = RepoPath::of(relative) else {
                continue;
            };
            entries.entry(path.clone()).or_insert(Entry {
                path,
                kind,
                tracked: false,
            });
        }
        Ok(entries.into_values().collect())
    }

    fn open_up_to(&self, path: &RepoPath, limit: u64) -> Result<Arc<Source>, OpenError> {
        let io = |error: &std::io::Error| OpenError::Io {
            path: path.clone(),
            reason: error.to_string(),
        };
        if path.is_git_internal() || path.as_str().is_empty() {
            return Err(OpenError::Outside(path.clone()));
        }
        let real = match self.root.join(path.as_str()).canonicalize() {
            Ok(real) => real,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(OpenError::Missing(path.clone()));
            }
            Err(error) => return Err(io(&error)),
        };
        let inside = real.strip_prefix(&self.root).ok().and_then(RepoPath::of);
        if inside.is_none_or(|inside| inside.is_git_internal()) {
            return Err(OpenError::Outside(path.clone()));
        }
        let meta = real.metadata().map_err(|error| io(&error))?;
        if !meta.is_file() {
            return Err(OpenError::Outside(path.clone()));
        }
        if meta.len() > limit {
            return Err(OpenError::TooLarge {
                path: path.clone(),
                bytes: meta.len(),
                limit,
            });
        }
        let mut bytes = Vec::with_capacity(meta.len() as usize);
        File::open(&real)
            .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
            .map_err(|error| io(&error))?;
        decode(path, bytes, limit)
    }

    fn may_be_named(&self, path: &RepoPath) -> bool {
        match &self.tracked {
            Some(tracked) => tracked.contains(path),
            None => !path.is_git_internal(),
        }
    }
}

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
}

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
}

impl Objects {
    /// A tree of paths with their object ids; `fetch` reads an object.
    pub fn new(files: BTreeMap<RepoPath, (EntryKind, String)>, fetch: Fetch) -> Self {
        Self { files, fetch }
    }

    /// The object id of a file.
    pub fn id(&self, path: &RepoPath) -> Option<&str> {
        self.files.get(path).map(|(_, id)| id.as_str())
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
        let mut at = path.clone();
        // A link inside a revision is followed as text; a handful of hops is plenty.
        for _ in 0..8 {
            let (kind, id) = self
                .files
                .get(&at)
                .ok_or_else(|| OpenError::Missing(path.clone()))?;
            if *kind == EntryKind::Submodule {
                break;
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
            match kind {
                EntryKind::File => return decode(path, bytes, limit),
                EntryKind::Submodule => break,
                EntryKind::Link => {
                    let target = String::from_utf8(bytes)
                        .ok()
                        .and_then(|text| at.sibling(&text));
                    at = target.ok_or_else(|| OpenError::Outside(path.clone()))?;
                }
            }
        }
        Err(OpenError::Outside(path.clone()))
    }

    fn may_be_named(&self, path: &RepoPath) -> bool {
        self.files.contains_key(path)
    }
}
