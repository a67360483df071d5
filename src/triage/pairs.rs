//! What is the same on both sides of a comparison: models, and elements in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::finding::{Identity, canonical};
use crate::model::{DataId, ElementId, Model, Owner};
use crate::source::RepoPath;

/// For each model of the base the position of the same one in the working tree.
///
/// The same are, in this order and one to one: models of one name in one file;
/// the only two left in one file (the model was renamed); models of one name in a
/// file that is gone and in one that is new (the file was moved).
pub fn models(head: &[&Model], base: &[&Model]) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; base.len()];
    let mut free: BTreeSet<usize> = (0..head.len()).collect();
    let by_name: BTreeMap<_, _> = head
        .iter()
        .enumerate()
        .map(|(at, m)| (key(m), at))
        .collect();
    for (pair, model) in pairs.iter_mut().zip(base) {
        *pair = by_name
            .get(&key(model))
            .copied()
            .filter(|at| free.remove(at));
    }
    let here: BTreeSet<&RepoPath> = head.iter().map(|model| model.path()).collect();
    let there: BTreeSet<&RepoPath> = base.iter().map(|model| model.path()).collect();
    for at in 0..base.len() {
        let path = base[at].path();
        let left = |other: &usize| head[*other].path() == path;
        let mut others = free.iter().copied().filter(left);
        let only_left = (0..base.len()).filter(|b| pairs[*b].is_none() && base[*b].path() == path);
        if pairs[at].is_none()
            && let (Some(other), None, 1) = (others.next(), others.next(), only_left.count())
        {
            free.remove(&other);
            pairs[at] = Some(other);
        }
    }
    let mut moved: Vec<(bool, usize, usize)> = Vec::new();
    for (at, model) in base
        .iter()
        .enumerate()
        .filter(|(_, m)| !here.contains(m.path()))
    {
        let same = |other: &&usize| {
            let other = head[**other];
            !there.contains(other.path())
                && other.ordinal == model.ordinal
                && canonical(&other.name) == canonical(&model.name)
        };
        moved.extend(free.iter().filter(same).map(|other| {
            let renamed = head[*other].path().file_name() != model.path().file_name();
            (renamed, at, *other)
        }));
    }
    moved.sort_unstable();
    for (_, at, other) in moved {
        if pairs[at].is_none() && free.remove(&other) {
            pairs[at] = Some(other);
        }
    }
    pairs
}

fn key(model: &Model) -> (&RepoPath, Arc<str>, u32) {
    (model.path(), canonical(&model.name).into(), model.ordinal)
}

/// The elements of a model by who they are, whatever the model's name.
pub struct Elements<'m> {
    model: &'m Model,
    ids: BTreeMap<Identity<'static>, ElementId>,
}

impl<'m> Elements<'m> {
    /// Of a model.
    pub fn of(model: &'m Model) -> Self {
        let mut ids = BTreeMap::new();
        for id in model.ids() {
            ids.entry(who(model, id)).or_insert(id);
        }
        Self { model, ids }
    }

    /// The element that is the same as one of another model.
    pub fn same(&self, other: &Model, id: ElementId) -> Option<ElementId> {
        self.ids.get(&who(other, id)).copied()
    }

    /// Whose attribute it is here, that is `owner`'s in another model.
    pub fn owner(&self, other: &Model, owner: Owner) -> Option<Owner> {
        match owner {
            Owner::Element(id) => self.same(other, id).map(Owner::Element),
            Owner::Controls(id) => self.same(other, id).map(Owner::Controls),
            Owner::Data(id) => {
                let name = canonical(&other.datum(id).name);
                let data = &self.model.data;
                let at = data
                    .iter()
                    .position(|datum| canonical(&datum.name) == name)?;
                Some(Owner::Data(DataId(at as u32)))
            }
        }
    }
}

/// Who an element is within its model.
pub fn who(model: &Model, id: ElementId) -> Identity<'static> {
    Identity {
        model: String::new(),
        model_ordinal: 0,
        ..Identity::new("", model, id)
    }
}
