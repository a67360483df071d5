//! Methods of lists, tuples and deques.

use std::cell::RefCell;
use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, R};
use super::signature::{Given, Signature, wanted, whole};
use super::value::function::Args;
use super::value::{At, V};
use super::walk::Next;
use crate::python::slice::{self, position};

const SIGNATURES: &[Signature] = &[
    ("append", 1, &["/object"]),
    ("appendleft", 1, &["/object"]),
    ("clear", 0, &[]),
    ("copy", 0, &[]),
    ("count", 1, &["/value"]),
    ("extend", 1, &["/iterable"]),
    ("extendleft", 1, &["/iterable"]),
    ("index", 1, &["/value", "/start", "/stop"]),
    ("insert", 2, &["/index", "/object"]),
    ("pop", 0, &["/index"]),
    ("popleft", 0, &[]),
    ("remove", 1, &["/value"]),
    ("reverse", 0, &[]),
    ("rotate", 0, &["/n"]),
    ("sort", 0, &["*key", "*reverse"]),
];

/// What a deque has beside what a list has.
pub(super) const DEQUE: &[&str] = &["appendleft", "extendleft", "popleft", "rotate"];

type List<'a> = Rc<RefCell<Vec<V<'a>>>>;

impl<'a> Interpreter<'a> {
    pub(super) fn list_method(&mut self, items: &List<'a>, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        self.gives_all(&V::List(Rc::clone(items)), &args);
        let Some(signature) = SIGNATURES.iter().find(|(known, _, _)| *known == name) else {
            return Ok(V::not_read(at, format!("list.{name}()")));
        };
        if let Some(unread) = &args.doubt {
            // How much it is given is not known.
            let unread = Rc::clone(unread);
            spoil(items, &unread);
            return Ok(V::Unread(unread));
        }
        let given = self.given(signature, args)?;
        let first = given.or(0, V::None);
        match name {
            "append" => {
                self.allot(32, at)?;
                let value = self.doubted(first);
                items.borrow_mut().push(value);
            }
            "appendleft" => {
                self.allot(32, at)?;
                self.spend(items.borrow().len(), at)?;
                let value = self.doubted(first);
                items.borrow_mut().insert(0, value);
            }
            // What an iterator still does may look at the list, and what it gave before it raises stays.
            "extend" if matches!(&first, V::Iter(iter) if !iter.is_made()) => {
                let walk = self.iterate(&first, at)?;
                loop {
                    let value = match self.advance(&walk, at)? {
                        Next::Item(value) => value,
                        Next::End => break,
                        Next::Unread(unread) => return Err(Box::new(Exit::Unread(unread))),
                    };
                    self.allot(32, at)?;
                    let value = self.doubted(value);
                    items.borrow_mut().push(value);
                }
            }
            "extend" | "extendleft" => {
                let more = self.items(&first, at)?;
                self.allot(more.len() * 32, at)?;
                for value in more {
                    let value = self.doubted(value);
                    let mut items = items.borrow_mut();
                    if name == "extend" {
                        items.push(value);
                    } else {
                        items.insert(0, value);
                    }
                }
            }
            "insert" => {
                self.allot(32, at)?;
                if let V::Unread(unread) = &first {
                    spoil(items, &Rc::clone(unread));
                    return Ok(V::None);
                }
                let index = wanted!(self, whole(&first), at, "insert()");
                let value = self.doubted(given.or(1, V::None));
                let mut items = items.borrow_mut();
                let len = items.len() as i64;
                let index = if index < 0 {
                    index.saturating_add(len).max(0)
                } else {
                    index.min(len)
                };
                items.insert(index as usize, value);
            }
            "remove" => return self.remove(items, &first, at),
            "pop" | "popleft" => return self.pop(items, name, &given),
            "rotate" => {
                let by = wanted!(self, whole(&given.or(0, V::Int(1))), at, "rotate()");
                let mut items = items.borrow_mut();
                if let Some(len) = i64::try_from(items.len()).ok().filter(|len| *len > 0) {
                    items.rotate_right(usize::try_from(by.rem_euclid(len)).unwrap_or(0));
                }
            }
            "clear" => items.borrow_mut().clear(),
            "copy" => {
                let copy = items.borrow().clone();
                self.allot(copy.len() * 16, at)?;
                return Ok(V::list(copy));
            }
            "reverse" => items.borrow_mut().reverse(),
            "sort" => {
                let reverse = match self.truth(&given.or(1, V::Bool(false)), at)? {
                    Ok(reverse) => reverse,
                    Err(unread) => {
                        spoil(items, &unread);
                        return Ok(V::None);
                    }
                };
                let copy = items.borrow().clone();
                match self.sorted(copy, given.get(0), reverse, at)? {
                    Ok(sorted) => *items.borrow_mut() = sorted,
                    // What is in it is known, where is not.
                    Err(unread) => spoil(items, &unread),
                }
            }
            _ => {
                let copy = items.borrow().clone();
                return self.count_or_index(&copy, name, &given);
            }
        }
        Ok(V::None)
    }

