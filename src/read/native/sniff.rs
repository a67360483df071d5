//! Layer `read`: the mark of a native model, looked for without parsing.

/// Whether the text has a top-level key `tmrs`, as far as a cheap look can tell:
/// at the start of a line, or as a key of the outermost braces.
pub(super) fn is_marked(text: &str) -> bool {
    // Most files are done here.
    if memchr::memmem::find(text.as_bytes(), b"tmrs").is_none() {
        return false;
    }
    let starts_with_brace = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---")
        .is_some_and(|line| line.starts_with('{'));
    if starts_with_brace {
        in_braces(text)
    } else {
        text.split(['\n', '\r']).any(is_key)
    }
}

/// Whether `rest` starts with the key, quoted or not.
fn is_key(rest: &str) -> bool {
    ["tmrs", "\"tmrs\"", "'tmrs'"].iter().any(|key| {
        rest.strip_prefix(key).is_some_and(|after| {
            let after = after.trim_start().strip_prefix(':');
            // In JSON the value may follow at once; plain `tmrs:x` is a text.
            after.is_some_and(|value| {
                key.len() > 4 || value.is_empty() || value.starts_with(char::is_whitespace)
            })
        })
    })
}

/// Whether a key of the outermost map in braces is the mark.
fn in_braces(text: &str) -> bool {
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
            't' | '"' | '\''
                if depth == 1 && follows_separator(text, at) && is_key(&text[at..]) =>
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
