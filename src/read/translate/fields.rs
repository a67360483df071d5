//! Layer `read`: a map of another format, and what of it was asked for.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::notice::nearest;
use crate::source::Span;
use crate::syntax::expect::Expect;
use crate::syntax::tree::{Key, Node, NodeKind};

/// The entries of a map; what nobody asks for is told.
pub(in crate::read) struct Fields<'n> {
    node: &'n Node,
    taken: RefCell<BTreeSet<&'n str>>,
    /// What was asked for and is not there.
    missed: RefCell<BTreeSet<String>>,
}

impl<'n> Fields<'n> {
    /// A map; a complaint and no entries if it is something else.
    pub(in crate::read) fn of(node: &'n Node, what: &str, expect: &mut Expect<'_>) -> Self {
        expect.map(what, node);
        Self {
            node,
            taken: RefCell::default(),
            missed: RefCell::default(),
        }
    }

    /// The map itself.
    pub(in crate::read) fn node(&self) -> &'n Node {
        self.node
    }

    /// An entry that says something: `null` says nothing.
    pub(in crate::read) fn entry(&self, name: &str) -> Option<(&'n Key, &'n Node)> {
        let Some((key, value)) = self.node.entry(name) else {
            self.missed.borrow_mut().insert(name.to_owned());
            return None;
        };
        self.taken.borrow_mut().insert(&key.text);
        (!value.is_null()).then_some((key, value))
    }

    /// Leaves entries that only say how a thing is drawn or managed.
    pub(in crate::read) fn leave(&self, names: &[&str]) {
        for name in names {
            self.entry(name);
        }
    }

    /// A text that says something.
    pub(in crate::read) fn text(&self, name: &str) -> Option<&'n Node> {
        let (_, value) = self.entry(name)?;
        let text = value.as_text()?;
        (!text.trim().is_empty()).then_some(value)
    }

    /// The items of a list; a complaint if it is something else.
    pub(in crate::read) fn list(&self, name: &str, expect: &mut Expect<'_>) -> &'n [Node] {
        match self.entry(name) {
            Some((_, value)) => expect.list(name, value),
            None => &[],
        }
    }

    /// Whether it says `true`; a complaint if it is no flag.
    pub(in crate::read) fn flag(
        &self,
        name: &str,
        expect: &mut Expect<'_>,
    ) -> Option<(Span, &'n Node, bool)> {
        let (key, value) = self.entry(name)?;
        let held = expect.flag(name, value)?;
        Some((key.span, value, held))
    }

    /// What was not asked for and says something.
    pub(super) fn rest(&self) -> Vec<&'n Key> {
        let taken = self.taken.borrow();
        let entries = self.node.as_map().unwrap_or_default().iter();
        entries
            .filter(|(key, value)| !taken.contains(&*key.text) && says_something(value))
            .map(|(key, _)| key)
            .collect()
    }

    /// What that is there instead of something that was asked for is probably meant to be.
    pub(super) fn meant_by(&self, key: &Key) -> Option<String> {
        let missed = self.missed.borrow();
        nearest(&key.text, missed.iter().map(String::as_str)).map(str::to_owned)
    }
}

fn says_something(value: &Node) -> bool {
    match &value.kind {
        NodeKind::Null | NodeKind::Bool(false) => false,
        NodeKind::Text(text) => !text.trim().is_empty(),
        NodeKind::List(items) => !items.is_empty(),
        NodeKind::Map(entries) => !entries.is_empty(),
        _ => true,
    }
}
