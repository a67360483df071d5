//! Types as annotations write them: `list[int]`, `int | None`.
//!
//! A model calls them, inherits from them or asks `isinstance`. That is read; their text,
//! equality and attributes are not.

use std::rc::Rc;

use super::interpreter::{CHARGE, Interpreter, R};
use super::value::{Alias, At, V};

/// Types of Python's own that take parameters.
const GENERIC: [&str; 6] = ["dict", "frozenset", "list", "set", "tuple", "type"];

impl V<'_> {
    /// The class behind `owner[of]`; the value itself if it is none.
    pub(super) fn without_parameters(self) -> Self {
        match self {
            Self::Alias(alias) => match &*alias {
                Alias::Of { owner, .. } => owner.clone(),
                Alias::Union(_) => Self::Alias(alias),
            },
            other => other,
        }
    }

    /// The types of a union, in order.
    pub(super) fn union(&self) -> Option<&[Self]> {
        match self {
            Self::Alias(alias) => match &**alias {
                Alias::Union(types) => Some(types),
                Alias::Of { .. } => None,
            },
            _ => None,
        }
    }

    /// Whether a class that extends this takes parameters, too.
    pub(super) fn is_generic(&self) -> bool {
        match self {
            Self::Alias(_) => true,
            Self::Type(name) => GENERIC.contains(name),
            Self::Library(name) => name.starts_with("typing"),
            Self::UserClass(class) => class.is_generic,
            _ => false,
        }
    }
}

impl<'a> Interpreter<'a> {
    /// `owner[of]` where the owner is a class.
    pub(super) fn parametrized(&mut self, owner: &V<'a>, of: &V<'a>, at: At) -> R<'a> {
        if !owner.is_generic() {
            return self.raise("TypeError", "this type takes no parameters", at);
        }
        self.allot(CHARGE, at)?;
        let (owner, of) = (owner.clone(), of.clone());
        Ok(V::Alias(Rc::new(Alias::Of { owner, of })))
    }

    /// `left | right` of types; nothing if one of them is none.
    pub(super) fn union_of(&mut self, left: &V<'a>, right: &V<'a>, at: At) -> R<'a, Option<V<'a>>> {
        let is_type = |value: &V<'a>| {
            matches!(
                value,
                V::Class(_)
                    | V::Type(_)
                    | V::UserClass(_)
                    | V::Enum(_)
                    | V::ExceptionClass(_)
                    | V::Alias(_)
            )
        };
        let fits = |value: &V<'a>| is_type(value) || matches!(value, V::None);
        if !(is_type(left) && fits(right) || fits(left) && is_type(right)) {
            return Ok(None);
        }
        let mut types = Vec::new();
        for side in [left, right] {
            match side.union() {
                Some(more) => types.extend_from_slice(more),
                None => types.push(side.clone()),
            }
        }
        self.allot(CHARGE + types.len() * 16, at)?;
        Ok(Some(V::Alias(Rc::new(Alias::Union(types)))))
    }
}
