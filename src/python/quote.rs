//! Text and bytes as `repr` and `ascii` write them.

use std::fmt::Write as _;

use super::{Outcome, text::Known, unread};

/// `repr(text)`.
pub fn text(text: &str) -> Outcome<String> {
    let quote = quote_of(text.contains('\''), text.contains('"'));
    let mut result = String::with_capacity(text.len() + 2);
    result.push(quote);
    for c in text.chars() {
        if escaped(c, quote, &mut result) {
            continue;
        }
        match Known::of(c) {
            Some(known) if known.printable => result.push(c),
            Some(_) => escape(c, &mut result),
            None => return unread("how Python writes characters of this script"),
        }
    }
    result.push(quote);
    Ok(result)
}

/// What `ascii` makes of what `repr` wrote.
pub fn ascii(repr: &str) -> String {
    let mut result = String::with_capacity(repr.len());
    for c in repr.chars() {
        if c.is_ascii() {
            result.push(c);
        } else {
            escape(c, &mut result);
        }
    }
    result
}

/// `repr(bytes)`.
pub fn bytes(bytes: &[u8]) -> String {
    let quote = quote_of(bytes.contains(&b'\''), bytes.contains(&b'"'));
    let mut result = String::with_capacity(bytes.len() + 3);
    result.push('b');
    result.push(quote);
    for byte in bytes {
        let c = char::from(*byte);
        if escaped(c, quote, &mut result) {
            continue;
        }
        if (' '..='~').contains(&c) {
            result.push(c);
        } else {
            escape(c, &mut result);
        }
    }
    result.push(quote);
    result
}

fn quote_of(single: bool, double: bool) -> char {
    if single && !double { '"' } else { '\'' }
}

/// Writes what has an escape of its own.
fn escaped(c: char, quote: char, result: &mut String) -> bool {
    let escape = match c {
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        c if c == quote => {
            result.push('\\');
            result.push(c);
            return true;
        }
        _ => return false,
    };
    result.push_str(escape);
    true
}

fn escape(c: char, result: &mut String) {
    let code = u32::from(c);
    let _ = match code {
        0..0x100 => write!(result, "\\x{code:02x}"),
        0x100..0x1_0000 => write!(result, "\\u{code:04x}"),
        _ => write!(result, "\\U{code:08x}"),
    };
}
