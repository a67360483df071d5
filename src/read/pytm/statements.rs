//! Statements.

use std::rc::Rc;

use super::function::Args;
use super::interpreter::{Exit, Interpreter, R};
use super::scope::Scope;
use super::value::{At, Raised, Unread, V};
use crate::syntax::python::ast::{self, Expr, Stmt};

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
                self.bind_name(scope, s.name.as_str(), function);
                Ok(())
            }
            Stmt::ClassDef(s) => {
                let class = self.define_class(s, scope)?;
                self.bind_name(scope, s.name.as_str(), class);
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
        let in_place = match (&old, s.op) {
            (V::List(_), ast::Operator::Add | ast::Operator::Mult) => true,
            (V::Set(_) | V::Dict(_), _) => true,
            _ => false,
        };
        let place = match &new {
            V::Unread(unread) => Some(Rc::clone(unread)),
            _ => None,
        };
        if in_place && let Some(unread) = self.doubt.clone().or(place) {
            self.touch(&old, &unread);
            let value = V::Unread(unread);
            return self.assign(&s.target, value, &s.value, scope);
        }
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
        if let Some(unread) = &doubt {
            self.branch_in_doubt(unread, &s.body, scope)?;
        }
        for clause in &s.elif_else_clauses {
            let holds = match &clause.test {
                None => Ok(true),
                Some(test) => {
                    let value = match &doubt {
                        None => self.eval(test, scope)?,
                        Some(unread) => {
                            let unread = Rc::clone(unread);
                            self.in_doubt(&unread, |s| s.eval(test, scope))?
                        }
                    };
                    self.truth(&value, self.at(test))?
                }
            };
            match (holds, &doubt) {
                (Ok(false), _) => {}
                (Ok(true), None) => return self.run(&clause.body, scope),
                (Ok(true), Some(unread)) => {
                    let unread = Rc::clone(unread);
                    return self.branch_in_doubt(&unread, &clause.body, scope);
                }
                (Err(unread), _) => {
                    self.branch_in_doubt(&unread, &clause.body, scope)?;
                    doubt.get_or_insert(unread);
                }
            }
        }
        Ok(())
    }

    fn for_statement(&mut self, s: &'a ast::StmtFor, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let collection = self.eval(&s.iter, scope)?;
        let at = self.between(&*s.target, &*s.iter);
        if let V::Unread(unread) = &collection {
            let unread = Rc::clone(unread);
            self.may_raise(&unread);
            // A second pass sees what the first one leaves behind.
            for _ in 0..2 {
                let item = V::Unread(Rc::clone(&unread));
                self.sites.push(at);
                let result = self.in_doubt(&unread, |i| {
                    i.bind(&s.target, item, at, scope)?;
                    i.run(&s.body, scope)
                });
                self.sites.pop();
                self.left_in_doubt(&unread, result)?;
            }
            self.leaving.of_loop = None;
            return self.branch_in_doubt(&unread, &s.orelse, scope);
        }
        let items = self.items(&collection, self.at(&*s.iter))?;
        let before = self.remember();
        let outer = self.leaving.of_loop.take();
        self.sites.push(at);
        let result = self.repeat(items, s, scope, at);
        self.sites.pop();
        let broken = std::mem::replace(&mut self.leaving.of_loop, outer);
        self.settle(before);
        self.doubt_target(&s.target, scope);
        match (result?, broken) {
            (true, _) => Ok(()),
            (false, None) => self.run(&s.orelse, scope),
            (false, Some(unread)) => self.branch_in_doubt(&unread, &s.orelse, scope),
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
        let before = self.remember();
        let outer = self.leaving.of_loop.take();
        let result = self.repeat_while(s, scope);
        let broken = std::mem::replace(&mut self.leaving.of_loop, outer);
        self.settle(before);
        match (result?, broken) {
            (Ok(true), _) => Ok(()),
            (Ok(false), None) => self.run(&s.orelse, scope),
            (Ok(false), Some(unread)) | (Err(unread), _) => {
                self.branch_in_doubt(&unread, &s.orelse, scope)
            }
        }
    }

    /// Runs a loop's body while its test holds; true if it was broken off, an error if
    /// it is unread how often it runs.
    fn repeat_while(
        &mut self,
        s: &'a ast::StmtWhile,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, Result<bool, Rc<Unread>>> {
        let at = self.at(&*s.test);
        loop {
            self.step(|_| at)?;
            let test = self.eval(&s.test, scope)?;
            match self.truth(&test, at)? {
                Ok(false) => return Ok(Ok(false)),
                Err(unread) => {
                    for _ in 0..2 {
                        self.branch_in_doubt(&unread, &s.body, scope)?;
                    }
                    return Ok(Err(unread));
                }
                // Broken off, perhaps: then nobody knows how often it runs.
                Ok(true) if self.leaving.of_loop.is_some() && self.still(&s.test) => {
                    return Ok(Ok(true));
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
                    Exit::Break => return Ok(Ok(true)),
                    other => return Err(Box::new(other)),
                },
            }
        }
    }

    /// A test that never fails by itself.
    #[expect(clippy::unused_self, reason = "asks about a statement")]
    fn still(&self, test: &Expr) -> bool {
        matches!(test, Expr::BooleanLiteral(_) | Expr::NumberLiteral(_))
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
        let at = self.at(s);
        match self.truth(&test, self.at(&*s.test))? {
            Ok(true) => Ok(()),
            Ok(false) => {
                let arguments = match &s.msg {
                    Some(message) => vec![self.eval(message, scope)?],
                    None => Vec::new(),
                };
                Err(self.raised("AssertionError", arguments, at))
            }
            Err(unread) => {
                if let Some(message) = &s.msg {
                    self.in_doubt(&unread, |i| i.eval(message, scope))?;
                }
                self.may_raise(&unread);
                Ok(())
            }
        }
    }
}
