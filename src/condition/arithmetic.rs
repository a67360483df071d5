//! Arithmetic, indices and slices, as in Python but bounded: numbers that do
//! not fit and texts or lists that grow too long end the evaluation.

use std::rc::Rc;

use super::compare::Number;
use super::expression::{Operator, Shape};
use super::value::{Fault, Outcome, Val, Work};

/// How long a text or list may become.
const MAX_LENGTH: usize = 100_000;

const OVERFLOW: Fault<'_> = Fault::Other("a number is too large");
const BY_ZERO: Fault<'_> = Fault::Other("division by zero");
const UNLIKE: Fault<'_> = Fault::Other("this cannot be calculated");
const TOO_LONG: Fault<'_> = Fault::Other("a text or list is too long");
const BAD_INDEX: Fault<'_> = Fault::Other("there is nothing at that index");

/// `a operator b`.
pub(super) fn calculate<'m>(
    operator: Operator,
    a: &Val<'m>,
    b: &Val<'m>,
    work: &Work<'_>,
) -> Outcome<'m> {
    if a.unknown() || b.unknown() {
        return Ok(Val::Unknown);
    }
    if let (Some(x), Some(y)) = (Number::of(a), Number::of(b)) {
        return match (operator, a, b) {
            (Operator::BitAnd, Val::Bool(x), Val::Bool(y)) => Ok(Val::Bool(x & y)),
            (Operator::BitOr, Val::Bool(x), Val::Bool(y)) => Ok(Val::Bool(x | y)),
            (Operator::BitXor, Val::Bool(x), Val::Bool(y)) => Ok(Val::Bool(x ^ y)),
            _ => match (x, y) {
                (Number::Int(x), Number::Int(y)) => integers(operator, x, y),
                _ => floats(operator, x.float(), y.float()),
            },
        };
    }
    match operator {
        Operator::Add => join(a, b),
        Operator::Multiply => repeat(a, b),
        Operator::Subtract | Operator::BitAnd | Operator::BitOr | Operator::BitXor => {
            combine(operator, a, b, work)
        }
        _ => Err(UNLIKE),
    }
}

fn integers<'m>(operator: Operator, x: i64, y: i64) -> Outcome<'m> {
    let whole = |result: Option<i64>| result.map(Val::Int).ok_or(OVERFLOW);
    match operator {
        Operator::Add => whole(x.checked_add(y)),
        Operator::Subtract => whole(x.checked_sub(y)),
        Operator::Multiply => whole(x.checked_mul(y)),
        Operator::Divide => floats(operator, Number::Int(x).float(), Number::Int(y).float()),
        Operator::FloorDivide | Operator::Remainder if y == 0 => Err(BY_ZERO),
        Operator::FloorDivide => {
            let quotient = x.checked_div(y).ok_or(OVERFLOW)?;
            let inexact = x % y != 0 && (x < 0) != (y < 0);
            whole(quotient.checked_sub(i64::from(inexact)))
        }
        Operator::Remainder => {
            let rest = x.checked_rem(y).ok_or(OVERFLOW)?;
            let inexact = rest != 0 && (rest < 0) != (y < 0);
            Ok(Val::Int(if inexact { rest + y } else { rest }))
        }
        Operator::Power if y < 0 => {
            floats(operator, Number::Int(x).float(), Number::Int(y).float())
        }
        Operator::Power => match (x, u32::try_from(y)) {
            (0 | 1, _) if y > 0 => Ok(Val::Int(x)),
            (_, Ok(exponent)) => whole(x.checked_pow(exponent)),
            _ => Err(OVERFLOW),
        },
        Operator::BitAnd => Ok(Val::Int(x & y)),
        Operator::BitOr => Ok(Val::Int(x | y)),
        Operator::BitXor => Ok(Val::Int(x ^ y)),
    }
}

