//! `owner[index]`: read, set, deleted, sliced.

use std::rc::Rc;

use super::interpreter::{CHARGE, Interpreter, R};
use super::signature::{Is, whole};
use super::value::function::Args;
use super::value::{At, V};
use crate::python::slice::{self, Bounds, position};

impl<'a> Interpreter<'a> {
    /// `owner[index]`.
    pub(super) fn get_item(&mut self, owner: &V<'a>, index: &V<'a>, at: At) -> R<'a> {
        self.spend(index.weight(), at)?;
        if let V::Unread(unread) = owner
            && unread.is_kept()
            && !matches!(index, V::Slice(_))
        {
            let what = "Whether what pytm keeps for itself has this item is not read";
            return Ok(self.refuse(at, what, "go through the threats, and leave it unchanged"));
        }
        if let (V::Unread(_), _) | (_, V::Unread(_)) = (owner, index) {
            let unread = if matches!(owner, V::Unread(_)) {
                owner
            } else {
                index
            };
            let V::Unread(unread) = unread else {
                return Ok(V::None);
            };
            return Ok(V::perhaps(unread, owner, &V::None));
        }
        match (owner, index) {
            (V::Dict(dict), _) => {
                if let Some(unread) = self.unhashable(index, at)? {
                    return Ok(unread);
                }
                let counts = dict.borrow().make == super::value::dict::Make::Counter;
                let (found, doubt, factory) = {
                    let dict = dict.borrow();
                    let found = dict.get(index).cloned();
                    (found, dict.doubt.clone(), dict.factory.clone())
                };
                if let (None, Some(factory)) = (&found, factory) {
                    let value = self.call(&factory, Args::none(at))?;
                    self.set_item(owner, index.clone(), value.clone(), at)?;
                    return Ok(value);
                }
                match (found, doubt) {
                    (Some(found), _) => Ok(found),
                    (None, Some(unread)) => Ok(V::Unread(unread)),
                    // A Counter counts what it does not hold as nothing.
                    (None, None) if counts => Ok(V::Int(0)),
                    (None, None) => self.no_such_key(index, at),
                }
            }
            (V::Enum(e), V::Str(name)) => match e.position(&name.text) {
                Some(position) => Ok(V::Member(e, position)),
                None => self.no_such_key(index, at),
            },
            (V::UserClass(class), _) if class.is_enum() => {
                let member = index.as_str().and_then(|name| class.scope.own(name));
                match member {
                    Some(member) => Ok(member),
                    None => self.no_such_key(index, at),
                }
            }
            (V::Enum(_), _) => self.no_such_key(index, at),
            (V::Type(_) | V::Class(_) | V::UserClass(_), _) => self.parametrized(owner, index, at),
            (V::Library(name), _) if &**name == "os.environ" => {
                let text = self.display(index, at)?;
                let unread = V::outside(at, format!("the environment variable {text}"));
                if let V::Unread(why) = &unread {
                    self.may_raise(&Rc::clone(why));
                }
                Ok(unread)
            }
            (V::Library(name), _) if name.starts_with("typing.") => Ok(owner.clone()),
            (V::Library(name), _) => Ok(V::unread(at, format!("an item of {name}"))),
            (V::Instance(instance), _) => {
                if let Some(method) = self.attribute_or_none(owner, "__getitem__", at)? {
                    return self.call(&method, Args::of(at, [index.clone()]));
                }
                let inner = instance.builtin.borrow().clone();
                match (inner, instance.as_tuple()) {
                    (Some(V::Dict(dict)), _) => {
                        if let Some(found) = dict.borrow().get(index).cloned() {
                            return Ok(found);
                        }
                        match self.attribute_or_none(owner, "__missing__", at)? {
                            Some(method) => self.call(&method, Args::of(at, [index.clone()])),
                            None => self.get_item(&V::Dict(dict), index, at),
                        }
                    }
                    (Some(inner), _) => self.get_item(&inner, index, at),
                    (None, Some(items)) => self.get_item(&V::tuple(items), index, at),
                    (None, None) => self.raise("TypeError", "object has no items", at),
                }
            }
            _ => self.sequence_item(owner, index, at),
        }
    }

    fn sequence_item(&mut self, owner: &V<'a>, index: &V<'a>, at: At) -> R<'a> {
        if super::library::depends(owner) {
            return Ok(V::not_read(at, "where the repository lies on a machine"));
        }
        if let V::Slice(parts) = index {
            return self.slice_of(owner, parts, at);
        }
        if let V::Instance(_) = index
            && let Some(method) = self.attribute_or_none(index, "__index__", at)?
        {
            let index = self.call(&method, Args::none(at))?;
            return match index {
                V::Instance(_) => self.raise("TypeError", "__index__ returned no whole number", at),
                index => self.get_item(owner, &index, at),
            };
        }
        let index = match whole(index) {
            Is::This(index) => index,
            Is::Unknown => return Ok(V::not_read(at, "this index")),
            Is::Other => return self.raise("TypeError", "indices must be whole numbers", at),
        };
        let of = |items: &[V<'a>]| {
            let at = position(index, items.len())?;
            items.get(at).cloned()
        };
        let item = match owner {
            V::List(items) | V::Deque(items) => of(&items.borrow()),
            V::Tuple(items) => of(items),
            V::Str(text) => {
                self.spend(text.text.len(), at)?;
                let len = text.text.chars().count();
                let nth = position(index, len).and_then(|at| text.text.chars().nth(at));
                nth.map(|c| V::str(c.encode_utf8(&mut [0; 4])))
            }
            V::Range(from, to, step) => {
                let len = super::contents::range_len(*from, *to, *step);
                let len = usize::try_from(len).unwrap_or(usize::MAX >> 1);
                position(index, len)
                    .map(|at| V::Int(from.wrapping_add((at as i64).wrapping_mul(*step))))
            }
            V::Bytes(bytes) => {
                let at = position(index, bytes.len());
                at.and_then(|at| bytes.get(at))
                    .map(|byte| V::Int(i64::from(*byte)))
            }
            _ => return self.raise("TypeError", "object has no items", at),
        };
        match item {
            Some(item) => Ok(item),
            None => self.raise("IndexError", "index out of range", at),
        }
    }

    fn slice_of(&mut self, owner: &V<'a>, parts: &[V<'a>; 3], at: At) -> R<'a> {
        let items = match owner {
            V::Str(_) | V::List(_) | V::Tuple(_) | V::Range(..) | V::Bytes(_) => {
                self.items(owner, at)?
            }
            _ => return self.raise("TypeError", "object has no items", at),
        };
        let bounds = match self.bounds(parts, items.len(), at)? {
            Ok(bounds) => bounds,
            Err(unread) => return Ok(unread),
        };
        self.spend(bounds.len() * 8, at)?;
        let chosen: Vec<V<'a>> = bounds
            .positions()
            .filter_map(|at| items.get(at).cloned())
            .collect();
        self.allot(CHARGE + chosen.len() * 16, at)?;
        Ok(match owner {
            V::Str(_) => V::str(chosen.iter().filter_map(V::as_str).collect::<String>()),
            V::List(_) => V::list(chosen),
            V::Bytes(_) => V::Bytes(
                chosen
                    .iter()
                    .filter_map(|byte| u8::try_from(byte.as_int()?).ok())
                    .collect(),
            ),
            V::Tuple(_) => V::tuple(chosen),
            _ => V::not_read(at, "a part of a range"),
        })
    }

    /// The bounds of a slice of a sequence of that length.
    fn bounds(&self, parts: &[V<'a>; 3], len: usize, at: At) -> R<'a, Result<Bounds, V<'a>>> {
        let mut numbers = [None; 3];
        for (number, part) in numbers.iter_mut().zip(parts) {
            *number = match (part, whole(part)) {
                (V::None, _) => None,
                (V::Unread(_), _) => return Ok(Err(part.clone())),
                (_, Is::This(number)) => Some(number),
                (_, Is::Other) => {
                    return self.raise("TypeError", "slice indices must be whole numbers", at);
                }
                (_, Is::Unknown) => return Ok(Err(V::not_read(at, "this slice"))),
            };
        }
        let [lower, upper, step] = numbers;
        self.outcome(slice::bounds(len, lower, upper, step), at)
    }

    /// `owner[index] = value`.
    pub(super) fn set_item(
        &mut self,
        owner: &V<'a>,
        index: V<'a>,
        value: V<'a>,
        at: At,
    ) -> R<'a, ()> {
        if self.views.iter().any(|view| view.is(owner) == Some(true)) {
            let what = "Names that are set by `globals()` or `locals()` are not read";
            self.refuse(at, what, "assign to the names");
            return Ok(());
        }
        let place = match &index {
            V::Unread(unread) => Some(Rc::clone(unread)),
            _ => None,
        };
        if let Some(unread) = self.doubt.clone().or(place) {
            self.touch(owner, &unread);
        }
        let value = self.doubted(value);
        self.allot(64, at)?;
        self.gives(owner, &value);
        self.gives(owner, &index);
        match owner {
            V::Dict(dict) => {
                let index = self.unhashable(&index, at)?.unwrap_or(index);
                dict.borrow_mut().insert(index, value, Some(at));
                Ok(())
            }
            V::List(items) | V::Deque(items) => match (&index, index.as_int()) {
                (V::Slice(parts), _) => {
                    let new = self.items(&value, at)?;
                    let len = items.borrow().len();
                    let bounds = match self.bounds(parts, len, at)? {
                        Ok(bounds) => bounds,
                        Err(unread) => {
                            let mut items = items.borrow_mut();
                            items.iter_mut().for_each(|item| *item = unread.clone());
                            return Ok(());
                        }
                    };
                    self.allot(new.len() * 32, at)?;
                    if bounds.step == 1 {
                        let from = usize::try_from(bounds.start).unwrap_or(0);
                        let to = usize::try_from(bounds.end).unwrap_or(0).max(from);
                        items.borrow_mut().splice(from..to, new);
                        return Ok(());
                    }
                    if bounds.len() != new.len() {
                        return self.raise("ValueError", "the slice has another length", at);
                    }
                    let mut items = items.borrow_mut();
                    for (position, value) in bounds.positions().zip(new) {
                        if let Some(item) = items.get_mut(position) {
                            *item = value;
                        }
                    }
                    Ok(())
                }
                (V::Unread(_), _) => {
                    let mut items = items.borrow_mut();
                    for item in items.iter_mut() {
                        *item = index.clone();
                    }
                    Ok(())
                }
                (_, Some(position_)) => {
                    let len = items.borrow().len();
                    match position(position_, len) {
                        Some(position) => {
                            items.borrow_mut()[position] = value;
                            Ok(())
                        }
                        None => self.raise("IndexError", "assignment index out of range", at),
                    }
                }
                _ => self.raise("TypeError", "indices must be whole numbers", at),
            },
            V::Instance(instance) => {
                if let Some(method) = self.attribute_or_none(owner, "__setitem__", at)? {
                    return self.call(&method, Args::of(at, [index, value])).map(drop);
                }
                let inner = instance.builtin.borrow().clone();
                match inner {
                    Some(inner) => self.set_item(&inner, index, value, at),
                    None => self.raise("TypeError", "object takes no items", at),
                }
            }
            V::Unread(unread) if unread.inert || unread.told => Ok(()),
            V::Library(name) if &**name == "os.environ" || name.ends_with(')') => Ok(()),
            V::Unread(_) | V::Library(_) => {
                let what = "What is set here is not read";
                self.refuse(at, what, "set attributes and items by their names");
                Ok(())
            }
            _ => self.raise("TypeError", "object takes no items", at),
        }
    }

    pub(super) fn delete_item(&mut self, owner: &V<'a>, index: &V<'a>, at: At) -> R<'a, ()> {
        if self.views.iter().any(|view| view.is(owner) == Some(true)) {
            let what = "What is deleted through `globals()`, `vars()` or `__dict__` is not read";
            self.refuse(at, what, "use `del` or `delattr()`");
            return Ok(());
        }
        let place = match index {
            V::Unread(unread) => Some(Rc::clone(unread)),
            _ => None,
        };
        if let Some(unread) = self.doubt.clone().or(place) {
            self.touch(owner, &unread);
            return Ok(());
        }
        match owner {
            V::Dict(dict) => {
                let removed = dict.borrow_mut().remove(index);
                if removed.is_none() && dict.borrow().doubt.is_none() {
                    return self.no_such_key(index, at);
                }
                Ok(())
            }
            V::List(items) => {
                let len = items.borrow().len();
                if let V::Slice(parts) = index {
                    let bounds = match self.bounds(parts, len, at)? {
                        Ok(bounds) => bounds,
                        Err(unread) => {
                            let mut items = items.borrow_mut();
                            items.iter_mut().for_each(|item| *item = unread.clone());
                            return Ok(());
                        }
                    };
                    let mut gone: Vec<usize> = bounds.positions().collect();
                    gone.sort_unstable();
                    let mut items = items.borrow_mut();
                    for position in gone.into_iter().rev() {
                        items.remove(position);
                    }
                    return Ok(());
                }
                match index.as_int().map(|index| position(index, len)) {
                    Some(Some(position)) => {
                        items.borrow_mut().remove(position);
                        Ok(())
                    }
                    Some(None) => self.raise("IndexError", "index out of range", at),
                    None => self.raise("TypeError", "indices must be whole numbers", at),
                }
            }
            V::Instance(instance) => {
                if let Some(method) = self.attribute_or_none(owner, "__delitem__", at)? {
                    return self.call(&method, Args::of(at, [index.clone()])).map(drop);
                }
                let inner = instance.builtin.borrow().clone();
                match inner {
                    Some(inner) => self.delete_item(&inner, index, at),
                    None => self.raise("TypeError", "object doesn't support item deletion", at),
                }
            }
            V::Unread(unread) if unread.is_kept() => {
                self.refuse_change(at);
                Ok(())
            }
            V::Unread(_) => Ok(()),
            _ => {
                self.refuse(at, "What is deleted here is not read", "leave it out");
                Ok(())
            }
        }
    }
}
