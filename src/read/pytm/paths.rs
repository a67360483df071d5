//! `os.path` and `pathlib`, folded: paths are text, nothing is looked at but
//! the repository's own files.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::function::Args;
use super::value::{At, V};
use crate::python::posix;
use crate::source::RepoPath;

/// Where the repository stands in folded paths. No text of a model holds this character,
/// so a text that does rests on where the repository lies.
pub(super) const ROOT: &str = "/\u{e000}";
/// The folder in which a model is run: that of the model, or where the repository stands.
pub(super) const HERE: &str = "/\u{e002}";
/// Where pytm itself stands in folded paths.
pub(super) const PYTM: &str = "/\u{e001}";

/// Whether a text rests on where the repository lies on a machine.
pub(super) fn of_machine(text: &str) -> bool {
    !text.is_ascii() && text.contains(['\u{e000}', '\u{e001}', '\u{e002}'])
}

/// A file of the repository as an absolute path.
pub(super) fn absolute(path: &str) -> String {
    format!("{ROOT}/{path}")
}

/// A path of `pathlib`.
pub(super) fn pure<'a>(path: &str) -> V<'a> {
    V::Path(posix::pure(path).into())
}

impl<'a> Interpreter<'a> {
    /// The text of a path or of text.
    #[expect(clippy::unused_self, reason = "reads as a question to the interpreter")]
    pub(super) fn path_text(&self, value: &V<'a>) -> Option<String> {
        match value {
            V::Str(text) => Some(text.text.to_string()),
            V::Path(path) | V::File(path) => Some(path.to_string()),
            _ => None,
        }
    }

    /// The file of the repository that a folded path means: absolute ones below
    /// its root; relative ones beside the entry or below the root.
    pub(super) fn repository_file(&self, path: &str) -> Option<RepoPath> {
        let candidates = self.repository_paths(path);
        candidates
            .into_iter()
            .find(|path| self.tree.may_be_named(path))
    }

