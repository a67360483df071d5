//! Generators: functions that stop at `yield` and go on from there.
//!
//! A function that yields leaves its statements like an exception does, and each of them
//! notes where it was; when the next item is asked for they go back there.

use std::rc::Rc;

use super::function::{Body, Function};
use super::interpreter::{Exit, Frame, Interpreter, R};
use super::scope::Scope;
use super::value::{At, Raised, V};
use super::walk::{Iter, Next};
use crate::syntax::python::ast::{self, Expr, Stmt};

/// Where a statement was when its function yielded.
pub(super) enum Place<'a> {
    /// The position in a list of statements.
    Block(usize),
    If(usize),
    For(Rc<Iter<'a>>),
    While,
    Try,
    Case(usize),
    /// The managers that were entered.
    With(Vec<(V<'a>, At)>),
    Yield,
    /// The iterator of `yield from`.
    From(Rc<Iter<'a>>),
}

/// A generator: its function, and where it is.
pub(super) struct Generator<'a> {
    pub(super) function: Rc<Function<'a>>,
    pub(super) scope: Rc<Scope<'a>>,
    pub(super) first: Option<V<'a>>,
    pub(super) at: At,
    /// Outermost last.
    pub(super) places: Vec<Place<'a>>,
    pub(super) abandoned: Abandoned,
}

/// Where a generator was given up that stood inside a `try` or a `with`: Python runs the
/// rest of that then.
pub(super) type Abandoned = Rc<std::cell::Cell<Option<At>>>;

impl Drop for Generator<'_> {
    fn drop(&mut self) {
        if self.has_more_to_do() {
            self.abandoned.set(Some(self.at));
        }
    }
}

impl Generator<'_> {
    /// Whether closing it would run more of it: it stands inside a `try` or a `with`.
    pub(super) fn has_more_to_do(&self) -> bool {
        self.places
            .iter()
            .any(|place| matches!(place, Place::Try | Place::With(_) | Place::From(_)))
    }
}

/// What the running generator hands back and forth.
#[derive(Default)]
pub(super) struct Yielding<'a> {
    /// Where to go back to, outermost last.
    pub(super) resuming: Vec<Place<'a>>,
    /// Where it was left, innermost first.
    suspended: Vec<Place<'a>>,
    /// What the last generator that came to its end returned.
    returned: Option<V<'a>>,
    /// An exception that `with` throws into it.
    pub(super) thrown: Option<(Rc<Raised<'a>>, At)>,
}

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
                super::walk::Walk::Coroutine(function, args) => {
                    self.call_body(&function, *args, None)
                }
                _ => Ok(V::None),
            },
            V::Unread(unread) => {
                let args = super::function::Args::none(at);
                self.unread_call(&Rc::clone(unread), &args)
            }
            _ => self.raise("TypeError", "object cannot be awaited", at),
        }
    }

    /// `asyncio.run(…)`, and `asyncio.gather(…)` of coroutines, which run one after another
    /// as long as none of them waits for something outside.
    pub(super) fn asyncio(&mut self, name: &str, args: super::function::Args<'a>) -> R<'a> {
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
