//! The models of a run while answers are written into them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::super::drawing::frame;
use super::super::failure::Failure;
use super::super::files;
use super::super::repository::Repository;
use super::super::settings::Settings;
use crate::answer::{Reading, Store, Written};
use crate::compare::Side;
use crate::notice::Severity;
use crate::pipeline::{Judged, Readings};
use crate::report::Report;
use crate::source::{Edited, RepoPath, Tree as _};

const MARK: &str = "\u{feff}";

/// The models in the working tree.
pub struct Models<'a> {
    repository: &'a Repository,
    settings: &'a Settings,
}

impl<'a> Models<'a> {
    /// Those of a command line.
    pub fn new(repository: &'a Repository, settings: &'a Settings) -> Self {
        Self {
            repository,
            settings,
        }
    }

    /// What they say now, and what that comes to.
    ///
    /// # Errors
    /// If the repository cannot be listed, or a rule is broken.
    pub fn judge(&self) -> Result<(Judged, Report), Failure> {
        let side = self.settings.side(self.repository);
        let judged = side.judge(side.read()?, &self.repository.paths)?;
        let report = Report::of(&judged, frame(self.settings));
        Ok((judged, report))
    }

    /// What they say now.
    ///
    /// # Errors
    /// If the repository cannot be listed.
    pub fn reading(&self) -> Result<Reading, Failure> {
        let side = self.settings.side(self.repository);
        Ok(reading(side.read()?))
    }
}

fn reading(readings: Readings) -> Reading {
    let notices = readings.notices.iter();
    let understood = notices.clone().filter(|n| n.meant.is_some());
    Reading {
        understood: understood.cloned().collect(),
        errors: notices.filter(|n| n.severity == Severity::Error).count(),
        models: readings.models,
    }
}

impl Store for Models<'_> {
    fn read(&self, path: &RepoPath, text: &str) -> Result<Reading, String> {
        let tree = &self.repository.tree;
        let tree = Edited::new(tree, BTreeMap::from([(path.clone(), text.to_owned())]));
        let side = Side {
            tree: &tree,
            ..self.settings.side(self.repository)
        };
        let unlisted = |_| "the files of the repository cannot be listed".to_owned();
        side.read().map(reading).map_err(unlisted)
    }

    fn write(&mut self, written: &Written) -> Result<(), String> {
        let path = written.before.path();
        let real = self.repository.tree.real(path);
        let real = real.ok_or_else(|| format!("{path} leads out of the repository"))?;
        let place: PathBuf = self.repository.root.join(real.as_str());
        let now = std::fs::read(&place).map_err(|error| format!("{path}: {error}"))?;
        let (mark, held) = match now.strip_prefix(MARK.as_bytes()) {
            Some(held) => (MARK, held),
            None => ("", &now[..]),
        };
        if held != written.before.text().as_bytes() {
            return Err(format!(
                "{path} was changed meanwhile, or is not UTF-8; start again"
            ));
        }
        let text = format!("{mark}{}", written.text());
        files::write(&place, text).map_err(|failure| match failure {
            Failure::Usage { message, .. } => message,
            _ => format!("{path} cannot be written"),
        })
    }
}
