//! What changed between two reports: in the models, and in their threats.
//!
//! `tmrs diff` makes the two reports and shows what [`between`] finds. Parts and
//! findings are told apart as in docs/semantics.md §4 (class and name; a flow's ends), but
//! within their models: a model that got another name or file is still compared.

mod change;
mod facts;
mod models;
mod parts;
mod threats;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ElementRef, Evidence, Location, NoticeInfo, Severity, Status, Tool};

pub use change::{Earlier, ModelChange, changes};
pub use models::between;

/// The version of the shape of a [`Diff`].
pub const VERSION: u32 = 1;

/// What changed between two sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// [`VERSION`].
    pub diff: u32,
    /// Who compared.
    pub tool: Tool,
    /// What was compared with.
    pub base: Side,
    /// What was compared.
    pub head: Side,
    /// Every model in which something differs, by path and name.
    pub models: Vec<ModelDiff>,
    /// Counts.
    pub summary: Summary,
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// `revision`, `path`, `report` or `working-tree`.
    pub kind: String,
    /// As it was named.
    pub name: String,
    /// The commit, where one is known.
    pub revision: Option<String>,
    /// The version of the catalogue that judged.
    pub catalogue: String,
    /// How many models it has.
    pub models: usize,
    /// Whether everything was read and judged.
    pub complete: bool,
    /// What could not be, and why.
    pub notices: Vec<NoticeInfo>,
}

/// What a change did to a model or part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It was not there.
    Added,
    /// It is there no more.
    Removed,
    /// Something about it differs.
    Changed,
}

impl Change {
    /// Every change, in the order in which they are counted.
    pub const ALL: [Self; 3] = [Self::Added, Self::Removed, Self::Changed];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// A model in which something differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelDiff {
    /// What happened to it.
    pub change: Change,
    /// What it is called at the base.
    pub base: Option<ModelRef>,
    /// What it is called now.
    pub head: Option<ModelRef>,
    /// What it says about itself that differs.
    pub details: Vec<DetailDiff>,
    /// Its elements, boundaries, flows and data that differ.
    pub parts: Vec<PartDiff>,
    /// Its findings that differ, the worst first.
    pub threats: Vec<ThreatDiff>,
}

impl ModelDiff {
    /// What it is called now, else what it was called.
    pub fn called(&self) -> Option<&ModelRef> {
        self.head.as_ref().or(self.base.as_ref())
    }
}

/// A model's file and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelRef {
    /// The file.
    pub path: Arc<str>,
    /// The name.
    pub name: Arc<str>,
}

/// What sort of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartKind {
    /// A trust boundary.
    Boundary,
    /// Anything that processes, keeps or sends.
    Element,
    /// A flow.
    Flow,
    /// A piece of data.
    Data,
}

impl PartKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Boundary, Self::Element, Self::Flow, Self::Data];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Boundary => "boundary",
            Self::Element => "element",
            Self::Flow => "flow",
            Self::Data => "data",
        }
    }
}

/// A part that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartDiff {
    /// What happened to it.
    pub change: Change,
    /// What it is.
    pub kind: PartKind,
    /// Its class and name.
    pub element: ElementRef,
    /// A flow's source.
    pub source: Option<Arc<str>>,
    /// A flow's sink.
    pub sink: Option<Arc<str>>,
    /// Where it stands now, else where it stood.
    pub location: Location,
    /// What differs; of an added part what a reviewer asks first.
    pub details: Vec<DetailDiff>,
}

/// What a detail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// A name or path of a model.
    Name,
    /// The boundary around a part.
    Boundary,
    /// A boundary that a flow crosses.
    Crossing,
    /// Data that a flow carries.
    Carries,
    /// How sensitive data is, or what is carried or kept.
    Classification,
    /// A control.
    Control,
    /// An assumption.
    Assumption,
    /// Any other attribute that rules read.
    Attribute,
}

impl Topic {
    /// Every topic, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Boundary,
        Self::Crossing,
        Self::Carries,
        Self::Classification,
        Self::Control,
        Self::Assumption,
        Self::Attribute,
    ];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Boundary => "boundary",
            Self::Crossing => "crossing",
            Self::Carries => "carries",
            Self::Classification => "classification",
            Self::Control => "control",
            Self::Assumption => "assumption",
            Self::Attribute => "attribute",
        }
    }
}

