//! Layer `syntax`: JSON text → spanned tree. The only file that names `jsonc_parser`.
//!
//! RFC 8259 to the letter: no comments, no trailing commas, no other leniency.

use std::sync::Arc;

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::tree::{self, Document, Key, MAX_DEPTH, Node, NodeKind, Style};
use crate::notice::{Notice, code};
use crate::source::{Source, Span};

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Parses the whole text. Every complaint is a notice of severity error.
pub fn parse(source: &Arc<Source>) -> Document {
    let mut builder = Builder {
        source,
        notices: Vec::new(),
    };
    let root = match parse_to_ast(source.text(), &CollectOptions::default(), &STRICT) {
        Ok(_) if let Some(at) = foreign_blank(source.text()) => {
            builder.complain(
                at,
                "this is no JSON: only space, tab and line breaks may stand between values",
            );
            None
        }
        Ok(result) => {
            if result.value.is_none() {
                builder.complain(Range::new(0, 0), "there is no JSON value in this file");
            }
            result.value.and_then(|value| builder.node(value, 0))
        }
        Err(error) => {
            builder.refuse(&error);
            None
        }
    };
    Document {
        root,
        comments: Vec::new(),
        notices: builder.notices,
    }
}

struct Builder<'s> {
    source: &'s Arc<Source>,
    notices: Vec<Notice>,
}

impl Builder<'_> {
    fn complain(&mut self, range: Range, message: impl Into<String>) {
        let place = self.source.place(span(range));
        self.notices
            .push(Notice::error(code::SYNTAX, place, message));
    }

    fn refuse(&mut self, error: &ParseError) {
        if matches!(error.kind(), ParseErrorKind::NestingDepthExceeded) {
            let place = self.source.place(span(error.range()));
            self.notices.push(tree::too_deep(place));
        } else {
            self.complain(
                error.range(),
                format!("this is no JSON: {}", in_words(error)),
            );
        }
    }

    /// `None` where nesting goes too deep: then nothing of the file counts.
    fn node(&mut self, value: Value<'_>, depth: usize) -> Option<Node> {
        let at = span(value.range());
        if depth > MAX_DEPTH {
            self.notices.push(tree::too_deep(self.source.place(at)));
            return None;
        }
        let (kind, style) = match value {
            Value::NullKeyword(_) => (NodeKind::Null, Style::Plain),
            Value::BooleanLit(lit) => (NodeKind::Bool(lit.value), Style::Plain),
            Value::NumberLit(lit) => (number(lit.value), Style::Plain),
            Value::StringLit(lit) => {
                self.check_text(at);
                (NodeKind::Text(lit.value.into()), Style::Double)
            }
            Value::Array(array) => (self.list(array.elements, depth)?, Style::Plain),
            Value::Object(object) => {
                let mut entries = Vec::with_capacity(object.properties.len());
                for property in object.properties {
                    let key = self.key(property.name);
                    entries.push((key, self.node(property.value, depth + 1)?));
                }
                let entries = tree::map(self.source, entries, &mut self.notices);
                (NodeKind::Map(entries), Style::Plain)
            }
        };
        Some(Node::new(at, kind, style))
    }

    fn list(&mut self, elements: Vec<Value<'_>>, depth: usize) -> Option<NodeKind> {
        let mut items: Vec<Node> = Vec::with_capacity(elements.len());
        for element in elements {
            let start = element.range().start;
            // The parser lets a comma be missing between lists and maps.
            let before = items.last().map(|item| item.span.end as usize);
            let gap = before.and_then(|end| self.source.text().get(end..start));
            if gap.is_some_and(|gap| !gap.contains(',')) {
                self.complain(
                    Range::new(start, start),
                    "this is no JSON: a comma is missing before this value",
                );
            }
            items.push(self.node(element, depth + 1)?);
        }
        Some(NodeKind::List(items))
    }

    fn key(&mut self, name: ObjectPropName<'_>) -> Key {
        let at = span(name.range());
        self.check_text(at);
        Key {
            span: at,
            text: name.into_string().into(),
        }
    }

    /// JSON wants control characters inside a text escaped; the parser does not mind.
    fn check_text(&mut self, at: Span) {
        let text = self.source.slice(at);
        if let Some(offset) = text.find(|c: char| c < ' ') {
            let offset = at.start as usize + offset;
            self.complain(
                Range::new(offset, offset + 1),
                "this is no JSON: a control character in a text must be escaped",
            );
        }
    }
}

