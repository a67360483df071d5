//! Whether pytm would take a value for an attribute, and what it keeps of it: as pydantic
//! judges the types of pytm 1.4.0, or stricter where no model gives such values.

use super::interpreter::{Interpreter, R};
use super::sayings::{Wanted, plain_value};
use super::value::{At, ObjId, V};
use crate::model::vocabulary::{Attribute, Class, Enumeration, Kind, Since};

impl<'a> Interpreter<'a> {
    /// The value as pytm keeps it: converted where pytm converts, collections copied.
    pub(super) fn admit(
        &mut self,
        id: ObjId,
        attribute: &'static Attribute,
        value: &V<'a>,
        at: At,
    ) -> R<'a, Result<V<'a>, Wanted>> {
        let (class, finished) = (self.object(id).class, self.object(id).finished);
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
        // pydantic makes objects, numbers and text of these by rules of its own.
        let converts = match (attribute.kind, value) {
            (Kind::Bool | Kind::Int | Kind::Text, V::Bytes(_)) => true,
            (Kind::Int, V::Str(text)) => text.text.contains(['_', '.']),
            (Kind::Boundary | Kind::Element | Kind::Flow, V::Dict(_)) => true,
            _ => false,
        };
        if converts {
            let what = format!(
                "What pytm makes of this value for `{}` is not read",
                attribute.name
            );
            return Ok(Ok(self.refuse(
                at,
                what,
                "write the object, number or text itself",
            )));
        }
        if let (Class::Assumption, "exclude") = (class, attribute.name) {
            return self.excluded(value, finished, at);
        }
        // pydantic ends where it meets the object again of which it checks a value.
        let is_itself = matches!(value, V::Object(of) if *of == id);
        Ok(match attribute.kind {
            Kind::Boundary if is_itself => Err("another Boundary than itself"),
            Kind::Flow if is_itself => Err("another Dataflow than itself"),
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
            Kind::Element if self.one(value, Class::Dataflow, "", false).is_ok() => {
                let what = "A flow as the end of a flow is not read";
                Ok(self.refuse(at, what, "let the flow end at an element"))
            }
            Kind::Element => self.one(value, Class::Element, "an element", false),
            Kind::Elements => self.all_of(value, Class::Element, "a list of elements", at)?,
            Kind::Flows => self.all_of(value, Class::Dataflow, "a list of flows", at)?,
            Kind::Texts => match self.listed_items(value, at)? {
                Some(items) if items.iter().all(may_be_text) => Ok(doubtful(items, V::list)),
                _ => Err("a list of texts"),
            },
            Kind::Ints => self.numbers(value, at)?,
            Kind::DataSet => self.data_set(class, value, at)?,
            Kind::Assumptions => self.admit_assumptions(class, value, at)?,
            Kind::Findings => self.admit_overrides(value, at)?,
            Kind::Controls => Ok(value.clone()),
            Kind::Internal => self.of_pytm_itself(attribute.name, value, at)?,
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

    /// The items of what pydantic takes for a list: a text or a mapping is none.
    fn listed_items(&mut self, value: &V<'a>, at: At) -> R<'a, Option<Vec<V<'a>>>> {
        match value {
            V::Dict(_) => Ok(None),
            _ => self.copied_items(value, at),
        }
    }

    /// A list of objects of one class.
    fn all_of(
        &mut self,
        value: &V<'a>,
        class: Class,
        wanted: Wanted,
        at: At,
    ) -> R<'a, Result<V<'a>, Wanted>> {
        let Some(items) = self.listed_items(value, at)? else {
            return Ok(Err(wanted));
        };
        let fits = |item: &V<'a>| match item {
            V::Object(id) => self.object(*id).class.is_a(class),
            item => matches!(item, V::Unread(_)),
        };
        Ok(if items.iter().all(fits) {
            Ok(doubtful(items, V::list))
        } else {
            Err(wanted)
        })
    }

    /// Whole numbers: one, several, or the default.
    fn numbers(&mut self, value: &V<'a>, at: At) -> R<'a, Result<V<'a>, Wanted>> {
        const WANTED: Wanted = "whole numbers";
        if let V::None = value {
            return Ok(Ok(V::set([V::Int(0)])));
        }
        if let Some(one) = whole_number(value) {
            return Ok(Ok(V::set([V::Int(one)])));
        }
        let Some(items) = self.copied_items(value, at)? else {
            return Ok(Err(WANTED));
        };
        let number = |item: V<'a>| match item {
            V::Unread(_) => Some(item),
            item => whole_number(&item).map(V::Int),
        };
        Ok(match items.into_iter().map(number).collect() {
            Some(numbers) => Ok(doubtful(numbers, V::set)),
            None => Err(WANTED),
        })
    }

    /// The ids that an assumption rules out. Once it is made, pytm keeps any value as it is and
    /// asks for the id in it: of a text that finds parts of ids, of what gives items once nothing.
    fn excluded(&mut self, value: &V<'a>, finished: bool, at: At) -> R<'a, Result<V<'a>, Wanted>> {
        const WANTED: Wanted = "a list of ids of rules";
        match value {
            V::None if !finished => return Ok(Ok(V::set([]))),
            V::Iter(_) | V::View(..) | V::Range(..) | V::Str(_) | V::Dict(_) if finished => {}
            _ => match self.listed_items(value, at)? {
                Some(items) if items.iter().all(may_be_text) => {
                    // The constructor makes a set of it.
                    return Ok(Ok(match value {
                        V::List(_) if finished => doubtful(items, V::list),
                        V::Tuple(_) if finished => doubtful(items, V::tuple),
                        _ => doubtful(items, V::set),
                    }));
                }
                _ if finished => {}
                _ => return Ok(Err(WANTED)),
            },
        }
        let what = "What pytm finds in this `exclude` is not read";
        Ok(Ok(self.refuse(at, what, "give it a list of ids")))
    }

    /// Data, or several, or text that stands for one.
    fn data_set(&mut self, class: Class, value: &V<'a>, at: At) -> R<'a, Result<V<'a>, Wanted>> {
        // A flow keeps None among its data and stops at it later; other classes leave it out.
        let is_flow = class == Class::Dataflow;
        let mut items = match value {
            V::None => vec![V::None],
            V::Object(_) | V::Str(_) => vec![value.clone()],
            _ => match self.copied_items(value, at)? {
                Some(items) => items,
                None => return Ok(Err("Data or several of them")),
            },
        };
        items.retain(|item| is_flow || !matches!(item, V::None));
        let sound = items.iter().all(|item| match item {
            V::Object(id) => self.object(*id).class == Class::Data,
            V::Str(_) | V::Unread(_) => true,
            _ => false,
        });
        if !sound {
            return Ok(Err("Data or several of them"));
        }
        Ok(Ok(doubtful(items, V::data)))
    }

    /// Assumptions; of a whole model also their names, and one alone.
    fn admit_assumptions(
        &mut self,
        class: Class,
        value: &V<'a>,
        at: At,
    ) -> R<'a, Result<V<'a>, Wanted>> {
        let of_model = class == Class::TM;
        let wanted = if of_model {
            "a list of assumptions"
        } else {
            "a list of Assumption objects"
        };
        let items = match value {
            V::None if of_model => Vec::new(),
            V::Str(_) | V::Dict(_) | V::Object(_) if of_model => vec![value.clone()],
            _ => match self.listed_items(value, at)? {
                Some(items) => items,
                None => return Ok(Err(wanted)),
            },
        };
        let mut made = Vec::with_capacity(items.len());
        for item in items {
            made.push(match &item {
                V::Object(id) if self.object(*id).class == Class::Assumption => item,
                V::Unread(_) => item,
                V::Str(text) if of_model => {
                    let at = text.at.unwrap_or(at);
                    let args = super::value::function::Args::of(at, [item.clone()]);
                    V::Object(self.construct(Class::Assumption, None, args)?)
                }
                V::Dict(dict) => {
                    let dict = dict.borrow().clone();
                    V::Object(self.object_of_dict(Class::Assumption, &dict, at)?)
                }
                _ => return Ok(Err(wanted)),
            });
        }
        Ok(Ok(doubtful(made, V::list)))
    }

    fn admit_overrides(&mut self, value: &V<'a>, at: At) -> R<'a, Result<V<'a>, Wanted>> {
        const WANTED: Wanted = "a list of Findings";
        let Some(items) = self.listed_items(value, at)? else {
            return Ok(Err(WANTED));
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
                _ => return Ok(Err(WANTED)),
            });
        }
        Ok(Ok(doubtful(made, V::list)))
    }

    fn refuse_own(&mut self, name: &str, at: At) -> V<'a> {
        let what = format!("What a model says of `{name}` is not read");
        self.refuse(at, what, "leave it out: pytm fills it itself")
    }

    /// What pytm fills itself. A model that says it is read where that changes nothing.
    fn of_pytm_itself(
        &mut self,
        name: &str,
        value: &V<'a>,
        at: At,
    ) -> R<'a, Result<V<'a>, Wanted>> {
        Ok(match name {
            "severity" => whole_number(value).map(V::Int).ok_or("a whole number"),
            "is_drawn" => yes_or_no(value).map(V::Bool).ok_or("True or False"),
            "findings" | "excluded_findings" => match self.listed_items(value, at)? {
                Some(items) if items.is_empty() => Ok(V::list(items)),
                _ => Ok(self.refuse_own(name, at)),
            },
            "element" => self.one(value, Class::Element, "an element", true),
            "assumption" if matches!(value, V::None) => Ok(V::None),
            _ => Ok(self.refuse_own(name, at)),
        })
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
    match super::members::position_by_value(e, value).or_else(named) {
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
