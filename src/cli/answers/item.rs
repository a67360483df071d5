//! What one answer is about: an attribute of some objects of a model.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::models::Models;
use crate::answer::{self, Answer, Reading};
use crate::escape::terminal;
use crate::model::vocabulary::Attribute;
use crate::model::{Attr, Model, Owner, asking};
use crate::report::{Step, Whose};

/// An attribute of some objects of a model, and the value that is proposed.
#[derive(Clone, Debug)]
pub struct Item {
    /// As reports write it, such as `controls.isHardened`.
    attribute: String,
    /// The proposed value.
    pub value: Json,
    /// The objects with their names.
    pub of: Vec<(Whose, String)>,
}

/// What became of an answer.
pub struct Told {
    /// For the person who answered.
    pub text: String,
    /// What could not be written, with the reason.
    pub unwritten: Vec<String>,
}

/// The steps of a question, those about one attribute and value together.
pub fn items(steps: &[Step]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for step in steps {
        let Some(whose) = step.whose else { continue };
        let of = (whose, step.element.to_string());
        let same = |item: &&mut Item| {
            let (first, _) = &item.of[0];
            item.attribute == step.attribute
                && item.value == step.value
                && first.model == whose.model
        };
        match items.iter_mut().find(same) {
            Some(item) => item.of.push(of),
            None => items.push(Item {
                attribute: step.attribute.clone(),
                value: step.value.clone(),
                of: vec![of],
            }),
        }
    }
    items
}

impl Item {
    /// The name of the attribute alone.
    pub fn name(&self) -> &str {
        self.attribute.rsplit('.').next().unwrap_or_default()
    }

    /// The question, in a sentence.
    pub fn question(&self) -> String {
        let names: Vec<&str> = self.of.iter().map(|(_, name)| &**name).collect();
        asking::question(self.name(), &names)
    }

    /// What the vocabulary has about it; nothing about attributes of people's own rules.
    pub fn known(&self, models: &[Model]) -> Option<&'static Attribute> {
        let (whose, _) = self.of.first()?;
        let model = models.get(whose.model as usize)?;
        model.attribute(whose.owner, &Attr::named(self.name()))
    }

    /// One item an object.
    pub fn each(&self) -> impl Iterator<Item = Self> + '_ {
        self.of.iter().map(|of| Self {
            of: vec![of.clone()],
            ..self.clone()
        })
    }

    /// Writes a value into the model of each object.
    pub fn write(&self, value: &Json, reading: &mut Reading, models: &mut Models<'_>) -> Told {
        let attribute = Attr::named(self.name());
        let mut told = Told {
            text: String::new(),
            unwritten: Vec::new(),
        };
        let Some((first, _)) = self.of.first() else {
            return told;
        };
        let model = reading.models.get(first.model as usize);
        let meant = model.and_then(|model| answer::value(model, first.owner, &attribute, value));
        let Some(meant) = meant else {
            let why = format!("{} takes no such value: {value}", self.attribute);
            let _ = writeln!(told.text, "Nothing is written: {}.", terminal(&why));
            told.unwritten.push(why);
            return told;
        };
        let answer = Answer {
            model: first.model as usize,
            owners: self.of.iter().map(|(whose, _)| whose.owner).collect(),
            attribute,
            value: meant,
        };
        let outcome = answer::write(&answer, reading, models);
        let name = |owner: &Owner| {
            let mut of = self.of.iter();
            let found = of.find(|(whose, _)| whose.owner == *owner);
            found.map_or("", |(_, name)| name)
        };
        let shown = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        if !outcome.said.is_empty() {
            let names: Vec<&str> = outcome.said.iter().map(name).collect();
            let _ = writeln!(
                told.text,
                "Written: {} is {} for {}.",
                terminal(&self.attribute),
                terminal(&shown),
                terminal(&asking::listed(&names)),
            );
        }
        for (owner, why) in &outcome.unsaid {
            let why = format!("{} of “{}”: {why}", self.attribute, name(owner));
            let _ = writeln!(told.text, "Not written: {}.", terminal(&why));
            told.unwritten.push(why);
        }
        told
    }
}
