//! The part of the standard library that models use. What is not here is unread.

use std::rc::Rc;

use super::classes::Root;
use super::function::Args;
use super::interpreter::{Interpreter, R};
use super::value::{At, Dict, Partial, V};

/// Modules of the standard library, as far as models import them.
const MODULES: &[&str] = &[
    "__future__",
    "abc",
    "argparse",
    "ast",
    "asyncio",
    "base64",
    "builtins",
    "calendar",
    "collections",
    "configparser",
    "contextlib",
    "copy",
    "csv",
    "ctypes",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "email",
    "enum",
    "errno",
    "fileinput",
    "fnmatch",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "getopt",
    "getpass",
    "glob",
    "graphlib",
    "gzip",
    "hashlib",
    "heapq",
    "html",
    "http",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "locale",
    "logging",
    "math",
    "mimetypes",
    "multiprocessing",
    "numbers",
    "operator",
    "optparse",
    "os",
    "pathlib",
    "pickle",
    "pkgutil",
    "platform",
    "pprint",
    "queue",
    "random",
    "re",
    "secrets",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtplib",
    "socket",
    "sqlite3",
    "ssl",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "sys",
    "sysconfig",
    "tarfile",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "tkinter",
    "token",
    "tomllib",
    "traceback",
    "types",
    "typing",
    "typing_extensions",
    "unicodedata",
    "unittest",
    "urllib",
    "uuid",
    "venv",
    "warnings",
    "weakref",
    "webbrowser",
    "xml",
    "zipfile",
    "zlib",
    "zoneinfo",
];

/// Whether a module belongs to the standard library; `yaml` is read, too.
pub(super) fn is_module(name: &str) -> bool {
    let top = name.split('.').next().unwrap_or(name);
    MODULES.contains(&top) || top == "yaml"
}

impl<'a> Interpreter<'a> {
    /// `library.name`.
    pub(super) fn library_attribute(&mut self, library: &Rc<str>, name: &str) -> V<'a> {
        if library.split('.').next() == Some("pytm") {
            return self.pytm_attribute(library, name);
        }
        match (&**library, name) {
            (_, "__name__") => V::str(library),
            ("sys", "argv") => V::list(vec![V::str(self.units.first().source.path().file_name())]),
            ("sys", "platform") => V::str("linux"),
            ("sys", "version_info") => V::tuple([3, 11, 0].map(V::Int).to_vec()),
            ("sys", "maxsize") => V::Int(i64::MAX),
            ("os", "sep") => V::str("/"),
            ("os", "linesep") => V::str("\n"),
            ("os", "name") => V::str("posix"),
            ("os", "devnull") => V::str("/dev/null"),
            ("os", "curdir") => V::str("."),
            ("os", "pardir") => V::str(".."),
            ("math", "pi") => V::Float(std::f64::consts::PI),
            ("math", "inf") => V::Float(f64::INFINITY),
            ("string", "ascii_lowercase") => V::str("abcdefghijklmnopqrstuvwxyz"),
            ("string", "ascii_uppercase") => V::str("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            ("string", "digits") => V::str("0123456789"),
            ("typing", "TYPE_CHECKING") => V::Bool(false),
            ("builtins", name) => super::builtins::named(name)
                .unwrap_or_else(|| V::Library(format!("builtins.{name}").into())),
            ("logging", "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL") => V::Int(20),
            (_, name) if name.ends_with("Error") || name.ends_with("Exception") => {
                V::ExceptionClass(name.into())
            }
            (library, name) => V::Library(format!("{library}.{name}").into()),
        }
    }

