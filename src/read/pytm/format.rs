//! Text made of values: `str`, `repr`, f-strings, `%`, `.format`, format specs.

use std::fmt::Write as _;
use std::rc::Rc;

use super::function::Args;
use super::interpreter::{Interpreter, MAX_SIZE, R};
use super::scope::Scope;
use super::value::{At, V};
use crate::syntax::python::ast::{
    ConversionFlag, ExprFString, FStringPart, InterpolatedStringElement, InterpolatedStringElements,
};

/// Text, or the unread value that makes it unread.
type Made<'a> = Result<String, V<'a>>;

impl<'a> Interpreter<'a> {
    pub(super) fn f_string(&mut self, e: &'a ExprFString, scope: &Rc<Scope<'a>>, at: At) -> R<'a> {
        let mut text = String::new();
        for part in &e.value {
            match part {
                FStringPart::Literal(literal) => text.push_str(literal),
                FStringPart::FString(part) => match self.interpolate(&part.elements, scope)? {
                    Ok(part) => text.push_str(&part),
                    Err(unread) => return Ok(unread),
                },
            }
            if text.len() > MAX_SIZE {
                return Ok(self.too_large(at, "This text"));
            }
        }
        self.allot(text.len(), at)?;
        Ok(V::str(text))
    }

    fn interpolate(
        &mut self,
        elements: &'a InterpolatedStringElements,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, Made<'a>> {
        let mut text = String::new();
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => text.push_str(&literal.value),
                InterpolatedStringElement::Interpolation(e) => {
                    let at = self.at(e);
                    let value = self.eval(&e.expression, scope)?;
                    let spec = match &e.format_spec {
                        None => String::new(),
                        Some(spec) => match self.interpolate(&spec.elements, scope)? {
                            Ok(spec) => spec,
                            Err(unread) => return Ok(Err(unread)),
                        },
                    };
                    let mut conversion = e.conversion;
                    if let Some(debug) = &e.debug_text {
                        text.push_str(debug.as_str());
                        if conversion == ConversionFlag::None && spec.is_empty() {
                            conversion = ConversionFlag::Repr;
                        }
                    }
                    let conversion = match conversion {
                        ConversionFlag::None => None,
                        ConversionFlag::Str => Some('s'),
                        ConversionFlag::Ascii => Some('a'),
                        ConversionFlag::Repr => Some('r'),
                    };
                    match self.formatted(&value, conversion, &spec, at)? {
                        Ok(part) => text.push_str(&part),
                        Err(unread) => return Ok(Err(unread)),
                    }
                }
            }
            if text.len() > MAX_SIZE {
                return Ok(Err(V::unread(
                    super::value::At::default(),
                    "a very long text",
                )));
            }
        }
        Ok(Ok(text))
    }

    /// `format(value, spec)` after a conversion.
    pub(super) fn formatted(
        &mut self,
        value: &V<'a>,
        conversion: Option<char>,
        spec: &str,
        at: At,
    ) -> R<'a, Made<'a>> {
        let converted = match conversion {
            Some('s') => self.text_of(value, at)?.map(V::str),
            Some('a') => self.repr(value, at)?.map(|text| {
                V::str(
                    text.chars()
                        .flat_map(|c| {
                            if c.is_ascii() {
                                c.to_string()
                            } else if (c as u32) < 0x100 {
                                format!("\\x{:02x}", c as u32)
                            } else if (c as u32) < 0x10000 {
                                format!("\\u{:04x}", c as u32)
                            } else {
                                format!("\\U{:08x}", c as u32)
                            }
                            .chars()
                            .collect::<Vec<_>>()
                        })
                        .collect::<String>(),
                )
            }),
            Some(_) => self.repr(value, at)?.map(V::str),
            None => Ok(value.clone()),
        };
        let value = match converted {
            Ok(value) => value,
            Err(unread) => return Ok(Err(unread)),
        };
        if let V::Unread(_) = value {
            return Ok(Err(value));
        }
        if matches!(value, V::Instance(_))
            && let Some(method) = self.attribute_or_none(&value, "__format__", at)?
        {
            let result = self.call(&method, Args::of(at, [V::str(spec)]))?;
            return self.text_of(&result, at);
        }
        if spec.is_empty() {
            return self.text_of(&value, at);
        }
        let Some(spec) = Spec::parse(spec) else {
            return Ok(Err(V::unread(at, "a format that tmrs does not know")));
        };
        if spec.width > MAX_SIZE || spec.precision.unwrap_or(0) > 4096 {
            return Ok(Err(self.too_large(at, "This text")));
        }
        Ok(match spec.apply(&value) {
            Some(text) => Ok(text),
            None => match self.text_of(&value, at)? {
                Ok(text) => Ok(spec.pad(&spec.cut(&text), '<')),
                Err(unread) => Err(unread),
            },
        })
    }

    /// `str(value)`.
    pub(super) fn text_of(&mut self, value: &V<'a>, at: At) -> R<'a, Made<'a>> {
        match value {
            V::Str(text) => return Ok(Ok(text.text.to_string())),
            V::Path(path) => return Ok(Ok(path.to_string())),
            V::Exception(raised) => {
                return match raised.arguments.as_slice() {
                    [] => Ok(Ok(String::new())),
                    [one] => {
                        let one = one.clone();
                        self.text_of(&one, at)
                    }
                    many => {
                        let tuple = V::tuple(many.to_vec());
                        self.repr(&tuple, at)
                    }
                };
            }
            V::Instance(instance) => {
                for method in ["__str__", "__repr__"] {
                    if let Some(method) = self.attribute_or_none(value, method, at)? {
                        let result = self.call(&method, Args::none(at))?;
                        return match result {
                            V::Unread(_) => Ok(Err(result)),
                            V::Str(text) => Ok(Ok(text.text.to_string())),
                            _ => self.raise("TypeError", "__str__ gave no text", at),
                        };
                    }
                }
                let inner = instance.builtin.borrow().clone();
                if let Some(inner) = inner
                    && (!instance.class.is_enum() || instance.class.is_number_enum())
                {
                    return self.text_of(&inner, at);
                }
            }
            V::Object(id) => {
                let id = *id;
                let user = self.object(id).user.clone();
                if user.is_some()
                    && let Some(method) = self.user_method(id, "__str__", at)?
                {
                    let result = self.call(&method, Args::none(at))?;
                    return self.text_of(&result, at);
                }
                let class = self.object(id).class.name();
                let name = self.object_name(id).unwrap_or_default();
                return Ok(Ok(match self.object(id).class {
                    crate::model::vocabulary::Class::Assumption => name,
                    _ => format!("{class}({name})"),
                }));
            }
            _ => {}
        }
        self.repr(value, at)
    }

    /// `repr(value)`.
    pub(super) fn repr(&mut self, value: &V<'a>, at: At) -> R<'a, Made<'a>> {
        self.down(|_| at)?;
        let result = self.repr_inside(value, at);
        self.up();
        let result = result?;
        if let Ok(text) = &result {
            if text.len() > MAX_SIZE {
                return Ok(Err(self.too_large(at, "This text")));
            }
            self.allot(text.len(), at)?;
        }
        Ok(result)
    }

    fn repr_inside(&mut self, value: &V<'a>, at: At) -> R<'a, Made<'a>> {
        Ok(Ok(match value {
            V::None => "None".into(),
            V::Ellipsis => "Ellipsis".into(),
            V::NotImplemented => "NotImplemented".into(),
            V::Bool(b) => if *b { "True" } else { "False" }.into(),
            V::Int(i) => i.to_string(),
            V::Float(f) => float(*f),
            V::Str(text) => quoted(&text.text),
            V::Bytes(bytes) => format!("b{}", quoted(&String::from_utf8_lossy(bytes))),
            V::List(items) => {
                let items = items.borrow().clone();
                return self.repr_items(&items, "[", "]", at);
            }
            V::Tuple(items) if items.len() == 1 => {
                return self.repr_items(items, "(", ",)", at);
            }
            V::Tuple(items) => return self.repr_items(items, "(", ")", at),
            V::Set(dict) if dict.borrow().len() == 0 => "set()".into(),
            V::Set(dict) => {
                let keys = dict.borrow().keys();
                return self.repr_items(&keys, "{", "}", at);
            }
            V::Dict(dict) => {
                let entries: Vec<_> = dict.borrow().iter().cloned().collect();
                let mut parts = Vec::new();
                for entry in entries {
                    match (self.repr(&entry.key, at)?, self.repr(&entry.value, at)?) {
                        (Ok(name), Ok(value)) => parts.push(format!("{name}: {value}")),
                        (Err(unread), _) | (_, Err(unread)) => return Ok(Err(unread)),
                    }
                }
                format!("{{{}}}", parts.join(", "))
            }
            V::Range(from, to, 1) => format!("range({from}, {to})"),
            V::Range(from, to, step) => format!("range({from}, {to}, {step})"),
            V::Member(e, at) => {
                let (name, _) = e.members[*at as usize];
                match super::attributes::member_value(e, *at) {
                    V::Int(value) => format!("<{}.{name}: {value}>", e.name),
                    value => format!("<{}.{name}: '{}'>", e.name, value.as_str().unwrap_or("")),
                }
            }
            V::Class(class) => format!("<class 'pytm.{}'>", class.name()),
            V::Path(path) => format!("PosixPath({})", quoted(path)),
            V::Instance(_) => {
                if let Some(method) = self.attribute_or_none(value, "__repr__", at)? {
                    let result = self.call(&method, Args::none(at))?;
                    return self.text_of(&result, at);
                }
                return self.repr_of_instance(value, at);
            }
            V::Unread(_) => return Ok(Err(value.clone())),
            // What Python prints holds an address: nothing to rely on.
            _ => return Ok(Err(V::unread(at, "the text of an object without one"))),
        }))
    }

    fn repr_of_instance(&mut self, value: &V<'a>, at: At) -> R<'a, Made<'a>> {
        let V::Instance(instance) = value else {
            return Ok(Ok(String::new()));
        };
        if instance.class.is_enum() {
            let name = instance.attributes.own("name").unwrap_or(V::None);
            let class = &instance.class.name;
            return Ok(Ok(format!("{class}.{}", name.as_str().unwrap_or(""))));
        }
        let fields = instance.class.fields();
        if fields.is_empty() {
            return Ok(Err(V::unread(at, "the text of an object without one")));
        }
        let mut parts = Vec::new();
        for field in fields {
            let held = instance.attributes.own(&field).unwrap_or(V::None);
            match self.repr(&held, at)? {
                Ok(text) => parts.push(format!("{field}={text}")),
                Err(unread) => return Ok(Err(unread)),
            }
        }
        Ok(Ok(format!("{}({})", instance.class.name, parts.join(", "))))
    }

    fn repr_items(&mut self, items: &[V<'a>], open: &str, close: &str, at: At) -> R<'a, Made<'a>> {
        let mut text = open.to_owned();
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                text.push_str(", ");
            }
            match self.repr(item, at)? {
                Ok(part) => text.push_str(&part),
                Err(unread) => return Ok(Err(unread)),
            }
            if text.len() > MAX_SIZE {
                break;
            }
        }
        text.push_str(close);
        Ok(Ok(text))
    }

    /// The text of a value for messages; never unread.
    pub(super) fn display(&mut self, value: &V<'a>, at: At) -> R<'a, String> {
        Ok(self.text_of(value, at)?.unwrap_or_else(|_| "…".to_owned()))
    }

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

/// A float as Python writes it.
pub(super) fn float(f: f64) -> String {
    if f.is_nan() {
        return "nan".into();
    }
    if f.is_infinite() {
        return if f > 0.0 { "inf" } else { "-inf" }.into();
    }
    let size = f.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{f:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) = match exponent.strip_prefix('-') {
            Some(digits) => ('-', digits),
            None => ('+', exponent),
        };
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    format!("{f:?}")
}

/// Text in quotes as `repr` writes it.
pub(super) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut result = String::with_capacity(text.len() + 2);
    result.push(quote);
    for c in text.chars() {
        match c {
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            c if c == quote => {
                result.push('\\');
                result.push(c);
            }
            c if c.is_control() => {
                let _ = write!(result, "\\x{:02x}", c as u32);
            }
            c => result.push(c),
        }
    }
    result.push(quote);
    result
}

