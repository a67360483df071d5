//! Layer `read`: models of the Microsoft Threat Modeling Tool (`.tm7`).
//!
//! Each of the tool's diagrams is a model of its own, as in its tabs: an element lies in one
//! of them, and a threat names the one it is about. The template that a file carries along
//! (`KnowledgeBase`) says what could be drawn and is not read.

mod properties;
mod stencils;
mod threats;
pub mod words;

use std::sync::Arc;

use super::translate::{self, Draft, Drawing, text};
use super::{ReadOptions, Reader, Reading, Sniff};
use crate::model::vocabulary::Class;
use crate::notice::code;
use crate::source::{RepoPath, Source, Span, Tree};
use crate::syntax::tree::{Node, NodeKind, Style};
use crate::syntax::xml::Element;
use stencils::Stencil;

/// The name of this reader.
pub const FORMAT: &str = "tm7";

/// The outermost element of such a file, and the namespace that it names.
const ROOT: &str = "ThreatModel";
const NAMESPACE: &[u8] = b"http://schemas.datacontract.org/2004/07/ThreatModeling.Model";

/// So far the namespace stands from the beginning.
const LOOKED_AT: usize = 4096;

/// The id that the tool writes for no element.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// What the tool keeps of a model as a whole, and what it is called in a description.
const ABOUT: [(&str, &str); 6] = [
    ("HighLevelSystemDescription", ""),
    ("Assumptions", "Assumptions"),
    ("ExternalDependencies", "External dependencies"),
    ("Owner", "Owner"),
    ("Contributors", "Contributors"),
    ("Reviewer", "Reviewer"),
];

/// Reads what the Microsoft Threat Modeling Tool writes.
pub struct Tm7;

impl Reader for Tm7 {
    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff {
        let other = match path.extension() {
            Some(ending) if ending.eq_ignore_ascii_case(FORMAT) => {
                Sniff::No("it has no `<ThreatModel>` of the Threat Modeling Tool")
            }
            _ => Sniff::Foreign,
        };
        if !text.trim_start().starts_with('<') {
            return other;
        }
        let bytes = text.as_bytes();
        let start = bytes.get(..LOOKED_AT).unwrap_or(bytes);
        let bears = |mark: &[u8]| memchr::memmem::find(start, mark).is_some();
        if bears(ROOT.as_bytes()) && bears(NAMESPACE) {
            Sniff::Candidate
        } else {
            other
        }
    }

    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading {
        translate::read_xml(source, tree, options, |root| models(source, root))
    }
}

/// Every diagram as a model.
fn models<'s>(source: &'s Arc<Source>, root: &Element<'s>) -> Vec<Draft<'s>> {
    let nothing = Node::new(Span::default(), NodeKind::Null, Style::Plain);
    let draft = || Draft::new(source, FORMAT, &nothing);
    let list = (root.name == ROOT).then(|| root.child("DrawingSurfaceList"));
    let Some(list) = list.flatten() else {
        let mut draft = draft();
        let message = "this model has no `DrawingSurfaceList`";
        let help = "save it anew with the Threat Modeling Tool";
        let expect = &mut draft.expect;
        expect.error(code::MISSING_KEY, root.tag, message, Some(help.into()));
        return vec![draft];
    };
    let threats = threats::by_diagram(root);
    let diagrams = list.children.iter().map(|diagram| {
        let mut translation = Diagram {
            draft: draft(),
            drawing: Drawing::default(),
            remarks: Vec::new(),
        };
        translation.model(root, diagram);
        let id = diagram.child("Guid").map_or("", Element::text);
        let own = threats.get(id.trim()).into_iter().flatten();
        translation.threats(own);
        translation.draft
    });
    let mut drafts: Vec<_> = diagrams.collect();
    match drafts.first_mut() {
        Some(first) => {
            let ids = list.children.iter().filter_map(|diagram| {
                let id = diagram.child("Guid")?;
                Some(id.text().trim())
            });
            let ids: Vec<&str> = ids.collect();
            let strays = threats.iter().filter(|(id, _)| !ids.contains(id));
            for _ in strays.flat_map(|(_, strays)| strays) {
                first.untold("threats of no diagram");
            }
        }
        None => {
            let mut draft = draft();
            draft.head("name", list.tag, stem(source, list.tag));
            drafts.push(draft);
        }
    }
    drafts
}

/// The name of the file without its ending, for a model that has no name.
fn stem(source: &Source, at: Span) -> Node {
    let name = source.path().file_name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    text(stem, at)
}

/// The same text on one line.
fn on_one_line(node: Node) -> Node {
    let words: Vec<_> = match node.as_text() {
        Some(text) => text.split_whitespace().collect(),
        None => return node,
    };
    text(words.join(" "), node.span)
}