/// Something about a part that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DetailDiff {
    /// What it is about.
    pub topic: Topic,
    /// What happened.
    pub change: Change,
    /// The attribute, control, boundary, data or assumption.
    pub subject: String,
    /// What it was.
    pub before: Option<serde_json::Value>,
    /// What it is.
    pub after: Option<serde_json::Value>,
    /// `raised` or `lowered`, of a classification.
    pub direction: Option<String>,
    /// Where it is said now, else where it was said.
    pub location: Option<Location>,
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It was not found at the base.
    New,
    /// Severity, evidence or status differs.
    Changed,
    /// The element is there and the rule no longer holds.
    Fixed,
    /// Element, model or rule vanished.
    Gone,
}

impl Fate {
    /// Every fate, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::New, Self::Changed, Self::Fixed, Self::Gone];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Fixed => "fixed",
            Self::Gone => "gone",
        }
    }
}

/// A finding that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ThreatDiff {
    /// What became of it.
    pub change: Fate,
    /// The rule's id.
    pub rule: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// Where it is or was found.
    pub element: ElementRef,
    /// A flow's source.
    pub source: Option<Arc<str>>,
    /// A flow's sink.
    pub sink: Option<Arc<str>>,
    /// Its fingerprint now, else then.
    pub fingerprint: String,
    /// What it was.
    pub before: Option<Standing>,
    /// What it is.
    pub after: Option<Standing>,
    /// Why, where the model doesn't tell: a rule that only one side was judged by.
    pub reason: Option<String>,
    /// Where it is now, else where it was.
    pub location: Location,
}

impl ThreatDiff {
    /// What it is, else what it was.
    pub fn standing(&self) -> Option<&Standing> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// Whether it is open now.
    pub fn is_open(&self) -> bool {
        self.after
            .as_ref()
            .is_some_and(|after| after.status.is_open())
    }
}

/// What a finding is on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub evidence: Evidence,
    /// Open or answered. What a baseline knows is open as well: the comparison
    /// is with the other side alone.
    pub status: Status,
}

/// Counts of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Whether nothing differs.
    pub same: bool,
    /// Models by what happened to them.
    pub models: BTreeMap<&'static str, usize>,
    /// Parts by what happened to them.
    pub parts: BTreeMap<&'static str, usize>,
    /// Boundaries that flows cross and did not.
    pub crossings_added: usize,
    /// Boundaries that flows crossed and do not.
    pub crossings_removed: usize,
    /// Classifications that were raised.
    pub classifications_raised: usize,
    /// Controls that are in place and were not.
    pub controls_added: usize,
    /// Controls that were in place and are not.
    pub controls_removed: usize,
    /// Findings by what became of them.
    pub threats: BTreeMap<&'static str, usize>,
    /// New findings that are open, by severity.
    pub new_by_severity: BTreeMap<Severity, usize>,
}

impl Summary {
    /// Counts what differs.
    pub(super) fn of(models: &[ModelDiff]) -> Self {
        let mut summary = Self {
            same: models.is_empty(),
            models: Change::ALL.map(|change| (change.as_str(), 0)).into(),
            parts: Change::ALL.map(|change| (change.as_str(), 0)).into(),
            threats: Fate::ALL.map(|fate| (fate.as_str(), 0)).into(),
            new_by_severity: Severity::ALL.map(|severity| (severity, 0)).into(),
            ..Self::default()
        };
        for model in models {
            *summary.models.entry(model.change.as_str()).or_default() += 1;
            for part in &model.parts {
                *summary.parts.entry(part.change.as_str()).or_default() += 1;
                part.details.iter().for_each(|detail| summary.count(detail));
            }
            for threat in &model.threats {
                *summary.threats.entry(threat.change.as_str()).or_default() += 1;
                if let (Fate::New, true, Some(after)) =
                    (threat.change, threat.is_open(), &threat.after)
                {
                    *summary.new_by_severity.entry(after.severity).or_default() += 1;
                }
            }
        }
        summary
    }

    fn count(&mut self, detail: &DetailDiff) {
        let counter = match (detail.topic, detail.change) {
            (Topic::Crossing, Change::Added) => &mut self.crossings_added,
            (Topic::Crossing, Change::Removed) => &mut self.crossings_removed,
            (Topic::Control, Change::Added) => &mut self.controls_added,
            (Topic::Control, Change::Removed) => &mut self.controls_removed,
            (Topic::Classification, _) if detail.direction.as_deref() == Some("raised") => {
                &mut self.classifications_raised
            }
            _ => return,
        };
        *counter += 1;
    }
}
