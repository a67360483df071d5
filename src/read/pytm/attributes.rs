//! Attributes of everything that is no pytm object, and methods by name.

use std::rc::Rc;

use super::containers::DEQUE;
use super::interpreter::{Exit, Interpreter, R};
use super::mappings::COUNTER;
use super::names::Has;
use super::value::class::Root;
use super::value::dict::Make;
use super::value::function::Args;
use super::value::{At, Part, V};
use super::{namespaces, pytm_names};
use crate::model::vocabulary::{Class, Enumeration};

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
                Some(V::not_read(at, format!("`{name}` of pydantic")))
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
                        super::modules::docstring(body).map_or(V::None, V::str)
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
            && let [V::Int(3), .., V::Str(level), V::Int(_)] = &**parts
            && &*level.text == "final"
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

    fn super_attribute(
        &mut self,
        class: &Rc<super::value::class::UserClass<'a>>,
        first: &V<'a>,
        name: &str,
        at: At,
    ) -> R<'a> {
        let start = match first {
            V::Instance(instance) => Some(Rc::clone(&instance.class)),
            V::Object(id) => self.object(*id).user.clone(),
            V::UserClass(class) => Some(Rc::clone(class)),
            _ => None,
        };
        let found = start.and_then(|start| start.lookup_after(class, name));
        if let Some(found) = found {
            return self.bind_to(found, first, class, at);
        }
        match (first, name) {
            (V::Object(_) | V::Instance(_), "__init__") => {
                Ok(V::Method(Rc::new((first.clone(), "__init__".into()))))
            }
            (_, "__init_subclass__" | "__post_init__") => {
                Ok(V::Method(Rc::new((V::None, "__init__".into()))))
            }
            (V::Object(id), _) => self.object_attribute_plain(*id, name, at),
            (V::Instance(instance), _) => {
                let inner = instance.builtin.borrow().clone();
                match inner {
                    Some(inner) => self.attribute(&inner, name, at),
                    None if is_dunder(name) => Ok(V::unread(
                        at,
                        format!("tmrs does not read `{name}` of `super()`"),
                    )),
                    None => self.raise("AttributeError", format!("no attribute '{name}'"), at),
                }
            }
            _ if is_dunder(name) => Ok(V::unread(
                at,
                format!("tmrs does not read `{name}` of `super()`"),
            )),
            _ => self.raise("AttributeError", format!("no attribute '{name}'"), at),
        }
    }

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
            V::Unread(unread) if unread.part != Part::None && !unread.told => {
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

    /// A property or descriptor of the owner's class that stands for an attribute.
    fn class_says(&self, owner: &V<'a>, name: &str) -> Option<V<'a>> {
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

    /// Calls a method that [`method`] made.
    pub(super) fn call_method(&mut self, owner: &V<'a>, name: &str, args: Args<'a>) -> R<'a> {
        if let (V::List(_) | V::Deque(_) | V::Set(_) | V::Dict(_), true) =
            (owner, CHANGING.contains(&name))
        {
            if self.views.iter().any(|view| view.is(owner) == Some(true)) {
                let what = "What is changed through `globals()`, `vars()` or a list of pytm's own is not read";
                let instead = "assign to the names, or use the classes of pytm";
                return Ok(self.refuse(args.at, what, instead));
            }
            let place = args.get(0).filter(|_| name != "append");
            let place = match place {
                Some(V::Unread(unread)) => Some(Rc::clone(unread)),
                _ => args.doubt.clone(),
            };
            if let Some(unread) = self.doubt.clone().or(place) {
                // Whether or where it changes is unread.
                let result = self.changed(owner, name, args);
                self.touch(owner, &unread);
                return result;
            }
            let result = self.changed(owner, name, args);
            // What is not read about it may have changed it.
            if let (Ok(V::Unread(unread)), false) = (&result, GIVING.contains(&name)) {
                self.touch(owner, &Rc::clone(unread));
            }
            return result;
        }
        self.changed(owner, name, args)
    }

    fn changed(&mut self, owner: &V<'a>, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if let V::List(_) | V::Dict(_) | V::Deque(_) | V::Set(_) = owner
            && let Some(result) = self.item_method(owner, name, &args)?
        {
            return Ok(result);
        }
        match owner {
            V::Str(text) => self.text_method(&text.text, name, args),
            V::List(items) | V::Deque(items) => self.list_method(items, name, args),
            V::Tuple(items) => self.tuple_method(items, name, args),
            V::Dict(dict) => self.dict_method(dict, name, args),
            V::Set(set) => self.set_method(set, name, args),
            V::View(dict, _) => match name {
                "isdisjoint" => {
                    let set = V::set(super::mappings::seen(
                        &dict.borrow(),
                        super::value::View::Keys,
                    ));
                    self.call_method(&set, name, args)
                }
                _ => Ok(V::not_read(at, format!("{name}() of a view"))),
            },
            V::Object(id) => self.object_method(*id, name, args),
            V::Class(class) => self.class_method(*class, name, args),
            V::Path(path) => self.path_method(path, name, &args),
            V::File(path) => self.file_method(path, name, &args),
            V::Member(..) => Ok(match owner {
                V::Member(e, at) if name == "label" => V::str(
                    member_value(e, *at)
                        .as_str()
                        .unwrap_or("")
                        .to_lowercase()
                        .replace('_', " "),
                ),
                _ => V::unread(at, format!("{name}() of an enum member")),
            }),
            // `str.lower(x)`, `dict.fromkeys(x)`, `object.__setattr__(x, …)`.
            V::Type(kind) => self.method_of_type(kind, name, args),
            V::Instance(instance) => match name {
                "__init__" => {
                    let inner = instance.builtin.borrow().clone();
                    let bare = args.positional.is_empty() && args.keywords.is_empty();
                    match inner {
                        Some(V::Dict(dict)) => self.dict_method(&dict, "update", args),
                        _ if bare => Ok(V::None),
                        Some(V::List(items)) if items.borrow().is_empty() => {
                            self.list_method(&items, "extend", args)
                        }
                        Some(_) => {
                            let what = "What the `__init__` of a built-in class does is not read";
                            Ok(self.refuse(at, what, "call it without arguments"))
                        }
                        None => self.raise("TypeError", "object.__init__() takes no arguments", at),
                    }
                }
                "_asdict" => Ok(self.fields_as_dict(instance)),
                "_replace" => {
                    let instance = Rc::clone(instance);
                    Ok(self.replaced(&instance, args))
                }
                _ => Ok(V::None),
            },
            V::Bytes(bytes) => self.bytes_method(bytes, name, args),
            V::Int(_) | V::Bool(_) | V::Float(_) => self.number_method(owner, name, args),
            V::Iter(iter) if name == "close" => match iter.take() {
                super::value::iterator::Walk::Generator(generator)
                    if generator.has_more_to_do() =>
                {
                    let what = "What a generator still does when it is closed is not read";
                    Ok(self.refuse(at, what, "go through all its items"))
                }
                _ => Ok(V::None),
            },
            V::Iter(_) if name == "__iter__" => Ok(owner.clone()),
            V::Iter(_) if name == "__next__" => {
                self.call_builtin("next", Args::of(at, [owner.clone()]))
            }
            V::Library(library) => {
                let full: Rc<str> = format!("{library}.{name}").into();
                self.call_library(&full, args)
            }
            _ => Ok(V::not_read(at, format!("{name}() of this"))),
        }
    }

    /// Methods of collections that statements and operators stand for.
    fn item_method(&mut self, owner: &V<'a>, name: &str, args: &Args<'a>) -> R<'a, Option<V<'a>>> {
        let at = args.at;
        match (name, args.positional.as_slice()) {
            ("__getitem__", [(index, _)]) => self.get_item(owner, index, at).map(Some),
            ("__setitem__", [(index, _), (value, _)]) => {
                self.set_item(owner, index.clone(), value.clone(), at)?;
                Ok(Some(V::None))
            }
            ("__delitem__", [(index, _)]) => {
                self.delete_item(owner, index, at)?;
                Ok(Some(V::None))
            }
            _ if name.starts_with("__i") && name != "__iter__" || name == "__setitem__" => {
                let what = format!("What `{name}` changes is not read");
                Ok(Some(self.refuse(at, what, "use the operator")))
            }
            _ => Ok(None),
        }
    }

    fn method_of_type(&mut self, kind: &'static str, name: &str, mut args: Args<'a>) -> R<'a> {
        if kind == "dict" && name == "fromkeys" {
            let dict = Rc::default();
            return self.dict_method(&dict, name, args);
        }
        if kind == "object" {
            if name == "__setattr__"
                && let [(owner, _), (attribute, _), (value, at)] = args.positional.as_slice()
                && let Some(attribute) = attribute.as_str()
            {
                if let V::Object(id) = owner
                    && pytm_names::is_kept(self.object(*id).class, attribute)
                {
                    self.refuse_change(*at);
                    return Ok(V::None);
                }
                self.set_attribute(owner, attribute, value.clone(), *at)?;
            }
            return Ok(V::None);
        }
        if (kind, name) == ("str", "maketrans") {
            return self.text_method("", name, args);
        }
        match args.take("self") {
            Some((V::Unread(unread), _)) if unread.is_kept() => Ok(self.refuse_change(args.at)),
            Some((owner, _)) => {
                // What the class of an object says itself is passed over.
                let owner = owner.inner().unwrap_or(owner);
                if super::types::kind(&owner) != Some(kind) {
                    return Ok(V::not_read(args.at, format!("{kind}.{name}() of this")));
                }
                let method = self.attribute(&owner, name, args.at)?;
                self.call(&method, args)
            }
            None => Ok(V::unread(args.at, format!("{kind}.{name}"))),
        }
    }

    /// `Classification(2)`: a member by its value.
    pub(super) fn member_by_value(&mut self, e: &'static Enumeration, args: &Args<'a>) -> R<'a> {
        let Some(wanted) = args.get(0) else {
            return self.raise("TypeError", "an enum wants a value", args.at);
        };
        if let V::Unread(_) | V::Member(..) = wanted {
            return Ok(wanted.clone());
        }
        match position_by_value(e, wanted) {
            Some(position) => Ok(V::Member(e, position)),
            None => self.raise(
                "ValueError",
                format!("no {} has this value", e.name),
                args.at,
            ),
        }
    }

    /// What the classes of pytm have beside their objects.
    pub(super) fn class_attribute(&mut self, class: Class, name: &str, at: At) -> Option<V<'a>> {
        match name {
            "__name__" | "__qualname__" => Some(V::str(class.name())),
            "__doc__" => Some(V::str(class.spec().description)),
            "__module__" => Some(V::str("pytm")),
            _ if class == Class::TM && name.starts_with('_') => {
                let found = self.registered(name, at);
                // What changes this list changes nothing that is read.
                self.views.extend(found.clone());
                found
            }
            _ if class == Class::TM && name == "reset" => {
                Some(V::Method(Rc::new((V::Class(class), name.into()))))
            }
            "__init__" | "process" | "check" | "resolve" | "dfd" | "seq" | "report" => {
                Some(V::Method(Rc::new((V::Class(class), name.into()))))
            }
            _ if pytm_names::is_method(name) => Some(V::kept_by_pytm(
                at,
                format!("`{name}` of a class of pytm is not read"),
            )),
            _ => self.hidden(class, name, at),
        }
    }

    fn class_method(&mut self, class: Class, name: &str, mut args: Args<'a>) -> R<'a> {
        if class == Class::TM && name == "reset" {
            self.reset(args.at);
            return Ok(V::None);
        }
        // `Server.__init__(self, …)` and the like.
        match args.take("self") {
            Some((V::Object(id), _)) => self.object_method(id, name, args),
            _ => Ok(V::None),
        }
    }
}

