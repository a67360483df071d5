//! Layer `config`: THE table of keys. Reading, did-you-mean, the JSON Schema, which way a
//! policy lets each key move, and what of a change to it weakens the check come from it.

use crate::syntax::SCHEMA_KEY;

/// Severities, from the lowest.
pub const SEVERITIES: [&str; 5] = ["info", "low", "medium", "high", "critical"];

/// What `fail-on` takes: a severity, or `never` for a run that only reports.
pub const FAILS_ON: [&str; 6] = ["never", "critical", "high", "medium", "low", "info"];

/// One key of a map.
#[derive(Clone, Copy, Debug)]
pub struct KeySpec {
    /// The key.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether the map must have it.
    pub required: bool,
    /// Which way it may move where a policy binds.
    pub moves: Moves,
    /// One line in plain words.
    pub description: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// `true` or `false`.
    Flag,
    /// A whole number from 1.
    Count,
    /// Text.
    Text,
    /// A version, quoted or not.
    Version,
    /// A path of the repository.
    Path,
    /// A glob.
    Glob,
    /// A day, `YYYY-MM-DD`.
    Day,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A list of paths.
    Paths,
    /// A list of globs.
    Globs,
    /// A glob or a list of them.
    GlobOrGlobs,
    /// A list of these words.
    Words(&'static [&'static str]),
    /// A map from rule ids to severities.
    SeverityById,
    /// A map with these keys.
    Map(&'static [KeySpec]),
    /// A list of maps with these keys.
    Maps(&'static [KeySpec]),
}

/// Which way a key may move where a policy binds. No key can be added without saying so.
#[derive(Clone, Copy, Debug)]
pub enum Moves {
    /// One value is stricter than another: only to those that are at least as strict.
    Ordered(&'static Order),
    /// Each entry makes the check stricter: a policy's stay.
    Tightens,
    /// Each entry lets something through: only a policy's count.
    Loosens,
    /// What holds, where it is neither of these.
    So(&'static str),
    /// It neither finds nor settles nor fails anything.
    Freely,
    /// As the keys within it.
    Within,
}

/// How strict each value of a key is.
#[derive(Debug)]
pub struct Order {
    /// The key, with those around it.
    pub key: &'static str,
    /// Every value, the loosest first.
    pub from_loosest: &'static [&'static str],
    /// The one that counts where nothing is said.
    pub default: &'static str,
}

impl Order {
    /// How strict a value is, more for what is stricter.
    pub fn rank(&self, value: &str) -> Option<usize> {
        self.from_loosest.iter().position(|known| *known == value)
    }
}

/// A value that an [`Order`] knows.
pub trait Value: Clone {
    /// As `tmrs.yaml` writes it.
    fn word(&self) -> &'static str;
}

impl Value for bool {
    fn word(&self) -> &'static str {
        if *self { "true" } else { "false" }
    }
}

impl Value for &'static str {
    fn word(&self) -> &'static str {
        self
    }
}

const fn order(
    key: &'static str,
    from_loosest: &'static [&'static str],
    default: &'static str,
) -> Order {
    Order {
        key,
        from_loosest,
        default,
    }
}

const YES_IS_STRICT: &[&str] = &["false", "true"];
const NO_IS_STRICT: &[&str] = &["true", "false"];

