//! Layer `config`: a policy as a floor: what the repository's own configuration
//! may only tighten (docs/semantics.md §5, Policy).
//!
//! A policy file binds in what it speaks of; the configuration of a base
//! revision binds in everything, its defaults included.

use super::keys::{self, Order};
use super::{Config, ModelSettings, Pattern, Placed, Policy, RuleSettings, Word};
use crate::rules::Severity;

/// A policy that binds.
#[derive(Clone, Debug)]
pub struct Floor {
    /// What it says.
    pub config: Config,
    /// Whether what it does not say binds too, as the default.
    pub defaults_bind: bool,
}

impl Floor {
    /// The configuration, where it is stricter, else the policy.
    pub fn tighten(&self, own: Config) -> Config {
        let floor = &self.config;
        Config {
            extends: own.extends,
            extended: own.extended,
            fail_on: self.stricter(&keys::FAIL_ON, own.fail_on, floor.fail_on.as_ref()),
            gate: self.stricter(&keys::GATE, own.gate, floor.gate.as_ref()),
            evidence: self.stricter(&keys::EVIDENCE, own.evidence, floor.evidence.as_ref()),
            strict: self.stricter(&keys::STRICT, own.strict, floor.strict.as_ref()),
            lenient: self.stricter(&keys::LENIENT, own.lenient, floor.lenient.as_ref()),
            allow_no_models: self.stricter(
                &keys::ALLOW_NO_MODELS,
                own.allow_no_models,
                floor.allow_no_models.as_ref(),
            ),
            models: self.models(own.models),
            rules: self.rules(own.rules),
            policy: self.policy(own.policy),
            // Both sides' patterns decide what is looked at, see `has_paths`.
            paths: own.paths,
            // Each that a change adds is told and judged by `policy`.
            exclusions: own.exclusions,
            baseline: own.baseline,
            // A run under another name is compared with nothing.
            category: match &floor.category {
                None if !self.defaults_bind => own.category,
                said => said.clone(),
            },
            // A key that is new must say here, or above, in which direction it may move:
            // this literal has no `..own`.
            sarif_assumed: match &floor.sarif_assumed {
                None if !self.defaults_bind => own.sarif_assumed,
                said if omits(own.sarif_assumed.as_ref()) => said.clone(),
                _ => own.sarif_assumed,
            },
        }
    }

    /// The least severity that must fail, if this policy says or implies one.
    pub fn fail_on(&self) -> Option<Severity> {
        let said = self.config.fail_on.as_ref().map(|word| word.value);
        let word = said.or(self.defaults_bind.then_some(keys::FAIL_ON.default))?;
        Severity::parse(word)
    }

    /// Whether a finding must fail by its rule's severity, whatever its risk here.
    pub fn by_severity(&self) -> bool {
        self.config
            .gate
            .as_ref()
            .is_some_and(|word| word.value == "severity")
    }

    /// Whether a finding must fail whatever its evidence.
    pub fn any_evidence(&self) -> bool {
        let said = self.config.evidence.as_ref().map(|word| word.value);
        said.map_or(self.defaults_bind, |word| word == "assumed")
    }

    /// Whether what cannot be read may be a warning.
    pub fn allows_lenient(&self) -> bool {
        self.allows(self.config.lenient.as_ref())
    }

    /// Whether finding no model may be no failure: unless the policy says so itself. A
    /// workflow for many repositories allows it for those that never had one; that a
    /// model is removed or hidden is found all the same.
    pub fn allows_no_models(&self) -> bool {
        let said = self.config.allow_no_models.as_ref();
        said.is_none_or(|said| said.value)
    }

    /// Whether its rules bind: none of them may judge less, or answer to other names.
    pub fn binds_rules(&self) -> bool {
        self.defaults_bind || says_anything(&self.config.rules)
    }

    /// Whether the built-in rules may be left out.
    pub fn allows_no_defaults(&self) -> bool {
        let rules = &self.config.rules;
        let is_off = rules.default.as_ref().is_some_and(|default| !default.value);
        !self.binds_rules() || is_off
    }

