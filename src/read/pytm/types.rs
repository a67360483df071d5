//! Python's own types: `str(x)`, `type(x)`, `isinstance`.

use std::rc::Rc;

use super::builtins::exception_is;
use super::dict::{Dict, key};
use super::function::Args;
use super::interpreter::{Interpreter, R};
use super::value::{At, V};
use crate::model::vocabulary::Class;

impl<'a> Interpreter<'a> {
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
        let Some(value) = args.get(0).cloned() else {
            return Ok(match name {
                "str" => V::str(""),
                "int" => V::Int(0),
                "float" => V::Float(0.0),
                "bool" => V::Bool(false),
                "list" => V::list(Vec::new()),
                "tuple" => V::tuple(Vec::new()),
                "set" | "frozenset" => V::set([]),
                "bytes" => V::Bytes([].into()),
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
            "int" | "float" => self.number_of(name, &value, args.get(1), at),
            "list" => Ok(V::list(self.items(&value, at)?)),
            "tuple" => Ok(V::tuple(self.items(&value, at)?)),
            "set" | "frozenset" => {
                let items = self.items(&value, at)?;
                if items
                    .iter()
                    .any(|v| key(v).is_none() && !matches!(v, V::Unread(_) | V::Set(_)))
                {
                    return self.raise("TypeError", "unhashable type", at);
                }
                Ok(V::set(items))
            }
            "type" if args.positional.len() == 1 => Ok(self.type_of(&value, at)),
            "type" => {
                let what = "A class that `type()` makes is not read";
                Ok(self.refuse(at, what, "write it as a `class` statement"))
            }
            "property" | "staticmethod" | "classmethod" => Ok(value),
            _ => Ok(V::unread(
                at,
                format!("{name}() is outside what tmrs reads"),
            )),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "int() cuts, too")]
    fn number_of(&mut self, name: &str, value: &V<'a>, base: Option<&V<'a>>, at: At) -> R<'a> {
        if let V::Instance(instance) = value {
            let inner = instance.builtin.borrow().clone();
            if let Some(inner) = inner {
                return self.number_of(name, &inner, base, at);
            }
        }
        let parsed = match (name, value) {
            ("int", V::Float(f)) => Some(V::Int(*f as i64)),
            ("int", V::Str(text)) => {
                let text = text.text.trim().replace('_', "");
                let radix = base.and_then(V::as_int).unwrap_or(10).clamp(2, 36) as u32;
                let digits = text.trim_start_matches("0x").trim_start_matches("0X");
                let digits = if radix == 16 { digits } else { &text };
                i64::from_str_radix(digits, radix).ok().map(V::Int)
            }
            ("int", value) => value.as_int().map(V::Int),
            (_, V::Str(text)) => text.text.trim().parse().ok().map(V::Float),
            (_, value) => value.as_float().map(V::Float),
        };
        if let Some(value) = parsed {
            return Ok(value);
        }
        let class = if matches!(value, V::Str(_)) {
            "ValueError"
        } else {
            "TypeError"
        };
        self.raise(class, format!("no number for {name}()"), at)
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
            V::Tuple(_) => V::Type("tuple"),
            V::Set(_) => V::Type("set"),
            V::Dict(_) => V::Type("dict"),
            V::Exception(raised) => match &raised.user {
                Some(class) => V::UserClass(Rc::clone(class)),
                None => V::ExceptionClass(Rc::clone(&raised.class)),
            },
            V::Class(_) | V::UserClass(_) | V::Enum(_) | V::Type(_) => V::Type("type"),
            _ => V::unread(at, "the type of this"),
        }
    }

    /// `isinstance`; `None` if it cannot be said.
    pub(super) fn is_instance(&mut self, value: &V<'a>, class: &V<'a>) -> Option<bool> {
        match class {
            V::Tuple(classes) => {
                let mut doubt = false;
                for class in classes.iter() {
                    // `int | (str | None)` nests a little; deeper is nobody's model.
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
            V::None => Some(matches!(value, V::None)),
            V::Class(class) => Some(match value {
                V::Object(id) => self.object(*id).class.is_a(*class),
                _ => false,
            }),
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
                    Some(user) => exception_is(&user.exception_base(), wanted),
                    None => exception_is(&raised.class, wanted),
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
                name if name.starts_with("json.") => Some(false),
                _ => None,
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
                Some(exception_is(value, class))
            }
            (V::Class(_), V::UserClass(_) | V::Type(_)) => Some(matches!(class, V::Type("object"))),
            _ => None,
        }
    }
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
        "set" | "frozenset" => matches!(value, V::Set(_)),
        "dict" => matches!(value, V::Dict(_)),
        "bytes" => matches!(value, V::Bytes(_)),
        "type" => matches!(
            value,
            V::Class(_) | V::UserClass(_) | V::Enum(_) | V::Type(_) | V::ExceptionClass(_)
        ),
        _ => false,
    }
}
