//! Layer `read`: models of Threagile, with the files that they include.

mod include;
mod links;
mod parts;
mod tracking;
pub mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::native::sniff;
use super::share::Share;
use super::translate::words::{Table, Word};
use super::translate::{self, Draft, Fields};
use super::{ReadOptions, Reader, Reading, Sniff};
use crate::notice::{code, did_you_mean};
use crate::source::{RepoPath, Source, Tree};
use crate::syntax::tree::{Key, Node};

/// The key that makes a file such a model.
const MARK: &str = "threagile_version";

/// The name of this reader.
pub const FORMAT: &str = "threagile";

/// Keys that say how a report looks, or who wrote it.
const PRESENTATION: [&str; 21] = [
    "$schema",
    MARK,
    "includes",
    "title",
    "date",
    "author",
    "contributors",
    "management_summary_comment",
    "application_description",
    "business_overview",
    "technical_overview",
    "tags_available",
    "diagram_tweak_edge_layout",
    "diagram_tweak_invisible_connections_between_assets",
    "diagram_tweak_layout_left_to_right",
    "diagram_tweak_nodesep",
    "diagram_tweak_ranksep",
    "diagram_tweak_same_rank_assets",
    "diagram_tweak_suppress_edge_labels",
    "individual_risk_categories",
    "custom_risk_categories",
];

/// Reads models of Threagile.
pub struct Threagile;

impl Reader for Threagile {
    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff {
        let ending = path.extension().unwrap_or("").to_ascii_lowercase();
        match ending.as_str() {
            "yaml" | "yml" | "json" if sniff::has_key(text, MARK) => Sniff::Candidate,
            _ => Sniff::Foreign,
        }
    }

    fn is_read_by_others(&self) -> bool {
        true
    }

    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading {
        let mut parts = Vec::new();
        let mut share = Share::of(options.share);
        let mut reading = translate::read(source, tree, options, |root| {
            let mut draft = Draft::new(source, FORMAT, root);
            let included = include::all(&mut draft, source.path(), root, tree, &mut share);
            parts = included.paths;
            let mut roots = vec![root];
            roots.extend(&included.roots);
            let mut translation = Translation {
                draft,
                callers: BTreeMap::new(),
            };
            translation.model(&roots);
            vec![translation.draft]
        });
        for model in &mut reading.models {
            model.parts.clone_from(&parts);
        }
        reading.parts = parts;
        reading.takes(&share);
        reading
    }
}

/// One model on its way.
struct Translation<'s> {
    draft: Draft<'s>,
    /// Of each technical asset, what its callers prove.
    callers: BTreeMap<Arc<str>, links::Callers>,
}

impl Translation<'_> {
    fn model(&mut self, roots: &[&Node]) {
        let title = roots.iter().find_map(|root| root.entry("title"));
        match title {
            Some((key, title)) if self.draft.expect.filled_text("title", title).is_some() => {
                self.draft.head("name", key.span, title.clone());
            }
            Some(_) => {}
            None => {
                let at = roots[0]
                    .entry(MARK)
                    .map_or(roots[0].span, |(key, _)| key.span);
                self.draft.expect.missing_key("title", "the model", at);
            }
        }
        let overview = [
            "application_description",
            "business_overview",
            "technical_overview",
        ];
        let said = overview.iter().find_map(|key| {
            let said = roots
                .iter()
                .find_map(|root| root.get(key)?.get("description"));
            said.filter(|said| said.as_text().is_some_and(|text| !text.trim().is_empty()))
        });
        if let Some(said) = said {
            self.draft.head("description", said.span, said.clone());
        }
        for (title, item) in section(roots, "data_assets") {
            self.data_asset(title, item);
        }
        let assets = section(roots, "technical_assets");
        for (title, item) in &assets {
            self.technical_asset(title, item);
        }
        for (_, item) in &assets {
            self.links(item);
        }
        self.prove();
        self.boundaries(&section(roots, "trust_boundaries"));
        for (title, item) in section(roots, "shared_runtimes") {
            self.shared_runtime(title, item);
        }
        for section in ["individual_risk_categories", "custom_risk_categories"] {
            for root in roots {
                if let Some((_, categories)) = root.entry(section) {
                    self.categories(categories);
                }
            }
        }
        for (id, item) in section(roots, "risk_tracking") {
            self.tracked(id, item);
        }
        for root in roots {
            let fields = Fields::of(root, "model", &mut self.draft.expect);
            fields.leave(&PRESENTATION);
            fields.leave(&[
                "data_assets",
                "technical_assets",
                "trust_boundaries",
                "shared_runtimes",
                "risk_tracking",
            ]);
            self.draft.rest("model", &fields);
        }
    }

    /// The row of a word that a table must have; a complaint if it does not.
    fn word(&mut self, table: &Table, key: &str, value: &Node) -> Option<&'static Word> {
        let said = self.draft.expect.text(key, value)?;
        let found = table.word(said);
        if found.is_none() {
            let known = table
                .words
                .iter()
                .flat_map(|word| word.words.iter().copied());
            let help = did_you_mean(said, known.clone()).or_else(|| {
                let known: Vec<_> = known.collect();
                (known.len() <= 16).then(|| format!("known here: {}", known.join(", ")))
            });
            let message = format!("`{key}` cannot be {}", value.described());
            let expect = &mut self.draft.expect;
            expect.error(code::WRONG_TYPE, value.span, message, help);
        }
        found
    }
}

/// The entries of one section in all files.
fn section<'n>(roots: &[&'n Node], name: &str) -> Vec<(&'n Key, &'n Node)> {
    let of = roots.iter().filter_map(|root| root.get(name)?.as_map());
    of.flatten().map(|(key, value)| (key, value)).collect()
}