/// What the parts of `sys.version_info` are called.
const VERSION: &[&str] = &["major", "minor", "micro", "releaselevel", "serial"];

/// Methods that change a collection.
const CHANGING: &[&str] = &[
    "add",
    "append",
    "appendleft",
    "clear",
    "difference_update",
    "discard",
    "extend",
    "extendleft",
    "insert",
    "intersection_update",
    "move_to_end",
    "pop",
    "popitem",
    "popleft",
    "remove",
    "reverse",
    "rotate",
    "setdefault",
    "sort",
    "subtract",
    "symmetric_difference_update",
    "update",
];

/// Those of them that give a value, which may be unread where the change is known.
const GIVING: &[&str] = &["pop", "popleft", "setdefault"];

fn member_attribute<'a>(
    owner: &V<'a>,
    e: &'static Enumeration,
    position: u8,
    name: &str,
) -> Option<V<'a>> {
    match name {
        "name" | "_name_" => e
            .members
            .get(position as usize)
            .map(|(name, _)| V::str(name)),
        "value" | "_value_" => Some(member_value(e, position)),
        "label" => Some(V::method(owner, name)),
        _ => enum_attribute(e, name).filter(|found| matches!(found, V::Member(..))),
    }
}

fn enum_attribute<'a>(e: &'static Enumeration, name: &str) -> Option<V<'a>> {
    if let Some(position) = e.position(name) {
        return Some(V::Member(e, position));
    }
    match name {
        "__name__" => Some(V::str(e.name)),
        "__members__" => {
            let mut dict = super::value::dict::Dict::default();
            for (position, (name, _)) in e.members.iter().enumerate() {
                dict.insert(V::str(name), V::Member(e, position as u8), None);
            }
            Some(V::dict(dict))
        }
        _ => None,
    }
}

/// What pytm 1.4.0 gives as a member's `value`.
pub(super) fn member_value<'a>(e: &'static Enumeration, position: u8) -> V<'a> {
    if e.ordered {
        return V::Int(i64::from(position));
    }
    let name = e
        .members
        .get(position as usize)
        .map_or("", |(name, _)| name);
    V::str(match (e.name, name) {
        ("Lifetime", "SHORT") => "SHORT_LIVED",
        ("Lifetime", "LONG") => "LONG_LIVED",
        ("Lifetime", "AUTO") => "AUTO_REVOKABLE",
        ("Lifetime", "MANUAL") => "MANUALLY_REVOKABLE",
        (_, name) => name,
    })
}

/// The member that has this value.
pub(super) fn position_by_value(e: &'static Enumeration, wanted: &V<'_>) -> Option<u8> {
    (0..e.members.len() as u8).find(|position| {
        super::value::dict::key(&member_value(e, *position)) == super::value::dict::key(wanted)
    })
}

/// A name that Python gives a meaning of its own.
fn is_dunder(name: &str) -> bool {
    name.len() > 4 && name.starts_with("__") && name.ends_with("__")
}

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
