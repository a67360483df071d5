//! What changed between two sides, as text for a terminal, Markdown or JSON.

mod human;
mod markdown;
pub(super) mod words;

use super::{EmitError, json};
use crate::report::diff::Diff;

/// A language in which `tmrs diff` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people at a terminal.
    Human,
    /// For comments and summaries.
    Markdown,
    /// For programs (`tmrs schema diff`).
    Json,
}

impl Format {
    /// Words on the command line, with their formats.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("human", Self::Human),
        ("markdown", Self::Markdown),
        ("json", Self::Json),
    ];

    /// The format of that word.
    pub fn named(word: &str) -> Option<Self> {
        let mut names = Self::NAMES.into_iter();
        names.find_map(|(name, format)| (name == word).then_some(format))
    }

    /// The format that a file's ending means.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending {
            "txt" => Some(Self::Human),
            "md" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The whole text; ends with a line end. Colour is only for terminals.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn write(self, diff: &Diff, color: bool) -> Result<String, EmitError> {
        match self {
            Self::Human => Ok(human::write(diff, color)),
            Self::Markdown => Ok(markdown::write(diff)),
            Self::Json => json::indented(diff).map_err(|error| EmitError::Format {
                format: "json",
                reason: error.to_string(),
            }),
        }
    }
}
