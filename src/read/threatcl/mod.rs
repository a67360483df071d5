//! Layer `read`: threat models of threatcl, which was called hcltm: HCL.
//!
//! Each block `threatmodel` is a model, with all its data flow diagrams. Nothing is downloaded
//! and no function is called: what would take that is told.

mod diagrams;
mod files;
mod threats;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::translate::{self, Draft, Fields, Part, key, text};
use super::{ReadOptions, Reader, Reading, Sniff};
use crate::model::vocabulary::Class;
use crate::notice::{Notice, Severity, code, did_you_mean};
use crate::source::{RepoPath, Source, Span, Tree};
use crate::syntax::expect::Expect;
use crate::syntax::hcl::{self, Block, Body};
use crate::syntax::tree::{Key, Node, NodeKind, Style};
use files::{Files, Names};

/// The name of this reader.
pub const FORMAT: &str = "threatcl";

/// The block that makes a file one of models.
const MARK: &str = "threatmodel";

/// The ending of its files.
const ENDING: &str = "hcl";

/// Why a file with that ending is left.
const NO_MODEL: &str = "it has no block `threatmodel`";

/// What may stand in a file of models.
const TOP: [&str; 4] = [MARK, "component", "variable", "backend"];

/// What may stand in a model.
const PARTS: [&str; 10] = [
    "attributes",
    "additional_attribute",
    "information_asset",
    "usecase",
    "exclusion",
    "third_party_dependency",
    "threat",
    "data_flow_diagram",
    "data_flow_diagram_v2",
    "mermaid",
];

/// Reads models of threatcl.
pub struct Threatcl;

impl Reader for Threatcl {
    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff {
        match path.extension() {
            Some(ending) if ending.eq_ignore_ascii_case(ENDING) => {}
            _ => return Sniff::Foreign,
        }
        let bears = memchr::memmem::find(text.as_bytes(), MARK.as_bytes()).is_some();
        if bears && has_mark(path, text) {
            Sniff::Candidate
        } else {
            Sniff::No(NO_MODEL)
        }
    }

    fn is_read_by_others(&self) -> bool {
        true
    }

    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading {
        let mut files = Files::of(tree, options.share);
        let mut reading = translate::read_hcl(source, tree, options, |file| {
            models(source, &mut files, file)
        });
        if reading.models.is_empty() && reading.notices.is_empty() {
            reading.no_model = Some(NO_MODEL.to_owned());
        }
        let parts: Vec<_> = files.parts.into_iter().collect();
        for model in &mut reading.models {
            model.parts.clone_from(&parts);
        }
        reading.parts = parts;
        reading.takes(&files.share);
        reading
    }
}

/// Whether there is such a block: `threatmodel "name" {`, wherever its line begins it. What
/// breaks the grammar has one if it looks like one.
fn has_mark(path: &RepoPath, text: &str) -> bool {
    match hcl::parse(&Source::new(path.clone(), text)) {
        Ok(file) => file.body(&|_| None).of(MARK).next().is_some(),
        Err(_) => text.match_indices(MARK).any(|(at, _)| {
            let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            let rest = &text[at + MARK.len()..];
            let label = rest.trim_start();
            !text[..at].ends_with(is_part)
                && (label.starts_with(['"', '/'])
                    || (label.len() < rest.len() && label.starts_with(char::is_alphabetic)))
        }),
    }
}

/// Every model of a file, and what is wrong with the rest of it.
fn models<'s>(
    source: &'s Arc<Source>,
    files: &mut Files<'_>,
    file: &hcl::File,
) -> (Vec<Draft<'s>>, Vec<Notice>) {
    let mut expect = Expect::new(source);
    let plain = file.body(&|_| None);
    if plain.of(MARK).next().is_none() {
        return (Vec::new(), Vec::new());
    }
    let names = files.names(&mut expect, source.path(), &plain);
    let body = file.body(&|path| names.value(path));
    for block in &body.blocks {
        if !TOP.contains(&&*block.kind.text) {
            expect.unknown_key(&block.kind, TOP);
        }
    }
    let nothing = Node::new(Span::default(), NodeKind::Null, Style::Plain);
    let drafts = body.of(MARK).map(|block| {
        let mut translation = Translation {
            draft: Draft::new(source, FORMAT, &nothing),
            system: None,
            kept: BTreeMap::new(),
            placed: 0,
        };
        translation.model(source.path(), files, block, &names);
        translation.draft
    });
    (drafts.collect(), expect.notices)
}

/// One model on its way.
struct Translation<'s> {
    draft: Draft<'s>,
    /// The whole system, once a threat is one of it.
    system: Option<Part>,
    /// The ids of the stores that keep an information asset, by its name.
    kept: BTreeMap<Arc<str>, BTreeSet<String>>,
    /// At how many stores threats stand.
    placed: usize,
}

/// A model that another one takes over.
struct Included {
    block: Block,
    names: Names,
}

