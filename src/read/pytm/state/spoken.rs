//! Comments that speak to tmrs.

use crate::read::inline::InlineComment;

/// A comment that speaks to tmrs, with its lines.
pub struct Spoken {
    pub unit: u16,
    pub line: u32,
    /// The line that counts if it stands alone: the first one below that is no comment.
    pub below: Option<u32>,
    pub comment: InlineComment,
    pub attached: bool,
}
