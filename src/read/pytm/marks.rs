//! The mark of a pytm model, looked for without parsing: an import of pytm in any way that
//! Python has, or of a module of the repository that leads to one.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use crate::model::vocabulary::Class;
use crate::source::RepoPath;

/// Words by which a text may import what it names only in a string.
const INDIRECT: [&str; 8] = [
    "importlib",
    "import_module",
    "__import__",
    "exec",
    "eval",
    "builtins",
    "pkgutil",
    "runpy",
];

/// Words by which a text may run another file.
const RUNS: [&str; 3] = ["exec", "eval", "runpy"];

/// So many texts in quotes are looked at as names of files.
const MOST_NAMES: usize = 500;

/// What a first line names that runs Python.
const INTERPRETERS: [&str; 4] = ["python", "pypy", "uv run", "pipx run"];

/// Whether a file is Python by its name or by its first line.
pub(super) fn is_python(path: &RepoPath, text: &str) -> bool {
    match path.extension().map(str::to_ascii_lowercase).as_deref() {
        Some("py" | "pyw") => true,
        Some(_) => false,
        None => {
            let first = text.lines().next().unwrap_or("");
            first.starts_with("#!") && INTERPRETERS.iter().any(|program| first.contains(program))
        }
    }
}

/// Endings of what is nearly Python: an extension of the language, or a template of a file
/// in it. It need not follow Python's grammar.
const NEARLY: [&str; 12] = [
    "ipy", "pxd", "py2", "py3", "pyde", "pyi", "python", "pyt", "pyx", "rpy", "sage", "xsh",
];

/// Whether a file is meant as Python, though not by its last ending.
pub(super) fn is_nearly_python(path: &RepoPath) -> bool {
    let mut endings = path.file_name().split('.').skip(1);
    endings.any(|ending| {
        let ending = ending.to_ascii_lowercase();
        ending == "py" || NEARLY.contains(&ending.as_str())
    })
}

/// Whether a text imports pytm, as far as a cheap look can tell; it rather says so once
/// too often.
pub(super) fn imports_pytm(text: &str) -> bool {
    if words(text, "pytm").any(|at| names_it(text, at)) {
        return true;
    }
    // Python takes names in full width or in mathematical letters for the plain ones.
    if text.is_ascii() {
        return false;
    }
    let plain: String = text.nfkc().collect();
    plain.len() != text.len() && words(&plain, "pytm").any(|at| names_it(&plain, at))
}

/// Whether a notebook imports pytm and builds a model.
pub(super) fn is_notebook_with_model(text: &str) -> bool {
    words(text, "pytm").next().is_some()
        && words(text, "import").next().is_some()
        && words(text, "TM").next().is_some()
}

/// Whether the word at `at` stands where it imports.
fn names_it(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
    if line.trim_start().starts_with('#') {
        return false;
    }
    if is_imported(text, at) {
        return true;
    }
    // `compile` alone imports nothing, but for what it is given as a text.
    may_import_anything(text) || words(text, "compile").next().is_some()
}

/// Whether the word at `at` is what an import names.
fn is_imported(text: &str, at: usize) -> bool {
    let statement = statement_before(&text[..at]);
    statement
        .trim_end_matches(|c: char| c.is_whitespace() || c == '\\')
        .ends_with("from")
        || words(statement, "import").next().is_some()
}

/// Whether a text imports pytm by its name, and not as a neighbour.
pub(super) fn imports_pytm_by_name(text: &str) -> bool {
    words(text, "pytm").any(|at| is_imported(text, at))
}

/// Whether a text imports from the package that it is in.
pub(super) fn imports_neighbours(text: &str) -> bool {
    words_of_imports(text).any(|statement| {
        let of = statement.trim_start().strip_prefix("from");
        of.is_some_and(|of| of.trim_start().starts_with('.'))
    })
}

/// Whether a text asks whether it was started, or is what starts a package.
pub(super) fn may_be_started(text: &str) -> bool {
    words(text, "__main__").next().is_some()
}

/// The statement in front of an offset, as far back as lines are joined: by a bracket that
/// is still open at the offset, or by a backslash.
fn statement_before(before: &str) -> &str {
    let mut end = open_bracket(before).unwrap_or(before.len());
    while let Some(line) = before[..end].rfind(['\n', '\r', ';']) {
        if !before[..line].trim_end_matches('\r').ends_with('\\') {
            return &before[line + 1..];
        }
        end = line;
    }
    before
}

/// Where the bracket stands that is still open at the end, unless that is far back.
fn open_bracket(before: &str) -> Option<usize> {
    const FARTHEST: usize = 4096;
    let mut closed = 0_u32;
    let near = before.bytes().enumerate().rev().take(FARTHEST);
    for (at, byte) in near {
        match byte {
            b')' => closed += 1,
            b'(' if closed == 0 => return Some(at),
            b'(' => closed -= 1,
            _ => {}
        }
    }
    None
}

