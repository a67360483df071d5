//! Layer `read`: one cell of a diagram, as either version of Threat Dragon writes it.

use std::sync::Arc;

use super::{Diagram, words};
use crate::model::vocabulary::Class;
use crate::notice::code;
use crate::read::translate::{
    Fields, Part, Rectangle, THREAT_WITHOUT_TITLE, Threat, answer, key, text,
};
use crate::source::Span;
use crate::syntax::tree::Node;

/// Keys that only say how a cell is drawn or managed.
const PRESENTATION: [&str; 18] = [
    "angle",
    "attrs",
    "connector",
    "height",
    "labels",
    "ports",
    "position",
    "router",
    "shape",
    "size",
    "smooth",
    "source",
    "target",
    "tools",
    "vertices",
    "visible",
    "width",
    "zIndex",
];

/// Of what a cell says, what is drawn, follows from the rest, or is read elsewhere.
const MANAGED: [&str; 12] = [
    "containedElements",
    "crossingFlows",
    "description",
    "hasOpenThreats",
    "id",
    "isTrustBoundary",
    "name",
    "outOfScope",
    "threatFrequency",
    "trustBoundaryIds",
    "type",
    "z",
];

/// One cell.
pub(super) struct Cell<'n> {
    pub(super) item: &'n Node,
    pub(super) class: Class,
    /// Its type, in lower case.
    shape: String,
    pub(super) id: Arc<str>,
    /// Its name, if it has one.
    pub(super) name: Option<Node>,
    /// Where it is declared: at its name, else at its id.
    pub(super) at: Span,
    /// What it says: in version 1 the cell itself.
    pub(super) data: Fields<'n>,
    pub(super) rectangle: Option<Rectangle>,
    /// Where the rectangle stands.
    pub(super) drawn_at: Option<Span>,
}

impl Diagram<'_> {
    /// A cell; `None` for what is no part of a model, or after a complaint.
    pub(super) fn cell<'n>(&mut self, item: &'n Node) -> Option<Cell<'n>> {
        let own = Fields::of(item, "cell", &mut self.draft.expect);
        let node = item.get("data").filter(|data| data.as_map().is_some());
        let data = Fields::of(node.unwrap_or(item), "data", &mut self.draft.expect);
        let kind = data.text("type").or_else(|| own.text("type"));
        let kind = kind.and_then(|kind| kind.as_text());
        let shape = match (kind, item.get("shape").and_then(Node::as_text)) {
            (Some(kind), _) => kind.to_lowercase(),
            // A flow that was only just drawn.
            (None, Some(shape)) => format!("tm.{shape}").to_lowercase(),
            (None, None) => String::new(),
        };
        if shape == "tm.text" || shape == "tm.td-text-block" {
            return None;
        }
        let Some(word) = words::SHAPES.word(&shape) else {
            let message = "a cell of this type is not known".to_owned();
            let known = "known are tm.Actor, tm.Process, tm.Store, tm.Flow, tm.Boundary, tm.BoundaryBox and tm.Text";
            let expect = &mut self.draft.expect;
            expect.error(code::UNKNOWN_KEY, item.span, message, Some(known.into()));
            return None;
        };
        let Some((id_key, id)) = item.entry("id") else {
            let expect = &mut self.draft.expect;
            expect.missing_key("id", "this cell", item.span);
            return None;
        };
        let id_text = Arc::clone(self.draft.expect.filled_text("id", id)?);
        let name = name(item, &data);
        let at = match &name {
            Some((entry, _)) => *entry,
            None => id_key.span.to(id.span),
        };
        own.leave(&["id", "data"]);
        Some(Cell {
            item,
            class: word.class.unwrap_or(Class::Process),
            rectangle: rectangle(&own),
            drawn_at: item
                .entry("position")
                .map(|(key, node)| key.span.to(node.span)),
            shape,
            id: id_text,
            name: name.map(|(_, name)| name),
            at,
            data,
        })
    }

    /// What the cell says beside name and wiring.
    pub(super) fn describe(&mut self, part: &mut Part, cell: &Cell<'_>) {
        let data = &cell.data;
        data.leave(&PRESENTATION);
        data.leave(&MANAGED);
        if let Some(said) = data.text("description") {
            part.say("description", said.span, said.clone());
        }
        if let Some((at, node, true)) = data.flag("outOfScope", &mut self.draft.expect) {
            part.flag("inScope", at, node, false);
        }
        if let Some(why) = data.text("reasonOutOfScope") {
            part.document("Out of scope", why);
        }
        if let Some(level) = data.text("privilegeLevel") {
            part.document("Privilege level", level);
        }
        for (name, value) in data.node().as_map().unwrap_or_default() {
            if value.as_bool() != Some(true) {
                continue;
            }
            let word = match &*name.text {
                "isEncrypted" => words::ENCRYPTED.word(&cell.shape),
                other => words::TICKED.word(other),
            };
            if let Some(word) = word {
                data.leave(&[&name.text]);
                part.word(word, name.span, value);
            }
        }
        data.leave(&["protocol", "isPublicNetwork", "isBidirectional"]);
        for item in data.list("threats", &mut self.draft.expect) {
            part.threat(&threat(item));
        }
        let section = part.class.name();
        self.draft.rest(section, data);
    }
}

