//! Layer `syntax`: YAML text → spanned tree. The only file that names `granit_parser`.
//!
//! The core schema of YAML 1.2. What the grammar leaves to its reader is
//! decided so: a key that stands twice is an error; `<<` merges maps, and what
//! the map says itself wins; aliases are expanded, up to a limit; tags other
//! than the core schema's are an error; only the first document counts, and a
//! second one is an error.

use std::collections::BTreeMap;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag};

use super::scalar::{plain, suffix_of};
use super::tree::{self, Comment, Document, Key, MAX_ALIASED, MAX_DEPTH, Node, NodeKind, Style};
use crate::notice::{Notice, code};
use crate::source::{Source, Span};

/// Parses the first document of the text. Every complaint is a notice of severity error.
pub fn parse(source: &Arc<Source>) -> Document {
    built(source, None, &[]).finish()
}

/// Parses every document of the text, those that say nothing left out: what deploys systems
/// stands several to a file. Complaints are those of [`parse`], but for the number; a value
/// under one of `tags` is read as if it had none.
pub fn documents(source: &Arc<Source>, tags: &[&str]) -> (Vec<Node>, Vec<Notice>) {
    let mut builder = built(source, Some(Vec::new()), tags);
    let last = builder.document.root.take();
    let mut roots = builder.earlier.unwrap_or_default();
    roots.extend(last);
    roots.retain(|root| !builder.failed && !root.is_null());
    (roots, builder.document.notices)
}

/// Whether no braces and brackets of a text that reads are nested deeper than that.
pub fn nests_in_braces(text: &str, most: usize) -> bool {
    let options = granit_parser::options! {
        flow_nesting_limit: most,
        block_nesting_limit: MAX_DEPTH,
    };
    Parser::new_from_str_with_options(text, options).all(|next| next.is_ok())
}

fn built<'s>(
    source: &'s Arc<Source>,
    earlier: Option<Vec<Node>>,
    tags: &'s [&'s str],
) -> Builder<'s> {
    let options = granit_parser::options! {
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        max_buffered_comment_events: source.text().len(),
    };
    let mut builder = Builder::new(source, earlier, tags);
    for next in Parser::new_from_str_with_options(source.text(), options) {
        let went_on = match next {
            Ok((event, span)) => builder.event(event, span.byte_range().unwrap_or(0..0), &span),
            Err(error) => {
                builder.refuse(&error);
                false
            }
        };
        if !went_on {
            break;
        }
    }
    builder
}

/// A list or map whose end was not met yet.
struct Open {
    start: usize,
    flow: bool,
    anchor: usize,
    inside: Inside,
}

enum Inside {
    List(Vec<Node>),
    Map {
        entries: Vec<(Key, Node)>,
        merged: Vec<(Key, Node)>,
        key: Option<Key>,
        /// The key at hand is `<<`.
        merges: bool,
    },
}

/// What an anchor stands for.
struct Anchored {
    node: Node,
    nodes: usize,
    depth: usize,
}

struct Builder<'s> {
    source: &'s Arc<Source>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchored>,
    aliased: usize,
    documents: usize,
    /// The documents before the one at hand, where all are wanted.
    earlier: Option<Vec<Node>>,
    /// Tags that change nothing here.
    tags: &'s [&'s str],
    failed: bool,
    document: Document,
}

