//! The parts of two graphs, held against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::super::{DatumInfo, Edge, ElementRef, Graph, Location, Node};
use super::facts::{Facts, rank};
use super::{Change, DetailDiff, PartDiff, PartKind, Topic};
use crate::finding::canonical;

/// Who a part is: kind, class, name, a flow's ends; then which of all that are
/// called so.
type Identity = (PartKind, String, String, String, String, usize);

/// A part of a graph.
struct Part<'g> {
    class: &'g str,
    base: &'g str,
    name: &'g Arc<str>,
    ends: Option<(Arc<str>, Arc<str>)>,
    location: &'g Location,
    facts: Facts<'g>,
    /// What it was called, where it has another name now.
    was: Option<&'g Arc<str>>,
}

/// What differs, by kind and name. No graph is a model that is not there; `names` are what
/// parts of the base are called now, by their ids, where that is something else.
pub(super) fn compare(
    base: Option<&Graph>,
    head: Option<&Graph>,
    names: &BTreeMap<u32, Arc<str>>,
) -> Vec<PartDiff> {
    let nothing = BTreeMap::new();
    let (then, now) = (of(base, names), of(head, &nothing));
    let identities: BTreeSet<&Identity> = then.keys().chain(now.keys()).collect();
    let differing = identities.into_iter().filter_map(|identity| {
        let (was, is) = (then.get(identity), now.get(identity));
        let (change, details) = match (was, is) {
            (Some(was), Some(is)) => {
                let renamed = was.was.map(|name| renamed(name, is.name));
                let details = renamed.into_iter().chain(was.facts.compare(&is.facts));
                (Change::Changed, details.collect())
            }
            (None, Some(is)) => (Change::Added, is.facts.of_added()),
            (Some(was), None) => (Change::Removed, was.facts.of_removed()),
            (None, None) => return None,
        };
        if change == Change::Changed && details.is_empty() {
            return None;
        }
        let part = is.or(was)?;
        let (source, sink) = part.ends.clone().unzip();
        Some(PartDiff {
            change,
            kind: identity.0,
            element: ElementRef {
                class: part.class.to_owned(),
                base: part.base.to_owned(),
                name: Arc::clone(part.name),
            },
            source,
            sink,
            location: part.location.clone(),
            details,
        })
    });
    differing.collect()
}

fn renamed(was: &str, is: &str) -> DetailDiff {
    DetailDiff {
        topic: Topic::Name,
        change: Change::Changed,
        subject: "name".into(),
        before: Some(was.into()),
        after: Some(is.into()),
        direction: None,
        location: None,
    }
}

/// The parts of a graph by who they are.
fn of<'g>(
    graph: Option<&'g Graph>,
    names: &'g BTreeMap<u32, Arc<str>>,
) -> BTreeMap<Identity, Part<'g>> {
    let mut parts = BTreeMap::new();
    let mut called: BTreeMap<Identity, usize> = BTreeMap::new();
    for (kind, told, part) in graph.map(|graph| listed(graph, names)).unwrap_or_default() {
        let ends = part.ends.as_ref();
        let (source, sink) = ends.map_or((told, String::new()), |(source, sink)| {
            (canonical(source), canonical(sink))
        });
        let name = canonical(part.name);
        let mut identity = (kind, part.base.to_owned(), name, source, sink, 0);
        let nth = called.entry(identity.clone()).or_default();
        identity.5 = *nth;
        *nth += 1;
        parts.insert(identity, part);
    }
    parts
}

/// The parts in their order, each with what tells it apart beside class, name and ends.
fn listed<'g>(
    graph: &'g Graph,
    names: &'g BTreeMap<u32, Arc<str>>,
) -> Vec<(PartKind, String, Part<'g>)> {
    let around = Around::of(graph, names);
    let mut all = Vec::new();
    for node in &graph.boundaries {
        all.push((PartKind::Boundary, String::new(), around.node(node)));
    }
    for node in &graph.elements {
        all.push((PartKind::Element, String::new(), around.node(node)));
    }
    for flow in &graph.flows {
        all.push((PartKind::Flow, String::new(), around.flow(flow)));
    }
    for datum in &graph.data {
        // What is only a description in the model has no name of its own.
        let is_nameless = &*datum.name == crate::model::NAMELESS;
        let told = if is_nameless { &*datum.description } else { "" };
        all.push((PartKind::Data, told.to_owned(), self::datum(datum)));
    }
    all
}

