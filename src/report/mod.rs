//! Layer `report`: everything an emitter may see, and all it needs (docs/semantics.md §7).
//!
//! The types here *are* the JSON report: `--format json` writes them as they
//! stand, and `tmrs render` reads them back, so every format can be made from a
//! saved report. Lines and columns count from 1, columns in Unicode scalar
//! values; what is absent is null, never missing.

pub mod alerts;
mod asleep;
mod blocks;
pub mod build;
mod changes;
mod check;
mod counted;
mod deciding;
pub mod diff;
mod explanation;
pub mod finding;
mod fixes;
mod follow;
mod gate;
mod graph;
mod ground;
pub mod join;
mod line;
mod model;
pub mod path;
mod risk;
mod sentence;
mod settling;
mod telling;
mod threats;
mod todo;
mod verdict;
mod why;
mod wiring;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::Owner;

pub use asleep::{Asleep, asleep};
pub use blocks::{Answer, Block};
pub use changes::worst_first;
pub use counted::Beside;
pub use explanation::{Explanation, PartInfo, Way};
pub use fixes::{Fix, FixEdit, FixLines};
pub use gate::{Gate, Level, Levels, Measure, ModelGate};
pub use model::{
    AssumptionInfo, AttributeInfo, DatumInfo, DormantInfo, Edge, Graph, ModelInfo, Node, ProofInfo,
};
pub use settling::Step;
pub use telling::{Parts, See, Telling};
pub use threats::told_once;
pub use todo::{Best, FIRST, Gain, Task, Todo, TodoKind};
pub use verdict::Verdict;

pub use crate::condition::Evidence;
pub use crate::finding::Status;
pub use crate::finding::ended::How;
pub use crate::notice::Severity as NoticeSeverity;
pub use crate::rules::{Severity, Text};

/// The version of the report's shape. 0 until outputs and diagrams are finished.
pub const VERSION: u32 = 0;

/// A whole run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Report {
    /// [`VERSION`].
    pub report: u32,
    /// Who made it.
    pub tool: Tool,
    /// What was run.
    pub run: Run,
    /// Every rule that was evaluated, by id.
    pub rules: Vec<RuleInfo>,
    /// Every model, by path and position.
    pub models: Vec<ModelInfo>,
    /// Every finding, whatever its status, by model, place and rule.
    pub findings: Vec<FindingInfo>,
    /// What to do first about what is new or unreviewed: at most [`FIRST`] things, the one
    /// that takes away the most risk first.
    pub do_first: Vec<Todo>,
    /// What questions propose to write, where an output asks for it; nothing in a saved report.
    #[serde(skip)]
    pub fixes: Vec<Fix>,
    /// What the base revision or baseline had and this run has not.
    pub fixed: Vec<Fixed>,
    /// What the change does to models, compared with a base revision.
    pub changes: Vec<diff::ModelChange>,
    /// What the tool says about its inputs.
    pub notices: Vec<NoticeInfo>,
    /// Counts, gate, exit status.
    pub summary: Summary,
}

/// The program that made a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tool {
    /// `tmrs`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The version of its built-in catalogue.
    pub catalogue: String,
}

/// What was run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Run {
    /// `--category`: tells several runs over one repository apart.
    pub category: Option<String>,
    /// The commit of the working tree, if known.
    pub revision: Option<String>,
    /// The commit that was compared with.
    pub base: Option<String>,
    /// Where the policy came from.
    pub policy: Option<String>,
}

/// A rule, as a reader of the report needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleInfo {
    /// The id.
    pub id: Arc<str>,
    /// A short statement of the threat.
    pub title: Text,
    /// `critical high medium low info`, after any remapping.
    pub severity: Severity,
    /// `high medium low unknown`.
    pub likelihood: Text,
    /// What can happen, and who could do it.
    pub description: Text,
    /// What helps.
    pub mitigation: Text,
    /// An attack, told; may be empty.
    pub example: Text,
    /// The condition, as written.
    pub condition: Text,
    /// CAPEC, CWE, ATT&CK ids and URLs.
    pub references: Vec<Text>,
    /// `stride:…` and other words.
    pub tags: Vec<Text>,
    /// The classes it judges.
    pub classes: Vec<Text>,
    /// `built-in`, `threats-file`, `user` or `declared`.
    pub layer: Text,
}

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Location {
    /// Relative to the root, with forward slashes.
    pub path: Arc<str>,
    /// From 1.
    pub line: u32,
    /// From 1, in Unicode scalar values.
    pub column: u32,
    /// From 1.
    pub end_line: u32,
    /// From 1; the column after the last character.
    pub end_column: u32,
}