impl Translation<'_> {
    fn model(&mut self, path: &RepoPath, files: &mut Files<'_>, block: &Block, names: &Names) {
        let Some(name) = self.label(block) else {
            return;
        };
        let included = self.included(path, files, block);
        let mut layers = vec![(block, names)];
        layers.extend(included.iter().map(|one| (&one.block, &one.names)));
        self.draft.head("name", name.span, files::label(name));
        for (block, _) in &layers {
            self.check(MARK, &block.body, &PARTS);
        }
        self.description(&layers);
        for (asset, _) in named(&layers, "information_asset") {
            self.asset(asset);
        }
        if let Some((legacy, _)) = of(&layers, "data_flow_diagram").next() {
            self.diagram(legacy);
        }
        for (diagram, _) in named(&layers, "data_flow_diagram_v2") {
            self.diagram(diagram);
        }
        for (threat, names) in named(&layers, "threat") {
            self.threat(name, threat, names);
        }
        if let Some(system) = self.system.take() {
            self.draft.add(system);
        }
    }

    /// The models that a model takes over, and those that they take over in turn.
    fn included(&mut self, path: &RepoPath, files: &mut Files<'_>, block: &Block) -> Vec<Included> {
        let mut found: Vec<Included> = Vec::new();
        let mut seen = BTreeSet::from([path.clone()]);
        let mut path = path.clone();
        loop {
            let last = found.last().map_or(block, |last| &last.block);
            let Some(name) = last.body.said.get("including").cloned() else {
                return found;
            };
            let expect = &mut self.draft.expect;
            let Some((next, block, names)) = files.included(expect, &path, &name) else {
                return found;
            };
            if !seen.insert(next.clone()) {
                let message = "this model includes itself";
                expect.error(code::DUPLICATE_KEY, name.span, message, None);
                return found;
            }
            found.push(Included { block, names });
            path = next;
        }
    }

    /// What a block is called; a complaint if it has no name.
    fn label<'b>(&mut self, block: &'b Block) -> Option<&'b Key> {
        let label = block.labels.first();
        let label = label.filter(|label| !label.text.trim().is_empty());
        if label.is_none() {
            let kind = &block.kind.text;
            let message = format!("this `{kind}` has no name");
            let help = format!("write `{kind} \"name\" {{`");
            let expect = &mut self.draft.expect;
            expect.error(code::MISSING_KEY, block.kind.span, message, Some(help));
        }
        label
    }

    /// Tells of blocks that nobody knows, and of values that are not known. Where they are
    /// documentation they are counted; else the model is not read completely.
    fn check(&mut self, of: &str, body: &Body, known: &[&str]) {
        for block in &body.blocks {
            let kind = &*block.kind.text;
            if known.contains(&kind) {
                continue;
            }
            if let Some(help) = did_you_mean(kind, known.iter().copied()) {
                let message = format!("no block `{kind}` is known here");
                let expect = &mut self.draft.expect;
                expect.error(code::UNKNOWN_KEY, block.kind.span, message, Some(help));
            } else {
                self.draft.untold(format!("{of}.{kind}"));
            }
        }
        for unknown in &body.unknown {
            let name = &*unknown.key.text;
            if words::DOCUMENTATION.contains(&name) {
                self.draft
                    .untold(format!("{of}.{name} that only threatcl works out"));
                continue;
            }
            let message = format!(
                "`{name}` is not known without running threatcl: it {}",
                unknown.why
            );
            let help = "write the value itself";
            let expect = &mut self.draft.expect;
            expect.error(code::UNREAD, unknown.span, message, Some(help.into()));
        }
    }

    /// Whether something is said to be so, as a flag or, as threatcl takes it too, in words.
    fn flag(&mut self, fields: &Fields<'_>, name: &str) -> bool {
        let Some((_, value)) = fields.entry(name) else {
            return false;
        };
        match value.as_text().map(|said| &**said) {
            Some("true") => true,
            Some("false") => false,
            _ => self.draft.expect.flag(name, value) == Some(true),
        }
    }

    /// What the model says of itself and has no words for here, as its description.
    fn description(&mut self, layers: &[(&Block, &Names)]) {
        let mut about = About::default();
        let first = |name: &str| {
            let mut said = layers
                .iter()
                .filter_map(|(block, _)| block.body.said.get(name));
            said.find(|said| says_something(said))
        };
        for (name, called) in [
            ("description", ""),
            ("author", "Author"),
            ("link", "Link"),
            ("diagram_link", "Diagram"),
        ] {
            about.say(called, first(name));
        }
        let repositories = first("repository").and_then(Node::as_list);
        for repository in repositories.unwrap_or_default() {
            about.say("Repository", Some(repository));
        }
        if let Some((attributes, _)) = of(layers, "attributes").next() {
            self.check("attributes", &attributes.body, &[]);
            for (name, called) in [
                ("internet_facing", "Internet facing"),
                ("new_initiative", "New initiative"),
                ("initiative_size", "Size of the initiative"),
            ] {
                about.say(called, attributes.body.said.get(name));
            }
            self.draft.untold("attributes");
        }
        for (kind, called, name) in [
            ("additional_attribute", "", "value"),
            ("usecase", "Use case", "description"),
            ("exclusion", "Excluded", "description"),
            ("third_party_dependency", "Depends on", "description"),
            ("mermaid", "Diagram", "description"),
        ] {
            for (block, _) in of(layers, kind) {
                self.check(kind, &block.body, &[]);
                let said = block.body.said.get(name);
                match block.labels.first() {
                    Some(label) => about.say_of(called, label, said),
                    None => about.say(called, said),
                }
                self.draft.untold(kind);
            }
        }
        for (block, _) in layers {
            let fields = Fields::of(&block.body.said, MARK, &mut self.draft.expect);
            fields.leave(&[
                "description",
                "author",
                "link",
                "diagram_link",
                "repository",
                "including",
                "imports",
                "created_at",
                "updated_at",
            ]);
            self.draft.rest(MARK, &fields);
        }
        if let Some(at) = about.at {
            let lines = text(about.lines.join("\n"), at);
            self.draft.head("description", at, lines);
        }
    }

    /// An information asset.
    fn asset(&mut self, block: &Block) {
        self.check("information_asset", &block.body, &[]);
        let Some(name) = self.label(block) else {
            return;
        };
        let fields = Fields::of(&block.body.said, &name.text, &mut self.draft.expect);
        let id = key(&name.text, name.span);
        let mut part = Part::new(Class::Data, id, block.span, files::label(name));
        if let Some(said) = fields.text("description") {
            part.say("description", said.span, said.clone());
        }
        if let Some(said) = fields.text("information_classification") {
            let word = said
                .as_text()
                .and_then(|text| words::CLASSIFICATIONS.word(text));
            match word {
                Some(word) => part.word(word, said.span, said),
                None => {
                    let message = format!("a classification {} is not known", said.described());
                    let help =
                        "known are Restricted, Confidential and Public; this one says nothing";
                    let expect = &mut self.draft.expect;
                    let help = Some(help.into());
                    expect.say(
                        code::UNKNOWN_WORD,
                        Severity::Warning,
                        said.span,
                        message,
                        help,
                    );
                    part.document("Classification", said);
                }
            }
        }
        self.draft.rest("information_asset", &fields);
        self.draft.add(part);
    }
}

