//! Layer `read`: from the file of another tool to what a native model would say.
//!
//! A reader of another format makes a `Draft`: sections of `Part`s whose every entry stands
//! at the bytes that say it. The native reader checks and reads it then, so that references,
//! types and what follows are the same for all formats.

mod drawn;
mod fields;
mod part;
mod risk;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) use drawn::{Drawing, Rectangle};
pub(super) use fields::Fields;
pub(super) use part::{Part, key, text};
pub(super) use risk::{THREAT_WITHOUT_TITLE, Threat, answer, classification, percent};

use super::native::Translated;
use super::{ReadOptions, Reading, native};
use crate::model::vocabulary::Class;
use crate::notice::{Notice, Severity, code};
use crate::source::{Source, Span, Tree};
use crate::syntax::expect::Expect;
use crate::syntax::hcl;
use crate::syntax::tree::{Comment, Key, Node, NodeKind, Style};
use crate::syntax::xml::{self, Element};

/// So many sorts of things without a word are named in the notice about them.
const NAMED: usize = 12;

/// The sections of a model.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Boundaries,
    Elements,
    Data,
    Flows,
}

impl Section {
    const ALL: [Self; 4] = [Self::Boundaries, Self::Elements, Self::Data, Self::Flows];

    fn name(self) -> &'static str {
        match self {
            Self::Boundaries => "boundaries",
            Self::Elements => "elements",
            Self::Data => "data",
            Self::Flows => "flows",
        }
    }

    fn of(class: Class) -> Self {
        match class {
            Class::Boundary => Self::Boundaries,
            Class::Dataflow => Self::Flows,
            Class::Data => Self::Data,
            _ => Self::Elements,
        }
    }
}

/// A model on its way from another format.
pub(super) struct Draft<'s> {
    pub(super) expect: Expect<'s>,
    format: &'static str,
    head: Vec<(Key, Node)>,
    parts: BTreeMap<Section, Vec<Part>>,
    ids: BTreeMap<(Section, Arc<str>), (Span, usize)>,
    /// Where something starts that is no element.
    others: Vec<Span>,
    /// What has no word here, by where it stands, with how often.
    untold: BTreeMap<String, usize>,
    comments: Vec<Comment>,
}

impl<'s> Draft<'s> {
    /// A model without parts. `root` is the map that the file holds.
    pub(super) fn new(source: &'s Arc<Source>, format: &'static str, root: &Node) -> Self {
        let keys = root.as_map().unwrap_or_default();
        Self {
            expect: Expect::new(source),
            format,
            head: Vec::new(),
            parts: BTreeMap::new(),
            ids: BTreeMap::new(),
            others: keys.iter().map(|(key, _)| key.span).collect(),
            untold: BTreeMap::new(),
            comments: Vec::new(),
        }
    }

    /// Says something of the model as a whole.
    pub(super) fn head(&mut self, name: &str, at: Span, value: Node) {
        self.head.push((key(name, at), value));
    }

    /// Takes in what stands in a file that is included: its comments and where it starts.
    pub(super) fn beside(&mut self, comments: impl IntoIterator<Item = Comment>, root: &Node) {
        self.comments.extend(comments);
        let keys = root.as_map().unwrap_or_default();
        self.others.extend(keys.iter().map(|(key, _)| key.span));
    }

    /// Adds a part; an id that is taken is an error.
    pub(super) fn add(&mut self, part: Part) {
        let section = Section::of(part.class);
        let id = (section, Arc::clone(&part.id.text));
        if let Some((first, _)) = self.ids.get(&id) {
            let message = format!("the id `{}` stands twice", part.id.text);
            let notice = Notice::error(
                code::DUPLICATE_KEY,
                self.expect.place(part.id.span),
                message,
            );
            let notice = notice
                .with_label(self.expect.place(*first), "it stands here first")
                .with_help("give one of the two another id, and mend what refers to it");
            self.expect.notices.push(notice);
            return;
        }
        let parts = self.parts.entry(section).or_default();
        self.ids.insert(id, (part.id.span, parts.len()));
        parts.push(part);
    }

