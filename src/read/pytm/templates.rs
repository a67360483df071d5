//! `text % values` and `text.format(…)`.

use std::fmt::Write as _;
use std::rc::Rc;

use super::format::Made;
use super::interpreter::{Interpreter, MAX_SIZE, R};
use super::signature::plain;
use super::value::function::Args;
use super::value::{At, V};
use crate::python::float;
use crate::python::operation::Number;

/// One `%…` of a template.
struct Directive<'t> {
    name: Option<&'t str>,
    left: bool,
    sign: Option<char>,
    alternate: bool,
    zeros: bool,
    width: usize,
    precision: Option<usize>,
    kind: char,
    rest: &'t str,
}

impl<'t> Directive<'t> {
    /// What stands behind a `%`; nothing for what is not read or breaks off.
    fn parse(after: &'t str) -> Option<Self> {
        let (name, after) = match after.strip_prefix('(') {
            Some(named) => {
                let (name, after) = named.split_once(')')?;
                (Some(name).filter(|name| !name.contains('(')), after)
            }
            None => (None, after),
        };
        let flags_end = after.find(|c| !"-+ #0".contains(c))?;
        let (flags, after) = after.split_at(flags_end);
        let sign = if flags.contains('+') {
            Some('+')
        } else {
            flags.contains(' ').then_some(' ')
        };
        let number = |text: &'t str| {
            let end = text.find(|c: char| !c.is_ascii_digit())?;
            let (digits, rest) = text.split_at(end);
            let value = if digits.is_empty() {
                0
            } else {
                digits.parse().ok()?
            };
            Some((value, rest))
        };
        let (width, after) = number(after)?;
        let (precision, after) = match after.strip_prefix('.') {
            Some(after) => {
                let (digits, after) = number(after)?;
                (Some(digits), after)
            }
            None => (None, after),
        };
        let kind = after.chars().next()?;
        "sradiuxXoeEfFgGc%".contains(kind).then_some(Self {
            name,
            left: flags.contains('-'),
            sign,
            alternate: flags.contains('#'),
            zeros: flags.contains('0'),
            width,
            precision,
            kind,
            rest: &after[1..],
        })
    }

    /// Nothing but the kind.
    fn is_bare(&self) -> bool {
        self.name.is_none()
            && !self.left
            && self.sign.is_none()
            && !self.alternate
            && !self.zeros
            && self.width == 0
            && self.precision.is_none()
    }
}

