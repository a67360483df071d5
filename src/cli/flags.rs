//! What the command line may loosen. A policy comes from elsewhere, and whoever
//! changes a repository often writes its workflow too, with the command line in
//! it: what a policy binds for `tmrs.yaml` it binds for these flags.

use super::args::Judging;
use super::policy::Policy;
use crate::config::{Config, Floor};
use crate::day::Day;
use crate::notice::{Notice, Severity, code};

/// The flags that count, and what there is to say of the others.
pub struct Flags {
    /// They.
    pub judging: Judging,
    /// One warning a flag that counts for nothing.
    pub notices: Vec<Notice>,
}

/// Holds the command line to the policies, and to what the configuration
/// requires of exclusions. `clock` is today's day by the clock.
pub fn bound(said: &Judging, policies: &[Policy], config: &Config, clock: Day) -> Flags {
    let mut flags = Flags {
        judging: said.clone(),
        notices: Vec::new(),
    };
    let forbidding = |allows: fn(&Floor) -> bool| {
        let mut all = policies.iter();
        all.find(|policy| !allows(&policy.floor))
            .map(|policy| policy.from.as_str())
    };
    if let (true, Some(from)) = (said.lenient, forbidding(Floor::allows_lenient)) {
        flags.judging.lenient = false;
        flags.refuse("--lenient", from);
    }
    if let (true, Some(from)) = (said.no_default_rules, forbidding(Floor::allows_no_defaults)) {
        flags.judging.no_default_rules = false;
        flags.refuse("--no-default-rules", from);
    }
    let selects = said.select.iter().any(|rules| !rules.trim().is_empty());
    if let (true, Some(from)) = (selects, forbidding(|floor| !floor.binds_rules())) {
        flags.judging.select.clear();
        flags.refuse("--select", from);
    }
    if let (true, Some(from)) = (
        said.allow_no_rules,
        forbidding(|floor| !floor.binds_rules()),
    ) {
        flags.judging.allow_no_rules = false;
        flags.refuse("--allow-no-rules", from);
    }
    if let (true, Some(from)) = (said.allow_no_models, forbidding(Floor::allows_no_models)) {
        flags.judging.allow_no_models = false;
        flags.refuse("--allow-no-models", from);
    }
    let named = said.today.as_deref().and_then(Day::parse);
    if let (Some(named), Some(policy)) = (named, policies.first())
        && named < clock
    {
        flags.judging.today = None;
        flags.refuse("--today with a day that is over", &policy.from);
    }
    if said.exclude.iter().any(|ids| !ids.trim().is_empty()) {
        flags.exclusions(policies, config);
    }
    flags
}

impl Flags {
    /// `--exclude` has neither owner nor last day; where nothing is required of
    /// exclusions it counts, but not unseen.
    fn exclusions(&mut self, policies: &[Policy], config: &Config) {
        let policy = &config.policy;
        if !policy.require.is_empty() || policy.max_days.is_some() {
            self.judging.exclude.clear();
            self.refuse(
                "--exclude, which says neither why nor until when,",
                "the configuration",
            );
        } else if let Some(policy) = policies.first() {
            let ids = self.judging.exclude.join(", ");
            let message = format!(
                "{} is excluded on the command line, beside the policy {}",
                crate::escape::terminal(&ids),
                policy.from
            );
            self.warn(message, "exclude it in `tmrs.yaml`, with a reason");
        }
    }

    fn refuse(&mut self, flag: &str, from: &str) {
        let message = format!("{flag} counts for nothing: the policy ({from}) does not allow it");
        self.warn(message, "leave it out, or ask whoever owns the policy");
    }

    fn warn(&mut self, message: String, help: &str) {
        let notice = Notice::general(code::FORBIDDEN, Severity::Warning, message);
        self.notices.push(notice.with_help(help));
    }
}
