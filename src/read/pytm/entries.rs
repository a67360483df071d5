//! Where reading starts: the file's top level; if no model comes of it, the
//! functions that construct one (docs/semantics.md §6).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::called::called_in;
use super::interpreter::{Exit, Interpreter, R};
use super::value::function::Args;
use super::value::scope::{Module, Scope};
use super::value::{At, V};
use crate::notice::{Notice, code};
use crate::syntax::python;
use crate::syntax::python::ast::visitor::{Visitor, walk_expr, walk_stmt};
use crate::syntax::python::ast::{self, Expr, Stmt};

impl<'a> Interpreter<'a> {
    /// Reads the file from the top; then enters a function, if one is named.
    pub(super) fn enter(&mut self, function: Option<&str>) {
        let unit = self.units.first();
        let body = unit.module.as_ref().map_or(&[][..], |module| &module.body);
        let scope = self.keep(Scope::module());
        scope.set("__name__", V::str("__main__"));
        let path = super::paths::absolute(unit.source.path().as_str());
        scope.set("__file__", V::str(path));
        // Whoever imports the entry gets it as it is, where running it again adds nothing.
        let entry = Module {
            name: "__main__".into(),
            file: super::paths::absolute(unit.source.path().as_str()).into(),
            scope: Rc::clone(&scope),
            folder: None,
        };
        self.modules
            .insert(unit.source.path().clone(), Rc::new(entry));
        let result = self.run_file(body, &scope);
        if let Some(name) = function
            && (result.is_ok() || self.exited)
        {
            // Whatever limit is met is told where it is met.
            self.call_entry(name, body, &scope).ok();
        }
        if self.limited && !self.options.lenient {
            // Nobody should take a part of a model for the whole.
            self.registry.waiting.clear();
        }
        self.end_of_epoch();
    }

    fn call_entry(&mut self, name: &str, body: &'a [Stmt], scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let Some(function) = scope.get(name) else {
            let message = format!("There is no function `{name}` here");
            let at = self.start();
            self.incomplete(code::UNKNOWN_REFERENCE, at, message, None);
            return Ok(());
        };
        let defined = body.iter().find_map(|statement| match statement {
            Stmt::FunctionDef(s) if s.name.as_str() == name => Some(s),
            _ => None,
        });
        let at = defined.map_or_else(|| self.start(), |s| self.at(&s.name));
        let mut args = Args::none(at);
        for parameter in defined
            .iter()
            .flat_map(|s| s.parameters.iter_non_variadic_params())
            .filter(|parameter| parameter.default.is_none())
        {
            let place = At {
                unit: 0,
                span: python::span(parameter),
            };
            let name = parameter.parameter.name.as_str();
            let value = V::unread(place, format!("nobody says what `{name}` is"));
            args.keywords.push((name.into(), value, place));
        }
        match self.call(&function, args) {
            Ok(_) => Ok(()),
            Err(exit) => match *exit {
                Exit::Raise(raised, at) if &*raised.class != "SystemExit" => {
                    self.uncaught(&raised, at, scope)
                }
                _ => Ok(()),
            },
        }
    }

    /// Says that a named entry gave no model.
    pub(super) fn no_model_at(&mut self, name: &str) {
        let notice = Notice::at(
            code::NOT_A_MODEL,
            self.fatal(),
            self.place(self.start()),
            format!("No model comes of `{name}`"),
        );
        self.notice(notice);
    }
}

