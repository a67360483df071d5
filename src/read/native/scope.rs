//! Layer `read`: what the ids of one file stand for, and those of the files that it includes.
//!
//! What an include bears is looked up there and not copied: files that include each other over
//! several levels have as many names for one thing as there are ways to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{DataId, ElementId};

/// What stands between the name of an include and an id.
pub(super) const SEPARATOR: char = '.';

/// What an id stands for; `None` if its declaration is broken, which was said already.
pub(super) type Ids<T> = BTreeMap<Arc<str>, Option<T>>;

/// Which ids of a scope.
pub(super) type Section<T> = fn(&Scope) -> &Ids<T>;

/// What the ids of one file stand for.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) boundaries: Ids<ElementId>,
    pub(super) elements: Ids<ElementId>,
    pub(super) flows: Ids<ElementId>,
    pub(super) data: Ids<DataId>,
    /// The files that it includes, by its names for them; nothing for one that could not be
    /// read: nobody knows which ids that has.
    pub(super) included: BTreeMap<Arc<str>, Option<Arc<Scope>>>,
}

impl Scope {
    /// What an id stands for: one of the file itself, or after the name of an include one of that.
    pub(super) fn get<T>(&self, section: Section<T>, id: &str) -> Option<&Option<T>> {
        if let Some(own) = section(self).get(id) {
            return Some(own);
        }
        let (name, id) = id.split_once(SEPARATOR)?;
        self.included.get(name)?.as_ref()?.get(section, id)
    }

    /// Whether an id may be one of an include that could not be read.
    pub(super) fn may_have(&self, id: &str) -> bool {
        let Some((name, id)) = id.split_once(SEPARATOR) else {
            return false;
        };
        match self.included.get(name) {
            Some(Some(scope)) => scope.may_have(id),
            Some(None) => true,
            None => false,
        }
    }

    /// Whether an id of that section is known.
    pub(super) fn has(&self, section: &str, id: &str) -> bool {
        match section {
            "boundaries" => self.get(|ids| &ids.boundaries, id).is_some(),
            "elements" => self.get(|ids| &ids.elements, id).is_some(),
            "flows" => self.get(|ids| &ids.flows, id).is_some(),
            _ => self.get(|ids| &ids.data, id).is_some(),
        }
    }

    /// The ids of the file and of what it includes itself, at most `most` of them, sorted.
    pub(super) fn some<T>(&self, section: Section<T>, most: usize) -> Vec<String> {
        let own = section(self).keys().map(ToString::to_string);
        let included = self.included.iter().flat_map(|(name, scope)| {
            let ids = scope.iter().flat_map(move |scope| section(scope).keys());
            ids.map(move |id| format!("{name}{SEPARATOR}{id}"))
        });
        let mut some: Vec<String> = own.chain(included).take(most).collect();
        some.sort();
        some
    }

    /// The ids beside which an unknown one stands: those of the include that it names, or of
    /// the file; at most `most` of them.
    pub(super) fn beside<T>(&self, section: Section<T>, id: &str, most: usize) -> Vec<String> {
        let named = id.split_once(SEPARATOR).and_then(|(name, id)| {
            let scope = self.included.get(name)?.as_ref()?;
            Some((name, scope.beside(section, id, most)))
        });
        match named {
            Some((name, ids)) => {
                let ids = ids.into_iter();
                ids.map(|id| format!("{name}{SEPARATOR}{id}")).collect()
            }
            None => self.some(section, most),
        }
    }

    /// How many ids the file and what it includes itself have.
    pub(super) fn count<T>(&self, section: Section<T>) -> usize {
        let included = self.included.values().flatten();
        let included: usize = included.map(|scope| section(scope).len()).sum();
        section(self).len() + included
    }
}
