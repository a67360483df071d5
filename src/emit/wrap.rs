//! Lines for a terminal: breaks text at spaces, by the width of what is shown.
//!
//! miette can do it too, by the line-breaking rules of Unicode; over the texts of
//! a run that costs more than everything else it draws.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// `text` in lines of at most `width` columns. Its own line breaks stay, and so
/// do the spaces within a line; a word that is wider than a line is cut.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 40);
    for line in text.split_inclusive('\n') {
        let (line, end) = line
            .strip_suffix('\n')
            .map_or((line, ""), |line| (line, "\n"));
        break_line(line, width.max(1), &mut lines);
        lines.push_str(end);
    }
    lines
}

/// Adds one line of text as lines that fit. Spaces where it is broken go.
fn break_line(line: &str, width: usize, lines: &mut String) {
    if line.len() <= width {
        lines.push_str(line);
        return;
    }
    let (mut used, mut gap) = (0, 0);
    for (at, word) in line.split(' ').enumerate() {
        gap += usize::from(at > 0);
        if word.is_empty() {
            continue;
        }
        let wide = word.width();
        if used > 0 && used + gap + wide > width {
            lines.push('\n');
            used = 0;
        } else {
            lines.extend(std::iter::repeat_n(' ', gap));
            used += gap;
        }
        gap = 0;
        if used + wide <= width {
            lines.push_str(word);
            used += wide;
        } else {
            used = cut(word, used, width, lines);
        }
    }
}

/// Adds a word that is wider than a line; gives how much of the last line it fills.
fn cut(word: &str, mut used: usize, width: usize, lines: &mut String) -> usize {
    for c in word.chars() {
        let wide = c.width().unwrap_or(0);
        if used > 0 && used + wide > width {
            lines.push('\n');
            used = 0;
        }
        lines.push(c);
        used += wide;
    }
    used
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn text_is_broken_at_spaces_and_keeps_its_own_lines() {
        let cases = [
            ("", 10, ""),
            ("fits", 10, "fits"),
            ("one two three", 8, "one two\nthree"),
            ("one two three", 7, "one two\nthree"),
            ("one two three", 6, "one\ntwo\nthree"),
            ("one\ntwo three four", 9, "one\ntwo three\nfour"),
            ("high     AA01 is long", 14, "high     AA01\nis long"),
            ("one  two   three ", 8, "one  two\nthree"),
            ("  one two three", 9, "  one two\nthree"),
            (
                "a supercalifragilistic b",
                8,
                "a\nsupercal\nifragili\nstic b",
            ),
            ("脅威モデル を読む", 6, "脅威モ\nデル\nを読む"),
            ("last\n", 3, "las\nt\n"),
            ("ab", 0, "a\nb"),
        ];
        for (text, width, lines) in cases {
            assert_eq!(wrapped(text, width), lines, "{text:?} in {width}");
        }
    }
}