/// The functions of a file that construct a TM, themselves or through others,
/// and that no other of them calls, in the order of the file.
pub(super) fn functions_with_a_model(body: &[Stmt]) -> Vec<String> {
    let functions: Vec<&ast::StmtFunctionDef> = body
        .iter()
        .filter_map(|statement| match statement {
            Stmt::FunctionDef(s) => Some(s),
            _ => None,
        })
        .collect();
    let calls: BTreeMap<&str, BTreeSet<String>> = functions
        .iter()
        .map(|s| (s.name.as_str(), called_in(&s.body)))
        .collect();
    let mut callers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, called) in &calls {
        for called in called {
            callers.entry(called).or_default().push(name);
        }
    }
    let mut building: BTreeSet<&str> = BTreeSet::new();
    let mut next = vec!["TM"];
    while let Some(name) = next.pop() {
        for caller in callers.get(name).into_iter().flatten() {
            if building.insert(caller) {
                next.push(caller);
            }
        }
    }
    let called: BTreeSet<&str> = building
        .iter()
        .flat_map(|name| calls[name].iter().filter(move |called| called != name))
        .map(String::as_str)
        .collect();
    functions
        .iter()
        .map(|s| s.name.as_str())
        .filter(|name| building.contains(name) && !called.contains(name))
        .filter(|name| !name.starts_with("test"))
        .map(ToOwned::to_owned)
        .collect()
}

/// Whether one of these is called anywhere but in tests.
pub(super) fn calls(body: &[Stmt], names: &[&str]) -> bool {
    body.iter().any(|statement| {
        let is_test = match statement {
            Stmt::FunctionDef(s) => s.name.starts_with("test"),
            Stmt::ClassDef(s) => s.name.starts_with("Test"),
            _ => false,
        };
        let called = called_in(std::slice::from_ref(statement));
        !is_test && names.iter().any(|name| called.contains(*name))
    })
}

/// Whether importing a file builds a model: a TM is constructed outside of its functions, or one
/// of these that does is called there.
pub(super) fn builds_when_imported(body: &[Stmt]) -> bool {
    let constructions = constructions(body);
    let functions = functions_with_a_model(body);
    let functions: Vec<&str> = functions.iter().map(String::as_str).collect();
    outside_functions(body).into_iter().any(|statement| {
        let span = python::span(statement);
        let is_inside = |it: &crate::source::Span| span.start <= it.start && it.end <= span.end;
        constructions.iter().any(is_inside) || calls(std::slice::from_ref(statement), &functions)
    })
}

/// The statements that an import runs, also those of classes.
fn outside_functions(body: &[Stmt]) -> Vec<&Stmt> {
    let mut found = Vec::new();
    for statement in body {
        match statement {
            Stmt::FunctionDef(_) => {}
            Stmt::ClassDef(s) => found.extend(outside_functions(&s.body)),
            _ => found.push(statement),
        }
    }
    found
}

/// Where statements construct a TM, but in tests: the calls.
pub(super) fn constructions(body: &[Stmt]) -> Vec<crate::source::Span> {
    struct Finder {
        names: BTreeSet<String>,
        found: Vec<crate::source::Span>,
    }
    impl<'t> Visitor<'t> for Finder {
        fn visit_stmt(&mut self, statement: &'t Stmt) {
            match statement {
                Stmt::FunctionDef(s) if s.name.starts_with("test") => return,
                Stmt::ClassDef(s) if s.name.starts_with("Test") => return,
                Stmt::ImportFrom(s) => {
                    let names = s.names.iter().filter(|alias| &*alias.name == "TM");
                    let aliases = names.filter_map(|alias| alias.asname.as_ref());
                    self.names.extend(aliases.map(ToString::to_string));
                }
                _ => {}
            }
            walk_stmt(self, statement);
        }
        fn visit_expr(&mut self, expr: &'t Expr) {
            if let Expr::Call(call) = expr {
                let is_tm = match &*call.func {
                    Expr::Name(name) => self.names.contains(name.id.as_str()),
                    Expr::Attribute(attribute) => attribute.attr.as_str() == "TM",
                    _ => false,
                };
                if is_tm {
                    self.found.push(python::span(call));
                }
            }
            walk_expr(self, expr);
        }
    }
    let mut finder = Finder {
        names: BTreeSet::from(["TM".to_owned()]),
        found: Vec::new(),
    };
    for statement in body {
        finder.visit_stmt(statement);
    }
    finder.found
}
