//! The heap at the moment of `process()` becomes a [`Model`].

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::interpreter::Interpreter;
use super::slots::Ids;
use super::state::heap::Held;
use super::value::{At, ObjId, V};
use crate::model::vocabulary::Class;
use crate::model::{
    Attr, Claim, DataId, Datum, Element, ElementId, Model, Slot, Slots, ThreatsFile, Value, derive,
};
use crate::notice::{Notice, code};

/// How many elements and Data all models of a file may hold together.
const MAX_COLLECTED: usize = 400_000;
/// How many models a file may hold.
const MAX_MODELS: usize = 1_000;

impl<'a> Interpreter<'a> {
    /// Makes a model of everything since the last reset and adds it to the result.
    pub(super) fn collect(&mut self, tm: ObjId) {
        if self.registry.judged > 0 {
            let notice = Notice::note(
                code::SECOND_TM,
                self.place(self.object(tm).at),
                "This model includes the elements of the one before it, as in pytm",
            )
            .with_help("Call TM.reset() between models to keep them apart");
            self.notice(notice);
        }
        self.collected += self.registry.elements.len() + self.registry.data.len();
        if self.collected > MAX_COLLECTED || self.models.len() >= MAX_MODELS {
            let at = self.object(tm).at;
            self.limit(at, "so many models and elements");
            return;
        }
        let name = self.object_name(tm).unwrap_or_else(|| "?".to_owned());
        let source = Arc::clone(&self.units.first().source);
        let place = self.place(self.object(tm).at);
        let mut model = Model::new(source, "pytm", &name, place);
        let (elements, data) = self.reachable();
        let mut ids = Ids::default();
        for (position, id) in elements.iter().enumerate() {
            ids.elements.insert(*id, ElementId(position as u32));
        }
        for (position, id) in data.iter().enumerate() {
            ids.data.insert(*id, DataId(position as u32));
        }
        for id in &data {
            let datum = self.datum(*id, &ids);
            model.data.push(datum);
        }
        for id in &elements {
            let element = self.element(*id, &ids, &mut model);
            model.elements.push(element);
        }
        if elements.is_empty() {
            let place = self.place(self.object(tm).at);
            let message = "This model has no element, so nothing is judged in it";
            self.notice(
                Notice::warning(code::INCOMPLETE, place, message)
                    .with_help("Construct its elements between the TM and process()"),
            );
        }
        self.settings(tm, &ids, &mut model);
        self.attach_comments(&mut model, &elements);
        model.parts = self.parts.iter().cloned().collect();
        for notice in derive::derive(&mut model) {
            self.notice(notice);
        }
        model.told = std::mem::take(&mut self.told);
        model.complete = !self.registry.incomplete || self.options.lenient;
        self.models.push(model);
    }

    /// Everything registered, and what it refers to from before a reset.
    fn reachable(&self) -> (Vec<ObjId>, Vec<ObjId>) {
        let mut elements = self.registry.elements.clone();
        let mut data = self.registry.data.clone();
        let mut known: std::collections::BTreeSet<ObjId> =
            elements.iter().chain(&data).copied().collect();
        let mut next = 0;
        while let Some(id) = elements.get(next).copied() {
            next += 1;
            for (name, held) in &self.object(id).slots {
                if name.starts_with('_') || self.object(id).class.attribute(name).is_none() {
                    continue;
                }
                for found in objects_in(&held.value) {
                    let class = self.object(found).class;
                    if class.is_element() && known.insert(found) {
                        elements.push(found);
                    } else if class == Class::Data && known.insert(found) {
                        data.push(found);
                    }
                }
            }
        }
        (elements, data)
    }

    fn datum(&mut self, id: ObjId, ids: &Ids) -> Datum {
        let mut slots = Slots::default();
        for (name, held) in self.object(id).slots.clone() {
            self.slot(Class::Data, &name, &held, ids, &mut slots);
        }
        self.spread(Class::Data, &mut slots);
        Datum {
            name: self
                .object_name(id)
                .unwrap_or_else(|| "?".to_owned())
                .into(),
            place: self.place(self.object(id).at),
            slots,
        }
    }

