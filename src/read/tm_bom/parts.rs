//! Layer `read`: the zones, actors, components, stores and data sets of a TM-BOM.

use super::{Translation, words};
use crate::model::vocabulary::Class;
use crate::notice::code;
use crate::read::otm::words::COMPONENTS;
use crate::read::translate::words::{Table, Word};
use crate::read::translate::{Fields, Part, Section, key, text};
use crate::syntax::tree::Node;

/// How confidential data may be, from what needs no protection to what needs most.
const CLASSES: [&str; 5] = ["PUBLIC", "RESTRICTED", "SENSITIVE", "SECRET", "TOP_SECRET"];

impl Translation<'_> {
    /// A part with its title and description. Names are unique among things of one type only,
    /// so that the ids of elements begin with theirs.
    pub(super) fn start(
        &mut self,
        class: Class,
        (list, kind): (&str, &str),
        fields: &Fields<'_>,
    ) -> Option<Part> {
        let name = self.symbolic_name(list, fields)?;
        let id = if kind.is_empty() {
            name.to_string()
        } else {
            format!("{kind} {name}")
        };
        let Some((title_key, title)) = fields.entry("title") else {
            let of = format!("`{name}`");
            let at = fields.node().span;
            self.draft.expect.missing_key("title", &of, at);
            return None;
        };
        self.draft.expect.filled_text("title", title)?;
        let at = title_key.span.to(title.span);
        let mut part = Part::new(class, key(&id, at), fields.node().span, title.clone());
        if let Some(said) = fields.text("description") {
            part.say("description", said.span, said.clone());
        }
        Some(part)
    }

    /// The row of a word that the schema lists; a complaint about any other.
    pub(super) fn listed(
        &mut self,
        table: &'static Table,
        what: &str,
        node: &Node,
    ) -> Option<&'static Word> {
        let said = self.draft.expect.text(what, node)?;
        let word = table.word(said);
        if word.is_none() {
            let known = table.words.iter().flat_map(|row| row.words).copied();
            let help = crate::notice::did_you_mean(said, known.clone());
            let help = help.or_else(|| {
                let known: Vec<_> = known.collect();
                Some(format!("known are {}", known.join(", ")))
            });
            let message = format!("`{what}` cannot be {}", node.described());
            let expect = &mut self.draft.expect;
            expect.error(code::UNKNOWN_REFERENCE, node.span, message, help);
        }
        word
    }

    pub(super) fn zone(&mut self, list: &str, fields: &Fields<'_>) {
        if let Some(part) = self.start(Class::Boundary, (list, ""), fields) {
            self.add(list, part);
        }
    }

    /// Adds an element in the zone that it names.
    fn put(&mut self, list: &str, mut part: Part, fields: &Fields<'_>) {
        if let Some((key, zone)) = fields.entry("trust_zone")
            && let Some(name) = self.is_zone(zone)
        {
            self.zones.insert(part.id.text.to_string(), name);
            part.say("inBoundary", key.span, zone.clone());
        }
        self.add(list, part);
    }

    pub(super) fn actor(&mut self, list: &str, fields: &Fields<'_>) {
        let kind = fields.entry("type");
        let word = kind.and_then(|(_, node)| self.listed(&words::ACTORS, "type", node));
        let class = word.and_then(|word| word.class).unwrap_or(Class::Actor);
        let Some(mut part) = self.start(class, (list, "actor"), fields) else {
            return;
        };
        if let (Some(word), Some((key, node))) = (word, kind) {
            part.word(word, key.span, node);
        }
        if let Some(said) = fields.text("permissions") {
            part.document("Permissions", said);
        }
        self.put(list, part, fields);
    }

    /// A component: the format has no types of them, so that its title tells the class.
    pub(super) fn component(&mut self, list: &str, fields: &Fields<'_>) {
        let title = fields.text("title").and_then(Node::as_text);
        let word = title.and_then(|title| COMPONENTS.word_in(title));
        let own = self.own_class(list, fields.text("symbolic_name"));
        let class = match own.or_else(|| word?.class) {
            Some(Class::Actor | Class::ExternalEntity) => Class::Process,
            Some(class) => class,
            None => Class::Server,
        };
        let Some(mut part) = self.start(class, (list, "component"), fields) else {
            return;
        };
        for (name, called) in [("parent_component", "Part of"), ("repo_link", "Repository")] {
            if let Some(said) = fields.text(name) {
                part.document(called, said);
            }
        }
        self.put(list, part, fields);
    }

    pub(super) fn store(&mut self, list: &str, fields: &Fields<'_>) {
        let Some(mut part) = self.start(Class::Datastore, (list, "data_store"), fields) else {
            return;
        };
        if let Some((key, node)) = fields.entry("type")
            && let Some(word) = self.listed(&words::STORES, "type", node)
        {
            part.word(word, key.span, node);
        }
        let made_of = ["vendor", "product"].map(|name| fields.text(name));
        let made_of: Vec<Node> = made_of.into_iter().flatten().cloned().collect();
        if let Some(first) = made_of.first() {
            part.list("technologies", first.span, made_of.clone());
        }
        self.put(list, part, fields);
    }

    /// A data set, with what it means for the stores that keep it.
    pub(super) fn data(&mut self, list: &str, fields: &Fields<'_>) {
        let Some(mut part) = self.start(Class::Data, (list, ""), fields) else {
            return;
        };
        let mut worth: Option<(usize, &Node)> = None;
        for sort in fields.list("data_sensitivity", &mut self.draft.expect) {
            let Some(word) = self.listed(&words::DATA, "data_sensitivity", sort) else {
                continue;
            };
            part.word(word, sort.span, sort);
            let own = part.said("classification");
            let own = CLASSES.iter().position(|class| Some(*class) == own);
            if own > worth.map(|(own, _)| own) {
                worth = own.map(|own| (own, sort));
            }
        }
        if let Some((worth, sort)) = worth {
            let class = text(CLASSES[worth], sort.span);
            part.say("classification", sort.span, class);
        }
        let is_sensitive = worth.is_some_and(|(worth, _)| worth >= 2);
        for place in fields.list("placements", &mut self.draft.expect) {
            self.placed(&mut part, place, is_sensitive);
        }
        self.add(list, part);
    }

    /// Where a data set is kept.
    fn placed(&mut self, data: &mut Part, place: &Node, is_sensitive: bool) {
        let place = Fields::of(place, "placements", &mut self.draft.expect);
        let Some((_, store)) = place.entry("data_store") else {
            return;
        };
        let Some(name) = self.draft.expect.filled_text("data_store", store) else {
            return;
        };
        let id = format!("data_store {name}");
        let encrypted = place.flag("encrypted", &mut self.draft.expect);
        self.draft.rest("placements", &place);
        let Some(part) = self.draft.part(Section::Elements, &id) else {
            let stores = self.draft.ids(Section::Elements);
            let stores = stores.filter_map(|id| id.strip_prefix("data_store "));
            let help = crate::notice::did_you_mean(name, stores);
            let message = format!("there is no data store `{name}`");
            let expect = &mut self.draft.expect;
            expect.error(code::UNKNOWN_REFERENCE, store.span, message, help);
            return;
        };
        data.flag("isStored", store.span, store, true);
        if is_sensitive {
            part.flag("storesSensitiveData", store.span, store, true);
            let said = text(data.id.text.clone(), store.span);
            self.kept.entry(id).or_default().push(said);
        }
        if data.flagged("isPII") == Some(true) {
            part.flag("storesPII", store.span, store, true);
        }
        // One data set in the clear is enough for the store to be so.
        if let Some((at, node, held)) = encrypted
            && part.flagged("controls.isEncryptedAtRest") != Some(false)
        {
            part.flag("controls.isEncryptedAtRest", at, node, held);
        }
    }
}