    fn allows(&self, said: Option<&Placed<bool>>) -> bool {
        said.map_or(!self.defaults_bind, |said| said.value)
    }

    /// Whether a file that this policy looks at must be looked at.
    pub fn has_paths(&self) -> bool {
        let paths = &self.config.paths;
        self.defaults_bind || !paths.include.is_empty() || !paths.exclude.is_empty()
    }

    /// The own value if it is at least as strict, else the policy's.
    fn stricter<T: keys::Value>(
        &self,
        order: &Order,
        own: Option<Placed<T>>,
        floor: Option<&Placed<T>>,
    ) -> Option<Placed<T>> {
        if floor.is_none() && !self.defaults_bind {
            return own;
        }
        let rank = |said: Option<&Placed<T>>| {
            order.rank(said.map_or(order.default, |said| said.value.word()))
        };
        if rank(own.as_ref()) >= rank(floor) {
            own
        } else {
            floor.cloned()
        }
    }

    /// What an entry says for some models, unless the policy is stricter for all.
    fn no_looser(&self, order: &Order, own: Option<Word>, floor: Option<&Word>) -> Option<Word> {
        let own = own?;
        self.stricter(order, Some(own), floor)
    }

    /// The policy's entries come first; the repository's own may name entries, and nothing
    /// that makes reading more lenient or lets more through than the policy does.
    fn models(&self, own: Vec<ModelSettings>) -> Vec<ModelSettings> {
        let all = &self.config;
        let floor = &all.models;
        let binds_reading = !floor.is_empty() || self.defaults_bind;
        let tightened = own.into_iter().map(|said| ModelSettings {
            lenient: said
                .lenient
                .filter(|lenient| !lenient.value || !binds_reading),
            fail_on: self.no_looser(&keys::FAIL_ON, said.fail_on, all.fail_on.as_ref()),
            gate: self.no_looser(&keys::GATE, said.gate, all.gate.as_ref()),
            evidence: self.no_looser(&keys::EVIDENCE, said.evidence, all.evidence.as_ref()),
            ..said
        });
        floor.iter().cloned().chain(tightened).collect()
    }

    fn rules(&self, own: RuleSettings) -> RuleSettings {
        let floor = &self.config.rules;
        if !self.defaults_bind && !says_anything(floor) {
            return own;
        }
        let known = |id: &str| floor.disable.iter().any(|said| &*said.value == id);
        let mut paths = floor.paths.clone();
        for path in own.paths {
            if !paths.iter().any(|said| said.value == path.value) {
                paths.push(path);
            }
        }
        let packs = match (own.packs, &floor.packs) {
            (None, None) => None,
            (Some(own), Some(floor)) => {
                let mut packs = floor.clone();
                packs.extend(own);
                packs.dedup_by(|a, b| a.value == b.value);
                Some(packs)
            }
            // The usual packs stay: naming packs may only add some.
            (Some(own), None) if own.is_empty() => None,
            (Some(own), None) => {
                let place = own.first().map(|pack| pack.place.clone());
                let usual = ["core", "model"].into_iter().filter_map(|name| {
                    Some(Placed {
                        value: name.into(),
                        place: place.clone()?,
                    })
                });
                Some(usual.chain(own.iter().cloned()).collect())
            }
            (None, Some(floor)) => Some(floor.clone()),
        };
        RuleSettings {
            paths,
            packs,
            enable: restriction(own.enable, floor.enable.as_deref()),
            warn: own
                .warn
                .into_iter()
                .filter(|pattern| floor.warn.iter().any(|said| said.text == pattern.text))
                .collect(),
            disable: own
                .disable
                .into_iter()
                .filter(|id| known(&id.value))
                .collect(),
            severity: self.severities(own.severity),
            threats_file: self.stricter(
                &keys::THREATS_FILE,
                own.threats_file,
                floor.threats_file.as_ref(),
            ),
            pytm_ids: self.stricter(&keys::PYTM_IDS, own.pytm_ids, floor.pytm_ids.as_ref()),
            default: self.stricter(&keys::DEFAULT_RULES, own.default, floor.default.as_ref()),
            catalogue: match (own.catalogue, &floor.catalogue) {
                (Some(own), Some(floor)) if crate::rules::newer(&floor.value, &own.value) => {
                    Some(floor.clone())
                }
                (Some(own), Some(_)) => Some(own),
                // Without a version the newest rules judge.
                (Some(_) | None, None) | (None, Some(_)) => None,
            },
        }
    }

