//! Layer `read`: the files that a threatcl model names, and what their names mean.
//!
//! `imports` names libraries of controls, `including` a model that this one takes over. Only
//! files of the repository are read: threatcl downloads others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::notice::code;
use crate::read::share::Share;
use crate::read::translate::text;
use crate::source::{RepoPath, Source, Span, Tree};
use crate::syntax::expect::Expect;
use crate::syntax::hcl::{self, Body};
use crate::syntax::tree::Node;

/// So many files may belong to one file of models.
const MOST: usize = 100;

/// HCL takes as long as so many bytes of other files.
const STEPS_OF_A_BYTE: usize = 4;

/// What marks the address of something to download, as go-getter tells it.
const ELSEWHERE: [&str; 7] = [
    "://",
    "::",
    "|",
    "git@",
    "amazonaws.com/",
    "googleapis.com/",
    "dev.azure.com/",
];

/// Hosts whose addresses need no scheme.
const HOSTS: [&str; 3] = ["github.com/", "gitlab.com/", "bitbucket.org/"];

/// Whether a name means something to download.
pub(super) fn is_elsewhere(name: &str) -> bool {
    ELSEWHERE.iter().any(|mark| name.contains(mark))
        || HOSTS.iter().any(|host| name.starts_with(host))
}

/// A control of a library.
#[derive(Clone)]
pub(super) struct Control {
    pub(super) is_implemented: bool,
}

/// What the names in one file mean.
#[derive(Default)]
pub(super) struct Names {
    /// Values by path: `var.region`, `import.control.mfa.description`.
    values: BTreeMap<String, Node>,
    /// Controls by path: `import.control.mfa`.
    controls: BTreeMap<String, Control>,
    /// Whether a library is not in the repository.
    pub(super) has_more_elsewhere: bool,
}

impl Names {
    pub(super) fn value(&self, path: &str) -> Option<Node> {
        self.values.get(path).cloned()
    }

    /// A control that a threat imports; threatcl's earlier word for its kind means the same.
    pub(super) fn control(&self, path: &str) -> Option<&Control> {
        let now = || path.replacen(".expanded_control.", ".control.", 1);
        let found = self.controls.get(path);
        found.or_else(|| self.controls.get(&now()))
    }

    /// The paths of all controls.
    pub(super) fn controls(&self) -> impl Iterator<Item = &str> + Clone {
        self.controls.keys().map(String::as_str)
    }

    fn variables(&mut self, body: &Body) {
        for variable in body.of("variable") {
            if let (Some(label), Some(value)) =
                (variable.labels.first(), variable.body.said.get("value"))
            {
                self.mean(format!("var.{}", label.text), value);
            }
        }
    }

    /// Gives a name a value; lists and maps have none in threatcl.
    fn mean(&mut self, path: String, value: &Node) {
        if value.as_list().is_none() && value.as_map().is_none() {
            self.values.insert(path, value.clone());
        }
    }

    fn library(&mut self, body: &Body) {
        for component in body.of("component") {
            let [kind, name] = &component.labels[..] else {
                continue;
            };
            // Of other kinds threatcl knows the description, under this name.
            let kind = match &*kind.text {
                "expanded_control" => "expanded_control",
                _ => "control",
            };
            let path = format!("import.{kind}.{}", name.text);
            let said = &component.body.said;
            for (key, value) in said.as_map().unwrap_or_default() {
                self.mean(format!("{path}.{}", key.text), value);
            }
            let is_implemented = said.get("implemented").is_some_and(says_yes);
            self.controls.insert(path, Control { is_implemented });
        }
    }
}

/// Whether a value is true, as a flag or in words.
pub(super) fn says_yes(value: &Node) -> bool {
    value.as_bool() == Some(true) || value.as_text().is_some_and(|said| &**said == "true")
}

/// Opens files of the repository, each at most once and so many in all.
pub(super) struct Files<'t> {
    tree: &'t dyn Tree,
    opened: usize,
    /// What it may take.
    pub(super) share: Share,
    /// Every file that was read.
    pub(super) parts: BTreeSet<RepoPath>,
}

