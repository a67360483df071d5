//! Layer `notice`: what the tool says about its inputs. No rendering.
//!
//! Imports `source`. Everything a person should mend is a [`Notice`]: a stable
//! code, a severity, one message, one remedy, the exact place.

use serde::{Deserialize, Serialize};

use crate::source::Place;

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Something may not be meant that way; the judgement stands.
    Warning,
    /// Something could not be read or judged.
    Error,
}

impl Severity {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A secondary place with a few words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there.
    pub text: String,
}

/// Something about the inputs that a person should know or mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// A stable code from [`code`].
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one sentence without a final stop.
    pub message: String,
    /// Where; `None` only when no file is involved.
    pub place: Option<Place>,
    /// Further places.
    pub labels: Vec<Label>,
    /// What to do next.
    pub help: Option<String>,
    /// The name that was understood, where another one stands.
    pub meant: Option<Box<Meant>>,
}

/// A name that was understood although it is spelt otherwise, or stands elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// The name as it stands.
    pub written: String,
    /// The attribute that it is taken for.
    pub attribute: &'static str,
    /// Whether it is a control that stands flat on its element.
    pub is_flat: bool,
}

impl Notice {
    /// A notice at a place.
    pub fn at(
        code: &'static str,
        severity: Severity,
        place: Place,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            place: Some(place),
            labels: Vec::new(),
            help: None,
            meant: None,
        }
    }

    /// An error at a place.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::at(code, Severity::Error, place, message)
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::at(code, Severity::Warning, place, message)
    }

    /// Whether it says that something counts for nothing any more: unused,
    /// expired, or an entry of the baseline without a finding (`--strict`).
    pub fn is_stale(&self) -> bool {
        [code::UNUSED, code::EXPIRED, code::STALE].contains(&self.code)
    }

    /// A note at a place.
    pub fn note(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::at(code, Severity::Note, place, message)
    }

    /// A notice about no particular file.
    pub fn general(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            place: None,
            labels: Vec::new(),
            help: None,
            meant: None,
        }
    }

    /// With what to do next.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With the name that was understood.
    #[must_use]
    pub fn with_meant(mut self, meant: Meant) -> Self {
        self.meant = Some(Box::new(meant));
        self
    }

    /// With a secondary place.
    #[must_use]
    pub fn with_label(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            place,
            text: text.into(),
        });
        self
    }

    /// What notices are sorted by: place, then code, then message.
    pub fn sort_key(&self) -> (Option<&Place>, &'static str, &str) {
        (self.place.as_ref(), self.code, &self.message)
    }
}

/// The candidate that a misspelt word probably means: the same but for case and
/// underscores, else the nearest within two slips of the pen, if most of the word is right.
pub fn nearest<'n>(word: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let folded = |text: &str| text.replace(['_', '-'], "").to_lowercase();
    let wanted = folded(word);
    let length = wanted.chars().count();
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= 8)
        .filter_map(|candidate| {
            let folded = folded(candidate);
            // Each character more is a slip.
            let is_near = folded.chars().count().abs_diff(length) <= 2;
            is_near.then(|| (strsim::osa_distance(&wanted, &folded), candidate))
        })
        .filter(|(away, _)| *away <= 2 && 2 * away < length.max(1))
        .min_by_key(|(away, _)| *away)
        .map(|(_, candidate)| candidate)
}

/// [`nearest`] as a question for [`Notice::help`].
pub fn did_you_mean<'n>(
    word: &str,
    candidates: impl IntoIterator<Item = &'n str>,
) -> Option<String> {
    nearest(word, candidates).map(|found| format!("did you mean `{found}`?"))
}