impl From<&crate::source::Place> for Location {
    fn from(place: &crate::source::Place) -> Self {
        let (start, end) = place.positions();
        Self {
            path: place.path().as_str().into(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

/// A secondary location with a few words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Where.
    pub location: Location,
}

/// A class, as the model names it, and a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ElementRef {
    /// The class, as the model names it.
    pub class: String,
    /// pytm's class that it is: what `class` extends where the model has a class of its own.
    pub base: String,
    /// The name, as written.
    pub name: Arc<str>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindingInfo {
    /// The versioned hash of its identity.
    pub fingerprint: String,
    /// The rule's id.
    pub rule: Arc<str>,
    /// The rule's title, or an override's.
    pub title: Arc<str>,
    /// The severity that the gate uses.
    pub severity: Severity,
    /// `high medium low unknown`.
    pub likelihood: String,
    /// How sure the model makes it.
    pub evidence: Evidence,
    /// How much it matters here: by severity, evidence, reach and worth.
    pub risk: Severity,
    /// How outsiders reach the place: `open`, `login` or `none`.
    pub reach: String,
    /// How much is at stake there: `high`, `medium`, `low` or `unknown`.
    pub worth: String,
    /// The names on the way on which an outsider reaches it, the outsider first.
    pub way: Arc<[Arc<str>]>,
    /// Reach and worth in a sentence.
    pub risk_reason: Arc<str>,
    /// Whether it fails the gate.
    pub failing: bool,
    /// What became of it.
    pub status: Status,
    /// Why it has that status, in a sentence.
    pub reason: Option<String>,
    /// What the base revision said that would settle it, and nobody says now.
    pub withdrawn: Vec<WithdrawnInfo>,
    /// Whether the change itself settled it: without the entry, answer or exclusion
    /// that it adds, the finding would be new.
    pub settled_by_change: bool,
    /// Whether it is only reported and fails no gate, however bad: so is what weakens the
    /// check where policy says `weakening: report`, and what a rule of `rules.warn` finds.
    pub advisory: bool,
    /// What excludes it.
    pub exclusion: Option<ExclusionInfo>,
    /// What the model answers.
    pub response: Option<String>,
    /// The model's path.
    pub model: Arc<str>,
    /// Which model of that file, from 0: an index for models that share a path.
    pub model_name: Arc<str>,
    /// Where it was found.
    pub element: ElementRef,
    /// The element's position in the model's graph.
    pub element_id: u32,
    /// A flow's source.
    pub source: Option<Arc<str>>,
    /// A flow's sink.
    pub sink: Option<Arc<str>>,
    /// The deciding declaration, else the element.
    pub location: Location,
    /// Source, sink, further facts.
    pub related: Vec<Related>,
    /// Why it holds, in a sentence with names and values; empty where that is not looked into.
    pub why: String,
    /// The facts that made the condition true.
    pub because: Vec<Because>,
    /// Sets of answers that together refute it; of a declared finding, of changes to what
    /// the model says.
    pub deciding: Vec<Vec<Deciding>>,
    /// What holds here, in a sentence or two.
    pub message: String,
    /// A CVSS score or vector.
    pub cvss: Option<String>,
    /// The group in whose display it is folded.
    pub group: Option<String>,
}

/// An attribute whose value was another one at the base.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WithdrawnInfo {
    /// Whose attribute.
    pub element: ElementRef,
    /// Which, such as `controls.isHardened`.
    pub attribute: String,
    /// What it was, in words.
    pub was: String,
    /// What it is now, in words; null where nobody says it any more.
    pub is: Option<String>,
    /// Where it was said, at the base.
    pub location: Option<Location>,
}

impl From<&crate::finding::Withdrawn> for WithdrawnInfo {
    fn from(withdrawn: &crate::finding::Withdrawn) -> Self {
        Self {
            element: ElementRef {
                class: withdrawn.class.into(),
                base: withdrawn.class.into(),
                name: Arc::clone(&withdrawn.name),
            },
            attribute: withdrawn.attribute.clone(),
            was: withdrawn.was.clone(),
            is: withdrawn.is.clone(),
            location: withdrawn.place.as_ref().map(Location::from),
        }
    }
}

/// What excludes a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExclusionInfo {
    /// `assumption`, `inline`, `configuration` or `command-line`.
    pub by: String,
    /// The reason given.
    pub reason: String,
    /// Where it stands.
    pub location: Option<Location>,
}

/// A fact that made a condition true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Because {
    /// What it says, in words.
    pub words: String,
    /// Such as `controls.isEncrypted` or `sink.isHardened`.
    pub attribute: String,
    /// The value.
    pub value: serde_json::Value,
    /// `declared`, `derived`, `assumed` or `default`.
    pub origin: String,
    /// Why it is derived or assumed, where names or wiring tell it.
    pub reason: Option<String>,
    /// Where it is said.
    pub location: Option<Location>,
}

