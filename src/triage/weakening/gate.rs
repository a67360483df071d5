//! The configuration, compared with what it was: gate, policy, reading, exclusions.

use std::collections::BTreeMap;

use super::{Kind, Subject, Weakenings, start_of};
use crate::config::keys::{self, Order};
use crate::config::{Config, Exclusion, ModelSettings, Pattern, Placed, RuleSettings, Word};
use crate::day::Day;
use crate::rules::Severity;
use crate::source::{Place, RepoPath};
use crate::triage::exclusions::Exclusions;

/// Compares two configurations. `path` is where the configuration is.
pub fn compare(
    head: &Config,
    base: &Config,
    path: &RepoPath,
    today: Day,
    weakenings: &mut Weakenings,
) {
    let mut settings = Settings::new(path, base, weakenings);
    gate(head, base, &mut settings);
    policy(head, base, &mut settings);
    paths(head, base, &mut settings);
    models(head, base, today, &mut settings);
    let (now, was) = (&head.rules, &base.rules);
    settings.rank(
        &keys::THREATS_FILE,
        now.threats_file.as_ref(),
        was.threats_file.as_ref(),
    );
    settings.rank(
        &keys::PYTM_IDS,
        now.pytm_ids.as_ref(),
        was.pytm_ids.as_ref(),
    );
    judging(now, was, &mut settings);
    shown(head, base, &mut settings);
    exclusions(head, base, path, today, weakenings);
}

/// What code scanning gets no more, or under another name.
fn shown(head: &Config, base: &Config, settings: &mut Settings<'_>) {
    let omits = |config: &Config| {
        let said = config.sarif_assumed.as_ref();
        said.is_some_and(|said| said.value == keys::OMITS)
    };
    if omits(head) && !omits(base) {
        let message = "sarif.assumed is omit: code scanning sees nothing of what is only assumed";
        let place = head.sarif_assumed.as_ref().map(|said| &said.place);
        settings.add("sarif.assumed", place, message.to_owned());
    }
    let name = |config: &Config| config.category.as_ref().map(|said| said.value.to_string());
    let (is, was) = (name(head), name(base));
    if is != was {
        let word = |said: Option<String>| said.unwrap_or_else(|| "none".into());
        let message = format!("category was {} and is {}", word(was), word(is));
        let place = head.category.as_ref().map(|said| &said.place);
        settings.add("category", place, message);
    }
}

/// Rules that are left out, or that fail nothing from now on.
fn judging(now: &RuleSettings, was: &RuleSettings, settings: &mut Settings<'_>) {
    let has = |patterns: &[Pattern], text: &str| patterns.iter().any(|p| &*p.text == text);
    if let Some(enable) = &now.enable {
        let keeps = |was: &Vec<Pattern>| was.iter().all(|pattern| has(enable, &pattern.text));
        if !was.enable.as_ref().is_some_and(keeps) {
            let message = "rules.enable takes in fewer rules than before".to_owned();
            settings.add("rules.enable", enable.first().map(|p| &p.place), message);
        }
    }
    for pattern in now
        .warn
        .iter()
        .filter(|pattern| !has(&was.warn, &pattern.text))
    {
        let message = format!("rules.warn lets {} only warn", pattern.text);
        settings.add("rules.warn", Some(&pattern.place), message);
    }
}

struct Settings<'a> {
    path: &'a RepoPath,
    /// What failed the gate of the base at least, and may pass now.
    passes: Severity,
    weakenings: &'a mut Weakenings,
}

impl<'a> Settings<'a> {
    fn new(path: &'a RepoPath, base: &Config, weakenings: &'a mut Weakenings) -> Self {
        let passes = base.fail_on.as_ref();
        let passes = passes.and_then(|word| Severity::parse(word.value));
        Self {
            path,
            passes: passes.unwrap_or(Severity::High),
            weakenings,
        }
    }

    /// Reports a setting that is less strict for one model than it was, where an entry of
    /// `models` says so or said otherwise: each is given with what holds for all models.
    fn rank_there(
        &mut self,
        (order, model): (&Order, &RepoPath),
        (now, now_for_all): (Option<&Word>, Option<&Word>),
        (was, was_for_all): (Option<&Word>, Option<&Word>),
    ) {
        if now.is_none() && was.is_none() {
            return;
        }
        let word = |said: Option<&Word>| said.map_or(order.default, |said| said.value);
        let (is, before) = (word(now.or(now_for_all)), word(was.or(was_for_all)));
        if order.rank(is) < order.rank(before) {
            let message = format!("{} of {model} was {before} and is {is}", order.key);
            self.add("models", now.map(|said| &said.place), message);
        }
    }

    fn add(&mut self, name: &str, place: Option<&Place>, message: String) {
        let place = place.cloned().unwrap_or_else(|| start_of(self.path));
        let subject = Subject::other(self.path, "Configuration", name);
        self.weakenings
            .add(Kind::Gate, subject, place, &message.clone(), message)
            .let_through(self.passes);
    }

