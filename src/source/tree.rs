//! The only way to open a file of the repository (docs/semantics.md §0).

use std::sync::Arc;

use super::encoding::{Declared, declared};
use super::{Place, RepoPath, Source, Span};

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
    /// below the root (docs/semantics.md §0).
    fn may_be_named(&self, path: &RepoPath) -> bool;

    /// Where a path leads when links are followed; `None` if that is outside the
    /// repository or inside `.git`. Whether there is something is not asked.
    fn real(&self, path: &RepoPath) -> Option<RepoPath>;

    /// The files and links below a folder that is not reached through links, sorted,
    /// whether or not the repository ignores them.
    fn below(&self, folder: &RepoPath) -> Result<Vec<RepoPath>, TreeError> {
        let files = self.entries()?.into_iter().filter(|entry| {
            matches!(entry.kind, EntryKind::File | EntryKind::Link) && entry.path.is_below(folder)
        });
        Ok(files.map(|entry| entry.path).collect())
    }
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
    /// A folder that cannot be listed.
    Unreadable,
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
        /// What can be made out of it.
        text: Arc<str>,
    },
    /// It says that it is in an encoding that hides its text.
    #[error("{0} says that it is written in an encoding that tmrs does not read")]
    Encoding(RepoPath),
    /// It is a folder, a device, or inside `.git`.
    #[error("{0} is not a file of this repository")]
    Outside(RepoPath),
    /// It is reached only through a link that leaves the repository, or that leads nowhere
    /// because links go round in circles.
    #[error("{0} is a link that leads out of the repository")]
    LeadsOut(RepoPath),
    /// It is a folder whose files cannot be listed.
    #[error("the files of the folder {0} cannot be listed")]
    Unlisted(RepoPath),
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

impl OpenError {
    /// Where in the file that is wrong: at the first byte that starts no character, else at
    /// its start. The text behind the place is there to count lines, and withheld.
    pub fn place(&self, path: &RepoPath) -> Place {
        let Self::NotUtf8 { offset, text, .. } = self else {
            return Source::new(path.clone(), "").place(Span::default());
        };
        let source = Source::new(path.clone(), &**text);
        let mark = if source.is_marked() {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        let at = source
            .text()
            .floor_char_boundary(offset.saturating_sub(mark));
        source.withheld().place(Span::new(at, at))
    }
}

/// Decodes what was read, with the same errors for every tree.
pub(super) fn decode(
    path: &RepoPath,
    bytes: Vec<u8>,
    limit: u64,
) -> Result<Arc<Source>, OpenError> {
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
    let failed = |offset: usize, bytes: &[u8]| OpenError::NotUtf8 {
        path: path.clone(),
        offset,
        text: String::from_utf8_lossy(bytes)
            .replace('\0', "")
            .trim_start_matches('\u{fffd}')
            .into(),
    };
    // Text of two or four bytes a character may pass for UTF-8.
    if let Some(at) = bytes.iter().take(64).position(|byte| *byte == 0) {
        return Err(failed(at, &bytes));
    }
    let decoded = match declared(path, &bytes) {
        Declared::Latin1 => Ok(bytes.iter().copied().map(char::from).collect()),
        Declared::Utf8 => String::from_utf8(bytes)
            .map_err(|error| failed(error.utf8_error().valid_up_to(), error.as_bytes())),
        Declared::Other if bytes.is_ascii() => {
            String::from_utf8(bytes).map_err(|error| failed(0, error.as_bytes()))
        }
        Declared::Other => Err(failed(0, &bytes)),
        Declared::Opaque => Err(OpenError::Encoding(path.clone())),
    };
    decoded.map(|text| Source::new(path.clone(), text))
}
