//! `os.path` and `pathlib`, folded: paths are text, nothing is looked at but
//! the repository's own files.

use std::rc::Rc;

use super::attributes::method;
use super::function::Args;
use super::interpreter::{Interpreter, R};
use super::value::{At, V};
use crate::source::RepoPath;

/// Where the repository stands in folded paths. No text of a model holds this character,
/// so a text that does rests on where the repository lies.
pub(super) const ROOT: &str = "/\u{e000}";
/// Where pytm itself stands in folded paths.
pub(super) const PYTM: &str = "/\u{e001}";

/// Whether a text rests on where the repository lies on a machine.
pub(super) fn of_machine(text: &str) -> bool {
    !text.is_ascii() && (text.contains('\u{e000}') || text.contains('\u{e001}'))
}

/// A file of the repository as an absolute path.
pub(super) fn absolute(path: &str) -> String {
    format!("{ROOT}/{path}")
}

/// `os.path.join` of two parts.
pub(super) fn join(base: &str, part: &str) -> String {
    if part.starts_with('/') || base.is_empty() || base == "." {
        part.to_owned()
    } else if base.ends_with('/') {
        format!("{base}{part}")
    } else {
        format!("{base}/{part}")
    }
}

/// Without `.`, `..` and doubled slashes.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if path.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (path.starts_with('/'), joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

fn folder(path: &str) -> &str {
    match path.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => "",
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or("")
}

/// Everything before the last dot of the file name, and the rest with the dot.
fn split_ending(path: &str) -> (&str, &str) {
    let name = file_name(path);
    match name.rfind('.') {
        Some(dot) if dot > 0 => path.split_at(path.len() - name.len() + dot),
        _ => (path, ""),
    }
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
        let path = normal(path);
        if let Some(inside) = path.strip_prefix(ROOT) {
            return RepoPath::new(inside.trim_start_matches('/'))
                .into_iter()
                .collect();
        }
        let entry = self.units.first().source.path();
        [entry.sibling(&path), RepoPath::new(&path)]
            .into_iter()
            .flatten()
            .collect()
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
                        Some(part) => path = join(&path, &part),
                        None => return self.raise("TypeError", "join() wants texts", at),
                    }
                }
                V::str(path)
            }
            "dirname" => V::str(folder(&first)),
            "basename" => V::str(file_name(&first)),
            "split" => V::tuple(vec![V::str(folder(&first)), V::str(file_name(&first))]),
            "splitext" => {
                let (stem, ending) = split_ending(&first);
                V::tuple(vec![V::str(stem), V::str(ending)])
            }
            "abspath" | "realpath" => V::str(self.made_absolute(&first)),
            "normpath" => V::str(normal(&first)),
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
                let (path, base) = (normal(&first), base.map(|base| normal(&base)));
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
            return normal(path);
        }
        let entry = self.units.first().source.path().folder();
        normal(&join(&absolute(entry.as_str()), path))
    }

    pub(super) fn path_attribute(&mut self, owner: &V<'a>, path: &str, name: &str) -> V<'a> {
        let (stem, ending) = split_ending(path);
        match name {
            "parent" => {
                let parent = folder(path);
                V::Path(if parent.is_empty() { "." } else { parent }.into())
            }
            "name" => V::str(file_name(path)),
            "stem" => V::str(file_name(stem)),
            "suffix" => V::str(ending),
            "parts" => V::tuple(
                path.split('/')
                    .filter(|p| !p.is_empty())
                    .map(V::str)
                    .collect(),
            ),
            "parents" => {
                let mut parents = Vec::new();
                let mut at = path;
                while parents.len() < 64 && !folder(at).is_empty() && folder(at) != at {
                    at = folder(at);
                    parents.push(V::Path(at.into()));
                }
                V::list(parents)
            }
            name => method(owner, name),
        }
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
        let made = |text: String| Ok(V::Path(text.into()));
        let (stem, _) = split_ending(path);
        match name {
            "resolve" | "absolute" => made(self.made_absolute(path)),
            "expanduser" if !path.starts_with('~') => made(path.to_string()),
            "joinpath" | "__truediv__" => {
                let mut joined = path.to_string();
                for (part, _) in &args.positional {
                    joined = join(&joined, &self.path_text(part).unwrap_or_default());
                }
                made(joined)
            }
            "with_name" => made(join(folder(path), &first)),
            "with_suffix" => made(format!("{stem}{first}")),
            "with_stem" => made(join(
                folder(path),
                &format!("{first}{}", split_ending(path).1),
            )),
            "as_posix" | "__str__" | "__fspath__" => Ok(V::str(path)),
            "is_absolute" => Ok(V::Bool(path.starts_with('/'))),
            "relative_to" => {
                let base = format!("{}/", normal(&first));
                match normal(path).strip_prefix(&base) {
                    Some(rest) => made(rest.to_owned()),
                    None => Ok(V::unread(at, "a relative path")),
                }
            }
            "open" => {
                let mut args = Args::of(at, args.positional.iter().map(|(v, _)| v.clone()));
                args.positional.insert(0, (V::Path(Rc::clone(path)), at));
                self.open(&args)
            }
            "read_text" => self.file_text(path, at),
            "exists" | "is_file" => match self.repository_file(path) {
                Some(_) => Ok(V::Bool(true)),
                None => Ok(V::unread(at, format!("whether {path} exists"))),
            },
            "mkdir" | "write_text" | "write_bytes" | "touch" | "unlink" => Ok(V::None),
            "cwd" => made(ROOT.to_owned()),
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
                Some(part) => path = join(&path, &part),
                None => return self.raise("TypeError", "Path() wants texts", args.at),
            }
        }
        Ok(V::Path(if path.is_empty() { "." } else { &path }.into()))
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
