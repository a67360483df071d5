//! Findings as results.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use serde_sarif::sarif::{
    CodeFlow, Location as SarifLocation, Message, Result as SarifResult, ResultLevel, Suppression,
    ThreadFlow, ThreadFlowLocation,
};

use super::rules::{Rules, level, rank};
use super::{bag, places, plain};
use crate::emit::words;
use crate::escape::terminal;
use crate::report::{Edge, Evidence, FindingInfo, ModelInfo, Node, Report, Severity, Status};

/// GitHub shows 100 locations of a result.
const MOST_RELATED: usize = 100;
/// GitHub keeps 1,000 locations of a path.
const MOST_STEPS: usize = 1_000;

/// One finding.
pub(super) fn result(
    finding: &FindingInfo,
    rules: &Rules,
    flows: &Flows<'_>,
    suppressions: bool,
) -> SarifResult {
    let (rule_id, rule_index) = rules.of_finding(finding);
    let related = related(finding);
    let mut result = SarifResult::builder()
        .rule_id(rule_id)
        .rule_index(rule_index)
        .level(result_level(finding.severity))
        .rank(match finding.evidence {
            Evidence::Declared => rank(finding.severity),
            Evidence::Assumed => rank(finding.severity) - 4.0,
        })
        .message(message(finding))
        .locations(vec![places::primary(finding)])
        .partial_fingerprints(BTreeMap::from([
            (
                "primaryLocationLineHash".to_owned(),
                format!("{}:1", plain(&finding.fingerprint)),
            ),
            ("tmrs/v1".to_owned(), plain(&finding.fingerprint)),
        ]))
        .baseline_state(match finding.status {
            Status::New | Status::Unreviewed => "new",
            _ => "unchanged",
        })
        .properties(properties(finding))
        .build();
    if let Some(path) = flows.path(finding) {
        result.code_flows = Some(vec![path]);
    }
    if !related.is_empty() {
        result.related_locations = Some(related);
    }
    if suppressions {
        // Once one result has them, all must: an empty list says "not suppressed".
        result.suppressions = Some(suppression(finding).into_iter().collect());
    }
    result
}

fn result_level(severity: Severity) -> ResultLevel {
    match level(severity) {
        "error" => ResultLevel::Error,
        "warning" => ResultLevel::Warning,
        _ => ResultLevel::Note,
    }
}

fn message(finding: &FindingInfo) -> Message {
    let mut text = plain(&words::message(finding));
    if finding.evidence == Evidence::Assumed {
        text.push_str(" Assumed: the model doesn't say all that decides it.");
    }
    Message::builder().text(text).build()
}

fn related(finding: &FindingInfo) -> Vec<SarifLocation> {
    let facts = finding.because.iter().filter_map(|fact| {
        let location = fact.location.as_ref()?;
        Some((words::sentence(&words::fact(fact)), location))
    });
    finding
        .related
        .iter()
        .map(|r| (words::sentence(&r.message), &r.location))
        .chain(facts)
        .take(MOST_RELATED)
        .zip(1..)
        .map(|((text, location), id)| {
            let mut place = places::with_message(location, &text);
            place.id = Some(id);
            place
        })
        .collect()
}

fn properties(finding: &FindingInfo) -> serde_sarif::sarif::PropertyBag {
    let because: Vec<String> = finding.because.iter().map(words::fact).collect();
    bag([
        ("severity", json!(finding.severity)),
        ("likelihood", json!(finding.likelihood)),
        ("evidence", json!(finding.evidence)),
        ("status", json!(finding.status)),
        ("reason", json!(words::reason(finding))),
        ("model", json!(finding.model)),
        ("because", json!(because)),
        ("deciding", json!(finding.deciding)),
        ("cvss", json!(finding.cvss)),
        ("group", json!(finding.group)),
    ])
}

fn suppression(finding: &FindingInfo) -> Option<Suppression> {
    if finding.status.is_open() {
        return None;
    }
    let outside = finding
        .exclusion
        .as_ref()
        .is_some_and(|e| matches!(e.by.as_str(), "configuration" | "command-line"));
    let why = words::reason(finding).unwrap_or_else(|| words::status(finding.status).into());
    let mut suppression = Suppression::builder()
        .kind(if outside { "external" } else { "inSource" })
        .status("accepted")
        .justification(terminal(&why))
        .build();
    suppression.location = finding
        .exclusion
        .as_ref()
        .and_then(|e| e.location.as_ref())
        .map(|location| {
            SarifLocation::builder()
                .physical_location(places::physical(location))
                .build()
        });
    Some(suppression)
}

