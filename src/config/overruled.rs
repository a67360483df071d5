//! Layer `config`: what a configuration says and a policy does not let count
//! (docs/semantics.md §5, Policy).

use std::collections::BTreeSet;

use super::{Config, Pattern, Phrase, Placed, RuleSettings, Word};
use crate::notice::{Notice, code};
use crate::source::Place;

/// So many values of one key are named.
const MOST_NAMED: usize = 5;

/// Warnings, one a key, about what `own` says and `bound`, which is the same under policies,
/// does not; `policy` says in words which they are.
pub fn overruled(own: &Config, bound: &Config, policy: &str) -> Vec<Notice> {
    let bound = said(bound);
    let counts = |it: &Said<'_>| (bound.iter()).any(|b| (&b.key, &b.value) == (&it.key, &it.value));
    let mut lost: Vec<(String, &Place, Vec<String>)> = Vec::new();
    for it in said(own).into_iter().filter(|it| !counts(it)) {
        match lost.iter_mut().find(|(key, ..)| *key == it.key) {
            Some((.., values)) => values.push(it.value),
            None => lost.push((it.key, it.place, vec![it.value])),
        }
    }
    let notice = |(key, place, values): (String, &Place, Vec<String>)| {
        let more = match values.len().saturating_sub(MOST_NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named = values[..values.len().min(MOST_NAMED)].join(", ");
        let message =
            format!("`{key}: {named}`{more} counts for nothing: the policy ({policy}) is stricter");
        Notice::warning(code::FORBIDDEN, place.clone(), message)
            .with_help("take it back, or let those who own the policy agree")
    };
    lost.into_iter().map(notice).collect()
}

/// One thing that a configuration says.
struct Said<'c> {
    /// As it is shown, such as `rules.disable`.
    key: String,
    value: String,
    place: &'c Place,
}

/// What may make a check less strict, in the order of the keys.
fn said(config: &Config) -> Vec<Said<'_>> {
    let mut all = All(Vec::new());
    all.word("fail-on", config.fail_on.as_ref());
    all.word("gate", config.gate.as_ref());
    all.word("evidence", config.evidence.as_ref());
    all.flag("strict", config.strict.as_ref());
    all.flag("lenient", config.lenient.as_ref());
    all.flag("allow-no-models", config.allow_no_models.as_ref());
    all.rules("rules", &config.rules);
    for model in &config.models {
        let of = format!("models[{}]", model.path.text);
        all.word(&format!("{of}.fail-on"), model.fail_on.as_ref());
        all.word(&format!("{of}.gate"), model.gate.as_ref());
        all.word(&format!("{of}.evidence"), model.evidence.as_ref());
        all.flag(&format!("{of}.lenient"), model.lenient.as_ref());
        all.rules(&format!("{of}.rules"), &model.rules);
    }
    let policy = &config.policy;
    all.flag("policy.inline", policy.inline.as_ref());
    all.flag("policy.responses", policy.responses.as_ref());
    all.word("policy.overrides", policy.overrides.as_ref());
    all.word("policy.weakening", policy.weakening.as_ref());
    all.flag("policy.baseline.grow", policy.baseline_may_grow.as_ref());
    if let Some(days) = &policy.max_days {
        all.add("policy.max-days", days.value.to_string(), &days.place);
    }
    all.word("sarif.assumed", config.sarif_assumed.as_ref());
    all.0
}

/// Gathers what is said.
struct All<'c>(Vec<Said<'c>>);

impl<'c> All<'c> {
    fn add(&mut self, key: &str, value: String, place: &'c Place) {
        let key = key.to_owned();
        self.0.push(Said { key, value, place });
    }

    fn word(&mut self, key: &str, said: Option<&'c Word>) {
        if let Some(word) = said {
            self.add(key, word.value.to_owned(), &word.place);
        }
    }

    fn flag(&mut self, key: &str, said: Option<&'c Placed<bool>>) {
        if let Some(flag) = said {
            self.add(key, flag.value.to_string(), &flag.place);
        }
    }

    fn phrases(&mut self, key: &str, said: &'c [Phrase]) {
        for phrase in said {
            self.add(key, phrase.value.to_string(), &phrase.place);
        }
    }

    fn patterns(&mut self, key: &str, said: &'c [Pattern]) {
        for pattern in said {
            self.add(key, pattern.text.to_string(), &pattern.place);
        }
    }

    fn rules(&mut self, of: &str, rules: &'c RuleSettings) {
        let key = |name: &str| format!("{of}.{name}");
        // Which packs there are together is one thing that is said.
        if let Some([first, ..]) = rules.packs.as_deref() {
            let packs = rules.packs.iter().flatten().map(|pack| &*pack.value);
            let packs: Vec<&str> = packs.collect::<BTreeSet<_>>().into_iter().collect();
            self.add(&key("packs"), packs.join(", "), &first.place);
        }
        if let Some(place) = &rules.no_packs {
            self.add(&key("packs"), "[]".to_owned(), place);
        }
        self.patterns(&key("enable"), rules.enable.as_deref().unwrap_or_default());
        self.patterns(&key("warn"), &rules.warn);
        self.phrases(&key("disable"), &rules.disable);
        for (id, severity) in &rules.severity {
            let value = format!("{}: {}", id.value, severity.value);
            self.add(&key("severity"), value, &id.place);
        }
        self.word(&key("threats-file"), rules.threats_file.as_ref());
        self.word(&key("pytm-ids"), rules.pytm_ids.as_ref());
        self.flag(&key("default"), rules.default.as_ref());
        if let Some(version) = &rules.catalogue {
            self.add(&key("catalogue"), version.value.to_string(), &version.place);
        }
    }
}
