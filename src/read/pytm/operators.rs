//! Operators.

use std::cell::RefCell;
use std::rc::Rc;

use super::interpreter::{Interpreter, MAX_SIZE, R};
use super::value::dict::{Dict, Make};
use super::value::function::Args;
use super::value::{At, V, View};
use crate::python::number;
use crate::python::operation::{self, Number};
use crate::python::posix;
use crate::syntax::python::ast::{Operator, UnaryOp};

impl<'a> Interpreter<'a> {
    pub(super) fn unary(&mut self, op: UnaryOp, operand: &V<'a>, at: At) -> R<'a> {
        if op == UnaryOp::Not {
            return Ok(match self.truth(operand, at)? {
                Ok(truth) => V::Bool(!truth),
                Err(unread) => V::Unread(unread),
            });
        }
        if let V::Unread(_) = operand {
            return Ok(operand.clone());
        }
        if let V::Instance(_) = operand {
            let name = match op {
                UnaryOp::USub => "__neg__",
                UnaryOp::UAdd => "__pos__",
                _ => "__invert__",
            };
            if let Some(method) = self.attribute_or_none(operand, name, at)? {
                return self.call(&method, Args::none(at));
            }
        }
        let operand = &super::signature::plain(operand);
        match (op, number(operand), operand) {
            (UnaryOp::USub, Some(of), _) => self.number(number::negative(of), at),
            (UnaryOp::UAdd, Some(of), _) => Ok(shown(of)),
            (UnaryOp::Invert, Some(Number::Int(i)), _) => Ok(V::Int(!i)),
            (_, _, V::Library(_) | V::Instance(_) | V::Alias(_)) => {
                Ok(V::not_read(at, "this operation"))
            }
            _ => self.raise("TypeError", "bad operand type", at),
        }
    }

    /// The number that an operation gave.
    pub(super) fn number(&mut self, result: crate::python::Outcome<Number>, at: At) -> R<'a> {
        Ok(self
            .outcome(result, at)?
            .map_or_else(|unread| unread, shown))
    }

