//! Layer `read`: one cell of a diagram, as either version of Threat Dragon writes it.

use std::sync::Arc;

use super::{Diagram, words};
use crate::model::vocabulary::Class;
use crate::notice::{code, did_you_mean};
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
        let class = word.class.unwrap_or(Class::Process);
        let rectangle = self.rectangle(&own, class, &shape);
        Some(Cell {
            item,
            class,
            rectangle,
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
            let severity = self.severity(item);
            part.threat(&threat(item, severity));
        }
        let section = part.class.name();
        self.draft.rest(section, data);
    }

    /// Where a cell is drawn: nothing for what is a line or drawn nowhere, and after a
    /// complaint.
    fn rectangle(&mut self, cell: &Fields<'_>, class: Class, shape: &str) -> Option<Rectangle> {
        let is_there = |name: &str| cell.node().get(name).is_some();
        let is_drawn = match class {
            Class::Dataflow => false,
            Class::Boundary => !is_line(cell.node(), shape),
            _ => is_there("position") || is_there("size"),
        };
        if !is_drawn {
            return None;
        }
        let mut number = |of: &str, name: &str, least: f64| {
            let holder = cell.node().get(of);
            let node = holder.and_then(|holder| holder.get(name));
            let number = node.and_then(Node::as_number);
            let number = number.filter(|number| number.is_finite() && *number >= least);
            if number.is_none() {
                let at = node.or(holder).map_or(cell.node().span, |node| node.span);
                let positive = if least == 0.0 { " of at least 0" } else { "" };
                let message = format!(
                    "`{of}.{name}` must be a number{positive}, for it tells which boundary holds what"
                );
                let help = "save the diagram with Threat Dragon";
                let expect = &mut self.draft.expect;
                expect.error(code::WRONG_TYPE, at, message, Some(help.into()));
            }
            number
        };
        let left = number("position", "x", f64::MIN);
        let top = number("position", "y", f64::MIN);
        let width = number("size", "width", 0.0);
        let height = number("size", "height", 0.0);
        Some(Rectangle {
            left: left?,
            top: top?,
            width: width?,
            height: height?,
        })
    }

    /// How bad a threat is said to be; words such as “TBD” say nothing.
    fn severity(&mut self, threat: &Node) -> Option<(&'static str, Span)> {
        let node = threat.get("severity").filter(|node| !node.is_null())?;
        let written = self.draft.expect.text("severity", node)?.to_lowercase();
        let mut known = words::SEVERITIES.iter();
        if let Some((_, severity)) = known.find(|(known, _)| *known == written) {
            return Some((*severity, node.span));
        }
        let known = words::SEVERITIES.iter().map(|(known, _)| *known);
        if let Some(help) = did_you_mean(&written, known) {
            let message = format!("`severity` cannot be {}", node.described());
            let expect = &mut self.draft.expect;
            expect.error(code::WRONG_TYPE, node.span, message, Some(help));
        }
        None
    }
}

/// Whether a boundary is a line: that has no position, though a size in version 1.
fn is_line(cell: &Node, shape: &str) -> bool {
    cell.get("position").is_none() && !shape.ends_with("box")
}

impl Cell<'_> {
    /// Whether it is a boundary that is drawn as a line.
    pub(super) fn is_line(&self) -> bool {
        is_line(self.item, &self.shape)
    }

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
fn threat(item: &Node, severity: Option<(&'static str, Span)>) -> Threat {
    let said = |name: &str| {
        let node = item.get(name)?;
        let text = node.as_text()?;
        (!text.trim().is_empty()).then_some(node)
    };
    let title = said("title").or_else(|| said("type")).cloned();
    let state = said("status").and_then(|state| state.as_text());
    let state = state.map_or(String::new(), |state| state.to_lowercase());
    let word = words::STATES.iter().find(|(known, _)| *known == state);
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
