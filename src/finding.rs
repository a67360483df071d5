//! Layer `finding`: what was found, who a finding is, what became of it (docs/semantics.md §4).

pub mod ended;
pub mod risk;
pub mod withdrawn;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use crate::condition::Evidence;
use crate::model::vocabulary::Class;
use crate::model::{Element, ElementId, Model};
use crate::rules::{Rule, Severity};
use crate::source::{Place, RepoPath};

pub use withdrawn::Withdrawn;

/// One threat on one element. Small: explanations are computed when asked for.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The model's position in the run.
    pub model: u32,
    /// The element in that model.
    pub element: ElementId,
    /// The rule; for a threat in words one that was made for it.
    pub rule: Arc<Rule>,
    /// Which of the element's threats in words it is, if it is one.
    pub threat: Option<u32>,
    /// Which of the element's overrides applies, if one does.
    pub overridden: Option<u32>,
    /// The severity that the gate uses.
    pub severity: Severity,
    /// How sure the model makes it.
    pub evidence: Evidence,
    /// How much it matters here.
    pub risk: Severity,
    /// Who it is.
    pub fingerprint: Fingerprint,
    /// Which of the findings that are otherwise the same, from 0.
    pub ordinal: u32,
    /// What became of it.
    pub status: Status,
    /// Why it has that status.
    pub reason: Option<Box<Reason>>,
    /// What a base revision said that would settle it, and nobody says now.
    pub withdrawn: Vec<Withdrawn>,
    /// Where it was found, if that is a model that includes this one.
    pub seen: Option<Seen>,
}

/// An element in a model that includes the file that declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The position in the run of the model that includes the file.
    pub model: u32,
    /// The element there.
    pub element: ElementId,
}

impl Finding {
    /// The same finding in the model in which its condition holds: what explains it stands there.
    pub fn where_seen(&self) -> Cow<'_, Self> {
        match self.seen {
            None => Cow::Borrowed(self),
            Some(Seen { model, element }) => Cow::Owned(Self {
                model,
                element,
                seen: None,
                ..self.clone()
            }),
        }
    }
}

/// What became of a finding (docs/semantics.md §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Open and not known before: it can fail the gate.
    New,
    /// Open, of a rule that the baseline's catalogue did not have or held lower:
    /// shown, but not failing until the next update.
    Unreviewed,
    /// Open, but known.
    Baselined,
    /// The response says it is mitigated.
    Mitigated,
    /// The response says somebody else carries it. Residual risk.
    Transferred,
    /// The response says it cannot arise.
    Avoided,
    /// The response says it is accepted. Residual risk.
    Accepted,
    /// The response says the rule is wrong here.
    FalsePositive,
    /// Excluded by an assumption, an inline comment or the configuration.
    Excluded,
    /// On an element that is out of scope.
    OutOfScope,
}

impl Status {
    /// In the order in which reports count them.
    pub const ALL: [Self; 10] = [
        Self::New,
        Self::Unreviewed,
        Self::Baselined,
        Self::Mitigated,
        Self::Transferred,
        Self::Avoided,
        Self::Accepted,
        Self::FalsePositive,
        Self::Excluded,
        Self::OutOfScope,
    ];

    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unreviewed => "unreviewed",
            Self::Baselined => "baselined",
            Self::Mitigated => "mitigated",
            Self::Transferred => "transferred",
            Self::Avoided => "avoided",
            Self::Accepted => "accepted",
            Self::FalsePositive => "false-positive",
            Self::Excluded => "excluded",
            Self::OutOfScope => "out-of-scope",
        }
    }

    /// Whether the threat stands: nobody answered or excluded it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Unreviewed | Self::Baselined)
    }

    /// Whether it counts as residual risk.
    pub fn is_residual(self) -> bool {
        matches!(self, Self::Accepted | Self::Transferred)
    }
}

/// Why a finding has its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Which channel set it.
    pub by: By,
    /// The reason given, or what happened, as text.
    pub text: Arc<str>,
    /// Where it stands.
    pub place: Option<Place>,
}

/// The channels that set a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// `inScope` is false.
    Scope,
    /// An assumption in the model.
    Assumption,
    /// A control that is in place against a threat in words.
    Control,
    /// A response in the model.
    Response,
    /// A comment beside the element, or its key `exclude`.
    Inline,
    /// An exclusion in `tmrs.yaml`.
    Configuration,
    /// `--exclude`.
    CommandLine,
    /// An entry of the baseline.
    Baseline,
    /// The base revision.
    Base,
}

impl By {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::Assumption => "assumption",
            Self::Control => "control",
            Self::Response => "response",
            Self::Inline => "inline",
            Self::Configuration => "configuration",
            Self::CommandLine => "command-line",
            Self::Baseline => "baseline",
            Self::Base => "base",
        }
    }

    /// Whether it takes the finding out rather than answering it.
    pub fn excludes(self) -> bool {
        matches!(
            self,
            Self::Assumption | Self::Inline | Self::Configuration | Self::CommandLine
        )
    }
}

