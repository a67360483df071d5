//! What every judging command does first: read the models of the working tree,
//! judge them, settle what models, configuration and command line settle.

use super::failure::Failure;
use super::repository::Repository;
use super::settings::Settings;
use crate::condition::Names;
use crate::notice::{Notice, Severity, code};
use crate::pipeline::{self, Judged, Readings, Request};
use crate::read::ReadOptions;
use crate::rules;
use crate::triage::{exclusions, responses};

/// Reads every model of the repository.
pub fn read(repository: &Repository, settings: &Settings) -> Result<Readings, Failure> {
    let request = Request {
        tree: &repository.tree,
        filter: settings.filter.clone(),
        read: ReadOptions {
            entry: settings.entry.clone(),
            lenient: settings.lenient,
            named: false,
        },
        per_model: settings.per_model.clone(),
    };
    pipeline::read(&request).map_err(|error| {
        Failure::usage(
            error.to_string(),
            "check the permissions of the repository's folders",
        )
    })
}

/// Judges what was read, and settles what the models and the command line settle.
pub fn judge(
    readings: Readings,
    repository: &Repository,
    settings: &Settings,
) -> Result<Judged, Failure> {
    let mut names = Names::vocabulary();
    for name in pipeline::custom_names(&readings.models) {
        names.with(&name);
    }
    let catalogue = rules::CatalogueSettings {
        names,
        ..settings.catalogue.clone()
    };
    let (catalogue, notices) = rules::load(&catalogue).map_err(Failure::Notices)?;
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
    triage(&mut judged, settings);
    Ok(judged)
}

/// Sets statuses in the order of SEMANTICS §4.
fn triage(judged: &mut Judged, settings: &Settings) {
    let mut findings = std::mem::take(&mut judged.findings);
    let mut notices = Vec::new();
    for finding in &mut findings {
        let model = &judged.models[finding.model as usize].model;
        responses::scope(model, finding);
        responses::assumptions(model, finding);
        responses::answers(model, finding, &settings.today.to_string(), &mut notices);
        exclusions::inline(model, finding);
        exclusions::command_line(&settings.exclude, finding);
    }
    judged.notices.extend(notices);
    for id in &settings.exclude {
        let known = judged
            .models
            .iter()
            .flat_map(|m| &m.rules)
            .any(|r| r.rule.answers_to(id.trim()))
            || findings.iter().any(|f| f.rule.answers_to(id.trim()));
        if !known && !judged.models.is_empty() {
            let message = format!("--exclude {id}: no rule of that id judged anything");
            judged.notices.push(
                Notice::general(code::UNUSED, Severity::Warning, message)
                    .with_help("`tmrs rules list` shows all ids"),
            );
        }
    }
    judged.findings = findings;
}
