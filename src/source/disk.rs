//! The working tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use super::links::{Target, follow};
use super::tree::{Entry, EntryKind, OpenError, Tree, TreeError, decode};
use super::walk::{all_below, walk};
use super::{RepoPath, Source};

/// The working tree.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    tracked: Option<BTreeSet<RepoPath>>,
    given: Option<(RepoPath, Vec<u8>)>,
    /// Folders that were asked about, and whether no link leads to them: thousands of files
    /// lie in a few of them.
    plain: RwLock<BTreeMap<String, bool>>,
}

impl Disk {
    /// The tree below `root` (absolute, canonical). `tracked` lists git's files
    /// relative to it; `None` where there is no git.
    pub fn new(root: PathBuf, tracked: Option<BTreeSet<RepoPath>>) -> Self {
        Self {
            root,
            tracked,
            given: None,
            plain: RwLock::default(),
        }
    }

    /// The same tree with this file in it, whatever lies there: what came on standard input.
    #[must_use]
    pub fn with(self, path: RepoPath, bytes: Vec<u8>) -> Self {
        Self {
            given: Some((path, bytes)),
            ..self
        }
    }

    /// The bytes of what was given for a path.
    fn given(&self, path: &RepoPath) -> Option<&[u8]> {
        let (at, bytes) = self.given.as_ref()?;
        (at == path).then_some(bytes)
    }

    /// What stands in the link at a path, if there is one.
    fn link_at(&self, path: &RepoPath) -> Option<Target> {
        let there = self.root.join(path.as_str());
        there
            .symlink_metadata()
            .ok()
            .filter(std::fs::Metadata::is_symlink)?;
        let Ok(target) = there.read_link() else {
            return Some(Target::Outside);
        };
        let text = |path: &Path| {
            let text = path.to_str()?;
            Some(if cfg!(windows) {
                text.replace('\\', "/")
            } else {
                text.to_owned()
            })
        };
        let target = if target.has_root() {
            let below = target.strip_prefix(&self.root).ok();
            below.and_then(text).map(Target::Below)
        } else {
            text(&target).map(Target::Beside)
        };
        Some(target.unwrap_or(Target::Outside))
    }

    /// What lies at a path to which no link leads, if something does. Only where a file has one
    /// name: elsewhere `.git` has more than one.
    fn plain(&self, path: &RepoPath) -> Option<(PathBuf, Metadata)> {
        let folder = path.as_str().rsplit_once('/').map(|(folder, _)| folder);
        if !cfg!(target_os = "linux") || !folder.is_none_or(|folder| self.is_plain_folder(folder)) {
            return None;
        }
        let whole = self.root.join(path.as_str());
        let meta = whole.symlink_metadata().ok()?;
        (!meta.is_symlink()).then_some((whole, meta))
    }

    /// Whether a folder is there, and no part of its path is a link.
    fn is_plain_folder(&self, folder: &str) -> bool {
        let known = |folder: &str| self.plain.read().ok()?.get(folder).copied();
        if let Some(is_plain) = known(folder) {
            return is_plain;
        }
        let ends = folder.match_indices('/').map(|(at, _)| at);
        ends.chain([folder.len()]).all(|end| {
            let folder = &folder[..end];
            known(folder).unwrap_or_else(|| {
                let there = self.root.join(folder).symlink_metadata();
                let is_plain = there.is_ok_and(|there| there.is_dir());
                if let Ok(mut known) = self.plain.write() {
                    known.insert(folder.to_owned(), is_plain);
                }
                is_plain
            })
        })
    }

    /// The file that a path leads to, in the repository and not inside `.git`.
    fn led(&self, path: &RepoPath) -> Result<PathBuf, OpenError> {
        let real = self
            .real(path)
            .ok_or_else(|| OpenError::LeadsOut(path.clone()))?;
        let real = self.root.join(real.as_str()).canonicalize();
        let real = real.map_err(|error| match error.kind() {
            ErrorKind::NotFound => OpenError::Missing(path.clone()),
            _ => failed(path, &error),
        })?;
        // Some systems know a file under several names, `.git` too.
        let inside = real.strip_prefix(&self.root).ok().and_then(RepoPath::of);
        if inside.is_none_or(|inside| inside.is_git_internal()) {
            return Err(OpenError::Outside(path.clone()));
        }
        Ok(real)
    }

    /// The bytes of a file, at most so many.
    fn bytes(&self, path: &RepoPath, limit: u64) -> Result<Vec<u8>, OpenError> {
        if path.is_git_internal() || path.as_str().is_empty() {
            return Err(OpenError::Outside(path.clone()));
        }
        let (real, meta) = match self.plain(path) {
            Some(plain) => plain,
            None => {
                let real = self.led(path)?;
                let meta = real.metadata().map_err(|error| failed(path, &error))?;
                (real, meta)
            }
        };
        // A device or a pipe may never end, so it is not opened at all.
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
            .map_err(|error| failed(path, &error))?;
        Ok(bytes)
    }

    fn kind_of_tracked(&self, path: &RepoPath) -> Option<EntryKind> {
        let meta = self.root.join(path.as_str()).symlink_metadata().ok()?;
        Some(if meta.is_symlink() {
            EntryKind::Link
        } else if meta.is_dir() {
            EntryKind::Submodule
        } else {
            EntryKind::File
        })
    }
}

fn failed(path: &RepoPath, error: &std::io::Error) -> OpenError {
    OpenError::Io {
        path: path.clone(),
        reason: error.to_string(),
    }
}

impl Tree for Disk {
    fn entries(&self) -> Result<Vec<Entry>, TreeError> {
        let entry = |path: RepoPath, kind, tracked| {
            let entry = Entry {
                path: path.clone(),
                kind,
                tracked,
            };
            (path, entry)
        };
        let found = walk(&self.root)?.into_iter();
        let found = found.map(|(path, kind)| entry(path, kind, false));
        let mut entries: BTreeMap<RepoPath, Entry> = found.collect();
        for path in self.tracked.iter().flatten() {
            match entries.get_mut(path) {
                Some(found) if matches!(found.kind, EntryKind::File | EntryKind::Link) => {
                    found.tracked = true;
                }
                _ => entries.extend(
                    self.kind_of_tracked(path)
                        .map(|kind| entry(path.clone(), kind, true)),
                ),
            }
        }
        let given = self.given.as_ref();
        entries.extend(given.map(|(path, _)| entry(path.clone(), EntryKind::File, true)));
        Ok(entries.into_values().collect())
    }

    fn below(&self, folder: &RepoPath) -> Result<Vec<RepoPath>, TreeError> {
        all_below(&self.root, folder)
    }

    fn open_up_to(&self, path: &RepoPath, limit: u64) -> Result<Arc<Source>, OpenError> {
        match self.given(path) {
            Some(bytes) => decode(path, bytes.to_vec(), limit),
            None => decode(path, self.bytes(path, limit)?, limit),
        }
    }

    fn may_be_named(&self, path: &RepoPath) -> bool {
        if self.given(path).is_some() {
            return true;
        }
        let Some(tracked) = &self.tracked else {
            return !path.is_git_internal();
        };
        // What a tracked link leads to has to be tracked itself.
        tracked.contains(path) && self.real(path).is_some_and(|real| tracked.contains(&real))
    }

    fn real(&self, path: &RepoPath) -> Option<RepoPath> {
        if self.given(path).is_some() {
            return Some(path.clone());
        }
        follow(path, |at| self.link_at(at))
    }
}
