//! Python's own types: `str(x)`, `type(x)`, `isinstance`.

use std::rc::Rc;

use super::exceptions;
use super::interpreter::{Interpreter, R};
use super::signature::{Signature, plain, wanted, whole};
use super::value::class::Root;
use super::value::dict::Dict;
use super::value::function::Args;
use super::value::{At, V, View};
use crate::model::vocabulary::Class;
use crate::python::operation::Number;
use crate::python::{float, integer};

/// What the types that are read take.
const SIGNATURES: &[Signature] = &[
    ("bool", 0, &["/x"]),
    ("float", 0, &["/x"]),
    ("frozenset", 0, &["/iterable"]),
    ("int", 0, &["/x", "base"]),
    ("list", 0, &["/iterable"]),
    ("set", 0, &["/iterable"]),
    ("slice", 1, &["/start", "/stop", "/step"]),
    ("str", 0, &["object", "encoding", "errors"]),
    ("tuple", 0, &["/iterable"]),
];

impl<'a> Interpreter<'a> {
    /// Whether an operator, or an order, between these ends in a `TypeError`: one is an object
    /// of pytm, whose classes have none, and the other nothing that could bring its own.
    pub(super) fn has_no_operator(&self, left: &V<'a>, right: &V<'a>) -> bool {
        let is_plain = |value: &V<'a>| match value {
            V::Object(id) => self.object(*id).user.is_none(),
            V::Class(_) | V::Function(_) | V::Builtin(_) | V::Method(_) | V::Bound(_) => true,
            value => kind(value).is_some(),
        };
        let has_object = matches!((left, right), (V::Object(_), _) | (_, V::Object(_)));
        has_object && is_plain(left) && is_plain(right)
    }

    /// `str(x)`, `list(x)`, `type(x)`, ….
    pub(super) fn call_type(&mut self, name: &'static str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if name == "super" {
            return Ok(match (args.get(0), args.get(1)) {
                (Some(V::UserClass(class)), Some(owner)) => {
                    V::Super(Rc::new((Rc::clone(class), owner.clone())))
                }
                _ => V::unread(at, "super() of this"),
            });
        }
        if name == "dict" {
            let dict = Rc::new(std::cell::RefCell::new(Dict::default()));
            self.dict_method(&dict, "update", args)?;
            return Ok(V::Dict(dict));
        }
        if let Some(unread) = args.unread() {
            return self.unread_arguments(&unread, &args);
        }
        if let Some(signature) = SIGNATURES.iter().find(|(known, _, _)| *known == name) {
            self.arguments_fit(signature, &args)?;
        }
        if name == "str" && (args.get(1).is_some() || !args.keywords.is_empty()) {
            return Ok(V::not_read(at, "str() of bytes"));
        }
        let Some(value) = args.get(0).cloned() else {
            return Ok(match name {
                "str" => V::str(""),
                "int" => V::Int(0),
                "float" => V::Float(0.0),
                "bool" => V::Bool(false),
                "list" => V::list(Vec::new()),
                "tuple" => V::tuple(Vec::new()),
                "set" => V::set([]),
                "frozenset" => V::frozen([]),
                "bytes" => V::Bytes([].into()),
                "object" => {
                    let what = "What `object()` stands for is not read";
                    self.refuse(at, what, "write `None`, or a text that means nothing else")
                }
                _ => V::unread(at, format!("{name}() is outside what tmrs reads")),
            });
        };
        match name {
            "str" => Ok(match self.text_of(&value, at)? {
                Ok(text) => V::str(text),
                Err(unread) => unread,
            }),
            "bool" => Ok(match self.truth(&value, at)? {
                Ok(truth) => V::Bool(truth),
                Err(unread) => V::Unread(unread),
            }),
            "int" | "float" => self.number_of(name, &value, args.either(1, "base"), at),
            "list" => Ok(V::list(self.items(&value, at)?)),
            "tuple" => Ok(V::tuple(self.items(&value, at)?)),
            "set" | "frozenset" => {
                let mut items = match self.hashed(&value, at)? {
                    Ok(items) => items,
                    Err(unread) => return Ok(unread),
                };
                items.frozen = name == "frozenset";
                Ok(V::Set(Rc::new(std::cell::RefCell::new(items))))
            }
            "type" if args.positional.len() == 1 => Ok(self.type_of(&value, at)),
            "type" => {
                let what = "A class that `type()` makes is not read";
                Ok(self.refuse(at, what, "write it as a `class` statement"))
            }
            "staticmethod" | "classmethod" if matches!(value, V::Function(_)) => {
                let V::Function(function) = &value else {
                    return Ok(value);
                };
                let binding = match name {
                    "staticmethod" => super::value::function::Binding::Static,
                    _ => super::value::function::Binding::Class,
                };
                Ok(V::Function(Rc::new(function.bound_as(binding))))
            }
            "property" | "staticmethod" | "classmethod" => {
                let what = format!("A `{name}()` that is no decorator is not read");
                Ok(self.refuse(
                    at,
                    what,
                    format!("write it as `@{name}` above its function"),
                ))
            }
            "slice" => {
                let mut parts = args.positional.into_iter().map(|(part, _)| part);
                let (first, second, third) = (parts.next(), parts.next(), parts.next());
                let none = || V::None;
                let (from, to) = match (first, second) {
                    (Some(to), None) => (V::None, to),
                    (from, to) => (from.unwrap_or_else(none), to.unwrap_or_else(none)),
                };
                Ok(V::Slice(Rc::new([from, to, third.unwrap_or_else(none)])))
            }
            _ => Ok(V::unread(
                at,
                format!("{name}() is outside what tmrs reads"),
            )),
        }
    }

    fn number_of(&mut self, name: &str, value: &V<'a>, base: Option<&V<'a>>, at: At) -> R<'a> {
        if let V::Instance(instance) = value
            && ["__int__", "__float__", "__index__", "__trunc__"]
                .iter()
                .any(|method| instance.class.lookup(method).is_some())
        {
            return Ok(V::not_read(at, format!("{name}() of this object")));
        }
        let value = &plain(value);
        if let Some(base) = base {
            let base = wanted!(self, whole(base), at, "int()");
            if base != 0 && !(2..=36).contains(&base) {
                return self.raise("ValueError", "int() base must be >= 2 and <= 36, or 0", at);
            }
            let V::Str(text) = value else {
                return self.raise("TypeError", "int() can't convert with a base", at);
            };
            let base = u32::try_from(base).unwrap_or(u32::MAX);
            return self.number(integer::parse(&text.text, base).map(Number::Int), at);
        }
        let result = match (name, value) {
            ("int", V::Float(f)) => float::whole(*f, f64::trunc).map(Number::Int),
            ("int", V::Str(text)) => integer::parse(&text.text, 10).map(Number::Int),
            ("float", V::Str(text)) => float::parse(&text.text).map(Number::Float),
            ("int", V::Int(_) | V::Bool(_)) => Ok(Number::Int(value.as_int().unwrap_or(0))),
            ("float", V::Int(_) | V::Bool(_) | V::Float(_)) => {
                Ok(Number::Float(value.as_float().unwrap_or(0.0)))
            }
            (_, V::Bytes(_) | V::Library(_) | V::Instance(_)) => {
                return Ok(V::not_read(at, format!("{name}() of this")));
            }
            _ => return self.raise("TypeError", format!("{name}() cannot take this"), at),
        };
        self.number(result, at)
    }

    fn type_of(&mut self, value: &V<'a>, at: At) -> V<'a> {
        match value {
            V::Object(id) => match &self.object(*id).user {
                Some(class) => V::UserClass(Rc::clone(class)),
                None => V::Class(self.object(*id).class),
            },
            V::Instance(instance) => V::UserClass(Rc::clone(&instance.class)),
            V::Member(e, _) => V::Enum(e),
            V::Bool(_) => V::Type("bool"),
            V::Int(_) => V::Type("int"),
            V::Float(_) => V::Type("float"),
            V::Str(_) => V::Type("str"),
            V::List(_) => V::Type("list"),
            V::Tuple(parts) if !super::library::is_version(parts) => V::Type("tuple"),
            V::Set(set) if set.borrow().frozen => V::Type("frozenset"),
            V::Set(set) if set.borrow().make == super::value::dict::Make::Plain => V::Type("set"),
            V::None => V::Type("NoneType"),
            V::Bytes(_) => V::Type("bytes"),
            V::Range(..) => V::Type("range"),
            V::Slice(_) => V::Type("slice"),
            V::Unread(_) => value.clone(),
            V::Dict(dict) if dict.borrow().make == super::value::dict::Make::Plain => {
                V::Type("dict")
            }
            V::Exception(raised) => match &raised.user {
                Some(class) => V::UserClass(Rc::clone(class)),
                None => V::ExceptionClass(Rc::clone(&raised.class)),
            },
            V::UserClass(class) if class.root == Root::Object => V::Type("type"),
            V::Type(_) => V::Type("type"),
            _ => V::unread(at, "the type of this"),
        }
    }

    /// `isinstance`; `None` if it cannot be said.
    pub(super) fn is_instance(&mut self, value: &V<'a>, class: &V<'a>) -> Option<bool> {
        match class {
            V::Tuple(classes) => {
                let mut doubt = false;
                for class in classes.iter() {
                    // A tuple in a tuple in a tuple is nobody's model.
                    let answer = match class {
                        V::Tuple(inner) => {
                            let inner = inner.iter().filter(|c| !matches!(c, V::Tuple(_)));
                            let answers: Vec<_> =
                                inner.map(|c| self.is_instance(value, c)).collect();
                            if answers.contains(&Some(true)) {
                                Some(true)
                            } else {
                                answers.iter().all(Option::is_some).then_some(false)
                            }
                        }
                        class => self.is_instance(value, class),
                    };
                    match answer {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => doubt = true,
                    }
                }
                (!doubt).then_some(false)
            }
            // Python compares with `None` as a type of a union only.
            V::Alias(_) => {
                let types = class.union()?;
                let mut doubt = false;
                for class in types {
                    let answer = match class {
                        V::None => Some(matches!(value, V::None)),
                        class => self.is_instance(value, class),
                    };
                    match answer {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => doubt = true,
                    }
                }
                (!doubt).then_some(false)
            }
            V::Class(class) => Some(match value {
                V::Object(id) => self.object(*id).class.is_a(*class),
                _ => false,
            }),
            V::UserClass(class) if class.is_protocol => None,
            V::UserClass(class) => Some(match value {
                V::Instance(instance) => instance.class.is_a(class),
                V::Object(id) => {
                    let user = self.object(*id).user.clone();
                    user.is_some_and(|user| user.is_a(class))
                }
                V::Exception(raised) => raised.user.as_ref().is_some_and(|user| user.is_a(class)),
                _ => false,
            }),
            V::Enum(e) => Some(matches!(value, V::Member(f, _) if *f == *e)),
            V::ExceptionClass(wanted) => Some(match value {
                V::Exception(raised) => match &raised.user {
                    Some(user) => exceptions::is_a(&user.exception_base(), wanted),
                    None => exceptions::is_a(&raised.class, wanted),
                },
                _ => false,
            }),
            V::Type(name) => Some(is_of_type(value, name)),
            V::Library(name) => match &**name {
                "pathlib.Path" | "pathlib.PurePath" | "os.PathLike" => {
                    Some(matches!(value, V::Path(_)))
                }
                "enum.Enum" => Some(match value {
                    V::Member(..) => true,
                    V::Instance(instance) => instance.class.is_enum(),
                    _ => false,
                }),
                "collections.abc.Iterable" | "typing.Iterable" => Some(matches!(
                    value,
                    V::List(_)
                        | V::Tuple(_)
                        | V::Set(_)
                        | V::Dict(_)
                        | V::Str(_)
                        | V::Iter(_)
                        | V::Range(..)
                )),
                "collections.abc.Mapping" | "typing.Mapping" => Some(matches!(value, V::Dict(_))),
                name => match value {
                    V::Exception(raised) => {
                        let class = raised.user.as_ref().map(|user| user.exception_base());
                        let class = class.unwrap_or_else(|| Rc::clone(&raised.class));
                        exceptions::is_of_library(&class, name)
                    }
                    _ => None,
                },
            },
            _ => None,
        }
    }

    #[expect(
        clippy::self_only_used_in_recursion,
        reason = "stands beside is_instance"
    )]
    pub(super) fn is_subclass(&mut self, value: &V<'a>, class: &V<'a>) -> Option<bool> {
        match (value, class) {
            (_, V::Tuple(classes)) => {
                let plain = classes.iter().filter(|c| !matches!(c, V::Tuple(_)));
                let answers: Vec<_> = plain.map(|c| self.is_subclass(value, c)).collect();
                if answers.contains(&Some(true)) {
                    Some(true)
                } else {
                    answers.iter().all(Option::is_some).then_some(false)
                }
            }
            (V::Class(value), V::Class(class)) => Some(value.is_a(*class)),
            (V::UserClass(value), V::UserClass(class)) => Some(value.is_a(class)),
            (V::UserClass(value), V::Class(class)) => {
                Some(value.pytm().is_some_and(|base: Class| base.is_a(*class)))
            }
            (V::ExceptionClass(value), V::ExceptionClass(class)) => {
                Some(exceptions::is_a(value, class))
            }
            (V::Class(_), V::UserClass(_) | V::Type(_)) => Some(matches!(class, V::Type("object"))),
            _ => None,
        }
    }
}

