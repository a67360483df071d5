//! Layer `answer`: what a statement of a Python model does.

use crate::source::Span;
use crate::syntax::python::ast::visitor::{Visitor, walk_expr, walk_stmt};
use crate::syntax::python::ast::{self, Expr, Stmt};
use crate::syntax::python::{Module, span};

/// The innermost statement that holds a place.
pub(super) fn innermost(body: &[Stmt], place: Span) -> Option<&Stmt> {
    let statement = body.iter().find(|s| span(*s).contains(place))?;
    let inner = suites(statement)
        .into_iter()
        .find_map(|body| innermost(body, place));
    inner.or(Some(statement))
}

/// The statements within a statement.
fn suites(statement: &Stmt) -> Vec<&[Stmt]> {
    match statement {
        Stmt::FunctionDef(it) => vec![&*it.body],
        Stmt::ClassDef(it) => vec![&*it.body],
        Stmt::For(it) => vec![&*it.body, &*it.orelse],
        Stmt::While(it) => vec![&*it.body, &*it.orelse],
        Stmt::With(it) => vec![&*it.body],
        Stmt::If(it) => {
            let more = it.elif_else_clauses.iter().map(|clause| &*clause.body);
            std::iter::once(&*it.body).chain(more).collect()
        }
        Stmt::Try(it) => {
            let handlers = it.handlers.iter().map(|handler| {
                let ast::ExceptHandler::ExceptHandler(handler) = handler;
                &*handler.body
            });
            let rest = [&*it.orelse, &*it.finalbody];
            std::iter::once(&*it.body)
                .chain(handlers)
                .chain(rest)
                .collect()
        }
        Stmt::Match(it) => it.cases.iter().map(|case| &*case.body).collect(),
        _ => Vec::new(),
    }
}

/// Whether a comprehension makes what is made at `place`.
pub(super) fn in_comprehension(module: &Module, place: Span) -> bool {
    struct Search {
        place: Span,
        found: bool,
    }
    impl<'a> Visitor<'a> for Search {
        fn visit_expr(&mut self, expression: &'a Expr) {
            let whole = span(expression);
            let makes_several = matches!(
                expression,
                Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_)
            );
            self.found |= makes_several && whole.contains(self.place);
            if whole.contains(self.place) && !self.found {
                walk_expr(self, expression);
            }
        }
    }
    let mut search = Search {
        place,
        found: false,
    };
    if let Some(statement) = innermost(&module.body, place) {
        search.visit_stmt(statement);
    }
    search.found
}

/// Whether what is said at `place` is one control: `web.controls.isHardened = True`.
pub(super) fn is_one_control(module: &Module, place: Span) -> bool {
    let Some(Stmt::Assign(assign)) = innermost(&module.body, place) else {
        return false;
    };
    assign.targets.iter().all(|target| {
        let Expr::Attribute(target) = target else {
            return false;
        };
        matches!(&*target.value, Expr::Attribute(of) if &*of.attr == "controls")
    })
}

/// Whether something after `place` gets controls that say nothing of their own: no part of a
/// model tells then whose they were.
pub(super) fn takes_controls_away(module: &Module, place: Span) -> bool {
    struct Search {
        place: Span,
        found: bool,
    }
    impl<'a> Visitor<'a> for Search {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            if let Stmt::Assign(assign) = statement {
                let says = match &*assign.value {
                    Expr::Call(call) => !call.arguments.is_empty(),
                    _ => false,
                };
                let is_group =
                    |it: &Expr| matches!(it, Expr::Attribute(it) if &*it.attr == "controls");
                let is_later = self.place.end <= span(statement).start;
                self.found |= is_later && !says && assign.targets.iter().any(is_group);
            }
            walk_stmt(self, statement);
        }
    }
    let mut search = Search {
        place,
        found: false,
    };
    search.visit_body(&module.body);
    search.found
}
