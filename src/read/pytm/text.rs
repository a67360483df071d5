//! Methods of text.

use super::function::Args;
use super::interpreter::{Interpreter, MAX_SIZE, R};
use super::value::{At, V};

/// The names of all methods here, for `hasattr`.
pub(super) const METHODS: &[&str] = &[
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

impl<'a> Interpreter<'a> {
    pub(super) fn text_method(&mut self, text: &str, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        if let Some(unread) = args.unread()
            && name != "format"
        {
            return Ok(V::Unread(unread));
        }
        match name {
            "format" => return self.format_method(text, args),
            "format_map" => {
                let mut named = Args::none(at);
                if let Some(V::Dict(dict)) = args.get(0) {
                    for entry in dict.borrow().iter() {
                        if let Some(key) = entry.key.as_str() {
                            named.keywords.push((key.into(), entry.value.clone(), at));
                        }
                    }
                }
                return self.format_method(text, &named);
            }
            "join" => return self.join(text, args),
            "startswith" | "endswith" => return self.starts_or_ends(text, name, args),
            "split" | "rsplit" => return self.split(text, name, args),
            "encode" => return Ok(V::Bytes(text.as_bytes().into())),
            "find" | "index" | "rfind" | "rindex" => return self.find(text, name, args),
            _ => {}
        }
        let first = args.get(0).and_then(V::as_str);
        if let Some(value) = cased(text, name) {
            return self.sized(value, at);
        }
        if let Some(answer) = question(text, name) {
            return Ok(V::Bool(answer));
        }
        let value = match name {
            "strip" | "lstrip" | "rstrip" => V::str(stripped(text, name, first)),
            "removeprefix" => V::str(text.strip_prefix(first.unwrap_or("")).unwrap_or(text)),
            "removesuffix" => V::str(text.strip_suffix(first.unwrap_or("")).unwrap_or(text)),
            "replace" => {
                let (Some(from), Some(to)) = (first, args.get(1).and_then(V::as_str)) else {
                    return self.raise("TypeError", "replace() wants two texts", at);
                };
                let times = match args.either(2, "count").and_then(V::as_int) {
                    Some(times) if times >= 0 => times as usize,
                    _ => usize::MAX,
                };
                let most = text.len() + (text.len() + 1).saturating_mul(to.len());
                if most > MAX_SIZE * 8 {
                    return Ok(self.too_large(at, "This text"));
                }
                V::str(text.replacen(from, to, times))
            }
            "count" => match first {
                Some(part) => V::Int(text.matches(part).count() as i64),
                None => return self.raise("TypeError", "count() wants a text", at),
            },
            "partition" | "rpartition" => match first {
                Some(part) => partition(text, part, name == "rpartition"),
                None => return self.raise("TypeError", "partition() wants a text", at),
            },
            "splitlines" => {
                let keep = args
                    .either(0, "keepends")
                    .is_some_and(|v| matches!(v, V::Bool(true)));
                V::list(
                    text.split_inclusive('\n')
                        .map(|line| {
                            V::str(if keep {
                                line
                            } else {
                                line.trim_end_matches('\n').trim_end_matches('\r')
                            })
                        })
                        .collect(),
                )
            }
            "center" | "ljust" | "rjust" | "zfill" => return self.padded(text, name, args),
            "expandtabs" => V::str(text.replace('\t', "        ")),
            _ => V::unread(at, format!("str.{name}() is outside what tmrs reads")),
        };
        match value {
            V::Str(text) => self.sized(text.text.to_string(), at),
            value => Ok(value),
        }
    }

    fn sized(&mut self, text: String, at: At) -> R<'a> {
        if text.len() > MAX_SIZE {
            return Ok(self.too_large(at, "This text"));
        }
        self.allot(text.len(), at)?;
        Ok(V::str(text))
    }

    fn join(&mut self, separator: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let Some(items) = args.get(0) else {
            return self.raise("TypeError", "join() wants a list", at);
        };
        let items = self.items(items, at)?;
        let mut text = String::new();
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                text.push_str(separator);
            }
            match item {
                V::Unread(_) => return Ok(item.clone()),
                V::Instance(instance) => match &*instance.builtin.borrow() {
                    Some(V::Str(part)) => text.push_str(&part.text),
                    _ => return self.raise("TypeError", "join() wants texts", at),
                },
                item => match item.as_str() {
                    Some(part) => text.push_str(part),
                    None => return self.raise("TypeError", "join() wants texts", at),
                },
            }
            if text.len() > MAX_SIZE {
                return Ok(self.too_large(at, "This text"));
            }
        }
        self.sized(text, at)
    }

    fn starts_or_ends(&mut self, text: &str, name: &str, args: &Args<'a>) -> R<'a> {
        let holds = |part: &str| {
            if name == "startswith" {
                text.starts_with(part)
            } else {
                text.ends_with(part)
            }
        };
        match args.get(0) {
            Some(V::Str(part)) => Ok(V::Bool(holds(&part.text))),
            Some(V::Tuple(parts)) => Ok(V::Bool(parts.iter().filter_map(V::as_str).any(holds))),
            _ => self.raise("TypeError", format!("{name}() wants a text"), args.at),
        }
    }

    fn split(&mut self, text: &str, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let times = match args.either(1, "maxsplit").and_then(V::as_int) {
            Some(times) if times >= 0 => times as usize,
            _ => usize::MAX - 1,
        };
        let parts: Vec<&str> = match args.either(0, "sep") {
            Some(V::Str(separator)) if separator.text.is_empty() => {
                return self.raise("ValueError", "empty separator", at);
            }
            Some(V::Str(separator)) if name == "split" => {
                text.splitn(times + 1, &*separator.text).collect()
            }
            Some(V::Str(separator)) => {
                let mut parts: Vec<_> = text.rsplitn(times + 1, &*separator.text).collect();
                parts.reverse();
                parts
            }
            _ => split_at_spaces(text, times, name == "rsplit"),
        };
        self.allot(parts.len() * 48 + text.len(), at)?;
        Ok(V::list(parts.into_iter().map(V::str).collect()))
    }

    fn find(&mut self, text: &str, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let Some(part) = args.get(0).and_then(V::as_str) else {
            return self.raise("TypeError", format!("{name}() wants a text"), at);
        };
        let found = if name.starts_with('r') {
            text.rfind(part)
        } else {
            let from = args.get(1).and_then(V::as_int).unwrap_or(0).max(0) as usize;
            let skipped: usize = text.chars().take(from).map(char::len_utf8).sum();
            text.get(skipped..)
                .and_then(|rest| rest.find(part))
                .map(|found| found + skipped)
        };
        match found {
            Some(found) => Ok(V::Int(text[..found].chars().count() as i64)),
            None if name.ends_with("index") => self.raise("ValueError", "substring not found", at),
            None => Ok(V::Int(-1)),
        }
    }

    fn padded(&mut self, text: &str, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let width = args.get(0).and_then(V::as_int).unwrap_or(0).max(0) as usize;
        if width > MAX_SIZE {
            return Ok(self.too_large(at, "This text"));
        }
        let fill = args.get(1).and_then(V::as_str).unwrap_or(" ");
        let missing = width.saturating_sub(text.chars().count());
        let text = match name {
            "ljust" => format!("{text}{}", fill.repeat(missing)),
            "rjust" => format!("{}{text}", fill.repeat(missing)),
            "zfill" => {
                let (sign, digits) = match text.strip_prefix(['-', '+']) {
                    Some(digits) => text.split_at(text.len() - digits.len()),
                    None => ("", text),
                };
                format!("{sign}{}{digits}", "0".repeat(missing))
            }
            _ => {
                // CPython puts the odd one left when the width is odd.
                let left = missing / 2 + (missing & width & 1);
                format!("{}{text}{}", fill.repeat(left), fill.repeat(missing - left))
            }
        };
        self.sized(text, at)
    }
}

