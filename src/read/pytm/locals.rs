//! Which names a function has of its own: whatever it binds anywhere in its body.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::syntax::python::ast::visitor::{Visitor, walk_expr, walk_pattern, walk_stmt};
use crate::syntax::python::ast::{self, Expr, ExprContext, Pattern, Stmt};

/// The names that a function's statements bind, but for those that it sends elsewhere.
pub(super) fn of(body: &[Stmt]) -> Rc<BTreeSet<String>> {
    let mut finder = Finder::default();
    for statement in body {
        finder.visit_stmt(statement);
    }
    let elsewhere = finder.elsewhere;
    let bound = finder
        .bound
        .into_iter()
        .filter(|name| !elsewhere.contains(name));
    Rc::new(bound.collect())
}

/// The first `:=` in a comprehension of a class body, which Python refuses to compile.
pub(super) fn binding_in_comprehension(body: &[Stmt]) -> Option<&ast::ExprNamed> {
    let mut search = InClassBody::default();
    for statement in body {
        search.visit_stmt(statement);
    }
    search.found
}

#[derive(Default)]
struct InClassBody<'t> {
    comprehensions: usize,
    found: Option<&'t ast::ExprNamed>,
}

impl<'t> Visitor<'t> for InClassBody<'t> {
    fn visit_stmt(&mut self, statement: &'t Stmt) {
        if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            walk_stmt(self, statement);
        }
    }

    fn visit_expr(&mut self, expression: &'t Expr) {
        match expression {
            Expr::Lambda(_) => {}
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehensions += 1;
                walk_expr(self, expression);
                self.comprehensions -= 1;
            }
            Expr::Named(named) if self.comprehensions > 0 => {
                self.found = self.found.or(Some(named));
            }
            _ => walk_expr(self, expression),
        }
    }
}

#[derive(Default)]
struct Finder {
    bound: BTreeSet<String>,
    elsewhere: BTreeSet<String>,
}

impl Finder {
    fn bind(&mut self, name: &ast::Identifier) {
        self.bound.insert(name.to_string());
    }
}

impl<'t> Visitor<'t> for Finder {
    fn visit_stmt(&mut self, statement: &'t Stmt) {
        match statement {
            Stmt::FunctionDef(s) => return self.bind(&s.name),
            Stmt::ClassDef(s) => return self.bind(&s.name),
            Stmt::Global(s) => self
                .elsewhere
                .extend(s.names.iter().map(ToString::to_string)),
            Stmt::Nonlocal(s) => self
                .elsewhere
                .extend(s.names.iter().map(ToString::to_string)),
            Stmt::Import(ast::StmtImport { names, .. })
            | Stmt::ImportFrom(ast::StmtImportFrom { names, .. }) => {
                for alias in names {
                    match &alias.asname {
                        Some(name) => self.bind(name),
                        None => {
                            let name = alias.name.split('.').next().unwrap_or("");
                            self.bound.insert(name.to_owned());
                        }
                    }
                }
            }
            Stmt::Try(s) => {
                for handler in &s.handlers {
                    let ast::ExceptHandler::ExceptHandler(handler) = handler;
                    handler.name.iter().for_each(|name| self.bind(name));
                }
            }
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'t Expr) {
        match expression {
            Expr::Name(name) if name.ctx != ExprContext::Load => {
                self.bound.insert(name.id.to_string());
            }
            Expr::Lambda(_) => {}
            // Comprehensions have names of their own; only `:=` binds outside.
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                let mut walrus = Walrus(self);
                walk_expr(&mut walrus, expression);
            }
            _ => walk_expr(self, expression),
        }
    }

    fn visit_pattern(&mut self, pattern: &'t Pattern) {
        match pattern {
            Pattern::MatchAs(p) => p.name.iter().for_each(|name| self.bind(name)),
            Pattern::MatchStar(p) => p.name.iter().for_each(|name| self.bind(name)),
            Pattern::MatchMapping(p) => p.rest.iter().for_each(|name| self.bind(name)),
            _ => {}
        }
        walk_pattern(self, pattern);
    }
}

struct Walrus<'f>(&'f mut Finder);

impl<'t> Visitor<'t> for Walrus<'_> {
    fn visit_expr(&mut self, expression: &'t Expr) {
        if let Expr::Named(named) = expression
            && let Expr::Name(name) = &*named.target
        {
            self.0.bound.insert(name.id.to_string());
        }
        if !matches!(expression, Expr::Lambda(_)) {
            walk_expr(self, expression);
        }
    }
}
