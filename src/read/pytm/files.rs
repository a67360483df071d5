//! Files that a model reads: only the repository's own, only as text, JSON or YAML.

use std::rc::Rc;
use std::sync::Arc;

use super::interpreter::{Interpreter, R};
use super::signature::{text, wanted};
use super::value::function::Args;
use super::value::iterator::{Iter, Walk};
use super::value::{At, V};
use super::walk::Next;
use crate::source::{OpenError, Source};
use crate::syntax::python;

impl<'a> Interpreter<'a> {
    /// `open(path, mode)`: what is written goes nowhere.
    pub(super) fn open(&mut self, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let mode = match args.either(1, "mode") {
            None => "r".to_owned(),
            Some(mode) => wanted!(self, text(mode), at, "open()").to_string(),
        };
        if mode.contains(['w', 'a', 'x', '+']) {
            self.files.written = true;
            return Ok(V::Library("io.written".into()));
        }
        let Some(path) = args.either(0, "file").and_then(|v| self.path_text(v)) else {
            return Ok(V::outside(at, "a file whose name is not known"));
        };
        let encoding = match args.either(3, "encoding") {
            None | Some(V::None) => "utf-8".to_owned(),
            Some(encoding) => wanted!(self, text(encoding), at, "open()").to_lowercase(),
        };
        let newline = args.either(5, "newline");
        let plain = matches!(&*mode, "r" | "rt" | "tr")
            && matches!(&*encoding, "utf-8" | "utf8" | "utf-8-sig")
            && matches!(newline, None | Some(V::None | V::Str(_)));
        match self.source_of(&path, at)? {
            // It is text to whoever does not ask for `utf-8-sig`.
            Ok(source) if source.is_marked() && encoding != "utf-8-sig" && !mode.contains('b') => {
                let what = format!("{path} begins with a byte order mark, which is text to Python");
                let instead = "take the mark out, or ask for `encoding=\"utf-8-sig\"`";
                Ok(self.refuse(at, what, instead))
            }
            Ok(source) if plain && (source.text().is_ascii() || encoding != "utf-8-sig") => {
                Ok(V::File(path.into()))
            }
            // Bytes, or another encoding: parsers take them, nothing else does.
            Ok(_) if matches!(&*mode, "rb" | "br") => Ok(V::File(format!("{path}\0b").into())),
            Ok(_) => Ok(V::not_read(
                at,
                format!("a file in the encoding {encoding}"),
            )),
            Err(unread) => Ok(unread),
        }
    }

    pub(super) fn file_method(&mut self, path: &Rc<str>, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let bare = args.positional.is_empty() && args.keywords.is_empty();
        match name {
            "read" if bare => {
                if path.ends_with("\0b") {
                    return Ok(V::not_read(at, "the bytes of a file"));
                }
                if self.is_begun(path) {
                    let lines = self.lines_of(path, at)?;
                    let rest = V::list(self.drained(&lines, at)?);
                    return self.text_method("", "join", Args::of(at, [rest]));
                }
                self.files
                    .lines
                    .push((Rc::clone(path), Iter::new(Walk::Done)));
                self.file_text(path, at)
            }
            "readline" if bare => {
                let lines = self.lines_of(path, at)?;
                Ok(match self.advance(&lines, at)? {
                    Next::Item(line) => line,
                    Next::Unread(unread) => V::Unread(unread),
                    Next::End => V::str(""),
                })
            }
            "readlines" if bare => {
                let lines = self.lines_of(path, at)?;
                Ok(V::list(self.drained(&lines, at)?))
            }
            "close" if bare => Ok(V::None),
            "seek" if matches!(args.get(0), Some(V::Int(0))) && args.get(1).is_none() => {
                self.files
                    .lines
                    .retain(|(known, _)| !Rc::ptr_eq(known, path));
                Ok(V::Int(0))
            }
            _ => {
                let unread = V::not_read(at, format!("{name}() of a file"));
                if let V::Unread(why) = &unread {
                    self.may_raise(&Rc::clone(why));
                    // Where it stands from here on is not known.
                    let rest = Iter::new(Walk::Items(vec![unread.clone()].into_iter()));
                    self.files
                        .lines
                        .retain(|(known, _)| !Rc::ptr_eq(known, path));
                    self.files.lines.push((Rc::clone(path), rest));
                }
                Ok(unread)
            }
        }
    }

