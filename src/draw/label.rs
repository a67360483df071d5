//! Names as lines of a label: one blank for any white space, nothing that
//! cannot be seen, short enough to be read, broken where a box ends. Escaping
//! is the languages' own.

use crate::escape;

/// How many characters of a name a diagram shows.
const MOST: usize = 120;

/// A name as one line.
pub(super) fn line(text: &str) -> String {
    let seen = escape::visible(text);
    let joined = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.is_empty() {
        return "(no name)".to_owned();
    }
    escape::shorten(&joined, MOST).into_owned()
}

/// A line broken at blanks into lines of at most `width` characters; a longer
/// word is cut.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut current = String::new();
    for word in text.split(' ') {
        for piece in pieces(word, width) {
            let taken = current.chars().count();
            if taken > 0 && taken + 1 + piece.chars().count() > width {
                lines.push(std::mem::take(&mut current));
            } else if taken > 0 {
                current.push(' ');
            }
            current.push_str(&piece);
        }
    }
    if !current.is_empty() || lines.is_empty() {
        lines.push(current);
    }
    lines
}

/// A word in pieces of at most `width` characters.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters
        .chunks(width.max(1))
        .map(|piece| piece.iter().collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{line, wrap};

    #[test]
    fn names_become_one_visible_line() {
        assert_eq!(line(" a\n\tb\u{202e}c  "), "a bc");
        assert_eq!(line("\u{200b}"), "(no name)");
        assert_eq!(line(&"x".repeat(1000)).chars().count(), 120);
    }

    #[test]
    fn lines_break_at_blanks_and_long_words_are_cut() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("", 3), [""]);
    }
}
