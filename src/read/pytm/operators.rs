//! Operators, comparisons, truth, and what is iterated.

use std::cell::RefCell;
use std::rc::Rc;

use super::dict::Dict;
use super::function::Args;
use super::interpreter::{Exit, Interpreter, MAX_SIZE, R};
use super::value::{At, Unread, V};
use crate::syntax::python::ast::{Operator, UnaryOp};

impl<'a> Interpreter<'a> {
    /// Whether Python would call a value true, or why that is unread.
    pub(super) fn truth(&mut self, value: &V<'a>, at: At) -> R<'a, Result<bool, Rc<Unread>>> {
        Ok(Ok(match value {
            V::None => false,
            V::Bool(b) => *b,
            V::Int(i) => *i != 0,
            V::Float(f) => *f != 0.0,
            V::Str(text) => !text.text.is_empty(),
            V::Bytes(bytes) => !bytes.is_empty(),
            V::List(items) => !items.borrow().is_empty(),
            V::Tuple(items) => !items.is_empty(),
            V::Set(dict) | V::Dict(dict) => {
                let dict = dict.borrow();
                match &dict.doubt {
                    Some(unread) if dict.len() == 0 => return Ok(Err(Rc::clone(unread))),
                    _ => dict.len() > 0,
                }
            }
            V::Range(from, to, step) => range_len(*from, *to, *step) > 0,
            V::Library(name) if name.contains('.') && !name.starts_with("pytm") => {
                let unread = V::outside(at, format!("`{name}` is not read"));
                return self.truth(&unread, at);
            }
            V::Unread(unread) => return Ok(Err(Rc::clone(unread))),
            V::Instance(instance) => {
                if let Some(method) = self.attribute_or_none(value, "__bool__", at)? {
                    let result = self.call(&method, Args::none(at))?;
                    return self.truth(&result, at);
                }
                if let Some(method) = self.attribute_or_none(value, "__len__", at)? {
                    let result = self.call(&method, Args::none(at))?;
                    return self.truth(&result, at);
                }
                let inner = instance.builtin.borrow().clone();
                match inner {
                    Some(inner) => return self.truth(&inner, at),
                    None => true,
                }
            }
            _ => true,
        }))
    }

    /// What a loop over a value sees. An error for what cannot be iterated.
    pub(super) fn items(&mut self, value: &V<'a>, at: At) -> R<'a, Vec<V<'a>>> {
        self.spend(value.weight(), at)?;
        Ok(match value {
            V::List(items) => items.borrow().clone(),
            V::Tuple(items) => items.to_vec(),
            V::Set(dict) | V::Dict(dict) => dict.borrow().keys(),
            V::Str(text) => {
                self.allot(text.text.len() * 16, at)?;
                text.text
                    .chars()
                    .map(|c| V::str(c.encode_utf8(&mut [0; 4])))
                    .collect()
            }
            V::Bytes(bytes) => bytes.iter().map(|b| V::Int(i64::from(*b))).collect(),
            V::Range(from, to, step) => {
                let len = range_len(*from, *to, *step);
                if len > MAX_SIZE as u64 {
                    return Err(self.limit(at, "more items than tmrs reads"));
                }
                self.allot(len as usize * 16, at)?;
                (0..len as i64)
                    .map(|i| V::Int(from.wrapping_add(i.wrapping_mul(*step))))
                    .collect()
            }
            V::Iter(iter) => return self.drained(&Rc::clone(iter), at),
            V::Enum(e) => (0..e.members.len())
                .map(|i| V::Member(e, i as u8))
                .collect(),
            V::UserClass(class) if class.is_enum() => class.members(),
            V::Instance(instance) => {
                if instance.class.lookup("__iter__").is_some() {
                    let iter = self.iterate(value, at)?;
                    return self.drained(&iter, at);
                }
                if let Some(items) = instance.as_tuple() {
                    return Ok(items);
                }
                let inner = instance.builtin.borrow().clone();
                if let Some(inner) = inner {
                    return self.items(&inner, at);
                }
                return self.raise("TypeError", "object is not iterable", at);
            }
            V::File(path) => {
                let text = self.file_text(path, at)?;
                match text.as_str() {
                    Some(text) => text.split_inclusive('\n').map(V::str).collect(),
                    None => vec![text],
                }
            }
            V::Unread(unread) => return Err(Box::new(Exit::Unread(Rc::clone(unread)))),
            V::Library(name) => {
                let unread = V::outside(at, format!("the items of {name}"));
                return self.items(&unread, at);
            }
            _ => return self.raise("TypeError", "object is not iterable", at),
        })
    }

    pub(super) fn unary(&mut self, op: UnaryOp, operand: &V<'a>, at: At) -> R<'a> {
        if op == UnaryOp::Not {
            return Ok(match self.truth(operand, at)? {
                Ok(truth) => V::Bool(!truth),
                Err(unread) => V::Unread(unread),
            });
        }
        match (op, operand) {
            (_, V::Unread(_)) => Ok(operand.clone()),
            (UnaryOp::USub, V::Float(f)) => Ok(V::Float(-f)),
            (UnaryOp::UAdd, V::Float(f)) => Ok(V::Float(*f)),
            _ => match (op, operand.as_int()) {
                (UnaryOp::USub, Some(i)) => Ok(V::Int(i.wrapping_neg())),
                (UnaryOp::UAdd, Some(i)) => Ok(V::Int(i)),
                (UnaryOp::Invert, Some(i)) => Ok(V::Int(!i)),
                _ => self.raise("TypeError", "bad operand type", at),
            },
        }
    }

    pub(super) fn binary(&mut self, op: Operator, left: V<'a>, right: V<'a>, at: At) -> R<'a> {
        self.spend(left.weight() + right.weight(), at)?;
        // `"%s" % (…)` with one unread part is unread as a whole.
        match (&left, &right) {
            (V::Unread(_), _) => return Ok(left),
            (_, V::Unread(_)) if op != Operator::Mod => return Ok(right),
            _ => {}
        }
        if let (V::Instance(_), _) | (_, V::Instance(_)) = (&left, &right) {
            return self.binary_of_instances(op, left, right, at);
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
            (Operator::Mult, V::Str(_) | V::List(_) | V::Tuple(_), V::Int(n)) => {
                return self.repeated(&left, *n, at);
            }
            (Operator::Mult, V::Int(n), V::Str(_) | V::List(_) | V::Tuple(_)) => {
                return self.repeated(&right, *n, at);
            }
            (_, V::Set(a), V::Set(b)) => set_operation(op, &a.borrow(), &b.borrow()),
            (Operator::BitOr, V::Dict(a), V::Dict(b)) => {
                let mut dict = a.borrow().clone();
                for entry in b.borrow().iter() {
                    dict.insert(entry.key.clone(), entry.value.clone(), entry.at);
                }
                Some(V::dict(dict))
            }
            (Operator::Div, V::Path(path), _) => {
                return match self.path_text(&right) {
                    Some(part) => Ok(V::Path(super::paths::join(path, &part).into())),
                    None => self.raise("TypeError", "not a path", at),
                };
            }
            // Unions of types in annotations and isinstance.
            (
                Operator::BitOr,
                V::Class(_) | V::Type(_) | V::UserClass(_) | V::Enum(_) | V::Tuple(_),
                V::Class(_) | V::Type(_) | V::UserClass(_) | V::Enum(_) | V::None,
            ) => {
                let mut types = match &left {
                    V::Tuple(types) => types.to_vec(),
                    one => vec![one.clone()],
                };
                types.push(right.clone());
                self.allot(types.len() * 16, at)?;
                Some(V::tuple(types))
            }
            _ => None,
        };
        match result {
            Some(value) => Ok(value),
            None => self.arithmetic(op, &left, &right, at),
        }
    }

    fn binary_of_instances(&mut self, op: Operator, left: V<'a>, right: V<'a>, at: At) -> R<'a> {
        let name = operator_method(op);
        for (owner, other, name) in [
            (&left, &right, format!("__{name}__")),
            (&right, &left, format!("__r{name}__")),
        ] {
            if let Some(method) = self.attribute_or_none(owner, &name, at)? {
                return self.call(&method, Args::of(at, [other.clone()]));
            }
        }
        match (inner(&left), inner(&right)) {
            (a, b) if a.is_some() || b.is_some() => {
                self.binary(op, a.unwrap_or(left), b.unwrap_or(right), at)
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
        if let (Some(a), Some(b)) = (left.as_int(), right.as_int()) {
            return self.whole_arithmetic(op, a, b, (left, right), at);
        }
        let (Some(a), Some(b)) = (left.as_float(), right.as_float()) else {
            return self.raise("TypeError", "unsupported operand types", at);
        };
        if b == 0.0 && matches!(op, Operator::Div | Operator::Mod | Operator::FloorDiv) {
            return self.raise("ZeroDivisionError", "division by zero", at);
        }
        Ok(V::Float(match op {
            Operator::Add => a + b,
            Operator::Sub => a - b,
            Operator::Mult => a * b,
            Operator::Div => a / b,
            Operator::FloorDiv => (a / b).floor(),
            Operator::Mod => a - b * (a / b).floor(),
            Operator::Pow => a.powf(b),
            _ => return self.raise("TypeError", "unsupported operand types", at),
        }))
    }

    #[expect(clippy::cast_precision_loss, reason = "Python divides so, too")]
    fn whole_arithmetic(
        &mut self,
        op: Operator,
        a: i64,
        b: i64,
        operands: (&V<'a>, &V<'a>),
        at: At,
    ) -> R<'a> {
        let divides = matches!(op, Operator::Div | Operator::Mod | Operator::FloorDiv);
        if b == 0 && divides {
            return self.raise("ZeroDivisionError", "division by zero", at);
        }
        let both_bool = matches!(operands, (V::Bool(_), V::Bool(_)));
        let value = match op {
            Operator::Add => a.checked_add(b),
            Operator::Sub => a.checked_sub(b),
            Operator::Mult => a.checked_mul(b),
            Operator::Div => return Ok(V::Float(a as f64 / b as f64)),
            Operator::FloorDiv => a.checked_div_euclid(b).map(|_| floor_div(a, b)),
            Operator::Mod => a
                .checked_rem(b)
                .map(|_| a.wrapping_sub(floor_div(a, b).wrapping_mul(b))),
            Operator::Pow if b < 0 => return Ok(V::Float((a as f64).powf(b as f64))),
            Operator::Pow => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
            Operator::LShift => u32::try_from(b)
                .ok()
                .filter(|b| *b < 63 && (a.unsigned_abs().leading_zeros() > *b + 1 || a == 0))
                .map(|b| a << b),
            Operator::RShift => Some(if b >= 63 { a >> 63 } else { a >> b.max(0) }),
            Operator::BitAnd if both_bool => return Ok(V::Bool(a & b != 0)),
            Operator::BitOr if both_bool => return Ok(V::Bool(a | b != 0)),
            Operator::BitXor if both_bool => return Ok(V::Bool(a ^ b != 0)),
            Operator::BitAnd => Some(a & b),
            Operator::BitOr => Some(a | b),
            Operator::BitXor => Some(a ^ b),
            Operator::MatMult => None,
        };
        match value {
            Some(value) => Ok(V::Int(value)),
            None => Ok(self.too_large(at, "This number")),
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
        for item in self.items(from, at)? {
            self.allot(32, at)?;
            into.borrow_mut().insert(item, V::None, None);
        }
        Ok(())
    }
}

/// The built-in value inside an instance of a class that extends one.
pub(super) fn inner<'a>(value: &V<'a>) -> Option<V<'a>> {
    match value {
        V::Instance(instance) => instance
            .builtin
            .borrow()
            .clone()
            .or_else(|| instance.as_tuple().map(V::tuple)),
        _ => None,
    }
}

