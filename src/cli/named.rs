//! Layer `cli`: files that the command line or the configuration names.
//!
//! What the repository names is opened through its tree alone. What the command line
//! names may lie elsewhere, but is not looked for through a link with which the
//! repository leads out of itself. Of a file that is not what it should be nobody is
//! shown more than the position: it may hold secrets, and the log may be public.

use std::path::Path;
use std::sync::Arc;

use super::failure::Failure;
use super::links::real;
use super::repository::Repository;
use crate::config;
use crate::escape::terminal;
use crate::notice::{Notice, code};
use crate::rules;
use crate::source::{Disk, MAX_FILE_BYTES, OpenError, RepoPath, Source, Span, Tree as _};
use crate::triage::baseline;

/// What a file should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A configuration or a policy.
    Config,
    /// A baseline.
    Baseline,
    /// Rules of one's own.
    Rules,
}

impl Expected {
    /// In a sentence.
    fn words(self) -> &'static str {
        match self {
            Self::Config => "a configuration of tmrs",
            Self::Baseline => "a baseline of tmrs",
            Self::Rules => "a rule file",
        }
    }

    /// How much of it is read, in bytes.
    fn limit(self) -> u64 {
        match self {
            Self::Baseline => baseline::MAX_BYTES,
            Self::Config | Self::Rules => MAX_FILE_BYTES,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Config => code::CONFIG,
            Self::Baseline => code::BASELINE,
            Self::Rules => code::RULE_EMPTY,
        }
    }

    /// The name that says what a file at the root is meant to be, whatever it holds.
    fn usual_name(self) -> Option<&'static str> {
        match self {
            Self::Config => Some(config::FILE_NAME),
            Self::Baseline => Some(baseline::FILE),
            Self::Rules => None,
        }
    }

    /// Whether the text is what it should be, right or wrong; if not, what looks least like it.
    fn check(self, source: &Arc<Source>) -> Result<(), Span> {
        match self {
            Self::Config => config::is_one(source),
            Self::Baseline => baseline::is_one(source),
            Self::Rules => rules::is_rule_file(source),
        }
    }
}

/// Opens a file that the repository names.
///
/// # Errors
/// It can't be opened, or it is not what it should be and its text is not for everybody.
pub fn of_repository(
    path: &RepoPath,
    repository: &Repository,
    expected: Expected,
) -> Result<Result<Arc<Source>, OpenError>, Failure> {
    let tree = &repository.tree;
    let source = match tree.open_up_to(path, expected.limit()) {
        Ok(source) => source,
        Err(error) => return Ok(Err(error)),
    };
    let is_itself = || tree.real(path).is_some_and(|real| real == *path);
    let is_known =
        tree.may_be_named(path) || (expected.usual_name() == Some(path.as_str()) && is_itself());
    checked(source, is_known, expected).map(Ok)
}

/// Opens a file that the person who runs tmrs names, wherever it lies. Outside the
/// repository only its name is shown, so that no report depends on the machine.
///
/// # Errors
/// It can't be opened, or it is not what it should be and its text is not for everybody;
/// `what` says in the plural or with an article what could not be read.
pub fn open(
    path: &Path,
    repository: &Repository,
    expected: Expected,
    (what, help): (&str, &str),
) -> Result<Arc<Source>, Failure> {
    let failed = |reason: String| {
        let shown = terminal(&path.to_string_lossy()).into_owned();
        Failure::usage(format!("cannot read {what} {shown}: {reason}"), help)
    };
    let real = real(path).map_err(failed)?;
    if let Some(inside) = repository.inside(&real) {
        let opened = of_repository(&inside, repository, expected)?;
        return opened.map_err(|error| failed(error.to_string()));
    }
    let folder = real.parent().unwrap_or(&real).to_path_buf();
    let name = real.file_name().map(Path::new).and_then(RepoPath::of);
    let name = name.ok_or_else(|| failed("its name is not UTF-8".into()))?;
    let opened = Disk::new(folder, None).open_up_to(&name, expected.limit());
    let source = opened.map_err(|error| {
        failed(match error {
            OpenError::Outside(_) => "it is not a regular file".into(),
            error => error.to_string(),
        })
    })?;
    checked(source, false, expected)
}

/// Opens a file that lies beside one that the command line names, or below it: a policy may
/// be made of several.
///
/// # Errors
/// It can't be opened, or a link leads to it from elsewhere.
pub fn beside(named: &Path, path: &RepoPath) -> Result<Arc<Source>, OpenError> {
    let missing = || OpenError::Missing(path.clone());
    let real = real(named).map_err(|_| missing())?;
    let folder = real.parent().ok_or_else(missing)?.to_path_buf();
    Disk::new(folder, None).open_up_to(path, Expected::Config.limit())
}

/// The text of a file that the command line names; no more of it than `limit` bytes is
/// read, and nothing of what is no regular file.
pub fn text(path: &Path, limit: u64) -> Result<String, String> {
    let real = real(path)?;
    let folder = real.parent().unwrap_or(&real).to_path_buf();
    let name = real.file_name().map(Path::new).and_then(RepoPath::of);
    let name = name.ok_or("its name is not UTF-8")?;
    match Disk::new(folder, None).open_up_to(&name, limit) {
        Ok(source) => Ok(source.text().to_owned()),
        Err(OpenError::Outside(_)) => Err("it is not a regular file".into()),
        Err(error) => Err(error.to_string()),
    }
}

fn checked(
    source: Arc<Source>,
    is_known: bool,
    expected: Expected,
) -> Result<Arc<Source>, Failure> {
    if is_known {
        return Ok(source);
    }
    let source = source.withheld();
    let Err(span) = expected.check(&source) else {
        return Ok(source);
    };
    let message = format!("{} is not {}", source.path(), expected.words());
    let notice = Notice::error(expected.code(), source.place(span), message);
    Err(Failure::Notices(vec![notice.with_help(
        "name the file that was meant; the text of this one is not shown, for it may hold anything",
    )]))
}