    pub(super) fn call_library(&mut self, name: &Rc<str>, args: Args<'a>) -> R<'a> {
        let at = args.at;
        let (module, function) = name.rsplit_once('.').unwrap_or(("", name));
        match module {
            "os.path" => return self.os_path(function, &args),
            "os" => return self.os_function(function, &args),
            "sys.path" => return self.extend_search(function, &args),
            "os.environ" => return Ok(environment(function, &args)),
            "itertools" | "itertools.chain" => return self.itertools(function, args),
            "collections" => return self.collections(function, args),
            "dataclasses" => return self.dataclasses(function, args),
            "functools" | "contextlib" | "abc" => return self.functools(function, name, args),
            "operator" => return self.operators(function, args),
            "math" => return Ok(math(function, &args)),
            "textwrap" => return self.textwrap(function, &args),
            _ if module.starts_with("pytm") => return self.pytm_function(function, args),
            _ if module.starts_with("argparse") => return self.argparse(name, function, args),
            _ => {}
        }
        Ok(match &**name {
            "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath" | "pathlib.PurePosixPath" => {
                return self.new_path(&args);
            }
            "pathlib.Path.cwd" => V::Path(".".into()),
            "json.load" | "json.loads" => return self.load_data(&args, "json"),
            "yaml.safe_load" | "yaml.load" | "yaml.full_load" => {
                return self.load_data(&args, "yaml");
            }
            "sys.exit" | "os._exit" => return self.raise("SystemExit", "exit", at),
            "enum.auto" => V::Library("enum.auto()".into()),
            "enum.Enum" | "enum.IntEnum" | "enum.StrEnum" => {
                return self.enum_of_names(name, &args);
            }
            "typing.NamedTuple" => return self.collections("namedtuple", args),
            "typing.TypeVar" | "typing.NewType" => V::Type("object"),
            "typing.cast" => args.get(1).cloned().unwrap_or(V::None),
            "types.SimpleNamespace" => self.namespace(
                args.keywords
                    .into_iter()
                    .map(|(name, value, _)| (name, value))
                    .collect(),
            ),
            "copy.copy" | "copy.deepcopy" => match args.get(0) {
                Some(value) if !args.has_objects() => {
                    self.copied(value, function == "deepcopy", at)?
                }
                Some(V::List(items)) if function == "copy" => V::list(items.borrow().clone()),
                _ => V::unread(at, "a copy of a pytm object"),
            },
            "string.capwords" => match args.get(0).and_then(V::as_str) {
                Some(text) => {
                    let text = text.to_owned();
                    self.text_method(&text, "title", &Args::none(at))?
                }
                None => V::None,
            },
            "functools.wraps()" | "enum.unique" => args.get(0).cloned().unwrap_or(V::None),
            "json.dump" | "yaml.dump" | "pprint.pprint" | "warnings.warn" => V::None,
            // What is logged, written or shown never reaches a model.
            _ if name.starts_with("logging") || name.starts_with("io.written") => {
                V::Library(format!("{}()", name.trim_end_matches("()")).into())
            }
            _ if name.starts_with("sys.") || name.starts_with("warnings.") => V::None,
            _ => V::unread(at, format!("{name}() is not run")),
        })
    }

    fn os_function(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        Ok(match name {
            "getenv" => environment("get", args),
            "getcwd" => V::str("."),
            "fspath" => args.get(0).cloned().unwrap_or(V::None),
            "makedirs" | "mkdir" | "chdir" | "remove" | "putenv" | "system" => V::None,
            _ => V::unread(args.at, format!("os.{name}() is not run")),
        })
    }

    fn itertools(&mut self, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if let Some(unread) = args.unread() {
            return Ok(V::Unread(unread));
        }
        if matches!(name, "count" | "cycle" | "groupby") {
            return Ok(V::unread(
                at,
                format!("itertools.{name}() is outside what tmrs reads"),
            ));
        }
        let mut lists = Vec::new();
        for (value, _) in &args.positional {
            lists.push(match value {
                V::Int(_) | V::None | V::Function(_) => vec![value.clone()],
                value => self.items(value, at)?,
            });
        }
        let items: Vec<V<'a>> = match (name, lists.as_slice()) {
            ("chain", lists) => lists.iter().flatten().cloned().collect(),
            ("from_iterable", [inner]) => {
                let mut all = Vec::new();
                for list in inner {
                    all.extend(self.items(list, at)?);
                    self.allot(32, at)?;
                }
                all
            }
            ("product", lists) => {
                let times = args.keyword("repeat").and_then(V::as_int).unwrap_or(1);
                self.cartesian(lists, times.clamp(0, 8), at)?
            }
            ("combinations" | "permutations", [list, ..]) => {
                let size = args
                    .either(1, "r")
                    .and_then(V::as_int)
                    .unwrap_or(list.len() as i64);
                self.choices(list, size.max(0) as usize, name == "permutations", at)?
            }
            ("repeat", [what, ..]) => {
                let times = args
                    .get(1)
                    .and_then(V::as_int)
                    .unwrap_or(0)
                    .clamp(0, 100_000);
                let one = args.get(0).cloned().or_else(|| what.first().cloned());
                std::iter::repeat_n(one.unwrap_or(V::None), times as usize).collect()
            }
            ("islice", [list, ..]) => islice(list, &args),
            ("pairwise", [list]) => list
                .windows(2)
                .map(|pair| V::tuple(pair.to_vec()))
                .collect(),
            ("zip_longest", lists) => {
                let rows = lists.iter().map(Vec::len).max().unwrap_or(0);
                let fill = args.keyword("fillvalue").cloned().unwrap_or(V::None);
                (0..rows)
                    .map(|row| {
                        V::tuple(
                            lists
                                .iter()
                                .map(|list| list.get(row).cloned().unwrap_or_else(|| fill.clone()))
                                .collect(),
                        )
                    })
                    .collect()
            }
            ("starmap", [function, rows]) => {
                let function = function.first().cloned().unwrap_or(V::None);
                let mut results = Vec::new();
                for row in rows {
                    let row = self.items(row, at)?;
                    results.push(self.call(&function, Args::of(at, row))?);
                }
                results
            }
            _ => {
                return Ok(V::unread(
                    at,
                    format!("itertools.{name}() is outside what tmrs reads"),
                ));
            }
        };
        self.allot(items.len() * 32, at)?;
        Ok(V::iter(items))
    }

