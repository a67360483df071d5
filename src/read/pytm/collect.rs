//! The heap at the moment of `process()` becomes a [`Model`].

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::interpreter::Interpreter;
use super::objects::{Held, STRUCTURE};
use super::value::{At, ObjId, Unread, V};
use crate::model::vocabulary::{Attribute, Class, Kind};
use crate::model::{
    Assumption, Attr, Claim, DataId, Datum, DeclaredThreat, Element, ElementId, Model, Origin,
    Override, Said, Slot, Slots, ThreatsFile, Value, derive,
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
        self.settings(tm, &ids, &mut model);
        self.attach_comments(&mut model, &elements);
        model.parts = self.parts.iter().cloned().collect();
        for notice in derive::derive(&mut model) {
            self.notice(notice);
        }
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
        let sites: Vec<At> = object.sites.iter().rev().copied().collect();
        let (slots, claims) = (object.slots.clone(), object.claims.clone());
        let name = self
            .object_name(id)
            .unwrap_or_else(|| format!("?{}", self.snippet(name_at)));
        let mut element = Element::new(class, &name, self.place(at));
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
                "overrides" => element.overrides = self.overrides(&held),
                "assumptions" => element.assumptions = self.assumptions(&held),
                "threats" => element.threats = self.threats(&held),
                "data" => {
                    let held = self.strings_as_data(&held, model);
                    self.set_data(class, &held, ids, &mut element.slots);
                }
                _ => self.slot(class, &name, &held, ids, &mut element.slots),
            }
        }
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
                    name: "undefined".into(),
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
            V::Unread(_) => {
                for control in Class::Controls.attributes() {
                    self.slot(
                        Class::Controls,
                        control.name,
                        held,
                        ids,
                        &mut element.controls,
                    );
                }
            }
            _ => {}
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
        if let V::Unread(unread) = &held.value {
            let unread = Rc::clone(unread);
            self.tell_unread(class, name, held.at, &unread);
            let value = attr
                .default_on(class)
                .map_or(Value::Nothing, |slot| slot.value.clone());
            slots.set(
                attr,
                Slot {
                    value,
                    origin: Origin::Unread,
                    place: Some(place),
                },
            );
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
        let mut notice = Notice::warning(code::UNREAD, self.place(at), message);
        if unread.at == at {
            notice.message = format!("{}: {}", notice.message, unread.why);
        } else {
            notice = notice.with_label(self.place(unread.at), unread.why.clone());
        }
        self.notice(notice);
    }

    fn value_for(&self, attribute: Option<&Attribute>, value: &V<'a>, ids: &Ids) -> Option<Value> {
        let converted = self.value(value, ids, 8)?;
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

    fn said(&self, text: &str, at: At) -> Said {
        Said {
            text: text.into(),
            place: self.place(at),
        }
    }

    /// The text of an attribute of an object, with its place.
    fn said_in(&self, id: ObjId, name: &str) -> Option<Said> {
        let held = self.object(id).get(name)?;
        match &held.value {
            V::Str(text) => Some(self.said(&text.text, text.at.unwrap_or(held.at))),
            _ => None,
        }
    }

    fn listed(&mut self, held: &Held<'a>, what: &str) -> Vec<V<'a>> {
        match &held.value {
            V::List(items) => {
                let items = items.borrow().clone();
                if let Some(V::Unread(unread)) = items.iter().find(|v| matches!(v, V::Unread(_))) {
                    let message = format!("One of the {what} is not read");
                    let unread = Rc::clone(unread);
                    self.incomplete(code::INCOMPLETE, held.at, message, Some(&unread));
                }
                items
            }
            V::Tuple(items) => items.to_vec(),
            V::Set(items) => items.borrow().keys(),
            V::Str(_) | V::Dict(_) => vec![held.value.clone()],
            V::Unread(unread) => {
                let (message, unread) = (format!("The {what} are not read"), Rc::clone(unread));
                self.incomplete(code::INCOMPLETE, held.at, message, Some(&unread));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn overrides(&mut self, held: &Held<'a>) -> Vec<Override> {
        let mut overrides = Vec::new();
        for item in self.listed(held, "overrides") {
            let V::Object(id) = item else { continue };
            let at = self.object(id).at;
            for (name, held) in self.object(id).slots.clone() {
                if let V::Unread(unread) = &held.value {
                    let message = format!("`{name}` of this override is not read");
                    self.incomplete(code::INCOMPLETE, held.at, message, Some(&Rc::clone(unread)));
                }
            }
            let Some(rule) = self
                .said_in(id, "threat_id")
                .filter(|said| !said.text.is_empty())
            else {
                continue;
            };
            let own = ["threat_id", "response", "severity", "cvss"];
            let fields = Class::Finding
                .attributes()
                .into_iter()
                .filter(|a| a.kind != Kind::Internal && !own.contains(&a.name))
                .filter_map(|a| Some((Arc::from(a.name), self.said_in(id, a.name)?)))
                .collect();
            overrides.push(Override {
                rule,
                place: self.place(at),
                response: self.filled(id, "response"),
                severity: self.filled(id, "severity"),
                cvss: self.filled(id, "cvss"),
                fields,
                inherited: false,
            });
        }
        overrides
    }

    fn filled(&self, id: ObjId, name: &str) -> Option<Said> {
        self.said_in(id, name).filter(|said| !said.text.is_empty())
    }

    fn assumptions(&mut self, held: &Held<'a>) -> Vec<Assumption> {
        let mut assumptions = Vec::new();
        for item in self.listed(held, "assumptions") {
            let (id, at) = match item {
                V::Object(id) => (id, self.object(id).at),
                // Added in place, where pytm checks nothing.
                V::Str(text) => {
                    let at = text.at.unwrap_or(held.at);
                    assumptions.push(Assumption {
                        name: self.said(&text.text, at),
                        description: "".into(),
                        exclude: Vec::new(),
                        place: self.place(at),
                    });
                    continue;
                }
                _ => continue,
            };
            let mut exclude = Vec::new();
            if let Some(excluded) = self.object(id).get("exclude").cloned() {
                for rule in self.listed(&excluded, "excluded ids") {
                    if let V::Str(text) = rule {
                        exclude.push(self.said(&text.text, text.at.unwrap_or(excluded.at)));
                    }
                }
            }
            let description = self.said_in(id, "description");
            assumptions.push(Assumption {
                name: self
                    .said_in(id, "name")
                    .unwrap_or_else(|| self.said("", at)),
                description: description.map_or_else(|| "".into(), |said| said.text),
                exclude,
                place: self.place(at),
            });
        }
        assumptions
    }

    /// Threats in words: titles, or mappings with more (SEMANTICS §1).
    fn threats(&mut self, held: &Held<'a>) -> Vec<DeclaredThreat> {
        let mut threats = Vec::new();
        for item in self.listed(held, "threats") {
            match item {
                V::Str(text) => {
                    let title = self.said(&text.text, text.at.unwrap_or(held.at));
                    threats.push(DeclaredThreat {
                        place: title.place.clone(),
                        title,
                        severity: None,
                        mitigated_by: Vec::new(),
                        response: None,
                    });
                }
                V::Dict(dict) => {
                    let dict = dict.borrow();
                    let said = |name: &str| {
                        let entry = dict.entry(&V::str(name))?;
                        match &entry.value {
                            V::Str(text) => {
                                let at = text.at.or(entry.at).unwrap_or(held.at);
                                Some(self.said(&text.text, at))
                            }
                            _ => None,
                        }
                    };
                    let controls =
                        dict.named("mitigatedBy")
                            .map_or_else(Vec::new, |value| match value {
                                V::List(items) => items.borrow().clone(),
                                V::Tuple(items) => items.to_vec(),
                                value => vec![value.clone()],
                            });
                    let mitigated_by = controls.iter().filter_map(|value| match value {
                        V::Str(text) => Some(self.said(&text.text, text.at.unwrap_or(held.at))),
                        _ => None,
                    });
                    let Some(title) = said("title") else { continue };
                    threats.push(DeclaredThreat {
                        place: title.place.clone(),
                        severity: said("severity"),
                        mitigated_by: mitigated_by.collect(),
                        response: said("response"),
                        title,
                    });
                }
                _ => {}
            }
        }
        threats
    }

    /// The attributes of the TM.
    fn settings(&mut self, tm: ObjId, ids: &Ids, model: &mut Model) {
        for (name, held) in self.object(tm).slots.clone() {
            match &*name {
                "assumptions" => model.assumptions = self.assumptions(&held),
                "threatsFile" => self.threats_file(&held, model),
                _ => self.slot(Class::TM, &name, &held, ids, &mut model.slots),
            }
        }
    }

    fn threats_file(&mut self, held: &Held<'a>, model: &mut Model) {
        match &held.value {
            V::Str(text) => {
                let path = super::paths::normal(&text.text);
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
