//! Names in conditions, judged against the vocabulary (SEMANTICS §3 "Known names").

use std::collections::BTreeSet;

use crate::model::vocabulary;

/// Which attribute names are known to a run: the vocabulary with pytm's flat
/// spellings, a rule file's own `attributes:`, and what models of the run assign.
#[derive(Clone, Debug, Default)]
pub struct Names {
    others: BTreeSet<Box<str>>,
}

/// pytm's flat spelling of `controls.authenticatesSource`.
pub(super) const AUTHENTICATED_WITH: &str = "authenticatedWith";

/// How far a slip of the pen reaches.
const SLIP: usize = 2;

impl Names {
    /// The names that are always known.
    pub fn vocabulary() -> Self {
        Self::default()
    }

    /// Makes another name known.
    pub fn with(&mut self, name: &str) {
        if !self.knows(name) {
            self.others.insert(name.into());
        }
    }

    /// Whether something has, or is said to have, an attribute of that exact name.
    pub fn knows(&self, name: &str) -> bool {
        name == AUTHENTICATED_WITH
            || vocabulary::names().binary_search(&name).is_ok()
            || self.others.contains(name)
    }

    /// Whether the name is known only because a rule file or a model brought it.
    pub fn is_own(&self, name: &str) -> bool {
        self.others.contains(name)
    }

    /// The known name that was probably meant: the same but for case and
    /// underscores, else the nearest within edit distance 2.
    pub fn nearest(&self, name: &str) -> Option<String> {
        let known = vocabulary::names().iter().copied();
        let known = known.chain(self.others.iter().map(|other| &**other));
        nearest(name, known).map(|(found, _)| found.to_owned())
    }
}

/// The candidate nearest to `name`, and how far it is; at most [`SLIP`] away,
/// and never more than half of it different.
pub(super) fn nearest<'n>(
    name: &str,
    candidates: impl Iterator<Item = &'n str>,
) -> Option<(&'n str, usize)> {
    let folded = vocabulary::folded(name);
    let distance = |candidate: &str| {
        if vocabulary::folded(candidate) == folded {
            return 0;
        }
        if candidate.len().abs_diff(name.len()) > 4 * SLIP {
            return usize::MAX;
        }
        strsim::osa_distance(name, candidate)
    };
    candidates
        .map(|candidate| (candidate, distance(candidate)))
        .filter(|&(_, away)| away <= SLIP && 2 * away < name.chars().count())
        .min_by_key(|&(_, away)| away)
}
