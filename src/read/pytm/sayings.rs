//! `element.attribute = value`: which attribute is meant, and whether pytm would take the value.

use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, R};
use super::objects::Held;
use super::value::{At, ObjId, V};
use crate::model::vocabulary::{self, Attribute, Class, Enumeration, Kind, Since};
use crate::notice::{Meant, Notice, Severity, code, nearest};

/// How many attributes one object may be given.
const MAX_ATTRIBUTES: usize = 2_000;

/// What a value should have been.
type Wanted = &'static str;

fn meant_by(name: &str, attribute: &'static Attribute, is_flat: bool) -> Meant {
    Meant {
        written: name.to_owned(),
        attribute: attribute.name,
        is_flat,
    }
}

impl<'a> Interpreter<'a> {
    /// Says something about an object; the last word counts.
    pub(super) fn say(&mut self, id: ObjId, name: &str, value: V<'a>, at: At) -> R<'a, ()> {
        self.allot(128, at)?;
        if self.object(id).slots.len() >= MAX_ATTRIBUTES {
            return Err(self.limit(at, "an object with so many attributes"));
        }
        let class = self.object(id).class;
        if self.object(id).finished && class.is_element() && self.registry.is_late() {
            self.note_late(class, at, Severity::Warning);
        }
        let value = self.fitted(id, name, plain_value(value, at), at);
        let value = match (&self.doubt, self.object(id).finished) {
            (Some(unread), true) => V::Unread(Rc::clone(unread)),
            _ => value,
        };
        if name.starts_with('_') {
            self.hold(id, name, value, at);
            return Ok(());
        }
        if name == "controls" && class.is_element() {
            return self.say_controls(id, value, at);
        }
        if let Some(attribute) = class.attribute(name) {
            return self.say_known(id, attribute, value, at);
        }
        if name == "threats" && class.is_element() {
            self.hold(id, name, value, at);
            return Ok(());
        }
        let meant = vocabulary::respelled(class, name);
        if let Some(attribute) = meant {
            let message = format!("`{name}` is read as `{}`", attribute.name);
            self.notice(
                Notice::note(code::RESPELLED_ATTRIBUTE, self.place(at), message)
                    .with_help(format!("pytm ignores `{name}`; write `{}`", attribute.name))
                    .with_meant(meant_by(name, attribute, false)),
            );
            return self.say_known(id, attribute, value, at);
        }
        if let Some(control) = vocabulary::flat_control(class, name) {
            let message = format!("`{name}` is read as `controls.{}`", control.name);
            let help = format!(
                "pytm 1.x ignores `{name}` here; write `controls.{}`",
                control.name
            );
            self.notice(
                Notice::note(code::FLAT_CONTROL, self.place(at), message)
                    .with_help(help)
                    .with_meant(meant_by(name, control, true)),
            );
            let controls = self.controls_of(id, at)?;
            return self.say_known(controls, control, value, at);
        }
        self.note_unknown(id, name, at);
        self.hold(id, name, value, at);
        Ok(())
    }

    pub(super) fn hold(&mut self, id: ObjId, name: &str, value: V<'a>, at: At) {
        self.object_mut(id).set(
            name,
            Held {
                value,
                at,
                said: true,
            },
        );
    }

    fn note_unknown(&mut self, id: ObjId, name: &str, at: At) {
        let (class, user) = (self.object(id).class, self.object(id).user.is_some());
        if user || class == Class::TM && name == "threats" {
            return;
        }
        let message = format!(
            "No {} has an attribute `{name}`; it is kept for own rules",
            class.name()
        );
        let mut notice = Notice::warning(code::UNKNOWN_ATTRIBUTE, self.place(at), message);
        let own = class.attributes().into_iter().map(|a| a.name);
        let controls = Class::Controls.attributes().into_iter().map(|a| a.name);
        let own_name = nearest(name, own).map(ToOwned::to_owned);
        let control = || nearest(name, controls).map(|control| format!("controls.{control}"));
        if let Some(meant) = own_name.or_else(|| class.is_element().then(control).flatten()) {
            notice = notice.with_help(format!("Did you mean `{meant}`?"));
        }
        self.notice(notice);
    }

    /// An attribute of the vocabulary.
    fn say_known(
        &mut self,
        id: ObjId,
        attribute: &'static Attribute,
        value: V<'a>,
        at: At,
    ) -> R<'a, ()> {
        if attribute.name == "name"
            && self.object(id).class.is_element()
            && self.object(id).get("name").is_some()
        {
            return self.raise("ValueError", "a name cannot be overwritten", at);
        }
        let taken = match self.admit(self.object(id).class, attribute, &value, at) {
            Err(exit) => match *exit {
                Exit::Unread(unread) => Ok(V::Unread(unread)),
                other => return Err(Box::new(other)),
            },
            Ok(taken) => taken,
        };
        let value = match taken {
            Ok(value) => value,
            Err(wanted) => {
                let message = format!("`{}` wants {wanted}", attribute.name);
                if self.caught("ValidationError") {
                    return self.raise("ValidationError", message, at);
                }
                self.notice(
                    Notice::at(
                        code::WRONG_TYPE,
                        self.fatal(),
                        self.place(at),
                        message.clone(),
                    )
                    .with_help(match attribute.since {
                        Since::Pytm => "pytm refuses this value and stops here",
                        Since::Tmrs(_) => "`tmrs describe` shows what it may be",
                    }),
                );
                V::unread(at, message)
            }
        };
        if let (Class::Dataflow, V::Object(other)) = (self.object(id).class, &value) {
            self.pair(id, attribute.name, *other, at);
        }
        self.hold(id, attribute.name, value, at);
        Ok(())
    }