    /// The policy's severities, and the repository's own where they are higher;
    /// what the policy leaves to the catalogue may only be raised, which the
    /// catalogue decides: see [`Floor::lowers`].
    fn severities(&self, own: Vec<(super::Phrase, Word)>) -> Vec<(super::Phrase, Word)> {
        let floor = &self.config.rules.severity;
        let at_least = |id: &str, word: &Word| {
            let said = floor.iter().find(|(known, _)| &*known.value == id);
            said.is_none_or(|(_, least)| {
                Severity::parse(least.value) <= Severity::parse(word.value)
            })
        };
        let mut severities: Vec<_> = own
            .into_iter()
            .filter(|(id, word)| at_least(&id.value, word))
            .collect();
        for said in floor {
            if !severities.iter().any(|(id, _)| id.value == said.0.value) {
                severities.push(said.clone());
            }
        }
        severities
    }

    /// Whether a severity of the configuration may be lower than the rule's own:
    /// only where the policy itself says so.
    pub fn lowers(&self, id: &str) -> bool {
        let rules = &self.config.rules;
        (!self.defaults_bind && !says_anything(rules))
            || rules.severity.iter().any(|(known, _)| &*known.value == id)
    }

    fn policy(&self, own: Policy) -> Policy {
        let floor = &self.config.policy;
        let mut require = floor.require.clone();
        for word in own.require {
            if !require.iter().any(|said| said.value == word.value) {
                require.push(word);
            }
        }
        let mut never = floor.never.clone();
        never.extend(own.never);
        let mut prove = floor.prove.clone();
        prove.extend(own.prove);
        Policy {
            require,
            max_days: match (own.max_days, &floor.max_days) {
                (Some(own), Some(floor)) if own.value > floor.value => Some(floor.clone()),
                (None, Some(floor)) => Some(floor.clone()),
                (own, _) => own,
            },
            never,
            prove,
            inline: self.stricter(&keys::INLINE, own.inline, floor.inline.as_ref()),
            responses: self.stricter(&keys::RESPONSES, own.responses, floor.responses.as_ref()),
            overrides: self.stricter(&keys::OVERRIDES, own.overrides, floor.overrides.as_ref()),
            weakening: self.stricter(&keys::WEAKENING, own.weakening, floor.weakening.as_ref()),
            baseline_may_grow: self.stricter(
                &keys::GROW,
                own.baseline_may_grow,
                floor.baseline_may_grow.as_ref(),
            ),
        }
    }
}

/// Whether SARIF shows nothing of what is only assumed.
fn omits(said: Option<&Word>) -> bool {
    said.is_some_and(|said| said.value == keys::OMITS)
}

/// Which rules judge: only a policy leaves some out, and entries can be added to its own.
fn restriction(own: Option<Vec<Pattern>>, floor: Option<&[Pattern]>) -> Option<Vec<Pattern>> {
    let (own, floor) = (own?, floor?);
    let is_new = |pattern: &Pattern| floor.iter().all(|said| said.text != pattern.text);
    let added = own.into_iter().filter(is_new);
    Some(floor.iter().cloned().chain(added).collect())
}

fn says_anything(rules: &RuleSettings) -> bool {
    !rules.paths.is_empty()
        || rules.packs.is_some()
        || rules.enable.is_some()
        || !rules.warn.is_empty()
        || !rules.disable.is_empty()
        || !rules.severity.is_empty()
        || rules.threats_file.is_some()
        || rules.pytm_ids.is_some()
        || rules.default.is_some()
        || rules.catalogue.is_some()
}
