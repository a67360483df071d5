//! Which repository a run is about (docs/semantics.md §0).

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::failure::Failure;
use super::input::Input;
use super::links::{configured, real, with_git};
use crate::escape::terminal;
use crate::source::{Disk, RepoPath};
use crate::tools::{self, ToolError};

/// A repository on disk.
#[derive(Debug)]
pub struct Repository {
    /// Its root, absolute and canonical.
    pub root: PathBuf,
    /// Its files.
    pub tree: Disk,
    /// Whether git keeps it.
    pub has_git: bool,
    /// The folder in which tmrs was started, where that is below the root and nothing was
    /// named: what the run is about then.
    pub working_directory: Option<RepoPath>,
    /// What was named on the command line, relative to the root; a folder as what it is
    /// when links are followed.
    pub paths: Vec<RepoPath>,
    /// The same as it was written, where that is something else: a base revision may have
    /// had other files there.
    as_written: Vec<RepoPath>,
}

impl Repository {
    /// Finds the root from the first path, else from the working directory, and
    /// lists what git tracks. Without a path, a run is about the working directory.
    pub fn find(paths: &[PathBuf]) -> Result<Self, Failure> {
        Self::around(paths, None)
    }

    /// The same with a model that lies nowhere: what came on standard input.
    pub fn with_input(paths: &[PathBuf], input: Option<Input>) -> Result<Self, Failure> {
        Self::around(paths, input)
    }

    fn around(paths: &[PathBuf], input: Option<Input>) -> Result<Self, Failure> {
        let here = std::env::current_dir().map_err(|error| {
            Failure::usage(
                format!("the working directory cannot be read: {error}"),
                "change into a folder that exists",
            )
        })?;
        let here = here.canonicalize().unwrap_or(here);
        let named = paths
            .iter()
            .map(|path| existing(path))
            .collect::<Result<Vec<_>, _>>()?;
        let start = named.first().unwrap_or(&here);
        let folder = if start.is_dir() {
            start.as_path()
        } else {
            start.parent().unwrap_or(start)
        };
        let (root, has_git) = root_of(folder, &here);
        let is_named = !named.is_empty() || input.is_some();
        let below = (!is_named).then(|| inside(&root, &here)).flatten();
        let below = below.filter(|below| !below.as_str().is_empty());
        let mut found = named
            .iter()
            .map(|path| inside(&root, path).ok_or_else(|| outside(&root, path)))
            .collect::<Result<Vec<_>, _>>()?;
        found.extend(below.clone());
        let given = input.map(|input| input.inside(&root, &here)).transpose()?;
        found.extend(given.iter().map(|(path, _)| path.clone()));
        let as_written = paths.iter().filter_map(|path| written(&here, path));
        let as_written = as_written.filter_map(|path| inside(&root, &path));
        let as_written = as_written.filter(|path| !found.contains(path)).collect();
        let tracked = if has_git { tracked(&root)? } else { None };
        let mut tree = Disk::new(root.clone(), tracked);
        if let Some((path, bytes)) = given {
            tree = tree.with(path, bytes);
        }
        Ok(Self {
            tree,
            root,
            has_git,
            working_directory: below,
            paths: found,
            as_written,
        })
    }
}

impl Repository {
    /// Its root, where git keeps it.
    pub fn git(&self) -> Option<&Path> {
        self.has_git.then_some(&*self.root)
    }

    /// A path of the file system, canonical, as one of the repository; `None` if it lies outside.
    pub fn inside(&self, path: &Path) -> Option<RepoPath> {
        inside(&self.root, path)
    }

    /// What a run is about when it is compared with another revision: what the PATHs lead to,
    /// and what they say.
    pub fn scope(&self) -> Vec<RepoPath> {
        self.paths.iter().chain(&self.as_written).cloned().collect()
    }
}

/// The nearest ancestor of what was named with `.git`, else with the configuration, else the
/// working directory, if it holds what was named (docs/semantics.md §0).
fn root_of(folder: &Path, here: &Path) -> (PathBuf, bool) {
    if let Some(root) = with_git(folder) {
        return (root.to_path_buf(), true);
    }
    let around = || folder.starts_with(here).then_some(here);
    let root = configured(folder).or_else(around).unwrap_or(folder);
    (root.to_path_buf(), false)
}

/// Where a PATH leads. A file that is a link stays what it is called: the tree follows it.
fn existing(path: &Path) -> Result<PathBuf, Failure> {
    let failed = |reason: String| {
        let shown = terminal(&path.to_string_lossy()).into_owned();
        let help = if shown.contains('#') {
            "name a file that exists; `FILE#Model name` picks one of its models for dfd, seq and report"
        } else {
            "name a file or folder that exists, or none for the whole repository"
        };
        Failure::usage(format!("cannot open {shown}: {reason}"), help)
    };
    if path == Path::new("-") {
        return Err(Failure::usage(
            "this command reads no model from standard input",
            "check, validate, fmt, dfd, seq and report do; name a file here, or `./-` for one of that name",
        ));
    }
    let real = real(path).map_err(failed)?;
    if !real.is_dir() && !real.is_file() {
        return Err(failed("it is neither a file nor a folder".into()));
    }
    if real.is_dir() || !path.is_symlink() {
        return Ok(real);
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(real);
    };
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let folder = folder.canonicalize();
    folder
        .map(|folder| folder.join(name))
        .map_err(|error| failed(error.to_string()))
}

impl Input {
    /// Where it is taken to lie, and what it says.
    fn inside(self, root: &Path, here: &Path) -> Result<(RepoPath, Vec<u8>), Failure> {
        let path = written(here, &self.name);
        let path = path.and_then(|path| inside(root, &path));
        let path = path.filter(|path| !path.as_str().is_empty());
        let path = path.ok_or_else(|| outside(root, &self.name))?;
        Ok((path, self.bytes))
    }
}

/// A path as it is written, absolute; `None` if it begins above the root of the disk.
fn written(here: &Path, path: &Path) -> Option<PathBuf> {
    let mut at = here.to_path_buf();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                at.pop().then_some(())?;
            }
            part => at.push(part),
        }
    }
    Some(at)
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