/// Where a word stands for itself.
fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    memchr::memmem::find_iter(text.as_bytes(), word.as_bytes()).filter(move |at| {
        let before = text
            .get(..*at)
            .and_then(|before| before.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|after| after.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// Whether a text imports one of these modules.
pub(super) fn imports_one_of(text: &str, modules: &BTreeSet<&str>) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    words_of_imports(text)
        .flat_map(|statement| statement.split(move |c| !is_part(c)))
        .any(|word| modules.contains(word))
}

/// The lines on which something is imported, with those that go on from there.
fn words_of_imports(text: &str) -> impl Iterator<Item = &str> {
    memchr::memmem::find_iter(text.as_bytes(), b"import").filter_map(|at| {
        let before = text.get(..at)?;
        let start = at - statement_before(before).len();
        let rest = text.get(at..)?;
        let mut end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        if rest[..end].contains('(') && !rest[..end].contains(')') {
            end = rest.find(')').unwrap_or(rest.len());
        }
        while rest[..end].ends_with('\\') && end < rest.len() {
            let more = rest[end + 1..].find('\n');
            end = more.map_or(rest.len(), |more| end + 1 + more);
        }
        text.get(start..at + end)
    })
}

/// Whether a text may import what only running it tells: by a name that it puts together.
pub(super) fn may_import_anything(text: &str) -> bool {
    INDIRECT
        .iter()
        .any(|word| words(text, word).next().is_some())
}

/// Whether a text may name what it does not spell.
pub(super) fn may_put_names_together(text: &str) -> bool {
    const WORDS: [&str; 6] = [
        "__dict__",
        "__getattribute__",
        "getattr",
        "globals",
        "locals",
        "vars",
    ];
    let mut together = WORDS.iter();
    may_import_anything(text) || together.any(|word| words(text, word).next().is_some())
}

/// Whether a text names what models are made of beside `TM`.
pub(super) fn names_a_part(text: &str) -> bool {
    let classes = Class::ALL.iter().filter(|class| class.is_element());
    classes
        .map(|class| class.name())
        .filter(|name| !["Element", "Asset"].contains(name))
        .any(|name| words(text, name).next().is_some())
}

/// The texts in quotes of a text that may run another file: one of them may be its name.
pub(super) fn files_that_it_may_run(text: &str) -> impl Iterator<Item = &str> {
    let runs = RUNS.iter().any(|word| words(text, word).next().is_some());
    let lines = text.lines().filter(move |_| runs);
    let quoted = lines.flat_map(|line| line.split(['"', '\'']).skip(1).step_by(2));
    quoted.filter(|name| !name.is_empty()).take(MOST_NAMES)
}

/// Whether a text names `TM`, with which every model begins.
pub(super) fn names_tm(text: &str) -> bool {
    words(text, "TM").next().is_some()
}

/// The name by which other modules import a file.
pub(super) fn module_name(path: &RepoPath) -> Option<&str> {
    match path.file_name().strip_suffix(".py")? {
        "__init__" => path.as_str().rsplit('/').nth(1),
        name => Some(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_import_is_seen() {
        for text in [
            "import pytm",
            "from pytm import TM",
            "import os, pytm",
            "import os; import pytm",
            "if True: from pytm import TM",
            "if x: import pytm as p",
            "try: import pytm\nexcept ImportError: pass",
            "from \\\n    pytm import TM",
            "from\\\npytm\\\nimport TM",
            "import \\\r\n  pytm",
            "from pytm.pytm import (\n    TM,\n)",
            "from common import (\n    a,\n    pytm,\n)",
            "x = 1; from pytm import *",
            "s = '#'; import pytm",
            "import importlib\np = importlib.import_module('pytm')",
            "p = __import__(\"pytm\")",
            "exec('from pytm import *')",
            "from ｐｙｔｍ import TM",
            "\timport\tpytm",
            "class A:\n    import pytm",
            "with x: import pytm",
        ] {
            assert!(imports_pytm(text), "{text:?}");
        }
        for text in [
            "",
            "# import pytm",
            "import pytmx",
            "import my_pytm",
            "x = 'pytm is a tool'",
            "# from pytm import TM\nimport os\n",
        ] {
            assert!(!imports_pytm(text), "{text:?}");
        }
    }

    #[test]
    fn modules_that_lead_to_pytm_are_found_in_every_import() {
        let modules = BTreeSet::from(["common"]);
        for text in [
            "from common import *",
            "import common",
            "if x: import a.common as c",
            "from . import (\n  b,\n  common,\n)",
            "from .common \\\n import x",
            "import_module('common')",
        ] {
            assert!(imports_one_of(text, &modules), "{text:?}");
        }
        assert!(!imports_one_of("import uncommon\ncommon = 1", &modules));
    }
}
