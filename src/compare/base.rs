//! `--since`: the base revision, and what of it has to be read.

use super::error::Error;
use super::revision::{Revision, short};
use super::settings::Settings;
use super::side::Side;
use crate::config::{self, Config};
use crate::pipeline::Readings;
use crate::pipeline::shared::{self, Shared};
use crate::source::{OpenError, RepoPath, Tree};

/// The base revision, beside the working tree.
pub struct Base<'a> {
    /// Its files.
    pub revision: Revision,
    /// The working tree.
    pub head: Side<'a>,
    /// The settings as they stood there; the rules are those of the working tree.
    pub settings: Settings,
    /// Whether its configuration could be read: else nothing is known there.
    pub readable: bool,
}

impl<'a> Base<'a> {
    /// That revision, beside the working tree.
    pub fn new(revision: Revision, head: Side<'a>) -> Result<Self, Error> {
        let config = configuration(&revision, head.settings)?;
        Ok(Self {
            readable: config.is_some(),
            settings: head.settings.at_base(config.unwrap_or_default()),
            revision,
            head,
        })
    }

    /// The base as a side of its own.
    pub fn side(&self) -> Side<'_> {
        Side {
            tree: &self.revision.tree,
            settings: &self.settings,
        }
    }

    /// How people read its hash.
    pub fn commit(&self) -> &str {
        short(&self.revision.commit)
    }

    /// Whether the configuration or a rule is another one than it was.
    pub fn rules_differ(&self) -> bool {
        let config = self.head.settings.config_path.as_ref();
        let rules = self
            .head
            .settings
            .rules
            .catalogue
            .usual
            .sources
            .iter()
            .map(|rule| rule.path());
        let extended = [&self.head.settings.written, &self.settings.written];
        let extended = extended.into_iter().flat_map(|config| &config.extended);
        let mut all = config.into_iter().chain(rules).chain(extended);
        all.any(|path| !self.has_same(path))
    }

    /// The models whose own text, imports, rules or configuration changed since,
    /// out of those that were read.
    pub fn changed(&self, readings: &Readings) -> Vec<RepoPath> {
        let everything = self.rules_differ();
        let shared = self.shared(readings);
        let changed = |path: &RepoPath| {
            let mut own_rules = readings
                .models
                .iter()
                .filter(|model| model.path() == path)
                .filter_map(|model| model.threats_file.as_ref()?.path.as_ref());
            everything || !shared.is_unchanged(path) || own_rules.any(|path| !self.has_same(path))
        };
        let broken = readings
            .broken
            .iter()
            .filter(|path| !readings.candidates.contains(path));
        let candidates = readings.candidates.iter().chain(broken);
        candidates.filter(|path| changed(path)).cloned().collect()
    }

    /// Whether a file has the same text on both sides, or is on neither.
    pub fn has_same(&self, path: &RepoPath) -> bool {
        let here = self.head.tree.open(path);
        match (here, self.revision.tree.open(path)) {
            (Ok(here), Ok(there)) => here.is_same_text(&there),
            (Err(here), Err(there)) => here == there,
            _ => false,
        }
    }

    fn shared<'r>(&'r self, readings: &'r Readings) -> Shared<'r> {
        let side = |side: Side<'r>| shared::Side {
            tree: side.tree,
            per_model: &side.settings.reading.per_model,
        };
        Shared::new(readings, side(self.head), side(self.side()))
    }

    /// Reads its models: those of the scope, and what is gone since. What both
    /// sides share is taken from `head`.
    pub fn read(&self, head: &Readings, scope: &[RepoPath]) -> Result<Readings, Error> {
        if !self.readable {
            return Ok(Readings::default());
        }
        let mut request = self.side().request();
        request.filter.paths = self.paths(head, scope)?;
        let shared = self.shared(head);
        let readings = self
            .side()
            .read_by(&request, &|source| shared.reading(source))?;
        self.has_large_files(&readings, head)?;
        self.revision.is_whole()?;
        Ok(readings)
    }

    /// What to look at in the base: the scope, and what is gone since, for it may
    /// have moved into the scope.
    fn paths(&self, head: &Readings, scope: &[RepoPath]) -> Result<Vec<RepoPath>, Error> {
        let tree = &self.revision.tree;
        let mut paths = scope.to_vec();
        // What was a link there led to what it led to there.
        let led = scope.iter().filter_map(|path| tree.real(path));
        paths.extend(led.filter(|path| !scope.contains(path)));
        if paths.is_empty() || head.candidates.iter().all(|path| tree.id(path).is_some()) {
            return Ok(paths);
        }
        let entries = tree.entries().map_err(|error| Error::unlisted(&error))?;
        let gone = entries.into_iter().map(|entry| entry.path).filter(|path| {
            crate::discover::may_hold_a_model(path)
                && matches!(self.head.tree.open(path), Err(OpenError::Missing(_)))
        });
        paths.extend(gone);
        Ok(paths)
    }

    /// A model that Git LFS keeps elsewhere cannot be compared with.
    fn has_large_files(&self, readings: &Readings, head: &Readings) -> Result<(), Error> {
        for path in &readings.broken {
            let opened = self.revision.tree.open(path);
            let is_gone = || matches!(self.head.tree.open(path), Err(OpenError::Missing(_)));
            let matters = head.candidates.contains(path) || head.broken.contains(path) || is_gone();
            if matches!(opened, Err(OpenError::LfsPointer(_))) && matters {
                return Err(Error::usage(
                    format!(
                        "{path} is a Git LFS pointer in the commit {}, and its content is not here",
                        self.commit()
                    ),
                    format!(
                        "run `git lfs fetch origin {}`, or keep models out of LFS",
                        self.revision.commit
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// The configuration as it stood; `None` if it cannot be read: then nothing is
/// known there, for what it excluded is not. One outside the repository holds for both.
pub fn configuration(revision: &Revision, head: &Settings) -> Result<Option<Config>, Error> {
    let Some(path) = &head.config_path else {
        return Ok(Some(head.written.clone()));
    };
    match revision.tree.open(path) {
        Ok(source) => {
            let open = |path: &RepoPath| revision.tree.open(path);
            let read = config::read_whole(&source, &open).ok();
            revision.is_whole()?;
            Ok(read.map(|(config, _)| config))
        }
        Err(OpenError::Missing(_)) => Ok(Some(Config::default())),
        Err(_) => {
            revision.is_whole()?;
            Ok(None)
        }
    }
}
