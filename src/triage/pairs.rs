//! What is the same on both sides of a comparison: models, and elements in them.

use std::collections::BTreeMap;

use crate::finding::{Identity, canonical};
use crate::model::pairs::{Named, pairs};
use crate::model::{DataId, ElementId, Model, Owner};

/// For each model of the base the position of the same one in the working tree
/// ([`pairs()`]).
pub fn models(head: &[&Model], base: &[&Model]) -> Vec<Option<usize>> {
    let names = |models: &[&Model]| -> Vec<String> {
        models.iter().map(|model| canonical(&model.name)).collect()
    };
    let (head_names, base_names) = (names(head), names(base));
    pairs(&named(head, &head_names), &named(base, &base_names))
}

fn named<'a>(models: &'a [&Model], names: &'a [String]) -> Vec<Named<'a>> {
    let both = models.iter().zip(names);
    both.map(|(model, name)| Named {
        path: model.path().as_str(),
        name,
        ordinal: model.ordinal,
    })
    .collect()
}

/// The elements and data of a model by who they are, whatever the model's name.
/// Twins, which are the same in everything that makes an identity, are told apart
/// by their order.
pub struct Elements<'m> {
    /// The model.
    pub model: &'m Model,
    elements: Twins<Identity<'static>>,
    data: Twins<String>,
}

impl<'m> Elements<'m> {
    /// Of a model.
    pub fn of(model: &'m Model) -> Self {
        let names = model.data.iter().map(|datum| canonical(&datum.name));
        Self {
            model,
            elements: Twins::new(model.ids().map(|id| who(model, id))),
            data: Twins::new(names),
        }
    }

    /// The element here that is the same as one of `others`.
    pub fn same(&self, others: &Elements<'_>, id: ElementId) -> Option<ElementId> {
        let who = who(others.model, id);
        let nth = others.elements.nth(id.0)?;
        self.elements.get(&who, nth).map(ElementId)
    }

    /// The piece of data here that is the same as one of `others`.
    pub fn datum(&self, others: &Elements<'_>, id: DataId) -> Option<DataId> {
        let name = canonical(&others.model.datum(id).name);
        self.data.get(&name, others.data.nth(id.0)?).map(DataId)
    }

    /// Whose attribute it is here, that is `owner`'s among `others`.
    pub fn owner(&self, others: &Elements<'_>, owner: Owner) -> Option<Owner> {
        match owner {
            Owner::Element(id) => self.same(others, id).map(Owner::Element),
            Owner::Controls(id) => self.same(others, id).map(Owner::Controls),
            Owner::Data(id) => self.datum(others, id).map(Owner::Data),
        }
    }
}

/// Positions by who is there, and which of its twins each is.
struct Twins<K> {
    by_key: BTreeMap<K, Vec<u32>>,
    nth: Vec<u32>,
}

impl<K: Ord> Twins<K> {
    fn new(keys: impl Iterator<Item = K>) -> Self {
        let mut by_key: BTreeMap<K, Vec<u32>> = BTreeMap::new();
        let mut nth = Vec::new();
        for (at, key) in keys.enumerate() {
            let twins = by_key.entry(key).or_default();
            nth.push(twins.len() as u32);
            twins.push(at as u32);
        }
        Self { by_key, nth }
    }

    fn nth(&self, at: u32) -> Option<u32> {
        self.nth.get(at as usize).copied()
    }

    fn get(&self, key: &K, nth: u32) -> Option<u32> {
        self.by_key.get(key)?.get(nth as usize).copied()
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
