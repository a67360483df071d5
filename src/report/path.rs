//! Layer `report`: the way through a model's graph that `reaches` or `reachedFrom` in a
//! condition rests on, found again from the graph alone, so that saved reports have it too.

use std::collections::{BTreeMap, BTreeSet};

use super::{AttributeInfo, Graph};
use crate::model::vocabulary::Class;

/// What a fact such as `reachedFrom(Actor, 'isHardened')` says.
struct Question<'a> {
    /// Whether flows are followed forward.
    on: bool,
    class: Class,
    /// Attributes that end a way where one of them is true.
    stops: Vec<&'a str>,
}

impl<'a> Question<'a> {
    fn of(attribute: &'a str) -> Option<Self> {
        let call = |name: &str| Some(attribute.split_once(name)?.1);
        let (on, inside) = match call("reaches(") {
            Some(inside) => (true, inside),
            None => (false, call("reachedFrom(")?),
        };
        let mut words = inside.split_once(')')?.0.split(',').map(str::trim);
        Some(Self {
            on,
            class: Class::named(words.next()?)?,
            stops: words.map(|word| word.trim_matches(['\'', '"'])).collect(),
        })
    }

    fn is_open(&self, attributes: &BTreeMap<String, AttributeInfo>) -> bool {
        let is_true = |name: &str| attributes.get(name).is_some_and(|a| a.value == true);
        !self
            .stops
            .iter()
            .any(|stop| is_true(stop) || is_true(&format!("controls.{stop}")))
    }
}

/// The ids of elements and flows on a shortest way that the fact says there is, in the
/// direction of the flows, `element` included; `None` if the fact says nothing of a way or
/// the graph has none.
pub fn path(graph: &Graph, element: u32, fact: &str) -> Option<Vec<u32>> {
    let question = Question::of(fact)?;
    let elements: BTreeMap<u32, _> = graph.elements.iter().map(|node| (node.id, node)).collect();
    let mut flows: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
    for flow in &graph.flows {
        if !flow.is_response && question.is_open(&flow.attributes) {
            let (here, there) = if question.on {
                (flow.source, flow.sink)
            } else {
                (flow.sink, flow.source)
            };
            flows.entry(here).or_default().push((flow.id, there));
        }
    }
    let mut seen = BTreeSet::from([element]);
    // Each with the flow to it and the position of what stands before it.
    let mut queue = vec![(element, element, 0)];
    let mut at = 0;
    while let Some(&(here, ..)) = queue.get(at) {
        for (flow, there) in flows.get(&here).into_iter().flatten() {
            let Some(node) = elements
                .get(there)
                .filter(|n| question.is_open(&n.attributes))
            else {
                continue;
            };
            if !seen.insert(*there) {
                continue;
            }
            queue.push((*there, *flow, at));
            if Class::named(&node.base).is_some_and(|class| class.is_a(question.class)) {
                return Some(way(&queue, question.on));
            }
        }
        at += 1;
    }
    None
}

/// The way to the last of the queue, in the direction of the flows.
fn way(queue: &[(u32, u32, usize)], on: bool) -> Vec<u32> {
    let mut way = Vec::new();
    let mut at = queue.len() - 1;
    while let Some((here, flow, before)) = queue.get(at).filter(|_| at > 0) {
        way.extend([*here, *flow]);
        at = *before;
    }
    way.extend(queue.first().map(|(start, ..)| *start));
    if on {
        way.reverse();
    }
    way
}
