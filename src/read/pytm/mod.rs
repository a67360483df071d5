//! Layer `read`: pytm models, read without running them (docs/semantics.md §6).
//!
//! The file is parsed by a real Python parser and interpreted over a
//! deterministic subset: values on a heap of our own, no input, no output, no
//! other file than the repository's, with fuel and bounds. What lies outside
//! the subset becomes *unread*; how that spreads is in `value` and `statements`,
//! what it means for a model in `collect`.
//!
//! | files | responsible for |
//! |---|---|
//! | `entries`, `called`, `unit`, `interpreter`, `state` | where reading starts, the files, fuel, what is kept |
//! | `doubt`, `tries`, `effects`, `builders`, `outside`, `unread` | what may not happen, what unread code may do, what is refused |
//! | `running`, `statements`, `loops`, `endless`, `defining`, `definitions`, `fields`, `enums`, `hooks`, `targets`, `patterns` | statements |
//! | `expressions`, `comprehensions`, `calls`, `operators`, `truth`, `comparisons`, `sorting`, `rich`, `items` | expressions |
//! | `walk`, `contents`, `generators`, `with` | iterators, what yields, context managers |
//! | `format`, `templates`, `spec`, `text` | text |
//! | `value`, `locals`, `classes`, `aliases`, `attributes`, `members`, `methods`, `setting` | values and names |
//! | `builtin_names`, `builtins`, `types`, `iteration`, `containers`, `copies` | what Python has built in |
//! | `imports`, `modules`, `library`, `makers`, `iterators`, `paths`, `files`, `documents`, `arguments` | imports and the standard library |
//! | `package`, `objects`, `hidden`, `pytm_names`, `threats`, `conditions`, `epochs`, `reading`, `sayings`, `words` | pytm's own classes and what is said about their objects |
//! | `collect`, `slots`, `extras`, `comments` | the heap becomes a model |

#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "sizes are bounded far below 2^31, and numbers of a model are clamped where they become sizes"
)]
#![expect(
    clippy::unnecessary_wraps,
    clippy::unused_self,
    clippy::needless_pass_by_value,
    reason = "what Python calls by name comes from tables whose functions share one signature"
)]

mod admission;
mod aliases;
mod arguments;
mod attributes;
mod builders;
mod builtin_names;
mod builtins;
mod called;
mod calls;
mod circles;
mod classes;
mod collect;
mod comments;
mod comparisons;
mod comprehensions;
mod conditions;
mod containers;
mod contents;
mod copies;
mod defining;
mod definitions;
mod documents;
mod doubt;
mod effects;
mod endless;
mod entries;
mod enums;
mod epochs;
mod exceptions;
mod expressions;
mod extras;
mod fields;
mod files;
mod format;
mod generators;
mod groups;
mod hidden;
mod hooks;
mod imports;
mod interpreter;
mod items;
mod iteration;
mod iterators;
mod library;
mod library_names;
mod locals;
mod loops;
mod makers;
mod mappings;
mod marks;
mod members;
mod methods;
mod modules;
mod names;
mod namespaces;
mod numbers;
mod objects;
mod operators;
mod outside;
mod package;
mod paths;
mod patterns;
mod pytm_names;
mod reading;
mod remembered;
mod rich;
mod rows;
mod running;
mod sayings;
mod sets;
mod setting;
mod signature;
mod slots;
mod sorting;
mod state;
mod statements;
mod subclasses;
mod targets;
mod templates;
mod text;
mod threats;
mod tries;
mod truth;
mod types;
mod unit;
mod unread;
mod value;
mod walk;
mod with;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::deep::deeply;
use super::{ReadOptions, Reader, Reading, Sniff};
use crate::model::Model;
use crate::notice::{Notice, Severity, code};
use crate::source::{RepoPath, Source, Span, Tree};
use crate::syntax::python;
use interpreter::Interpreter;
use unit::Units;

/// Why a notebook with a model is left.
pub const NOTEBOOK: &str = "it is a notebook, which tmrs does not read";

/// Why a file that runs a model is left.
pub const RUNS_A_MODEL: &str = "it runs a file that imports pytm, which tmrs does not follow";

/// Why a model under a name that no Python file has is left.
pub const NAMED_OTHERWISE: &str =
    "its name does not end in `.py`: it imports pytm and constructs a TM, and is not read";

/// The reader of pytm models.
pub struct Pytm;