/// What stands around the parts of a graph.
struct Around<'g> {
    nodes: BTreeMap<u32, &'g Node>,
    data: BTreeMap<u32, &'g DatumInfo>,
    names: &'g BTreeMap<u32, Arc<str>>,
}

impl<'g> Around<'g> {
    fn of(graph: &'g Graph, names: &'g BTreeMap<u32, Arc<str>>) -> Self {
        let nodes = graph.elements.iter().chain(&graph.boundaries);
        Self {
            nodes: nodes.map(|node| (node.id, node)).collect(),
            data: graph.data.iter().map(|datum| (datum.id, datum)).collect(),
            names,
        }
    }

    /// The name under which a part is known.
    fn name(&self, id: u32, own: &'g Arc<str>) -> &'g Arc<str> {
        self.names.get(&id).unwrap_or(own)
    }

    fn was(&self, id: u32, own: &'g Arc<str>) -> Option<&'g Arc<str>> {
        self.names.contains_key(&id).then_some(own)
    }

    fn node(&self, node: &'g Node) -> Part<'g> {
        let mut facts = Facts::default();
        facts.attributes(&node.attributes);
        facts.assumptions(&node.assumptions);
        claims(&node.claims, &mut facts);
        scope(node.in_scope, &mut facts);
        if let Some(around) = node.boundary.and_then(|id| self.nodes.get(&id)) {
            let name = self.name(around.id, &around.name);
            facts.add(Topic::Boundary, "inBoundary", (**name).into());
        }
        Part {
            class: &node.class,
            base: &node.base,
            name: self.name(node.id, &node.name),
            ends: None,
            location: &node.location,
            facts,
            was: self.was(node.id, &node.name),
        }
    }

    fn flow(&self, flow: &'g Edge) -> Part<'g> {
        let mut facts = Facts::default();
        facts.attributes(&flow.attributes);
        facts.assumptions(&flow.assumptions);
        claims(&flow.claims, &mut facts);
        scope(flow.in_scope, &mut facts);
        let (from, to) = (self.boundaries(flow.source), self.boundaries(flow.sink));
        for id in from.symmetric_difference(&to) {
            if let Some(boundary) = self.nodes.get(id) {
                let way = if to.contains(id) { "enters" } else { "leaves" };
                facts.add(
                    Topic::Crossing,
                    self.name(boundary.id, &boundary.name),
                    way.into(),
                );
            }
        }
        let carried = || flow.data.iter().filter_map(|id| self.data.get(id));
        for datum in carried() {
            let is_nameless =
                &*datum.name == crate::model::NAMELESS && !datum.description.is_empty();
            let name = if is_nameless {
                &*datum.description
            } else {
                &*datum.name
            };
            facts.add(Topic::Carries, name, true.into());
        }
        let classes = carried().map(|datum| Value::from(&*datum.classification));
        if let Some(most) = classes.max_by_key(rank).filter(|most| rank(most) > 0) {
            facts.add(Topic::Classification, "data", most);
        }
        let name = |id: u32| {
            let node = self.nodes.get(&id);
            node.map_or_else(|| "".into(), |node| Arc::clone(self.name(id, &node.name)))
        };
        Part {
            class: "Dataflow",
            base: "Dataflow",
            name: self.name(flow.id, &flow.name),
            ends: Some((name(flow.source), name(flow.sink))),
            location: &flow.location,
            facts,
            was: self.was(flow.id, &flow.name),
        }
    }

    /// Every boundary around a node. A saved report may say that one lies in
    /// itself: each is looked at once.
    fn boundaries(&self, node: u32) -> BTreeSet<u32> {
        let mut around = BTreeSet::new();
        let mut at = self.nodes.get(&node).and_then(|node| node.boundary);
        while let Some(id) = at {
            if !around.insert(id) {
                break;
            }
            at = self.nodes.get(&id).and_then(|node| node.boundary);
        }
        around
    }
}

fn datum(datum: &DatumInfo) -> Part<'_> {
    let mut facts = Facts::default();
    facts.attributes(&datum.attributes);
    Part {
        class: "Data",
        base: "Data",
        name: &datum.name,
        ends: None,
        location: &datum.location,
        facts,
        was: None,
    }
}

/// Controls in words.
fn claims(words: &[String], facts: &mut Facts<'_>) {
    for word in words {
        facts.add(Topic::Control, &format!("“{word}”"), true.into());
    }
}

fn scope(in_scope: bool, facts: &mut Facts<'_>) {
    if !in_scope {
        facts.add(Topic::Attribute, "inScope", false.into());
    }
}
