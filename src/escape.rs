//! Layer `escape`: one function an output language. Every text that comes from
//! a model, rule, configuration or report leaves through one of these.

mod runner;

use std::borrow::Cow;
use std::fmt::Write as _;

pub use runner::unobeyed;

/// Characters that change how a line reads without being seen: controls,
/// bidirectional overrides, zero-width and other format characters.
fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a text has hidden characters; only what is not of ASCII is looked at as characters.
fn has_hidden(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_odd = |byte: &u8| !byte.is_ascii() || byte.is_ascii_control();
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(is_odd) {
        at += next;
        match text[at..].chars().next() {
            Some(c) if is_hidden(c) => return true,
            Some(c) => at += c.len_utf8(),
            None => return false,
        }
    }
    false
}

/// Text for one line of a terminal: what cannot be seen is written as `\u{…}`,
/// so that no escape sequence or reordering reaches the terminal, and so is what
/// a CI runner would obey in its log.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if runner::is_suspicious(text) {
        written(text, runner::obeyed)
    } else {
        seen(text)
    }
}

/// Text on one line with everything in it seen, for languages that say in another
/// way what [`terminal`] says to runners.
fn seen(text: &str) -> Cow<'_, str> {
    written(text, |_, _| false)
}

/// Text with what cannot be seen, and the characters that are `also` to be, as `\u{…}`.
fn written(text: &str, also: impl Fn(&str, usize) -> bool) -> Cow<'_, str> {
    let is_plain = |(at, c): (usize, char)| !is_hidden(c) && !also(text, at);
    if text.char_indices().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_plain((at, c)) => out.push(c),
            c => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
        }
    }
    Cow::Owned(out)
}

/// Text of several lines for a terminal: line ends stay, the rest as [`terminal`].
pub fn terminal_lines(text: &str) -> String {
    text.lines().map(terminal).collect::<Vec<_>>().join("\n")
}

/// Whether people are shown a text as it is: it hides nothing, and breaks lines and indents
/// only as files do.
pub fn is_shown_as_it_is(text: &str) -> bool {
    let whole = text.replace("\r\n", "\n").replace('\t', " ");
    let mut lines = whole.split('\n');
    lines.all(|line| matches!(terminal(line), Cow::Borrowed(_)) || terminal(line) == line)
}

/// Text shortened to at most `most` characters, the last one an ellipsis.
pub fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    if text.chars().count() <= most {
        return Cow::Borrowed(text);
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.push('…');
    Cow::Owned(out)
}

/// A source text for a snippet on a terminal, of the same length in bytes: what
/// cannot be seen is replaced, line ends become `\n` (a lone `\r` ends a line,
/// one before `\n` becomes a blank).
pub fn snippet(text: &str) -> Cow<'_, str> {
    let is_plain = |(at, c): (usize, char)| {
        (!is_hidden(c) || c == '\n' || c == '\t') && !runner::marks(text, at)
    };
    if text.char_indices().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if text[at..].starts_with("\r\n") => out.push(' '),
            '#' if runner::marks(text, at) => out.push('?'),
            '\r' => out.push('\n'),
            c if is_hidden(c) => out.push_str(match c.len_utf8() {
                1 => "?",
                2 => "¿",
                3 => "\u{FFFD}",
                _ => "?\u{FFFD}",
            }),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The message of a workflow command (`::error …::MESSAGE`): one line, and no
