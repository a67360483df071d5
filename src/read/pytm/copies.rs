//! `copy.copy` and `copy.deepcopy`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::interpreter::{CHARGE, Interpreter, R};
use super::value::class::Instance;
use super::value::dict::Dict;
use super::value::scope::Scope;
use super::value::{At, V};

/// Methods by which a class says how it is copied.
const OWN: &[&str] = &[
    "__getstate__",
    "__reduce__",
    "__reduce_ex__",
    "__setstate__",
];

/// What a deep copy has copied already, by address: what is one object stays one.
type Copied<'a> = HashMap<usize, V<'a>>;

impl<'a> Interpreter<'a> {
    /// A copy of the outermost value alone.
    pub(super) fn copy_of(&mut self, value: &V<'a>, at: At) -> R<'a> {
        self.spend(value.weight(), at)?;
        self.allot(CHARGE + value.weight() * 2, at)?;
        Ok(match value {
            V::List(items) => V::list(items.borrow().clone()),
            V::Deque(items) => V::Deque(Rc::new(RefCell::new(items.borrow().clone()))),
            V::Dict(dict) => V::Dict(Rc::new(RefCell::new(dict.borrow().clone()))),
            V::Set(set) if !set.borrow().frozen => {
                V::Set(Rc::new(RefCell::new(set.borrow().clone())))
            }
            V::Instance(instance) if !instance.class.is_enum() => {
                if OWN.iter().any(|name| instance.class.lookup(name).is_some()) {
                    return Ok(V::not_read(at, "a copy of this object"));
                }
                let attributes = self.keep(Scope::module());
                for (name, value) in instance.attributes.bound() {
                    attributes.set(&name, value);
                }
                let inner = instance.builtin.borrow().clone();
                let inner = inner.map(|inner| self.copy_of(&inner, at)).transpose()?;
                V::Instance(Rc::new(Instance {
                    class: Rc::clone(&instance.class),
                    attributes,
                    builtin: RefCell::new(inner),
                }))
            }
            V::Object(_) => {
                let what = "A copy of one of pytm's objects is not read";
                self.refuse(at, what, "make another with its class")
            }
            V::Iter(_) | V::File(_) | V::Exception(_) | V::View(..) => {
                V::not_read(at, "a copy of this")
            }
            other => other.clone(),
        })
    }

    /// A copy of everything that a value holds.
    pub(super) fn deep_copy_of(&mut self, value: &V<'a>, at: At) -> R<'a> {
        self.deep(value, &mut Copied::new(), at)
    }

    fn deep(&mut self, value: &V<'a>, copied: &mut Copied<'a>, at: At) -> R<'a> {
        if let Some(known) = value.address().and_then(|address| copied.get(&address)) {
            return Ok(known.clone());
        }
        if let V::Tuple(items) = value {
            self.down(|_| at)?;
            let items = self.deep_items(items, copied, at);
            self.up();
            return Ok(V::tuple(items?));
        }
        let copy = self.copy_of(value, at)?;
        if let Some(address) = value.address() {
            copied.insert(address, copy.clone());
        }
        self.down(|_| at)?;
        let result = self.fill(&copy, copied, at);
        self.up();
        result.map(|()| copy)
    }

    fn deep_items(
        &mut self,
        items: &[V<'a>],
        copied: &mut Copied<'a>,
        at: At,
    ) -> R<'a, Vec<V<'a>>> {
        items
            .iter()
            .map(|item| self.deep(item, copied, at))
            .collect()
    }

    /// Puts deep copies in the place of what a fresh copy holds.
    fn fill(&mut self, copy: &V<'a>, copied: &mut Copied<'a>, at: At) -> R<'a, ()> {
        self.gives(copy, copy);
        match copy {
            V::List(items) | V::Deque(items) => {
                let held = items.borrow().clone();
                let held = self.deep_items(&held, copied, at)?;
                *items.borrow_mut() = held;
            }
            V::Dict(dict) | V::Set(dict) if !dict.borrow().frozen => {
                let entries: Vec<_> = dict.borrow().iter().cloned().collect();
                let mut filled = dict.borrow().clone();
                for entry in entries {
                    self.deep_entry(&mut filled, entry, copied, at)?;
                }
                *dict.borrow_mut() = filled;
            }
            V::Instance(instance) if !instance.class.is_enum() => {
                for (name, value) in instance.attributes.bound() {
                    let value = self.deep(&value, copied, at)?;
                    instance.attributes.set(&name, value);
                }
                let inner = instance.builtin.borrow().clone();
                if let Some(inner) = inner {
                    self.fill(&inner, copied, at)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn deep_entry(
        &mut self,
        into: &mut Dict<'a>,
        entry: super::value::dict::Entry<'a>,
        copied: &mut Copied<'a>,
        at: At,
    ) -> R<'a, ()> {
        let value = self.deep(&entry.value, copied, at)?;
        if let V::Instance(_) = entry.key {
            // The copy of the key is another object, and so another key.
            let unread = V::not_read(at, "a deep copy of objects that are keys");
            return self.insert(into, unread, value, entry.at, at);
        }
        self.insert(into, entry.key, value, entry.at, at)
    }
}