impl<'s> Builder<'s> {
    fn new(source: &'s Arc<Source>, earlier: Option<Vec<Node>>, tags: &'s [&'s str]) -> Self {
        Self {
            source,
            earlier,
            tags,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            aliased: 0,
            documents: 0,
            failed: false,
            document: Document::default(),
        }
    }

    fn finish(mut self) -> Document {
        if self.failed {
            self.document.root = None;
        } else if self.document.root.is_none() {
            let place = self.source.place(Span::default());
            self.document.notices.push(Notice::error(
                code::SYNTAX,
                place,
                "there is no YAML value in this file",
            ));
        }
        self.document
    }

    fn complain(&mut self, span: Span, message: impl Into<String>) {
        let place = self.source.place(span);
        self.document
            .notices
            .push(Notice::error(code::SYNTAX, place, message));
    }

    fn refuse(&mut self, error: &ScanError) {
        self.failed = true;
        let at = error.marker().byte_offset().unwrap_or(0);
        let at = at.min(self.source.text().len());
        let span = Span::new(at, at);
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            let place = self.source.place(span);
            self.document.notices.push(tree::too_deep(place));
            return;
        }
        self.complain(span, format!("this is no YAML: {}", error.info()));
        let help = match error.kind() {
            ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabNotAllowed => "indent with spaces",
            ErrorKind::UnknownAnchor => {
                "put a text that starts with `*` in quotes, or define its anchor above"
            }
            _ => return,
        };
        if let Some(notice) = self.document.notices.last_mut() {
            notice.help = Some(help.into());
        }
    }