/// One diagram on its way.
struct Diagram<'s> {
    draft: Draft<'s>,
    drawing: Drawing,
    /// What the description of the model is put together from.
    remarks: Vec<(&'static str, Node)>,
}

impl<'s> Diagram<'s> {
    fn model(&mut self, root: &Element<'s>, diagram: &Element<'s>) {
        let about = root.child("MetaInformation");
        self.name(about, diagram);
        for (entry, called) in ABOUT {
            let said = about.and_then(|about| about.child(entry)?.said());
            self.remarks.extend(said.map(|said| (called, said)));
        }
        let notes = root.child("Notes").map(|notes| &notes.children);
        for note in notes.into_iter().flatten() {
            let said = note.child("Message").and_then(Element::said);
            self.remarks.extend(said.map(|said| ("Note", said)));
        }
        let lists = ["Borders", "Lines"].map(|list| diagram.child(list));
        let entries = lists.into_iter().flatten().flat_map(|list| &list.children);
        let drawn: Vec<Stencil<'_, '_>> = entries.filter_map(|entry| self.stencil(entry)).collect();
        let of = |class: Class| drawn.iter().filter(move |one| one.shape == class);
        for stencil in of(Class::Boundary) {
            self.boundary(stencil);
        }
        for stencil in &drawn {
            if !matches!(stencil.shape, Class::Boundary | Class::Dataflow) {
                self.element(stencil);
            }
        }
        self.draft.nest(&self.drawing);
        for stencil in of(Class::Dataflow) {
            self.flow(stencil);
        }
        self.description();
    }

    /// The name of the model with that of the diagram where they differ.
    fn name(&mut self, about: Option<&Element<'s>>, diagram: &Element<'s>) {
        let said = |of: &Element<'s>, name: &str| of.child(name)?.said().map(on_one_line);
        let title = about.and_then(|about| said(about, "ThreatModelName"));
        let header = said(diagram, "Header");
        let words = |node: &Node| node.as_text().map_or(String::new(), ToString::to_string);
        let name = match (title, header) {
            (Some(title), Some(header)) if words(&title) != words(&header) => {
                let both = format!("{}: {}", words(&title), words(&header));
                text(both, header.span)
            }
            (Some(name), _) | (None, Some(name)) => name,
            (None, None) => stem(self.draft.expect.source(), diagram.tag),
        };
        self.draft.head("name", name.span, name);
    }

    /// What people wrote about the model, as its description.
    fn description(&mut self) {
        let Some((_, first)) = self.remarks.first() else {
            return;
        };
        let at = first.span;
        let lines = self.remarks.iter().map(|(called, said)| {
            let said = said.as_text().map_or("", |said| said);
            match *called {
                "" => said.to_owned(),
                called => format!("{called}: {said}"),
            }
        });
        let lines: Vec<_> = lines.collect();
        self.draft
            .head("description", at, text(lines.join("\n"), at));
    }

    fn boundary(&mut self, stencil: &Stencil<'_, 's>) {
        let Some(around) = stencil.rectangle else {
            let help = "draw a trust border boundary around what belongs together";
            self.draft.line(stencil.at, help);
            return;
        };
        let mut part = stencil.part("Trust boundary");
        self.describe(&mut part, stencil);
        self.drawing.boundary(&stencil.id, around, stencil.drawn_at);
        self.draft.add(part);
    }

    fn element(&mut self, stencil: &Stencil<'_, 's>) {
        let unnamed = format!("Unnamed {}", stencil.class.name());
        let mut part = stencil.part(&unnamed);
        self.describe(&mut part, stencil);
        if let Some(rectangle) = stencil.rectangle {
            self.drawing
                .element(&stencil.id, rectangle, stencil.drawn_at);
        }
        self.draft.add(part);
    }

    fn flow(&mut self, stencil: &Stencil<'_, 's>) {
        let mut ends = Vec::new();
        for (entry, does) in [("SourceGuid", "starts"), ("TargetGuid", "ends")] {
            let end = stencil.item.child(entry);
            match end.and_then(Element::said) {
                Some(id) if id.as_text().is_some_and(|id| &**id != NOBODY) => ends.push(id),
                _ => {
                    let at = end.map_or(stencil.at, |end| end.span);
                    let message = format!("this flow {does} at no element");
                    let help =
                        "attach its end to a stencil in the Threat Modeling Tool, or delete it";
                    let expect = &mut self.draft.expect;
                    expect.error(code::UNKNOWN_REFERENCE, at, message, Some(help.into()));
                }
            }
        }
        let [from, to] = &ends[..] else { return };
        let unnamed = self.draft.between(from, to, stencil.at);
        let mut part = stencil.part(unnamed.as_text().map_or("", |name| name));
        part.say("source", from.span, from.clone());
        part.say("sink", to.span, to.clone());
        self.describe(&mut part, stencil);
        self.draft.add(part);
    }
}
