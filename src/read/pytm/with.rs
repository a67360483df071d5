//! Context managers: `with`, and what leaves its body.

use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, R};
use super::state::leaving::Try;
use super::value::function::Args;
use super::value::iterator::Place;
use super::value::scope::Scope;
use super::value::{At, V};
use super::walk::Next;
use crate::syntax::python::ast;

impl<'a> Interpreter<'a> {
    pub(super) fn with_statement(
        &mut self,
        s: &'a ast::StmtWith,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        if s.is_async {
            let at = self.at(s);
            self.refuse(at, "`async with` is not read", "use a plain `with`");
        }
        let mut managers = Vec::new();
        if let Some(Place::With(entered)) = self.place_before() {
            managers = entered;
        } else {
            for item in &s.items {
                let at = self.at(&item.context_expr);
                let entered = self.enter_manager(item, at, scope);
                match entered {
                    Ok(manager) => managers.push((manager, at)),
                    Err(exit) => return self.leave_all(managers, Err(exit)),
                }
            }
        }
        let before = self.remember();
        let outer = self.leaving.of_try.take();
        let swallows = managers.iter().any(|(manager, _)| may_swallow(manager));
        self.tries.push(Try {
            handlers: &[],
            swallows,
        });
        let result = self.run(&s.body, scope);
        self.tries.pop();
        let perhaps = std::mem::replace(&mut self.leaving.of_try, outer);
        if let Some((unread, raised @ Some(_))) = perhaps {
            self.leaving.of_try.get_or_insert((unread, raised));
        }
        self.settle(before);
        if let Err(exit) = &result
            && matches!(**exit, Exit::Yield(_))
        {
            return self.note_place(result, || Place::With(managers));
        }
        for item in &s.items {
            if let Some(target) = &item.optional_vars {
                self.doubt_target(target, scope);
            }
        }
        self.leave_all(managers, result)
    }

    fn enter_manager(&mut self, item: &'a ast::WithItem, at: At, scope: &Rc<Scope<'a>>) -> R<'a> {
        let manager = self.eval(&item.context_expr, scope)?;
        let entered = match &manager {
            V::Instance(_) => match self.attribute_or_none(&manager, "__enter__", at)? {
                Some(enter) => self.call(&enter, Args::none(at))?,
                None => {
                    let message = "object does not support the context manager protocol";
                    return self.raise("TypeError", message, at);
                }
            },
            // What a function under `@contextmanager` yields.
            V::Iter(iter) if !iter.is_generator() || iter.is_manager() => {
                match self.advance(&Rc::clone(iter), at)? {
                    Next::Item(item) => item,
                    Next::Unread(unread) => V::Unread(unread),
                    Next::End => return self.raise("RuntimeError", "generator didn't yield", at),
                }
            }
            V::Iter(_) => {
                let message = "object does not support the context manager protocol";
                return self.raise("TypeError", message, at);
            }
            V::Partial(partial) => match library_manager(&manager) {
                Some("closing" | "nullcontext") => {
                    partial.positional.first().cloned().unwrap_or(V::None)
                }
                _ => V::None,
            },
            V::Unread(unread) => {
                let args = Args::none(at);
                self.unread_call(&Rc::clone(unread), &args)?
            }
            _ if super::types::kind(&manager).is_some() => {
                let message = "object does not support the context manager protocol";
                return self.raise("TypeError", message, at);
            }
            _ => manager.clone(),
        };
        if let Some(target) = &item.optional_vars {
            self.bind(target, entered, at, scope)?;
        }
        Ok(manager)
    }

    fn leave_all(&mut self, managers: Vec<(V<'a>, At)>, mut result: R<'a, ()>) -> R<'a, ()> {
        for (manager, at) in managers.into_iter().rev() {
            if matches!(&result, Err(exit) if matches!(**exit, Exit::Stop)) {
                return result;
            }
            result = self.leave_manager(&manager, at, result);
        }
        result
    }

    /// What one manager makes of how its body was left.
    fn leave_manager(&mut self, manager: &V<'a>, at: At, result: R<'a, ()>) -> R<'a, ()> {
        let raised = match &result {
            Err(exit) => match &**exit {
                Exit::Raise(raised, at) => Some((Rc::clone(raised), *at)),
                _ => None,
            },
            Ok(()) => None,
        };
        match manager {
            V::Instance(_) => {
                let Some(exit) = self.attribute_or_none(manager, "__exit__", at)? else {
                    return result;
                };
                let Some((raised, _)) = raised else {
                    self.call(&exit, Args::of(at, [V::None, V::None, V::None]))?;
                    return result;
                };
                let exception = V::Exception(raised);
                let class = self.call_type("type", Args::of(at, [exception.clone()]))?;
                let traceback = V::outside(at, "a traceback");
                let swallowed = self.call(&exit, Args::of(at, [class, exception, traceback]))?;
                match self.truth(&swallowed, at)? {
                    Ok(true) => Ok(()),
                    Ok(false) => result,
                    Err(unread) => self.left_in_doubt(&unread, result),
                }
            }
            V::Iter(iter) => {
                let iter = Rc::clone(iter);
                if let Some(raised) = raised {
                    self.yielding.thrown = Some(raised);
                    let next = self.advance(&iter, at);
                    self.yielding.thrown = None;
                    return match next? {
                        Next::End => Ok(()),
                        Next::Unread(unread) => self.left_in_doubt(&unread, result),
                        Next::Item(_) => {
                            self.raise("RuntimeError", "generator didn't stop after throw()", at)
                        }
                    };
                }
                match self.advance(&iter, at)? {
                    Next::Item(_) => self.raise("RuntimeError", "generator didn't stop", at),
                    Next::End | Next::Unread(_) => result,
                }
            }
            V::Partial(partial) => match (library_manager(manager), raised) {
                (Some("suppress"), Some((raised, _))) => {
                    let classes = V::tuple(partial.positional.clone());
                    match self.is_instance(&V::Exception(raised), &classes) {
                        Some(true) => Ok(()),
                        Some(false) => result,
                        None => {
                            let what = "Which exceptions are suppressed here is not read";
                            self.refuse(at, what, "name exception classes of Python");
                            result
                        }
                    }
                }
                (Some("closing"), _) => {
                    let owner = partial.positional.first().cloned().unwrap_or(V::None);
                    let close = self.attribute(&owner, "close", at)?;
                    self.call(&close, Args::none(at))?;
                    result
                }
                _ => result,
            },
            // It may swallow what the body raised.
            V::Unread(unread) if raised.is_some() => self.left_in_doubt(&Rc::clone(unread), result),
            _ => result,
        }
    }
}

/// The name of a manager of `contextlib`.
fn library_manager<'v>(manager: &'v V<'_>) -> Option<&'v str> {
    match manager {
        V::Partial(partial) => match &partial.function {
            V::Library(name) => name.strip_prefix("contextlib."),
            _ => None,
        },
        _ => None,
    }
}

fn may_swallow(manager: &V<'_>) -> bool {
    match manager {
        V::Instance(_) | V::Iter(_) => true,
        V::Partial(_) => library_manager(manager) == Some("suppress"),
        _ => false,
    }
}
