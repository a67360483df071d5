//! `object.attribute` of pytm's objects, with their defaults and methods.

use super::interpreter::{Interpreter, R};
use super::pytm_names;
use super::state::heap::Held;
use super::value::function::Args;
use super::value::{At, ObjId, V};
use crate::model::vocabulary::{self, Attribute, Class, Fallback, Kind};

impl<'a> Interpreter<'a> {
    /// `object.name`.
    pub(super) fn object_attribute(&mut self, id: ObjId, name: &str, at: At) -> R<'a> {
        let object = self.object(id);
        if !object.initialised && object.user.is_some() && object.class.attribute(name).is_some() {
            let message = format!("`{name}` is asked for before `super().__init__()`");
            return self.raise("AttributeError", message, at);
        }
        if let Some(held) = self.object(id).get(name) {
            return Ok(match &held.value {
                // pytm makes Data of it.
                V::Set(set)
                    if name == "data"
                        && set
                            .borrow()
                            .iter()
                            .any(|entry| matches!(entry.key, V::Str(_))) =>
                {
                    V::not_read(at, "Data that is given as text")
                }
                value => value.clone(),
            });
        }
        if let Some(user) = self.object(id).user.clone()
            && let Some(found) = user.lookup(name)
        {
            return self.bind_to(found, &V::Object(id), &user, at);
        }
        self.object_attribute_plain(id, name, at)
    }

    /// As pytm's own classes have it.
    pub(super) fn object_attribute_plain(&mut self, id: ObjId, name: &str, at: At) -> R<'a> {
        if let Some(held) = self.object(id).get(name) {
            return Ok(held.value.clone());
        }
        let class = self.object(id).class;
        if name == "controls" && class.is_element() {
            let controls = self.controls_of(id, at)?;
            return Ok(V::Object(controls));
        }
        if let Some(attribute) = class.attribute(name) {
            return Ok(self.default_of(id, attribute, at));
        }
        if pytm_names::is_method(class, name) {
            return Ok(V::method(&V::Object(id), name));
        }
        if name == "__class__" {
            return Ok(match self.object(id).user.clone() {
                Some(own) => V::UserClass(own),
                None => V::Class(class),
            });
        }
        if class == Class::TM && name.starts_with('_') {
            return match self.registered(name, at) {
                Some(value) => {
                    self.views.push(value.clone());
                    Ok(value)
                }
                None => self.raise("AttributeError", name, at),
            };
        }
        if let Some(hidden) = self.hidden(class, name, at) {
            return Ok(hidden);
        }
        if name == "__dict__" {
            let what = "What is said of an object through `__dict__` is not read";
            return Ok(self.refuse(at, what, "assign to its attributes"));
        }
        if name.starts_with('_') {
            return self.raise("AttributeError", name, at);
        }
        // What is set under another spelling is read under it, too.
        if let Some(known) = vocabulary::respelled(class, name)
            && let Some(held) = self.object(id).get(known.name)
        {
            return Ok(held.value.clone());
        }
        if let Some(control) = vocabulary::flat_control(class, name)
            && let Some(V::Object(controls)) =
                self.object(id).get("controls").map(|h| h.value.clone())
            && let Some(held) = self.object(controls).get(control.name)
        {
            return Ok(held.value.clone());
        }
        let message = format!("'{}' has no attribute '{name}'", class.name());
        self.raise("AttributeError", message, at)
    }

    fn default_of(&mut self, id: ObjId, attribute: &'static Attribute, at: At) -> V<'a> {
        if attribute.name == "threatsFile" {
            return V::not_read(at, "where pytm lies on a machine");
        }
        let value = match (attribute.default, attribute.kind) {
            (Fallback::Bool(b), _) => V::Bool(b),
            (Fallback::Int(i), _) => V::Int(i),
            (Fallback::Text(text), _) => V::str(text),
            (Fallback::Member(member), Kind::Enum(e)) => {
                V::Member(e, e.position(member).unwrap_or(0))
            }
            (Fallback::Member(_) | Fallback::Nothing, _) => V::None,
            (Fallback::Empty, Kind::DataSet) => V::data(Vec::new()),
            (Fallback::Empty, Kind::Ints) => V::set([]),
            (Fallback::Empty, _) if attribute.name == "exclude" => V::set([]),
            (Fallback::Empty, _) => V::list(Vec::new()),
            (Fallback::LevelZero, _) => V::set([V::Int(0)]),
        };
        // A collection may be added to in place.
        if matches!(value, V::Set(_) | V::List(_)) && attribute.kind != Kind::Internal {
            let held = Held {
                value: value.clone(),
                at,
                said: false,
            };
            self.object_mut(id).set(attribute.name, held);
        }
        value
    }

    pub(super) fn user_method(&mut self, id: ObjId, name: &str, at: At) -> R<'a, Option<V<'a>>> {
        let Some(user) = self.object(id).user.clone() else {
            return Ok(None);
        };
        match user.lookup(name) {
            Some(found) => self.bind_to(found, &V::Object(id), &user, at).map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn object_method(&mut self, id: ObjId, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        let given = args.positional.len() + args.keywords.len();
        if let Some(wanted) = pytm_names::arguments(name)
            && wanted != given
            && args.doubt.is_none()
        {
            let message = format!("{name}() takes {wanted} arguments and is given {given}");
            return self.raise("TypeError", message, at);
        }
        if pytm_names::BY_NAME_ONLY.contains(&name) && !args.positional.is_empty() {
            let message = format!("{name}() takes its arguments by name");
            return self.raise("TypeError", message, at);
        }
        match name {
            "__init__" => {
                self.initialise(id, args)?;
                Ok(V::None)
            }
            // What it checks may still change; the model is what `process` sees.
            "check" if self.object(id).class == Class::TM => {
                self.registry.checked.push(id);
                Ok(V::Bool(true))
            }
            "process" | "resolve" if self.object(id).class == Class::TM => {
                self.process(id, at);
                Ok(if name == "check" {
                    V::Bool(true)
                } else {
                    V::None
                })
            }
            "check" => Ok(V::Bool(true)),
            "reset" => {
                self.reset(at);
                Ok(V::None)
            }
            "display_name" => self.object_attribute(id, "name", at),
            "oneOf" => {
                for (wanted, _) in &args.positional {
                    let same = wanted.is(&V::Object(id)) == Some(true);
                    if same || self.is_instance(&V::Object(id), wanted) == Some(true) {
                        return Ok(V::Bool(true));
                    }
                }
                Ok(V::Bool(false))
            }
            "inside" => {
                let boundary = self.object_attribute(id, "inBoundary", at)?;
                for (wanted, _) in &args.positional {
                    if boundary.is(wanted) == Some(true)
                        || self.is_instance(&boundary, wanted) == Some(true)
                    {
                        return Ok(V::Bool(true));
                    }
                }
                Ok(V::Bool(false))
            }
            "parents" => {
                let mut parents = Vec::new();
                let mut boundary = self.object_attribute(id, "inBoundary", at)?;
                while let V::Object(parent) = boundary
                    && parents.len() < 256
                {
                    parents.push(boundary);
                    boundary = self.object_attribute(parent, "inBoundary", at)?;
                }
                Ok(V::list(parents))
            }
            "crosses" | "enters" | "exits" | "checkTLSVersion" | "hasDataLeaks" => {
                Ok(V::truth(at, format!("{name}() is not run")))
            }
            _ => Ok(V::unread(at, format!("{name}() is not run"))),
        }
    }
}
