//! Items and methods of lists, tuples, sets and dictionaries.

use std::cell::RefCell;
use std::rc::Rc;

use super::dict::Dict;
use super::function::Args;
use super::interpreter::{Interpreter, R};
use super::items::position;
use super::value::{At, V};
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
