//! The names that Python itself has.

use super::exceptions;
use super::value::V;
use super::value::function::Builtin;

const FUNCTIONS: &[&str] = &[
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "breakpoint",
    "callable",
    "chr",
    "compile",
    "copyright",
    "credits",
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
    "help",
    "hex",
    "id",
    "input",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "license",
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
    "__build_class__",
    "__import__",
];

const TYPES: &[&str] = &[
    "bool",
    "bytearray",
    "bytes",
    "classmethod",
    "complex",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "memoryview",
    "object",
    "property",
    "set",
    "slice",
    "staticmethod",
    "str",
    "super",
    "tuple",
    "type",
];

/// A built-in by its name.
pub(super) fn named<'a>(name: &str) -> Option<V<'a>> {
    if let Some(name) = FUNCTIONS.iter().find(|known| **known == name) {
        return Some(V::Builtin(Builtin { name }));
    }
    if let Some(name) = TYPES.iter().find(|known| **known == name) {
        return Some(V::Type(name));
    }
    match name {
        "NotImplemented" => return Some(V::NotImplemented),
        "Ellipsis" => return Some(V::Ellipsis),
        "__debug__" => return Some(V::Bool(true)),
        _ => {}
    }
    exceptions::named(name).map(|name| V::ExceptionClass(name.into()))
}
