//! Layer `inventory`: what a row of a table says of a part.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Fact, Said};
use crate::model::vocabulary::{Attribute, Class};
use crate::source::Place;

/// What something is, as a table says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    /// The names that mean it.
    pub(super) names: Vec<String>,
    /// The class.
    pub(super) class: String,
    /// Attributes and controls.
    #[serde(default)]
    pub(super) says: BTreeMap<String, Value>,
    /// Variables that set a password which callers must know.
    #[serde(default)]
    pub(super) asked: Vec<String>,
    /// Variables with the value that lets everybody in; `*` is any that says yes.
    #[serde(default)]
    pub(super) open: BTreeMap<String, String>,
}

/// A value in a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Value {
    Flag(bool),
    Word(String),
    Words(Vec<String>),
}

impl Row {
    /// The class; a test holds the tables to the vocabulary.
    pub(super) fn class(&self) -> Class {
        Class::named(&self.class).unwrap_or(Class::Process)
    }

    /// What the row says, as said where the name stands.
    pub(super) fn facts(&self, place: &Place) -> Vec<Fact> {
        let facts = self.says.iter().filter_map(|(name, value)| {
            let attribute = attribute(self.class(), name)?;
            let said = match value {
                Value::Flag(said) => Said::Flag(*said),
                Value::Word(said) => Said::Word(said.clone()),
                Value::Words(said) => Said::Words(said.clone()),
            };
            Some(Fact::new(attribute.name, said, place))
        });
        facts.collect()
    }
}

/// The attribute or control of that name.
pub(super) fn attribute(class: Class, name: &str) -> Option<&'static Attribute> {
    class
        .attribute(name)
        .or_else(|| Class::Controls.attribute(name))
}

/// The rows of a table that is built in; a test reads each.
pub(super) fn rows(table: &str) -> Vec<Row> {
    serde_yaml::from_str(table).unwrap_or_default()
}

#[cfg(test)]
pub(super) fn assert_sound(table: &str) {
    use crate::model::vocabulary::Kind;
    let rows: Vec<Row> = serde_yaml::from_str(table).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for row in &rows {
        let class = Class::named(&row.class).unwrap_or_else(|| panic!("{}", row.class));
        for name in &row.names {
            assert!(seen.insert(name), "{name} stands twice");
        }
        for (name, value) in &row.says {
            let known = attribute(class, name);
            let known = known.unwrap_or_else(|| panic!("{} has no {name}", row.class));
            let fits = match (known.kind, value) {
                (Kind::Bool, Value::Flag(_)) | (Kind::Texts, Value::Words(_)) => true,
                (Kind::Text, Value::Word(_)) => true,
                (Kind::Enum(of), Value::Word(word)) => of.position(word).is_some(),
                _ => false,
            };
            assert!(fits, "{:?}: {name}", row.names);
        }
    }
}
