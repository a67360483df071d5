//! What a CI runner would obey in a text that is only shown.
//!
//! GitHub's runner takes a line for a command that begins, after white space, with `::`.
//! GitHub's old form, `##[…]`, and Azure's `##vso[…]` are obeyed anywhere in a line.

use std::borrow::Cow;

/// Whether the character at `at` makes a command of what stands around it: when it is
/// written in another way, there is none.
pub(super) fn obeyed(text: &str, at: usize) -> bool {
    marks(text, at) || leads(text, at)
}

/// Whether it is the second `#` of `##[` or `##vso[`. At the end of a text the bracket may
/// be what is written after it.
pub(super) fn marks(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at(at);
    let Some(after) = rest.strip_prefix('#') else {
        return false;
    };
    let azure = || {
        after
            .get(..4)
            .is_some_and(|word| word.eq_ignore_ascii_case("vso["))
    };
    before.ends_with('#') && (after.is_empty() || after.starts_with('[') || azure())
}

/// Whether it is the first `:` of a `::` that a line may begin with: texts are wrapped at
/// white space.
pub(super) fn leads(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at(at);
    rest.starts_with("::") && before.chars().next_back().is_none_or(char::is_whitespace)
}

/// Whether [`obeyed`] may hold anywhere; cheap, for most texts are plain.
pub(super) fn is_suspicious(text: &str) -> bool {
    text.contains("##") || text.contains("::")
}

/// Lines that are done, as they go to a terminal or a log: none of them is a command, however
/// they were put together and wherever they were broken. Everything that people read on a
/// terminal leaves through here last.
pub fn unobeyed(lines: &str) -> Cow<'_, str> {
    if !is_suspicious(lines) {
        return Cow::Borrowed(lines);
    }
    let mut out = String::with_capacity(lines.len() + 16);
    for line in lines.split_inclusive(['\n', '\r']) {
        let start = line.len() - without_style(line).len();
        for (at, c) in line.char_indices() {
            match c {
                '#' if marks(line, at) => out.push_str("\\u{23}"),
                ':' if at == start && line[at..].starts_with("::") => out.push_str("\\u{3a}"),
                c => out.push(c),
            }
        }
    }
    Cow::Owned(out)
}

/// A line from its first character on that is seen: after white space and colours.
fn without_style(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some((_, after)) = rest
        .strip_prefix("\u{1b}[")
        .and_then(|style| style.split_once('m'))
    {
        rest = after.trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_finished_line_is_a_command() {
        for (lines, shown) in [
            (
                "plain ## words std::vec a::b\n",
                "plain ## words std::vec a::b\n",
            ),
            (
                "::error::x\n  ::add-mask::y",
                "\\u{3a}:error::x\n  \\u{3a}:add-mask::y",
            ),
            ("a\r::error::x", "a\r\\u{3a}:error::x"),
            ("\u{a0}\u{3000}::error::x", "\u{a0}\u{3000}\\u{3a}:error::x"),
            (
                "\u{1b}[1m \u{1b}[31m::error::x",
                "\u{1b}[1m \u{1b}[31m\\u{3a}:error::x",
            ),
            ("a ##[error]b", "a #\\u{23}[error]b"),
            ("a ###[error]b", "a ##\\u{23}[error]b"),
            (
                "a ##VSO[task.setvariable]b",
                "a #\\u{23}VSO[task.setvariable]b",
            ),
            ("## heading", "## heading"),
        ] {
            assert_eq!(unobeyed(lines), shown);
        }
    }
}
