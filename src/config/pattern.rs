//! Layer `config`: globs, anchored at both ends.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::source::Place;

/// What a pattern is matched against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternKind {
    /// A path from the root: `*` stays within a folder, `**` crosses folders, and
    /// a pattern that names a folder matches everything below it.
    Path,
    /// A name: `*` matches anything.
    Name,
}

/// A glob with its place.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As it is written.
    pub text: std::sync::Arc<str>,
    /// Where.
    pub place: Place,
    globs: Vec<Glob>,
    set: GlobSet,
}

impl Pattern {
    /// Compiles a glob.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn new(text: &str, kind: PatternKind, place: Place) -> Result<Self, String> {
        let trimmed = match kind {
            PatternKind::Path => text
                .strip_prefix("./")
                .unwrap_or(text)
                .trim_end_matches('/'),
            PatternKind::Name => text,
        };
        let glob = |pattern: &str| {
            GlobBuilder::new(pattern)
                .literal_separator(kind == PatternKind::Path)
                .backslash_escape(true)
                .build()
                .map_err(|error| error.kind().to_string())
        };
        let mut globs = vec![glob(trimmed)?];
        if kind == PatternKind::Path {
            globs.push(glob(&format!("{trimmed}/**"))?);
        }
        let mut set = GlobSetBuilder::new();
        for glob in &globs {
            set.add(glob.clone());
        }
        let set = set.build().map_err(|error| error.kind().to_string())?;
        Ok(Self {
            text: text.into(),
            place,
            globs,
            set,
        })
    }

    /// Whether it matches the whole of `text`.
    pub fn matches(&self, text: &str) -> bool {
        self.set.is_match(text)
    }

    /// One set of several path patterns; `None` of none.
    pub fn path_set(patterns: &[Self]) -> Option<GlobSet> {
        if patterns.is_empty() {
            return None;
        }
        let mut all = GlobSetBuilder::new();
        for glob in patterns.iter().flat_map(|pattern| &pattern.globs) {
            all.add(glob.clone());
        }
        all.build().ok()
    }
}
