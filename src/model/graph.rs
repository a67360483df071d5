//! A whole model.

use std::ops::Range;
use std::sync::Arc;

use super::callers::Callers;
use super::effort::Effort;
use super::element::{Assumption, Element};
use super::exposure::Exposures;
use super::id::{DataId, ElementId};
use super::reachability::Reachability;
use super::value::{Attr, Slot, Slots};
use super::vocabulary::{Attribute, Class};
use crate::source::{Place, RepoPath, Source};

/// A piece of data.
#[derive(Clone, Debug)]
pub struct Datum {
    /// The name, as written.
    pub name: Arc<str>,
    /// The constructor call, or the id and body in a native model.
    pub place: Place,
    /// Attributes.
    pub slots: Slots,
}

/// The name of what is only text among the data of an element, as in pytm.
pub const NAMELESS: &str = "undefined";

impl Datum {
    /// The text of what is only text in the model: it has no name, and nothing can be said of it
    /// before somebody makes it a Data of its own.
    pub fn mere_text(&self) -> Option<&str> {
        let text = self.named("description")?.value.as_text()?;
        (&*self.name == NAMELESS && !text.is_empty()).then_some(text)
    }

    /// What people know it by.
    pub fn told(&self) -> &str {
        self.mere_text().unwrap_or(&self.name)
    }

    /// What holds for an attribute: said, derived or default.
    pub fn read(&self, attr: &Attr) -> Option<&Slot> {
        self.slots
            .get(attr)
            .or_else(|| attr.default_on(Class::Data))
    }

    /// What holds for an attribute by name.
    pub fn named(&self, name: &str) -> Option<&Slot> {
        self.read(&Attr::named(name))
    }
}

/// Whose attribute a slot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// An element's own attribute.
    Element(ElementId),
    /// A control of an element.
    Controls(ElementId),
    /// An attribute of a Data.
    Data(DataId),
}

/// The rules that a model names for itself (`threatsFile`).
#[derive(Clone, Debug)]
pub struct ThreatsFile {
    /// The file, if it is one of the repository; `None` if it lies elsewhere or is not decidable.
    pub path: Option<RepoPath>,
    /// What the model wrote, folded.
    pub written: Arc<str>,
    /// Where it says so.
    pub place: Place,
}

/// A file that a model includes, and the elements that it declares itself.
#[derive(Clone, Debug)]
pub struct Included {
    /// The file.
    pub path: RepoPath,
    /// Its elements, which follow each other.
    pub elements: Range<u32>,
    /// Where the model, or one that it includes, names the file first.
    pub place: Place,
}

/// How many boundaries around one element are looked at.
pub const MAX_BOUNDARIES: usize = 200;

/// One threat model, whichever its format.
#[derive(Clone, Debug)]
pub struct Model {
    /// The entry file.
    pub source: Arc<Source>,
    /// The name of the reader: `pytm`, `native`, or that of another tool's format.
    pub format: &'static str,
    /// The model's name.
    pub name: Arc<str>,
    /// The `TM(...)` call, or the name in a native model.
    pub place: Place,
    /// Which one of that name in its file, from 0.
    pub ordinal: u32,
    /// Attributes of the TM.
    pub slots: Slots,
    /// Elements in the order of declaration; an [`ElementId`] is an index.
    pub elements: Vec<Element>,
    /// Data in the order of declaration; a [`DataId`] is an index.
    pub data: Vec<Datum>,
    /// The elements that are judged, in the order in which they are judged:
    /// all, or what `ignoreUnused` keeps (docs/semantics.md §2.7).
    pub judged: Vec<ElementId>,
    /// Flows by `order`, stable (docs/semantics.md §2.1).
    pub flows: Vec<ElementId>,
    /// Who calls what, seen through proxies.
    pub callers: Callers,
    /// How outsiders reach each element, and what is at stake there.
    pub exposures: Exposures,
    /// From where paths lead where, as far as conditions asked.
    pub reachability: Reachability,
    /// How much work its conditions were so far.
    pub effort: Effort,
    /// Assumptions about the whole model.
    pub assumptions: Vec<Assumption>,
    /// The model's own rules, if it names any.
    pub threats_file: Option<ThreatsFile>,
    /// Whether everything that matters was read (docs/semantics.md §6).
    pub complete: bool,
    /// Where attributes are said whose values an error of its own tells to be unread: what
    /// rests on them is not told again.
    pub told: std::collections::BTreeSet<Place>,
    /// Every other file of the repository that was read for it, sorted.
    pub parts: Vec<RepoPath>,
    /// The models that it includes, in the order of their elements.
    pub included: Vec<Included>,
}

