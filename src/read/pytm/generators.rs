//! Generators: functions that stop at `yield` and go on from there.
//!
//! A function that yields leaves its statements like an exception does, and each of them
//! notes where it was; when the next item is asked for they go back there.

use std::rc::Rc;

use super::interpreter::{Exit, Frame, Interpreter, R};
use super::state::yielding::Yielding;
use super::value::function::Body;
use super::value::iterator::{Generator, Place};
use super::value::scope::Scope;
use super::value::{At, V};
use super::walk::Next;
use crate::syntax::python::ast::{self, Expr, Stmt};

impl<'a> Interpreter<'a> {
    /// Runs a generator up to its next `yield`.
    pub(super) fn resume(&mut self, generator: &mut Generator<'a>, at: At) -> R<'a, Next<'a>> {
        let Body::Statements(body) = generator.function.body else {
            return Ok(Next::End);
        };
        if self.calls >= super::interpreter::MAX_CALLS {
            return Err(self.limit(at, "generators inside one another"));
        }
        let function = Rc::clone(&generator.function);
        let owner = function
            .owner
            .borrow()
            .as_ref()
            .and_then(std::rc::Weak::upgrade);
        self.frames.push(Frame {
            owner,
            first: generator.first.clone(),
            may_return_more: false,
        });
        self.sites.push(generator.at);
        let sites = self.sites.len();
        self.calls += 1;
        let unit = std::mem::replace(&mut self.unit, function.unit);
        let before = self.remember();
        self.poison = false;
        let of_loop = self.leaving.of_loop.take();
        let of_function = self.leaving.of_function.take();
        let thrown = self.yielding.thrown.take();
        let yielding = Yielding {
            resuming: std::mem::take(&mut generator.places),
            suspended: Vec::new(),
            returned: None,
            thrown,
        };
        let outer = std::mem::replace(&mut self.yielding, yielding);
        let result = self.run(body, &generator.scope);
        let inner = std::mem::replace(&mut self.yielding, outer);
        self.leaving.of_loop = of_loop;
        let returned = std::mem::replace(&mut self.leaving.of_function, of_function);
        self.settle(before);
        self.unit = unit;
        self.calls -= 1;
        self.sites.truncate(sites.saturating_sub(1));
        self.frames.pop();
        if let Some(unread) = returned
            && !matches!(&result, Err(exit) if matches!(**exit, Exit::Stop))
        {
            return Ok(Next::Unread(unread));
        }
        match result.map_err(|exit| *exit) {
            Ok(()) => Ok(Next::End),
            Err(Exit::Return(value)) => {
                self.yielding.returned = Some(value);
                Ok(Next::End)
            }
            Err(Exit::Raise(raised, _)) if &*raised.class == "StopIteration" => {
                self.raise("RuntimeError", "generator raised StopIteration", at)
            }
            Err(Exit::Yield(value)) => {
                generator.places = inner.suspended;
                Ok(Next::Item(value))
            }
            Err(other) => Err(Box::new(other)),
        }
    }

    /// Refuses what a generator does that nobody goes through to its end.
    pub(super) fn refuse_abandoned(&mut self) {
        if let Some(at) = self.abandoned.take() {
            let what = "What a generator still does when it is given up is not read";
            self.refuse(
                at,
                what,
                "go through all its items, or leave its `try` and `with` out",
            );
        }
    }

