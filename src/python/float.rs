//! Floats: arithmetic, rounding, reading and writing.

use std::cmp::Ordering;

use super::operation::Operator;
use super::{Outcome, raises, too_large, unread};

pub(super) fn calculate(operator: Operator, a: f64, b: f64) -> Outcome<f64> {
    let divides = matches!(
        operator,
        Operator::Divide | Operator::FloorDivide | Operator::Remainder
    );
    if divides && b == 0.0 {
        return raises("ZeroDivisionError", "float division by zero");
    }
    Ok(match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
        Operator::FloorDivide => divided(a, b).0,
        Operator::Remainder => divided(a, b).1,
        Operator::Power => return power(a, b),
        _ => return raises("TypeError", "unsupported operand types for a float"),
    })
}

/// Quotient and remainder, the remainder on the side of `b`.
fn divided(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0.0_f64.copysign(a / b), rest);
    }
    let mut floor = quotient.floor();
    if quotient - floor > 0.5 {
        floor += 1.0;
    }
    (floor, rest)
}

fn power(a: f64, b: f64) -> Outcome<f64> {
    if a == 0.0 && b < 0.0 && b.is_finite() {
        return raises(
            "ZeroDivisionError",
            "0.0 cannot be raised to a negative power",
        );
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 {
        return unread("a complex number");
    }
    let result = a.powf(b);
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        return raises("OverflowError", "(34, 'Numerical result out of range')");
    }
    Ok(result)
}

/// How a whole number and a float are ordered, without rounding either.
#[expect(
    clippy::cast_possible_truncation,
    reason = "in range there; whole and remainder are compared apart"
)]
pub(super) fn order_with(a: i64, b: f64) -> Option<Ordering> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if b.is_nan() {
        return None;
    }
    if b >= LIMIT {
        return Some(Ordering::Less);
    }
    if b < -LIMIT {
        return Some(Ordering::Greater);
    }
    let floor = b.floor();
    let by_whole = a.cmp(&(floor as i64));
    Some(by_whole.then(if b > floor {
        Ordering::Less
    } else {
        Ordering::Equal
    }))
}

/// A float as a whole number, after `cut` made it one: `int()`, `math.floor()`, ….
#[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
pub fn whole(f: f64, cut: impl FnOnce(f64) -> f64) -> Outcome<i64> {
    if f.is_nan() {
        return raises("ValueError", "cannot convert float NaN to integer");
    }
    if f.is_infinite() {
        return raises("OverflowError", "cannot convert float infinity to integer");
    }
    let cut = cut(f);
    if cut.abs() >= 9.2e18 {
        return too_large();
    }
    Ok(cut as i64)
}

/// `round(f, digits)`: the exact value decides, half to even.
pub(super) fn round(f: f64, digits: i64) -> f64 {
    if !f.is_finite() || f == 0.0 || digits > 323 {
        return f;
    }
    if digits < -308 {
        return 0.0_f64.copysign(f);
    }
    if let Ok(digits) = usize::try_from(digits) {
        let text = format!("{f:.digits$}");
        return text.parse().unwrap_or(f);
    }
    // To tens, hundreds, …: by the decimal digits of the whole part; what is behind
    // the point only breaks a tie.
    let text = format!("{:.1}", f.abs().trunc());
    let whole = text.trim_end_matches(".0");
    let places = usize::try_from(digits.unsigned_abs()).unwrap_or(usize::MAX);
    let (kept, cut) = match whole.len().checked_sub(places) {
        Some(at) => whole.split_at(at),
        None => return 0.0_f64.copysign(f),
    };
    let mut bytes = cut.bytes();
    let half = match bytes.next().unwrap_or(b'0').cmp(&b'5') {
        Ordering::Equal if f.fract() != 0.0 || bytes.any(|b| b != b'0') => Ordering::Greater,
        other => other,
    };
    let odd = kept.bytes().last().is_some_and(|b| b % 2 == 1);
    let up = half == Ordering::Greater || (half == Ordering::Equal && odd);
    let kept = if up { one_more(kept) } else { kept.to_owned() };
    let text = format!("{kept}{}", "0".repeat(places));
    text.parse().unwrap_or(f64::NAN).copysign(f)
}

/// The decimal number after this one.
fn one_more(digits: &str) -> String {
    let mut digits: Vec<u8> = digits.bytes().collect();
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return String::from_utf8(digits).unwrap_or_default();
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
    String::from_utf8(digits).unwrap_or_default()
}

/// `float(text)`.
pub fn parse(text: &str) -> Outcome<f64> {
    let wrong = || {
        let shown = super::quote::text(text).unwrap_or_else(|_| "this text".to_owned());
        raises(
            "ValueError",
            format!("could not convert string to float: {shown}"),
        )
    };
    let trimmed = text.trim();
    if !trimmed.is_ascii() {
        return unread("float() of text with digits beyond ASCII");
    }
    let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let named = match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => Some(f64::INFINITY),
        "nan" => Some(f64::NAN),
        _ => None,
    };
    if let Some(named) = named {
        return Ok(if trimmed.starts_with('-') {
            -named
        } else {
            named
        });
    }
    // Underlines stand between digits only.
    let bytes = unsigned.as_bytes();
    let digit_at = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    for (at, byte) in bytes.iter().enumerate() {
        let fits = match byte {
            b'_' => digit_at(at.checked_sub(1)) && digit_at(at.checked_add(1)),
            b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-' => true,
            _ => false,
        };
        if !fits {
            return wrong();
        }
    }
    match trimmed.replace('_', "").parse() {
        Ok(value) => Ok(value),
        Err(_) => wrong(),
    }
}

/// A float as `repr` and `str` write it.
pub fn written(f: f64) -> String {
    if f.is_nan() {
        return "nan".into();
    }
    if f.is_infinite() {
        return if f > 0.0 { "inf" } else { "-inf" }.into();
    }
    let size = f.abs();
    let shortest = shortest(size);
    let sign = if f.is_sign_negative() { "-" } else { "" };
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        return format!("{sign}{}", with_exponent(&shortest, 'e'));
    }
    let digits = shortest.find('e').unwrap_or(1).saturating_sub(2);
    let exponent: i64 = shortest
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    let behind = usize::try_from(digits as i64 - exponent).unwrap_or(0);
    format!("{sign}{size:.*}", behind.max(1))
}

/// The fewest digits that mean this float, in the form `1.5e-7`; of two that are as
/// near, the even one, as Python takes it.
fn shortest(size: f64) -> String {
    let text = format!("{size:e}");
    let digits = text.find('e').unwrap_or(1).saturating_sub(2);
    let even = format!("{size:.digits$e}");
    if even.parse() == Ok(size) { even } else { text }
}

/// Rust's `1.5e-7` with a sign and two digits in the exponent.
pub(super) fn with_exponent(text: &str, letter: char) -> String {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}{letter}{sign}{digits:0>2}")
}
