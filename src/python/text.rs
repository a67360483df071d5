//! What the methods of `str` give.
//!
//! Which characters are letters, and what their other case is, differs between
//! versions of Unicode: so only characters of which every version says the same
//! are answered for.

use super::{Outcome, raises, unread};

/// Characters beyond ASCII of which Python 3.11 to 3.13 and Rust say the same.
/// `python/tests.rs` compares them with what Python said.
const AGREED: &[(u32, u32)] = &[
    (0x80, 0xb1),
    (0xb4, 0xb8),
    (0xba, 0xbb),
    (0xbf, 0x19a),
    (0x19c, 0x1c3),
    (0x1cd, 0x1f0),
    (0x1f4, 0x263),
    (0x265, 0x294),
    (0x296, 0x344),
    (0x370, 0x377),
    (0x37b, 0x37f),
    (0x384, 0x38a),
    (0x38c, 0x38c),
    (0x38e, 0x3a1),
    (0x3a3, 0x52f),
    (0x531, 0x556),
    (0x559, 0x586),
    (0x588, 0x58a),
    (0x58d, 0x58f),
    (0x5d0, 0x5ea),
    (0x5ef, 0x5f4),
    (0x1e00, 0x1eff),
    (0x2000, 0x200b),
    (0x200e, 0x2064),
    (0x2066, 0x206f),
    (0x20a0, 0x20bf),
    (0x2190, 0x2426),
    (0x2500, 0x2775),
    (0x2794, 0x2b73),
    (0x3000, 0x3006),
    (0x3008, 0x3020),
    (0x3041, 0x3096),
    (0x3099, 0x30fa),
    (0x3400, 0x4dbf),
    (0x4e00, 0x4e23),
    (0x4e25, 0x4eab),
    (0x4ead, 0x4fe8),
    (0x4fea, 0x5005),
    (0x5007, 0x62cf),
    (0x62d1, 0x6d1d),
    (0x6d1f, 0x7694),
    (0x7696, 0x79ec),
    (0x79ee, 0x920d),
    (0x920f, 0x94a8),
    (0x94aa, 0x9fff),
    (0xac00, 0xd7a3),
    (0xfe00, 0xfe0f),
    (0xff01, 0xff0f),
    (0xff1a, 0xff64),
    (0x1f300, 0x1f6d7),
    (0x1f900, 0x1f9ff),
];

/// Where some characters are numbers, too, such as 一.
const IDEOGRAPHS: &[(u32, u32)] = &[(0x3400, 0x4dbf), (0x4e00, 0x9fff)];

/// What cannot be printed beyond ASCII, within [`AGREED`].
const UNPRINTABLE: &[(u32, u32)] = &[
    (0x80, 0xa0),
    (0xad, 0xad),
    (0x2000, 0x200b),
    (0x200e, 0x200f),
    (0x2028, 0x202f),
    (0x205f, 0x2064),
    (0x2066, 0x206f),
    (0x3000, 0x3000),
];

/// Characters whose folded form is not their lower case, within [`AGREED`].
const FOLDED: &[(char, &str)] = &[
    ('µ', "μ"),
    ('ß', "ss"),
    ('ŉ', "ʼn"),
    ('ſ', "s"),
    ('ǰ', "j\u{30c}"),
    ('ΐ', "ι\u{308}\u{301}"),
    ('ΰ', "υ\u{308}\u{301}"),
    ('ς', "σ"),
    ('ϐ', "β"),
    ('ϑ', "θ"),
    ('ϕ', "φ"),
    ('ϖ', "π"),
    ('ϰ', "κ"),
    ('ϱ', "ρ"),
    ('ϵ', "ε"),
    ('ẖ', "h\u{331}"),
    ('ẗ', "t\u{308}"),
    ('ẘ', "w\u{30a}"),
    ('ẙ', "y\u{30a}"),
    ('ẚ', "aʾ"),
    ('ẛ', "ṡ"),
    ('ẞ', "ss"),
];

/// What is known of a character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) printable: bool,
    alphabetic: bool,
    /// Nothing where some of its neighbours are numbers.
    numeric: Option<bool>,
}

impl Known {
    pub(super) fn of(c: char) -> Option<Self> {
        if c.is_ascii() {
            return Some(Self {
                printable: (' '..='~').contains(&c),
                alphabetic: c.is_ascii_alphabetic(),
                numeric: Some(c.is_ascii_digit()),
            });
        }
        within(AGREED, c).then(|| Self {
            printable: !within(UNPRINTABLE, c),
            alphabetic: c.is_alphabetic(),
            numeric: (!within(IDEOGRAPHS, c)).then_some(false),
        })
    }
}