    fn remove(&mut self, items: &List<'a>, value: &V<'a>, at: At) -> R<'a> {
        let copy = items.borrow().clone();
        for (position, item) in copy.iter().enumerate() {
            match self.equal(item, value, at)? {
                Ok(true) => {
                    let mut items = items.borrow_mut();
                    if position < items.len() {
                        items.remove(position);
                    }
                    return Ok(V::None);
                }
                Ok(false) => {}
                Err(unread) => {
                    spoil(items, &unread);
                    return Ok(V::Unread(unread));
                }
            }
        }
        self.raise("ValueError", "list.remove(x): x not in list", at)
    }

    fn pop(&mut self, items: &List<'a>, name: &str, given: &Given<'a>) -> R<'a> {
        let at = given.at;
        let usual = if name == "popleft" { 0 } else { -1 };
        let index = given.or(0, V::Int(usual));
        if let V::Unread(unread) = &index {
            spoil(items, &Rc::clone(unread));
            return Ok(index);
        }
        let index = wanted!(self, whole(&index), at, "pop()");
        let len = items.borrow().len();
        match position(index, len) {
            Some(position) => Ok(items.borrow_mut().remove(position)),
            None => self.raise("IndexError", "pop index out of range", at),
        }
    }

    pub(super) fn tuple_method(&mut self, items: &[V<'a>], name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if let Some(unread) = args.unread() {
            return Ok(V::Unread(unread));
        }
        match SIGNATURES.iter().find(|(known, _, _)| *known == name) {
            Some(signature) if matches!(name, "count" | "index") => {
                let given = self.given(signature, args)?;
                self.count_or_index(items, name, &given)
            }
            _ => Ok(V::not_read(at, format!("tuple.{name}()"))),
        }
    }

    fn count_or_index(&mut self, items: &[V<'a>], name: &str, given: &Given<'a>) -> R<'a> {
        let at = given.at;
        let value = given.or(0, V::None);
        let (mut start, mut stop) = (None, None);
        if let Some(from) = given.get(1) {
            start = Some(wanted!(self, whole(from), at, "index()"));
        }
        if let Some(to) = given.get(2) {
            stop = Some(wanted!(self, whole(to), at, "index()"));
        }
        let Ok(bounds) = slice::bounds(items.len(), start, stop, None) else {
            return Ok(V::not_read(at, "index() of this"));
        };
        let mut count = 0;
        for position in bounds.positions() {
            let Some(item) = items.get(position) else {
                break;
            };
            match self.same_or_equal(item, &value, at)? {
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
}

/// Where its items are, and whether, is not known.
fn spoil(items: &List<'_>, unread: &Rc<super::value::Unread>) {
    for item in items.borrow_mut().iter_mut() {
        *item = V::Unread(Rc::clone(unread));
    }
}
