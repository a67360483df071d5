//! What two trees share is read once.
//!
//! A reading of one tree serves for the other where the model's own text and the
//! text of everything that was read for it are the same, and where nothing that
//! only one of the trees has could have been found on the way.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{PerModel, Readings};
use crate::read::Reading;
use crate::source::{RepoPath, Source, Tree, TreeError};

/// One side: a tree, and what the configuration says about its single models.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The files.
    pub tree: &'a dyn Tree,
    /// As in [`Request`](super::Request).
    pub per_model: &'a [PerModel],
}

/// Readings of one tree that serve for another one.
pub struct Shared<'a> {
    readings: &'a Readings,
    here: Side<'a>,
    there: Side<'a>,
    /// What only one of both has and a model could name: the words to look for.
    differing: BTreeSet<String>,
}

impl<'a> Shared<'a> {
    /// `readings` are those of `here`.
    ///
    /// # Errors
    /// The files of a tree cannot be listed.
    pub fn new(readings: &'a Readings, here: Side<'a>, there: Side<'a>) -> Result<Self, TreeError> {
        let paths = |tree: &dyn Tree| -> Result<BTreeSet<RepoPath>, TreeError> {
            let tracked = tree.entries()?.into_iter().filter(|entry| entry.tracked);
            Ok(tracked.map(|entry| entry.path).collect())
        };
        let (here_paths, there_paths) = (paths(here.tree)?, paths(there.tree)?);
        let differing = here_paths
            .symmetric_difference(&there_paths)
            .map(|path| name_of(path).to_owned())
            .collect();
        Ok(Self {
            readings,
            here,
            there,
            differing,
        })
    }

    /// Whether everything that was read for this model is the same there.
    pub fn is_unchanged(&self, path: &RepoPath) -> bool {
        let Some(parts) = self.readings.parts.get(path) else {
            return false;
        };
        options(self.here, path) == options(self.there, path)
            && std::iter::once(path)
                .chain(parts)
                .all(|part| self.is_same_text(part))
    }

    /// Whether reading this file there gives what it gave here.
    fn is_same(&self, there: &Source) -> bool {
        let path = there.path();
        !self.readings.broken.contains(path) && self.is_unchanged(path)
    }

    /// The reading, if it serves there.
    pub fn reading(&self, there: &Arc<Source>) -> Option<Reading> {
        self.is_same(there).then(|| {
            let models = self.readings.models.iter();
            Reading {
                models: models
                    .filter(|m| m.path() == there.path())
                    .cloned()
                    .collect(),
                parts: self
                    .readings
                    .parts
                    .get(there.path())
                    .cloned()
                    .unwrap_or_default(),
                ..Reading::default()
            }
        })
    }

    /// Whether a file has the same text in both trees and names nothing that only
    /// one of them has.
    fn is_same_text(&self, path: &RepoPath) -> bool {
        let (Ok(here), Ok(there)) = (self.here.tree.open(path), self.there.tree.open(path)) else {
            return false;
        };
        here.text() == there.text()
            && !self
                .differing
                .iter()
                .any(|word| memchr::memmem::find(here.text().as_bytes(), word.as_bytes()).is_some())
    }
}

/// What the configuration says about one model.
fn options<'a>(side: Side<'a>, path: &RepoPath) -> Option<(bool, Option<&'a str>)> {
    let said = side
        .per_model
        .iter()
        .find(|said| said.paths.is_match(path.as_str()))?;
    Some((said.lenient, said.entry.as_deref()))
}

/// The word by which a model names a file: the module or package of Python, else the file name.
fn name_of(path: &RepoPath) -> &str {
    let name = path.file_name();
    match name.strip_suffix(".py") {
        Some("__init__") => path.as_str().rsplit('/').nth(1).unwrap_or(name),
        Some(module) => module,
        None => name,
    }
}
