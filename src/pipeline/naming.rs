//! Which files a text may name.

use crate::source::{RepoPath, Source};

/// Whether a text may name a file: a module or package of Python by an import of
/// its word, everything else by its file name.
pub fn may_name(text: &str, path: &RepoPath) -> bool {
    let name = path.file_name();
    if memchr::memmem::find(text.as_bytes(), name.as_bytes()).is_some() {
        return true;
    }
    let word = match name.strip_suffix(".py") {
        Some("__init__") => path.as_str().rsplit('/').nth(1).unwrap_or(name),
        Some(module) => module,
        None => return false,
    };
    is_imported(text, word)
}

/// Whether a model in tmrs's own format may include a part: its text has the part's file name,
/// and the name of its folder unless that is around the model's own.
pub fn may_include(model: &Source, part: &RepoPath) -> bool {
    let has = |name: &str| memchr::memmem::find(model.text().as_bytes(), name.as_bytes()).is_some();
    let folder = part.folder();
    has(part.file_name()) && (model.path().is_below(&folder) || has(folder.file_name()))
}

/// Whether a word stands in a statement that imports. Statements go on over lines
/// that end with a backslash or stand in brackets.
fn is_imported(text: &str, word: &str) -> bool {
    let bytes = text.as_bytes();
    let is_part = |at: usize| {
        let byte = bytes.get(at);
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 128)
    };
    let mut found = memchr::memmem::find_iter(bytes, word.as_bytes());
    found.any(|at| {
        let alone = (at == 0 || !is_part(at - 1)) && !is_part(at + word.len());
        alone && imports_around(text, at)
    })
}

/// Whether the statement around an offset imports: `import` stands on its line, on
/// one that a backslash joins to it, or before the brackets that are open there.
fn imports_around(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let line = &text[start..end];
    let joined = |line: &str| line.trim_end().ends_with('\\');
    if line.contains("import") || joined(line) || joined(text[..start].trim_end_matches('\n')) {
        return true;
    }
    let Some(import) = text[..start].rfind("import") else {
        return false;
    };
    let since = text[import + "import".len()..start].trim_start();
    let code = |line: &str| line.split('#').next().unwrap_or("").contains(')');
    since.starts_with('(') && !since.lines().any(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_may_be_named_from_where_the_whole_lies() {
        let path = |path: &str| RepoPath::new(path).unwrap();
        let cases = [
            (
                "shop.yaml",
                "orders: svc/orders/model.yaml",
                "svc/orders/model.yaml",
                true,
            ),
            (
                "shop.yaml",
                "orders: svc/./orders/./model.yaml",
                "svc/orders/model.yaml",
                true,
            ),
            (
                "shop.yaml",
                "bills: svc/billing/model.yaml",
                "svc/orders/model.yaml",
                false,
            ),
            ("svc/shop.yaml", "orders: ../model.yaml", "model.yaml", true),
            (
                "svc/shop.yaml",
                "orders: model.yaml",
                "svc/model.yaml",
                true,
            ),
            (
                "svc/shop.yaml",
                "orders: ../web/model.yaml",
                "web/model.yaml",
                true,
            ),
            (
                "svc/shop.yaml",
                "orders: orders.yaml",
                "web/model.yaml",
                false,
            ),
        ];
        for (whole, text, part, expected) in cases {
            let source = Source::new(path(whole), text);
            assert_eq!(
                may_include(&source, &path(part)),
                expected,
                "{part} in {text}"
            );
        }
    }

    #[test]
    fn who_may_name_a_file_is_told_by_imports_and_file_names() {
        let path = |path: &str| RepoPath::new(path).unwrap();
        let cases = [
            ("import tm\n", "a/tm.py", true),
            ("import a.tm as x\n", "a/tm.py", true),
            ("from a import (\n    b,\n    tm,\n)\n", "a/tm.py", true),
            ("from a import b, \\\n    tm\n", "a/tm.py", true),
            ("from tm \\\n    import web\n", "a/tm.py", true),
            ("from .tm import web\n", "a/tm.py", true),
            (
                "from pytm import TM\ntm = TM('x')\ntm.process()\n",
                "a/tm.py",
                false,
            ),
            ("from pytm import TM\n\ntm = TM('x')\n", "a/tm.py", false),
            ("import tmx\n", "a/tm.py", false),
            ("from a import web\n", "a/__init__.py", true),
            ("threatsFile: own.json\n", "x/own.json", true),
            ("threatsFile = 'own.py'\n", "x/own.py", true),
            ("name: own\n", "x/own.json", false),
            ("", "x/own.json", false),
        ];
        for (text, named, expected) in cases {
            assert_eq!(
                may_name(text, &path(named)),
                expected,
                "{named} in {text:?}"
            );
        }
    }
}
