//! Layer `answer`: writes what a person answers into the model, in the language of its file.
//!
//! `Writer` finds the place, changes nothing but the lines of the answer, reads the new
//! text with the real reader, and gives it only if the model then says exactly what was
//! answered. Comments, order and formatting stay.

mod confirm;
mod edit;
mod native;
mod python;
mod respell;
mod spelling;

use std::sync::Arc;

use crate::model::{Attr, Model, Owner, Value};
use crate::source::{RepoPath, Source};

pub use confirm::Reading;
pub use respell::respell;
pub use spelling::{in_native, in_python, value};

/// One answer: an attribute of some objects of a model gets a value.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The model's position among those that were read.
    pub model: usize,
    /// Whose attribute.
    pub owners: Vec<Owner>,
    /// Which.
    pub attribute: Attr,
    /// The value.
    pub value: Value,
}

/// A file's new text.
#[derive(Clone, Debug)]
pub struct Written {
    /// The file as it was.
    pub before: Arc<Source>,
    /// Its text with the answer, without a byte order mark.
    pub text: String,
}

/// What came of one answer.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Whose attribute the model then says.
    pub said: Vec<Owner>,
    /// What could not be written, and why.
    pub unsaid: Vec<(Owner, Unwritten)>,
}

/// Why an answer is not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritten {
    /// There is no line that could say it.
    #[error("{0}")]
    NoPlace(&'static str),
    /// The new text would not read as the same model with the answer.
    #[error("{0}")]
    Misread(String),
    /// The file cannot be written.
    #[error("{0}")]
    File(String),
}

/// Where models are read and files are written.
pub trait Store {
    /// Every model, read anew, with a file's text in the place of what is on the disk; and
    /// how many errors there are.
    ///
    /// # Errors
    /// If the files cannot be listed.
    fn read(&self, path: &RepoPath, text: &str) -> Result<Reading, String>;

    /// Writes a file, unless it changed since it was read.
    ///
    /// # Errors
    /// Why not, in a sentence.
    fn write(&mut self, written: &Written) -> Result<(), String>;
}

/// Writes one answer, object by object, each as soon as the new text is known to be right.
/// `reading` is what the models say, and says afterwards what they say then.
pub fn write(answer: &Answer, reading: &mut Reading, store: &mut dyn Store) -> Outcome {
    let mut outcome = Outcome::default();
    for owner in answer.owners.iter().copied() {
        let is_said = reading.models.get(answer.model).is_some_and(|model| {
            let slot = model.slot(owner, &answer.attribute);
            slot.is_some_and(|slot| confirm::says(model, slot, &answer.value))
        });
        if is_said {
            outcome.said.push(owner);
            continue;
        }
        match write_one(answer, owner, reading, store) {
            Ok(()) => outcome.said.push(owner),
            Err(why) => outcome.unsaid.push((owner, why)),
        }
    }
    outcome
}

fn write_one(
    answer: &Answer,
    owner: Owner,
    reading: &mut Reading,
    store: &mut dyn Store,
) -> Result<(), Unwritten> {
    let model = reading
        .models
        .get(answer.model)
        .ok_or(Unwritten::NoPlace("the model is not there any more"))?;
    let mut reason = None;
    for written in ways(model, owner, answer)? {
        let after = store
            .read(written.before.path(), &written.text)
            .map_err(Unwritten::File)?;
        match confirm::confirm(reading, &after, answer, owner) {
            Ok(()) => {
                store.write(&written).map_err(Unwritten::File)?;
                *reading = after;
                return Ok(());
            }
            Err(why) => reason = reason.or(Some(why)),
        }
    }
    Err(Unwritten::Misread(reason.unwrap_or_else(|| {
        "no line of its own can say it; say it where the model makes it".to_owned()
    })))
}

/// The ways to say it, the plainest first.
fn ways(model: &Model, owner: Owner, answer: &Answer) -> Result<Vec<Written>, Unwritten> {
    if !model.takes_answers() {
        return Err(Unwritten::NoPlace(
            "this model is written with another tool: say it there; a finding that is settled can be excluded in tmrs.yaml",
        ));
    }
    let of = |place: &crate::source::Place| Arc::clone(&place.source);
    let (place, related) = match owner {
        Owner::Element(id) | Owner::Controls(id) => {
            let element = model.element(id);
            (&element.place, &*element.related)
        }
        Owner::Data(id) => (&model.datum(id).place, &[][..]),
    };
    if model.format == "pytm" {
        let said = model.slot(owner, &answer.attribute);
        let said = said.and_then(|slot| slot.place.as_ref());
        return python::ways(owner, answer, place, related, said);
    }
    let text = native::with(&of(place), place.span, owner, answer)?;
    Ok(vec![Written {
        before: of(place),
        text,
    }])
}
