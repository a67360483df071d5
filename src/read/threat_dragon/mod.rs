//! Layer `read`: models of OWASP Threat Dragon, versions 1 and 2.
//!
//! Each diagram is a model of its own: an element that stands in several is drawn in each with
//! the threats that matter there.

mod cells;
pub mod words;

use std::sync::Arc;

use super::native::sniff;
use super::translate::{self, Draft, Drawing, Fields, Part, Section, key, text};
use super::{ReadOptions, Reader, Reading, Sniff};
use crate::model::vocabulary::Class;
use crate::notice::code;
use crate::source::{RepoPath, Source, Span, Tree};
use crate::syntax::tree::Node;
use cells::Cell;

/// The name of this reader.
pub const FORMAT: &str = "threat-dragon";

/// Reads what Threat Dragon writes.
pub struct ThreatDragon;

impl Reader for ThreatDragon {
    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff {
        let is_json = sniff::may_be_json(path, text);
        let marks = [&b"\"summary\""[..], b"\"detail\"", b"\"diagrams\""];
        let mut marks = marks.iter();
        let bears = |mark: &&[u8]| memchr::memmem::find(text.as_bytes(), mark).is_some();
        if is_json
            && marks.all(bears)
            && sniff::has_key(text, "summary")
            && sniff::has_key(text, "detail")
        {
            Sniff::Candidate
        } else {
            Sniff::Foreign
        }
    }

    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading {
        translate::read(source, tree, options, |root| models(source, root))
    }
}

/// Every diagram as a model.
fn models<'s>(source: &'s Arc<Source>, root: &Node) -> Vec<Draft<'s>> {
    let mut first = Draft::new(source, FORMAT, root);
    let fields = Fields::of(root, "model", &mut first.expect);
    fields.leave(&["version", "$schema"]);
    let summary = root.get("summary").filter(|node| node.as_map().is_some());
    let title = summary.and_then(|summary| summary.entry("title"));
    let Some((title_key, title)) = title else {
        let at = fields
            .entry("summary")
            .map_or(root.span, |(key, _)| key.span);
        first.expect.missing_key("title", "the summary", at);
        return vec![first];
    };
    if first.expect.filled_text("title", title).is_none() {
        return vec![first];
    }
    let detail = fields.entry("detail").map_or(root, |(_, detail)| detail);
    for (name, holder, wanted) in [("detail", root, "a map"), ("diagrams", detail, "a list")] {
        if let Some(nothing) = holder.get(name).filter(|node| node.is_null()) {
            first.expect.wrong(name, wanted, nothing, None);
        }
    }
    let detail = Fields::of(detail, "detail", &mut first.expect);
    let diagrams = detail.list("diagrams", &mut first.expect);
    if diagrams.is_empty() {
        first.head("name", title_key.span, title.clone());
        return vec![first];
    }
    let drafts = diagrams.iter().enumerate().map(|(at, diagram)| {
        let mut draft = Draft::new(source, FORMAT, root);
        if at == 0 {
            draft.expect.notices.append(&mut first.expect.notices);
        }
        let mut translation = Diagram {
            draft,
            drawing: Drawing::default(),
        };
        translation.model((title_key.span, title), summary, diagram);
        translation.draft
    });
    drafts.collect()
}

/// One diagram on its way.
struct Diagram<'s> {
    draft: Draft<'s>,
    drawing: Drawing,
}

