//! `try` statements: what they catch, and what may have been left for a handler.

use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, R};
use super::state::leaving::Try;
use super::value::iterator::Place;
use super::value::scope::Scope;
use super::value::{At, Raised, V};
use crate::syntax::python::ast::{self, Expr, Stmt};

impl<'a> Interpreter<'a> {
    /// Whether the innermost `try` around this catches exceptions of that class and goes on.
    pub(super) fn goes_on_after(&self, class: &str) -> bool {
        self.tries.last().is_some_and(|inner| {
            let handler = inner
                .handlers
                .iter()
                .find(|handler| catches(handler, class));
            match handler {
                Some(handler) => !gives_up(handler),
                // A manager that may swallow anything.
                None => inner.handlers.is_empty() && inner.swallows,
            }
        })
    }

    /// Whether some `try` around this catches exceptions of that class.
    pub(super) fn caught(&self, class: &str) -> bool {
        self.tries
            .iter()
            .any(|inner| inner.handlers.iter().any(|handler| catches(handler, class)))
    }

    pub(super) fn try_statement(
        &mut self,
        s: &'a ast::StmtTry,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        if s.is_star {
            let at = self.at(s);
            self.refuse(
                at,
                "`except*` is not read",
                "catch the exceptions one by one, with `except`",
            );
        }
        let result = self.guarded(s, scope);
        if let Err(exit) = &result
            && matches!(**exit, Exit::Stop | Exit::Yield(_))
        {
            return result;
        }
        // What `finally` itself leaves with wins.
        let last = self.run(&s.finalbody, scope);
        self.no_yield(last, &s.finalbody)?;
        result
    }

    /// The body of a `try` with its handlers and `else`.
    fn guarded(&mut self, s: &'a ast::StmtTry, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        // A generator goes on inside the body.
        self.place_before();
        let before = self.remember();
        let outer = self.leaving.of_try.take();
        let swallows = s.handlers.iter().any(|handler| !gives_up(handler));
        self.tries.push(Try {
            handlers: &s.handlers,
            swallows,
        });
        let may_fail = std::mem::replace(&mut self.import_may_fail, true);
        let result = self.run(&s.body, scope);
        self.import_may_fail = may_fail;
        self.tries.pop();
        let perhaps = std::mem::replace(&mut self.leaving.of_try, outer);
        self.settle(before);
        if let Err(exit) = &result
            && matches!(**exit, Exit::Yield(_))
        {
            if let Some((unread, _)) = perhaps {
                self.leaving.of_function.get_or_insert(unread);
            }
            return self.note_place(result, || Place::Try);
        }
        let Some((unread, raised)) = perhaps else {
            let (result, body) = match result.map_err(|exit| *exit) {
                Ok(()) => (self.run(&s.orelse, scope), &s.body),
                Err(Exit::Raise(raised, at)) => {
                    (self.handle(&raised, at, &s.handlers, scope), &s.body)
                }
                Err(other) => return Err(Box::new(other)),
            };
            return self.no_yield(result, body);
        };
        if s.handlers.is_empty()
            || raised.as_ref().is_some_and(|raised| {
                let class = &*raised.class;
                !s.handlers.iter().any(|handler| catches(handler, class))
            })
        {
            // It goes through to whoever is around.
            self.leaving
                .of_try
                .get_or_insert((Rc::clone(&unread), raised));
        }
        match result {
            Ok(()) => self.branch_in_doubt(&unread, &s.orelse, scope)?,
            left => self.left_in_doubt(&unread, left)?,
        }
        for handler in &s.handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            if let Some(name) = &handler.name {
                let exception = V::Unread(Rc::clone(&unread));
                scope.set(name.as_str(), exception);
            }
            self.handling.push(None);
            let result = self.branch_in_doubt(&unread, &handler.body, scope);
            self.handling.pop();
            result?;
        }
        Ok(())
    }

    fn handle(
        &mut self,
        raised: &Rc<Raised<'a>>,
        at: At,
        handlers: &'a [ast::ExceptHandler],
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        for handler in handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            let matches = match &handler.type_ {
                None => Some(true),
                Some(expression) => {
                    let class = self.eval(expression, scope)?;
                    let matches = self.is_instance(&V::Exception(Rc::clone(raised)), &class);
                    if matches.is_none() {
                        let at = self.at(&**expression);
                        self.refuse(
                            at,
                            "Whether this exception is caught here is not read",
                            "name exception classes of Python or of the model",
                        );
                    }
                    matches
                }
            };
            if matches == Some(false) {
                continue;
            }
            if let Some(name) = &handler.name {
                scope.set(name.as_str(), V::Exception(Rc::clone(raised)));
            }
            self.handling.push(Some(Rc::clone(raised)));
            let result = self.run(&handler.body, scope);
            self.handling.pop();
            if let Some(name) = &handler.name {
                // Python forgets the name behind the handler.
                scope.delete(name.as_str());
            }
            return match result.map_err(|exit| *exit) {
                // A bare `raise` throws the same again.
                Err(Exit::Raise(again, _)) if again.class.is_empty() => {
                    Err(Box::new(Exit::Raise(Rc::clone(raised), at)))
                }
                Err(other) => Err(Box::new(other)),
                Ok(()) => Ok(()),
            };
        }
        Err(Box::new(Exit::Raise(Rc::clone(raised), at)))
    }
}

/// Whether a handler catches exceptions of that class, as far as its text says.
fn catches(handler: &ast::ExceptHandler, class: &str) -> bool {
    fn names(expression: &Expr, class: &str) -> bool {
        match expression {
            Expr::Name(name) => {
                let name = name.id.as_str();
                super::builtin_names::named(name).is_none() || super::exceptions::is_a(class, name)
            }
            Expr::Tuple(tuple) => tuple.elts.iter().any(|one| names(one, class)),
            _ => true,
        }
    }
    let ast::ExceptHandler::ExceptHandler(handler) = handler;
    handler
        .type_
        .as_ref()
        .is_none_or(|expression| names(expression, class))
}

/// Whether a handler ends the program or raises again: then nothing follows.
fn gives_up(handler: &ast::ExceptHandler) -> bool {
    let ast::ExceptHandler::ExceptHandler(handler) = handler;
    match handler.body.last() {
        Some(Stmt::Raise(_)) => true,
        Some(Stmt::Expr(s)) => match &*s.value {
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) => matches!(name.id.as_str(), "exit" | "quit"),
                Expr::Attribute(attribute) => {
                    matches!(attribute.attr.as_str(), "exit" | "_exit")
                        && matches!(&*attribute.value, Expr::Name(owner)
                            if matches!(owner.id.as_str(), "sys" | "os"))
                }
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}
