//! Layer `read`: pytm's JSON, as `pytm.load` reads it and `--json` writes it.
//!
//! Things name each other by name. What `--json` writes has every attribute, said or not: there
//! a value that is the default says nothing.

use std::sync::Arc;

use super::native::sniff;
use super::translate::{self, Draft, Fields, Part, Section, key, text};
use super::{ReadOptions, Reader, Reading, Sniff};
use crate::model::vocabulary::{Attribute, Class, Fallback, Kind, LIFETIMES};
use crate::notice::{code, did_you_mean};
use crate::source::{RepoPath, Source, Tree};
use crate::syntax::tree::{Key, Node, NodeKind, Style};

/// The name of this reader.
pub const FORMAT: &str = "pytm-json";

/// What `--json` adds to a model: what was found, and the elements once more by their kind.
const FOUND: [&str; 5] = [
    "actors",
    "assets",
    "excluded_findings",
    "findings",
    "threatsExcluded",
];

/// What tells a file that `--json` wrote: of pytm 1.4, and of those before it.
const WRITTEN: [&[&str]; 2] = [
    &["excluded_findings", "threatsExcluded"],
    &[
        "findings",
        "ignoreUnused",
        "mergeResponses",
        "onDuplicates",
        "threatsExcluded",
    ],
];

/// What pytm works out from the rest.
const FOLLOWS: [&str; 8] = [
    "carriedBy",
    "findings",
    "inputs",
    "is_drawn",
    "outputs",
    "processedBy",
    "severity",
    "uuid",
];

/// Reads pytm's JSON.
pub struct PytmJson;

impl Reader for PytmJson {
    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff {
        let is_json = sniff::may_be_json(path, text);
        let has_list = |name: &str| {
            let mut found = memchr::memmem::find_iter(text.as_bytes(), name.as_bytes());
            found.any(|at| {
                let after = text.get(at + name.len()..).unwrap_or("").trim_start();
                let value = after.strip_prefix(':').map(str::trim_start);
                value.is_some_and(|value| value.starts_with('['))
            })
        };
        if is_json
            && has_list("\"elements\"")
            && has_list("\"flows\"")
            && ["\"__class__\"", "\"sink\""]
                .iter()
                .any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
            && sniff::has_key(text, "elements")
            && sniff::has_key(text, "flows")
            && sniff::has_key(text, "name")
        {
            Sniff::Candidate
        } else {
            Sniff::Foreign
        }
    }

    fn is_read_by_others(&self) -> bool {
        true
    }

    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading {
        translate::read(source, tree, options, |root| {
            let mut dump = Dump {
                draft: Draft::new(source, FORMAT, root),
                has_defaults: WRITTEN
                    .iter()
                    .any(|keys| keys.iter().all(|key| root.get(key).is_some())),
            };
            dump.model(root);
            vec![dump.draft]
        })
    }
}

/// One model on its way.
struct Dump<'s> {
    draft: Draft<'s>,
    /// Whether what is a default may not have been said.
    has_defaults: bool,
}

