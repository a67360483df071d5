//! The part of the standard library that models use. What is not here is unread.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::names::Has;
use super::paths;
use super::value::function::Args;
use super::value::{At, V};

/// Whether a module belongs to the standard library; `yaml` is read, too.
pub(super) fn is_module(name: &str) -> bool {
    let top = name.split('.').next().unwrap_or(name);
    super::names::has_module(name) != Has::No || top == "yaml" || top == "typing_extensions"
}

/// Modules whose functions are read: what they are is known to be something.
const READ: &[&str] = &[
    "abc.",
    "argparse.",
    "collections.",
    "contextlib.",
    "copy.",
    "dataclasses.",
    "enum.",
    "functools.",
    "itertools.",
    "json.",
    "math.",
    "operator.",
    "pathlib.",
    "textwrap.",
    "typing.",
    "yaml.",
];

/// Whether a name of a library is certainly an object that is true and no plain value: a
/// module, or a function that is read.
pub(super) fn is_object(name: &str) -> bool {
    !name.contains('.')
        || (READ.iter().any(|module| name.starts_with(module)) && !name.contains("()"))
            && !is_constant(name)
}

/// Whether a name of a library is written as constants are: it may be any value.
fn is_constant(full: &str) -> bool {
    let name = full.rsplit('.').next().unwrap_or(full);
    name.contains(char::is_uppercase) && !name.contains(char::is_lowercase)
}

/// How many arguments functions need that tmrs answers, or of which it knows that they do
/// nothing for a model.
const NEEDS: &[(&str, usize)] = &[
    ("copy.copy", 1),
    ("copy.deepcopy", 1),
    ("enum.Enum", 1),
    ("enum.IntEnum", 1),
    ("enum.StrEnum", 1),
    ("enum.unique", 1),
    ("functools.reduce", 2),
    ("json.dump", 2),
    ("json.dumps", 1),
    ("json.load", 1),
    ("json.loads", 1),
    ("logging.FileHandler", 1),
    ("logging.LogRecord", 7),
    ("logging.Logger", 1),
    ("logging.LoggerAdapter", 1),
    ("logging.Manager", 1),
    ("logging.PercentStyle", 1),
    ("logging.PlaceHolder", 1),
    ("logging.RootLogger", 1),
    ("logging.StrFormatStyle", 1),
    ("logging.Template", 1),
    ("logging.addLevelName", 2),
    ("logging.captureWarnings", 1),
    ("logging.critical", 1),
    ("logging.debug", 1),
    ("logging.error", 1),
    ("logging.exception", 1),
    ("logging.fatal", 1),
    ("logging.getLevelName", 1),
    ("logging.info", 1),
    ("logging.log", 2),
    ("logging.makeLogRecord", 1),
    ("logging.setLogRecordFactory", 1),
    ("logging.setLoggerClass", 1),
    ("logging.warn", 1),
    ("logging.warning", 1),
    ("operator.attrgetter", 1),
    ("operator.itemgetter", 1),
    ("os.fspath", 1),
    ("os.makedirs", 1),
    ("os.mkdir", 1),
    ("os.putenv", 2),
    ("pprint.pprint", 1),
    ("string.capwords", 1),
    ("textwrap.dedent", 1),
    ("textwrap.indent", 2),
    ("typing.NewType", 2),
    ("typing.TypeVar", 1),
    ("typing.cast", 2),
    ("warnings.WarningMessage", 4),
    ("warnings.filterwarnings", 1),
    ("warnings.formatwarning", 4),
    ("warnings.showwarning", 4),
    ("warnings.simplefilter", 1),
    ("warnings.warn", 1),
    ("warnings.warn_explicit", 4),
    ("yaml.dump", 1),
    ("yaml.load", 1),
    ("yaml.safe_load", 1),
];

/// Whether a name of a library is one that tmrs reads; any other may be missing.
pub(super) fn is_read(full: &str) -> bool {
    let (module, name) = full.rsplit_once('.').unwrap_or(("", full));
    // What `typing` has only grows, and annotations are not looked at.
    matches!(module, "typing" | "typing_extensions" | "collections.abc")
        || name.starts_with(char::is_uppercase)
        || NEEDS.iter().any(|(known, _)| *known == full)
}

/// Whether what a value is rests on the machine, or on a library that is not read.
pub(super) fn depends(value: &V<'_>) -> bool {
    match value {
        V::Library(name) => !is_object(name) && &**name != "os.environ",
        V::Str(text) => paths::of_machine(&text.text),
        V::Path(path) => paths::of_machine(path),
        V::Alias(_) => true,
        _ => false,
    }
}

