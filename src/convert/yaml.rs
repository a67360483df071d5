//! Layer `convert`: trees as YAML text.

use serde_json::Value as Json;

/// Words that YAML, or a reader of an older version of it, takes for something else than text.
const RESERVED: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// The text, with a line break at its end.
pub(super) fn text(tree: &Json) -> String {
    let mut out = String::new();
    match tree {
        Json::Object(entries) => entries
            .iter()
            .for_each(|(key, value)| entry(key, value, 0, &mut out)),
        other => {
            out.push_str(&inline(other));
            out.push('\n');
        }
    }
    out
}

/// One entry of a map, on lines of its own.
fn entry(key: &str, value: &Json, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    out.push_str(&indent);
    out.push_str(&scalar(key));
    out.push(':');
    block(value, depth + 1, out);
}

/// A value behind its key or dash.
fn block(value: &Json, depth: usize, out: &mut String) {
    match value {
        Json::Object(entries) if !entries.is_empty() => {
            out.push('\n');
            for (key, value) in entries {
                entry(key, value, depth, out);
            }
        }
        Json::Array(items) if items.iter().any(is_nested) => {
            out.push('\n');
            for item in items {
                out.push_str(&"  ".repeat(depth));
                out.push('-');
                in_list(item, depth + 1, out);
            }
        }
        other => {
            out.push(' ');
            out.push_str(&inline(other));
            out.push('\n');
        }
    }
}

/// An item of a list: the first entry of a map stands on the line of the dash.
fn in_list(item: &Json, depth: usize, out: &mut String) {
    match item {
        Json::Object(entries) if !entries.is_empty() => {
            let mut own = String::new();
            for (key, value) in entries {
                entry(key, value, depth, &mut own);
            }
            out.push(' ');
            out.push_str(own.trim_start());
        }
        other => block(other, depth, out),
    }
}

fn is_nested(value: &Json) -> bool {
    matches!(value, Json::Object(_) | Json::Array(_))
}

/// A value on one line.
fn inline(value: &Json) -> String {
    match value {
        Json::String(text) => scalar(text),
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let key = scalar(key);
                format!("{key}: {}", inline(value))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// A text, in quotes where it could be taken for something else.
pub(crate) fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " _-./()+".contains(c))
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str());
    if is_plain {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// In double quotes, which YAML and JSON read alike; what YAML takes for a line break is
/// escaped.
fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap_or_default();
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_that_mean_something_else_are_quoted() {
        for (said, written) in [
            ("Web shop", "Web shop"),
            ("no", "\"no\""),
            ("1.5", "\"1.5\""),
            ("a: b", "\"a: b\""),
            ("", "\"\""),
            ("a ", "\"a \""),
            ("x\u{85}y", "\"x\\u0085y\""),
        ] {
            assert_eq!(scalar(said), written);
        }
    }

    #[test]
    fn lists_of_maps_have_a_line_for_each_entry() {
        let tree = json!({"a": [{"b": 1, "c": [1, 2]}, "d"], "e": {}});
        assert_eq!(text(&tree), "a:\n  - b: 1\n    c: [1, 2]\n  - d\ne: {}\n");
    }
}