    /// A request and its response know each other as soon as one is told of the other.
    fn pair(&mut self, id: ObjId, name: &str, other: ObjId, at: At) {
        let (request, response) = match name {
            "responseTo" => (other, id),
            "response" => (id, other),
            _ => return,
        };
        let follows = [
            (response, "isResponse", V::Bool(true)),
            (request, "response", V::Object(response)),
            (response, "responseTo", V::Object(request)),
        ];
        for (flow, name, value) in follows {
            if self.object(flow).get(name).is_none() {
                let said = false;
                self.object_mut(flow).set(name, Held { value, at, said });
            }
        }
    }

    /// The value as pytm keeps it: converted where pytm converts, collections copied.
    fn admit(
        &mut self,
        class: Class,
        attribute: &'static Attribute,
        value: &V<'a>,
        at: At,
    ) -> R<'a, Result<V<'a>, Wanted>> {
        if let V::Unread(_) = value {
            return Ok(Ok(value.clone()));
        }
        if let V::Library(name) = value {
            return Ok(Ok(V::not_read(at, name)));
        }
        if super::library::depends(value) && attribute.name != "threatsFile" {
            return Ok(Ok(V::not_read(
                at,
                "where the repository lies on a machine",
            )));
        }
        let plain = match value {
            V::Instance(instance) => instance.builtin.borrow().clone(),
            _ => None,
        };
        let value = plain.as_ref().unwrap_or(value);
        // pydantic makes numbers and text of these by rules of its own.
        let converts = match (attribute.kind, value) {
            (Kind::Bool | Kind::Int | Kind::Text, V::Bytes(_)) => true,
            (Kind::Int, V::Str(text)) => text.text.contains(['_', '.']),
            _ => false,
        };
        if converts {
            return Ok(Ok(V::not_read(at, "what pydantic makes of this value")));
        }
        Ok(match attribute.kind {
            Kind::Bool => yes_or_no(value).map(V::Bool).ok_or("True or False"),
            Kind::Int => whole_number(value).map(V::Int).ok_or("a whole number"),
            Kind::Text => match value {
                V::Str(_) => Ok(value.clone()),
                V::Path(path) if attribute.name == "threatsFile" => Ok(V::str(path)),
                _ => Err("text"),
            },
            Kind::Enum(e) => member(e, value, attribute.since != Since::Pytm),
            Kind::Boundary => self.one(value, Class::Boundary, "a Boundary", true),
            Kind::Flow => self.one(value, Class::Dataflow, "a Dataflow", true),
            Kind::Element => self.one(value, Class::Element, "an element", false),
            Kind::Elements | Kind::Flows => match value {
                V::Object(_) => Err("a list of elements"),
                _ => match self.copied_items(value, at)? {
                    Some(items) => Ok(doubtful(items, V::list)),
                    None => Err("a list of elements"),
                },
            },
            Kind::Texts => match value {
                V::None if class == Class::Assumption => Ok(V::list(Vec::new())),
                V::Dict(_) => Err("a list of texts"),
                _ => match self.copied_items(value, at)? {
                    Some(items) if items.iter().all(may_be_text) => Ok(doubtful(items, V::list)),
                    _ => Err("a list of texts"),
                },
            },
            Kind::Ints => match whole_number(value) {
                Some(one) => Ok(V::set([V::Int(one)])),
                None => match (value, self.copied_items(value, at)?) {
                    (V::Str(_), _) | (_, None) => Err("whole numbers"),
                    (_, Some(items)) => Ok(doubtful(items, V::set)),
                },
            },
            Kind::DataSet => self.data_set(value, at)?,
            Kind::Assumptions => self.admit_assumptions(value, at)?,
            Kind::Findings => self.admit_overrides(value, at)?,
            Kind::Controls | Kind::Internal => Ok(value.clone()),
        })
    }