fn floats<'m>(operator: Operator, x: f64, y: f64) -> Outcome<'m> {
    let divides = matches!(
        operator,
        Operator::Divide | Operator::FloorDivide | Operator::Remainder
    );
    if divides && y == 0.0 {
        return Err(BY_ZERO);
    }
    let result = match operator {
        Operator::Add => x + y,
        Operator::Subtract => x - y,
        Operator::Multiply => x * y,
        Operator::Divide => x / y,
        Operator::FloorDivide => (x / y).floor(),
        Operator::Remainder => {
            let rest = x % y;
            if rest != 0.0 && (rest < 0.0) != (y < 0.0) {
                rest + y
            } else {
                rest
            }
        }
        Operator::Power if x == 0.0 && y < 0.0 => return Err(BY_ZERO),
        Operator::Power => x.powf(y),
        Operator::BitAnd | Operator::BitOr | Operator::BitXor => return Err(UNLIKE),
    };
    if result.is_nan() && !x.is_nan() && !y.is_nan() || result.is_infinite() && x.is_finite() {
        return Err(OVERFLOW);
    }
    Ok(Val::Float(result))
}

/// `+` of two texts or two lists.
fn join<'m>(a: &Val<'m>, b: &Val<'m>) -> Outcome<'m> {
    if let (Some(x), Some(y)) = (a.text(), b.text()) {
        if x.len() + y.len() > MAX_LENGTH {
            return Err(TOO_LONG);
        }
        return Ok(Val::OwnText([x, y].concat().into()));
    }
    match (a.shape(), b.shape()) {
        (Some(Shape::List), Some(Shape::List)) => made(Shape::List, a.items().chain(b.items())),
        _ => Err(UNLIKE),
    }
}

/// `*` of a text or list and a whole number.
fn repeat<'m>(a: &Val<'m>, b: &Val<'m>) -> Outcome<'m> {
    let (what, Some(Number::Int(times))) = (match Number::of(a) {
        Some(number) => (b, Some(number)),
        None => (a, Number::of(b)),
    }) else {
        return Err(UNLIKE);
    };
    let times = usize::try_from(times).unwrap_or(0);
    if let Some(text) = what.text() {
        if text.len().saturating_mul(times) > MAX_LENGTH {
            return Err(TOO_LONG);
        }
        return Ok(Val::OwnText(text.repeat(times).into()));
    }
    if what.shape() != Some(Shape::List) {
        return Err(UNLIKE);
    }
    let items: Vec<_> = what.items().collect();
    if items.len().saturating_mul(times) > MAX_LENGTH {
        return Err(TOO_LONG);
    }
    made(Shape::List, std::iter::repeat_n(items, times).flatten())
}

/// `-`, `&`, `|` and `^` of two sets.
fn combine<'m>(operator: Operator, a: &Val<'m>, b: &Val<'m>, work: &Work<'_>) -> Outcome<'m> {
    if a.shape() != Some(Shape::Set) || b.shape() != Some(Shape::Set) {
        return Err(UNLIKE);
    }
    let size = a
        .count()
        .unwrap_or(0)
        .saturating_mul(b.count().unwrap_or(0));
    if size > MAX_LENGTH {
        return Err(TOO_LONG);
    }
    // What is in one of them and, by `wanted`, in the other.
    let pick = |from: &Val<'m>, other: &Val<'m>, wanted: bool| {
        let mut picked = Vec::new();
        for item in from.items() {
            match other.holds_item(&item, work) {
                None => return None,
                Some(held) if held == wanted => picked.push(item),
                Some(_) => {}
            }
        }
        Some(picked)
    };
    let items = match operator {
        Operator::BitAnd => pick(a, b, true),
        Operator::Subtract => pick(a, b, false),
        Operator::BitOr => pick(b, a, false).map(|more| a.items().chain(more).collect()),
        _ => pick(a, b, false)
            .zip(pick(b, a, false))
            .map(|(x, y)| [x, y].concat()),
    };
    match items {
        Some(items) => made(Shape::Set, items.into_iter()),
        None => Ok(Val::Unknown),
    }
}

/// A collection that the condition made.
pub(super) fn made<'m>(shape: Shape, items: impl Iterator<Item = Val<'m>>) -> Outcome<'m> {
    let items: Vec<_> = items.take(MAX_LENGTH + 1).collect();
    if items.len() > MAX_LENGTH {
        return Err(TOO_LONG);
    }
    Ok(Val::OwnItems(shape, Rc::from(items)))
}