    /// Whether something of an opened file was read already.
    pub(super) fn is_begun(&self, path: &Rc<str>) -> bool {
        let mut lines = self.files.lines.iter();
        lines.any(|(known, _)| Rc::ptr_eq(known, path))
    }

    /// The lines of an opened file that nobody has read yet: whoever takes one takes it from all.
    pub(super) fn lines_of(&mut self, path: &Rc<str>, at: At) -> R<'a, Rc<Iter<'a>>> {
        let known = self
            .files
            .lines
            .iter()
            .find(|(known, _)| Rc::ptr_eq(known, path));
        if let Some((_, lines)) = known {
            return Ok(Rc::clone(lines));
        }
        let items = if path.ends_with("\0b") {
            vec![V::not_read(at, "the bytes of a file")]
        } else {
            let text = self.file_text(path, at)?;
            match text.as_str() {
                Some(text) => text.split_inclusive('\n').map(V::str).collect(),
                None => vec![text],
            }
        };
        let lines = Iter::new(Walk::Items(items.into_iter()));
        self.files.lines.push((Rc::clone(path), Rc::clone(&lines)));
        Ok(lines)
    }

    /// A file's text; unread if it is none of the repository's.
    pub(super) fn file_text(&mut self, path: &str, at: At) -> R<'a> {
        match self.source_of(path, at)? {
            Ok(source) => {
                let text = python::newlines(source.text());
                self.allot(text.len(), at)?;
                Ok(V::str(text))
            }
            Err(unread) => Ok(unread),
        }
    }

    pub(super) fn source_of(&mut self, path: &str, at: At) -> R<'a, Result<Arc<Source>, V<'a>>> {
        let path = path.strip_suffix("\0b").unwrap_or(path);
        let shown = path
            .strip_prefix(super::paths::ROOT)
            .or_else(|| path.strip_prefix(super::paths::HERE))
            .unwrap_or(path)
            .to_owned();
        let why = match self.repository_file(path) {
            _ if self.files.written => "what files hold after one was written".to_owned(),
            _ if self.is_moved(path) => {
                let what = "Which file this is after `os.chdir()` is not read";
                let instead = "begin its path with `Path(__file__).parent`";
                return Ok(Err(self.refuse(at, what, instead)));
            }
            None if self.stops_without(path) => return Ok(Err(self.refuse_missing(&shown, at))),
            None => format!("{shown} is no file of this repository; `git add` it if it should be"),
            Some(file) => match self.tree.open(&file) {
                Ok(source) => {
                    self.parts.insert(file);
                    return Ok(Ok(source));
                }
                Err(OpenError::Missing(_)) if self.stops_without(path) => {
                    return Ok(Err(self.refuse_missing(&shown, at)));
                }
                Err(error) => error.to_string(),
            },
        };
        // It may lie on some machine, or not.
        let unread = V::outside(at, why);
        if let V::Unread(why) = &unread {
            self.may_raise(&Rc::clone(why));
        }
        Ok(Err(unread))
    }

    /// Whether Python stops where the repository lacks a file that lies inside it: nothing is
    /// in doubt here, and nothing goes on behind the exception.
    fn stops_without(&self, path: &str) -> bool {
        self.doubt.is_none()
            && !self.goes_on_after("FileNotFoundError")
            && !self.repository_paths(path).is_empty()
    }

    fn refuse_missing(&mut self, shown: &str, at: At) -> V<'a> {
        let what = format!("`{shown}` is no file of this repository, and Python stops without it");
        let instead = "`git add` it; if a build makes it first, commit one, or write what it says \
                       into the model";
        self.refuse(at, what, instead)
    }

    /// `os.chdir(folder)`: nothing changes where it is the model's own.
    pub(super) fn change_folder(&mut self, args: &Args<'a>) -> V<'a> {
        let entry = self.units.first().source.path().folder();
        let own = super::paths::absolute(entry.as_str());
        let folder = args.get(0).and_then(|folder| self.path_text(folder));
        self.files.moved |= folder.is_none_or(|folder| {
            crate::python::posix::normal(&folder) != crate::python::posix::normal(&own)
        });
        V::None
    }
}
