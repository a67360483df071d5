//! Layer `config`: `tmrs.yaml`, raw → validated.
//!
//! Imports `syntax`, `day`, `source`, `notice`. Every value keeps its place, so
//! that whatever is stale, expired or forbidden can be shown at its line. What
//! the settings mean is for those who use them to say; words are checked here.

mod extend;
mod floor;
pub mod keys;
mod overruled;
mod pattern;
mod read;

use std::sync::Arc;

use crate::day::Day;
use crate::source::{Place, RepoPath};

pub use extend::read_whole;
pub use floor::Floor;
pub use overruled::overruled;
pub use pattern::{Pattern, PatternKind};
pub use read::{is_one, looks_like_one, read};

/// The name of the file, looked for at the root of the repository only.
pub const FILE_NAME: &str = "tmrs.yaml";

/// Names that people give it and that nobody reads: who uses one is told.
pub const WRONG_NAMES: [&str; 5] = [
    "tmrs.yml",
    ".tmrs.yaml",
    ".tmrs.yml",
    "tmrs.json",
    ".tmrs.json",
];

/// A value with the place that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// The value's own place, without its key.
    pub place: Place,
}

/// A text with its place.
pub type Phrase = Placed<Arc<str>>;

/// A word of a fixed list with its place.
pub type Word = Placed<&'static str>;

/// The whole configuration. Absent settings are `None` or empty.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `extends`: the configuration that this one goes over; [`read_whole`] takes it in.
    pub extends: Option<Placed<RepoPath>>,
    /// The configurations that it went over.
    pub extended: Vec<RepoPath>,
    /// `fail-on`: the lowest severity that fails, one of [`keys::FAILS_ON`].
    pub fail_on: Option<Word>,
    /// `gate`: `risk` or `severity`.
    pub gate: Option<Word>,
    /// `evidence`: `assumed` or `declared`.
    pub evidence: Option<Word>,
    /// `strict`: stale and expired entries fail.
    pub strict: Option<Placed<bool>>,
    /// `lenient`: what cannot be read is a warning.
    pub lenient: Option<Placed<bool>>,
    /// `allow-no-models`: finding no model is no failure.
    pub allow_no_models: Option<Placed<bool>>,
    /// `category`: tells several runs on one repository apart.
    pub category: Option<Phrase>,
    /// `paths`: which files are looked at.
    pub paths: Paths,
    /// `models`: settings of single models, the first match in the order of the file counts.
    pub models: Vec<ModelSettings>,
    /// `rules`: which rules judge, and how.
    pub rules: RuleSettings,
    /// `exclusions`, in the order of the file; the first match counts.
    pub exclusions: Vec<Exclusion>,
    /// `policy`: what binds every channel.
    pub policy: Policy,
    /// `sarif.assumed`: `fold`, `each` or `omit`.
    pub sarif_assumed: Option<Word>,
    /// `baseline`: the file, relative to the root.
    pub baseline: Option<Placed<RepoPath>>,
}

/// Which files are looked at.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    /// Empty for everything.
    pub include: Vec<Pattern>,
    /// Wins over `include`.
    pub exclude: Vec<Pattern>,
}

/// Settings of the models that a pattern matches.
#[derive(Clone, Debug)]
pub struct ModelSettings {
    /// Which models, by path.
    pub path: Pattern,
    /// What cannot be read there is a warning.
    pub lenient: Option<Placed<bool>>,
    /// `fail-on` of these models, one of [`keys::FAILS_ON`].
    pub fail_on: Option<Word>,
    /// `gate` of these models: `risk` or `severity`.
    pub gate: Option<Word>,
    /// `evidence` of these models: `assumed` or `declared`.
    pub evidence: Option<Word>,
    /// Why; there whenever `lenient` is true.
    pub reason: Option<Phrase>,
    /// The last day on which the entry counts.
    pub expires: Option<Placed<Day>>,
    /// The function to enter.
    pub entry: Option<Phrase>,
    /// Which rules judge these models: `packs`, `enable`, `warn` and `disable`.
    pub rules: RuleSettings,
    /// The whole entry.
    pub place: Place,
}

impl Config {
    /// The entry of `models` that counts for a model on a day: the first that matches and
    /// has not expired.
    pub fn of_model(&self, path: &RepoPath, today: Day) -> Option<&ModelSettings> {
        let mut counting = self.models.iter().filter(|said| said.counts(today));
        counting.find(|said| said.path.matches(path.as_str()))
    }

