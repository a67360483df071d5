//! Layer `read`: the assets, zones, components and flows of an Open Threat Model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{PRESENTATION, Translation, own, words};
use crate::model::vocabulary::Class;
use crate::notice::{Severity, code};
use crate::read::native::meant;
use crate::read::translate::{self, Fields, Part, Section, key, percent, text};
use crate::syntax::tree::{Key, Node};

/// From this worth on the integrity of data is critical.
const CRITICAL: f64 = 80.0;

/// The type of a zone that stands for none.
const NOWHERE: &str = "nowhere";

/// Where a zone or a component says that it lies.
#[derive(Clone)]
enum Parent {
    Zone(Arc<str>),
    Component(Arc<str>),
}

/// Where everything lies: zones and components by id.
#[derive(Default)]
pub(super) struct Places {
    zones: BTreeMap<Arc<str>, Option<Parent>>,
    components: BTreeMap<Arc<str>, Option<Parent>>,
    /// Zones that stand for none.
    nowhere: BTreeSet<Arc<str>>,
}

impl Places {
    /// Where everything says that it lies.
    pub(super) fn of(zones: &[Node], components: &[Node]) -> Self {
        let of = |items: &[Node]| {
            let items = items.iter().filter_map(|item| {
                let id = item.get("id")?.as_text()?;
                Some((Arc::clone(id), parent(item).map(|(parent, _)| parent)))
            });
            items.collect()
        };
        let nowhere = zones.iter().filter(|zone| is_nowhere(zone));
        let nowhere = nowhere.filter_map(|zone| zone.get("id")?.as_text().cloned());
        Self {
            zones: of(zones),
            components: of(components),
            nowhere: nowhere.collect(),
        }
    }

    /// The zone around something that lies there.
    fn zone(&self, mut at: Parent) -> Option<Arc<str>> {
        for _ in 0..=self.components.len() {
            match at {
                Parent::Zone(zone) => return Some(zone),
                Parent::Component(component) => {
                    at = self.components.get(&component)?.clone()?;
                }
            }
        }
        None
    }
}

