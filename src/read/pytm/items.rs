//! `owner[index]`: read, set, deleted, sliced.

use std::rc::Rc;

use super::function::Args;
use super::interpreter::{CHARGE, Interpreter, R};
use super::value::{At, V};

impl<'a> Interpreter<'a> {
    /// `owner[index]`.
    pub(super) fn get_item(&mut self, owner: &V<'a>, index: &V<'a>, at: At) -> R<'a> {
        self.spend(index.weight(), at)?;
        if let (V::Unread(_), _) | (_, V::Unread(_)) = (owner, index) {
            let unread = if matches!(owner, V::Unread(_)) {
                owner
            } else {
                index
            };
            let V::Unread(unread) = unread else {
                return Ok(V::None);
            };
            return Ok(super::doubt::perhaps(unread, owner, &V::None));
        }
        match (owner, index) {
            (V::Dict(dict), _) => {
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
                    (None, None) => {
                        let text = self.display(index, at)?;
                        self.raise("KeyError", text, at)
                    }
                }
            }
            (V::Enum(e), V::Str(name)) => match e.position(&name.text) {
                Some(position) => Ok(V::Member(e, position)),
                None => self.raise("KeyError", name.text.to_string(), at),
            },
            (V::UserClass(class), _) if class.is_enum() => {
                let member = index.as_str().and_then(|name| class.scope.own(name));
                match member {
                    Some(member) => Ok(member),
                    None => self.raise("KeyError", "no such member", at),
                }
            }
            // `list[str]`, `Optional[X]`: types in annotations.
            (V::Type(_) | V::Class(_) | V::UserClass(_) | V::Enum(_), _) => Ok(owner.clone()),
            (V::Library(name), _) if &**name == "os.environ" => {
                let text = self.display(index, at)?;
                if self.import_may_fail {
                    return self.raise("KeyError", text, at);
                }
                Ok(V::unread(at, format!("the environment variable {text}")))
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
        if let V::Slice(parts) = index {
            return self.slice_of(owner, parts, at);
        }
        let index = match index {
            V::Instance(instance) => instance.builtin.borrow().as_ref().and_then(V::as_int),
            index => index.as_int(),
        };
        let Some(index) = index else {
            return self.raise("TypeError", "indices must be whole numbers", at);
        };
        let of = |items: &[V<'a>]| {
            let at = position(index, items.len())?;
            items.get(at).cloned()
        };
        let item = match owner {
            V::List(items) => of(&items.borrow()),
            V::Tuple(items) => of(items),
            V::Str(text) => {
                self.spend(text.text.len(), at)?;
                let len = text.text.chars().count();
                let nth = position(index, len).and_then(|at| text.text.chars().nth(at));
                nth.map(|c| V::str(c.encode_utf8(&mut [0; 4])))
            }
            V::Range(from, to, step) => {
                let len = super::operators::range_len(*from, *to, *step);
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
        let chosen = sliced(&items, parts);
        self.allot(CHARGE + chosen.len() * 16, at)?;
        Ok(match owner {
            V::Str(_) => V::str(chosen.iter().filter_map(V::as_str).collect::<String>()),
            V::List(_) | V::Range(..) => V::list(chosen),
            _ => V::tuple(chosen),
        })
    }

    /// `owner[index] = value`.
    pub(super) fn set_item(
        &mut self,
        owner: &V<'a>,
        index: V<'a>,
        value: V<'a>,
        at: At,
    ) -> R<'a, ()> {
        if self.views.iter().any(|view| view.is(owner)) {
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
        match owner {
            V::Dict(dict) => {
                if !dict.borrow_mut().insert(index, value, Some(at)) {
                    return self.raise("TypeError", "unhashable type", at);
                }
                Ok(())
            }
            V::List(items) => match (&index, index.as_int()) {
                (V::Slice(parts), _) => {
                    let new = self.items(&value, at)?;
                    let mut items = items.borrow_mut();
                    let len = items.len();
                    let (from, to) = bounds(parts, len);
                    items.splice(from..to.max(from), new);
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
                if dict.borrow_mut().remove(index).is_none() && dict.borrow().doubt.is_none() {
                    return self.raise("KeyError", "no such key", at);
                }
                Ok(())
            }
            V::List(items) => {
                let len = items.borrow().len();
                if let V::Slice(parts) = index {
                    let (from, to) = bounds(parts, len);
                    items.borrow_mut().drain(from..to.max(from));
                    return Ok(());
                }
                match index.as_int().and_then(|index| position(index, len)) {
                    Some(position) => {
                        items.borrow_mut().remove(position);
                        Ok(())
                    }
                    None => self.raise("IndexError", "index out of range", at),
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
            V::Unread(_) => Ok(()),
            _ => {
                self.refuse(at, "What is deleted here is not read", "leave it out");
                Ok(())
            }
        }
    }
}

/// An index of Python's, negative from the end, as a position.
pub(super) fn position(index: i64, len: usize) -> Option<usize> {
    let index = if index < 0 { index + len as i64 } else { index };
    usize::try_from(index).ok().filter(|at| *at < len)
}

fn bounds(parts: &[V<'_>; 3], len: usize) -> (usize, usize) {
    let clamp = |part: &V<'_>, default: usize| match part.as_int() {
        Some(i) if i < 0 => (i + len as i64).max(0) as usize,
        Some(i) => (i as usize).min(len),
        None => default,
    };
    (clamp(&parts[0], 0), clamp(&parts[1], len))
}

fn sliced<'a>(items: &[V<'a>], parts: &[V<'a>; 3]) -> Vec<V<'a>> {
    let step = parts[2].as_int().unwrap_or(1);
    if step > 0 {
        let (from, to) = bounds(parts, items.len());
        return items
            .get(from..to.max(from))
            .unwrap_or(&[])
            .iter()
            .step_by(step as usize)
            .cloned()
            .collect();
    }
    if step == 0 {
        return Vec::new();
    }
    let len = items.len() as i64;
    let clamp = |part: &V<'a>, default: i64| match part.as_int() {
        Some(i) if i < 0 => (i + len).max(-1),
        Some(i) => i.min(len - 1),
        None => default,
    };
    let (mut at, to) = (clamp(&parts[0], len - 1), clamp(&parts[1], -1));
    let mut chosen = Vec::new();
    while at > to && at >= 0 {
        if let Some(item) = items.get(at as usize) {
            chosen.push(item.clone());
        }
        at = at.saturating_add(step);
    }
    chosen
}
