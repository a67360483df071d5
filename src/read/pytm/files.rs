//! Files that a model reads: only the repository's own, only as text, JSON or YAML.

use std::rc::Rc;
use std::sync::Arc;

use super::dict::Dict;
use super::function::Args;
use super::interpreter::{Interpreter, R};
use super::value::{At, Text, V};
use crate::source::{RepoPath, Source};
use crate::syntax::tree::{Node, NodeKind};
use crate::syntax::{self, python};

impl<'a> Interpreter<'a> {
    /// `open(path, mode)`: what is written goes nowhere.
    pub(super) fn open(&mut self, args: &Args<'a>) -> R<'a> {
        let mode = args.either(1, "mode").and_then(V::as_str).unwrap_or("r");
        if mode.contains(['w', 'a', 'x', '+']) {
            return Ok(V::Library("io.written".into()));
        }
        let Some(path) = args.either(0, "file").and_then(|v| self.path_text(v)) else {
            return Ok(V::unread(args.at, "a file whose name is not known"));
        };
        Ok(V::File(path.into()))
    }

    pub(super) fn file_method(&mut self, path: &Rc<str>, name: &str, args: &Args<'a>) -> R<'a> {
        match name {
            "read" => self.file_text(path, args.at),
            "readlines" => {
                let items = self.items(&V::File(Rc::clone(path)), args.at)?;
                Ok(V::list(items))
            }
            "close" | "seek" => Ok(V::None),
            _ => Ok(V::unread(args.at, format!("{name}() of a file"))),
        }
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

    fn source_of(&mut self, path: &str, at: At) -> R<'a, Result<Arc<Source>, V<'a>>> {
        let shown = path
            .strip_prefix(super::paths::ROOT)
            .unwrap_or(path)
            .to_owned();
        let Some(file) = self.repository_file(path) else {
            if self.import_may_fail {
                return self.raise("FileNotFoundError", shown, at);
            }
            return Ok(Err(V::unread(
                at,
                format!("{shown} is no file of this repository"),
            )));
        };
        match self.tree.open(&file) {
            Ok(source) => {
                self.parts.insert(file);
                Ok(Ok(source))
            }
            Err(error) => Ok(Err(V::unread(at, error.to_string()))),
        }
    }

    /// `json.load(file)`, `json.loads(text)`, `yaml.safe_load(…)`.
    pub(super) fn load_data(&mut self, args: &Args<'a>, format: &str) -> R<'a> {
        let at = args.at;
        let source = match args.get(0) {
            Some(V::File(path)) => match self.source_of(&Rc::clone(path), at)? {
                Ok(source) => source,
                Err(unread) => return Ok(unread),
            },
            Some(V::Str(text)) => {
                let name = RepoPath::new("text")
                    .unwrap_or_else(|| self.units.first().source.path().clone());
                let source = Source::new(name, text.text.to_string());
                return self.parsed_data(&source, format, None, at);
            }
            Some(unread @ V::Unread(_)) => return Ok(unread.clone()),
            _ => return Ok(V::unread(at, "data from somewhere else")),
        };
        let known = self
            .units
            .all()
            .find(|unit| unit.source.path() == source.path());
        let unit = match known.map(|unit| unit.number) {
            Some(number) => Some(number),
            None => self
                .units
                .add(Arc::clone(&source), None)
                .map(|unit| unit.number),
        };
        self.parsed_data(&source, format, unit, at)
    }

    fn parsed_data(
        &mut self,
        source: &Arc<Source>,
        format: &str,
        unit: Option<u16>,
        at: At,
    ) -> R<'a> {
        let document = if format == "yaml" {
            syntax::yaml::parse(source)
        } else {
            syntax::json::parse(source)
        };
        match document.root {
            Some(root) => {
                self.allot(source.text().len() * 8, at)?;
                self.value_of(&root, unit, at)
            }
            None if self.import_may_fail => self.raise("ValueError", "no JSON", at),
            None => {
                // By position only: a file that turns out to be something else is not shown.
                let shown = match unit {
                    Some(_) => source.path().to_string(),
                    None => "the text".to_owned(),
                };
                Ok(V::unread(at, format!("{shown} is no sound {format}")))
            }
        }
    }

    fn value_of(&mut self, node: &Node, unit: Option<u16>, at: At) -> R<'a> {
        self.down(|_| at)?;
        let here = |span| unit.map(|unit| At { unit, span });
        let value = match &node.kind {
            NodeKind::Null => V::None,
            NodeKind::Bool(b) => V::Bool(*b),
            NodeKind::Int(i) => V::Int(*i),
            NodeKind::Float(f) => V::Float(*f),
            NodeKind::Text(text) => V::Str(Text {
                text: Rc::from(&**text),
                at: here(node.span),
            }),
            NodeKind::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(self.value_of(item, unit, at)?);
                }
                V::list(values)
            }
            NodeKind::Map(entries) => {
                let mut dict = Dict::default();
                dict.at = here(node.span);
                for (key, value) in entries {
                    let entry = here(key.span.to(value.span));
                    let value = self.value_of(value, unit, at)?;
                    dict.insert(V::str(&*key.text), value, entry);
                }
                V::dict(dict)
            }
        };
        self.up();
        Ok(value)
    }
}