    fn one(
        &self,
        value: &V<'a>,
        class: Class,
        wanted: Wanted,
        may_be_none: bool,
    ) -> Result<V<'a>, Wanted> {
        match value {
            V::None if may_be_none => Ok(V::None),
            V::Object(id) if self.object(*id).class.is_a(class) => Ok(value.clone()),
            _ => Err(wanted),
        }
    }

    /// The items of a collection, copied; `None` if it is none.
    fn copied_items(&mut self, value: &V<'a>, at: At) -> R<'a, Option<Vec<V<'a>>>> {
        match value {
            V::List(_)
            | V::Tuple(_)
            | V::Set(_)
            | V::Iter(_)
            | V::Range(..)
            | V::Deque(_)
            | V::View(..)
            | V::Dict(_) => {
                let unread = |item| match item {
                    V::Library(name) => V::not_read(at, name),
                    item => item,
                };
                let items = self.in_any_order(value, at)?;
                let items: Vec<_> = items.into_iter().map(unread).collect();
                self.allot(items.len() * 32, at)?;
                let items = items.into_iter().map(|item| plain_value(item, at));
                Ok(Some(items.collect()))
            }
            _ => Ok(None),
        }
    }

    /// Data, or several, or text that stands for one.
    fn data_set(&mut self, value: &V<'a>, at: At) -> R<'a, Result<V<'a>, Wanted>> {
        let items = match value {
            V::None => Vec::new(),
            V::Object(_) | V::Str(_) => vec![value.clone()],
            _ => match self.copied_items(value, at)? {
                Some(items) => items,
                None => return Ok(Err("Data or several of them")),
            },
        };
        let sound = items.iter().all(|item| match item {
            V::Object(id) => self.object(*id).class == Class::Data,
            V::Str(_) | V::Unread(_) | V::None => true,
            _ => false,
        });
        if !sound {
            return Ok(Err("Data or several of them"));
        }
        Ok(Ok(doubtful(items, V::data)))
    }

    fn admit_assumptions(&mut self, value: &V<'a>, at: At) -> R<'a, Result<V<'a>, Wanted>> {
        let items = match value {
            V::None => Vec::new(),
            V::Str(_) | V::Dict(_) | V::Object(_) => vec![value.clone()],
            _ => match self.copied_items(value, at)? {
                Some(items) => items,
                None => return Ok(Err("a list of assumptions")),
            },
        };
        let mut made = Vec::with_capacity(items.len());
        for item in items {
            made.push(match &item {
                V::Object(id) if self.object(*id).class == Class::Assumption => item,
                V::Unread(_) => item,
                V::Str(text) => {
                    let at = text.at.unwrap_or(at);
                    let args = super::function::Args::of(at, [item.clone()]);
                    V::Object(self.construct(Class::Assumption, None, args)?)
                }
                V::Dict(dict) => {
                    let dict = dict.borrow().clone();
                    V::Object(self.object_of_dict(Class::Assumption, &dict, at)?)
                }
                _ => return Ok(Err("a list of assumptions")),
            });
        }
        Ok(Ok(doubtful(made, V::list)))
    }

    fn admit_overrides(&mut self, value: &V<'a>, at: At) -> R<'a, Result<V<'a>, Wanted>> {
        let items = match value {
            V::Object(_) => vec![value.clone()],
            _ => match self.copied_items(value, at)? {
                Some(items) => items,
                None => return Ok(Err("a list of Findings")),
            },
        };
        let mut made = Vec::with_capacity(items.len());
        for item in items {
            made.push(match &item {
                V::Object(id) if self.object(*id).class == Class::Finding => item,
                V::Unread(_) => item,
                V::Dict(dict) => {
                    let dict = dict.borrow().clone();
                    V::Object(self.object_of_dict(Class::Finding, &dict, at)?)
                }
                _ => return Ok(Err("a list of Findings")),
            });
        }
        Ok(Ok(doubtful(made, V::list)))
    }
}

