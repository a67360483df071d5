//! What is not decided without running code, and the places and objects that values name.

use crate::source::Span;

/// A place in one of the files that are read: the position of the file in
/// [`super::unit::Units`] and the span there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct At {
    pub(super) unit: u16,
    pub(super) span: Span,
}

/// The position of a pytm object (an element, a Data, a TM, …) on the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ObjId(pub(super) u32);

/// Why something is unread.
#[derive(Clone, Debug)]
pub(super) struct Unread {
    pub(super) at: At,
    pub(super) why: String,
    /// A plain value of the machine's or of a library that knows no model: whatever is
    /// called on it reaches nothing of the model but what it is handed.
    pub(super) inert: bool,
    /// An error says so already; what follows from it needs no other.
    pub(super) told: bool,
    pub(super) part: Part,
}

impl Unread {
    /// Whether it is what pytm keeps for itself, and no plain value taken from it.
    pub(super) fn is_kept(&self) -> bool {
        self.part == Part::Kept && !self.inert
    }
}

/// What is known of an unread value, as far as pytm takes it otherwise than others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Nothing that is known of.
    #[default]
    None,
    /// A whole number of more than 64 bits.
    Large,
    /// True or False.
    Truth,
    /// A Threat that the model made.
    Threat,
    /// What pytm keeps for itself, or part of it: whoever changes that changes what pytm finds.
    Kept,
}