/// `fail-on`.
pub static FAIL_ON: Order = order("fail-on", &FAILS_ON, "high");
/// `gate`.
pub static GATE: Order = order("gate", &["risk", "severity"], "risk");
/// `evidence`.
pub static EVIDENCE: Order = order("evidence", &["declared", "assumed"], "assumed");
/// `strict`.
pub static STRICT: Order = order("strict", YES_IS_STRICT, "false");
/// `lenient`.
pub static LENIENT: Order = order("lenient", NO_IS_STRICT, "false");
/// `allow-no-models`.
pub static ALLOW_NO_MODELS: Order = order("allow-no-models", NO_IS_STRICT, "false");
/// `rules.threats-file`.
pub static THREATS_FILE: Order = order(
    "rules.threats-file",
    &["replace", "add", "ignore"],
    "replace",
);
/// `rules.pytm-ids`.
pub static PYTM_IDS: Order = order("rules.pytm-ids", &["replace", "error"], "error");
/// `rules.default`.
pub static DEFAULT_RULES: Order = order("rules.default", YES_IS_STRICT, "true");
/// `policy.inline`.
pub static INLINE: Order = order("policy.inline", NO_IS_STRICT, "true");
/// `policy.responses`.
pub static RESPONSES: Order = order("policy.responses", NO_IS_STRICT, "true");
/// `policy.overrides`.
pub static OVERRIDES: Order = order("policy.overrides", &["lower", "keep"], "keep");
/// `policy.weakening`.
pub static WEAKENING: Order = order("policy.weakening", &["report", "fail"], "report");
/// `policy.baseline.grow`.
pub static GROW: Order = order("policy.baseline.grow", NO_IS_STRICT, "true");

const fn key(name: &'static str, takes: Takes, moves: Moves, description: &'static str) -> KeySpec {
    KeySpec {
        name,
        takes,
        required: false,
        moves,
        description,
    }
}

const fn required(spec: KeySpec) -> KeySpec {
    KeySpec {
        required: true,
        ..spec
    }
}

/// The top level.
pub static TOP: &[KeySpec] = &[
    key(
        SCHEMA_KEY,
        Takes::Text,
        Moves::Freely,
        "The schema of this file, for editors; not read",
    ),
    key(
        "extends",
        Takes::Path,
        Moves::So("what that file says counts as if it stood here"),
        "A configuration that this one goes over: a file of the repository, from its root, or one beside the policy",
    ),
    key(
        "fail-on",
        Takes::Word(&FAILS_ON),
        Moves::Ordered(&FAIL_ON),
        "The lowest risk, or severity, of a new finding that fails; never only reports; high unless said",
    ),
    key(
        "gate",
        Takes::Word(&["risk", "severity"]),
        Moves::Ordered(&GATE),
        "What the gate compares: the risk of a finding where it is, unless said, or the severity of its rule, which is never lower",
    ),
    key(
        "evidence",
        Takes::Word(&["assumed", "declared"]),
        Moves::Ordered(&EVIDENCE),
        "How sure a finding must be to fail; assumed, which is any, unless said",
    ),
    key(
        "strict",
        Takes::Flag,
        Moves::Ordered(&STRICT),
        "Whether stale and expired exclusions and baseline entries fail",
    ),
    key(
        "lenient",
        Takes::Flag,
        Moves::Ordered(&LENIENT),
        "Whether what cannot be read is a warning instead of an error",
    ),
    key(
        "allow-no-models",
        Takes::Flag,
        Moves::Ordered(&ALLOW_NO_MODELS),
        "Whether a repository without models passes",
    ),
    key(
        "category",
        Takes::Text,
        Moves::So("another name is told: alerts under the last one are compared with no more"),
        "Tells several runs on one repository apart",
    ),
    key(
        "paths",
        Takes::Map(PATHS),
        Moves::Within,
        "Which files are looked at",
    ),
    key(
        "models",
        Takes::Maps(MODELS),
        Moves::So("a policy's entries come first, and no other makes reading more lenient"),
        "Settings of single models; the first match counts",
    ),
    key(
        "rules",
        Takes::Map(RULES),
        Moves::Within,
        "Which rules judge, and how",
    ),
    key(
        "exclusions",
        Takes::Maps(EXCLUSIONS),
        Moves::So("each that a change adds is told, and counts as `policy` lets it"),
        "Findings that do not count, each with its reason; the first match counts",
    ),
    key(
        "policy",
        Takes::Map(POLICY),
        Moves::Within,
        "What binds exclusions, answers, overrides and the baseline",
    ),
    key(
        "sarif",
        Takes::Map(SARIF),
        Moves::Within,
        "What code scanning gets",
    ),
    key(
        "baseline",
        Takes::Path,
        Moves::So("what a change adds to the file is told, and counts as `policy` lets it"),
        "The baseline file; tmrs-baseline.json unless said",
    ),
];