    /// Takes one event; false once nothing further matters.
    fn event(
        &mut self,
        event: Event<'_>,
        range: std::ops::Range<usize>,
        raw: &granit_parser::Span,
    ) -> bool {
        let span = Span::new(range.start, range.end);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if let Some(earlier) = &mut self.earlier {
                    earlier.extend(self.document.root.take());
                }
            }
            Event::Comment(text, _) => self.document.comments.push(Comment {
                span,
                text: text.into(),
            }),
            _ if self.documents > 1 && self.earlier.is_none() => {
                return self.later_document(&event, span);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(&text, style, span, tag.as_deref(), raw);
                self.anchor(anchor, &node);
                self.add(node);
            }
            Event::Alias(id) => return self.alias(id, span),
            Event::SequenceStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), &["seq"], span, raw);
                self.start(range.start, style, anchor, Inside::List(Vec::new()));
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), &["map"], span, raw);
                let inside = Inside::Map {
                    entries: Vec::new(),
                    merged: Vec::new(),
                    key: None,
                    merges: false,
                };
                self.start(range.start, style, anchor, inside);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(range.end),
            _ => {}
        }
        true
    }

    /// An empty document after the first says nothing; any other is an error.
    fn later_document(&mut self, event: &Event<'_>, span: Span) -> bool {
        match event {
            Event::DocumentEnd | Event::StreamEnd => return true,
            Event::Scalar(..) if span.is_empty() => return true,
            _ => {}
        }
        let place = self.source.place(span);
        self.document.notices.push(
            Notice::error(
                code::SYNTAX,
                place,
                "a second YAML document starts here; only the first one is read",
            )
            .with_help("put it into a file of its own"),
        );
        false
    }

    fn start(&mut self, start: usize, style: StructureStyle, anchor: usize, inside: Inside) {
        self.open.push(Open {
            start,
            flow: style == StructureStyle::Flow,
            anchor,
            inside,
        });
    }

    fn end(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let (kind, last) = match open.inside {
            Inside::List(items) => {
                let last = items.last().map(|item| item.span.end as usize);
                (NodeKind::List(items), last)
            }
            Inside::Map {
                entries, merged, ..
            } => {
                let last = entries
                    .iter()
                    .map(|(key, value)| key.span.end.max(value.span.end) as usize)
                    .next_back();
                (NodeKind::Map(self.merge(entries, merged)), last)
            }
        };
        // A block collection has no end mark: it ends with its last value.
        let end = if open.flow { end } else { last.unwrap_or(end) };
        let node = Node::new(Span::new(open.start, end), kind, Style::Plain);
        self.anchor(open.anchor, &node);
        self.add(node);
    }

    /// What the map says itself comes first and wins; of merged maps the earlier wins.
    fn merge(&mut self, entries: Vec<(Key, Node)>, merged: Vec<(Key, Node)>) -> Vec<(Key, Node)> {
        let mut map = tree::map(self.source, entries, &mut self.document.notices);
        if merged.is_empty() {
            return map;
        }
        let mut known: std::collections::BTreeSet<Arc<str>> =
            map.iter().map(|(key, _)| Arc::clone(&key.text)).collect();
        for (key, value) in merged {
            if known.insert(Arc::clone(&key.text)) {
                map.push((key, value));
            }
        }
        map
    }

    fn anchor(&mut self, anchor: usize, node: &Node) {
        if anchor == 0 {
            return;
        }
        let (nodes, depth) = measure(node);
        // Anchors that hold anchors: copies stay within the same bound as aliases.
        self.aliased += nodes;
        let node = if self.aliased > MAX_ALIASED {
            Node::new(node.span, NodeKind::Null, Style::Plain)
        } else {
            node.clone()
        };
        self.anchors.insert(anchor, Anchored { node, nodes, depth });
    }

    fn alias(&mut self, id: usize, span: Span) -> bool {
        let Some(anchored) = self.anchors.get(&id) else {
            self.failed = true;
            self.complain(span, "this alias stands inside what it repeats");
            return false;
        };
        self.aliased = self.aliased.saturating_add(anchored.nodes);
        if self.aliased > MAX_ALIASED {
            self.failed = true;
            let place = self.source.place(span);
            self.document.notices.push(
                Notice::error(
                    code::LIMIT,
                    place,
                    format!("the aliases of this file expand to more than {MAX_ALIASED} values"),
                )
                .with_help("write out what the aliases repeat, or repeat less"),
            );
            return false;
        }
        if self.open.len() + anchored.depth > MAX_DEPTH {
            self.failed = true;
            let place = self.source.place(span);
            self.document.notices.push(tree::too_deep(place));
            return false;
        }
        let mut node = anchored.node.clone();
        node.span = span;
        self.add(node);
        true
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node) {
        let source = self.source;
        let notices = &mut self.document.notices;
        match self.open.last_mut().map(|open| &mut open.inside) {
            None => self.document.root = Some(node),
            Some(Inside::List(items)) => items.push(node),
            Some(Inside::Map {
                entries,
                merged,
                key,
                merges,
            }) => match key.take() {
                None => {
                    let (taken, is_merge) = as_key(source, &node, notices);
                    *merges = is_merge;
                    *key = Some(taken);
                }
                Some(_) if *merges => collect_merged(source, node, merged, notices),
                Some(key) => entries.push((key, node)),
            },
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        span: Span,
        tag: Option<&Tag>,
        raw: &granit_parser::Span,
    ) -> Node {
        let style = match style {
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
            ScalarStyle::Plain => Style::Plain,
        };
        let written = self.source.slice(span);
        let span = match style {
            // A block scalar's bytes go on to the next token.
            Style::Block => Span::new(
                span.start as usize,
                span.start as usize + written.trim_end().len(),
            ),
            _ => span,
        };
        // Where nothing is written the parser says `~`.
        let text = if style == Style::Plain && written.is_empty() {
            ""
        } else {
            text
        };
        let tag = tag.filter(|tag| !self.is_idle(tag));
        let kind = match tag.map(|tag| (tag, tag.core_suffix())) {
            None if style == Style::Plain => plain(text),
            Some((tag, None)) if !is_non_specific(tag) => {
                self.check_tag(Some(tag), &[], span, raw);
                NodeKind::Text(text.into())
            }
            None | Some((_, None | Some("str"))) => NodeKind::Text(text.into()),
            Some((tag, Some(suffix))) => {
                let kind = plain(text);
                if suffix_of(&kind) != suffix && !(suffix == "float" && suffix_of(&kind) == "int") {
                    self.check_tag(Some(tag), &[], span, raw);
                }
                kind
            }
        };
        Node::new(span, kind, style)
    }

    /// Whether a tag changes nothing here.
    fn is_idle(&self, tag: &Tag) -> bool {
        self.tags.contains(&&*tag.original())
    }

    /// Complains about a tag that is neither absent, `!` nor one of `allowed`.
    fn check_tag(
        &mut self,
        tag: Option<&Tag>,
        allowed: &[&str],
        span: Span,
        raw: &granit_parser::Span,
    ) {
        let Some(tag) = tag else { return };
        let is_allowed = |suffix| allowed.contains(&suffix);
        if is_non_specific(tag) || self.is_idle(tag) || tag.core_suffix().is_some_and(is_allowed) {
            return;
        }
        let at = raw
            .tag_span()
            .and_then(|tag| tag.byte_range())
            .map_or(span, |range| Span::new(range.start, range.end));
        let place = self.source.place(at);
        self.document.notices.push(
            Notice::error(
                code::SYNTAX,
                place,
                format!("the tag `{}` means nothing here", tag.original()),
            )
            .with_help("leave the tag out"),
        );
    }
}

