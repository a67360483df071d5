//! Layer `read`: the data assets, technical assets and trust boundaries of Threagile.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Translation, words};
use crate::model::vocabulary::Class;
use crate::notice::{Severity, code, did_you_mean};
use crate::read::translate::words::Table;
use crate::read::translate::{Fields, Part, Section, key, text};
use crate::source::Span;
use crate::syntax::tree::{Key, Node};

/// Confidentiality from which on data must be protected.
const SENSITIVE: [&str; 3] = ["SENSITIVE", "SECRET", "TOP_SECRET"];

impl Translation<'_> {
    /// A part that stands under its title and has an id.
    fn start(&mut self, class: Class, title: &Key, fields: &Fields<'_>) -> Option<Part> {
        let Some((_, id)) = fields.entry("id") else {
            let of = format!("`{}`", title.text);
            self.draft.expect.missing_key("id", &of, title.span);
            return None;
        };
        let id = Arc::clone(self.draft.expect.filled_text("id", id)?);
        let name = text(Arc::clone(&title.text), title.span);
        let id = key(&id, title.span);
        let mut part = Part::new(class, id, fields.node().span, name);
        if let Some(said) = fields.text("description") {
            part.say("description", said.span, said.clone());
        }
        if let Some(said) = fields.text("justification_cia_rating") {
            part.document("Rating", said);
        }
        Some(part)
    }

    /// Says what a word of a table means, if the entry is there.
    pub(super) fn entry(
        &mut self,
        part: &mut Part,
        fields: &Fields<'_>,
        name: &str,
        table: &Table,
    ) {
        if let Some((key, value)) = fields.entry(name)
            && let Some(word) = self.word(table, name, value)
        {
            part.word(word, key.span, value);
        }
    }

    /// The ids of a list that a section must have.
    pub(super) fn ids<'n>(
        &mut self,
        fields: &Fields<'n>,
        name: &str,
        (section, thing): (Section, &str),
    ) -> Vec<&'n Node> {
        let items = fields.list(name, &mut self.draft.expect);
        let mut known = Vec::new();
        for item in items {
            let Some(id) = self.draft.expect.filled_text(name, item) else {
                continue;
            };
            if self.draft.has(section, id) {
                known.push(item);
            } else {
                self.draft.missing(thing, section, id, item.span);
            }
        }
        known
    }

    pub(super) fn data_asset(&mut self, title: &Key, item: &Node) {
        let fields = Fields::of(item, &title.text, &mut self.draft.expect);
        fields.leave(&["usage", "quantity", "origin", "owner", "availability"]);
        let Some(mut part) = self.start(Class::Data, title, &fields) else {
            return;
        };
        self.entry(
            &mut part,
            &fields,
            "confidentiality",
            &words::CONFIDENTIALITY,
        );
        self.entry(&mut part, &fields, "integrity", &words::INTEGRITY);
        self.draft.rest("data_assets", &fields);
        self.draft.add(part);
    }

    pub(super) fn technical_asset(&mut self, title: &Key, item: &Node) {
        let fields = Fields::of(item, &title.text, &mut self.draft.expect);
        fields.leave(&[
            "usage",
            "size",
            "owner",
            "confidentiality",
            "integrity",
            "diagram_tweak_order",
            "communication_links",
            "custom_developed_parts",
        ]);
        let technologies = self.technologies(&fields);
        let class = self.class(&fields, &technologies);
        let Some(mut part) = self.start(class, title, &fields) else {
            return;
        };
        for (technology, said) in &technologies {
            if let Some(word) = words::TECHNOLOGIES.word(technology) {
                part.word(word, said.span, said);
            }
        }
        self.entry(&mut part, &fields, "machine", &words::MACHINES);
        self.entry(&mut part, &fields, "encryption", &words::ENCRYPTION);
        self.entry(&mut part, &fields, "availability", &words::AVAILABILITY);
        for said in fields.list("data_formats_accepted", &mut self.draft.expect) {
            if let Some(word) = self.word(&words::FORMATS, "data_formats_accepted", said) {
                part.word(word, said.span, said);
            }
        }
        for (name, attribute, negated) in [
            ("internet", "isInternetFacing", false),
            ("multi_tenant", "isMultiTenant", false),
            ("redundant", "controls.hasRedundancy", false),
            ("out_of_scope", "inScope", true),
        ] {
            if let Some((at, said, held)) = fields.flag(name, &mut self.draft.expect)
                && part.takes(attribute)
            {
                part.flag(attribute, at, said, held != negated);
            }
        }
        if let Some(why) = fields.text("justification_out_of_scope") {
            part.document("Out of scope", why);
        }
        let tags = fields.list("tags", &mut self.draft.expect);
        if part.takes("technologies") && !tags.is_empty() {
            let tags: Vec<Node> = tags
                .iter()
                .filter(|tag| tag.as_text().is_some())
                .cloned()
                .collect();
            part.list(
                "technologies",
                tags.first().map_or(title.span, |tag| tag.span),
                tags,
            );
        }
        self.data_of(&mut part, &fields);
        self.draft.rest("technical_assets", &fields);
        self.draft.add(part);
    }

    /// The data that an asset handles and keeps.
    fn data_of(&mut self, part: &mut Part, fields: &Fields<'_>) {
        let of = (Section::Data, "data asset");
        let processed = self.ids(fields, "data_assets_processed", of);
        let stored = self.ids(fields, "data_assets_stored", of);
        for item in &stored {
            let id = item.as_text().map_or("", |id| id);
            let Some(data) = self.draft.part(Section::Data, id) else {
                continue;
            };
            data.flag("isStored", item.span, item, true);
            let secret = data
                .said("classification")
                .is_some_and(|said| SENSITIVE.contains(&said));
            if secret && part.takes("storesSensitiveData") {
                part.flag("storesSensitiveData", item.span, item, true);
            }
        }
        let mut all: Vec<Node> = Vec::new();
        for item in processed.into_iter().chain(stored) {
            if !all.iter().any(|known| known.as_text() == item.as_text()) {
                all.push(item.clone());
            }
        }
        if part.takes("data") && !all.is_empty() {
            let at = all[0].span;
            part.list("data", at, all);
        }
    }

    /// The technologies of an asset. Threagile lets people add to its own, so that another
    /// one is no error.
    fn technologies<'n>(&mut self, fields: &Fields<'n>) -> Vec<(Arc<str>, &'n Node)> {
        let one = fields.text("technology");
        let many = fields.list("technologies", &mut self.draft.expect);
        let mut found = Vec::new();
        for said in one.into_iter().chain(many) {
            let Some(technology) = said.as_text() else {
                continue;
            };
            if words::TECHNOLOGIES.word(technology).is_none() {
                let known = words::TECHNOLOGIES.words.iter();
                let known = known.flat_map(|word| word.words.iter().copied());
                let message = format!("the technology `{technology}` is not known");
                let help = did_you_mean(technology, known)
                    .unwrap_or_else(|| "only the type of this asset counts".into());
                let expect = &mut self.draft.expect;
                expect.say(
                    code::UNKNOWN_WORD,
                    Severity::Warning,
                    said.span,
                    message,
                    Some(help),
                );
            }
            found.push((Arc::clone(technology), said));
        }
        found
    }

    fn class(&mut self, fields: &Fields<'_>, technologies: &[(Arc<str>, &Node)]) -> Class {
        let human = fields.flag("used_as_client_by_human", &mut self.draft.expect);
        let is_human = human.is_some_and(|(_, _, human)| human);
        let Some((_, kind)) = fields.entry("type") else {
            let at = fields.node().span;
            self.draft
                .expect
                .missing_key("type", "this technical asset", at);
            return Class::Process;
        };
        let meant = self
            .word(&words::TYPES, "type", kind)
            .and_then(|word| word.class);
        let mut told = technologies
            .iter()
            .filter_map(|(technology, _)| words::TECHNOLOGIES.word(technology)?.class);
        let serverless = fields.node().get("machine").and_then(Node::as_text);
        let serverless = serverless.is_some_and(|machine| &**machine == "serverless");
        match meant {
            Some(Class::ExternalEntity) if is_human => Class::Actor,
            Some(Class::Process) if serverless => Class::Lambda,
            Some(Class::Process) => told
                .find(|class| *class != Class::Datastore)
                // A queue or a vault that runs by itself answers requests.
                .unwrap_or(if technologies.is_empty() {
                    Class::Process
                } else {
                    Class::Server
                }),
            Some(class) => class,
            None => Class::Process,
        }
    }

    /// Trust boundaries, and what each holds.
    pub(super) fn boundaries(&mut self, items: &[(&Key, &Node)]) {
        let mut holding: Vec<(Arc<str>, Section, Arc<str>, Span)> = Vec::new();
        let mut nested = Vec::new();
        for (title, item) in items {
            let fields = Fields::of(item, &title.text, &mut self.draft.expect);
            let Some(mut part) = self.start(Class::Boundary, title, &fields) else {
                continue;
            };
            self.entry(&mut part, &fields, "type", &words::BOUNDARIES);
            fields.leave(&["trust_boundaries_nested"]);
            let id = Arc::clone(&part.id.text);
            for inside in self.ids(
                &fields,
                "technical_assets_inside",
                (Section::Elements, "technical asset"),
            ) {
                let inner = inside.as_text().map_or("", |id| id).into();
                holding.push((Arc::clone(&id), Section::Elements, inner, inside.span));
            }
            nested.push((id, *item));
            self.draft.rest("trust_boundaries", &fields);
            self.draft.add(part);
        }
        for (id, item) in nested {
            let fields = Fields::of(item, "trust boundary", &mut self.draft.expect);
            for inside in self.ids(
                &fields,
                "trust_boundaries_nested",
                (Section::Boundaries, "trust boundary"),
            ) {
                let inner = inside.as_text().map_or("", |id| id).into();
                holding.push((Arc::clone(&id), Section::Boundaries, inner, inside.span));
            }
        }
        let mut first: BTreeMap<(Section, Arc<str>), Span> = BTreeMap::new();
        for (around, section, inner, at) in holding {
            if let Some(before) = first.insert((section, Arc::clone(&inner)), at) {
                let message = format!("`{inner}` lies in two trust boundaries");
                let notice = crate::notice::Notice::error(
                    code::DUPLICATE_KEY,
                    self.draft.expect.place(at),
                    message,
                );
                let label = self.draft.expect.place(before);
                let notice = notice.with_label(label, "it is put into the other one here");
                self.draft.expect.notices.push(notice);
                continue;
            }
            if let Some(part) = self.draft.part(section, &inner) {
                part.say("inBoundary", at, text(around, at));
            }
        }
    }

    /// A shared runtime: nothing that the vocabulary has, but its references must hold.
    pub(super) fn shared_runtime(&mut self, title: &Key, item: &Node) {
        let fields = Fields::of(item, &title.text, &mut self.draft.expect);
        self.ids(
            &fields,
            "technical_assets_running",
            (Section::Elements, "technical asset"),
        );
        self.draft.untold("shared_runtimes");
    }
}
