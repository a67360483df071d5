//! Arguments, configuration and environment, resolved once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{Judging, Output};
use super::failure::Failure;
use super::output::{Screen, Target, format_named};
use super::repository::Repository;
use crate::condition::Evidence;
use crate::evaluate::Overrides;
use crate::rules::{CatalogueSettings, Severity, ThreatsFilePolicy};
use crate::source::{RepoPath, Source, Tree as _};

/// Everything that a judging command needs to know.
pub struct Settings {
    /// What fails.
    pub fail_on: Severity,
    /// With how much evidence.
    pub evidence: Evidence,
    /// Which rules judge.
    pub catalogue: CatalogueSettings,
    /// What a model's own rules do.
    pub threats_file: ThreatsFilePolicy,
    /// Which severity of an override counts.
    pub overrides: Overrides,
    /// `--exclude`.
    pub exclude: Vec<String>,
    /// `--entry`.
    pub entry: Option<String>,
    /// `--lenient`.
    pub lenient: bool,
    /// `--strict`.
    pub strict: bool,
    /// Finding no model is no failure.
    pub allow_no_models: bool,
    /// The day that expiry dates are compared with, `YYYY-MM-DD`.
    pub today: String,
}

impl Settings {
    /// Resolves what a judging command was told.
    pub fn resolve(judging: &Judging, repository: &Repository) -> Result<Self, Failure> {
        let severity = |text: &String| Severity::parse(text);
        Ok(Self {
            fail_on: judging
                .fail_on
                .as_ref()
                .and_then(severity)
                .unwrap_or(Severity::High),
            evidence: match judging.evidence.as_deref() {
                Some("declared") => Evidence::Declared,
                _ => Evidence::Assumed,
            },
            catalogue: CatalogueSettings {
                no_default_rules: judging.no_default_rules,
                sources: rule_sources(&judging.rules, repository)?,
                ..CatalogueSettings::default()
            },
            threats_file: ThreatsFilePolicy::default(),
            overrides: Overrides::default(),
            exclude: judging
                .exclude
                .iter()
                .filter(|id| !id.trim().is_empty())
                .cloned()
                .collect(),
            entry: judging.entry.clone(),
            lenient: judging.lenient,
            strict: judging.strict,
            allow_no_models: judging.allow_no_models,
            today: judging.today.clone().unwrap_or_default(),
        })
    }
}

/// Opens rule files that the person who runs tmrs names; they may lie anywhere.
/// Folders give their rule files, sorted.
fn rule_sources(paths: &[PathBuf], repository: &Repository) -> Result<Vec<Arc<Source>>, Failure> {
    let mut sources = Vec::new();
    for path in paths {
        if path.is_dir() {
            for file in files_below(path)? {
                sources.push(open_rules(&file, repository)?);
            }
        } else {
            sources.push(open_rules(path, repository)?);
        }
    }
    Ok(sources)
}

fn open_rules(path: &Path, repository: &Repository) -> Result<Arc<Source>, Failure> {
    let shown = crate::escape::terminal(&path.to_string_lossy()).into_owned();
    let help = "name a rule file (YAML), a folder of them, or a pytm threat file (JSON or Python)";
    let failed =
        |reason: String| Failure::usage(format!("cannot read the rules {shown}: {reason}"), help);
    let real = path
        .canonicalize()
        .map_err(|error| failed(error.to_string()))?;
    if let Some(inside) = real
        .strip_prefix(&repository.root)
        .ok()
        .and_then(Path::to_str)
        && let Some(inside) = RepoPath::new(&inside.replace('\\', "/"))
    {
        return repository
            .tree
            .open(&inside)
            .map_err(|error| failed(error.to_string()));
    }
    // Outside the repository only its name is shown, so that no report depends on the machine.
    let folder = real.parent().unwrap_or(&real).to_path_buf();
    let name = real
        .file_name()
        .and_then(|name| name.to_str())
        .and_then(RepoPath::new);
    let name = name.ok_or_else(|| failed("its name is not UTF-8".into()))?;
    crate::source::Disk::new(folder, None)
        .open(&name)
        .map_err(|error| failed(error.to_string()))
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

/// Where results go: `--format` on standard output unless only files were asked for.
pub fn targets(output: &Output, _: &Screen) -> Result<Vec<Target>, Failure> {
    let mut targets = output
        .output
        .iter()
        .map(|text| Target::parse(text))
        .collect::<Result<Vec<_>, _>>()?;
    let on_screen = targets
        .iter()
        .filter(|target| target.path.is_none())
        .count();
    match &output.format {
        Some(name) if on_screen == 0 => targets.insert(
            0,
            Target {
                format: format_named(name)?,
                path: None,
            },
        ),
        Some(_) => {
            return Err(Failure::usage(
                "--format and --output … =- both write to standard output",
                "give one of them",
            ));
        }
        None if on_screen == 0 => targets.insert(
            0,
            Target {
                format: format_named(automatic())?,
                path: None,
            },
        ),
        None => {}
    }
    let on_screen = targets
        .iter()
        .filter(|target| target.path.is_none())
        .count();
    if on_screen > 1 {
        return Err(Failure::usage(
            "several outputs go to standard output",
            "give all but one of them a file",
        ));
    }
    Ok(targets)
}

/// `github` inside a GitHub job if that format exists, `human` elsewhere.
fn automatic() -> &'static str {
    let in_job = std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
    if in_job && crate::emit::named("github").is_some() {
        "github"
    } else {
        "human"
    }
}