    pub(super) fn binary(&mut self, op: Operator, left: V<'a>, right: V<'a>, at: At) -> R<'a> {
        self.spend(left.weight() + right.weight(), at)?;
        // `"%s" % (…)` with one unread part is unread as a whole.
        match (&left, &right) {
            (V::Unread(_), _) => return Ok(left),
            (_, V::Unread(_)) if op != Operator::Mod => return Ok(right),
            _ => {}
        }
        if let (Operator::Mod, V::Str(text), V::Instance(one)) = (op, &left, &right)
            && one.class.lookup("__rmod__").is_none()
        {
            let own = ["__getitem__", "__missing__"];
            if right.inner().is_some() && own.iter().any(|name| one.class.lookup(name).is_some()) {
                return Ok(V::not_read(
                    at,
                    "a text filled in from a dict with lookups of its own",
                ));
            }
            return self.percent(&text.text, &right, at);
        }
        if let (V::Instance(_), _) | (_, V::Instance(_)) = (&left, &right) {
            return self.binary_of_instances(op, left, right, at);
        }
        // pytm's classes have no operators.
        let fills = op == Operator::Mod && matches!(left, V::Str(_));
        if !fills && self.has_no_operator(&left, &right) {
            return self.raise("TypeError", "unsupported operand type(s)", at);
        }
        let result = match (op, &left, &right) {
            (Operator::Mod, V::Str(text), _) => return self.percent(&text.text, &right, at),
            (Operator::Add, V::Str(a), V::Str(b)) => {
                return self.joined(&a.text, &b.text, at);
            }
            (Operator::Add, V::List(a), V::List(b)) => {
                let mut items = a.borrow().clone();
                items.extend(b.borrow().iter().cloned());
                self.allot(items.len() * 16, at)?;
                Some(V::list(items))
            }
            (Operator::Add, V::Tuple(a), V::Tuple(b)) => {
                self.allot((a.len() + b.len()) * 16, at)?;
                Some(V::tuple(a.iter().chain(b.iter()).cloned().collect()))
            }
            (Operator::Mult, V::Str(_) | V::List(_) | V::Tuple(_), V::Int(_) | V::Bool(_)) => {
                return self.repeated(&left, right.as_int().unwrap_or(0), at);
            }
            (Operator::Mult, V::Int(_) | V::Bool(_), V::Str(_) | V::List(_) | V::Tuple(_)) => {
                return self.repeated(&right, left.as_int().unwrap_or(0), at);
            }
            (Operator::Add, V::Bytes(a), V::Bytes(b)) => {
                self.allot(a.len() + b.len(), at)?;
                Some(V::Bytes(a.iter().chain(b.iter()).copied().collect()))
            }
            (_, V::Bytes(_), _) | (Operator::Mult, _, V::Bytes(_)) => {
                return Ok(V::not_read(at, "this operation of bytes"));
            }
            (
                Operator::BitOr | Operator::BitAnd | Operator::BitXor | Operator::Sub,
                V::Set(_) | V::View(_, View::Keys | View::Items),
                V::Set(_) | V::View(_, View::Keys | View::Items),
            ) => return self.of_sets(op, &left, &right, at),
            (_, V::Dict(a), _) | (_, _, V::Dict(a)) if a.borrow().make == Make::Counter => {
                return Ok(V::not_read(at, "arithmetic of Counters"));
            }
            (_, V::View(..) | V::Deque(_), _) | (_, _, V::View(..) | V::Deque(_)) => {
                return Ok(V::not_read(at, "this operation"));
            }
            (Operator::BitOr, V::Dict(a), V::Dict(b)) => {
                let mut dict = a.borrow().clone();
                if dict.doubt.is_none() {
                    dict.doubt.clone_from(&b.borrow().doubt);
                }
                for entry in b.borrow().iter() {
                    dict.insert(entry.key.clone(), entry.value.clone(), entry.at);
                }
                Some(V::dict(dict))
            }
            (Operator::Div, V::Path(path), _) => {
                return match self.path_text(&right) {
                    Some(part) => Ok(super::paths::pure(&posix::join(path, &part))),
                    None => self.raise("TypeError", "not a path", at),
                };
            }
            (Operator::Div, V::Str(first), V::Path(path)) => {
                Some(super::paths::pure(&posix::join(&first.text, path)))
            }
            (Operator::BitOr, ..) => self.union_of(&left, &right, at)?,
            _ => None,
        };
        match result {
            Some(value) => Ok(value),
            None => self.arithmetic(op, &left, &right, at),
        }
    }

    fn binary_of_instances(&mut self, op: Operator, left: V<'a>, right: V<'a>, at: At) -> R<'a> {
        let name = operator_method(op);
        let mut sides = [
            (&left, &right, format!("__{name}__")),
            (&right, &left, format!("__r{name}__")),
        ];
        if let (V::Instance(a), V::Instance(b)) = (&left, &right) {
            let same = Rc::ptr_eq(&a.class, &b.class);
            // Python asks the right side only if it is of another class, and first if that
            // extends the class of the left side and says something else.
            let reflected =
                |class: &Rc<super::value::class::UserClass<'a>>| class.lookup(&sides[1].2);
            if !same && b.class.is_a(&a.class) {
                let others = |v: &V<'a>| v.address();
                let overrides = reflected(&b.class).as_ref().and_then(others)
                    != reflected(&a.class).as_ref().and_then(others);
                if overrides {
                    sides.reverse();
                }
            }
            if same {
                let [first, _] = sides;
                return match self.special(first.0, &first.2, at)? {
                    Some(method) => {
                        let result = self.call(&method, Args::of(at, [first.1.clone()]))?;
                        match result {
                            V::NotImplemented => self.of_inner(op, left, right, at),
                            result => Ok(result),
                        }
                    }
                    None => self.of_inner(op, left, right, at),
                };
            }
        }
        for (owner, other, name) in sides {
            if matches!(owner, V::Instance(_))
                && let Some(method) = self.special(owner, &name, at)?
            {
                let result = self.call(&method, Args::of(at, [other.clone()]))?;
                if !matches!(result, V::NotImplemented) {
                    return Ok(result);
                }
            }
        }
        self.of_inner(op, left, right, at)
    }

    /// An operation of the values that objects extend.
    fn of_inner(&mut self, op: Operator, left: V<'a>, right: V<'a>, at: At) -> R<'a> {
        let is_index = |value: &V<'a>| matches!(value, V::Instance(one) if one.class.lookup("__index__").is_some());
        match (left.inner(), right.inner()) {
            (a, b) if a.is_some() || b.is_some() => {
                self.binary(op, a.unwrap_or(left), b.unwrap_or(right), at)
            }
            _ if super::types::kind(&left).is_none() && !matches!(left, V::Instance(_)) => {
                Ok(V::not_read(at, "this operation"))
            }
            _ if super::types::kind(&right).is_none() && !matches!(right, V::Instance(_))
                || is_index(&left)
                || is_index(&right) =>
            {
                Ok(V::not_read(at, "this operation"))
            }
            _ => self.raise("TypeError", "unsupported operand types", at),
        }
    }

    fn repeated(&mut self, value: &V<'a>, times: i64, at: At) -> R<'a> {
        let times = times.max(0) as usize;
        let len = match value {
            V::Str(text) => text.text.len(),
            V::List(items) => items.borrow().len(),
            V::Tuple(items) => items.len(),
            _ => 0,
        };
        if len.saturating_mul(times) > MAX_SIZE {
            return Ok(self.too_large(at, "This repetition"));
        }
        self.allot(len * times * 16, at)?;
        Ok(match value {
            V::Str(text) => V::str(text.text.repeat(times)),
            V::List(items) => {
                let items = items.borrow();
                V::list(items.iter().cycle().take(len * times).cloned().collect())
            }
            V::Tuple(items) => V::tuple(items.iter().cycle().take(len * times).cloned().collect()),
            _ => V::None,
        })
    }

    fn joined(&mut self, a: &str, b: &str, at: At) -> R<'a> {
        if a.len() + b.len() > MAX_SIZE {
            return Ok(self.too_large(at, "This text"));
        }
        self.allot(a.len() + b.len(), at)?;
        Ok(V::str(format!("{a}{b}")))
    }

    fn arithmetic(&mut self, op: Operator, left: &V<'a>, right: &V<'a>, at: At) -> R<'a> {
        if let (Some(a), Some(b)) = (number(left), number(right)) {
            let Some(operator) = operator(op) else {
                return self.raise("TypeError", "unsupported operand types", at);
            };
            let result = self.number(number::calculate(operator, a, b), at)?;
            // Of two booleans, `&`, `|` and `^` make one.
            return Ok(match (op, left, right, result) {
                (
                    Operator::BitAnd | Operator::BitOr | Operator::BitXor,
                    V::Bool(_),
                    V::Bool(_),
                    V::Int(i),
                ) => V::Bool(i != 0),
                (_, _, _, result) => result,
            });
        }
        match (left, right) {
            // What a library made may know any operator.
            (V::Library(_) | V::Iter(_) | V::Object(_) | V::Alias(_), _)
            | (_, V::Library(_) | V::Iter(_) | V::Object(_) | V::Alias(_)) => {
                Ok(V::not_read(at, "this operation"))
            }
            _ => self.raise("TypeError", "unsupported operand types", at),
        }
    }

    /// `dict.update` and `set.update`.
    pub(super) fn merge_into(
        &mut self,
        into: &Rc<RefCell<Dict<'a>>>,
        from: &V<'a>,
        at: At,
    ) -> R<'a, ()> {
        if let V::Dict(other) = from {
            let entries: Vec<_> = other.borrow().iter().cloned().collect();
            let doubt = other.borrow().doubt.clone();
            if into.borrow().doubt.is_none() {
                into.borrow_mut().doubt = doubt;
            }
            for entry in entries {
                let value = self.doubted(entry.value);
                into.borrow_mut().insert(entry.key, value, entry.at);
            }
            return Ok(());
        }
        if let V::Unread(unread) = from {
            into.borrow_mut().doubt = Some(Rc::clone(unread));
            return Ok(());
        }
        for item in self.in_any_order(from, at)? {
            self.allot(32, at)?;
            let item = match self.unhashable(&item, at)? {
                None => self.doubted(item),
                Some(unread) => unread,
            };
            into.borrow_mut().insert(item, V::None, None);
        }
        Ok(())
    }
}

