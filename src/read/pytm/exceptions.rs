//! The exception classes of Python itself.

/// Each with its parent; the two names that Python keeps for `OSError` are no classes.
const CLASSES: &[(&str, &str)] = &[
    ("ArithmeticError", "Exception"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("BaseException", ""),
    ("BaseExceptionGroup", "BaseException"),
    ("BlockingIOError", "OSError"),
    ("BrokenPipeError", "ConnectionError"),
    ("BufferError", "Exception"),
    ("BytesWarning", "Warning"),
    ("ChildProcessError", "OSError"),
    ("ConnectionAbortedError", "ConnectionError"),
    ("ConnectionError", "OSError"),
    ("ConnectionRefusedError", "ConnectionError"),
    ("ConnectionResetError", "ConnectionError"),
    ("DeprecationWarning", "Warning"),
    ("EOFError", "Exception"),
    ("EncodingWarning", "Warning"),
    ("Exception", "BaseException"),
    ("ExceptionGroup", "BaseExceptionGroup"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("FloatingPointError", "ArithmeticError"),
    ("FutureWarning", "Warning"),
    ("GeneratorExit", "BaseException"),
    ("ImportError", "Exception"),
    ("ImportWarning", "Warning"),
    ("IndentationError", "SyntaxError"),
    ("IndexError", "LookupError"),
    ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("KeyError", "LookupError"),
    ("KeyboardInterrupt", "BaseException"),
    ("LookupError", "Exception"),
    ("MemoryError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("NameError", "Exception"),
    ("NotADirectoryError", "OSError"),
    ("NotImplementedError", "RuntimeError"),
    ("OSError", "Exception"),
    ("OverflowError", "ArithmeticError"),
    ("PendingDeprecationWarning", "Warning"),
    ("PermissionError", "OSError"),
    ("ProcessLookupError", "OSError"),
    ("RecursionError", "RuntimeError"),
    ("ReferenceError", "Exception"),
    ("ResourceWarning", "Warning"),
    ("RuntimeError", "Exception"),
    ("RuntimeWarning", "Warning"),
    ("StopAsyncIteration", "Exception"),
    ("StopIteration", "Exception"),
    ("SyntaxError", "Exception"),
    ("SyntaxWarning", "Warning"),
    ("SystemError", "Exception"),
    ("SystemExit", "BaseException"),
    ("TabError", "IndentationError"),
    ("TimeoutError", "OSError"),
    ("TypeError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeError", "ValueError"),
    ("UnicodeTranslateError", "UnicodeError"),
    ("UnicodeWarning", "Warning"),
    ("UserWarning", "Warning"),
    ("ValueError", "Exception"),
    ("Warning", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"),
];

/// The class that a name means: two are other names of `OSError`.
pub(super) fn named(name: &str) -> Option<&'static str> {
    let name = match name {
        "IOError" | "EnvironmentError" => "OSError",
        name => name,
    };
    let found = CLASSES.iter().find(|(known, _)| *known == name);
    found.map(|(known, _)| *known)
}

/// Whether an exception class is one of Python's own.
pub(super) fn is_known(name: &str) -> bool {
    CLASSES.iter().any(|(known, _)| *known == name)
}

/// Whether an exception class makes more of its arguments than `args`.
pub(super) fn takes_more(name: &str) -> bool {
    is_a(name, "SyntaxError")
        || is_a(name, "BaseExceptionGroup")
        || matches!(
            name,
            "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError"
        )
}

/// Whether one exception class is or inherits from another.
pub(super) fn is_a(class: &str, wanted: &str) -> bool {
    let wanted = named(wanted).unwrap_or(wanted);
    let mut class = named(class).unwrap_or(class);
    loop {
        if class == wanted {
            return true;
        }
        match CLASSES.iter().find(|(known, _)| *known == class) {
            // It inherits from both.
            Some(("ExceptionGroup", _)) if wanted == "Exception" => return true,
            Some((_, parent)) if !parent.is_empty() => class = parent,
            Some(_) => return false,
            None => match LIBRARY.iter().find(|(known, _)| *known == class) {
                Some((_, parent)) => class = parent,
                // An exception of a library is an Exception, whatever else it is.
                None => return wanted == "Exception" || wanted == "BaseException",
            },
        }
    }
}

/// Whether an exception of a class is one of a library's; `None` where that is not known.
pub(super) fn is_of_library(class: &str, wanted: &str) -> Option<bool> {
    match wanted {
        "os.error" | "socket.error" => return Some(is_a(class, "OSError")),
        "socket.timeout" => return Some(is_a(class, "TimeoutError")),
        _ => {}
    }
    if is_known(class) {
        // Python's own exceptions are of no class that a library derives from them.
        return OF_LIBRARIES.contains(&wanted).then_some(false);
    }
    let last = wanted.rsplit('.').next().unwrap_or(wanted);
    let homes: &[&str] = match class {
        "JSONDecodeError" => &["json", "json.decoder"],
        "TOMLDecodeError" => &["tomllib"],
        "FrozenInstanceError" => &["dataclasses"],
        "ValidationError" => &["pydantic", "pydantic_core"],
        _ => return None,
    };
    if homes.iter().any(|home| wanted == format!("{home}.{last}")) {
        return Some(last == class);
    }
    OF_LIBRARIES.contains(&wanted).then_some(false)
}

/// Whether a library's exception class has the name of another one that it is not.
pub(super) fn is_of_its_own(library: &str, name: &str) -> bool {
    match name {
        "ValidationError" => !library.starts_with("pydantic"),
        name => named(name).is_some() && !matches!(library, "asyncio" | "concurrent.futures"),
    }
}

/// Exception classes of libraries that have a class of their own, by their full names.
const OF_LIBRARIES: &[&str] = &[
    "argparse.ArgumentError",
    "argparse.ArgumentTypeError",
    "asyncio.CancelledError",
    "binascii.Error",
    "configparser.Error",
    "configparser.NoOptionError",
    "configparser.NoSectionError",
    "configparser.ParsingError",
    "csv.Error",
    "dataclasses.FrozenInstanceError",
    "decimal.DecimalException",
    "decimal.InvalidOperation",
    "getopt.GetoptError",
    "http.client.HTTPException",
    "importlib.metadata.PackageNotFoundError",
    "io.UnsupportedOperation",
    "ipaddress.AddressValueError",
    "ipaddress.NetmaskValueError",
    "jinja2.TemplateError",
    "jinja2.TemplateNotFound",
    "jinja2.exceptions.TemplateError",
    "jinja2.exceptions.TemplateNotFound",
    "json.JSONDecodeError",
    "json.decoder.JSONDecodeError",
    "jsonschema.ValidationError",
    "jsonschema.exceptions.ValidationError",
    "pickle.PickleError",
    "pickle.PicklingError",
    "pickle.UnpicklingError",
    "pydantic.ValidationError",
    "pydantic_core.ValidationError",
    "queue.Empty",
    "queue.Full",
    "re.error",
    "requests.ConnectionError",
    "requests.HTTPError",
    "requests.RequestException",
    "requests.Timeout",
    "requests.exceptions.ConnectionError",
    "requests.exceptions.HTTPError",
    "requests.exceptions.RequestException",
    "requests.exceptions.Timeout",
    "shutil.Error",
    "shutil.SameFileError",
    "socket.gaierror",
    "socket.herror",
    "sqlite3.Error",
    "ssl.SSLError",
    "statistics.StatisticsError",
    "struct.error",
    "subprocess.CalledProcessError",
    "subprocess.SubprocessError",
    "subprocess.TimeoutExpired",
    "tarfile.TarError",
    "toml.TomlDecodeError",
    "tomllib.TOMLDecodeError",
    "urllib.error.HTTPError",
    "urllib.error.URLError",
    "xml.etree.ElementTree.ParseError",
    "xml.parsers.expat.ExpatError",
    "yaml.YAMLError",
    "yaml.parser.ParserError",
    "yaml.scanner.ScannerError",
    "zipfile.BadZipFile",
    "zlib.error",
];

/// Exceptions of the standard library that models catch, by their last name.
const LIBRARY: &[(&str, &str)] = &[
    ("CalledProcessError", "SubprocessError"),
    ("ConfigParserError", "Exception"),
    ("DuplicateOptionError", "ConfigParserError"),
    ("DuplicateSectionError", "ConfigParserError"),
    ("FrozenInstanceError", "AttributeError"),
    ("JSONDecodeError", "ValueError"),
    ("MissingSectionHeaderError", "ParsingError"),
    ("NoOptionError", "ConfigParserError"),
    ("NoSectionError", "ConfigParserError"),
    ("ParsingError", "ConfigParserError"),
    ("PydanticUserError", "RuntimeError"),
    ("TOMLDecodeError", "ValueError"),
    ("TimeoutExpired", "SubprocessError"),
    ("ValidationError", "ValueError"),
];
