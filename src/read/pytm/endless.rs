//! Loops of which nothing shows that they end.

use std::collections::BTreeSet;

use crate::syntax::python::ast::visitor::{Visitor, walk_expr, walk_stmt};
use crate::syntax::python::ast::{self, Expr, Stmt};

/// Whether a loop whose test is unread may go on for ever: its test asks for names alone,
/// and the body neither leaves the loop nor gives one of them what a call gives.
pub(super) fn may_be_endless(s: &ast::StmtWhile) -> bool {
    let mut test = Asked::default();
    test.visit_expr(&s.test);
    if test.beyond_names {
        return false;
    }
    let mut body = Changes {
        asked: &test.names,
        ends: false,
    };
    for statement in &s.body {
        body.visit_stmt(statement);
    }
    !body.ends
}

/// The names that a test asks for.
#[derive(Default)]
struct Asked<'t> {
    names: BTreeSet<&'t str>,
    /// It calls something, or looks into an object, which others may change.
    beyond_names: bool,
}

impl<'t> Visitor<'t> for Asked<'t> {
    fn visit_expr(&mut self, expression: &'t Expr) {
        match expression {
            Expr::Name(name) => {
                self.names.insert(name.id.as_str());
            }
            Expr::Call(_)
            | Expr::Attribute(_)
            | Expr::Subscript(_)
            | Expr::Named(_)
            | Expr::Await(_) => self.beyond_names = true,
            _ => walk_expr(self, expression),
        }
    }
}

/// What in a body may end its loop.
struct Changes<'n, 't> {
    asked: &'n BTreeSet<&'t str>,
    ends: bool,
}

impl Changes<'_, '_> {
    fn is_asked(&self, target: &Expr) -> bool {
        match target {
            Expr::Name(name) => self.asked.contains(name.id.as_str()),
            Expr::Tuple(tuple) => tuple.elts.iter().any(|one| self.is_asked(one)),
            Expr::List(list) => list.elts.iter().any(|one| self.is_asked(one)),
            Expr::Starred(starred) => self.is_asked(&starred.value),
            _ => false,
        }
    }
}

impl<'t> Visitor<'t> for Changes<'_, '_> {
    fn visit_stmt(&mut self, statement: &'t Stmt) {
        match statement {
            Stmt::Break(_)
            | Stmt::Return(_)
            | Stmt::Raise(_)
            | Stmt::Assert(_)
            | Stmt::Try(_)
            | Stmt::With(_)
            | Stmt::For(_)
            | Stmt::Global(_)
            | Stmt::Nonlocal(_)
            | Stmt::Delete(_) => self.ends = true,
            Stmt::Assign(s) => {
                let is_asked = s.targets.iter().any(|target| self.is_asked(target));
                self.ends |= is_asked && calls(&s.value);
                walk_stmt(self, statement);
            }
            Stmt::AugAssign(s) => {
                self.ends |= self.is_asked(&s.target) && calls(&s.value);
                walk_stmt(self, statement);
            }
            _ => walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, expression: &'t Expr) {
        self.ends |= matches!(
            expression,
            Expr::Named(_) | Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Await(_)
        );
        walk_expr(self, expression);
    }
}

/// Whether something in the body of a loop can come to another end in another pass by what
/// it calls, or by whom it hands over to.
pub(super) fn is_driven_from_outside(body: &[Stmt]) -> bool {
    let mut calls = Calls(false);
    for statement in body {
        calls.visit_stmt(statement);
    }
    calls.0
}

/// Whether an expression calls anything.
fn calls(expression: &Expr) -> bool {
    let mut calls = Calls(false);
    calls.visit_expr(expression);
    calls.0
}

struct Calls(bool);

impl<'t> Visitor<'t> for Calls {
    fn visit_expr(&mut self, expression: &'t Expr) {
        self.0 |= matches!(
            expression,
            Expr::Call(_) | Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Await(_)
        );
        walk_expr(self, expression);
    }
}
