//! Methods of text.

use std::rc::Rc;

use super::interpreter::{Interpreter, MAX_SIZE, R};
use super::signature::{Given, Is, Signature, plain, settled, text, wanted, whole};
use super::value::function::Args;
use super::value::{At, V};
use crate::python::text as python;

/// The methods that are read, with their parameters.
const SIGNATURES: &[Signature] = &[
    ("capitalize", 0, &[]),
    ("casefold", 0, &[]),
    ("center", 1, &["/width", "/fillchar"]),
    ("count", 1, &["/sub", "/start", "/end"]),
    ("encode", 0, &["encoding", "errors"]),
    ("endswith", 1, &["/suffix", "/start", "/end"]),
    ("expandtabs", 0, &["tabsize"]),
    ("find", 1, &["/sub", "/start", "/end"]),
    ("format_map", 1, &["/mapping"]),
    ("index", 1, &["/sub", "/start", "/end"]),
    ("isalnum", 0, &[]),
    ("isalpha", 0, &[]),
    ("isascii", 0, &[]),
    ("isdecimal", 0, &[]),
    ("isdigit", 0, &[]),
    ("isidentifier", 0, &[]),
    ("islower", 0, &[]),
    ("isnumeric", 0, &[]),
    ("isprintable", 0, &[]),
    ("isspace", 0, &[]),
    ("istitle", 0, &[]),
    ("isupper", 0, &[]),
    ("join", 1, &["/iterable"]),
    ("ljust", 1, &["/width", "/fillchar"]),
    ("lower", 0, &[]),
    ("lstrip", 0, &["/chars"]),
    ("maketrans", 1, &["/x", "/y", "/z"]),
    ("partition", 1, &["/sep"]),
    ("removeprefix", 1, &["/prefix"]),
    ("removesuffix", 1, &["/suffix"]),
    ("replace", 2, &["/old", "/new", "/count"]),
    ("rfind", 1, &["/sub", "/start", "/end"]),
    ("rindex", 1, &["/sub", "/start", "/end"]),
    ("rjust", 1, &["/width", "/fillchar"]),
    ("rpartition", 1, &["/sep"]),
    ("rsplit", 0, &["sep", "maxsplit"]),
    ("rstrip", 0, &["/chars"]),
    ("split", 0, &["sep", "maxsplit"]),
    ("splitlines", 0, &["keepends"]),
    ("startswith", 1, &["/prefix", "/start", "/end"]),
    ("strip", 0, &["/chars"]),
    ("swapcase", 0, &[]),
    ("title", 0, &[]),
    ("translate", 1, &["/table"]),
    ("upper", 0, &[]),
    ("zfill", 1, &["/width"]),
];

