//! Whole numbers. Python's have no bounds; here they are 64 bits wide, and what
//! goes beyond is not worked out.

use super::operation::{Number, Operator};
use super::{Outcome, float, raises, too_large, unread};

pub(super) fn calculate(operator: Operator, a: i64, b: i64) -> Outcome<Number> {
    let value = match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::Divide => return divide(a, b).map(Number::Float),
        Operator::FloorDivide | Operator::Remainder if b == 0 => {
            return raises("ZeroDivisionError", "integer division or modulo by zero");
        }
        Operator::FloorDivide => a.checked_div(b).map(|quotient| {
            let inexact = a.wrapping_rem(b) != 0 && (a < 0) != (b < 0);
            quotient - i64::from(inexact)
        }),
        Operator::Remainder => {
            let rest = a.wrapping_rem(b);
            let other_side = rest != 0 && (rest < 0) != (b < 0);
            Some(if other_side { rest + b } else { rest })
        }
        Operator::Power if b < 0 => {
            return float::calculate(Operator::Power, exact(a)?, exact(b)?).map(Number::Float);
        }
        Operator::Power => power(a, b),
        Operator::ShiftLeft | Operator::ShiftRight if b < 0 => {
            return raises("ValueError", "negative shift count");
        }
        Operator::ShiftLeft if a == 0 => Some(0),
        Operator::ShiftLeft => u32::try_from(b)
            .ok()
            .and_then(|b| 1_i64.checked_shl(b))
            .filter(|factor| *factor > 0)
            .and_then(|factor| a.checked_mul(factor)),
        Operator::ShiftRight => Some(a >> b.min(63)),
        Operator::And => Some(a & b),
        Operator::Or => Some(a | b),
        Operator::Xor => Some(a ^ b),
    };
    value.map_or_else(too_large, |value| Ok(Number::Int(value)))
}

fn power(a: i64, b: i64) -> Option<i64> {
    match (a, u32::try_from(b)) {
        (0 | 1, _) => Some(if b == 0 { 1 } else { a }),
        (-1, _) => Some(if b % 2 == 0 { 1 } else { -1 }),
        (_, Ok(exponent)) => a.checked_pow(exponent),
        _ => None,
    }
}

/// `a / b`: rounded once, which two conversions to float do only while both are exact.
fn divide(a: i64, b: i64) -> Outcome<f64> {
    if b == 0 {
        return raises("ZeroDivisionError", "division by zero");
    }
    Ok(exact(a)? / exact(b)?)
}

/// A whole number as the float that is equal to it.
#[expect(clippy::cast_precision_loss, reason = "checked to be exact")]
fn exact(a: i64) -> Outcome<f64> {
    if a.unsigned_abs() > 1 << 53 {
        return unread("a quotient of whole numbers of more than 53 bits");
    }
    Ok(a as f64)
}

/// `round(a, digits)`: to a multiple of a power of ten, half to even.
pub(super) fn round(a: i64, digits: i64) -> Outcome<i64> {
    if digits >= 0 {
        return Ok(a);
    }
    let Some(unit) = u32::try_from(digits.unsigned_abs())
        .ok()
        .and_then(|power| 10_i64.checked_pow(power))
    else {
        // Less than half of so large a unit, if it is large enough.
        return if digits < -19 { Ok(0) } else { too_large() };
    };
    let (down, rest) = (a.div_euclid(unit), a.rem_euclid(unit));
    let up = match rest.cmp(&(unit - rest)) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Equal => down.rem_euclid(2),
    };
    (down + up).checked_mul(unit).map_or_else(too_large, Ok)
}

/// `int(text, base)`.
pub fn parse(text: &str, base: u32) -> Outcome<i64> {
    let wrong = || {
        let shown = super::quote::text(text).unwrap_or_else(|_| "this text".to_owned());
        raises(
            "ValueError",
            format!("invalid literal for int() with base {base}: {shown}"),
        )
    };
    if base == 1 || base > 36 {
        return raises("ValueError", "int() base must be >= 2 and <= 36, or 0");
    }
    let trimmed = text.trim();
    if !trimmed.is_ascii() {
        return unread("int() of text with digits beyond ASCII");
    }
    let (negative, digits) = match trimmed.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let (base_said, digits_after) = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (0, digits),
    };
    let (radix, digits) = match (base, base_said) {
        (0, 0) => {
            // `010` is no number where the base is told by the text.
            if digits.starts_with('0') && digits.bytes().any(|b| b != b'0' && b != b'_') {
                return wrong();
            }
            (10, digits)
        }
        (0, said) => (said, digits_after.strip_prefix('_').unwrap_or(digits_after)),
        (base, said) if said == base => {
            (base, digits_after.strip_prefix('_').unwrap_or(digits_after))
        }
        (base, _) => (base, digits),
    };
    let mut value: Option<i64> = Some(0);
    let mut after_digit = false;
    for c in digits.chars() {
        if c == '_' {
            if !after_digit {
                return wrong();
            }
            after_digit = false;
            continue;
        }
        let Some(digit) = c.to_digit(radix) else {
            return wrong();
        };
        after_digit = true;
        let digit = i64::from(digit);
        let digit = if negative { -digit } else { digit };
        value = value
            .and_then(|value| value.checked_mul(i64::from(radix)))
            .and_then(|value| value.checked_add(digit));
    }
    if !after_digit {
        return wrong();
    }
    value.map_or_else(too_large, Ok)
}
