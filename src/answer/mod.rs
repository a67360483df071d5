//! Layer `answer`: writes what a person answers into the model, in the language of its file.
//!
//! `Writer` finds the place, changes nothing but the lines of the answer, reads the new
//! text with the real reader, and gives it only if the model then says exactly what was
//! answered. Comments, order and formatting stay.

mod confirm;
mod edit;
mod native;
mod proposal;
mod python;
mod respell;
mod spelling;
mod statements;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Attr, Model, Owner, Value};
use crate::source::{Place, RepoPath, Source};
use crate::syntax;
use crate::syntax::python::{Module, parse_module};
use crate::syntax::tree::Node;

pub use confirm::Reading;
pub use edit::Edit;
pub use proposal::Proposals;
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
    /// What changes, in the order of the text.
    pub edits: Vec<Edit>,
}

impl Written {
    fn new(before: &Arc<Source>, edits: Vec<Edit>) -> Self {
        Self {
            before: Arc::clone(before),
            edits: edit::in_order(edits),
        }
    }

    /// The file's text afterwards, without a byte order mark.
    pub fn text(&self) -> String {
        edit::applied(self.before.text(), &self.edits)
    }
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
    let places = places(model, owner);
    for written in ways(model, owner, places, answer, &mut Files::default())? {
        let after = store
            .read(written.before.path(), &written.text())
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

/// Where something is made, and the calls that led there.
fn places(model: &Model, owner: Owner) -> (&Place, &[Place]) {
    match owner {
        Owner::Element(id) | Owner::Controls(id) => {
            let element = model.element(id);
            (&element.place, &*element.related)
        }
        Owner::Data(id) => (&model.datum(id).place, &[]),
    }
}

/// The ways to say it of what is made there, the plainest first.
fn ways(
    model: &Model,
    owner: Owner,
    (place, related): (&Place, &[Place]),
    answer: &Answer,
    files: &mut Files,
) -> Result<Vec<Written>, Unwritten> {
    if !model.takes_answers() {
        return Err(Unwritten::NoPlace(
            "this model is written with another tool: say it there; a finding that is settled can be excluded in tmrs.yaml",
        ));
    }
    if model.format == "pytm" {
        let said = model.slot(owner, &answer.attribute);
        let said = said.and_then(|slot| slot.place.as_ref());
        return python::ways(owner, answer, place, related, said, files);
    }
    let root = files.tree(&place.source);
    let edits = native::with(&place.source, root, place.span, owner, answer)?;
    Ok(vec![Written::new(&place.source, edits)])
}

/// Files that are parsed once for many answers.
#[derive(Default)]
struct Files {
    modules: BTreeMap<RepoPath, Option<Module>>,
    trees: BTreeMap<RepoPath, Option<Node>>,
}

impl Files {
    fn module(&mut self, source: &Source) -> Option<&Module> {
        let path = source.path().clone();
        let module = self.modules.entry(path);
        let module = module.or_insert_with(|| parse_module(source.text()).ok());
        module.as_ref()
    }

    fn tree(&mut self, source: &Arc<Source>) -> Option<&Node> {
        let tree = self.trees.entry(source.path().clone());
        tree.or_insert_with(|| syntax::parse(source).root).as_ref()
    }
}
