//! Layer `read`: the mark of a native model, looked for without parsing.

use crate::source::{RepoPath, Source};
use crate::syntax;

/// Whether the text has a top-level key `tmrs`. A cheap look finds it at the start of a line
/// and in the outermost braces; where it may be written in another way (escaped, tagged,
/// anchored, merged, indented), the text is parsed.
pub(super) fn is_marked(path: &RepoPath, text: &str) -> bool {
    if has_key(text, "tmrs") {
        return true;
    }
    if !may_hide_the_key(text) {
        return false;
    }
    let document = syntax::parse(&Source::new(path.clone(), text));
    match &document.root {
        Some(root) => root.get("tmrs").is_some(),
        None => text.split(['\n', '\r']).any(is_key_in_disguise),
    }
}

/// Endings of what is nearly YAML or JSON: an extension of it, or a template of a file in it.
const NEARLY: [&str; 18] = [
    "dist",
    "erb",
    "example",
    "hbs",
    "hjson",
    "in",
    "j2",
    "jinja",
    "jinja2",
    "json5",
    "jsonc",
    "mustache",
    "sample",
    "template",
    "tmpl",
    "tmrs",
    "tpl",
    "yaml-tmpl",
];

/// Whether the text of a file with another name has the key: at a look where it need not
/// follow the grammar; else its value has to be a version, for many files have such a line.
pub(super) fn is_marked_elsewhere(path: &RepoPath, text: &str) -> bool {
    let mut endings = path.file_name().split('.').skip(1);
    let is_near = endings.any(|ending| {
        let ending = ending.to_ascii_lowercase();
        ["yaml", "yml", "json"].contains(&ending.as_str()) || NEARLY.contains(&ending.as_str())
    });
    if is_near {
        return is_marked(path, text);
    }
    if memchr::memmem::find(text.as_bytes(), b"tmrs").is_none() {
        return false;
    }
    let document = syntax::parse(&Source::new(path.clone(), text));
    let version = document.root.as_ref().and_then(|root| root.get("tmrs"));
    version.is_some_and(|version| version.as_int().is_some())
}

/// Whether a file may hold JSON: by its name, or, as on standard input, because it begins so.
pub(in crate::read) fn may_be_json(path: &RepoPath, text: &str) -> bool {
    let ending = path.extension().unwrap_or("").to_ascii_lowercase();
    match ending.as_str() {
        "json" => true,
        "yaml" | "yml" => text.trim_start().starts_with('{'),
        _ => false,
    }
}

/// Whether the key may stand in the text in a way that a cheap look does not see.
fn may_hide_the_key(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut plain = memchr::memmem::find_iter(bytes, b"tmrs");
    let is_key = |at: usize| {
        let after = text.get(at + 4..).unwrap_or("");
        let after = after.strip_prefix(['"', '\'']).unwrap_or(after);
        after.trim_start().starts_with([':', '#'])
    };
    // `? key` and `*alias` can stand far from the colon.
    let stands_apart = || text.contains("? ") || text.contains('*') || text.contains("?\n");
    if plain.any(|at| is_key(at) || stands_apart()) {
        return true;
    }
    memchr::memchr_iter(b'\\', bytes).any(|at| escapes_a_letter(&bytes[at + 1..]))
}

/// Whether what follows a backslash stands for a letter of the key, or goes on on the next line.
fn escapes_a_letter(rest: &[u8]) -> bool {
    let digits = match rest {
        [b'\n' | b'\r', ..] => return true,
        [b'x', digits @ ..] | [b'u', b'0', b'0', digits @ ..] => digits,
        [b'U', b'0', b'0', b'0', b'0', b'0', b'0', digits @ ..] => digits,
        _ => return false,
    };
    let letters: [&[u8]; 4] = [b"74", b"6d", b"72", b"73"];
    digits
        .get(..2)
        .is_some_and(|digits| letters.iter().any(|it| it.eq_ignore_ascii_case(digits)))
}

/// Whether a line of a text that breaks the grammar begins with the key behind a tag, an
/// anchor, a bracket or a question mark, or escaped.
fn is_key_in_disguise(line: &str) -> bool {
    let mut rest = line.trim_start_matches(['?', '{', ' ']);
    while rest.starts_with(['!', '&']) {
        let Some((_, after)) = rest.split_once(' ') else {
            return false;
        };
        rest = after.trim_start();
    }
    !line.starts_with(' ')
        && (is_key(rest, "tmrs") || rest.contains("\\u00") || rest.contains("\\x"))
}

