//! Which models a change can have touched, decided before any is parsed: by the
//! ids of git's objects, and by who names what changed.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use memchr::memmem::Finder;
use rayon::prelude::*;

use super::base::Base;
use super::error::Error;
use crate::discover::may_hold_a_model;
use crate::pipeline::naming::may_name;
use crate::source::{EntryKind, Objects, RepoPath, Source, Tree, is_blob};

/// More changed files than these are not searched for in all others.
const MOST_NAMES: usize = 200;

/// What differs between the base and the working tree.
pub struct Differing {
    /// The files that differ and may hold a model.
    pub paths: BTreeSet<RepoPath>,
    /// They and every file that may name one of them, or one that does: whatever
    /// is no model here was none that changed. `None` for every file.
    pub touched: Option<BTreeSet<RepoPath>>,
}

/// Holds the files of both sides against each other.
pub fn differing(base: &Base<'_>) -> Result<Differing, Error> {
    let here = files(base.head.tree)?;
    let there = files(&base.revision.tree)?;
    let paths: Vec<&RepoPath> = here.union(&there).collect();
    let paths: BTreeSet<RepoPath> = paths
        .into_par_iter()
        .filter(|path| !is_same(base, path))
        .cloned()
        .collect();
    let touched = if base.rules_differ() || paths.len() > MOST_NAMES {
        None
    } else {
        touched(base.head.tree, &here, &paths)
    };
    let paths = paths.into_iter().filter(may_hold_a_model).collect();
    Ok(Differing { paths, touched })
}

fn files(tree: &dyn Tree) -> Result<BTreeSet<RepoPath>, Error> {
    let entries = tree.entries().map_err(|error| Error::unlisted(&error))?;
    let files = entries
        .into_iter()
        .filter(|entry| entry.kind != EntryKind::Submodule);
    Ok(files.map(|entry| entry.path).collect())
}

/// Whether a file has the same text on both sides: the id of its object tells, and
/// only where it differs (encodings, LFS) both are read.
fn is_same(base: &Base<'_>, path: &RepoPath) -> bool {
    let there: &Objects = &base.revision.tree;
    let Some(id) = there.id(path) else {
        return false;
    };
    let here = base.head.tree.open(path);
    let is_this = |text: &str| is_blob(text.as_bytes(), id);
    let has_id = |source: Arc<Source>| {
        is_this(source.text()) || matches!(source.kept(), Cow::Owned(kept) if is_this(&kept))
    };
    here.is_ok_and(has_id) || base.has_same(path)
}

/// The files that differ, and those that may name one of them; `None` where that
/// cannot be told.
fn touched(
    tree: &dyn Tree,
    files: &BTreeSet<RepoPath>,
    paths: &BTreeSet<RepoPath>,
) -> Option<BTreeSet<RepoPath>> {
    let mut touched = paths.clone();
    let mut wanted: Vec<RepoPath> = paths.iter().cloned().collect();
    let others: Vec<&RepoPath> = files
        .iter()
        .filter(|path| may_hold_a_model(path) && !touched.contains(*path))
        .collect();
    let mut others: Vec<(&RepoPath, Arc<Source>)> = if wanted.is_empty() {
        Vec::new()
    } else {
        let opened = others.into_par_iter();
        let opened = opened.filter_map(|path| Some((path, tree.open(path).ok()?)));
        opened.collect()
    };
    // A module may be imported, and any other file read, under a name that is put together.
    if !paths.is_empty() {
        let are_modules = paths.iter().all(is_module);
        let asks = |text: &str| has_one(text, &IMPORTS) || !are_modules && has_one(text, &READS);
        let (reading, rest): (Vec<_>, Vec<_>) = others
            .into_par_iter()
            .partition(|(path, source)| is_module(path) && asks(source.text()));
        others = rest;
        wanted.extend(reading.into_iter().map(|(path, _)| path.clone()));
        touched.extend(wanted.iter().cloned());
        if touched.len() > paths.len() + MOST_NAMES {
            return None;
        }
    }
    while !wanted.is_empty() {
        // A package is imported by whatever lies in it, whether or not it is named.
        if wanted.iter().any(|path| path.file_name() == "__init__.py") {
            return None;
        }
        let names = |(_, source): &(&RepoPath, Arc<Source>)| {
            let text = source.text();
            // The name of a threat file may be put together.
            text.contains("threatsFile") || wanted.iter().any(|path| may_name(text, path))
        };
        let (naming, rest): (Vec<_>, Vec<_>) = others.into_par_iter().partition(names);
        others = rest;
        wanted = naming.into_iter().map(|(path, _)| path.clone()).collect();
        touched.extend(wanted.iter().cloned());
        if touched.len() > paths.len() + MOST_NAMES {
            return None;
        }
    }
    Some(touched)
}

fn is_module(path: &RepoPath) -> bool {
    let ending = path.extension();
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("py"))
}

/// A Python file has one of these words, or does not ask for another file.
static READS: LazyLock<Vec<Finder<'_>>> = LazyLock::new(|| {
    finders(&[
        "open", "read", "load", "exists", "is_file", "isfile", "glob", "iterdir", "listdir",
        "getattr",
    ])
});

/// A Python file has one of these words, or imports only what it names.
static IMPORTS: LazyLock<Vec<Finder<'_>>> = LazyLock::new(|| {
    finders(&[
        "__import__",
        "importlib",
        "builtins",
        "exec",
        "eval(",
        "pkgutil",
        "runpy",
    ])
});

fn finders(words: &[&'static str]) -> Vec<Finder<'static>> {
    words.iter().map(|word| Finder::new(*word)).collect()
}

fn has_one(text: &str, words: &[Finder<'_>]) -> bool {
    words
        .iter()
        .any(|word| word.find(text.as_bytes()).is_some())
}