    fn cartesian(&mut self, lists: &[Vec<V<'a>>], times: i64, at: At) -> R<'a, Vec<V<'a>>> {
        let mut rows: Vec<Vec<V<'a>>> = vec![Vec::new()];
        for _ in 0..times {
            for list in lists {
                self.allot(rows.len().saturating_mul(list.len()) * 64, at)?;
                let mut longer = Vec::with_capacity(rows.len() * list.len());
                for row in &rows {
                    for item in list {
                        let mut row = row.clone();
                        row.push(item.clone());
                        longer.push(row);
                    }
                }
                rows = longer;
            }
        }
        Ok(rows.into_iter().map(V::tuple).collect())
    }

    fn choices(&mut self, list: &[V<'a>], size: usize, ordered: bool, at: At) -> R<'a, Vec<V<'a>>> {
        let mut rows: Vec<Vec<usize>> = vec![Vec::new()];
        for _ in 0..size.min(list.len() + 1) {
            let mut longer = Vec::new();
            for row in &rows {
                let from = if ordered {
                    0
                } else {
                    row.last().map_or(0, |last| last + 1)
                };
                for next in from..list.len() {
                    if !row.contains(&next) {
                        let mut row = row.clone();
                        row.push(next);
                        longer.push(row);
                    }
                }
                self.allot(64 * list.len(), at)?;
            }
            rows = longer;
        }
        Ok(rows
            .into_iter()
            .map(|row| {
                V::tuple(
                    row.into_iter()
                        .filter_map(|i| list.get(i).cloned())
                        .collect(),
                )
            })
            .collect())
    }

    fn collections(&mut self, name: &str, mut args: Args<'a>) -> R<'a> {
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
                    dict.borrow_mut().factory = factory.filter(|f| !matches!(f, V::None));
                }
                Ok(made)
            }
            "OrderedDict" => self.call_type("dict", args),
            "deque" => self.call_type("list", args),
            "Counter" => {
                let mut dict = Dict::default();
                dict.factory = Some(V::Type("int"));
                if let Some(items) = args.get(0).cloned() {
                    for item in self.items(&items, at)? {
                        let count = dict.get(&item).and_then(V::as_int).unwrap_or(0);
                        dict.insert(item, V::Int(count + 1), None);
                    }
                }
                Ok(V::dict(dict))
            }
            _ => Ok(V::unread(
                at,
                format!("collections.{name}() is outside what tmrs reads"),
            )),
        }
    }