/// The versioned hash of a finding's identity: 128 bits of SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The fingerprint of an identity.
    pub fn of(identity: &Identity<'_>) -> Self {
        Self::of_rule(identity.rule, identity)
    }

    /// As [`Self::of`], with another rule.
    pub fn of_rule(rule: &str, identity: &Identity<'_>) -> Self {
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        part("tmrs/v1");
        part(rule);
        part(&identity.model);
        part(&identity.model_ordinal.to_string());
        part(identity.class.name());
        part(&identity.name);
        part(identity.source.as_deref().unwrap_or(""));
        part(identity.sink.as_deref().unwrap_or(""));
        part(&identity.ordinal.to_string());
        let digest = hash.finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(bytes)
    }

    /// The fingerprint of something that is no rule's finding on an element, by
    /// the texts that say who it is.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for part in std::iter::once("tmrs/v1").chain(parts) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        Self(bytes)
    }

    /// Reads back what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        let read = base16ct::mixed::decode(text, &mut bytes).ok()?;
        if read.len() != 16 {
            return None;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 32];
        let text = base16ct::lower::encode_str(&self.0, &mut text);
        f.write_str(text.unwrap_or_default())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A way in which a change weakens the check itself: a finding of the family
/// `change`, which nothing in the same change can exclude (docs/semantics.md §5).
#[derive(Clone, Debug)]
pub struct Weakening {
    /// What kind it is, as a rule.
    pub rule: Arc<Rule>,
    /// How bad is what it lets through.
    pub severity: Severity,
    /// Whether policy only wants it reported: then it fails no gate.
    pub advisory: bool,
    /// The file of the model, the configuration or the baseline.
    pub path: RepoPath,
    /// The model's name; empty outside models.
    pub model: Arc<str>,
    /// The class of the element, or `Model`, `Configuration`, `Baseline`, `Rule`.
    pub class: &'static str,
    /// The name of the element, setting or rule.
    pub name: Arc<str>,
    /// The element in the model, if it is one.
    pub element: Option<ElementId>,
    /// The line that weakens, or that which has lost something.
    pub place: Place,
    /// What happened.
    pub message: String,
    /// Whether it is an answer, exclusion or entry that settles findings: those whose
    /// reason stands at its place.
    pub settles: bool,
    /// Who it is.
    pub fingerprint: Fingerprint,
}

impl Weakening {
    /// Says that it lets findings of that severity through.
    pub fn let_through(&mut self, severity: Severity) {
        if severity > self.severity {
            self.severity = severity;
            Arc::make_mut(&mut self.rule).severity = severity;
        }
    }
}

/// Who a finding is: never a line, index, order or other text (docs/semantics.md §4).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity<'a> {
    /// The rule's id; for a threat in words `DECLARED/<slug>`.
    pub rule: &'a str,
    /// The model's name.
    pub model: String,
    /// Which model of that name in its file, from 0.
    pub model_ordinal: u32,
    /// The element's class.
    pub class: Class,
    /// The element's name.
    pub name: String,
    /// A flow's source.
    pub source: Option<String>,
    /// A flow's sink.
    pub sink: Option<String>,
    /// Which element of all these, in the order of declaration, from 0.
    pub ordinal: u32,
}

impl<'a> Identity<'a> {
    /// The identity of a rule's finding on an element, with ordinal 0.
    pub fn new(rule: &'a str, model: &Model, id: ElementId) -> Self {
        let element = model.element(id);
        let end = |attribute| {
            model
                .linked(id, attribute)
                .map(|end| canonical(&model.element(end).name))
        };
        Self {
            rule,
            model: canonical(&model.name),
            model_ordinal: model.ordinal,
            class: element.class,
            name: canonical(&element.name),
            source: is_flow(element).then(|| end("source")).flatten(),
            sink: is_flow(element).then(|| end("sink")).flatten(),
            ordinal: 0,
        }
    }
}

fn is_flow(element: &Element) -> bool {
    element.class == Class::Dataflow
}

/// A name as identities compare it: NFC, trimmed, inner white space collapsed,
/// case kept (docs/semantics.md §1).
pub fn canonical(name: &str) -> String {
    // Most names are canonical already.
    let plain = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
    if name.as_bytes().iter().all(plain) && name.trim() == name && !name.contains("  ") {
        return name.to_owned();
    }
    let composed: String = name.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The slug of a title: lower-case letters and digits of any script, joined by hyphens.
pub fn slug(title: &str) -> String {
    let composed: String = title.nfc().collect::<String>().to_lowercase();
    let mut slug = String::new();
    for c in composed.chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}
