//! The statements of a file, one by one, and exceptions that nothing catches.

use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, R};
use super::value::scope::Scope;
use super::value::{At, Raised, V};
use crate::notice::{Notice, code, did_you_mean};
use crate::syntax::python::{self, ast};

/// The number of the file that a model begins with.
const ENTRY: u16 = 0;

impl<'a> Interpreter<'a> {
    /// Runs a file's statements; what Python would not survive is told and passed over.
    pub(super) fn run_file(&mut self, body: &'a [ast::Stmt], scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        scope.set("__doc__", docstring(body).map_or(V::None, V::str));
        let mut is_top = true;
        for statement in body {
            if let ast::Stmt::ImportFrom(import) = statement
                && import
                    .module
                    .as_ref()
                    .is_some_and(|name| name.as_str() == "__future__")
            {
                if !is_top {
                    let what = "Python allows `from __future__` at the top of a file alone";
                    self.refuse(self.at(import), what, "move it there");
                }
            } else {
                is_top &=
                    matches!(statement, ast::Stmt::Expr(s) if s.value.is_string_literal_expr());
            }
            let Err(exit) = self.run(std::slice::from_ref(statement), scope) else {
                continue;
            };
            match *exit {
                Exit::Stop => return Err(Box::new(Exit::Stop)),
                // Whoever imports the file may catch it, or have something to do before the end.
                Exit::Raise(raised, at)
                    if self.caught(&raised.class)
                        || &*raised.class == "SystemExit" && self.unit != ENTRY =>
                {
                    return Err(Box::new(Exit::Raise(raised, at)));
                }
                Exit::Raise(raised, _) if &*raised.class == "SystemExit" => {
                    self.exited = true;
                    return Err(Box::new(Exit::Stop));
                }
                Exit::Raise(raised, at) => self.uncaught(&raised, at, scope)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// An exception that nothing catches: Python would end here.
    pub(super) fn uncaught(
        &mut self,
        raised: &Rc<Raised<'a>>,
        at: At,
        scope: &Scope<'a>,
    ) -> R<'a, ()> {
        let text = match &raised.words {
            Some(words) => words.to_string(),
            None => self.display(&V::Exception(Rc::clone(raised)), at)?,
        };
        let class = raised
            .user
            .as_ref()
            .map_or(&raised.class, |class| &class.name);
        let said = if text.is_empty() {
            class.to_string()
        } else {
            format!("{class}: {text}")
        };
        let message = format!("Python would stop here with {said}; the statement is left out");
        let mut notice = Notice::at(code::INCOMPLETE, self.fatal(), self.place(at), message);
        notice.help = match &*raised.class {
            "NameError" => self.meant(at, scope)?,
            _ => None,
        };
        let remedy = || "run the file with Python, and mend what it says".into();
        notice.help.get_or_insert_with(remedy);
        self.incomplete_as(notice);
        Ok(())
    }

    /// Which name was probably meant by the unknown one that stands there.
    fn meant(&mut self, at: At, scope: &Scope<'a>) -> R<'a, Option<String>> {
        let names = scope.names();
        // A file may hold very many of both.
        self.spend(64 * names.len(), at)?;
        let place = self.place(at);
        Ok(did_you_mean(place.text(), names.iter().map(|name| &**name)))
    }
}

/// The text that a module, class or function begins with.
pub(super) fn docstring(body: &[ast::Stmt]) -> Option<String> {
    match body.first()? {
        ast::Stmt::Expr(s) => match &*s.value {
            ast::Expr::StringLiteral(text) => {
                Some(python::newlines(text.value.to_str()).into_owned())
            }
            _ => None,
        },
        _ => None,
    }
}
