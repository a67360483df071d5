//! Methods of dictionaries and of those that `collections` makes.

use std::cell::RefCell;
use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::library::depends;
use super::signature::{Given, Signature, plain, wanted, whole};
use super::value::dict::{Dict, Make, key};
use super::value::function::Args;
use super::value::{At, ObjId, V, View};
use crate::model::vocabulary::Class;

const SIGNATURES: &[Signature] = &[
    ("clear", 0, &[]),
    ("copy", 0, &[]),
    ("fromkeys", 1, &["/iterable", "/value"]),
    ("get", 1, &["/key", "/default"]),
    ("items", 0, &[]),
    ("keys", 0, &[]),
    ("most_common", 0, &["n"]),
    ("move_to_end", 1, &["key", "last"]),
    ("pop", 1, &["/key", "/default"]),
    ("popitem", 0, &[]),
    ("setdefault", 1, &["/key", "/default"]),
    ("elements", 0, &[]),
    ("total", 0, &[]),
    ("values", 0, &[]),
];

/// What a Counter has beside what a dictionary has.
pub(super) const COUNTER: &[&str] = &["elements", "most_common", "subtract", "total"];

type Shared<'a> = Rc<RefCell<Dict<'a>>>;

impl<'a> Interpreter<'a> {
    pub(super) fn dict_method(&mut self, dict: &Shared<'a>, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        self.gives_all(&V::Dict(Rc::clone(dict)), &args);
        let make = dict.borrow().make;
        match (name, make) {
            ("update", Make::Counter) => return self.count_more(dict, args),
            ("update", _) => return self.update(dict, args),
            ("fromkeys" | "subtract", Make::Counter) | ("popitem" | "fromkeys", Make::Ordered) => {
                return Ok(V::not_read(at, format!("{name}() of this dictionary")));
            }
            _ => {}
        }
        let Some(signature) = SIGNATURES.iter().find(|(known, _, _)| *known == name) else {
            return Ok(V::not_read(at, format!("dict.{name}()")));
        };
        if let Some(unread) = &args.doubt {
            return Ok(V::Unread(Rc::clone(unread)));
        }
        let given = self.given(signature, args)?;
        let index = given.or(0, V::None);
        let doubt = dict.borrow().doubt.clone();
        if let V::Unread(unread) = &index {
            if matches!(name, "pop" | "setdefault" | "move_to_end") {
                dict.borrow_mut().doubt = Some(Rc::clone(unread));
            }
            return Ok(index);
        }
        // What holds nothing is not asked for a key.
        let is_asked = name != "pop" || doubt.is_some() || dict.borrow().len() > 0;
        if matches!(name, "get" | "pop" | "setdefault" | "move_to_end")
            && is_asked
            && let Some(result) = self.unhashable(&index, at)?
        {
            return Ok(result);
        }
        match name {
            "get" => {
                let found = dict.borrow().get(&index).cloned();
                Ok(match (found, doubt) {
                    (Some(found), _) => found,
                    (None, Some(unread)) => V::Unread(unread),
                    (None, None) => given.or(1, V::None),
                })
            }
            "keys" => Ok(V::View(Rc::clone(dict), View::Keys)),
            "values" => Ok(V::View(Rc::clone(dict), View::Values)),
            "items" => Ok(V::View(Rc::clone(dict), View::Items)),
            "setdefault" => {
                let found = dict.borrow().get(&index).cloned();
                if let Some(found) = found {
                    return Ok(found);
                }
                let value = given.or(1, V::None);
                self.set_item(&V::Dict(Rc::clone(dict)), index, value.clone(), at)?;
                Ok(doubt.map_or(value, V::Unread))
            }
            "pop" => {
                let removed = dict.borrow_mut().remove(&index);
                match (removed, given.get(1), doubt) {
                    (Some(removed), _, _) => Ok(removed),
                    (None, _, Some(unread)) => Ok(V::Unread(unread)),
                    (None, Some(default), None) => Ok(default.clone()),
                    (None, None, None) => self.no_such_key(&index, at),
                }
            }
            "popitem" => {
                if let Some(unread) = doubt {
                    return Ok(V::Unread(unread));
                }
                let last = dict.borrow().iter().next_back().cloned();
                match last {
                    Some(entry) => {
                        dict.borrow_mut().remove(&entry.key);
                        Ok(V::tuple(vec![entry.key, entry.value]))
                    }
                    None => self.raise("KeyError", "popitem(): dictionary is empty", at),
                }
            }
            "copy" => {
                let copy = dict.borrow().clone();
                self.allot(copy.len() * 64, at)?;
                Ok(V::dict(copy))
            }
            "clear" => {
                dict.borrow_mut().clear();
                Ok(V::None)
            }
            "move_to_end" => {
                match given.get(1) {
                    None | Some(V::Bool(true)) => {}
                    Some(_) => return Ok(V::not_read(at, "move_to_end() to the front")),
                }
                let removed = dict.borrow_mut().remove(&index);
                match removed {
                    Some(value) => {
                        dict.borrow_mut().insert(index, value, None);
                        Ok(V::None)
                    }
                    None => self.no_such_key(&index, at),
                }
            }
            "fromkeys" => {
                let value = given.or(1, V::None);
                let made = V::dict(Dict::default());
                for name in self.items(&index, at)? {
                    self.set_item(&made, name, value.clone(), at)?;
                }
                Ok(made)
            }
            _ => self.counter_method(dict, name, &given),
        }
    }

