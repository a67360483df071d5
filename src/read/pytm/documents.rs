//! JSON and YAML files become values.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::interpreter::{Interpreter, R};
use super::signature::{Signature, plain};
use super::value::dict::Dict;
use super::value::function::Args;
use super::value::iterator::{Iter, Walk};
use super::value::{At, Text, V};
use crate::python::yaml::{self, Scalar};
use crate::source::{RepoPath, Source};
use crate::syntax;
use crate::syntax::tree::{Node, NodeKind, Style};

impl<'a> Interpreter<'a> {
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
        if source.is_marked() {
            return Ok(self.no_data(source, unit, "JSON", at));
        }
        if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
            // What Python's reader takes beyond the standard, or nests deeper than ours.
            let beyond = ["NaN", "Infinity", "\\ud", "\\uD", "[[[[[[[[", "{\"\":{"];
            if text.contains(char::REPLACEMENT_CHARACTER)
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
        if yaml.is_some() && is_tagged(source, node.content).is_some_and(|tag| stops(tag, node)) {
            self.up();
            return Ok(self.no_data(source, unit, "YAML", at));
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
                    let is_plain = !written.starts_with(['"', '\'', '|', '>']);
                    let name = match yaml {
                        Some(_) if tagged.is_some() => unread("a key with a tag"),
                        Some(_) if is_plain && yaml::stops(&key.text) => {
                            self.no_data(source, unit, "YAML", at)
                        }
                        Some(_) if is_plain => resolved(&key.text, &unread),
                        _ => V::str(&*key.text),
                    };
                    if !dict.insert(name, value, entry)
                        && let V::Unread(why) = unread("this as a key")
                    {
                        dict.doubt = Some(why);
                    }
                }
                V::dict(dict)
            }
            (_, Some(_)) if node.style == Style::Plain => {
                let written = source.slice(node.content);
                match (is_tagged(source, node.content), &node.kind) {
                    (None, _) if yaml::stops(written) => self.no_data(source, unit, "YAML", at),
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
                    V::large(here(node.span).unwrap_or(at))
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

/// What `json` reads with, beyond the text: hooks are not called here.
const JSON: Signature = ("json.load", 1, &["fp", "*cls"]);

const YAML: Signature = ("yaml.load", 1, &["stream", "Loader"]);

/// The lists and mappings of a document, by where they stand.
type Shared<'a> = RefCell<Vec<(crate::source::Span, V<'a>)>>;

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

/// Whether a tag makes of a value what is not read, or `PyYAML` stop.
fn stops(tag: &str, of: &Node) -> bool {
    match of.kind {
        NodeKind::List(_) => tag != "!!seq",
        NodeKind::Map(_) => tag != "!!map",
        _ => !tag.starts_with("!!"),
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
