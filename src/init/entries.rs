//! Layer `init`: what of an inventory stands in a model, entry by entry.

use super::Told;
use crate::convert::scalar;
use crate::inventory::{Fact, Inventory, Said};
use crate::model::vocabulary::Class;
use crate::source::Place;

/// A section of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Zones.
    Boundaries,
    /// Parts, people, other systems.
    Elements,
    /// Who calls whom.
    Flows,
}

impl Section {
    pub(super) const ALL: [Self; 3] = [Self::Boundaries, Self::Elements, Self::Flows];

    /// Its key in a model.
    pub fn key(self) -> &'static str {
        match self {
            Self::Boundaries => "boundaries",
            Self::Elements => "elements",
            Self::Flows => "flows",
        }
    }

    /// One of its entries, in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Boundaries => "boundary",
            Self::Elements => "element",
            Self::Flows => "flow",
        }
    }
}

/// One entry of a section.
pub(super) struct Entry<'i> {
    pub(super) section: Section,
    pub(super) id: &'i str,
    pub(super) name: &'i str,
    /// What is said first, with the place of each.
    pub(super) first: Vec<(&'static str, &'i str, Option<&'i Place>)>,
    /// Attributes.
    pub(super) facts: Vec<&'i Fact>,
    /// Controls.
    pub(super) controls: Vec<&'i Fact>,
    pub(super) place: &'i Place,
}

impl Entry<'_> {
    pub(super) fn told(&self) -> Told {
        Told {
            section: self.section,
            id: self.id.to_owned(),
            place: self.place.clone(),
        }
    }

    /// The entries that it names.
    pub(super) fn needs(&self) -> impl Iterator<Item = (&'static str, Section, &str)> {
        self.first.iter().filter_map(|(key, value, _)| {
            let section = match *key {
                "inBoundary" => Section::Boundaries,
                "source" | "sink" => Section::Elements,
                _ => return None,
            };
            Some((*key, section, *value))
        })
    }
}

/// Every entry of the three sections.
pub(super) fn of(inventory: &Inventory) -> Vec<Entry<'_>> {
    let zones = inventory.zones.iter().map(|zone| {
        let inside = zone.inside.as_deref();
        let first = inside.map(|inside| ("inBoundary", inside, None));
        entry(
            Section::Boundaries,
            Class::Boundary,
            (&zone.id, &zone.name, &zone.place),
            first.into_iter().collect(),
            &zone.facts,
        )
    });
    let parts = inventory.parts.iter().map(|part| {
        let mut first = vec![("class", part.class.name(), Some(&part.class_place))];
        let zone = part.zone.as_ref();
        first.extend(zone.map(|(zone, place)| ("inBoundary", &**zone, Some(place))));
        entry(
            Section::Elements,
            part.class,
            (&part.id, &part.name, &part.place),
            first,
            &part.facts,
        )
    });
    let links = inventory.links.iter().map(|link| {
        let first = vec![("source", &*link.from, None), ("sink", &*link.to, None)];
        entry(
            Section::Flows,
            Class::Dataflow,
            (&link.id, &link.name, &link.place),
            first,
            &link.facts,
        )
    });
    zones.chain(parts).chain(links).collect()
}

/// Facts that the class has no word for are left out: several sources may have several views
/// of what one thing is.
fn entry<'i>(
    section: Section,
    class: Class,
    (id, name, place): (&'i str, &'i str, &'i Place),
    first: Vec<(&'static str, &'i str, Option<&'i Place>)>,
    facts: &'i [Fact],
) -> Entry<'i> {
    let is_own = |fact: &&Fact| class.attribute(fact.attribute).is_some();
    let is_control = |fact: &&Fact| Class::Controls.attribute(fact.attribute).is_some();
    let (own, others): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(is_own);
    Entry {
        section,
        id,
        name,
        first,
        facts: own,
        controls: others.into_iter().filter(is_control).collect(),
        place,
    }
}

/// A value as YAML.
pub(super) fn value(said: &Said) -> String {
    match said {
        Said::Flag(said) => said.to_string(),
        Said::Number(said) => said.to_string(),
        Said::Word(said) => scalar(said),
        Said::Words(said) => {
            let words: Vec<String> = said.iter().map(|word| scalar(word)).collect();
            format!("[{}]", words.join(", "))
        }
    }
}
