//! Arguments, configuration and environment, resolved once.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::args::Judging;
use super::failure::Failure;
use super::flags::bound;
use super::links;
use super::named::{self, Expected};
use super::policy::{self, Policy};
use super::repository::Repository;
use crate::compare::{self, ByModel, NamedRules, Narrowing, Reading, Rules, Side};
use crate::condition::Evidence;
use crate::config::{self, Config, Floor, ModelSettings, Pattern, Placed, Word};
use crate::day::Day;
use crate::discover::{Filter, Globs};
use crate::evaluate::Overrides;
use crate::notice::{Notice, code};
use crate::report::{Level, Levels, Measure};
use crate::rules::{RulePattern, Severity, ThreatsFilePolicy};
use crate::source::{OpenError, RepoPath, Source, Span, Tree as _};

/// Everything that a judging command needs to know.
#[derive(Clone)]
pub struct Settings {
    /// How the working tree is read, judged and settled.
    pub side: compare::Settings,
    /// What fails.
    pub gate: Gate,
    /// `category` of the configuration.
    pub category: Option<String>,
}

/// What fails.
#[derive(Clone)]
pub struct Gate {
    /// Which findings.
    pub levels: Levels,
    /// Stale and expired exclusions and entries fail.
    pub strict: bool,
    /// Finding no model is no failure.
    pub allow_no_models: bool,
}

impl Gate {
    /// The gate of command line and configuration, as the policies let it be; and what
    /// to say where they do not.
    fn resolve(
        judging: &Judging,
        config: &Config,
        policies: &[Policy],
        today: Day,
    ) -> (Self, Option<Notice>) {
        let floors = || policies.iter().map(|policy| &policy.floor);
        let asked = judging.fail_on.as_deref();
        let said = asked.or(word(config.fail_on.as_ref()));
        let never = said == Some("never");
        let fail_on = said.and_then(Severity::parse).unwrap_or(Severity::High);
        let least = floors().filter_map(Floor::fail_on).min();
        let by_severity =
            word(config.gate.as_ref()) == Some("severity") || floors().any(Floor::by_severity);
        let evidence = judging.evidence.as_deref();
        let evidence = evidence.or(word(config.evidence.as_ref()));
        let usual = Level {
            fail_on: least.map_or(fail_on, |least| least.min(fail_on)),
            report_only: never && least.is_none(),
            by: if by_severity {
                Measure::Severity
            } else {
                Measure::Risk
            },
            evidence: match evidence {
                Some("declared") if !floors().any(Floor::any_evidence) => Evidence::Declared,
                _ => Evidence::Assumed,
            },
        };
        let counting = config.models.iter().filter(|said| said.counts(today));
        let by_path = counting.filter_map(|said| {
            let paths = Pattern::path_set(std::slice::from_ref(&said.path))?;
            Some((paths, of_models(said, usual, judging, policies)))
        });
        let gate = Self {
            levels: Levels {
                usual,
                by_path: by_path.collect(),
            },
            strict: judging.strict || is_on(config.strict.as_ref()),
            allow_no_models: judging.allow_no_models || is_on(config.allow_no_models.as_ref()),
        };
        let by_flag = asked == Some("never");
        (gate, least.filter(|_| by_flag).map(never_forbidden))
    }
}

/// What fails of the models of an entry of `models`. The command line goes over it, but
/// where a policy binds: then what is stricter counts.
fn of_models(said: &ModelSettings, usual: Level, judging: &Judging, policies: &[Policy]) -> Level {
    let by = match word(said.gate.as_ref()) {
        Some("severity") => Measure::Severity,
        Some(_) => Measure::Risk,
        None => usual.by,
    };
    let (mut fail_on, mut report_only) = (usual.fail_on, usual.report_only);
    if let Some(own) = word(said.fail_on.as_ref()) {
        let own = Severity::parse(own);
        if judging.fail_on.is_none() {
            (fail_on, report_only) = (own.unwrap_or(fail_on), own.is_none());
        } else if !policies.is_empty() {
            fail_on = own.map_or(fail_on, |own| own.min(fail_on));
            report_only &= own.is_none();
        }
    }
    let evidence = match word(said.evidence.as_ref()) {
        Some("declared") if judging.evidence.is_none() => Evidence::Declared,
        Some("assumed") if judging.evidence.is_none() || !policies.is_empty() => Evidence::Assumed,
        _ => usual.evidence,
    };
    Level {
        by,
        fail_on,
        evidence,
        report_only,
    }
}

/// What to say of `--fail-on never` where a policy fails.
fn never_forbidden(least: Severity) -> Notice {
    let message = format!("--fail-on never counts for nothing: the policy fails on {least}");
    let notice = Notice::general(code::FORBIDDEN, crate::notice::Severity::Warning, message);
    notice.with_help("leave the flag out, or let those who own the policy agree")
}

fn word(said: Option<&Word>) -> Option<&'static str> {
    said.map(|word| word.value)
}

