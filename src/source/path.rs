//! Paths inside the repository.

use std::fmt;
use std::path::{Component, Path};
use std::sync::Arc;

/// A path relative to the root of the repository, with forward slashes, without
/// `.`, `..` or a leading slash. Ordered by its bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(Arc<str>);

impl Default for RepoPath {
    /// The root itself.
    fn default() -> Self {
        Self(Arc::from(""))
    }
}

impl RepoPath {
    /// Normalises `text`; `None` if it leaves the root, is absolute, holds a NUL, or has a
    /// part that is no name on this system.
    pub fn new(text: &str) -> Option<Self> {
        Self::join_parts(&[], text)
    }

    /// A path of the file system, relative to the root; `None` as [`Self::new`], or if it is
    /// not UTF-8. Only on Windows do backslashes separate folders.
    pub fn of(path: &Path) -> Option<Self> {
        let text = path.to_str()?;
        if cfg!(windows) {
            Self::new(&text.replace('\\', "/"))
        } else {
            Self::new(text)
        }
    }

    /// `relative` as seen from the folder that holds this file; `None` if it leaves the root.
    pub fn sibling(&self, relative: &str) -> Option<Self> {
        let mut parts: Vec<&str> = self.0.split('/').collect();
        parts.pop();
        Self::join_parts(&parts, relative)
    }

    /// `relative` below this folder; `None` if it leaves the root.
    pub fn join(&self, relative: &str) -> Option<Self> {
        let parts: Vec<&str> = self.0.split('/').filter(|part| !part.is_empty()).collect();
        Self::join_parts(&parts, relative)
    }

    fn join_parts(base: &[&str], relative: &str) -> Option<Self> {
        if relative.starts_with('/') || relative.contains('\0') {
            return None;
        }
        let mut parts = base.to_vec();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part if is_a_name(part) => parts.push(part),
                _ => return None,
            }
        }
        Some(Self(parts.join("/").into()))
    }

    /// The text; empty for the root itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// The part of the file name after its last dot, if any.
    pub fn extension(&self) -> Option<&str> {
        self.file_name().rsplit_once('.').map(|(_, ending)| ending)
    }

    /// The folder that holds it; the root's is the root.
    #[must_use]
    pub fn folder(&self) -> Self {
        Self(
            self.0
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder)
                .into(),
        )
    }

    /// Whether it is `folder` or lies below it.
    pub fn is_below(&self, folder: &Self) -> bool {
        folder.0.is_empty()
            || self.0 == folder.0
            || self
                .0
                .strip_prefix(&*folder.0)
                .is_some_and(|rest| rest.starts_with('/'))
    }

    /// Whether any part is `.git`.
    pub fn is_git_internal(&self) -> bool {
        self.0
            .split('/')
            .any(|part| part.eq_ignore_ascii_case(".git"))
    }
}

/// Whether the system takes a part for one name. Windows takes `C:` for a drive and
/// `\\server\share` for another machine, which it would ask as soon as the file is looked for.
fn is_a_name(part: &str) -> bool {
    !cfg!(windows)
        || Path::new(part)
            .components()
            .eq([Component::Normal(part.as_ref())])
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
