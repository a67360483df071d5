//! What two trees share is read once.
//!
//! A reading of one tree serves for the other where everything that the tree was
//! asked for on the way is the same there: each file has the same text, and what
//! is missing is missing in both.

use std::sync::Arc;

use super::reading::{PerModel, Read};
use super::readings::Readings;
use crate::read::Reading;
use crate::source::{RepoPath, Source, Tree};

/// One side: a tree, and what the configuration says about its single models.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The files.
    pub tree: &'a dyn Tree,
    /// As in [`Request`](super::reading::Request).
    pub per_model: &'a [PerModel],
}

/// Readings of one tree that serve for another one.
pub struct Shared<'a> {
    readings: &'a Readings,
    here: Side<'a>,
    there: Side<'a>,
}

impl<'a> Shared<'a> {
    /// `readings` are those of `here`.
    pub fn new(readings: &'a Readings, here: Side<'a>, there: Side<'a>) -> Self {
        Self {
            readings,
            here,
            there,
        }
    }

    /// Whether everything that this model's reading depends on is the same there.
    pub fn is_unchanged(&self, path: &RepoPath) -> bool {
        let Some(asked) = self.readings.asked.get(path) else {
            return false;
        };
        options(self.here, path) == options(self.there, path)
            && std::iter::once(path)
                .chain(asked)
                .all(|path| self.is_same(path))
    }

    /// The reading, if it serves there.
    pub fn reading(&self, there: &Arc<Source>) -> Option<Read> {
        let path = there.path();
        if self.readings.broken.contains(path) || !self.is_unchanged(path) {
            return None;
        }
        let models = self.readings.models.iter();
        Some(Read {
            reading: Reading {
                models: models.filter(|m| m.path() == path).cloned().collect(),
                ..Reading::default()
            },
            asked: self.readings.asked.get(path).cloned().unwrap_or_default(),
        })
    }

    /// Whether a reader that asks for this path meets the same in both trees.
    fn is_same(&self, path: &RepoPath) -> bool {
        let (here, there) = (self.here.tree, self.there.tree);
        if here.may_be_named(path) != there.may_be_named(path) {
            return false;
        }
        match (here.open(path), there.open(path)) {
            (Ok(here), Ok(there)) => here.is_same_text(&there),
            (Err(here), Err(there)) => here == there,
            _ => false,
        }
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
