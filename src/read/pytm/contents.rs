//! The items that a loop over a value sees.

use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, MAX_SIZE, R};
use super::value::{At, V};

impl<'a> Interpreter<'a> {
    /// The items of a value for somebody to whom their order means nothing: a set gives
    /// them in another order in every run of Python.
    pub(super) fn in_any_order(&mut self, value: &V<'a>, at: At) -> R<'a, Vec<V<'a>>> {
        match value {
            V::Set(set) => {
                let set = set.borrow();
                if let Some(unread) = &set.doubt {
                    return Err(Box::new(Exit::Unread(Rc::clone(unread))));
                }
                Ok(set.keys())
            }
            value => self.items(value, at),
        }
    }

    /// What a loop over a value sees. An error for what cannot be iterated.
    pub(super) fn items(&mut self, value: &V<'a>, at: At) -> R<'a, Vec<V<'a>>> {
        self.spend(value.weight(), at)?;
        Ok(match value {
            V::List(items) => items.borrow().clone(),
            V::Deque(items) => items.borrow().clone(),
            V::Tuple(items) => items.to_vec(),
            V::Set(set) => {
                let keys = self.in_any_order(value, at)?;
                if keys.len() > 1 {
                    let order = V::not_read(at, "the order in which a set gives its items");
                    self.allot(set.borrow().len() * 16, at)?;
                    return self.items(&order, at);
                }
                keys
            }
            V::Dict(dict) => {
                let dict = dict.borrow();
                if let Some(unread) = &dict.doubt {
                    return Err(Box::new(Exit::Unread(Rc::clone(unread))));
                }
                dict.keys()
            }
            V::View(dict, view) => {
                let dict = dict.borrow();
                self.allot(dict.len() * 48, at)?;
                let mut seen = super::mappings::seen(&dict, *view);
                seen.extend(dict.doubt.clone().map(V::Unread));
                seen
            }
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
            V::Iter(_) => {
                let iter = self.iterate(value, at)?;
                return self.drained(&iter, at);
            }
            V::Enum(e) => (0..e.members.len())
                .map(|i| V::Member(e, i as u8))
                .collect(),
            V::UserClass(class) if class.is_enum() => class.members(),
            V::Instance(instance) => {
                let by_number = instance.as_tuple().is_none()
                    && instance.builtin.borrow().is_none()
                    && instance.class.lookup("__getitem__").is_some();
                if by_number || instance.class.lookup("__iter__").is_some() {
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
                let lines = self.lines_of(path, at)?;
                self.drained(&lines, at)?
            }
            V::Unread(unread) => return Err(Box::new(Exit::Unread(Rc::clone(unread)))),
            V::Alias(_) => {
                let unread = V::not_read(at, "what this type gives when it is iterated");
                return self.items(&unread, at);
            }
            V::Library(name) => {
                let unread = V::outside(at, format!("the items of {name}"));
                return self.items(&unread, at);
            }
            V::Object(_) => {
                let unread = self.refuse_fields(at);
                return self.items(&unread, at);
            }
            _ => return self.raise("TypeError", "object is not iterable", at),
        })
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
