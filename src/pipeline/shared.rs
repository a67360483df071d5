//! What two trees share is read once.
//!
//! A reading of one tree serves for the other where everything that the tree was
//! asked for on the way is the same there: each file has the same text, and what
//! is missing is missing in both.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

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
    /// What a reading rests on and is not the same there.
    differing: BTreeSet<RepoPath>,
}

impl<'a> Shared<'a> {
    /// `readings` are those of `here`. Holds each file that they rest on against `there` once,
    /// however many models are made of it.
    pub fn new(readings: &'a Readings, here: Side<'a>, there: Side<'a>) -> Self {
        let behind = readings.behind.iter();
        let all: HashSet<&RepoPath> = behind
            .flat_map(|(path, behind)| std::iter::once(path).chain(&behind.asked))
            .collect();
        let differs = |path: &&RepoPath| !is_same(here.tree, there.tree, path);
        let differing: Vec<RepoPath> = all.into_par_iter().filter(differs).cloned().collect();
        Self {
            readings,
            here,
            there,
            differing: differing.into_iter().collect(),
        }
    }

    /// Whether everything that this model's reading depends on is the same there.
    pub fn is_unchanged(&self, path: &RepoPath) -> bool {
        let Some(behind) = self.readings.behind.get(path) else {
            return false;
        };
        options(self.here, path) == options(self.there, path)
            && !self.differing.contains(path)
            && behind.asked.is_disjoint(&self.differing)
    }

    /// The reading, if it serves there.
    pub fn reading(&self, there: &Arc<Source>) -> Option<Read> {
        let path = there.path();
        let behind = self.readings.behind.get(path)?;
        if !self.is_unchanged(path) {
            return None;
        }
        let models = self.readings.models.iter();
        Some(Read {
            reading: Reading {
                models: models.filter(|m| m.path() == path).cloned().collect(),
                ..Reading::default()
            },
            behind: behind.clone(),
        })
    }
}

/// Whether a reader that asks for this path meets the same in both trees.
fn is_same(here: &dyn Tree, there: &dyn Tree, path: &RepoPath) -> bool {
    if here.may_be_named(path) != there.may_be_named(path) {
        return false;
    }
    match (here.open(path), there.open(path)) {
        (Ok(here), Ok(there)) => here.is_same_text(&there),
        (Err(here), Err(there)) => here == there,
        _ => false,
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
