//! Which entries a change adds to the baseline, and what they would hide.

use std::collections::{BTreeMap, BTreeSet};

use super::{Baseline, Comparison, Entry, Extent, Index, Known, Renames, compare};
use crate::finding::{By, Fingerprint, Identity, Reason, Status};
use crate::pipeline::Judged;
use crate::rules::newer;
use crate::source::{OpenError, RepoPath, Tree};

impl Baseline {
    /// The positions of the entries that `base` has not, or has with a lower
    /// severity or a weaker evidence: what a change accepts. A model that moved
    /// (its file is gone from `tree`) keeps its own, and so does what was renamed.
    pub fn added_since(&self, base: &Self, renamed: &Former, tree: &dyn Tree) -> Vec<usize> {
        let index = Index::new(&base.entries);
        let moved = moved(base, tree);
        let known = |entry: &Entry| {
            let was = renamed.get(&(entry.path.clone(), entry.fingerprint));
            let who = std::iter::once(entry.fingerprint).chain(was.copied());
            who.flat_map(|who| index.find(who)).any(|at| {
                let other = &base.entries[at];
                (other.path == entry.path || moved.contains(&other.path))
                    && other.covers(entry.severity, entry.evidence, entry.risk)
            })
        };
        let entries = self.entries.iter().enumerate();
        let added = entries.filter(|(_, entry)| !known(entry));
        added.map(|(at, _)| at).collect()
    }
}

/// Who findings of renamed elements and models were, by their file and who they are now.
pub type Former = BTreeMap<(RepoPath, Fingerprint), Fingerprint>;

/// What was renamed since a baseline was written, as far as it tells by itself.
fn renamed_since(base: &Baseline, judged: &Judged) -> Former {
    let renames = Renames::find(base, judged);
    let former = judged.findings.iter().filter_map(|finding| {
        let model = judged.model_of(finding);
        let of = (finding.model, model);
        let was = renames.former(&finding.rule.id, of, finding.element)?;
        let was = Identity {
            ordinal: finding.ordinal,
            ..was
        };
        let is = (model.path().clone(), finding.fingerprint);
        Some((is, Fingerprint::of(&was)))
    });
    former.collect()
}

/// The files of a baseline that are gone.
fn moved<'a>(base: &'a Baseline, tree: &dyn Tree) -> BTreeSet<&'a RepoPath> {
    let paths: BTreeSet<&RepoPath> = base.entries.iter().map(|entry| &entry.path).collect();
    let is_gone = |path: &&RepoPath| matches!(tree.open(path), Err(OpenError::Missing(_)));
    paths.into_iter().filter(is_gone).collect()
}

/// A baseline that policy does not let grow, parted: what it may say, and what a
/// change added to it, which hides nothing (docs/semantics.md §5).
#[derive(Debug, Default)]
pub struct Growth {
    /// What it may say.
    pub kept: Baseline,
    /// What was added.
    refused: Baseline,
}

impl Growth {
    /// A baseline that may grow, or has nothing to be held against.
    pub fn allowed(baseline: Baseline) -> Self {
        Self {
            kept: baseline,
            refused: Baseline::default(),
        }
    }

    /// A baseline held against those of which one must have each entry.
    pub fn refused(
        baseline: Baseline,
        then: &[Baseline],
        judged: &Judged,
        tree: &dyn Tree,
    ) -> Self {
        let mut added: BTreeSet<usize> = (0..baseline.entries.len()).collect();
        let mut growth = Self::allowed(baseline);
        for base in then {
            let renamed = renamed_since(base, judged);
            let more = growth.kept.added_since(base, &renamed, tree);
            let more: BTreeSet<usize> = more.into_iter().collect();
            added.retain(|at| more.contains(at));
            // An older catalogue would excuse the findings of more rules.
            if newer(&base.catalogue, &growth.kept.catalogue) {
                growth.kept.catalogue.clone_from(&base.catalogue);
            }
        }
        growth.refused.source.clone_from(&growth.kept.source);
        growth.refused.catalogue.clone_from(&growth.kept.catalogue);
        let mut at = 0;
        let (kept, refused) = std::mem::take(&mut growth.kept.entries)
            .into_iter()
            .partition(|_| {
                at += 1;
                !added.contains(&(at - 1))
            });
        growth.kept.entries = kept;
        growth.refused.entries = refused;
        growth
    }

    /// Says of findings that stay new that only an addition knows them.
    pub fn tell(&self, judged: &mut Judged, extent: &Extent<'_>) {
        if self.refused.entries.is_empty() {
            return;
        }
        let Comparison { findings, .. } = compare(&self.refused, judged, extent);
        for (finding, known) in judged.findings.iter_mut().zip(findings) {
            let Known::Covered(at) = known else {
                continue;
            };
            if finding.status == Status::New {
                let text = "this change added it to the baseline, and policy does not let the baseline grow";
                finding.reason = Some(Box::new(Reason {
                    by: By::Baseline,
                    text: text.into(),
                    place: self.refused.place(&self.refused.entries[at]),
                }));
            }
        }
    }
}
