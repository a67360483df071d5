//! Which files take the mark of a model from others that they import.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::read::{READERS, Reader};
use crate::source::RepoPath;

/// Which files take the mark of a model from others: those that import a module that leads to
/// pytm, over as many modules as it takes, and may build a model; and those that look like a
/// model, and import, or take from one that imports, what only running it tells.
pub(super) fn follow(
    files: &[(&RepoPath, &str)],
    marked: &[&RepoPath],
) -> Vec<(usize, &'static dyn Reader)> {
    let mut found = led_on(files, BTreeMap::new(), marked.to_vec());
    found.retain(|at, reader| reader.may_build_one(files[*at].1));
    let anywhere: Found = files
        .par_iter()
        .enumerate()
        .filter_map(|(at, (path, text))| {
            let mut readers = READERS.iter().copied();
            let reader = readers.find(|reader| reader.may_lead_anywhere(path, text))?;
            Some((at, reader))
        })
        .collect();
    let first = anywhere.keys().map(|at| files[*at].0).collect();
    let mut perhaps = led_on(files, anywhere, first);
    perhaps.retain(|at, reader| reader.looks_like_one(files[*at].1));
    found.extend(perhaps);
    found.into_iter().collect()
}

/// Files by position, each with its reader.
type Found = BTreeMap<usize, &'static dyn Reader>;

/// What was found, with the files that import from there on.
fn led_on<'a>(
    files: &[(&'a RepoPath, &str)],
    mut found: Found,
    mut marked: Vec<&'a RepoPath>,
) -> Found {
    while !marked.is_empty() {
        let more: Vec<(usize, &'static dyn Reader)> = files
            .par_iter()
            .enumerate()
            .filter(|(at, _)| !found.contains_key(at))
            .filter_map(|(at, (path, text))| {
                let mut readers = READERS.iter().copied();
                let reader = readers.find(|reader| reader.leads_on(path, text, &marked))?;
                Some((at, reader))
            })
            .collect();
        // What was looked for already leads to nothing new.
        marked = more.iter().map(|(at, _)| files[*at].0).collect();
        found.extend(more);
    }
    found
}
