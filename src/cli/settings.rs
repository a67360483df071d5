//! Arguments, configuration and environment, resolved once.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::args::Judging;
use super::failure::Failure;
use super::flags::bound;
use super::named::{self, Expected};
use super::policy;
use super::repository::Repository;
use crate::condition::Evidence;
use crate::config::{self, Config, Floor, Pattern, Phrase, Placed, Word};
use crate::day::Day;
use crate::discover::{Filter, Globs};
use crate::evaluate::Overrides;
use crate::notice::{Notice, code};
use crate::pipeline::PerModel;
use crate::report::Measure;
use crate::rules::{CatalogueSettings, Pack, RuleName, Severity, ThreatsFilePolicy};
use crate::source::{OpenError, RepoPath, Source, Span, Tree as _};

/// Everything that a judging command needs to know.
#[derive(Clone)]
pub struct Settings {
    /// `tmrs.yaml`, tightened by policies: what is not repeated below is read where
    /// it is used.
    pub config: Config,
    /// `tmrs.yaml` as it is written.
    pub written: Config,
    /// Where it is or would be; `None` if it lies outside the repository.
    pub config_path: Option<RepoPath>,
    /// Where the policies come from, in words.
    pub policy: Option<String>,
    /// What the command line says about judging.
    pub judging: Judging,
    /// What a person should know about the configuration.
    pub notices: Vec<Notice>,
    /// What fails.
    pub fail_on: Severity,
    /// Nothing does: findings are only reported.
    pub report_only: bool,
    /// What the gate compares.
    pub measure: Measure,
    /// With how much evidence.
    pub evidence: Evidence,
    /// Which files are looked at.
    pub filter: Filter,
    /// What holds for single models.
    pub per_model: Vec<PerModel>,
    /// Which rules judge.
    pub catalogue: CatalogueSettings,
    /// The rules of the policies, which may only be tightened.
    pub bound: Vec<CatalogueSettings>,
    /// What a model's own rules do.
    pub threats_file: ThreatsFilePolicy,
    /// Which severity of an override counts.
    pub overrides: Overrides,
    /// `--exclude`.
    pub exclude: Vec<String>,
    /// `--entry`.
    pub entry: Option<String>,
    /// What cannot be read is a warning.
    pub lenient: bool,
    /// Stale and expired exclusions and entries fail.
    pub strict: bool,
    /// Finding no model is no failure.
    pub allow_no_models: bool,
    /// `category` of the configuration.
    pub category: Option<String>,
    /// The day that expiry dates are compared with.
    pub today: Day,
}

