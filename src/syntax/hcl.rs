//! Layer `syntax`: HCL text → blocks with their bytes. The only file that names `hcl_edit`.
//!
//! The native syntax of HCL 2. Nothing is worked out but what needs no working out: constants,
//! lists and maps of them, names that the caller knows, and texts that are put together of
//! these. What needs more (functions, conditions, loops) is unknown, with its reason.

use std::cell::Cell;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::{Attribute, Body as Parsed};
use hcl_edit::template::{Element, Strip};

use super::tree::{Key, MAX_DEPTH, Node, NodeKind, Style};
use crate::notice::{Notice, code};
use crate::source::{Source, Span};

/// How many `=` and `:` one file may have: the parser compares each key of an object with all
/// others.
pub const MAX_ASSIGNMENTS: usize = 10_000;

/// How large one file may be: what the parser makes of a byte takes a hundred.
pub const MAX_BYTES: usize = 2 << 20;

/// How long all texts of a file may be together that names mean or that are put together: one
/// may stand in many places.
pub const MAX_TEXT: usize = 4 << 20;

/// A file whose grammar is sound, and whose names are not looked up yet.
#[derive(Debug)]
pub struct File {
    body: Parsed,
}

/// What stands between two braces, or in the whole file.
#[derive(Clone, Debug)]
pub struct Body {
    /// The attributes whose values are known, as a map.
    pub said: Node,
    /// The attributes whose values are not.
    pub unknown: Vec<Unknown>,
    /// The blocks, in the order of the text.
    pub blocks: Vec<Block>,
}

/// A block: `kind "label" { … }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its first word.
    pub kind: Key,
    /// Its labels.
    pub labels: Vec<Key>,
    /// From its first word to its last brace.
    pub span: Span,
    /// What it says.
    pub body: Body,
}

/// An attribute whose value is not known without evaluating something.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// Its name.
    pub key: Key,
    /// Where what is not known stands.
    pub span: Span,
    /// What it does: `calls a function`.
    pub why: String,
}

/// The value of a name such as `var.region`, if it is known.
pub type Names<'n> = dyn Fn(&str) -> Option<Node> + 'n;

/// Parses the whole text; an error if it breaks the grammar or a limit, and only the first one.
pub fn parse(source: &Arc<Source>) -> Result<File, Notice> {
    let text = source.text();
    if text.len() > MAX_BYTES {
        let place = source.place(Span::default());
        let message = format!("this file has more than {} MiB", MAX_BYTES >> 20);
        let help = "divide the model into several files";
        return Err(Notice::error(code::LIMIT, place, message).with_help(help));
    }
    let mut assignments = memchr::memchr2_iter(b'=', b':', text.as_bytes());
    if let Some(at) = assignments.nth(MAX_ASSIGNMENTS) {
        let place = source.place(Span::new(at, at + 1));
        let message = format!("this file has more than {MAX_ASSIGNMENTS} assignments");
        let help = "divide the model into several files";
        return Err(Notice::error(code::LIMIT, place, message).with_help(help));
    }
    match hcl_edit::parser::parse_body(text) {
        Ok(body) => Ok(File { body }),
        Err(error) => {
            let at = error.location().offset();
            let at = (0..=at).rev().find(|at| text.is_char_boundary(*at));
            let at = at.unwrap_or(0);
            let place = source.place(Span::new(at, at));
            let words = error.message().replace('\n', "\\n");
            let message = format!("this is no HCL: {words}");
            Err(Notice::error(code::SYNTAX, place, message))
        }
    }
}

impl File {
    /// Everything in the file, with the values of names that are known.
    pub fn body(&self, names: &Names<'_>) -> Body {
        let values = Values {
            names,
            left: Cell::new(MAX_TEXT),
        };
        values.body(&self.body)
    }
}

impl Body {
    /// The blocks of one kind.
    pub fn of<'n>(&'n self, kind: &'n str) -> impl Iterator<Item = &'n Block> {
        let blocks = self.blocks.iter();
        blocks.filter(move |block| &*block.kind.text == kind)
    }

