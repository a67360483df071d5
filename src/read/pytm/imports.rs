//! `import` statements: the names that they bind.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::function::Args;
use super::value::scope::{Module, Scope};
use super::value::{At, V};
use super::{library, library_names, namespaces};
use crate::syntax::python::ast;

impl<'a> Interpreter<'a> {
    /// `import a.b`, `import a.b as c`.
    pub(super) fn import(&mut self, s: &'a ast::StmtImport, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        for alias in &s.names {
            let at = self.at(alias);
            let dotted = alias.name.as_str();
            let top = dotted.split('.').next().unwrap_or(dotted);
            let (name, value) = if let Some(name) = &alias.asname {
                (name.as_str(), self.module(dotted, at)?)
            } else {
                let whole = self.module(dotted, at)?;
                let value = if top == dotted {
                    whole
                } else {
                    self.module(top, at)?
                };
                (top, value)
            };
            self.bind_name(scope, name, value);
        }
        Ok(())
    }

    /// `from a.b import c`, `from .b import *`.
    pub(super) fn import_from(
        &mut self,
        s: &'a ast::StmtImportFrom,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        let at = self.at(s);
        let dotted = s.module.as_ref().map_or("", |name| name.as_str());
        let module = if s.level > 0 {
            self.relative_module(dotted, s.level, scope, at)?
        } else {
            self.module(dotted, at)?
        };
        for alias in &s.names {
            let name = alias.name.as_str();
            let at = self.at(alias);
            if name == "*" {
                self.import_all(&module, scope, at);
                continue;
            }
            let value = match &module {
                V::Module(inner) => self.name_of_module(&Rc::clone(inner), name, at)?,
                V::Library(library) if library.split('.').next() == Some("pytm") => {
                    match self.pytm_attribute(&Rc::clone(library), name) {
                        Some(value) => value,
                        None if self.caught("ImportError") => {
                            let message = format!("cannot import name '{name}' from '{library}'");
                            return self.raise("ImportError", message, at);
                        }
                        None => self.no_such_name(name, at),
                    }
                }
                V::Library(library) if library_names::has(library, name) == Some(false) => {
                    let message = format!("cannot import name '{name}' from '{library}'");
                    return self.raise("ImportError", message, at);
                }
                V::Library(library) => {
                    let value = self.library_attribute(&Rc::clone(library), name);
                    if let (V::Library(full), true) = (&value, self.caught("ImportError"))
                        && !library::is_read(full)
                        && library_names::has(library, name).is_none()
                    {
                        let why = format!("whether `{library}` has `{name}` is not known");
                        if let V::Unread(unread) = V::outside(at, why) {
                            self.may_raise(&unread);
                        }
                    }
                    value
                }
                other => other.clone(),
            };
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            self.bind_name(scope, bound.as_str(), value);
        }
        Ok(())
    }

    /// `importlib.import_module("name")` and `__import__("name")`, which gives the first part.
    pub(super) fn import_by_name(&mut self, args: &Args<'a>, whole: bool) -> R<'a> {
        let at = args.at;
        match (args.positional.as_slice(), args.keywords.is_empty()) {
            ([(V::Str(name), _)], true) if !name.text.starts_with('.') => {
                let name = name.text.to_string();
                let module = self.module(&name, at)?;
                match name.split_once('.') {
                    Some((first, _)) if !whole => self.module(first, at),
                    _ => Ok(module),
                }
            }
            _ => {
                let what = "Which module is imported here is not read";
                Ok(self.refuse(at, what, "write an `import` statement"))
            }
        }
    }

    /// `importlib.util.find_spec("name")`: something that is true, or None. What is not part of
    /// this repository and not known to be everywhere may be installed or not.
    pub(super) fn find_spec(&mut self, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let name = match (args.positional.as_slice(), args.keywords.is_empty()) {
            ([(V::Str(name), _)], true) => name.text.to_string(),
            _ => String::new(),
        };
        let top = name.split('.').next().unwrap_or("").to_owned();
        let is_there = top == name
            && (top == "pytm" || super::names::has_module(&top) == super::names::Has::Yes)
            || namespaces::is_module(&name);
        if is_there && !self.is_shadowed(&top) {
            return Ok(V::Library("ModuleSpec".into()));
        }
        let what = "Whether a module can be found is not read";
        Ok(self.refuse(
            at,
            what,
            "import it inside `try`, with `except ImportError`",
        ))
    }

    fn name_of_module(&mut self, module: &Rc<Module<'a>>, name: &str, at: At) -> R<'a> {
        if let Some(value) = module.scope.own(name) {
            return Ok(value);
        }
        if let Some(value) = self.module_attribute(module, name, at) {
            return Ok(value);
        }
        if let Some(folder) = module.folder.clone()
            && let Some(value) = self.module_below(&folder, Some(&module.name), name, at)?
        {
            module.scope.set(name, value.clone());
            return Ok(value);
        }
        let message = match &*module.name {
            // The model itself imports what imports from it.
            "__main__" => format!(
                "attempted relative import with no known parent package: the model is started as \
                 a script, so nothing can import `{name}` from it here"
            ),
            module => format!("cannot import {name} from {module}"),
        };
        self.raise("ImportError", message, at)
    }

    fn import_all(&mut self, module: &V<'a>, scope: &Rc<Scope<'a>>, at: At) {
        match module {
            V::Module(module) => {
                let all = match module.scope.own("__all__") {
                    None => {
                        for (name, value) in module.scope.bound() {
                            if !name.starts_with('_') {
                                scope.set(&name, value);
                            }
                        }
                        return;
                    }
                    Some(V::List(items)) => items.borrow().clone(),
                    Some(V::Tuple(items)) => items.to_vec(),
                    Some(_) => vec![V::None],
                };
                for name in all {
                    let name = name.as_str().unwrap_or("");
                    if let Some(value) = module.scope.own(name) {
                        scope.set(name, value);
                    } else {
                        let what = format!(
                            "Which name `__all__` of the module {} means is not read",
                            module.name
                        );
                        self.refuse(at, what, "list names there that the module binds");
                    }
                }
            }
            V::Library(library) if namespaces::is_module(library) => {
                for name in namespaces::starred(library).into_iter().flatten() {
                    if let Some(value) = self.member_of_pytm(library, name) {
                        scope.set(name, value);
                    }
                }
            }
            V::Library(library) if &**library == "os.path" => {
                for name in OF_OS_PATH.split_whitespace() {
                    let value = self.library_attribute(library, name);
                    scope.set(name, value);
                }
            }
            V::Unread(unread) if unread.told => {}
            _ => {
                let what = "Which names this import binds is not read";
                self.refuse(at, what, "import the names one by one");
            }
        }
    }
}

/// What `from os.path import *` binds.
const OF_OS_PATH: &str = "normcase isabs join splitdrive split splitext basename dirname \
    commonprefix getsize getmtime getatime getctime islink exists lexists isdir isfile ismount \
    expanduser expandvars normpath abspath samefile sameopenfile samestat curdir pardir sep \
    pathsep defpath altsep extsep devnull realpath supports_unicode_filenames relpath commonpath";
