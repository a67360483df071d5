//! Methods of sets and frozen sets.

use std::cell::RefCell;
use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::signature::Signature;
use super::value::dict::Dict;
use super::value::function::Args;
use super::value::{At, V};
use crate::syntax::python::ast::Operator;

const SIGNATURES: &[Signature] = &[
    ("add", 1, &["/elem"]),
    ("clear", 0, &[]),
    ("copy", 0, &[]),
    ("difference", 0, &["*"]),
    ("difference_update", 0, &["*"]),
    ("discard", 1, &["/elem"]),
    ("intersection", 0, &["*"]),
    ("intersection_update", 0, &["*"]),
    ("isdisjoint", 1, &["/other"]),
    ("issubset", 1, &["/other"]),
    ("issuperset", 1, &["/other"]),
    ("pop", 0, &[]),
    ("remove", 1, &["/elem"]),
    ("symmetric_difference", 1, &["/other"]),
    ("symmetric_difference_update", 1, &["/other"]),
    ("union", 0, &["*"]),
    ("update", 0, &["*"]),
];

type Shared<'a> = Rc<RefCell<Dict<'a>>>;

/// What is sought in a set: of a set the frozen one that equals it, as `set.__contains__`,
/// `discard()` and `remove()` do.
pub(super) fn sought<'a>(item: &V<'a>) -> V<'a> {
    match item {
        V::Set(set) if !set.borrow().frozen => match &set.borrow().doubt {
            Some(unread) => V::Unread(Rc::clone(unread)),
            None => V::frozen(set.borrow().keys()),
        },
        _ => item.clone(),
    }
}

impl<'a> Interpreter<'a> {
    pub(super) fn set_method(&mut self, set: &Shared<'a>, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        self.gives_all(&V::Set(Rc::clone(set)), &args);
        let Some(signature) = SIGNATURES.iter().find(|(known, _, _)| *known == name) else {
            return Ok(V::not_read(at, format!("set.{name}()")));
        };
        if let Some(unread) = &args.doubt {
            set.borrow_mut().doubt = Some(Rc::clone(unread));
            return Ok(V::Unread(Rc::clone(unread)));
        }
        let given = self.given(signature, args)?;
        let mut first = given.or(0, V::None);
        if matches!(name, "discard" | "remove") {
            first = sought(&first);
        }
        if matches!(name, "add" | "discard" | "remove")
            && let Some(result) = self.unhashable(&first, at)?
        {
            return Ok(result);
        }
        match name {
            "add" => {
                self.allot(64, at)?;
                let value = self.doubted(first);
                set.borrow_mut().insert(value, V::None, Some(at));
            }
            "update" => {
                for more in &given.rest {
                    self.merge_into(set, more, at)?;
                }
            }
            "discard" | "remove" => {
                if let V::Unread(unread) = &first {
                    set.borrow_mut().doubt = Some(Rc::clone(unread));
                    return Ok(first);
                }
                let removed = set.borrow_mut().remove(&first);
                if removed.is_none() && name == "remove" {
                    if let Some(unread) = set.borrow().doubt.clone() {
                        return Ok(V::Unread(unread));
                    }
                    return self.no_such_key(&given.or(0, V::None), at);
                }
            }
            "pop" => {
                let held = set.borrow().keys();
                if let Some(unread) = set.borrow().doubt.clone() {
                    return Ok(V::Unread(unread));
                }
                return match held.as_slice() {
                    [] => self.raise("KeyError", "pop from an empty set", at),
                    [only] => {
                        set.borrow_mut().clear();
                        Ok(only.clone())
                    }
                    _ => {
                        let which = V::not_read(at, "which of several items a set gives first");
                        if let V::Unread(unread) = &which {
                            set.borrow_mut().doubt = Some(Rc::clone(unread));
                        }
                        Ok(which)
                    }
                };
            }
            "clear" => set.borrow_mut().clear(),
            "copy" => return Ok(V::Set(Rc::new(RefCell::new(set.borrow().clone())))),
            "isdisjoint" | "issubset" | "issuperset" => {
                return self.relation(set, name, &first, at);
            }
            _ => {
                let op = match name {
                    "union" => Operator::BitOr,
                    "intersection" | "intersection_update" => Operator::BitAnd,
                    "difference" | "difference_update" => Operator::Sub,
                    _ => Operator::BitXor,
                };
                let others = match given.get(0) {
                    Some(_) => vec![first],
                    None => given.rest,
                };
                let mut result = V::Set(Rc::new(RefCell::new(set.borrow().clone())));
                for other in &others {
                    let other = match self.hashed(other, at)? {
                        Ok(other) => V::Set(Rc::new(RefCell::new(other))),
                        Err(unread) => unread,
                    };
                    result = self.binary(op, result, other, at)?;
                }
                if name.ends_with("_update") {
                    match result {
                        V::Set(result) => {
                            set.swap(&result);
                        }
                        V::Unread(unread) => set.borrow_mut().doubt = Some(unread),
                        _ => {}
                    }
                    return Ok(V::None);
                }
                return Ok(result);
            }
        }
        Ok(V::None)
    }