/// The part of the version of Python that depends on the machine.
const MICRO: &str = "sys.version_info.micro";

/// Whether a tuple is `sys.version_info`, which has a type, names and a text of its own.
pub(super) fn is_version(parts: &[V<'_>]) -> bool {
    matches!(parts, [_, _, V::Library(micro), _, _] if &**micro == MICRO)
}

impl<'a> Interpreter<'a> {
    /// `library.name`.
    pub(super) fn library_attribute(&mut self, library: &Rc<str>, name: &str) -> V<'a> {
        if library.split('.').next() == Some("pytm") {
            return self.pytm_attribute(library, name).unwrap_or(V::None);
        }
        match (&**library, name) {
            (module, "__name__") if !module.contains('.') => V::str(module),
            ("sys", "argv") => V::list(vec![V::str(self.units.first().source.path().file_name())]),
            // Which release of 3.11 it is depends on the machine.
            ("sys", "version_info") => V::tuple(vec![
                V::Int(3),
                V::Int(11),
                V::Library(MICRO.into()),
                V::str("final"),
                V::Int(0),
            ]),
            ("sys", "maxsize") => V::Int(i64::MAX),
            ("os", "sep") => V::str("/"),
            ("os", "linesep") => V::str("\n"),
            ("os", "devnull") => V::str("/dev/null"),
            ("os", "curdir") => V::str("."),
            ("os", "pardir") => V::str(".."),
            ("math", "pi") => V::Float(std::f64::consts::PI),
            ("math", "e") => V::Float(std::f64::consts::E),
            ("math", "tau") => V::Float(std::f64::consts::TAU),
            ("math", "nan") => V::Float(f64::NAN),
            ("math", "inf") => V::Float(f64::INFINITY),
            ("string", "ascii_lowercase") => V::str("abcdefghijklmnopqrstuvwxyz"),
            ("string", "ascii_uppercase") => V::str("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            ("string", "digits") => V::str("0123456789"),
            ("typing", "TYPE_CHECKING") => V::Bool(false),
            ("builtins", name) => super::builtin_names::named(name)
                .unwrap_or_else(|| V::Library(format!("builtins.{name}").into())),
            ("logging", "NOTSET") => V::Int(0),
            ("logging", "DEBUG") => V::Int(10),
            ("logging", "INFO") => V::Int(20),
            ("logging", "WARNING" | "WARN") => V::Int(30),
            ("logging", "ERROR") => V::Int(40),
            ("logging", "CRITICAL" | "FATAL") => V::Int(50),
            ("traceback", "TracebackException") => {
                V::Library("traceback.TracebackException".into())
            }
            // A library's own of that name is no exception of Python's.
            (library, name)
                if (name.ends_with("Error") || name.ends_with("Exception"))
                    && !super::exceptions::is_of_its_own(library, name) =>
            {
                V::ExceptionClass(name.into())
            }
            (library, name) => V::Library(format!("{library}.{name}").into()),
        }
    }

    /// Whether something that is not read has an attribute: that is not read either, but
    /// for what tmrs knows of a library.
    pub(super) fn attribute_of_library(&mut self, owner: &V<'a>, name: &str, at: At) -> R<'a> {
        let V::Library(library) = owner else {
            return Ok(owner.clone());
        };
        if library.split('.').next() == Some("pytm") {
            return Ok(V::Bool(self.pytm_attribute(library, name).is_some()));
        }
        if let Some(has) = super::library_names::has(library, name) {
            return Ok(V::Bool(has));
        }
        Ok(match self.library_attribute(&Rc::clone(library), name) {
            V::Library(_) => V::not_read(at, format!("whether {library} has `{name}`")),
            _ => V::Bool(true),
        })
    }

    pub(super) fn call_library(&mut self, name: &Rc<str>, args: Args<'a>) -> R<'a> {
        let at = args.at;
        let (module, function) = name.rsplit_once('.').unwrap_or(("", name));
        let given = args.positional.len() + args.keywords.len();
        if let Some((_, needed)) = NEEDS.iter().find(|(known, _)| **known == **name)
            && given < *needed
            && args.doubt.is_none()
        {
            return self.raise(
                "TypeError",
                format!("{function}() is given too few arguments"),
                at,
            );
        }
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
            "asyncio" => return self.asyncio(function, args),
            "math" => return self.math(function, &args),
            "textwrap" => return self.textwrap(function, &args),
            _ if module.starts_with("pytm") => return self.pytm_function(function, args),
            _ if module.starts_with("argparse") => return self.argparse(name, function, args),
            _ => {}
        }
        Ok(match &**name {
            "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath" | "pathlib.PurePosixPath" => {
                return self.new_path(&args);
            }
            "pathlib.Path.cwd" => V::Path(paths::HERE.into()),
            "json.load" | "json.loads" => return self.load_data(args, "json", name),
            "yaml.safe_load" | "yaml.load" | "yaml.full_load" => {
                return self.load_data(args, "yaml", name);
            }
            "csv.reader" => return self.csv_reader(&args, false),
            "csv.DictReader" => return self.csv_reader(&args, true),
            "sys.exit" => return self.raise("SystemExit", "exit", at),
            "enum.auto" => V::Library("enum.auto()".into()),
            "enum.Enum" | "enum.IntEnum" | "enum.StrEnum" => {
                return self.enum_of_names(name, &args);
            }
            "typing.NamedTuple" => return self.collections("namedtuple", args),
            "typing.TypeVar" => V::Library("typing.TypeVar()".into()),
            "typing.NewType" => V::Library("typing.NewType()".into()),
            "typing.NewType()" => args.get(0).cloned().unwrap_or(V::None),
            "warnings.catch_warnings" => V::Library("warnings.catch_warnings()".into()),
            "warnings.simplefilter" | "warnings.filterwarnings" if !matches!(args.either(0, "action").and_then(V::as_str), Some(action) if action != "error") => {
                self.refuse(
                    at,
                    "A warning that becomes an exception is not read",
                    "raise it yourself",
                )
            }
            "typing.cast" => args.get(1).cloned().unwrap_or(V::None),
            // Since Python 3.13 it takes the attributes of what it is handed.
            "types.SimpleNamespace" if !args.positional.is_empty() => {
                return Ok(V::not_read(at, "a namespace of another object"));
            }
            "types.SimpleNamespace" => self.namespace(
                "SimpleNamespace",
                args.keywords
                    .into_iter()
                    .map(|(name, value, _)| (name, value))
                    .collect(),
            ),
            "copy.copy" | "copy.deepcopy" => match args.get(0) {
                Some(value) if function == "copy" => self.copy_of(value, at)?,
                Some(value) if !args.has_objects() => self.deep_copy_of(value, at)?,
                _ => {
                    let what = "A copy of one of pytm's objects is not read";
                    self.refuse(at, what, "make another with its class")
                }
            },
            "string.capwords" if args.positional.len() == 1 && args.keywords.is_empty() => {
                let Some(text) = args.get(0).and_then(V::as_str).map(ToOwned::to_owned) else {
                    return self.library_call(name, &args);
                };
                let words = self.text_method(&text, "split", Args::none(at))?;
                let mut capital = Vec::new();
                for word in self.items(&words, at)? {
                    let word = word.as_str().unwrap_or("").to_owned();
                    capital.push(self.text_method(&word, "capitalize", Args::none(at))?);
                }
                self.text_method(" ", "join", Args::of(at, [V::list(capital)]))?
            }
            "functools.wraps()" => args.get(0).cloned().unwrap_or(V::None),
            "io.open" => return self.open(&args),
            // Whether Python stops at what such a file says is not worked out.
            "configparser.ConfigParser" | "configparser.RawConfigParser" => {
                let what = "Settings in an INI file are not read";
                self.refuse(
                    at,
                    what,
                    "write the values into the model, or into a JSON file",
                )
            }
            "tomllib.load" | "tomllib.loads" => {
                let what = "TOML is not read";
                self.refuse(
                    at,
                    what,
                    "write the values into the model, or into a JSON file",
                )
            }
            "graphlib.TopologicalSorter" => {
                let what = "Sorting a graph is not read";
                self.refuse(at, what, "write what comes out of it")
            }
            "io.FileIO" | "io.open_code" => {
                let what = format!("What `{name}` opens is not read");
                self.refuse(at, what, "open it by `open`")
            }
            "yaml.dump" if args.either(1, "stream").is_none() => V::outside(at, "text of YAML"),
            "json.dump" | "yaml.dump" | "pprint.pprint" | "warnings.warn" => V::None,
            // What is logged, written or shown never reaches a model.
            _ if name.starts_with("logging") || name.starts_with("io.written") => {
                V::Library(format!("{}()", name.trim_end_matches("()")).into())
            }
            _ if name.starts_with("sys.std") || name.starts_with("warnings.") => V::None,
            "importlib.import_module" => return self.import_by_name(&args, true),
            "importlib.util.find_spec" => return self.find_spec(&args),
            _ => return self.library_call(name, &args),
        })
    }

    fn math(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let whole: fn(f64) -> f64 = match name {
            "ceil" => f64::ceil,
            "floor" => f64::floor,
            "trunc" => f64::trunc,
            "sqrt" => f64::sqrt,
            _ => return self.library_call(&format!("math.{name}"), args),
        };
        let ([(value, _)], true) = (&*args.positional, args.keywords.is_empty()) else {
            return self.raise("TypeError", "this takes one number", at);
        };
        match (name, value) {
            (_, V::Unread(_)) => Ok(value.clone()),
            ("sqrt", V::Int(_) | V::Bool(_) | V::Float(_)) => {
                let root = value.as_float().unwrap_or(0.0).sqrt();
                match value.as_float() {
                    Some(f) if f < 0.0 => self.raise("ValueError", "math domain error", at),
                    _ => Ok(V::Float(root)),
                }
            }
            (_, V::Int(_) | V::Bool(_)) => Ok(V::Int(value.as_int().unwrap_or(0))),
            (_, V::Float(f)) => {
                let result = crate::python::float::whole(*f, whole);
                self.number(result.map(crate::python::operation::Number::Int), at)
            }
            (_, V::Str(_) | V::None | V::List(_) | V::Dict(_) | V::Tuple(_)) => {
                self.raise("TypeError", "must be a real number", at)
            }
            _ => Ok(V::not_read(at, format!("math.{name}() of this"))),
        }
    }

    fn os_function(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        Ok(match name {
            // It leaves past everything that is to be done in the end.
            "_exit" if self.tries.is_empty() => return self.raise("SystemExit", "exit", args.at),
            "_exit" => {
                let what = "`os._exit()` within a `try` or `with` is not read";
                self.refuse(args.at, what, "leave with `sys.exit()`")
            }
            "getenv" => environment("get", args),
            "getcwd" => V::str(paths::HERE),
            "chdir" => self.change_folder(args),
            "fspath" => args.get(0).cloned().unwrap_or(V::None),
            "makedirs" | "mkdir" | "putenv" => V::None,
            _ => return self.library_call(&format!("os.{name}"), args),
        })
    }

    fn textwrap(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let full = format!("textwrap.{name}");
        let given: Vec<_> = args
            .positional
            .iter()
            .map(|(value, _)| value.as_str())
            .collect();
        if !args.keywords.is_empty() {
            return self.library_call(&full, args);
        }
        match (name, given.as_slice()) {
            ("dedent", [Some(text)]) if has_plain_space(text) => Ok(V::str(dedent(text))),
            ("indent", [Some(text), Some(prefix)]) if has_plain_space(text) => {
                let indented = |line: &str| match line.trim() {
                    "" => line.to_owned(),
                    _ => format!("{prefix}{line}"),
                };
                Ok(V::str(
                    text.split_inclusive('\n').map(indented).collect::<String>(),
                ))
            }
            _ => self.library_call(&full, args),
        }
    }
}

/// Whether all white space of a text is spaces, tabs and ends of lines: versions of Python
/// differ about the rest.
fn has_plain_space(text: &str) -> bool {
    let plain = |c: char| matches!(c, ' ' | '\t' | '\n');
    let is_space = |c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c);
    text.chars().all(|c| plain(c) || !is_space(c))
}

/// `os.environ.get(name, default)`: the default, for no machine's settings count. What
/// has none is the machine's.
fn environment<'a>(name: &str, args: &Args<'a>) -> V<'a> {
    let default = match name {
        "get" | "setdefault" | "pop" => args.either(1, "default"),
        _ => None,
    };
    match default {
        Some(default) => default.clone(),
        None => V::outside(args.at, "the environment of the machine"),
    }
}

/// Without the white space that all lines begin with.
fn dedent(text: &str) -> String {
    let indent = |line: &'_ str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let is_blank = |line: &str| line.trim_matches([' ', '\t', '\n']).is_empty();
    let mut margin: Option<&str> = None;
    for line in text.split('\n').filter(|line| !is_blank(line)) {
        let own = &line[..indent(line)];
        let shared = margin.map_or(own.len(), |margin| {
            let pairs = margin.bytes().zip(own.bytes());
            pairs.take_while(|(a, b)| a == b).count()
        });
        margin = own.get(..shared);
    }
    let margin = margin.map_or(0, str::len);
    let lines = text.split('\n').map(|line| {
        if is_blank(line) {
            ""
        } else {
            line.get(margin..).unwrap_or(line)
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
