//! What is not known to happen, and what is refused.
//!
//! Doubt is what decides whether the current statements run at all, where that is
//! unread. A refusal is an error at a line: it is no exception of Python's, so nothing in
//! a model catches it, and the models that follow are incomplete.

use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, R};
use super::value::scope::Scope;
use super::value::{At, Part, Raised, Unread, V};
use crate::notice::{Notice, code};
use crate::syntax::python::ast::{Expr, Stmt};

/// What is in doubt at some point, to return to.
pub(super) struct Doubt {
    doubt: Option<Rc<Unread>>,
    poison: bool,
}

impl<'a> Interpreter<'a> {
    /// Refuses something: an error that says what was not read and what to write instead.
    /// Reading goes on with the value, which is unread, for the sake of the other findings.
    pub(super) fn refuse(
        &mut self,
        at: At,
        what: impl Into<String>,
        instead: impl Into<String>,
    ) -> V<'a> {
        let what = what.into();
        let place = self.place(at);
        let notice = Notice::at(code::INCOMPLETE, self.fatal(), place, what.clone());
        self.incomplete_as(notice.with_help(instead.into()));
        V::Unread(Rc::new(Unread {
            at,
            why: what,
            inert: false,
            told: true,
            part: Part::None,
        }))
    }

    /// The models from here on are incomplete, for this reason.
    pub(super) fn incomplete(
        &mut self,
        code: &'static str,
        at: At,
        message: String,
        unread: Option<&Unread>,
    ) {
        let mut notice = Notice::at(code, self.fatal(), self.place(at), message);
        if let Some(unread) = unread {
            if unread.told || self.told.contains(&self.place(unread.at)) {
                self.registry.incomplete |= !self.registry.is_late();
                return;
            }
            if unread.at == at {
                notice.message = format!("{}: {}", notice.message, unread.why);
            } else {
                notice = notice.with_label(self.place(unread.at), unread.why.clone());
            }
        }
        self.incomplete_as(notice);
    }

    /// The models from here on are incomplete, as a notice of that severity tells. After
    /// `process()` it waits for the model that it would concern.
    pub(super) fn incomplete_as(&mut self, notice: Notice) {
        if !self.registry.is_late() {
            self.registry.incomplete = true;
            self.notice(notice);
        } else if self.pending.len() < 100 && !self.pending.contains(&notice) {
            self.pending.push(notice);
        }
    }

    /// Another model follows what was refused after `process()`.
    pub(super) fn tell_pending(&mut self) {
        for notice in std::mem::take(&mut self.pending) {
            self.registry.incomplete = true;
            self.notice(notice);
        }
    }

    /// Runs something of which it is unread whether it would run.
    pub(super) fn in_doubt<T>(
        &mut self,
        unread: &Rc<Unread>,
        run: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.remember();
        self.doubt = Some(Rc::clone(unread));
        self.poison = true;
        let result = run(self);
        self.settle(before);
        result
    }

    /// What is in doubt now.
    pub(super) fn remember(&self) -> Doubt {
        Doubt {
            doubt: self.doubt.clone(),
            poison: self.poison,
        }
    }

    /// Back to what was in doubt before, and to what may have been left since.
    pub(super) fn settle(&mut self, before: Doubt) {
        let left = self.leaving.first().cloned();
        self.poison = before.poison || left.is_some();
        self.doubt = before.doubt.or(left);
    }

    /// What a name, an attribute or an item holds after an assignment that may not happen.
    pub(super) fn doubted(&self, value: V<'a>) -> V<'a> {
        match &self.doubt {
            Some(unread) => V::perhaps(unread, &value, &V::None),
            None => value,
        }
    }

    /// Binds a name; in doubt it may still hold what it held.
    pub(super) fn bind_name(&mut self, scope: &Rc<Scope<'a>>, name: &str, value: V<'a>) {
        let value = match &self.doubt {
            Some(unread) if self.poison || scope.is_elsewhere(name) => {
                let old = scope.own(name).unwrap_or(V::None);
                V::perhaps(unread, &value, &old)
            }
            _ => value,
        };
        scope.set(name, value);
    }

    /// What a loop or `with` bound is no longer certain behind it.
    pub(super) fn doubt_target(&mut self, target: &'a Expr, scope: &Rc<Scope<'a>>) {
        if !self.poison {
            return;
        }
        match target {
            Expr::Name(name) => {
                if let Some(value) = scope.own(name.id.as_str()) {
                    let value = self.doubted(value);
                    scope.set(name.id.as_str(), value);
                }
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|t| self.doubt_target(t, scope)),
            Expr::List(list) => list.elts.iter().for_each(|t| self.doubt_target(t, scope)),
            Expr::Starred(starred) => self.doubt_target(&starred.value, scope),
            _ => {}
        }
    }

    /// Runs statements that may not run.
    pub(super) fn branch_in_doubt(
        &mut self,
        unread: &Rc<Unread>,
        body: &'a [Stmt],
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        let result = self.in_doubt(unread, |s| s.run(body, scope));
        self.left_in_doubt(unread, result)
    }

    /// What ran in doubt would have left something: so the rest of that is in doubt.
    pub(super) fn left_in_doubt(&mut self, unread: &Rc<Unread>, result: R<'a, ()>) -> R<'a, ()> {
        let unread = Rc::clone(unread);
        match result.map_err(|exit| *exit) {
            Ok(()) => return Ok(()),
            Err(exit @ (Exit::Stop | Exit::Yield(_) | Exit::Unread(_))) => {
                return Err(Box::new(exit));
            }
            Err(Exit::Raise(raised, at)) => {
                self.refuse_certain_end(&unread, &raised, at);
                self.leaving.of_try.get_or_insert((unread, Some(raised)));
            }
            Err(Exit::Return(value)) => {
                if let (false, Some(frame)) = (value.is_data(), self.frames.last_mut()) {
                    frame.may_return_more = true;
                }
                self.leaving.of_function.get_or_insert(unread);
            }
            Err(Exit::Break | Exit::Continue) => {
                self.leaving.of_loop.get_or_insert(unread);
            }
        }
        let now = self.remember();
        self.settle(now);
        Ok(())
    }

    /// Python itself raises something in what may not run, and nothing catches it: if it
    /// runs, the model ends there. A model that says so with `raise` means it.
    fn refuse_certain_end(&mut self, doubt: &Unread, raised: &Raised<'a>, at: At) {
        let Some(words) = raised.words.clone().filter(|_| !self.caught(&raised.class)) else {
            return;
        };
        if doubt.told || raised.class.is_empty() || &*raised.class == "SystemExit" {
            return;
        }
        let what = format!(
            "If this runs, which is not read, Python stops here with {}: {words}",
            raised.class
        );
        self.refuse(at, what, "write it as Python takes it, or leave it out");
    }

    /// Something unread happens here, which may raise. That matters inside a `try` that
    /// goes on then: the rest of its body may not run, and its handlers may.
    pub(super) fn may_raise(&mut self, unread: &Rc<Unread>) {
        if self.leaving.of_try.is_none() && self.tries.last().is_some_and(|inner| inner.swallows) {
            self.leaving.of_try = Some((Rc::clone(unread), None));
            let now = self.remember();
            self.settle(now);
        }
    }
}