/// A parsed format specification.
#[derive(Debug)]
struct Spec {
    fill: char,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    width: usize,
    group: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

impl Spec {
    fn parse(text: &str) -> Option<Self> {
        let mut chars = text.chars().peekable();
        let mut spec = Self {
            fill: ' ',
            align: None,
            sign: None,
            alternate: false,
            width: 0,
            group: None,
            precision: None,
            kind: None,
        };
        let mut ahead = text.chars();
        let (first, second) = (ahead.next(), ahead.next());
        let is_align = |c: Option<char>| c.is_some_and(|c| "<>=^".contains(c));
        if is_align(second) {
            spec.fill = first?;
            spec.align = second;
            chars.next();
            chars.next();
        } else if is_align(first) {
            spec.align = first;
            chars.next();
        }
        spec.sign = chars.next_if(|c| "+- ".contains(*c));
        spec.alternate = chars.next_if_eq(&'#').is_some();
        if chars.next_if_eq(&'0').is_some() && spec.align.is_none() {
            spec.fill = '0';
            spec.align = Some('=');
        }
        let mut digits = String::new();
        while let Some(digit) = chars.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        if !digits.is_empty() {
            spec.width = digits.parse().ok()?;
        }
        spec.group = chars.next_if(|c| ",_".contains(*c));
        if chars.next_if_eq(&'.').is_some() {
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            spec.precision = Some(digits.parse().ok()?);
        }
        spec.kind = chars.next();
        chars.next().is_none().then_some(spec)
    }

