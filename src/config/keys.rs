//! Layer `config`: THE table of keys. Reading, did-you-mean and the JSON Schema
//! come from it.

use crate::syntax::SCHEMA_KEY;

/// Severities, from the lowest.
pub const SEVERITIES: [&str; 5] = ["info", "low", "medium", "high", "critical"];

/// One key of a map.
#[derive(Clone, Copy, Debug)]
pub struct KeySpec {
    /// The key.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether the map must have it.
    pub required: bool,
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

const fn key(name: &'static str, takes: Takes, description: &'static str) -> KeySpec {
    KeySpec {
        name,
        takes,
        required: false,
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
        "The schema of this file, for editors; not read",
    ),
    key(
        "fail-on",
        Takes::Word(&SEVERITIES),
        "The lowest severity, or risk, of a new finding that fails; high unless said",
    ),
    key(
        "gate",
        Takes::Word(&["risk", "severity"]),
        "What the gate compares: the severity of a rule wherever it found something, unless said, or the risk of the finding there, which is never higher",
    ),
    key(
        "evidence",
        Takes::Word(&["assumed", "declared"]),
        "How sure a finding must be to fail; assumed, which is any, unless said",
    ),
    key(
        "strict",
        Takes::Flag,
        "Whether stale and expired exclusions and baseline entries fail",
    ),
    key(
        "lenient",
        Takes::Flag,
        "Whether what cannot be read is a warning instead of an error",
    ),
    key(
        "allow-no-models",
        Takes::Flag,
        "Whether a repository without models passes",
    ),
    key(
        "category",
        Takes::Text,
        "Tells several runs on one repository apart",
    ),
    key("paths", Takes::Map(PATHS), "Which files are looked at"),
    key(
        "models",
        Takes::Maps(MODELS),
        "Settings of single models; the first match counts",
    ),
    key("rules", Takes::Map(RULES), "Which rules judge, and how"),
    key(
        "exclusions",
        Takes::Maps(EXCLUSIONS),
        "Findings that do not count, each with its reason; the first match counts",
    ),
    key(
        "policy",
        Takes::Map(POLICY),
        "What binds exclusions, answers, overrides and the baseline",
    ),
    key(
        "baseline",
        Takes::Path,
        "The baseline file; tmrs-baseline.json unless said",
    ),
];

/// `paths`.
pub static PATHS: &[KeySpec] = &[
    key(
        "include",
        Takes::Globs,
        "Only files that one of these patterns matches are looked at",
    ),
    key(
        "exclude",
        Takes::Globs,
        "Files that one of these patterns matches are left",
    ),
];

/// An entry of `models`.
pub static MODELS: &[KeySpec] = &[
    required(key(
        "path",
        Takes::Glob,
        "Which models, by path from the root",
    )),
    key(
        "lenient",
        Takes::Flag,
        "Whether what cannot be read there is a warning; needs a reason",
    ),
    key("reason", Takes::Text, "Why"),
    key(
        "expires",
        Takes::Day,
        "The last day, in UTC, on which the entry counts",
    ),
    key("entry", Takes::Text, "The function that builds the model"),
];

/// `rules`.
pub static RULES: &[KeySpec] = &[
    key("paths", Takes::Paths, "Rule files and folders of one's own"),
    key(
        "packs",
        Takes::Texts,
        "Which packs judge; core and model unless said",
    ),
    key("disable", Takes::Texts, "Ids of rules that do not judge"),
    key(
        "severity",
        Takes::SeverityById,
        "Severities in place of the rules' own",
    ),
    key(
        "threats-file",
        Takes::Word(&["replace", "add", "ignore"]),
        "What a model's own threatsFile does to the built-in rules; replace unless said",
    ),
    key(
        "pytm-ids",
        Takes::Word(&["error", "replace"]),
        "What it is that a pytm threat file names ids that other rules have; error unless said",
    ),
    key("default", Takes::Flag, "Whether the built-in rules judge"),
    key(
        "catalogue",
        Takes::Version,
        "The version of the catalogue to judge with",
    ),
];

/// An entry of `exclusions`.
pub static EXCLUSIONS: &[KeySpec] = &[
    required(key(
        "rule",
        Takes::GlobOrGlobs,
        "Which rules: ids, patterns of ids, or tags",
    )),
    key("element", Takes::Glob, "Which elements, by name"),
    key(
        "class",
        Takes::Text,
        "Which class of elements, subclasses included",
    ),
    key("model", Takes::Glob, "Which models, by path from the root"),
    required(key(
        "reason",
        Takes::Text,
        "Why these findings do not count",
    )),
    key("owner", Takes::Text, "Who answers for it"),
    key("ticket", Takes::Text, "Where it is discussed"),
    key(
        "expires",
        Takes::Day,
        "The last day, in UTC, on which it counts",
    ),
];

/// `policy`.
pub static POLICY: &[KeySpec] = &[
    key(
        "require",
        Takes::Words(&["reason", "owner", "ticket", "expires"]),
        "What every exclusion must say",
    ),
    key(
        "max-days",
        Takes::Count,
        "How many days ahead `expires` may lie",
    ),
    key(
        "never",
        Takes::Globs,
        "Rules that nothing may exclude: ids, patterns of ids, or tags",
    ),
    key(
        "prove",
        Takes::Globs,
        "Controls, by name or pattern, that a change may declare only with evidence",
    ),
    key(
        "inline",
        Takes::Flag,
        "Whether inline comments and the key `exclude` of models count",
    ),
    key(
        "responses",
        Takes::Flag,
        "Whether responses in models count",
    ),
    key(
        "overrides",
        Takes::Word(&["lower", "keep"]),
        "Whether an override in a model may lower a severity; keep unless said",
    ),
    key(
        "weakening",
        Takes::Word(&["report", "fail"]),
        "What a change that weakens the check does; report unless said",
    ),
    key("baseline", Takes::Map(BASELINE), "What binds the baseline"),
];

/// `policy.baseline`.
pub static BASELINE: &[KeySpec] = &[key("grow", Takes::Flag, "Whether entries may be added")];
