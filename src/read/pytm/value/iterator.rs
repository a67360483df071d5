//! What iterators stand at: the items that are left, or how the next one is made.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::dict::Dict;
use super::function::{Args, Function};
use super::kinds::V;
use super::scope::Scope;
use crate::python::csv::Dialect;
use crate::read::pytm::unread::At;
use crate::syntax::python::ast::{self, Expr};

/// An iterator, shared as in Python: whoever takes an item takes it from all.
pub struct Iter<'a> {
    pub walk: RefCell<Walk<'a>>,
    /// An item is being made.
    pub busy: Cell<bool>,
}

/// Where the next item comes from.
pub enum Walk<'a> {
    /// Items that are known already.
    Items(std::vec::IntoIter<V<'a>>),
    /// A list that may still grow or shrink.
    List(Rc<RefCell<Vec<V<'a>>>>, usize),
    /// The keys of a dictionary or set, and how many there were at first.
    Keys(Rc<RefCell<Dict<'a>>>, std::vec::IntoIter<V<'a>>, usize),
    Range(i64, i64, i64),
    /// An object with `__next__`.
    Own(V<'a>),
    /// An object that gives its items by number alone: the next of them, and the step.
    Numbered(V<'a>, i64, i64),
    /// `iter(function, sentinel)`.
    Calls(V<'a>, V<'a>),
    Map(V<'a>, Vec<Rc<Iter<'a>>>),
    Filter(V<'a>, Rc<Iter<'a>>),
    Zip(Vec<Rc<Iter<'a>>>, bool),
    Enumerate(Rc<Iter<'a>>, i64),
    Chain(std::vec::IntoIter<V<'a>>, Option<Rc<Iter<'a>>>),
    Count(i64, i64),
    Slice(Rc<Iter<'a>>, Slice),
    /// `itertools.cycle`: the items, those seen so far, and the next of these once all are.
    Cycle(Rc<Iter<'a>>, Vec<V<'a>>, Option<usize>),
    /// `takewhile` and `dropwhile`; whether the items at the front are kept.
    While(V<'a>, Rc<Iter<'a>>, bool),
    /// `filterfalse`.
    Without(V<'a>, Rc<Iter<'a>>),
    /// `starmap`.
    Spread(V<'a>, Rc<Iter<'a>>),
    Groups(Shared<'a>),
    Group(Shared<'a>, V<'a>, usize),
    Rows(Box<Rows<'a>>),
    Comprehension(Box<Comprehension<'a>>),
    Generator(Box<Generator<'a>>),
    Coroutine(Rc<Function<'a>>, Box<Args<'a>>),
    Done,
}

/// `itertools.islice`: how many items to pass over before the next, and how often.
pub struct Slice {
    pub skip: usize,
    pub left: Option<usize>,
    pub step: usize,
}

/// A generator expression that has been begun.
pub struct Comprehension<'a> {
    pub item: &'a Expr,
    pub clauses: &'a [ast::Comprehension],
    pub scope: Rc<Scope<'a>>,
    pub unit: u16,
    /// One iterator for each clause that is being walked.
    pub walks: Vec<Rc<Iter<'a>>>,
}

impl<'a> Iter<'a> {
    pub fn new(walk: Walk<'a>) -> Rc<Self> {
        Rc::new(Self {
            walk: RefCell::new(walk),
            busy: Cell::new(false),
        })
    }

    /// Takes what is left of it, so that it is over.
    pub fn take(&self) -> Walk<'a> {
        self.walk.replace(Walk::Done)
    }

    /// Its items, if they are all made already.
    pub fn is_made(&self) -> bool {
        matches!(
            *self.walk.borrow(),
            Walk::Items(_) | Walk::Range(..) | Walk::Done
        )
    }

    pub fn is_generator(&self) -> bool {
        matches!(*self.walk.borrow(), Walk::Generator(_))
    }

    /// Whether it is what `contextlib.contextmanager` makes of a generator.
    pub fn is_manager(&self) -> bool {
        matches!(&*self.walk.borrow(), Walk::Generator(inner) if inner.function.is_manager)
    }

    pub fn is_coroutine(&self) -> bool {
        matches!(*self.walk.borrow(), Walk::Coroutine(..))
    }

    pub fn weight(&self) -> usize {
        match &*self.walk.borrow() {
            Walk::Items(items) => items.len() * 8,
            _ => 8,
        }
    }
}

/// What all groups of one call share.
pub struct Groups<'a> {
    pub items: Rc<Iter<'a>>,
    pub key: V<'a>,
    /// The item that was looked at last, and its key; the item until it is given out.
    pub seen: Option<(V<'a>, Option<V<'a>>)>,
    /// The key of the group that was given out last.
    pub wanted: Option<V<'a>>,
    /// How many groups were given out.
    pub count: usize,
}

/// The groups of a call, shared with each group.
pub type Shared<'a> = Rc<RefCell<Groups<'a>>>;

/// A reader that has been begun.
pub struct Rows<'a> {
    pub lines: Rc<Iter<'a>>,
    pub dialect: Dialect,
    pub gives: Gives<'a>,
}

/// What a reader makes of each row.
pub enum Gives<'a> {
    /// A list.
    Lists,
    /// A dictionary, by the names in the first row.
    ByFirstRow,
    /// A dictionary, by these names: a list or tuple.
    ByNames(V<'a>),
}

/// Where a statement was when its function yielded.
pub enum Place<'a> {
    /// The position in a list of statements.
    Block(usize),
    If(usize),
    For(Rc<Iter<'a>>),
    While,
    Try,
    Case(usize),
    /// The managers that were entered.
    With(Vec<(V<'a>, At)>),
    Yield,
    /// The iterator of `yield from`.
    From(Rc<Iter<'a>>),
}

/// A generator: its function, and where it is.
pub struct Generator<'a> {
    pub function: Rc<Function<'a>>,
    pub scope: Rc<Scope<'a>>,
    pub first: Option<V<'a>>,
    pub at: At,
    /// Outermost last.
    pub places: Vec<Place<'a>>,
    pub abandoned: Abandoned,
}

/// Where a generator was given up that stood inside a `try` or a `with`: Python runs the
/// rest of that then.
pub type Abandoned = Rc<std::cell::Cell<Option<At>>>;

impl Drop for Generator<'_> {
    fn drop(&mut self) {
        if self.has_more_to_do() {
            self.abandoned.set(Some(self.at));
        }
    }
}

impl Generator<'_> {
    /// Whether closing it would run more of it: it stands inside a `try` or a `with`.
    pub fn has_more_to_do(&self) -> bool {
        self.places
            .iter()
            .any(|place| matches!(place, Place::Try | Place::With(_) | Place::From(_)))
    }
}