impl Settings {
    /// Resolves what a judging command was told: the command line goes over the
    /// configuration.
    pub fn resolve(judging: &Judging, repository: &Repository) -> Result<Self, Failure> {
        let (written, mut notices) = configured(judging.config.as_deref(), repository)?;
        notices.extend(repository.working_directory.as_ref().map(only_here));
        let config_path = config_path(judging.config.as_deref(), repository);
        let policies = policy::read(judging, repository, config_path.as_ref())?;
        let floors = || policies.iter().map(|policy| &policy.floor);
        let config = floors().fold(written.clone(), |config, floor| floor.tighten(config));
        today(judging.today.as_deref())?;
        let flags = bound(judging, &policies, &config, today(None)?);
        let judging = &flags.judging;
        let today = today(judging.today.as_deref())?;
        notices.extend(flags.notices);
        let word = |flag: &Option<String>, said: &Option<Word>| -> Option<String> {
            let said = said.as_ref().map(|word| word.value.to_owned());
            flag.clone().or(said)
        };
        let flag = |flag: bool, said: &Option<Placed<bool>>| {
            flag || said.as_ref().is_some_and(|said| said.value)
        };
        let never = judging.fail_on.as_deref() == Some("never");
        let asked = judging.fail_on.clone().filter(|_| !never);
        let fail_on = word(&asked, &config.fail_on);
        let evidence = word(&judging.evidence, &config.evidence);
        let fail_on = fail_on
            .and_then(|text| Severity::parse(&text))
            .unwrap_or(Severity::High);
        let least = floors().filter_map(Floor::fail_on).min();
        if let (true, Some(least)) = (never, least) {
            let message =
                format!("--fail-on never counts for nothing: the policy fails on {least}");
            let notice =
                Notice::general(code::FORBIDDEN, crate::notice::Severity::Warning, message);
            notices.push(
                notice.with_help("leave the flag out, or let those who own the policy agree"),
            );
        }
        let sources = every_rule_source(judging, &config, repository)?;
        let mut catalogue = catalogue(judging, &config, sources)?;
        let lowers = |id: &str| floors().all(|floor| floor.lowers(id));
        let remapped = catalogue.severity.iter().map(|(name, _)| &name.id);
        catalogue.raise_only = remapped.filter(|id| !lowers(id)).cloned().collect();
        let bound = policies
            .iter()
            .filter(|policy| policy.floor.binds_rules())
            .map(|policy| {
                // Rules of the command line are of both.
                let files = rule_sources(&judging.rules, repository)?;
                let sources = policy.rules.iter().cloned().chain(files).collect();
                self::catalogue(judging, &policy.floor.config, sources)
            })
            .collect::<Result<_, _>>()?;
        let by_severity = word(&None, &config.gate).as_deref() != Some("risk")
            || floors().any(Floor::by_severity);
        Ok(Self {
            bound,
            measure: if by_severity {
                Measure::Severity
            } else {
                Measure::Risk
            },
            fail_on: least.map_or(fail_on, |least| least.min(fail_on)),
            report_only: never && least.is_none(),
            evidence: match evidence.as_deref() {
                Some("declared") if !floors().any(Floor::any_evidence) => Evidence::Declared,
                _ => Evidence::Assumed,
            },
            filter: Filter {
                paths: repository.paths.clone(),
                only: None,
                include: Pattern::path_set(&config.paths.include),
                exclude: Pattern::path_set(&config.paths.exclude),
                large: large(&config),
                also: floors()
                    .filter(|floor| floor.has_paths())
                    .map(|floor| Globs {
                        include: Pattern::path_set(&floor.config.paths.include),
                        exclude: Pattern::path_set(&floor.config.paths.exclude),
                    })
                    .collect(),
            },
            per_model: per_model(&config, today, &mut notices),
            catalogue,
            threats_file: match config.rules.threats_file.as_ref().map(|word| word.value) {
                Some("add") => ThreatsFilePolicy::Add,
                Some("ignore") => ThreatsFilePolicy::Ignore,
                _ => ThreatsFilePolicy::Replace,
            },
            overrides: match config.policy.overrides.as_ref().map(|word| word.value) {
                Some("lower") => Overrides::Lower,
                _ => Overrides::Keep,
            },
            exclude: judging
                .exclude
                .iter()
                .filter(|id| !id.trim().is_empty())
                .cloned()
                .collect(),
            entry: judging.entry.clone(),
            lenient: flag(judging.lenient, &config.lenient),
            strict: flag(judging.strict, &config.strict),
            allow_no_models: flag(judging.allow_no_models, &config.allow_no_models),
            category: config.category.as_ref().map(|text| text.value.to_string()),
            today,
            notices,
            policy: policy::described(&policies),
            config_path,
            judging: judging.clone(),
            written,
            config,
        })
    }

