//! Layer `report`: models as the report shows them (docs/semantics.md §7).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Location;
use crate::model::Assumption;

/// A model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelInfo {
    /// Its file.
    pub path: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// `pytm` or `native`.
    pub format: String,
    /// What the model says about the system.
    pub description: String,
    /// Whether everything that matters was read.
    pub complete: bool,
    /// Ids of rules that what the model says rules out.
    pub passed: Vec<Arc<str>>,
    /// Ids of rules that judge nothing that is there.
    pub not_applicable: Vec<Arc<str>>,
    /// Rules that found nothing only because the model does not say what they ask.
    pub dormant: Vec<DormantInfo>,
    /// What is said about the model itself (`isOrdered`, `onDuplicates`, …).
    pub attributes: BTreeMap<String, AttributeInfo>,
    /// Assumptions about the whole model.
    pub assumptions: Vec<AssumptionInfo>,
    /// What is drawn and described.
    pub graph: Graph,
}

/// A rule that waits for what the model does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DormantInfo {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The attributes that it asks about and nobody stated, sorted.
    pub wants: Vec<String>,
}

/// An assumption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssumptionInfo {
    /// What is assumed.
    pub name: String,
    /// Why it may be.
    pub description: String,
    /// The rule ids that it rules out.
    pub exclude: Vec<String>,
    /// Where it stands.
    pub location: Location,
}

impl From<&Assumption> for AssumptionInfo {
    fn from(assumption: &Assumption) -> Self {
        let ids = assumption.exclude.iter();
        Self {
            name: assumption.name.text.to_string(),
            description: assumption.description.to_string(),
            exclude: ids.map(|id| id.text.to_string()).collect(),
            location: Location::from(&assumption.place),
        }
    }
}

/// What a diagram shows and a data dictionary lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Graph {
    /// Whether a response is drawn on the arrow of its request.
    pub merge_responses: bool,
    /// Everything but flows and boundaries, in the order of declaration.
    pub elements: Vec<Node>,
    /// Flows, in their order.
    pub flows: Vec<Edge>,
    /// Boundaries, in the order of declaration.
    pub boundaries: Vec<Node>,
    /// Data, in the order of declaration.
    pub data: Vec<DatumInfo>,
}

/// An element or a boundary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Node {
    /// Its position in the model.
    pub id: u32,
    /// Its class, as the model names it.
    pub class: String,
    /// pytm's class that it is, by which it is judged and drawn: what `class` extends
    /// where the model has a class of its own.
    pub base: String,
    /// Its name, as written.
    pub name: Arc<str>,
    /// What it is.
    pub description: String,
    /// The innermost boundary around it, by id.
    pub boundary: Option<u32>,
    /// Whether it is judged.
    pub in_scope: bool,
    /// The levels on which it is drawn.
    pub levels: Vec<i64>,
    /// Where it is declared.
    pub location: Location,
    /// What is said or derived about it, by attribute (`controls.…` included).
    pub attributes: BTreeMap<String, AttributeInfo>,
    /// Assumptions about it.
    pub assumptions: Vec<AssumptionInfo>,
    /// Controls in words.
    pub claims: Vec<String>,
    /// What proves its controls.
    #[serde(default)]
    pub proofs: Vec<ProofInfo>,
}

/// A flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Edge {
    /// Its position in the model.
    pub id: u32,
    /// Its name, as written.
    pub name: Arc<str>,
    /// What it is.
    pub description: String,
    /// Where it starts, by id.
    pub source: u32,
    /// Where it ends, by id.
    pub sink: u32,
    /// Its number in the sequence; -1 for none.
    pub order: i64,
    /// Whether it answers another one.
    pub is_response: bool,
    /// The flow that answers this one, by id.
    pub response: Option<u32>,
    /// The flow that this one answers, by id.
    pub response_to: Option<u32>,
    /// The protocol, after derivation.
    pub protocol: String,
    /// The port at the destination; -1 for none.
    pub port: i64,
    /// The Data it carries, by id.
    pub data: Vec<u32>,
    /// A remark for the sequence diagram.
    pub note: String,
    /// Whether it is judged.
    pub in_scope: bool,
    /// Whether it says the same as an earlier one and is left out of diagrams.
    pub duplicate: bool,
    /// The levels on which it is drawn.
    pub levels: Vec<i64>,
    /// Where it is declared.
    pub location: Location,
    /// What is said or derived about it, by attribute (`controls.…` included).
    pub attributes: BTreeMap<String, AttributeInfo>,
    /// Assumptions about it.
    pub assumptions: Vec<AssumptionInfo>,
    /// Controls in words.
    pub claims: Vec<String>,
    /// What proves its controls.
    #[serde(default)]
    pub proofs: Vec<ProofInfo>,
}

/// What shows that controls are in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProofInfo {
    /// Names of controls.
    pub controls: Vec<String>,
    /// A test, a document, a ticket, an address.
    pub text: String,
    /// Where it is said.
    pub location: Location,
}

/// A piece of data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DatumInfo {
    /// Its position in the model.
    pub id: u32,
    /// Its name, as written.
    pub name: Arc<str>,
    /// What it is.
    pub description: String,
    /// `UNKNOWN`, `PUBLIC`, ….
    pub classification: String,
    /// Where it is declared.
    pub location: Location,
    /// What is said or derived about it.
    pub attributes: BTreeMap<String, AttributeInfo>,
}

/// A value that was said or derived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttributeInfo {
    /// The value.
    pub value: serde_json::Value,
    /// `declared`, `derived` or `unread`.
    pub origin: String,
    /// Where it is said.
    pub location: Option<Location>,
}
