//! What a base revision or a baseline had and a run has not.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Fingerprint;
use crate::model::vocabulary::Class;
use crate::source::RepoPath;

/// A finding that is over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ended {
    /// Who it was.
    pub fingerprint: Fingerprint,
    /// The rule's id.
    pub rule: Arc<str>,
    /// The model's file.
    pub path: RepoPath,
    /// The class of the element.
    pub class: Class,
    /// The name of the element.
    pub element: Arc<str>,
    /// What became of it.
    pub how: How,
    /// Why, compared with a base revision: what the change declares, or took away.
    pub because: Option<String>,
}

/// How a finding ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// The element is there and the rule no longer holds.
    Fixed,
    /// Element, model or scope vanished.
    Gone,
}
