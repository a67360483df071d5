//! Layer `inventory`: one object of Kubernetes.

use super::super::file::{File, below, entries, entry, items};
use crate::source::Place;
use crate::syntax::tree::Node;

/// An object.
pub(super) struct Object<'f> {
    pub(super) file: &'f File,
    pub(super) node: &'f Node,
    pub(super) kind: &'f str,
    pub(super) name: &'f str,
    /// Empty where none is said: then it is wherever somebody puts it.
    pub(super) namespace: &'f str,
    /// Where its name stands.
    pub(super) place: Place,
}

/// What pods must have to be meant.
pub(super) enum Labels {
    /// These labels; none at all means nothing.
    These(Vec<(String, String)>),
    /// It says it in another way, which is not read.
    Unread,
}

/// Every object with a name; the items of a `List` too.
pub(super) fn objects(files: &[File]) -> Vec<Object<'_>> {
    let all = files.iter().flat_map(|file| {
        let of = each(file).iter();
        of.filter_map(move |node| object(file, node))
    });
    all.collect()
}

/// What is an object in a document: the items of a `List`, or all of it.
pub(super) fn each(file: &File) -> &[Node] {
    let items = items(&file.root, &["items"]);
    let kind = text(&file.root, &["kind"]);
    if kind.is_some_and(|kind| kind.ends_with("List")) && !items.is_empty() {
        items
    } else {
        std::slice::from_ref(&file.root)
    }
}

fn object<'f>(file: &'f File, node: &'f Node) -> Option<Object<'f>> {
    // What is to be created again and again has only the beginning of a name.
    let name = entry(node, &["metadata", "name"]);
    let (key, name) = name.or_else(|| entry(node, &["metadata", "generateName"]))?;
    Some(Object {
        file,
        node,
        kind: text(node, &["kind"])?,
        name: name.as_text()?.trim_end_matches('-'),
        namespace: text(node, &["metadata", "namespace"]).unwrap_or_default(),
        place: file.key(key),
    })
}

/// The group that its kind belongs to; empty for what was there from the beginning.
pub(super) fn group(node: &Node) -> &str {
    let version = text(node, &["apiVersion"]).unwrap_or_default();
    version.split_once('/').map_or("", |(group, _)| group)
}

/// The text at the end of a path.
pub(super) fn text<'n>(node: &'n Node, path: &[&str]) -> Option<&'n str> {
    below(node, path)?.as_text().map(|text| &**text)
}

impl<'f> Object<'f> {
    /// Where the entry at the end of a path stands.
    pub(super) fn at(&self, path: &[&str]) -> Option<Place> {
        let (key, _) = entry(self.node, path)?;
        Some(self.file.key(key))
    }

    pub(super) fn namespace_place(&self) -> Option<Place> {
        self.at(&["metadata", "namespace"])
    }

    /// An annotation, as text, with its place.
    pub(super) fn annotation(&self, name: &str) -> Option<(String, Place)> {
        let (key, value) = entry(self.node, &["metadata", "annotations", name])?;
        Some((self.file.text(value)?, self.file.key(key)))
    }

    /// Labels below a path.
    pub(super) fn labels(&self, path: &[&str]) -> Vec<(String, String)> {
        labels(self.file, self.node, path)
    }

    /// A selector below a path: `None` if it is not there.
    pub(super) fn selector(&self, node: &Node, path: &[&str]) -> Option<Labels> {
        selector(self.file, below(node, path)?)
    }

    pub(super) fn items(&self, path: &[&str]) -> &'f [Node] {
        items(self.node, path)
    }
}

/// What a selector asks for.
fn selector(file: &File, node: &Node) -> Option<Labels> {
    if node.get("matchExpressions").is_some() {
        return Some(Labels::Unread);
    }
    node.as_map()?;
    Some(Labels::These(labels(file, node, &["matchLabels"])))
}

pub(super) fn labels(file: &File, node: &Node, path: &[&str]) -> Vec<(String, String)> {
    let labels = entries(node, path).iter();
    labels
        .filter_map(|(key, value)| Some((key.text.to_string(), file.text(value)?)))
        .collect()
}
