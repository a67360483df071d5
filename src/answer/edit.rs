//! Layer `answer`: changes to a text that leave all other lines as they are.

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

/// The text with new lines after the line that holds an offset.
pub(super) fn with_lines_after(text: &str, at: usize, lines: &[String]) -> String {
    let end = line_end(text);
    let new: String = lines.iter().map(|line| format!("{line}{end}")).collect();
    match text[at..].find('\n') {
        Some(rest) => replaced(text, at + rest + 1..at + rest + 1, &new),
        None => format!("{text}{end}{}", new.trim_end_matches(['\r', '\n'])),
    }
}

/// The text with something else in the place of a range.
pub(super) fn replaced(text: &str, range: std::ops::Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..range.start], &text[range.end..])
}
