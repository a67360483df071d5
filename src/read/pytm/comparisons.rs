//! Comparisons: identity, equality, membership, order, sorting.

use std::cmp::Ordering;
use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, R};
use super::library::depends;
use super::operators::number;
use super::rich;
use super::sets::sought;
use super::value::dict::{Dict, Make, key};
use super::value::function::Args;
use super::value::{At, Unread, V, View};
use super::walk::Next;
use crate::python::{number, posix};
use crate::syntax::python::ast::CmpOp;

/// What nobody can compare.
const DEPENDS: &str = "what depends on the machine or on a library";

impl<'a> Interpreter<'a> {
    /// One comparison: true, false or unread.
    pub(super) fn compare(&mut self, op: CmpOp, left: &V<'a>, right: &V<'a>, at: At) -> R<'a> {
        self.spend(left.weight() + right.weight(), at)?;
        for side in [left, right] {
            if depends(side) {
                return Ok(V::not_read(at, DEPENDS));
            }
        }
        match op {
            CmpOp::Is | CmpOp::IsNot => {
                let unread = [left, right]
                    .into_iter()
                    .find(|v| matches!(v, V::Unread(_)));
                if let Some(unread) = unread {
                    return Ok(unread.clone());
                }
                Ok(match left.is(right) {
                    Some(same) => V::Bool(same == (op == CmpOp::Is)),
                    None => V::not_read(at, "whether equal values are one object (`is`)"),
                })
            }
            CmpOp::In | CmpOp::NotIn => self.contains(right, left, at, op == CmpOp::In),
            _ if rich::concerns(left, right) => self.rich(op, left, right, at),
            CmpOp::Eq | CmpOp::NotEq => Ok(match self.equal(left, right, at)? {
                Ok(equal) => V::Bool(equal == (op == CmpOp::Eq)),
                Err(unread) => V::Unread(unread),
            }),
            CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => {
                if let Some(unread) = [left, right]
                    .into_iter()
                    .find(|v| matches!(v, V::Unread(_)))
                {
                    return Ok(unread.clone());
                }
                if let (
                    V::Set(_) | V::View(_, View::Keys | View::Items),
                    V::Set(_) | V::View(_, View::Keys | View::Items),
                ) = (left, right)
                {
                    return Ok(match (self.hashed(left, at)?, self.hashed(right, at)?) {
                        (Ok(a), Ok(b)) => match a.doubt.clone().or_else(|| b.doubt.clone()) {
                            Some(unread) => V::Unread(unread),
                            None => V::Bool(subset(op, &a, &b)),
                        },
                        (Err(unread), _) | (_, Err(unread)) => unread,
                    });
                }
                match self.order(left, right, at)? {
                    Some(order) => Ok(V::Bool(match op {
                        CmpOp::Lt => order == Ordering::Less,
                        CmpOp::LtE => order != Ordering::Greater,
                        CmpOp::Gt => order == Ordering::Greater,
                        _ => order != Ordering::Less,
                    })),
                    None => Ok(V::Bool(false)),
                }
            }
        }
    }

    /// Whether two values are equal, or why that is unread.
    pub(super) fn equal(
        &mut self,
        left: &V<'a>,
        right: &V<'a>,
        at: At,
    ) -> R<'a, Result<bool, Rc<Unread>>> {
        self.down(|_| at)?;
        let result = self.equal_inside(left, right, at);
        self.up();
        result
    }

    fn equal_inside(
        &mut self,
        left: &V<'a>,
        right: &V<'a>,
        at: At,
    ) -> R<'a, Result<bool, Rc<Unread>>> {
        if let (V::Unread(unread), _) | (_, V::Unread(unread)) = (left, right) {
            return Ok(Err(Rc::clone(unread)));
        }
        if let Some(unread) = self.touched.why(left).or_else(|| self.touched.why(right)) {
            return Ok(Err(Rc::clone(unread)));
        }
        // Also in a list or as a value of a dictionary.
        if (depends(left) || depends(right))
            && let V::Unread(unread) = V::not_read(at, DEPENDS)
        {
            return Ok(Err(unread));
        }
        // pytm compares these by what they say.
        if let (V::Object(a), V::Object(b)) = (left, right)
            && a != b
            && !self.object(*a).class.is_element()
            && self.object(*a).class == self.object(*b).class
            && let V::Unread(unread) = V::not_read(at, "whether such objects of pytm are equal")
        {
            return Ok(Err(unread));
        }
        if let (V::List(a), V::List(b)) = (left, right) {
            let (a, b) = (a.borrow().clone(), b.borrow().clone());
            return self.all_equal(&a, &b, at);
        }
        if let (V::Tuple(a), V::Tuple(b)) = (left, right) {
            return self.all_equal(a, b, at);
        }
        if let (Some(a), Some(b)) = (number(left), number(right)) {
            return Ok(Ok(number::order(a, b) == Some(Ordering::Equal)));
        }
        if let (
            V::Set(_) | V::View(_, View::Keys | View::Items),
            V::Set(_) | V::View(_, View::Keys | View::Items),
        ) = (left, right)
        {
            return Ok(match (self.hashed(left, at)?, self.hashed(right, at)?) {
                (Ok(a), Ok(b)) => match a.doubt.clone().or_else(|| b.doubt.clone()) {
                    Some(unread) => Err(unread),
                    None => Ok(a.len() == b.len() && a.iter().all(|entry| b.contains(&entry.key))),
                },
                (Err(V::Unread(unread)), _) | (_, Err(V::Unread(unread))) => Err(unread),
                _ => Ok(false),
            });
        }
        if let (V::Range(..), V::Range(..)) = (left, right) {
            let (a, b) = (self.items(left, at)?, self.items(right, at)?);
            return self.all_equal(&a, &b, at);
        }
        if let (V::Deque(a), V::Deque(b)) = (left, right) {
            let (a, b) = (a.borrow().clone(), b.borrow().clone());
            return self.all_equal(&a, &b, at);
        }
        if let (V::Dict(a), V::Dict(b)) = (left, right) {
            let (a, b) = (a.borrow().clone(), b.borrow().clone());
            if let Some(unread) = a.doubt.clone().or_else(|| b.doubt.clone()) {
                return Ok(Err(unread));
            }
            if a.len() != b.len() {
                return Ok(Ok(false));
            }
            if a.make == Make::Ordered && b.make == Make::Ordered {
                let of = |dict: &Dict<'a>| super::mappings::seen(dict, View::Items);
                return self.all_equal(&of(&a), &of(&b), at);
            }
            if a.make == Make::Counter || b.make == Make::Counter {
                let V::Unread(unread) = V::not_read(at, "the equality of Counters") else {
                    return Ok(Ok(false));
                };
                return Ok(Err(unread));
            }
            for entry in a.iter() {
                match b.get(&entry.key) {
                    None => return Ok(Ok(false)),
                    Some(other) => match self.equal(&entry.value, other, at)? {
                        Ok(true) => {}
                        no => return Ok(no),
                    },
                }
            }
            return Ok(Ok(true));
        }
        if let (V::Slice(a), V::Slice(b)) = (left, right) {
            return self.all_equal(&a[..], &b[..], at);
        }
        if rich::concerns(left, right) {
            let result = self.rich(CmpOp::Eq, left, right, at)?;
            return self.truth(&result, at);
        }
        if let (V::Method(_) | V::Bound(_), V::Method(_) | V::Bound(_)) = (left, right) {
            return Ok(match V::not_read(at, "whether two methods are equal") {
                V::Unread(unread) => Err(unread),
                _ => Ok(false),
            });
        }
        Ok(Ok(match (key(left), key(right)) {
            (Some(a), Some(b)) => a == b,
            (None, None) if left.address().is_some() => left.address() == right.address(),
            _ => false,
        }))
    }

    /// Whether two values are the same or equal, as `in`, `index` and `count` ask.
    pub(super) fn same_or_equal(
        &mut self,
        left: &V<'a>,
        right: &V<'a>,
        at: At,
    ) -> R<'a, Result<bool, Rc<Unread>>> {
        if let (V::Float(a), V::Float(b)) = (left, right)
            && a.is_nan()
            && b.is_nan()
        {
            return Ok(match V::not_read(at, "whether this `nan` is that one") {
                V::Unread(unread) => Err(unread),
                _ => Ok(false),
            });
        }
        if left.address().is_some() && left.address() == right.address() {
            return Ok(Ok(true));
        }
        self.equal(left, right, at)
    }

    fn all_equal(&mut self, a: &[V<'a>], b: &[V<'a>], at: At) -> R<'a, Result<bool, Rc<Unread>>> {
        if a.len() != b.len() {
            return Ok(Ok(false));
        }
        for (a, b) in a.iter().zip(b) {
            match self.same_or_equal(a, b, at)? {
                Ok(true) => {}
                no => return Ok(no),
            }
        }
        Ok(Ok(true))
    }

    fn contains(&mut self, owner: &V<'a>, item: &V<'a>, at: At, wanted: bool) -> R<'a> {
        if let (V::Unread(_), _) = (owner, item) {
            return Ok(owner.clone());
        }
        if let V::Unread(_) = item {
            return Ok(item.clone());
        }
        let found = match owner {
            V::Str(text) => match item.as_str() {
                Some(part) => text.text.contains(part),
                None => return self.raise("TypeError", "'in <string>' needs text", at),
            },
            V::Dict(dict) | V::Set(dict) | V::View(dict, View::Keys) => {
                let item = &match owner {
                    V::Set(_) => sought(item),
                    _ => item.clone(),
                };
                if let V::Unread(_) = item {
                    return Ok(item.clone());
                }
                if let Some(unread) = self.unhashable(item, at)? {
                    return Ok(unread);
                }
                let dict = dict.borrow();
                // `'name' in flow.data` compares names, as pytm does.
                let by_name = |name: &str| {
                    dict.iter().any(|entry| match entry.key {
                        V::Object(id) => self.object_name(id).as_deref() == Some(name),
                        _ => false,
                    })
                };
                let found = dict.contains(item)
                    || (dict.make == Make::Data && item.as_str().is_some_and(by_name));
                match (&dict.doubt, found) {
                    (Some(unread), false) => return Ok(V::Unread(Rc::clone(unread))),
                    _ => found,
                }
            }
            V::Bytes(bytes) => match item {
                V::Bytes(part) => {
                    part.is_empty() || bytes.windows(part.len()).any(|window| window == &**part)
                }
                _ => return self.contains_by_items(owner, item, at, wanted),
            },
            V::UserClass(class) if class.is_enum() => {
                let is_member = |member: &V<'a>| member.is(item) == Some(true);
                if class.members().iter().any(is_member) {
                    return Ok(V::Bool(wanted));
                }
                if let V::Instance(_) = item {
                    return Ok(V::Bool(!wanted));
                }
                // Python 3.11 raises, 3.12 compares values.
                return Ok(V::not_read(at, "whether an enum has what is no member"));
            }
            V::Library(name) => return Ok(V::not_read(at, format!("what {name} holds"))),
            V::Instance(_) => {
                if let Some(method) = self.attribute_or_none(owner, "__contains__", at)? {
                    let result = self.call(&method, Args::of(at, [item.clone()]))?;
                    return match self.truth(&result, at)? {
                        Ok(found) => Ok(V::Bool(found == wanted)),
                        Err(unread) => Ok(V::Unread(unread)),
                    };
                }
                return self.contains_by_items(owner, item, at, wanted);
            }
            _ => return self.contains_by_items(owner, item, at, wanted),
        };
        Ok(V::Bool(found == wanted))
    }

    fn contains_by_items(&mut self, owner: &V<'a>, item: &V<'a>, at: At, wanted: bool) -> R<'a> {
        let mut doubt = None;
        // An iterator is asked for no more items than it takes.
        let walk = self.iterate(owner, at)?;
        loop {
            let candidate = match self.advance(&walk, at)? {
                Next::Item(item) => item,
                Next::End => break,
                Next::Unread(unread) => return Ok(V::Unread(unread)),
            };
            match self.same_or_equal(&candidate, item, at)? {
                Ok(true) => return Ok(V::Bool(wanted)),
                Ok(false) => {}
                Err(unread) => doubt = Some(unread),
            }
        }
        Ok(doubt.map_or(V::Bool(!wanted), V::Unread))
    }

    /// How two values are ordered; `None` if they are numbers without an order.
    /// An error for unlike types.
    pub(super) fn order(&mut self, left: &V<'a>, right: &V<'a>, at: At) -> R<'a, Option<Ordering>> {
        match (left, right) {
            (V::Str(a), V::Str(b)) => return Ok(Some(a.text.cmp(&b.text))),
            (V::Path(a), V::Path(b)) => {
                let (a, b) = (posix::all_parts(a), posix::all_parts(b));
                return Ok(Some(a.cmp(&b)));
            }
            (V::Member(e, a), V::Member(f, b)) if e == f && e.ordered => {
                return Ok(Some(a.cmp(b)));
            }
            (V::List(a), V::List(b)) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                return self.order_items(&a, &b, at);
            }
            (V::Tuple(a), V::Tuple(b)) => return self.order_items(a, b, at),
            (V::Unread(unread), _) | (_, V::Unread(unread)) => {
                return Err(Box::new(Exit::Unread(Rc::clone(unread))));
            }
            _ => {}
        }
        if rich::concerns(left, right) {
            for (op, order) in [(CmpOp::Lt, Ordering::Less), (CmpOp::Gt, Ordering::Greater)] {
                let holds = self.rich(op, left, right, at)?;
                match self.truth(&holds, at)? {
                    Ok(true) => return Ok(Some(order)),
                    Ok(false) => {}
                    Err(unread) => return Err(Box::new(Exit::Unread(unread))),
                }
            }
            return Ok(Some(Ordering::Equal));
        }
        if let (Some(a), Some(b)) = (number(left), number(right)) {
            return Ok(number::order(a, b));
        }
        if self.has_no_operator(left, right) {
            return self.raise("TypeError", "these values have no order", at);
        }
        match (super::types::kind(left), super::types::kind(right)) {
            (Some(_), Some(_)) if !matches!(left, V::Deque(_) | V::Bytes(_)) => {
                self.raise("TypeError", "these values have no order", at)
            }
            _ => match V::not_read(at, "the order of these values") {
                V::Unread(unread) => Err(Box::new(Exit::Unread(unread))),
                _ => Ok(None),
            },
        }
    }

    fn order_items(&mut self, a: &[V<'a>], b: &[V<'a>], at: At) -> R<'a, Option<Ordering>> {
        for (x, y) in a.iter().zip(b) {
            if let Ok(true) = self.same_or_equal(x, y, at)? {
                continue;
            }
            self.step(|_| at)?;
            return self.order(x, y, at);
        }
        Ok(Some(a.len().cmp(&b.len())))
    }
}

fn subset<'a>(op: CmpOp, a: &Dict<'a>, b: &Dict<'a>) -> bool {
    let (small, large) = match op {
        CmpOp::Lt | CmpOp::LtE => (a, b),
        _ => (b, a),
    };
    let inside = small.iter().all(|entry| large.contains(&entry.key));
    match op {
        CmpOp::Lt | CmpOp::Gt => inside && small.len() < large.len(),
        _ => inside,
    }
}
