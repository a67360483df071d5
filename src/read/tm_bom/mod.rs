//! Layer `read`: threat models of the OWASP Threat Model Library, which `CycloneDX` calls TM-BOM:
//! schema 1.0, JSON.

mod flows;
mod own;
mod parts;
mod threats;
pub mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::native::sniff;
use super::translate::{self, Draft, Fields, Section, text};
use super::{ReadOptions, Reader, Reading, Sniff};
use crate::source::{RepoPath, Source, Span, Tree};
use crate::syntax::tree::{Key, Node};

/// The name of this reader.
pub const FORMAT: &str = "tm-bom";

/// Top-level keys that the schema demands and that nobody else has together.
const MARKS: [&str; 4] = ["scope", "trust_zones", "data_sets", "data_flows"];

/// Keys that say when a model was made and how it is drawn.
const MANAGED: [&str; 9] = [
    "$schema",
    "version",
    "frozen",
    "released_at",
    "product_release_date",
    "release_docs_link",
    "reviewed_at",
    "repo_link",
    "diagrams",
];

/// Reads models of the Threat Model Library.
pub struct TmBom;

impl Reader for TmBom {
    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff {
        let is_one = sniff::may_be_json(path, text)
            && MARKS
                .iter()
                .rev()
                .all(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
            && MARKS.iter().all(|mark| sniff::has_key(text, mark));
        if is_one {
            Sniff::Candidate
        } else {
            Sniff::Foreign
        }
    }

    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading {
        translate::read(source, tree, options, |root| {
            let says = own::says(root);
            let whole = root;
            let root = &own::said(whole);
            let mut translation = Translation {
                says,
                draft: Draft::new(source, FORMAT, root),
                zones: BTreeMap::new(),
                borders: Vec::new(),
                kept: BTreeMap::new(),
            };
            translation.model(root);
            translation.strays(whole);
            vec![translation.draft]
        })
    }
}

/// One model on its way.
struct Translation<'s> {
    draft: Draft<'s>,
    says: own::Says,
    /// The zone in which an element lies, by the id of the element.
    zones: BTreeMap<String, Arc<str>>,
    /// What holds between two zones.
    borders: Vec<flows::Border>,
    /// Data that must be protected, by the store that keeps it.
    kept: BTreeMap<String, Vec<Node>>,
}

impl Translation<'_> {
    fn model(&mut self, root: &Node) {
        let fields = Fields::of(root, "model", &mut self.draft.expect);
        fields.leave(&MANAGED);
        self.head(&fields);
        self.each(&fields, "trust_zones", Self::zone);
        self.each(&fields, "actors", Self::actor);
        self.each(&fields, "components", Self::component);
        self.each(&fields, "data_stores", Self::store);
        self.each(&fields, "data_sets", Self::data);
        self.each(&fields, "trust_boundaries", Self::border);
        self.each(&fields, "data_flows", Self::flow);
        self.threats(&fields);
        for name in ["threat_personas", "extensions"] {
            let said = fields.entry(name).map(|(_, said)| said);
            let items = said.map_or(0, |said| match (said.as_list(), said.as_map()) {
                (Some(items), _) => items.len(),
                (_, Some(entries)) => entries.iter().filter(|(key, _)| is_foreign(key)).count(),
                _ => 1,
            });
            for _ in 0..items {
                self.draft.untold(name);
            }
        }
        self.draft.rest("model", &fields);
    }

    /// Every item of a list, each a map.
    fn each(
        &mut self,
        fields: &Fields<'_>,
        list: &str,
        read: impl Fn(&mut Self, &str, &Fields<'_>),
    ) {
        for item in fields.list(list, &mut self.draft.expect) {
            let one = Fields::of(item, list, &mut self.draft.expect);
            if item.as_map().is_some() {
                read(self, list, &one);
                self.draft.rest(list, &one);
            }
        }
    }

    /// The name of the model, and what it says of itself as its description.
    fn head(&mut self, fields: &Fields<'_>) {
        let Some((key, node)) = fields.entry("scope") else {
            let at = fields.node().span;
            self.draft.expect.missing_key("scope", "this model", at);
            return;
        };
        let scope = Fields::of(node, "scope", &mut self.draft.expect);
        match scope.entry("title") {
            Some((key, title)) => {
                if self.draft.expect.filled_text("title", title).is_some() {
                    self.draft.head("name", key.span, title.clone());
                }
            }
            None => {
                self.draft
                    .expect
                    .missing_key("title", "the scope", key.span);
            }
        }
        let mut lines: Vec<String> = Vec::new();
        let mut at: Option<Span> = None;
        let mut say = |called: &str, said: &Node| {
            let Some(words) = said.as_text().filter(|words| !words.trim().is_empty()) else {
                return;
            };
            at.get_or_insert(said.span);
            lines.push(match called {
                "" => words.to_string(),
                called => format!("{called}: {words}"),
            });
        };
        if let Some(said) = fields.text("description") {
            say("", said);
        }
        for (name, called) in [
            ("description", "Scope"),
            ("business_criticality", "Business criticality"),
            ("exposure", "Exposure"),
            ("tier", "Tier"),
        ] {
            if let Some(said) = scope.text(name) {
                say(called, said);
            }
        }
        for sort in scope.list("data_sensitivity", &mut self.draft.expect) {
            say("Data", sort);
        }
        for item in fields.list("assumptions", &mut self.draft.expect) {
            let validity = item.get("validity").and_then(Node::as_text);
            if let Some(said) = item.get("description") {
                let validity = validity.map_or("unconfirmed", |validity| validity);
                say(&format!("Assumption ({validity})"), said);
            }
        }
        let own = self.own("scope", "scope").and_then(Node::as_map);
        for (key, said) in own.unwrap_or_default().to_vec() {
            self.draft.head(&key.text, key.span, said);
        }
        self.draft.rest("scope", &scope);
        if let Some(at) = at {
            self.draft
                .head("description", at, text(lines.join("\n"), at));
        }
    }

    /// The name by which others mean an item.
    fn symbolic_name(&mut self, list: &str, fields: &Fields<'_>) -> Option<Arc<str>> {
        let Some((_, name)) = fields.entry("symbolic_name") else {
            let of = format!("this item of `{list}`");
            let at = fields.node().span;
            self.draft.expect.missing_key("symbolic_name", &of, at);
            return None;
        };
        self.draft
            .expect
            .filled_text("symbolic_name", name)
            .cloned()
    }

    /// Whether there is a zone of that name; a complaint if not.
    fn is_zone(&mut self, name: &Node) -> Option<Arc<str>> {
        let id = self.draft.expect.filled_text("trust_zone", name)?;
        if self.draft.has(Section::Boundaries, id) {
            return Some(Arc::clone(id));
        }
        self.draft
            .missing("trust zone", Section::Boundaries, id, name.span);
        None
    }
}

/// Whether an extension is not our own.
fn is_foreign(key: &Key) -> bool {
    &*key.text != own::OWN
}