fn floor_div(a: i64, b: i64) -> i64 {
    let quotient = a.wrapping_div(b);
    if a.wrapping_rem(b) != 0 && ((a < 0) != (b < 0)) {
        quotient - 1
    } else {
        quotient
    }
}

pub(super) fn range_len(from: i64, to: i64, step: i64) -> u64 {
    let (low, high, step) = if step > 0 {
        (from, to, step.unsigned_abs())
    } else {
        (to, from, step.unsigned_abs())
    };
    if low >= high || step == 0 {
        return 0;
    }
    (high.abs_diff(low) - 1) / step + 1
}

fn set_operation<'a>(op: Operator, a: &Dict<'a>, b: &Dict<'a>) -> Option<V<'a>> {
    let both = |x: &Dict<'a>, y: &Dict<'a>, wanted: bool| -> Vec<V<'a>> {
        x.iter()
            .filter(|entry| y.contains(&entry.key) == wanted)
            .map(|entry| entry.key.clone())
            .collect()
    };
    let items = match op {
        Operator::BitOr => {
            let mut items = a.keys();
            items.extend(both(b, a, false));
            items
        }
        Operator::BitAnd => both(a, b, true),
        Operator::Sub => both(a, b, false),
        Operator::BitXor => {
            let mut items = both(a, b, false);
            items.extend(both(b, a, false));
            items
        }
        _ => return None,
    };
    Some(V::set(items))
}

fn operator_method(op: Operator) -> &'static str {
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