impl Cell<'_> {
    /// The part of that name.
    pub(super) fn part(&self, name: Node) -> Part {
        let is_web = self
            .data
            .node()
            .get("isWebApplication")
            .and_then(Node::as_bool);
        let class = match (self.class, is_web) {
            (Class::Process, Some(true)) => Class::Server,
            (class, _) => class,
        };
        Part::new(class, key(&self.id, self.at), self.item.span, name)
    }
}

/// The rectangle of a cell that has a position and a size.
fn rectangle(cell: &Fields<'_>) -> Option<Rectangle> {
    let number = |node: &Node| node.as_number().filter(|number| number.is_finite());
    let (_, position) = cell.entry("position")?;
    let (_, size) = cell.entry("size")?;
    Some(Rectangle {
        left: number(position.get("x")?)?,
        top: number(position.get("y")?)?,
        width: number(size.get("width")?)?,
        height: number(size.get("height")?)?,
    })
}

/// The name of a cell with the place of its entry: what it says, else its label.
fn name(item: &Node, data: &Fields<'_>) -> Option<(Span, Node)> {
    let said = |entry: Option<(&crate::syntax::tree::Key, &Node)>| {
        let (key, value) = entry?;
        let written = value.as_text()?;
        let words: Vec<_> = written.split_whitespace().collect();
        if words.is_empty() {
            return None;
        }
        let mut name = text(words.join(" "), value.span);
        name.style = value.style;
        Some((key.span.to(value.span), name))
    };
    let label = || {
        let attrs = item.get("attrs")?;
        let shape = ["text", "label"].iter().find_map(|of| attrs.get(of));
        let label = shape.and_then(|shape| said(shape.entry("text")));
        label.or_else(|| {
            let labels = item.get("labels")?.as_list()?;
            let first = labels.first()?;
            let attrs = first.get("attrs")?;
            let of = ["text", "label", "labelText"];
            let label = of.iter().find_map(|of| attrs.get(of))?;
            said(label.entry("text"))
        })
    };
    said(data.node().entry("name")).or_else(label)
}

/// A threat as Threat Dragon states it.
fn threat(item: &Node) -> Threat {
    let said = |name: &str| {
        let node = item.get(name)?;
        let text = node.as_text()?;
        (!text.trim().is_empty()).then_some(node)
    };
    let title = said("title").or_else(|| said("type")).cloned();
    let state = said("status").and_then(|state| state.as_text());
    let state = state.map_or(String::new(), |state| state.to_lowercase());
    let word = words::STATES.iter().find(|(known, _)| *known == state);
    let severity = said("severity").and_then(|node| {
        let written = node.as_text()?.to_lowercase();
        let mut known = words::SEVERITIES.iter();
        let (_, severity) = known.find(|(known, _)| *known == written)?;
        Some((*severity, node.span))
    });
    let why = said("mitigation").and_then(|why| why.as_text());
    Threat {
        span: item.span,
        title: title.unwrap_or_else(|| text(THREAT_WITHOUT_TITLE, item.span)),
        severity,
        response: word.map(|(_, word)| {
            let at = item.get("status").map_or(item.span, |state| state.span);
            answer(word, why.map(|why| &**why), at)
        }),
    }
}
