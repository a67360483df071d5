//! From models to findings.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::homes::bring_home;
use super::judged::{Judged, JudgedModel};
use super::readings::Readings;
use crate::evaluate::{Overrides, evaluate};
use crate::model::effort::OfRun;
use crate::model::{Attr, Model};
use crate::notice::{Notice, Severity, code};
use crate::rules::{Catalogue, CompiledRule, ThreatsFilePolicy};
use crate::source::Tree;

/// The names of attributes that only these models use (docs/semantics.md §3, known names).
pub fn custom_names<'m>(models: impl IntoIterator<Item = &'m Model>) -> BTreeSet<Arc<str>> {
    let custom = |attr: &Attr| match attr {
        Attr::Custom(name) => Some(Arc::clone(name)),
        Attr::Known(_) => None,
    };
    let mut names = BTreeSet::new();
    for model in models {
        for element in &model.elements {
            names.extend(element.slots.iter().filter_map(|(attr, _)| custom(attr)));
            names.extend(element.controls.iter().filter_map(|(attr, _)| custom(attr)));
        }
        for datum in &model.data {
            names.extend(datum.slots.iter().filter_map(|(attr, _)| custom(attr)));
        }
    }
    names
}

/// Judges what was read. `tree` opens the threat files that models name.
pub fn judge(
    readings: Readings,
    tree: &dyn Tree,
    catalogue: &Catalogue,
    threats_file: ThreatsFilePolicy,
    overrides: Overrides,
) -> Judged {
    judge_by(readings, overrides, &|model, notices| {
        rules_for(model, tree, catalogue, threats_file, notices)
    })
}

/// Which rules judge a model, with what there is to say about them.
pub type RulesFor<'a> = dyn Fn(&mut Model, &mut Vec<Notice>) -> Vec<CompiledRule> + Sync + 'a;

/// As [`judge`], by the rules that `rules_of` gives for each model.
pub fn judge_by(readings: Readings, overrides: Overrides, rules_of: &RulesFor<'_>) -> Judged {
    let mut judged = Judged {
        notices: readings.notices,
        incomplete: readings.incomplete,
        broken: readings.broken,
        lacks_a_whole: readings.lacks_a_whole,
        ..Judged::default()
    };
    let around = readings.around;
    let of_run = OfRun::default();
    let parts: Vec<_> = readings
        .models
        .into_par_iter()
        .enumerate()
        .map(|(number, mut model)| {
            let mut notices = Vec::new();
            model.effort = of_run.of_model();
            let rules = rules_of(&mut model, &mut notices);
            let judgement = evaluate(&model, number as u32, &rules, overrides);
            notices.extend(judgement.notices);
            model.complete &= !judgement.undecided;
            (
                JudgedModel {
                    is_around: around.contains(model.path()),
                    model,
                    rules,
                    found_elsewhere: BTreeSet::new(),
                    given_up: judgement.given_up,
                },
                judgement.findings,
                notices,
            )
        })
        .collect();
    let excess = of_run.excess();
    let mut found = Vec::new();
    for (mut model, mut findings, mut notices) in parts {
        if excess.is_some() {
            // Which models were judged before it came to too much is left to chance.
            model.model.complete = false;
            model.given_up = true;
            findings.clear();
            notices.clear();
        }
        if !model.model.complete {
            judged.incomplete = true;
            judged.broken.insert(model.model.path().clone());
            judged.lacks_a_whole |= !model.model.included.is_empty();
        }
        found.push(findings);
        judged.notices.extend(notices);
        judged.models.push(model);
    }
    judged.findings = bring_home(&mut judged.models, found);
    judged
        .notices
        .extend(excess.map(|excess| too_much(&excess)));
    judged
        .notices
        .sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    judged.notices.dedup();
    judged
}

/// The error of a run that comes to more findings than a report holds.
fn too_much(excess: &str) -> Notice {
    let message = format!("nothing is judged: the models of this run come to {excess} together");
    Notice::general(code::LIMIT, Severity::Error, message)
        .with_help("run tmrs for some folders at a time, each with its own `--category`")
}

/// The rules that judge one model (docs/semantics.md §3): its own `threatsFile` may take
/// the place of the built-in ones.
pub fn rules_for(
    model: &mut Model,
    tree: &dyn Tree,
    catalogue: &Catalogue,
    policy: ThreatsFilePolicy,
    notices: &mut Vec<Notice>,
) -> Vec<CompiledRule> {
    let Some(own) = model.threats_file.clone() else {
        return catalogue.for_model(None, policy);
    };
    if policy == ThreatsFilePolicy::Ignore {
        notices.push(Notice::note(
            code::THREATS_FILE,
            own.place,
            format!(
                "the rules of {} are ignored, as the configuration says",
                own.written
            ),
        ));
        return catalogue.for_model(None, policy);
    }
    let opened = match &own.path {
        Some(path) if tree.may_be_named(path) => tree.open(path).map_err(|error| error.to_string()),
        Some(path) => Err(format!("{path} is not tracked by git")),
        None => Err(format!(
            "“{}” is not a file of this repository",
            own.written
        )),
    };
    let loaded = opened.and_then(|source| {
        let path = source.path().clone();
        catalogue.load_threats_file(&source).map_err(|complaints| {
            let count = complaints.len();
            notices.extend(complaints);
            format!("{path} is no readable threat file ({count} complaints)")
        })
    });
    match loaded {
        Ok((rules, complaints)) if !rules.is_empty() => {
            notices.extend(complaints);
            notices.push(Notice::warning(
                code::THREATS_FILE,
                own.place,
                format!(
                    "this model is judged by the {} rules of {} {} the built-in ones",
                    rules.len(),
                    own.written,
                    if policy == ThreatsFilePolicy::Add {
                        "beside"
                    } else {
                        "instead of"
                    },
                ),
            ));
            catalogue.for_model(Some(rules), policy)
        }
        outcome => {
            let reason = match outcome {
                Ok(_) => format!("{} holds no live rule", own.written),
                Err(reason) => reason,
            };
            model.complete = false;
            notices.push(
                Notice::error(
                    code::THREATS_FILE,
                    own.place,
                    format!("the model's own rules cannot be used: {reason}"),
                )
                .with_help("mend the file, or set `rules: {threats-file: ignore}` in tmrs.yaml"),
            );
            catalogue.for_model(None, ThreatsFilePolicy::Ignore)
        }
    }
}