    pub(super) fn repository_paths(&self, path: &str) -> Vec<RepoPath> {
        let path = posix::normal(path);
        if let Some(inside) = path.strip_prefix(ROOT) {
            return RepoPath::new(inside.trim_start_matches('/'))
                .into_iter()
                .collect();
        }
        if self.is_moved(&path) {
            return Vec::new();
        }
        let path = path
            .strip_prefix(HERE)
            .map_or(&*path, |inside| inside.trim_start_matches('/'));
        let entry = self.units.first().source.path();
        [entry.sibling(path), RepoPath::new(path)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Whether a path means another file than it did, since the model went to another folder.
    pub(super) fn is_moved(&self, path: &str) -> bool {
        self.files.moved && !path.starts_with('/')
    }

    pub(super) fn os_path(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        if let Some(unread) = args.unread() {
            return Ok(V::Unread(unread));
        }
        let Some(first) = args.get(0).and_then(|value| self.path_text(value)) else {
            return Ok(V::unread(at, format!("os.path.{name}() of this")));
        };
        Ok(match name {
            "join" => {
                let mut path = first;
                for (part, _) in args.positional.iter().skip(1) {
                    match self.path_text(part) {
                        Some(part) => path = posix::join(&path, &part),
                        None => return self.raise("TypeError", "join() wants texts", at),
                    }
                }
                V::str(path)
            }
            "dirname" => V::str(posix::split(&first).0),
            "basename" => V::str(posix::split(&first).1),
            "split" | "splitext" => {
                let (one, other) = match name {
                    "split" => posix::split(&first),
                    _ => posix::split_ending(&first),
                };
                V::tuple(vec![V::str(one), V::str(other)])
            }
            "abspath" | "realpath" => V::str(self.made_absolute(&first)),
            "normpath" => V::str(posix::normal(&first)),
            "normcase" | "fspath" => V::str(first),
            "expandvars" if !first.contains(['$', '%']) => V::str(first),
            "expanduser" if !first.starts_with('~') => V::str(first),
            "isabs" => V::Bool(first.starts_with('/')),
            "exists" | "isfile" | "lexists" => match self.repository_file(&first) {
                Some(_) => V::Bool(true),
                None => V::unread(at, format!("whether {first} exists")),
            },
            "relpath" => {
                let base = args.either(1, "start").and_then(|v| self.path_text(v));
                let (path, base) = (posix::normal(&first), base.map(|base| posix::normal(&base)));
                match base {
                    Some(base) if path.starts_with(&format!("{base}/")) => {
                        V::str(&path[base.len() + 1..])
                    }
                    _ => V::unread(at, "a relative path"),
                }
            }
            _ => V::unread(at, format!("os.path.{name}() is not run")),
        })
    }

    fn made_absolute(&self, path: &str) -> String {
        if path.starts_with('/') {
            return posix::normal(path);
        }
        let entry = self.units.first().source.path().folder();
        posix::normal(&posix::join(&absolute(entry.as_str()), path))
    }

    pub(super) fn path_attribute(
        &mut self,
        owner: &V<'a>,
        path: &str,
        name: &str,
        at: At,
    ) -> R<'a> {
        Ok(match name {
            "parent" => pure(&posix::parent(path)),
            "name" => V::str(posix::name(path)),
            "stem" | "suffix" => match self.outcome(posix::stem_and_suffix(path), at)? {
                Ok((stem, _)) if name == "stem" => V::str(stem),
                Ok((_, suffix)) => V::str(suffix),
                Err(unread) => unread,
            },
            "parts" => V::tuple(posix::all_parts(path).into_iter().map(V::str).collect()),
            "parents" => {
                let mut parents = Vec::new();
                let mut path = path.to_owned();
                while parents.len() < 64 && !posix::parts(&path).is_empty() {
                    path = posix::parent(&path);
                    parents.push(pure(&path));
                }
                V::list(parents)
            }
            name => V::method(owner, name),
        })
    }

    pub(super) fn path_method(&mut self, path: &Rc<str>, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        if let Some(unread) = args.unread() {
            return Ok(V::Unread(unread));
        }
        let first = args
            .get(0)
            .and_then(|value| self.path_text(value))
            .unwrap_or_default();
        let made = |s: &mut Self, path: crate::python::Outcome<String>| match s.outcome(path, at)? {
            Ok(path) => Ok(pure(&path)),
            Err(unread) => Ok(unread),
        };
        match name {
            "resolve" | "absolute" => Ok(pure(&self.made_absolute(path))),
            "expanduser" if !path.starts_with('~') => Ok(V::Path(Rc::clone(path))),
            "joinpath" | "__truediv__" => {
                let mut args = Args::of(at, args.positional.iter().map(|(v, _)| v.clone()));
                args.positional.insert(0, (V::Path(Rc::clone(path)), at));
                self.new_path(&args)
            }
            "with_name" => made(self, posix::with_name(path, &first)),
            "with_suffix" => made(self, posix::with_suffix(path, &first)),
            "with_stem" => {
                let with_stem = posix::stem_and_suffix(path)
                    .and_then(|(_, suffix)| posix::with_name(path, &format!("{first}{suffix}")));
                made(self, with_stem)
            }
            "as_posix" | "__str__" | "__fspath__" => Ok(V::str(path)),
            "is_absolute" => Ok(V::Bool(path.starts_with('/'))),
            "relative_to" if args.positional.len() == 1 && args.keywords.is_empty() => {
                let base = posix::pure(&first);
                let inside = match &*base {
                    "." if !path.starts_with('/') => Some(&**path),
                    base => path.strip_prefix(base).filter(|rest| rest.starts_with('/')),
                };
                match inside {
                    Some(inside) => Ok(pure(inside.trim_start_matches('/'))),
                    None => Ok(V::unread(at, "a relative path")),
                }
            }
            "open" => {
                let mut args = Args::of(at, args.positional.iter().map(|(v, _)| v.clone()));
                args.positional.insert(0, (V::Path(Rc::clone(path)), at));
                self.open(&args)
            }
            "read_text" => {
                let mut opens = Args::of(at, [V::Path(Rc::clone(path))]);
                let encoding = args.either(0, "encoding").cloned();
                let encoding = encoding.map(|it| ("encoding".into(), it, at));
                opens.keywords.extend(encoding);
                match self.open(&opens)? {
                    V::File(path) => self.file_text(&path, at),
                    other => Ok(other),
                }
            }
            "read_bytes" => Ok(match self.source_of(path, at)? {
                Ok(_) => V::not_read(at, "the bytes of a file"),
                Err(unread) => unread,
            }),
            "exists" | "is_file" => match self.repository_file(path) {
                Some(_) => Ok(V::Bool(true)),
                None => Ok(V::unread(at, format!("whether {path} exists"))),
            },
            "mkdir" => Ok(V::None),
            "write_text" | "write_bytes" | "touch" | "unlink" | "rename" | "replace" => {
                self.files.written = true;
                Ok(V::not_read(at, format!("{name}() of a path")))
            }
            _ => Ok(V::unread(at, format!("{name}() of a path is not run"))),
        }
    }

    /// `pathlib.Path(…)`.
    pub(super) fn new_path(&mut self, args: &Args<'a>) -> R<'a> {
        if let Some(unread) = args.unread() {
            return Ok(V::Unread(unread));
        }
        let mut path = String::new();
        for (part, _) in &args.positional {
            match self.path_text(part) {
                Some(part) => path = posix::join(&path, &part),
                None => return self.raise("TypeError", "Path() wants texts", args.at),
            }
        }
        Ok(pure(&path))
    }

    /// `sys.path.insert(0, folder)` and the like: folders of the repository only.
    pub(super) fn extend_search(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at: At = args.at;
        let values: Vec<V<'a>> = match name {
            "insert" => args.get(1).cloned().into_iter().collect(),
            "append" => args.get(0).cloned().into_iter().collect(),
            "extend" => match args.get(0) {
                Some(items) => self.items(items, at)?,
                None => Vec::new(),
            },
            _ => Vec::new(),
        };
        for value in values {
            if let Some(path) = self.path_text(&value) {
                let folders = self.repository_paths(&path);
                if name == "insert" {
                    for folder in folders.into_iter().rev() {
                        self.search.insert(0, folder);
                    }
                } else {
                    self.search.extend(folders);
                }
            }
        }
        self.search.truncate(64);
        Ok(V::None)
    }
}
