//! Layer `read`: the native format, YAML or JSON marked by the top-level key
//! `tmrs` (docs/semantics.md §1).
//!
//! Two passes over one tree: `declare` gives every id its element, so that ids
//! may be used before they are declared; `fill` reads what each says. Every
//! complaint is collected; one of severity error makes the model incomplete.

mod attributes;
mod comments;
mod controls;
mod declare;
mod extras;
mod fill;
mod include;
pub(super) mod meant;
mod scope;
pub(super) mod sniff;
mod values;

use std::ops::Range;
use std::sync::Arc;

use super::{ReadOptions, Reader, Reading, Sniff};
use crate::model::vocabulary::{Attribute, Class, Kind};
use crate::model::{Model, ThreatsFile, derive};
use crate::notice::{Notice, Severity, code};
use crate::source::{RepoPath, Source, Span, Tree};
use crate::syntax;
use crate::syntax::expect::Expect;
use crate::syntax::tree::{Comment, Node};
use scope::Scope;

/// The name of the configuration file, which no model may have.
const CONFIG_NAME: &str = "tmrs.yaml";

/// The name of this reader.
pub const FORMAT: &str = "native";

/// The only version of the format.
const VERSION: i64 = 1;

/// The top-level keys beside the attributes of the TM.
pub const SECTIONS: [&str; 8] = [
    syntax::SCHEMA_KEY,
    "tmrs",
    "include",
    "boundaries",
    "elements",
    "data",
    "flows",
    "assumptions",
];

/// The classes that `elements:` takes.
pub fn element_classes() -> impl Iterator<Item = Class> + Clone {
    Class::ALL
        .into_iter()
        .filter(|class| class.is_element() && !matches!(class, Class::Dataflow | Class::Boundary))
}

/// Keys of an element's or flow's body beside the attributes of its class.
pub const EXTRAS: [&str; 4] = ["threats", "responses", "exclude", "evidence"];

/// Why a file is left out that has the sections of a model and not its mark.
pub const UNMARKED: &str =
    "it has the sections of a model, but not the top-level key `tmrs: 1` that makes it one";

/// Why a model under another name is left.
pub const NAMED_OTHERWISE: &str =
    "its name does not end in `.yaml`, `.yml` or `.json`: it has the key `tmrs`, and is not read";

/// Reads YAML and JSON models.
pub struct Native;

impl Reader for Native {
    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff {
        let ending = path.extension().unwrap_or("").to_ascii_lowercase();
        match ending.as_str() {
            "yaml" | "yml" | "json" if sniff::is_marked(path, text) => Sniff::Candidate,
            "yaml" | "yml" | "json" if sniff::looks_like_one(text) => Sniff::No(UNMARKED),
            "yaml" | "yml" | "json" => Sniff::No("it has no top-level key `tmrs`"),
            _ => Sniff::Foreign,
        }
    }

    fn hides_in(&self, path: &RepoPath, text: &str) -> Option<&'static str> {
        sniff::is_marked_elsewhere(path, text).then_some(NAMED_OTHERWISE)
    }

    fn may_include(&self, text: &str) -> bool {
        text.contains("include")
    }

    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading {
        let document = syntax::parse(source);
        let mut reading = match &document.root {
            Some(root) => {
                let mut builder = Builder::new(Expect::new(source), Some(tree), FORMAT);
                builder.files.of_run = Arc::clone(&options.included);
                let mut reading = builder.read(root, &document.comments, &[]);
                let broken = document
                    .notices
                    .iter()
                    .any(|notice| notice.severity == Severity::Error);
                for model in &mut reading.models {
                    model.complete &= !broken;
                }
                reading
            }
            None => Reading::default(),
        };
        reading.notices.extend(document.notices);
        if source.path().file_name() == CONFIG_NAME {
            reading.models.clear();
            reading.notices.push(reserved_name(source));
        }
        if options.lenient && !reading.models.is_empty() {
            soften(&mut reading);
        }
        reading
    }
}

/// Reads a model that stands inside another file, such as a rule's test: without
/// the mark, and with a name of its own only if it says so.
pub fn read_fragment(source: &Arc<Source>, root: &Node, name: &str) -> Reading {
    let mut builder = Builder::new(Expect::new(source), None, FORMAT);
    builder.fragment = Some(name.into());
    builder.read(root, &[], &[])
}

/// Another format's model, put into the form of a native one.
pub(super) struct Translated<'s> {
    /// The file, and what was wrong with it so far.
    pub(super) expect: Expect<'s>,
    /// The name of its reader.
    pub(super) format: &'static str,
    /// What a native model would say, each part with the bytes that say it there.
    pub(super) root: Node,
    /// The comments of the file.
    pub(super) comments: Vec<Comment>,
    /// Where something starts that is no element, so that no comment there is taken for one
    /// of the element above.
    pub(super) others: Vec<Span>,
}

impl Translated<'_> {
    /// The model.
    pub(super) fn read(self, tree: &dyn Tree) -> Reading {
        let builder = Builder::new(self.expect, Some(tree), self.format);
        builder.read(&self.root, &self.comments, &self.others)
    }
}

/// `--lenient` makes complaints about a model warnings, never silence (docs/semantics.md §6).
pub(super) fn soften(reading: &mut Reading) {
    for notice in &mut reading.notices {
        notice.severity = notice.severity.min(Severity::Warning);
    }
    for model in &mut reading.models {
        model.complete = true;
    }
}

fn reserved_name(source: &Arc<Source>) -> Notice {
    let path = source.path();
    let better = path
        .sibling("threat-model.yaml")
        .map_or_else(String::new, |path| path.to_string());
    Notice::error(
        code::RESERVED_NAME,
        source.place(Span::default()),
        format!("`{path}` holds a model, but `{CONFIG_NAME}` is the name of the configuration"),
    )
    .with_help(format!("rename the model, for example to `{better}`"))
}

