//! How a tree is read, judged and settled: what command line, configuration and policies
//! come to.

use std::sync::Arc;

use super::revision::Revision;
use super::rules::Rules;
use crate::config::{Config, Pattern};
use crate::day::Day;
use crate::discover::Filter;
use crate::notice::{Notice, code};
use crate::pipeline::PerModel;
use crate::rules::Severity;
use crate::source::RepoPath;

/// The settings of one side.
#[derive(Clone)]
pub struct Settings {
    /// `tmrs.yaml`, tightened by policies: what is not repeated below is read where
    /// it is used.
    pub config: Config,
    /// `tmrs.yaml` as it is written.
    pub written: Config,
    /// Where it is or would be; `None` if it lies outside the repository.
    pub config_path: Option<RepoPath>,
    /// How files become models.
    pub reading: Reading,
    /// What judges them.
    pub rules: Rules,
    /// The revision whose configuration is a policy.
    pub policy: Option<Arc<Revision>>,
    /// The severity from which a finding fails.
    pub fail_on: Severity,
    /// Whether the gate compares the risk of a finding with it.
    pub by_risk: bool,
    /// `--exclude`.
    pub exclude: Vec<String>,
    /// The day that expiry dates are compared with.
    pub today: Day,
    /// What a person should know about the configuration.
    pub notices: Vec<Notice>,
}

/// How files become models.
#[derive(Clone)]
pub struct Reading {
    /// Which files are looked at.
    pub filter: Filter,
    /// What holds for single models.
    pub per_model: Vec<PerModel>,
    /// `--entry`.
    pub entry: Option<String>,
    /// What cannot be read is a warning.
    pub lenient: bool,
    /// So says the command line, whatever the configuration says.
    pub lenient_by_flag: bool,
}

impl Settings {
    /// These settings with the configuration of a base revision: which files were
    /// looked at, what was excluded and answered there; but the same rules.
    #[must_use]
    pub fn at_base(&self, config: Config) -> Self {
        let mut notices = Vec::new();
        let reading = &self.reading;
        let is_lenient = config.lenient.as_ref().is_some_and(|lenient| lenient.value);
        Self {
            reading: Reading {
                filter: Filter {
                    paths: reading.filter.paths.clone(),
                    only: None,
                    include: Pattern::path_set(&config.paths.include),
                    exclude: Pattern::path_set(&config.paths.exclude),
                    large: large(&config),
                    also: reading.filter.also.clone(),
                    // What is no model there is none that goes.
                    others: false,
                },
                per_model: per_model(&config, self.today, &mut notices),
                lenient: reading.lenient_by_flag || is_lenient,
                ..reading.clone()
            },
            notices,
            written: config.clone(),
            config,
            ..self.clone()
        }
    }

    /// The configuration's baseline file.
    pub fn baseline(&self) -> Option<&RepoPath> {
        self.config.baseline.as_ref().map(|path| &path.value)
    }
}

/// Files of the repository that may be larger than models.
pub fn large(config: &Config) -> Vec<RepoPath> {
    let configured = config.baseline.as_ref().map(|path| path.value.clone());
    configured
        .or_else(|| RepoPath::new(crate::triage::baseline::FILE))
        .into_iter()
        .collect()
}

/// What `models` says, without what has expired.
pub fn per_model(config: &Config, today: Day, notices: &mut Vec<Notice>) -> Vec<PerModel> {
    let mut counting = Vec::new();
    for said in &config.models {
        if let Some(expires) = said.expires.as_ref().filter(|day| day.value < today) {
            let message = format!(
                "this entry of `models` expired on {} and counts for nothing",
                expires.value
            );
            notices.push(
                Notice::warning(code::EXPIRED, expires.place.clone(), message)
                    .with_help("remove the entry, or decide anew and set a later day"),
            );
            continue;
        }
        if let Some(paths) = Pattern::path_set(std::slice::from_ref(&said.path)) {
            counting.push(PerModel {
                paths,
                lenient: said.lenient.as_ref().is_some_and(|lenient| lenient.value),
                reason: said.reason.clone(),
                entry: said.entry.as_ref().map(|entry| entry.value.to_string()),
            });
        }
    }
    counting
}
