//! Layer `config`: `extends`, a configuration that another goes over.

use std::sync::Arc;

use super::{Config, Paths, Phrase, Policy, RuleSettings, Word, is_one, read};
use crate::notice::{Notice, code};
use crate::source::{OpenError, RepoPath, Source};

/// So many configurations may stand one over the other.
const DEEPEST: usize = 8;

/// Opens the file that `extends` names.
pub type Open<'a> = dyn Fn(&RepoPath) -> Result<Arc<Source>, OpenError> + 'a;

/// Reads a configuration with those that it extends; the warnings of all come along.
///
/// # Errors
/// What is wrong with one of them; that one cannot be opened, is none, or extends itself.
pub fn read_whole(
    source: &Arc<Source>,
    open: &Open<'_>,
) -> Result<(Config, Vec<Notice>), Vec<Notice>> {
    let (mut config, mut notices) = read(source)?;
    let mut next = config.extends.take();
    while let Some(said) = next {
        let refused = |message: String, help: &str| {
            let notice = Notice::error(code::CONFIG, said.place.clone(), message);
            Err(vec![notice.with_help(help)])
        };
        if config.extended.contains(&said.value) || said.value == *source.path() {
            return refused(
                format!("{} extends itself", said.value),
                "let each configuration extend another one",
            );
        }
        if config.extended.len() >= DEEPEST {
            return refused(
                format!("more than {DEEPEST} configurations stand one over the other"),
                "join some of them",
            );
        }
        let opened = match open(&said.value) {
            Ok(opened) => opened,
            Err(error) => {
                return refused(
                    format!("cannot read the configuration that this one extends: {error}"),
                    "name a file of this repository, from its root, or one beside the policy",
                );
            }
        };
        // A file that somebody names may hold anything, and the log may be public.
        if is_one(&opened).is_err() {
            return refused(
                format!("{} is not a configuration of tmrs", said.value),
                "name a file that is written as tmrs.yaml is",
            );
        }
        let (mut base, told) = read(&opened)?;
        notices.extend(told);
        next = base.extends.take();
        config.extended.push(said.value);
        config = config.over(base);
    }
    Ok((config, notices))
}

impl Config {
    /// This configuration over another: what it says counts, and lists hold both, its own
    /// entries first.
    fn over(self, base: Self) -> Self {
        let mut exclusions = self.exclusions;
        exclusions.extend(base.exclusions.into_iter().map(|mut exclusion| {
            exclusion.shared = true;
            exclusion
        }));
        Self {
            extends: None,
            extended: self.extended,
            fail_on: self.fail_on.or(base.fail_on),
            gate: self.gate.or(base.gate),
            evidence: self.evidence.or(base.evidence),
            strict: self.strict.or(base.strict),
            lenient: self.lenient.or(base.lenient),
            allow_no_models: self.allow_no_models.or(base.allow_no_models),
            category: self.category.or(base.category),
            paths: Paths {
                include: both(self.paths.include, base.paths.include),
                exclude: both(self.paths.exclude, base.paths.exclude),
            },
            models: both(self.models, base.models),
            rules: self.rules.over(base.rules),
            exclusions,
            policy: self.policy.over(base.policy),
            sarif_assumed: self.sarif_assumed.or(base.sarif_assumed),
            baseline: self.baseline.or(base.baseline),
        }
    }
}

impl RuleSettings {
    /// These settings over others, which count where these say nothing; lists hold both.
    pub(super) fn over(self, base: Self) -> Self {
        Self {
            paths: both(self.paths, base.paths),
            no_packs: match self.packs {
                Some(_) => self.no_packs,
                None => base.no_packs,
            },
            packs: self.packs.or(base.packs),
            enable: self.enable.or(base.enable),
            warn: both(self.warn, base.warn),
            disable: both(self.disable, base.disable),
            severity: severities(self.severity, base.severity),
            threats_file: self.threats_file.or(base.threats_file),
            pytm_ids: self.pytm_ids.or(base.pytm_ids),
            default: self.default.or(base.default),
            catalogue: self.catalogue.or(base.catalogue),
        }
    }
}

impl Policy {
    fn over(self, base: Self) -> Self {
        Self {
            require: both(self.require, base.require),
            max_days: self.max_days.or(base.max_days),
            never: both(self.never, base.never),
            prove: both(self.prove, base.prove),
            inline: self.inline.or(base.inline),
            responses: self.responses.or(base.responses),
            overrides: self.overrides.or(base.overrides),
            weakening: self.weakening.or(base.weakening),
            baseline_may_grow: self.baseline_may_grow.or(base.baseline_may_grow),
        }
    }
}

fn both<T>(mut own: Vec<T>, base: Vec<T>) -> Vec<T> {
    own.extend(base);
    own
}

/// One severity an id, this configuration's where it has one.
fn severities(own: Vec<(Phrase, Word)>, base: Vec<(Phrase, Word)>) -> Vec<(Phrase, Word)> {
    let is_said = |id: &str| own.iter().any(|(said, _)| &*said.value == id);
    let inherited: Vec<_> = base
        .into_iter()
        .filter(|(id, _)| !is_said(&id.value))
        .collect();
    both(own, inherited)
}
