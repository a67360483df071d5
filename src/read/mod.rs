//! Layer `read`: files → models. One file or folder a format; the seam is
//! [`Reader`], the table is [`READERS`].

mod deep;
pub mod inline;
pub mod native;
pub mod pytm;

use std::sync::Arc;

use crate::model::Model;
use crate::notice::Notice;
use crate::source::{RepoPath, Source, Tree};

pub use deep::pool;

/// What the first look at a file's content says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sniff {
    /// It bears the mark of this format.
    Candidate,
    /// It is something else, for this reason (shown by `-v`).
    No(&'static str),
    /// It bears the mark, but in a form that is not read, for this reason.
    Unread(&'static str),
    /// It is in a language that this format is never written in.
    Foreign,
}

/// What reading one candidate gave.
#[derive(Debug, Default)]
pub struct Reading {
    /// The models in it, in the order in which they were processed. Derivations are done.
    pub models: Vec<Model>,
    /// What a person should know or mend, in any order.
    pub notices: Vec<Notice>,
    /// Why no model came of it, if none did (shown by `-v`); empty if the file is
    /// a model that could not be read, for which a notice of severity error stands.
    pub no_model: Option<String>,
    /// A file without a model that means to build one where nothing leads: the error at
    /// that place. It counts unless the file only helps other models.
    pub unreached: Option<Notice>,
    /// Every other file that was read on the way, sorted: a module that only
    /// helps others is no model of its own.
    pub parts: Vec<RepoPath>,
}

/// What a reader is told.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The function to enter (`--entry`), for models built inside a function.
    pub entry: Option<String>,
    /// What cannot be read is a warning, not an error (`--lenient`).
    pub lenient: bool,
}

/// An input format.
pub trait Reader: Sync {
    /// A cheap look at path and content, without parsing.
    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff;

    /// Whether a file without the mark takes it from one of these, which bear it or took it
    /// themselves.
    fn leads_on(&self, _path: &RepoPath, _text: &str, _marked: &[&RepoPath]) -> bool {
        false
    }

    /// Whether a text that took the mark from another file may build a model.
    fn may_build_one(&self, _text: &str) -> bool {
        false
    }

    /// Whether a file may take the mark from anywhere, because only running it tells what it
    /// imports.
    fn may_lead_anywhere(&self, _path: &RepoPath, _text: &str) -> bool {
        false
    }

    /// Whether a text builds a model by its looks, wherever it takes the mark from.
    fn looks_like_one(&self, _text: &str) -> bool {
        false
    }

    /// Why a file that is a model is not read: its name is not one of this format's. Nothing
    /// if the text is none.
    fn hides_in(&self, _path: &RepoPath, _text: &str) -> Option<&'static str> {
        None
    }

    /// Reads everything that the file holds. Never panics, never runs code,
    /// bounded in time; opens other files only through `tree`.
    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading;
}

/// Every input format, in the order in which they look at a file.
pub static READERS: &[&dyn Reader] = &[&native::Native, &pytm::Pytm];