    fn element(&mut self, id: ObjId, ids: &Ids, model: &mut Model) -> Element {
        let object = self.object(id);
        let (class, at, name_at) = (object.class, object.at, object.name_at);
        let own_class = object.user.as_ref().map(|own| Arc::from(&*own.name));
        let sites: Vec<At> = object.sites.iter().rev().copied().collect();
        let (slots, claims) = (object.slots.clone(), object.claims.clone());
        let name = self
            .object_name(id)
            .unwrap_or_else(|| format!("?{}", self.snippet(name_at)));
        let mut element = Element::new(class, &name, self.place(at));
        element.own_class = own_class;
        element.name_place = self.place(name_at);
        element.related = sites.into_iter().map(|at| self.place(at)).collect();
        element.claims = claims
            .into_iter()
            .map(|(words, at, understood)| Claim {
                words: self.said(&words, at),
                understood,
            })
            .collect();
        for (name, held) in slots {
            match &*name {
                "name" => {}
                "controls" => self.controls(&held, ids, &mut element),
                "overrides" => {
                    element.overrides = self.overrides(&held);
                    if class == Class::Dataflow && !held.said && !element.overrides.is_empty() {
                        let message = "What is added to the overrides of a flow counts here; pytm 1.4.0 takes those of its ends instead";
                        let notice = Notice::note(code::UNLIKE_PYTM, self.place(held.at), message);
                        self.notice(
                            notice.with_help(
                                "assign the list, as in `flow.overrides = [Finding(…)]`",
                            ),
                        );
                    }
                }
                "assumptions" => element.assumptions = self.assumptions(&held, class),
                "threats" => element.threats = self.threats(&held),
                "data" => {
                    let held = self.strings_as_data(&held, model);
                    self.set_data(class, &held, ids, &mut element.slots);
                }
                _ => self.slot(class, &name, &held, ids, &mut element.slots),
            }
        }
        self.spread(class, &mut element.slots);
        self.spread(Class::Controls, &mut element.controls);
        element
    }

    /// Text among the data of an element: a Data of its own, named `undefined`.
    fn strings_as_data(&mut self, held: &Held<'a>, model: &mut Model) -> (Held<'a>, Vec<DataId>) {
        let mut made = Vec::new();
        if let V::Set(items) = &held.value {
            for entry in items.borrow().iter() {
                let V::Str(text) = &entry.key else { continue };
                let place = self.place(text.at.unwrap_or(held.at));
                let mut slots = Slots::default();
                let description = Slot::declared(Value::text(&text.text), place.clone());
                slots.set(Attr::named("description"), description);
                made.push(DataId(model.data.len() as u32));
                model.data.push(Datum {
                    name: crate::model::NAMELESS.into(),
                    place,
                    slots,
                });
            }
        }
        (held.clone(), made)
    }

