//! Exclusions and answers that count for nothing, each at its line: what matches
//! no finding, has expired, is malformed or forbidden (docs/semantics.md §5).

use std::collections::{BTreeMap, BTreeSet};

use super::claims::{About, Claim, Claims};
use super::exclusions::Exclusions;
use super::terms::{Objection, means};
use super::{Given, ran};
use crate::config::{Exclusion, Pattern};
use crate::finding::By;
use crate::model::vocabulary::Class;
use crate::notice::{Notice, Severity, code, did_you_mean};
use crate::pipeline::{Judged, JudgedModel};
use crate::rules::{Rule, built_in};
use crate::source::{Place, RepoPath};

/// What was seen of claims in the models.
#[derive(Debug, Default)]
pub(super) struct Usage<'a> {
    /// By place and rule: a factory or an inherited override puts one claim on
    /// several elements.
    claims: BTreeMap<(&'a Place, &'a str), Seen>,
    /// What only `policy.never` forbids: by place the rules.
    never: BTreeMap<Place, BTreeSet<String>>,
}

#[derive(Debug)]
struct Seen {
    used: bool,
    by: By,
    objection: Option<Objection>,
    ran: bool,
    path: RepoPath,
}

impl<'a> Usage<'a> {
    /// Notes that policy lets nothing exclude a rule that this claim speaks of.
    pub(super) fn forbidden_by_never(&mut self, place: &Place, rule: &str) {
        let rules = self.never.entry(place.clone()).or_default();
        rules.insert(rule.to_owned());
    }

    /// Takes the claims of a model, with whether each matched a finding.
    pub(super) fn gather(&mut self, subject: &'a JudgedModel, claims: Claims<'a>, used: &[bool]) {
        let model = &subject.model;
        for (claim, used) in claims.all.into_iter().zip(used) {
            let Claim {
                by,
                about,
                place,
                objection,
                ..
            } = claim;
            let rule: &str = match about {
                About::Rule(said) | About::Override(_, said) => &said.text,
                // Without a finding the threat is mitigated, and its answer moot.
                About::Threat(_) if !used => continue,
                About::Threat(_) => "",
            };
            let seen = self.claims.entry((place, rule)).or_insert_with(|| Seen {
                used: false,
                by,
                objection,
                ran: rule.is_empty() || ran(subject, rule),
                path: model.path().clone(),
            });
            seen.used |= used;
        }
    }

    /// Everything that there is to report.
    pub(super) fn notices(
        self,
        judged: &Judged,
        given: &Given<'_>,
        exclusions: &Exclusions<'_>,
    ) -> Vec<Notice> {
        let mut notices = Vec::new();
        let mut objected: BTreeSet<&Place> = BTreeSet::new();
        let known = known_ids(judged);
        for ((place, rule), seen) in self.claims {
            let complete = !judged.broken.contains(&seen.path);
            if let Some(objection) = &seen.objection {
                if objected.insert(place) {
                    notices.push(objection_notice(what(seen.by), place, objection));
                }
            } else if !seen.used && complete && seen.ran {
                let message = format!("{} matches no finding of {rule}", what(seen.by));
                notices.push(unused(
                    place,
                    message,
                    "remove it, or correct it if it is meant",
                ));
            } else if !seen.used && complete && !is_built_in(rule) {
                notices.push(unknown_rule(place, rule, &known));
            }
        }
        for (place, rules) in self.never {
            let rules: Vec<_> = rules.into_iter().collect();
            let message = format!(
                "policy lets nothing exclude {}, so this counts for nothing there",
                rules.join(", ")
            );
            let notice = Notice::warning(code::FORBIDDEN, place, message);
            notices.push(notice.with_help("mitigate the threat, or ask whoever owns the policy"));
        }
        for (at, exclusion) in given.config.exclusions.iter().enumerate() {
            if let Some(objection) = &exclusions.objections[at] {
                let place = match (&exclusion.expires, objection) {
                    (Some(expires), Objection::Expired(_)) => &expires.place,
                    _ => &exclusion.place,
                };
                notices.push(objection_notice("this exclusion", place, objection));
            } else if !exclusions.used[at] {
                notices.extend(unused_exclusion(exclusion, judged, given, &known));
            }
        }
        for id in given.exclude {
            let id = id.trim();
            let findings = &mut judged.findings.iter();
            let seen = judged.models.iter().any(|subject| ran(subject, id))
                || findings.any(|finding| finding.rule.answers_to(id));
            if !seen && !judged.models.is_empty() {
                notices.push(unknown_on_command_line(id));
            }
        }
        notices
    }
}

/// A claim in a sentence.
fn what(by: By) -> &'static str {
    match by {
        By::Assumption => "this assumption",
        By::Response => "this response",
        _ => "this exclusion",
    }
}

