//! Functions of a model file, and the arguments of calls.

use std::cell::RefCell;
use std::rc::Rc;

use super::class::UserClass;
use super::dict::Dict;
use super::kinds::V;
use super::scope::Scope;
use crate::read::pytm::unread::{At, Unread};
use crate::syntax::python::ast;

/// What runs when a function is called.
#[derive(Clone, Copy)]
pub enum Body<'a> {
    Statements(&'a [ast::Stmt]),
    Expression(&'a ast::Expr),
}

/// How a function in a class body is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    Plain,
    Static,
    Class,
    Property,
    /// `functools.cached_property`: asked for once.
    Cached,
}

/// What a function under `functools.cache` has answered so far, by its arguments.
pub struct Answers<'a> {
    pub known: Rc<RefCell<Dict<'a>>>,
    /// How many it keeps, if not all: the oldest go first.
    pub most: Option<usize>,
}

/// A function or lambda.
pub struct Function<'a> {
    pub name: Rc<str>,
    pub unit: u16,
    pub parameters: Option<&'a ast::Parameters>,
    /// Defaults of the parameters that can have one, in their order.
    pub defaults: Vec<Option<V<'a>>>,
    pub body: Body<'a>,
    pub scope: Rc<Scope<'a>>,
    pub binding: Binding,
    pub is_generator: bool,
    pub is_async: bool,
    /// `contextlib.contextmanager`: what it gives is for `with`.
    pub is_manager: bool,
    /// `functools.wraps` gave it the name and the text of another one.
    pub is_renamed: std::cell::Cell<bool>,
    /// `@abc.abstractmethod`.
    pub is_abstract: bool,
    /// What `@name.setter` gives a property.
    pub setter: Option<Rc<Function<'a>>>,
    /// `functools.cache`: what it has answered.
    pub answers: Option<Rc<Answers<'a>>>,
    /// The names of its own.
    pub locals: Rc<std::collections::BTreeSet<String>>,
    /// The class in whose body it stands, for `super()`.
    pub owner: std::cell::RefCell<Option<std::rc::Weak<UserClass<'a>>>>,
}

impl Function<'_> {
    /// The same function under `contextlib.contextmanager`.
    pub fn as_manager(&self) -> Self {
        Self {
            is_manager: true,
            ..self.bound_as(self.binding)
        }
    }

    /// The same function, bound otherwise in a class.
    pub fn bound_as(&self, binding: Binding) -> Self {
        Self {
            name: Rc::clone(&self.name),
            defaults: self.defaults.clone(),
            scope: Rc::clone(&self.scope),
            is_renamed: self.is_renamed.clone(),
            setter: self.setter.clone(),
            answers: self.answers.clone(),
            locals: Rc::clone(&self.locals),
            owner: self.owner.clone(),
            binding,
            ..*self
        }
    }
}

/// A function with some of its arguments.
pub struct Partial<'a> {
    pub function: V<'a>,
    pub positional: Vec<V<'a>>,
    pub keywords: Vec<(Rc<str>, V<'a>, At)>,
}

/// A function of Python itself, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    pub name: &'static str,
}

/// The arguments of a call.
pub struct Args<'a> {
    pub positional: Vec<(V<'a>, At)>,
    /// Keyword arguments, each with its name through its value.
    pub keywords: Vec<(Rc<str>, V<'a>, At)>,
    /// The whole call.
    pub at: At,
    /// `*x` or `**x` where x is unread.
    pub doubt: Option<Rc<Unread>>,
}

impl<'a> Args<'a> {
    pub fn none(at: At) -> Self {
        Self::of(at, [])
    }

    pub fn of(at: At, values: impl IntoIterator<Item = V<'a>>) -> Self {
        Self {
            positional: values.into_iter().map(|value| (value, at)).collect(),
            keywords: Vec::new(),
            at,
            doubt: None,
        }
    }

    pub fn get(&self, position: usize) -> Option<&V<'a>> {
        self.positional.get(position).map(|(value, _)| value)
    }

    pub fn keyword(&self, name: &str) -> Option<&V<'a>> {
        self.keywords
            .iter()
            .find(|(known, _, _)| &**known == name)
            .map(|(_, value, _)| value)
    }

    /// An argument that may stand at a position or under a name.
    pub fn either(&self, position: usize, name: &str) -> Option<&V<'a>> {
        self.get(position).or_else(|| self.keyword(name))
    }

    /// Takes an argument with its place from a position or a name.
    pub fn take(&mut self, name: &str) -> Option<(V<'a>, At)> {
        if self.positional.is_empty() {
            let at = self
                .keywords
                .iter()
                .position(|(known, _, _)| &**known == name)?;
            let (_, value, at) = self.keywords.remove(at);
            return Some((value, at));
        }
        Some(self.positional.remove(0))
    }

    /// The first thing in the arguments that is unread.
    pub fn unread(&self) -> Option<Rc<Unread>> {
        let values = self
            .positional
            .iter()
            .map(|(value, _)| value)
            .chain(self.keywords.iter().map(|(_, value, _)| value));
        self.doubt.clone().or_else(|| {
            let mut values = values;
            values.find_map(|value| match value {
                V::Unread(unread) => Some(Rc::clone(unread)),
                _ => None,
            })
        })
    }

    /// The pytm objects among the arguments, also inside lists.
    pub fn has_objects(&self) -> bool {
        fn holds(value: &V<'_>, depth: u8) -> bool {
            match value {
                V::Object(_) => true,
                V::List(items) if depth > 0 => {
                    items.borrow().iter().take(64).any(|v| holds(v, depth - 1))
                }
                V::Tuple(items) if depth > 0 => items.iter().take(64).any(|v| holds(v, depth - 1)),
                V::Dict(dict) if depth > 0 => dict
                    .borrow()
                    .iter()
                    .take(64)
                    .any(|e| holds(&e.value, depth - 1)),
                _ => false,
            }
        }
        self.positional.iter().any(|(v, _)| holds(v, 2))
            || self.keywords.iter().any(|(_, v, _)| holds(v, 2))
    }
}