/// The value of `sarif.assumed` that shows nothing.
pub const OMITS: &str = "omit";

/// `paths`.
pub static PATHS: &[KeySpec] = &[
    key(
        "include",
        Takes::Globs,
        Moves::So("what a policy looks at is looked at"),
        "Only files that one of these patterns matches are looked at",
    ),
    key(
        "exclude",
        Takes::Globs,
        Moves::So("what a policy looks at is looked at"),
        "Files that one of these patterns matches are left",
    ),
];

/// An entry of `models`.
pub static MODELS: &[KeySpec] = &[
    required(key(
        "path",
        Takes::Glob,
        Moves::Freely,
        "Which models, by path from the root",
    )),
    key(
        "lenient",
        Takes::Flag,
        Moves::Ordered(&LENIENT),
        "Whether what cannot be read there is a warning; needs a reason",
    ),
    key(
        "fail-on",
        Takes::Word(&FAILS_ON),
        Moves::Ordered(&FAIL_ON),
        "The lowest risk, or severity, of a new finding there that fails; as for all models unless said",
    ),
    key(
        "gate",
        Takes::Word(&["risk", "severity"]),
        Moves::Ordered(&GATE),
        "What the gate compares there; as for all models unless said",
    ),
    key(
        "evidence",
        Takes::Word(&["assumed", "declared"]),
        Moves::Ordered(&EVIDENCE),
        "How sure a finding there must be to fail; as for all models unless said",
    ),
    key("reason", Takes::Text, Moves::Freely, "Why"),
    key(
        "expires",
        Takes::Day,
        Moves::So("what is looser for longer is told"),
        "The last day, in UTC, on which the entry counts",
    ),
    key(
        "entry",
        Takes::Text,
        Moves::So("another entry is told"),
        "The function that builds the model",
    ),
    key(
        "rules",
        Takes::Map(MODEL_RULES),
        Moves::Within,
        "Which rules judge there; as for all models unless said",
    ),
];

/// `rules` of an entry of `models`.
pub static MODEL_RULES: &[KeySpec] = &[
    key(
        "packs",
        Takes::Texts,
        Moves::Tightens,
        "Which packs judge there",
    ),
    key(
        "enable",
        Takes::Globs,
        Moves::So("only a policy's leave rules out"),
        "Only rules that one of these means judge there: ids, patterns of ids, tags, or pack:NAME",
    ),
    key(
        "warn",
        Takes::Globs,
        Moves::Loosens,
        "Rules whose findings there are shown and fail nothing, beside those of all models",
    ),
    key(
        "disable",
        Takes::Texts,
        Moves::Loosens,
        "Ids of rules that do not judge there, beside those of all models",
    ),
];

/// `rules`.
pub static RULES: &[KeySpec] = &[
    key(
        "paths",
        Takes::Paths,
        Moves::So("a policy's rules judge as they stand there"),
        "Rule files and folders of one's own",
    ),
    key(
        "packs",
        Takes::Texts,
        Moves::Tightens,
        "Which packs judge; core and model unless said",
    ),
    key(
        "enable",
        Takes::Globs,
        Moves::So("only a policy's leave rules out"),
        "Only rules that one of these means judge: ids, patterns of ids, tags, or pack:NAME; of all packs unless `packs` says which",
    ),
    key(
        "warn",
        Takes::Globs,
        Moves::Loosens,
        "Rules whose findings are shown and fail nothing: ids, patterns of ids, tags, or pack:NAME",
    ),
    key(
        "disable",
        Takes::Texts,
        Moves::Loosens,
        "Ids of rules that do not judge",
    ),
    key(
        "severity",
        Takes::SeverityById,
        Moves::So("only upwards"),
        "Severities in place of the rules' own",
    ),
    key(
        "threats-file",
        Takes::Word(&["replace", "add", "ignore"]),
        Moves::Ordered(&THREATS_FILE),
        "What a model's own threatsFile does to the built-in rules; replace unless said",
    ),
    key(
        "pytm-ids",
        Takes::Word(&["error", "replace"]),
        Moves::Ordered(&PYTM_IDS),
        "What it is that a pytm threat file names ids that other rules have; error unless said",
    ),
    key(
        "default",
        Takes::Flag,
        Moves::Ordered(&DEFAULT_RULES),
        "Whether the built-in rules judge",
    ),
    key(
        "catalogue",
        Takes::Version,
        Moves::So("only to a later version"),
        "The version of the catalogue to judge with",
    ),
];

