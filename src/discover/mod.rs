//! Layer `discover`: a tree → candidates, sorted. By content, not by name.
//!
//! Tracked files are always candidates; untracked ones unless the repository
//! ignores them. What git does not track in a folder of other people's code is
//! passed over, and `-v` says so.

mod others;

use std::collections::BTreeSet;
use std::sync::Arc;

use globset::GlobSet;
use rayon::prelude::*;

use crate::source::{EntryKind, OpenError, RepoPath, Source, Tree, TreeError};

/// Which files a run looks at.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Files and folders named on the command line; empty for the whole repository.
    pub paths: Vec<RepoPath>,
    /// Nothing but these, of all that is looked at; `None` for everything.
    pub only: Option<BTreeSet<RepoPath>>,
    /// `paths.include`; `None` for everything.
    pub include: Option<GlobSet>,
    /// `paths.exclude`.
    pub exclude: Option<GlobSet>,
    /// Files that may be larger than any model, because they are something else:
    /// the baseline.
    pub large: Vec<RepoPath>,
    /// Files that a policy looks at are looked at, whatever else is said.
    pub also: Vec<Globs>,
    /// Files by whose names nobody expects a model are looked at, too, for they may be one
    /// that nobody reads.
    pub others: bool,
}

/// What takes files in and what leaves them out.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    /// `None` for everything.
    pub include: Option<GlobSet>,
    /// Wins over `include`.
    pub exclude: Option<GlobSet>,
}

impl Globs {
    /// Why a file is left out, if it is.
    fn leave(&self, path: &str) -> Option<&'static str> {
        if self
            .include
            .as_ref()
            .is_some_and(|globs| !globs.is_match(path))
        {
            return Some("no pattern of paths.include matches it");
        }
        let excluded = self
            .exclude
            .as_ref()
            .is_some_and(|globs| globs.is_match(path));
        excluded.then_some("a pattern of paths.exclude matches it")
    }
}

/// A file that bears the mark of a model.
#[derive(Debug)]
pub struct Candidate<R> {
    /// Its text.
    pub source: Arc<Source>,
    /// Who can read it.
    pub reader: R,
}

/// What looking at a tree gave.
#[derive(Debug)]
pub struct Discovery<R> {
    /// Candidates by path.
    pub candidates: Vec<Candidate<R>>,
    /// Files that were looked at and left, by path, each with the reason.
    pub left: Vec<(RepoPath, String)>,
    /// Files that could not be opened although they may be models, by path.
    pub unreadable: Vec<(RepoPath, OpenError)>,
    /// Files that were named and bear no mark, by path, each with the reason.
    pub unmarked: Vec<(Arc<Source>, String)>,
}

/// Why a submodule is left.
pub const SUBMODULE: &str = "it is a repository of its own (a submodule)";

/// Endings of files that can hold a model.
pub const ENDINGS: [&str; 9] = [
    "py", "pyw", "ipynb", "yaml", "yml", "json", "otm", "tm7", "hcl",
];

/// Folders that hold other people's code.
const FOREIGN: [&str; 8] = [
    "site-packages",
    "dist-packages",
    "node_modules",
    ".venv",
    "venv",
    ".tox",
    ".nox",
    "__pycache__",
];

/// Whether a file's name lets it hold a model.
pub fn may_hold_a_model(path: &RepoPath) -> bool {
    path.extension().is_some_and(|ending| {
        ENDINGS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(ending))
    })
}

/// Whether a file's name leaves open what it is: its first line may say that it is a program.
fn has_no_ending(path: &RepoPath) -> bool {
    !path.file_name().contains('.')
}

