//! Files that a model reads: only the repository's own, only as text, JSON or YAML.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::interpreter::{Interpreter, R};
use super::signature::{Signature, plain, text, wanted};
use super::value::dict::Dict;
use super::value::function::Args;
use super::value::iterator::{Iter, Walk};
use super::value::{At, Text, V};
use super::walk::Next;
use crate::python::yaml::{self, Scalar};
use crate::source::{OpenError, RepoPath, Source};
use crate::syntax::tree::{Node, NodeKind, Style};
use crate::syntax::{self, python};

/// What `json` reads with, beyond the text: hooks are not called here.
const JSON: Signature = ("json.load", 1, &["fp", "*cls"]);
const YAML: Signature = ("yaml.load", 1, &["stream", "Loader"]);

/// The lists and mappings of a document, by where they stand.
type Shared<'a> = RefCell<Vec<(crate::source::Span, V<'a>)>>;

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
                Ok(V::not_read(at, "a file that begins with a byte order mark"))
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
    fn is_begun(&self, path: &Rc<str>) -> bool {
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

    /// `json.load(file)`, `json.loads(text)`, `yaml.safe_load(…)`.
    pub(super) fn load_data(&mut self, args: Args<'a>, format: &str, name: &Rc<str>) -> R<'a> {
        let at = args.at;
        if let Some(unread) = args.unread() {
            return self.unread_arguments(&unread, &args);
        }
        let signature = if format == "yaml" { &YAML } else { &JSON };
        let loader = match args.either(1, "Loader") {
            None => &**name != "yaml.load",
            Some(V::Library(loader)) => matches!(
                loader.strip_prefix("yaml."),
                Some("SafeLoader" | "CSafeLoader" | "FullLoader" | "Loader" | "UnsafeLoader")
            ),
            Some(_) => false,
        };
        let first = args.get(0).cloned();
        if args
            .keywords
            .iter()
            .any(|(known, _, _)| &**known != "Loader")
            || args.positional.len() > signature.2.len()
            || (format == "yaml" && !loader)
            || first.is_none()
        {
            return self.library_call(name, &args);
        }
        let (source, of_file) = match first.as_ref().map(plain) {
            Some(V::File(path)) => {
                let source = match self.source_of(&path, at)? {
                    Ok(source) => source,
                    Err(unread) => return Ok(unread),
                };
                if self.is_begun(&path) {
                    return Ok(V::not_read(at, "a file a second time"));
                }
                self.files
                    .lines
                    .push((Rc::clone(&path), Iter::new(Walk::Done)));
                (source, true)
            }
            Some(V::Str(text)) => {
                let name = RepoPath::new("text")
                    .unwrap_or_else(|| self.units.first().source.path().clone());
                (Source::new(name, text.text.to_string()), false)
            }
            _ => return self.library_call(name, &args),
        };
        let unit = if of_file {
            let known = self
                .units
                .all()
                .find(|unit| unit.source.path() == source.path());
            match known.map(|unit| unit.number) {
                Some(number) => Some(number),
                None => self
                    .units
                    .add(Arc::clone(&source), None)
                    .map(|unit| unit.number),
            }
        } else {
            None
        };
        self.allot(source.text().len() * 8, at)?;
        if format == "yaml" {
            self.yaml_data(&source, unit, at)
        } else {
            self.json_data(&source, unit, at)
        }
    }

    fn json_data(&mut self, source: &Arc<Source>, unit: Option<u16>, at: At) -> R<'a> {
        let text = source.text();
        if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
            // What Python's reader takes beyond the standard, or nests deeper than ours.
            let beyond = ["NaN", "Infinity", "\\ud", "\\uD", "[[[[[[[[", "{\"\":{"];
            if text.contains(char::REPLACEMENT_CHARACTER)
                || text.starts_with('\u{feff}')
                || text.len() > 1 << 20
                || beyond.iter().any(|part| text.contains(part))
            {
                return Ok(self.no_data(source, unit, "JSON", at));
            }
            return self.raise("JSONDecodeError", "this is no JSON", at);
        }
        let document = syntax::json::parse(source);
        match document.root {
            Some(root) if document.notices.is_empty() => {
                self.value_of(&root, source, None, unit, at)
            }
            _ => Ok(self.no_data(source, unit, "JSON", at)),
        }
    }

    fn yaml_data(&mut self, source: &Arc<Source>, unit: Option<u16>, at: At) -> R<'a> {
        let empty = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        if source.text().lines().all(empty) {
            return Ok(V::None);
        }
        let document = syntax::yaml::parse(source);
        match document.root {
            Some(root) if document.notices.is_empty() && !differs(source.text()) => {
                self.value_of(&root, source, Some(&RefCell::default()), unit, at)
            }
            _ => Ok(self.no_data(source, unit, "YAML", at)),
        }
    }

    /// Data of which it is not known what Python's reader makes of it, or whether it stops.
    /// By position only: a file that turns out to be something else is not shown.
    fn no_data(&mut self, source: &Source, unit: Option<u16>, format: &str, at: At) -> V<'a> {
        let shown = match unit {
            Some(_) => source.path().to_string(),
            None => "This text".to_owned(),
        };
        let what = format!("{shown} is not {format} that tmrs reads as Python does");
        self.refuse(at, what, "write it plainly, or the values into the model")
    }

    /// A value of data; with YAML 1.1 if it is `PyYAML` that reads it, and with the lists and
    /// mappings that it made so far, since an alias gives the very same.
    fn value_of(
        &mut self,
        node: &Node,
        source: &Source,
        yaml: Option<&Shared<'a>>,
        unit: Option<u16>,
        at: At,
    ) -> R<'a> {
        self.down(|_| at)?;
        let here = |span| unit.map(|unit| At { unit, span });
        let unread = |what: &str| V::not_read(here(node.span).unwrap_or(at), what);
        let made = |shared: &Shared<'a>| {
            let shared = shared.borrow();
            let of_node = shared.iter().find(|(content, _)| *content == node.content);
            of_node.map(|(_, value)| value.clone())
        };
        if let (NodeKind::List(_) | NodeKind::Map(_), Some(shared)) = (&node.kind, yaml)
            && node.span != node.content
        {
            self.up();
            return Ok(made(shared).unwrap_or_else(|| unread("this alias")));
        }
        let value = match (&node.kind, yaml) {
            (NodeKind::List(items), _) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(self.value_of(item, source, yaml, unit, at)?);
                }
                V::list(values)
            }
            (NodeKind::Map(entries), _) => {
                let mut dict = Dict::default();
                dict.at = here(node.span);
                for (key, value) in entries {
                    let entry = here(key.span.to(value.span));
                    let value = self.value_of(value, source, yaml, unit, at)?;
                    let written = source.slice(key.span);
                    let tagged = is_tagged(source, key.span);
                    let name = match yaml {
                        Some(_) if tagged.is_some() => unread("a key with a tag"),
                        Some(_) if !written.starts_with(['"', '\'', '|', '>']) => {
                            resolved(&key.text, &unread)
                        }
                        _ => V::str(&*key.text),
                    };
                    dict.insert(name, value, entry);
                }
                V::dict(dict)
            }
            (_, Some(_)) if node.style == Style::Plain => {
                let written = source.slice(node.content);
                match (is_tagged(source, node.content), &node.kind) {
                    (None, NodeKind::Text(text)) => match resolved(text, &unread) {
                        V::Str(text) => V::Str(Text {
                            text: text.text,
                            at: here(node.span),
                        }),
                        value => value,
                    },
                    (None, _) => resolved(written, &unread),
                    (Some("!!str"), NodeKind::Text(text)) => V::str(&**text),
                    _ => unread("a value with a tag"),
                }
            }
            (NodeKind::Text(text), Some(_)) if is_tagged(source, node.content).is_some() => {
                let _ = text;
                unread("a value with a tag")
            }
            (NodeKind::Text(text), _) => V::Str(Text {
                text: Rc::from(&**text),
                at: here(node.span),
            }),
            (NodeKind::Null, _) => V::None,
            (NodeKind::Bool(b), _) => V::Bool(*b),
            (NodeKind::Int(i), _) => V::Int(*i),
            (NodeKind::Float(f), _) => {
                let written = source.slice(node.content);
                if written.contains(['.', 'e', 'E']) {
                    V::Float(*f)
                } else {
                    unread("a whole number of more than 64 bits")
                }
            }
        };
        if let (V::List(_) | V::Dict(_), Some(shared)) = (&value, yaml)
            && source.text().contains('*')
        {
            shared.borrow_mut().push((node.content, value.clone()));
        }
        self.up();
        Ok(value)
    }
}

/// Whether `PyYAML` may take a text otherwise than our parser does: it bears no tabs
/// outside of text and no empty keys, and it puts what is merged before what is said.
fn differs(text: &str) -> bool {
    let empty_key = |line: &str| line.trim_start() == ":" || line.trim_start().starts_with(": ");
    text.contains('\t') || text.contains("<<") || text.lines().any(empty_key)
}

/// What `PyYAML` makes of a plain scalar.
fn resolved<'a>(text: &str, unread: &impl Fn(&str) -> V<'a>) -> V<'a> {
    match yaml::plain(text) {
        Scalar::Null => V::None,
        Scalar::Bool(b) => V::Bool(b),
        Scalar::Int(i) => V::Int(i),
        Scalar::Float(f) => V::Float(f),
        Scalar::Text => V::str(text),
        Scalar::Unread => unread("this date or number of YAML 1.1"),
    }
}

/// The tag that stands before a place of YAML.
fn is_tagged(source: &Source, span: crate::source::Span) -> Option<&str> {
    let before = source.text().get(..span.start as usize)?;
    let line = before.trim_end();
    let word = line
        .rsplit(|c: char| c.is_whitespace() || "[{,".contains(c))
        .next()?;
    word.starts_with('!').then_some(word)
}
