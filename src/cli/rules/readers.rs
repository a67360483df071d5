//! Which built-in rules read an attribute (`tmrs describe`).

use crate::condition::{Read, Receiver};
use crate::model::vocabulary::{self, Class};
use crate::rules::Catalogue;

/// What the conditions of the built-in rules read.
pub(in crate::cli) struct Readers {
    catalogue: Option<Catalogue>,
    /// By rule, in the order of the catalogue.
    reads: Vec<Vec<Read>>,
}

impl Readers {
    /// Of every built-in rule, whatever its pack.
    pub(in crate::cli) fn new() -> Self {
        let catalogue = super::built_in();
        let reads = catalogue
            .iter()
            .flat_map(Catalogue::rules)
            .map(|rule| {
                rule.condition
                    .as_ref()
                    .map(|condition| condition.reads())
                    .unwrap_or_default()
            })
            .collect();
        Self { catalogue, reads }
    }

    /// The ids of the rules that read an attribute of a class, sorted.
    pub(in crate::cli) fn of(&self, class: Class, attribute: &str) -> Vec<&str> {
        let rules = self.catalogue.iter().flat_map(Catalogue::rules);
        rules
            .zip(&self.reads)
            .filter(|(rule, reads)| {
                reads
                    .iter()
                    .any(|read| reads_it(read, &rule.rule.target, class, attribute))
            })
            .map(|(rule, _)| &*rule.rule.id)
            .collect()
    }

    /// The same as part of a line: the first ids, and how many more.
    pub(in crate::cli) fn in_words(&self, class: Class, attribute: &str) -> Option<String> {
        const SHOWN: usize = 6;
        let ids = self.of(class, attribute);
        let first = ids
            .iter()
            .take(SHOWN)
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        match ids.len() {
            0 => None,
            count if count <= SHOWN => Some(format!("read by {first}")),
            count => Some(format!("read by {first} and {} more", count - SHOWN)),
        }
    }
}

/// Whether a read means that attribute of that class.
fn reads_it(read: &Read, target: &[Class], class: Class, attribute: &str) -> bool {
    let related = |other: &Class| other.is_a(class) || class.is_a(*other);
    if class == Class::Controls
        && read.on == Receiver::Target
        && let Some(control) = vocabulary::flat_control(Class::Element, &read.attribute)
    {
        return control.name == attribute
            && target
                .iter()
                .all(|c| c.attribute(&read.attribute).is_none());
    }
    *read.attribute == *attribute
        && match &read.on {
            Receiver::Target => target.iter().any(related),
            Receiver::Classes(classes) => classes.iter().any(related),
            Receiver::Unknown => class.attribute(attribute).is_some(),
        }
}