    /// A part by its id.
    pub(super) fn part(&mut self, section: Section, id: &str) -> Option<&mut Part> {
        let (_, at) = self.ids.get(&(section, id.into()))?;
        self.parts.get_mut(&section)?.get_mut(*at)
    }

    /// Whether a section has that id.
    pub(super) fn has(&self, section: Section, id: &str) -> bool {
        self.ids.contains_key(&(section, id.into()))
    }

    /// The ids of a section.
    pub(super) fn ids(&self, section: Section) -> impl Iterator<Item = &str> + Clone {
        let ids = self.ids.keys().filter(move |(of, _)| *of == section);
        ids.map(|(_, id)| &**id)
    }

    /// Complains about a reference to nothing.
    pub(super) fn missing(&mut self, thing: &str, section: Section, id: &str, at: Span) {
        let help = crate::notice::did_you_mean(id, self.ids(section));
        let message = format!("there is no {thing} `{id}`");
        self.expect
            .error(code::UNKNOWN_REFERENCE, at, message, help);
    }

    /// Puts everything into the smallest box in which it is drawn.
    pub(super) fn nest(&mut self, drawing: &Drawing) {
        for (id, around, at) in drawing.inside() {
            for section in [Section::Boundaries, Section::Elements] {
                if let Some(part) = self.part(section, id) {
                    part.say("inBoundary", at, text(Arc::clone(around), at));
                }
            }
        }
    }

    /// Tells of a trust boundary that is drawn as a line, which has no inside.
    pub(super) fn line(&mut self, at: Span, help: &str) {
        self.untold("trust boundaries that are drawn as lines");
        let message = "this trust boundary is a line, which does not tell what lies behind it";
        self.expect.say(
            code::UNKNOWN_WORD,
            Severity::Warning,
            at,
            message,
            Some(help.into()),
        );
    }

    /// A name for a flow that has none: between which elements it runs.
    pub(super) fn between(&mut self, from: &Node, to: &Node, at: Span) -> Node {
        let mut name = |end: &Node| {
            let id = end.as_text().map_or("", |id| id);
            let part = self.part(Section::Elements, id);
            part.and_then(|part| part.said("name").map(ToOwned::to_owned))
                .unwrap_or_else(|| id.to_owned())
        };
        let (from, to) = (name(from), name(to));
        text(format!("{from} to {to}"), at)
    }

    /// Counts something that the vocabulary has no word for.
    pub(super) fn untold(&mut self, what: impl Into<String>) {
        *self.untold.entry(what.into()).or_default() += 1;
    }

    /// Counts what of a map nobody asked for; what looks like a slip for something that is
    /// missing is a warning at its place.
    pub(super) fn rest(&mut self, of: &str, fields: &Fields<'_>) {
        for key in fields.rest() {
            let name = &key.text;
            match fields.meant_by(key) {
                Some(meant) => {
                    let message = format!("`{name}` says nothing here");
                    let help = Some(format!("did you mean `{meant}`?"));
                    let (code, severity) = (code::UNKNOWN_KEY, Severity::Warning);
                    self.expect.say(code, severity, key.span, message, help);
                }
                None => self.untold(format!("{of}.{name}")),
            }
        }
    }

    /// The model, read as a native one.
    fn read(mut self, tree: &dyn Tree, comments: &[Comment]) -> Reading {
        let mut root = std::mem::take(&mut self.head);
        for section in Section::ALL {
            let parts = self.parts.remove(&section).unwrap_or_default();
            let entries = parts.into_iter().map(Part::into_entry).collect();
            let node = Node::new(Span::default(), NodeKind::Map(entries), Style::Plain);
            root.push((key(section.name(), Span::default()), node));
        }
        self.comments.extend_from_slice(comments);
        let translated = Translated {
            expect: self.expect,
            format: self.format,
            root: Node::new(Span::default(), NodeKind::Map(root), Style::Plain),
            comments: self.comments,
            others: self.others,
        };
        let mut reading = translated.read(tree);
        if let (Some(model), Some(words)) = (reading.models.first(), untold_in_words(&self.untold))
        {
            let place = model.place.clone();
            reading
                .notices
                .push(Notice::note(code::UNEXPRESSED, place, words));
        }
        reading
    }
}

