//! The whole comparison, from the working tree to what of it is known.

use super::base::Base;
use super::baseline::{Known, as_allowed, hold_against};
use super::before::Before;
use super::changes::Now;
use super::error::Error;
use super::held;
use super::scope::{About, asks_about_unchanged, changed, everything, made_of};
use super::side::Side;
use crate::finding::ended::Ended;
use crate::pipeline::Judged;
use crate::source::RepoPath;
use crate::triage::revision;

/// What came of it.
pub struct Compared {
    /// The findings of the working tree, each with what became of it.
    pub judged: Judged,
    /// What the base or the baseline had and the working tree has not.
    pub ended: Vec<Ended>,
    /// The base revision, judged, where there is one.
    pub before: Option<Before>,
    /// The commit that it was compared with.
    pub commit: Option<String>,
    /// The commit that is checked out, where there is a base and a commit.
    pub here: Option<String>,
    /// Why each file that was looked at was taken or left.
    pub looked_at: Vec<(RepoPath, String)>,
    /// Whether only models that changed were judged.
    pub changed_only: bool,
}

/// Reads and judges the working tree, and decides what of it is known: by the base where
/// one is given, and by the baseline.
pub fn run(
    head: &Side<'_>,
    base: Option<Base<'_>>,
    known: Option<Known>,
    about: &About,
) -> Result<Compared, Error> {
    let is_whole = |base: &Base<'_>| asks_about_unchanged(base, &about.files);
    let whole = base.as_ref().is_some_and(is_whole);
    let base = base.filter(|_| !whole);
    let now = match &base {
        _ if whole => made_of(head, &about.files)?,
        Some(base) if about.changed_only => changed(base, about)?,
        _ => everything(head, about)?,
    };
    let then = match &base {
        Some(base) => Some((base, base.read(&now.readings, &now.paths)?)),
        None => None,
    };
    let mut judged = head.judge(now.readings, &now.paths)?;
    head.by_some_rule(&judged)?;
    let (mut ended, mut before) = (Vec::new(), None);
    if let Some((base, readings)) = then {
        let now = Now {
            candidates: &now.candidates,
            looked_at: &now.looked_at,
            known: known.as_ref(),
            paths: &now.paths,
        };
        let (went, base) = held::against(base, readings, &mut judged, &now)?;
        (ended, before) = (went, Some(base));
    }
    if let Some(known) = known {
        let mut growth = as_allowed(known, &judged, head, base.as_ref())?;
        if base.is_some() {
            growth.kept = growth.kept.without_places();
        }
        let of_baseline = hold_against(&growth, &mut judged, head, &now.paths, base.is_some());
        ended = revision::ended(ended, of_baseline);
    }
    let changed_only = about.changed_only && base.is_some();
    let (commit, here) = base
        .map(|base| (base.revision.commit, base.revision.here))
        .unzip();
    Ok(Compared {
        judged,
        ended,
        before,
        changed_only,
        commit,
        here: here.flatten(),
        looked_at: now.looked_at,
    })
}
