//! Dictionaries and sets in the order of insertion, and the keys they compare.

use std::collections::HashMap;
use std::rc::Rc;

use super::class::Hashing;
use super::kinds::V;
use crate::read::pytm::unread::{At, ObjId, Unread};

/// What dictionaries and sets compare: equal keys are equal values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    None,
    Ellipsis,
    Int(i64),
    Float(u64),
    Str(Rc<str>),
    Bytes(Rc<[u8]>),
    Tuple(Vec<Key>),
    Frozen(Vec<Key>),
    Object(ObjId),
    Range(i64, i64, i64),
    Named(&'static str, Rc<str>),
    Member(&'static str, u8),
    Address(usize),
}

/// The key of a value; `None` if it cannot be hashed or is unread.
pub fn key(value: &V<'_>) -> Option<Key> {
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
        // It equals nothing, itself included.
        V::Float(f) if f.is_nan() => return None,
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
        V::Range(a, b, c) => Key::Range(*a, *b, *c),
        V::Instance(instance) => match instance.class.hashing() {
            Hashing::Not | Hashing::Own => return None,
            Hashing::ByFields => {
                let mut keys = vec![Key::Address(Rc::as_ptr(&instance.class).addr())];
                keys.extend(all(&instance.compared()?)?);
                Key::Tuple(keys)
            }
            Hashing::AsBuiltIn => match instance.as_tuple() {
                Some(items) => Key::Tuple(all(&items)?),
                None => match &*instance.builtin.borrow() {
                    Some(inner) => key_within(inner, depth)?,
                    None => Key::Address(value.address()?),
                },
            },
        },
        V::Set(set) if set.borrow().frozen => {
            let mut keys = Vec::new();
            for entry in set.borrow().iter() {
                keys.push(key_within(&entry.key, depth)?);
            }
            keys.sort_by_cached_key(|key| format!("{key:?}"));
            Key::Frozen(keys)
        }
        V::Set(_) => return None,
        V::List(_)
        | V::Deque(_)
        | V::View(..)
        | V::Dict(_)
        | V::Unread(_)
        | V::Slice(_)
        | V::File(_)
        | V::Alias(_)
        | V::Super(_) => {
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
pub struct Entry<'a> {
    pub key: V<'a>,
    pub value: V<'a>,
    /// Key through value, where a literal or a file says them.
    pub at: Option<At>,
}

/// The class of a dictionary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Make {
    #[default]
    Plain,
    Default,
    Ordered,
    Counter,
    /// The set of the Data of an element of pytm.
    Data,
}

/// A dictionary in the order of insertion.
#[derive(Clone, Default)]
pub struct Dict<'a> {
    entries: Vec<Option<Entry<'a>>>,
    index: HashMap<Key, usize>,
    /// Where it stands, if a file of data says it.
    pub at: Option<At>,
    /// What `defaultdict` makes of a missing key.
    pub factory: Option<V<'a>>,
    /// Which class it is of.
    pub make: Make,
    /// A set that cannot be changed.
    pub frozen: bool,
    /// Something may be in it that is not known.
    pub doubt: Option<Rc<Unread>>,
}

impl<'a> Dict<'a> {
    /// Sets an entry; false if the key cannot be one.
    pub fn insert(&mut self, name: V<'a>, value: V<'a>, at: Option<At>) -> bool {
        if let V::Unread(unread) = &name {
            self.doubt = Some(Rc::clone(unread));
            return true;
        }
        let Some(hash) = key(&name) else {
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

    pub fn get(&self, name: &V<'a>) -> Option<&V<'a>> {
        self.entry(name).map(|entry| &entry.value)
    }

    pub fn entry(&self, name: &V<'a>) -> Option<&Entry<'a>> {
        let at = *self.index.get(&key(name)?)?;
        self.entries.get(at)?.as_ref()
    }

    pub fn named(&self, name: &str) -> Option<&V<'a>> {
        let at = *self.index.get(&Key::Str(name.into()))?;
        self.entries.get(at)?.as_ref().map(|entry| &entry.value)
    }

    pub fn contains(&self, name: &V<'a>) -> bool {
        self.get(name).is_some()
    }

    pub fn remove(&mut self, name: &V<'a>) -> Option<V<'a>> {
        let hash = key(name)?;
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

    pub fn clear(&mut self) {
        self.entries.clear();
        self.index.clear();
    }

    pub fn len(&self) -> usize {
        self.index.len()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry<'a>> {
        self.entries.iter().flatten()
    }

    pub fn keys(&self) -> Vec<V<'a>> {
        self.iter().map(|entry| entry.key.clone()).collect()
    }

    pub fn values(&self) -> Vec<V<'a>> {
        self.iter().map(|entry| entry.value.clone()).collect()
    }
}
