//! Who judges, compared with who judged.

use std::collections::{BTreeMap, BTreeSet};

use super::{Kind, Subject, Weakenings, start_of};
use crate::config::{Config, Pattern, RuleSettings};
use crate::model::Model;
use crate::rules::{CompiledRule, Layer, Rule, Severity, Text};
use crate::source::{Place, RepoPath};

/// How many ids a sentence names.
const NAMED: usize = 5;

/// Compares two catalogues. `config` and `path` say where the configuration stands.
pub fn catalogue(
    head: &[CompiledRule],
    base: &[CompiledRule],
    config: &Config,
    path: &RepoPath,
    weakenings: &mut Weakenings,
) {
    let mut missing: BTreeMap<Place, (Vec<&str>, Severity)> = BTreeMap::new();
    for then in base {
        let then = &then.rule;
        let Some(now) = same(head, then) else {
            let place = cause(then, &config.rules).unwrap_or_else(|| start_of(path));
            let (ids, worst) = missing.entry(place).or_insert((Vec::new(), then.severity));
            ids.push(&then.id);
            *worst = then.severity.max(*worst);
            continue;
        };
        let file = now.place.as_ref().map_or(path, |place| place.path());
        let subject = || Subject::other(file, "Rule", &now.id);
        if now.severity < then.severity {
            let said = config.rules.severity.iter();
            let remapped = said
                .filter(|(id, _)| now.answers_to(&id.value))
                .map(|(_, word)| word.place.clone())
                .next();
            let place = remapped.or_else(|| now.place.clone());
            let message = format!("{} was {} and is {}", now.id, then.severity, now.severity);
            weakenings
                .add(
                    Kind::RuleSeverity,
                    subject(),
                    place.unwrap_or_else(|| start_of(path)),
                    "severity",
                    message,
                )
                .let_through(then.severity);
        }
        if let Some(what) = changed(now, then) {
            let message = format!("{} {what}", now.id);
            let place = now.place.clone().unwrap_or_else(|| start_of(path));
            weakenings
                .add(Kind::Rule, subject(), place, "condition", message)
                .let_through(then.severity);
        }
    }
    for (place, (ids, worst)) in missing {
        let subject = Subject::other(place.path(), "Configuration", "rules");
        let message = format!(
            "{} no longer {}",
            listed(&ids),
            if ids.len() == 1 { "judges" } else { "judge" }
        );
        weakenings
            .add(Kind::Rule, subject, place, &ids.join(","), message)
            .let_through(worst);
    }
}

/// Rules whose severity is higher than it was, each in words: what was known of them
/// fails from now on, or is seen in another light.
pub fn raised(head: &[CompiledRule], base: &[CompiledRule]) -> Vec<String> {
    let raised = base.iter().filter_map(|then| {
        let now = same(head, &then.rule)?;
        let then = then.rule.severity;
        (now.severity > then).then(|| format!("{} was {then} and is {}", now.id, now.severity))
    });
    raised.collect()
}

fn same<'r>(rules: &'r [CompiledRule], then: &Rule) -> Option<&'r Rule> {
    if let Ok(at) = rules.binary_search_by(|rule| rule.rule.id.cmp(&then.id)) {
        return Some(&rules[at].rule);
    }
    let renamed = rules.iter().find(|rule| rule.rule.answers_to(&then.id))?;
    Some(&renamed.rule)
}

/// What somebody changed about a rule that decides what it finds, or which
/// exclusions, answers and policies speak of it; built-in rules come with the
/// program.
fn changed(now: &Rule, then: &Rule) -> Option<String> {
    if now.layer == Layer::BuiltIn && then.layer == Layer::BuiltIn {
        return None;
    }
    if now.when != then.when || now.target != then.target {
        return Some("judges by another condition or other classes".to_owned());
    }
    let id = [&now.id];
    let lists = [
        (
            "names",
            words(now.aliases.iter().chain(id)),
            words(then.aliases.iter().chain([&then.id])),
        ),
        ("tags", words(&now.tags), words(&then.tags)),
    ];
    lists.into_iter().find_map(|(what, now, then)| {
        let more: Vec<&str> = now.difference(&then).copied().collect();
        let less: Vec<&str> = then.difference(&now).copied().collect();
        let mut changes = Vec::new();
        if !more.is_empty() {
            changes.push(format!("has gained the {what} {}", listed(&more)));
        }
        if !less.is_empty() {
            changes.push(format!("has lost the {what} {}", listed(&less)));
        }
        let changes = changes.join(" and ");
        (!changes.is_empty()).then(|| {
            format!("{changes}: exclusions, answers and policies that name them speak of other findings now")
        })
    })
}

fn words<'r>(texts: impl IntoIterator<Item = &'r Text>) -> BTreeSet<&'r str> {
    texts.into_iter().map(|text| &**text).collect()
}

