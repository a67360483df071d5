//! How wide text is, near enough: no font can be asked.

/// The width of a line in a sans-serif font of that size.
pub(super) fn width(line: &str, size: f64) -> f64 {
    line.chars().map(|c| share(c) * size).sum()
}

/// The widest of some lines.
pub(super) fn widest(lines: &[String], size: f64) -> f64 {
    lines
        .iter()
        .map(|line| width(line, size))
        .fold(0.0, f64::max)
}

fn share(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | '|' | ':' | ';' | '!' | ' ' => 0.31,
        't' | 'f' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' | '"' => 0.38,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' => 0.92,
        'A'..='Z' | '&' | '#' | '=' | '+' | '<' | '>' => 0.70,
        c if c > '\u{1100}' => 1.05,
        _ => 0.58,
    }
}
