//! Values of the interpreted subset of Python.
//!
//! Mutable ones are shared by reference, as in Python. [`V::Unread`] is what
//! could not be decided without running code: whatever touches it is unread, too.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::classes::{Instance, UserClass};
use super::function::{Builtin, Function};
use super::scope::Module;
use crate::model::vocabulary::{Class, Enumeration};
use crate::source::Span;

/// A place in one of the files that are read: the position of the file in
/// [`super::unit::Units`] and the span there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct At {
    pub(super) unit: u16,
    pub(super) span: Span,
}

/// The position of a pytm object (an element, a Data, a TM, …) on the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ObjId(pub(super) u32);

/// Text, with the literal that it comes from if it is one as a whole.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) text: Rc<str>,
    pub(super) at: Option<At>,
}

/// Why something is unread.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) at: At,
    pub(super) why: String,
}

/// A value.
#[derive(Clone)]
pub(super) enum V<'a> {
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
    /// What `iter`, `map`, `zip` and generators give: made at once, read by step.
    Iter(Rc<Items<'a>>),
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
    /// The class of built-in values: `str`, `int`, `list`, ….
    Type(&'static str),
    /// An exception class or instance.
    ExceptionClass(Rc<str>),
    Exception(Rc<Raised<'a>>),
    /// `super()`: the class after which to look, and `self`.
    Super(Rc<(Rc<UserClass<'a>>, V<'a>)>),
    Unread(Rc<Unread>),
}

/// An exception.
pub(super) struct Raised<'a> {
    pub(super) class: Rc<str>,
    /// The user's class, if it is one.
    pub(super) user: Option<Rc<UserClass<'a>>>,
    pub(super) arguments: Vec<V<'a>>,
}

/// A function with some of its arguments.
pub(super) struct Partial<'a> {
    pub(super) function: V<'a>,
    pub(super) positional: Vec<V<'a>>,
    pub(super) keywords: Vec<(Rc<str>, V<'a>, At)>,
}

/// An iterator over items that are known already.
pub(super) struct Items<'a> {
    pub(super) items: Vec<V<'a>>,
    pub(super) next: Cell<usize>,
}

impl<'a> V<'a> {
    pub(super) fn str(text: impl AsRef<str>) -> Self {
        Self::Str(Text {
            text: text.as_ref().into(),
            at: None,
        })
    }

    pub(super) fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }

    pub(super) fn tuple(items: Vec<Self>) -> Self {
        Self::Tuple(items.into())
    }

    pub(super) fn set(items: impl IntoIterator<Item = Self>) -> Self {
        let mut dict = Dict::default();
        for item in items {
            dict.insert(item, V::None, None);
        }
        Self::Set(Rc::new(RefCell::new(dict)))
    }

    pub(super) fn dict(dict: Dict<'a>) -> Self {
        Self::Dict(Rc::new(RefCell::new(dict)))
    }

    pub(super) fn iter(items: Vec<Self>) -> Self {
        Self::Iter(Rc::new(Items {
            items,
            next: Cell::new(0),
        }))
    }

    pub(super) fn unread(at: At, why: impl Into<String>) -> Self {
        Self::Unread(Rc::new(Unread {
            at,
            why: why.into(),
        }))
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(&text.text),
            _ => None,
        }
    }

    /// The whole number that arithmetic sees: booleans count.
    pub(super) fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(i) => Some(*i),
            Self::Bool(b) => Some(i64::from(*b)),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "Python converts so, too")]
    pub(super) fn as_float(&self) -> Option<f64> {
        match self {
            Self::Float(f) => Some(*f),
            _ => self.as_int().map(|i| i as f64),
        }
    }

    /// About how much work it is to look at all of it, in bytes.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Str(text) => text.text.len() / 4,
            Self::Bytes(bytes) => bytes.len(),
            Self::List(items) => items.borrow().len() * 8,
            Self::Tuple(items) => items.len() * 8,
            Self::Set(dict) | Self::Dict(dict) => dict.borrow().len() * 8,
            Self::Iter(items) => items.items.len() * 8,
            Self::Method(method) => method.0.weight(),
            _ => 0,
        }
    }

    /// Whether one value is the very other (`is`).
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Str(a), Self::Str(b)) => a.text == b.text,
            (Self::Tuple(a), Self::Tuple(b)) => Rc::ptr_eq(a, b) || (a.is_empty() && b.is_empty()),
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Bool(_) | Self::Int(_), _) => false,
            _ => match (key(self), key(other)) {
                (Some(a), Some(b)) => a == b,
                _ => self.address().is_some() && self.address() == other.address(),
            },
        }
    }

    /// Where a shared value lives; used for identity only, never for order.
    fn address(&self) -> Option<usize> {
        fn of<T: ?Sized>(rc: &Rc<T>) -> usize {
            Rc::as_ptr(rc).cast::<()>() as usize
        }
        Some(match self {
            Self::List(rc) => of(rc),
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
            _ => return None,
        })
    }
}

