//! Layer `syntax`: the one tree that YAML and JSON become.
//!
//! Every key and every value carries its bytes. What the two grammars leave
//! open is decided here and said in a notice: a key that stands twice, depth,
//! the number of nodes that aliases may expand to.

use std::sync::Arc;

use crate::notice::{Notice, code};
use crate::source::{Place, Source, Span};

/// How deep lists and maps may be nested.
pub const MAX_DEPTH: usize = 100;

/// How many nodes all aliases of one document may expand to.
pub const MAX_ALIASED: usize = 100_000;

/// What one file holds.
#[derive(Debug, Default)]
pub struct Document {
    /// The value; `None` if the text breaks the grammar, for which a notice of severity error stands.
    pub root: Option<Node>,
    /// Comments in the order of the text (YAML only).
    pub comments: Vec<Comment>,
    /// What is wrong with the text.
    pub notices: Vec<Notice>,
}

impl Document {
    /// Where the first complaint stands; the beginning if there is none.
    pub fn first_mistake(&self) -> Span {
        let places = self
            .notices
            .iter()
            .filter_map(|notice| notice.place.as_ref());
        places
            .map(|place| place.span)
            .min()
            .unwrap_or_else(Span::default)
    }
}

/// A comment, from its `#` to the end of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its bytes, with the `#`, without the line break.
    pub span: Span,
    /// The text after `#`.
    pub text: Box<str>,
}

/// One value.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it stands: a scalar with its quotes; a map from its first key to
    /// its last value or from brace to brace; for an alias the alias.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
    /// How it is written.
    pub style: Style,
    /// Where the text itself stands; other than `span` only for an alias.
    pub content: Span,
}

/// What a value is, by the core schema of YAML 1.2: `yes`, `no` and `on` are text.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// `null`, `~`, nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Another number.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the text; no key stands twice.
    Map(Vec<(Key, Node)>),
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Where it stands, with its quotes.
    pub span: Span,
    /// Its text.
    pub text: Arc<str>,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes; lists and maps too.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes, YAML or JSON.
    Double,
    /// A block scalar, `|` or `>`.
    Block,
}

impl Node {
    /// A value that stands where it is written.
    pub fn new(span: Span, kind: NodeKind, style: Style) -> Self {
        Self {
            span,
            kind,
            style,
            content: span,
        }
    }

    /// The same value with every span moved: for a file that another one includes.
    #[must_use]
    pub fn moved(self, by: u32) -> Self {
        let kind = match self.kind {
            NodeKind::List(items) => {
                NodeKind::List(items.into_iter().map(|item| item.moved(by)).collect())
            }
            NodeKind::Map(entries) => {
                let moved = entries.into_iter().map(|(key, value)| {
                    let span = key.span.moved(by);
                    (Key { span, ..key }, value.moved(by))
                });
                NodeKind::Map(moved.collect())
            }
            scalar => scalar,
        };
        Self {
            span: self.span.moved(by),
            kind,
            style: self.style,
            content: self.content.moved(by),
        }
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&Arc<str>> {
        match &self.kind {
            NodeKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            NodeKind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self.kind {
            NodeKind::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[expect(
        clippy::cast_precision_loss,
        reason = "of so many digits the last ones do not matter to whoever takes any number"
    )]
    pub fn as_number(&self) -> Option<f64> {
        match self.kind {
            NodeKind::Int(value) => Some(value as f64),
            NodeKind::Float(value) => Some(value),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.kind {
            NodeKind::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if it is a map.
    pub fn as_map(&self) -> Option<&[(Key, Self)]> {
        match &self.kind {
            NodeKind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, NodeKind::Null)
    }

    /// Key and value of an entry, if it is a map that has it.
    pub fn entry(&self, key: &str) -> Option<(&Key, &Self)> {
        let entries = self.as_map()?;
        let (key, value) = entries.iter().find(|(k, _)| &*k.text == key)?;
        Some((key, value))
    }

    /// The value of an entry, if it is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|(_, value)| value)
    }

    /// What it is, for messages: `a list`, `the text "on"`, `true`.
    pub fn described(&self) -> String {
        match &self.kind {
            NodeKind::Null => "nothing".into(),
            NodeKind::Bool(value) => value.to_string(),
            NodeKind::Int(value) => value.to_string(),
            NodeKind::Float(value) => value.to_string(),
            NodeKind::Text(text) if text.chars().count() <= 40 => format!("the text \"{text}\""),
            NodeKind::Text(_) => "a text".into(),
            NodeKind::List(_) => "a list".into(),
            NodeKind::Map(_) => "a map".into(),
        }
    }

    /// What stands in the file, quotes and all: for values such as `0.10`
    /// whose spelling matters.
    pub fn written<'s>(&self, source: &'s Source) -> &'s str {
        source.slice(self.content)
    }
}

/// Puts a map together: of a key that stands twice the first counts, and a notice names both places.
pub(super) fn map(
    source: &Arc<Source>,
    entries: Vec<(Key, Node)>,
    notices: &mut Vec<Notice>,
) -> Vec<(Key, Node)> {
    let mut seen = std::collections::BTreeMap::new();
    let mut kept: Vec<(Key, Node)> = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        if let Some(first) = seen.get(&key.text) {
            notices.push(duplicate(source, &key, *first));
            continue;
        }
        seen.insert(Arc::clone(&key.text), key.span);
        kept.push((key, value));
    }
    kept
}

fn duplicate(source: &Arc<Source>, key: &Key, first: Span) -> Notice {
    Notice::error(
        code::DUPLICATE_KEY,
        source.place(key.span),
        format!("the key `{}` stands twice in this map", key.text),
    )
    .with_label(source.place(first), "it stands here first")
    .with_help("keep one of the two, or rename one")
}

/// The notice for nesting beyond [`MAX_DEPTH`].
pub(super) fn too_deep(place: Place) -> Notice {
    Notice::error(
        code::LIMIT,
        place,
        format!("lists and maps are nested more than {MAX_DEPTH} deep"),
    )
    .with_help("nest less: no model, rule or configuration needs so many levels")
}