impl<'a> Interpreter<'a> {
    pub(super) fn text_method(&mut self, of: &str, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if name == "format" {
            return self.format_method(of, &args);
        }
        if let Some(unread) = args.unread() {
            return Ok(V::Unread(unread));
        }
        let of_machine = super::paths::of_machine;
        if of_machine(of)
            || args.positional.iter().any(|(value, _)| match value {
                V::Str(text) => of_machine(&text.text),
                _ => false,
            })
        {
            return Ok(V::not_read(at, "where the repository lies on a machine"));
        }
        let Some(signature) = SIGNATURES.iter().find(|(known, _, _)| *known == name) else {
            return Ok(V::not_read(at, format!("str.{name}()")));
        };
        if name == "replace" && args.keyword("count").is_some() {
            // Python takes it since 3.13.
            return Ok(V::not_read(at, "replace() with `count` by its name"));
        }
        let given = self.given(signature, args)?;
        match name {
            "format_map" => {
                let mut named = Args::none(at);
                let looks_up = |class: &Rc<super::value::class::UserClass<'a>>| {
                    ["__missing__", "__getitem__"]
                        .iter()
                        .any(|name| class.lookup(name).is_some())
                };
                match given.get(0).map(plain) {
                    _ if matches!(given.get(0), Some(V::Instance(one)) if looks_up(&one.class)) => {
                        return Ok(V::not_read(at, "format_map() of this"));
                    }
                    Some(V::Dict(dict)) if dict.borrow().doubt.is_none() => {
                        for entry in dict.borrow().iter() {
                            if let Some(key) = entry.key.as_str() {
                                named.keywords.push((key.into(), entry.value.clone(), at));
                            }
                        }
                    }
                    _ => return Ok(V::not_read(at, "format_map() of this")),
                }
                self.format_method(of, &named)
            }
            "join" => self.join(of, given.get(0), at),
            "startswith" | "endswith" => self.starts_or_ends(of, name, &given),
            "split" | "rsplit" => self.split(of, name, &given),
            "encode" => self.encode(of, &given),
            "find" | "index" | "rfind" | "rindex" | "count" => self.find(of, name, &given),
            "center" | "ljust" | "rjust" | "zfill" => self.padded(of, name, &given),
            "replace" => self.replace(of, &given),
            "maketrans" => self.translation_table(&given),
            "translate" => self.translate(of, &given),
            "partition" | "rpartition" => {
                let part = wanted!(self, text(&given.or(0, V::None)), at, name);
                if part.is_empty() {
                    return self.raise("ValueError", "empty separator", at);
                }
                Ok(partition(of, &part, name == "rpartition"))
            }
            "removeprefix" | "removesuffix" => {
                let part = wanted!(self, text(&given.or(0, V::None)), at, name);
                let rest = if name == "removeprefix" {
                    of.strip_prefix(&*part)
                } else {
                    of.strip_suffix(&*part)
                };
                Ok(V::str(rest.unwrap_or(of)))
            }
            "strip" | "lstrip" | "rstrip" => {
                let set = match given.some(0) {
                    Some(set) => Some(wanted!(self, text(set), at, name)),
                    None => None,
                };
                Ok(V::str(python::stripped(of, name, set.as_deref())))
            }
            "splitlines" => {
                let keep = match given.or(0, V::Bool(false)) {
                    V::Bool(keep) => keep,
                    V::Int(keep) => keep != 0,
                    V::Unread(unread) => return Ok(V::Unread(unread)),
                    // Until Python 3.12 only a number will do.
                    _ => return Ok(V::not_read(at, "splitlines() with such an argument")),
                };
                let lines = python::lines(of, keep);
                self.allot(lines.len() * 48 + of.len(), at)?;
                Ok(V::list(lines.into_iter().map(V::str).collect()))
            }
            "expandtabs" => {
                let size = wanted!(self, whole(&given.or(0, V::Int(8))), at, name);
                let size = usize::try_from(size).unwrap_or(0);
                if of.len().saturating_mul(size.max(1)) > MAX_SIZE * 8 {
                    return Ok(self.too_large(at, "This text"));
                }
                self.sized(python::tabs_expanded(of, size), at)
            }
            name if name.starts_with("is") => {
                Ok(V::Bool(settled!(self, python::question(of, name), at)))
            }
            name => {
                let value = settled!(self, python::cased(of, name), at);
                self.sized(value, at)
            }
        }
    }

    fn sized(&mut self, text: String, at: At) -> R<'a> {
        if text.len() > MAX_SIZE {
            return Ok(self.too_large(at, "This text"));
        }
        self.allot(text.len(), at)?;
        Ok(V::str(text))
    }

    fn join(&mut self, separator: &str, items: Option<&V<'a>>, at: At) -> R<'a> {
        let items = self.items(items.unwrap_or(&V::None), at)?;
        let mut joined = String::new();
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                joined.push_str(separator);
            }
            if let V::Unread(_) = item {
                return Ok(item.clone());
            }
            joined.push_str(&wanted!(self, text(item), at, "join()"));
            if joined.len() > MAX_SIZE {
                return Ok(self.too_large(at, "This text"));
            }
        }
        self.sized(joined, at)
    }

    /// `start` and `end` of a search.
    fn search_bounds(&self, given: &Given<'a>) -> Is<(Option<i64>, Option<i64>)> {
        let mut bounds = [None, None];
        for (bound, position) in bounds.iter_mut().zip([1, 2]) {
            *bound = match given.some(position).map(whole) {
                None => None,
                Some(Is::This(at)) => Some(at),
                Some(Is::Other) => return Is::Other,
                Some(Is::Unknown) => return Is::Unknown,
            };
        }
        Is::This((bounds[0], bounds[1]))
    }

    fn starts_or_ends(&mut self, of: &str, name: &str, given: &Given<'a>) -> R<'a> {
        let at = given.at;
        let (start, end) = wanted!(self, self.search_bounds(given), at, name);
        let inside = python::window(of, start, end).map(|(inside, _)| inside);
        let holds = |part: &str| {
            inside.is_some_and(|inside| {
                if name == "startswith" {
                    inside.starts_with(part)
                } else {
                    inside.ends_with(part)
                }
            })
        };
        let parts = match given.get(0).map(plain) {
            Some(V::Tuple(parts)) => parts.to_vec(),
            Some(part) => vec![part],
            None => Vec::new(),
        };
        for part in &parts {
            if let V::Unread(_) = part {
                return Ok(part.clone());
            }
            if holds(&wanted!(self, text(part), at, name)) {
                return Ok(V::Bool(true));
            }
        }
        Ok(V::Bool(false))
    }

    fn split(&mut self, of: &str, name: &str, given: &Given<'a>) -> R<'a> {
        let at = given.at;
        let separator = match given.some(0) {
            Some(separator) => Some(wanted!(self, text(separator), at, name)),
            None => None,
        };
        let most = wanted!(self, whole(&given.or(1, V::Int(-1))), at, name);
        let parts = python::split(of, separator.as_deref(), most, name == "rsplit");
        let parts = settled!(self, parts, at);
        self.allot(parts.len() * 48 + of.len(), at)?;
        Ok(V::list(parts.into_iter().map(V::str).collect()))
    }

    fn encode(&mut self, of: &str, given: &Given<'a>) -> R<'a> {
        let at = given.at;
        let encoding = wanted!(self, text(&given.or(0, V::str("utf-8"))), at, "encode()");
        match (&*encoding.to_lowercase(), of.is_ascii()) {
            ("utf-8" | "utf8", _) | ("ascii" | "us-ascii" | "latin-1" | "iso-8859-1", true) => {
                self.allot(of.len(), at)?;
                Ok(V::Bytes(of.as_bytes().into()))
            }
            _ => Ok(V::not_read(at, format!("text in the encoding {encoding}"))),
        }
    }

    fn find(&mut self, of: &str, name: &str, given: &Given<'a>) -> R<'a> {
        let at = given.at;
        let part = wanted!(self, text(&given.or(0, V::None)), at, name);
        let (start, end) = wanted!(self, self.search_bounds(given), at, name);
        self.spend(of.len(), at)?;
        if name == "count" {
            let inside = python::window(of, start, end);
            let count = inside.map_or(0, |(inside, _)| inside.matches(&*part).count());
            return Ok(V::Int(count as i64));
        }
        match python::find(of, &part, start, end, name.starts_with('r')) {
            Some(found) => Ok(V::Int(found as i64)),
            None if name.ends_with("index") => self.raise("ValueError", "substring not found", at),
            None => Ok(V::Int(-1)),
        }
    }

    fn replace(&mut self, of: &str, given: &Given<'a>) -> R<'a> {
        let at = given.at;
        let from = wanted!(self, text(&given.or(0, V::None)), at, "replace()");
        let to = wanted!(self, text(&given.or(1, V::None)), at, "replace()");
        let times = wanted!(self, whole(&given.or(2, V::Int(-1))), at, "replace()");
        let most = of.len() + (of.len() + 1).saturating_mul(to.len());
        if most > MAX_SIZE * 8 {
            return Ok(self.too_large(at, "This text"));
        }
        self.sized(python::replaced(of, &from, &to, times), at)
    }

    fn padded(&mut self, of: &str, name: &str, given: &Given<'a>) -> R<'a> {
        let at = given.at;
        let width = wanted!(self, whole(&given.or(0, V::None)), at, name);
        let width = usize::try_from(width).unwrap_or(0);
        if width > MAX_SIZE {
            return Ok(self.too_large(at, "This text"));
        }
        let fill = wanted!(self, text(&given.or(1, V::str(" "))), at, name);
        let mut fills = fill.chars();
        match (fills.next(), fills.next()) {
            (Some(fill), None) => self.sized(python::padded(of, name, width, fill), at),
            _ => self.raise("TypeError", "the fill must be one character", at),
        }
    }

    /// `str.maketrans(…)`: a dictionary of code points.
    fn translation_table(&mut self, given: &Given<'a>) -> R<'a> {
        let at = given.at;
        let code = |c: char| V::Int(i64::from(u32::from(c)));
        let mut table = super::value::dict::Dict::default();
        let Some(to) = given.get(1) else {
            let Some(V::Dict(from)) = given.get(0).map(plain) else {
                return self.raise("TypeError", "maketrans() wants a dictionary", at);
            };
            let entries: Vec<_> = from.borrow().iter().cloned().collect();
            for entry in entries {
                let key = match &entry.key {
                    V::Str(text) => {
                        let mut chars = text.text.chars();
                        match (chars.next(), chars.next()) {
                            (Some(c), None) => code(c),
                            _ => return self.raise("ValueError", "keys must be one character", at),
                        }
                    }
                    V::Int(_) | V::Bool(_) => entry.key,
                    _ => return self.raise("TypeError", "keys must be characters", at),
                };
                table.insert(key, entry.value, None);
            }
            return Ok(V::dict(table));
        };
        let from = wanted!(self, text(&given.or(0, V::None)), at, "maketrans()");
        let to = wanted!(self, text(to), at, "maketrans()");
        if from.chars().count() != to.chars().count() {
            return self.raise("ValueError", "maketrans() wants texts of one length", at);
        }
        for (from, to) in from.chars().zip(to.chars()) {
            table.insert(code(from), code(to), None);
        }
        if let Some(gone) = given.get(2) {
            for c in wanted!(self, text(gone), at, "maketrans()").chars() {
                table.insert(code(c), V::None, None);
            }
        }
        Ok(V::dict(table))
    }

    fn translate(&mut self, of: &str, given: &Given<'a>) -> R<'a> {
        let at = given.at;
        let Some(V::Dict(table)) = given.get(0).map(plain) else {
            return Ok(V::not_read(at, "translate() with this table"));
        };
        let table = table.borrow();
        if let Some(unread) = &table.doubt {
            return Ok(V::Unread(Rc::clone(unread)));
        }
        let mut result = String::with_capacity(of.len());
        for c in of.chars() {
            match table.get(&V::Int(i64::from(u32::from(c)))) {
                None => result.push(c),
                Some(V::None) => {}
                Some(V::Str(text)) => result.push_str(&text.text),
                Some(V::Int(code)) => match u32::try_from(*code).ok().and_then(char::from_u32) {
                    Some(c) => result.push(c),
                    None => return Ok(V::not_read(at, "this character")),
                },
                Some(_) => return Ok(V::not_read(at, "translate() with this table")),
            }
            if result.len() > MAX_SIZE {
                break;
            }
        }
        drop(table);
        self.sized(result, at)
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
