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
