//! Format specifications such as `>8.2f`, and how Python writes numbers.

use super::value::V;

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

/// A parsed format specification.
#[derive(Debug)]
pub(super) struct Spec {
    fill: char,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    pub(super) width: usize,
    group: Option<char>,
    pub(super) precision: Option<usize>,
    kind: Option<char>,
}

impl Spec {
    pub(super) fn parse(text: &str) -> Option<Self> {
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
    pub(super) fn apply(&self, value: &V<'_>) -> Option<String> {
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

    pub(super) fn cut(&self, text: &str) -> String {
        match self.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        }
    }

    pub(super) fn pad(&self, text: &str, usual: char) -> String {
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
