//! What happened to files.

use std::rc::Rc;

use crate::read::pytm::value::iterator::Iter;

/// What happened to the files of one reading.
#[derive(Default)]
pub struct Files<'a> {
    /// The lines that are left of opened files which were read from.
    pub lines: Vec<(Rc<str>, Rc<Iter<'a>>)>,
    /// Something was written: what a file holds from then on is not known.
    pub written: bool,
    /// The model went to another folder: what a relative path means from then on is not known.
    pub moved: bool,
}