/// Whether a Python file names a file that it may run, and that is a model by its looks
/// though not by its name.
pub fn runs_a_model(path: &RepoPath, text: &str, tree: &dyn Tree) -> bool {
    let is_model = |name: &str| {
        let places = [path.folder().join(name), RepoPath::new(name)];
        let places = places.into_iter().flatten();
        places.filter(|place| place != path).any(|place| {
            let text = tree.open(&place);
            text.is_ok_and(|it| {
                !marks::is_python(&place, it.text())
                    && marks::imports_pytm(it.text())
                    && marks::names_tm(it.text())
            })
        })
    };
    marks::is_python(path, text) && marks::files_that_it_may_run(text).any(is_model)
}

impl Reader for Pytm {
    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff {
        if path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("ipynb"))
        {
            return if marks::is_notebook_with_model(text) {
                Sniff::Unread(NOTEBOOK)
            } else {
                Sniff::No("it is a notebook that does not import pytm")
            };
        }
        if !marks::is_python(path, text) {
            return Sniff::Foreign;
        }
        if is_part_of_pytm(path, text) {
            return Sniff::No("it is a module of a package `pytm` and makes no model");
        }
        // Beside pytm's own modules TM is a neighbour's.
        let is_beside_pytm = is_in_pytm(path) && marks::imports_neighbours(text);
        if marks::imports_pytm(text) || is_beside_pytm && marks::names_tm(text) {
            Sniff::Candidate
        } else {
            Sniff::No("it does not import pytm")
        }
    }

    fn leads_on(&self, path: &RepoPath, text: &str, marked: &[&RepoPath]) -> bool {
        let modules: BTreeSet<&str> = marked
            .iter()
            .filter_map(|p| marks::module_name(p))
            .collect();
        marks::is_python(path, text)
            && marks::imports_one_of(text, &modules)
            && !is_part_of_pytm(path, text)
    }

    fn may_build_one(&self, text: &str) -> bool {
        marks::names_tm(text)
    }

    fn may_lead_anywhere(&self, path: &RepoPath, text: &str) -> bool {
        marks::is_python(path, text)
            && marks::may_import_anything(text)
            && !is_part_of_pytm(path, text)
    }

    fn hides_in(&self, path: &RepoPath, text: &str) -> Option<&'static str> {
        if !marks::imports_pytm(text) || !marks::names_tm(text) {
            return None;
        }
        let builds = match python::parse_module(text) {
            Ok(module) => entries::calls(&module.body, &["TM"]),
            Err(_) => marks::is_nearly_python(path),
        };
        builds.then_some(NAMED_OTHERWISE)
    }

    fn looks_like_one(&self, text: &str) -> bool {
        marks::names_tm(text) && marks::names_a_part(text)
    }

    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading {
        // No input leads to the other case; if one does, it must not look like a sound file.
        deeply(|| read(source, tree, options)).unwrap_or_else(|why| Reading {
            notices: vec![Notice::error(
                code::UNREADABLE,
                source.place(Span::default()),
                format!("This file could not be read: {why}"),
            )],
            ..Reading::default()
        })
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
    let mut found = Run::default();
    found.enter(&units, tree, options, options.entry.as_deref());
    if found.models.is_empty() && options.entry.is_none() && !found.limited {
        // What configures tests builds models in functions to test with.
        let is_for_tests = source.path().file_name() == "conftest.py";
        let functions = if is_for_tests {
            Vec::new()
        } else {
            entries::functions_with_a_model(body)
        };
        if let Some(first) = functions.get(MAX_ENTRIES) {
            let message =
                format!("Only {MAX_ENTRIES} functions with a model are read, not `{first}`");
            let notice = Notice::error(code::LIMIT, source.place(Span::default()), message);
            found.notices.push(notice.with_help("Name one by --entry"));
        }
        for name in functions.iter().take(MAX_ENTRIES) {
            found.enter(&units, tree, options, Some(name));
        }
    }
    let left = entries::constructions(body)
        .into_iter()
        .find(|span| !found.reached.contains(&span.start));
    let mut unreached = None;
    let no_model = if found.models.is_empty() {
        let why = found.why_no_model(body);
        if why.is_some() && !is_test(source.path()) {
            unreached = left.map(|span| not_reached(source, span));
        }
        why
    } else {
        if left.is_some() {
            // What was refused after `process()` may have led to it.
            found.notices.append(&mut found.pending);
        }
        None
    };
    Reading {
        models: found.models,
        notices: found.notices,
        no_model,
        unreached,
        parts: found.parts.into_iter().collect(),
        taken: found.taken.0 as usize + found.taken.1,
        ran_short: found.ran_short,
    }
}

