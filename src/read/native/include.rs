//! Layer `read`: the models that a model includes (docs/semantics.md §1).
//!
//! Each file is read within ids of its own, and its elements become elements of the whole, at
//! the places that they have there. Whoever includes it names them by its own word for the
//! file, a dot, and their ids.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::scope::{SEPARATOR, Scope};
use super::{Builder, sniff};
use crate::model::{Assumption, Included, Slots, ThreatsFile};
use crate::notice::{Notice, code};
use crate::source::{OpenError, Place, RepoPath, Source, Span};
use crate::syntax;
use crate::syntax::tree::{Document, Key, Node};

/// So many files may belong to one model.
pub const MOST: usize = 200;

/// So deep may files include each other.
pub const DEEPEST: usize = 16;

/// So much may the files that a model includes hold together, in bytes.
pub const MOST_BYTES: usize = 2 << 20;

/// So much may all models of a run include together, in bytes: a file counts for each of them.
pub const MOST_BYTES_OF_RUN: usize = 4 << 20;

/// The files that were included so far.
#[derive(Default)]
pub(super) struct Files {
    /// Those that are being read, the outermost first: none of them may be included again.
    open: Vec<RepoPath>,
    /// What the ids of those that were read stand for; nothing where they could not be.
    read: BTreeMap<RepoPath, Option<Arc<Scope>>>,
    /// What they hold together, in bytes.
    bytes: usize,
    /// What all models of the run include so far, in bytes.
    pub(super) of_run: Arc<AtomicUsize>,
}

/// What a model says of itself, which is not that of what it includes.
struct Head {
    name: Arc<str>,
    place: Place,
    slots: Slots,
    threats_file: Option<ThreatsFile>,
    assumptions: Vec<Assumption>,
    ids: Scope,
}

