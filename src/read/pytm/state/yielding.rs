//! Where generators stop and go on.

use std::rc::Rc;

use crate::read::pytm::value::iterator::Place;
use crate::read::pytm::value::{At, Raised, V};

/// What the running generator hands back and forth.
#[derive(Default)]
pub struct Yielding<'a> {
    /// Where to go back to, outermost last.
    pub resuming: Vec<Place<'a>>,
    /// Where it was left, innermost first.
    pub suspended: Vec<Place<'a>>,
    /// What the last generator that came to its end returned.
    pub returned: Option<V<'a>>,
    /// An exception that `with` throws into it.
    pub thrown: Option<(Rc<Raised<'a>>, At)>,
}
