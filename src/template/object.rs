//! What a pytm template sees: pytm's objects, read from a report.
//!
//! Attribute names, defaults and texts are pytm 1.4.0's. Objects point at each
//! other, so they are handles into the report and their attributes are looked
//! up when a template asks.

use std::collections::BTreeSet;

use super::facts::Facts;
use crate::model::vocabulary::{Class, Enumeration};
use crate::report::AssumptionInfo;

/// An object of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object<'a> {
    /// Python's None.
    Nothing,
    /// True or False.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Object<'a>>),
    /// A set of numbers.
    Set(Vec<Object<'a>>),
    /// A set of Data, by id.
    DataSet(Vec<u32>),
    /// The model.
    Tm,
    /// An element, boundary or flow.
    Element {
        /// Its id.
        id: u32,
        /// Whether it is one of the copies that pytm makes for templates:
        /// empty collections are the text `[]`, findings are escaped for HTML.
        copied: bool,
    },
    /// A Data, by id.
    Datum(u32),
    /// The controls of an element, by its id.
    Controls(u32),
    /// A finding, by its position in the report.
    Finding {
        /// Its position.
        at: usize,
        /// Whether its texts are escaped for HTML.
        escaped: bool,
    },
    /// A rule, by its position in the report; its texts are escaped for HTML.
    Rule(usize),
    /// An assumption.
    Assumption(&'a AssumptionInfo),
    /// An assumption of which only the text is known.
    AssumptionText(String),
    /// A member of an enum.
    Member(&'static Enumeration, u8),
    /// A class, by name.
    Class(String),
    /// Something to call: an object and the name of its method.
    Method(Box<Object<'a>>, &'static str),
}

/// Methods that templates can call, without arguments.
const METHODS: [&str; 12] = [
    "display_name",
    "parents",
    "hasDataLeaks",
    "check",
    "label",
    "upper",
    "lower",
    "title",
    "strip",
    "capitalize",
    "lstrip",
    "rstrip",
];

impl<'a> Object<'a> {
    /// Text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// What Python's `bool()` says.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Bool(value) => *value,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) | Self::Set(items) => !items.is_empty(),
            Self::DataSet(ids) => !ids.is_empty(),
            _ => true,
        }
    }

    /// The items of a collection; `None` for anything else, texts included.
    pub(super) fn items(&self) -> Option<Vec<Object<'a>>> {
        match self {
            Self::List(items) | Self::Set(items) => Some(items.clone()),
            Self::DataSet(ids) => Some(ids.iter().map(|id| Self::Datum(*id)).collect()),
            _ => None,
        }
    }

    /// The attribute of that name, or the method.
    pub(super) fn attribute(&self, name: &str, facts: &Facts<'a>) -> Option<Object<'a>> {
        if name == "__class__" {
            return Some(Self::Class(self.class_name(facts)));
        }
        let own = match self {
            Self::Tm => facts.of_model(name),
            Self::Element { id, copied } => facts.of_element(*id, name, *copied),
            Self::Datum(id) => facts.of_datum(*id, name),
            Self::Controls(id) => facts.of_controls(*id, name),
            Self::Finding { at, escaped } => facts.of_finding(*at, name, *escaped),
            Self::Rule(at) => facts.of_rule(*at, name),
            Self::Assumption(assumption) => match name {
                "name" => Some(facts.said(&assumption.name)),
                "description" => Some(facts.said(&assumption.description)),
                "exclude" => {
                    let ids = assumption.exclude.iter().map(|id| facts.said(id));
                    Some(Self::Set(ids.collect()))
                }
                _ => None,
            },
            Self::AssumptionText(text) => match name {
                "name" => Some(facts.said(text)),
                "description" => Some(Self::text("")),
                _ => None,
            },
            Self::Member(e, at) => match name {
                "name" => Some(Self::text(e.members[*at as usize].0)),
                "value" => Some(member_value(e, *at)),
                _ => None,
            },
            Self::Class(class) => (name == "__name__").then(|| Self::text(class.clone())),
            _ => None,
        };
        own.or_else(|| self.method(name))
    }

    fn method(&self, name: &str) -> Option<Object<'a>> {
        let method = METHODS.into_iter().find(|known| *known == name)?;
        let fits = match self {
            Self::Element { .. } => matches!(
                method,
                "display_name" | "parents" | "hasDataLeaks" | "check"
            ),
            Self::Member(e, _) => method == "label" && !e.ordered,
            Self::Text(_) => matches!(
                method,
                "upper" | "lower" | "title" | "strip" | "capitalize" | "lstrip" | "rstrip"
            ),
            _ => false,
        };
        fits.then(|| Self::Method(Box::new(self.clone()), method))
    }

    /// What a method gives; anything else is itself.
    pub(super) fn call(&self, facts: &Facts<'a>) -> Object<'a> {
        let Self::Method(owner, method) = self else {
            return self.clone();
        };
        match (&**owner, *method) {
            (Self::Element { id, .. }, "display_name") => Self::text(facts.display_name(*id)),
            (Self::Element { id, .. }, "parents") => Self::List(facts.parents(*id)),
            (Self::Element { id, .. }, "hasDataLeaks") => Self::Bool(facts.has_data_leaks(*id)),
            (Self::Element { .. }, _) => Self::Bool(true),
            (Self::Member(e, at), _) => {
                let name = member_value(e, *at).show(facts);
                Self::text(name.to_lowercase().replace('_', " "))
            }
            (Self::Text(text), "upper") => Self::text(text.to_uppercase()),
            (Self::Text(text), "lower") => Self::text(text.to_lowercase()),
            (Self::Text(text), "title") => Self::text(titled(text, true)),
            (Self::Text(text), "capitalize") => Self::text(titled(text, false)),
            (Self::Text(text), "strip") => Self::text(text.trim()),
            (Self::Text(text), "lstrip") => Self::text(text.trim_start()),
            (Self::Text(text), _) => Self::text(text.trim_end()),
            (other, _) => other.clone(),
        }
    }

    /// What Python's `str()` says; objects without a text of their own are shown
    /// without pytm's memory addresses.
    pub(super) fn show(&self, facts: &Facts<'a>) -> String {
        match self {
            Self::Nothing => "None".into(),
            Self::Bool(value) => if *value { "True" } else { "False" }.into(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => format!("{number:?}"),
            Self::Text(text) => text.clone(),
            Self::List(items) => format!("[{}]", reprs(items, facts)),
            Self::Set(items) if items.is_empty() => "set()".into(),
            Self::Set(items) => format!("{{{}}}", reprs(items, facts)),
            Self::DataSet(ids) => {
                let names: BTreeSet<String> = ids.iter().map(|id| facts.datum_name(*id)).collect();
                names.into_iter().collect::<Vec<_>>().join(", ")
            }
            Self::Tm => facts.said(&facts.model.name).show(facts),
            Self::Element { id, .. } => format!("{}({})", facts.class(*id), facts.name(*id)),
            Self::Datum(id) => format!("Data({})", facts.datum_name(*id)),
            Self::Controls(id) => facts.controls_text(*id),
            Self::Finding { at, escaped } => {
                let part = |name| {
                    let value = facts.of_finding(*at, name, *escaped);
                    value.map(|value| value.show(facts)).unwrap_or_default()
                };
                format!(
                    "'{}': {}\n{}\n{}",
                    part("target"),
                    part("description"),
                    part("details"),
                    part("severity")
                )
            }
            Self::Rule(at) => facts
                .of_rule(*at, "id")
                .unwrap_or(Self::Nothing)
                .show(facts),
            Self::Assumption(assumption) => facts.said(&assumption.name).show(facts),
            Self::AssumptionText(text) => facts.said(text).show(facts),
            Self::Member(e, at) => format!("{}.{}", e.name, e.members[*at as usize].0),
            Self::Class(class) => format!("<class '{class}'>"),
            Self::Method(_, name) => format!("<method {name}>"),
        }
    }

    /// What Python's `repr()` says.
    pub(super) fn repr(&self, facts: &Facts<'a>) -> String {
        match self {
            Self::Text(text) => {
                let quote = if text.contains('\'') && !text.contains('"') {
                    '"'
                } else {
                    '\''
                };
                let inner = text.replace('\\', "\\\\").replace('\n', "\\n");
                let inner = if quote == '\'' {
                    inner.replace('\'', "\\'")
                } else {
                    inner
                };
                format!("{quote}{inner}{quote}")
            }
            Self::Nothing
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::List(_)
            | Self::Set(_) => self.show(facts),
            Self::Member(e, at) => {
                let value = member_value(e, *at).repr(facts);
                format!("<{}: {value}>", self.show(facts)).replace("<: ", &format!("<{}", e.name))
            }
            _ => format!("<{}>", self.show(facts)),
        }
    }

    /// The name of the object's class.
    pub(super) fn class_name(&self, facts: &Facts<'_>) -> String {
        match self {
            Self::Nothing => "NoneType".into(),
            Self::Bool(_) => "bool".into(),
            Self::Int(_) => "int".into(),
            Self::Float(_) => "float".into(),
            Self::Text(_) => "str".into(),
            Self::List(_) => "list".into(),
            Self::Set(_) => "set".into(),
            Self::DataSet(_) => "DataSet".into(),
            Self::Tm => "TM".into(),
            Self::Element { id, .. } => facts.class(*id).to_owned(),
            Self::Datum(_) => "Data".into(),
            Self::Controls(_) => "Controls".into(),
            Self::Finding { .. } => "Finding".into(),
            Self::Rule(_) => "Threat".into(),
            Self::Assumption(_) | Self::AssumptionText(_) => "Assumption".into(),
            Self::Member(e, _) => e.name.into(),
            Self::Class(_) => "type".into(),
            Self::Method(..) => "method".into(),
        }
    }

    /// Names of attributes, for a message about an unknown one.
    pub(super) fn attribute_names(&self, facts: &Facts<'_>) -> Vec<&'static str> {
        let class = match self {
            Self::Tm => Class::TM,
            Self::Element { id, .. } => Class::named(facts.base(*id)).unwrap_or(Class::Element),
            Self::Datum(_) => Class::Data,
            Self::Controls(_) => Class::Controls,
            Self::Finding { .. } | Self::Rule(_) => Class::Finding,
            Self::Assumption(_) | Self::AssumptionText(_) => Class::Assumption,
            _ => return METHODS.to_vec(),
        };
        class
            .attributes()
            .iter()
            .map(|attribute| attribute.name)
            .collect()
    }
}

/// Texts as a list's items.
pub(super) fn texts<'a>(texts: &[impl AsRef<str>]) -> Vec<Object<'a>> {
    texts
        .iter()
        .map(|text| Object::text(text.as_ref()))
        .collect()
}

fn reprs(items: &[Object<'_>], facts: &Facts<'_>) -> String {
    let items: Vec<String> = items.iter().map(|item| item.repr(facts)).collect();
    items.join(", ")
}

/// A member's value as pytm numbers or spells it.
fn member_value<'a>(e: &Enumeration, at: u8) -> Object<'a> {
    let name = e.members[at as usize].0;
    if e.ordered {
        return Object::Int(i64::from(at));
    }
    Object::text(match (e.name, name) {
        ("Lifetime", "SHORT") => "SHORT_LIVED",
        ("Lifetime", "LONG") => "LONG_LIVED",
        ("Lifetime", "AUTO") => "AUTO_REVOKABLE",
        ("Lifetime", "MANUAL") => "MANUALLY_REVOKABLE",
        (_, name) => name,
    })
}

/// `every Word` or only the first, with a capital.
fn titled(text: &str, every: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        let begins = c.is_alphabetic() && !inside;
        if begins && (every || out.is_empty()) {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        inside = c.is_alphabetic();
    }
    out
}