    /// Reports a setting that is less strict than it was.
    fn rank<T: keys::Value>(
        &mut self,
        order: &Order,
        now: Option<&Placed<T>>,
        was: Option<&Placed<T>>,
    ) {
        let word = |said: Option<&Placed<T>>| said.map_or(order.default, |said| said.value.word());
        let (is, before) = (word(now), word(was));
        if order.rank(is) < order.rank(before) {
            let name = order.key;
            let message = format!("{name} was {before} and is {is}");
            self.add(name, now.map(|said| &said.place), message);
        }
    }

    /// Reports entries of a list that make it stricter and are gone.
    fn lost<'t>(
        &mut self,
        name: &str,
        now: impl Iterator<Item = &'t str>,
        was: impl Iterator<Item = &'t str>,
    ) {
        let now: Vec<&str> = now.collect();
        for word in was.filter(|word| !now.contains(word)) {
            self.add(name, None, format!("{name} no longer holds {word}"));
        }
    }
}

fn gate(head: &Config, base: &Config, settings: &mut Settings<'_>) {
    settings.rank(&keys::FAIL_ON, head.fail_on.as_ref(), base.fail_on.as_ref());
    settings.rank(&keys::GATE, head.gate.as_ref(), base.gate.as_ref());
    settings.rank(
        &keys::EVIDENCE,
        head.evidence.as_ref(),
        base.evidence.as_ref(),
    );
    settings.rank(&keys::STRICT, head.strict.as_ref(), base.strict.as_ref());
    settings.rank(&keys::LENIENT, head.lenient.as_ref(), base.lenient.as_ref());
    settings.rank(
        &keys::ALLOW_NO_MODELS,
        head.allow_no_models.as_ref(),
        base.allow_no_models.as_ref(),
    );
}

fn policy(head: &Config, base: &Config, settings: &mut Settings<'_>) {
    let (now, was) = (&head.policy, &base.policy);
    settings.lost(
        "policy.require",
        now.require.iter().map(|word| word.value),
        was.require.iter().map(|word| word.value),
    );
    settings.lost(
        "policy.never",
        now.never.iter().map(|pattern| &*pattern.text),
        was.never.iter().map(|pattern| &*pattern.text),
    );
    settings.lost(
        "policy.prove",
        now.prove.iter().map(|pattern| &*pattern.text),
        was.prove.iter().map(|pattern| &*pattern.text),
    );
    let days = |said: &Option<Placed<i64>>| said.as_ref().map_or(i64::MAX, |days| days.value);
    let (is, before) = (days(&now.max_days), days(&was.max_days));
    if is > before {
        let message = format!("policy.max-days was {before} and is {is}");
        let place = now.max_days.as_ref().map(|days| &days.place);
        settings.add("policy.max-days", place, message);
    }
    settings.rank(&keys::INLINE, now.inline.as_ref(), was.inline.as_ref());
    settings.rank(
        &keys::RESPONSES,
        now.responses.as_ref(),
        was.responses.as_ref(),
    );
    settings.rank(
        &keys::GROW,
        now.baseline_may_grow.as_ref(),
        was.baseline_may_grow.as_ref(),
    );
    settings.rank(
        &keys::OVERRIDES,
        now.overrides.as_ref(),
        was.overrides.as_ref(),
    );
    settings.rank(
        &keys::WEAKENING,
        now.weakening.as_ref(),
        was.weakening.as_ref(),
    );
}

/// Files that are no longer looked at.
fn paths(head: &Config, base: &Config, settings: &mut Settings<'_>) {
    let has = |patterns: &[Pattern], text: &str| patterns.iter().any(|p| &*p.text == text);
    for pattern in &head.paths.exclude {
        if !has(&base.paths.exclude, &pattern.text) {
            let message = format!("paths.exclude leaves out {}", pattern.text);
            settings.add("paths.exclude", Some(&pattern.place), message);
        }
    }
    let (now, was) = (&head.paths.include, &base.paths.include);
    let narrowed = !now.is_empty() && (was.is_empty() || was.iter().any(|p| !has(now, &p.text)));
    if narrowed {
        let message = "paths.include takes in less than before".to_owned();
        settings.add("paths.include", now.first().map(|p| &p.place), message);
    }
}

/// Tells of each of these models, by where it is and where it was, whose own gate, by an
/// entry of `models` now or at the base, lets more through than what held for it then.
pub fn of_models<'m>(
    (head, base): (&Config, &Config),
    path: &RepoPath,
    models: impl IntoIterator<Item = (&'m RepoPath, &'m RepoPath)>,
    today: Day,
    weakenings: &mut Weakenings,
) {
    let mut settings = Settings::new(path, base, weakenings);
    for (model, then) in models {
        let (now, was) = (head.of_model(model, today), base.of_model(then, today));
        settings.rank_there(
            (&keys::FAIL_ON, model),
            (
                now.and_then(|it| it.fail_on.as_ref()),
                head.fail_on.as_ref(),
            ),
            (
                was.and_then(|it| it.fail_on.as_ref()),
                base.fail_on.as_ref(),
            ),
        );
        settings.rank_there(
            (&keys::GATE, model),
            (now.and_then(|it| it.gate.as_ref()), head.gate.as_ref()),
            (was.and_then(|it| it.gate.as_ref()), base.gate.as_ref()),
        );
        settings.rank_there(
            (&keys::EVIDENCE, model),
            (
                now.and_then(|it| it.evidence.as_ref()),
                head.evidence.as_ref(),
            ),
            (
                was.and_then(|it| it.evidence.as_ref()),
                base.evidence.as_ref(),
            ),
        );
    }
}

