//! Layer `syntax`: YAML text, laid out anew. The only file that names `pretty_yaml`.
//!
//! Nothing is folded and nothing joined: what stands on one line stays there, for people
//! point at lines, and so do findings.

use pretty_yaml::config::{FormatOptions, LanguageOptions, LayoutOptions, LineBreak};

/// How far to the right the library reads blocks, in columns: it keeps those that it has met
/// in the bits of one number.
pub const MAX_COLUMNS: usize = 60;

/// Whether a line of a text is indented further than the library reads, where the marks of
/// lists and keys before what they hold count too.
pub fn is_too_far_right(text: &str) -> bool {
    text.split(['\n', '\r']).any(|line| {
        let mut rest = line;
        while let Some(inner) = ["- ", "? ", ": ", " ", "\t"]
            .iter()
            .find_map(|mark| rest.strip_prefix(mark))
        {
            rest = inner;
        }
        line.len() - rest.len() > MAX_COLUMNS
    })
}

/// The text with two spaces a level, double quotes where they change nothing, one blank line
/// where there were several, and the ends of lines that it begins with; `None` where the
/// library finds no YAML in it, or would read too far to the right.
///
/// Only for what [`super::yaml`] reads, and nests braces no deeper than
/// [`super::yaml::nests_in_braces`] allows: each level that the library cannot read at once
/// doubles its work.
pub fn laid_out(text: &str) -> Option<String> {
    if is_too_far_right(text) {
        return None;
    }
    let first = text.find('\n').map(|end| &text[..end]);
    let line_break = if first.is_some_and(|line| line.ends_with('\r')) {
        LineBreak::Crlf
    } else {
        LineBreak::Lf
    };
    let options = FormatOptions {
        layout: LayoutOptions {
            // No line is too long.
            print_width: text.len().saturating_mul(2),
            line_break,
            ..LayoutOptions::default()
        },
        language: LanguageOptions {
            trailing_comma: false,
            brace_spacing: false,
            ..LanguageOptions::default()
        },
    };
    pretty_yaml::format_text(text, &options).ok()
}
