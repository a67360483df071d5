//! Python's own functions and types.

use std::rc::Rc;

use super::function::{Args, Builtin};
use super::interpreter::{Interpreter, R};
use super::value::{At, V};

const FUNCTIONS: &[&str] = &[
    "abs",
    "all",
    "any",
    "ascii",
    "breakpoint",
    "callable",
    "chr",
    "compile",
    "delattr",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "format",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "hex",
    "id",
    "input",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "locals",
    "map",
    "max",
    "min",
    "next",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "quit",
    "range",
    "repr",
    "reversed",
    "round",
    "setattr",
    "sorted",
    "sum",
    "vars",
    "zip",
    "__import__",
];

const TYPES: &[&str] = &[
    "bool",
    "bytes",
    "classmethod",
    "complex",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "object",
    "property",
    "set",
    "staticmethod",
    "str",
    "super",
    "tuple",
    "type",
];

/// Exception classes with their parents.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("BaseException", ""),
    ("Exception", "BaseException"),
    ("SystemExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"),
    ("ArithmeticError", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("EOFError", "Exception"),
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("LookupError", "Exception"),
    ("IndexError", "LookupError"),
    ("KeyError", "LookupError"),
    ("NameError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("OSError", "Exception"),
    ("IOError", "Exception"),
    ("EnvironmentError", "Exception"),
    ("FileNotFoundError", "OSError"),
    ("FileExistsError", "OSError"),
    ("PermissionError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("NotADirectoryError", "OSError"),
    ("RuntimeError", "Exception"),
    ("NotImplementedError", "RuntimeError"),
    ("RecursionError", "RuntimeError"),
    ("StopIteration", "Exception"),
    ("SyntaxError", "Exception"),
    ("TypeError", "Exception"),
    ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"),
    ("Warning", "Exception"),
    ("DeprecationWarning", "Warning"),
    ("UserWarning", "Warning"),
];

/// A built-in by its name.
pub(super) fn named<'a>(name: &str) -> Option<V<'a>> {
    if let Some(name) = FUNCTIONS.iter().find(|known| **known == name) {
        return Some(V::Builtin(Builtin { name }));
    }
    if let Some(name) = TYPES.iter().find(|known| **known == name) {
        return Some(V::Type(name));
    }
    if name == "NotImplemented" {
        return Some(V::NotImplemented);
    }
    EXCEPTIONS
        .iter()
        .any(|(known, _)| *known == name)
        .then(|| V::ExceptionClass(name.into()))
}

/// Whether one exception class of Python is or inherits from another.
pub(super) fn exception_is(class: &str, wanted: &str) -> bool {
    let wanted = match wanted {
        "IOError" | "EnvironmentError" => "OSError",
        wanted => wanted,
    };
    let mut class = class;
    loop {
        if class == wanted {
            return true;
        }
        match EXCEPTIONS.iter().find(|(known, _)| *known == class) {
            Some((_, parent)) if !parent.is_empty() => class = parent,
            // An exception of a library is an Exception, whatever else it is.
            None => return wanted == "Exception" || wanted == "BaseException",
            Some(_) => return false,
        }
    }
}

impl<'a> Interpreter<'a> {
    pub(super) fn call_builtin(&mut self, name: &'static str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        match name {
            "print" | "breakpoint" => return Ok(V::None),
            "exit" | "quit" => return self.raise("SystemExit", "exit", at),
            "input" | "id" | "hash" => {
                return Ok(V::outside(at, format!("{name}() is not run")));
            }
            "__import__" => return self.import_by_name(&args),
            "eval" | "exec" | "compile" => {
                return self.library_call(&format!("builtins.{name}"), &args);
            }
            "isinstance" | "issubclass" => return self.instance_check(name, &args),
            "getattr" | "hasattr" | "setattr" | "delattr" => return self.reflection(name, &args),
            "callable" => return Ok(V::Bool(args.get(0).is_some_and(is_callable))),
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
            "vars" | "dir" | "globals" | "locals" => {
                return Ok(V::unread(
                    at,
                    format!("{name}() is outside what tmrs reads"),
                ));
            }
            _ => {}
        }
        if let Some(unread) = args.unread() {
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
                return Ok(super::doubt::perhaps(unread, owner, &V::None));
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
            "delattr" => {
                if let V::Instance(instance) = owner {
                    instance.attributes.delete(&attribute);
                }
                Ok(V::None)
            }
            "hasattr" => {
                if let V::Unread(_) = owner {
                    return Ok(owner.clone());
                }
                let found = self.attribute_or_none(owner, &attribute, at)?;
                Ok(V::Bool(found.is_some()))
            }
            _ => match self.attribute_or_none(owner, &attribute, at)? {
                Some(value) => Ok(value),
                None => match args.get(2) {
                    Some(default) => Ok(default.clone()),
                    None => self.raise("AttributeError", attribute, at),
                },
            },
        }
    }

    fn length(&mut self, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let Some(value) = args.get(0) else {
            return self.raise("TypeError", "len() wants a value", at);
        };
        let len = match value {
            V::Str(text) => text.text.chars().count(),
            V::Set(dict) | V::Dict(dict) => {
                let dict = dict.borrow();
                if let Some(unread) = &dict.doubt {
                    return Ok(V::Unread(Rc::clone(unread)));
                }
                dict.len()
            }
            V::Range(from, to, step) => super::operators::range_len(*from, *to, *step) as usize,
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
        let numbers: Vec<_> = args.positional.iter().map(|(v, _)| v.as_int()).collect();
        match numbers.as_slice() {
            [Some(to)] => Ok(V::Range(0, *to, 1)),
            [Some(from), Some(to)] => Ok(V::Range(*from, *to, 1)),
            [Some(_), Some(_), Some(0)] => {
                self.raise("ValueError", "range() step must not be zero", args.at)
            }
            [Some(from), Some(to), Some(step)] => Ok(V::Range(*from, *to, *step)),
            _ => self.raise("TypeError", "range() wants whole numbers", args.at),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "round() gives whole numbers"
    )]
    fn number_function(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let first = args.get(0).cloned().unwrap_or(V::None);
        let second = args.get(1).cloned();
        match (name, &first, first.as_int()) {
            ("format", value, _) => {
                let spec = second.as_ref().and_then(V::as_str).unwrap_or("").to_owned();
                Ok(match self.formatted(value, None, &spec, at)? {
                    Ok(text) => V::str(text),
                    Err(unread) => unread,
                })
            }
            ("abs", V::Float(f), _) => Ok(V::Float(f.abs())),
            ("abs", _, Some(i)) => Ok(V::Int(i.wrapping_abs())),
            ("round", V::Float(f), _) => match second.and_then(|v| v.as_int()) {
                Some(digits) => {
                    let digits = digits.clamp(0, 15) as usize;
                    Ok(V::Float(format!("{f:.digits$}").parse().unwrap_or(*f)))
                }
                None => Ok(V::Int(f.round_ties_even() as i64)),
            },
            ("round", _, Some(i)) => Ok(V::Int(i)),
            ("chr", _, Some(i)) => match u32::try_from(i).ok().and_then(char::from_u32) {
                Some(c) => Ok(V::str(c.to_string())),
                None => self.raise("ValueError", "chr() out of range", at),
            },
            ("ord", V::Str(text), _) => match text.text.chars().next() {
                Some(c) => Ok(V::Int(i64::from(u32::from(c)))),
                None => self.raise("TypeError", "ord() wants one character", at),
            },
            ("hex", _, Some(i)) => Ok(V::str(format!("{i:#x}"))),
            ("oct", _, Some(i)) => Ok(V::str(format!("{i:#o}"))),
            ("pow" | "divmod", _, _) => {
                use crate::syntax::python::ast::Operator;
                let second = second.unwrap_or(V::None);
                if name == "pow" {
                    return self.binary(Operator::Pow, first, second, at);
                }
                let quotient =
                    self.binary(Operator::FloorDiv, first.clone(), second.clone(), at)?;
                let rest = self.binary(Operator::Mod, first, second, at)?;
                Ok(V::tuple(vec![quotient, rest]))
            }
            _ => self.raise("TypeError", format!("{name}() cannot take this"), at),
        }
    }
}

fn is_callable(value: &V<'_>) -> bool {
    matches!(
        value,
        V::Function(_)
            | V::Builtin(_)
            | V::Method(_)
            | V::Bound(_)
            | V::Partial(_)
            | V::Class(_)
            | V::Enum(_)
            | V::UserClass(_)
            | V::Type(_)
            | V::ExceptionClass(_)
    )
}
