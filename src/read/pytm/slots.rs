//! What is said of objects becomes slots of the model.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::interpreter::{Interpreter, MOST_COPIES};
use super::objects::STRUCTURE;
use super::state::heap::Held;
use super::value::{At, ObjId, Part, Unread, V};
use crate::model::vocabulary::{Attribute, Class, Kind};
use crate::model::{Attr, DataId, ElementId, Origin, Slot, Slots, Value};
use crate::notice::{Notice, code};

/// What objects are called in the model.
#[derive(Default)]
pub(super) struct Ids {
    pub(super) elements: BTreeMap<ObjId, ElementId>,
    pub(super) data: BTreeMap<ObjId, DataId>,
}

impl<'a> Interpreter<'a> {
    /// What nobody could read, with the default that stands in for it.
    pub(super) fn unread_slot(&self, class: Class, attr: &Attr, at: At) -> Slot {
        let default = attr.default_on(class);
        Slot {
            value: default.map_or(Value::Nothing, |slot| slot.value.clone()),
            origin: Origin::Unread,
            place: Some(self.place(at)),
        }
    }

    /// Of what was set on an object that nobody knows, any object may have it.
    pub(super) fn spread(&self, class: Class, slots: &mut Slots) {
        for (name, (_, at)) in &self.of_some {
            if class.attribute(name).is_some() {
                let name = Attr::named(name);
                let slot = self.unread_slot(class, &name, *at);
                slots.set(name, slot);
            }
        }
    }

    /// One attribute's slot.
    pub(super) fn slot(
        &mut self,
        class: Class,
        name: &str,
        held: &Held<'a>,
        ids: &Ids,
        slots: &mut Slots,
    ) {
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

fn is_level_zero(value: &V<'_>) -> bool {
    matches!(value, V::Set(items) if {
        let items = items.borrow();
        items.len() == 1 && items.contains(&V::Int(0))
    })
}