/// The error at a TM that reading does not come to.
fn not_reached(source: &Arc<Source>, span: Span) -> Notice {
    let message = "A TM is constructed here, and nothing that is read leads there";
    Notice::error(code::INCOMPLETE, source.place(span), message).with_help(
        "Name the function that builds the model by `--entry` or in `models: [{path, entry}]`, \
         or leave the file out by `paths: {exclude: […]}`",
    )
}

/// A file of tests builds models that nobody deploys.
fn is_test(path: &RepoPath) -> bool {
    let name = path.file_name();
    name.starts_with("test_")
        || name.ends_with("_test.py")
        || path
            .as_str()
            .split('/')
            .any(|part| matches!(part, "test" | "tests"))
}

/// How many functions of one file are entered.
const MAX_ENTRIES: usize = 50;

/// What one or several runs over a file gave.
#[derive(Default)]
struct Run {
    models: Vec<Model>,
    notices: Vec<Notice>,
    parts: BTreeSet<RepoPath>,
    /// Refusals after `process()` that no model followed.
    pending: Vec<Notice>,
    /// Where a TM was constructed.
    reached: BTreeSet<u32>,
    /// A limit stopped it.
    limited: bool,
    /// Steps, and what was charged beside them.
    taken: (u32, usize),
    ran_short: bool,
}

impl Run {
    fn enter(
        &mut self,
        units: &Units,
        tree: &dyn Tree,
        options: &ReadOptions,
        entry: Option<&str>,
    ) {
        let mut interpreter = Interpreter::new(units, tree, options, self.taken);
        interpreter.enter(entry);
        if interpreter.models.is_empty() {
            if let Some(name) = options.entry.as_deref().filter(|_| !interpreter.limited) {
                interpreter.no_model_at(name);
            }
        } else {
            interpreter.leftover_comments();
        }
        self.taken = interpreter.taken();
        self.ran_short |= interpreter.ran_short;
        self.limited |= interpreter.limited;
        self.pending.append(&mut interpreter.pending);
        self.reached.append(&mut interpreter.reached);
        let (models, notices, parts) = interpreter.finish();
        self.models.extend(models);
        for notice in notices {
            if !self.notices.contains(&notice) {
                self.notices.push(notice);
            }
        }
        self.parts.extend(parts);
    }

    /// Why the file holds no model; nothing if it should hold one and an error says why not.
    fn why_no_model(&mut self, body: &[python::ast::Stmt]) -> Option<String> {
        let constructs = entries::calls(body, &["TM"]);
        let meant = constructs || entries::calls(body, &["process", "resolve"]);
        let failed = self.notices.iter().any(|notice| {
            notice.severity == Severity::Error && (meant || notice.code != code::INCOMPLETE)
        });
        if failed {
            return None;
        }
        let reason = if constructs {
            "its TM is constructed where nothing leads; --entry names a function to enter"
        } else {
            // What went wrong in a file without a model concerns no model.
            self.notices.clear();
            "no TM is constructed in it"
        };
        Some(reason.to_owned())
    }
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

/// Whether a file is a module of a package `pytm`.
fn is_in_pytm(path: &RepoPath) -> bool {
    path.folder().file_name() == "pytm"
}

/// Whether the file belongs to pytm's own package, which a repository may hold: a module of a
/// package `pytm` that nobody can start as a script, for it imports its neighbours as such, and
/// that builds no model when it is imported; or one that has nothing to do with a TM.
fn is_part_of_pytm(path: &RepoPath, text: &str) -> bool {
    if !is_in_pytm(path) {
        return false;
    }
    if !marks::names_tm(text) && !marks::may_put_names_together(text) {
        return true;
    }
    if !marks::imports_neighbours(text)
        || marks::imports_pytm_by_name(text) && !text.contains("class TM(")
        || marks::may_be_started(text)
    {
        return false;
    }
    match python::parse_module(text) {
        Ok(module) => !entries::builds_when_imported(&module.body),
        Err(_) => text.contains("class TM("),
    }
}
