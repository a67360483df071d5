//! What is the same on both sides of a comparison: models, and elements in them.

use std::collections::BTreeMap;

use crate::finding::{Identity, canonical};
use crate::model::{DataId, ElementId, Model, Owner};
use crate::report::pairs::{Named, pairs};

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
