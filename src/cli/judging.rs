//! What every judging command does first: read the models of the working tree,
//! judge them, settle what models, configuration and command line settle.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::failure::Failure;
use super::repository::Repository;
use super::settings::Settings;
use crate::condition::Names;
use crate::config;
use crate::notice::{Notice, Severity, code};
use crate::pipeline::{self, Judged, Readings, Request};
use crate::read::ReadOptions;
use crate::rules::{self, Catalogue, built_in};
use crate::source::{RepoPath, Span, Tree, TreeError};
use crate::triage::{self, Given};

/// Reads every model of the repository.
pub fn read(repository: &Repository, settings: &Settings) -> Result<Readings, Failure> {
    // Reading one model keeps one core busy; another can make the rules ready.
    let rules = &settings.catalogue;
    if !rules.no_default_rules {
        let packs = rules.packs.clone();
        rayon::spawn(move || built_in::prepare(&packs));
    }
    let read = pipeline::read(&request(&repository.tree, settings));
    let mut readings = read.map_err(|error| unlisted(&error))?;
    let looked_at = readings.looked_at.iter().map(|(path, _)| path);
    let ignored = looked_at
        .filter(|path| path.file_name() == config::FILE_NAME && path.as_str() != config::FILE_NAME);
    let notices: Vec<_> = ignored
        .filter_map(|path| ignored_below(path, repository))
        .collect();
    readings.notices.extend(notices);
    Ok(readings)
}

/// What to say of a configuration that lies in a folder below the root.
fn ignored_below(path: &RepoPath, repository: &Repository) -> Option<Notice> {
    let source = repository.tree.open(path).ok()?;
    if !config::looks_like_one(&source) {
        return None;
    }
    let place = source.place(Span::default());
    let message = format!(
        "{path} is not read: only {} at the root is",
        config::FILE_NAME
    );
    let notice = Notice::warning(code::CONFIG, place, message);
    Some(notice.with_help("move its settings there, under `models` what is about some paths"))
}

/// What to read in a tree, and how.
pub fn request<'a>(tree: &'a dyn Tree, settings: &Settings) -> Request<'a> {
    Request {
        tree,
        filter: settings.filter.clone(),
        read: ReadOptions {
            entry: settings.entry.clone(),
            lenient: settings.lenient,
            named: false,
        },
        per_model: settings.per_model.clone(),
    }
}

/// The files cannot be listed.
pub fn unlisted(error: &TreeError) -> Failure {
    Failure::usage(
        error.to_string(),
        "check the permissions of the repository's folders",
    )
}

/// Every rule that may judge, where models use these names beside the vocabulary's.
pub fn catalogue(
    custom: BTreeSet<Arc<str>>,
    settings: &Settings,
) -> Result<(Catalogue, Vec<Notice>), Failure> {
    let mut names = Names::vocabulary();
    for name in custom {
        names.with(&name);
    }
    let load = |rules: &rules::CatalogueSettings| {
        let rules = rules::CatalogueSettings {
            names: names.clone(),
            ..rules.clone()
        };
        rules::load(&rules).map_err(Failure::Notices)
    };
    let (mut catalogue, mut notices) = load(&settings.catalogue)?;
    for bound in &settings.bound {
        let kept = catalogue.keep(&load(bound)?.0);
        if !kept.is_empty() {
            notices.push(kept_as_they_are(&kept, settings));
        }
    }
    Ok((catalogue, notices))
}

/// What a change to rules does not do where a policy binds them.
fn kept_as_they_are(ids: &[String], settings: &Settings) -> Notice {
    const NAMED: usize = 5;
    let (named, more) = ids.split_at(ids.len().min(NAMED));
    let more = match more.len() {
        0 => String::new(),
        more => format!(" and {more} more rules"),
    };
    let message = format!(
        "{}{more} judge as the policy ({}) has them, which may only be tightened",
        named.join(", "),
        settings.policy.as_deref().unwrap_or("of this run")
    );
    let notice = Notice::general(code::FORBIDDEN, Severity::Warning, message);
    notice
        .with_help("take back what removes or changes them, or let those who own the policy agree")
}

/// Judges what was read, and settles what the models and the command line settle.
pub fn judge(
    readings: Readings,
    repository: &Repository,
    settings: &Settings,
) -> Result<Judged, Failure> {
    let (catalogue, notices) = catalogue(pipeline::custom_names(&readings.models), settings)?;
    let mut judged = pipeline::judge(
        readings,
        &repository.tree,
        &catalogue,
        settings.threats_file,
        settings.overrides,
    );
    judged
        .notices
        .splice(0..0, settings.notices.iter().cloned().chain(notices));
    settle(&mut judged, settings);
    Ok(judged)
}

/// A model that no rule judges has not passed: for commands that give a verdict.
pub fn by_some_rule(judged: &Judged, settings: &Settings) -> Result<(), Failure> {
    if settings.judging.allow_no_rules {
        return Ok(());
    }
    let Some(model) = judged.models.iter().find(|judged| judged.rules.is_empty()) else {
        return Ok(());
    };
    let name = crate::escape::terminal(&model.model.name);
    Err(Failure::usage(
        format!("no rule judges “{name}” ({})", model.model.path()),
        "name rules with --rules or `rules: {paths: …}`, let the built-in ones judge, or allow it with --allow-no-rules",
    ))
}

/// Sets statuses in the order of SEMANTICS §4, all but those of the baseline and
/// the base revision.
pub fn settle(judged: &mut Judged, settings: &Settings) {
    let given = Given {
        config: &settings.config,
        exclude: &settings.exclude,
        paths: &settings.filter.paths,
        today: settings.today,
    };
    triage::settle_all(judged, &given);
}
