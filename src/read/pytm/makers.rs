//! What makes classes and functions: `collections`, `dataclasses`, `functools`, `enum`, `operator`.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::class::Root;
use super::value::dict::{Dict, Make};
use super::value::function::Args;
use super::value::{Partial, V};
use crate::syntax::python;

impl<'a> Interpreter<'a> {
    pub(super) fn collections(&mut self, name: &str, mut args: Args<'a>) -> R<'a> {
        let at = args.at;
        match name {
            "namedtuple" | "NamedTuple" => {
                let class = args
                    .get(0)
                    .and_then(V::as_str)
                    .unwrap_or("tuple")
                    .to_owned();
                let fields = args.either(1, "field_names").cloned().unwrap_or(V::None);
                let names: Vec<Rc<str>> = match &fields {
                    V::Str(text) => text
                        .text
                        .replace(',', " ")
                        .split_whitespace()
                        .map(Rc::from)
                        .collect(),
                    other => {
                        let items = self.items(other, at)?;
                        items
                            .iter()
                            .filter_map(|item| match item {
                                V::Tuple(pair) => pair.first().and_then(V::as_str).map(Rc::from),
                                item => item.as_str().map(Rc::from),
                            })
                            .collect()
                    }
                };
                let first_of =
                    |name: &Rc<str>| names.iter().filter(|other| *other == name).count() == 1;
                let fit =
                    |name: &Rc<str>| is_name(name) && !name.starts_with('_') && first_of(name);
                if args.keyword("rename").is_some() || !names.iter().all(fit) {
                    let what = "A named tuple with these names is not read";
                    return Ok(self.refuse(at, what, "name its fields plainly, each once"));
                }
                let defaults = match args.keyword("defaults").cloned() {
                    Some(defaults) => self.items(&defaults, at)?,
                    None => Vec::new(),
                };
                let first = names.len().saturating_sub(defaults.len());
                let names = names.into_iter().enumerate().map(|(position, name)| {
                    let default = position.checked_sub(first).and_then(|i| defaults.get(i));
                    (name, default.cloned())
                });
                let names = names.collect();
                Ok(self.class_of_names(&class, names, Root::NamedTuple))
            }
            "defaultdict" => {
                let factory = args.take("default_factory").map(|(factory, _)| factory);
                let made = self.call_type("dict", args)?;
                if let V::Dict(dict) = &made {
                    self.gives(&made, &made);
                    dict.borrow_mut().make = Make::Default;
                    dict.borrow_mut().factory = factory.filter(|f| !matches!(f, V::None));
                }
                Ok(made)
            }
            "OrderedDict" => {
                let made = self.call_type("dict", args)?;
                if let V::Dict(dict) = &made {
                    dict.borrow_mut().make = Make::Ordered;
                }
                Ok(made)
            }
            "deque" if args.positional.len() < 2 && args.keywords.is_empty() => {
                match self.call_type("list", args)? {
                    V::List(items) => Ok(V::Deque(items)),
                    other => Ok(other),
                }
            }
            "Counter" => {
                let mut counter = Dict::default();
                counter.make = Make::Counter;
                let dict = Rc::new(std::cell::RefCell::new(counter));
                match self.count_more(&dict, args)? {
                    V::None => Ok(V::Dict(dict)),
                    unread => Ok(unread),
                }
            }
            _ => Ok(V::unread(
                at,
                format!("collections.{name}() is outside what tmrs reads"),
            )),
        }
    }

    pub(super) fn enum_of_names(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let class = args.get(0).and_then(V::as_str).unwrap_or("Enum").to_owned();
        let is_read = |name: &str| matches!(name, "names" | "start" | "module" | "qualname");
        let strange = args.keywords.iter().find(|(name, _, _)| !is_read(name));
        let start = args.keyword("start").map_or(Some(1), V::as_int);
        let (Some(start), None) = (start, strange) else {
            let what = "An enum that is made with these arguments is not read";
            return Ok(self.refuse(at, what, "write it as a `class` statement"));
        };
        let names: Vec<(Rc<str>, Option<V<'a>>)> = match args.either(1, "names") {
            Some(V::Str(text)) => text
                .text
                .replace(',', " ")
                .split_whitespace()
                .map(|name| (Rc::from(name), None))
                .collect(),
            Some(V::Dict(dict)) => dict
                .borrow()
                .iter()
                .filter_map(|entry| {
                    Some((Rc::from(entry.key.as_str()?), Some(entry.value.clone())))
                })
                .collect(),
            Some(items) => {
                let items = self.items(items, at)?;
                items
                    .iter()
                    .filter_map(|item| match item {
                        V::Tuple(pair) => {
                            Some((Rc::from(pair.first()?.as_str()?), pair.get(1).cloned()))
                        }
                        item => Some((Rc::from(item.as_str()?), None)),
                    })
                    .collect()
            }
            None => Vec::new(),
        };
        let plain_text = name != "enum.Enum";
        let numbered = names
            .into_iter()
            .enumerate()
            .map(|(position, (member, value))| {
                let usual = || match name {
                    "enum.StrEnum" => V::str(member.to_lowercase()),
                    _ => V::Int(start.saturating_add(position as i64)),
                };
                let value = value.unwrap_or_else(usual);
                (member, Some(value))
            });
        let names = numbered.collect();
        Ok(self.class_of_names(
            &class,
            names,
            Root::Enum {
                plain_text,
                of_values: plain_text,
            },
        ))
    }

    pub(super) fn dataclasses(&mut self, name: &str, args: Args<'a>) -> R<'a> {
        Ok(match (name, args.get(0).cloned()) {
            ("field", Some(_)) => {
                return self.raise(
                    "TypeError",
                    "field() takes no positional arguments",
                    args.at,
                );
            }
            ("field", None) => {
                let mut dict = Dict::default();
                dict.insert(V::str("<field>"), V::Bool(true), None);
                for (name, value, at) in args.keywords {
                    let known = matches!(
                        (&*name, &value),
                        (
                            "default" | "default_factory" | "init" | "metadata" | "doc",
                            _
                        ) | ("repr" | "compare", V::Bool(true))
                            | ("hash", V::None)
                    );
                    if !known {
                        let what = format!("A field with `{name}` is not read");
                        return Ok(self.refuse(at, what, "write the field without it"));
                    }
                    dict.insert(V::str(name), value, None);
                }
                V::dict(dict)
            }
            ("asdict", Some(V::Instance(instance))) if is_flat(&instance) => {
                self.fields_as_dict(&instance)
            }
            ("astuple", Some(V::Instance(instance))) if is_flat(&instance) => {
                V::tuple(instance.compared().unwrap_or_default())
            }
            ("replace", Some(V::Instance(instance)))
                if args.positional.len() == 1
                    && instance.class.lookup("__post_init__").is_none()
                    && instance.class.lookup("__init__").is_none()
                    && instance
                        .class
                        .fields
                        .borrow()
                        .iter()
                        .all(|field| field.init)
                    && args
                        .keywords
                        .iter()
                        .all(|(name, _, _)| instance.class.fields().contains(name)) =>
            {
                self.replaced(&instance, args)
            }
            ("dataclass", Some(class)) => class,
            ("dataclass", None) => V::Library("dataclasses.dataclass".into()),
            _ => V::unread(
                args.at,
                format!("dataclasses.{name}() is outside what tmrs reads"),
            ),
        })
    }

    pub(super) fn functools(&mut self, name: &str, full: &Rc<str>, mut args: Args<'a>) -> R<'a> {
        let at = args.at;
        match name {
            "partial" => {
                let Some((function, _)) = args.take("func") else {
                    return self.raise("TypeError", "partial() wants a function", at);
                };
                Ok(V::Partial(Rc::new(Partial {
                    function,
                    positional: args.positional.into_iter().map(|(v, _)| v).collect(),
                    keywords: args.keywords,
                })))
            }
            "reduce" => {
                let function = args.get(0).cloned().unwrap_or(V::None);
                let list = args.get(1).cloned().unwrap_or(V::None);
                let mut items = self.items(&list, at)?.into_iter();
                let Some(mut total) = args.get(2).cloned().or_else(|| items.next()) else {
                    return self.raise("TypeError", "reduce() of nothing", at);
                };
                for item in items {
                    total = self.call(&function, Args::of(at, [total, item]))?;
                }
                Ok(total)
            }
            "lru_cache" if args.positional.len() + args.keywords.len() < 2 => {
                match (args.either(0, "maxsize"), args.keywords.is_empty()) {
                    (None, true) => Ok(V::Library("functools.lru_cache".into())),
                    (Some(V::None), _) => Ok(V::Library("functools.cache".into())),
                    (Some(V::Int(most)), _) => {
                        Ok(V::Library(format!("functools.lru_cache({most})").into()))
                    }
                    _ => self.library_call(full, &args),
                }
            }
            "closing" | "redirect_stdout" | "redirect_stderr" | "wraps" | "total_ordering"
            | "abstractmethod" | "contextmanager"
                if args.positional.is_empty() && args.keywords.is_empty() =>
            {
                self.raise("TypeError", format!("{name}() takes one argument"), at)
            }
            "wraps" => Ok(V::Library("functools.wraps()".into())),
            "suppress" | "closing" | "nullcontext" | "redirect_stdout" | "redirect_stderr" => {
                Ok(V::Partial(Rc::new(Partial {
                    function: V::Library(Rc::clone(full)),
                    positional: args.positional.into_iter().map(|(v, _)| v).collect(),
                    keywords: Vec::new(),
                })))
            }
            "contextmanager" => Ok(match args.positional.into_iter().next() {
                Some((V::Function(function), _)) => V::Function(Rc::new(function.as_manager())),
                _ => V::not_read(at, "what contextmanager() makes of this"),
            }),
            "total_ordering" | "abstractmethod" => {
                let first = args.positional.into_iter().next();
                Ok(first.map_or(V::None, |(value, _)| value))
            }
            _ => self.library_call(full, &args),
        }
    }

    pub(super) fn operators(&mut self, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        match name {
            "itemgetter" | "attrgetter" if args.positional.len() == 1 => {
                Ok(V::Partial(Rc::new(Partial {
                    function: V::Library(format!("operator.{name}_of").into()),
                    positional: vec![args.get(0).cloned().unwrap_or(V::None)],
                    keywords: Vec::new(),
                })))
            }
            "itemgetter_of" => match (args.get(0), args.get(1)) {
                (Some(index), Some(owner)) => self.get_item(owner, index, at),
                _ => Ok(V::None),
            },
            "attrgetter_of" => match (args.get(0).and_then(V::as_str), args.get(1)) {
                (Some(name), Some(owner)) => {
                    let mut value = owner.clone();
                    for part in name.split('.') {
                        value = self.attribute(&value, part, at)?;
                    }
                    Ok(value)
                }
                _ => Ok(V::None),
            },
            _ => self.library_call(&format!("operator.{name}"), &args),
        }
    }

    /// An object of a class of that name, with these attributes and nothing else.
    pub(super) fn namespace(&mut self, name: &str, attributes: Vec<(Rc<str>, V<'a>)>) -> V<'a> {
        let V::UserClass(class) = self.class_of_names(name, Vec::new(), Root::Namespace) else {
            return V::None;
        };
        let scope = self.keep(super::value::scope::Scope::module());
        for (name, value) in attributes {
            scope.set(&name, value);
        }
        V::Instance(Rc::new(super::value::class::Instance {
            class,
            attributes: scope,
            builtin: std::cell::RefCell::default(),
        }))
    }
}

/// Whether a text is a name in Python, and no keyword.
fn is_name(text: &str) -> bool {
    python::parse_module(text).is_ok_and(|module| {
        matches!(module.body.as_slice(), [python::ast::Stmt::Expr(s)] if s.value.is_name_expr())
    })
}

/// Whether the fields of an object hold plain values only: `asdict` and `astuple` go
/// through all others and copy them.
fn is_flat(instance: &super::value::class::Instance<'_>) -> bool {
    let fields = instance.compared().unwrap_or_default();
    !fields.is_empty()
        && fields.iter().all(|value| {
            matches!(
                value,
                V::None
                    | V::Bool(_)
                    | V::Int(_)
                    | V::Float(_)
                    | V::Str(_)
                    | V::Member(..)
                    | V::Unread(_)
            )
        })
}
