//! Layer `read`: nodes → values of the vocabulary's types.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Builder;
use super::scope::{Scope, Section};
use crate::model::vocabulary::{Enumeration, Kind};
use crate::model::{Attr, DataId, Datum, ElementId, Slot, Slots, Value};
use crate::notice::{code, did_you_mean};
use crate::syntax::tree::{Key, Node, NodeKind};

/// After so many complaints nobody is asked any more what was meant.
const SUGGESTIONS: usize = 200;

/// So many ids are listed where none is near the one that is missing.
const LISTED: usize = 8;

/// So many ids are compared with a misspelt one.
const CANDIDATES: usize = 2_000;

/// The ids of data.
const DATA: Section<DataId> = |ids: &Scope| &ids.data;

impl Builder<'_> {
    /// The slot that an entry fills; `None` after a complaint.
    pub(super) fn slot(&mut self, name: &str, kind: Kind, key: &Key, node: &Node) -> Option<Slot> {
        let value = self.value(name, kind, node)?;
        Some(Slot::declared(value, self.expect.entry_place(key, node)))
    }

    /// A value of that type; `None` after a complaint.
    fn value(&mut self, what: &str, kind: Kind, node: &Node) -> Option<Value> {
        match kind {
            Kind::Bool => self.expect.flag(what, node).map(Value::Bool),
            Kind::Int => self.expect.int(what, node).map(Value::Int),
            Kind::Text => self.expect.text(what, node).cloned().map(Value::Text),
            Kind::Texts => {
                let texts = self.expect.texts(what, node);
                let texts = texts
                    .into_iter()
                    .map(|(text, _)| Value::Text(Arc::clone(text)));
                Some(Value::List(texts.collect()))
            }
            Kind::Ints => Some(self.ints(what, node)),
            Kind::Enum(enumeration) => self.member(what, enumeration, node),
            Kind::Boundary | Kind::Flow if node.is_null() => Some(Value::Nothing),
            Kind::Boundary | Kind::Element | Kind::Flow => {
                self.element_ref(what, kind, node).map(Value::Element)
            }
            Kind::Elements | Kind::Flows => Some(self.element_refs(what, kind, node)),
            Kind::DataSet => Some(self.data_set(what, node)),
            Kind::Controls | Kind::Assumptions | Kind::Findings | Kind::Internal => {
                debug_assert!(false, "{what} is read elsewhere");
                None
            }
        }
    }

    fn ints(&mut self, what: &str, node: &Node) -> Value {
        if let Some(int) = node.as_int() {
            return Value::Set(Arc::from([Value::Int(int)]));
        }
        let items = self.expect.list(what, node);
        let ints = items.iter().filter_map(|item| self.expect.int(what, item));
        Value::Set(ints.map(Value::Int).collect())
    }

    fn member(
        &mut self,
        what: &str,
        enumeration: &'static Enumeration,
        node: &Node,
    ) -> Option<Value> {
        let text = node.as_text().map_or("", |text| text);
        if let Some(at) = enumeration.position(text) {
            return Some(Value::Member(enumeration, at));
        }
        let names: Vec<_> = enumeration.members.iter().map(|(name, _)| *name).collect();
        let bare = text.rsplit('.').next().unwrap_or(text);
        let help = did_you_mean(bare, names.iter().copied());
        let wanted = format!("one of {}", names.join(", "));
        self.expect.wrong(what, &wanted, node, help);
        None
    }

    fn element_refs(&mut self, what: &str, kind: Kind, node: &Node) -> Value {
        let one = match kind {
            Kind::Flows => Kind::Flow,
            _ => Kind::Element,
        };
        let items = self.expect.list(what, node);
        let items = items
            .iter()
            .filter_map(|item| self.element_ref(what, one, item));
        Value::List(items.map(Value::Element).collect())
    }

    /// The element that an id names. Each kind of reference looks in its own section.
    fn element_ref(&mut self, what: &str, kind: Kind, node: &Node) -> Option<ElementId> {
        let id = self.expect.filled_text(what, node)?;
        let (section, thing): (Section<ElementId>, _) = match kind {
            Kind::Boundary => (|ids| &ids.boundaries, "boundary"),
            Kind::Flow => (|ids| &ids.flows, "flow"),
            _ => (|ids| &ids.elements, "element"),
        };
        if let Some(known) = self.ids.get(section, id) {
            return *known;
        }
        if self.ids.may_have(id) {
            return None;
        }
        let near = self.near_id(id, section).or_else(|| self.elsewhere(id));
        let help = near.or_else(|| self.those_here(thing, section));
        let message = format!("there is no {thing} `{id}`");
        self.expect
            .error(code::UNKNOWN_REFERENCE, node.span, message, help);
        None
    }

    /// Where an id is declared that was looked for in another section.
    fn elsewhere(&self, id: &str) -> Option<String> {
        let mut sections = ["boundaries", "elements", "flows", "data"].into_iter();
        let section = sections.find(|section| self.ids.has(section, id))?;
        Some(format!("`{id}` is declared under `{section}:`"))
    }

    /// The ids that could have been meant, when none of them is near.
    fn those_here<T>(&self, thing: &str, section: Section<T>) -> Option<String> {
        if self.expect.notices.len() > SUGGESTIONS {
            return None;
        }
        let some = self.ids.some(section, LISTED);
        if some.is_empty() {
            return Some(format!("this model declares no {thing}"));
        }
        let listed: Vec<_> = some.iter().map(|id| format!("`{id}`")).collect();
        let more = match self.ids.count(section) - listed.len() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        Some(format!("one of these: {}{more}", listed.join(", ")))
    }

    /// Data by id. A text that is no id is a Data of its own (docs/semantics.md §1).
    fn data_set(&mut self, what: &str, node: &Node) -> Value {
        let items = match &node.kind {
            NodeKind::Text(_) => std::slice::from_ref(node),
            _ => self.expect.list(what, node),
        };
        let mut set = Vec::with_capacity(items.len());
        let mut known = BTreeSet::new();
        for item in items {
            let Some(text) = self.expect.filled_text(what, item) else {
                continue;
            };
            let id = match self.ids.get(DATA, text) {
                Some(Some(id)) => *id,
                Some(None) => continue,
                None if self.ids.may_have(text) => continue,
                None => self.described_data(text, item),
            };
            if known.insert(id) {
                set.push(Value::Data(id));
            }
        }
        Value::Set(set.into())
    }

    /// The id that was probably meant. A file of mistakes does not get a search for each.
    fn near_id<T>(&self, text: &str, section: Section<T>) -> Option<String> {
        if self.expect.notices.len() > SUGGESTIONS {
            return None;
        }
        let beside = self.ids.beside(section, text, CANDIDATES);
        did_you_mean(text, beside.iter().map(String::as_str))
    }

    fn described_data(&mut self, text: &Arc<str>, node: &Node) -> DataId {
        if let Some(help) = self.near_id(text, DATA) {
            let message = format!("there is no data `{text}`");
            self.expect
                .error(code::UNKNOWN_REFERENCE, node.span, message, Some(help));
        }
        let place = self.expect.place(node.span);
        let mut slots = Slots::default();
        let description = Slot::declared(Value::Text(Arc::clone(text)), place.clone());
        slots.set(Attr::named("description"), description);
        let id = DataId(self.model.data.len() as u32);
        self.model.data.push(Datum {
            name: crate::model::NAMELESS.into(),
            place,
            slots,
        });
        id
    }
}

/// A value of an attribute that the vocabulary does not know.
pub(super) fn untyped(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Null => Value::Nothing,
        NodeKind::Bool(value) => Value::Bool(*value),
        NodeKind::Int(value) => Value::Int(*value),
        NodeKind::Float(value) => Value::Float(*value),
        NodeKind::Text(text) => Value::Text(Arc::clone(text)),
        NodeKind::List(items) => Value::List(items.iter().map(untyped).collect()),
        NodeKind::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|(key, value)| (Value::Text(Arc::clone(&key.text)), untyped(value)))
                .collect(),
        ),
    }
}