    /// The same with every span moved: for a file that another one includes.
    #[must_use]
    pub fn moved(self, by: u32) -> Self {
        let unknown = self.unknown.into_iter().map(|one| Unknown {
            key: moved(one.key, by),
            span: one.span.moved(by),
            why: one.why,
        });
        let blocks = self.blocks.into_iter().map(|block| Block {
            kind: moved(block.kind, by),
            labels: block.labels.into_iter().map(|key| moved(key, by)).collect(),
            span: block.span.moved(by),
            body: block.body.moved(by),
        });
        Self {
            said: self.said.moved(by),
            unknown: unknown.collect(),
            blocks: blocks.collect(),
        }
    }
}

fn moved(key: Key, by: u32) -> Key {
    let span = key.span.moved(by);
    Key { span, ..key }
}

fn span(range: Option<Range<usize>>) -> Span {
    range.map_or_else(Span::default, |range| Span::new(range.start, range.end))
}

fn key(attribute: &Attribute) -> Key {
    Key {
        span: span(attribute.key.span()),
        text: attribute.key.as_str().into(),
    }
}

/// Where something is not known, and what it does.
type Why = (Span, String);

/// Tells values, with what is left for texts that are put together.
struct Values<'n> {
    names: &'n Names<'n>,
    left: Cell<usize>,
}

impl Values<'_> {
    fn body(&self, parsed: &Parsed) -> Body {
        let mut said = Vec::new();
        let mut unknown = Vec::new();
        for attribute in parsed.attributes() {
            let key = key(attribute);
            match self.value(&attribute.value, 0) {
                Ok(node) => said.push((key, node)),
                Err((span, why)) => unknown.push(Unknown { key, span, why }),
            }
        }
        let blocks = parsed.blocks().map(|block| Block {
            kind: Key {
                span: span(block.ident.span()),
                text: block.ident.as_str().into(),
            },
            labels: block
                .labels
                .iter()
                .map(|label| Key {
                    span: span(label.span()),
                    text: label.as_str().into(),
                })
                .collect(),
            span: span(block.span()),
            body: self.body(&block.body),
        });
        Body {
            said: Node::new(span(parsed.span()), NodeKind::Map(said), Style::Plain),
            unknown,
            blocks: blocks.collect(),
        }
    }

    fn value(&self, expression: &Expression, depth: usize) -> Result<Node, Why> {
        let at = span(expression.span());
        let plain = |kind| Ok(Node::new(at, kind, Style::Plain));
        let unknown = |why: &str| Err((at, why.to_owned()));
        if depth > MAX_DEPTH {
            return unknown("is nested too deep");
        }
        match expression {
            Expression::Null(_) => plain(NodeKind::Null),
            Expression::Bool(held) => plain(NodeKind::Bool(*held.value())),
            Expression::Number(number) => plain(match number.value().as_i64() {
                Some(whole) => NodeKind::Int(whole),
                None => NodeKind::Float(number.value().as_f64().unwrap_or(f64::NAN)),
            }),
            Expression::String(text) => {
                let kind = NodeKind::Text(text.value().as_str().into());
                Ok(Node::new(at, kind, Style::Double))
            }
            Expression::Array(items) => {
                let items = items.iter().map(|item| self.value(item, depth + 1));
                plain(NodeKind::List(items.collect::<Result<_, _>>()?))
            }
            Expression::Object(entries) => {
                let entries = entries.iter().map(|(key, item)| {
                    let text = match key {
                        ObjectKey::Ident(name) => name.as_str(),
                        ObjectKey::Expression(Expression::String(name)) => name.value(),
                        ObjectKey::Expression(_) => return Err((at, "computes a key".to_owned())),
                    };
                    let key = Key {
                        span: span(key.span()),
                        text: text.into(),
                    };
                    Ok((key, self.value(item.expr(), depth + 1)?))
                });
                plain(NodeKind::Map(entries.collect::<Result<_, _>>()?))
            }
            Expression::StringTemplate(elements) => {
                let text = self.put_together(elements.iter(), at, depth)?;
                Ok(Node::new(at, NodeKind::Text(text.into()), Style::Double))
            }
            Expression::HeredocTemplate(heredoc) => {
                let text = self.put_together(heredoc.template.iter(), at, depth)?;
                Ok(Node::new(at, NodeKind::Text(text.into()), Style::Block))
            }
            Expression::Parenthesis(inner) => self.value(inner.inner(), depth + 1),
            Expression::Variable(name) => self.named(name.as_str(), at),
            Expression::Traversal(traversal) => match path(traversal) {
                Some(path) => self.named(&path, at),
                None => unknown("takes something out of a value"),
            },
            Expression::FuncCall(call) => {
                let name = call.name.name.as_str();
                Err((at, format!("calls the function `{name}`")))
            }
            Expression::Conditional(_) => unknown("depends on a condition"),
            Expression::ForExpr(_) => unknown("loops over something"),
            Expression::UnaryOp(_) | Expression::BinaryOp(_) => unknown("is computed"),
        }
    }

    /// What a name means, at the place where it stands.
    fn named(&self, path: &str, at: Span) -> Result<Node, Why> {
        let meant = (self.names)(path)
            .ok_or_else(|| (at, format!("is `{path}`, which nothing here tells")))?;
        if let NodeKind::Text(text) = &meant.kind {
            self.take(text.len(), at)?;
        }
        Ok(Node::new(at, meant.kind, meant.style))
    }

    /// A text with what stands in its `${…}`.
    fn put_together<'e>(
        &self,
        elements: impl Iterator<Item = &'e Element>,
        at: Span,
        depth: usize,
    ) -> Result<String, Why> {
        let mut text = String::new();
        for element in elements {
            match element {
                Element::Literal(literal) => text.push_str(literal),
                Element::Interpolation(inner) if inner.strip == Strip::None => {
                    let node = self.value(&inner.expr, depth + 1)?;
                    match &node.kind {
                        NodeKind::Text(part) => text.push_str(part),
                        NodeKind::Int(number) => _ = write!(text, "{number}"),
                        NodeKind::Bool(held) => _ = write!(text, "{held}"),
                        _ => return Err((node.span, "puts something else into a text".into())),
                    }
                }
                _ => return Err((at, "has directives in a text".into())),
            }
        }
        self.take(text.len(), at)?;
        Ok(text)
    }

    /// Makes room for a text.
    fn take(&self, length: usize, at: Span) -> Result<(), Why> {
        match self.left.get().checked_sub(length) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err((at, "makes the texts of this file too long together".into())),
        }
    }
}

