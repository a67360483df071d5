//! Layer `escape`: one function an output language. Every text that comes from
//! a model, rule, configuration or report leaves through one of these.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Characters that change how a line reads without being seen: controls,
/// bidirectional overrides, zero-width and other format characters.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Text for one line of a terminal: what cannot be seen is written as `\u{…}`,
/// so that no escape sequence or reordering reaches the terminal.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_hidden(c) => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Text of several lines for a terminal: line ends stay, the rest as [`terminal`].
pub fn terminal_lines(text: &str) -> String {
    text.lines().map(terminal).collect::<Vec<_>>().join("\n")
}

/// Text shortened to at most `most` characters, the last one an ellipsis.
pub fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    if text.chars().count() <= most {
        return Cow::Borrowed(text);
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.push('…');
    Cow::Owned(out)
}

/// A source text for a snippet on a terminal, of the same length in bytes: what
/// cannot be seen is replaced, line ends become `\n` (a lone `\r` ends a line,
/// one before `\n` becomes a blank).
pub fn snippet(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| is_hidden(c) && c != '\n' && c != '\t') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if chars.peek() == Some(&'\n') => out.push(' '),
            '\r' => out.push('\n'),
            c if is_hidden(c) => out.push_str(match c.len_utf8() {
                1 => "?",
                2 => "¿",
                3 => "\u{FFFD}",
                _ => "?\u{FFFD}",
            }),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}
