//! What statements call, by name.

use std::collections::BTreeSet;

use crate::model::vocabulary::Class;
use crate::syntax::python::ast::visitor::{Visitor, walk_expr};
use crate::syntax::python::ast::{Expr, Stmt};

/// Whether statements themselves, and not the functions among them, call a class of pytm.
pub(super) fn builds_at_top(body: &[Stmt]) -> bool {
    let is_run = |s: &&Stmt| !matches!(s, Stmt::FunctionDef(_) | Stmt::ClassDef(_));
    body.iter().filter(is_run).any(|statement| {
        let called = called_in(std::slice::from_ref(statement));
        let mut classes = Class::ALL.iter();
        classes.any(|class| called.contains(class.name()))
    })
}

/// The names that statements call.
pub(super) fn called_in(body: &[Stmt]) -> BTreeSet<String> {
    struct Calls(BTreeSet<String>);
    impl<'t> Visitor<'t> for Calls {
        fn visit_expr(&mut self, expr: &'t Expr) {
            if let Expr::Call(call) = expr {
                match &*call.func {
                    Expr::Name(name) => {
                        self.0.insert(name.id.to_string());
                    }
                    Expr::Attribute(attribute) => {
                        self.0.insert(attribute.attr.to_string());
                    }
                    _ => {}
                }
            }
            walk_expr(self, expr);
        }
    }
    let mut calls = Calls(BTreeSet::new());
    for statement in body {
        calls.visit_stmt(statement);
    }
    calls.0
}