    /// Which rules judge the models of an entry: what it says counts, and lists hold both.
    pub fn rules_of(&self, entry: Option<&ModelSettings>) -> RuleSettings {
        let own = entry.map(|entry| entry.rules.clone());
        own.unwrap_or_default().over(self.rules.clone())
    }

    /// Whether an entry of `models` says which rules judge there.
    pub fn has_rules_by_model(&self) -> bool {
        self.models.iter().any(|said| said.rules.says_anything())
    }
}

impl ModelSettings {
    /// Whether the entry counts on a day.
    pub fn counts(&self, today: Day) -> bool {
        self.expires.as_ref().is_none_or(|day| day.value >= today)
    }
}

/// Which rules judge, and how.
#[derive(Clone, Debug, Default)]
pub struct RuleSettings {
    /// Rule files and folders of the repository, in this order.
    pub paths: Vec<Placed<RepoPath>>,
    /// Which packs of the catalogue judge; `None` for the usual ones.
    pub packs: Option<Vec<Phrase>>,
    /// Where `packs` says that none judges.
    pub no_packs: Option<Place>,
    /// Which rules judge, by id, earlier id, tag or `pack:NAME`; `None` for all of the packs.
    pub enable: Option<Vec<Pattern>>,
    /// Rules whose findings fail nothing.
    pub warn: Vec<Pattern>,
    /// Ids of rules that do not judge.
    pub disable: Vec<Phrase>,
    /// Severities in place of the rules' own, each one of [`keys::SEVERITIES`].
    pub severity: Vec<(Phrase, Word)>,
    /// `replace`, `add` or `ignore`.
    pub threats_file: Option<Word>,
    /// `error` or `replace`.
    pub pytm_ids: Option<Word>,
    /// Whether the built-in rules judge at all.
    pub default: Option<Placed<bool>>,
    /// The version of the catalogue to judge with.
    pub catalogue: Option<Phrase>,
}

impl RuleSettings {
    /// Whether any of its keys is there.
    pub fn says_anything(&self) -> bool {
        !self.paths.is_empty()
            || self.packs.is_some()
            || self.enable.is_some()
            || !self.warn.is_empty()
            || !self.disable.is_empty()
            || !self.severity.is_empty()
            || self.threats_file.is_some()
            || self.pytm_ids.is_some()
            || self.default.is_some()
            || self.catalogue.is_some()
    }
}

/// One entry of `exclusions`.
#[derive(Clone, Debug)]
pub struct Exclusion {
    /// Which rules, by id, earlier id or tag; at least one.
    pub rules: Vec<Pattern>,
    /// Which elements, by name.
    pub element: Option<Pattern>,
    /// Which class of elements, subclasses included.
    pub class: Option<Phrase>,
    /// Which models, by path.
    pub model: Option<Pattern>,
    /// Why.
    pub reason: Phrase,
    /// Who answers for it.
    pub owner: Option<Phrase>,
    /// Where it is discussed.
    pub ticket: Option<Phrase>,
    /// The last day on which it counts.
    pub expires: Option<Placed<Day>>,
    /// The whole entry.
    pub place: Place,
    /// Whether it stands in a configuration that others extend too: then it need not match.
    pub shared: bool,
}

/// What binds every exclusion, answer, override and baseline entry.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// What an exclusion must say: `reason`, `owner`, `ticket`, `expires`.
    pub require: Vec<Word>,
    /// How many days ahead `expires` may lie.
    pub max_days: Option<Placed<i64>>,
    /// Rules that nothing may exclude.
    pub never: Vec<Pattern>,
    /// Controls that a change may declare only with evidence.
    pub prove: Vec<Pattern>,
    /// Whether inline comments and the key `exclude` count.
    pub inline: Option<Placed<bool>>,
    /// Whether responses count.
    pub responses: Option<Placed<bool>>,
    /// `lower` or `keep`: whether an override may lower a severity.
    pub overrides: Option<Word>,
    /// `report` or `fail`: what a change that weakens the check does.
    pub weakening: Option<Word>,
    /// `baseline: {grow}`: whether entries may be added.
    pub baseline_may_grow: Option<Placed<bool>>,
}

impl Policy {
    /// Whether nothing may be added to the baseline.
    pub fn keeps_the_baseline(&self) -> bool {
        let may_grow = self.baseline_may_grow.as_ref();
        may_grow.is_some_and(|grow| !grow.value)
    }
}
