//! Attributes of everything that is no pytm object, and methods by name.

use std::rc::Rc;

use super::containers::DEQUE;
use super::interpreter::{Exit, Interpreter, R};
use super::mappings::COUNTER;
use super::members::{enum_attribute, member_attribute};
use super::names::{Has, is_dunder};
use super::value::class::Root;
use super::value::dict::Make;
use super::value::function::Args;
use super::value::{At, Part, V};
use super::{namespaces, pytm_names};
use crate::model::vocabulary::Class;

impl<'a> Interpreter<'a> {
    /// `owner.name`.
    pub(super) fn attribute(&mut self, owner: &V<'a>, name: &str, at: At) -> R<'a> {
        let found = match owner {
            V::Unread(unread) if unread.is_kept() => Some(self.attribute_of_kept(owner, name, at)),
            // A text of a Threat is no Threat.
            V::Unread(unread) if unread.part == Part::Threat && pytm_names::is_text(name) => {
                Some(V::outside(unread.at, unread.why.clone()))
            }
            V::Unread(_) => Some(owner.clone()),
            V::Member(e, position) => member_attribute(owner, e, *position, name),
            V::Enum(e) => enum_attribute(e, name),
            V::Class(_) | V::Object(_)
                if name.starts_with("model_") && name != "model_dump" && name != "model_copy" =>
            {
                if pytm_names::SHOWN_BY_PYDANTIC.contains(&name) {
                    Some(V::not_read(at, format!("`{name}` of pydantic")))
                } else {
                    let what = format!("What `{name}` of pydantic makes is not read");
                    Some(self.refuse(at, what, "make objects by calling their class"))
                }
            }
            V::Object(id) => return self.object_attribute(*id, name, at),
            V::Class(class) => self.class_attribute(*class, name, at),
            V::UserClass(class) => self.user_class_attribute(class, name, at),
            V::Instance(_) => return self.instance_attribute(owner, name, at),
            V::Module(module) => match module.scope.own(name) {
                Some(value) => Some(value),
                None => self.module_attribute(module, name, at),
            },
            V::Library(library) if library.split('.').next() == Some("pytm") => {
                match self.pytm_attribute(library, name) {
                    Some(value) => Some(value),
                    None if !namespaces::is_module(library) => {
                        let what = format!("`{name}` of `{library}` is not read");
                        Some(self.refuse(at, what, "build the model with pytm's classes"))
                    }
                    None if self.caught("AttributeError") => None,
                    None => Some(self.no_such_name(name, at)),
                }
            }
            V::Library(library) if super::library_names::has(library, name) == Some(false) => None,
            V::Library(library) => Some(self.library_attribute(library, name)),
            V::Alias(_) => Some(V::not_read(at, format!("`{name}` of this type"))),
            V::Path(path) => {
                let path = Rc::clone(path);
                return self.path_attribute(owner, &path, name, at);
            }
            V::Super(parts) => {
                let (class, first) = (Rc::clone(&parts.0), parts.1.clone());
                return self.super_attribute(&class, &first, name, at);
            }
            V::Exception(raised) => match name {
                "args" => Some(V::tuple(raised.arguments.clone())),
                _ => {
                    let found = raised.user.as_ref().and_then(|class| {
                        let found = class.lookup(name)?;
                        Some((found, Rc::clone(class)))
                    });
                    if let Some((found, class)) = found {
                        return self.bind_to(found, owner, &class, at);
                    }
                    None
                }
            },
            V::Function(function) => match name {
                "__name__" if !function.is_renamed.get() => Some(V::str(&function.name)),
                "__doc__" if !function.is_renamed.get() => Some(match function.body {
                    super::value::function::Body::Statements(body) => {
                        super::running::docstring(body).map_or(V::None, V::str)
                    }
                    super::value::function::Body::Expression(_) => V::None,
                }),
                "setter" | "getter" | "deleter" => Some(V::method(owner, name)),
                _ => None,
            },
            V::Type(known) => match name {
                "__name__" | "__qualname__" => Some(V::str(known)),
                _ if is_dunder(name) => None,
                _ if super::names::has(known, name) == Has::No => None,
                _ => Some(V::method(owner, name)),
            },
            V::ExceptionClass(known) if name == "__name__" => Some(V::str(known)),
            V::File(_) if matches!(name, "read" | "readline" | "readlines" | "close" | "seek") => {
                Some(V::method(owner, name))
            }
            V::Iter(_) if matches!(name, "close" | "__next__" | "__iter__") => {
                Some(V::method(owner, name))
            }
            _ => self.attribute_of_plain(owner, name, at),
        };
        match found {
            Some(found) => Ok(found),
            None if name == "__class__" => self.call_type("type", Args::of(at, [owner.clone()])),
            None if has_more(owner, name) => Ok(V::unread(
                at,
                format!("tmrs does not read `{name}` of this"),
            )),
            None => self.raise("AttributeError", format!("no attribute '{name}'"), at),
        }
    }

    /// Attributes of values of Python's own types.
    fn attribute_of_plain(&mut self, owner: &V<'a>, name: &str, at: At) -> Option<V<'a>> {
        let kind = super::types::kind(owner)?;
        if let (V::Tuple(parts), Some(position)) = (owner, VERSION.iter().position(|n| *n == name))
            && super::library::is_version(parts)
        {
            return parts.get(position).cloned();
        }
        match (super::names::has(kind, name), owner, name) {
            (_, _, "__class__") => None,
            (Has::No, V::Dict(dict), name) => {
                let make = dict.borrow().make;
                let known = match make {
                    Make::Plain => false,
                    Make::Counter => COUNTER.contains(&name),
                    Make::Ordered => name == "move_to_end",
                    Make::Default if name == "default_factory" => {
                        return Some(dict.borrow().factory.clone().unwrap_or(V::None));
                    }
                    Make::Default | Make::Data => false,
                };
                known.then(|| V::method(owner, name))
            }
            (Has::No, V::Deque(_), name) if DEQUE.contains(&name) => Some(V::method(owner, name)),
            (Has::No, V::Deque(_), "maxlen") => Some(V::None),
            (Has::Yes, V::Deque(_), "sort") => None,
            (Has::No, ..) => None,
            (Has::Unknown, ..) | (_, V::Slice(_) | V::View(..), "__hash__") => {
                Some(V::not_read(at, format!("`{name}` of {kind}")))
            }
            (_, V::List(_) | V::Deque(_) | V::Dict(_), "__hash__") => Some(V::None),
            (_, V::Set(set), "__hash__") if !set.borrow().frozen => Some(V::None),
            (Has::Yes, V::Int(_) | V::Bool(_), "real" | "numerator") => owner.as_int().map(V::Int),
            (Has::Yes, V::Int(_) | V::Bool(_), "imag") => Some(V::Int(0)),
            (Has::Yes, V::Int(_) | V::Bool(_), "denominator") => Some(V::Int(1)),
            (Has::Yes, V::Float(_), "real") => Some(owner.clone()),
            (Has::Yes, V::Range(from, ..), "start") => Some(V::Int(*from)),
            (Has::Yes, V::Range(_, to, _), "stop") => Some(V::Int(*to)),
            (Has::Yes, V::Range(.., step), "step") => Some(V::Int(*step)),
            (Has::Yes, V::Float(_), "imag") | (Has::Yes, _, "__doc__" | "mapping") => {
                Some(V::not_read(at, format!("`{name}` of {kind}")))
            }
            (Has::Yes, V::Slice(parts), "start") => Some(parts[0].clone()),
            (Has::Yes, V::Slice(parts), "stop") => Some(parts[1].clone()),
            (Has::Yes, V::Slice(parts), "step") => Some(parts[2].clone()),
            (Has::Yes, ..) => Some(V::method(owner, name)),
        }
    }

    /// `owner.name`, or nothing where Python would say `AttributeError`.
    pub(super) fn attribute_or_none(
        &mut self,
        owner: &V<'a>,
        name: &str,
        at: At,
    ) -> R<'a, Option<V<'a>>> {
        // What Python itself asks for it asks the class, and it is asked often: look before raising.
        if let V::Instance(_) = owner
            && name.starts_with("__")
        {
            return self.special(owner, name, at);
        }
        self.attribute_if_any(owner, name, at)
    }

    /// A method that Python itself calls: the class has it, never the object.
    pub(super) fn special(&mut self, owner: &V<'a>, name: &str, at: At) -> R<'a, Option<V<'a>>> {
        let V::Instance(instance) = owner else {
            return Ok(None);
        };
        let class = Rc::clone(&instance.class);
        match class.lookup(name) {
            Some(found) => self.bind_to(found, owner, &class, at).map(Some),
            None => Ok(None),
        }
    }

    /// What `getattr` and `hasattr` find; nothing where Python would say `AttributeError`.
    pub(super) fn attribute_if_any(
        &mut self,
        owner: &V<'a>,
        name: &str,
        at: At,
    ) -> R<'a, Option<V<'a>>> {
        match self.attribute(owner, name, at) {
            Ok(value) => Ok(Some(value)),
            Err(exit) => match *exit {
                Exit::Raise(raised, _) if &*raised.class == "AttributeError" => Ok(None),
                other => Err(Box::new(other)),
            },
        }
    }

    fn instance_attribute(&mut self, owner: &V<'a>, name: &str, at: At) -> R<'a> {
        let fallback = match owner {
            V::Instance(instance) => instance.class.lookup("__getattr__"),
            _ => None,
        };
        let found = self.own_attribute(owner, name, at);
        match (&found, fallback) {
            // Also where a property of the class is what raises.
            (Err(exit), Some(V::Function(fallback))) if matches!(&**exit, Exit::Raise(raised, _) if &*raised.class == "AttributeError") =>
            {
                let args = Args::of(at, [owner.clone(), V::str(name)]);
                self.call_function(&fallback, args, Some(owner.clone()))
            }
            _ => found,
        }
    }

    fn own_attribute(&mut self, owner: &V<'a>, name: &str, at: At) -> R<'a> {
        let V::Instance(instance) = owner else {
            return self.raise("AttributeError", name, at);
        };
        let class = Rc::clone(&instance.class);
        if let Some(found) = self.class_says(owner, name) {
            return self.bind_to(found, owner, &class, at);
        }
        if let Some(value) = instance.attributes.own(name) {
            return Ok(value);
        }
        if let Some(found) = class.lookup(name) {
            return self.bind_to(found, owner, &class, at);
        }
        match name {
            "__class__" => return Ok(V::UserClass(class)),
            "__dict__" => {
                let mut dict = super::value::dict::Dict::default();
                for (name, value) in instance.attributes.bound() {
                    dict.insert(V::str(name), value, None);
                }
                let dict = V::dict(dict);
                self.views.push(dict.clone());
                self.snapshots.push((owner.address(), dict.clone()));
                return Ok(dict);
            }
            "_asdict" | "_replace" if instance.as_tuple().is_some() => {
                return Ok(V::method(owner, name));
            }
            "_fields" if instance.as_tuple().is_some() => {
                return Ok(V::tuple(class.fields().iter().map(V::str).collect()));
            }
            _ if class.has_more_than_is_read(name) => {
                return Ok(V::not_read(at, format!("`{name}` of this")));
            }
            _ => {}
        }
        let inner = instance.builtin.borrow().clone();
        if let Some(inner) = inner {
            return self.attribute(&inner, name, at);
        }
        if is_dunder(name) {
            return Ok(V::unread(
                at,
                format!("tmrs does not read `{name}` of this"),
            ));
        }
        self.raise("AttributeError", format!("no attribute '{name}'"), at)
    }

    fn user_class_attribute(
        &mut self,
        class: &Rc<super::value::class::UserClass<'a>>,
        name: &str,
        at: At,
    ) -> Option<V<'a>> {
        if let Some(found) = class.lookup(name) {
            // What it inherits from may make something else of what its body says.
            if let (Some(unread), false) = (&class.unread, matches!(found, V::Function(_))) {
                return Some(unread.clone());
            }
            return Some(match found {
                V::Instance(one) if one.class.lookup("__get__").is_some() => {
                    V::not_read(at, "what a descriptor gives")
                }
                V::Function(function)
                    if function.binding == super::value::function::Binding::Class =>
                {
                    super::classes::class_bound(function, class)
                }
                other => other,
            });
        }
        match name {
            "__name__" => Some(V::str(&class.name)),
            "__members__" if class.is_enum() => {
                let mut dict = super::value::dict::Dict::default();
                // A second name of a value is there, too.
                for (name, value) in class.scope.bound() {
                    if matches!(&value, V::Instance(member) if Rc::ptr_eq(&member.class, class)) {
                        dict.insert(V::str(name), value, None);
                    }
                }
                Some(V::dict(dict))
            }
            "_fields" if class.root == Root::NamedTuple => {
                Some(V::tuple(class.fields().iter().map(V::str).collect()))
            }
            // Named tuples, enums and others have more names of their own.
            _ if class.has_more_than_is_read(name) => {
                Some(V::not_read(at, format!("`{name}` of a class")))
            }
            "mro" => Some(V::not_read(at, format!("`{name}` of a class"))),
            _ if class.root != Root::Object && class.pytm().is_none() && name.starts_with('_') => {
                Some(V::not_read(at, format!("`{name}` of a class")))
            }
            _ => class
                .pytm()
                .and_then(|base| self.class_attribute(base, name, at)),
        }
    }

    /// A property or descriptor of the owner's class that stands for an attribute.
    pub(super) fn class_says(&self, owner: &V<'a>, name: &str) -> Option<V<'a>> {
        let class = match owner {
            V::Instance(instance) => Rc::clone(&instance.class),
            V::Object(id) => self.object(*id).user.clone()?,
            _ => return None,
        };
        class.lookup(name).filter(|found| match found {
            V::Function(function) => function.binding == super::value::function::Binding::Property,
            V::Instance(one) => one.class.lookup("__set__").is_some(),
            _ => false,
        })
    }

    /// What the classes of pytm have beside their objects.
    pub(super) fn class_attribute(&mut self, class: Class, name: &str, at: At) -> Option<V<'a>> {
        match name {
            "__name__" | "__qualname__" => Some(V::str(class.name())),
            "__doc__" | "__module__" => Some(V::not_read(at, format!("`{name}` of a class"))),
            _ if class == Class::TM && name.starts_with('_') => {
                let found = self.registered(name, at);
                // What changes this list changes nothing that is read.
                self.views.extend(found.clone());
                found
            }
            _ if class == Class::TM && name == "reset" => {
                Some(V::Method(Rc::new((V::Class(class), name.into()))))
            }
            "__init__" => Some(V::Method(Rc::new((V::Class(class), name.into())))),
            "process" | "check" | "resolve" | "dfd" | "seq" | "report"
                if pytm_names::is_method(class, name) =>
            {
                Some(V::Method(Rc::new((V::Class(class), name.into()))))
            }
            _ if pytm_names::is_method(class, name) => Some(V::kept_by_pytm(
                at,
                format!("`{name}` of a class of pytm is not read"),
            )),
            _ => self.hidden(class, name, at),
        }
    }
}

/// What the parts of `sys.version_info` are called.
const VERSION: &[&str] = &["major", "minor", "micro", "releaselevel", "serial"];

/// Whether a value may have an attribute that tmrs does not know: every object has names
/// that Python gives it, and functions, exceptions and iterators have more than are read.
fn has_more(owner: &V<'_>, name: &str) -> bool {
    match owner {
        V::Function(_)
        | V::Bound(_)
        | V::Method(_)
        | V::Partial(_)
        | V::Builtin(_)
        | V::Exception(_)
        | V::ExceptionClass(_)
        | V::Iter(_)
        | V::File(_) => true,
        // What is made of a type by `collections` has more than the type.
        V::Deque(_) => is_dunder(name),
        V::Dict(dict) if dict.borrow().make != super::value::dict::Make::Plain => {
            name.starts_with('_')
        }
        _ => super::types::kind(owner).is_none() && is_dunder(name),
    }
}