/// The name of the type of a value of Python's own.
pub(super) fn kind(value: &V<'_>) -> Option<&'static str> {
    Some(match value {
        V::None => "NoneType",
        V::Bool(_) | V::Int(_) => "int",
        V::Float(_) => "float",
        V::Str(_) => "str",
        V::Bytes(_) => "bytes",
        V::List(_) | V::Deque(_) => "list",
        V::Tuple(_) => "tuple",
        V::Set(set) if set.borrow().frozen => "frozenset",
        V::Set(_) => "set",
        V::Dict(_) => "dict",
        V::Range(..) => "range",
        V::Slice(_) => "slice",
        V::View(_, View::Keys) => "dict_keys",
        V::View(_, View::Values) => "dict_values",
        V::View(_, View::Items) => "dict_items",
        _ => return None,
    })
}

fn is_of_type(value: &V<'_>, name: &str) -> bool {
    if let V::Instance(instance) = value {
        if let Some(inner) = &*instance.builtin.borrow() {
            return name == "object" || is_of_type(inner, name);
        }
        if instance.as_tuple().is_some() {
            return matches!(name, "tuple" | "object");
        }
    }
    match name {
        "object" => true,
        "str" => matches!(value, V::Str(_)),
        "bool" => matches!(value, V::Bool(_)),
        "int" => matches!(value, V::Int(_) | V::Bool(_)),
        "float" => matches!(value, V::Float(_)),
        "list" => matches!(value, V::List(_)),
        "tuple" => matches!(value, V::Tuple(_)),
        "set" => matches!(value, V::Set(set) if !set.borrow().frozen),
        "frozenset" => matches!(value, V::Set(set) if set.borrow().frozen),
        "slice" => matches!(value, V::Slice(_)),
        "dict" => matches!(value, V::Dict(_)),
        "bytes" => matches!(value, V::Bytes(_)),
        "type" => matches!(
            value,
            V::Class(_) | V::UserClass(_) | V::Enum(_) | V::Type(_) | V::ExceptionClass(_)
        ),
        _ => false,
    }
}
