//! Layer `read`: what `tmrs convert` writes into a TM-BOM beside the words of the format.
//!
//! Under `extensions`, by section and name: `says` holds what the format has no words for, as a
//! native model says it; `unsaid` what the schema demands and the model did not say, which
//! counts for nothing as long as nobody changes it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Translation;
use crate::model::vocabulary::Class;
use crate::notice::{code, did_you_mean};
use crate::read::translate::Part;
use crate::syntax::tree::{Key, Node, NodeKind};

/// The key of `extensions`.
pub(super) const OWN: &str = "github.com/tmrs-dev/tmrs";

/// The key of everything by which others mean it.
const NAME: &str = "symbolic_name";

/// Sections of which an item may be there only because something must name one.
const FILLERS: [&str; 2] = ["trust_zones", "threat_personas"];

/// What the format has no words for, by section and name.
pub(super) type Says = BTreeMap<(Arc<str>, Arc<str>), Node>;

/// What stands there under a key: section, name, body.
fn entries<'n>(root: &'n Node, under: &str) -> impl Iterator<Item = (&'n Key, &'n Key, &'n Node)> {
    let all = root
        .get("extensions")
        .and_then(|all| all.get(OWN)?.get(under)?.as_map());
    let sections = all.unwrap_or_default().iter();
    sections.flat_map(|(section, items)| {
        let items = items.as_map().unwrap_or_default().iter();
        items.map(move |(name, body)| (section, name, body))
    })
}

fn own(root: &Node, under: &str) -> Says {
    let entries = entries(root, under);
    let entries = entries.map(|(section, name, body)| {
        let at = (Arc::clone(&section.text), Arc::clone(&name.text));
        (at, body.clone())
    });
    entries.collect()
}

pub(super) fn says(root: &Node) -> Says {
    own(root, "says")
}

/// The model without what nobody said.
pub(super) fn said(root: &Node) -> Node {
    let mut root = root.clone();
    let unsaid = own(&root, "unsaid");
    if unsaid.is_empty() {
        return root;
    }
    let NodeKind::Map(sections) = &mut root.kind else {
        return root;
    };
    for (section, node) in sections {
        let is_filler = FILLERS.contains(&&*section.text);
        match &mut node.kind {
            NodeKind::List(items) => items.retain_mut(|item| {
                let name = item.get(NAME).and_then(Node::as_text).cloned();
                let unsaid = name.and_then(|name| unsaid.get(&(Arc::clone(&section.text), name)));
                unsaid.is_none_or(|unsaid| leave(item, unsaid, is_filler))
            }),
            NodeKind::Map(_) => {
                let name = || Arc::clone(&section.text);
                if let Some(unsaid) = unsaid.get(&(name(), name())) {
                    leave(node, unsaid, false);
                }
            }
            _ => {}
        }
    }
    root
}

/// Takes out of an item what nobody said; tells whether the item itself stays.
fn leave(item: &mut Node, unsaid: &Node, is_filler: bool) -> bool {
    let NodeKind::Map(entries) = &mut item.kind else {
        return true;
    };
    for (key, value) in entries {
        let is_so = unsaid
            .get(&key.text)
            .is_some_and(|unsaid| is_same(unsaid, value));
        if is_so && is_filler && &*key.text == NAME {
            return false;
        }
        if is_so {
            value.kind = NodeKind::Null;
        }
    }
    true
}

fn is_same(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (NodeKind::Text(a), NodeKind::Text(b)) => a == b,
        (NodeKind::Bool(a), NodeKind::Bool(b)) => a == b,
        _ => false,
    }
}

impl Translation<'_> {
    /// Complains about what is told of things that the model does not have: renaming a thing
    /// must not make it say less.
    pub(super) fn strays(&mut self, root: &Node) {
        let sections = root.as_map().unwrap_or_default().iter();
        let named = sections.flat_map(|(section, items)| {
            let items = items.as_list().unwrap_or_default().iter();
            let names = items.filter_map(|item| item.get(NAME)?.as_text());
            names.map(|name| (&*section.text, &**name))
        });
        let named: BTreeSet<_> = named.chain([("scope", "scope")]).collect();
        let own = root.get("extensions").and_then(|all| all.entry(OWN));
        let parts = ["says", "unsaid"].map(|under| own.and_then(|(_, own)| own.entry(under)));
        for (key, node) in own.into_iter().chain(parts.into_iter().flatten()) {
            if node.as_map().is_none() {
                let message = format!("`{}` wants a map", key.text);
                let help = Some("take it from the file that `tmrs convert` wrote".to_owned());
                let expect = &mut self.draft.expect;
                expect.error(code::WRONG_TYPE, node.span, message, help);
            }
        }
        for under in ["says", "unsaid"] {
            for (section, name, _) in entries(root, under) {
                let at = (&*section.text, &*name.text);
                if named.contains(&at) {
                    continue;
                }
                let message = format!("there is no `{}` in `{}`", name.text, section.text);
                let known = named.iter().filter(|(known, _)| *known == at.0);
                let help = did_you_mean(at.1, known.map(|(_, name)| *name));
                let help = help.or_else(|| Some("rename or remove it here, too".to_owned()));
                let expect = &mut self.draft.expect;
                expect.error(code::UNKNOWN_REFERENCE, name.span, message, help);
            }
        }
    }

    /// What an item says for tmrs alone.
    pub(super) fn own(&self, list: &str, name: &str) -> Option<&Node> {
        self.says.get(&(list.into(), name.into()))
    }

    /// The class of a component, if it is said.
    pub(super) fn own_class(&self, list: &str, name: Option<&Node>) -> Option<Class> {
        let name = name?.as_text()?;
        let class = self.own(list, name)?.get("class")?.as_text()?;
        let class = Class::named(class)?;
        let is_one = class.is_element() && !matches!(class, Class::Boundary | Class::Dataflow);
        is_one.then_some(class)
    }

    /// Adds a part, with what it says for tmrs alone.
    pub(super) fn add(&mut self, list: &str, mut part: Part) {
        let id = &part.id.text;
        // Ids of elements begin with their kind, which a list of them is named after.
        let kind = list.trim_end_matches('s');
        let name = id.strip_prefix(kind).and_then(|id| id.strip_prefix(' '));
        let name = name.unwrap_or(id);
        if let Some(own) = self.own(list, name) {
            part.native(own);
        }
        self.draft.add(part);
    }
}