/// Finds the candidates of a tree. `sniff` looks at a path and text and names
/// the reader, or says why there is none; `follow` looks at the files without a mark, and at the
/// paths of those that have one, and tells which take theirs from them, each with its reader.
/// `hides` looks at a file by whose name nobody expects a model, and says why it may be one.
pub fn discover<R: Send>(
    tree: &dyn Tree,
    filter: &Filter,
    sniff: impl Fn(&RepoPath, &str) -> Result<R, &'static str> + Sync,
    follow: impl Fn(&[(&RepoPath, &str)], &[&RepoPath]) -> Vec<(usize, R)>,
    hides: impl Fn(&RepoPath, &str) -> Option<&'static str> + Sync,
) -> Result<Discovery<R>, TreeError> {
    let mut discovery = Discovery {
        candidates: Vec::new(),
        left: Vec::new(),
        unreadable: Vec::new(),
        unmarked: Vec::new(),
    };
    let mut paths: Vec<(RepoPath, bool)> = Vec::new();
    let mut others: Vec<RepoPath> = Vec::new();
    for entry in tree.entries()? {
        let named = filter.paths.contains(&entry.path);
        if entry.kind == EntryKind::Unreadable {
            let is_looked_at = filter.paths.is_empty()
                || filter
                    .paths
                    .iter()
                    .any(|path| path.is_below(&entry.path) || entry.path.is_below(path));
            if is_looked_at && reason_to_leave_folder(&entry.path, filter).is_none() {
                let error = OpenError::Unlisted(entry.path.clone());
                discovery.unreadable.push((entry.path, error));
            }
            continue;
        }
        if !named
            && !filter.paths.is_empty()
            && !filter.paths.iter().any(|p| entry.path.is_below(p))
        {
            continue;
        }
        let is_wanted = |only: &BTreeSet<RepoPath>| only.contains(&entry.path);
        if entry.kind == EntryKind::Submodule {
            if reason_to_leave_folder(&entry.path, filter).is_none() {
                discovery.left.push((entry.path, SUBMODULE.into()));
            }
            continue;
        }
        if !filter.only.as_ref().is_none_or(is_wanted) {
            continue;
        }
        if named {
            paths.push((entry.path, true));
        } else if may_hold_a_model(&entry.path) || has_no_ending(&entry.path) {
            match reason_to_leave(&entry.path, entry.tracked, filter) {
                Some(_) if has_no_ending(&entry.path) => {}
                Some(reason) => discovery.left.push((entry.path, reason.into())),
                None => paths.push((entry.path, false)),
            }
        } else if filter.others
            && others::may_be_one(&entry.path)
            && reason_to_leave(&entry.path, entry.tracked, filter).is_none()
        {
            others.push(entry.path);
        }
    }
    // A file that was named is read even where the listing leaves it out.
    for path in &filter.paths {
        if !paths.iter().any(|(known, _)| known == path) && tree.open(path).is_ok() {
            paths.push((path.clone(), true));
        }
    }
    paths.sort();
    let mut looks: Vec<_> = paths
        .into_par_iter()
        .map(|(path, named)| {
            let opened = tree.open(&path);
            let look = opened
                .as_ref()
                .ok()
                .map(|source| sniff(&path, source.text()));
            (path, named, opened, look)
        })
        .collect();
    for (at, reader) in followed(&looks, &follow) {
        if let Some(look) = looks.get_mut(at) {
            look.3 = Some(Ok(reader));
        }
    }
    for (path, named, opened, look) in looks {
        // What has no ending is mostly something else, and says so to nobody.
        if !named && has_no_ending(&path) && !matches!(look, Some(Ok(_))) {
            let hidden = opened.ok().filter(|_| filter.others);
            if let Some(reason) = hidden.and_then(|source| hides(&path, source.text())) {
                discovery.left.push((path, reason.into()));
            }
            continue;
        }
        match (opened, look) {
            (Ok(source), Some(Ok(reader))) => {
                discovery.candidates.push(Candidate { source, reader });
            }
            (Ok(source), Some(Err(reason))) if named => {
                discovery.unmarked.push((source, reason.into()));
            }
            (Ok(_), Some(Err(reason))) => discovery.left.push((path, reason.into())),
            (Ok(_), None) => {}
            (Err(OpenError::TooLarge { .. }), _) if filter.large.contains(&path) => {
                discovery.left.push((path, "it is the baseline".into()));
            }
            (Err(OpenError::NotUtf8 { text, path, offset }), _) if sniff(&path, &text).is_ok() => {
                let error = OpenError::NotUtf8 {
                    path: path.clone(),
                    offset,
                    text,
                };
                discovery.unreadable.push((path, error));
            }
            (Err(error), _) => file_that_cannot_be_opened(&mut discovery, path, named, error),
        }
    }
    let hidden = others.into_par_iter().filter_map(|path| {
        let source = tree.open_up_to(&path, others::MOST_BYTES).ok()?;
        let reason = hides(&path, source.text())?;
        Some((path, reason.to_owned()))
    });
    discovery.left.par_extend(hidden);
    discovery.left.sort();
    Ok(discovery)
}

/// One look at a file: its path, whether it was named, what opening it gave, and what its
/// text bears.
type Look<R> = (
    RepoPath,
    bool,
    Result<Arc<Source>, OpenError>,
    Option<Result<R, &'static str>>,
);

/// The files that take the mark from others, by position, each with its reader.
fn followed<R>(
    looks: &[Look<R>],
    follow: impl Fn(&[(&RepoPath, &str)], &[&RepoPath]) -> Vec<(usize, R)>,
) -> Vec<(usize, R)> {
    let marked: Vec<&RepoPath> = looks
        .iter()
        .filter(|(_, _, _, look)| matches!(look, Some(Ok(_))))
        .map(|(path, ..)| path)
        .collect();
    let mut positions = Vec::new();
    let mut files = Vec::new();
    for (at, (path, _, opened, look)) in looks.iter().enumerate() {
        if let (Ok(source), Some(Err(_))) = (opened, look) {
            positions.push(at);
            files.push((path, source.text()));
        }
    }
    let found = follow(&files, &marked);
    found
        .into_iter()
        .filter_map(|(at, reader)| Some((*positions.get(at)?, reader)))
        .collect()
}

/// Too large, or a pointer: it may have been a model, so it is never skipped in
/// silence. What is no text, or no file of the repository, cannot be one.
fn file_that_cannot_be_opened<R>(
    discovery: &mut Discovery<R>,
    path: RepoPath,
    named: bool,
    error: OpenError,
) {
    let surely_none = matches!(
        error,
        OpenError::NotUtf8 { .. } | OpenError::Outside(_) | OpenError::Missing(_)
    );
    if named || !surely_none {
        discovery.unreadable.push((path, error));
    } else {
        let reason = error.to_string();
        discovery.left.push((path, reason));
    }
}

/// Why a folder that cannot be listed is passed over: whatever lies in it would be.
fn reason_to_leave_folder(folder: &RepoPath, filter: &Filter) -> Option<&'static str> {
    let inside = folder.join("model.py")?;
    reason_to_leave(&inside, false, filter)
}

/// Why a file is passed over without a look; `None` if it is not.
fn reason_to_leave(path: &RepoPath, is_tracked: bool, filter: &Filter) -> Option<&'static str> {
    let own = Globs {
        include: filter.include.clone(),
        exclude: filter.exclude.clone(),
    };
    if let Some(reason) = own.leave(path.as_str())
        && filter
            .also
            .iter()
            .all(|also| also.leave(path.as_str()).is_some())
    {
        return Some(reason);
    }
    if !is_tracked && path.as_str().split('/').any(|part| FOREIGN.contains(&part)) {
        return Some("it lies in a folder of installed packages");
    }
    None
}
