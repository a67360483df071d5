//! Layer `read`: what people filled in and chose about one thing that is drawn.

use super::{Diagram, words};
use crate::notice::code;
use crate::read::translate::words::Word;
use crate::read::translate::{Part, text};
use crate::source::Span;
use crate::syntax::expect::Expect;
use crate::syntax::tree::{Node, NodeKind, Style};
use crate::syntax::xml::Element;

/// Of the properties those that the tool shows without asking for anything.
const HEADER: &str = "HeaderDisplayAttribute";

/// One property.
pub(super) struct Property<'n, 's> {
    item: &'n Element<'s>,
    kind: &'n str,
    /// What people see.
    pub(super) label: &'n str,
    /// The id that the template gives it: a word, or a number for what people added.
    id: &'n str,
    /// What it says: the text, or the choice that somebody made or that the stencil brings.
    pub(super) said: Option<Node>,
}

/// The properties of something.
pub(super) fn properties<'n, 's>(
    item: &'n Element<'s>,
    expect: &mut Expect<'_>,
) -> Vec<Property<'n, 's>> {
    let list = item.child("Properties").map(|list| &list.children);
    let list = list.into_iter().flatten();
    let read = list.map(|item| {
        let kind = item.attribute("type").unwrap_or("");
        let text = |name: &str| item.child(name).map_or("", Element::text).trim();
        let value = item.child("Value");
        let choices = value.filter(|value| !value.children.is_empty());
        Property {
            item,
            kind: kind.rsplit(':').next().unwrap_or(kind),
            label: text("DisplayName"),
            id: text("Name"),
            said: match choices {
                Some(choices) => chosen(item, choices, expect),
                None => value.and_then(Element::said),
            },
        }
    });
    read.collect()
}

/// The choice, if it says something. The first of several is what the tool writes as long as
/// nobody chose.
fn chosen(item: &Element<'_>, choices: &Element<'_>, expect: &mut Expect<'_>) -> Option<Node> {
    let index = item.child("SelectedIndex");
    let at = match index.map(|index| index.text().trim().parse::<usize>()) {
        None => 0,
        Some(Ok(at)) => at,
        Some(Err(_)) => usize::MAX,
    };
    let Some(choice) = choices.children.get(at) else {
        let count = choices.children.len();
        let message = format!("`SelectedIndex` must be below {count}, the number of choices");
        let place = index.map_or(item.span, |index| index.span);
        expect.error(code::WRONG_TYPE, place, message, None);
        return None;
    };
    (at > 0 || choices.children.len() == 1).then(|| choice.said())?
}

impl Property<'_, '_> {
    /// Whether people see it under that name.
    pub(super) fn is(&self, label: &str) -> bool {
        self.label.eq_ignore_ascii_case(label)
    }

    /// Whether it only heads others; the first one names the stencil.
    pub(super) fn is_header(&self) -> bool {
        self.kind == HEADER
    }

    /// Its name in the tables: the id, or what people see where that is a number.
    fn name(&self) -> &str {
        let is_number = self.id.len() == 36 && self.id.matches('-').count() == 4;
        if is_number || self.id.is_empty() {
            self.label
        } else {
            self.id
        }
    }

    /// What the tables say about its choice.
    pub(super) fn word(&self) -> Option<&'static Word> {
        let said = self.said.as_ref()?.as_text()?;
        words::PROPERTIES.word(&format!("{}: {said}", self.name()))
    }

    fn at(&self) -> Span {
        self.item.span
    }
}

impl<'s> Diagram<'s> {
    /// Says what a property means; what has no word here is kept in the description.
    pub(super) fn property(&mut self, part: &mut Part, property: &Property<'_, 's>) {
        let Some(said) = &property.said else { return };
        let words = said.as_text().map_or("", |said| said);
        if property.is_header() || property.is("Name") {
            return;
        }
        if property.is("Out Of Scope") {
            match words {
                "true" => part.flag("inScope", property.at(), said, false),
                "false" => {}
                _ => {
                    let message = "`Out Of Scope` must be true or false";
                    let expect = &mut self.draft.expect;
                    expect.error(code::WRONG_TYPE, said.span, message, None);
                }
            }
            return;
        }
        if property.is("Reason For Out Of Scope") {
            part.document("Out of scope", said);
            return;
        }
        if property.is("Dataflow Order") {
            // Nought is what the tool writes for flows without an order, and for boundaries.
            if let Ok(order @ 1..) = words.parse::<i64>()
                && part.takes("order")
            {
                let order = Node::new(said.span, NodeKind::Int(order), Style::Plain);
                part.say("order", property.at(), order);
            }
            return;
        }
        let word = property.word();
        match word {
            Some(word) => part.word(word, property.at(), said),
            None if words == "false" => {}
            None => {
                let section = part.class.name();
                self.draft.untold(format!("{section}.{}", property.label));
                part.document(property.label, &text(words, said.span));
            }
        }
    }
}