impl<'t> Files<'t> {
    /// `most` is the share of the file that names them.
    pub(super) fn of(tree: &'t dyn Tree, most: Option<usize>) -> Self {
        Self {
            tree,
            opened: 0,
            share: Share::of(most),
            parts: BTreeSet::new(),
        }
    }

    /// A file that another one names, parsed; a complaint and nothing if it cannot be read.
    pub(super) fn open(
        &mut self,
        expect: &mut Expect<'_>,
        from: &RepoPath,
        name: &str,
        at: Span,
    ) -> Option<(Arc<Source>, hcl::File)> {
        let path = from.sibling(name);
        let Some(path) = path.filter(|path| self.tree.may_be_named(path)) else {
            let message = format!("`{name}` lies outside of the repository, or is not tracked");
            expect.error(code::UNREADABLE, at, message, None);
            return None;
        };
        self.opened += 1;
        if self.opened > MOST {
            let message = format!("more than {MOST} files are imported and included");
            expect.error(code::LIMIT, at, message, None);
            return None;
        }
        let source = match self.tree.open(&path) {
            Ok(source) => source,
            Err(error) => {
                expect.error(code::UNREADABLE, at, error.to_string(), None);
                return None;
            }
        };
        if let Err(message) = self.share.take(source.text().len() * STEPS_OF_A_BYTE) {
            expect.error(code::LIMIT, at, message, None);
            return None;
        }
        self.parts.insert(path);
        match hcl::parse(&source) {
            Ok(file) => Some((source, file)),
            Err(notice) => {
                expect.notices.push(notice);
                None
            }
        }
    }

    /// What the names of a file mean: its variables, and the controls that its models import.
    /// `plain` is the file without them.
    pub(super) fn names(
        &mut self,
        expect: &mut Expect<'_>,
        from: &RepoPath,
        plain: &Body,
    ) -> Names {
        let mut names = Names::default();
        names.variables(plain);
        let mut seen = BTreeSet::new();
        for model in plain.of(super::MARK) {
            let Some(imports) = model.body.said.get("imports") else {
                continue;
            };
            for (name, at) in expect.texts("imports", imports) {
                if !seen.insert(Arc::clone(name)) {
                    continue;
                }
                if is_elsewhere(name) {
                    names.has_more_elsewhere = true;
                } else if let Some((_, file)) = self.open(expect, from, name, at) {
                    let mut own = Names::default();
                    own.variables(&file.body(&|_| None));
                    names.library(&file.body(&|path| own.value(path)));
                }
            }
        }
        names
    }

    /// The model that another one takes over, with what the names in it mean, and in what file
    /// it stands.
    pub(super) fn included(
        &mut self,
        expect: &mut Expect<'_>,
        from: &RepoPath,
        name: &Node,
    ) -> Option<(RepoPath, hcl::Block, Names)> {
        let said = expect.filled_text("including", name)?;
        let at = name.span;
        if is_elsewhere(said) {
            let message = format!(
                "`{said}` is not in this repository, so that the model has parts that are not read"
            );
            let help = "put the file into the repository and name it by its path";
            expect.error(code::UNREADABLE, at, message, Some(help.into()));
            return None;
        }
        let (source, file) = self.open(expect, from, said, at)?;
        let path = source.path().clone();
        let Some(base) = expect.include(source) else {
            let message = "the files of this model are too large together";
            expect.error(code::LIMIT, at, message, None);
            return None;
        };
        let plain = file.body(&|_| None).moved(base);
        let names = self.names(expect, &path, &plain);
        let body = file.body(&|path| names.value(path)).moved(base);
        let mut models = body.blocks.into_iter();
        let mut models = models
            .by_ref()
            .filter(|block| &*block.kind.text == super::MARK);
        match (models.next(), models.next()) {
            (Some(model), None) => Some((path, model, names)),
            _ => {
                let message = format!("`{said}` must hold one `threatmodel`");
                expect.error(code::WRONG_TYPE, at, message, None);
                None
            }
        }
    }
}

/// A name without a value of its own, for a place.
pub(super) fn label(key: &crate::syntax::tree::Key) -> Node {
    text(Arc::clone(&key.text), key.span)
}
