//! A revision of the repository as a tree: by a name that a person gives, with
//! the remedy for everything that can be in the way.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use sha2::{Digest as _, Sha256};

use super::error::Error;
use crate::source::{EntryKind, Fetch, FetchError, Objects, RepoPath, Source, Tree as _};
use crate::tools::revision::{self, Holds, ObjectError, ObjectReader, RevisionError};
use crate::tools::{self, ToolError};

/// The files of a commit, read as git objects: nothing is checked out. Repositories are
/// named by their root, where git keeps them.
pub struct Revision {
    /// The commit's hash.
    pub commit: String,
    /// The hash of the checked-out commit, where the two were held against each other.
    pub here: Option<String>,
    /// Its files.
    pub tree: Objects,
    /// The first object that should be here and is not.
    missing: Arc<Mutex<Option<String>>>,
}

impl Revision {
    /// The commit from which the checked-out one and `name` went apart.
    pub fn merge_base(repository: Option<&Path>, name: &str) -> Result<Self, Error> {
        let root = of_git(repository, name)?;
        let apart = revision::merge_base(root, name).map_err(|error| failure(&error))?;
        Ok(Self {
            here: apart.here,
            ..Self::of(root, apart.base)?
        })
    }

    /// The commit that has that name.
    pub fn named(repository: Option<&Path>, name: &str) -> Result<Self, Error> {
        let root = of_git(repository, name)?;
        let commit = revision::commit(root, name).map_err(|error| failure(&error))?;
        Self::of(root, commit)
    }

    fn of(root: &Path, commit: String) -> Result<Self, Error> {
        let listed = revision::files(root, &commit).map_err(|error| failure(&error.into()))?;
        let files: BTreeMap<_, _> = listed
            .into_iter()
            .filter_map(|file| {
                let kind = match file.holds {
                    Holds::File => EntryKind::File,
                    Holds::Link => EntryKind::Link,
                    Holds::Submodule => EntryKind::Submodule,
                };
                Some((RepoPath::new(&file.path)?, (kind, file.id)))
            })
            .collect();
        let missing = Arc::default();
        let fetch = fetch(root, Arc::clone(&missing))?;
        Ok(Self {
            commit,
            here: None,
            tree: Objects::new(files, fetch),
            missing,
        })
    }

    /// The rule files at or below a path, sorted.
    pub fn rule_files(&self, folder: &RepoPath) -> Result<Vec<Arc<Source>>, Error> {
        let entries = self
            .tree
            .entries()
            .map_err(|error| Error::unlisted(&error))?;
        let files = entries.iter().map(|entry| &entry.path).filter(|path| {
            let is_inside = || {
                path.is_below(folder) && matches!(path.extension(), Some("yaml" | "yml" | "json"))
            };
            *path == folder || is_inside()
        });
        Ok(files.filter_map(|path| self.tree.open(path).ok()).collect())
    }

    /// Whether everything that was asked for was here; to be asked after reading.
    pub fn is_whole(&self) -> Result<(), Error> {
        let missing = self.missing.lock().ok().and_then(|first| first.clone());
        missing.map_or(Ok(()), |id| {
            Err(Error::usage(
                format!(
                    "this clone lacks files of the commit {}, such as the object {}",
                    short(&self.commit),
                    short(&id)
                ),
                "it is a partial clone: run `git fetch --refetch --no-filter`, or clone without `--filter`",
            ))
        })
    }
}

/// A hash as people read it.
pub fn short(hash: &str) -> &str {
    hash.get(..10).unwrap_or(hash)
}

/// Whether a commit has that name.
pub fn is_commit(repository: Option<&Path>, name: &str) -> Result<bool, Error> {
    let Some(root) = repository else {
        return Ok(false);
    };
    match revision::commit(root, name) {
        Ok(_) => Ok(true),
        Err(RevisionError::Tool(error)) => Err(failure(&error.into())),
        Err(_) => Ok(false),
    }
}

/// The hash of the checked-out commit, where there is one.
pub fn checked_out(repository: Option<&Path>) -> Option<String> {
    revision::head(repository?).ok().flatten()
}

