//! Which names modules of the standard library have, where models use them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Public names of modules as Python 3.11 has them, a line each.
static NAMES: LazyLock<BTreeMap<&str, BTreeSet<&str>>> = LazyLock::new(|| {
    let lines = include_str!("library_names.txt").lines();
    lines
        .filter_map(|line| line.split_once(": "))
        .map(|(module, names)| (module, names.split(' ').collect()))
        .collect()
});

/// Packages among them, with their modules.
const PACKAGES: &[(&str, &str)] = &[
    ("collections", "abc"),
    ("html", "entities parser"),
    (
        "importlib",
        "abc machinery metadata readers resources simple util",
    ),
    ("json", "decoder encoder scanner tool"),
    ("logging", "config handlers"),
    ("os", "path"),
    ("urllib", "error parse request response robotparser"),
];

/// Whether a module has a name; nothing where that is not known.
pub(super) fn has(module: &str, name: &str) -> Option<bool> {
    let names = NAMES.get(module)?;
    if name.starts_with('_') {
        return None;
    }
    Some(names.contains(name))
}

/// Whether a name is that of a module of the standard library.
pub(super) fn is_of_python(top: &str) -> bool {
    NAMES.contains_key(top) || PACKAGES.iter().any(|(known, _)| *known == top)
}

/// Whether a dotted name is certainly no module of the standard library.
pub(super) fn lacks_module(dotted: &str) -> bool {
    let Some((package, inner)) = dotted.split_once('.') else {
        return false;
    };
    if let Some((_, modules)) = PACKAGES.iter().find(|(known, _)| *known == package) {
        let first = inner.split('.').next().unwrap_or(inner);
        return modules.split(' ').all(|module| module != first)
            || inner.contains('.') && !matches!(first, "metadata" | "resources");
    }
    NAMES.contains_key(package) && !matches!(package, "asyncio" | "zoneinfo")
}