impl Dump<'_> {
    fn model(&mut self, root: &Node) {
        let fields = Fields::of(root, "model", &mut self.draft.expect);
        for (name, class) in [
            ("boundaries", Some(Class::Boundary)),
            ("data", Some(Class::Data)),
            ("elements", None),
            ("flows", Some(Class::Dataflow)),
        ] {
            for item in fields.list(name, &mut self.draft.expect) {
                self.item(name, class, item);
            }
        }
        let sections = ["boundaries", "data", "elements", "flows"];
        for (key, value) in root.as_map().unwrap_or_default() {
            let name = &*key.text;
            let is_own = self.has_defaults && name == "threatsFile";
            if sections.contains(&name) || FOUND.contains(&name) || value.is_null() || is_own {
                continue;
            }
            if let Some(attribute) = Class::TM.attribute(name)
                && self.has_defaults
                && is_default(attribute, value)
            {
                continue;
            }
            let value = Class::TM
                .attribute(name)
                .map_or_else(|| value.clone(), |attribute| member(attribute, value));
            self.draft.head(name, key.span, value);
        }
    }

    fn item(&mut self, section: &str, class: Option<Class>, item: &Node) {
        let fields = Fields::of(item, section, &mut self.draft.expect);
        let Some((name_key, name)) = fields.entry("name") else {
            let of = format!("this entry of `{section}`");
            self.draft.expect.missing_key("name", &of, item.span);
            return;
        };
        let Some(written) = self.draft.expect.filled_text("name", name).cloned() else {
            return;
        };
        let Some(class) = class.or_else(|| self.class(&fields)) else {
            return;
        };
        let at = name_key.span.to(name.span);
        let id = if class == Class::Dataflow {
            // Flows may share a name: nothing but an answer refers to one.
            self.free(&written)
        } else {
            written
        };
        let mut part = Part::new(class, key(&id, at), item.span, name.clone());
        for (key, value) in item.as_map().unwrap_or_default() {
            self.entry(&mut part, key, value);
        }
        self.draft.add(part);
    }

    /// A name that no flow has yet.
    fn free(&self, name: &Arc<str>) -> Arc<str> {
        if !self.draft.has(Section::Flows, name) {
            return Arc::clone(name);
        }
        let mut number = self.draft.ids(Section::Flows).count() + 1;
        loop {
            let id = format!("{name} #{number}");
            if !self.draft.has(Section::Flows, &id) {
                return id.into();
            }
            number += 1;
        }
    }

    fn class(&mut self, fields: &Fields<'_>) -> Option<Class> {
        let Some((_, node)) = fields.entry("__class__") else {
            return Some(Class::Asset);
        };
        let said = self.draft.expect.text("__class__", node)?;
        let known = || super::native::element_classes();
        let class = known().find(|class| class.name() == &**said);
        if class.is_none() {
            let help = did_you_mean(said, known().map(Class::name));
            let message = format!("there is no class `{said}` of elements");
            let expect = &mut self.draft.expect;
            expect.error(code::UNKNOWN_REFERENCE, node.span, message, help);
        }
        class
    }

    fn entry(&mut self, part: &mut Part, key: &Key, value: &Node) {
        let name = &*key.text;
        if matches!(name, "name" | "__class__") || value.is_null() {
            return;
        }
        if self.has_defaults && FOLLOWS.contains(&name) {
            return;
        }
        match name {
            "controls" => {
                for (control, said) in self.draft.expect.map("controls", value) {
                    let known = Class::Controls.attribute(&control.text);
                    let is_default = known.is_some_and(|known| is_default(known, said));
                    let says_nothing = self.has_defaults && is_default || said.is_null();
                    if !says_nothing {
                        let name = format!("controls.{}", control.text);
                        part.say(&name, control.span, said.clone());
                    }
                }
            }
            // Of an override `--json` writes no more than a number.
            "overrides" if texts(value) => {
                for _ in value.as_list().unwrap_or_default() {
                    self.draft.untold("overrides");
                }
            }
            // pytm.load takes the lifetime of credentials under this name.
            "lifetime" if part.class == Class::Data => {
                part.say("credentialsLife", key.span, bare(value));
            }
            _ => {
                let known = part.class.attribute(name);
                if self.has_defaults && known.is_some_and(|known| is_default(known, value)) {
                    return;
                }
                let value = known.map_or_else(|| value.clone(), |known| member(known, value));
                part.say(name, key.span, value);
            }
        }
    }
}

/// Whether a list holds nothing but texts.
fn texts(value: &Node) -> bool {
    let items = value.as_list().unwrap_or_default();
    items.iter().all(|item| item.as_text().is_some())
}

/// A member of an enum without the enum's name: `Classification.SECRET` as `SECRET`; one that
/// is said by its value by its name.
fn bare(value: &Node) -> Node {
    match value.as_text() {
        Some(said) => {
            let said = said.rsplit('.').next().unwrap_or(said);
            let by_value = LIFETIMES.iter().find(|(_, value)| *value == said);
            text(by_value.map_or(said, |(name, _)| *name), value.span)
        }
        None => value.clone(),
    }
}

/// The value of an attribute; of an enum its member, which may be said by number.
fn member(attribute: &Attribute, value: &Node) -> Node {
    match (attribute.kind, &value.kind) {
        (Kind::Enum(of), NodeKind::Int(at)) => {
            let member = usize::try_from(*at).ok().and_then(|at| of.members.get(at));
            member.map_or_else(|| value.clone(), |(name, _)| text(*name, value.span))
        }
        (Kind::Enum(_), NodeKind::Text(_)) => bare(value),
        (Kind::Elements | Kind::Flows | Kind::DataSet, NodeKind::Text(_)) => Node::new(
            value.span,
            NodeKind::List(vec![value.clone()]),
            Style::Plain,
        ),
        _ => value.clone(),
    }
}

/// Whether a value is what holds when nobody says anything.
fn is_default(attribute: &Attribute, value: &Node) -> bool {
    match (attribute.default, &value.kind) {
        (Fallback::Bool(default), NodeKind::Bool(said)) => default == *said,
        (Fallback::Int(default), NodeKind::Int(said)) => default == *said,
        (Fallback::Text(default), NodeKind::Text(said)) => default == &**said,
        (Fallback::Member(default), NodeKind::Text(said)) => {
            said.rsplit('.').next() == Some(default)
        }
        (Fallback::Nothing, NodeKind::Null) => true,
        (Fallback::Empty, NodeKind::List(items)) => items.is_empty(),
        (Fallback::LevelZero, NodeKind::List(items)) => {
            items.iter().all(|item| item.as_int() == Some(0))
        }
        _ => false,
    }
}
