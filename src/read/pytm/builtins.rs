//! Python's own functions and types.

use std::rc::Rc;

use super::function::{Args, Builtin};
use super::interpreter::{Interpreter, R};
use super::value::{At, Dict, V, key};
use crate::model::vocabulary::Class;

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
            "input" | "eval" | "exec" | "compile" | "id" | "hash" => {
                return Ok(V::unread(at, format!("{name}() is not run")));
            }
            "__import__" => return Ok(V::unread(at, "__import__() is not run")),
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
            return Ok(V::Unread(unread));
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
                return Ok(V::Unread(Rc::clone(unread)));
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

    fn iteration(&mut self, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        let Some(first) = args.get(0).cloned() else {
            return match name {
                "zip" => Ok(V::iter(Vec::new())),
                _ => self.raise("TypeError", format!("{name}() wants an argument"), at),
            };
        };
        match name {
            "next" => {
                let next = match &first {
                    V::Iter(items) => {
                        let at = items.next.get();
                        items.next.set(at + 1);
                        items.items.get(at).cloned()
                    }
                    _ => return Ok(V::unread(at, "next() of this object")),
                };
                match next.or_else(|| args.get(1).cloned()) {
                    Some(next) => Ok(next),
                    None => self.raise("StopIteration", "", at),
                }
            }
            "iter" => match first {
                V::Iter(_) => Ok(first),
                other => Ok(V::iter(self.items(&other, at)?)),
            },
            "sorted" => {
                let items = self.items(&first, at)?;
                let reverse = self.flag(args.keyword("reverse"), at)?;
                Ok(
                    match self.sorted(items, args.keyword("key"), reverse, at)? {
                        Ok(sorted) => V::list(sorted),
                        Err(unread) => V::Unread(unread),
                    },
                )
            }
            "reversed" => {
                let mut items = self.items(&first, at)?;
                items.reverse();
                Ok(V::iter(items))
            }
            "enumerate" => {
                let from = args.either(1, "start").and_then(V::as_int).unwrap_or(0);
                let items = self.items(&first, at)?;
                self.allot(items.len() * 48, at)?;
                let pairs = items.into_iter().enumerate();
                Ok(V::iter(
                    pairs
                        .map(|(i, v)| V::tuple(vec![V::Int(from.wrapping_add(i as i64)), v]))
                        .collect(),
                ))
            }
            "zip" => {
                let mut columns = Vec::new();
                for (column, _) in &args.positional {
                    columns.push(self.items(column, at)?);
                }
                let rows = columns.iter().map(Vec::len).min().unwrap_or(0);
                self.allot(rows * columns.len() * 32, at)?;
                let row =
                    |i: usize| V::tuple(columns.iter().filter_map(|c| c.get(i).cloned()).collect());
                Ok(V::iter((0..rows).map(row).collect()))
            }
            "map" => {
                let mut columns = Vec::new();
                for (column, _) in args.positional.iter().skip(1) {
                    columns.push(self.items(column, at)?);
                }
                let rows = columns.iter().map(Vec::len).min().unwrap_or(0);
                let mut results = Vec::new();
                for row in 0..rows {
                    let values = columns.iter().filter_map(|c| c.get(row).cloned());
                    let values: Vec<_> = values.collect();
                    results.push(self.call(&first, Args::of(at, values))?);
                }
                Ok(V::iter(results))
            }
            _ => {
                let items = args.get(1).cloned().unwrap_or(V::None);
                let mut kept = Vec::new();
                for item in self.items(&items, at)? {
                    let test = match &first {
                        V::None => item.clone(),
                        test => self.call(test, Args::of(at, [item.clone()]))?,
                    };
                    match self.truth(&test, at)? {
                        Ok(true) => kept.push(item),
                        Ok(false) => {}
                        Err(unread) => return Ok(V::Unread(unread)),
                    }
                }
                Ok(V::iter(kept))
            }
        }
    }

    fn reduction(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let items = match args.positional.as_slice() {
            [(one, _)] => self.items(one, at)?,
            [(first, _), _] if name == "sum" => self.items(first, at)?,
            many => many.iter().map(|(v, _)| v.clone()).collect(),
        };
        match name {
            "sum" => {
                let mut total = args.either(1, "start").cloned().unwrap_or(V::Int(0));
                for item in items {
                    let add = crate::syntax::python::ast::Operator::Add;
                    total = self.binary(add, total, item, at)?;
                }
                Ok(total)
            }
            "any" | "all" => {
                let mut doubt = None;
                for item in items {
                    match self.truth(&item, at)? {
                        Ok(truth) if truth == (name == "any") => return Ok(V::Bool(truth)),
                        Ok(_) => {}
                        Err(unread) => doubt = Some(unread),
                    }
                }
                Ok(doubt.map_or(V::Bool(name == "all"), V::Unread))
            }
            _ => {
                if items.is_empty() {
                    return match args.keyword("default") {
                        Some(default) => Ok(default.clone()),
                        None => self.raise("ValueError", format!("{name}() of nothing"), at),
                    };
                }
                match self.sorted(items, args.keyword("key"), name == "max", at)? {
                    Ok(sorted) => Ok(sorted.into_iter().next().unwrap_or(V::None)),
                    Err(unread) => Ok(V::Unread(unread)),
                }
            }
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
            return Ok(V::Unread(unread));
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
    fn is_subclass(&mut self, value: &V<'a>, class: &V<'a>) -> Option<bool> {
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
