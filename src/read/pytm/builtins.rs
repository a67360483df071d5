//! Python's own functions and types.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::signature::{Signature, plain, text, wanted, whole};
use super::value::function::Args;
use super::value::{At, V};
use crate::python::number;
use crate::python::operation::Number;

/// What the functions take. Those that are not here are not read.
const SIGNATURES: &[Signature] = &[
    ("abs", 1, &["/x"]),
    ("all", 1, &["/iterable"]),
    ("any", 1, &["/iterable"]),
    ("ascii", 1, &["/obj"]),
    ("bin", 1, &["/number"]),
    ("callable", 1, &["/obj"]),
    ("chr", 1, &["/i"]),
    ("delattr", 2, &["/obj", "/name"]),
    ("divmod", 2, &["/x", "/y"]),
    ("enumerate", 1, &["iterable", "start"]),
    ("exit", 0, &["code"]),
    ("filter", 2, &["/function", "/iterable"]),
    ("format", 1, &["/value", "/format_spec"]),
    ("getattr", 2, &["/object", "/name", "/default"]),
    ("hasattr", 2, &["/obj", "/name"]),
    ("hex", 1, &["/number"]),
    ("isinstance", 2, &["/obj", "/class_or_tuple"]),
    ("issubclass", 2, &["/cls", "/class_or_tuple"]),
    ("iter", 1, &["/object", "/sentinel"]),
    ("len", 1, &["/obj"]),
    ("map", 2, &["/function", "/iterable", "*"]),
    ("max", 1, &["/first", "*", "*default", "*key"]),
    ("min", 1, &["/first", "*", "*default", "*key"]),
    ("next", 1, &["/iterator", "/default"]),
    ("oct", 1, &["/number"]),
    (
        "open",
        1,
        &[
            "file",
            "mode",
            "buffering",
            "encoding",
            "errors",
            "newline",
            "closefd",
            "opener",
        ],
    ),
    ("ord", 1, &["/c"]),
    ("pow", 2, &["base", "exp", "mod"]),
    ("print", 0, &["*", "*sep", "*end", "*file", "*flush"]),
    ("quit", 0, &["code"]),
    ("range", 1, &["/start", "/stop", "/step"]),
    ("repr", 1, &["/obj"]),
    ("reversed", 1, &["/sequence"]),
    ("round", 1, &["number", "ndigits"]),
    ("setattr", 3, &["/obj", "/name", "/value"]),
    ("sorted", 1, &["/iterable", "*key", "*reverse"]),
    ("sum", 1, &["/iterable", "start"]),
    ("zip", 0, &["*", "*strict"]),
];

impl<'a> Interpreter<'a> {
    pub(super) fn call_builtin(&mut self, name: &'static str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        let signature = SIGNATURES.iter().find(|(known, _, _)| *known == name);
        if let Some(signature) = signature
            && args.doubt.is_none()
        {
            self.arguments_fit(signature, &args)?;
        }
        match name {
            "print" => {
                // What is printed is made first, by the methods of the objects.
                for (value, at) in &args.positional {
                    if matches!(value, V::Instance(_) | V::Object(_)) {
                        let _ = self.text_of(value, *at)?;
                    }
                }
                return Ok(V::None);
            }
            "exit" | "quit" => return self.raise("SystemExit", "exit", at),
            "input" | "id" | "hash" => {
                return Ok(V::outside(at, format!("{name}() is not run")));
            }
            "__import__" => return self.import_by_name(&args, false),
            "eval" | "exec" | "compile" => {
                return self.library_call(&format!("builtins.{name}"), &args);
            }
            "isinstance" | "issubclass" => return self.instance_check(name, &args),
            "getattr" | "hasattr" | "setattr" | "delattr" => return self.reflection(name, &args),
            "callable" => {
                return Ok(match args.get(0).map(is_callable) {
                    Some(Some(callable)) => V::Bool(callable),
                    Some(None) => V::not_read(at, "whether this can be called"),
                    None => V::Bool(false),
                });
            }
            "repr" | "ascii" => {
                let Some(value) = args.get(0) else {
                    return self.raise("TypeError", "repr() wants a value", at);
                };
                let conversion = if name == "repr" { 'r' } else { 'a' };
                return Ok(match self.formatted(value, Some(conversion), "", at)? {
                    Ok(text) => V::str(text),
                    Err(unread) => unread,
                });
            }
            "vars" if matches!(args.get(0), Some(V::Instance(_))) && args.positional.len() == 1 => {
                let owner = args.get(0).cloned().unwrap_or(V::None);
                return self.attribute(&owner, "__dict__", at);
            }
            "vars" | "dir" | "globals" | "locals" => {
                return Ok(V::unread(
                    at,
                    format!("{name}() is outside what tmrs reads"),
                ));
            }
            _ => {}
        }
        if let Some(unread) = args.unread() {
            if unread.is_kept()
                && matches!(name, "min" | "max" | "sorted" | "sum")
                && args.keyword("key").is_none()
            {
                let what = "Whether Python can compare what pytm keeps for itself is not read";
                return Ok(self.refuse(at, what, "compare the `id` of each threat, with `key=`"));
            }
            return self.unread_arguments(&unread, &args);
        }
        match name {
            "len" => self.length(&args),
            "range" => self.range(&args),
            "enumerate" | "zip" | "map" | "filter" | "reversed" | "sorted" | "iter" | "next" => {
                self.iteration(name, args)
            }
            "min" | "max" | "sum" | "any" | "all" => self.reduction(name, &args),
            "open" => self.open(&args),
            _ => self.number_function(name, &args),
        }
    }