fn of_git<'a>(repository: Option<&'a Path>, name: &str) -> Result<&'a Path, Error> {
    repository.ok_or_else(|| {
        Error::usage(
            format!(
                "there is no revision “{}”: this folder is in no git repository",
                crate::escape::terminal(name)
            ),
            "run tmrs inside the repository, or use a baseline",
        )
    })
}

/// Reads objects through one git process.
fn fetch(root: &Path, missing: Arc<Mutex<Option<String>>>) -> Result<Fetch, Error> {
    let reader = ObjectReader::start(root).map_err(|error| failure(&error.into()))?;
    let reader = Mutex::new(reader);
    let root = root.to_owned();
    let large_files = LazyLock::new(move || {
        let out = tools::git(&root, &["rev-parse", "--git-common-dir"]).ok()?;
        let folder = String::from_utf8(out).ok()?;
        Some(root.join(folder.trim_end_matches('\n')).join("lfs/objects"))
    });
    Ok(Box::new(move |id, limit| {
        let mut reader = reader
            .lock()
            .map_err(|_| FetchError::Failed("another thread failed".into()))?;
        let content = reader.read(id, limit).map_err(|error| match error {
            ObjectError::TooLarge(bytes) => FetchError::TooLarge(bytes),
            ObjectError::Broken(words) => FetchError::Failed(words),
            ObjectError::Missing => {
                if let Ok(mut first) = missing.lock() {
                    first.get_or_insert_with(|| id.to_owned());
                }
                FetchError::Failed("its object is not in this clone".into())
            }
        })?;
        if !is_pointer(&content) {
            return Ok(content);
        }
        let large = large_files.as_deref();
        Ok(large
            .and_then(|folder| large_file(folder, &content, limit))
            .unwrap_or(content))
    }))
}

/// Whether Git LFS put this in a file's place.
fn is_pointer(content: &[u8]) -> bool {
    content.len() <= 1024 && content.starts_with(b"version https://git-lfs.github.com/spec/")
}

/// The content that a Git LFS pointer stands for, if it was fetched already.
fn large_file(folder: &Path, pointer: &[u8], limit: u64) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(pointer).ok()?;
    let id = text
        .lines()
        .find_map(|line| line.strip_prefix("oid sha256:"))?;
    if id.len() != 64 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let file = folder.join(&id[..2]).join(&id[2..4]).join(id);
    if fs::metadata(&file).ok()?.len() > limit {
        return None;
    }
    let content = fs::read(&file).ok()?;
    let hash = base16ct::lower::encode_string(&Sha256::digest(&content));
    hash.eq_ignore_ascii_case(id).then_some(content)
}

/// What is wrong, and what to do next.
fn failure(error: &RevisionError) -> Error {
    const DEEPEN: &str =
        "this clone is shallow: run `git fetch --unshallow`, or check out with `fetch-depth: 0`";
    let help = match error {
        RevisionError::Tool(ToolError::DubiousOwnership) => {
            "run `git config --global --add safe.directory` with the path of the repository".into()
        }
        RevisionError::Tool(ToolError::Missing { .. }) => {
            "install git, or use a baseline instead of a base revision".into()
        }
        RevisionError::Tool(_) => "check that `git log` and `git ls-tree` work here".into(),
        RevisionError::Name(_) => "name a branch, a tag or a commit".into(),
        RevisionError::Missing { shallow: true, .. }
        | RevisionError::Unrelated { shallow: true, .. } => DEEPEN.into(),
        RevisionError::Missing { name, .. } => format!(
            "fetch it first (`git fetch origin {name}`), or name a branch, tag or commit that is here"
        ),
        RevisionError::Unborn => "commit something first".into(),
        RevisionError::Unrelated { .. } => {
            "name a commit that the checked-out one descends from".into()
        }
        RevisionError::SeveralBases { bases, .. } => {
            let names: Vec<_> = bases.iter().map(|base| short(base)).collect();
            format!(
                "name the one to compare with: {}",
                names
                    .iter()
                    .map(|name| format!("`--since {name}`"))
                    .collect::<Vec<_>>()
                    .join(" or ")
            )
        }
    };
    Error::usage(
        crate::escape::terminal(&error.to_string()),
        crate::escape::terminal(&help),
    )
}
