//! What a hook of pre-commit is asked to judge (`--pre-commit`).
//!
//! A commit: what differs from the last one, whether or not a file is named, for a
//! deleted model is named by nobody. `--from-ref` and `--to-ref`: what differs between
//! them. Files that differ from nothing (`--all-files`, `--files`): the models that they
//! are part of, whole.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::args::Check;
use super::failure::Failure;
use super::repository::Repository;
use crate::compare::{Revision, checked_out};
use crate::escape::terminal;
use crate::source::RepoPath;

/// The files that pre-commit names, where it asks about a commit or about single files.
#[derive(Debug, Default)]
pub struct Asked {
    files: Vec<PathBuf>,
}

impl Asked {
    /// Turns what pre-commit says into a comparison; nothing without `--pre-commit`.
    pub fn take(check: &mut Check) -> Result<Self, Failure> {
        if !check.knowing.pre_commit {
            return Ok(Self::default());
        }
        let files = std::mem::take(&mut check.paths);
        check.knowing.changed_only = true;
        let said = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let refs = (said("PRE_COMMIT_FROM_REF"), said("PRE_COMMIT_TO_REF"));
        if let (Some(from), Some(to)) = refs {
            is_checked_out(&to)?;
            check.knowing.since = Some(from);
            return Ok(Self::default());
        }
        check.knowing.since = Some("HEAD".into());
        Ok(Self { files })
    }

    /// The named files that lie in a repository.
    pub fn inside(&self, repository: &Repository) -> BTreeSet<RepoPath> {
        let here = std::env::current_dir().ok();
        let inside = |path: &PathBuf| {
            let whole = here.as_ref()?.join(path).canonicalize().ok()?;
            repository.inside(&whole)
        };
        self.files.iter().filter_map(inside).collect()
    }
}

/// What is judged lies in the working tree: it must be what the second revision names.
fn is_checked_out(name: &str) -> Result<(), Failure> {
    let repository = Repository::find(&[])?;
    let wanted = Revision::named(repository.git(), name)?.commit;
    if checked_out(repository.git()).as_deref() == Some(wanted.as_str()) {
        return Ok(());
    }
    Err(Failure::usage(
        format!(
            "PRE_COMMIT_TO_REF is {}, which is not what is checked out",
            terminal(name)
        ),
        "check that revision out first: tmrs judges the files as they lie here",
    ))
}