    fn instance_check(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let (Some(value), Some(class)) = (args.get(0), args.get(1)) else {
            return self.raise(
                "TypeError",
                format!("{name}() wants two arguments"),
                args.at,
            );
        };
        if let V::Unread(_) = value {
            return Ok(value.clone());
        }
        let holds = if name == "isinstance" {
            self.is_instance(value, class)
        } else {
            self.is_subclass(value, class)
        };
        Ok(match holds {
            Some(holds) => V::Bool(holds),
            None => V::unread(args.at, format!("the answer of {name}()")),
        })
    }

    fn reflection(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let (Some(owner), Some(attribute)) = (args.get(0), args.get(1)) else {
            return self.raise(
                "TypeError",
                format!("{name}() wants an object and a name"),
                at,
            );
        };
        let attribute = match attribute {
            V::Str(text) => text.text.to_string(),
            V::Unread(unread) => {
                if name == "setattr"
                    && let V::Object(id) = owner
                {
                    let (id, unread) = (*id, Rc::clone(unread));
                    self.attribute_of_unread_name(id, &unread, at);
                }
                return Ok(V::perhaps(unread, owner, &V::None));
            }
            _ => return self.raise("TypeError", "attribute names are text", at),
        };
        match name {
            "setattr" => {
                let value = args.get(2).cloned().unwrap_or(V::None);
                // The place is the value's, where the name often stands beside it.
                let place = args.positional.get(1).zip(args.positional.get(2)).map_or(
                    at,
                    |((_, a), (_, b))| At {
                        unit: a.unit,
                        span: if a.unit == b.unit {
                            a.span.to(b.span)
                        } else {
                            a.span
                        },
                    },
                );
                self.set_attribute(owner, &attribute, value, place)?;
                Ok(V::None)
            }
            "delattr" => self
                .delete_attribute(owner, &attribute, at)
                .map(|()| V::None),
            "hasattr" => {
                if let V::Unread(_) | V::Library(_) = owner {
                    return self.attribute_of_library(owner, &attribute, at);
                }
                Ok(match self.attribute_if_any(owner, &attribute, at)? {
                    Some(V::Unread(unread)) => V::Unread(unread),
                    found => V::Bool(found.is_some()),
                })
            }
            _ => match self.attribute_if_any(owner, &attribute, at)? {
                Some(value) => Ok(value),
                None => match args.get(2) {
                    Some(default) => Ok(default.clone()),
                    None => self.raise("AttributeError", attribute, at),
                },
            },
        }
    }

    pub(super) fn length(&mut self, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let Some(value) = args.get(0) else {
            return self.raise("TypeError", "len() wants a value", at);
        };
        if super::library::depends(value) {
            return Ok(V::not_read(at, "the length of this"));
        }
        let len = match value {
            V::Str(text) => text.text.chars().count(),
            V::Set(dict) | V::Dict(dict) | V::View(dict, _) => {
                let dict = dict.borrow();
                if let Some(unread) = &dict.doubt {
                    return Ok(V::Unread(Rc::clone(unread)));
                }
                dict.len()
            }
            V::Range(from, to, step) => super::contents::range_len(*from, *to, *step) as usize,
            V::Instance(_) => {
                if let Some(method) = self.attribute_or_none(value, "__len__", at)? {
                    return self.call(&method, Args::none(at));
                }
                self.items(value, at)?.len()
            }
            V::None | V::Bool(_) | V::Int(_) | V::Float(_) | V::Object(_) | V::Iter(_) => {
                return self.raise("TypeError", "object has no len()", at);
            }
            _ => self.items(value, at)?.len(),
        };
        Ok(V::Int(len as i64))
    }

    fn range(&mut self, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let mut numbers = Vec::new();
        for (value, _) in &args.positional {
            numbers.push(wanted!(self, whole(value), at, "range()"));
        }
        match numbers.as_slice() {
            [to] => Ok(V::Range(0, *to, 1)),
            [from, to] => Ok(V::Range(*from, *to, 1)),
            [_, _, 0] => self.raise("ValueError", "range() arg 3 must not be zero", at),
            [from, to, step] => Ok(V::Range(*from, *to, *step)),
            _ => self.raise("TypeError", "range() wants whole numbers", at),
        }
    }

