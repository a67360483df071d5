//! Items and methods of lists, tuples, sets and dictionaries.

use std::cell::RefCell;
use std::rc::Rc;

use super::function::Args;
use super::interpreter::{CHARGE, Interpreter, R};
use super::value::{At, Dict, V};
use crate::syntax::python::ast::Operator;

pub(super) const LIST_METHODS: &[&str] = &[
    "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse",
    "sort",
];
pub(super) const TUPLE_METHODS: &[&str] = &["count", "index"];
pub(super) const DICT_METHODS: &[&str] = &[
    "clear",
    "copy",
    "fromkeys",
    "get",
    "items",
    "keys",
    "move_to_end",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "values",
];
pub(super) const SET_METHODS: &[&str] = &[
    "add",
    "clear",
    "copy",
    "difference",
    "difference_update",
    "discard",
    "intersection",
    "intersection_update",
    "isdisjoint",
    "issubset",
    "issuperset",
    "pop",
    "remove",
    "symmetric_difference",
    "union",
    "update",
];

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
            return Ok(unread.clone());
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
            V::Unread(_) | V::Library(_) => Ok(()),
            _ => self.raise("TypeError", "object takes no items", at),
        }
    }

    pub(super) fn delete_item(&mut self, owner: &V<'a>, index: &V<'a>, at: At) -> R<'a, ()> {
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
            _ => Ok(()),
        }
    }

    pub(super) fn list_method(
        &mut self,
        items: &Rc<RefCell<Vec<V<'a>>>>,
        name: &str,
        args: &Args<'a>,
    ) -> R<'a> {
        let at = args.at;
        let first = args.get(0).cloned();
        match (name, first) {
            ("append", Some(value)) => {
                self.allot(32, at)?;
                let value = self.doubted(value);
                items.borrow_mut().push(value);
            }
            ("extend", Some(more)) => {
                let more = self.items(&more, at)?;
                self.allot(more.len() * 32, at)?;
                let more: Vec<_> = more.into_iter().map(|v| self.doubted(v)).collect();
                items.borrow_mut().extend(more);
            }
            ("insert", Some(index)) => {
                self.allot(32, at)?;
                let value = self.doubted(args.get(1).cloned().unwrap_or(V::None));
                let mut items = items.borrow_mut();
                let len = items.len() as i64;
                let index = index.as_int().unwrap_or(0);
                let index = if index < 0 {
                    (index + len).max(0)
                } else {
                    index.min(len)
                };
                items.insert(index as usize, value);
            }
            ("remove", Some(value)) => {
                let copy = items.borrow().clone();
                for (position, item) in copy.iter().enumerate() {
                    if let Ok(true) = self.equal(item, &value, at)? {
                        items.borrow_mut().remove(position);
                        return Ok(V::None);
                    }
                }
                return self.raise("ValueError", "not in list", at);
            }
            ("pop", index) => {
                let index = index.and_then(|v| v.as_int()).unwrap_or(-1);
                let len = items.borrow().len();
                return match position(index, len) {
                    Some(position) => Ok(items.borrow_mut().remove(position)),
                    None => self.raise("IndexError", "pop index out of range", at),
                };
            }
            ("clear", _) => items.borrow_mut().clear(),
            ("copy", _) => return Ok(V::list(items.borrow().clone())),
            ("reverse", _) => items.borrow_mut().reverse(),
            ("sort", _) => {
                let copy = items.borrow().clone();
                let reverse = self.flag(args.keyword("reverse"), at)?;
                match self.sorted(copy, args.keyword("key"), reverse, at)? {
                    Ok(sorted) => *items.borrow_mut() = sorted,
                    Err(unread) => {
                        // What is in it is known, where is not.
                        for item in items.borrow_mut().iter_mut() {
                            *item = V::Unread(Rc::clone(&unread));
                        }
                    }
                }
            }
            ("count" | "index", Some(value)) => {
                let copy = items.borrow().clone();
                return self.count_or_index(&copy, name, &value, at);
            }
            _ => return self.raise("AttributeError", format!("list.{name}"), at),
        }
        Ok(V::None)
    }

    pub(super) fn count_or_index(
        &mut self,
        items: &[V<'a>],
        name: &str,
        value: &V<'a>,
        at: At,
    ) -> R<'a> {
        let mut count = 0;
        for (position, item) in items.iter().enumerate() {
            match self.equal(item, value, at)? {
                Ok(true) if name == "index" => return Ok(V::Int(position as i64)),
                Ok(true) => count += 1,
                Ok(false) => {}
                Err(unread) => return Ok(V::Unread(unread)),
            }
        }
        if name == "index" {
            return self.raise("ValueError", "not in list", at);
        }
        Ok(V::Int(count))
    }

    /// A keyword argument that is a yes or no.
    pub(super) fn flag(&mut self, value: Option<&V<'a>>, at: At) -> R<'a, bool> {
        match value {
            Some(value) => Ok(self.truth(value, at)?.unwrap_or(false)),
            None => Ok(false),
        }
    }

    pub(super) fn dict_method(
        &mut self,
        dict: &Rc<RefCell<Dict<'a>>>,
        name: &str,
        args: Args<'a>,
    ) -> R<'a> {
        let at = args.at;
        let doubt = dict.borrow().doubt.clone();
        match (name, args.get(0).cloned()) {
            ("get", Some(index)) => {
                if let V::Unread(_) = index {
                    return Ok(index);
                }
                let found = dict.borrow().get(&index).cloned();
                Ok(match (found, doubt) {
                    (Some(found), _) => found,
                    (None, Some(unread)) => V::Unread(unread),
                    (None, None) => args.either(1, "default").cloned().unwrap_or(V::None),
                })
            }
            ("keys" | "values" | "items", _) => {
                if let Some(unread) = doubt {
                    return Ok(V::Unread(unread));
                }
                let dict = dict.borrow();
                self.allot(dict.len() * 48, at)?;
                Ok(V::list(match name {
                    "keys" => dict.keys(),
                    "values" => dict.values(),
                    _ => dict
                        .iter()
                        .map(|entry| V::tuple(vec![entry.key.clone(), entry.value.clone()]))
                        .collect(),
                }))
            }
            ("setdefault", Some(index)) => {
                if let Some(found) = dict.borrow().get(&index) {
                    return Ok(found.clone());
                }
                let value = args.get(1).cloned().unwrap_or(V::None);
                self.set_item(&V::Dict(Rc::clone(dict)), index, value.clone(), at)?;
                Ok(value)
            }
            ("pop", Some(index)) => {
                let removed = dict.borrow_mut().remove(&index);
                match (removed, args.get(1), doubt) {
                    (Some(removed), _, _) => Ok(removed),
                    (None, _, Some(unread)) => Ok(V::Unread(unread)),
                    (None, Some(default), None) => Ok(default.clone()),
                    (None, None, None) => self.raise("KeyError", "no such key", at),
                }
            }
            ("popitem", _) => {
                let last = dict.borrow().iter().next_back().cloned();
                match last {
                    Some(entry) => {
                        dict.borrow_mut().remove(&entry.key);
                        Ok(V::tuple(vec![entry.key, entry.value]))
                    }
                    None => self.raise("KeyError", "dictionary is empty", at),
                }
            }
            ("update", _) => self.update(dict, args),
            ("copy", _) => Ok(V::dict(dict.borrow().clone())),
            ("clear", _) => {
                dict.borrow_mut().clear();
                Ok(V::None)
            }
            ("move_to_end", Some(index)) => {
                let removed = dict.borrow_mut().remove(&index);
                if let Some(value) = removed {
                    dict.borrow_mut().insert(index, value, None);
                }
                Ok(V::None)
            }
            ("fromkeys", Some(names)) => {
                let value = args.get(1).cloned().unwrap_or(V::None);
                let mut made = Dict::default();
                for name in self.items(&names, at)? {
                    made.insert(name, value.clone(), None);
                }
                Ok(V::dict(made))
            }
            _ => self.raise("AttributeError", format!("dict.{name}"), at),
        }
    }

    fn update(&mut self, dict: &Rc<RefCell<Dict<'a>>>, args: Args<'a>) -> R<'a> {
        let at = args.at;
        let target = V::Dict(Rc::clone(dict));
        match args.get(0) {
            None => {}
            Some(first @ (V::Dict(_) | V::Unread(_))) => self.merge_into(dict, first, at)?,
            Some(first) => {
                for pair in self.items(first, at)? {
                    if let [name, value] = self.items(&pair, at)?.as_slice() {
                        self.set_item(&target, name.clone(), value.clone(), at)?;
                    }
                }
            }
        }
        for (name, value, at) in args.keywords {
            self.set_item(&target, V::str(name), value, at)?;
        }
        if let Some(unread) = args.doubt {
            dict.borrow_mut().doubt = Some(unread);
        }
        Ok(V::None)
    }

    pub(super) fn set_method(
        &mut self,
        set: &Rc<RefCell<Dict<'a>>>,
        name: &str,
        args: &Args<'a>,
    ) -> R<'a> {
        let at = args.at;
        let first = args.get(0).cloned();
        match (name, first) {
            ("add", Some(value)) => {
                self.allot(64, at)?;
                let value = self.doubted(value);
                if !set.borrow_mut().insert(value, V::None, Some(at)) {
                    return self.raise("TypeError", "unhashable type", at);
                }
            }
            ("update", _) => {
                for (more, _) in &args.positional {
                    self.merge_into(set, more, at)?;
                }
            }
            ("discard" | "remove", Some(value)) => {
                let removed = set.borrow_mut().remove(&value);
                if removed.is_none() && name == "remove" {
                    return self.raise("KeyError", "not in set", at);
                }
            }
            ("pop", _) => {
                let some = set.borrow().iter().next().map(|entry| entry.key.clone());
                return match some {
                    Some(some) => {
                        set.borrow_mut().remove(&some);
                        Ok(some)
                    }
                    None => self.raise("KeyError", "pop from an empty set", at),
                };
            }
            ("clear", _) => set.borrow_mut().clear(),
            ("copy", _) => {
                return Ok(V::Set(Rc::new(RefCell::new(set.borrow().clone()))));
            }
            ("isdisjoint" | "issubset" | "issuperset", Some(other)) => {
                let other = V::set(self.items(&other, at)?);
                let V::Set(other) = other else {
                    return Ok(V::None);
                };
                let (a, b) = (set.borrow(), other.borrow());
                return Ok(V::Bool(match name {
                    "isdisjoint" => !a.iter().any(|entry| b.contains(&entry.key)),
                    "issubset" => a.iter().all(|entry| b.contains(&entry.key)),
                    _ => b.iter().all(|entry| a.contains(&entry.key)),
                }));
            }
            (name, _) => {
                let op = match name {
                    "union" => Operator::BitOr,
                    "intersection" | "intersection_update" => Operator::BitAnd,
                    "difference" | "difference_update" => Operator::Sub,
                    "symmetric_difference" => Operator::BitXor,
                    _ => return self.raise("AttributeError", format!("set.{name}"), at),
                };
                let mut result = V::Set(Rc::new(RefCell::new(set.borrow().clone())));
                for (other, _) in &args.positional {
                    let other = V::set(self.items(other, at)?);
                    result = self.binary(op, result, other, at)?;
                }
                if name.ends_with("_update") {
                    if let V::Set(result) = result {
                        set.swap(&result);
                    }
                    return Ok(V::None);
                }
                return Ok(result);
            }
        }
        Ok(V::None)
    }
}

/// An index of Python's, negative from the end, as a position.
fn position(index: i64, len: usize) -> Option<usize> {
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
