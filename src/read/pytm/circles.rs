//! Circles of values: counting references frees none of them, so what can close one is
//! remembered and emptied at the end of a reading. Otherwise every file of a run would leave
//! behind what its model held.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::{Rc, Weak};

use super::classes::UserClass;
use super::dict::Dict;
use super::function::Args;
use super::interpreter::Interpreter;
use super::scope::Scope;
use super::value::V;

/// Something that can come to hold itself.
enum Holder<'a> {
    Scope(Weak<Scope<'a>>),
    List(Weak<RefCell<Vec<V<'a>>>>),
    Dict(Weak<RefCell<Dict<'a>>>),
    Class(Weak<UserClass<'a>>),
}

impl<'a> Holder<'a> {
    fn of(value: &V<'a>) -> Option<Self> {
        Some(match value {
            V::List(items) | V::Deque(items) => Self::List(Rc::downgrade(items)),
            V::Set(dict) | V::Dict(dict) => Self::Dict(Rc::downgrade(dict)),
            V::UserClass(class) => Self::Class(Rc::downgrade(class)),
            _ => return None,
        })
    }

    fn is_alive(&self) -> bool {
        match self {
            Self::Scope(scope) => scope.strong_count() > 0,
            Self::List(items) => items.strong_count() > 0,
            Self::Dict(dict) => dict.strong_count() > 0,
            Self::Class(class) => class.strong_count() > 0,
        }
    }

    fn address(&self) -> usize {
        match self {
            Self::Scope(scope) => scope.as_ptr().addr(),
            Self::List(items) => items.as_ptr().addr(),
            Self::Dict(dict) => dict.as_ptr().addr(),
            Self::Class(class) => class.as_ptr().addr(),
        }
    }

    /// Lets go of what it holds.
    fn empty(&self) {
        match self {
            Self::Scope(scope) => drop(scope.upgrade().map(|scope| scope.clear())),
            Self::List(items) => drop(items.upgrade().map(|items| items.take())),
            Self::Dict(dict) => drop(dict.upgrade().map(|dict| dict.take())),
            Self::Class(class) => {
                let held = |class: Rc<UserClass<'a>>| (class.fields.take(), class.members.take());
                drop(class.upgrade().map(held));
            }
        }
    }
}

/// Everything that may have closed a circle.
pub(super) struct Circles<'a> {
    holders: Vec<Holder<'a>>,
    /// So many are remembered before those that are gone are forgotten.
    most: usize,
}

impl Default for Circles<'_> {
    fn default() -> Self {
        Self {
            holders: Vec::new(),
            most: 4096,
        }
    }
}

impl<'a> Circles<'a> {
    fn remember(&mut self, holder: Holder<'a>) {
        let address = holder.address();
        if self.holders.last().is_some_and(|l| l.address() == address) {
            return;
        }
        if self.holders.len() >= self.most {
            let mut seen = HashSet::new();
            self.holders
                .retain(|known| known.is_alive() && seen.insert(known.address()));
            self.most = 4096.max(self.holders.len() * 2);
        }
        self.holders.push(holder);
    }

    /// Opens every circle.
    pub(super) fn open(&mut self) {
        for holder in std::mem::take(&mut self.holders) {
            holder.empty();
        }
    }
}

impl<'a> Interpreter<'a> {
    /// Remembers a scope.
    pub(super) fn keep(&mut self, scope: Rc<Scope<'a>>) -> Rc<Scope<'a>> {
        self.circles.remember(Holder::Scope(Rc::downgrade(&scope)));
        scope
    }

    /// Remembers a collection or class that is given a value.
    pub(super) fn gives(&mut self, holder: &V<'a>, value: &V<'a>) {
        if value.may_refer()
            && let Some(holder) = Holder::of(holder)
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
}

impl V<'_> {
    /// Whether it can lead to other values.
    fn may_refer(&self) -> bool {
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
