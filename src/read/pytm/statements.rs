//! Statements.

use std::rc::Rc;

use super::generators::yield_of;
use super::interpreter::{Exit, Interpreter, R};
use super::value::function::Args;
use super::value::iterator::Place;
use super::value::scope::Scope;
use super::value::{Raised, Unread, V};
use crate::syntax::python::ast::{self, Expr, Stmt};

impl<'a> Interpreter<'a> {
    /// Runs statements in order.
    pub(super) fn run(&mut self, body: &'a [Stmt], scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let from = match self.place_before() {
            Some(Place::Block(position)) => position,
            _ => 0,
        };
        for (position, statement) in body.iter().enumerate().skip(from) {
            let result = self.statement(statement, scope);
            self.note_place(result, || Place::Block(position))?;
        }
        Ok(())
    }

    fn statement(&mut self, statement: &'a Stmt, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        self.down(|s| s.at(statement))?;
        if !self.snapshots.is_empty() {
            self.outdate(None, self.at(statement));
        }
        let result = match yield_of(statement) {
            Some(value) => self.yield_statement(statement, value, scope),
            None => self.plain_statement(statement, scope),
        };
        self.up();
        self.refuse_abandoned();
        match result {
            Err(exit) => match *exit {
                Exit::Unread(unread) => {
                    self.items_unread(statement, &unread);
                    Ok(())
                }
                other => Err(Box::new(other)),
            },
            result => result,
        }
    }

    /// A statement goes through something of which it is unread what it gives.
    fn items_unread(&mut self, statement: &'a Stmt, unread: &Rc<Unread>) {
        self.may_raise(unread);
        let at = self.at(statement);
        let message = "Which items this goes through is not read".to_owned();
        self.incomplete(crate::notice::code::INCOMPLETE, at, message, Some(unread));
    }

    fn yield_statement(
        &mut self,
        statement: &'a Stmt,
        value: &'a Expr,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        let result = self.yielded(value, scope)?;
        if let Stmt::Assign(s) = statement {
            for target in &s.targets {
                self.assign(target, result.clone(), &s.value, scope)?;
            }
        }
        Ok(())
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
        // In a function they are never evaluated.
        if !scope.is_of_function() {
            self.annotations(&[&s.annotation], None, scope);
        }
        match &s.value {
            Some(value) => {
                let result = self.eval(value, scope)?;
                self.assign(&s.target, result, value, scope)
            }
            None => Ok(()),
        }
    }

    fn augmented(&mut self, s: &'a ast::StmtAugAssign, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let spot = self.spot(&s.target, scope)?;
        let old = self.read_spot(&spot, &s.target, scope)?;
        let new = self.eval(&s.value, scope)?;
        let at = self.at(s);
        let until = self.at(&*s.value);
        // `list += x` and `set |= x` change the object itself.
        if let V::Unread(unread) = &old
            && unread.is_kept()
        {
            // A list is changed in place, whatever name it has.
            self.refuse_change(at);
            return Ok(());
        }
        let in_place = matches!(
            (&old, s.op),
            (V::List(_), ast::Operator::Add | ast::Operator::Mult) | (V::Set(_) | V::Dict(_), _)
        );
        let place = match &new {
            V::Unread(unread) => Some(Rc::clone(unread)),
            _ => None,
        };
        if in_place && let Some(unread) = self.doubt.clone().or(place) {
            self.touch(&old, &unread);
            let value = V::Unread(unread);
            return self.write_spot(spot, &s.target, value, until, scope);
        }
        self.gives(&old, &new);
        let value = match (&old, s.op) {
            (V::List(items), ast::Operator::Add) => {
                let more = self.items(&new, at)?;
                self.allot(more.len(), at)?;
                let more: Vec<_> = more.into_iter().map(|v| self.doubted(v)).collect();
                items.borrow_mut().extend(more);
                old.clone()
            }
            (V::List(items), ast::Operator::Mult) => {
                if let V::List(made) = self.binary(s.op, old.clone(), new, at)? {
                    let made = made.borrow().clone();
                    *items.borrow_mut() = made;
                }
                old.clone()
            }
            (V::Set(set), _) if !set.borrow().frozen => {
                match self.binary(s.op, old.clone(), new, at)? {
                    V::Set(made) => {
                        set.swap(&made);
                        old.clone()
                    }
                    other => other,
                }
            }
            (V::Dict(dict), ast::Operator::BitOr) if matches!(new, V::Dict(_)) => {
                self.merge_into(dict, &new, at)?;
                old.clone()
            }
            (V::Dict(_) | V::Deque(_), _) => {
                let what = "What this changes in place is not read";
                self.refuse(at, what, "use `update()` or `extend()`")
            }
            (V::Instance(instance), op) => {
                let name = format!("__i{}__", super::operators::operator_method(op));
                let own = self.special(&old, &name, at)?;
                let changes = matches!(
                    *instance.builtin.borrow(),
                    Some(V::List(_) | V::Set(_) | V::Dict(_))
                );
                match own {
                    Some(method) => match self.call(&method, Args::of(at, [new.clone()]))? {
                        V::NotImplemented => self.binary(op, old, new, at)?,
                        result => result,
                    },
                    None if changes => {
                        let what = "What this changes in place is not read";
                        self.refuse(at, what, "call a method instead")
                    }
                    None => self.binary(op, old, new, at)?,
                }
            }
            _ => self.binary(s.op, old, new, at)?,
        };
        self.write_spot(spot, &s.target, value, until, scope)
    }

    /// Runs the branch that a known test chooses; both, in doubt, if it is unread.
    fn if_statement(&mut self, s: &'a ast::StmtIf, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        if let Some(Place::If(position)) = self.place_before() {
            let clause = position
                .checked_sub(1)
                .and_then(|p| s.elif_else_clauses.get(p));
            let body = clause.map_or(&s.body, |clause| &clause.body);
            let result = self.run(body, scope);
            return self.note_place(result, || Place::If(position));
        }
        let test = self.eval(&s.test, scope)?;
        let mut doubt = match self.truth(&test, self.at(&*s.test))? {
            Ok(true) => {
                let result = self.run(&s.body, scope);
                return self.note_place(result, || Place::If(0));
            }
            Ok(false) => None,
            Err(unread) => Some(unread),
        };
        if let Some(unread) = &doubt {
            self.branch_in_doubt(unread, &s.body, scope)?;
        }
        for (position, clause) in s.elif_else_clauses.iter().enumerate() {
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
                (Ok(true), None) => {
                    let result = self.run(&clause.body, scope);
                    return self.note_place(result, || Place::If(position + 1));
                }
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

    /// The `else` of a loop; a generator does not stop there.
    pub(super) fn behind(&mut self, body: &'a [Stmt], scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let result = self.run(body, scope);
        self.no_yield(result, body)
    }

    /// Refuses a `yield` where a generator could not go back to.
    pub(super) fn no_yield(&mut self, result: R<'a, ()>, body: &'a [Stmt]) -> R<'a, ()> {
        match result {
            Err(exit) if matches!(*exit, Exit::Yield(_)) => {
                let at = body.first().map_or_else(|| self.start(), |s| self.at(s));
                self.yield_inside(at).map(drop)
            }
            result => result,
        }
    }

    fn raise_statement(&mut self, s: &'a ast::StmtRaise, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let at = self.at(s);
        let Some(exception) = &s.exc else {
            match self.handling.last() {
                Some(Some(raised)) => return Err(Box::new(Exit::Raise(Rc::clone(raised), at))),
                Some(None) => {}
                None => return self.raise("RuntimeError", "No active exception to reraise", at),
            }
            return Err(Box::new(Exit::Raise(
                Rc::new(Raised {
                    class: "".into(),
                    user: None,
                    arguments: Vec::new(),
                    words: None,
                }),
                at,
            )));
        };
        let value = self.eval(exception, scope)?;
        let value = match value {
            V::ExceptionClass(_) | V::UserClass(_) => self.call(&value, Args::none(at))?,
            value => value,
        };
        if let Some(cause) = &s.cause {
            self.eval(cause, scope)?;
        }
        match value {
            V::Exception(raised) => Err(Box::new(Exit::Raise(raised, at))),
            V::Unread(unread) => {
                if !unread.told {
                    let what = "Which exception is raised here is not read";
                    self.refuse(at, what, "raise an exception of Python or of the model");
                }
                self.leaving.of_try.get_or_insert((unread, None));
                let now = self.remember();
                self.settle(now);
                Ok(())
            }
            _ => self.raise("TypeError", "exceptions must derive from BaseException", at),
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