    fn number_function(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let first = args.either(0, if name == "round" { "number" } else { "base" });
        let first = first.cloned().unwrap_or(V::None);
        if name == "format" {
            let spec = wanted!(
                self,
                text(args.get(1).unwrap_or(&V::str(""))),
                at,
                "format()"
            );
            return Ok(match self.formatted(&first, None, &spec, at)? {
                Ok(text) => V::str(text),
                Err(unread) => unread,
            });
        }
        if let Some(value) = self.of_instance(name, &first, at)? {
            return Ok(value);
        }
        let first = plain(&first);
        let of = super::operators::number(&first);
        match (name, of) {
            ("abs", Some(of)) => self.number(number::absolute(of), at),
            ("round", Some(of)) => {
                let digits = match args.either(1, "ndigits") {
                    None | Some(V::None) => None,
                    Some(digits) => Some(wanted!(self, whole(digits), at, "round()")),
                };
                self.number(number::round(of, digits), at)
            }
            ("chr", _) => {
                let code = wanted!(self, whole(&first), at, "chr()");
                match u32::try_from(code).ok().and_then(char::from_u32) {
                    Some(c) => Ok(V::str(c.to_string())),
                    None if (0xd800..0xe000).contains(&code) => {
                        Ok(V::not_read(at, "a lone surrogate"))
                    }
                    None => self.raise("ValueError", "chr() arg not in range", at),
                }
            }
            ("ord", _) => {
                let text = wanted!(self, text(&first), at, "ord()");
                let mut chars = text.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) => Ok(V::Int(i64::from(u32::from(c)))),
                    _ => self.raise("TypeError", "ord() expected a character", at),
                }
            }
            ("hex" | "oct" | "bin", _) => {
                let i = wanted!(self, whole(&first), at, name);
                let (sign, size) = (if i < 0 { "-" } else { "" }, i.unsigned_abs());
                Ok(V::str(match name {
                    "hex" => format!("{sign}{size:#x}"),
                    "oct" => format!("{sign}{size:#o}"),
                    _ => format!("{sign}{size:#b}"),
                }))
            }
            ("pow" | "divmod", _) => {
                use crate::syntax::python::ast::Operator;
                let second = args.either(1, "exp").cloned().unwrap_or(V::None);
                if name == "divmod" {
                    let quotient =
                        self.binary(Operator::FloorDiv, first.clone(), second.clone(), at)?;
                    let rest = self.binary(Operator::Mod, first, second, at)?;
                    return Ok(V::tuple(vec![quotient, rest]));
                }
                match args.either(2, "mod") {
                    None | Some(V::None) => self.binary(Operator::Pow, first, second, at),
                    Some(modulus) => {
                        let a = wanted!(self, whole(&first), at, "pow()");
                        let b = wanted!(self, whole(&second), at, "pow()");
                        let modulus = wanted!(self, whole(modulus), at, "pow()");
                        let result = number::power_modulo(a, b, modulus).map(Number::Int);
                        self.number(result, at)
                    }
                }
            }
            ("abs" | "round", None) => match first {
                V::Library(_) | V::Instance(_) | V::Object(_) => {
                    Ok(V::not_read(at, format!("{name}() of this")))
                }
                _ => self.raise("TypeError", format!("{name}() cannot take this"), at),
            },
            _ => Ok(V::not_read(at, format!("{name}()"))),
        }
    }

    /// What an object's own method gives for a function of numbers.
    fn of_instance(&mut self, name: &str, value: &V<'a>, at: At) -> R<'a, Option<V<'a>>> {
        let V::Instance(instance) = value else {
            return Ok(None);
        };
        let method = match name {
            "hex" | "oct" | "bin" | "chr" => "__index__",
            "divmod" | "pow" => return Ok(None),
            name => &*format!("__{name}__"),
        };
        if instance.class.lookup(method).is_some() {
            return Ok(Some(V::not_read(at, format!("{name}() of this object"))));
        }
        Ok(None)
    }
}

/// Whether a value can be called, where that can be said.
pub(super) fn is_callable(value: &V<'_>) -> Option<bool> {
    Some(match value {
        V::Function(_)
        | V::Builtin(_)
        | V::Method(_)
        | V::Bound(_)
        | V::Partial(_)
        | V::Class(_)
        | V::Enum(_)
        | V::UserClass(_)
        | V::Type(_)
        | V::ExceptionClass(_) => true,
        V::Instance(instance) => instance.class.lookup("__call__").is_some(),
        V::Unread(_) | V::Library(_) | V::Object(_) | V::Super(_) => return None,
        _ => false,
    })
}
