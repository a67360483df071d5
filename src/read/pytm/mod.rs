//! Layer `read`: pytm models, read without running them (SEMANTICS §6).
//!
//! The file is parsed by a real Python parser and interpreted over a
//! deterministic subset: values on a heap of our own, no input, no output, no
//! other file than the repository's, with fuel and bounds. What lies outside
//! the subset becomes *unread*; how that spreads is in `value` and `statements`,
//! what it means for a model in `collect`.
//!
//! | files | responsible for |
//! |---|---|
//! | `entries`, `unit`, `interpreter` | where reading starts, the files, fuel and doubt |
//! | `statements`, `targets`, `patterns`, `expressions`, `operators`, `format` | the language |
//! | `value`, `scope`, `function`, `classes`, `attributes` | values and names |
//! | `builtins`, `text`, `containers` | what Python has built in |
//! | `modules`, `library`, `paths`, `files`, `arguments` | imports and the standard library |
//! | `package`, `objects`, `sayings` | pytm's own classes and what is said about their objects |
//! | `collect`, `comments` | the heap becomes a model |

mod arguments;
mod attributes;
mod builtins;
mod classes;
mod collect;
mod comments;
mod containers;
mod entries;
mod expressions;
mod files;
mod format;
mod function;
mod interpreter;
mod library;
mod modules;
mod objects;
mod operators;
mod package;
mod paths;
mod patterns;
mod sayings;
mod scope;
mod statements;
mod targets;
mod text;
mod unit;
mod value;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{ReadOptions, Reader, Reading, Sniff};
use crate::model::Model;
use crate::notice::{Notice, Severity, code};
use crate::source::{RepoPath, Source, Span, Tree};
use crate::syntax::python;
use interpreter::Interpreter;
use unit::Units;

/// Evaluation nests; the depth limits fit in this stack.
const STACK: usize = 256 * 1024 * 1024;

/// The reader of pytm models.
pub struct Pytm;

impl Reader for Pytm {
    fn name(&self) -> &'static str {
        "pytm"
    }

    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff {
        if path.extension() != Some("py") {
            return Sniff::No("it is no Python file");
        }
        if path.file_name() == "conftest.py" {
            return Sniff::No("it configures tests");
        }
        if is_pytm_itself(path, text) {
            return Sniff::No("it is part of pytm itself");
        }
        if imports_pytm(text) {
            Sniff::Candidate
        } else {
            Sniff::No("it does not import pytm")
        }
    }

    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading {
        let read = std::thread::scope(|scope| {
            std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, || read(source, tree, options))
                .map(std::thread::ScopedJoinHandle::join)
        });
        match read {
            Ok(Ok(reading)) => reading,
            // No input leads here; if one does, it must not look like a sound file.
            _ => Reading {
                notices: vec![Notice::error(
                    code::UNREADABLE,
                    source.place(Span::default()),
                    "This file could not be read for a reason inside tmrs",
                )],
                ..Reading::default()
            },
        }
    }
}

fn read(source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading {
    let module = match python::parse_module(source.text()) {
        Ok(module) => module,
        Err(errors) => return broken(source, errors),
    };
    let units = Units::new(Arc::clone(source), module);
    let body = units
        .first()
        .module
        .as_ref()
        .map_or(&[][..], |module| &module.body);
    let mut found = run(&units, tree, options, options.entry.as_deref());
    if found.0.is_empty() && options.entry.is_none() {
        for name in entries::functions_with_a_model(body) {
            let (models, notices, parts) = run(&units, tree, options, Some(&name));
            found.0.extend(models);
            let new: Vec<_> = notices
                .into_iter()
                .filter(|n| !found.1.contains(n))
                .collect();
            found.1.extend(new);
            found.2.extend(parts);
        }
    }
    let (models, mut notices, parts) = found;
    let mut no_model = None;
    if models.is_empty() {
        let failed = notices.iter().any(|notice| {
            notice.severity == Severity::Error
                && matches!(
                    notice.code,
                    code::LIMIT | code::UNKNOWN_REFERENCE | code::NOT_A_MODEL
                )
        });
        if !failed {
            // What went wrong in a file without a model concerns no model.
            notices.clear();
            no_model = Some("no TM is constructed in it".to_owned());
        }
    }
    Reading {
        models,
        notices,
        no_model,
        parts: parts.into_iter().collect(),
    }
}

fn run(
    units: &Units,
    tree: &dyn Tree,
    options: &ReadOptions,
    entry: Option<&str>,
) -> (Vec<Model>, Vec<Notice>, BTreeSet<RepoPath>) {
    let mut interpreter = Interpreter::new(units, tree, options);
    interpreter.enter(entry);
    if interpreter.models.is_empty() {
        if let Some(name) = options.entry.as_deref() {
            interpreter.no_model_at(name);
        }
    } else {
        interpreter.leftover_comments();
    }
    interpreter.finish()
}

/// A file that breaks the grammar, or is too deep to read.
fn broken(source: &Arc<Source>, errors: Vec<python::SyntaxError>) -> Reading {
    let notices = errors
        .into_iter()
        .map(|error| {
            let code = if error.limit {
                code::LIMIT
            } else {
                code::SYNTAX
            };
            Notice::error(code, source.place(error.span), error.message)
        })
        .collect();
    Reading {
        notices,
        ..Reading::default()
    }
}

/// Whether a line of the text begins with an import of pytm.
fn imports_pytm(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b"pytm").any(|at| {
        let line = text
            .get(..at)
            .and_then(|before| before.rsplit(['\n', '\r', ';']).next());
        let rest = text.get(at + 4..).unwrap_or("");
        let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let words: Vec<&str> = line.unwrap_or("").split_whitespace().collect();
        // `import os, pytm` names it later in the line.
        ends && (words == ["from"] || words.first() == Some(&"import"))
    })
}

/// Whether the file belongs to pytm's own package or its tests.
fn is_pytm_itself(path: &RepoPath, text: &str) -> bool {
    path.folder().file_name() == "pytm"
        && (path.file_name() == "__init__.py"
            || text.contains("class TM(")
            || text.contains("from .tm import"))
}
