//! Layer `read`: one thing that is drawn: a stencil, a boundary, a flow or a remark.

use std::sync::Arc;

use super::properties::{Property, properties};
use super::{Diagram, on_one_line, words};
use crate::model::vocabulary::Class;
use crate::notice::code;
use crate::read::otm::words::{COMPONENTS, FLOW_TAGS};
use crate::read::translate::words::Word;
use crate::read::translate::{Part, Rectangle, key, text};
use crate::source::Span;
use crate::syntax::xml::Element;

/// The generic type of a remark that is drawn beside the rest.
const REMARK: &str = "GE.A";

/// The generic types that the tool itself has begin so; those of people's own templates are
/// numbers.
const GENERIC: &str = "GE.";

/// Something that is drawn.
pub(super) struct Stencil<'n, 's> {
    pub(super) item: &'n Element<'s>,
    /// What its shape says it is.
    pub(super) shape: Class,
    /// What its shape and the name of its stencil say it is.
    pub(super) class: Class,
    /// What the name of its stencil says else.
    word: Option<&'static Word>,
    pub(super) id: Arc<str>,
    name: Option<crate::syntax::tree::Node>,
    /// Where it is declared: at its name, else at its id.
    pub(super) at: Span,
    pub(super) properties: Vec<Property<'n, 's>>,
    pub(super) rectangle: Option<Rectangle>,
    /// Where the rectangle stands.
    pub(super) drawn_at: Span,
}

impl<'s> Diagram<'s> {
    /// One entry of a diagram; `None` for a remark, or after a complaint.
    pub(super) fn stencil<'n>(&mut self, entry: &'n Element<'s>) -> Option<Stencil<'n, 's>> {
        let expect = &mut self.draft.expect;
        let Some(item) = entry.child("Value") else {
            let message = "what is drawn here has no `Value`";
            expect.error(code::MISSING_KEY, entry.tag, message, None);
            return None;
        };
        let kind = item.attribute("type").unwrap_or("");
        let kind = kind.rsplit(':').next().unwrap_or(kind);
        let Some(shape) = words::SHAPES.word(kind).and_then(|word| word.class) else {
            let message = format!("a shape `{kind}` is not known");
            let known = words::SHAPES.words.iter().flat_map(|row| row.words);
            let known: Vec<&str> = known.copied().collect();
            let help = format!("known are {}", known.join(", "));
            expect.error(code::UNKNOWN_KEY, item.tag, message, Some(help));
            return None;
        };
        let id = item.child("Guid").or_else(|| entry.child("Key"));
        let Some(id) = id.and_then(Element::said) else {
            let message = "what is drawn here has no `Guid`";
            expect.error(code::MISSING_KEY, item.tag, message, None);
            return None;
        };
        let properties = properties(item, expect);
        let mut named = properties.iter().filter(|property| property.is("Name"));
        let name = named.find_map(|property| property.said.clone());
        let generic = item.child("GenericTypeId").map_or("", Element::text);
        if generic == REMARK {
            self.remarks.extend(name.map(|name| ("Remark", name)));
            return None;
        }
        let mut headers = properties.iter().filter(|property| property.is_header());
        let stencil = headers.next().map_or("", |header| header.label);
        let (class, word) = meant(shape, generic, stencil);
        let mut chosen = properties.iter().filter_map(Property::word);
        let chosen = chosen.find_map(|word| word.class);
        let class = match chosen {
            Some(chosen) if class == Class::ExternalEntity => chosen,
            _ => class,
        };
        let name = name.map(on_one_line);
        let (rectangle, drawn_at) = match self.rectangle(item, shape) {
            Some(drawn) => drawn,
            None if shape == Class::Boundary => return None,
            // One complaint is enough: flows still find it.
            None => (None, item.tag),
        };
        Some(Stencil {
            item,
            shape,
            class,
            word,
            at: name.as_ref().map_or(id.span, |name| name.span),
            id: Arc::clone(id.as_text()?),
            name,
            properties,
            rectangle,
            drawn_at,
        })
    }

    /// Where it is drawn: nothing for lines, `None` after a complaint.
    fn rectangle(&mut self, item: &Element<'s>, shape: Class) -> Option<(Option<Rectangle>, Span)> {
        let is_line = item.child("SourceX").is_some();
        if is_line || shape == Class::Dataflow {
            return Some((None, item.tag));
        }
        let mut number = |name: &str| {
            let child = item.child(name);
            let number = child.and_then(|child| child.text().trim().parse::<f64>().ok());
            let number = number.filter(|number| number.is_finite());
            if number.is_none() {
                let at = child.map_or(item.tag, |child| child.span);
                let message =
                    format!("`{name}` must be a number, for it tells where this is drawn");
                let expect = &mut self.draft.expect;
                expect.error(code::WRONG_TYPE, at, message, None);
            }
            number
        };
        let [left, top, width, height] = ["Left", "Top", "Width", "Height"].map(&mut number);
        let rectangle = Rectangle {
            left: left?,
            top: top?,
            width: width?,
            height: height?,
        };
        let at = item.child("Left").map_or(item.tag, |left| left.span);
        Some((Some(rectangle), at))
    }

    /// What it says beside name, place and ends.
    pub(super) fn describe(&mut self, part: &mut Part, stencil: &Stencil<'_, 's>) {
        if let Some(word) = stencil.word {
            let at = stencil.item.tag;
            part.word(word, at, &text("", at));
        }
        for property in &stencil.properties {
            self.property(part, property);
        }
    }
}

impl Stencil<'_, '_> {
    /// The part that it is, called by its name or, if it has none, by another.
    pub(super) fn part(&self, unnamed: &str) -> Part {
        let name = self.name.clone().unwrap_or_else(|| text(unnamed, self.at));
        Part::new(self.class, key(&self.id, self.at), self.item.span, name)
    }
}

/// What a stencil is, by its shape and the name it has in its template. The tool's own
/// templates are in a table of their own; of other templates the words of Open Threat Model's
/// types count, which name the same things. A shape of a template's own making tells nothing.
fn meant(shape: Class, generic: &str, stencil: &str) -> (Class, Option<&'static Word>) {
    let (own, others) = match shape {
        Class::Boundary => (&words::BOUNDARIES, None),
        Class::Dataflow => (&words::FLOWS, FLOW_TAGS.word(stencil)),
        _ => (&words::STENCILS, COMPONENTS.word_in(stencil)),
    };
    if let Some(word) = own.word(stencil) {
        return (word.class.unwrap_or(shape), Some(word));
    }
    let Some(word) = others else {
        return (shape, None);
    };
    let class = word.class.unwrap_or(shape);
    let fits = match shape {
        Class::ExternalEntity => matches!(class, Class::Actor | Class::ExternalEntity),
        Class::Datastore => class == Class::Datastore,
        Class::Process => !matches!(
            class,
            Class::Actor | Class::ExternalEntity | Class::Datastore
        ),
        _ => class == shape,
    };
    if fits || !generic.starts_with(GENERIC) {
        (class, Some(word))
    } else {
        (shape, None)
    }
}