    /// These settings with the configuration of a base revision: which files were
    /// looked at, what was excluded and answered there; but the same rules.
    #[must_use]
    pub fn at_base(&self, config: Config) -> Self {
        let mut notices = Vec::new();
        Self {
            filter: Filter {
                paths: self.filter.paths.clone(),
                only: None,
                include: Pattern::path_set(&config.paths.include),
                exclude: Pattern::path_set(&config.paths.exclude),
                large: large(&config),
                also: self.filter.also.clone(),
            },
            per_model: per_model(&config, self.today, &mut notices),
            lenient: self.judging.lenient
                || config.lenient.as_ref().is_some_and(|lenient| lenient.value),
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

    /// The version of the catalogue that judges.
    pub fn catalogue_version(&self) -> &str {
        let pinned = self.catalogue.version.as_deref();
        pinned.unwrap_or(env!("CARGO_PKG_VERSION"))
    }
}

/// Reads the configuration: the named file, else `tmrs.yaml` at the root, if there is one.
pub fn configured(
    named: Option<&Path>,
    repository: &Repository,
) -> Result<(Config, Vec<Notice>), Failure> {
    let help = "name a configuration that can be read";
    let source = if let Some(path) = named {
        named::open(
            path,
            repository,
            Expected::Config,
            ("the configuration", help),
        )?
    } else {
        misnamed(repository)?;
        let usual = RepoPath::new(config::FILE_NAME).unwrap_or_default();
        match named::of_repository(&usual, repository, Expected::Config)? {
            Ok(source) => source,
            Err(OpenError::Missing(_)) => return Ok((Config::default(), Vec::new())),
            Err(error) => {
                return Err(Failure::usage(
                    format!("cannot read the configuration: {error}"),
                    help,
                ));
            }
        }
    };
    config::read(&source).map_err(Failure::Notices)
}

/// What a run judges that was started below the root and names nothing.
fn only_here(folder: &RepoPath) -> Notice {
    let message = format!("only {folder} is judged: tmrs was started there");
    Notice::general(code::USAGE, crate::notice::Severity::Note, message)
        .with_help("start it at the root, or name the paths to judge")
}

/// A configuration under a name that is not read would be ignored in silence.
fn misnamed(repository: &Repository) -> Result<(), Failure> {
    let mut found = Vec::new();
    for name in config::WRONG_NAMES.into_iter().filter_map(RepoPath::new) {
        let Ok(source) = repository.tree.open(&name) else {
            continue;
        };
        if !config::looks_like_one(&source) {
            continue; // A model, or a report that somebody called so.
        }
        let message = format!(
            "{name} is not read: the configuration is called {}",
            config::FILE_NAME
        );
        let place = source.place(Span::default());
        let help = format!("rename it to {}", config::FILE_NAME);
        found.push(Notice::error(code::CONFIG, place, message).with_help(help));
    }
    if found.is_empty() {
        Ok(())
    } else {
        Err(Failure::Notices(found))
    }
}

/// Where the configuration is or would be; `None` if it lies outside the repository.
fn config_path(named: Option<&Path>, repository: &Repository) -> Option<RepoPath> {
    let Some(named) = named else {
        return RepoPath::new(config::FILE_NAME);
    };
    repository.inside(&named.canonicalize().ok()?)
}

/// The day of `--today`, else of the clock, in UTC.
fn today(said: Option<&str>) -> Result<Day, Failure> {
    let Some(said) = said else {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let seconds = now.map_or(0, |now| now.as_secs());
        return Ok(Day::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX)));
    };
    Day::parse(said).ok_or_else(|| {
        Failure::usage(
            format!(
                "--today {}: no calendar has that day",
                crate::escape::terminal(said)
            ),
            "write it as YYYY-MM-DD",
        )
    })
}

/// Files of the repository that may be larger than models.
fn large(config: &Config) -> Vec<RepoPath> {
    let configured = config.baseline.as_ref().map(|path| path.value.clone());
    configured
        .or_else(|| RepoPath::new(crate::triage::baseline::FILE))
        .into_iter()
        .collect()
}

/// What `models` says, without what has expired.
fn per_model(config: &Config, today: Day, notices: &mut Vec<Notice>) -> Vec<PerModel> {
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
                entry: said.entry.as_ref().map(|entry| entry.value.to_string()),
            });
        }
    }
    counting
}