fn is_on(said: Option<&Placed<bool>>) -> bool {
    said.is_some_and(|said| said.value)
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
        if let Some(policy) = policy::described(&policies) {
            notices.extend(config::overruled(&written, &config, &policy));
        }
        today(judging.today.as_deref())?;
        let flags = bound(judging, &policies, &config, today(None)?);
        let judging = &flags.judging;
        let today = today(judging.today.as_deref())?;
        notices.extend(flags.notices);
        let (gate, forbidden) = Gate::resolve(judging, &config, &policies, today);
        notices.extend(forbidden);
        let sources = every_rule_source(judging, &config, repository)?;
        let narrowing = narrowing(judging)?;
        let mut catalogue = compare::catalogue(&narrowing, &config, &sources, today)?;
        let lowers = |id: &str| floors().all(|floor| floor.lowers(id));
        for rules in catalogue.all_mut() {
            let remapped = rules.severity.iter().map(|(name, _)| &name.id);
            rules.raise_only = remapped.filter(|id| !lowers(id)).cloned().collect();
        }
        let rules = Rules {
            catalogue,
            narrowing,
            named: named_rules(judging, repository)?,
            bound: bound_rules(judging, &policies, today)?,
            bound_by: policy::described(&policies),
            threats_file: match word(config.rules.threats_file.as_ref()) {
                Some("add") => ThreatsFilePolicy::Add,
                Some("ignore") => ThreatsFilePolicy::Ignore,
                _ => ThreatsFilePolicy::Replace,
            },
            overrides: match word(config.policy.overrides.as_ref()) {
                Some("lower") => Overrides::Lower,
                _ => Overrides::Keep,
            },
            may_be_none: judging.allow_no_rules,
        };
        let exclude = judging.exclude.iter();
        Ok(Self {
            category: config.category.as_ref().map(|text| text.value.to_string()),
            side: compare::Settings {
                reading: reading(judging, &config, &policies, repository, today, &mut notices),
                rules,
                policy: policies.iter().find_map(|policy| policy.revision.clone()),
                fail_on: gate.levels.usual.fail_on,
                by_risk: gate.levels.usual.by == Measure::Risk,
                exclude: exclude
                    .filter(|id| !id.trim().is_empty())
                    .cloned()
                    .collect(),
                today,
                notices,
                config_path,
                written,
                config,
            },
            gate,
        })
    }

    /// How a repository is read and judged by them.
    pub fn side<'a>(&'a self, repository: &'a Repository) -> Side<'a> {
        Side {
            tree: &repository.tree,
            settings: &self.side,
        }
    }

    /// The version of the catalogue that judges.
    pub fn catalogue_version(&self) -> &str {
        let pinned = self.side.rules.catalogue.usual.version.as_deref();
        pinned.unwrap_or(env!("CARGO_PKG_VERSION"))
    }
}

/// How files become models.
fn reading(
    judging: &Judging,
    config: &Config,
    policies: &[Policy],
    repository: &Repository,
    today: Day,
    notices: &mut Vec<Notice>,
) -> Reading {
    let floors = policies.iter().map(|policy| &policy.floor);
    let also = floors.filter(|floor| floor.has_paths()).map(|floor| Globs {
        include: Pattern::path_set(&floor.config.paths.include),
        exclude: Pattern::path_set(&floor.config.paths.exclude),
    });
    Reading {
        filter: Filter {
            paths: repository.paths.clone(),
            only: None,
            include: Pattern::path_set(&config.paths.include),
            exclude: Pattern::path_set(&config.paths.exclude),
            large: compare::large(config),
            also: also.collect(),
            others: true,
        },
        per_model: compare::per_model(config, today, notices),
        entry: judging.entry.clone(),
        lenient: judging.lenient || is_on(config.lenient.as_ref()),
        lenient_by_flag: judging.lenient,
    }
}

/// The rules of the policies that bind. What the command line names may add to them, and
/// not take their place: whoever changes a repository often writes its workflow too.
fn bound_rules(
    judging: &Judging,
    policies: &[Policy],
    today: Day,
) -> Result<Vec<ByModel>, Failure> {
    let binding = policies.iter().filter(|policy| policy.floor.binds_rules());
    let rules = binding.map(|policy| {
        let config = &policy.floor.config;
        let narrowing = Narrowing {
            no_default_rules: judging.no_default_rules,
            select: None,
        };
        compare::catalogue(&narrowing, config, &policy.rules, today)
    });
    Ok(rules.collect::<Result<_, _>>()?)
}

/// What the command line leaves out of the rules.
fn narrowing(judging: &Judging) -> Result<Narrowing, Failure> {
    let mut select = Vec::new();
    for text in judging.select.iter().map(|text| text.trim()) {
        if text.is_empty() {
            continue;
        }
        select.push(RulePattern::new(text, None).map_err(|reason| {
            Failure::usage(
                format!("--select {}: {reason}", crate::escape::terminal(text)),
                "name ids, patterns of ids such as `INP*`, tags, or pack:NAME",
            )
        })?);
    }
    Ok(Narrowing {
        no_default_rules: judging.no_default_rules,
        select: (!select.is_empty()).then_some(select),
    })
}

/// The rules that the command line names, by where they lie.
fn named_rules(judging: &Judging, repository: &Repository) -> Result<Vec<NamedRules>, Failure> {
    let named = judging.rules.iter().map(|path| {
        let real = path.canonicalize().ok();
        match real.and_then(|real| repository.inside(&real)) {
            Some(inside) => Ok(NamedRules::Inside(inside)),
            None => rule_sources(std::slice::from_ref(path), repository).map(NamedRules::Outside),
        }
    });
    named.collect()
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
    let open = |path: &RepoPath| match named {
        Some(named) if config_path(Some(named), repository).is_none() => named::beside(named, path),
        _ => repository.tree.open(path),
    };
    config::read_whole(&source, &open).map_err(Failure::Notices)
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
pub fn rule_sources(
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
        let folder = links::real(path).map_err(failed)?;
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
