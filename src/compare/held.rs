//! Holding the working tree against the base: what was open there is known, and what
//! weakens the check is told.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use super::base::Base;
use super::before::Before;
use super::changes::{self, Now, Sides};
use super::error::Error;
use super::rules::Catalogues;
use crate::finding::ended::Ended;
use crate::finding::{Fingerprint, Identity, canonical};
use crate::model::Model;
use crate::notice::{Notice, Severity, code};
use crate::pipeline::{Judged, Readings, judge_by, rules_for};
use crate::source::RepoPath;
use crate::triage::baseline::{self, Extent};
use crate::triage::weakening::gone::Causes;
use crate::triage::{pairs, revision};

/// Judges the base by the rules of the working tree, sets the statuses of what
/// is judged there, and reports what weakens the check. Gives what the base
/// had and the working tree has not, and the base itself.
pub fn against(
    base: &Base<'_>,
    readings: Readings,
    head: &mut Judged,
    now: &Now<'_>,
) -> Result<(Vec<Ended>, Before), Error> {
    let unread = unread(base, &readings);
    let candidates = readings.candidates.clone();
    let pairs = {
        let here: Vec<_> = head.models.iter().map(|subject| &subject.model).collect();
        let there: Vec<_> = readings.models.iter().collect();
        pairs::models(&here, &there)
    };
    let (mut then, rules) = judge(base, readings, head, &pairs)?;
    let settings = &base.settings;
    base.side()
        .settle(&mut then, &settings.reading.filter.paths);
    let mut at_base = revision::known_at(&then, head, &pairs);
    if !settings.by_risk {
        at_base = at_base.at_any_risk();
    }
    let known = &at_base.known;
    let extent = Extent {
        tree: base.head.tree,
        paths: now.paths,
    };
    let comparison = baseline::compare(known, head, &extent);
    revision::apply(head, &then, &pairs, (&comparison, &at_base), base.commit());
    let mut ended = baseline::ended(known, &comparison);
    if base.readable {
        let earlier = at_base.earlier.iter();
        let renamed = earlier
            .map(|(is, was)| (is.clone(), was.fingerprint))
            .collect();
        let sides = Sides {
            base,
            renamed: &renamed,
            judged: &then,
            candidates: &candidates,
            pairs: &pairs,
            rules: rules.as_ref(),
        };
        let causes = changes::find(&sides, head, now)?;
        let twins = LazyCell::new(|| Twins::of(&then, &causes));
        for ended in &mut ended {
            let mut who = (ended.path.clone(), ended.fingerprint);
            if let Some(earlier) = at_base.earlier.get(&who) {
                who.1 = earlier.fingerprint;
            }
            let cause = causes.get(&who);
            ended.because = cause.or_else(|| twins.cause(&who)).cloned();
        }
    }
    head.notices.extend(revision::renamed(&then, head, &pairs));
    head.notices.extend(unread);
    let names = then.models.iter().zip(&pairs).map(|(then, pair)| {
        let now = pair.map(|at| &head.models[at].model);
        now.map_or_else(BTreeMap::new, |now| pairs::names(&then.model, now))
    });
    let before = Before {
        names: names.collect(),
        judged: then,
        pairs,
    };
    Ok((ended, before))
}

/// Findings of the base that differ by their ordinals alone. Of these the last goes, whichever
/// of their elements changed: its cause is that of the one whose element did.
struct Twins<'c> {
    /// The first of its like, for each that is not.
    first: BTreeMap<Who, Fingerprint>,
    /// What took one of them away, by the first.
    causes: BTreeMap<Who, &'c String>,
}

/// A finding by the file of its model.
type Who = (RepoPath, Fingerprint);

impl<'c> Twins<'c> {
    fn of(then: &Judged, causes: &'c Causes) -> Self {
        let later = then.findings.iter().filter(|it| it.ordinal > 0);
        let first = later.map(|it| {
            let model = then.model_of(it);
            let first = Identity::new(&it.rule.id, model, it.element);
            let who = (model.path().clone(), it.fingerprint);
            (who, Fingerprint::of(&first))
        });
        let mut twins = Self {
            first: first.collect(),
            causes: BTreeMap::new(),
        };
        for (who, cause) in causes {
            let first = twins.first.get(who).copied().unwrap_or(who.1);
            let first = (who.0.clone(), first);
            twins.causes.entry(first).or_insert(cause);
        }
        twins
    }

    fn cause(&self, who: &Who) -> Option<&'c String> {
        let first = *self.first.get(who)?;
        self.causes.get(&(who.0.clone(), first)).copied()
    }
}

/// What could not be read there: nothing is known of it.
fn unread(base: &Base<'_>, readings: &Readings) -> Vec<Notice> {
    let commit = base.commit();
    let warning = |message: String| Notice::general(code::BASE, Severity::Warning, message);
    if !base.readable {
        return vec![warning(format!(
            "the configuration could not be read at the base ({commit}): nothing is known there, all open findings are new"
        ))];
    }
    let broken = readings.broken.iter().map(|path| {
        warning(format!(
            "{path} could not be read completely at the base ({commit}): nothing is known there, all its open findings are new"
        ))
    });
    broken.collect()
}

/// Judges by the rules of the same model in the working tree; models that are
/// gone by the catalogue, which comes along where it was needed.
fn judge(
    base: &Base<'_>,
    readings: Readings,
    head: &Judged,
    pairs: &[Option<usize>],
) -> Result<(Judged, Option<Catalogues>), Error> {
    let own_rules = |model: &Model| model.threats_file.is_some();
    let is_needed = pairs.iter().any(Option::is_none) || readings.models.iter().any(own_rules);
    let rules = if is_needed {
        let models = head.models.iter().map(|subject| &subject.model);
        let models = models.chain(&readings.models);
        Some(base.head.settings.rules.load(models)?.0)
    } else {
        None
    };
    let by_model: BTreeMap<_, usize> = readings
        .models
        .iter()
        .zip(pairs)
        .filter_map(|(model, pair)| Some((key(model), (*pair)?)))
        .collect();
    let judged = judge_by(
        readings,
        base.head.settings.rules.overrides,
        &|model, notices| match (by_model.get(&key(model)), &rules) {
            (Some(at), _) => head.models[*at].rules.clone(),
            (None, Some(rules)) => rules_for(
                model,
                &base.revision.tree,
                rules.of(model.path()),
                base.head.settings.rules.threats_file,
                notices,
            ),
            (None, None) => Vec::new(),
        },
    );
    Ok((judged, rules))
}

/// What tells the models of one tree apart.
fn key(model: &Model) -> (RepoPath, String, u32) {
    let name = canonical(&model.name);
    (model.path().clone(), name, model.ordinal)
}
