//! What a change did to the parts of a diagram: the graph of a base revision
//! compared with this one's.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::diff::{Change, ModelChange};
use crate::report::{AttributeInfo, Edge, Graph, Node};

/// What a change did to a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Nothing.
    #[default]
    Same,
    /// Something that is said about it differs.
    Changed,
    /// It was not there.
    New,
}

/// The marks of a graph's parts, by id. A part without an entry is the same.
#[derive(Clone, Debug, Default)]
pub struct Changes(BTreeMap<u32, Mark>);

/// Class, name, and the names of a flow's ends.
type Who<'a> = (&'a str, &'a str, [&'a str; 2]);

/// What must be equal for a part to be the same.
#[derive(PartialEq)]
struct Said<'a> {
    boundary: Option<&'a str>,
    description: &'a str,
    in_scope: bool,
    data: Vec<&'a str>,
    values: Vec<(&'a str, &'a serde_json::Value)>,
}

/// Who a part is: class, name, and the names of a flow's ends; then which of
/// all that are called so.
type Identity<'a> = (&'a str, &'a str, &'a str, &'a str, usize);

impl Changes {
    /// Marks what `head` has and `base` has not, or says differently. Parts are
    /// told apart as findings are (docs/semantics.md §4), never by position.
    pub fn between(base: &Graph, head: &Graph) -> Self {
        let before = parts(base);
        let marks = parts(head)
            .into_iter()
            .filter_map(|(identity, (id, said))| {
                let mark = match before.get(&identity) {
                    None => Mark::New,
                    Some((_, was)) if *was != said => Mark::Changed,
                    Some(_) => return None,
                };
                Some((id, mark))
            });
        Self(marks.collect())
    }

    /// Marks what a report says that a change adds to a model or alters in it.
    pub fn of(graph: &Graph, change: &ModelChange) -> Self {
        let mut said: BTreeMap<Who<'_>, Mark> = BTreeMap::new();
        for part in &change.parts {
            let mark = match part.change {
                Change::Added => Mark::New,
                Change::Changed => Mark::Changed,
                Change::Removed => continue,
            };
            let ends = [&part.source, &part.sink];
            let ends = ends.map(|end| end.as_deref().unwrap_or(""));
            said.insert((&part.element.class, &part.element.name, ends), mark);
        }
        let nodes = graph.elements.iter().chain(&graph.boundaries);
        let names: BTreeMap<u32, &str> = nodes.clone().map(|node| (node.id, &*node.name)).collect();
        let name = |id: u32| names.get(&id).copied().unwrap_or("");
        let nodes = nodes.map(|node| (node.id, (&*node.class, &*node.name, ["", ""])));
        let flows = graph.flows.iter().map(|flow| {
            let ends = [name(flow.source), name(flow.sink)];
            (flow.id, ("Dataflow", &*flow.name, ends))
        });
        let marks = nodes.chain(flows);
        Self(
            marks
                .filter_map(|(id, who)| Some((id, *said.get(&who)?)))
                .collect(),
        )
    }

    /// The nodes that are marked, and those at the ends of flows that are.
    pub fn nodes(&self, graph: &Graph) -> BTreeSet<u32> {
        let is_marked = |id: u32| self.mark(id) != Mark::Same;
        let nodes = graph.elements.iter().chain(&graph.boundaries);
        let mut ids: BTreeSet<u32> = nodes
            .map(|node| node.id)
            .filter(|id| is_marked(*id))
            .collect();
        let flows = graph.flows.iter().filter(|flow| is_marked(flow.id));
        ids.extend(flows.flat_map(|flow| [flow.source, flow.sink]));
        ids
    }

    /// What the change did to a part.
    pub fn mark(&self, id: u32) -> Mark {
        self.0.get(&id).copied().unwrap_or_default()
    }
}

fn parts(graph: &Graph) -> BTreeMap<Identity<'_>, (u32, Said<'_>)> {
    let nodes = graph.elements.iter().chain(&graph.boundaries);
    let names: BTreeMap<u32, &str> = nodes.clone().map(|node| (node.id, &*node.name)).collect();
    let name = |id: u32| names.get(&id).copied().unwrap_or("");
    let mut parts = BTreeMap::new();
    let mut add = |(class, own, source, sink), id, said| {
        let ordinal = parts
            .range((class, own, source, sink, 0)..=(class, own, source, sink, usize::MAX))
            .count();
        parts.insert((class, own, source, sink, ordinal), (id, said));
    };
    for node in nodes {
        let boundary = node.boundary.map(name);
        add(
            (&*node.base, &*node.name, "", ""),
            node.id,
            node_said(node, boundary),
        );
    }
    let data: BTreeMap<u32, &str> = graph.data.iter().map(|d| (d.id, &*d.name)).collect();
    for flow in &graph.flows {
        let carried = flow.data.iter().filter_map(|id| data.get(id).copied());
        let identity = ("Dataflow", &*flow.name, name(flow.source), name(flow.sink));
        add(identity, flow.id, flow_said(flow, carried.collect()));
    }
    parts
}

fn node_said<'a>(node: &'a Node, boundary: Option<&'a str>) -> Said<'a> {
    Said {
        boundary,
        description: &node.description,
        in_scope: node.in_scope,
        data: Vec::new(),
        values: values(&node.attributes),
    }
}

fn flow_said<'a>(flow: &'a Edge, mut data: Vec<&'a str>) -> Said<'a> {
    data.sort_unstable();
    Said {
        boundary: None,
        description: &flow.description,
        in_scope: flow.in_scope,
        data,
        values: values(&flow.attributes),
    }
}

/// What is said about a part itself. What names other parts is compared by
/// their names above; `order` says where a flow stands, not what it is.
fn values(attributes: &BTreeMap<String, AttributeInfo>) -> Vec<(&str, &serde_json::Value)> {
    const ELSEWHERE: [&str; 11] = [
        "inBoundary",
        "source",
        "sink",
        "data",
        "inputs",
        "outputs",
        "order",
        "response",
        "responseTo",
        "processedBy",
        "carriedBy",
    ];
    attributes
        .iter()
        .filter(|(name, info)| info.origin != "derived" && !ELSEWHERE.contains(&name.as_str()))
        .map(|(name, info)| (name.as_str(), &info.value))
        .collect()
}