/// What a library's name stands for is not read.
fn plain_value(value: V<'_>, at: At) -> V<'_> {
    match value {
        V::Library(library) if !library.starts_with("pytm") => {
            V::outside(at, format!("`{library}` is not read"))
        }
        value => value,
    }
}

/// Whether a value is a text, or may be one.
fn may_be_text(value: &V<'_>) -> bool {
    match value {
        V::Str(_) | V::Unread(_) => true,
        V::Instance(instance) => matches!(*instance.builtin.borrow(), Some(V::Str(_))),
        _ => false,
    }
}

/// A collection, or unread as a whole if one of its items is.
fn doubtful<'a>(items: Vec<V<'a>>, make: impl FnOnce(Vec<V<'a>>) -> V<'a>) -> V<'a> {
    match items.iter().find(|item| matches!(item, V::Unread(_))) {
        Some(unread) => unread.clone(),
        None => make(items),
    }
}

/// What pydantic takes for a boolean.
fn yes_or_no(value: &V<'_>) -> Option<bool> {
    match value {
        V::Bool(b) => Some(*b),
        V::Int(0) => Some(false),
        V::Int(1) => Some(true),
        V::Float(f) if *f == 0.0 => Some(false),
        V::Float(f) if (*f - 1.0).abs() < f64::EPSILON => Some(true),
        V::Str(text) => match text.text.to_lowercase().as_str() {
            "0" | "off" | "f" | "false" | "n" | "no" => Some(false),
            "1" | "on" | "t" | "true" | "y" | "yes" => Some(true),
            _ => None,
        },
        _ => None,
    }
}

/// A member of an enum: itself, or by its value. An attribute that pytm does not know takes
/// the name, too: pytm holds any value there, and has no member to write.
fn member<'a>(e: &'static Enumeration, value: &V<'a>, by_name: bool) -> Result<V<'a>, Wanted> {
    match value {
        V::Member(known, _) if *known == e => return Ok(value.clone()),
        V::Member(..) => return Err("a member of another enum"),
        _ => {}
    }
    let named = || {
        value
            .as_str()
            .filter(|_| by_name)
            .and_then(|name| e.position(name))
    };
    match super::attributes::position_by_value(e, value).or_else(named) {
        Some(position) => Ok(V::Member(e, position)),
        None if by_name => Err("the name of a member of its enum"),
        None => Err("a member of its enum, not its name"),
    }
}

/// What pydantic takes for a whole number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "only whole numbers in range pass"
)]
fn whole_number(value: &V<'_>) -> Option<i64> {
    match value {
        V::Int(i) => Some(*i),
        V::Bool(b) => Some(i64::from(*b)),
        V::Float(f) if f.fract() == 0.0 && f.abs() < 9e15 => Some(*f as i64),
        V::Str(text) => text.text.trim().parse().ok(),
        _ => None,
    }
}