/// What dictionaries and sets compare: equal keys are equal values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    None,
    Ellipsis,
    Int(i64),
    Float(u64),
    Str(Rc<str>),
    Bytes(Rc<[u8]>),
    Tuple(Vec<Key>),
    Frozen(Vec<Key>),
    Object(ObjId),
    Named(&'static str, Rc<str>),
    Member(&'static str, u8),
    Address(usize),
}

/// The key of a value; `None` if it cannot be hashed or is unread.
pub(super) fn key(value: &V<'_>) -> Option<Key> {
    key_within(value, 32)
}

/// The key of a value that nests no deeper.
fn key_within(value: &V<'_>, depth: u8) -> Option<Key> {
    let depth = depth.checked_sub(1)?;
    let all = |items: &[V<'_>]| -> Option<Vec<Key>> {
        items.iter().map(|item| key_within(item, depth)).collect()
    };
    Some(match value {
        V::None => Key::None,
        V::Ellipsis | V::NotImplemented => Key::Ellipsis,
        V::Bool(b) => Key::Int(i64::from(*b)),
        V::Int(i) => Key::Int(*i),
        V::Float(f) => whole(*f).map_or(Key::Float(f.to_bits()), Key::Int),
        V::Str(text) => Key::Str(Rc::clone(&text.text)),
        V::Bytes(bytes) => Key::Bytes(Rc::clone(bytes)),
        V::Tuple(items) => Key::Tuple(all(items)?),
        V::Object(id) => Key::Object(*id),
        V::Class(class) => Key::Named("class", class.name().into()),
        V::Enum(e) => Key::Named("enum", e.name.into()),
        V::Member(e, at) => Key::Member(e.name, *at),
        V::Builtin(builtin) => Key::Named("builtin", builtin.name.into()),
        V::Library(name) => Key::Named("library", Rc::clone(name)),
        V::Path(path) => Key::Named("path", Rc::clone(path)),
        V::Type(name) => Key::Named("type", (*name).into()),
        V::ExceptionClass(name) => Key::Named("exception", Rc::clone(name)),
        V::Range(a, b, c) => Key::Tuple(vec![Key::Int(*a), Key::Int(*b), Key::Int(*c)]),
        V::Instance(instance) => match instance.as_tuple() {
            Some(items) => Key::Tuple(all(&items)?),
            None => match &*instance.builtin.borrow() {
                Some(inner) => key_within(inner, depth)?,
                None => Key::Address(value.address()?),
            },
        },
        V::Set(_) => return None,
        V::List(_) | V::Dict(_) | V::Unread(_) | V::Slice(_) | V::File(_) | V::Super(_) => {
            return None;
        }
        _ => Key::Address(value.address()?),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "exact whole numbers are meant"
)]
fn whole(f: f64) -> Option<i64> {
    (f.abs() < 9.0e15 && (f as i64) as f64 == f).then_some(f as i64)
}

/// One entry of a dictionary.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    pub(super) key: V<'a>,
    pub(super) value: V<'a>,
    /// Key through value, where a literal or a file says them.
    pub(super) at: Option<At>,
}

/// A dictionary in the order of insertion.
#[derive(Clone, Default)]
pub(super) struct Dict<'a> {
    entries: Vec<Option<Entry<'a>>>,
    index: HashMap<Key, usize>,
    /// Where it stands, if a file of data says it.
    pub(super) at: Option<At>,
    /// What `defaultdict` makes of a missing key.
    pub(super) factory: Option<V<'a>>,
    /// Something may be in it that is not known.
    pub(super) doubt: Option<Rc<Unread>>,
}

impl<'a> Dict<'a> {
    /// Sets an entry; false if the key cannot be one.
    pub(super) fn insert(&mut self, name: V<'a>, value: V<'a>, at: Option<At>) -> bool {
        if let V::Unread(unread) = &name {
            self.doubt = Some(Rc::clone(unread));
            return true;
        }
        let Some(hash) = self.hash(&name) else {
            return false;
        };
        if let Some(&found) = self.index.get(&hash) {
            if let Some(Some(entry)) = self.entries.get_mut(found) {
                entry.value = value;
                entry.at = at.or(entry.at);
            }
            return true;
        }
        self.index.insert(hash, self.entries.len());
        self.entries.push(Some(Entry {
            key: name,
            value,
            at,
        }));
        true
    }

    #[expect(clippy::unused_self, reason = "reads as a question to the dictionary")]
    fn hash(&self, name: &V<'a>) -> Option<Key> {
        match name {
            // A frozenset is a set here; its members are its identity.
            V::Set(set) => {
                let mut keys: Vec<_> = set.borrow().iter().filter_map(|e| key(&e.key)).collect();
                keys.sort_by_key(|key| format!("{key:?}"));
                Some(Key::Frozen(keys))
            }
            name => key(name),
        }
    }

    pub(super) fn get(&self, name: &V<'a>) -> Option<&V<'a>> {
        self.entry(name).map(|entry| &entry.value)
    }

    pub(super) fn entry(&self, name: &V<'a>) -> Option<&Entry<'a>> {
        let at = *self.index.get(&self.hash(name)?)?;
        self.entries.get(at)?.as_ref()
    }

    pub(super) fn named(&self, name: &str) -> Option<&V<'a>> {
        let at = *self.index.get(&Key::Str(name.into()))?;
        self.entries.get(at)?.as_ref().map(|entry| &entry.value)
    }

    pub(super) fn contains(&self, name: &V<'a>) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn remove(&mut self, name: &V<'a>) -> Option<V<'a>> {
        let hash = self.hash(name)?;
        let at = self.index.remove(&hash)?;
        let removed = self.entries.get_mut(at)?.take()?;
        if self.entries.len() > 32 && self.index.len() * 4 < self.entries.len() {
            let kept = std::mem::take(&mut self.entries);
            self.index.clear();
            for entry in kept.into_iter().flatten() {
                self.insert(entry.key, entry.value, entry.at);
            }
        }
        Some(removed.value)
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.index.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry<'a>> {
        self.entries.iter().flatten()
    }

    pub(super) fn keys(&self) -> Vec<V<'a>> {
        self.iter().map(|entry| entry.key.clone()).collect()
    }

    pub(super) fn values(&self) -> Vec<V<'a>> {
        self.iter().map(|entry| entry.value.clone()).collect()
    }
}
