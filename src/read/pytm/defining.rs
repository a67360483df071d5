//! `def` statements: decorators, defaults, generators.

use std::rc::Rc;

use super::function::{Args, Binding, Body, Function};
use super::interpreter::{Interpreter, R};
use super::scope::Scope;
use super::value::V;
use crate::syntax::python::ast::{self, Stmt};

impl<'a> Interpreter<'a> {
    /// Makes a function of a definition, with its decorators.
    pub(super) fn define(&mut self, s: &'a ast::StmtFunctionDef, scope: &Rc<Scope<'a>>) -> R<'a> {
        let mut binding = Binding::Plain;
        self.allot(super::interpreter::CHARGE, self.at(&s.name))?;
        let mut decorators = Vec::new();
        for decorator in &s.decorator_list {
            let value = self.eval(&decorator.expression, scope)?;
            match &value {
                V::Type("staticmethod") => binding = Binding::Static,
                V::Type("classmethod") => binding = Binding::Class,
                V::Type("property") => binding = Binding::Property,
                V::Library(name)
                    if matches!(
                        &**name,
                        "functools.cached_property" | "abc.abstractproperty"
                    ) =>
                {
                    binding = Binding::Property;
                }
                // `@name.setter` keeps the property as it is read.
                V::Method(method) if matches!(method.0, V::Function(_)) => {
                    return Ok(method.0.clone());
                }
                V::Library(name) if TRANSPARENT.contains(&&**name) => {}
                _ => decorators.push((value, self.at(decorator))),
            }
        }
        let defaults = self.defaults(Some(&s.parameters), scope)?;
        let mut value = V::Function(Rc::new(Function {
            name: s.name.as_str().into(),
            unit: self.unit,
            parameters: Some(&s.parameters),
            defaults,
            body: Body::Statements(&s.body),
            scope: scope.closure(),
            binding,
            is_generator: yields(&s.body),
            owner: std::cell::RefCell::default(),
        }));
        for (decorator, at) in decorators.into_iter().rev() {
            value = self.call(&decorator, Args::of(at, [value]))?;
        }
        Ok(value)
    }

    pub(super) fn defaults(
        &mut self,
        parameters: Option<&'a ast::Parameters>,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, Vec<Option<V<'a>>>> {
        let mut defaults = Vec::new();
        for parameter in parameters
            .iter()
            .flat_map(|parameters| parameters.iter_non_variadic_params())
        {
            defaults.push(match &parameter.default {
                Some(default) => Some(self.eval(default, scope)?),
                None => None,
            });
        }
        Ok(defaults)
    }
}

/// Decorators of the library that leave a function as it is called.
const TRANSPARENT: &[&str] = &[
    "abc.abstractmethod",
    "contextlib.contextmanager",
    "functools.cache",
    "functools.lru_cache",
    "functools.lru_cache()",
    "functools.wraps()",
    "typing.final",
    "typing.no_type_check",
    "typing.override",
    "typing_extensions.override",
];

/// Whether a function's own statements yield.
fn yields(body: &[Stmt]) -> bool {
    use ast::visitor::{Visitor, walk_expr, walk_stmt};
    struct Finder(bool);
    impl<'t> Visitor<'t> for Finder {
        fn visit_stmt(&mut self, stmt: &'t Stmt) {
            if !self.0 && !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                walk_stmt(self, stmt);
            }
        }
        fn visit_expr(&mut self, expr: &'t ast::Expr) {
            match expr {
                ast::Expr::Yield(_) | ast::Expr::YieldFrom(_) => self.0 = true,
                ast::Expr::Lambda(_) => {}
                _ => walk_expr(self, expr),
            }
        }
    }
    let mut finder = Finder(false);
    for statement in body {
        finder.visit_stmt(statement);
    }
    finder.0
}
