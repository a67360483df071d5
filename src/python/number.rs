//! Arithmetic and order of whole numbers and floats.

use std::cmp::Ordering;

use super::operation::{Number, Operator};
use super::{Outcome, float, integer, raises, too_large, unread};

/// `a operator b`.
pub fn calculate(operator: Operator, a: Number, b: Number) -> Outcome<Number> {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => integer::calculate(operator, a, b),
        _ => float::calculate(operator, a.float(), b.float()).map(Number::Float),
    }
}

/// `-a`.
pub fn negative(a: Number) -> Outcome<Number> {
    match a {
        Number::Int(a) => match a.checked_neg() {
            Some(a) => Ok(Number::Int(a)),
            None => too_large(),
        },
        Number::Float(a) => Ok(Number::Float(-a)),
    }
}

/// `abs(a)`.
pub fn absolute(a: Number) -> Outcome<Number> {
    match a {
        Number::Int(a) => match a.checked_abs() {
            Some(a) => Ok(Number::Int(a)),
            None => too_large(),
        },
        Number::Float(a) => Ok(Number::Float(a.abs())),
    }
}

/// How two numbers are ordered; nothing if one is no number (`nan`).
pub fn order(a: Number, b: Number) -> Option<Ordering> {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => Some(a.cmp(&b)),
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b),
        (Number::Int(a), Number::Float(b)) => float::order_with(a, b),
        (Number::Float(a), Number::Int(b)) => float::order_with(b, a).map(Ordering::reverse),
    }
}

/// `round(a)` and `round(a, digits)`: half to even.
pub fn round(a: Number, digits: Option<i64>) -> Outcome<Number> {
    match (a, digits) {
        (Number::Int(a), None) => Ok(Number::Int(a)),
        (Number::Int(a), Some(digits)) => integer::round(a, digits).map(Number::Int),
        (Number::Float(a), None) => float::whole(a, f64::round_ties_even).map(Number::Int),
        (Number::Float(a), Some(digits)) => Ok(Number::Float(float::round(a, digits))),
    }
}

/// `pow(a, b, modulus)`.
pub fn power_modulo(a: i64, b: i64, modulus: i64) -> Outcome<i64> {
    if modulus == 0 {
        return raises("ValueError", "pow() 3rd argument cannot be 0");
    }
    if b < 0 || modulus < 0 {
        return unread("pow() with a negative exponent or modulus");
    }
    let modulus = i128::from(modulus);
    let (mut base, mut exponent, mut result) = (i128::from(a).rem_euclid(modulus), b, 1 % modulus);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % modulus;
        }
        base = base * base % modulus;
        exponent >>= 1;
    }
    i64::try_from(result).or_else(|_| too_large())
}
