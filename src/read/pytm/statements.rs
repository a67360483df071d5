//! Statements.

use std::rc::Rc;

use super::generators::yield_of;
use super::interpreter::{Exit, Interpreter, R};
use super::value::function::Args;
use super::value::iterator::{Iter, Place};
use super::value::scope::Scope;
use super::value::{Raised, Unread, V};
use super::walk::Next;
use crate::syntax::python::ast::{self, Expr, Stmt};

/// How a loop came to its end.
enum Ended {
    Broken,
    Over,
    Unread(Rc<Unread>),
}

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
            self.annotations(&[&s.annotation]);
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

    fn for_statement(&mut self, s: &'a ast::StmtFor, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let at = self.between(&*s.target, &*s.iter);
        if s.is_async {
            self.refuse(at, "`async for` is not read", "use a plain loop");
        }
        let (walk, inside) = if let Some(Place::For(walk)) = self.place_before() {
            (walk, true)
        } else {
            let collection = self.eval(&s.iter, scope)?;
            match self
                .iterate(&collection, self.at(&*s.iter))
                .map_err(|exit| *exit)
            {
                Ok(walk) => (walk, false),
                Err(Exit::Unread(unread)) => return self.for_unread(s, &unread, scope),
                Err(other) => return Err(Box::new(other)),
            }
        };
        let before = self.remember();
        let outer = self.leaving.of_loop.take();
        let result = self.repeat(&walk, inside, s, scope);
        let broken = std::mem::replace(&mut self.leaving.of_loop, outer);
        self.settle(before);
        let result = self.note_place(result, || Place::For(walk))?;
        self.doubt_target(&s.target, scope);
        match (result, broken) {
            (Ended::Broken, _) => Ok(()),
            (Ended::Over, None) => self.behind(&s.orelse, scope),
            (Ended::Over, Some(unread)) => self.branch_in_doubt(&unread, &s.orelse, scope),
            (Ended::Unread(unread), _) => self.for_unread(s, &unread, scope),
        }
    }

    /// The `else` of a loop; a generator does not stop there.
    fn behind(&mut self, body: &'a [Stmt], scope: &Rc<Scope<'a>>) -> R<'a, ()> {
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

    /// A loop over something of which it is unread what it gives.
    fn for_unread(
        &mut self,
        s: &'a ast::StmtFor,
        unread: &Rc<Unread>,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        let at = self.between(&*s.target, &*s.iter);
        self.may_raise(unread);
        let outer = self.leaving.of_loop.take();
        // A second pass sees what the first one leaves behind.
        for _ in 0..2 {
            let item = V::Unread(Rc::clone(unread));
            self.sites.push(at);
            let result = self.in_doubt(unread, |i| {
                i.bind(&s.target, item, at, scope)?;
                i.run(&s.body, scope)
            });
            self.sites.pop();
            self.left_in_doubt(unread, result)?;
        }
        self.leaving.of_loop = outer;
        self.branch_in_doubt(unread, &s.orelse, scope)
    }

    /// Runs a loop's body for every item.
    fn repeat(
        &mut self,
        walk: &Rc<Iter<'a>>,
        mut inside: bool,
        s: &'a ast::StmtFor,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, Ended> {
        let at = self.between(&*s.target, &*s.iter);
        loop {
            if !std::mem::take(&mut inside) {
                match self.advance(walk, at)? {
                    Next::Item(item) => self.bind(&s.target, item, at, scope)?,
                    Next::End => return Ok(Ended::Over),
                    Next::Unread(unread) => return Ok(Ended::Unread(unread)),
                }
            }
            self.sites.push(at);
            let result = self.run(&s.body, scope);
            self.sites.pop();
            match result {
                Ok(()) => {}
                Err(exit) => match *exit {
                    Exit::Continue => {}
                    Exit::Break => return Ok(Ended::Broken),
                    other => return Err(Box::new(other)),
                },
            }
        }
    }

    fn while_statement(&mut self, s: &'a ast::StmtWhile, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let inside = matches!(self.place_before(), Some(Place::While));
        let before = self.remember();
        let outer = self.leaving.of_loop.take();
        let result = self.repeat_while(s, inside, scope);
        let broken = std::mem::replace(&mut self.leaving.of_loop, outer);
        self.settle(before);
        let result = self.note_place(result, || Place::While)?;
        match (result, broken) {
            (Ok(true), _) => Ok(()),
            (Ok(false), None) => self.behind(&s.orelse, scope),
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
        mut inside: bool,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, Result<bool, Rc<Unread>>> {
        let at = self.at(&*s.test);
        loop {
            self.step(|_| at)?;
            let holds = if std::mem::take(&mut inside) {
                Ok(true)
            } else {
                let test = self.eval(&s.test, scope)?;
                self.truth(&test, at)?
            };
            match holds {
                Ok(false) => return Ok(Ok(false)),
                Err(unread) => {
                    if super::endless::may_be_endless(s) {
                        self.may_be_endless(at, &unread);
                    }
                    for _ in 0..2 {
                        self.branch_in_doubt(&unread, &s.body, scope)?;
                    }
                    return Ok(Err(unread));
                }
                // Broken off, perhaps: then nobody knows how often it runs.
                Ok(true) if self.leaving.of_loop.is_some() && self.still(&s.test) => {
                    if let Some(unread) = self.leaving.of_loop.clone()
                        && !super::endless::is_driven_from_outside(&s.body)
                    {
                        self.may_be_endless(at, &unread);
                    }
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

    /// Nothing shows that a loop ends whose end is unread.
    fn may_be_endless(&mut self, at: super::value::At, unread: &Unread) {
        let message = "How often this loop runs is not read".to_owned();
        self.incomplete(crate::notice::code::INCOMPLETE, at, message, Some(unread));
    }

    /// A test that never fails by itself.
    #[expect(clippy::unused_self, reason = "asks about a statement")]
    fn still(&self, test: &Expr) -> bool {
        matches!(test, Expr::BooleanLiteral(_) | Expr::NumberLiteral(_))
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