/// What was left, in a sentence.
fn untold_in_words(untold: &BTreeMap<String, usize>) -> Option<String> {
    let count: usize = untold.values().sum();
    if count == 0 {
        return None;
    }
    let named = untold.iter().take(NAMED).map(|(what, count)| match count {
        1 => format!("`{what}`"),
        more => format!("`{what}` ({more} times)"),
    });
    let named: Vec<_> = named.collect();
    let more = match untold.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} other sorts"),
    };
    let (things, are) = if count == 1 {
        ("thing", "is")
    } else {
        ("things", "are")
    };
    Some(format!(
        "{count} {things} that this model says {are} not judged, because there is no word here that means the same: {}{more}",
        named.join(", ")
    ))
}

/// Reads a file of another format, YAML or JSON: parses it, lets `translate` make drafts of it,
/// and reads those.
pub(super) fn read<'s>(
    source: &'s Arc<Source>,
    tree: &dyn Tree,
    options: &ReadOptions,
    translate: impl FnOnce(&Node) -> Vec<Draft<'s>>,
) -> Reading {
    let document = crate::syntax::parse(source);
    let mut notices = document.notices;
    let drafts = match &document.root {
        Some(root) if root.as_map().is_some() => translate(root),
        Some(root) => {
            let mut expect = Expect::new(source);
            expect.wrong("model", "a map", root, None);
            notices.append(&mut expect.notices);
            Vec::new()
        }
        None => Vec::new(),
    };
    whole(drafts, tree, options, &document.comments, notices)
}

/// The same for a file in XML.
pub(super) fn read_xml<'s>(
    source: &'s Arc<Source>,
    tree: &dyn Tree,
    options: &ReadOptions,
    translate: impl FnOnce(&Element<'s>) -> Vec<Draft<'s>>,
) -> Reading {
    match xml::parse(source) {
        Ok(root) => whole(translate(&root), tree, options, &[], Vec::new()),
        Err(notice) => whole(Vec::new(), tree, options, &[], vec![notice]),
    }
}

/// The same for a file in HCL. `translate` tells also what is wrong with it beside its models.
pub(super) fn read_hcl<'s>(
    source: &'s Arc<Source>,
    tree: &dyn Tree,
    options: &ReadOptions,
    translate: impl FnOnce(&hcl::File) -> (Vec<Draft<'s>>, Vec<Notice>),
) -> Reading {
    let (drafts, notices) = match hcl::parse(source) {
        Ok(file) => translate(&file),
        Err(notice) => (Vec::new(), vec![notice]),
    };
    whole(drafts, tree, options, &[], notices)
}

/// What the drafts of one file say. `notices` tell what is wrong with its text.
fn whole(
    drafts: Vec<Draft<'_>>,
    tree: &dyn Tree,
    options: &ReadOptions,
    comments: &[Comment],
    notices: Vec<Notice>,
) -> Reading {
    let mut reading = Reading::default();
    for draft in drafts {
        let one = draft.read(tree, comments);
        reading.models.extend(one.models);
        reading.notices.extend(one.notices);
    }
    let is_broken = |notice: &Notice| notice.severity == Severity::Error;
    if notices.iter().any(is_broken) {
        for model in &mut reading.models {
            model.complete = false;
        }
    }
    reading.notices.extend(notices);
    let mut seen = BTreeSet::new();
    reading.notices.retain(|notice| {
        let (place, code, message) = notice.sort_key();
        seen.insert((place.cloned(), code, message.to_owned()))
    });
    if options.lenient && !reading.models.is_empty() {
        native::soften(&mut reading);
    }
    reading
}
