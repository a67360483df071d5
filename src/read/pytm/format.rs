//! Text made of values: `str`, `repr`, f-strings, `%`, `.format`, format specs.

use std::rc::Rc;

use super::interpreter::{Interpreter, MAX_SIZE, R};
use super::value::function::Args;
use super::value::scope::Scope;
use super::value::{At, V};
use crate::python::format::{Formatted, Spec};
use crate::python::operation::Number;
use crate::python::{float, quote};
use crate::syntax::python::ast::{
    ConversionFlag, ExprFString, FStringPart, InterpolatedStringElement, InterpolatedStringElements,
};

/// Text, or the unread value that makes it unread.
pub(super) type Made<'a> = Result<String, V<'a>>;

impl<'a> Interpreter<'a> {
    pub(super) fn f_string(&mut self, e: &'a ExprFString, scope: &Rc<Scope<'a>>, at: At) -> R<'a> {
        let mut text = String::new();
        for part in &e.value {
            match part {
                FStringPart::Literal(part) if self.has_surrogate(part, part) => {
                    return Ok(V::not_read(at, "a lone surrogate"));
                }
                FStringPart::Literal(part) => text.push_str(&self.text(part, part)),
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
                InterpolatedStringElement::Literal(part) => {
                    if self.has_surrogate(&part.value, part) {
                        return Ok(Err(V::not_read(self.at(part), "a lone surrogate")));
                    }
                    text.push_str(&self.text(&part.value, part));
                }
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
            Some('a') => self
                .repr(value, at)?
                .map(|text| V::str(quote::ascii(&text))),
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
        let formatted = match &super::signature::plain(&value) {
            V::Int(i) => Some(Number::Int(*i)),
            V::Bool(b) => Some(Number::Int(i64::from(*b))),
            V::Float(f) => Some(Number::Float(*f)),
            _ => None,
        };
        let text = match (&formatted, &value) {
            (Some(_), V::Instance(instance)) if instance.class.is_enum() => {
                return Ok(Err(V::not_read(at, "how this enum formats its members")));
            }
            (Some(_), _) => String::new(),
            (None, V::Object(id)) if self.object(*id).user.is_some() => {
                return Ok(Err(V::not_read(
                    at,
                    "how objects of this class are formatted",
                )));
            }
            // They take no format at all.
            (None, V::Object(_)) => {
                return self.raise("TypeError", "unsupported format string", at);
            }
            (None, V::Instance(instance))
                if !instance.class.is_enum()
                    && !matches!(super::signature::plain(&value), V::Str(_)) =>
            {
                return self.raise("TypeError", "unsupported format string", at);
            }
            (None, V::Str(_) | V::Member(..) | V::Instance(_)) => {
                match self.text_of(&value, at)? {
                    Ok(text) => text,
                    Err(unread) => return Ok(Err(unread)),
                }
            }
            (
                None,
                V::None
                | V::List(_)
                | V::Tuple(_)
                | V::Dict(_)
                | V::Set(_)
                | V::Bytes(_)
                | V::Range(..)
                | V::Path(_),
            ) => return self.raise("TypeError", "unsupported format string", at),
            _ => return Ok(Err(V::not_read(at, "the format of this"))),
        };
        let spec = match self.outcome(Spec::parse(spec), at)? {
            Ok(spec) => spec,
            Err(unread) => return Ok(Err(unread)),
        };
        if spec.width > MAX_SIZE || spec.precision.unwrap_or(0) > 4096 {
            return Ok(Err(self.too_large(at, "This text")));
        }
        let formatted = formatted.map_or(Formatted::Text(&text), Formatted::Number);
        self.outcome(spec.apply(formatted), at)
    }

    /// `str(value)`.
    pub(super) fn text_of(&mut self, value: &V<'a>, at: At) -> R<'a, Made<'a>> {
        match value {
            V::Member(e, position) => {
                let name = e
                    .members
                    .get(*position as usize)
                    .map_or("", |(name, _)| name);
                return Ok(Ok(format!("{}.{name}", e.name)));
            }
            V::Str(text) => return Ok(Ok(text.text.to_string())),
            V::Path(path) => return Ok(Ok(path.to_string())),
            V::Exception(raised) => {
                return match raised.arguments.as_slice() {
                    [] => Ok(Ok(String::new())),
                    [one] => {
                        let one = one.clone();
                        if &*raised.class == "KeyError" {
                            return self.repr(&one, at);
                        }
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
                if instance.class.is_enum() {
                    let name = instance.attributes.own("name").unwrap_or(V::None);
                    let name = name.as_str().unwrap_or("");
                    return Ok(Ok(format!("{}.{name}", instance.class.name)));
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
                if !self.object(id).class.is_element()
                    && self.object(id).class != crate::model::vocabulary::Class::Assumption
                {
                    return Ok(Err(V::not_read(at, format!("the text of a {class}"))));
                }
                return Ok(Ok(match self.object(id).class {
                    crate::model::vocabulary::Class::Assumption => name,
                    _ => match user {
                        Some(own) => format!("{}({name})", own.name),
                        None => format!("{class}({name})"),
                    },
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
        if let Some(unread) = self.touched.why(value) {
            return Ok(Err(V::Unread(Rc::clone(unread))));
        }
        Ok(Ok(match value {
            V::None => "None".into(),
            V::Ellipsis => "Ellipsis".into(),
            V::NotImplemented => "NotImplemented".into(),
            V::Bool(b) => if *b { "True" } else { "False" }.into(),
            V::Int(i) => i.to_string(),
            V::Float(f) => float::written(*f),
            V::Str(text) => return self.outcome(quote::text(&text.text), at),
            V::Bytes(bytes) => quote::bytes(bytes),
            V::List(items) => {
                let items = items.borrow().clone();
                return self.repr_items(&items, "[", "]", at);
            }
            V::Tuple(items) if items.len() == 1 => {
                return self.repr_items(items, "(", ",)", at);
            }
            V::Tuple(items) => return self.repr_items(items, "(", ")", at),
            V::Dict(dict) | V::Set(dict) if dict.borrow().doubt.is_some() => {
                let unread = dict.borrow().doubt.clone();
                return Ok(Err(unread.map_or(V::None, V::Unread)));
            }
            V::Set(set) if set.borrow().make != super::value::dict::Make::Plain => {
                return Ok(Err(V::not_read(at, "how this set is shown")));
            }
            V::Set(dict) => {
                let (keys, frozen) = (dict.borrow().keys(), dict.borrow().frozen);
                return match (keys.as_slice(), frozen) {
                    ([], true) => Ok(Ok("frozenset()".into())),
                    ([], false) => Ok(Ok("set()".into())),
                    ([_], true) => self.repr_items(&keys, "frozenset({", "})", at),
                    ([_], false) => self.repr_items(&keys, "{", "}", at),
                    _ => Ok(Err(V::not_read(at, "the order of a set"))),
                };
            }
            V::Path(path) if super::paths::of_machine(path) => {
                return Ok(Err(V::not_read(
                    at,
                    "where the repository lies on a machine",
                )));
            }
            V::Path(_) => return Ok(Err(V::not_read(at, "which class of paths this is"))),
            V::Dict(dict) if dict.borrow().make != super::value::dict::Make::Plain => {
                return Ok(Err(V::not_read(at, "how this dictionary is shown")));
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
                match super::members::member_value(e, *at) {
                    V::Int(value) => format!("<{}.{name}: {value}>", e.name),
                    value => format!("<{}.{name}: '{}'>", e.name, value.as_str().unwrap_or("")),
                }
            }
            V::Type(name) => format!("<class '{name}'>"),
            V::ExceptionClass(name) if super::exceptions::is_known(name) => {
                format!("<class '{name}'>")
            }
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
            let held = instance.attributes.own("value").unwrap_or(V::None);
            let class = Rc::clone(&instance.class);
            return Ok(self
                .repr(&held, at)?
                .map(|held| format!("<{}.{}: {held}>", class.name, name.as_str().unwrap_or(""))));
        }
        let fields = instance.class.fields();
        if fields.is_empty() || instance.class.is_nested && instance.class.is_dataclass_like() {
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
}