/// The models' graphs, for the paths of findings.
pub(super) struct Flows<'a> {
    models: BTreeMap<(&'a str, &'a str), Vec<Graph<'a>>>,
}

struct Graph<'a> {
    nodes: BTreeMap<u32, &'a Node>,
    edges: BTreeMap<u32, &'a Edge>,
}

impl<'a> Graph<'a> {
    fn of(model: &'a ModelInfo) -> Self {
        let graph = &model.graph;
        let nodes = graph.elements.iter().chain(&graph.boundaries);
        Self {
            nodes: nodes.map(|node| (node.id, node)).collect(),
            edges: graph.flows.iter().map(|edge| (edge.id, edge)).collect(),
        }
    }
}

impl<'a> Flows<'a> {
    /// Indexes the graphs of a report.
    pub(super) fn of(report: &'a Report) -> Self {
        let mut models: BTreeMap<_, Vec<Graph<'a>>> = BTreeMap::new();
        for model in &report.models {
            models
                .entry((&*model.path, &*model.name))
                .or_default()
                .push(Graph::of(model));
        }
        Self { models }
    }

    /// The path of a finding: a flow from one boundary into another, or the
    /// places by which a threat reaches its element. `None` for others.
    pub(super) fn path(&self, finding: &FindingInfo) -> Option<CodeFlow> {
        let steps = match finding.element.class.as_str() {
            "Dataflow" => self.crossing(finding)?,
            _ => reach(finding)?,
        };
        let locations: Vec<ThreadFlowLocation> = steps
            .into_iter()
            .take(MOST_STEPS)
            .zip(1i64..)
            .map(|(location, order)| {
                ThreadFlowLocation::builder()
                    .location(location)
                    .execution_order(order)
                    .build()
            })
            .collect();
        let thread = ThreadFlow::builder().locations(locations).build();
        Some(CodeFlow::builder().thread_flows(vec![thread]).build())
    }

    /// Source, flow and sink of a flow that crosses a boundary.
    fn crossing(&self, finding: &FindingInfo) -> Option<Vec<SarifLocation>> {
        let graphs = self.models.get(&(&*finding.model, &*finding.model_name))?;
        let (graph, edge) = graphs.iter().find_map(|graph| {
            let edge = graph.edges.get(&finding.element_id)?;
            (edge.name == finding.element.name).then_some((graph, *edge))
        })?;
        let source = *graph.nodes.get(&edge.source)?;
        let sink = *graph.nodes.get(&edge.sink)?;
        if source.boundary == sink.boundary {
            return None;
        }
        let at = |node: &Node| {
            let name = words::named(&node.class, &node.name);
            match node.boundary.and_then(|id| graph.nodes.get(&id)) {
                Some(boundary) => {
                    format!("{name} in {}.", words::named("boundary", &boundary.name))
                }
                None => format!("{name}, in no boundary."),
            }
        };
        let flow = words::sentence(&words::named(&finding.element.class, &edge.name));
        Some(vec![
            places::with_message(&source.location, &at(source)),
            places::with_message(&edge.location, &flow),
            places::with_message(&sink.location, &at(sink)),
        ])
    }
}

/// The path that a condition with `reaches` or `reachedFrom` rests on: its facts
/// are about the elements on the way, in their order.
fn reach(finding: &FindingInfo) -> Option<Vec<SarifLocation>> {
    let is_reach =
        |attribute: &str| attribute.contains("reaches") || attribute.contains("reachedFrom");
    if !finding.because.iter().any(|fact| is_reach(&fact.attribute)) {
        return None;
    }
    let mut seen = BTreeSet::from([&finding.location]);
    let mut path: Vec<SarifLocation> = finding
        .because
        .iter()
        .filter_map(|fact| Some((fact, fact.location.as_ref()?)))
        .filter(|(_, location)| seen.insert(location))
        .map(|(fact, location)| {
            places::with_message(location, &words::sentence(&words::fact(fact)))
        })
        .collect();
    if path.is_empty() {
        return None;
    }
    let end = words::sentence(&words::element(finding));
    path.push(places::with_message(&finding.location, &end));
    Some(path)
}