/// A path such as `import.control.name.description`, if it is made of names alone.
fn path(traversal: &Traversal) -> Option<String> {
    let Expression::Variable(first) = &traversal.expr else {
        return None;
    };
    let mut path = first.as_str().to_owned();
    for operator in &traversal.operators {
        let name = match operator.value() {
            TraversalOperator::GetAttr(name) => name.as_str(),
            TraversalOperator::Index(Expression::String(name)) => name.value(),
            _ => return None,
        };
        path.push('.');
        path.push_str(name);
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;

    fn source(text: &str) -> Arc<Source> {
        Source::new(RepoPath::new("x.hcl").unwrap(), text)
    }

    fn said(text: &str) -> Result<NodeKind, String> {
        let text = format!("a = {text}\n");
        let body = parse(&source(&text)).unwrap().body(&|path| {
            let known = Node::new(
                Span::default(),
                NodeKind::Text("known".into()),
                Style::Plain,
            );
            (path == "var.x").then_some(known)
        });
        match body.unknown.first() {
            Some(unknown) => Err(unknown.why.clone()),
            None => Ok(body.said.get("a").unwrap().kind.clone()),
        }
    }

    #[test]
    fn constants_and_known_names_are_values_and_all_else_has_a_reason() {
        for (text, value) in [
            ("\"a\\nb\"", "Ok(Text(\"a\\nb\"))"),
            ("7", "Ok(Int(7))"),
            ("-7", "Ok(Int(-7))"),
            ("1.5", "Ok(Float(1.5))"),
            ("true", "Ok(Bool(true))"),
            ("null", "Ok(Null)"),
            ("var.x", "Ok(Text(\"known\"))"),
            ("(var[\"x\"])", "Ok(Text(\"known\"))"),
            ("\"a ${var.x} ${1} $${b}\"", "Ok(Text(\"a known 1 ${b}\"))"),
            (
                "<<-EOT\n    one\n      two\n  EOT",
                "Ok(Text(\"one\\n  two\\n\"))",
            ),
            ("var.y", "Err(\"is `var.y`, which nothing here tells\")"),
            ("upper(\"a\")", "Err(\"calls the function `upper`\")"),
            (
                "\"${file(\"/etc/passwd\")}\"",
                "Err(\"calls the function `file`\")",
            ),
            ("true ? 1 : 2", "Err(\"depends on a condition\")"),
            ("1 + 2", "Err(\"is computed\")"),
            ("[for a in [1]: a]", "Err(\"loops over something\")"),
            ("[1][0]", "Err(\"takes something out of a value\")"),
            (
                "\"%{ if true }a%{ endif }\"",
                "Err(\"has directives in a text\")",
            ),
        ] {
            assert_eq!(format!("{:?}", said(text)), value, "{text}");
        }
    }

    #[test]
    fn blocks_and_attributes_stand_where_they_are_written() {
        let text = "threatmodel \"Ü\" {\n  author = \"me\" # who\n  flow ask {\n    from = \"a\"\n  }\n}\n";
        let source = source(text);
        let body = parse(&source).unwrap().body(&|_| None);
        let block = &body.blocks[0];
        assert_eq!(source.slice(block.kind.span), "threatmodel");
        assert_eq!(source.slice(block.labels[0].span), "\"Ü\"");
        assert!(source.slice(block.span).ends_with("  }\n}"));
        let (key, value) = block.body.said.entry("author").unwrap();
        assert_eq!(source.slice(key.span), "author");
        assert_eq!(source.slice(value.span), "\"me\"");
        let flow = &block.body.blocks[0];
        assert_eq!(source.slice(flow.labels[0].span), "ask");
        assert_eq!(
            source.slice(flow.body.said.entry("from").unwrap().1.span),
            "\"a\""
        );
    }

    #[test]
    fn what_breaks_the_grammar_or_a_limit_is_one_error_at_its_place() {
        let deep = |open: &str, close: &str| {
            format!("a = {}1{}\n", open.repeat(5_000), close.repeat(5_000))
        };
        let many: String = (0..30_000).map(|at| format!("k{at} = 1\n")).collect();
        for (text, place, words) in [
            ("a = \n", "1:5", "this is no HCL"),
            ("a {\n  b = 1\n", "2:8", "this is no HCL"),
            ("a = 1\na = 2\n", "2:1", "unique attribute key"),
            ("a = \"${\"\n", "1:1", "this is no HCL"),
            ("a = <<E\nx\n", "", "this is no HCL"),
            ("ü\u{0}", "1:2", "this is no HCL"),
            (&deep("[", "]"), "", "nest"),
            (&deep("(", ")"), "", "nest"),
            (&deep("{a=", "}"), "", "nest"),
            (&deep("!", ""), "", "nest"),
            (&deep("f(", ")"), "", "nest"),
            (&"a {\n".repeat(5_000), "", "nest"),
            (&("a = ".to_owned() + &"\"${".repeat(5_000)), "", "nest"),
            (
                &("a = \"".to_owned() + &"%{ if a }".repeat(5_000)),
                "",
                "nest",
            ),
            (&format!("a = 1{}\n", " + 1".repeat(5_000)), "", "128"),
            (&" ".repeat(MAX_BYTES + 1), "1:1", "more than 2 MiB"),
            (&many, "", "more than 10000 assignments"),
        ] {
            let notice = parse(&source(text)).unwrap_err();
            let (at, _) = notice.place.as_ref().unwrap().positions();
            let at = format!("{}:{}", at.line, at.column);
            let start: String = text.chars().take(20).collect();
            assert!(
                notice.message.contains(words),
                "{start:?}: {}",
                notice.message
            );
            assert!(place.is_empty() || at == place, "{start:?} at {at}");
        }
    }
}