/// Which rules judge.
pub fn catalogue(
    judging: &Judging,
    config: &Config,
    sources: Vec<Arc<Source>>,
) -> Result<CatalogueSettings, Failure> {
    let said = &config.rules;
    let named = |id: &Phrase| RuleName {
        id: id.value.to_string(),
        place: Some(id.place.clone()),
    };
    let default = CatalogueSettings::default();
    Ok(CatalogueSettings {
        no_default_rules: judging.no_default_rules
            || said.default.as_ref().is_some_and(|default| !default.value),
        packs: match &said.packs {
            Some(packs) => packs.iter().map(pack).collect::<Result<_, _>>()?,
            None => default.packs.clone(),
        },
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

fn pack(said: &Phrase) -> Result<Pack, Failure> {
    Pack::parse(&said.value).ok_or_else(|| {
        let known = Pack::ALL.map(Pack::as_str);
        let message = format!("there is no pack “{}”", said.value);
        let notice = Notice::error(code::CONFIG, said.place.clone(), message);
        Failure::Notices(vec![
            notice.with_help(format!("choose from {}", known.join(", "))),
        ])
    })
}

/// The rule files that judge: the configuration's first, then the command line's.
fn every_rule_source(
    judging: &Judging,
    config: &Config,
    repository: &Repository,
) -> Result<Vec<Arc<Source>>, Failure> {
    let mut sources = Vec::new();
    for path in &config.rules.paths {
        let found = rules_at(&path.value, repository)?;
        sources.extend(found.map_err(|reason| {
            let message = format!("cannot read the rules {}: {reason}", path.value);
            let notice = Notice::error(code::CONFIG, path.place.clone(), message);
            Failure::Notices(vec![notice.with_help(RULES_HELP)])
        })?);
    }
    sources.extend(rule_sources(&judging.rules, repository)?);
    Ok(sources)
}

const RULES_HELP: &str =
    "name a rule file (YAML), a folder of them, or a pytm threat file (JSON or Python)";

/// Opens rule files that the person who runs tmrs names; they may lie anywhere.
/// Folders give their rule files, sorted.
pub(super) fn rule_sources(
    paths: &[PathBuf],
    repository: &Repository,
) -> Result<Vec<Arc<Source>>, Failure> {
    let open =
        |path: &Path| named::open(path, repository, Expected::Rules, ("the rules", RULES_HELP));
    let mut sources = Vec::new();
    for path in paths {
        if !path.is_dir() {
            sources.push(open(path)?);
            continue;
        }
        let failed = |reason: String| {
            let shown = crate::escape::terminal(&path.to_string_lossy()).into_owned();
            Failure::usage(
                format!("cannot read the rules {shown}: {reason}"),
                RULES_HELP,
            )
        };
        let folder = named::real(path).map_err(failed)?;
        if let Some(inside) = repository.inside(&folder) {
            sources.extend(rules_at(&inside, repository)?.map_err(failed)?);
        } else {
            for file in files_below(&folder)? {
                sources.push(open(&file)?);
            }
        }
    }
    Ok(sources)
}

/// The rule file at a path of the repository, or those of the folder there; the inner error
/// is a reason in words.
fn rules_at(
    path: &RepoPath,
    repository: &Repository,
) -> Result<Result<Vec<Arc<Source>>, String>, Failure> {
    let tree = &repository.tree;
    let files = match tree.real(path) {
        Some(folder) if repository.root.join(folder.as_str()).is_dir() => {
            match tree.below(&folder) {
                Ok(files) => files.into_iter().filter(is_in_rule_format).collect(),
                Err(error) => return Ok(Err(error.to_string())),
            }
        }
        _ => vec![path.clone()],
    };
    let mut sources = Vec::with_capacity(files.len());
    for file in files {
        match named::of_repository(&file, repository, Expected::Rules)? {
            Ok(source) => sources.push(source),
            Err(error) => return Ok(Err(error.to_string())),
        }
    }
    Ok(Ok(sources))
}

/// Whether a file of a folder is taken for a rule file; one in Python has to be named itself.
fn is_in_rule_format(path: &RepoPath) -> bool {
    matches!(path.extension(), Some("yaml" | "yml" | "json"))
}

/// Rule files below a folder, sorted by path.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let failed = |error: std::io::Error| {
            Failure::usage(
                format!(
                    "cannot list {}: {error}",
                    crate::escape::terminal(&folder.to_string_lossy())
                ),
                "name a folder that can be read",
            )
        };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if matches!(ending, Some("yaml" | "yml" | "json")) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