fn within(ranges: &[(u32, u32)], c: char) -> bool {
    let code = u32::from(c);
    ranges
        .binary_search_by(|(first, last)| {
            if *last < code {
                std::cmp::Ordering::Less
            } else if *first > code {
                std::cmp::Ordering::Greater
            } else {
                std::cmp::Ordering::Equal
            }
        })
        .is_ok()
}

fn known(text: &str) -> Outcome<()> {
    if text.chars().all(|c| Known::of(c).is_some()) {
        Ok(())
    } else {
        unread("upper and lower case of characters of this script")
    }
}

/// White space, to Python.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

fn is_cased(c: char) -> bool {
    c.is_lowercase() || c.is_uppercase()
}

/// `text.lower()`, `.upper()`, `.title()`, `.capitalize()`, `.swapcase()`, `.casefold()`.
pub fn cased(text: &str, method: &str) -> Outcome<String> {
    known(text)?;
    Ok(match method {
        "lower" => text.to_lowercase(),
        "upper" => text.to_uppercase(),
        "casefold" => {
            let mut folded = String::with_capacity(text.len());
            for c in text.chars() {
                match FOLDED.iter().find(|(known, _)| *known == c) {
                    Some((_, into)) => folded.push_str(into),
                    None => folded.extend(c.to_lowercase()),
                }
            }
            folded
        }
        // What a capital sigma becomes depends on what stands around it.
        _ if text.contains('Σ') => return unread("the lower case of Σ"),
        "capitalize" => {
            let mut chars = text.chars();
            let first = chars.next().map(titled).unwrap_or_default();
            first + &chars.as_str().to_lowercase()
        }
        "title" => {
            let mut inside = false;
            let mut result = String::with_capacity(text.len());
            for c in text.chars() {
                if inside {
                    result.extend(c.to_lowercase());
                } else {
                    result.push_str(&titled(c));
                }
                inside = is_cased(c);
            }
            result
        }
        _ => {
            let mut result = String::with_capacity(text.len());
            for c in text.chars() {
                if c.is_uppercase() {
                    result.extend(c.to_lowercase());
                } else if c.is_lowercase() {
                    result.extend(c.to_uppercase());
                } else {
                    result.push(c);
                }
            }
            result
        }
    })
}

/// A character as the first of a word.
fn titled(c: char) -> String {
    match c {
        'ß' => "Ss".to_owned(),
        c => c.to_uppercase().collect(),
    }
}

/// `text.isalpha()` and the like.
pub fn question(text: &str, method: &str) -> Outcome<bool> {
    match method {
        "isascii" => return Ok(text.is_ascii()),
        "isspace" => return Ok(!text.is_empty() && text.chars().all(is_space)),
        "isidentifier" => {
            if !text.is_ascii() {
                return unread("isidentifier() of characters beyond ASCII");
            }
            let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            return Ok(starts && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        }
        _ => {}
    }
    let mut all = true;
    let (mut lower, mut upper, mut wrong, mut inside) = (false, false, false, false);
    for c in text.chars() {
        let Some(known) = Known::of(c) else {
            return unread(format!("{method}() of characters of this script"));
        };
        all &= match method {
            "isalpha" => known.alphabetic,
            "isprintable" => known.printable,
            "isalnum" if known.alphabetic => true,
            "isnumeric" | "isdigit" | "isdecimal" | "isalnum" => match known.numeric {
                Some(numeric) => numeric,
                None => return unread(format!("{method}() of characters of this script")),
            },
            _ => true,
        };
        let (is_lower, is_upper) = (c.is_lowercase(), c.is_uppercase());
        lower |= is_lower;
        upper |= is_upper;
        wrong |= (is_upper && inside) || (is_lower && !inside);
        inside = is_lower || is_upper;
    }
    Ok(match method {
        "islower" => lower && !upper,
        "isupper" => upper && !lower,
        "istitle" => (lower || upper) && !wrong,
        "isprintable" => all,
        _ => all && !text.is_empty(),
    })
}

/// `text.strip(set)` and its halves.
pub fn stripped<'t>(text: &'t str, method: &str, set: Option<&str>) -> &'t str {
    let drop = |c: char| match set {
        Some(set) => set.contains(c),
        None => is_space(c),
    };
    match method {
        "strip" => text.trim_matches(drop),
        "lstrip" => text.trim_start_matches(drop),
        _ => text.trim_end_matches(drop),
    }
}