fn unused(place: &Place, message: String, help: &str) -> Notice {
    Notice::warning(code::UNUSED, place.clone(), message).with_help(help)
}

/// The notice about a claim that counts for nothing.
fn objection_notice(what: &str, place: &Place, objection: &Objection) -> Notice {
    match objection {
        Objection::Expired(day) => {
            let message = format!("{what} expired on {day} and counts for nothing");
            Notice::warning(code::EXPIRED, place.clone(), message)
                .with_help("remove it, or decide anew and set a later day")
        }
        Objection::Malformed(text) => {
            let text = crate::escape::shorten(text, 40);
            let message = format!("{what} counts for nothing: no calendar has the day “{text}”");
            Notice::warning(code::EXPIRED, place.clone(), message)
                .with_help("write the last day as YYYY-MM-DD")
        }
        Objection::Forbidden(reason) => {
            let message = format!("{what} counts for nothing: {reason}");
            Notice::warning(code::FORBIDDEN, place.clone(), message)
                .with_help("say what is missing, or mitigate the threat")
        }
    }
}

/// The ids and earlier ids of every rule that judged.
fn known_ids(judged: &Judged) -> BTreeSet<&str> {
    let rules = judged.models.iter().flat_map(|subject| &subject.rules);
    rules.map(|rule| &*rule.rule.id).collect()
}

/// A name that no rule has. It may be a rule of another run's files, so it is no
/// stale entry.
fn unknown_rule(place: &Place, id: &str, known: &BTreeSet<&str>) -> Notice {
    let message = format!(
        "no rule of this run has the id {}",
        crate::escape::shorten(id, 40)
    );
    let help = did_you_mean(id, known.iter().copied())
        .unwrap_or_else(|| "`tmrs rules list` shows all ids".into());
    Notice::warning(code::UNKNOWN_REFERENCE, place.clone(), message).with_help(help)
}

fn is_built_in(id: &str) -> bool {
    built_in::by_id(id).is_some()
        || built_in::table()
            .iter()
            .any(|rule| rule.rule().answers_to(id))
}

/// What there is to say about an exclusion that matched nothing: nothing where
/// this run did not see all that it could match.
fn unused_exclusion(
    exclusion: &Exclusion,
    judged: &Judged,
    given: &Given<'_>,
    known: &BTreeSet<&str>,
) -> Option<Notice> {
    if let Some(class) = &exclusion.class
        && Class::named(&class.value).is_none_or(|class| !class.is_element())
    {
        let message = format!("no class of elements is named {}", class.value);
        let help = did_you_mean(&class.value, Class::ALL.map(Class::name))
            .unwrap_or_else(|| "`tmrs describe` shows all classes".into());
        return Some(unused(&class.place, message, &help));
    }
    // What several repositories share need not match in each of them.
    if exclusion.shared || !all_models_seen(exclusion.model.as_ref(), judged, given) {
        return None;
    }
    let rules = || judged.models.iter().flat_map(|subject| &subject.rules);
    let runs = |pattern: &Pattern| {
        pattern.text.starts_with("DECLARED/") || rules().any(|rule| means(pattern, &rule.rule))
    };
    if exclusion.rules.iter().any(runs) {
        let message = "this exclusion matches no finding".to_owned();
        return Some(unused(
            &exclusion.place,
            message,
            "remove it, or correct it if it is meant",
        ));
    }
    let somewhere = |rule: &Rule| exclusion.rules.iter().any(|pattern| means(pattern, rule));
    if judged.models.is_empty() || built_in::table().iter().any(|rule| somewhere(&rule.rule())) {
        return None;
    }
    let first = exclusion.rules.first()?;
    Some(unknown_rule(&first.place, &first.text, known))
}

/// Whether every model that a pattern can match was read completely.
fn all_models_seen(pattern: Option<&Pattern>, judged: &Judged, given: &Given<'_>) -> bool {
    let matches = |path: &RepoPath| pattern.is_none_or(|pattern| pattern.matches(path.as_str()));
    if judged.broken.iter().any(matches) {
        return false;
    }
    let exact = pattern.filter(|pattern| !pattern.text.contains(['*', '?', '[', '{', '\\']));
    given.paths.is_empty()
        || exact
            .and_then(|pattern| RepoPath::new(&pattern.text))
            .is_some_and(|path| given.paths.iter().any(|folder| path.is_below(folder)))
}

/// The notice about `--exclude` of an id that no rule has.
fn unknown_on_command_line(id: &str) -> Notice {
    let message = format!("--exclude {id}: no rule of that id judged anything");
    Notice::general(code::UNUSED, Severity::Warning, message)
        .with_help("`tmrs rules list` shows all ids")
}
