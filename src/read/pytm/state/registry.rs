//! What pytm keeps in `TM._state`.

use crate::notice::Notice;
use crate::read::pytm::value::ObjId;

/// What pytm keeps in `TM._state`: everything since the last reset.
#[derive(Default)]
pub struct Registry {
    pub elements: Vec<ObjId>,
    pub data: Vec<ObjId>,
    /// TMs from before a reset.
    pub before: Vec<ObjId>,
    /// TMs on which `check` was called.
    pub checked: Vec<ObjId>,
    /// TMs that were not processed yet.
    pub waiting: Vec<ObjId>,
    /// How many elements the last processed model held.
    pub judged: usize,
    /// A model was processed, and no other TM made since.
    pub late: bool,
    pub late_notices: Vec<Notice>,
    /// Something that decides about the model was not read.
    pub incomplete: bool,
}

impl Registry {
    pub fn is_late(&self) -> bool {
        self.late
    }

    pub fn processed(&mut self) {
        self.late = true;
        self.judged = self.elements.len();
    }

    pub fn take_late_notices(&mut self) -> Vec<Notice> {
        self.late = false;
        std::mem::take(&mut self.late_notices)
    }
}
