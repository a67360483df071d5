//! Names and where they are looked up.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::kinds::V;
use crate::read::pytm::circles::Holder;

/// The names of one module, class body, function call or comprehension, in the
/// order in which they were bound.
pub struct Scope<'a> {
    names: RefCell<Names<'a>>,
    parent: Option<Rc<Scope<'a>>>,
    /// Names that `global` or `nonlocal` sends elsewhere.
    elsewhere: RefCell<HashMap<Rc<str>, Rc<Scope<'a>>>>,
    /// A class body: functions inside do not see its names.
    pub is_class: bool,
    /// A comprehension: `:=` binds outside.
    pub is_comprehension: bool,
    /// Names that a function binds somewhere in its body: they are never looked up outside.
    locals: RefCell<Rc<BTreeSet<String>>>,
}

#[derive(Default)]
struct Names<'a> {
    entries: Vec<(Rc<str>, Option<V<'a>>)>,
    index: HashMap<Rc<str>, usize>,
}

impl<'a> Scope<'a> {
    pub fn module() -> Rc<Self> {
        Self::new(None, false, false)
    }

    pub fn inside(parent: &Rc<Self>) -> Rc<Self> {
        Self::new(Some(Rc::clone(parent)), false, false)
    }

    pub fn class_body(parent: &Rc<Self>) -> Rc<Self> {
        Self::new(Some(Rc::clone(parent)), true, false)
    }

    pub fn comprehension(parent: &Rc<Self>) -> Rc<Self> {
        Self::new(Some(Rc::clone(parent)), false, true)
    }

    /// Whether it belongs to a call of a function.
    pub fn is_of_function(&self) -> bool {
        self.parent.is_some() && !self.is_class && !self.is_comprehension
    }

    fn new(parent: Option<Rc<Self>>, is_class: bool, is_comprehension: bool) -> Rc<Self> {
        Rc::new(Self {
            names: RefCell::default(),
            parent,
            elsewhere: RefCell::default(),
            is_class,
            is_comprehension,
            locals: RefCell::default(),
        })
    }

    /// The scope that a function defined here closes over.
    pub fn closure(self: &Rc<Self>) -> Rc<Self> {
        let mut scope = Rc::clone(self);
        while scope.is_class {
            let Some(parent) = &scope.parent else { break };
            scope = Rc::clone(parent);
        }
        scope
    }

    /// The module's scope at the end of the chain.
    pub fn global(self: &Rc<Self>) -> Rc<Self> {
        let mut scope = Rc::clone(self);
        while let Some(parent) = &scope.parent {
            scope = Rc::clone(parent);
        }
        scope
    }

    /// `global name` or `nonlocal name`.
    pub fn send_elsewhere(self: &Rc<Self>, name: &str, global: bool) {
        let target = if global {
            self.global()
        } else {
            let mut scope = self.parent.as_ref().map(Rc::clone);
            while let Some(current) = &scope {
                if current.own(name).is_some() {
                    break;
                }
                scope = current.parent.as_ref().map(Rc::clone);
            }
            scope.unwrap_or_else(|| self.global())
        };
        self.elsewhere.borrow_mut().insert(name.into(), target);
    }

    /// Whether `global` or `nonlocal` sends the name elsewhere.
    pub fn is_elsewhere(&self, name: &str) -> bool {
        self.elsewhere.borrow().contains_key(name)
    }

    fn elsewhere(&self, name: &str) -> Option<Rc<Self>> {
        self.elsewhere.borrow().get(name).map(Rc::clone)
    }

    pub fn own(&self, name: &str) -> Option<V<'a>> {
        let names = self.names.borrow();
        let at = *names.index.get(name)?;
        names.entries.get(at)?.1.clone()
    }

    pub fn get(&self, name: &str) -> Option<V<'a>> {
        let mut scope = self;
        loop {
            // Whoever sends a name elsewhere sends it there for the functions inside as well.
            if let Some(other) = scope.elsewhere(name) {
                return other.own(name);
            }
            if let Some(found) = scope.own(name) {
                return Some(found);
            }
            if scope.locals.borrow().contains(name) {
                // A class body looks for its own names in the module next.
                return if scope.is_class {
                    scope.outermost().own(name)
                } else {
                    None
                };
            }
            scope = scope.parent.as_deref()?;
        }
    }

    fn outermost(&self) -> &Self {
        let mut scope = self;
        while let Some(parent) = scope.parent.as_deref() {
            scope = parent;
        }
        scope
    }

    /// The names that the function or class body binds whose scope this is.
    pub fn declare(&self, locals: &Rc<BTreeSet<String>>) {
        *self.locals.borrow_mut() = Rc::clone(locals);
    }

    /// The exception where the name belongs to a function around here that has not bound it.
    pub fn unbound(&self, name: &str) -> Option<&'static str> {
        let mut scope = Some(self);
        let mut is_inner = true;
        while let Some(current) = scope {
            if !current.is_class && current.locals.borrow().contains(name) {
                let class = if is_inner {
                    "UnboundLocalError"
                } else {
                    "NameError"
                };
                return current.own(name).is_none().then_some(class);
            }
            is_inner &= current.is_comprehension;
            scope = current.parent.as_deref();
        }
        None
    }

    pub fn set(&self, name: &str, value: V<'a>) {
        if let Some(other) = self.elsewhere(name) {
            other.set_own(name, value);
        } else {
            self.set_own(name, value);
        }
    }

    fn set_own(&self, name: &str, value: V<'a>) {
        let mut names = self.names.borrow_mut();
        if let Some(&at) = names.index.get(name) {
            if let Some(entry) = names.entries.get_mut(at) {
                entry.1 = Some(value);
            }
            return;
        }
        let name: Rc<str> = name.into();
        let at = names.entries.len();
        names.index.insert(Rc::clone(&name), at);
        names.entries.push((name, Some(value)));
    }

    /// Where `:=` binds: the nearest scope that is no comprehension.
    pub fn outside(self: &Rc<Self>) -> Rc<Self> {
        let mut scope = Rc::clone(self);
        while scope.is_comprehension {
            let Some(parent) = &scope.parent else { break };
            scope = Rc::clone(parent);
        }
        scope
    }

    pub fn delete(&self, name: &str) -> bool {
        let mut names = self.names.borrow_mut();
        let Some(&at) = names.index.get(name) else {
            return false;
        };
        names
            .entries
            .get_mut(at)
            .is_some_and(|entry| entry.1.take().is_some())
    }

    /// Every bound name with its value, in the order of binding.
    pub fn bound(&self) -> Vec<(Rc<str>, V<'a>)> {
        let names = self.names.borrow();
        names
            .entries
            .iter()
            .filter_map(|(name, value)| Some((Rc::clone(name), value.clone()?)))
            .collect()
    }

    /// Every bound name, in the order of binding.
    pub fn names(&self) -> Vec<Rc<str>> {
        let names = self.names.borrow();
        let bound = names.entries.iter().filter(|(_, value)| value.is_some());
        bound.map(|(name, _)| Rc::clone(name)).collect()
    }
}

impl Holder for Scope<'_> {
    fn empty(&self) {
        drop((self.names.take(), self.elsewhere.take()));
    }
}

/// A module of the repository.
pub struct Module<'a> {
    pub name: Rc<str>,
    /// Its file or folder in the repository.
    pub file: Rc<str>,
    pub scope: Rc<Scope<'a>>,
    /// The folder whose modules are its attributes, if it is a package.
    pub folder: Option<crate::source::RepoPath>,
}
