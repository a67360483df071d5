//! How a tree is read, judged and settled: what command line, configuration and policies
//! come to.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::error::Error;
use super::revision::Revision;
use crate::condition::Names;
use crate::config::{Config, Pattern, Phrase};
use crate::day::Day;
use crate::discover::Filter;
use crate::evaluate::Overrides;
use crate::notice::{Notice, Severity as Degree, code};
use crate::pipeline::PerModel;
use crate::rules::{
    self, Catalogue, CatalogueSettings, Pack, RuleName, RulePattern, Severity, ThreatsFilePolicy,
};
use crate::source::{RepoPath, Source};

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

/// What judges models.
#[derive(Clone)]
pub struct Rules {
    /// Which rules judge.
    pub catalogue: CatalogueSettings,
    /// What the command line leaves out, whatever the configuration says.
    pub narrowing: Narrowing,
    /// What the command line names beside the configuration's rules.
    pub named: Vec<NamedRules>,
    /// The rules of the policies, which may only be tightened.
    pub bound: Vec<CatalogueSettings>,
    /// Where the policies come from, in words.
    pub bound_by: Option<String>,
    /// What a model's own rules do.
    pub threats_file: ThreatsFilePolicy,
    /// Which severity of an override counts.
    pub overrides: Overrides,
    /// Whether a model may be judged by no rule at all.
    pub may_be_none: bool,
}

/// What the command line leaves out of the rules.
#[derive(Clone, Debug, Default)]
pub struct Narrowing {
    /// `--no-default-rules`.
    pub no_default_rules: bool,
    /// `--select`, in place of `rules.enable`.
    pub select: Option<Vec<RulePattern>>,
}

/// Rules that the command line names.
#[derive(Clone)]
pub enum NamedRules {
    /// A file or folder of the repository, which a base revision has its own version of.
    Inside(RepoPath),
    /// The same files for both sides.
    Outside(Vec<Arc<Source>>),
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

impl Rules {
    /// Every rule that may judge, where models use these names beside the vocabulary's.
    pub fn load(&self, custom: BTreeSet<Arc<str>>) -> Result<(Catalogue, Vec<Notice>), Error> {
        let mut names = Names::vocabulary();
        for name in custom {
            names.with(&name);
        }
        let load = |rules: &CatalogueSettings| {
            let rules = CatalogueSettings {
                names: names.clone(),
                ..rules.clone()
            };
            rules::load(&rules).map_err(Error::Notices)
        };
        let (mut catalogue, mut notices) = load(&self.catalogue)?;
        for bound in &self.bound {
            let kept = catalogue.keep(&load(bound)?.0);
            if !kept.is_empty() {
                notices.push(kept_as_they_are(&kept, self.bound_by.as_deref()));
            }
        }
        Ok((catalogue, notices))
    }
}

/// What a change to rules does not do where a policy binds them.
fn kept_as_they_are(ids: &[String], policy: Option<&str>) -> Notice {
    const NAMED: usize = 5;
    let (named, more) = ids.split_at(ids.len().min(NAMED));
    let more = match more.len() {
        0 => String::new(),
        more => format!(" and {more} more rules"),
    };
    let message = format!(
        "{}{more} judge as the policy ({}) has them, which may only be tightened",
        named.join(", "),
        policy.unwrap_or("of this run")
    );
    let notice = Notice::general(code::FORBIDDEN, Degree::Warning, message);
    notice
        .with_help("take back what removes or changes them, or let those who own the policy agree")
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

/// Which rules judge by a configuration; `sources` are its rule files.
pub fn catalogue(
    narrowing: &Narrowing,
    config: &Config,
    sources: Vec<Arc<Source>>,
) -> Result<CatalogueSettings, Error> {
    let said = &config.rules;
    let named = |id: &Phrase| RuleName {
        id: id.value.to_string(),
        place: Some(id.place.clone()),
    };
    let default = CatalogueSettings::default();
    let patterns = |said: &[Pattern]| said.iter().map(rule_pattern).collect::<Result<Vec<_>, _>>();
    let enable = match (&narrowing.select, &said.enable) {
        (Some(select), _) => Some(select.clone()),
        (None, said) => said.as_deref().map(patterns).transpose()?,
    };
    Ok(CatalogueSettings {
        no_default_rules: narrowing.no_default_rules
            || said.default.as_ref().is_some_and(|default| !default.value),
        packs: match &said.packs {
            Some(packs) => packs.iter().map(pack).collect::<Result<_, _>>()?,
            None if enable.is_some() => Pack::ALL.to_vec(),
            None => default.packs.clone(),
        },
        enable,
        warn: patterns(&said.warn)?,
        pytm_replaces: said
            .pytm_ids
            .as_ref()
            .is_some_and(|word| word.value == "replace"),
        disable: said.disable.iter().map(named).collect(),
        severity: said
            .severity
            .iter()
            .filter_map(|(id, word)| Some((named(id), Severity::parse(word.value)?)))
            .collect(),
        sources,
        version: said
            .catalogue
            .as_ref()
            .map(|version| version.value.to_string()),
        ..default
    })
}

fn rule_pattern(said: &Pattern) -> Result<RulePattern, Error> {
    RulePattern::new(&said.text, Some(said.place.clone())).map_err(|reason| {
        let notice = Notice::error(code::CONFIG, said.place.clone(), reason);
        Error::Notices(vec![
            notice.with_help("put special characters in brackets: `[*]`"),
        ])
    })
}

fn pack(said: &Phrase) -> Result<Pack, Error> {
    Pack::parse(&said.value).ok_or_else(|| {
        let known = Pack::ALL.map(Pack::as_str);
        let message = format!("there is no pack “{}”", said.value);
        let notice = Notice::error(code::CONFIG, said.place.clone(), message);
        Error::Notices(vec![
            notice.with_help(format!("choose from {}", known.join(", "))),
        ])
    })
}
