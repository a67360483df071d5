//! The baseline file: where it is, reading it, replacing it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::args::Knowing;
use super::failure::Failure;
use super::files::{stays, write};
use super::named::{self, Expected};
use super::repository::Repository;
use super::settings::Settings;
use super::temporary::hold_folder;
use crate::compare::{Kept, Known};
use crate::escape::terminal;
use crate::notice::{Notice, code};
use crate::source::{OpenError, RepoPath};
use crate::triage::baseline::{self, Baseline};

/// Where the baseline is.
#[derive(Clone, Debug)]
pub struct BaselineFile {
    /// How messages name it.
    pub shown: String,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    /// Where the repository says, or at the usual place.
    Repository(RepoPath),
    /// Where the command line says: then it must be there.
    Named(PathBuf),
}

impl BaselineFile {
    /// `--baseline`, else the configuration's, else the usual one at the root.
    pub fn new(named: Option<&Path>, configured: Option<&RepoPath>) -> Self {
        let usual = || RepoPath::new(baseline::FILE).unwrap_or_default();
        match named {
            Some(path) => Self {
                shown: terminal(&path.to_string_lossy()).into_owned(),
                at: At::Named(path.to_path_buf()),
            },
            None => {
                let path = configured.cloned().unwrap_or_else(usual);
                Self {
                    shown: terminal(path.as_str()).into_owned(),
                    at: At::Repository(path),
                }
            }
        }
    }

    /// Where it is on the disk.
    fn path(&self, repository: &Repository) -> PathBuf {
        match &self.at {
            At::Repository(path) => repository.root.join(path.as_str()),
            At::Named(path) => path.clone(),
        }
    }

    /// Where it lies in the repository, if it does.
    pub fn inside(&self, repository: &Repository) -> Option<RepoPath> {
        match &self.at {
            At::Repository(path) => Some(path.clone()),
            At::Named(path) => repository.inside(&path.canonicalize().ok()?),
        }
    }

    /// Reads it; `None` if there is none and nobody asked for it.
    pub fn load(&self, repository: &Repository) -> Result<Option<Baseline>, Failure> {
        let help = "name a file that can be read; `tmrs baseline update` writes one";
        let source = match &self.at {
            At::Named(path) => {
                named::open(path, repository, Expected::Baseline, ("the baseline", help))?
            }
            At::Repository(path) => {
                match named::of_repository(path, repository, Expected::Baseline)? {
                    Ok(source) => source,
                    Err(OpenError::Missing(_)) => return Ok(None),
                    Err(error) => {
                        let message = format!("cannot read the baseline {}: {error}", self.shown);
                        return Err(Failure::usage(message, help));
                    }
                }
            }
        };
        baseline::read(&source).map(Some).map_err(Failure::Notices)
    }

    /// Reads it where it has to be there.
    pub fn demand(&self, repository: &Repository) -> Result<Baseline, Failure> {
        self.load(repository)?.ok_or_else(|| {
            Failure::usage(
                format!(
                    "cannot read the baseline {}: there is no such file",
                    self.shown
                ),
                "name a file that can be read; `tmrs baseline update` writes one",
            )
        })
    }

    /// Whether there is one.
    pub fn exists(&self, repository: &Repository) -> bool {
        self.path(repository).exists()
    }

    /// Replaces it by what `make` makes of the last one. Updates that run at the
    /// same time wait for each other, so none loses what another one wrote.
    pub fn replace<T>(
        &self,
        repository: &Repository,
        make: impl FnOnce(Option<Baseline>) -> Result<(String, T), Failure>,
    ) -> Result<T, Failure> {
        // Where folders cannot be held, updates are still whole, but the last one wins.
        let path = self.path(repository);
        stays(&path)?;
        let _held = hold_folder(&path);
        // The first one is to be made where it was asked for.
        let last = match path.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            _ => self.load(repository)?,
        };
        let before = last.as_ref().and_then(|last| last.source.clone());
        let (mut text, made) = make(last)?;
        if before.as_ref().is_some_and(|it| it.text().contains("\r\n")) {
            text = text.replace('\n', "\r\n");
        }
        if before.is_none_or(|before| before.text() != text) {
            write(&path, &text)?;
        }
        Ok(made)
    }
}

/// The baseline, if there is one and it is wanted. Its file is no model then,
/// however large.
pub fn baseline(
    knowing: &Knowing,
    settings: &mut Settings,
    repository: &Repository,
) -> Result<Option<Known>, Failure> {
    if knowing.no_baseline {
        return Ok(None);
    }
    let named = knowing.baseline.as_deref();
    let file = BaselineFile::new(named, settings.side.baseline());
    let inside = file.inside(repository);
    settings.side.reading.filter.large.extend(inside.clone());
    let kept = match (named, inside) {
        (None, _) => Kept::AsConfigured,
        (Some(_), Some(path)) => Kept::Inside(path),
        (Some(_), None) => Kept::Outside,
    };
    let baseline = file.load(repository)?;
    if let (None, None, Some(configured)) = (&baseline, named, &settings.side.config.baseline) {
        let message = format!("the baseline {} is not there: nothing is known", file.shown);
        let notice = Notice::warning(code::BASELINE, configured.place.clone(), message);
        let help = "name the file that is there; `tmrs baseline update` writes a new one";
        settings.side.notices.push(notice.with_help(help));
    }
    Ok(baseline.map(|baseline| Known { baseline, kept }))
}