impl Model {
    /// A model without elements.
    pub fn new(source: Arc<Source>, format: &'static str, name: &str, place: Place) -> Self {
        Self {
            source,
            format,
            name: name.into(),
            place,
            ordinal: 0,
            slots: Slots::default(),
            elements: Vec::new(),
            data: Vec::new(),
            judged: Vec::new(),
            flows: Vec::new(),
            callers: Callers::default(),
            exposures: Exposures::default(),
            reachability: Reachability::default(),
            effort: Effort::default(),
            assumptions: Vec::new(),
            threats_file: None,
            complete: true,
            told: std::collections::BTreeSet::new(),
            parts: Vec::new(),
            included: Vec::new(),
        }
    }

    /// Whether the file is written in words of the vocabulary, so that a line added to it can
    /// answer a question. What another tool writes is changed with that tool.
    pub fn takes_answers(&self) -> bool {
        matches!(self.format, "native" | "pytm")
    }

    /// The entry file's path.
    pub fn path(&self) -> &RepoPath {
        self.source.path()
    }

    /// An element.
    pub fn element(&self, id: ElementId) -> &Element {
        &self.elements[id.0 as usize]
    }

    /// An element, to change it: what was known of paths no longer holds.
    pub fn element_mut(&mut self, id: ElementId) -> &mut Element {
        self.reachability.forget();
        &mut self.elements[id.0 as usize]
    }

    /// A Data.
    pub fn datum(&self, id: DataId) -> &Datum {
        &self.data[id.0 as usize]
    }

    /// Every element's id, in the order of declaration.
    pub fn ids(&self) -> impl Iterator<Item = ElementId> + use<> {
        (0..self.elements.len() as u32).map(ElementId)
    }

    /// The file that declares an element, if the model includes it from there.
    pub fn home(&self, id: ElementId) -> Option<&Included> {
        let after = (self.included).partition_point(|part| part.elements.start <= id.0);
        let part = self.included.get(after.checked_sub(1)?)?;
        part.elements.contains(&id.0).then_some(part)
    }

    /// The elements that the model declares itself, in the order of declaration.
    pub fn own_ids(&self) -> impl Iterator<Item = ElementId> + use<'_> {
        self.ids().filter(|id| self.home(*id).is_none())
    }

    /// The slot of an attribute, whoever's it is.
    pub fn slot(&self, owner: Owner, attr: &Attr) -> Option<&Slot> {
        match owner {
            Owner::Element(id) => self.element(id).read(attr),
            Owner::Controls(id) => self.element(id).control(attr),
            Owner::Data(id) => self.datum(id).read(attr),
        }
    }

    /// What the vocabulary has about an attribute, whoever's it is; nothing about those of
    /// people's own rules.
    pub fn attribute(&self, owner: Owner, attr: &Attr) -> Option<&'static Attribute> {
        let class = match owner {
            Owner::Element(id) => self.element(id).class,
            Owner::Controls(_) => Class::Controls,
            Owner::Data(_) => Class::Data,
        };
        attr.on(class)
    }

    /// An element that an attribute names: `source`, `sink`, `inBoundary`, `responseTo`, ….
    pub fn linked(&self, id: ElementId, attribute: &str) -> Option<ElementId> {
        self.element(id).named(attribute)?.value.as_element()
    }

    /// Whether a flow answers another one.
    pub fn is_response(&self, flow: ElementId) -> bool {
        let slot = self.element(flow).named("isResponse");
        slot.is_some_and(|slot| slot.value.is_true())
    }

    /// The boundaries around an element, innermost first; a circle is cut, and
    /// so is what nests deeper than [`MAX_BOUNDARIES`].
    pub fn boundaries(&self, id: ElementId) -> Vec<ElementId> {
        let mut around = Vec::new();
        let mut at = id;
        while let Some(boundary) = self.linked(at, "inBoundary") {
            let circle = boundary == id || around.contains(&boundary);
            if circle || around.len() == MAX_BOUNDARIES {
                break;
            }
            around.push(boundary);
            at = boundary;
        }
        around
    }
}
