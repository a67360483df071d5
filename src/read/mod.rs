//! Layer `read`: files → models. One file or folder a format; the seam is
//! [`Reader`], the table is [`READERS`].

mod deep;
pub mod inline;
pub mod native;
pub mod otm;
pub mod pytm;
pub mod pytm_json;
mod share;
pub mod threagile;
pub mod threat_dragon;
pub mod threatcl;
pub mod tm7;
pub mod tm_bom;
pub mod translate;

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use crate::model::Model;
use crate::notice::Notice;
use crate::source::{RepoPath, Source, Tree};
use share::{Share, too_little};

pub use deep::pool;
pub use share::{LEAST_STEPS, MOST_STEPS_OF_FILE, MOST_STEPS_OF_RUN};

/// What the first look at a file's content says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sniff {
    /// It bears the mark of this format.
    Candidate,
    /// It is something else, for this reason (shown by `-v`).
    No(&'static str),
    /// It bears the mark, but in a form that is not read, for this reason.
    Unread(&'static str),
    /// It is in a language that this format is never written in, or bears nothing of another
    /// tool's.
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
    /// What reading it took of what is given to a run, in steps.
    pub taken: usize,
    /// Whether its share was too little, so that it was not read to its end.
    pub ran_short: bool,
}

impl Reading {
    /// Notes what it took of its share.
    fn takes(&mut self, share: &Share) {
        self.taken = share.taken;
        self.ran_short = share.ran_short;
    }
}

/// What a reader is told.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The function to enter (`--entry`), for models built inside a function.
    pub entry: Option<String>,
    /// What cannot be read is a warning, not an error (`--lenient`).
    pub lenient: bool,
    /// What the models of the run include so far, in bytes: one file may be part of many.
    pub included: Arc<AtomicUsize>,
    /// What reading one file may take of what is given to a run, in steps; nothing where the
    /// limits of a file are enough.
    pub share: Option<usize>,
}

/// An input format.
pub trait Reader: Sync {
    /// A cheap look at path and content, without parsing.
    fn sniff(&self, path: &RepoPath, text: &str) -> Sniff;

    /// Whether a model by its looks may include others: those are read one after the other, so
    /// that it is always the same that come to too much together.
    fn may_include(&self, _text: &str) -> bool {
        false
    }

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

    /// Whether a file is no model of its own where another model reads it.
    fn is_read_by_others(&self) -> bool {
        false
    }

    /// Reads everything that the file holds. Never panics, never runs code,
    /// bounded in time; opens other files only through `tree`.
    fn read(&self, source: &Arc<Source>, tree: &dyn Tree, options: &ReadOptions) -> Reading;
}

/// Which files are models, in a sentence.
pub const MODELS: &str = "a model is a Python file that imports pytm and builds a `TM`, a YAML or JSON file with the \
     top-level key `tmrs: 1`, or one of Threat Dragon, Threagile, Open Threat Model, the Microsoft Threat Modeling Tool, \
     threatcl, TM-BOM or pytm's `--json`";

/// What the words of other tools' formats mean, by the name of the reader: docs/other-tools.md
/// prints these tables.
pub static TABLES: &[(&str, &[&translate::words::Table])] = &[
    (otm::FORMAT, otm::words::TABLES),
    (threat_dragon::FORMAT, threat_dragon::words::TABLES),
    (threagile::FORMAT, threagile::words::TABLES),
    (tm7::FORMAT, tm7::words::TABLES),
    (tm_bom::FORMAT, tm_bom::words::TABLES),
    (threatcl::FORMAT, threatcl::words::TABLES),
];

/// Every input format, in the order in which they look at a file.
pub static READERS: &[&dyn Reader] = &[
    &native::Native,
    &pytm::Pytm,
    &pytm_json::PytmJson,
    &otm::Otm,
    &threat_dragon::ThreatDragon,
    &threagile::Threagile,
    &tm7::Tm7,
    &tm_bom::TmBom,
    &threatcl::Threatcl,
];
