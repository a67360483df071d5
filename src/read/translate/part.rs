//! Layer `read`: one element, flow, boundary or piece of data of another format.

use std::sync::Arc;

use super::risk::Threat;
use super::words::{Fact, Word};
use crate::model::vocabulary::Class;
use crate::source::Span;
use crate::syntax::tree::{Key, Node, NodeKind, Style};

/// A key at a place.
pub(in crate::read) fn key(text: &str, span: Span) -> Key {
    Key {
        span,
        text: text.into(),
    }
}

/// A text at a place.
pub(in crate::read) fn text(text: impl Into<Arc<str>>, span: Span) -> Node {
    Node::new(span, NodeKind::Text(text.into()), Style::Plain)
}

/// One thing of the model, with all that it says.
pub(in crate::read) struct Part {
    pub(in crate::read) class: Class,
    /// The id by which others of the file mean it; its bytes are where it is declared.
    pub(in crate::read) id: Key,
    span: Span,
    entries: Vec<(Key, Node)>,
    controls: Vec<(Key, Node)>,
    threats: Vec<Node>,
}

impl Part {
    /// A part of which only the name is known.
    pub(in crate::read) fn new(class: Class, id: Key, span: Span, name: Node) -> Self {
        let mut entries = vec![(key("name", name.span), name)];
        if class.is_element() && !matches!(class, Class::Boundary | Class::Dataflow) {
            entries.push((key("class", id.span), text(class.name(), id.span)));
        }
        Self {
            class,
            id,
            span,
            entries,
            controls: Vec::new(),
            threats: Vec::new(),
        }
    }

    /// Says an attribute, or with `controls.` before its name a control. What was said before
    /// no longer counts.
    pub(in crate::read) fn say(&mut self, name: &str, at: Span, value: Node) {
        let (entries, name) = match name.strip_prefix("controls.") {
            Some(control) => (&mut self.controls, control),
            None => (&mut self.entries, name),
        };
        entries.retain(|(known, _)| &*known.text != name);
        entries.push((key(name, at), value));
    }

    /// Says that something is so, or is not.
    pub(in crate::read) fn flag(&mut self, name: &str, at: Span, value: &Node, held: bool) {
        let value = Node::new(value.span, NodeKind::Bool(held), Style::Plain);
        self.say(name, at, value);
    }

    /// The text that an attribute is said to be.
    pub(in crate::read) fn said(&self, name: &str) -> Option<&str> {
        let (_, value) = self
            .entries
            .iter()
            .find(|(known, _)| &*known.text == name)?;
        value.as_text().map(|text| &**text)
    }

    /// Whether something is said to be so, or not to be so.
    pub(in crate::read) fn flagged(&self, name: &str) -> Option<bool> {
        let (entries, own) = match name.strip_prefix("controls.") {
            Some(control) => (&self.controls, control),
            None => (&self.entries, name),
        };
        let (_, value) = entries.iter().find(|(known, _)| &*known.text == own)?;
        value.as_bool()
    }

    /// Says the same as another part about some attributes.
    pub(in crate::read) fn share(&mut self, other: &Self, names: &[&str]) {
        for name in names {
            let (entries, own) = match name.strip_prefix("controls.") {
                Some(control) => (&other.controls, control),
                None => (&other.entries, *name),
            };
            let said = entries.iter().find(|(known, _)| &*known.text == own);
            if let Some((key, value)) = said {
                self.say(name, key.span, value.clone());
            }
        }
    }

    /// Whether its class has that attribute.
    pub(in crate::read) fn takes(&self, name: &str) -> bool {
        name.starts_with("controls.") || self.class.attribute(name).is_some()
    }

    /// Adds texts or ids to a list.
    pub(in crate::read) fn list(&mut self, name: &str, at: Span, items: Vec<Node>) {
        let mut entries = self.entries.iter_mut();
        if let Some((_, known)) = entries.find(|(known, _)| &*known.text == name) {
            if let NodeKind::List(known) = &mut known.kind {
                known.extend(items);
            }
            return;
        }
        let span = items.iter().fold(at, |span, item| span.to(item.span));
        let list = Node::new(span, NodeKind::List(items), Style::Plain);
        self.say(name, at, list);
    }

    /// Says what a word of the format means, as far as the class has it.
    pub(in crate::read) fn word(&mut self, word: &Word, at: Span, value: &Node) {
        for (name, fact) in word.says {
            if !self.takes(name) {
                continue;
            }
            match fact {
                Fact::Yes => self.flag(name, at, value, true),
                Fact::No => self.flag(name, at, value, false),
                Fact::Is(said) => self.say(name, at, text(*said, value.span)),
            }
        }
    }

    /// Adds a line to the description.
    pub(in crate::read) fn document(&mut self, what: &str, said: &Node) {
        let Some(said_text) = said.as_text().filter(|text| !text.trim().is_empty()) else {
            return;
        };
        let line = if what.is_empty() {
            said_text.to_string()
        } else {
            format!("{what}: {}", said_text.trim())
        };
        let mut entries = self.entries.iter_mut();
        match entries.find(|(known, _)| &*known.text == "description") {
            Some((_, known)) => {
                let before = known.as_text().map_or("", |text| text);
                known.kind = NodeKind::Text(format!("{before}\n{line}").into());
            }
            None => self.say("description", said.span, text(line, said.span)),
        }
    }

    /// Adds a threat that the file states.
    pub(in crate::read) fn threat(&mut self, threat: &Threat) {
        self.threats.push(threat.node());
    }

    /// Takes everything over that a body in the words of a native model says.
    pub(in crate::read) fn native(&mut self, body: &Node) {
        for (name, value) in body.as_map().unwrap_or_default() {
            match (&*name.text, value.as_map(), value.as_list()) {
                ("controls", Some(controls), _) => {
                    for (control, value) in controls {
                        self.controls
                            .retain(|(known, _)| known.text != control.text);
                        self.controls.push((control.clone(), value.clone()));
                    }
                }
                ("threats", _, Some(threats)) => self.threats.extend_from_slice(threats),
                ("class" | "name", ..) => {}
                _ => {
                    self.entries.retain(|(known, _)| known.text != name.text);
                    self.entries.push((name.clone(), value.clone()));
                }
            }
        }
    }

    /// As an entry of its section.
    pub(super) fn into_entry(mut self) -> (Key, Node) {
        let at = self.id.span;
        if !self.controls.is_empty() {
            let controls = Node::new(at, NodeKind::Map(self.controls), Style::Plain);
            self.entries.push((key("controls", at), controls));
        }
        if !self.threats.is_empty() {
            let threats = Node::new(at, NodeKind::List(self.threats), Style::Plain);
            self.entries.push((key("threats", at), threats));
        }
        let body = Node::new(self.span, NodeKind::Map(self.entries), Style::Plain);
        (self.id, body)
    }
}
