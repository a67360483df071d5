//! The base revision as it was judged, for those who show what changed since.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::pipeline::Judged;

/// What was read and judged at the base.
pub struct Before {
    /// Its models and findings.
    pub judged: Judged,
    /// For each of its models the position of the same one in the working tree.
    pub pairs: Vec<Option<usize>>,
    /// For each of its models what elements are called now, by their ids, where that is
    /// something else.
    pub names: Vec<BTreeMap<u32, Arc<str>>>,
}
