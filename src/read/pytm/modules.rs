//! Modules: pytm, the standard library, and files of the repository, each run once.

use std::rc::Rc;
use std::sync::Arc;

use super::interpreter::{Interpreter, R};
use super::value::scope::{Module, Scope};
use super::value::{At, V};
use super::{library, library_names, namespaces, outside};
use crate::notice::{Notice, code};
use crate::source::RepoPath;
use crate::syntax::python;

/// What it takes to begin with a module, in steps.
const STEPS_OF_A_MODULE: usize = 500;

impl<'a> Interpreter<'a> {
    /// A module by its dotted name. As in Python the folders of the search path come before
    /// the standard library and before pytm.
    pub(super) fn module(&mut self, dotted: &str, at: At) -> R<'a> {
        let top = dotted.split('.').next().unwrap_or(dotted);
        if top == "__main__" {
            let entry = self.units.first().source.path().clone();
            if let Some(entry) = self.modules.get(&entry) {
                return Ok(V::Module(Rc::clone(entry)));
            }
        }
        let known = top == "pytm" || library::is_module(dotted) || outside::is_inert(dotted);
        if known {
            return self.known_module(dotted, at);
        }
        if let Some(module) = self.searched(dotted, at)? {
            return Ok(module);
        }
        if let Some(root) = RepoPath::new("")
            && let Some(module) = self.module_below(&root, None, dotted, at)?
        {
            return Ok(module);
        }
        self.no_module(dotted, at)
    }

    fn searched(&mut self, dotted: &str, at: At) -> R<'a, Option<V<'a>>> {
        for base in self.search.clone() {
            if let Some(module) = self.module_below(&base, None, dotted, at)? {
                return Ok(Some(module));
            }
        }
        Ok(None)
    }

    /// A module of Python, of pytm, or of a package that knows no model, unless the
    /// repository has one of that name beside the entry.
    fn known_module(&mut self, dotted: &str, at: At) -> R<'a> {
        let top = dotted.split('.').next().unwrap_or(dotted);
        if !outside::is_built_in(top) && self.is_shadowed(top) {
            if outside::is_imported_by_pytm(top) {
                let what = format!(
                    "A file of this repository stands for the module `{top}`, which pytm itself imports"
                );
                return Ok(self.refuse(at, what, "give the file another name"));
            }
            if let Some(module) = self.searched(dotted, at)? {
                return Ok(module);
            }
        }
        if top == "pytm" && !namespaces::is_module(dotted) {
            if self.caught("ModuleNotFoundError") {
                let message = format!("No module named '{dotted}'");
                return self.raise("ModuleNotFoundError", message, at);
            }
            let what = format!("pytm has no module `{dotted}`; Python stops here");
            return Ok(self.refuse(at, what, "import from `pytm` itself"));
        }
        if library_names::lacks_module(dotted) {
            let message = format!("No module named '{dotted}'");
            return self.raise("ModuleNotFoundError", message, at);
        }
        let module = V::Library(dotted.into());
        let is_outside = top != "pytm" && !library_names::is_of_python(top);
        let may_lack = outside::is_inert(dotted) && !outside::is_certain(dotted);
        if is_outside && (may_lack || dotted.contains('.')) {
            let unread = V::outside(at, format!("whether `{dotted}` is installed is not known"));
            if let V::Unread(unread) = &unread {
                self.may_raise(unread);
            }
        }
        Ok(module)
    }

    /// Whether a folder of the search path has a module of that name. pytm's own package is
    /// itself.
    pub(super) fn is_shadowed(&self, top: &str) -> bool {
        self.search.iter().any(|base| {
            let has = |name: &str| {
                base.join(name)
                    .filter(|file| self.tree.may_be_named(file))
                    .and_then(|file| self.tree.open(&file).ok())
            };
            if has(&format!("{top}/__init__.py")).is_some() {
                return top != "pytm";
            }
            has(&format!("{top}.py")).is_some()
        })
    }

    /// A module that nobody has here. A model that provides for its absence is read as
    /// where it is absent; else what it does when it is imported is not read.
    fn no_module(&mut self, shown: &str, at: At) -> R<'a> {
        if self.caught("ModuleNotFoundError") {
            let message = format!("No module named '{shown}'");
            return self.raise("ModuleNotFoundError", message, at);
        }
        if let Some(V::Unread(known)) = self.absent.get(shown).cloned() {
            // The first import of it has told.
            self.incomplete(code::INCOMPLETE, at, String::new(), Some(&known));
            return Ok(V::Unread(known));
        }
        let (what, instead) = match self.untracked(shown) {
            Some(file) => (
                format!("git does not track {file}, so what the module `{shown}` does is not read"),
                format!("`git add {file}`"),
            ),
            None => (
                format!(
                    "The module `{shown}` is not part of this repository, so what it does is not read"
                ),
                format!(
                    "`git add` its file if it is yours, as in `git add {}.py`; else build the model without it",
                    shown.trim_start_matches('.').replace('.', "/")
                ),
            ),
        };
        let absent = self.refuse(at, what, instead);
        self.absent.insert(shown.to_owned(), absent.clone());
        Ok(absent)
    }

    /// The file of a module that is there, and that git does not track.
    fn untracked(&self, shown: &str) -> Option<RepoPath> {
        let path = shown.trim_start_matches('.').replace('.', "/");
        let around = self.current().source.path().folder();
        let folders = self.search.iter().cloned().chain([around]);
        let files = folders.flat_map(|folder| {
            [format!("{path}.py"), format!("{path}/__init__.py")].map(|file| folder.join(&file))
        });
        files
            .flatten()
            .find(|file| !self.tree.may_be_named(file) && self.tree.open(file).is_ok())
    }

    pub(super) fn relative_module(
        &mut self,
        dotted: &str,
        level: u32,
        scope: &Rc<Scope<'a>>,
        at: At,
    ) -> R<'a> {
        let mut folder = self.current().source.path().folder();
        if !self.is_in_package(level, scope) {
            let message = "attempted relative import with no known parent package";
            return self.raise("ImportError", message, at);
        }
        if self.unit == 0 && self.caught("ImportError") {
            let what = "Whether this file is started as part of a package is not read";
            return Ok(self.refuse(at, what, "import it in one way"));
        }
        for _ in 1..level.min(64) {
            folder = folder.folder();
        }
        if dotted.is_empty() {
            let name = folder.file_name().to_owned();
            let package = self.package(&folder, &name, at)?;
            return Ok(package.unwrap_or_else(|| self.folder_module(&folder, &name)));
        }
        let package = folder
            .join("__init__.py")
            .and_then(|file| self.modules.get(&file))
            .or_else(|| self.modules.get(&folder))
            .map(|package| Rc::clone(&package.name));
        match self.module_below(&folder, package.as_deref(), dotted, at)? {
            Some(module) => Ok(module),
            None => self.no_module(&format!(".{dotted}"), at),
        }
    }

    /// Whether so many packages stand around the module that imports. The entry may have been
    /// started by `python -m`, which finds them in the folders around it.
    fn is_in_package(&self, level: u32, scope: &Rc<Scope<'a>>) -> bool {
        let path = self.current().source.path();
        let name = scope.global().own("__name__");
        let name = name.as_ref().and_then(V::as_str).unwrap_or("__main__");
        let around = if name == "__main__" {
            path.as_str().matches('/').count()
        } else {
            let is_package = path.file_name() == "__init__.py";
            name.matches('.').count() + usize::from(is_package)
        };
        usize::try_from(level).is_ok_and(|level| level <= around)
    }

    /// The module `dotted` below a folder; every package on the way is loaded. Where the
    /// folder is a package, modules in it are named after it.
    pub(super) fn module_below(
        &mut self,
        base: &RepoPath,
        around: Option<&str>,
        dotted: &str,
        at: At,
    ) -> R<'a, Option<V<'a>>> {
        let mut folder = base.clone();
        let mut parent: Option<Rc<Module<'a>>> = None;
        let mut found = None;
        let mut name = around.map_or_else(String::new, |package| format!("{package}."));
        let parts: Vec<&str> = dotted.split('.').collect();
        for (position, part) in parts.iter().enumerate() {
            name.push_str(part);
            let Some(inside) = folder.join(part) else {
                return Ok(None);
            };
            let last = position + 1 == parts.len();
            let module = match self.package(&inside, &name, at)? {
                Some(package) => Some(package),
                None => match folder.join(&format!("{part}.py")) {
                    Some(file) => self.load(&file, None, &name, at)?,
                    None => None,
                },
            };
            let module = match module {
                Some(module) => module,
                // A folder without `__init__.py` may still be a package.
                None if !last => self.folder_module(&inside, &name),
                None => return Ok(None),
            };
            if let (Some(parent), V::Module(_)) = (&parent, &module) {
                parent.scope.set(part, module.clone());
            }
            parent = match &module {
                V::Module(module) => Some(Rc::clone(module)),
                _ => None,
            };
            found = Some(module);
            folder = inside;
            name.push('.');
        }
        Ok(found)
    }

    fn package(&mut self, folder: &RepoPath, name: &str, at: At) -> R<'a, Option<V<'a>>> {
        match folder.join("__init__.py") {
            Some(file) => self.load(&file, Some(folder.clone()), name, at),
            None => Ok(None),
        }
    }

    fn folder_module(&mut self, folder: &RepoPath, name: &str) -> V<'a> {
        if let Some(known) = self.modules.get(folder) {
            return V::Module(Rc::clone(known));
        }
        let scope = self.keep(Scope::module());
        let module = Rc::new(Module {
            name: name.into(),
            file: super::paths::absolute(folder.as_str()).into(),
            scope,
            folder: Some(folder.clone()),
        });
        self.modules.insert(folder.clone(), Rc::clone(&module));
        V::Module(module)
    }

    /// What every module has beside what its file binds.
    pub(super) fn module_attribute(
        &mut self,
        module: &Rc<Module<'a>>,
        name: &str,
        at: At,
    ) -> Option<V<'a>> {
        match name {
            "__file__" => Some(V::str(&module.file)),
            "__name__" => Some(V::str(&module.name)),
            "__dict__" => {
                let mut dict = super::value::dict::Dict::default();
                for (name, value) in module.scope.bound() {
                    dict.insert(V::str(name), value, None);
                }
                Some(V::dict(dict))
            }
            // The module says itself what it has beside its names.
            name if module.scope.own("__getattr__").is_some() && !name.starts_with("__") => {
                let what = format!(
                    "What `__getattr__` of the module {} gives is not read",
                    module.name
                );
                Some(self.refuse(at, what, "give the module the name itself"))
            }
            _ => None,
        }
    }

    /// Reads a module's file, if the repository has it, and runs it once.
    fn load(
        &mut self,
        file: &RepoPath,
        folder: Option<RepoPath>,
        name: &str,
        at: At,
    ) -> R<'a, Option<V<'a>>> {
        if let Some(known) = self.modules.get(file).cloned() {
            if *known.name != *name && self.builds_when_it_runs(file) {
                let what = format!(
                    "Python runs {file} again as the module `{name}`, and what that adds is not read"
                );
                let instead = "move what both need into a module of its own";
                return Ok(Some(self.refuse(at, what, instead)));
            }
            return Ok(Some(V::Module(known)));
        }
        if !self.tree.may_be_named(file) {
            return Ok(None);
        }
        let source = match self.tree.open(file) {
            Ok(source) => source,
            Err(crate::source::OpenError::Missing(_)) => return Ok(None),
            Err(error) => return Ok(Some(V::unread(at, error.to_string()))),
        };
        self.parts.insert(file.clone());
        self.afford(STEPS_OF_A_MODULE + source.text().len(), at)?;
        let tree = match python::parse_module(source.text()) {
            Ok(tree) => tree,
            Err(errors) => {
                for error in errors.into_iter().take(3) {
                    let severity = self.fatal();
                    let place = source.place(error.span);
                    self.notice(Notice::at(code::SYNTAX, severity, place, error.message));
                }
                self.registry.incomplete = true;
                return Ok(Some(V::unread(at, format!("{file} is no sound Python"))));
            }
        };
        let Some(unit) = self.units.add(Arc::clone(&source), Some(tree)) else {
            return Err(self.limit(at, "too many files"));
        };
        let scope = self.keep(Scope::module());
        scope.set("__name__", V::str(name));
        let absolute = super::paths::absolute(file.as_str());
        scope.set("__file__", V::str(&absolute));
        let module = Rc::new(Module {
            name: name.into(),
            file: absolute.into(),
            scope: Rc::clone(&scope),
            folder,
        });
        self.modules.insert(file.clone(), Rc::clone(&module));
        let outer = std::mem::replace(&mut self.unit, unit.number);
        let before = self.remember();
        self.poison = false;
        let may_fail = std::mem::take(&mut self.import_may_fail);
        let sites = std::mem::take(&mut self.sites);
        let body = unit.module.as_ref().map_or(&[][..], |module| &module.body);
        let result = self.run_file(body, &scope);
        self.sites = sites;
        self.import_may_fail = may_fail;
        self.unit = outer;
        self.settle(before);
        if result.is_err() {
            self.modules.remove(file);
        }
        result?;
        Ok(Some(V::Module(module)))
    }

    /// Whether a file that was read constructs anything of pytm's where it is run.
    fn builds_when_it_runs(&self, file: &RepoPath) -> bool {
        let mut units = self.units.all();
        let unit = units.find(|unit| unit.source.path() == file);
        let module = unit.and_then(|unit| unit.module.as_ref());
        module.is_some_and(|module| super::called::builds_at_top(&module.body))
    }
}
