//! Layer `rules`: rules, severities, and the layers of the catalogue (docs/semantics.md §3).

pub mod built_in;
mod catalogue;
mod draft;
mod fields;
mod file;
mod layers;
pub mod lint;
mod own;
mod packs;
mod pattern;
pub mod testing;
mod threats;
mod threats_json;
mod threats_py;

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::condition::Condition;
use crate::model::vocabulary::Class;
use crate::source::Place;

pub use catalogue::{Catalogue, CatalogueSettings, RuleName, ThreatsFilePolicy, load};
pub use file::KEYS;
pub use layers::is_rule_file;
pub use packs::newer;
pub use pattern::RulePattern;

/// How bad a threat is. Ordered: info < low < medium < high < critical.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth asking.
    Info,
    /// Hygiene, or a help for another attack.
    Low,
    /// Several preconditions or limited harm.
    Medium,
    /// One precondition, or serious harm.
    High,
    /// An outsider takes over or reads secrets.
    Critical,
}

impl Severity {
    /// From info to critical.
    pub const ALL: [Self; 5] = [
        Self::Info,
        Self::Low,
        Self::Medium,
        Self::High,
        Self::Critical,
    ];

    /// The word in reports, configuration and rule files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Understands our words and pytm's (Very High = critical, Very Low = info),
    /// whatever the case (docs/semantics.md §4).
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "critical" | "very high" => Some(Self::Critical),
            "high" => Some(Self::High),
            "medium" => Some(Self::Medium),
            "low" => Some(Self::Low),
            "info" | "very low" => Some(Self::Info),
            _ => None,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How likely an attack is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likelihood {
    /// Nobody said.
    #[default]
    Unknown,
    /// Seldom.
    Low,
    /// Now and then.
    Medium,
    /// Often.
    High,
}

impl Likelihood {
    /// The word in reports and rule files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// Understands `high medium low unknown`, whatever the case; anything else is unknown.
    pub fn parse(text: &str) -> Self {
        match text.trim().to_lowercase().as_str() {
            "high" | "very high" => Self::High,
            "medium" => Self::Medium,
            "low" | "very low" => Self::Low,
            _ => Self::Unknown,
        }
    }
}

/// Which part of the catalogue a rule belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pack {
    /// Gates.
    #[default]
    Core,
    /// Opt-in.
    Extended,
    /// About the model itself.
    Model,
}

impl Pack {
    /// Every pack.
    pub const ALL: [Self; 3] = [Self::Core, Self::Extended, Self::Model];

    /// Understands the word, whatever the case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        Self::ALL.into_iter().find(|pack| pack.as_str() == text)
    }

    /// The word in rule files and configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Extended => "extended",
            Self::Model => "model",
        }
    }
}

/// Where a rule comes from; later layers go over earlier ones (docs/semantics.md §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Embedded in the binary.
    BuiltIn,
    /// A model's own `threatsFile`.
    ThreatsFile,
    /// `--rules` or `rules.paths`.
    User,
    /// A threat in words, stated by the model itself.
    Declared,
}

impl Layer {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::ThreatsFile => "threats-file",
            Self::User => "user",
            Self::Declared => "declared",
        }
    }
}

/// A text that is `'static` when it is built in and shared when it was read.
#[derive(Clone, Debug)]
pub enum Text {
    /// Embedded in the binary.
    Static(&'static str),
    /// Read from a file.
    Shared(Arc<str>),
}

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Static(text) => text,
            Self::Shared(text) => text,
        }
    }
}

// Two texts are equal if they read the same, wherever they are kept.
impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl std::hash::Hash for Text {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Shared(text.into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Shared(text.into())
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Arc::deserialize(from).map(Self::Shared)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

/// One rule: what is a threat where, and what helps.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The id, unique in the catalogue.
    pub id: Text,
    /// A short statement of the threat.
    pub title: Text,
    /// Which pack it belongs to.
    pub pack: Pack,
    /// The classes that it judges; subclasses are included.
    pub target: Vec<Class>,
    /// How bad it is.
    pub severity: Severity,
    /// How likely it is.
    pub likelihood: Likelihood,
    /// The condition as written.
    pub when: Text,
    /// What can happen, and who could do it.
    pub description: Text,
    /// What helps, naming the controls that settle it.
    pub mitigation: Text,
    /// An attack, told.
    pub example: Text,
    /// CAPEC, CWE, ATT&CK ids and URLs.
    pub references: Vec<Text>,
    /// `stride:…`, `owasp-api:…` and other words.
    pub tags: Vec<Text>,
    /// Earlier ids of the same rule.
    pub aliases: Vec<Text>,
    /// Rules of one group are folded in display.
    pub group: Option<Text>,
    /// How it differs from pytm's rule of the same id.
    pub differs_from_pytm: Option<Text>,
    /// The tmrs version that added it.
    pub since: Text,
    /// Where it comes from.
    pub layer: Layer,
    /// Where it stands, unless it is built in.
    pub place: Option<Place>,
    /// Whether its findings are only shown, and fail nothing (`rules.warn`).
    pub only_warns: bool,
}

/// A rule that can judge.
#[derive(Clone, Debug)]
pub struct CompiledRule {
    /// What it says.
    pub rule: Arc<Rule>,
    /// Its condition; `None` for one that never holds.
    pub condition: Option<Arc<Condition>>,
}

impl CompiledRule {
    /// A rule with its condition; `None` for one that never holds.
    pub fn new(rule: Rule, condition: Option<Condition>) -> Self {
        Self {
            rule: Arc::new(rule),
            condition: condition.map(Arc::new),
        }
    }
}

impl Rule {
    /// Whether it judges elements of a class.
    pub fn judges(&self, class: Class) -> bool {
        self.target.iter().any(|target| class.is_a(*target))
    }

    /// The family: the folder of a built-in rule, else the letters that begin the id.
    pub fn family(&self) -> String {
        if self.layer == Layer::BuiltIn
            && let Some(built_in) = built_in::by_id(&self.id)
        {
            return built_in.family().to_owned();
        }
        let letters = self.id.chars().take_while(char::is_ascii_alphabetic);
        letters.map(|c| c.to_ascii_lowercase()).collect()
    }

    /// Whether it finds what another one finds, and the same exclusions, answers and
    /// policies speak of it.
    pub fn judges_as(&self, other: &Self) -> bool {
        self.when == other.when
            && self.target == other.target
            && self.aliases == other.aliases
            && self.tags == other.tags
    }

    /// Whether one of the words that mean this rule is wanted: its id, an earlier id, a tag,
    /// or `pack:NAME` (docs/semantics.md §3).
    pub fn is_meant(&self, wants: impl Fn(&str) -> bool) -> bool {
        wants(&self.id)
            || self.aliases.iter().any(|alias| wants(alias))
            || self.tags.iter().any(|tag| wants(tag))
            || (self.layer == Layer::BuiltIn && wants(&format!("pack:{}", self.pack.as_str())))
    }

    /// Whether `id` names this rule: its id, or one of its earlier ids.
    pub fn answers_to(&self, id: &str) -> bool {
        &*self.id == id || self.aliases.iter().any(|alias| &**alias == id)
    }
}