/// Whether a text without the mark has the sections that every model has.
pub(super) fn looks_like_one(text: &str) -> bool {
    has_key(text, "elements") && has_key(text, "flows")
}

/// Whether the outermost map has a key, as far as a cheap look can tell.
pub(in crate::read) fn has_key(text: &str, key: &str) -> bool {
    // Most files are done here.
    if memchr::memmem::find(text.as_bytes(), key.as_bytes()).is_none() {
        return false;
    }
    let starts_with_brace = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---")
        .is_some_and(|line| line.starts_with('{'));
    if starts_with_brace {
        in_braces(text, key)
    } else {
        text.split(['\n', '\r']).any(|line| is_key(line, key))
    }
}

/// Whether `rest` starts with the key, quoted or not.
fn is_key(rest: &str, key: &str) -> bool {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let inner = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
    let after = inner.strip_prefix(key).and_then(|after| match quote {
        Some(quote) => after.strip_prefix(quote),
        None => Some(after),
    });
    let value = after.and_then(|after| after.trim_start().strip_prefix(':'));
    // In JSON the value may follow at once; plain `tmrs:x` is a text.
    value.is_some_and(|value| {
        quote.is_some() || value.is_empty() || value.starts_with(char::is_whitespace)
    })
}

/// Whether the outermost map in braces has the key.
fn in_braces(text: &str, key: &str) -> bool {
    let first = key.chars().next();
    let mut depth = 0_usize;
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if let Some(open) = quote {
            match c {
                _ if escaped => escaped = false,
                '\\' if open == '"' => escaped = true,
                c if c == open => quote = None,
                _ => {}
            }
            continue;
        }
        match c {
            c if depth == 1
                && (Some(c) == first || matches!(c, '"' | '\''))
                && follows_separator(text, at)
                && is_key(&text[at..], key) =>
            {
                return true;
            }
            '"' | '\'' => quote = Some(c),
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

fn follows_separator(text: &str, at: usize) -> bool {
    text[..at].trim_end().ends_with(['{', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bears(text: &str) -> bool {
        is_marked(&RepoPath::new("m.yaml").unwrap(), text)
    }

    #[test]
    fn the_key_is_found_however_it_is_written() {
        for text in [
            "\"\\u0074mrs\": 1\nname: x\n",
            "\"\\x74m\\x72s\": 1\n",
            "{\"\\u0074\\u006D\\u0072\\u0073\": 1}",
            "!!str tmrs: 1\n",
            "&a tmrs: 1\n",
            "  tmrs: 1\n  name: x\n",
            "? tmrs\n: 1\n",
            "x: &x {tmrs: 1}\n<<: *x\n",
            "x: &k tmrs\n*k : 1\n",
            "# why\n%YAML 1.2\n---\ntmrs: 1\n",
            "--- {name: x, tmrs: 1}\n",
            "---\n!!map {\"name\": x, 'tmrs': 1}\n",
        ] {
            assert!(bears(text), "{text:?}");
        }
        for text in [
            "a: \"\\u0074mrs\"\n",
            "jobs:\n  tmrs: {runs-on: x}\n",
            "a: ['*', tmrs]\n",
            "a: &x {tmrs: 1}\nb: *x\n",
        ] {
            assert!(!bears(text), "{text:?}");
        }
    }

    #[test]
    fn the_mark_is_a_top_level_key() {
        let marked = [
            "tmrs: 1\nname: x",
            "# why\n---\nname: x\r\ntmrs: 1\r\n",
            "'tmrs': 1",
            "{\"name\": \"{,\\\"\", \"tmrs\":1}",
            "\n{\n  \"elements\": {\"tmrs\": {}},\n  \"tmrs\" : 1}",
            "{tmrs: 1}",
        ];
        for text in marked {
            assert!(bears(text), "{text:?}");
        }
        let unmarked = [
            "",
            "name: tmrs",
            "a:\n  tmrs: 1",
            "tmrs-version: 1",
            "tmrs",
            "# tmrs: 1",
            "{\"a\": {\"tmrs\": 1}}",
            "{\"a\": \"tmrs\"}",
            "[{\"tmrs\": 1}]",
            "{\"a\": \"{\\\"tmrs\\\": 1}\"}",
        ];
        for text in unmarked {
            assert!(!bears(text), "{text:?}");
        }
    }
}