/// `-value`.
pub(super) fn negative<'m>(value: &Val<'m>) -> Outcome<'m> {
    match Number::of(value) {
        _ if value.unknown() => Ok(Val::Unknown),
        Some(Number::Int(i)) => i.checked_neg().map(Val::Int).ok_or(OVERFLOW),
        Some(Number::Float(f)) => Ok(Val::Float(-f)),
        None => Err(UNLIKE),
    }
}

/// `+value`.
pub(super) fn positive<'m>(value: &Val<'m>) -> Outcome<'m> {
    match Number::of(value) {
        _ if value.unknown() => Ok(Val::Unknown),
        Some(Number::Int(i)) => Ok(Val::Int(i)),
        Some(Number::Float(f)) => Ok(Val::Float(f)),
        None => Err(UNLIKE),
    }
}

/// `of[index]`.
pub(super) fn index<'m>(of: &Val<'m>, index: &Val<'m>, work: &Work<'_>) -> Outcome<'m> {
    if of.unknown() || index.unknown() {
        return Ok(Val::Unknown);
    }
    if matches!(of, Val::Map(_) | Val::OwnMap(_)) {
        return of.under(index, work).ok_or(BAD_INDEX);
    }
    let (Some(Number::Int(at)), Some(len)) = (Number::of(index), sequence(of)) else {
        return Err(BAD_INDEX);
    };
    let at = if at < 0 {
        at.checked_add_unsigned(len as u64)
    } else {
        Some(at)
    };
    at.and_then(|at| usize::try_from(at).ok())
        .and_then(|at| of.at(at))
        .ok_or(BAD_INDEX)
}

/// The length of a text or list.
fn sequence(of: &Val<'_>) -> Option<usize> {
    match of.shape() {
        None if of.text().is_some() => of.len(),
        Some(Shape::List) => of.len(),
        _ => None,
    }
}

/// `of[lower:upper:step]`.
pub(super) fn slice<'m>(of: &Val<'m>, bounds: [&Val<'m>; 3]) -> Outcome<'m> {
    if of.unknown() || bounds.iter().any(|bound| bound.unknown()) {
        return Ok(Val::Unknown);
    }
    let Some(len) = sequence(of) else {
        return Err(UNLIKE);
    };
    let whole = |bound: &Val<'_>| match (bound, Number::of(bound)) {
        (Val::Nothing, _) => Ok(None),
        (_, Some(Number::Int(i))) => Ok(Some(i)),
        _ => Err(BAD_INDEX),
    };
    let positions = positions(
        i64::try_from(len).unwrap_or(i64::MAX),
        whole(bounds[0])?,
        whole(bounds[1])?,
        whole(bounds[2])?.unwrap_or(1),
    )?;
    if of.text().is_some() {
        if positions.len() > MAX_LENGTH {
            return Err(TOO_LONG);
        }
        let chars: Vec<char> = of.text().unwrap_or("").chars().collect();
        let text: String = positions.iter().filter_map(|&at| chars.get(at)).collect();
        return Ok(Val::OwnText(text.into()));
    }
    made(
        Shape::List,
        positions.into_iter().filter_map(|at| of.at(at)),
    )
}

/// The positions that Python's slice takes of a sequence of `len`.
fn positions(
    len: i64,
    lower: Option<i64>,
    upper: Option<i64>,
    step: i64,
) -> Outcome<'static, Vec<usize>> {
    if step == 0 {
        return Err(BAD_INDEX);
    }
    let (first, last) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |bound: i64| {
        let bound = if bound < 0 {
            bound.saturating_add(len)
        } else {
            bound
        };
        bound.clamp(first, last)
    };
    let (start, end) = if step > 0 {
        (lower.map_or(0, clamp), upper.map_or(len, clamp))
    } else {
        (lower.map_or(len - 1, clamp), upper.map_or(-1, clamp))
    };
    let mut positions = Vec::new();
    let mut at = start;
    while (step > 0 && at < end) || (step < 0 && at > end) {
        positions.push(usize::try_from(at).unwrap_or(0));
        at = at.saturating_add(step);
    }
    Ok(positions)
}
