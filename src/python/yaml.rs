//! What `PyYAML` makes of a scalar without quotes: YAML 1.1, as its resolver has it.

/// A plain scalar.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text,
    /// A date, a number of more than 64 bits, or what `PyYAML` refuses: not worked out.
    Unread,
}

/// The value of a plain scalar.
pub fn plain(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Scalar::Bool(true);
        }
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Scalar::Bool(false);
        }
        "=" | "<<" => return Scalar::Unread,
        _ => {}
    }
    if is_date(text) {
        return Scalar::Unread;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let negative = text.starts_with('-');
    if is_int(unsigned) {
        return whole(unsigned, negative);
    }
    if is_float(text, unsigned) {
        return float(unsigned, negative);
    }
    Scalar::Text
}

fn all(text: &str, holds: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(holds)
}

fn digits(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '_')
}

/// `:[0-5]?[0-9]`, once or more often.
fn sixties(parts: &str) -> bool {
    parts.split(':').all(|part| match part.as_bytes() {
        [one] => one.is_ascii_digit(),
        [ten, one] => (b'0'..=b'5').contains(ten) && one.is_ascii_digit(),
        _ => false,
    })
}

fn is_int(text: &str) -> bool {
    if let Some(bits) = text.strip_prefix("0b") {
        return all(bits, |c| matches!(c, '0' | '1' | '_'));
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return all(hex, |c| c.is_ascii_hexdigit() || c == '_');
    }
    if let Some(octal) = text.strip_prefix('0') {
        return octal.is_empty() || all(octal, |c| matches!(c, '0'..='7' | '_'));
    }
    match text.split_once(':') {
        Some((first, rest)) => digits(first) && sixties(rest),
        None => digits(text),
    }
}

fn is_float(text: &str, unsigned: &str) -> bool {
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['-', '+'])
            .is_some_and(|digits| all(digits, |c| c.is_ascii_digit()))
    });
    let Some((before, after)) = mantissa.split_once('.') else {
        return false;
    };
    let after_fits = after.chars().all(|c| c.is_ascii_digit() || c == '_');
    if before.is_empty() {
        // Only without a sign.
        return text == unsigned && exponent_fits && digits(after);
    }
    match before.split_once(':') {
        Some((first, rest)) => digits(first) && sixties(rest) && after_fits && exponent.is_none(),
        None => digits(before) && after_fits && exponent_fits,
    }
}

/// `2026-01-02` and longer forms.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 8
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && text.matches('-').count() >= 2
}

/// Whether `PyYAML` stops at a plain scalar: at a mark that stands for no value, and at a day or
/// a time that there is not.
pub fn stops(text: &str) -> bool {
    if matches!(text, "=" | "<<") {
        return true;
    }
    if !is_date(text) {
        return false;
    }
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .map(|digits| digits.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    let (year, month, day, hour, minute, second) = (next(), next(), next(), next(), next(), next());
    let days = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let is_day = year > 0 && (1..=12).contains(&month) && (1..=days).contains(&day);
    !is_day || hour > 23 || minute > 59 || second > 59
}

fn whole(text: &str, negative: bool) -> Scalar {
    let text = text.replace('_', "");
    let in_base = |digits: &str, base| i64::from_str_radix(digits, base).ok();
    let value = if text == "0" {
        Some(0)
    } else if let Some(bits) = text.strip_prefix("0b") {
        in_base(bits, 2)
    } else if let Some(hex) = text.strip_prefix("0x") {
        in_base(hex, 16)
    } else if text.starts_with('0') {
        in_base(&text, 8)
    } else {
        text.split(':').try_fold(0_i64, |sum, part| {
            sum.checked_mul(60)?.checked_add(part.parse().ok()?)
        })
    };
    match value {
        Some(value) => Scalar::Int(if negative { -value } else { value }),
        None => Scalar::Unread,
    }
}

fn float(text: &str, negative: bool) -> Scalar {
    let text = text.replace('_', "").to_lowercase();
    let size = match &*text {
        ".inf" => Some(f64::INFINITY),
        ".nan" => Some(f64::NAN),
        text if text.contains(':') => None,
        text => text.parse().ok(),
    };
    match size {
        Some(size) => Scalar::Float(if negative { -size } else { size }),
        None => Scalar::Unread,
    }
}