/// White space outside texts that JSON does not know, such as U+00A0: the parser skips it.
fn foreign_blank(text: &str) -> Option<Range> {
    let mut inside = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            ' ' | '\t' | '\r' | '\n' => {}
            c if !inside && c.is_whitespace() => return Some(Range::new(at, at + c.len_utf8())),
            _ => {}
        }
    }
    None
}

fn span(range: Range) -> Span {
    Span::new(range.start, range.end)
}

fn number(written: &str) -> NodeKind {
    written.parse().map_or_else(
        |_| NodeKind::Float(written.parse().unwrap_or(f64::NAN)),
        NodeKind::Int,
    )
}

/// The parser's complaint as part of a sentence.
fn in_words(error: &ParseError) -> String {
    let text = error.kind().to_string();
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_lowercase().chain(chars).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;

    fn document(text: &str) -> Document {
        parse(&Source::new(RepoPath::new("x.json").unwrap(), text))
    }

    #[test]
    fn what_is_no_json_for_another_parser_is_none_for_us() {
        let texts = [
            "",
            " ",
            "{}",
            "[]",
            "{} {}",
            "[1,]",
            "{\"a\":1,}",
            "[1 2]",
            "[{} {}]",
            "[[] []]",
            "{a: 1}",
            "{'a': 1}",
            "[0x1]",
            "[+1]",
            "[.5]",
            "[5.]",
            "[01]",
            "[-]",
            "[NaN]",
            "[\"\\x41\"]",
            "[\"\\u12\"]",
            "[\"\t\"]",
            "[\"a\nb\"]",
            "// c\n[]",
            "[/* */]",
            "[1e5]",
            "[1E+5, -0.5e-3]",
            "[1e]",
            "nul",
            "\"\\ud800\"",
            "[\"\u{7f}\"]",
            "{\"a\" 1}",
            "{\"a\":}",
            "[,1]",
            "[1,,2]",
            "{\"a\":1 \"b\":2}",
            "[true false]",
            "[\"a\"\"b\"]",
            "\u{a0}[]",
            "{\"a\":{} \"b\":1}",
            "{\"\tk\": 1}",
        ];
        for text in texts {
            let ours = document(text);
            let ours = ours.root.is_some() && ours.notices.is_empty();
            let theirs = serde_json::from_str::<serde_json::Value>(text).is_ok();
            assert_eq!(ours, theirs, "{text:?}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_an_error_with_both_places() {
        let found = document(r#"{"a": 1, "a": 2}"#);
        assert_eq!(found.notices.len(), 1);
        assert_eq!(
            found.notices[0].place.as_ref().unwrap().span,
            Span::new(9, 12)
        );
        assert_eq!(found.notices[0].labels[0].place.span, Span::new(1, 4));
        assert_eq!(found.root.unwrap().get("a").unwrap().as_int(), Some(1));
    }

    #[test]
    fn nesting_beyond_the_limit_is_a_complaint() {
        for depth in [MAX_DEPTH + 1, 400, 100_000] {
            let found = document(&("[".repeat(depth + 1) + &"]".repeat(depth + 1)));
            assert!(found.root.is_none(), "{depth}");
            assert_eq!(found.notices[0].code, code::LIMIT, "{depth}");
        }
        let at_the_limit = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
        assert!(document(&at_the_limit).root.is_some());
    }
}