/// character by which a second command could begin.
pub fn workflow_data(text: &str) -> String {
    terminal_lines(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a workflow command (`file=…`, `title=…`).
pub fn workflow_property(text: &str) -> String {
    workflow_data(&terminal(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

/// Text for a label of a drawing: white space stays for the caller to lay out,
/// what cannot be seen is left out, so that no reordering or control reaches a
/// renderer.
pub fn visible(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_whitespace() || !is_hidden(*c))
        .filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
        .map(|c| if is_hidden(c) && c != '\n' { ' ' } else { c })
        .collect()
}

/// Text inside a quoted string of Graphviz's DOT, on one line.
pub fn dot(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let text = visible(text);
    for (at, c) in text.char_indices() {
        match c {
            '#' if runner::marks(&text, at) => out.push_str("&#35;"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // Graphviz reads HTML's entities in quoted strings too.
            '&' => out.push_str("&amp;"),
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Text inside an HTML-like label of Graphviz's DOT, on one line. Old versions
/// stumble over a bracket alone between two tags.
pub fn dot_label(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' | '[' | ']' | '\\' => {
                let _ = write!(out, "&#{};", c as u32);
            }
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Text inside a quoted label or a message of Mermaid, on one line: every ASCII
/// character that means something to Mermaid, Markdown, HTML or TeX there is
/// written by its number, and so is the word `end`, which Mermaid reads as a
/// keyword.
pub fn mermaid(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let text = visible(text).replace('\n', " ");
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let is_keyword = word.eq_ignore_ascii_case("end");
        for (at, c) in word.char_indices() {
            let is_plain = !c.is_ascii()
                || c.is_ascii_alphanumeric()
                || matches!(c, ',' | '/' | '?' | '\'')
                || (at > 0 && matches!(c, ')' | '-'))
                || (at == 0 && c == '(');
            if is_plain && !(is_keyword && at == 0) {
                out.push(c);
            } else if c == '$' {
                // Two dollars begin a formula even when they are written by number.
                out.push_str("#36;\u{2060}");
            } else {
                let _ = write!(out, "#{};", c as u32);
            }
        }
    }
    out
}

/// Text of a PlantUML label or message, on one line: every ASCII character that
/// means something to its Creole, preprocessor or grammar is written by its number.
pub fn plantuml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in visible(text).chars() {
        match c {
            '\n' => out.push(' '),
            c if !c.is_ascii()
                || c.is_ascii_alphanumeric()
                || matches!(c, ' ' | ',' | '.' | '(' | ')' | '?') =>
            {
                out.push(c);
            }
            c => {
                let _ = write!(out, "<U+{:04X}>", c as u32);
            }
        }
    }
    out
}

/// Text for a line or table cell of GitHub-flavoured Markdown that is rendered
/// as it is written: no markup, no HTML, no link, no `@mention`, no `#reference`.
pub fn markdown(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    if memchr::memchr3(b'\n', b'\r', b'\t', text.as_bytes()).is_some() {
        text = Cow::Owned(text.replace(['\n', '\r', '\t'], " "));
    }
    let text = seen(text.trim());
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = ' ';
    // Nothing but digits so far: what follows could make it a list or heading.
    let mut leads = true;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, c)| *c);
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' => out.push_str("&#124;"),
            '\\' => out.push_str("&#92;"),
            // Inside a word an underscore marks nothing.
            '_' if before.is_alphanumeric() && next.is_alphanumeric() => out.push('_'),
            '*' | '_' | '`' | '~' | '[' | ']' | '$' => out.extend(['\\', c]),
            // Mentions and references are found after rendering: only a character between helps.
            '@' => out.push_str("@&#8203;"),
            '#' if leads || next.is_ascii_digit() => out.push_str("\\#&#8203;"),
            // Links of their own accord: `https://…`, `www.…`.
            ':' if next == '/' || runner::leads(&text, at) => out.push_str("&#58;"),
            '.' if before == 'w' || before == 'W' => out.push_str("&#46;"),
            '-' if next.is_ascii_digit() && names_github(&text[..at]) => out.push_str("-&#8203;"),
            // Lists, headings and rules begin a line.
            '-' | '+' | '=' if out.is_empty() => out.extend(['\\', c]),
            '.' | ')' if leads && next == ' ' => out.extend(['\\', c]),
            c => out.push(c),
        }
        leads &= c.is_ascii_digit();
        before = c;
    }
    out
}

/// Whether a text ends with `GH`, which with a number after a hyphen is a reference.
fn names_github(text: &str) -> bool {
    let mut last = text.chars().rev();
    let [h, g] = [last.next(), last.next()];
    matches!((g, h), (Some('G' | 'g'), Some('H' | 'h')))
        && last.next().is_none_or(|c| !c.is_alphanumeric())
}

/// Prose as [`markdown`], but for names in backticks, which are shown as code.
pub fn markdown_prose(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-:,()=\"'/ ".contains(c);
    let parts: Vec<&str> = text.split('`').collect();
    let is_code = |part: &str| !part.trim().is_empty() && part.chars().all(plain);
    let paired = parts.len() % 2 == 1;
    if !paired || !parts.iter().skip(1).step_by(2).all(|part| is_code(part)) {
        return markdown(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, part) in parts.iter().enumerate() {
        if at % 2 == 1 {
            out.push_str(&markdown_code(part));
        } else {
            // What surrounds code keeps its blanks.
            let blank = |text: &str| text.chars().next().is_some_and(char::is_whitespace);
            let ends = part.chars().next_back().is_some_and(char::is_whitespace);
            if at > 0 && blank(part) {
                out.push(' ');
            }
            out.push_str(&markdown(part));
            if ends && !part.trim().is_empty() && at + 1 < parts.len() {
                out.push(' ');
            }
        }
    }
    out
}

/// A name or expression as Markdown code, in a line or a table cell.
pub fn markdown_code(text: &str) -> String {
    let shown = seen(text);
    let shown = shown.trim();
    let marks = |(at, _)| runner::marks(shown, at);
    if shown.is_empty() || shown.contains(['`', '|', '\\']) || shown.char_indices().any(marks) {
        return markdown(text);
    }
    format!("`{shown}`")
}

/// The pieces of a JSON string, for a writer that escapes what JSON requires: what cannot
/// be seen, and what a runner would obey, by its number.
pub fn json(text: &str) -> Cow<'_, str> {
    // Most texts are plain: the writer itself escapes the controls of ASCII but one. Keys and
    // words are short, so that a search costs more than looking at each byte.
    let bytes = text.as_bytes();
    let is_plain = if bytes.len() < 24 {
        bytes.iter().all(|byte| *byte < 0x7f && *byte != b'#')
    } else {
        text.is_ascii() && memchr::memchr2(b'#', 0x7f, bytes).is_none()
    };
    if is_plain || (!text.contains("##") && !has_hidden(text)) {
        return Cow::Borrowed(text);
    }
    let is_plain = |(at, c): (usize, char)| !is_hidden(c) && !runner::marks(text, at);
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        if is_plain((at, c)) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    Cow::Owned(out)
}

/// Text between the tags or inside a quoted attribute of HTML. Line ends stay.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let text: Vec<_> = text.lines().map(seen).collect();
    let text = text.join("\n");
    for (at, c) in text.char_indices() {
        match c {
            '#' if runner::marks(&text, at) => out.push_str("&#35;"),
            ':' if runner::leads(&text, at) => out.push_str("&#58;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Text for an XML writer, which itself escapes markup: what XML 1.0 forbids even
/// as a reference is among what cannot be seen, and is written as `\u{…}`.
pub fn xml(text: &str) -> String {
    terminal_lines(text)
}

/// A cell of a table that a spreadsheet may open: nothing that it would compute.
pub fn csv(text: &str) -> Cow<'_, str> {
    let shown = terminal(text);
    // Spreadsheets skip blanks before they look for a formula.
    if shown.trim_start().starts_with(['=', '+', '-', '@', '\'']) {
        return Cow::Owned(format!("'{shown}"));
    }
    shown
}

/// A link's target: only `http` and `https`, percent-encoded where a reader
/// could be misled or a quotation ended.
pub fn url(text: &str) -> Option<String> {
    let (scheme, rest) = text.trim().split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") || rest.is_empty() {
        return None;
    }
    Some(format!(
        "{scheme}://{}",
        percent(rest, |b| b"-._~/?#:@!$&+,;=%".contains(&b))
    ))
}

/// A path with forward slashes as a relative URI reference.
pub fn uri_path(path: &str) -> String {
    percent(path, |b| b"-._~/".contains(&b))
}

/// Percent-encodes every byte that is no letter, no digit and not in `keep`.
fn percent(text: &str, keep: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || keep(byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests;
