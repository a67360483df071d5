//! Format specifications such as `>8.2f`, for text and numbers.

use super::operation::Number;
use super::{Outcome, float, raises, unread};

/// A parsed format specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    fill: char,
    align: Option<char>,
    sign: Option<char>,
    no_negative_zero: bool,
    alternate: bool,
    zeros: bool,
    /// The least number of characters.
    pub width: usize,
    group: Option<char>,
    /// Digits behind the point, or characters of text.
    pub precision: Option<usize>,
    kind: Option<char>,
}

/// What is formatted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Formatted<'t> {
    Text(&'t str),
    Number(Number),
}

impl Spec {
    /// `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`
    pub fn parse(text: &str) -> Outcome<Self> {
        let mut chars = text.chars().peekable();
        let mut spec = Self {
            fill: ' ',
            align: None,
            sign: None,
            no_negative_zero: false,
            alternate: false,
            zeros: false,
            width: 0,
            group: None,
            precision: None,
            kind: None,
        };
        let mut ahead = text.chars();
        let (first, second) = (ahead.next(), ahead.next());
        let is_align = |c: Option<char>| c.filter(|c| "<>=^".contains(*c));
        if let (Some(fill), Some(align)) = (first, is_align(second)) {
            (spec.fill, spec.align) = (fill, Some(align));
            chars.nth(1);
        } else if let Some(align) = is_align(first) {
            spec.align = Some(align);
            chars.next();
        }
        let has_fill = is_align(second).is_some();
        spec.sign = chars.next_if(|c| "+- ".contains(*c));
        spec.no_negative_zero = chars.next_if_eq(&'z').is_some();
        spec.alternate = chars.next_if_eq(&'#').is_some();
        if !has_fill && chars.next_if_eq(&'0').is_some() {
            spec.fill = '0';
            spec.zeros = spec.align.is_none();
        }
        let mut number = || -> Outcome<Option<usize>> {
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            if digits.is_empty() {
                return Ok(None);
            }
            match digits.parse::<u32>() {
                Ok(number) => Ok(Some(number as usize)),
                Err(_) => unread("so large a width or precision"),
            }
        };
        spec.width = number()?.unwrap_or(0);
        spec.group = chars.next_if(|c| ",_".contains(*c));
        if spec.group.is_some() && chars.peek().is_some_and(|c| ",_".contains(*c)) {
            return raises("ValueError", "Cannot specify both ',' and '_'.");
        }
        if chars.next_if_eq(&'.').is_some() {
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            spec.precision = match (digits.is_empty(), digits.parse::<u32>()) {
                (true, _) => return raises("ValueError", "Format specifier missing precision"),
                (_, Ok(digits)) => Some(digits as usize),
                _ => return unread("so large a width or precision"),
            };
        }
        spec.kind = chars.next();
        if chars.next().is_some() || spec.kind.is_some_and(|kind| ",_".contains(kind)) {
            return raises("ValueError", format!("Invalid format specifier '{text}'"));
        }
        Ok(spec)
    }

    /// Text or a number in this format.
    pub fn apply(&self, value: Formatted<'_>) -> Outcome<String> {
        match value {
            Formatted::Text(text) => self.text(text),
            Formatted::Number(Number::Int(i)) => self.int(i),
            Formatted::Number(Number::Float(f)) => self.float(f),
        }
    }