impl Translation<'_> {
    /// The id of something, which it must have.
    pub(super) fn id<'n>(&mut self, thing: &str, fields: &Fields<'n>) -> Option<&'n Node> {
        let Some((_, id)) = fields.entry("id") else {
            let at = fields.node().span;
            let of = format!("this {thing}");
            self.draft.expect.missing_key("id", &of, at);
            return None;
        };
        self.draft.expect.filled_text("id", id).map(|_| id)
    }

    /// A part with id and name; it stands where its name does.
    fn start(&mut self, class: Class, thing: &str, fields: &Fields<'_>) -> Option<Part> {
        let id = self.id(thing, fields)?;
        let id_text = id.as_text()?;
        let name = match fields.entry("name") {
            Some((_, name)) => {
                self.draft.expect.filled_text("name", name)?;
                name.clone()
            }
            None => id.clone(),
        };
        let item = fields.node();
        let named = fields
            .node()
            .entry("name")
            .map_or(id.span, |(key, value)| key.span.to(value.span));
        // In YAML the thing starts with its first key, above which a comment stands.
        let is_block = !self.draft.expect.place(item.span).text().starts_with('{');
        let first = item.as_map().unwrap_or_default().first();
        let at = match first {
            Some((first, _)) if is_block => first.span.to(named),
            _ => named,
        };
        let mut part = Part::new(class, key(id_text, at), item.span, name);
        if let Some(said) = fields.text("description") {
            part.say("description", said.span, said.clone());
        }
        fields.leave(&PRESENTATION);
        Some(part)
    }

    fn finish(&mut self, mut part: Part, of: &str, fields: &Fields<'_>) {
        if let Some(own) = own(fields) {
            part.native(own);
        }
        self.tell_attributes(of, fields);
        self.draft.rest(of, fields);
        self.draft.add(part);
    }

    pub(super) fn asset(&mut self, item: &Node) {
        let fields = Fields::of(item, "asset", &mut self.draft.expect);
        let Some(mut part) = self.start(Class::Data, "asset", &fields) else {
            return;
        };
        if let Some((_, risk)) = fields.entry("risk") {
            let expect = &mut self.draft.expect;
            if let Some((key, node, worth)) = percent(risk, "confidentiality", expect) {
                let said = text(translate::classification(worth), node.span);
                part.say("classification", key.span, said);
            }
            if let Some((key, node, worth)) = percent(risk, "integrity", expect)
                && worth >= CRITICAL
            {
                part.flag("isIntegrityCritical", key.span, node, true);
            }
            if let Some(comment) = risk.get("comment") {
                part.document("Risk", comment);
            }
        }
        self.finish(part, "assets", &fields);
    }

    /// Puts a part into its zone.
    fn put(&mut self, part: &mut Part, fields: &Fields<'_>, places: &Places) {
        fields.leave(&["parent"]);
        let Some((parent, node)) = parent(fields.node()) else {
            return;
        };
        let (known, thing, id) = match &parent {
            Parent::Zone(id) => (places.zones.contains_key(id), "trust zone", id),
            Parent::Component(id) => (places.components.contains_key(id), "component", id),
        };
        if !known {
            let ids = match &parent {
                Parent::Zone(_) => places.zones.keys(),
                Parent::Component(_) => places.components.keys(),
            };
            let help = crate::notice::did_you_mean(id, ids.map(|id| &**id));
            let message = format!("there is no {thing} `{id}`");
            let expect = &mut self.draft.expect;
            expect.error(code::UNKNOWN_REFERENCE, node.span, message, help);
            return;
        }
        if matches!(parent, Parent::Component(_)) {
            self.draft.untold("components inside components");
        }
        match places.zone(parent) {
            Some(zone) if places.nowhere.contains(&zone) => {}
            Some(zone) => part.say("inBoundary", node.span, text(zone, node.span)),
            None => {
                let message = "the components around this one lead to no trust zone";
                let help = Some("say `parent: {trustZone: …}` for the outermost one".into());
                let expect = &mut self.draft.expect;
                expect.error(code::UNKNOWN_REFERENCE, node.span, message, help);
            }
        }
    }

    pub(super) fn zone(&mut self, item: &Node, places: &Places) {
        let fields = Fields::of(item, "trust zone", &mut self.draft.expect);
        if is_nowhere(item) {
            return;
        }
        let Some(mut part) = self.start(Class::Boundary, "trust zone", &fields) else {
            return;
        };
        self.put(&mut part, &fields, places);
        if let Some((_, risk)) = fields.entry("risk")
            && let Some((key, node, rating)) = percent(risk, "trustRating", &mut self.draft.expect)
        {
            part.say("trust", key.span, text(trust(rating), node.span));
        }
        if let Some(said) = fields.text("type")
            && let Some(word) = said.as_text().and_then(|said| words::ZONES.word_in(said))
        {
            part.word(word, said.span, said);
        }
        self.finish(part, "trustZones", &fields);
    }

    pub(super) fn component(&mut self, item: &Node, places: &Places) {
        let fields = Fields::of(item, "component", &mut self.draft.expect);
        let said = fields.text("type");
        let is_said = own(&fields).is_some_and(|own| own.get("class").is_some());
        let word = said.filter(|_| !is_said);
        let word = word.and_then(|said| words::COMPONENTS.word_in(said.as_text()?));
        let class = self.class(&fields, word.and_then(|word| word.class));
        let Some(mut part) = self.start(class, "component", &fields) else {
            return;
        };
        if let (Some(word), Some(said)) = (word, said) {
            part.word(word, said.span, said);
        }
        self.put(&mut part, &fields, places);
        self.tags(&mut part, &fields);
        self.instances(&mut part, &fields);
        self.threats_of(&mut part, &fields);
        self.finish(part, "components", &fields);
    }

    /// The class of a component: what it says for tmrs, else what its type means.
    fn class(&mut self, fields: &Fields<'_>, meant: Option<Class>) -> Class {
        if let Some(node) = own(fields).and_then(|own| own.get("class")) {
            let said = node.as_text().map_or("", |text| text);
            let element = Class::named(said).filter(|class| {
                class.is_element() && !matches!(class, Class::Boundary | Class::Dataflow)
            });
            if let Some(class) = element {
                return class;
            }
            let help = meant::class(said).map(|class| format!("did you mean `{}`?", class.name()));
            let message = format!("there is no class `{said}` of elements");
            let expect = &mut self.draft.expect;
            expect.error(code::UNKNOWN_REFERENCE, node.span, message, help);
        }
        if let Some(class) = meant {
            return class;
        }
        if let Some(said) = fields.text("type") {
            let message = format!(
                "the type {} is not known: taken for a Server",
                said.described()
            );
            let help = "if it is something else, say so: `attributes: {tmrs: {class: Datastore}}`";
            let expect = &mut self.draft.expect;
            expect.say(
                code::UNKNOWN_WORD,
                Severity::Warning,
                said.span,
                message,
                Some(help.into()),
            );
        }
        Class::Server
    }

    /// Tags name what a thing is built with, or how a flow travels.
    fn tags(&mut self, part: &mut Part, fields: &Fields<'_>) {
        let tags = fields.list("tags", &mut self.draft.expect);
        let tags: Vec<_> = tags.iter().filter(|tag| tag.as_text().is_some()).collect();
        if part.class == Class::Dataflow {
            for tag in tags {
                let word = tag.as_text().and_then(|tag| words::FLOW_TAGS.word(tag));
                match word {
                    Some(word) => part.word(word, tag.span, tag),
                    None => self.draft.untold("dataflows.tags"),
                }
            }
        } else if part.takes("technologies") && !tags.is_empty() {
            let at = tags[0].span;
            part.list("technologies", at, tags.into_iter().cloned().collect());
        } else if !tags.is_empty() {
            self.draft.untold("components.tags");
        }
    }

    /// The data that a component handles and keeps.
    fn instances(&mut self, part: &mut Part, fields: &Fields<'_>) {
        let Some((key, instances)) = fields.entry("assets") else {
            return;
        };
        let mut handled: Vec<Node> = Vec::new();
        for of in ["processed", "stored"] {
            let items = instances.get(of).map_or(&[][..], |node| {
                if node.is_null() {
                    &[]
                } else {
                    self.draft.expect.list(of, node)
                }
            });
            for item in items.iter().filter(|item| !item.is_null()) {
                let Some(id) = item.as_text() else { continue };
                if !self.draft.has(Section::Data, id) {
                    self.draft.missing("asset", Section::Data, id, item.span);
                    continue;
                }
                if of == "stored" {
                    self.stored(part, id, item);
                }
                handled.push(item.clone());
            }
        }
        if part.takes("data") && !handled.is_empty() {
            part.list("data", key.span, handled);
        }
    }

    fn stored(&mut self, store: &mut Part, id: &str, item: &Node) {
        let Some(data) = self.draft.part(Section::Data, id) else {
            return;
        };
        data.flag("isStored", item.span, item, true);
        let secret = data
            .said("classification")
            .is_some_and(|said| matches!(said, "SENSITIVE" | "SECRET" | "TOP_SECRET"));
        if secret && store.takes("storesSensitiveData") {
            store.flag("storesSensitiveData", item.span, item, true);
        }
    }

    pub(super) fn flow(&mut self, item: &Node) {
        let fields = Fields::of(item, "dataflow", &mut self.draft.expect);
        let Some(mut part) = self.start(Class::Dataflow, "dataflow", &fields) else {
            return;
        };
        let mut ends = Vec::new();
        for (end, words) in [
            ("source", ["source", "sourceNode"]),
            ("sink", ["destination", "destinationNode"]),
        ] {
            let Some((key, node)) = words.iter().find_map(|word| fields.entry(word)) else {
                let expect = &mut self.draft.expect;
                expect.missing_key(words[0], "this dataflow", part.id.span);
                return;
            };
            ends.push((end, key.span, node));
            part.say(end, key.span, node.clone());
        }
        let assets = fields.list("assets", &mut self.draft.expect);
        let mut carried = Vec::new();
        for item in assets {
            let Some(id) = item.as_text() else { continue };
            if self.draft.has(Section::Data, id) {
                carried.push(item.clone());
            } else {
                self.draft.missing("asset", Section::Data, id, item.span);
            }
        }
        if !carried.is_empty() {
            let at = carried[0].span;
            part.list("data", at, carried);
        }
        self.tags(&mut part, &fields);
        self.threats_of(&mut part, &fields);
        let both = fields.flag("bidirectional", &mut self.draft.expect);
        let back = both.filter(|(_, _, both)| *both);
        if let (Some((_, node, _)), [(_, _, from), (_, _, to)]) = (back, &ends[..]) {
            let back = answering(&part, node, (to, from));
            self.finish(part, "dataflows", &fields);
            self.draft.add(back);
        } else {
            self.finish(part, "dataflows", &fields);
        }
    }
}

