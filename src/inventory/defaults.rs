//! Layer `inventory`: values with variables of the shell in them.

/// A value with the defaults of its variables: `${DB:-postgres://db}` → `postgres://db`.
/// Variables without one are left out: what they hold nobody here knows.
pub(super) fn with_defaults(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find("${") {
        out.push_str(&rest[..at]);
        let inner = &rest[at + 2..];
        let Some(end) = closing(inner) else {
            return out;
        };
        let (variable, after) = (&inner[..end], &inner[end + 1..]);
        let name_end = variable.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let default = name_end.map_or("", |at| &variable[at..]);
        let default = default.strip_prefix(':').unwrap_or(default);
        // Variables within a default are rare; what they hold is left out too.
        out.push_str(
            default
                .strip_prefix('-')
                .map_or("", |default| default.split("${").next().unwrap_or_default()),
        );
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The brace that closes what was opened before the text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}