/// Whether a model says this attribute itself: it is neither pytm's own nor
/// something that follows from what else is said.
pub fn is_said(class: Class, attribute: &Attribute) -> bool {
    attributes::follows(class, attribute).is_none()
}

/// A declared thing whose body is still to be read.
struct Pending<'n, T> {
    id: T,
    body: &'n Node,
    key: &'n syntax::tree::Key,
}

/// A model on its way from tree to graph.
struct Builder<'s> {
    expect: Expect<'s>,
    tree: Option<&'s dyn Tree>,
    model: Model,
    /// What ids mean in the file that is read now.
    ids: Scope,
    /// The files that were included so far.
    files: include::Files,
    /// The default name of a fragment; `None` for a whole model.
    fragment: Option<Arc<str>>,
}

impl<'s> Builder<'s> {
    fn new(expect: Expect<'s>, tree: Option<&'s dyn Tree>, format: &'static str) -> Self {
        let source = Arc::clone(expect.source());
        let place = source.place(Span::default());
        Self {
            model: Model::new(source, format, "", place),
            expect,
            tree,
            ids: Scope::default(),
            files: include::Files::default(),
            fragment: None,
        }
    }

    fn read(mut self, root: &Node, comments: &[Comment], others: &[Span]) -> Reading {
        if root.as_map().is_none() {
            self.expect.wrong("model", "a map", root, None);
            return Reading {
                notices: self.expect.notices,
                ..Reading::default()
            };
        }
        self.file(root, comments, others);
        let included = self.model.included.iter();
        self.model.parts = included.map(|part| part.path.clone()).collect();
        self.model.parts.sort();
        self.model.complete = !self.expect.is_broken();
        let mut notices = self.expect.notices;
        notices.extend(derive::derive(&mut self.model));
        Reading {
            models: vec![self.model],
            notices,
            ..Reading::default()
        }
    }

    /// One file: what it includes first, then what it says itself. Gives its own elements.
    fn file(&mut self, root: &Node, comments: &[Comment], others: &[Span]) -> Range<u32> {
        self.head(root);
        self.includes(root);
        let start = self.model.elements.len() as u32;
        self.sections(root);
        self.inline_comments(root, comments, others);
        start..self.model.elements.len() as u32
    }

    /// The mark, the name and what else a model says about itself.
    fn head(&mut self, root: &Node) {
        if let Some((key, version)) = root.entry("tmrs") {
            self.model.place = self.expect.place(key.span);
            if version.as_int() != Some(VERSION) {
                let message = format!("version {} is not known", version.described());
                let help = Some(format!("write `tmrs: {VERSION}`"));
                self.expect
                    .error(code::WRONG_TYPE, version.span, message, help);
            }
        }
        if let Some(name) = root.get("name") {
            if let Some(text) = self.expect.filled_text("name", name) {
                self.model.name = Arc::clone(text);
                self.model.place = self.expect.place(name.span);
            }
        } else if let Some(name) = &self.fragment {
            self.model.name = Arc::clone(name);
        } else if self.model.format == FORMAT || !self.expect.is_broken() {
            // Another format has its own word for it, and its reader said what is wrong there.
            let at = self.model.place.span;
            self.expect.missing_key("name", "the model", at);
        }
        for (key, value) in root.as_map().unwrap_or_default() {
            let is_ours = SECTIONS.contains(&&*key.text) || &*key.text == "name";
            if is_ours || meant::is_comment(&key.text) {
                continue;
            }
            if let Some(section) = meant::section(&key.text) {
                let message = format!("no key `{}` is known here", key.text);
                let help = format!("write `{section}:`; it holds what you list here, by id");
                self.expect
                    .error(code::UNKNOWN_KEY, key.span, message, Some(help));
            } else if let Some(attribute) = settings().find(|a| a.name == &*key.text) {
                self.setting(attribute.name, attribute.kind, key, value);
            } else {
                let known = settings().map(|attribute| attribute.name).chain(SECTIONS);
                self.expect.unknown_key(key, known);
            }
        }
    }

    fn setting(&mut self, name: &'static str, kind: Kind, key: &syntax::tree::Key, value: &Node) {
        let Some(slot) = self.slot(name, kind, key, value) else {
            return;
        };
        if let ("threatsFile", Some(written)) = (name, value.as_text()) {
            self.model.threats_file = Some(ThreatsFile {
                path: self
                    .expect
                    .source()
                    .path()
                    .sibling(written)
                    .filter(|path| self.tree.is_some_and(|tree| tree.may_be_named(path))),
                written: Arc::clone(written),
                place: self.expect.place(value.span),
            });
        }
        self.model.slots.set(crate::model::Attr::named(name), slot);
    }

    fn sections(&mut self, root: &Node) {
        let boundaries = self.declare_boundaries(root.get("boundaries"));
        let elements = self.declare_elements(root.get("elements"));
        let data = self.declare_data(root.get("data"));
        let flows = self.declare_flows(root.get("flows"));
        for datum in &data {
            self.fill_datum(datum);
        }
        for element in boundaries.iter().chain(&elements).chain(&flows) {
            self.fill_element(element);
        }
        if let Some(node) = root.get("assumptions") {
            self.model.assumptions = self.assumptions(node);
        }
    }
}

/// The attributes of the TM, beside the name, that a model says at its top level.
pub fn settings() -> impl Iterator<Item = &'static Attribute> + Clone {
    Class::TM
        .spec()
        .attributes
        .iter()
        .filter(|a| !matches!(a.kind, Kind::Internal | Kind::Assumptions) && a.name != "name")
}
