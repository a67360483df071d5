//! Whether a function or class of the file can build or connect elements when it is called.

use std::rc::Rc;

use super::outside;
use super::value::V;
use super::value::function::{Body, Function};
use crate::syntax::python::ast::visitor::{Visitor, walk_expr, walk_stmt};
use crate::syntax::python::ast::{self, Expr, Stmt};

pub(super) fn class_may_build(class: &Rc<super::value::class::UserClass<'_>>) -> bool {
    class.unread.is_some()
        || class.pytm().is_some()
        || class.line().iter().any(|class| {
            class.scope.bound().iter().any(|(_, value)| match value {
                V::Function(function) => may_build(function, 3),
                V::Class(_) | V::UserClass(_) | V::Object(_) => true,
                _ => false,
            })
        })
}

/// Whether calling a function of the file could build, change or connect anything: it
/// assigns beyond its own names, or calls what is not known to be harmless.
pub(super) fn may_build(function: &Rc<Function<'_>>, depth: u8) -> bool {
    let mut finder = Finder {
        function,
        depth,
        found: depth == 0 || function.is_generator,
    };
    match function.body {
        Body::Statements(body) => body.iter().for_each(|s| finder.visit_stmt(s)),
        Body::Expression(body) => finder.visit_expr(body),
    }
    finder.found
}

struct Finder<'f, 'a> {
    function: &'f Function<'a>,
    depth: u8,
    found: bool,
}

impl Finder<'_, '_> {
    fn harmless(&self, callee: &Expr) -> bool {
        match callee {
            Expr::Name(name) => match self.function.scope.get(name.id.as_str()) {
                Some(V::Function(function)) => !may_build(&function, self.depth - 1),
                Some(V::Library(name)) => outside::is_pure(&name) || outside::only_looks(&name),
                Some(V::Type(name)) => name != "type" && name != "super",
                Some(_) => false,
                None => HARMLESS.contains(&name.id.as_str()),
            },
            Expr::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                super::names::has("str", name) == super::names::Has::Yes
                    || matches!(name, "get" | "items" | "keys" | "values" | "group")
            }
            _ => false,
        }
    }
}

/// Built-in functions that change nothing.
const HARMLESS: &[&str] = &[
    "abs",
    "all",
    "any",
    "bool",
    "chr",
    "dict",
    "divmod",
    "enumerate",
    "float",
    "format",
    "hash",
    "hex",
    "id",
    "int",
    "isinstance",
    "len",
    "list",
    "max",
    "min",
    "ord",
    "pow",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "sorted",
    "str",
    "sum",
    "tuple",
    "zip",
    "frozenset",
    "getattr",
    "hasattr",
];

impl<'t> Visitor<'t> for Finder<'_, '_> {
    fn visit_stmt(&mut self, statement: &'t Stmt) {
        match statement {
            Stmt::Global(_)
            | Stmt::Nonlocal(_)
            | Stmt::Import(_)
            | Stmt::ImportFrom(_)
            | Stmt::ClassDef(_)
            | Stmt::FunctionDef(_)
            | Stmt::With(_)
            | Stmt::Delete(_) => self.found = true,
            Stmt::Assign(ast::StmtAssign { targets, .. }) => {
                self.found |= !targets.iter().all(plain);
                walk_stmt(self, statement);
            }
            Stmt::AugAssign(s) => {
                self.found |= !plain(&s.target);
                walk_stmt(self, statement);
            }
            Stmt::AnnAssign(s) => {
                self.found |= !plain(&s.target);
                walk_stmt(self, statement);
            }
            Stmt::For(s) => {
                self.found |= !plain(&s.target);
                walk_stmt(self, statement);
            }
            _ => walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, expression: &'t Expr) {
        match expression {
            Expr::Call(call) => {
                self.found |= !self.harmless(&call.func);
                walk_expr(self, expression);
            }
            Expr::Await(_) | Expr::Yield(_) | Expr::YieldFrom(_) => self.found = true,
            _ => walk_expr(self, expression),
        }
    }
}

/// A target that is a name of the function's own.
fn plain(target: &Expr) -> bool {
    match target {
        Expr::Name(_) => true,
        Expr::Tuple(tuple) => tuple.elts.iter().all(plain),
        Expr::List(list) => list.elts.iter().all(plain),
        Expr::Starred(starred) => plain(&starred.value),
        _ => false,
    }
}
