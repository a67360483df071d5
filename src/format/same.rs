//! Whether two texts of one model say the same: their values, their comments, and what the
//! comments say to tmrs.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Element, Said};
use crate::read::native::Native;
use crate::read::{ReadOptions, Reader as _};
use crate::source::{Source, Tree};
use crate::syntax::tree::{Document, Node, NodeKind};
use crate::syntax::yaml;

/// What is different about the second, after “it”; `None` if nothing is.
pub(super) fn difference(
    before: &Arc<Source>,
    after: &Arc<Source>,
    tree: &dyn Tree,
) -> Option<&'static str> {
    let documents = [before, after].map(yaml::parse);
    let [Some(one), Some(other)] = [&documents[0].root, &documents[1].root] else {
        return Some("would be no YAML");
    };
    if !is_same(one, other) {
        return Some("would say something else");
    }
    if comments(&documents[0], before) != comments(&documents[1], after) {
        return Some("would have its comments in other places");
    }
    let said = [before, after].map(|source| said(source, tree));
    (said[0] != said[1]).then_some("would say something else to tmrs in its comments")
}

/// Whether two values are the same, in the same order.
fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (NodeKind::Null, NodeKind::Null) => true,
        (NodeKind::Bool(one), NodeKind::Bool(other)) => one == other,
        (NodeKind::Int(one), NodeKind::Int(other)) => one == other,
        (NodeKind::Float(one), NodeKind::Float(other)) => one.to_bits() == other.to_bits(),
        (NodeKind::Text(one), NodeKind::Text(other)) => one == other,
        (NodeKind::List(one), NodeKind::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| is_same(a, b))
        }
        (NodeKind::Map(one), NodeKind::Map(other)) => {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len()
                && pairs.all(|((a, one), (b, other))| a.text == b.text && is_same(one, other))
        }
        _ => false,
    }
}

/// Each comment with how many keys and values begin before it, and whether it has a line of
/// its own.
fn comments<'s>(document: &Document, source: &'s Source) -> Vec<(&'s str, usize, bool)> {
    let mut starts = BTreeSet::new();
    document
        .root
        .iter()
        .for_each(|root| begins(root, &mut starts));
    let starts: Vec<u32> = starts.into_iter().collect();
    let of = document.comments.iter().map(|comment| {
        let at = comment.span.start;
        let before = source.text().get(..at as usize).unwrap_or_default();
        let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
        (
            source.slice(comment.span).trim_end(),
            starts.partition_point(|start| *start < at),
            line.trim().is_empty(),
        )
    });
    of.collect()
}

/// Where keys and values begin that are written in the text; of what an alias repeats, there.
fn begins(node: &Node, starts: &mut BTreeSet<u32>) {
    match &node.kind {
        NodeKind::List(items) => items.iter().for_each(|item| begins(item, starts)),
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                starts.insert(key.span.start);
                begins(value, starts);
            }
        }
        // Nothing is written of what is left out.
        _ if node.span.is_empty() => {}
        _ => {
            starts.insert(node.span.start);
        }
    }
}

/// What comments say about each element, and what there is to say about the text.
fn said(source: &Arc<Source>, tree: &dyn Tree) -> (Vec<Commented>, Vec<&'static str>) {
    let reading = Native.read(source, tree, &ReadOptions::default());
    let elements = reading.models.iter().flat_map(|model| &model.elements);
    let mut codes: Vec<_> = reading.notices.iter().map(|notice| notice.code).collect();
    codes.sort_unstable();
    (elements.map(Commented::new).collect(), codes)
}

/// An element with the names and the text of each comment that speaks of it.
#[derive(PartialEq)]
struct Commented {
    name: Arc<str>,
    exclusions: Vec<(Vec<Arc<str>>, Arc<str>)>,
    proofs: Vec<(Vec<Arc<str>>, Arc<str>)>,
}

impl Commented {
    fn new(element: &Element) -> Self {
        let texts = |said: &[Said]| said.iter().map(|said| Arc::clone(&said.text)).collect();
        let exclusions = element.exclusions.iter();
        let proofs = element.proofs.iter();
        Self {
            name: Arc::clone(&element.name),
            exclusions: exclusions
                .map(|it| (texts(&it.rules), Arc::clone(&it.reason)))
                .collect(),
            proofs: proofs
                .map(|it| (texts(&it.controls), Arc::clone(&it.text)))
                .collect(),
        }
    }
}
