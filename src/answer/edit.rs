//! Layer `answer`: changes to a text that leave all other lines as they are.

use std::ops::Range;

/// A part of a text, and what stands in its place afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go; none where something is put in.
    pub range: Range<usize>,
    /// What comes.
    pub text: String,
}

impl Edit {
    /// Something else in the place of a range.
    pub(super) fn new(range: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            range,
            text: text.into(),
        }
    }

    /// New lines after the line that holds an offset.
    pub(super) fn lines_after(text: &str, at: usize, lines: &[String]) -> Self {
        let end = line_end(text);
        let new: String = lines.iter().map(|line| format!("{line}{end}")).collect();
        match text[at..].find('\n') {
            Some(rest) => Self::new(at + rest + 1..at + rest + 1, new),
            None => Self::new(
                text.len()..text.len(),
                format!("{end}{}", new.trim_end_matches(['\r', '\n'])),
            ),
        }
    }
}

/// Edits in the order of the text, those that touch each other as one, and without those that
/// change nothing: so that it makes no difference in which order they are made.
pub(super) fn in_order(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.retain(|edit| !(edit.range.is_empty() && edit.text.is_empty()));
    // What is put in at one place stays in the order in which it was said.
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut ordered: Vec<Edit> = Vec::new();
    for edit in edits {
        match ordered.last_mut() {
            Some(last) if last.range.end == edit.range.start => {
                last.range.end = edit.range.end;
                last.text.push_str(&edit.text);
            }
            _ => ordered.push(edit),
        }
    }
    ordered
}

/// The text with edits that are in its order.
pub(super) fn applied(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + 100);
    let mut from = 0;
    for edit in edits {
        out.push_str(text.get(from..edit.range.start).unwrap_or_default());
        out.push_str(&edit.text);
        from = edit.range.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// The end of the lines of a text.
pub(super) fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The offset at which the line of another one begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// What stands before the first other character of the line.
pub(super) fn indent(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t', '\u{c}']).len()]
}