    fn set_data(
        &mut self,
        class: Class,
        (held, made): &(Held<'a>, Vec<DataId>),
        ids: &Ids,
        slots: &mut Slots,
    ) {
        if let V::Unread(_) = held.value {
            return self.slot(class, "data", held, ids, slots);
        }
        let V::Set(items) = &held.value else { return };
        let dict = items.borrow();
        if let Some(unread) = &dict.doubt {
            let held = Held {
                value: V::Unread(Rc::clone(unread)),
                ..held.clone()
            };
            return self.slot(class, "data", &held, ids, slots);
        }
        if !held.said && dict.len() == 0 {
            return;
        }
        let mut values: Vec<Value> = dict
            .iter()
            .filter_map(|entry| match entry.key {
                V::Object(id) => ids.data.get(&id).map(|id| Value::Data(*id)),
                _ => None,
            })
            .collect();
        values.extend(made.iter().map(|id| Value::Data(*id)));
        let place = self.place(held.at);
        let mut known = BTreeSet::new();
        let has_twins = dict.iter().any(|entry| match entry.key {
            V::Object(id) => ids.data.contains_key(&id) && !known.insert(self.data_key(id)),
            _ => false,
        });
        if has_twins {
            let message = "Data that say the same are told apart here; pytm takes them for one";
            let notice = Notice::note(code::UNLIKE_PYTM, place.clone(), message);
            let help = "give them other names, if they are not the same";
            self.notice(notice.with_help(help));
        }
        slots.set(
            Attr::named("data"),
            Slot::declared(Value::Set(values.into()), place),
        );
    }

    fn controls(&mut self, held: &Held<'a>, ids: &Ids, element: &mut Element) {
        match &held.value {
            V::Object(controls) => {
                for (name, held) in self.object(*controls).slots.clone() {
                    self.slot(Class::Controls, &name, &held, ids, &mut element.controls);
                }
            }
            V::Unread(unread) => {
                let unread = Rc::clone(unread);
                // Most rules ask for one of them, so one error speaks for all.
                if unread.told {
                    self.registry.incomplete |= !self.registry.is_late();
                } else {
                    let message =
                        format!("`controls` of this {} is not read", element.class.name());
                    self.incomplete(code::INCOMPLETE, held.at, message, Some(&unread));
                }
                self.told.insert(self.place(held.at));
                for control in Class::Controls.attributes() {
                    let name = Attr::named(control.name);
                    let slot = self.unread_slot(Class::Controls, &name, held.at);
                    element.controls.set(name, slot);
                }
            }
            _ => {}
        }
    }

    /// The attributes of the TM.
    fn settings(&mut self, tm: ObjId, ids: &Ids, model: &mut Model) {
        for (name, held) in self.object(tm).slots.clone() {
            match &*name {
                "assumptions" => model.assumptions = self.assumptions(&held, Class::TM),
                "threatsFile" => self.threats_file(&held, model),
                _ => self.slot(Class::TM, &name, &held, ids, &mut model.slots),
            }
        }
    }

    /// Complains where the threats file of a TM that is never processed is missing: pytm
    /// opens it when it is given, and stops.
    pub(super) fn opens_threats(&mut self, tm: ObjId) {
        let Some(held) = self.object(tm).get("threatsFile").cloned() else {
            return;
        };
        let V::Str(text) = &held.value else { return };
        let path = crate::python::posix::normal(&text.text);
        if !is_built_in(&path) && self.repository_file(&text.text).is_none() {
            let message = format!("There is no threats file `{path}`, at which pytm stops");
            let notice = Notice::at(code::INCOMPLETE, self.fatal(), self.place(held.at), message);
            self.notice(notice.with_help("give it a file of the repository, or none"));
        }
    }

    fn threats_file(&mut self, held: &Held<'a>, model: &mut Model) {
        match &held.value {
            V::Str(text) => {
                let path = crate::python::posix::normal(&text.text);
                if is_built_in(&path) {
                    return;
                }
                let root = format!("{}/", super::paths::ROOT);
                model.threats_file = Some(ThreatsFile {
                    path: self.repository_file(&text.text),
                    written: path.strip_prefix(&root).unwrap_or(&path).into(),
                    place: self.place(held.at),
                });
            }
            V::Unread(unread) => {
                let (message, unread) = ("`threatsFile` is not read".to_owned(), Rc::clone(unread));
                self.incomplete(code::INCOMPLETE, held.at, message, Some(&unread));
            }
            _ => {}
        }
    }
}

/// Whether a threats file is pytm's own, which is what is built in.
fn is_built_in(path: &str) -> bool {
    path.starts_with(super::paths::PYTM) || path.ends_with("pytm/threatlib/threats.json")
}

/// The pytm objects that a value is or directly holds.
fn objects_in(value: &V<'_>) -> Vec<ObjId> {
    let of = |items: &[V<'_>]| {
        items
            .iter()
            .filter_map(|item| match item {
                V::Object(id) => Some(*id),
                _ => None,
            })
            .collect()
    };
    match value {
        V::Object(id) => vec![*id],
        V::List(items) => of(&items.borrow()),
        V::Set(items) => of(&items.borrow().keys()),
        _ => Vec::new(),
    }
}
