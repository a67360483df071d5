//! Loops: `for` and `while`, also where it is unread how often they run.

use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, R};
use super::value::iterator::{Iter, Place};
use super::value::scope::Scope;
use super::value::{At, Unread, V};
use super::walk::Next;
use crate::syntax::python::ast::{self, Expr};

/// How a loop came to its end.
enum Ended {
    Broken,
    Over,
    Unread(Rc<Unread>),
}

impl<'a> Interpreter<'a> {
    pub(super) fn for_statement(
        &mut self,
        s: &'a ast::StmtFor,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
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
            if self.is_left(&s.body, at, scope)? {
                return Ok(Ended::Broken);
            }
        }
    }

    pub(super) fn while_statement(
        &mut self,
        s: &'a ast::StmtWhile,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
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
                Ok(true) if self.leaving.of_loop.is_some() && never_fails(&s.test) => {
                    if let Some(unread) = self.leaving.of_loop.clone()
                        && !super::endless::is_driven_from_outside(&s.body)
                    {
                        self.may_be_endless(at, &unread);
                    }
                    return Ok(Ok(true));
                }
                Ok(true) => {}
            }
            if self.is_left(&s.body, at, scope)? {
                return Ok(Ok(true));
            }
        }
    }

    /// Runs the body of a loop once; true if it left the loop.
    fn is_left(&mut self, body: &'a [ast::Stmt], at: At, scope: &Rc<Scope<'a>>) -> R<'a, bool> {
        self.sites.push(at);
        let result = self.run(body, scope);
        self.sites.pop();
        match result.map_err(|exit| *exit) {
            Ok(()) | Err(Exit::Continue) => Ok(false),
            Err(Exit::Break) => Ok(true),
            Err(other) => Err(Box::new(other)),
        }
    }

    /// Nothing shows that a loop ends whose end is unread.
    fn may_be_endless(&mut self, at: At, unread: &Unread) {
        let message = "How often this loop runs is not read".to_owned();
        self.incomplete(crate::notice::code::INCOMPLETE, at, message, Some(unread));
    }
}

/// Whether a test ends no loop and raises nothing by itself.
fn never_fails(test: &Expr) -> bool {
    matches!(test, Expr::BooleanLiteral(_) | Expr::NumberLiteral(_))
}
