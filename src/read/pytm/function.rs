//! Functions of a model file, and the arguments of calls.

use std::cell::RefCell;
use std::rc::Rc;

use super::classes::UserClass;
use super::dict::Dict;
use super::scope::Scope;
use super::value::{At, Unread, V};
use crate::syntax::python::ast;

/// What runs when a function is called.
#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    Statements(&'a [ast::Stmt]),
    Expression(&'a ast::Expr),
}

/// How a function in a class body is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    Plain,
    Static,
    Class,
    Property,
    /// `functools.cached_property`: asked for once.
    Cached,
}

/// What a function under `functools.cache` has answered so far, by its arguments.
pub(super) struct Answers<'a> {
    pub(super) known: Rc<RefCell<Dict<'a>>>,
    /// How many it keeps, if not all: the oldest go first.
    pub(super) most: Option<usize>,
}

/// A function or lambda.
pub(super) struct Function<'a> {
    pub(super) name: Rc<str>,
    pub(super) unit: u16,
    pub(super) parameters: Option<&'a ast::Parameters>,
    /// Defaults of the parameters that can have one, in their order.
    pub(super) defaults: Vec<Option<V<'a>>>,
    pub(super) body: Body<'a>,
    pub(super) scope: Rc<Scope<'a>>,
    pub(super) binding: Binding,
    pub(super) is_generator: bool,
    pub(super) is_async: bool,
    /// `contextlib.contextmanager`: what it gives is for `with`.
    pub(super) is_manager: bool,
    /// `functools.wraps` gave it the name and the text of another one.
    pub(super) is_renamed: std::cell::Cell<bool>,
    /// `@abc.abstractmethod`.
    pub(super) is_abstract: bool,
    /// What `@name.setter` gives a property.
    pub(super) setter: Option<Rc<Function<'a>>>,
    /// `functools.cache`: what it has answered.
    pub(super) answers: Option<Rc<Answers<'a>>>,
    /// The names of its own.
    pub(super) locals: Rc<std::collections::BTreeSet<String>>,
    /// The class in whose body it stands, for `super()`.
    pub(super) owner: std::cell::RefCell<Option<std::rc::Weak<UserClass<'a>>>>,
}

impl Function<'_> {
    /// The same function under `contextlib.contextmanager`.
    pub(super) fn as_manager(&self) -> Self {
        Self {
            is_manager: true,
            ..self.bound_as(self.binding)
        }
    }

    /// The same function, bound otherwise in a class.
    pub(super) fn bound_as(&self, binding: Binding) -> Self {
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

/// A function of Python itself, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Builtin {
    pub(super) name: &'static str,
}

/// The arguments of a call.
pub(super) struct Args<'a> {
    pub(super) positional: Vec<(V<'a>, At)>,
    /// Keyword arguments, each with its name through its value.
    pub(super) keywords: Vec<(Rc<str>, V<'a>, At)>,
    /// The whole call.
    pub(super) at: At,
    /// `*x` or `**x` where x is unread.
    pub(super) doubt: Option<Rc<Unread>>,
}

impl<'a> Args<'a> {
    pub(super) fn none(at: At) -> Self {
        Self::of(at, [])
    }

    pub(super) fn of(at: At, values: impl IntoIterator<Item = V<'a>>) -> Self {
        Self {
            positional: values.into_iter().map(|value| (value, at)).collect(),
            keywords: Vec::new(),
            at,
            doubt: None,
        }
    }

    pub(super) fn get(&self, position: usize) -> Option<&V<'a>> {
        self.positional.get(position).map(|(value, _)| value)
    }

    pub(super) fn keyword(&self, name: &str) -> Option<&V<'a>> {
        self.keywords
            .iter()
            .find(|(known, _, _)| &**known == name)
            .map(|(_, value, _)| value)
    }

    /// An argument that may stand at a position or under a name.
    pub(super) fn either(&self, position: usize, name: &str) -> Option<&V<'a>> {
        self.get(position).or_else(|| self.keyword(name))
    }

    /// Takes an argument with its place from a position or a name.
    pub(super) fn take(&mut self, name: &str) -> Option<(V<'a>, At)> {
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
    pub(super) fn unread(&self) -> Option<Rc<Unread>> {
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
    pub(super) fn has_objects(&self) -> bool {
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
