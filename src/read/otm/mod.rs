//! Layer `read`: the Open Threat Model format of `IriusRisk`, 0.1 and 0.2, YAML or JSON.
//!
//! What the format has no words for a model may say under `attributes: {tmrs: …}`, as in a
//! native model.

mod parts;
mod threats;
pub mod words;

use std::sync::Arc;

use super::native::sniff;
use super::translate::{self, Draft, Fields};
use super::{ReadOptions, Reader, Reading, Sniff};
use crate::notice::code;
use crate::source::{RepoPath, Source, Tree};
use crate::syntax::tree::Node;
use parts::Places;

/// The key that makes a file such a model.
const MARK: &str = "otmVersion";

/// The name of this reader.
pub const FORMAT: &str = "otm";

/// Under this key of `attributes` stands what only tmrs understands.
pub const OWN: &str = "tmrs";

/// Keys that only say how something is drawn or managed.
const PRESENTATION: [&str; 1] = ["representations"];

/// Reads Open Threat Models.
pub struct Otm;

impl Reader for Otm {
    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff {
        let ending = path.extension().unwrap_or("").to_ascii_lowercase();
        match ending.as_str() {
            "otm" | "yaml" | "yml" | "json" if sniff::has_key(text, MARK) => Sniff::Candidate,
            _ => Sniff::Foreign,
        }
    }

    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading {
        translate::read(source, tree, options, |root| {
            let mut otm = Translation {
                draft: Draft::new(source, FORMAT, root),
                threats: threats::Catalogue::default(),
            };
            otm.model(root);
            vec![otm.draft]
        })
    }
}

/// One model on its way.
struct Translation<'s> {
    draft: Draft<'s>,
    threats: threats::Catalogue,
}

impl Translation<'_> {
    fn model(&mut self, root: &Node) {
        let fields = Fields::of(root, "model", &mut self.draft.expect);
        fields.leave(&["$schema"]);
        fields.leave(&PRESENTATION);
        self.version(&fields);
        self.project(&fields);
        self.catalogue(&fields);
        for item in fields.list("assets", &mut self.draft.expect) {
            self.asset(item);
        }
        let zones = fields.list("trustZones", &mut self.draft.expect);
        let components = fields.list("components", &mut self.draft.expect);
        let places = Places::of(zones, components);
        for item in zones {
            self.zone(item, &places);
        }
        for item in components {
            self.component(item, &places);
        }
        for item in fields.list("dataflows", &mut self.draft.expect) {
            self.flow(item);
        }
        self.draft.rest("model", &fields);
    }

    fn version(&mut self, fields: &Fields<'_>) {
        let Some((_, version)) = fields.entry(MARK) else {
            return;
        };
        let source = self.draft.expect.source();
        let written = version.written(source).trim_matches(['"', '\'']);
        let known = ["0.1", "0.2"];
        if !known.iter().any(|known| {
            let rest = written.strip_prefix(known);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }) {
            let message = format!("version {} of the format is not known", version.described());
            let help = Some("tmrs reads Open Threat Model 0.1 and 0.2".to_owned());
            let expect = &mut self.draft.expect;
            expect.error(code::WRONG_TYPE, version.span, message, help);
        }
    }

    fn project(&mut self, fields: &Fields<'_>) {
        let Some((key, node)) = fields.entry("project") else {
            let at = fields.node().span;
            self.draft.expect.missing_key("project", "the model", at);
            return;
        };
        let project = Fields::of(node, "project", &mut self.draft.expect);
        project.leave(&["id", "owner", "ownerContact"]);
        match project.entry("name") {
            Some((name_key, name)) => self.draft.head("name", name_key.span, name.clone()),
            None => self
                .draft
                .expect
                .missing_key("name", "the project", key.span),
        }
        if let Some(said) = project.text("description") {
            self.draft.head("description", said.span, said.clone());
        }
        for (key, value) in own(&project).map_or(&[][..], |own| own.as_map().unwrap_or_default()) {
            self.draft.head(&key.text, key.span, value.clone());
        }
        self.tell_attributes("project", &project);
        self.draft.rest("project", &project);
    }

    /// Counts attributes that are not ours.
    fn tell_attributes(&mut self, of: &str, fields: &Fields<'_>) {
        let Some((_, attributes)) = fields.entry("attributes") else {
            return;
        };
        for (key, value) in attributes.as_map().unwrap_or_default() {
            if &*key.text != OWN && !value.is_null() {
                self.draft.untold(format!("{of}.attributes.{}", key.text));
            }
        }
    }
}

/// What is said for tmrs alone.
fn own<'n>(fields: &Fields<'n>) -> Option<&'n Node> {
    let (_, attributes) = fields.entry("attributes")?;
    attributes.get(OWN).filter(|own| own.as_map().is_some())
}