/// Models that are read more leniently, for longer, or entered elsewhere.
fn models(head: &Config, base: &Config, today: Day, settings: &mut Settings<'_>) {
    let counts = |said: &ModelSettings| said.counts(today);
    for (at, said) in head
        .models
        .iter()
        .enumerate()
        .filter(|(_, said)| counts(said))
    {
        // Entries of one pattern are told apart by their order.
        let nth = head.models[..at]
            .iter()
            .filter(|m| counts(m) && m.path.text == said.path.text)
            .count();
        let before = base
            .models
            .iter()
            .filter(|m| counts(m) && m.path.text == said.path.text)
            .nth(nth);
        let lenient = |model: &ModelSettings| model.lenient.as_ref().is_some_and(|l| l.value);
        let place = said.lenient.as_ref().map_or(&said.place, |l| &l.place);
        if lenient(said) {
            let until = |model: &ModelSettings| model.expires.as_ref().map(|day| day.value);
            let (now, was) = (until(said), before.filter(|b| lenient(b)).map(until));
            match (now, was) {
                (_, None) => {
                    let message = format!("{} is read leniently", said.path.text);
                    settings.add("models", Some(place), message);
                }
                (now, Some(Some(was))) if now.is_none_or(|now| now > was) => {
                    let message = format!(
                        "{} is read leniently for longer than until {was}",
                        said.path.text
                    );
                    let place = said.expires.as_ref().map_or(place, |day| &day.place);
                    settings.add("models", Some(place), message);
                }
                _ => {}
            }
        }
        let entry = said.entry.as_ref().map(|entry| &*entry.value);
        let entered = before
            .and_then(|b| b.entry.as_ref())
            .map(|entry| &*entry.value);
        if let (Some(entry), true) = (&said.entry, entry != entered) {
            let message = format!("{} is entered at {}", said.path.text, entry.value);
            settings.add("models", Some(&entry.place), message);
        }
    }
    // An entry that is gone, or that no longer names a function, leaves the model
    // to be entered where a later one says, or at its top.
    for then in base.models.iter().filter(|said| counts(said)) {
        let Some(entry) = &then.entry else { continue };
        let mut same = head
            .models
            .iter()
            .filter(|m| counts(m) && m.path.text == then.path.text);
        if !same.any(|m| m.entry.is_some()) {
            let message = format!("{} is no longer entered at {}", then.path.text, entry.value);
            settings.add("models", None, message);
        }
    }
}

/// Exclusions that were not there, did not count, or ended earlier.
fn exclusions(
    head: &Config,
    base: &Config,
    path: &RepoPath,
    today: Day,
    weakenings: &mut Weakenings,
) {
    let (now, was) = (Exclusions::new(head, today), Exclusions::new(base, today));
    let mut known: BTreeMap<String, Vec<Option<Day>>> = BTreeMap::new();
    for (exclusion, objection) in base.exclusions.iter().zip(&was.objections) {
        if objection.is_none() {
            known
                .entry(scope_of(exclusion))
                .or_default()
                .push(last_day(exclusion));
        }
    }
    for (exclusion, objection) in head.exclusions.iter().zip(&now.objections) {
        if objection.is_some() {
            continue;
        }
        let scope = scope_of(exclusion);
        let days = known.get_mut(&scope);
        let before = days.and_then(|days| (!days.is_empty()).then(|| days.remove(0)));
        let what = match before {
            Some(None) => continue,
            Some(Some(day)) if last_day(exclusion).is_some_and(|now| now <= day) => continue,
            Some(Some(day)) => format!(
                "{scope} excluded for longer than until {day}: {}",
                exclusion.reason.value
            ),
            None => format!("{scope} excluded: {}", exclusion.reason.value),
        };
        let subject = Subject::other(path, "Configuration", "exclusions");
        weakenings.add(
            Kind::Exclusion,
            subject,
            exclusion.place.clone(),
            &scope,
            what,
        );
    }
}

fn last_day(exclusion: &Exclusion) -> Option<Day> {
    exclusion.expires.as_ref().map(|day| day.value)
}

/// What an exclusion matches, in words.
fn scope_of(exclusion: &Exclusion) -> String {
    let mut rules: Vec<&str> = exclusion.rules.iter().map(|rule| &*rule.text).collect();
    rules.sort_unstable();
    let mut scope = rules.join(", ");
    if let Some(class) = &exclusion.class {
        scope += &format!(" on every {}", class.value);
    }
    if let Some(element) = &exclusion.element {
        scope += &format!(" on “{}”", element.text);
    }
    if let Some(model) = &exclusion.model {
        scope += &format!(" in {}", model.text);
    }
    scope
}