    /// Notes where a statement is, if it is left because its function yields.
    pub(super) fn note_place<T>(
        &mut self,
        result: R<'a, T>,
        place: impl FnOnce() -> Place<'a>,
    ) -> R<'a, T> {
        if let Err(exit) = &result
            && matches!(**exit, Exit::Yield(_))
        {
            self.yielding.suspended.push(place());
        }
        result
    }

    /// Where the statement that is gone back to was.
    pub(super) fn place_before(&mut self) -> Option<Place<'a>> {
        self.yielding.resuming.pop()
    }

    /// A statement whose value is a `yield`: the value that comes of it, when it goes on.
    pub(super) fn yielded(&mut self, expr: &'a Expr, scope: &Rc<Scope<'a>>) -> R<'a> {
        let at = self.at(expr);
        let walk = match (self.place_before(), expr) {
            (Some(Place::Yield), _) => {
                if let Some((raised, at)) = self.yielding.thrown.take() {
                    return Err(Box::new(Exit::Raise(raised, at)));
                }
                return Ok(V::None);
            }
            (Some(Place::From(walk)), _) => walk,
            (_, Expr::Yield(e)) => {
                let value = match &e.value {
                    Some(value) => self.eval(value, scope)?,
                    None => V::None,
                };
                return self.leave_with(value, Place::Yield, at);
            }
            (_, Expr::YieldFrom(e)) => {
                let value = self.eval(&e.value, scope)?;
                self.iterate(&value, at)?
            }
            _ => return Ok(V::None),
        };
        let is_generator = walk.is_generator();
        self.yielding.returned = None;
        match self.advance(&walk, at)? {
            Next::Item(item) => self.leave_with(item, Place::From(walk), at),
            Next::End if is_generator => Ok(self.yielding.returned.take().unwrap_or(V::None)),
            Next::End => Ok(V::None),
            Next::Unread(unread) => Err(Box::new(Exit::Unread(unread))),
        }
    }

    fn leave_with(&mut self, value: V<'a>, place: Place<'a>, at: At) -> R<'a> {
        self.allot(64, at)?;
        if let (true, Some(unread)) = (self.poison, &self.doubt) {
            self.leaving.of_function.get_or_insert(Rc::clone(unread));
        }
        self.yielding.suspended.push(place);
        Err(Box::new(Exit::Yield(value)))
    }

    /// `yield` inside another expression.
    pub(super) fn yield_inside(&mut self, at: At) -> R<'a> {
        let what = "A `yield` inside an expression is not read";
        let value = self.refuse(at, what, "give it a statement of its own");
        match value {
            V::Unread(unread) => Err(Box::new(Exit::Unread(unread))),
            other => Ok(other),
        }
    }

    /// What `await` gives: a coroutine runs where it is awaited.
    pub(super) fn awaited(&mut self, value: V<'a>, at: At) -> R<'a> {
        match &value {
            V::Iter(iter) if iter.is_coroutine() => match iter.take() {
                super::value::iterator::Walk::Coroutine(function, args) => {
                    self.call_body(&function, *args, None)
                }
                _ => Ok(V::None),
            },
            V::Unread(unread) => {
                let args = super::value::function::Args::none(at);
                self.unread_call(&Rc::clone(unread), &args)
            }
            _ => self.raise("TypeError", "object cannot be awaited", at),
        }
    }

    /// `asyncio.run(…)`, and `asyncio.gather(…)` of coroutines, which run one after another
    /// as long as none of them waits for something outside.
    pub(super) fn asyncio(&mut self, name: &str, args: super::value::function::Args<'a>) -> R<'a> {
        let at = args.at;
        match (name, args.positional.as_slice()) {
            ("run", [(coroutine, _)]) => self.awaited(coroutine.clone(), at),
            ("sleep", _) => Ok(V::outside(at, "asyncio.sleep() is not run")),
            _ => {
                let full = format!("asyncio.{name}");
                self.library_call(&full, &args)
            }
        }
    }
}

/// The `yield` that a statement is about, if that is its whole value.
pub(super) fn yield_of(statement: &Stmt) -> Option<&Expr> {
    let value = match statement {
        Stmt::Expr(s) => &s.value,
        Stmt::Assign(ast::StmtAssign { value, .. }) => value,
        _ => return None,
    };
    matches!(&**value, Expr::Yield(_) | Expr::YieldFrom(_)).then_some(value)
}