    /// A set of these items.
    pub(super) fn set_of(&mut self, items: Vec<V<'a>>, at: At) -> R<'a> {
        let mut set = Dict::default();
        for item in items {
            self.insert(&mut set, item, V::None, None, at)?;
        }
        Ok(V::Set(Rc::new(RefCell::new(set))))
    }

    /// Sets an entry of a dictionary or set that is being made.
    pub(super) fn insert(
        &mut self,
        into: &mut Dict<'a>,
        key: V<'a>,
        value: V<'a>,
        entry: Option<At>,
        at: At,
    ) -> R<'a, ()> {
        let key = self.unhashable(&key, at)?.unwrap_or(key);
        self.refuse_twin(&key, at)?;
        into.insert(key, value, entry);
        Ok(())
    }

    /// The items of a value as a set.
    pub(super) fn hashed(&mut self, value: &V<'a>, at: At) -> R<'a, Result<Dict<'a>, V<'a>>> {
        let mut hashed = Dict::default();
        for item in self.in_any_order(value, at)? {
            if let Some(unread) = self.unhashable(&item, at)? {
                return Ok(Err(unread));
            }
            self.allot(32, at)?;
            hashed.insert(item, V::None, None);
        }
        Ok(Ok(hashed))
    }

    fn relation(&mut self, set: &Shared<'a>, name: &str, other: &V<'a>, at: At) -> R<'a> {
        let other = match self.hashed(other, at)? {
            Ok(other) => other,
            Err(unread) => return Ok(unread),
        };
        let a = set.borrow();
        if let Some(unread) = a.doubt.clone().or_else(|| other.doubt.clone()) {
            return Ok(V::Unread(unread));
        }
        Ok(V::Bool(match name {
            "isdisjoint" => !a.iter().any(|entry| other.contains(&entry.key)),
            "issubset" => a.iter().all(|entry| other.contains(&entry.key)),
            _ => other.iter().all(|entry| a.contains(&entry.key)),
        }))
    }

    /// `|`, `&`, `-` and `^` of sets and of what looks like one.
    pub(super) fn of_sets(&mut self, op: Operator, left: &V<'a>, right: &V<'a>, at: At) -> R<'a> {
        let frozen = matches!(left, V::Set(set) if set.borrow().frozen);
        let (a, b) = match (self.hashed(left, at)?, self.hashed(right, at)?) {
            (Ok(a), Ok(b)) => (a, b),
            (Err(unread), _) | (_, Err(unread)) => return Ok(unread),
        };
        let doubt = [left, right].into_iter().find_map(|side| match side {
            V::Set(set) => set.borrow().doubt.clone(),
            _ => None,
        });
        if let Some(unread) = doubt
            .or_else(|| a.doubt.clone())
            .or_else(|| b.doubt.clone())
        {
            return Ok(V::Unread(unread));
        }
        Ok(match (set_operation(op, &a, &b), frozen) {
            (Some(items), false) => V::set(items),
            (Some(items), true) => V::frozen(items),
            (None, _) => V::not_read(at, "this operation"),
        })
    }
}

fn set_operation<'a>(op: Operator, a: &Dict<'a>, b: &Dict<'a>) -> Option<Vec<V<'a>>> {
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
    Some(items)
}