    /// A number or text in this format; `None` for what it does not apply to.
    fn apply(&self, value: &V<'_>) -> Option<String> {
        match value {
            V::Str(text) if matches!(self.kind, None | Some('s')) => {
                Some(self.pad(&self.cut(&text.text), '<'))
            }
            V::Int(i) => self.int(*i),
            V::Bool(b) => self.int(i64::from(*b)),
            V::Float(f) => self.float(*f),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "Python converts so, too")]
    fn int(&self, i: i64) -> Option<String> {
        let size = i.unsigned_abs();
        let (prefix, digits) = match self.kind {
            None | Some('d' | 'n') => ("", size.to_string()),
            Some('x') => ("0x", format!("{size:x}")),
            Some('X') => ("0X", format!("{size:X}")),
            Some('o') => ("0o", format!("{size:o}")),
            Some('b') => ("0b", format!("{size:b}")),
            Some('c') => return char::from_u32(u32::try_from(size).ok()?).map(String::from),
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => return self.float(i as f64),
            Some(_) => return None,
        };
        let prefix = if self.alternate { prefix } else { "" };
        Some(self.number(i < 0, prefix, &self.grouped(&digits)))
    }

    fn float(&self, f: f64) -> Option<String> {
        let size = f.abs();
        let precision = self.precision.unwrap_or(6);
        let digits = match self.kind {
            Some('f' | 'F') => format!("{size:.precision$}"),
            Some('%') => format!("{:.precision$}%", size * 100.0),
            Some('e' | 'E') => {
                let text = format!("{size:.precision$e}");
                let (mantissa, exponent) = text.split_once('e')?;
                let (sign, digits) = match exponent.strip_prefix('-') {
                    Some(digits) => ('-', digits),
                    None => ('+', exponent),
                };
                format!("{mantissa}e{sign}{digits:0>2}")
            }
            None if self.precision.is_none() => float(size),
            None | Some('g' | 'G') => general(size, precision.max(1)),
            Some(_) => return None,
        };
        let digits = match digits.split_once('.') {
            Some((whole, rest)) => format!("{}.{rest}", self.grouped(whole)),
            None => self.grouped(&digits),
        };
        Some(self.number(f.is_sign_negative(), "", &digits))
    }

