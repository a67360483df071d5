//! Which repository a run is about (SEMANTICS §0).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::escape::terminal;
use crate::source::{Disk, RepoPath};
use crate::tools::{self, ToolError};

/// The name of the configuration file.
pub const CONFIG: &str = "tmrs.yaml";

/// A repository on disk.
#[derive(Debug)]
pub struct Repository {
    /// Its root, absolute and canonical.
    pub root: PathBuf,
    /// Its files.
    pub tree: Disk,
    /// Whether git keeps it.
    pub has_git: bool,
    /// What was named on the command line, relative to the root.
    pub paths: Vec<RepoPath>,
}

impl Repository {
    /// Finds the root from the first path, else from the working directory, and
    /// lists what git tracks.
    pub fn find(paths: &[PathBuf]) -> Result<Self, Failure> {
        let here = std::env::current_dir().map_err(|error| {
            Failure::usage(
                format!("the working directory cannot be read: {error}"),
                "change into a folder that exists",
            )
        })?;
        let named = paths
            .iter()
            .map(|path| existing(path))
            .collect::<Result<Vec<_>, _>>()?;
        let start = match named.first() {
            Some(first) => first.clone(),
            None => here.canonicalize().unwrap_or(here),
        };
        let folder = if start.is_dir() {
            start.as_path()
        } else {
            start.parent().unwrap_or(&start)
        };
        let (root, has_git) = root_of(folder);
        let paths = named
            .iter()
            .map(|path| inside(&root, path).ok_or_else(|| outside(&root, path)))
            .collect::<Result<Vec<_>, _>>()?;
        let tracked = if has_git { tracked(&root)? } else { None };
        Ok(Self {
            tree: Disk::new(root.clone(), tracked),
            root,
            has_git,
            paths,
        })
    }
}

impl Repository {
    /// A path of the file system, canonical, as one of the repository; `None` if it lies outside.
    pub fn inside(&self, path: &Path) -> Option<RepoPath> {
        inside(&self.root, path)
    }
}

/// The nearest ancestor with `.git`, else with the configuration, else the folder itself.
fn root_of(folder: &Path) -> (PathBuf, bool) {
    if let Some(root) = folder.ancestors().find(|above| above.join(".git").exists()) {
        return (root.to_path_buf(), true);
    }
    let configured = folder
        .ancestors()
        .find(|above| above.join(CONFIG).is_file());
    (configured.unwrap_or(folder).to_path_buf(), false)
}

fn existing(path: &Path) -> Result<PathBuf, Failure> {
    path.canonicalize().map_err(|error| {
        let shown = terminal(&path.to_string_lossy()).into_owned();
        Failure::usage(
            format!("cannot open {shown}: {error}"),
            "name a file or folder that exists, or none for the whole repository",
        )
    })
}

fn inside(root: &Path, path: &Path) -> Option<RepoPath> {
    path.strip_prefix(root).ok().and_then(RepoPath::of)
}

fn outside(root: &Path, path: &Path) -> Failure {
    let shown = |path| terminal(&tools::plain(path).to_string_lossy()).into_owned();
    Failure::usage(
        format!(
            "{} lies outside the repository {}",
            shown(path),
            shown(root)
        ),
        "check one repository a run",
    )
}

/// What git tracks; `None` where git is not installed.
fn tracked(root: &Path) -> Result<Option<BTreeSet<RepoPath>>, Failure> {
    match tools::tracked_files(root) {
        Ok(paths) => Ok(Some(
            paths
                .into_iter()
                .filter_map(|path| String::from_utf8(path).ok())
                .filter_map(|path| RepoPath::new(&path))
                .collect(),
        )),
        Err(ToolError::Missing { .. }) => Ok(None),
        Err(error @ ToolError::DubiousOwnership) => Err(Failure::usage(
            error.to_string(),
            format!(
                "run `git config --global --add safe.directory {}`",
                tools::plain(root).display()
            ),
        )),
        Err(error) => Err(Failure::usage(
            format!("the repository's files cannot be listed: {error}"),
            "check that `git ls-files` works here",
        )),
    }
}