impl<'a> Interpreter<'a> {
    /// `text % values`.
    pub(super) fn percent(&mut self, pattern: &str, values: &V<'a>, at: At) -> R<'a> {
        let values = &match plain(values) {
            inner @ (V::Tuple(_) | V::Dict(_)) => inner,
            _ => values.clone(),
        };
        let mut positional = match values {
            V::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        }
        .into_iter();
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('%') {
            text.push_str(before);
            let Some(directive) = Directive::parse(after) else {
                return Ok(V::not_read(at, "this template for `%`"));
            };
            rest = directive.rest;
            if directive.kind == '%' {
                if directive.is_bare() {
                    text.push('%');
                    continue;
                }
                return Ok(V::not_read(at, "this template for `%`"));
            }
            let value = match (directive.name, values) {
                (Some(name), V::Dict(_)) => self.get_item(values, &V::str(name), at)?,
                (Some(_), V::Instance(_) | V::Library(_)) => {
                    return Ok(V::not_read(at, "`%` with this mapping"));
                }
                (Some(_), _) => return self.raise("TypeError", "format requires a mapping", at),
                (None, _) => match positional.next() {
                    Some(value) => value,
                    None => {
                        let message = "not enough arguments for format string";
                        return self.raise("TypeError", message, at);
                    }
                },
            };
            match self.directive(&directive, &value, at)? {
                Ok(part) => text.push_str(&part),
                Err(unread) => return Ok(unread),
            }
            if text.len() > MAX_SIZE {
                return Ok(self.too_large(at, "This text"));
            }
        }
        text.push_str(rest);
        // Mappings and lists may have more than the template asks for.
        let may_be_left = matches!(values, V::Dict(_) | V::List(_) | V::Range(..) | V::Bytes(_));
        if positional.next().is_some() && !may_be_left {
            return match values {
                V::Unread(_) => Ok(values.clone()),
                V::Instance(_) | V::Library(_) | V::Object(_) => {
                    Ok(V::not_read(at, "`%` with this value"))
                }
                _ => self.raise(
                    "TypeError",
                    "not all arguments converted during string formatting",
                    at,
                ),
            };
        }
        self.allot(text.len(), at)?;
        Ok(V::str(text))
    }

    fn directive(&mut self, of: &Directive<'_>, value: &V<'a>, at: At) -> R<'a, Made<'a>> {
        if let V::Unread(_) = value {
            return Ok(Err(value.clone()));
        }
        let align = if of.left { "<" } else { ">" };
        if matches!(of.kind, 's' | 'r' | 'a') {
            let precision = of.precision.map(|digits| format!(".{digits}"));
            let spec = format!("{align}{}{}", of.width, precision.unwrap_or_default());
            return self.formatted(value, Some(of.kind), &spec, at);
        }
        let number = match super::operators::number(&plain(value)) {
            Some(number) => number,
            None if matches!(value, V::Instance(_) | V::Library(_)) || of.kind == 'c' => {
                return Ok(Err(V::not_read(at, "this value in a template for `%`")));
            }
            None => return self.raise("TypeError", "a number is required", at),
        };
        let number = match (of.kind, number) {
            ('d' | 'i' | 'u', Number::Float(f)) => {
                match self.outcome(float::whole(f, f64::trunc), at)? {
                    Ok(whole) => Number::Int(whole),
                    Err(unread) => return Ok(Err(unread)),
                }
            }
            ('x' | 'X' | 'o' | 'c', Number::Float(_)) => {
                return self.raise("TypeError", "an integer is required", at);
            }
            ('e' | 'E' | 'f' | 'F' | 'g' | 'G', number) => Number::Float(number.float()),
            (_, number) => number,
        };
        let kind = match of.kind {
            'i' | 'u' => 'd',
            kind => kind,
        };
        if of.precision.is_some() && matches!(number, Number::Int(_)) {
            return Ok(Err(V::not_read(at, "the precision of a whole number")));
        }
        let mut spec = String::new();
        if of.left {
            spec.push('<');
        }
        spec.extend(of.sign);
        if of.alternate {
            spec.push('#');
        }
        if of.zeros && !of.left {
            spec.push('0');
        }
        if of.width > 0 {
            let _ = write!(spec, "{}", of.width);
        }
        if let Some(digits) = of.precision {
            let _ = write!(spec, ".{digits}");
        }
        spec.push(kind);
        self.formatted(&super::operators::shown(number), None, &spec, at)
    }

    /// `pattern.format(…)`.
    pub(super) fn format_method(&mut self, pattern: &str, args: &Args<'a>) -> R<'a> {
        let mut next = Numbering::Neither;
        Ok(match self.format_fields(pattern, args, &mut next, 1)? {
            Ok(text) => V::str(text),
            Err(unread) => unread,
        })
    }

    fn format_fields(
        &mut self,
        pattern: &str,
        args: &Args<'a>,
        next: &mut Numbering,
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
            if field
                .split_once('[')
                .is_some_and(|(before, _)| !before.contains([':', '!']))
                && field.contains([':', '!'])
            {
                return Ok(Err(V::not_read(at, "this field of a template")));
            }
            let (target, spec) = field.split_once(':').unwrap_or((field, ""));
            let (target, conversion) = match target.split_once('!') {
                Some((target, "s")) => (target, Some('s')),
                Some((target, "r")) => (target, Some('r')),
                Some((target, "a")) => (target, Some('a')),
                Some(_) => return self.raise("ValueError", "unknown conversion specifier", at),
                None => (target, None),
            };
            if target.contains('{') {
                return self.raise("ValueError", "unexpected '{' in field name", at);
            }
            let value = self.format_target(target, args, next)?;
            let spec = if spec.contains(['{', '}']) {
                if depth == 0 {
                    return self.raise("ValueError", "Max string recursion exceeded", at);
                }
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

    fn format_target(&mut self, target: &str, args: &Args<'a>, next: &mut Numbering) -> R<'a> {
        let at = args.at;
        let end = target.find(['.', '[']).unwrap_or(target.len());
        let (first, mut path) = target.split_at(end);
        let numbered = first.bytes().all(|b| b.is_ascii_digit());
        let mixed = match (first.is_empty(), &*next) {
            (true, Numbering::Told) => true,
            (false, Numbering::Counted(_)) => numbered,
            _ => false,
        };
        if mixed {
            return self.raise("ValueError", "cannot mix numbered fields with others", at);
        }
        let value = if first.is_empty() {
            let position = match next {
                Numbering::Counted(position) => *position,
                _ => 0,
            };
            *next = Numbering::Counted(position + 1);
            args.get(position)
        } else if let Ok(position) = first.parse::<usize>() {
            *next = Numbering::Told;
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
                return match class {
                    "KeyError" => self.no_such_key(&V::str(first), at),
                    _ => self.raise(class, "too few arguments for the fields", at),
                };
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

/// How the fields of a template are numbered.
enum Numbering {
    Neither,
    Counted(usize),
    Told,
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