fn is_non_specific(tag: &Tag) -> bool {
    tag.original() == "!"
}

/// A node as a key, and whether it is the merge key.
fn as_key(source: &Arc<Source>, node: &Node, notices: &mut Vec<Notice>) -> (Key, bool) {
    let text: Arc<str> = match &node.kind {
        NodeKind::Text(text) => Arc::clone(text),
        NodeKind::List(_) | NodeKind::Map(_) => {
            notices.push(Notice::error(
                code::SYNTAX,
                source.place(node.span),
                format!("a key must be text, not {}", node.described()),
            ));
            "".into()
        }
        // `1:` and `true:` are the texts that stand there.
        _ => source.slice(node.content).into(),
    };
    let merges = &*text == "<<" && node.style == Style::Plain;
    let key = Key {
        span: node.span,
        text,
    };
    (key, merges)
}

/// The value of `<<`: a map, or a list of maps of which earlier ones win.
fn collect_merged(
    source: &Arc<Source>,
    node: Node,
    merged: &mut Vec<(Key, Node)>,
    notices: &mut Vec<Notice>,
) {
    match node.kind {
        NodeKind::Map(entries) => merged.extend(entries),
        NodeKind::List(items) if items.iter().all(|item| item.as_map().is_some()) => {
            for item in items {
                collect_merged(source, item, merged, notices);
            }
        }
        _ => notices.push(Notice::error(
            code::SYNTAX,
            source.place(node.span),
            format!(
                "`<<` takes a map or a list of maps, not {}",
                node.described()
            ),
        )),
    }
}

