//! The interpreter's state: fuel, doubt, notices, and the places it is at.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::circles::{Circles, Holder};
use super::state::heap::Object;
use super::state::registry::Registry;
use super::unit::{Unit, Units};
use super::value::function::Args;
use super::value::scope::{Module, Scope};
use super::value::{At, Raised, Unread, V};
use crate::model::Model;
use crate::notice::{Notice, Severity, code};
use crate::read::{ReadOptions, too_little};
use crate::source::{Place, RepoPath, Span, Tree};
use crate::syntax::python::{self, Ranged};

/// Statements and expressions that one reading may take.
pub(super) const MAX_STEPS: u32 = 1_000_000;

/// So many bytes are made in the time of a step.
const BYTES_A_STEP: usize = 64;

/// How deep calls may nest.
pub(super) const MAX_CALLS: u32 = 120;
/// How deep evaluation may nest, over all calls.
pub(super) const MAX_DEPTH: u32 = 4_000;
/// The longest text and the largest collection that are made.
pub(super) const MAX_SIZE: usize = 1 << 20;
/// All that values may take together, in bytes.
pub(super) const MAX_MEMORY: usize = 1 << 26;
/// What every call and every collection is charged. More than they take: it also
/// bounds how deep values nest, and freeing a value goes as deep.
pub(super) const CHARGE: usize = 512;
/// pytm objects that one reading may construct.
pub(super) const MAX_OBJECTS: usize = 100_000;

/// How many items of collections are copied out altogether. Shared lists are
/// small in the interpreter and huge when each is written out.
pub(super) const MOST_COPIES: usize = 1_000_000;

