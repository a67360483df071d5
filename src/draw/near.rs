//! Parts of a large model: what somebody wants to look at, with what it is connected to.

use std::collections::BTreeSet;

use crate::report::{Graph, Node};

/// The nodes to draw ([`super::Options::only`]) when these elements and these boundaries are
/// asked for, by name or part of a name: they, what a boundary holds at any depth, and
/// everything that a flow connects to one of them. `None` where nothing has that name.
pub fn near(graph: &Graph, elements: &[String], boundaries: &[String]) -> Option<BTreeSet<u32>> {
    let mut asked: BTreeSet<u32> = named(&graph.elements, elements)
        .chain(named(&graph.boundaries, boundaries))
        .collect();
    if asked.is_empty() {
        return None;
    }
    // Boundaries may stand before what is around them, and in a circle.
    loop {
        let before = asked.len();
        let nodes = graph.elements.iter().chain(&graph.boundaries);
        let inside = nodes.filter(|node| node.boundary.is_some_and(|zone| asked.contains(&zone)));
        let inside: Vec<u32> = inside.map(|node| node.id).collect();
        asked.extend(inside);
        if asked.len() == before {
            break;
        }
    }
    Some(connected(graph, &asked))
}

/// The nodes to draw ([`super::Options::only`]) for each boundary that elements lie directly
/// in, with its name: those elements and everything that a flow connects to one of them. Where
/// others lie in no boundary, they are one more part, without a name. Every element and every
/// flow is in one of the parts at least.
pub fn parts(graph: &Graph) -> Vec<(Option<&str>, BTreeSet<u32>)> {
    let zones = graph.boundaries.iter().map(|zone| Some(zone.id));
    let parts = zones.chain([None]).map(|zone| {
        let inside = graph.elements.iter().filter(|node| node.boundary == zone);
        let inside: BTreeSet<u32> = inside.map(|node| node.id).collect();
        let named = graph.boundaries.iter().find(|node| Some(node.id) == zone);
        (named.map(|node| &*node.name), connected(graph, &inside))
    });
    parts.filter(|(_, nodes)| !nodes.is_empty()).collect()
}

/// These nodes, with those at the other ends of their flows.
fn connected(graph: &Graph, nodes: &BTreeSet<u32>) -> BTreeSet<u32> {
    let others = graph.flows.iter().flat_map(|flow| {
        let ends = [flow.source, flow.sink];
        let touches = ends.iter().any(|end| nodes.contains(end));
        ends.into_iter().filter(move |_| touches)
    });
    others.chain(nodes.iter().copied()).collect()
}

/// Those of these names; where none has a name, those whose names contain it in any case.
fn named<'a>(nodes: &'a [Node], names: &'a [String]) -> impl Iterator<Item = u32> + 'a {
    names.iter().flat_map(|name| {
        let exact = |node: &Node| *node.name == **name;
        let lower = name.to_lowercase();
        let is_exact = nodes.iter().any(exact);
        let fits = move |node: &&Node| {
            if is_exact {
                *node.name == **name
            } else {
                node.name.to_lowercase().contains(&lower)
            }
        };
        nodes.iter().filter(fits).map(|node| node.id)
    })
}
