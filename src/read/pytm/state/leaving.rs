//! What statements may have been left for already.

use std::rc::Rc;

use crate::read::pytm::value::{Raised, Unread};
use crate::syntax::python::ast;

/// Why the rest of a loop, function or `try` may not run: something may have left it.
#[derive(Default)]
pub struct Leaving<'a> {
    pub of_loop: Option<Rc<Unread>>,
    pub of_function: Option<Rc<Unread>>,
    /// With the exception, where it is known which it would be.
    pub of_try: Option<(Rc<Unread>, Option<Rc<Raised<'a>>>)>,
}

impl Leaving<'_> {
    /// The innermost of them.
    pub fn first(&self) -> Option<&Rc<Unread>> {
        self.of_loop
            .as_ref()
            .or(self.of_function.as_ref())
            .or(self.of_try.as_ref().map(|(unread, _)| unread))
    }
}

/// One `try`, or `with` that may act like one, around what runs.
#[derive(Clone, Copy)]
pub struct Try<'a> {
    pub handlers: &'a [ast::ExceptHandler],
    /// A handler goes on as if nothing had happened.
    pub swallows: bool,
}
