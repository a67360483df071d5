//! Layer `read`: every id gets its element, in the order of the text.

use std::sync::Arc;

use super::scope::Ids;
use super::{Builder, Pending, element_classes, meant};
use crate::model::vocabulary::Class;
use crate::model::{DataId, Datum, Element, ElementId, Slots};
use crate::notice::code;
use crate::source::Span;
use crate::syntax::tree::{Key, Node};

impl Builder<'_> {
    pub(super) fn declare_boundaries<'n>(
        &mut self,
        section: Option<&'n Node>,
    ) -> Vec<Pending<'n, ElementId>> {
        let entries = self.section("boundaries", section);
        let declared = entries
            .iter()
            .map(|(key, body)| self.declare(Class::Boundary, key, body))
            .collect::<Vec<_>>();
        self.ids.boundaries.extend(ids(&declared));
        declared
    }

    pub(super) fn declare_elements<'n>(
        &mut self,
        section: Option<&'n Node>,
    ) -> Vec<Pending<'n, ElementId>> {
        let mut declared = Vec::new();
        let mut broken = Ids::new();
        for (key, body) in self.section("elements", section) {
            match self.class(key, body) {
                Some(class) => declared.push(self.declare(class, key, body)),
                None => {
                    broken.insert(Arc::clone(&key.text), None);
                }
            }
        }
        self.ids.elements.extend(ids(&declared));
        self.ids.elements.append(&mut broken);
        declared
    }

    pub(super) fn declare_flows<'n>(
        &mut self,
        section: Option<&'n Node>,
    ) -> Vec<Pending<'n, ElementId>> {
        let entries = self.section("flows", section);
        let declared = entries
            .iter()
            .map(|(key, body)| self.declare(Class::Dataflow, key, body))
            .collect::<Vec<_>>();
        self.ids.flows.extend(ids(&declared));
        declared
    }

    pub(super) fn declare_data<'n>(
        &mut self,
        section: Option<&'n Node>,
    ) -> Vec<Pending<'n, DataId>> {
        let mut declared = Vec::new();
        for (key, body) in self.section("data", section) {
            let (name, _) = self.name(key, body);
            let id = DataId(self.model.data.len() as u32);
            self.model.data.push(Datum {
                name,
                place: self.expect.place(key.span),
                slots: Slots::default(),
            });
            declared.push(Pending { id, body, key });
        }
        self.ids.data.extend(ids(&declared));
        declared
    }

    /// The entries of a section; ids are its keys.
    fn section<'n>(&mut self, what: &str, section: Option<&'n Node>) -> &'n [(Key, Node)] {
        let Some(node) = section else { return &[] };
        if node.as_list().is_some() {
            let help = Some("give each an id as its key: `web: {class: Server}`".into());
            self.expect.wrong(what, "a map of ids", node, help);
            return &[];
        }
        let entries = self.expect.map(what, node);
        for (key, _) in entries
            .iter()
            .filter(|(key, _)| self.ids.has(what, &key.text))
        {
            let message = format!("`{}` is an id of what this model includes", key.text);
            let help = Some("give it another id, or the include another name".into());
            self.expect
                .error(code::DUPLICATE_KEY, key.span, message, help);
        }
        entries
    }

    fn declare<'n>(
        &mut self,
        class: Class,
        key: &'n Key,
        body: &'n Node,
    ) -> Pending<'n, ElementId> {
        let (name, span) = self.name(key, body);
        let mut element = Element::new(class, &name, self.expect.place(key.span));
        element.name_place = self.expect.place(span);
        let id = ElementId(self.model.elements.len() as u32);
        self.model.elements.push(element);
        Pending { id, body, key }
    }

    /// The name, or the id in its place, and where it stands.
    fn name(&mut self, key: &Key, body: &Node) -> (Arc<str>, Span) {
        match body.get("name") {
            Some(node) => match self.expect.filled_text("name", node) {
                Some(text) => (Arc::clone(text), node.span),
                None => (Arc::clone(&key.text), key.span),
            },
            None => (Arc::clone(&key.text), key.span),
        }
    }

    fn class(&mut self, key: &Key, body: &Node) -> Option<Class> {
        let names = || element_classes().map(Class::name);
        let Some(node) = body.get("class") else {
            let message = format!("element `{}` has no `class`", key.text);
            let said = ["type", "kind"]
                .iter()
                .filter_map(|other| body.entry(other));
            let meant =
                said.filter_map(|(other, node)| Some((other, meant::class(node.as_text()?)?)));
            let help = match meant.into_iter().next() {
                Some((other, class)) => format!(
                    "write `class: {}`: `{}` is no key for what an element is",
                    class.name(),
                    other.text
                ),
                None => format!(
                    "add `class:` with one of {}",
                    names().collect::<Vec<_>>().join(", ")
                ),
            };
            self.expect
                .error(code::MISSING_KEY, key.span, message, Some(help));
            return None;
        };
        let name = self.expect.text("class", node)?;
        let found = element_classes().find(|class| class.name() == &**name);
        if found.is_none() {
            let help = match &**name {
                "Dataflow" => Some("declare it under `flows:`".into()),
                "Boundary" => Some("declare it under `boundaries:`".into()),
                "Data" => Some("declare it under `data:`".into()),
                name => Some(match meant::class(name) {
                    Some(class) => format!("did you mean `{}`?", class.name()),
                    None => format!("known here: {}", names().collect::<Vec<_>>().join(", ")),
                }),
            };
            let message = format!("there is no class `{name}` of elements");
            self.expect
                .error(code::UNKNOWN_REFERENCE, node.span, message, help);
        }
        found
    }
}

fn ids<T: Copy>(declared: &[Pending<'_, T>]) -> impl Iterator<Item = (Arc<str>, Option<T>)> {
    declared
        .iter()
        .map(|pending| (Arc::clone(&pending.key.text), Some(pending.id)))
}
