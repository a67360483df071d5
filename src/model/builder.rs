//! Small models, built by hand for tests.

use super::vocabulary::{Class, Enumeration};
use super::{Attr, DataId, Datum, Element, ElementId, Model, Origin, Owner, Slot, Value};
use crate::source::{Place, RepoPath, Source, Span};

/// A model in the making. Whatever is said gets a place of its own.
pub(crate) struct Builder {
    pub(crate) model: Model,
    said: usize,
}

impl Builder {
    pub(crate) fn new() -> Self {
        let path = RepoPath::new("model.py").expect("a path");
        let source = Source::new(path, "m".repeat(500));
        let place = source.place(Span::new(0, 1));
        Self {
            model: Model::new(source, "pytm", "Test", place),
            said: 0,
        }
    }

    fn place(&mut self) -> Place {
        self.said += 1;
        self.model.source.place(Span::new(self.said, self.said + 1))
    }

    pub(crate) fn element(&mut self, class: Class, name: &str) -> ElementId {
        let place = self.place();
        self.model.elements.push(Element::new(class, name, place));
        ElementId(self.model.elements.len() as u32 - 1)
    }

    pub(crate) fn flow(&mut self, name: &str, source: ElementId, sink: ElementId) -> ElementId {
        let flow = self.element(Class::Dataflow, name);
        self.say(flow, "source", Value::Element(source));
        self.say(flow, "sink", Value::Element(sink));
        flow
    }

    pub(crate) fn data(&mut self, name: &str) -> DataId {
        let place = self.place();
        self.model.data.push(Datum {
            name: name.into(),
            place,
            slots: super::Slots::default(),
        });
        DataId(self.model.data.len() as u32 - 1)
    }

    /// Says an attribute of an element.
    pub(crate) fn say(&mut self, element: ElementId, name: &str, value: Value) -> &mut Self {
        self.set(Owner::Element(element), name, value, Origin::Declared)
    }

    /// Says that a control is in place.
    pub(crate) fn control(&mut self, element: ElementId, name: &str) -> &mut Self {
        let value = Value::Bool(true);
        self.set(Owner::Controls(element), name, value, Origin::Declared)
    }

    /// Says an attribute of a Data.
    pub(crate) fn say_data(&mut self, data: DataId, name: &str, value: Value) -> &mut Self {
        self.set(Owner::Data(data), name, value, Origin::Declared)
    }

    pub(crate) fn set(
        &mut self,
        owner: Owner,
        name: &str,
        value: Value,
        origin: Origin,
    ) -> &mut Self {
        let mut slot = Slot::declared(value, self.place());
        if origin != Origin::Declared {
            slot.origin = origin;
        }
        let attr = Attr::named(name);
        match owner {
            Owner::Element(id) => self.model.element_mut(id).slots.set(attr, slot),
            Owner::Controls(id) => self.model.element_mut(id).controls.set(attr, slot),
            Owner::Data(id) => self.model.data[id.0 as usize].slots.set(attr, slot),
        }
        self
    }

    /// Says an attribute of the TM.
    pub(crate) fn tm(&mut self, name: &str, value: Value) -> &mut Self {
        let slot = Slot::declared(value, self.place());
        self.model.slots.set(Attr::named(name), slot);
        self
    }

    /// The model with everything that follows.
    pub(crate) fn derived(mut self) -> Model {
        super::derive::derive(&mut self.model);
        self.model
    }
}

/// A member of an enum.
pub(crate) fn member(of: &str, name: &str) -> Value {
    let of = Enumeration::named(of).expect("an enum");
    Value::Member(of, of.position(name).expect("a member"))
}

/// A set of Data.
pub(crate) fn data(ids: &[DataId]) -> Value {
    Value::Set(ids.iter().map(|&id| Value::Data(id)).collect())
}
