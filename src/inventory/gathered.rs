//! Layer `inventory`: what kinds of sources hand over, before names are resolved.

use std::collections::BTreeMap;

use super::{Fact, Zone};
use crate::model::vocabulary::Class;
use crate::notice::Notice;
use crate::source::Place;

/// The part that stands for whoever comes from the internet.
pub(super) const INTERNET: &str = "internet-user";

/// What the sources say one by one.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) name: Option<(String, Place)>,
    pub(super) zones: Vec<Zone>,
    pub(super) parts: Vec<Found>,
    pub(super) mentions: Vec<Mention>,
    pub(super) notices: Vec<Notice>,
    /// Where the first part of each id stands, of those that were there when it was asked.
    pub(super) by_id: BTreeMap<String, usize>,
    pub(super) indexed: usize,
}

/// So many connections are told at most: selectors and references of a hostile file name
/// everything by everything.
pub(super) const MAX_MENTIONS: usize = 50_000;

impl Gathered {
    /// The first part of that id.
    pub(super) fn part_mut(&mut self, id: &str) -> Option<&mut Found> {
        for at in self.indexed..self.parts.len() {
            self.by_id.entry(self.parts[at].id.clone()).or_insert(at);
        }
        self.indexed = self.parts.len();
        self.parts.get_mut(*self.by_id.get(id)?)
    }

    /// Whether there are more connections than are told.
    pub(super) fn is_full(&self) -> bool {
        self.mentions.len() > MAX_MENTIONS
    }

    /// Adds who names whom. One more than is told says that there were too many.
    pub(super) fn mention(&mut self, mention: Mention) {
        if !self.is_full() {
            self.mentions.push(mention);
        }
    }
}

/// A part, as one source has it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) class: Class,
    /// Whether a table or the source says the class; else it is what remains.
    pub(super) is_certain: bool,
    pub(super) class_place: Place,
    pub(super) zone: Option<(String, Place)>,
    /// The names by which others reach it.
    pub(super) hosts: Vec<String>,
    pub(super) facts: Vec<Fact>,
    pub(super) place: Place,
}

/// A part names another.
#[derive(Debug)]
pub(super) struct Mention {
    pub(super) from: String,
    pub(super) to: To,
    pub(super) facts: Vec<Fact>,
    pub(super) place: Place,
}

/// What is named.
#[derive(Debug)]
pub(super) enum To {
    /// A part by its id.
    Part(String),
    /// A part by a name of its host; without one of that name nothing.
    Host(String),
    /// The same, but without a part of that name it is a system of others.
    Address(String),
}

impl Mention {
    pub(super) fn new(from: &str, to: To, place: &Place) -> Self {
        Self {
            from: from.to_owned(),
            to,
            facts: Vec::new(),
            place: place.clone(),
        }
    }

    pub(super) fn with(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.facts.extend(facts);
        self
    }
}

/// A name as an id: what could be taken for something else becomes a dash.
pub(super) fn id_of(name: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || "._-".contains(c);
    let id: String = name
        .chars()
        .map(|c| if kept(c) { c } else { '-' })
        .collect();
    let id = id.trim_matches('-');
    if id.is_empty() {
        "part".to_owned()
    } else {
        id.to_owned()
    }
}
