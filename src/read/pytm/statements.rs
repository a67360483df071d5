//! Statements.

use std::rc::Rc;

use super::function::Args;
use super::interpreter::{Exit, Interpreter, R};
use super::scope::Scope;
use super::value::{At, Raised, Unread, V};
use crate::syntax::python::ast::{self, Stmt};

impl<'a> Interpreter<'a> {
    /// Runs statements in order.
    pub(super) fn run(&mut self, body: &'a [Stmt], scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        for statement in body {
            self.statement(statement, scope)?;
        }
        Ok(())
    }

    fn statement(&mut self, statement: &'a Stmt, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        self.down(|s| s.at(statement))?;
        let result = self.plain_statement(statement, scope);
        self.up();
        result
    }

    fn plain_statement(&mut self, statement: &'a Stmt, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        match statement {
            Stmt::Expr(s) => self.eval(&s.value, scope).map(drop),
            Stmt::Assign(s) => {
                let value = self.eval(&s.value, scope)?;
                for target in &s.targets {
                    self.assign(target, value.clone(), &s.value, scope)?;
                }
                Ok(())
            }
            Stmt::AnnAssign(s) => self.annotated(s, scope),
            Stmt::AugAssign(s) => self.augmented(s, scope),
            Stmt::If(s) => self.if_statement(s, scope),
            Stmt::For(s) => self.for_statement(s, scope),
            Stmt::While(s) => self.while_statement(s, scope),
            Stmt::FunctionDef(s) => {
                let function = self.define(s, scope)?;
                scope.set(s.name.as_str(), function);
                Ok(())
            }
            Stmt::ClassDef(s) => {
                let class = self.define_class(s, scope)?;
                scope.set(s.name.as_str(), class);
                Ok(())
            }
            Stmt::Return(s) => {
                let value = match &s.value {
                    Some(value) => self.eval(value, scope)?,
                    None => V::None,
                };
                Err(Box::new(Exit::Return(value)))
            }
            Stmt::Import(s) => self.import(s, scope),
            Stmt::ImportFrom(s) => self.import_from(s, scope),
            Stmt::Try(s) => self.try_statement(s, scope),
            Stmt::With(s) => self.with_statement(s, scope),
            Stmt::Match(s) => self.match_statement(s, scope),
            Stmt::Raise(s) => self.raise_statement(s, scope),
            Stmt::Assert(s) => self.assert_statement(s, scope),
            Stmt::Delete(s) => s.targets.iter().try_for_each(|t| self.delete(t, scope)),
            Stmt::Break(_) => Err(Box::new(Exit::Break)),
            Stmt::Continue(_) => Err(Box::new(Exit::Continue)),
            Stmt::Global(s) => {
                for name in &s.names {
                    scope.send_elsewhere(name.as_str(), true);
                }
                Ok(())
            }
            Stmt::Nonlocal(s) => {
                for name in &s.names {
                    scope.send_elsewhere(name.as_str(), false);
                }
                Ok(())
            }
            Stmt::Pass(_) | Stmt::TypeAlias(_) | Stmt::IpyEscapeCommand(_) => Ok(()),
        }
    }

    fn annotated(&mut self, s: &'a ast::StmtAnnAssign, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        match &s.value {
            Some(value) => {
                let result = self.eval(value, scope)?;
                self.assign(&s.target, result, value, scope)
            }
            None => Ok(()),
        }
    }

    fn augmented(&mut self, s: &'a ast::StmtAugAssign, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let old = self.eval(&s.target, scope)?;
        let new = self.eval(&s.value, scope)?;
        let at = self.at(s);
        // `list += x` and `set |= x` change the object itself.
        let value = match (&old, s.op) {
            (V::List(items), ast::Operator::Add) => {
                let more = self.items(&new, at)?;
                self.allot(more.len(), at)?;
                let more: Vec<_> = more.into_iter().map(|v| self.doubted(v)).collect();
                items.borrow_mut().extend(more);
                old.clone()
            }
            (V::Set(items) | V::Dict(items), ast::Operator::BitOr) => {
                self.merge_into(items, &new, at)?;
                old.clone()
            }
            _ => self.binary(s.op, old, new, at)?,
        };
        self.assign(&s.target, value, &s.value, scope)
    }

    /// Runs the branch that a known test chooses; both, in doubt, if it is unread.
    fn if_statement(&mut self, s: &'a ast::StmtIf, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let test = self.eval(&s.test, scope)?;
        let mut doubt = match self.truth(&test, self.at(&*s.test))? {
            Ok(true) => return self.run(&s.body, scope),
            Ok(false) => None,
            Err(unread) => Some(unread),
        };
        let mut left = false;
        if let Some(unread) = &doubt {
            left |= self.branch_in_doubt(unread, &s.body, scope)?;
        }
        for clause in &s.elif_else_clauses {
            let holds = match &clause.test {
                None => Ok(true),
                Some(test) => {
                    let value = self.eval(test, scope)?;
                    self.truth(&value, self.at(test))?
                }
            };
            match (holds, &doubt) {
                (Ok(false), _) => {}
                (Ok(true), None) => return self.run(&clause.body, scope),
                (Ok(true), Some(unread)) => {
                    let unread = Rc::clone(unread);
                    left |= self.branch_in_doubt(&unread, &clause.body, scope)?;
                    break;
                }
                (Err(unread), _) => {
                    left |= self.branch_in_doubt(&unread, &clause.body, scope)?;
                    doubt.get_or_insert(unread);
                }
            }
        }
        if left && let Some(unread) = doubt {
            // Perhaps the rest of the function or loop does not run.
            self.doubt.get_or_insert(unread);
            self.poison = true;
        }
        Ok(())
    }

    /// Runs statements that may not run. True if they would leave the function or loop.
    fn branch_in_doubt(
        &mut self,
        unread: &Rc<Unread>,
        body: &'a [Stmt],
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, bool> {
        match self.in_doubt(unread, |s| s.run(body, scope)) {
            Ok(()) => Ok(false),
            Err(exit) => match *exit {
                Exit::Stop => Err(Box::new(Exit::Stop)),
                // Whoever wrote it expects it not to happen when the model is built.
                Exit::Raise(..) => Ok(false),
                Exit::Return(_) | Exit::Break | Exit::Continue => Ok(true),
            },
        }
    }

    fn for_statement(&mut self, s: &'a ast::StmtFor, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let collection = self.eval(&s.iter, scope)?;
        let at = self.between(&*s.target, &*s.iter);
        if let V::Unread(unread) = &collection {
            let unread = Rc::clone(unread);
            self.in_doubt(&unread, |i| {
                i.bind(&s.target, V::Unread(Rc::clone(&unread)), at, scope)?;
                i.sites.push(at);
                let result = i.run(&s.body, scope);
                i.sites.pop();
                forget_leaving(result)
            })?;
            return Ok(());
        }
        let items = self.items(&collection, self.at(&*s.iter))?;
        let (doubt, poison) = (self.doubt.clone(), self.poison);
        self.sites.push(at);
        let result = self.repeat(items, s, scope, at);
        self.sites.pop();
        if self.doubt.is_some() && doubt.is_none() {
            self.doubt = doubt;
            self.poison = poison;
        }
        if result? {
            Ok(())
        } else {
            self.run(&s.orelse, scope)
        }
    }

    /// Runs a loop's body for every item; true if it was broken off.
    fn repeat(
        &mut self,
        items: Vec<V<'a>>,
        s: &'a ast::StmtFor,
        scope: &Rc<Scope<'a>>,
        at: At,
    ) -> R<'a, bool> {
        for item in items {
            self.bind(&s.target, item, at, scope)?;
            match self.run(&s.body, scope) {
                Ok(()) => {}
                Err(exit) => match *exit {
                    Exit::Continue => {}
                    Exit::Break => return Ok(true),
                    other => return Err(Box::new(other)),
                },
            }
        }
        Ok(false)
    }

    fn while_statement(&mut self, s: &'a ast::StmtWhile, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let at = self.at(&*s.test);
        loop {
            self.step(|_| at)?;
            let test = self.eval(&s.test, scope)?;
            match self.truth(&test, at)? {
                Ok(false) => return self.run(&s.orelse, scope),
                Err(unread) => {
                    return self.in_doubt(&unread, |i| {
                        let result = i.run(&s.body, scope);
                        forget_leaving(result)
                    });
                }
                Ok(true) => {}
            }
            self.sites.push(at);
            let result = self.run(&s.body, scope);
            self.sites.pop();
            match result {
                Ok(()) => {}
                Err(exit) => match *exit {
                    Exit::Continue => {}
                    Exit::Break => return Ok(()),
                    other => return Err(Box::new(other)),
                },
            }
        }
    }

    fn try_statement(&mut self, s: &'a ast::StmtTry, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let may_fail = std::mem::replace(&mut self.import_may_fail, true);
        let result = self.run(&s.body, scope);
        self.import_may_fail = may_fail;
        let result = match result {
            Ok(()) => self.run(&s.orelse, scope),
            Err(exit) => match *exit {
                Exit::Raise(raised, at) => self.handle(raised, at, &s.handlers, scope),
                other => Err(Box::new(other)),
            },
        };
        self.run(&s.finalbody, scope)?;
        result
    }

    fn handle(
        &mut self,
        raised: Rc<Raised<'a>>,
        at: At,
        handlers: &'a [ast::ExceptHandler],
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        for handler in handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            let matches = match &handler.type_ {
                None => true,
                Some(class) => {
                    let class = self.eval(class, scope)?;
                    self.is_instance(&V::Exception(Rc::clone(&raised)), &class)
                        .unwrap_or(true)
                }
            };
            if !matches {
                continue;
            }
            if let Some(name) = &handler.name {
                scope.set(name.as_str(), V::Exception(Rc::clone(&raised)));
            }
            return match self.run(&handler.body, scope) {
                Err(exit) => match *exit {
                    // A bare `raise` throws the same again.
                    Exit::Raise(again, _) if again.class.is_empty() => {
                        Err(Box::new(Exit::Raise(raised, at)))
                    }
                    other => Err(Box::new(other)),
                },
                Ok(()) => Ok(()),
            };
        }
        Err(Box::new(Exit::Raise(raised, at)))
    }

    fn with_statement(&mut self, s: &'a ast::StmtWith, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let mut managers = Vec::new();
        for item in &s.items {
            let manager = self.eval(&item.context_expr, scope)?;
            let at = self.at(&item.context_expr);
            let entered = match &manager {
                V::Instance(_) => match self.attribute_or_none(&manager, "__enter__", at)? {
                    Some(enter) => {
                        managers.push((manager.clone(), at));
                        self.call(&enter, Args::none(at))?
                    }
                    None => manager.clone(),
                },
                // A `@contextmanager` function was run at once; it yielded one value.
                V::Iter(items) => items.items.first().cloned().unwrap_or(V::None),
                _ => manager.clone(),
            };
            if let Some(target) = &item.optional_vars {
                self.bind(target, entered, at, scope)?;
            }
        }
        let result = self.run(&s.body, scope);
        for (manager, at) in managers.into_iter().rev() {
            if let Some(exit) = self.attribute_or_none(&manager, "__exit__", at)? {
                self.call(&exit, Args::of(at, [V::None, V::None, V::None]))?;
            }
        }
        result
    }

    fn raise_statement(&mut self, s: &'a ast::StmtRaise, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let at = self.at(s);
        let Some(exception) = &s.exc else {
            return Err(Box::new(Exit::Raise(
                Rc::new(Raised {
                    class: "".into(),
                    user: None,
                    arguments: Vec::new(),
                }),
                at,
            )));
        };
        let value = self.eval(exception, scope)?;
        let value = match value {
            V::ExceptionClass(_) | V::UserClass(_) => self.call(&value, Args::none(at))?,
            value => value,
        };
        match value {
            V::Exception(raised) => Err(Box::new(Exit::Raise(raised, at))),
            value => {
                let text = self.display(&value, at)?;
                self.raise("Exception", text, at)
            }
        }
    }

    fn assert_statement(&mut self, s: &'a ast::StmtAssert, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let test = self.eval(&s.test, scope)?;
        if let Ok(false) = self.truth(&test, self.at(&*s.test))? {
            let at = self.at(s);
            return self.raise("AssertionError", self.snippet(at), at);
        }
        Ok(())
    }
}

/// In doubt, leaving a loop or function means nothing; only limits count.
fn forget_leaving(result: R<'_, ()>) -> R<'_, ()> {
    match result {
        Err(exit) if matches!(*exit, Exit::Stop) => Err(exit),
        _ => Ok(()),
    }
}
