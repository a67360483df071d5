//! The heap at the moment of `process()` becomes a [`Model`].

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::interpreter::{Interpreter, MOST_COPIES};
use super::objects::STRUCTURE;
use super::state::heap::Held;
use super::value::{At, ObjId, Part, Unread, V};
use crate::model::vocabulary::{Attribute, Class, Kind};
use crate::model::{
    Attr, Claim, DataId, Datum, Element, ElementId, Model, Origin, Slot, Slots, ThreatsFile, Value,
    derive,
};
use crate::notice::{Notice, code};

/// How many elements and Data all models of a file may hold together.
const MAX_COLLECTED: usize = 400_000;
/// How many models a file may hold.
const MAX_MODELS: usize = 1_000;

/// What objects are called in the model.
#[derive(Default)]
struct Ids {
    elements: BTreeMap<ObjId, ElementId>,
    data: BTreeMap<ObjId, DataId>,
}

/// How deep collections are copied out of the interpreter.
const NESTING: u8 = 8;

/// Takes a value's items from what may still be copied; false when it is too much.
fn copies(value: &V<'_>, depth: u8, left: &mut usize) -> bool {
    let Some(rest) = left.checked_sub(1) else {
        return false;
    };
    *left = rest;
    if depth == 0 {
        return true;
    }
    match value {
        V::List(items) => items
            .borrow()
            .iter()
            .all(|item| copies(item, depth - 1, left)),
        V::Tuple(items) => items.iter().all(|item| copies(item, depth - 1, left)),
        V::Set(items) => items
            .borrow()
            .keys()
            .iter()
            .all(|item| copies(item, depth - 1, left)),
        V::Dict(dict) => dict.borrow().iter().all(|entry| {
            copies(&entry.key, depth - 1, left) && copies(&entry.value, depth - 1, left)
        }),
        _ => true,
    }
}

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

    /// What nobody could read, with the default that stands in for it.
    fn unread_slot(&self, class: Class, attr: &Attr, at: At) -> Slot {
        let default = attr.default_on(class);
        Slot {
            value: default.map_or(Value::Nothing, |slot| slot.value.clone()),
            origin: Origin::Unread,
            place: Some(self.place(at)),
        }
    }

    /// Of what was set on an object that nobody knows, any object may have it.
    fn spread(&self, class: Class, slots: &mut Slots) {
        for (name, (_, at)) in &self.of_some {
            if class.attribute(name).is_some() {
                let name = Attr::named(name);
                let slot = self.unread_slot(class, &name, *at);
                slots.set(name, slot);
            }
        }
    }

    /// One attribute's slot.
    fn slot(&mut self, class: Class, name: &str, held: &Held<'a>, ids: &Ids, slots: &mut Slots) {
        let attribute = class.attribute(name);
        let internal = attribute.is_some_and(|a| a.kind == Kind::Internal);
        if name == "name" || name.starts_with('_') || internal {
            return;
        }
        let attr = Attr::named(name);
        let place = self.place(held.at);
        let unread = match &held.value {
            V::Unread(unread) => Some(Rc::clone(unread)),
            value if !copies(value, NESTING, &mut self.copies_left) => Some(Rc::new(Unread {
                at: held.at,
                why: format!("the collections of this model hold more than {MOST_COPIES} items"),
                inert: true,
                told: false,
                part: Part::None,
            })),
            _ => None,
        };
        if let Some(unread) = unread {
            self.tell_unread(class, name, held.at, &unread);
            let slot = self.unread_slot(class, &attr, held.at);
            slots.set(attr, slot);
            return;
        }
        let empty = match &held.value {
            V::List(items) => items.borrow().is_empty(),
            V::Set(items) => items.borrow().len() == 0,
            _ => false,
        };
        // `levels` is made with a zero in it when it is read.
        if !held.said && (empty || name == "levels" && is_level_zero(&held.value)) {
            return;
        }
        if let Some(value) = self.value_for(attribute, &held.value, ids) {
            slots.set(attr, Slot::declared(value, place));
        }
    }

    fn tell_unread(&mut self, class: Class, name: &str, at: At, unread: &Rc<Unread>) {
        if unread.told {
            // The model is incomplete for this reason already, and an error says so.
            self.registry.incomplete |= !self.registry.is_late();
            self.told.insert(self.place(at));
            return;
        }
        let is_wrong = self.told.contains(&self.place(unread.at));
        let structural =
            STRUCTURE.contains(&name) && class != Class::Data && class != Class::Controls;
        let message = if class == Class::Controls {
            format!("`controls.{name}` is not read")
        } else {
            format!("`{name}` of this {} is not read", class.name())
        };
        if structural {
            self.incomplete(code::INCOMPLETE, at, message, Some(unread));
            return;
        }
        if is_wrong {
            // An error says that pytm does not take this value.
            return;
        }
        let mut notice = Notice::warning(code::UNREAD, self.place(at), message);
        if unread.at == at {
            notice.message = format!("{}: {}", notice.message, unread.why);
        } else {
            notice = notice.with_label(self.place(unread.at), unread.why.clone());
        }
        self.notice(notice);
    }

    fn value_for(&self, attribute: Option<&Attribute>, value: &V<'a>, ids: &Ids) -> Option<Value> {
        let converted = self.value(value, ids, NESTING)?;
        Some(match (attribute.map(|a| a.kind), converted) {
            (Some(Kind::DataSet | Kind::Ints), Value::List(items)) => Value::Set(items),
            (_, converted) => converted,
        })
    }

    #[expect(
        clippy::self_only_used_in_recursion,
        reason = "stands beside the other conversions"
    )]
    /// A value as the model knows it; `None` for functions, modules and the like.
    fn value(&self, value: &V<'a>, ids: &Ids, depth: u8) -> Option<Value> {
        let all = |items: &[V<'a>]| -> Arc<[Value]> {
            items
                .iter()
                .filter_map(|item| self.value(item, ids, depth.saturating_sub(1)))
                .collect()
        };
        if depth == 0 {
            return None;
        }
        Some(match value {
            V::None => Value::Nothing,
            V::Bool(b) => Value::Bool(*b),
            V::Int(i) => Value::Int(*i),
            V::Float(f) => Value::Float(*f),
            V::Str(text) => Value::text(&text.text),
            V::Path(path) => Value::text(path),
            V::Member(e, position) => Value::Member(e, *position),
            V::List(items) => Value::List(all(&items.borrow())),
            V::Tuple(items) => Value::List(all(items)),
            V::Set(items) => Value::Set(all(&items.borrow().keys())),
            V::Dict(dict) => Value::Map(
                dict.borrow()
                    .iter()
                    .filter_map(|entry| {
                        Some((
                            self.value(&entry.key, ids, depth - 1)?,
                            self.value(&entry.value, ids, depth - 1)?,
                        ))
                    })
                    .collect(),
            ),
            V::Object(id) => match (ids.elements.get(id), ids.data.get(id)) {
                (Some(id), _) => Value::Element(*id),
                (None, Some(id)) => Value::Data(*id),
                (None, None) => return None,
            },
            V::Instance(instance) => {
                let inner = instance.builtin.borrow().clone();
                let held = inner.or_else(|| {
                    instance
                        .class
                        .is_enum()
                        .then(|| instance.attributes.own("value"))
                        .flatten()
                })?;
                return self.value(&held, ids, depth - 1);
            }
            _ => return None,
        })
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

    fn threats_file(&mut self, held: &Held<'a>, model: &mut Model) {
        match &held.value {
            V::Str(text) => {
                let path = crate::python::posix::normal(&text.text);
                // pytm's own file is what is built in.
                if path.starts_with(super::paths::PYTM)
                    || path.ends_with("pytm/threatlib/threats.json")
                {
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

fn is_level_zero(value: &V<'_>) -> bool {
    matches!(value, V::Set(items) if {
        let items = items.borrow();
        items.len() == 1 && items.contains(&V::Int(0))
    })
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