    fn text(&self, text: &str) -> Outcome<String> {
        let wrong = |what: &str| {
            raises(
                "ValueError",
                format!("{what} not allowed in string format specifier"),
            )
        };
        match self.kind {
            None | Some('s') => {}
            Some(kind) => return unknown_kind(kind, "str"),
        }
        match self.sign {
            Some(' ') => return wrong("Space"),
            Some(_) => return wrong("Sign"),
            None => {}
        }
        if self.no_negative_zero {
            return wrong("Negative zero coercion (z)");
        }
        if self.alternate {
            return wrong("Alternate form (#)");
        }
        if self.align == Some('=') {
            return raises(
                "ValueError",
                "'=' alignment not allowed in string format specifier",
            );
        }
        if let Some(group) = self.group {
            return raises("ValueError", format!("Cannot specify '{group}' with 's'."));
        }
        let cut: String = match self.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        };
        Ok(self.pad(&cut, '<'))
    }

    fn int(&self, i: i64) -> Outcome<String> {
        let size = i.unsigned_abs();
        let (prefix, digits, every) = match self.kind {
            None | Some('d') => ("", size.to_string(), 3),
            Some('x') => ("0x", format!("{size:x}"), 4),
            Some('X') => ("0X", format!("{size:X}"), 4),
            Some('o') => ("0o", format!("{size:o}"), 4),
            Some('b') => ("0b", format!("{size:b}"), 4),
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
                return self.float(Number::Int(i).float());
            }
            Some('c' | 'n') => return unread("the format codes c and n"),
            Some(kind) => return unknown_kind(kind, "int"),
        };
        if self.precision.is_some() {
            return raises(
                "ValueError",
                "Precision not allowed in integer format specifier",
            );
        }
        if self.no_negative_zero {
            return raises(
                "ValueError",
                "Negative zero coercion (z) not allowed in format specifier with integer presentation type",
            );
        }
        if let Some(group) = self.group
            && every == 4
            && group == ','
        {
            let kind = self.kind.unwrap_or('d');
            return raises(
                "ValueError",
                format!("Cannot specify '{group}' with '{kind}'."),
            );
        }
        let prefix = if self.alternate { prefix } else { "" };
        Ok(self.number(i < 0, prefix, &digits, "", every))
    }

    fn float(&self, f: f64) -> Outcome<String> {
        if self.kind == Some('n') {
            return unread("the format codes c and n");
        }
        if self.alternate {
            return unread("the alternate form of a float");
        }
        let size = f.abs();
        let precision = self.precision.unwrap_or(6);
        let upper = matches!(self.kind, Some('E' | 'F' | 'G'));
        let text = match self.kind {
            Some(kind) if !"eEfFgG%".contains(kind) => return unknown_kind(kind, "float"),
            kind if !f.is_finite() => {
                let text = float::written(size);
                if kind == Some('%') { text + "%" } else { text }
            }
            Some('f' | 'F') => format!("{size:.precision$}"),
            Some('%') => {
                let scaled = size * 100.0;
                if scaled.is_infinite() {
                    "inf%".to_owned()
                } else {
                    format!("{scaled:.precision$}%")
                }
            }
            Some('e' | 'E') => float::with_exponent(&format!("{size:.precision$e}"), 'e'),
            Some(_) => general(size, precision.max(1), false),
            None => match self.precision {
                None => float::written(size),
                Some(precision) => general(size, precision.max(1), true),
            },
        };
        let text = if upper { text.to_uppercase() } else { text };
        let is_zero = !text.bytes().any(|b| (b'1'..=b'9').contains(&b)) && f.is_finite();
        let negative = !f.is_nan() && f.is_sign_negative() && !(self.no_negative_zero && is_zero);
        let end = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let (whole, rest) = text.split_at(end);
        Ok(self.number(negative, "", whole, rest, 3))
    }

    /// Sign, prefix, grouped digits and what stands behind them, padded.
    fn number(
        &self,
        negative: bool,
        prefix: &str,
        digits: &str,
        rest: &str,
        every: usize,
    ) -> String {
        let sign = match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        };
        let align = if self.zeros {
            '='
        } else {
            self.align.unwrap_or('>')
        };
        if align != '=' {
            let digits = self.grouped(digits, every);
            return self.pad(&format!("{sign}{prefix}{digits}{rest}"), '>');
        }
        let taken = sign.len() + prefix.len() + rest.len();
        let room = self.width.saturating_sub(taken);
        if self.group.is_some() && self.fill == '0' && !digits.is_empty() {
            // Zeros are grouped, too, and none begins with the separator.
            let mut digits = digits.to_owned();
            while self.grouped(&digits, every).len() < room {
                digits.insert(0, '0');
            }
            return format!("{sign}{prefix}{}{rest}", self.grouped(&digits, every));
        }
        let digits = self.grouped(digits, every);
        let fill: String =
            std::iter::repeat_n(self.fill, room.saturating_sub(digits.len())).collect();
        format!("{sign}{prefix}{fill}{digits}{rest}")
    }

    fn grouped(&self, digits: &str, every: usize) -> String {
        let Some(group) = self.group else {
            return digits.to_owned();
        };
        let mut result = String::new();
        for (at, c) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(every) {
                result.push(group);
            }
            result.push(c);
        }
        result
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

/// So many significant digits without trailing zeros: the code `g`, and, with a digit
/// behind the point at least, a precision without a code.
fn general(size: f64, digits: usize, as_repr: bool) -> String {
    let text = format!("{size:.*e}", digits - 1);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    let most = i64::try_from(digits).unwrap_or(i64::MAX);
    let most = if as_repr { most - 1 } else { most };
    if exponent < -4 || exponent >= most {
        let text = format!("{}e{exponent}", trim(mantissa));
        return float::with_exponent(&text, 'e');
    }
    let after =
        usize::try_from(i64::try_from(digits).unwrap_or(i64::MAX) - 1 - exponent).unwrap_or(0);
    let text = trim(&format!("{size:.after$}"));
    if as_repr && !text.contains('.') {
        return text + ".0";
    }
    text
}

fn unknown_kind<T>(kind: char, class: &str) -> Outcome<T> {
    raises(
        "ValueError",
        format!("Unknown format code '{kind}' for object of type '{class}'"),
    )
}