/// The flow that runs the other way.
fn answering(part: &Part, said: &Node, (from, to): (&Node, &Node)) -> Part {
    let id = Key {
        span: part.id.span,
        text: format!("{} (back)", part.id.text).into(),
    };
    let name = format!("{} (back)", part.said("name").unwrap_or(&part.id.text));
    let name = text(name, part.id.span);
    let mut back = Part::new(Class::Dataflow, id, said.span, name);
    back.say("source", from.span, from.clone());
    back.say("sink", to.span, to.clone());
    back.flag("isResponse", said.span, said, true);
    back.say(
        "responseTo",
        said.span,
        text(Arc::clone(&part.id.text), said.span),
    );
    back.share(
        part,
        &["data", "protocol", "usesVPN", "controls.isEncrypted"],
    );
    back
}

/// What a zone or component says around it.
fn parent(item: &Node) -> Option<(Parent, &Node)> {
    let parent = item.get("parent")?;
    let said = |name: &str| {
        let node = parent.get(name)?;
        Some((Arc::clone(node.as_text()?), node))
    };
    let zone = said("trustZone").map(|(id, node)| (Parent::Zone(id), node));
    zone.or_else(|| said("component").map(|(id, node)| (Parent::Component(id), node)))
}

/// Whether a zone is none: what tmrs writes around components that lie in no boundary, because
/// the format wants a zone.
fn is_nowhere(zone: &Node) -> bool {
    let kind = zone.get("type").and_then(Node::as_text);
    kind.is_some_and(|kind| &**kind == NOWHERE)
}

/// How far a zone is trusted that has a rating from 0 to 100.
fn trust(rating: f64) -> &'static str {
    match rating {
        rating if rating <= 20.0 => "UNTRUSTED",
        rating if rating <= 40.0 => "PARTNER",
        rating if rating < 90.0 => "INTERNAL",
        _ => "RESTRICTED",
    }
}
