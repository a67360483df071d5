//! Attributes are set and deleted: `owner.name = value`, `del owner.name`.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::function::Args;
use super::value::{At, Part, V};
use super::{namespaces, pytm_names};

impl<'a> Interpreter<'a> {
    /// `owner.name = value`.
    pub(super) fn set_attribute(
        &mut self,
        owner: &V<'a>,
        name: &str,
        value: V<'a>,
        at: At,
    ) -> R<'a, ()> {
        if let Some(found) = self.class_says(owner, name) {
            return self.set_by_class(owner, &found, name, value, at);
        }
        match owner {
            V::Object(id) if !self.object(*id).initialised && self.object(*id).user.is_some() => {
                self.raise(
                    "AttributeError",
                    format!("`{name}` is set before `super().__init__()`"),
                    at,
                )
            }
            V::Object(id) => {
                self.refuses_to_be_set(*id, name, at)?;
                self.say(*id, name, value, at)
            }
            V::Instance(instance) => {
                let class = &instance.class;
                if class.freezes(name) {
                    let message = format!("cannot assign to field '{name}'");
                    return self.raise("FrozenInstanceError", message, at);
                }
                let fixed = class.root == super::value::class::Root::NamedTuple
                    || class.is_enum() && matches!(name, "name" | "value")
                    || class
                        .slots()
                        .is_some_and(|slots| !slots.iter().any(|slot| slot.as_str() == Some(name)));
                if fixed {
                    let message = format!("'{}' object has no attribute '{name}'", class.name);
                    return self.raise("AttributeError", message, at);
                }
                self.outdate(owner.address(), at);
                if self.doubt.is_some() {
                    let old = instance.attributes.own(name).unwrap_or(V::None);
                    let value = self
                        .doubt
                        .as_ref()
                        .map_or(V::None, |unread| V::perhaps(unread, &value, &old));
                    instance.attributes.set(name, value);
                    return Ok(());
                }
                instance.attributes.set(name, value);
                Ok(())
            }
            V::UserClass(class) if class.is_enum() && class.scope.own(name).is_some() => {
                let message = format!("cannot reassign member '{name}'");
                self.raise("AttributeError", message, at)
            }
            V::UserClass(class) => {
                if let Some(base) = class.pytm().filter(|base| pytm_names::is_kept(*base, name)) {
                    self.set_on_class(base, name, at);
                }
                class.scope.set(name, value);
                Ok(())
            }
            V::Module(module) => {
                module.scope.set(name, value);
                Ok(())
            }
            V::Class(class) => {
                self.set_on_class(*class, name, at);
                Ok(())
            }
            V::Library(library)
                if library.starts_with("pytm.report_util")
                    || namespaces::is_module(library)
                        && self.pytm_attribute(library, name).is_none() =>
            {
                // Reports are no part of a model, and nobody asks for a name that pytm lacks.
                Ok(())
            }
            V::Library(library) => {
                let what =
                    format!("What code does after `{library}.{name}` is replaced is not read");
                self.refuse(at, what, "leave modules as they are");
                Ok(())
            }
            V::Unread(unread)
                if matches!(unread.part, Part::Threat | Part::Kept) && !unread.told =>
            {
                self.set_on_part(unread.part, name, &value, at);
                Ok(())
            }
            V::Unread(unread) => {
                self.set_on_unread(&Rc::clone(unread), name, at);
                Ok(())
            }
            V::Function(_) | V::Exception(_) | V::File(_) => Ok(()),
            _ => self.raise("AttributeError", format!("cannot set '{name}'"), at),
        }
    }

    /// `del owner.name`.
    pub(super) fn delete_attribute(&mut self, owner: &V<'a>, name: &str, at: At) -> R<'a, ()> {
        self.outdate(owner.address(), at);
        match (owner, &self.doubt) {
            (V::Instance(instance), None) if instance.class.freezes(name) => {
                let message = format!("cannot delete field '{name}'");
                self.raise("FrozenInstanceError", message, at)
            }
            (V::Instance(instance), None) => {
                if !instance.attributes.delete(name) {
                    let message = format!("no attribute '{name}'");
                    return self.raise("AttributeError", message, at);
                }
                Ok(())
            }
            _ => {
                self.refuse(at, "What is deleted here is not read", "leave it out");
                Ok(())
            }
        }
    }

    fn set_by_class(
        &mut self,
        owner: &V<'a>,
        found: &V<'a>,
        name: &str,
        value: V<'a>,
        at: At,
    ) -> R<'a, ()> {
        match found {
            V::Function(function) => match &function.setter {
                Some(setter) => {
                    let args = Args::of(at, [owner.clone(), value]);
                    let first = Some(owner.clone());
                    self.call_function(&Rc::clone(setter), args, first)
                        .map(drop)
                }
                None => {
                    let message = format!("property '{name}' has no setter");
                    self.raise("AttributeError", message, at)
                }
            },
            _ => {
                let what = "What a descriptor does with a value is not read";
                self.refuse(at, what, "write a property");
                Ok(())
            }
        }
    }
}