/// Compares the rules that judge a model, where an entry of `models` says so now or at the
/// base, with those of then; `usual` are those of all models, of which [`catalogue`] tells.
/// `said` is what the configuration at `path` comes to for that model.
pub fn of_model(
    model: &RepoPath,
    (own, usual): (NowAndThen<'_>, NowAndThen<'_>),
    (said, path): (&RuleSettings, &RepoPath),
    weakenings: &mut Weakenings,
) {
    let told = losses(usual);
    let mut lost: BTreeMap<(Place, Loss), (Vec<&str>, Severity)> = BTreeMap::new();
    for (id, (loss, then)) in losses(own) {
        if told.get(id).is_some_and(|(told, _)| *told <= loss) {
            continue;
        }
        let place = match loss {
            Loss::Gone => cause(then, said),
            Loss::OnlyWarns => warning(then, said),
        };
        let place = place.unwrap_or_else(|| start_of(path));
        let (ids, worst) = lost
            .entry((place, loss))
            .or_insert((Vec::new(), then.severity));
        ids.push(id);
        *worst = then.severity.max(*worst);
    }
    for ((place, loss), (ids, worst)) in lost {
        let what = match (loss, ids.len()) {
            (Loss::Gone, 1) => "no longer judges",
            (Loss::Gone, _) => "no longer judge",
            (Loss::OnlyWarns, 1) => "only warns",
            (Loss::OnlyWarns, _) => "only warn",
        };
        let subject = Subject::other(place.path(), "Configuration", "models");
        let message = format!("{} {what} in {model}", listed(&ids));
        weakenings
            .add(Kind::Rule, subject, place, &message.clone(), message)
            .let_through(worst);
    }
}

/// The rules of two catalogues.
type NowAndThen<'r> = (&'r [CompiledRule], &'r [CompiledRule]);

/// What became of a rule, the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loss {
    Gone,
    OnlyWarns,
}

/// The rules of then that judge no more or fail nothing any more, by id.
fn losses((now, then): NowAndThen<'_>) -> BTreeMap<&str, (Loss, &Rule)> {
    let lost = then.iter().filter_map(|then| {
        let then: &Rule = &then.rule;
        let loss = match same(now, then) {
            None => Loss::Gone,
            Some(now) if now.only_warns && !then.only_warns => Loss::OnlyWarns,
            Some(_) => return None,
        };
        Some((&*then.id, (loss, then)))
    });
    lost.collect()
}

/// The setting that lets a rule only warn.
fn warning(rule: &Rule, rules: &RuleSettings) -> Option<Place> {
    let is_it = |pattern: &&Pattern| rule.is_meant(|word| pattern.matches(word));
    Some(rules.warn.iter().find(is_it)?.place.clone())
}

/// The setting that takes a rule out.
fn cause(rule: &Rule, rules: &RuleSettings) -> Option<Place> {
    let disabled = rules.disable.iter().find(|id| rule.answers_to(&id.value));
    let narrowed = rules.enable.as_ref().and_then(|enable| enable.first());
    let off = rules.default.as_ref().filter(|default| !default.value);
    disabled
        .map(|id| &id.place)
        .or_else(|| off.map(|off| &off.place))
        .or_else(|| narrowed.map(|pattern| &pattern.place))
        .or_else(|| rules.catalogue.as_ref().map(|version| &version.place))
        .or_else(|| Some(&rules.packs.as_ref()?.first()?.place))
        .cloned()
}

/// Compares the rules that judge one model with those that its own `threatsFile`
/// gave it at the base.
pub fn own(
    model: &Model,
    now: &[CompiledRule],
    then: &[CompiledRule],
    weakenings: &mut Weakenings,
) {
    let mut lost: Vec<&str> = Vec::new();
    let mut less: Vec<&str> = Vec::new();
    let mut worst = Severity::Info;
    for before in then {
        let before = &before.rule;
        match same(now, before) {
            None => {
                worst = worst.max(before.severity);
                lost.push(&before.id);
            }
            Some(rule) if rule.severity < before.severity || changed(rule, before).is_some() => {
                worst = worst.max(before.severity);
                less.push(&before.id);
            }
            Some(_) => {}
        }
    }
    let said = model.threats_file.as_ref();
    let place = said.map_or(&model.place, |said| &said.place);
    for (ids, what) in [
        (lost, "no longer looked for"),
        (less, "looked for in another way"),
    ] {
        if !ids.is_empty() {
            let message = format!("“{}”: {} {what} by its own rules", model.name, listed(&ids));
            weakenings
                .add(
                    Kind::OwnRules,
                    Subject::model(model),
                    place.clone(),
                    what,
                    message,
                )
                .let_through(worst);
        }
    }
}

/// The first few ids and how many more there are.
fn listed(ids: &[&str]) -> String {
    let named = ids
        .iter()
        .take(NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match ids.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
