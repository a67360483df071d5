//! Methods of built-in values, by their names.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::members::member_value;
use super::pytm_names;
use super::value::function::Args;
use super::value::{V, View};
use crate::model::vocabulary::Class;

impl<'a> Interpreter<'a> {
    /// Calls a method that [`V::method`] made.
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
            V::View(dict, View::Keys) if name == "isdisjoint" => {
                let set = V::set(super::mappings::seen(&dict.borrow(), View::Keys));
                self.call_method(&set, name, args)
            }
            V::View(..) => Ok(V::not_read(at, format!("{name}() of a view"))),
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
