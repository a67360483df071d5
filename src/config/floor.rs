//! Layer `config`: a policy as a floor: what the repository's own configuration
//! may only tighten (docs/semantics.md §5, Policy).
//!
//! A policy file binds in what it speaks of; the configuration of a base
//! revision binds in everything, its defaults included.

use super::keys::{self, Order};
use super::{Config, ModelSettings, Pattern, Phrase, Placed, Policy, RuleSettings, Word};
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
        let config = &self.config;
        self.defaults_bind || config.rules.says_anything() || config.has_rules_by_model()
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
            rules: self.narrowing(said.rules),
            ..said
        });
        floor.iter().cloned().chain(tightened).collect()
    }

    fn rules(&self, own: RuleSettings) -> RuleSettings {
        let floor = &self.config.rules;
        if !self.binds_rules() {
            return own;
        }
        let narrowing = self.narrowing(own.clone());
        let mut paths = floor.paths.clone();
        for path in own.paths {
            if !paths.iter().any(|said| said.value == path.value) {
                paths.push(path);
            }
        }
        RuleSettings {
            paths,
            packs: narrowing.packs.or_else(|| floor.packs.clone()),
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
            ..narrowing
        }
    }

    /// What leaves rules out or lets them only warn, for all models or for some, as far as
    /// the policy does. What is not said stays unsaid.
    fn narrowing(&self, own: RuleSettings) -> RuleSettings {
        let floor = &self.config.rules;
        if !self.binds_rules() {
            return own;
        }
        let is_disabled = |id: &Phrase| floor.disable.iter().any(|said| said.value == id.value);
        let only_warns = |own: &Pattern| floor.warn.iter().any(|said| said.text == own.text);
        RuleSettings {
            packs: own.packs.and_then(|own| self.packs(own)),
            no_packs: own.no_packs.filter(|_| floor.no_packs.is_some()),
            enable: restriction(own.enable, floor.enable.as_deref()),
            warn: own.warn.into_iter().filter(only_warns).collect(),
            disable: own.disable.into_iter().filter(is_disabled).collect(),
            ..RuleSettings::default()
        }
    }

    /// The policy's packs with one's own; `None` where none is named, for the usual ones stay.
    fn packs(&self, own: Vec<Phrase>) -> Option<Vec<Phrase>> {
        let place = own.first()?.place.clone();
        let mut packs = self.config.rules.packs.clone().unwrap_or_else(|| {
            let usual = ["core", "model"].into_iter();
            let placed = usual.map(|name| Placed {
                value: name.into(),
                place: place.clone(),
            });
            placed.collect()
        });
        packs.extend(own);
        packs.dedup_by(|a, b| a.value == b.value);
        Some(packs)
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
        !self.binds_rules() || rules.severity.iter().any(|(known, _)| &*known.value == id)
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
