//! What follows from what is said (SEMANTICS §2).

use super::Model;
use crate::notice::Notice;

/// Completes a freshly read model in place, in the order of SEMANTICS §2, and
/// says what it noticed (duplicate flows, duplicate overrides).
pub fn derive(model: &mut Model) -> Vec<Notice> {
    let _ = model;
    Vec::new()
}