/// The blocks of one kind in a model and those that it takes over.
fn of<'b>(
    layers: &[(&'b Block, &'b Names)],
    kind: &'b str,
) -> impl Iterator<Item = (&'b Block, &'b Names)> {
    let all = layers.iter().map(|(block, names)| (*block, *names));
    all.flat_map(move |(block, names)| block.body.of(kind).map(move |one| (one, names)))
}

/// The same, without those that the model takes over although it has one of that name.
fn named<'b>(layers: &[(&'b Block, &'b Names)], kind: &'b str) -> Vec<(&'b Block, &'b Names)> {
    let mut found = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for layer in layers {
        let mut own = Vec::new();
        for (block, names) in of(std::slice::from_ref(layer), kind) {
            let name = block.labels.first().map(|label| &*label.text);
            if name.is_none_or(|name| !known.contains(name)) {
                found.push((block, names));
            }
            own.extend(name);
        }
        known.extend(own);
    }
    found
}

fn says_something(said: &Node) -> bool {
    match &said.kind {
        NodeKind::Text(text) => !text.trim().is_empty(),
        kind => !matches!(kind, NodeKind::Null),
    }
}

/// A description on its way.
#[derive(Default)]
struct About {
    lines: Vec<String>,
    at: Option<Span>,
}

impl About {
    fn say(&mut self, called: &str, said: Option<&Node>) {
        let Some(said) = said.filter(|said| says_something(said)) else {
            return;
        };
        let words = words_of(said);
        self.at.get_or_insert(said.span);
        self.lines.push(match called {
            "" => words,
            called => format!("{called}: {words}"),
        });
    }

    /// Of something that has a name.
    fn say_of(&mut self, called: &str, name: &Key, said: Option<&Node>) {
        self.at.get_or_insert(name.span);
        let start = match called {
            "" => name.text.to_string(),
            called => format!("{called} {}", name.text),
        };
        self.lines
            .push(match said.filter(|said| says_something(said)) {
                Some(said) => format!("{start}: {}", words_of(said)),
                None => start,
            });
    }
}

/// A value in words.
fn words_of(said: &Node) -> String {
    match &said.kind {
        NodeKind::Text(text) => text.trim_end().to_owned(),
        NodeKind::Int(number) => number.to_string(),
        NodeKind::Bool(held) => held.to_string(),
        _ => said.described(),
    }
}
