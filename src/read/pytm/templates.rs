//! `text % values` and `text.format(…)`.

use std::rc::Rc;

use super::format::Made;
use super::function::Args;
use super::interpreter::{Interpreter, MAX_SIZE, R};
use super::value::{At, V};

impl<'a> Interpreter<'a> {
    /// `text % values`.
    pub(super) fn percent(&mut self, pattern: &str, values: &V<'a>, at: At) -> R<'a> {
        let mut positional = match values {
            V::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        }
        .into_iter();
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('%') {
            text.push_str(before);
            if let Some(after) = after.strip_prefix('%') {
                text.push('%');
                rest = after;
                continue;
            }
            let (name, after) = match after.strip_prefix('(') {
                Some(named) => match named.split_once(')') {
                    Some((name, after)) => (Some(name), after),
                    None => return self.raise("ValueError", "incomplete format key", at),
                },
                None => (None, after),
            };
            let end = after.find(|c: char| c.is_ascii_alphabetic());
            let Some(kind) = end.and_then(|end| after[end..].chars().next()) else {
                return self.raise("ValueError", "incomplete format", at);
            };
            let flags = &after[..end.unwrap_or(0)];
            let value = match (name, values) {
                (Some(name), V::Dict(dict)) => dict.borrow().named(name).cloned(),
                (Some(_), _) => return self.raise("TypeError", "format requires a mapping", at),
                (None, _) => positional.next(),
            };
            let Some(value) = value else {
                return self.raise("TypeError", "not enough arguments for the format", at);
            };
            let (conversion, kind_spec) = match kind {
                's' => (Some('s'), String::new()),
                'r' => (Some('r'), String::new()),
                'a' => (Some('a'), String::new()),
                'i' | 'u' => (None, "d".to_owned()),
                kind => (None, kind.to_string()),
            };
            let mut spec = flags.to_owned();
            match spec.strip_prefix('-') {
                Some(width) => spec = format!("<{width}"),
                None if conversion.is_some() && !spec.is_empty() && !spec.starts_with('.') => {
                    spec = format!(">{spec}");
                }
                None => {}
            }
            spec.push_str(&kind_spec);
            let value = match (&value, kind) {
                #[expect(clippy::cast_possible_truncation, reason = "as int() does")]
                (V::Float(f), 'd' | 'i' | 'u') => V::Int(*f as i64),
                _ => value,
            };
            match self.formatted(&value, conversion, &spec, at)? {
                Ok(part) => text.push_str(&part),
                Err(unread) => return Ok(unread),
            }
            rest = &after[end.unwrap_or(0) + kind.len_utf8()..];
        }
        text.push_str(rest);
        if text.len() > MAX_SIZE {
            return Ok(self.too_large(at, "This text"));
        }
        self.allot(text.len(), at)?;
        Ok(V::str(text))
    }

    /// `pattern.format(…)`.
    pub(super) fn format_method(&mut self, pattern: &str, args: &Args<'a>) -> R<'a> {
        let mut next = 0;
        Ok(match self.format_fields(pattern, args, &mut next, 2)? {
            Ok(text) => V::str(text),
            Err(unread) => unread,
        })
    }

    fn format_fields(
        &mut self,
        pattern: &str,
        args: &Args<'a>,
        next: &mut usize,
        depth: u8,
    ) -> R<'a, Made<'a>> {
        let at = args.at;
        let mut text = String::new();
        let mut rest = pattern;
        while let Some(position) = rest.find(['{', '}']) {
            text.push_str(&rest[..position]);
            let brace = &rest[position..=position];
            rest = &rest[position + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                text.push_str(brace);
                rest = after;
                continue;
            }
            if brace == "}" {
                return self.raise("ValueError", "single '}' in format", at);
            }
            let Some(end) = closing_brace(rest) else {
                return self.raise("ValueError", "expected '}' in format", at);
            };
            let field = &rest[..end];
            rest = &rest[end + 1..];
            let (target, spec) = field.split_once(':').unwrap_or((field, ""));
            let (target, conversion) = match target.split_once('!') {
                Some((target, conversion)) => (target, conversion.chars().next()),
                None => (target, None),
            };
            let value = self.format_target(target, args, next)?;
            let spec = if spec.contains('{') && depth > 0 {
                match self.format_fields(spec, args, next, depth - 1)? {
                    Ok(spec) => spec,
                    Err(unread) => return Ok(Err(unread)),
                }
            } else {
                spec.to_owned()
            };
            match self.formatted(&value, conversion, &spec, at)? {
                Ok(part) => text.push_str(&part),
                Err(unread) => return Ok(Err(unread)),
            }
            if text.len() > MAX_SIZE {
                return Ok(Err(self.too_large(at, "This text")));
            }
        }
        text.push_str(rest);
        self.allot(text.len(), at)?;
        Ok(Ok(text))
    }

    fn format_target(&mut self, target: &str, args: &Args<'a>, next: &mut usize) -> R<'a> {
        let at = args.at;
        let end = target.find(['.', '[']).unwrap_or(target.len());
        let (first, mut path) = target.split_at(end);
        let value = if first.is_empty() {
            *next += 1;
            args.get(*next - 1)
        } else if let Ok(position) = first.parse::<usize>() {
            args.get(position)
        } else {
            args.keyword(first)
        };
        let mut value = match (value, &args.doubt) {
            (Some(value), _) => value.clone(),
            (None, Some(unread)) => return Ok(V::Unread(Rc::clone(unread))),
            (None, None) => {
                let class = if first.parse::<usize>().is_ok() || first.is_empty() {
                    "IndexError"
                } else {
                    "KeyError"
                };
                return self.raise(class, first, at);
            }
        };
        while !path.is_empty() {
            if let Some(after) = path.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                value = self.attribute(&value, &after[..end], at)?;
                path = &after[end..];
            } else if let Some((index, after)) =
                path.strip_prefix('[').and_then(|p| p.split_once(']'))
            {
                let index = index.parse().map_or_else(|_| V::str(index), V::Int);
                value = self.get_item(&value, &index, at)?;
                path = after;
            } else {
                return self.raise("ValueError", "malformed format field", at);
            }
        }
        Ok(value)
    }
}

fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}