/// Why a statement does not simply go on to the next.
pub(super) enum Exit<'a> {
    Return(V<'a>),
    Break,
    Continue,
    /// An exception, and where it came up.
    Raise(Rc<Raised<'a>>, At),
    /// A generator gives an item.
    Yield(V<'a>),
    /// What an iterator gives is unread: so is what is being computed from it.
    Unread(Rc<Unread>),
    /// A limit was reached, or the program ended.
    Stop,
}

/// A value, or why there is none.
pub(super) type R<'a, T = V<'a>> = Result<T, Box<Exit<'a>>>;

/// The class in whose body a running function stands, and its first argument.
pub(super) struct Frame<'a> {
    pub(super) owner: Option<Rc<super::value::class::UserClass<'a>>>,
    pub(super) first: Option<V<'a>>,
    /// In doubt it may have returned something other than plain data.
    pub(super) may_return_more: bool,
}

/// The state of one reading.
pub(super) struct Interpreter<'a> {
    pub(super) units: &'a Units,
    pub(super) tree: &'a dyn Tree,
    pub(super) options: &'a ReadOptions,
    /// The number of the file that is being interpreted.
    pub(super) unit: u16,
    steps: u32,
    /// What was charged beside steps.
    spent: usize,
    /// How many steps this file may take; fewer than others where many are read.
    most_steps: u32,
    /// Whether it was stopped because its share was too little.
    pub(super) ran_short: bool,
    depth: u32,
    memory: usize,
    pub(super) calls: u32,
    pub(super) heap: Vec<Object<'a>>,
    pub(super) registry: Registry,
    pub(super) models: Vec<Model>,
    /// Dictionaries of a scope's names, which are copies: nothing may be set in them.
    pub(super) views: Vec<V<'a>>,
    /// Those of them that are outdated when the next statement begins, or when an
    /// attribute of the object at that address is set.
    pub(super) snapshots: Vec<(Option<usize>, V<'a>)>,
    /// Where the entry constructs a TM and reading came to.
    pub(super) reached: BTreeSet<u32>,
    /// A limit stopped the reading: what would have followed is lost.
    pub(super) limited: bool,
    /// The program ended by itself, as by `sys.exit()`.
    pub(super) exited: bool,
    notices: Vec<Notice>,
    /// What decides whether the current statements run at all, if that is unread.
    pub(super) doubt: Option<Rc<Unread>>,
    /// In doubt, and in the very scope where the doubt arose.
    pub(super) poison: bool,
    /// What a loop, a function or a `try` may have been left for already.
    pub(super) leaving: super::state::leaving::Leaving<'a>,
    /// The `try` statements around what runs, innermost last.
    pub(super) tries: Vec<super::state::leaving::Try<'a>>,
    /// The exceptions that handlers are at work on, for a bare `raise`; `None` where it is
    /// unread which.
    pub(super) handling: Vec<Option<Rc<Raised<'a>>>>,
    /// Collections and instances that unread code may have changed.
    pub(super) touched: super::state::touched::Touched<'a>,
    /// Attributes that were set on something unread, each with what that is and where: any
    /// object that has such an attribute may be meant.
    pub(super) of_some: BTreeMap<Rc<str>, (Rc<Unread>, At)>,
    /// Refusals after `process()`: they count if another model follows.
    pub(super) pending: Vec<Notice>,
    /// Calls and loops around the current statement, outermost first.
    pub(super) sites: Vec<At>,
    pub(super) modules: BTreeMap<RepoPath, Rc<Module<'a>>>,
    /// Modules that the repository does not have, by the names they are imported by.
    pub(super) absent: BTreeMap<String, V<'a>>,
    /// Names of pytm that were used without an import, each told once.
    pub(super) unimported: BTreeSet<&'a str>,
    /// Where attributes of the next model are said that an error has told to be unread.
    pub(super) told: BTreeSet<Place>,
    /// Folders where modules are looked for.
    pub(super) search: Vec<RepoPath>,
    /// Files that were read beside the entry.
    pub(super) parts: BTreeSet<RepoPath>,
    /// Inside `try` with a handler for a missing module.
    pub(super) import_may_fail: bool,
    /// The class and `self` of each running function, for `super()`.
    pub(super) frames: Vec<Frame<'a>>,
    /// What the running generator hands back and forth.
    pub(super) yielding: super::state::yielding::Yielding<'a>,
    /// A generator that was given up half-way.
    pub(super) abandoned: super::value::iterator::Abandoned,
    /// What happened to files.
    pub(super) files: super::state::files::Files<'a>,
    /// Argument parsers: destinations with defaults.
    pub(super) parsers: BTreeMap<u32, Vec<(Rc<str>, V<'a>)>>,
    /// Comments that speak to tmrs, and how many files were listened to.
    pub(super) spoken: Vec<super::state::spoken::Spoken>,
    pub(super) heard: usize,
    /// What may hold itself.
    pub(super) circles: Circles<'a>,
    /// How many elements all models together hold.
    pub(super) collected: usize,
    /// How many items of collections may still be copied out.
    pub(super) copies_left: usize,
}

impl<'a> Interpreter<'a> {
    /// A fresh state; `steps` and `spent` were taken by earlier runs over the same file.
    pub(super) fn new(
        units: &'a Units,
        tree: &'a dyn Tree,
        options: &'a ReadOptions,
        (steps, spent): (u32, usize),
    ) -> Self {
        let entry = units.first().source.path();
        let mut interpreter = Self {
            units,
            tree,
            options,
            unit: 0,
            steps,
            spent: 0,
            most_steps: MAX_STEPS,
            ran_short: false,
            depth: 0,
            memory: 0,
            calls: 0,
            heap: Vec::new(),
            registry: Registry::default(),
            models: Vec::new(),
            views: Vec::new(),
            snapshots: Vec::new(),
            reached: BTreeSet::new(),
            limited: false,
            exited: false,
            notices: Vec::new(),
            doubt: None,
            poison: false,
            leaving: super::state::leaving::Leaving::default(),
            tries: Vec::new(),
            handling: Vec::new(),
            touched: super::state::touched::Touched::default(),
            of_some: BTreeMap::new(),
            pending: Vec::new(),
            sites: Vec::new(),
            modules: BTreeMap::new(),
            absent: BTreeMap::new(),
            unimported: BTreeSet::new(),
            told: BTreeSet::new(),
            search: vec![entry.folder()],
            parts: BTreeSet::new(),
            import_may_fail: false,
            frames: Vec::new(),
            yielding: super::state::yielding::Yielding::default(),
            abandoned: super::value::iterator::Abandoned::default(),
            files: super::state::files::Files::default(),
            parsers: BTreeMap::new(),
            spoken: Vec::new(),
            heard: 0,
            circles: Circles::default(),
            collected: 0,
            copies_left: MOST_COPIES,
        };
        interpreter.charge(spent);
        interpreter
    }

    /// Frees circles of values, and gives what was found.
    pub(super) fn finish(mut self) -> (Vec<Model>, Vec<Notice>, BTreeSet<RepoPath>) {
        self.circles.open();
        (
            std::mem::take(&mut self.models),
            std::mem::take(&mut self.notices),
            std::mem::take(&mut self.parts),
        )
    }

    /// Remembers a scope.
    pub(super) fn keep(&mut self, scope: Rc<Scope<'a>>) -> Rc<Scope<'a>> {
        let holder: Rc<dyn Holder + 'a> = Rc::<Scope<'a>>::clone(&scope);
        self.circles.remember(Rc::downgrade(&holder));
        scope
    }

    /// Remembers a collection or class that is given a value.
    pub(super) fn gives(&mut self, holder: &V<'a>, value: &V<'a>) {
        if value.may_refer()
            && let Some(holder) = holder.holder()
        {
            self.circles.remember(holder);
        }
    }

    /// Remembers a collection whose method is called with these arguments.
    pub(super) fn gives_all(&mut self, holder: &V<'a>, args: &Args<'a>) {
        let mut values = args.positional.iter().map(|(value, _)| value);
        let mut named = args.keywords.iter().map(|(_, value, _)| value);
        if values.any(V::may_refer) || named.any(V::may_refer) {
            self.gives(holder, holder);
        }
    }

    pub(super) fn at(&self, node: &impl Ranged) -> At {
        At {
            unit: self.unit,
            span: python::span(node),
        }
    }

    /// From the start of one node to the end of another.
    pub(super) fn between(&self, from: &impl Ranged, to: &impl Ranged) -> At {
        At {
            unit: self.unit,
            span: python::span(from).to(python::span(to)),
        }
    }

    pub(super) fn place(&self, at: At) -> Place {
        self.units.place(at)
    }

    pub(super) fn current(&self) -> &'a Unit {
        let wanted = self.unit;
        self.units
            .all()
            .find(|unit| unit.number == wanted)
            .unwrap_or_else(|| self.units.first())
    }

    /// The text that a literal of the current file means: `value`, with ends of lines as
    /// Python reads them. One that is written as an escape keeps all as they are.
    pub(super) fn text<'t>(&self, value: &'t str, literal: &impl Ranged) -> Cow<'t, str> {
        let written = || self.current().source.slice(python::span(literal));
        if value.contains('\r') && !written().contains("\\r") {
            python::newlines(value)
        } else {
            Cow::Borrowed(value)
        }
    }

    /// Whether an escape of a literal of the current file is half of a surrogate pair: no
    /// Unicode scalar value, so the parser put another character in its place.
    pub(super) fn has_surrogate(&self, value: &str, literal: &impl Ranged) -> bool {
        let is_half = |escape: &str| {
            let code = escape
                .strip_prefix('u')
                .or_else(|| escape.strip_prefix("U0000"));
            let mut digits = code.unwrap_or("").bytes();
            matches!(digits.next(), Some(b'd' | b'D'))
                && matches!(digits.next(), Some(b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F'))
        };
        let written = || self.current().source.slice(python::span(literal));
        value.contains(char::REPLACEMENT_CHARACTER) && written().split('\\').any(is_half)
    }

    /// One step of fuel.
    pub(super) fn step(&mut self, at: impl FnOnce(&Self) -> At) -> R<'a, ()> {
        self.steps = self.steps.saturating_add(1);
        if self.steps > self.most_steps {
            let at = at(self);
            if self.most_steps < MAX_STEPS {
                return Err(self.runs_short(at));
            }
            return Err(self.limit(at, &format!("more than {MAX_STEPS} steps")));
        }
        Ok(())
    }

    /// Takes of what a run is given for what costs time and is no step of the model.
    fn charge(&mut self, more: usize) {
        self.spent = self.spent.saturating_add(more);
        let left = self.options.share.map(|it| it.saturating_sub(self.spent));
        let left = left.and_then(|left| u32::try_from(left).ok());
        self.most_steps = left.unwrap_or(MAX_STEPS).min(MAX_STEPS);
    }

    /// The same before it is done: an error if that is too much.
    pub(super) fn afford(&mut self, more: usize, at: At) -> R<'a, ()> {
        let taken = self.spent.saturating_add(self.steps as usize);
        let wanted = taken.saturating_add(more);
        if self.options.share.is_some_and(|share| wanted > share) {
            return Err(self.runs_short(at));
        }
        self.charge(more);
        Ok(())
    }

    /// The share of this file is too little.
    #[expect(
        clippy::unnecessary_box_returns,
        reason = "it is the error of a result"
    )]
    fn runs_short(&mut self, at: At) -> Box<Exit<'a>> {
        self.ran_short = true;
        self.limit(at, &too_little())
    }

    /// Fuel for work on a value of that size: what is large costs more.
    pub(super) fn spend(&mut self, size: usize, at: At) -> R<'a, ()> {
        let more = u32::try_from(size / 64).unwrap_or(u32::MAX);
        self.steps = self.steps.saturating_add(more);
        self.step(|_| at)
    }

    /// How many steps were taken so far, and what was charged beside them.
    pub(super) fn taken(&self) -> (u32, usize) {
        (self.steps, self.spent)
    }

    /// Goes one level down; [`Self::up`] must follow.
    pub(super) fn down(&mut self, at: impl Fn(&Self) -> At) -> R<'a, ()> {
        self.step(&at)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.depth -= 1;
            let at = at(self);
            return Err(self.limit(at, &format!("more than {MAX_DEPTH} levels of evaluation")));
        }
        Ok(())
    }

    pub(super) fn up(&mut self) {
        self.depth -= 1;
    }

    /// Accounts for something of that size; an error when it or everything is too large.
    pub(super) fn allot(&mut self, size: usize, at: At) -> R<'a, ()> {
        self.memory = self.memory.saturating_add(size);
        self.charge(size / BYTES_A_STEP);
        if self.memory > MAX_MEMORY {
            return Err(self.limit(at, "more memory than a model is given"));
        }
        Ok(())
    }

    /// Stops the reading at a limit. No model's `except` catches it, and it counts after
    /// `process()`, too: whatever would follow is lost.
    #[expect(
        clippy::unnecessary_box_returns,
        reason = "it is the error of a result"
    )]
    pub(super) fn limit(&mut self, at: At, what: &str) -> Box<Exit<'a>> {
        let message = format!("Reading stopped here: this takes {what}");
        let notice = Notice::at(code::LIMIT, self.fatal(), self.place(at), message);
        self.registry.incomplete = true;
        self.limited = true;
        self.notice(notice);
        Box::new(Exit::Stop)
    }

    /// Something that is too large to make: unread, and an error as every limit is.
    pub(super) fn too_large(&mut self, at: At, what: &str) -> V<'a> {
        let message = format!("{what} is larger than tmrs makes, so it is not read");
        let notice = Notice::at(code::LIMIT, self.fatal(), self.place(at), message.clone());
        self.notice(notice);
        V::unread(at, message)
    }

    /// Adds a notice once.
    pub(super) fn notice(&mut self, notice: Notice) {
        if self.notices.len() < 2_000 && !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }

    /// The severity of what makes a model incomplete (docs/semantics.md §6).
    pub(super) fn fatal(&self) -> Severity {
        if self.options.lenient {
            Severity::Warning
        } else {
            Severity::Error
        }
    }

    /// An exception of Python's own, with a message of ours: Python's text is not known.
    pub(super) fn raise<T>(&self, class: &str, message: impl AsRef<str>, at: At) -> R<'a, T> {
        let raised = Raised {
            class: class.into(),
            user: None,
            arguments: vec![V::not_read(at, format!("the text of this {class}"))],
            words: Some(message.as_ref().into()),
        };
        Err(Box::new(Exit::Raise(Rc::new(raised), at)))
    }

    /// An exception of Python's own with its arguments.
    #[expect(
        clippy::unnecessary_box_returns,
        reason = "it is the error of a result"
    )]
    pub(super) fn raised(&self, class: &str, arguments: Vec<V<'a>>, at: At) -> Box<Exit<'a>> {
        let raised = Raised {
            class: class.into(),
            user: None,
            arguments,
            words: None,
        };
        Box::new(Exit::Raise(Rc::new(raised), at))
    }

    /// A few characters of the source, for messages.
    pub(super) fn snippet(&self, at: At) -> String {
        let place = self.place(at);
        let text = place.text();
        let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() > 60 {
            let cut: String = line.chars().take(57).collect();
            format!("{cut}…")
        } else {
            line
        }
    }

    /// The whole line span of a file's first byte; where nothing better is known.
    pub(super) fn start(&self) -> At {
        At {
            unit: 0,
            span: Span::new(0, 0),
        }
    }
}
