//! Layer `syntax`: from an offset in a decoded text back to the bytes of the file.
//!
//! Decoding is not repeated. The written and the decoded text are walked side
//! by side: apart from escapes they hold the same characters but for white
//! space, because folding and indentation touch white space only.

use std::ops::Range;

use super::tree::{Node, Style};
use crate::source::{Source, Span};

impl Node {
    /// Where a range of byte offsets into [`Node::as_text`] stands in the file:
    /// exact for every character that is not white space, whatever the style;
    /// the whole value for anything but text.
    pub fn text_span(&self, source: &Source, range: Range<usize>) -> Span {
        match self.as_text() {
            Some(text) => locate(source.text(), self.content, self.style, text, range),
            None => self.span,
        }
    }
}

/// Where `range` (byte offsets into `decoded`) stands in `text`, for a scalar
/// written at `content`. An empty range gives an empty span.
fn locate(text: &str, content: Span, style: Style, decoded: &str, range: Range<usize>) -> Span {
    let mut written = Written::new(text, content, style);
    let mut found: Option<Span> = None;
    for (at, c) in decoded.char_indices() {
        if at >= range.end.max(range.start + 1) {
            break;
        }
        let span = written.next(c);
        if at + c.len_utf8() > range.start {
            found = Some(found.map_or(span, |before| before.to(span)));
        }
    }
    match found {
        Some(span) if range.is_empty() => Span::new(span.start as usize, span.start as usize),
        Some(span) => span,
        None => {
            let end = written.at;
            Span::new(end, end)
        }
    }
}

/// The written form, read character by character.
struct Written<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    style: Style,
}

impl<'t> Written<'t> {
    fn new(text: &'t str, content: Span, style: Style) -> Self {
        let quote = usize::from(matches!(style, Style::Single | Style::Double));
        let range = content.range();
        Self {
            text,
            at: (range.start + quote).min(range.end),
            end: range.end.saturating_sub(quote).max(range.start),
            style,
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    /// The bytes that stand for the decoded character `c`.
    fn next(&mut self, c: char) -> Span {
        let wanted_space = c.is_whitespace();
        while let Some(found) = self.rest().chars().next() {
            let length = self.length(found);
            let escaped = length > found.len_utf8();
            let space = found.is_whitespace();
            let joins_lines = escaped && self.is_line_continuation();
            if joins_lines || (space && !wanted_space) {
                // Indentation, folded lines, trailing blanks: they stand for nothing.
                self.at += if joins_lines { 1 } else { length };
                continue;
            }
            if wanted_space && !space && !escaped {
                // A blank that folding made; its line break was passed already.
                return Span::new(self.at, self.at);
            }
            return self.take(length);
        }
        Span::new(self.at, self.at)
    }

    fn take(&mut self, length: usize) -> Span {
        let start = self.at;
        self.at = (start + length).min(self.end);
        Span::new(start, self.at)
    }

    /// How many bytes the character or escape sequence at hand takes.
    fn length(&self, found: char) -> usize {
        let rest = self.rest();
        match (self.style, found) {
            (Style::Single, '\'') if rest.starts_with("''") => 2,
            (Style::Double, '\\') => match rest.as_bytes().get(1) {
                Some(b'x') => 4,
                Some(b'u') if is_surrogate(rest) && rest[6..].starts_with("\\u") => 12,
                Some(b'u') => 6,
                Some(b'U') => 10,
                _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            },
            _ => found.len_utf8(),
        }
    }

    fn is_line_continuation(&self) -> bool {
        self.style == Style::Double && matches!(self.rest().as_bytes(), [b'\\', b'\n' | b'\r', ..])
    }
}

/// Whether `rest` starts with the first half of an escaped surrogate pair.
fn is_surrogate(rest: &str) -> bool {
    rest.get(2..6)
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .is_some_and(|unit| (0xD800..0xDC00).contains(&unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;
    use crate::syntax::yaml;

    #[test]
    fn every_word_of_a_text_is_found_where_it_is_written() {
        let writings = [
            "when: alpha beta gamma",
            "when: 'alpha beta gamma'",
            "when: \"alpha\\u0020beta\\tgamma\"",
            "when: >-\n  alpha\n  beta\n  gamma\n",
            "when: |\n    alpha beta\n      gamma\n",
            "when: >\r\n  alpha\r\n\r\n  beta  gamma\r\n",
            "when: alpha\n  beta\n\n  gamma",
            "when: \"alpha \\\n   beta\n   gamma\"",
            "é: &a alpha beta gamma\nwhen: *a",
        ];
        for writing in writings {
            let source = Source::new(RepoPath::new("x.yaml").unwrap(), writing);
            let document = yaml::parse(&source);
            assert!(document.notices.is_empty(), "{:?}", document.notices);
            let root = document.root.unwrap();
            let node = root.get("when").unwrap();
            let text = node.as_text().unwrap();
            for word in ["alpha", "beta", "gamma"] {
                let at = text.find(word).unwrap();
                let span = node.text_span(&source, at..at + word.len());
                assert_eq!(source.slice(span), word, "{writing:?}");
            }
        }
    }

    #[test]
    fn an_escaped_character_is_found_as_it_is_written() {
        let source = Source::new(
            RepoPath::new("x.json").unwrap(),
            r#"{"k": "a\ud83d\ude00é\n\\z"}"#,
        );
        let root = crate::syntax::json::parse(&source).root.unwrap();
        let node = root.get("k").unwrap();
        let text = node.as_text().unwrap();
        let found: Vec<_> = text
            .char_indices()
            .map(|(at, c)| source.slice(node.text_span(&source, at..at + c.len_utf8())))
            .collect();
        assert_eq!(found, ["a", r"\ud83d\ude00", "é", r"\n", r"\\", "z"]);
    }
}
