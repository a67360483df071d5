//! Layer `syntax`: what a scalar without quotes is, by the core schema of YAML 1.2.

use super::tree::NodeKind;

/// The core schema's suffix for a scalar of this kind.
pub(super) fn suffix_of(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Null => "null",
        NodeKind::Bool(_) => "bool",
        NodeKind::Int(_) => "int",
        NodeKind::Float(_) => "float",
        _ => "str",
    }
}

/// What a plain scalar is (YAML 1.2.2, 10.3.2).
pub(super) fn plain(text: &str) -> NodeKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return NodeKind::Null,
        "true" | "True" | "TRUE" => return NodeKind::Bool(true),
        "false" | "False" | "FALSE" => return NodeKind::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return NodeKind::Float(f64::NAN),
        _ => {}
    }
    let (sign, digits) = match text.as_bytes()[0] {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    if matches!(digits, ".inf" | ".Inf" | ".INF") {
        return NodeKind::Float(f64::from(sign) * f64::INFINITY);
    }
    let in_base = |prefix: &str, base: u32| {
        let digits = text.strip_prefix(prefix)?;
        let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(base));
        valid.then(|| i64::from_str_radix(digits, base).ok())?
    };
    if let Some(value) = in_base("0o", 8).or_else(|| in_base("0x", 16)) {
        return NodeKind::Int(value);
    }
    if is_number(digits) {
        if let Ok(value) = text.parse() {
            return NodeKind::Int(value);
        }
        if let Ok(value) = text.parse() {
            return NodeKind::Float(value);
        }
    }
    NodeKind::Text(text.into())
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_number(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    all_digits(whole)
        && all_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let cases = [
            ("yes", "str"),
            ("no", "str"),
            ("on", "str"),
            ("off", "str"),
            ("y", "str"),
            ("true", "bool"),
            ("FALSE", "bool"),
            ("tRue", "str"),
            ("null", "null"),
            ("~", "null"),
            ("1", "int"),
            ("-17", "int"),
            ("+3", "int"),
            ("0o17", "int"),
            ("0x1F", "int"),
            ("-0x1F", "str"),
            ("1_000", "str"),
            ("12:30:45", "str"),
            ("1.", "float"),
            (".5", "float"),
            ("1e3", "float"),
            ("-.inf", "float"),
            (".nan", "float"),
            ("99999999999999999999", "float"),
            (".", "str"),
            ("e5", "str"),
            ("1e", "str"),
            ("0o8", "str"),
            ("2026-01-01", "str"),
            ("inf", "str"),
            ("nan", "str"),
            ("+", "str"),
            ("0x", "str"),
            ("1.2.3", "str"),
        ];
        for (text, suffix) in cases {
            assert_eq!(suffix_of(&plain(text)), suffix, "{text}");
        }
    }
}