impl Diagram<'_> {
    fn model(&mut self, title: (Span, &Node), summary: Option<&Node>, diagram: &Node) {
        self.name(title, diagram);
        if let Some(said) = summary.and_then(|summary| summary.get("description"))
            && said.as_text().is_some()
        {
            self.draft.head("description", said.span, said.clone());
        }
        // Version 1 keeps the cells in a document of its drawing library.
        let holder = diagram.get("diagramJson").unwrap_or(diagram);
        let cells = holder.get("cells");
        if let Some(nothing) = cells.filter(|cells| cells.is_null()) {
            self.draft.expect.wrong("cells", "a list", nothing, None);
        }
        let items = cells.map_or(&[][..], |cells| self.draft.expect.list("cells", cells));
        let cells: Vec<Cell<'_>> = items.iter().filter_map(|item| self.cell(item)).collect();
        for cell in cells.iter().filter(|cell| cell.class == Class::Boundary) {
            self.boundary(cell);
        }
        for cell in &cells {
            if !matches!(cell.class, Class::Boundary | Class::Dataflow) {
                self.element(cell);
            }
        }
        self.draft.nest(&self.drawing);
        for cell in cells.iter().filter(|cell| cell.class == Class::Dataflow) {
            self.flow(cell);
        }
    }

    /// The title of the model, with that of the diagram where they differ.
    fn name(&mut self, (at, title): (Span, &Node), diagram: &Node) {
        let written = title.as_text().map_or("", |text| text);
        let own = diagram.get("title").filter(|own| {
            let own = own.as_text().map_or("", |text| text).trim();
            !own.is_empty() && own != written.trim()
        });
        match own {
            Some(own) => {
                let name = format!("{written}: {}", own.as_text().map_or("", |text| text));
                self.draft.head("name", own.span, text(name, own.span));
            }
            None => self.draft.head("name", at, title.clone()),
        }
    }

    fn boundary(&mut self, cell: &Cell<'_>) {
        let Some(around) = cell.rectangle else {
            if cell.is_line() {
                let help = "draw a trust boundary box around what belongs together";
                self.draft.line(cell.at, help);
            }
            return;
        };
        let name = cell
            .name
            .clone()
            .unwrap_or_else(|| text("Trust boundary", cell.at));
        let mut part = cell.part(name);
        self.describe(&mut part, cell);
        self.drawing
            .boundary(&cell.id, around, cell.drawn_at.unwrap_or(cell.at));
        self.draft.add(part);
    }

    fn element(&mut self, cell: &Cell<'_>) {
        let name = cell.name.clone().unwrap_or_else(|| {
            let unnamed = format!("Unnamed {}", cell.class.name());
            text(unnamed, cell.at)
        });
        let mut part = cell.part(name);
        self.describe(&mut part, cell);
        if let Some(rectangle) = cell.rectangle {
            let at = cell.drawn_at.unwrap_or(cell.at);
            self.drawing.element(&cell.id, rectangle, at);
        }
        self.draft.add(part);
    }

    fn flow(&mut self, cell: &Cell<'_>) {
        let mut ends = Vec::new();
        for (word, does) in [("source", "starts"), ("target", "ends")] {
            let end = cell.item.get(word);
            // Version 1 has `id`, version 2 has `cell`.
            let id = end.and_then(|end| end.get("cell").or_else(|| end.get("id")));
            match id.filter(|id| id.as_text().is_some_and(|id| !id.is_empty())) {
                Some(id) => ends.push(id),
                None => {
                    let at = end.map_or(cell.at, |end| end.span);
                    let message = format!("this flow {does} at no element");
                    let help = "attach its end to an element in Threat Dragon, or delete it";
                    let expect = &mut self.draft.expect;
                    expect.error(code::UNKNOWN_REFERENCE, at, message, Some(help.into()));
                }
            }
        }
        let [from, to] = ends[..] else { return };
        let name = cell
            .name
            .clone()
            .unwrap_or_else(|| self.draft.between(from, to, cell.at));
        let mut part = cell.part(name.clone());
        part.say("source", from.span, from.clone());
        part.say("sink", to.span, to.clone());
        if let Some(protocol) = cell.data.text("protocol") {
            part.say("protocol", protocol.span, protocol.clone());
        }
        self.describe(&mut part, cell);
        if let Some((key_span, node, true)) =
            cell.data.flag("isPublicNetwork", &mut self.draft.expect)
            && let Some(sink) = to.as_text()
            && let Some(sink) = self.draft.part(Section::Elements, sink)
            && let Some(word) = words::PUBLIC.word("isPublicNetwork")
        {
            sink.word(word, key_span, node);
        }
        let both = cell.data.flag("isBidirectional", &mut self.draft.expect);
        let back = both.filter(|(_, _, both)| *both).map(|(_, said, _)| {
            let id = key(&format!("{} (back)", cell.id), cell.at);
            let name = format!("{} (back)", name.as_text().map_or("", |name| name));
            let mut back = Part::new(Class::Dataflow, id, said.span, text(name, cell.at));
            back.say("source", to.span, to.clone());
            back.say("sink", from.span, from.clone());
            back.flag("isResponse", said.span, said, true);
            back.say(
                "responseTo",
                said.span,
                text(Arc::clone(&cell.id), said.span),
            );
            back.share(&part, &["protocol", "controls.isEncrypted", "inScope"]);
            back
        });
        self.draft.add(part);
        if let Some(back) = back {
            self.draft.add(back);
        }
    }
}
