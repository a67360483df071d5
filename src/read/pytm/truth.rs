//! Whether Python would call a value true.

use std::rc::Rc;

use super::contents::range_len;
use super::interpreter::{Interpreter, R};
use super::value::function::Args;
use super::value::{At, Unread, V};

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
            V::Deque(items) => !items.borrow().is_empty(),
            V::Tuple(items) => !items.is_empty(),
            V::Set(dict) | V::Dict(dict) | V::View(dict, _) => {
                let dict = dict.borrow();
                match &dict.doubt {
                    Some(unread) if dict.len() == 0 => return Ok(Err(Rc::clone(unread))),
                    _ => dict.len() > 0,
                }
            }
            V::Range(from, to, step) => range_len(*from, *to, *step) > 0,
            V::Unread(unread) => return Ok(Err(Rc::clone(unread))),
            V::Library(name) if !super::library::is_object(name) => {
                return match V::not_read(at, name) {
                    V::Unread(unread) => Ok(Err(unread)),
                    _ => Ok(Ok(true)),
                };
            }
            V::Instance(instance) => {
                if let Some(method) = self.attribute_or_none(value, "__bool__", at)? {
                    let result = self.call(&method, Args::none(at))?;
                    if !matches!(result, V::Bool(_) | V::Unread(_)) {
                        return self.raise("TypeError", "__bool__ should return bool", at);
                    }
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
}
