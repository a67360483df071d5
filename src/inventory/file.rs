//! Layer `inventory`: one document of a source, and what it says in plain forms.

use std::sync::Arc;

use crate::notice::Notice;
use crate::source::{Place, Source, Span};
use crate::syntax::tree::{Key, Node, NodeKind};
use crate::syntax::{json, yaml};

/// One document.
#[derive(Debug)]
pub(super) struct File {
    pub(super) source: Arc<Source>,
    pub(super) root: Node,
}

/// Compose's own tags: how a value is merged with that of the file before.
const TAGS: &[&str] = &["!override", "!reset"];

/// Every document of a source, JSON where it looks like it: `terraform show -json` may come
/// under any name.
pub(super) fn documents(source: &Arc<Source>) -> (Vec<File>, Vec<Notice>) {
    let (roots, notices) = if source.text().trim_start().starts_with('{') {
        let document = json::parse(source);
        (document.root.into_iter().collect(), document.notices)
    } else {
        yaml::documents(source, TAGS)
    };
    let file = |root| File {
        source: Arc::clone(source),
        root,
    };
    (roots.into_iter().map(file).collect(), notices)
}

impl File {
    /// Where a value stands.
    pub(super) fn at(&self, span: Span) -> Place {
        self.source.place(span)
    }

    /// Where an entry stands: what counts is its key.
    pub(super) fn key(&self, key: &Key) -> Place {
        self.source.place(key.span)
    }

    /// A scalar as text, however it is written; `None` for lists, maps and nothing.
    pub(super) fn text(&self, node: &Node) -> Option<String> {
        match &node.kind {
            NodeKind::Text(text) => Some(text.to_string()),
            NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Float(_) => {
                Some(node.written(&self.source).to_owned())
            }
            _ => None,
        }
    }

    /// A list of scalars, or one scalar, as texts with their places.
    pub(super) fn texts(&self, node: &Node) -> Vec<(String, Place)> {
        let items = node.as_list().unwrap_or(std::slice::from_ref(node));
        let texts = items
            .iter()
            .filter_map(|item| Some((item, self.text(item)?)));
        texts
            .map(|(item, text)| (text, self.at(item.span)))
            .collect()
    }

    /// Names with places: the keys of a map, or the items of a list.
    pub(super) fn names<'n>(&self, node: &'n Node) -> Vec<(String, Place, Option<&'n Node>)> {
        match &node.kind {
            NodeKind::Map(entries) => entries
                .iter()
                .map(|(key, value)| (key.text.to_string(), self.key(key), Some(value)))
                .collect(),
            _ => (self.texts(node).into_iter())
                .map(|(name, place)| (name, place, None))
                .collect(),
        }
    }
}

/// The value at the end of a path of keys.
pub(super) fn below<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(node, |node, key| node.get(key))
}

/// Key and value at the end of a path of keys.
pub(super) fn entry<'n>(node: &'n Node, path: &[&str]) -> Option<(&'n Key, &'n Node)> {
    let (last, around) = path.split_last()?;
    below(node, around)?.entry(last)
}

/// The entries of a map below a path; none if there is no such map.
pub(super) fn entries<'n>(node: &'n Node, path: &[&str]) -> &'n [(Key, Node)] {
    below(node, path).and_then(Node::as_map).unwrap_or_default()
}

/// The items of a list below a path; none if there is no such list.
pub(super) fn items<'n>(node: &'n Node, path: &[&str]) -> &'n [Node] {
    below(node, path)
        .and_then(Node::as_list)
        .unwrap_or_default()
}