impl Builder<'_> {
    /// Reads every file that the file of that tree includes.
    pub(super) fn includes(&mut self, root: &Node) {
        let Some(node) = root.get("include") else {
            return;
        };
        if node.as_list().is_some() || node.as_text().is_some() {
            let help = Some("give each a name as its key: `orders: orders/model.yaml`".into());
            self.expect
                .wrong("include", "a map of names and files", node, help);
            return;
        }
        if self.tree.is_none() {
            let message = "a model that stands inside another file includes none";
            self.expect
                .error(code::UNKNOWN_KEY, node.span, message, None);
            return;
        }
        if self.files.open.is_empty() {
            let own = self.expect.source().path().clone();
            self.files.open.push(own);
        }
        let mut named: BTreeMap<RepoPath, Place> = BTreeMap::new();
        for (key, value) in self.expect.map("include", node) {
            let Some(path) = self.include_path(key, value) else {
                self.ids.included.insert(Arc::clone(&key.text), None);
                continue;
            };
            let place = self.expect.place(value.span);
            if let Some(first) = named.get(&path) {
                let message = format!("{path} is included twice");
                let notice = Notice::error(code::DUPLICATE_KEY, place, message)
                    .with_label(first.clone(), "it is included here, too")
                    .with_help("keep one of the two: both would name the same elements");
                self.expect.notices.push(notice);
                continue;
            }
            named.insert(path.clone(), place.clone());
            let read = match self.files.read.get(&path) {
                Some(read) => read.clone(),
                None => self.include(&path, value.span, place),
            };
            self.ids.included.insert(Arc::clone(&key.text), read);
        }
    }

    /// The file that an entry names, if it may be one.
    fn include_path(&mut self, key: &Key, value: &Node) -> Option<RepoPath> {
        if key.text.trim().is_empty() || key.text.contains(SEPARATOR) {
            let message = format!("`{}` is no name for what is included", key.text);
            let help = Some("use a word without a dot: ids follow it after one".into());
            self.expect
                .error(code::UNKNOWN_KEY, key.span, message, help);
            return None;
        }
        let name = Arc::clone(self.expect.filled_text(&key.text, value)?);
        let tree = self.tree?;
        let span = value.span;
        let (from, _) = self.expect.located(span);
        let outside = |what: &str| (format!("`{name}` {what}"), AS_SEEN);
        let path = match from.path().sibling(&name) {
            None => Err(outside("lies outside of the repository")),
            Some(path) if tree.may_be_named(&path) => match tree.real(&path) {
                Some(real) if tree.may_be_named(&real) => Ok(real),
                _ => Err(outside("is a link that leads out of what git tracks")),
            },
            Some(path) => match tree.open(&path) {
                Err(error @ OpenError::Missing(_)) => Err((error.to_string(), AS_SEEN)),
                Err(error) => Err((error.to_string(), "name a model of this repository")),
                Ok(_) => Err((
                    format!("{path} is not tracked by git"),
                    "`git add` it first",
                )),
            },
        };
        match path {
            Ok(path) => Some(path),
            Err((message, help)) => {
                self.expect
                    .error(code::UNREADABLE, span, message, Some(help.into()));
                None
            }
        }
    }

    /// Reads one file, and gives what its ids stand for.
    fn include(&mut self, path: &RepoPath, span: Span, place: Place) -> Option<Arc<Scope>> {
        let (source, document) = self.opened(path, span)?;
        let broken = document.root.is_none();
        self.expect.notices.extend(document.notices);
        self.files.bytes += source.text().len();
        let length = source.text().len();
        let of_run = self.files.of_run.fetch_add(length, Ordering::Relaxed) + length;
        let is_too_much = self.files.read.len() >= MOST || self.files.bytes > MOST_BYTES;
        let base = if is_too_much || of_run > MOST_BYTES_OF_RUN {
            None
        } else {
            self.expect.include(source)
        };
        let Some(base) = base else {
            let (message, help) = if is_too_much || of_run <= MOST_BYTES_OF_RUN {
                let mib = MOST_BYTES >> 20;
                (
                    format!(
                        "this model includes more than {MOST} files, or more than {mib} MiB of them"
                    ),
                    "let several models each include a part of them",
                )
            } else {
                let mib = MOST_BYTES_OF_RUN >> 20;
                (
                    format!("the models of this run include more than {mib} MiB together"),
                    "let fewer models include the same files, or run tmrs for some folders at a time",
                )
            };
            self.expect
                .error(code::LIMIT, span, message, Some(help.into()));
            return None;
        };
        if broken {
            // Why was said. What its ids would stand for nobody knows.
            self.files.read.insert(path.clone(), None);
            return None;
        }
        let root = document.root?.moved(base);
        let comments: Vec<_> = (document.comments.into_iter())
            .map(|mut comment| {
                comment.span = comment.span.moved(base);
                comment
            })
            .collect();
        let outer = self.set_aside();
        self.files.open.push(path.clone());
        let elements = self.file(&root, &comments, &[]);
        self.files.open.pop();
        let scope = Arc::new(self.put_back(outer));
        self.model.included.push(Included {
            path: path.clone(),
            elements,
            place,
        });
        let known = Some(Arc::clone(&scope));
        self.files.read.insert(path.clone(), known);
        Some(scope)
    }

    /// The text of a file that may be included here, and what it says.
    fn opened(&mut self, path: &RepoPath, span: Span) -> Option<(Arc<Source>, Document)> {
        let complain = |message: String, help: &str| Err((code::UNREADABLE, message, help.into()));
        let opened = if let Some(at) = self.files.open.iter().position(|open| open == path) {
            Err((
                code::NESTING,
                circle(&self.files.open[at..], path),
                "leave out one of these includes".to_owned(),
            ))
        } else if self.files.open.len() > DEEPEST {
            let message = format!("files include each other more than {DEEPEST} deep");
            let help = "include it in the outermost model";
            Err((code::LIMIT, message, help.to_owned()))
        } else {
            match self.tree?.open(path) {
                Err(error) => complain(error.to_string(), "name a model of this repository"),
                Ok(source) if is_native(&source) => Ok(source),
                Ok(_) => complain(
                    format!("{path} is no model in tmrs's own format, which alone can be included"),
                    &format!(
                        "`tmrs convert {path} --to native` makes one of another tool's model; a native one has the key `tmrs: 1`"
                    ),
                ),
            }
        };
        match opened {
            Ok(source) => {
                let document = syntax::parse(&source);
                Some((source, document))
            }
            Err((code, message, help)) => {
                self.expect.error(code, span, message, Some(help));
                None
            }
        }
    }

    fn set_aside(&mut self) -> Head {
        let model = &mut self.model;
        Head {
            name: Arc::clone(&model.name),
            place: model.place.clone(),
            slots: std::mem::take(&mut model.slots),
            threats_file: model.threats_file.take(),
            assumptions: std::mem::take(&mut model.assumptions),
            ids: std::mem::take(&mut self.ids),
        }
    }

    /// Goes on with what includes a file; gives what the file's ids stand for.
    fn put_back(&mut self, outer: Head) -> Scope {
        let model = &mut self.model;
        model.name = outer.name;
        model.place = outer.place;
        model.slots = outer.slots;
        model.threats_file = outer.threats_file;
        model.assumptions = outer.assumptions;
        std::mem::replace(&mut self.ids, outer.ids)
    }
}

/// How files are named.
const AS_SEEN: &str = "name a file of the repository, as seen from the folder of this one";

/// Whether a file is a native model by its name and its mark.
fn is_native(source: &Source) -> bool {
    let ending = source.path().extension().unwrap_or("").to_ascii_lowercase();
    ["yaml", "yml", "json"].contains(&&*ending) && sniff::is_marked(source.path(), source.text())
}

/// Files that include each other in a circle, in a sentence.
fn circle(open: &[RepoPath], path: &RepoPath) -> String {
    if let [_] = open {
        return format!("{path} includes itself");
    }
    let way = open.iter().chain([path]).map(RepoPath::to_string);
    let way: Vec<String> = way.collect();
    format!("these files include each other: {}", way.join(" → "))
}
