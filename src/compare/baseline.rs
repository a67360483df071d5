//! The baseline of a run: what of it counts, and holding findings against it.

use super::base::{Base, configuration};
use super::error::Error;
use super::revision::Revision;
use super::side::Side;
use crate::finding::ended::Ended;
use crate::pipeline::Judged;
use crate::source::{RepoPath, Tree as _};
use crate::triage::baseline::{self, Baseline, Extent, Growth};
use crate::triage::revision;

/// A baseline, and where it was found.
pub struct Known {
    /// What it says.
    pub baseline: Baseline,
    /// Where that is: a revision has its own version of it.
    pub kept: Kept,
}

/// Where a baseline is kept.
#[derive(Clone, Debug)]
pub enum Kept {
    /// Where the configuration says, or at the usual place.
    AsConfigured,
    /// The command line names a file of the repository.
    Inside(RepoPath),
    /// The command line names a file that no revision has.
    Outside,
}

impl Kept {
    /// The baseline as it stood at a revision; empty if there was none or it could not
    /// be read, `None` if the one in use lies outside the repository.
    pub fn at(&self, revision: &Revision, configured: Option<&RepoPath>) -> Option<Baseline> {
        let path = match (self, configured) {
            (Self::Outside, _) => return None,
            (Self::Inside(path), _) => path.clone(),
            (Self::AsConfigured, Some(path)) => path.clone(),
            (Self::AsConfigured, None) => RepoPath::new(baseline::FILE)?,
        };
        let opened = revision.tree.open_up_to(&path, baseline::MAX_BYTES);
        let read = opened.ok().and_then(|source| baseline::read(&source).ok());
        Some(read.unwrap_or_default())
    }
}

/// What policy lets the baseline say: where it may not grow, what the base
/// revision or the revision of the policy has as well. The policy of the base
/// counts too, for a change could take it back.
pub fn as_allowed(
    known: Known,
    judged: &Judged,
    head: &Side<'_>,
    base: Option<&Base<'_>>,
) -> Result<Growth, Error> {
    let Known { baseline, kept } = known;
    let bound = base.is_some_and(|base| base.settings.config.policy.keeps_the_baseline());
    if !bound && !head.settings.config.policy.keeps_the_baseline() {
        return Ok(Growth::allowed(baseline));
    }
    let mut then = Vec::new();
    if let Some(base) = base {
        then.extend(kept.at(&base.revision, base.settings.baseline()));
    }
    if let Some(policy) = &head.settings.policy {
        let config = configuration(policy, head.settings)?.unwrap_or_default();
        let path = config.baseline.as_ref().map(|path| &path.value);
        then.extend(kept.at(policy, path));
    }
    if base.is_some() {
        // What was renamed is known by the base revision itself.
        then = then.into_iter().map(Baseline::without_places).collect();
    }
    Ok(if then.is_empty() {
        Growth::allowed(baseline)
    } else {
        Growth::refused(baseline, &then, judged, head.tree)
    })
}

/// Gives findings that the baseline knows their status; what it had and this run
/// has not.
pub fn hold_against(
    growth: &Growth,
    judged: &mut Judged,
    head: &Side<'_>,
    paths: &[RepoPath],
    has_base: bool,
) -> Vec<Ended> {
    let extent = Extent {
        tree: head.tree,
        paths,
    };
    let baseline = &growth.kept;
    let mut comparison = baseline::compare(baseline, judged, &extent);
    if has_base {
        comparison = revision::without_unreviewed(comparison);
    }
    let policy = &head.settings.config.policy;
    baseline::apply(baseline, &comparison, policy, &mut judged.findings);
    growth.tell(judged, &extent);
    judged
        .notices
        .extend(baseline::renamed(&comparison, judged));
    judged
        .notices
        .extend(baseline::stale(baseline, &comparison));
    baseline::ended(baseline, &comparison)
}