macro_rules! codes {
    ($($name:ident = $text:literal, $doc:literal;)*) => {
        /// The stable codes of notices, one a kind of complaint.
        pub mod code {
            $(#[doc = $doc] pub const $name: &str = $text;)*
        }

        /// Every code with what it means, in the order of the table.
        pub const CODES: &[(&str, &str)] = &[$(($text, $doc)),*];
    };
}

codes! {
    SYNTAX = "syntax", "The file breaks the grammar of its language";
    LIMIT = "limit", "A limit on size, depth, aliases or steps was reached";
    UNREADABLE = "unreadable", "A file could not be opened";
    UNKNOWN_ATTRIBUTE = "unknown-attribute", "No class has an attribute of that name";
    RESPELLED_ATTRIBUTE = "respelled-attribute", "A known attribute in another spelling was understood";
    FLAT_CONTROL = "flat-control", "pytm's old flat spelling of a control was understood";
    TEXT_CASE = "text-case", "A text differs from one that rules know in its case alone";
    WRONG_TYPE = "wrong-type", "A value is not of the attribute's type";
    UNKNOWN_KEY = "unknown-key", "No key of that name is known here";
    MISSING_KEY = "missing-key", "A key that is required here is missing";
    DUPLICATE_KEY = "duplicate-key", "The same key stands twice";
    UNKNOWN_REFERENCE = "unknown-reference", "A name refers to nothing";
    NOT_A_MODEL = "not-a-model", "A file that was named is no threat model";
    NO_MODEL = "no-model", "No threat model was found";
    RESERVED_NAME = "reserved-name", "A model has the name of the configuration file";
    CONTROL_WORDS = "control-words", "A control in words is documentation only";
    INLINE_COMMENT = "inline-comment", "A comment to tmrs is malformed or stands beside no element";
    UNEXPRESSED = "unexpressed", "Another tool's model says what has no word here";
    UNKNOWN_WORD = "unknown-word", "Another tool's model uses a word that no table has";
    UNREAD = "unread", "A value could not be read without running code";
    INCOMPLETE = "incomplete", "A model could not be read completely";
    LATE_STATEMENT = "late-statement", "A statement after `process()` does not count";
    SECOND_TM = "second-tm", "A second TM without reset includes the first one's elements";
    UNLIKE_PYTM = "unlike-pytm", "pytm makes something else of this";
    MISSING_IMPORT = "missing-import", "A class is used without its import";
    NESTING = "nesting", "A boundary lies inside itself";
    DUPLICATE_FLOW = "duplicate-flow", "Two flows say the same";
    DUPLICATE_OVERRIDE = "duplicate-override", "One element overrides a rule twice";
    CONDITION_NAME = "condition-name", "A condition uses a name that nothing has";
    CONDITION_CLASS = "condition-class", "A condition reads an attribute that none of its target classes has";
    CONDITION_SYNTAX = "condition-syntax", "A condition uses what conditions may not";
    CONDITION_ERROR = "condition-error", "A condition ended in an error on some elements";
    RULE_FIELD = "rule-field", "A rule's field is missing, unknown or malformed";
    RULE_DUPLICATE = "rule-duplicate", "Two rules have one id";
    RULE_OVERRIDDEN = "rule-overridden", "A rule file replaces rules of the same id";
    RULE_TARGET = "rule-target", "A rule's target class is unknown";
    RENAMED = "renamed", "A change renames elements or models: what was known of them stays known";
    RULE_SEVERITY = "rule-severity", "A change raises the severity of rules";
    RULE_EMPTY = "rule-empty", "A rule file holds no live rule";
    THREATS_FILE = "threats-file", "A model's own rules take the place of the built-in ones";
    USAGE = "usage", "What was asked makes no sense";
    UNUSED = "unused", "An exclusion or setting matches nothing";
    BASELINE = "baseline", "The baseline is malformed, not canonical or stale";
    STALE = "stale", "An entry of the baseline has no open finding any more";
    RESPONSE = "response", "A response does not say what became of the threat";
    EXPIRED = "expired", "An exclusion, answer or setting is past its last day, or its day is malformed";
    FORBIDDEN = "forbidden", "Policy forbids an exclusion, an answer or an entry";
    BASE = "base", "Something could not be read at the base revision";
    HIDDEN = "hidden", "A file was a model at the base revision and is not read as one now";
    CONFIG = "config", "The configuration is malformed";
    LAYOUT = "layout", "A file cannot be formatted without changing what it says";
}
