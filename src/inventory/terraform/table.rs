//! Layer `inventory`: what types of resources are, as the table beside says.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::recognised::{Value, attribute};
use super::super::{Fact, Said};
use crate::model::vocabulary::Class;
use crate::source::Place;

const TABLE: &str = include_str!("resources.yaml");

/// A row; its head says what each field means.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Row {
    types: Vec<String>,
    class: Option<String>,
    pub(super) zone: Option<String>,
    pub(super) noun: Option<String>,
    says: BTreeMap<String, Value>,
    pub(super) facts: BTreeMap<String, String>,
    gives: BTreeMap<String, bool>,
    #[serde(rename = "in")]
    pub(super) inward: Vec<String>,
    #[serde(rename = "out")]
    pub(super) outward: Vec<String>,
    pub(super) of: Option<String>,
    pub(super) internet: Option<String>,
    pub(super) address: Vec<String>,
    pub(super) https: Option<String>,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| serde_yaml::from_str(TABLE).unwrap_or_default());

static BY_TYPE: LazyLock<BTreeMap<&'static str, &'static Row>> = LazyLock::new(|| {
    let named = ROWS.iter().flat_map(|row| {
        let types = row.types.iter();
        types.map(move |name| (name.as_str(), row))
    });
    named.collect()
});

/// The row of a type of resource.
pub(super) fn row(of: &str) -> Option<&'static Row> {
    BY_TYPE.get(of).copied()
}

impl Row {
    /// The class, if it is a part.
    pub(super) fn class(&self) -> Option<Class> {
        Class::named(self.class.as_deref()?)
    }

    /// What holds of every resource of the type.
    pub(super) fn says(&self, place: &Place) -> Vec<Fact> {
        let class = self.class().unwrap_or(Class::Asset);
        let says = self.says.iter().filter_map(|(name, value)| {
            let said = match value {
                Value::Flag(said) => Said::Flag(*said),
                Value::Word(said) => Said::Word(said.clone()),
                Value::Words(said) => Said::Words(said.clone()),
            };
            Some(Fact::new(attribute(class, name)?.name, said, place))
        });
        says.collect()
    }

    /// What a resource of the type gives the one that it is about.
    pub(super) fn gives(&self, place: &Place) -> Vec<Fact> {
        let gives = self.gives.iter().filter_map(|(name, said)| {
            Some(Fact::flag(
                attribute(Class::Server, name)?.name,
                *said,
                place,
            ))
        });
        gives.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::vocabulary::Kind;

    #[test]
    fn every_row_says_what_the_vocabulary_has() {
        let rows: Vec<Row> = serde_yaml::from_str(TABLE).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for row in &rows {
            for name in &row.types {
                assert!(seen.insert(name), "{name} stands twice");
            }
            assert_eq!(
                row.class.is_some(),
                row.class().is_some(),
                "{:?}",
                row.types
            );
            let class = row.class().unwrap_or(Class::Server);
            for (name, value) in &row.says {
                let known =
                    attribute(class, name).unwrap_or_else(|| panic!("{:?}: {name}", row.types));
                let fits = match (known.kind, value) {
                    (Kind::Bool, Value::Flag(_)) | (Kind::Text, Value::Word(_)) => true,
                    (Kind::Enum(of), Value::Word(word)) => of.position(word).is_some(),
                    _ => false,
                };
                assert!(fits, "{:?}: {name}", row.types);
            }
            for name in row.facts.values().chain(row.gives.keys()) {
                let known = attribute(class, name).map(|known| known.kind);
                assert_eq!(known, Some(Kind::Bool), "{:?}: {name}", row.types);
            }
        }
    }
}
