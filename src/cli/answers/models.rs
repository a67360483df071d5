//! The models of a run while answers are written into them.

use std::collections::BTreeMap;

use super::super::drawing::frame;
use super::super::failure::Failure;
use super::super::files::Prepared;
use super::super::replacing::replacing;
use super::super::repository::Repository;
use super::super::settings::Settings;
use crate::answer::{Reading, Store, Written};
use crate::compare::Side;
use crate::notice::Severity;
use crate::pipeline::{Judged, Readings};
use crate::report::Report;
use crate::source::{Edited, RepoPath};

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
        let prepared = replacing(self.repository, &written.before, &written.text());
        let put = prepared.and_then(Prepared::put);
        put.map_err(|failure| match failure {
            Failure::Usage { message, .. } => message,
            _ => format!("{path} cannot be written"),
        })
    }
}