    fn enum_of_names(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let class = args.get(0).and_then(V::as_str).unwrap_or("Enum").to_owned();
        let names = match args.get(1) {
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
        Ok(self.class_of_names(&class, names, Root::Enum { plain_text }))
    }

    fn dataclasses(&mut self, name: &str, args: Args<'a>) -> R<'a> {
        Ok(match (name, args.get(0).cloned()) {
            ("field", _) => {
                let mut dict = Dict::default();
                dict.insert(V::str("<field>"), V::Bool(true), None);
                for (name, value, _) in args.keywords {
                    dict.insert(V::str(name), value, None);
                }
                V::dict(dict)
            }
            ("asdict", Some(V::Instance(instance))) => self.fields_as_dict(&instance),
            ("astuple", Some(V::Instance(instance))) => {
                V::tuple(instance.compared().unwrap_or_default())
            }
            ("replace", Some(V::Instance(instance))) => self.replaced(&instance, args),
            ("dataclass", Some(class)) => class,
            ("dataclass", None) => V::Library("dataclasses.dataclass".into()),
            _ => V::unread(
                args.at,
                format!("dataclasses.{name}() is outside what tmrs reads"),
            ),
        })
    }

    fn functools(&mut self, name: &str, full: &Rc<str>, mut args: Args<'a>) -> R<'a> {
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
            "wraps" => Ok(V::Library("functools.wraps()".into())),
            "suppress" | "nullcontext" | "redirect_stdout" | "redirect_stderr" => Ok(V::None),
            _ => Ok(match args.get(0) {
                Some(function @ (V::Function(_) | V::UserClass(_))) => function.clone(),
                _ => V::Library(Rc::clone(full)),
            }),
        }
    }

    fn operators(&mut self, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        match name {
            "itemgetter" | "attrgetter" => Ok(V::Partial(Rc::new(Partial {
                function: V::Library(format!("operator.{name}_of").into()),
                positional: vec![args.get(0).cloned().unwrap_or(V::None)],
                keywords: Vec::new(),
            }))),
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
            _ => Ok(V::unread(
                at,
                format!("operator.{name}() is outside what tmrs reads"),
            )),
        }
    }

    fn textwrap(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let Some(text) = args.get(0).and_then(V::as_str) else {
            return Ok(args
                .get(0)
                .cloned()
                .unwrap_or_else(|| V::unread(args.at, "text of textwrap")));
        };
        Ok(match name {
            "dedent" => V::str(dedent(text)),
            "indent" => {
                let prefix = args.either(1, "prefix").and_then(V::as_str).unwrap_or("");
                V::str(
                    text.split_inclusive('\n')
                        .map(|line| {
                            if line.trim().is_empty() {
                                line.to_owned()
                            } else {
                                format!("{prefix}{line}")
                            }
                        })
                        .collect::<String>(),
                )
            }
            _ => V::unread(
                args.at,
                format!("textwrap.{name}() is outside what tmrs reads"),
            ),
        })
    }

    fn copied(&mut self, value: &V<'a>, deep: bool, at: At) -> R<'a> {
        self.down(|_| at)?;
        let inner = |s: &mut Self, value: &V<'a>| {
            if deep {
                s.copied(value, true, at)
            } else {
                Ok(value.clone())
            }
        };
        let copy = match value {
            V::List(items) => {
                let items = items.borrow().clone();
                self.allot(items.len() * 16, at)?;
                let mut copies = Vec::with_capacity(items.len());
                for item in &items {
                    copies.push(inner(self, item)?);
                }
                V::list(copies)
            }
            V::Dict(dict) => {
                let mut copy = dict.borrow().clone();
                self.allot(copy.len() * 64, at)?;
                let entries: Vec<_> = copy.iter().cloned().collect();
                for entry in entries {
                    let value = inner(self, &entry.value)?;
                    copy.insert(entry.key, value, entry.at);
                }
                V::dict(copy)
            }
            V::Set(set) => V::set(set.borrow().keys()),
            V::Instance(instance) => {
                let args = Args::none(at);
                self.replaced(&Rc::clone(instance), args)
            }
            other => other.clone(),
        };
        self.up();
        Ok(copy)
    }

    /// An object with these attributes and nothing else.
    pub(super) fn namespace(&mut self, attributes: Vec<(Rc<str>, V<'a>)>) -> V<'a> {
        let V::UserClass(class) = self.class_of_names("Namespace", Vec::new(), Root::Object) else {
            return V::None;
        };
        let scope = self.keep(super::scope::Scope::module());
        for (name, value) in attributes {
            scope.set(&name, value);
        }
        V::Instance(Rc::new(super::classes::Instance {
            class,
            attributes: scope,
            builtin: std::cell::RefCell::default(),
        }))
    }
}

fn islice<'a>(list: &[V<'a>], args: &Args<'a>) -> Vec<V<'a>> {
    let numbers = args.positional.iter().skip(1).map(|(v, _)| v.as_int());
    let numbers: Vec<_> = numbers.collect();
    let (from, to) = match numbers.as_slice() {
        [to] => (Some(0), *to),
        [from, to, ..] => (*from, *to),
        [] => (None, None),
    };
    let to = to
        .map_or(list.len(), |to| to.max(0) as usize)
        .min(list.len());
    let from = (from.unwrap_or(0).max(0) as usize).min(to);
    list.get(from..to).unwrap_or(&[]).to_vec()
}

/// `os.environ.get(name, default)`: the default, for no machine's settings count.
fn environment<'a>(name: &str, args: &Args<'a>) -> V<'a> {
    match name {
        "get" | "setdefault" | "pop" => args.either(1, "default").cloned().unwrap_or(V::None),
        "items" | "keys" | "values" => V::list(Vec::new()),
        _ => V::None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "as Python's ceil and floor give"
)]
fn math<'a>(name: &str, args: &Args<'a>) -> V<'a> {
    match (name, args.get(0).and_then(V::as_float)) {
        ("ceil", Some(f)) => V::Int(f.ceil() as i64),
        ("floor" | "trunc", Some(f)) => V::Int(f.floor() as i64),
        ("sqrt", Some(f)) => V::Float(f.sqrt()),
        _ => V::unread(args.at, format!("math.{name}() is outside what tmrs reads")),
    }
}

/// Without the white space that all lines begin with.
fn dedent(text: &str) -> String {
    let margin = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    text.split_inclusive('\n')
        .map(|line| {
            if line.trim().is_empty() {
                line.trim_start_matches([' ', '\t'])
            } else {
                line.get(margin..).unwrap_or(line)
            }
        })
        .collect()
}
