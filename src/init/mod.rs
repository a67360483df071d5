//! Layer `init`: an inventory → a first model in tmrs's own format, or one that is there with
//! what is new.
//!
//! Every entry and every value carries the line that it comes from as a comment. A model that
//! is there keeps every byte of its own: entries are added at the ends of their sections, and
//! what the sources say otherwise is listed, never written. Comments at the end of the model
//! remember what was written, so that an entry which a person deletes stays away.

mod differ;
mod entries;
mod memory;
mod update;
mod write;

use crate::inventory::Inventory;
use crate::source::{Place, Source};

pub use entries::Section;

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The text of the model.
    pub text: String,
    /// What was added, in the order of the sources.
    pub added: Vec<Told>,
    /// What the sources have, and a person took out of the model.
    pub left_out: Vec<Told>,
    /// What has no place in the model as it is written, and stays out.
    pub by_hand: Vec<Told>,
    /// What was taken from sources once, and none of those named has now.
    pub gone: Vec<(Section, String)>,
    /// What the sources say of an entry that is there, and the model does not.
    pub differing: Vec<Difference>,
}

/// An entry, for people.
#[derive(Debug)]
pub struct Told {
    /// Where it stands in a model.
    pub section: Section,
    /// Its id.
    pub id: String,
    /// Where a source has it.
    pub place: Place,
}

/// Something that a source says and the model does not.
#[derive(Debug)]
pub struct Difference {
    /// The entry.
    pub id: String,
    /// What is said, as a model says it: `port: 80`.
    pub said: String,
    /// Where a source says it.
    pub place: Place,
    /// What the model says instead; `None` if it says nothing.
    pub instead: Option<String>,
}

/// Why there is no model.
#[derive(Debug)]
pub enum Unwritten {
    /// The file that is there is not a YAML model in tmrs's own format.
    NoModel(&'static str),
    /// What was put together does not say what it should; nothing is written then.
    Unsound,
}

/// A first model. `command` is how it is made, for its head.
pub fn first(inventory: &Inventory, command: &str) -> Outcome {
    let entries = entries::of(inventory);
    Outcome {
        text: write::model(inventory, &entries, command),
        added: entries.iter().map(entries::Entry::told).collect(),
        ..Outcome::default()
    }
}

/// The model that is there, with what is new.
///
/// # Errors
/// The file is no such model, or cannot be added to without changing what it says.
pub fn again(inventory: &Inventory, model: &std::sync::Arc<Source>) -> Result<Outcome, Unwritten> {
    update::update(&entries::of(inventory), model)
}