    fn grouped(&self, digits: &str) -> String {
        let Some(group) = self.group else {
            return digits.to_owned();
        };
        let mut result = String::new();
        for (at, c) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                result.push(group);
            }
            result.push(c);
        }
        result
    }

    fn number(&self, negative: bool, prefix: &str, digits: &str) -> String {
        let sign = match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        };
        if self.align == Some('=') {
            let taken = sign.len() + prefix.len() + digits.chars().count();
            let fill: String =
                std::iter::repeat_n(self.fill, self.width.saturating_sub(taken)).collect();
            return format!("{sign}{prefix}{fill}{digits}");
        }
        self.pad(&format!("{sign}{prefix}{digits}"), '>')
    }

    fn cut(&self, text: &str) -> String {
        match self.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        }
    }

    fn pad(&self, text: &str, usual: char) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        let (before, after) = match self.align.unwrap_or(usual) {
            '<' => (0, missing),
            '^' => (missing / 2, missing - missing / 2),
            _ => (missing, 0),
        };
        let fill = |n| std::iter::repeat_n(self.fill, n).collect::<String>();
        format!("{}{text}{}", fill(before), fill(after))
    }
}

/// The `g` format: so many significant digits, without trailing zeros.
fn general(size: f64, digits: usize) -> String {
    if size == 0.0 {
        return "0".into();
    }
    let text = format!("{size:.*e}", digits - 1);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    if exponent < -4 || exponent >= digits as i32 {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trim(mantissa), exponent.unsigned_abs());
    }
    let after = (digits as i32 - 1 - exponent).max(0) as usize;
    trim(&format!("{size:.after$}"))
}
