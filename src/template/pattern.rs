//! Python's format strings, split as `string.Formatter` splits them: literal
//! text, and replacement fields `{field!conversion:specification}` whose
//! specification may hold further fields.

/// A piece of a format string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text as it is; `{{` and `}}` are one brace already.
    Literal(&'a str),
    /// A replacement field.
    Field(Field<'a>),
}

/// A replacement field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field<'a> {
    /// Where it begins, as an offset in bytes of the string that was split.
    pub(super) at: usize,
    /// `item.source.name`.
    pub(super) name: &'a str,
    /// The letter after `!`.
    pub(super) conversion: Option<char>,
    /// What stands after `:`, not yet expanded.
    pub(super) specification: &'a str,
}

/// Why a format string cannot be split, in Python's words, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    /// What is wrong.
    pub(super) reason: &'static str,
    /// Where, as an offset in bytes.
    pub(super) at: usize,
}

/// Splits a format string.
pub(super) fn split(text: &str) -> Result<Vec<Piece<'_>>, Malformed> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some(brace) = text[at..].find(['{', '}']).map(|found| at + found) else {
            pieces.push(Piece::Literal(&text[at..]));
            break;
        };
        let doubled = text.as_bytes().get(brace + 1) == text.as_bytes().get(brace);
        if doubled {
            pieces.push(Piece::Literal(&text[at..=brace]));
            at = brace + 2;
            continue;
        }
        if text.as_bytes()[brace] == b'}' {
            return Err(malformed(
                "a single “}” stands alone; write “}}” for one",
                brace,
            ));
        }
        if brace + 1 == text.len() {
            return Err(malformed(
                "a single “{” stands alone; write “{{” for one",
                brace,
            ));
        }
        if at < brace {
            pieces.push(Piece::Literal(&text[at..brace]));
        }
        let (field, end) = field(text, brace)?;
        pieces.push(Piece::Field(field));
        at = end;
    }
    Ok(pieces)
}

fn malformed(reason: &'static str, at: usize) -> Malformed {
    Malformed { reason, at }
}

/// The field that begins at a brace, and the offset behind it.
fn field(text: &str, brace: usize) -> Result<(Field<'_>, usize), Malformed> {
    let bytes = text.as_bytes();
    let name_end = name_end(text, brace)?;
    let mut field = Field {
        at: brace,
        name: &text[brace + 1..name_end],
        conversion: None,
        specification: "",
    };
    let mut at = name_end + 1;
    if bytes[name_end] == b'}' {
        return Ok((field, at));
    }
    if bytes[name_end] == b'!' {
        let letter = text[at..].chars().next();
        let letter = letter.ok_or(malformed("the letter after “!” is missing", brace))?;
        field.conversion = Some(letter);
        at += letter.len_utf8();
        match bytes.get(at) {
            Some(b'}') => return Ok((field, at + 1)),
            Some(b':') => at += 1,
            Some(_) => return Err(malformed("“:” is missing after the letter of “!”", brace)),
            None => return Err(malformed("a “{” is never closed", brace)),
        }
    }
    let end = specification_end(text, at).ok_or(malformed("a “{” is never closed", brace))?;
    field.specification = &text[at..end];
    Ok((field, end + 1))
}

/// The offset of what ends a field's name: `}`, `:` or `!` outside of `[…]`.
fn name_end(text: &str, brace: usize) -> Result<usize, Malformed> {
    let mut in_brackets = false;
    for (at, byte) in text.bytes().enumerate().skip(brace + 1) {
        match byte {
            _ if in_brackets => in_brackets = byte != b']',
            b'[' => in_brackets = true,
            b'{' => return Err(malformed("“{” stands inside a field's name", at)),
            b'}' | b':' | b'!' => return Ok(at),
            _ => {}
        }
    }
    Err(malformed("a “{” is never closed", brace))
}

/// The offset of the brace that closes a field whose specification begins at `start`.
fn specification_end(text: &str, start: usize) -> Option<usize> {
    let mut open = 1;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Piece, split};

    /// `text|{name!c:spec}|…`.
    fn shown(text: &str) -> String {
        match split(text) {
            Err(malformed) => format!("error at {}", malformed.at),
            Ok(pieces) => {
                let pieces = pieces.iter().map(|piece| match piece {
                    Piece::Literal(text) => (*text).to_owned(),
                    Piece::Field(field) => format!(
                        "<{}{}:{}>",
                        field.name,
                        field
                            .conversion
                            .map(|c| format!("!{c}"))
                            .unwrap_or_default(),
                        field.specification
                    ),
                });
                pieces.collect::<Vec<_>>().join("|")
            }
        }
    }

    #[test]
    fn format_strings_are_split_as_python_splits_them() {
        // Each right side was compared with `string.Formatter().parse`.
        for (text, pieces) in [
            ("", ""),
            ("plain", "plain"),
            ("a{b}c", "a|<b:>|c"),
            ("{{a}}", "{|a}"),
            ("{a!r}", "<a!r:>"),
            ("{a!r:x}", "<a!r:x>"),
            ("{a:repeat:* {{item.x}}\n}", "<a:repeat:* {{item.x}}\n>"),
            ("{a[b:c].d:e}", "<a[b:c].d:e>"),
            ("{a:{b}}", "<a:{b}>"),
            ("}", "error at 0"),
            ("x{", "error at 1"),
            ("{a", "error at 0"),
            ("{a:{b}", "error at 0"),
            ("{a{b}}", "error at 2"),
            ("{a!}", "error at 0"),
            ("ä{é}", "ä|<é:>"),
        ] {
            assert_eq!(shown(text), pieces, "{text}");
        }
    }
}
