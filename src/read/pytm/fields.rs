//! Dataclasses and named tuples: the fields that a class body declares.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::class::{Field, Ordered, UserClass};
use super::value::scope::Scope;
use super::value::{At, V};
use crate::syntax::python::ast::{self, Expr, Stmt};

impl<'a> Interpreter<'a> {
    /// `@dataclass` stops at a default that its objects would share, and at a field without
    /// a default behind one that has one.
    pub(super) fn defaults_fit(&mut self, class: &Rc<UserClass<'a>>, at: At) -> R<'a, ()> {
        let mut defaults = false;
        for field in class.fields.borrow().iter().filter(|field| field.init) {
            if let Some(default) = &field.default
                && matches!(default, V::List(_) | V::Dict(_) | V::Deque(_) | V::Set(_))
                && super::value::dict::key(default).is_none()
            {
                let message = format!("mutable default for field {}", field.name);
                return self.raise("ValueError", message, at);
            }
            let has = field.default.is_some() || field.factory.is_some();
            if defaults && !has {
                let message = format!(
                    "non-default argument '{}' follows default argument",
                    field.name
                );
                return self.raise("TypeError", message, at);
            }
            defaults |= has;
        }
        Ok(())
    }

    /// What `@dataclass(…)` says; whether all of it is read.
    pub(super) fn dataclass_options(
        &mut self,
        call: &'a ast::ExprCall,
        class: &Rc<UserClass<'a>>,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, bool> {
        let mut known = true;
        for keyword in &call.arguments.keywords {
            let value = self.eval(&keyword.value, scope)?;
            let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
            match (name, &value) {
                ("frozen", V::Bool(frozen)) => class.is_frozen.set(*frozen),
                ("order", V::Bool(true)) => class.ordered.set(Ordered::ByFields),
                ("slots", V::Bool(true)) => {
                    let names = class.fields.borrow();
                    let names = names.iter().map(|field| V::str(&field.name)).collect();
                    class.scope.set("__slots__", V::tuple(names));
                }
                ("init" | "eq" | "repr" | "match_args", V::Bool(true))
                | (
                    "kw_only" | "weakref_slot" | "order" | "unsafe_hash" | "slots",
                    V::Bool(false),
                ) => {}
                _ => {
                    let what = format!("A dataclass with `{name}` is not read");
                    self.refuse(self.at(keyword), what, "write the class without it");
                    known = false;
                }
            }
        }
        Ok(known)
    }

    /// The annotated names of a class body, after those it inherits.
    pub(super) fn declare_fields(class: &Rc<UserClass<'a>>, body: &'a [Stmt]) {
        let mut fields: Vec<Field<'a>> = Vec::new();
        for base in class.bases.iter().rev() {
            for field in base.fields.borrow().iter() {
                fields.retain(|known| known.name != field.name);
                fields.push(field.clone());
            }
        }
        for statement in body {
            let Stmt::AnnAssign(s) = statement else {
                continue;
            };
            let Expr::Name(name) = &*s.target else {
                continue;
            };
            if is_class_variable(&s.annotation) {
                continue;
            }
            let mut field = Field {
                name: name.id.as_str().into(),
                default: None,
                factory: None,
                init: true,
            };
            if s.value.is_some() {
                match class.scope.own(&field.name) {
                    // What `field(…)` gave: a dictionary of its arguments.
                    Some(V::Dict(dict)) if dict.borrow().named("<field>").is_some() => {
                        let dict = dict.borrow();
                        field.default = dict.named("default").cloned();
                        field.factory = dict.named("default_factory").cloned();
                        field.init = !matches!(dict.named("init"), Some(V::Bool(false)));
                        if let Some(default) = &field.default {
                            class.scope.set(&field.name, default.clone());
                        }
                    }
                    default => field.default = default,
                }
            }
            match fields.iter_mut().find(|known| known.name == field.name) {
                Some(known) => *known = field,
                None => fields.push(field),
            }
        }
        *class.fields.borrow_mut() = fields;
    }
}

pub(super) fn is_class_variable(annotation: &Expr) -> bool {
    match annotation {
        Expr::Subscript(subscript) => is_class_variable(&subscript.value),
        Expr::Name(name) => name.id.as_str() == "ClassVar",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "ClassVar",
        Expr::StringLiteral(text) => text.value.to_str().contains("ClassVar"),
        _ => false,
    }
}

/// Whether an annotated name says something of `__init__` alone.
pub(super) fn is_no_field(statement: &Stmt) -> bool {
    let Stmt::AnnAssign(s) = statement else {
        return false;
    };
    let annotation = match &*s.annotation {
        Expr::Subscript(subscript) => &*subscript.value,
        other => other,
    };
    let name = match annotation {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        Expr::StringLiteral(text) => text.value.to_str(),
        _ => "",
    };
    name.contains("InitVar") || name.contains("KW_ONLY")
}
