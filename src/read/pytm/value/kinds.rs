//! Every kind of value of the interpreted subset of Python.
//!
//! Mutable ones are shared by reference, as in Python. [`V::Unread`] is what
//! could not be decided without running code: whatever touches it is unread, too.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use super::class::{Instance, UserClass};
use super::dict::{Dict, Make, key};
use super::function::{Builtin, Function, Partial};
use super::iterator::{Iter, Walk};
use super::scope::Module;
use crate::model::vocabulary::{Class, Enumeration};
use crate::read::pytm::circles::Holder;
use crate::read::pytm::unread::{At, ObjId, Part, Unread};

/// Text, with the literal that it comes from if it is one as a whole.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: Rc<str>,
    pub at: Option<At>,
}

/// A value.
#[derive(Clone)]
pub enum V<'a> {
    None,
    Ellipsis,
    NotImplemented,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Text),
    Bytes(Rc<[u8]>),
    List(Rc<RefCell<Vec<V<'a>>>>),
    Tuple(Rc<[V<'a>]>),
    /// A set keeps the order of insertion; the keys of the dictionary.
    Set(Rc<RefCell<Dict<'a>>>),
    Dict(Rc<RefCell<Dict<'a>>>),
    Range(i64, i64, i64),
    /// What `keys`, `values` and `items` of a dictionary give: they see its changes.
    View(Rc<RefCell<Dict<'a>>>, View),
    /// `collections.deque`.
    Deque(Rc<RefCell<Vec<V<'a>>>>),
    /// What `iter`, `map`, `zip`, generators and coroutines give.
    Iter(Rc<Iter<'a>>),
    Slice(Rc<[V<'a>; 3]>),
    Function(Rc<Function<'a>>),
    Builtin(Builtin),
    /// A method of a built-in value, such as `"a".join`.
    Method(Rc<(V<'a>, Rc<str>)>),
    /// A function of a user's class with its `self`.
    Bound(Rc<(V<'a>, V<'a>)>),
    /// `functools.partial`.
    Partial(Rc<Partial<'a>>),
    /// A class of pytm.
    Class(Class),
    Enum(&'static Enumeration),
    Member(&'static Enumeration, u8),
    UserClass(Rc<UserClass<'a>>),
    Instance(Rc<Instance<'a>>),
    Object(ObjId),
    Module(Rc<Module<'a>>),
    /// A module or object of the standard library, by its dotted name.
    Library(Rc<str>),
    /// A path of `pathlib`.
    Path(Rc<str>),
    /// An opened file, by its path.
    File(Rc<str>),
    /// `list[int]`, `int | None`.
    Alias(Rc<Alias<'a>>),
    /// The class of built-in values: `str`, `int`, `list`, ….
    Type(&'static str),
    /// An exception class or instance.
    ExceptionClass(Rc<str>),
    Exception(Rc<Raised<'a>>),
    /// `super()`: the class after which to look, and `self`.
    Super(Rc<(Rc<UserClass<'a>>, V<'a>)>),
    Unread(Rc<Unread>),
}

/// A type that is made of others, as annotations write it.
pub enum Alias<'a> {
    /// `owner[of]`.
    Of {
        /// The class that has a parameter.
        owner: V<'a>,
        /// What it is given.
        of: V<'a>,
    },
    /// `int | None`.
    Union(Vec<V<'a>>),
}

/// What a view of a dictionary shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Keys,
    Values,
    Items,
}

/// An exception.
pub struct Raised<'a> {
    pub class: Rc<str>,
    /// The user's class, if it is one.
    pub user: Option<Rc<UserClass<'a>>>,
    pub arguments: Vec<V<'a>>,
    /// What is wrong in words of our own, where Python's are not known.
    pub words: Option<Rc<str>>,
}

impl<'a> V<'a> {
    pub fn str(text: impl AsRef<str>) -> Self {
        Self::Str(Text {
            text: text.as_ref().into(),
            at: None,
        })
    }

    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }

    pub fn tuple(items: Vec<Self>) -> Self {
        Self::Tuple(items.into())
    }

    pub fn set(items: impl IntoIterator<Item = Self>) -> Self {
        let mut dict = Dict::default();
        for item in items {
            dict.insert(item, V::None, None);
        }
        Self::Set(Rc::new(RefCell::new(dict)))
    }

    /// The Data of an element: pytm asks it for their names, too.
    pub fn data(items: Vec<Self>) -> Self {
        let set = Self::set(items);
        if let Self::Set(dict) = &set {
            dict.borrow_mut().make = Make::Data;
        }
        set
    }

    /// A `frozenset`.
    pub fn frozen(items: impl IntoIterator<Item = Self>) -> Self {
        let set = Self::set(items);
        if let Self::Set(dict) = &set {
            dict.borrow_mut().frozen = true;
        }
        set
    }

    pub fn dict(dict: Dict<'a>) -> Self {
        Self::Dict(Rc::new(RefCell::new(dict)))
    }

    pub fn iter(items: Vec<Self>) -> Self {
        Self::Iter(Iter::new(Walk::Items(items.into_iter())))
    }

    /// Something that was not read, and may be any value of the program: a function of the
    /// file, an element, a class.
    pub fn unread(at: At, why: impl Into<String>) -> Self {
        Self::Unread(Rc::new(Unread {
            at,
            why: why.into(),
            inert: false,
            told: false,
            part: Part::None,
        }))
    }

    /// A whole number of more than 64 bits.
    pub fn large(at: At) -> Self {
        Self::Unread(Rc::new(Unread {
            at,
            why: "a whole number of more than 64 bits is not read".to_owned(),
            inert: true,
            told: false,
            part: Part::Large,
        }))
    }

    /// True or False, and nobody knows which.
    pub fn truth(at: At, why: impl Into<String>) -> Self {
        Self::Unread(Rc::new(Unread {
            at,
            why: why.into(),
            inert: true,
            told: false,
            part: Part::Truth,
        }))
    }

    /// What pytm keeps for itself, such as the threats of its file.
    pub fn kept_by_pytm(at: At, why: impl Into<String>) -> Self {
        Self::Unread(Rc::new(Unread {
            at,
            why: why.into(),
            inert: false,
            told: false,
            part: Part::Kept,
        }))
    }

    /// What something unread gives, which may be any value of the program.
    pub fn beyond(unread: &Unread) -> Self {
        Self::Unread(Rc::new(Unread {
            inert: false,
            told: false,
            part: match unread.part {
                Part::Threat | Part::Large | Part::Truth => Part::None,
                part => part,
            },
            ..unread.clone()
        }))
    }

    /// One of two values, and nobody knows which.
    pub fn perhaps(unread: &Rc<Unread>, one: &Self, other: &Self) -> Self {
        let inert = one.is_data() && other.is_data();
        let part = match unread.part {
            Part::Kept => Part::Kept,
            // What decides is neither of them.
            _ => match one.part().max(other.part()) {
                Part::Large | Part::Truth => Part::None,
                part => part,
            },
        };
        if unread.inert == inert && unread.part == part {
            return Self::Unread(Rc::clone(unread));
        }
        Self::Unread(Rc::new(Unread {
            inert,
            part,
            ..(**unread).clone()
        }))
    }

    /// A method of a value that is built in.
    pub fn method(owner: &Self, name: &str) -> Self {
        Self::Method(Rc::new((owner.clone(), name.into())))
    }

    /// A plain value that the machine or a library gives: nothing of the model is in it.
    pub fn outside(at: At, why: impl Into<String>) -> Self {
        Self::Unread(Rc::new(Unread {
            at,
            why: why.into(),
            inert: true,
            told: false,
            part: Part::None,
        }))
    }

    /// Whether nothing of the program can be called or changed through it.
    pub fn is_data(&self) -> bool {
        self.is_data_to(6)
    }

    fn is_data_to(&self, depth: u8) -> bool {
        if depth == 0 {
            return false;
        }
        let all = |items: &[V<'a>]| items.iter().all(|item| item.is_data_to(depth - 1));
        match self {
            Self::None
            | Self::Ellipsis
            | Self::NotImplemented
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::Str(_)
            | Self::Bytes(_)
            | Self::Range(..)
            | Self::Path(_)
            | Self::File(_)
            | Self::Enum(_)
            | Self::Member(..) => true,
            Self::Library(name) => !name.starts_with("pytm"),
            Self::List(items) | Self::Deque(items) => all(&items.borrow()),
            Self::Tuple(items) => all(items),
            Self::Set(dict) | Self::Dict(dict) => dict
                .borrow()
                .iter()
                .all(|entry| entry.key.is_data_to(depth - 1) && entry.value.is_data_to(depth - 1)),
            Self::Unread(unread) => unread.inert,
            _ => false,
        }
    }

    /// What of pytm's it may be, if it is unread.
    pub fn part(&self) -> Part {
        match self {
            Self::Unread(unread) => unread.part,
            _ => Part::None,
        }
    }

    /// Some value of the type that it surely has, if it is unread.
    pub fn alike(&self) -> Option<Self> {
        match self.part() {
            Part::Large => Some(Self::Int(i64::MAX)),
            Part::Truth => Some(Self::Bool(true)),
            _ => None,
        }
    }

    /// The built-in value inside an instance of a class that extends one.
    pub fn inner(&self) -> Option<Self> {
        match self {
            Self::Instance(instance) => instance
                .builtin
                .borrow()
                .clone()
                .or_else(|| instance.as_tuple().map(Self::tuple)),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(&text.text),
            _ => None,
        }
    }

    /// The whole number that arithmetic sees: booleans count.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(i) => Some(*i),
            Self::Bool(b) => Some(i64::from(*b)),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "Python converts so, too")]
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Float(f) => Some(*f),
            _ => self.as_int().map(|i| i as f64),
        }
    }

    /// About how much work it is to look at all of it, in bytes.
    pub fn weight(&self) -> usize {
        match self {
            Self::Str(text) => text.text.len() / 4,
            Self::Bytes(bytes) => bytes.len(),
            Self::List(items) | Self::Deque(items) => items.borrow().len() * 8,
            Self::View(dict, _) => dict.borrow().len() * 8,
            Self::Tuple(items) => items.len() * 8,
            Self::Set(dict) | Self::Dict(dict) => dict.borrow().len() * 8,
            Self::Iter(iter) => iter.weight(),
            Self::Method(method) => method.0.weight(),
            _ => 0,
        }
    }

    /// Whether one value is the very other (`is`); nothing where that depends on what
    /// Python keeps apart: equal numbers, texts and tuples may be one object or two.
    pub fn is(&self, other: &Self) -> Option<bool> {
        Some(match (self, other) {
            (Self::Unread(_), _) | (_, Self::Unread(_)) => return None,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) if a == b => return None,
            (Self::Float(a), Self::Float(b)) if a.to_bits() == b.to_bits() => return None,
            (Self::Str(a), Self::Str(b)) if a.text == b.text => return None,
            (Self::Tuple(_), Self::Tuple(_))
            | (Self::Bytes(_), Self::Bytes(_))
            | (Self::Path(_), Self::Path(_))
            | (Self::Range(..), Self::Range(..))
            | (Self::Method(_), Self::Method(_))
            | (Self::Bound(_), Self::Bound(_)) => match (key(self), key(other)) {
                (Some(a), Some(b)) if a != b => false,
                _ => return None,
            },
            (Self::View(..), _) | (_, Self::View(..)) => return None,
            (Self::Instance(a), Self::Instance(b)) => Rc::ptr_eq(a, b),
            (Self::Instance(_), _) | (_, Self::Instance(_)) => false,
            (
                Self::Bool(_) | Self::Int(_) | Self::Float(_),
                Self::Bool(_) | Self::Int(_) | Self::Float(_),
            ) => false,
            _ => match (key(self), key(other)) {
                (Some(a), Some(b)) => a == b,
                _ => self.address().is_some() && self.address() == other.address(),
            },
        })
    }

    /// Where a shared value lives; used for identity only, never for order.
    pub fn address(&self) -> Option<usize> {
        fn of<T: ?Sized>(rc: &Rc<T>) -> usize {
            Rc::as_ptr(rc).cast::<()>() as usize
        }
        Some(match self {
            Self::List(rc) | Self::Deque(rc) => of(rc),
            Self::Set(rc) | Self::Dict(rc) => of(rc),
            Self::Iter(rc) => of(rc),
            Self::Function(rc) => of(rc),
            Self::Method(rc) => of(rc),
            Self::Bound(rc) => of(rc),
            Self::Partial(rc) => of(rc),
            Self::UserClass(rc) => of(rc),
            Self::Instance(rc) => of(rc),
            Self::Module(rc) => of(rc),
            Self::Exception(rc) => of(rc),
            Self::Alias(rc) => of(rc),
            _ => return None,
        })
    }
}

impl Holder for RefCell<Vec<V<'_>>> {
    fn empty(&self) {
        drop(self.take());
    }
}

impl Holder for RefCell<Dict<'_>> {
    fn empty(&self) {
        drop(self.take());
    }
}

impl<'a> V<'a> {
    /// A collection or class, as something that can come to hold itself.
    pub fn holder(&self) -> Option<Weak<dyn Holder + 'a>> {
        Some(match self {
            Self::List(items) | Self::Deque(items) => {
                let items: Rc<dyn Holder + 'a> = Rc::<RefCell<Vec<V<'a>>>>::clone(items);
                Rc::downgrade(&items)
            }
            Self::Set(dict) | Self::Dict(dict) => {
                let dict: Rc<dyn Holder + 'a> = Rc::<RefCell<Dict<'a>>>::clone(dict);
                Rc::downgrade(&dict)
            }
            Self::UserClass(class) => {
                let class: Rc<dyn Holder + 'a> = Rc::<UserClass<'a>>::clone(class);
                Rc::downgrade(&class)
            }
            _ => return None,
        })
    }

    /// Whether it can lead to other values.
    pub fn may_refer(&self) -> bool {
        !matches!(
            self,
            Self::None
                | Self::Ellipsis
                | Self::NotImplemented
                | Self::Bool(_)
                | Self::Int(_)
                | Self::Float(_)
                | Self::Str(_)
                | Self::Bytes(_)
                | Self::Range(..)
                | Self::Builtin(_)
                | Self::Class(_)
                | Self::Enum(_)
                | Self::Member(..)
                | Self::Object(_)
                | Self::Library(_)
                | Self::Path(_)
                | Self::File(_)
                | Self::Type(_)
                | Self::ExceptionClass(_)
                | Self::Unread(_)
        )
    }
}
