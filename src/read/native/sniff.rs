//! Layer `read`: the mark of a native model, looked for without parsing.

/// Whether the text has a top-level key `tmrs`, as far as a cheap look can tell:
/// at the start of a line, or as a key of the outermost braces.
pub(super) fn is_marked(text: &str) -> bool {
    has_key(text, "tmrs")
}

/// Whether a text without the mark has the sections that every model has.
pub(super) fn looks_like_one(text: &str) -> bool {
    has_key(text, "elements") && has_key(text, "flows")
}

/// Whether the outermost map has a key, as far as a cheap look can tell.
fn has_key(text: &str, key: &str) -> bool {
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
            assert!(is_marked(text), "{text:?}");
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
            assert!(!is_marked(text), "{text:?}");
        }
    }
}
