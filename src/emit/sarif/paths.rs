//! The paths of findings: over a boundary, or from whom and to whom a threat reaches.

use std::collections::BTreeMap;

use serde_sarif::sarif::{CodeFlow, Location as SarifLocation, ThreadFlow, ThreadFlowLocation};

use super::places;
use crate::emit::words;
use crate::report::path::path;
use crate::report::{self, Edge, FindingInfo, ModelInfo, Node, Report};

/// GitHub keeps 1,000 locations of a path.
const MOST_STEPS: usize = 1_000;

/// The models' graphs, for the paths of findings.
pub(super) struct Flows<'a> {
    models: BTreeMap<(&'a str, &'a str), Vec<Graph<'a>>>,
}

struct Graph<'a> {
    whole: &'a report::Graph,
    nodes: BTreeMap<u32, &'a Node>,
    edges: BTreeMap<u32, &'a Edge>,
}

impl<'a> Graph<'a> {
    fn of(model: &'a ModelInfo) -> Self {
        let graph = &model.graph;
        let nodes = graph.elements.iter().chain(&graph.boundaries);
        Self {
            whole: graph,
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
        let steps = match finding.element.base.as_str() {
            "Dataflow" => self.crossing(finding)?,
            _ => self.reach(finding)?,
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
        let (graph, edge) = self.graphs(finding).find_map(|graph| {
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

    /// The way that a condition with `reaches` or `reachedFrom` rests on.
    fn reach(&self, finding: &FindingInfo) -> Option<Vec<SarifLocation>> {
        let facts = || finding.because.iter().map(|fact| fact.attribute.as_str());
        let mut graphs = self.graphs(finding);
        let graph = graphs.find(|graph| {
            let node = graph.nodes.get(&finding.element_id);
            node.is_some_and(|node| node.name == finding.element.name)
        })?;
        let way = facts().find_map(|fact| path(graph.whole, finding.element_id, fact))?;
        let step = |id: u32| {
            let (class, name, location) = match (graph.nodes.get(&id), graph.edges.get(&id)) {
                (Some(node), _) => (&*node.class, &*node.name, &node.location),
                (None, Some(edge)) => ("Dataflow", &*edge.name, &edge.location),
                (None, None) => return None,
            };
            let text = words::sentence(&words::named(class, name));
            Some(places::with_message(location, &text))
        };
        Some(way.into_iter().filter_map(step).collect())
    }

    /// The models that a finding may be of: several can have one name in one file.
    fn graphs<'s>(&'s self, finding: &'s FindingInfo) -> std::slice::Iter<'s, Graph<'a>> {
        let key = (&*finding.model, &*finding.model_name);
        self.models.get(&key).map_or(&[][..], Vec::as_slice).iter()
    }
}
