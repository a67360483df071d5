//! Layer `source`: files, byte spans, lines and columns.
//!
//! Imports nothing. A [`Span`] is a pair of byte offsets into a [`Source`]; a
//! [`Place`] is a span together with its source. Lines and columns are computed
//! here and used only when a report is made.

mod blob;
mod disk;
mod edited;
mod encoding;
mod lines;
mod links;
mod memory;
mod objects;
mod path;
mod tree;
mod walk;
mod watched;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

pub use blob::is_blob;
pub use disk::Disk;
pub use edited::Edited;
pub use lines::{LineIndex, Position};
pub use memory::Memory;
pub use objects::{Fetch, FetchError, Objects};
pub use path::RepoPath;
pub use tree::{Entry, EntryKind, MAX_FILE_BYTES, OpenError, Tree, TreeError};
pub use watched::Watched;

/// Half-open range of byte offsets into the text of one [`Source`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`; a reversed pair becomes empty.
    pub fn new(start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Self {
            start,
            end: end.max(start),
        }
    }

    /// The smallest span around both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The same span, so many bytes further on.
    #[must_use]
    pub fn moved(self, by: u32) -> Self {
        Self {
            start: self.start.saturating_add(by),
            end: self.end.saturating_add(by),
        }
    }

    /// Whether `other` lies inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// As a range of indices.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether no byte lies inside.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// The text of one file, decoded from UTF-8, without a byte order mark.
pub struct Source {
    path: RepoPath,
    text: Box<str>,
    lines: OnceLock<LineIndex>,
    withheld: bool,
    marked: bool,
}

impl Source {
    /// A source of that text; a leading byte order mark is dropped, so offsets count from what follows it.
    pub fn new(path: RepoPath, text: impl Into<String>) -> Arc<Self> {
        let mut text: String = text.into();
        let marked = text.starts_with('\u{feff}');
        if marked {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Arc::new(Self {
            path,
            text: text.into_boxed_str(),
            lines: OnceLock::new(),
            withheld: false,
            marked,
        })
    }

    /// The same source, of which people are shown positions only: it may be something else
    /// than was meant.
    #[must_use]
    pub fn withheld(&self) -> Arc<Self> {
        Arc::new(Self {
            path: self.path.clone(),
            text: self.text.clone(),
            lines: OnceLock::new(),
            withheld: true,
            marked: self.marked,
        })
    }

    /// Whether people are shown positions only.
    pub fn is_withheld(&self) -> bool {
        self.withheld
    }

    /// Whether a byte order mark stood before the text.
    pub fn is_marked(&self) -> bool {
        self.marked
    }

    /// Where the file is, relative to the root of the repository.
    pub fn path(&self) -> &RepoPath {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text with the ends of lines that git keeps, where it writes others on checkout
    /// (`core.autocrlf`, on Windows the usual).
    pub fn kept(&self) -> Cow<'_, str> {
        if self.text.contains('\r') {
            Cow::Owned(self.text.replace("\r\n", "\n"))
        } else {
            Cow::Borrowed(&self.text)
        }
    }

    /// Whether it is the same text, however its lines end.
    pub fn is_same_text(&self, other: &Self) -> bool {
        self.text == other.text || self.kept() == other.kept()
    }

    /// The text of a span; empty if the span is not inside or cuts a character.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Lines and columns of this text.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column of a byte offset, both from 1.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.text, offset)
    }

    /// The place of a span in this source.
    pub fn place(self: &Arc<Self>, span: Span) -> Place {
        Place {
            source: Arc::clone(self),
            span,
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({}, {} bytes)", self.path, self.text.len())
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl Eq for Source {}

/// A span in a file. Ordered by path, then span.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// Where in it.
    pub span: Span,
}

impl Place {
    /// The path of the file.
    pub fn path(&self) -> &RepoPath {
        self.source.path()
    }

    /// The text there.
    pub fn text(&self) -> &str {
        self.source.slice(self.span)
    }

    /// What stands before it in its line, or the last 1,000 bytes of that: a line may be as
    /// long as a file.
    pub fn before(&self) -> &str {
        let text = self.source.text();
        let to = self.span.start as usize;
        let from = text.floor_char_boundary(to.saturating_sub(1000));
        let before = text.get(from..to).unwrap_or("");
        before.rsplit(['\n', '\r']).next().unwrap_or("")
    }

    /// First and last position, columns in Unicode scalar values.
    pub fn positions(&self) -> (Position, Position) {
        (
            self.source.position(self.span.start),
            self.source.position(self.span.end),
        )
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = self.positions();
        write!(
            f,
            "{}:{}:{}-{}:{}",
            self.path(),
            start.line,
            start.column,
            end.line,
            end.column
        )
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.path()
            .cmp(other.path())
            .then(self.span.cmp(&other.span))
    }
}
