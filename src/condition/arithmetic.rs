//! Arithmetic, indices and slices, as in Python but bounded: numbers that do
//! not fit and texts or lists that grow too long end the evaluation.

use std::rc::Rc;

use super::compare::numeric;
use super::expression::{Operator, Shape};
use super::value::{Fault, Outcome, Val, Work};
use crate::python::{self, operation::Number};

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
    if let (Some(x), Some(y)) = (numeric(a), numeric(b)) {
        return match (operator, a, b) {
            (Operator::BitAnd, Val::Bool(x), Val::Bool(y)) => Ok(Val::Bool(x & y)),
            (Operator::BitOr, Val::Bool(x), Val::Bool(y)) => Ok(Val::Bool(x | y)),
            (Operator::BitXor, Val::Bool(x), Val::Bool(y)) => Ok(Val::Bool(x ^ y)),
            _ => shown(python::number::calculate(meant(operator), x, y)),
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

/// The value of a number that Python gives, or why there is none.
fn shown<'m>(outcome: python::Outcome<Number>) -> Outcome<'m> {
    match outcome {
        Ok(Number::Int(i)) => Ok(Val::Int(i)),
        Ok(Number::Float(f)) => Ok(Val::Float(f)),
        Err(python::Fault::Raises("ZeroDivisionError", _)) => Err(BY_ZERO),
        Err(python::Fault::Raises("TypeError", _)) => Err(UNLIKE),
        Err(_) => Err(OVERFLOW),
    }
}

fn meant(operator: Operator) -> python::operation::Operator {
    use python::operation::Operator as Meant;
    match operator {
        Operator::Add => Meant::Add,
        Operator::Subtract => Meant::Subtract,
        Operator::Multiply => Meant::Multiply,
        Operator::Divide => Meant::Divide,
        Operator::FloorDivide => Meant::FloorDivide,
        Operator::Remainder => Meant::Remainder,
        Operator::Power => Meant::Power,
        Operator::BitAnd => Meant::And,
        Operator::BitOr => Meant::Or,
        Operator::BitXor => Meant::Xor,
    }
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
    let (what, Some(Number::Int(times))) = (match numeric(a) {
        Some(number) => (b, Some(number)),
        None => (a, numeric(b)),
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
    match numeric(value) {
        _ if value.unknown() => Ok(Val::Unknown),
        Some(number) => shown(python::number::negative(number)),
        None => Err(UNLIKE),
    }
}

/// `+value`.
pub(super) fn positive<'m>(value: &Val<'m>) -> Outcome<'m> {
    match numeric(value) {
        _ if value.unknown() => Ok(Val::Unknown),
        Some(number) => shown(Ok(number)),
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
    let (Some(Number::Int(at)), Some(len)) = (numeric(index), sequence(of)) else {
        return Err(BAD_INDEX);
    };
    python::slice::position(at, len)
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
    let whole = |bound: &Val<'_>| match (bound, numeric(bound)) {
        (Val::Nothing, _) => Ok(None),
        (_, Some(Number::Int(i))) => Ok(Some(i)),
        _ => Err(BAD_INDEX),
    };
    let bounds =
        python::slice::bounds(len, whole(bounds[0])?, whole(bounds[1])?, whole(bounds[2])?)
            .map_err(|_| BAD_INDEX)?;
    let positions: Vec<usize> = bounds.positions().take(MAX_LENGTH + 1).collect();
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