const EACH_IS_TOLD: Moves = Moves::So("an entry that a change adds is told, whatever it says");

/// An entry of `exclusions`.
pub static EXCLUSIONS: &[KeySpec] = &[
    required(key(
        "rule",
        Takes::GlobOrGlobs,
        EACH_IS_TOLD,
        "Which rules: ids, patterns of ids, or tags",
    )),
    key(
        "element",
        Takes::Glob,
        EACH_IS_TOLD,
        "Which elements, by name",
    ),
    key(
        "class",
        Takes::Text,
        EACH_IS_TOLD,
        "Which class of elements, subclasses included",
    ),
    key(
        "model",
        Takes::Glob,
        EACH_IS_TOLD,
        "Which models, by path from the root",
    ),
    required(key(
        "reason",
        Takes::Text,
        EACH_IS_TOLD,
        "Why these findings do not count",
    )),
    key("owner", Takes::Text, EACH_IS_TOLD, "Who answers for it"),
    key("ticket", Takes::Text, EACH_IS_TOLD, "Where it is discussed"),
    key(
        "expires",
        Takes::Day,
        EACH_IS_TOLD,
        "The last day, in UTC, on which it counts",
    ),
];

/// `policy`.
pub static POLICY: &[KeySpec] = &[
    key(
        "require",
        Takes::Words(&["reason", "owner", "ticket", "expires"]),
        Moves::Tightens,
        "What every exclusion must say",
    ),
    key(
        "max-days",
        Takes::Count,
        Moves::So("only downwards"),
        "How many days ahead `expires` may lie",
    ),
    key(
        "never",
        Takes::Globs,
        Moves::Tightens,
        "Rules that nothing may exclude: ids, patterns of ids, or tags",
    ),
    key(
        "prove",
        Takes::Globs,
        Moves::Tightens,
        "Controls, by name or pattern, that a change may declare only with evidence",
    ),
    key(
        "inline",
        Takes::Flag,
        Moves::Ordered(&INLINE),
        "Whether inline comments and the key `exclude` of models count",
    ),
    key(
        "responses",
        Takes::Flag,
        Moves::Ordered(&RESPONSES),
        "Whether responses in models count",
    ),
    key(
        "overrides",
        Takes::Word(&["lower", "keep"]),
        Moves::Ordered(&OVERRIDES),
        "Whether an override in a model may lower a severity; keep unless said",
    ),
    key(
        "weakening",
        Takes::Word(&["report", "fail"]),
        Moves::Ordered(&WEAKENING),
        "What a change that weakens the check does; report unless said",
    ),
    key(
        "baseline",
        Takes::Map(BASELINE),
        Moves::Within,
        "What binds the baseline",
    ),
];

/// `sarif`.
pub static SARIF: &[KeySpec] = &[key(
    "assumed",
    Takes::Word(&["fold", "each", "omit"]),
    Moves::So("that none is shown is told, and not taken where a policy shows them"),
    "What becomes of findings that are only assumed: one alert an element, one a finding, or none; fold unless said",
)];

/// `policy.baseline`.
pub static BASELINE: &[KeySpec] = &[key(
    "grow",
    Takes::Flag,
    Moves::Ordered(&GROW),
    "Whether entries may be added",
)];
