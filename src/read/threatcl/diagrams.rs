//! Layer `read`: the data flow diagrams of a threatcl model.
//!
//! What has the same name and is of the same kind in two diagrams is one thing, shown twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Translation, files, words};
use crate::model::vocabulary::Class;
use crate::notice::{Severity, code, did_you_mean};
use crate::read::otm::words::{COMPONENTS, FLOW_TAGS};
use crate::read::translate::words::Word;
use crate::read::translate::{Fields, Part, Section, key, text};
use crate::source::Span;
use crate::syntax::hcl::Block;
use crate::syntax::tree::{Key, Node};

/// The blocks that are elements.
const ELEMENTS: [&str; 3] = ["process", "external_element", "data_store"];

/// What one diagram shows.
#[derive(Default)]
struct Shown {
    /// The ids of its elements, by their names.
    elements: BTreeMap<Arc<str>, String>,
    /// The ids of its flows.
    flows: BTreeSet<String>,
}

impl Translation<'_> {
    pub(super) fn diagram(&mut self, block: &Block) {
        let known = [
            "process",
            "external_element",
            "data_store",
            "flow",
            "trust_zone",
        ];
        self.check("data_flow_diagram", &block.body, &known);
        let fields = Fields::of(
            &block.body.said,
            "data_flow_diagram",
            &mut self.draft.expect,
        );
        self.draft.rest("data_flow_diagram", &fields);
        let mut shown = Shown::default();
        for zone in block.body.of("trust_zone") {
            let Some(name) = self.label(zone) else {
                continue;
            };
            self.check("trust_zone", &zone.body, &ELEMENTS);
            self.zone(name, zone.span);
            for element in &zone.body.blocks {
                self.element(element, Some(name), &mut shown);
            }
        }
        for element in &block.body.blocks {
            self.element(element, None, &mut shown);
        }
        for flow in block.body.of("flow") {
            self.flow(flow, &mut shown);
        }
    }

    /// A trust zone: threatcl draws one as soon as something names it.
    fn zone(&mut self, name: &Key, span: Span) {
        let id = zone_id(&name.text);
        if !self.draft.has(Section::Boundaries, &id) {
            let id = key(&id, name.span);
            let part = Part::new(Class::Boundary, id, span, files::label(name));
            self.draft.add(part);
        }
    }

    /// A process, a store or something outside; other blocks are passed over.
    fn element(&mut self, block: &Block, around: Option<&Key>, shown: &mut Shown) {
        let kind = &*block.kind.text;
        if !ELEMENTS.contains(&kind) {
            return;
        }
        self.check(kind, &block.body, &[]);
        let Some(name) = self.label(block) else {
            return;
        };
        let id = format!("{kind} {}", name.text);
        if shown
            .elements
            .insert(Arc::clone(&name.text), id.clone())
            .is_some()
        {
            let message = format!("the name `{}` stands twice in this diagram", name.text);
            let help = "give one of the two another name, and mend the flows that name it";
            let expect = &mut self.draft.expect;
            expect.error(code::DUPLICATE_KEY, name.span, message, Some(help.into()));
            return;
        }
        let fields = Fields::of(&block.body.said, &name.text, &mut self.draft.expect);
        let zone = self.zone_of(&fields, around);
        let asset = fields.text("information_asset").cloned();
        self.draft.rest(kind, &fields);
        if !self.draft.has(Section::Elements, &id) {
            let (class, word) = meant(kind, &name.text);
            let id = key(&id, name.span);
            let mut part = Part::new(class, id, block.span, files::label(name));
            if let Some(word) = word {
                part.word(word, name.span, &files::label(name));
            }
            self.draft.add(part);
        }
        if let Some(zone) = zone {
            self.put(&id, &zone);
        }
        if let Some(asset) = asset {
            self.keep(&id, &asset);
        }
    }

    /// The zone in which an element lies: the one around it, or the one that it names.
    fn zone_of(&mut self, fields: &Fields<'_>, around: Option<&Key>) -> Option<Key> {
        let Some(said) = fields.text("trust_zone") else {
            return around.cloned();
        };
        let named = key(said.as_text()?, said.span);
        if let Some(around) = around.filter(|around| around.text != named.text) {
            let message = format!(
                "this lies in `{}` and says that it lies in `{}`",
                around.text, named.text
            );
            let help = "leave `trust_zone` out, or let it name the zone around";
            let expect = &mut self.draft.expect;
            expect.error(
                code::UNKNOWN_REFERENCE,
                said.span,
                message,
                Some(help.into()),
            );
        }
        self.zone(&named, said.span);
        Some(named)
    }

    /// Puts an element into a zone; of two the first counts, and a warning tells of the other.
    fn put(&mut self, id: &str, zone: &Key) {
        let inside = zone_id(&zone.text);
        let Some(part) = self.draft.part(Section::Elements, id) else {
            return;
        };
        match part.said("inBoundary") {
            None => part.say("inBoundary", zone.span, text(inside, zone.span)),
            Some(known) if *known == inside => {}
            Some(_) => {
                let message = format!(
                    "this lies in another zone than `{}` in a diagram before",
                    zone.text
                );
                let expect = &mut self.draft.expect;
                expect.say(
                    code::UNKNOWN_WORD,
                    Severity::Warning,
                    zone.span,
                    message,
                    None,
                );
            }
        }
    }

    /// Says that a store keeps an information asset.
    fn keep(&mut self, id: &str, asset: &Node) {
        let Some(name) = asset.as_text() else { return };
        let Some(data) = self.draft.part(Section::Data, name) else {
            self.draft
                .missing("information asset", Section::Data, name, asset.span);
            return;
        };
        data.flag("isStored", asset.span, asset, true);
        let is_sensitive = matches!(data.said("classification"), Some("SENSITIVE" | "SECRET"));
        if is_sensitive && let Some(store) = self.draft.part(Section::Elements, id) {
            store.flag("storesSensitiveData", asset.span, asset, true);
        }
        self.kept
            .entry(Arc::clone(name))
            .or_default()
            .insert(id.to_owned());
    }

    fn flow(&mut self, block: &Block, shown: &mut Shown) {
        self.check("flow", &block.body, &[]);
        let Some(name) = self.label(block) else {
            return;
        };
        let fields = Fields::of(&block.body.said, &name.text, &mut self.draft.expect);
        let ends = ["from", "to"].map(|end| self.end(end, block, &fields, shown));
        let [Some(from), Some(to)] = ends else {
            return;
        };
        let [from_id, to_id] = [&from, &to].map(|end| end.as_text().map_or("", |id| id));
        let id = format!("{} from {from_id} to {to_id}", name.text);
        if shown.flows.insert(id.clone()) && self.draft.has(Section::Flows, &id) {
            return;
        }
        let mut part = Part::new(
            Class::Dataflow,
            key(&id, name.span),
            block.span,
            files::label(name),
        );
        part.say("source", from.span, from.clone());
        part.say("sink", to.span, to.clone());
        if let Some(said) = fields.text("protocol") {
            match said.as_text().and_then(|said| FLOW_TAGS.word(said)) {
                Some(word) => part.word(word, said.span, said),
                None => part.say("protocol", said.span, said.clone()),
            }
        }
        self.draft.rest("flow", &fields);
        self.draft.add(part);
    }

    /// The id of the element at one end of a flow.
    fn end(
        &mut self,
        end: &str,
        block: &Block,
        fields: &Fields<'_>,
        shown: &Shown,
    ) -> Option<Node> {
        let is_unknown = block.body.unknown.iter().any(|one| &*one.key.text == end);
        let Some((_, said)) = fields.entry(end) else {
            if !is_unknown {
                self.draft
                    .expect
                    .missing_key(end, "this flow", block.kind.span);
            }
            return None;
        };
        let name = self.draft.expect.filled_text(end, said)?;
        let Some(id) = shown.elements.get(name) else {
            let help = did_you_mean(name, shown.elements.keys().map(|known| &**known));
            let message = format!("there is no element `{name}` in this diagram");
            let expect = &mut self.draft.expect;
            expect.error(code::UNKNOWN_REFERENCE, said.span, message, help);
            return None;
        };
        Some(text(id.as_str(), said.span))
    }
}

fn zone_id(name: &str) -> String {
    format!("zone {name}")
}

/// What an element is: of the class that its name tells, as far as the block lets it be one.
fn meant(kind: &str, name: &str) -> (Class, Option<&'static Word>) {
    let class = words::BLOCKS.word(kind).and_then(|word| word.class);
    let class = class.unwrap_or(Class::Process);
    let Some(word) = COMPONENTS.word_in(name) else {
        return (class, None);
    };
    let told = word.class.unwrap_or(class);
    let fits = match class {
        Class::ExternalEntity => matches!(told, Class::Actor | Class::ExternalEntity),
        Class::Datastore => told == Class::Datastore,
        _ => !matches!(
            told,
            Class::Actor | Class::ExternalEntity | Class::Datastore
        ),
    };
    if fits {
        (told, Some(word))
    } else {
        (class, None)
    }
}