/// `text.split(separator, most)` and `text.rsplit(…)`; a negative `most` is no bound.
pub fn split<'t>(
    text: &'t str,
    separator: Option<&str>,
    most: i64,
    from_right: bool,
) -> Outcome<Vec<&'t str>> {
    let times = usize::try_from(most).unwrap_or(usize::MAX - 1);
    Ok(match separator {
        Some("") => return raises("ValueError", "empty separator"),
        Some(separator) if from_right => {
            let mut parts: Vec<_> = text.rsplitn(times.saturating_add(1), separator).collect();
            parts.reverse();
            parts
        }
        Some(separator) => text.splitn(times.saturating_add(1), separator).collect(),
        None => split_at_spaces(text, times, from_right),
    })
}

/// Splits at runs of white space; what is left when `times` are used up keeps its far end.
fn split_at_spaces(text: &str, times: usize, from_right: bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        rest = if from_right {
            rest.trim_end_matches(is_space)
        } else {
            rest.trim_start_matches(is_space)
        };
        if rest.is_empty() {
            break;
        }
        if parts.len() >= times {
            parts.push(rest);
            break;
        }
        let (part, more) = if from_right {
            let cut = rest
                .char_indices()
                .rev()
                .find(|(_, c)| is_space(*c))
                .map_or(0, |(at, c)| at + c.len_utf8());
            (&rest[cut..], &rest[..cut])
        } else {
            let cut = rest.find(is_space).unwrap_or(rest.len());
            (&rest[..cut], &rest[cut..])
        };
        parts.push(part);
        rest = more;
    }
    if from_right {
        parts.reverse();
    }
    parts
}

/// `text.splitlines(keep)`.
pub fn lines(text: &str, keep: bool) -> Vec<&str> {
    let ends = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (end, after) = match rest.char_indices().find(|(_, c)| ends(*c)) {
            Some((at, '\r')) if rest[at + 1..].starts_with('\n') => (at, at + 2),
            Some((at, c)) => (at, at + c.len_utf8()),
            None => (rest.len(), rest.len()),
        };
        lines.push(&rest[..if keep { after } else { end }]);
        rest = &rest[after..];
    }
    lines
}

/// `text[start:end]` as `find`, `count` and `startswith` bound what they look at, with
/// the number of characters before it; nothing where `start` lies behind `end`.
pub fn window(text: &str, start: Option<i64>, end: Option<i64>) -> Option<(&str, usize)> {
    if start.is_none() && end.is_none() {
        return Some((text, 0));
    }
    let len = i64::try_from(text.chars().count()).ok()?;
    let clamp = |bound: i64| {
        if bound < 0 {
            (bound.saturating_add(len)).max(0)
        } else {
            bound
        }
    };
    let (start, end) = (
        start.map_or(0, clamp),
        end.map_or(len, |end| clamp(end).min(len)),
    );
    if start > end {
        return None;
    }
    let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
    let at = |chars: usize| {
        text.char_indices()
            .nth(chars)
            .map_or(text.len(), |(at, _)| at)
    };
    Some((&text[at(start)..at(end)], start))
}

/// `text.find(part, start, end)`, in characters.
pub fn find(
    text: &str,
    part: &str,
    start: Option<i64>,
    end: Option<i64>,
    from_right: bool,
) -> Option<usize> {
    let (inside, before) = window(text, start, end)?;
    let found = if from_right {
        inside.rfind(part)
    } else {
        inside.find(part)
    };
    found.map(|found| before + inside[..found].chars().count())
}

/// `text.replace(from, to, times)`; a negative number is no bound.
pub fn replaced(text: &str, from: &str, to: &str, times: i64) -> String {
    text.replacen(from, to, usize::try_from(times).unwrap_or(usize::MAX))
}

/// `text.expandtabs(size)`.
pub fn tabs_expanded(text: &str, size: usize) -> String {
    let mut result = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' if size > 0 => {
                let missing = size - column % size;
                result.extend(std::iter::repeat_n(' ', missing));
                column += missing;
            }
            '\t' => {}
            c => {
                result.push(c);
                column = if matches!(c, '\n' | '\r') {
                    0
                } else {
                    column + 1
                };
            }
        }
    }
    result
}

/// `text.ljust(width, fill)`, `.rjust`, `.center`, and `.zfill`, whose fill is `0`.
pub fn padded(text: &str, method: &str, width: usize, fill: char) -> String {
    let missing = width.saturating_sub(text.chars().count());
    let fills = |n: usize| -> String { std::iter::repeat_n(fill, n).collect() };
    match method {
        "ljust" => format!("{text}{}", fills(missing)),
        "rjust" => format!("{}{text}", fills(missing)),
        "zfill" => {
            let sign = usize::from(text.starts_with(['+', '-']));
            let (sign, digits) = text.split_at(sign);
            format!("{sign}{}{digits}", "0".repeat(missing))
        }
        _ => {
            // The odd one stands left when the width is odd.
            let left = missing / 2 + (missing & width & 1);
            format!("{}{text}{}", fills(left), fills(missing - left))
        }
    }
}