fn cased(text: &str, name: &str) -> Option<String> {
    Some(match name {
        "lower" | "casefold" => text.to_lowercase(),
        "upper" => text.to_uppercase(),
        "capitalize" => {
            let mut chars = text.chars();
            match chars.next() {
                Some(first) => first
                    .to_uppercase()
                    .chain(chars.as_str().to_lowercase().chars())
                    .collect(),
                None => String::new(),
            }
        }
        "title" => {
            let mut inside = false;
            let mut result = String::with_capacity(text.len());
            for c in text.chars() {
                if inside {
                    result.extend(c.to_lowercase());
                } else {
                    result.extend(c.to_uppercase());
                }
                inside = c.is_alphabetic();
            }
            result
        }
        "swapcase" => text
            .chars()
            .flat_map(|c| {
                if c.is_uppercase() {
                    c.to_lowercase().collect::<Vec<_>>()
                } else {
                    c.to_uppercase().collect()
                }
            })
            .collect(),
        _ => return None,
    })
}

fn question(text: &str, name: &str) -> Option<bool> {
    let all = |holds: fn(char) -> bool| !text.is_empty() && text.chars().all(holds);
    Some(match name {
        "isalnum" => all(char::is_alphanumeric),
        "isalpha" => all(char::is_alphabetic),
        "isascii" => text.is_ascii(),
        "isdigit" | "isdecimal" | "isnumeric" => all(char::is_numeric),
        "isspace" => all(char::is_whitespace),
        "islower" => text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
        "isupper" => text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        "istitle" => {
            cased(text, "title").as_deref() == Some(text) && text.chars().any(char::is_alphabetic)
        }
        "isidentifier" => {
            !text.starts_with(|c: char| c.is_numeric()) && all(|c| c.is_alphanumeric() || c == '_')
        }
        _ => return None,
    })
}

fn stripped<'t>(text: &'t str, name: &str, set: Option<&str>) -> &'t str {
    let drop = |c: char| match set {
        Some(set) => set.contains(c),
        None => c.is_whitespace(),
    };
    match name {
        "strip" => text.trim_matches(drop),
        "lstrip" => text.trim_start_matches(drop),
        _ => text.trim_end_matches(drop),
    }
}

fn partition<'a>(text: &str, part: &str, from_right: bool) -> V<'a> {
    let found = if from_right {
        text.rsplit_once(part)
    } else {
        text.split_once(part)
    };
    let (before, middle, after) = match found {
        Some((before, after)) => (before, part, after),
        None if from_right => ("", "", text),
        None => (text, "", ""),
    };
    V::tuple(vec![V::str(before), V::str(middle), V::str(after)])
}

/// Splits at runs of white space, so often at most, from the left or the right.
fn split_at_spaces(text: &str, times: usize, from_right: bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let cut = if from_right {
            rest.rsplit_once(char::is_whitespace).map(|(a, b)| (b, a))
        } else {
            rest.split_once(char::is_whitespace)
        };
        match cut {
            Some((part, more)) if parts.len() < times => {
                parts.push(part);
                rest = more.trim();
            }
            _ => {
                parts.push(rest);
                break;
            }
        }
    }
    if from_right {
        parts.reverse();
    }
    parts
}