    /// What a Counter tells.
    fn counter_method(&mut self, dict: &Shared<'a>, name: &str, given: &Given<'a>) -> R<'a> {
        let at = given.at;
        if let Some(unread) = dict.borrow().doubt.clone() {
            return Ok(V::Unread(unread));
        }
        let mut counted = Vec::new();
        for entry in dict.borrow().iter() {
            match entry.value.as_int() {
                Some(count) => counted.push((entry.key.clone(), count)),
                None => return Ok(V::not_read(at, format!("{name}() of this Counter"))),
            }
        }
        match name {
            "total" => {
                let total = counted
                    .iter()
                    .try_fold(0_i64, |sum, (_, n)| sum.checked_add(*n));
                Ok(total.map_or_else(|| self.too_large(at, "This number"), V::Int))
            }
            "elements" => {
                let mut all = Vec::new();
                for (value, count) in counted {
                    let count = usize::try_from(count).unwrap_or(0);
                    self.allot(count.saturating_mul(32), at)?;
                    all.extend(std::iter::repeat_n(value, count));
                }
                Ok(V::iter(all))
            }
            _ => {
                let most = match given.some(0) {
                    Some(most) => {
                        let most = wanted!(self, whole(most), at, "most_common()");
                        usize::try_from(most).unwrap_or(0)
                    }
                    None => counted.len(),
                };
                // Equal counts keep the order in which they were met first.
                counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
                let pair = |(value, count)| V::tuple(vec![value, V::Int(count)]);
                Ok(V::list(counted.into_iter().take(most).map(pair).collect()))
            }
        }
    }

    /// `Counter(items)` and `counter.update(items)`.
    pub(super) fn count_more(&mut self, dict: &Shared<'a>, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if !args.keywords.is_empty() || args.positional.len() > 1 || args.doubt.is_some() {
            return Ok(V::not_read(at, "a Counter of this"));
        }
        let Some(items) = args.get(0).cloned() else {
            return Ok(V::None);
        };
        let mut more = Vec::new();
        match plain(&items) {
            V::Dict(other) => {
                if let Some(unread) = other.borrow().doubt.clone() {
                    dict.borrow_mut().doubt = Some(unread);
                }
                for entry in other.borrow().iter() {
                    more.push((entry.key.clone(), entry.value.clone()));
                }
            }
            V::None => {}
            items => {
                for item in self.items(&items, at)? {
                    more.push((item, V::Int(1)));
                }
            }
        }
        for (item, count) in more {
            if let Some(result) = self.unhashable(&item, at)? {
                return Ok(result);
            }
            let held = dict.borrow().get(&item).cloned();
            let count = match held {
                Some(held) => {
                    let add = crate::syntax::python::ast::Operator::Add;
                    self.binary(add, held, count, at)?
                }
                None => count,
            };
            self.set_item(&V::Dict(Rc::clone(dict)), item, count, at)?;
        }
        Ok(V::None)
    }

    /// Refuses a piece of Data that pytm takes for another one, as a key of the model's own.
    pub(super) fn refuse_twin(&mut self, value: &V<'a>, at: At) -> R<'a, ()> {
        if let V::Object(id) = value
            && self.object(*id).class == Class::Data
        {
            self.spend(4 * self.registry.data.len(), at)?;
            if self.has_twin(*id) {
                let what =
                    "What pytm makes of Data that say the same, as keys or in a set, is not read";
                self.refuse(at, what, "tell them apart by name");
            }
        }
        Ok(())
    }

    /// What pytm compares of Data; what is not plainly said counts as different from nothing.
    pub(super) fn data_key(&self, id: ObjId) -> [Option<String>; 4] {
        ["name", "description", "format", "classification"].map(|name| {
            match self.object(id).get(name).map(|held| &held.value) {
                Some(V::Str(text)) if text.text.is_empty() => None,
                Some(V::Str(text)) => Some(text.text.to_string()),
                Some(V::Member(_, 0)) | None => None,
                Some(V::Member(_, position)) => Some(position.to_string()),
                Some(_) => Some("?".to_owned()),
            }
        })
    }

    /// Whether pytm takes a piece of Data for another one.
    fn has_twin(&self, id: ObjId) -> bool {
        let own = self.data_key(id);
        let mut others = self.registry.data.iter().filter(|other| **other != id);
        others.any(|other| {
            let name = self.object(*other).get("name");
            let name = name.and_then(|held| held.value.as_str());
            name == own[0].as_deref() && self.data_key(*other) == own
        })
    }

    /// A `TypeError` if a value cannot be a key, something unread if that is not known.
    pub(super) fn unhashable(&mut self, index: &V<'a>, at: At) -> R<'a, Option<V<'a>>> {
        // pydantic makes keys of no object, but for the classes that pytm gives a hash.
        if let V::Object(id) = index {
            let object = self.object(*id);
            let hashes = object.class.is_element() || object.class == Class::Data;
            if !hashes && object.user.is_none() {
                return self.raise("TypeError", "unhashable type", at);
            }
        }
        // It may equal any other key.
        let is_known = !matches!(index, V::Library(_)) || !depends(index);
        if is_known && key(index).is_some() {
            return Ok(None);
        }
        match index {
            V::Unread(_) => Ok(None),
            V::List(_) | V::Dict(_) | V::Deque(_) | V::View(..) => {
                self.raise("TypeError", "unhashable type", at)
            }
            V::Set(set) if !set.borrow().frozen => self.raise("TypeError", "unhashable type", at),
            V::Set(_) => Ok(None),
            V::Instance(one) if one.class.hashing() == super::value::class::Hashing::Not => {
                self.raise("TypeError", "unhashable type", at)
            }
            V::Tuple(items) => {
                for item in items.iter() {
                    if let Some(unread) = self.unhashable(item, at)? {
                        return Ok(Some(unread));
                    }
                }
                Ok(None)
            }
            _ => {
                let unread = V::not_read(at, "this as a key");
                if let V::Unread(why) = &unread {
                    self.may_raise(&Rc::clone(why));
                }
                Ok(Some(unread))
            }
        }
    }

    /// The `KeyError` of a key that is not there.
    pub(super) fn no_such_key<T>(&mut self, index: &V<'a>, at: At) -> R<'a, T> {
        Err(Box::new(super::interpreter::Exit::Raise(
            Rc::new(super::value::Raised {
                class: "KeyError".into(),
                user: None,
                arguments: vec![index.clone()],
                words: None,
            }),
            at,
        )))
    }

    fn update(&mut self, dict: &Shared<'a>, args: Args<'a>) -> R<'a> {
        let at = args.at;
        let target = V::Dict(Rc::clone(dict));
        if args.positional.len() > 1 {
            return self.raise("TypeError", "update expected at most 1 argument", at);
        }
        match args.get(0).map(plain) {
            None => {}
            Some(first @ (V::Dict(_) | V::Unread(_))) => self.merge_into(dict, &first, at)?,
            Some(V::Instance(_) | V::Library(_)) => {
                let unread = V::not_read(at, "a dictionary of this");
                self.merge_into(dict, &unread, at)?;
            }
            Some(first) => {
                for pair in self.items(&first, at)? {
                    if let V::Unread(unread) = &pair {
                        dict.borrow_mut().doubt = Some(Rc::clone(unread));
                        continue;
                    }
                    match self.items(&pair, at)?.as_slice() {
                        [name, value] => {
                            self.set_item(&target, name.clone(), value.clone(), at)?;
                        }
                        [V::Unread(unread)] => {
                            dict.borrow_mut().doubt = Some(Rc::clone(unread));
                        }
                        _ => return self.raise("ValueError", "an item is no pair", at),
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
}

/// What iterating over a view gives.
pub(super) fn seen<'a>(dict: &Dict<'a>, view: View) -> Vec<V<'a>> {
    match view {
        View::Keys => dict.keys(),
        View::Values => dict.values(),
        View::Items => dict
            .iter()
            .map(|entry| V::tuple(vec![entry.key.clone(), entry.value.clone()]))
            .collect(),
    }
}
