//! Comparisons of objects whose class says how they compare, or extends a type that does.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::class::{Ordered, Root, UserClass};
use super::value::function::Args;
use super::value::{At, V};
use crate::syntax::python::ast::CmpOp;

/// Whether a class of the file has a say in a comparison.
pub(super) fn concerns(left: &V<'_>, right: &V<'_>) -> bool {
    matches!((left, right), (V::Instance(_), _) | (_, V::Instance(_)))
}

/// The method of a comparison, and the comparison as it looks from the other side.
fn method(op: CmpOp) -> (&'static str, CmpOp) {
    match op {
        CmpOp::Lt => ("__lt__", CmpOp::Gt),
        CmpOp::LtE => ("__le__", CmpOp::GtE),
        CmpOp::Gt => ("__gt__", CmpOp::Lt),
        CmpOp::GtE => ("__ge__", CmpOp::LtE),
        CmpOp::NotEq => ("__ne__", CmpOp::NotEq),
        _ => ("__eq__", CmpOp::Eq),
    }
}

fn class<'v, 'a>(value: &'v V<'a>) -> Option<&'v Rc<UserClass<'a>>> {
    match value {
        V::Instance(instance) => Some(&instance.class),
        _ => None,
    }
}

impl<'a> Interpreter<'a> {
    /// A comparison in which an object of a class of the file stands on one side.
    pub(super) fn rich(&mut self, op: CmpOp, left: &V<'a>, right: &V<'a>, at: At) -> R<'a> {
        if let Some(unread) = [left, right]
            .into_iter()
            .find(|v| matches!(v, V::Unread(_)))
        {
            return Ok(unread.clone());
        }
        self.down(|_| at)?;
        let (_, reflected) = method(op);
        let mut sides = [(left, right, op), (right, left, reflected)];
        // A class that extends that of the left side is asked first.
        if let (Some(a), Some(b)) = (class(left), class(right))
            && !Rc::ptr_eq(a, b)
            && b.is_a(a)
        {
            sides.reverse();
        }
        for (owner, other, op) in sides {
            let said = self.said_of(op, owner, other, at)?;
            if !matches!(said, V::NotImplemented) {
                self.up();
                return Ok(said);
            }
        }
        self.up();
        match op {
            CmpOp::Eq => Ok(V::Bool(left.is(right) == Some(true))),
            CmpOp::NotEq => Ok(V::Bool(left.is(right) != Some(true))),
            _ => self.raise("TypeError", "these values have no order", at),
        }
    }

    /// What one side says; `NotImplemented` if it says nothing.
    fn said_of(&mut self, op: CmpOp, owner: &V<'a>, other: &V<'a>, at: At) -> R<'a> {
        let V::Instance(instance) = owner else {
            return Ok(V::NotImplemented);
        };
        let class = &instance.class;
        if let Some(own) = self.special(owner, method(op).0, at)? {
            return self.call(&own, Args::of(at, [other.clone()]));
        }
        // What is unequal is what is not equal, where nothing else is said.
        if op == CmpOp::NotEq && class.lookup("__eq__").is_some() {
            let equal = self.said_of(CmpOp::Eq, owner, other, at)?;
            return self.negated(equal, at);
        }
        if class.root == Root::Namespace && !is_order(op) {
            return Ok(V::not_read(at, "the equality of namespaces"));
        }
        let line = class.line();
        if line
            .iter()
            .any(|class| class.ordered.get() == Ordered::Completed)
            && is_order(op)
        {
            return self.completed(op, owner, other, at);
        }
        if let (Some(mine), V::Instance(theirs)) = (instance.compared(), other)
            && class.is_dataclass_like()
            && Rc::ptr_eq(class, &theirs.class)
            && (!is_order(op) || class.ordered.get() == Ordered::ByFields)
        {
            let theirs = theirs.compared().unwrap_or_default();
            return self.compare(op, &V::tuple(mine), &V::tuple(theirs), at);
        }
        match (owner.inner(), other.inner()) {
            (Some(mine), theirs) => {
                let theirs = theirs.unwrap_or_else(|| other.clone());
                self.compare(op, &mine, &theirs, at)
            }
            _ => Ok(V::NotImplemented),
        }
    }

    /// What `functools.total_ordering` makes of `__lt__` and equality.
    fn completed(&mut self, op: CmpOp, owner: &V<'a>, other: &V<'a>, at: At) -> R<'a> {
        let Some(less) = self.special(owner, "__lt__", at)? else {
            let what = "`total_ordering` of a class without `__lt__` is not read";
            return Ok(self.refuse(at, what, "write `__lt__`"));
        };
        let less = self.call(&less, Args::of(at, [other.clone()]))?;
        if matches!(less, V::NotImplemented | V::Unread(_)) {
            return Ok(less);
        }
        let less = match self.truth(&less, at)? {
            Ok(less) => less,
            Err(unread) => return Ok(V::Unread(unread)),
        };
        match op {
            CmpOp::GtE => Ok(V::Bool(!less)),
            CmpOp::Gt if less => Ok(V::Bool(false)),
            CmpOp::LtE if less => Ok(V::Bool(true)),
            CmpOp::Gt => self.compare(CmpOp::NotEq, owner, other, at),
            _ => self.compare(CmpOp::Eq, owner, other, at),
        }
    }

    fn negated(&mut self, value: V<'a>, at: At) -> R<'a> {
        if let V::NotImplemented | V::Unread(_) = value {
            return Ok(value);
        }
        Ok(match self.truth(&value, at)? {
            Ok(truth) => V::Bool(!truth),
            Err(unread) => V::Unread(unread),
        })
    }
}

fn is_order(op: CmpOp) -> bool {
    !matches!(op, CmpOp::Eq | CmpOp::NotEq)
}