/// The number in a value, if it is one.
pub(super) fn number(value: &V<'_>) -> Option<Number> {
    match value {
        V::Int(i) => Some(Number::Int(*i)),
        V::Bool(b) => Some(Number::Int(i64::from(*b))),
        V::Float(f) => Some(Number::Float(*f)),
        _ => None,
    }
}

/// A number as a value.
pub(super) fn shown<'a>(number: Number) -> V<'a> {
    match number {
        Number::Int(i) => V::Int(i),
        Number::Float(f) => V::Float(f),
    }
}

fn operator(op: Operator) -> Option<operation::Operator> {
    Some(match op {
        Operator::Add => operation::Operator::Add,
        Operator::Sub => operation::Operator::Subtract,
        Operator::Mult => operation::Operator::Multiply,
        Operator::Div => operation::Operator::Divide,
        Operator::FloorDiv => operation::Operator::FloorDivide,
        Operator::Mod => operation::Operator::Remainder,
        Operator::Pow => operation::Operator::Power,
        Operator::LShift => operation::Operator::ShiftLeft,
        Operator::RShift => operation::Operator::ShiftRight,
        Operator::BitAnd => operation::Operator::And,
        Operator::BitOr => operation::Operator::Or,
        Operator::BitXor => operation::Operator::Xor,
        Operator::MatMult => return None,
    })
}

pub(super) fn operator_method(op: Operator) -> &'static str {
    match op {
        Operator::Add => "add",
        Operator::Sub => "sub",
        Operator::Mult => "mul",
        Operator::MatMult => "matmul",
        Operator::Div => "truediv",
        Operator::Mod => "mod",
        Operator::Pow => "pow",
        Operator::LShift => "lshift",
        Operator::RShift => "rshift",
        Operator::BitOr => "or",
        Operator::BitXor => "xor",
        Operator::BitAnd => "and",
        Operator::FloorDiv => "floordiv",
    }
}