/// One answer of a deciding set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deciding {
    /// Whose attribute.
    pub element: Arc<str>,
    /// Which.
    pub attribute: String,
    /// The value that helps to refute the finding.
    pub value: serde_json::Value,
    /// The line that says so in the model, where one line can.
    pub line: Option<String>,
    /// Whose it is among what was judged; nothing in a saved report.
    #[serde(skip)]
    pub whose: Option<Whose>,
}

/// An object of a model of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whose {
    /// The model's position among those that were judged.
    pub model: u32,
    /// The object.
    pub owner: Owner,
}

/// What the base or baseline had and this run has not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fixed {
    /// The fingerprint it had.
    pub fingerprint: String,
    /// The rule's id.
    pub rule: String,
    /// The model's path.
    pub model: String,
    /// Where it was found.
    pub element: ElementRef,
    /// What became of it.
    pub how: How,
    /// Why, compared with a base revision: what the change declares, or took away.
    pub because: Option<String>,
}

impl From<&crate::finding::ended::Ended> for Fixed {
    fn from(ended: &crate::finding::ended::Ended) -> Self {
        Self {
            fingerprint: ended.fingerprint.to_string(),
            rule: ended.rule.to_string(),
            model: ended.path.to_string(),
            element: ElementRef {
                class: ended.class.name().into(),
                base: ended.class.name().into(),
                name: Arc::clone(&ended.element),
            },
            how: ended.how,
            because: ended.because.clone(),
        }
    }
}

/// A notice, as reports write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoticeInfo {
    /// A stable code.
    pub code: String,
    /// `error`, `warning` or `note`.
    pub severity: NoticeSeverity,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub location: Option<Location>,
    /// Further places.
    pub related: Vec<Related>,
    /// What to do next.
    pub help: Option<String>,
}

impl From<&crate::notice::Notice> for NoticeInfo {
    fn from(notice: &crate::notice::Notice) -> Self {
        Self {
            code: notice.code.into(),
            severity: notice.severity,
            message: notice.message.clone(),
            location: notice.place.as_ref().map(Location::from),
            related: notice
                .labels
                .iter()
                .map(|label| Related {
                    message: label.text.clone(),
                    location: Location::from(&label.place),
                })
                .collect(),
            help: notice.help.clone(),
        }
    }
}

/// Counts, gate, exit status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Summary {
    /// How many models were judged.
    pub models: usize,
    /// How many findings there are, whatever their status.
    pub findings: usize,
    /// Counts by status, every status present.
    pub by_status: BTreeMap<Status, usize>,
    /// Counts by severity, every severity present.
    pub by_severity: BTreeMap<Severity, usize>,
    /// Counts of new findings by severity, every severity present.
    pub new_by_severity: BTreeMap<Severity, usize>,
    /// How many are accepted or transferred.
    pub residual: usize,
    /// The gate.
    pub gate: Gate,
    /// What the run comes to: `passed`, `failed`, `incomplete` or `nothing judged`.
    pub verdict: Verdict,
    /// The exit status that the run has by itself (docs/semantics.md §5).
    pub exit: u8,
    /// What the sentence about the verdict counts beside these; of a saved report anew.
    #[serde(skip)]
    pub beside: Beside,
}

impl Report {
    /// The rule of a finding.
    pub fn rule(&self, id: &str) -> Option<&RuleInfo> {
        // Sorted, unless a saved report was written by something else.
        match self.rules.binary_search_by(|rule| (*rule.id).cmp(id)) {
            Ok(at) => self.rules.get(at),
            Err(_) => self.rules.iter().find(|rule| &*rule.id == id),
        }
    }

    /// Whether every model was read and judged completely.
    pub fn is_complete(&self) -> bool {
        self.verdict() != Verdict::Incomplete
    }
}