/// How many nodes a tree has, and how deep it goes. Its depth is bounded.
fn measure(node: &Node) -> (usize, usize) {
    let mut nodes = 1;
    let mut depth = 0;
    let mut add = |child: &Node| {
        let (inner, below) = measure(child);
        nodes += inner;
        depth = depth.max(below + 1);
    };
    match &node.kind {
        NodeKind::List(items) => items.iter().for_each(&mut add),
        NodeKind::Map(entries) => entries.iter().for_each(|(_, value)| add(value)),
        _ => {}
    }
    (nodes, depth)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::source::RepoPath;

    fn document(text: &str) -> Document {
        parse(&Source::new(RepoPath::new("x.yaml").unwrap(), text))
    }

    fn root(text: &str) -> Node {
        let document = document(text);
        assert!(document.notices.is_empty(), "{:?}", document.notices);
        document.root.unwrap()
    }

    #[test]
    fn quotes_and_tags_make_text_of_what_looks_like_a_number() {
        let node = root("a: ! 1\nb: !!str 1\nc: '1'\nd:");
        assert_eq!(node.get("a").unwrap().as_text().unwrap().as_ref(), "1");
        assert_eq!(node.get("b").unwrap().as_text().unwrap().as_ref(), "1");
        assert_eq!(node.get("c").unwrap().as_text().unwrap().as_ref(), "1");
        assert!(node.get("d").unwrap().is_null());
    }

    #[test]
    fn a_merge_key_adds_what_the_map_does_not_say() {
        let node = root("b: &b {x: 1, y: 2}\nc: &c {y: 3, z: 4}\nm:\n  y: 9\n  <<: [*b, *c]\n");
        let merged = node.get("m").unwrap();
        let value = |key| merged.get(key).and_then(Node::as_int);
        assert_eq!(
            (value("x"), value("y"), value("z")),
            (Some(1), Some(9), Some(4))
        );
        assert!(merged.get("<<").is_none());
        assert!(root("'<<': {x: 1}").get("<<").is_some());
        assert_eq!(document("m:\n  <<: 3").notices.len(), 1);
    }

    #[test]
    fn aliases_expand_within_bounds() {
        let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let before = format!("*a{}", level - 1);
            let items = [before.as_str(); 10].join(", ");
            let _ = writeln!(laughs, "a{level}: &a{level} [{items}]");
        }
        let found = document(&laughs);
        assert!(found.root.is_none());
        assert_eq!(found.notices[0].code, code::LIMIT);

        let mut towers = String::from("a0: &a0 [x]\n");
        for level in 1..200 {
            let _ = writeln!(towers, "a{level}: &a{level} [*a{}]", level - 1);
        }
        assert_eq!(document(&towers).notices[0].code, code::LIMIT);
        assert!(document("a: &a [*a]").root.is_none());
        assert!(document("a: *nowhere").root.is_none());
    }

    #[test]
    fn nesting_beyond_the_limit_is_a_complaint() {
        let depth = MAX_DEPTH + 1;
        for text in [
            "[".repeat(depth) + &"]".repeat(depth),
            "- ".repeat(depth) + "x",
        ] {
            let found = document(&text);
            assert!(found.root.is_none());
            assert_eq!(found.notices[0].code, code::LIMIT, "{:?}", found.notices);
        }
    }

    #[test]
    fn a_second_document_is_an_error_and_an_empty_one_is_none() {
        assert_eq!(document("a: 1\n---\nb: 2\n").notices.len(), 1);
        assert!(document("a: 1\n---\nb: 2\n").root.is_some());
        assert!(document("---\na: 1\n...\n---\n").notices.is_empty());
        assert!(document("# nothing\n").root.is_none());
    }

    #[test]
    fn every_document_is_read_where_all_are_wanted() {
        let all = |text: &str| documents(&Source::new(RepoPath::new("x.yaml").unwrap(), text), &[]);
        let (roots, notices) =
            all("# one\n---\na: 1\n---\n# nothing\n---\nb: &x 2\n...\n---\nc: 3\n");
        assert!(notices.is_empty(), "{notices:?}");
        let keys: Vec<&str> = roots
            .iter()
            .map(|root| &*root.as_map().unwrap()[0].0.text)
            .collect();
        assert_eq!(keys, ["a", "b", "c"]);
        let (roots, notices) = all("a: 1\n---\nb: [\n");
        assert_eq!((roots.len(), notices.len()), (0, 1));
    }

    #[test]
    fn tags_of_others_are_errors_at_the_tag() {
        let found = document("a: !Ref b\n");
        assert_eq!(found.notices[0].place.as_ref().unwrap().text(), "!Ref");
        assert_eq!(document("a: !!int x").notices.len(), 1);
        assert_eq!(document("a: !foo {x: 1}").notices.len(), 1);
        assert!(document("a: !!map {x: !!float 1}").notices.is_empty());
    }

    #[test]
    fn comments_are_kept_however_many_there_are() {
        let text = format!("a:\n{}  b: 1 # end\n", "  # more\n".repeat(500));
        let found = document(&text);
        assert!(found.notices.is_empty(), "{:?}", found.notices);
        assert_eq!(found.comments.len(), 501);
        assert_eq!(&*found.comments[500].text, " end");
    }
}
