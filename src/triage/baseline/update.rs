//! The next baseline: what is open now, and what this run cannot tell.

use std::collections::{BTreeMap, BTreeSet};

use super::super::terms::never;
use super::{
    Baseline, Comparison, Entry, Extent, Known, KnownElement, KnownModel, State, elements,
};
use crate::config::Policy;
use crate::finding::canonical;
use crate::pipeline::Judged;
use crate::rules::{built_in, newer};

/// How much of a baseline to bring up to date.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Only remove.
    pub prune: bool,
    /// Only entries and findings of these rules; none for all.
    pub rules: Vec<String>,
    /// What policy says: whether the baseline may grow, and which rules nothing may excuse.
    pub policy: Policy,
    /// Whether entries keep the risk, for a gate that compares it.
    pub by_risk: bool,
}

/// The next baseline, and how it differs.
#[derive(Debug, Default)]
pub struct Change {
    /// The next baseline.
    pub baseline: Baseline,
    /// What it accepts that the last one did not: new findings, and known ones that became worse.
    pub added: Vec<Entry>,
    /// What is not in it any more, each with the reason.
    pub removed: Vec<(Entry, State)>,
    /// What it would accept if it were allowed to grow.
    pub refused: Vec<Entry>,
    /// How many entries moved with their model, were renamed with their rule or became less bad.
    pub rewritten: usize,
    /// How many entries this run could not judge, and left as they are.
    pub left: usize,
}

/// Makes the next baseline. `catalogue` is the version whose rules judged.
pub fn update(
    last: &Baseline,
    judged: &Judged,
    comparison: &Comparison,
    extent: &Extent<'_>,
    catalogue: &str,
    how: &Changes,
) -> Change {
    let mut change = Change::default();
    let wanted = Wanted::new(judged, how);
    let mut next = Baseline {
        catalogue: catalogue.into(),
        ..Baseline::default()
    };
    for (entry, state) in last.entries.iter().zip(&comparison.entries) {
        if !wanted.rule(&entry.rule) {
            next.entries.push(entry.clone());
            continue;
        }
        let finding = match state {
            State::Open(at) | State::Answered(at) => judged.findings.get(*at),
            _ => None,
        };
        let in_broken = finding.is_some_and(|f| !judged.knows_all_of(judged.subject_of(f)));
        let forgotten = *state == State::NotJudged && wanted.names_forgotten(&entry.rule);
        match state {
            State::NotJudged if !forgotten => {
                change.left += 1;
                next.entries.push(entry.clone());
            }
            _ if in_broken => {
                change.left += 1;
                next.entries.push(entry.clone());
            }
            State::Open(_) if how.prune => next.entries.push(entry.clone()),
            // Written anew below, as it is now.
            State::Open(_) => {}
            _ => change.removed.push((entry.clone(), *state)),
        }
    }
    if !how.prune {
        take_open(
            last,
            judged,
            comparison,
            how,
            &wanted,
            &mut next,
            &mut change,
        );
    }
    let whole =
        extent.paths.is_empty() && how.rules.is_empty() && !how.prune && judged.broken.is_empty();
    if !whole && newer(catalogue, &last.catalogue) && !last.catalogue.is_empty() {
        // What the rest of the repository owes to later rules is still to be reviewed.
        next.catalogue.clone_from(&last.catalogue);
    }
    next.models = models(last, judged, extent, how);
    next.elements = elements_of(last, judged, &next, how);
    next.settle();
    change.baseline = next;
    change
}

/// Takes in every open finding that is wanted.
fn take_open(
    last: &Baseline,
    judged: &Judged,
    comparison: &Comparison,
    how: &Changes,
    wanted: &Wanted,
    next: &mut Baseline,
    change: &mut Change,
) {
    for (finding, known) in judged.findings.iter().zip(&comparison.findings) {
        let model = judged.model_of(finding);
        if !finding.status.is_open()
            || !judged.knows_all_of(judged.subject_of(finding))
            || !wanted.rule(&finding.rule.id)
        {
            continue;
        }
        let mut entry = Entry::of(model, finding);
        if !how.by_risk {
            entry = entry.at_any_risk();
        }
        let before = match known {
            Known::Covered(at) => {
                let before = &last.entries[*at];
                change.rewritten += usize::from(before.key() != entry.key());
                next.entries.push(entry);
                continue;
            }
            Known::Worse(at) | Known::Unreviewed(Some(at)) => Some(&last.entries[*at]),
            Known::No | Known::Unreviewed(None) => None,
        };
        if how.policy.keeps_the_baseline() || never(&how.policy, &finding.rule).is_some() {
            next.entries.extend(before.cloned());
            change.refused.push(entry);
        } else {
            next.entries.push(entry.clone());
            change.added.push(entry);
        }
    }
}

/// The models that the next baseline knows.
fn models(
    last: &Baseline,
    judged: &Judged,
    extent: &Extent<'_>,
    how: &Changes,
) -> BTreeSet<KnownModel> {
    let narrow = !how.rules.is_empty();
    let now: BTreeSet<KnownModel> = judged
        .asked()
        .map(|subject| KnownModel {
            path: subject.model.path().clone(),
            name: canonical(&subject.model.name).into(),
        })
        .collect();
    let keep = |known: &&KnownModel| {
        narrow
            || now.contains(known)
            || !extent.includes(&known.path)
            || judged.broken.contains(&known.path)
    };
    let mut models: BTreeSet<KnownModel> = last.models.iter().filter(keep).cloned().collect();
    if !how.prune && !narrow {
        models.extend(now);
    }
    models
}

/// The elements of the models that the next baseline has entries of: as they are where every
/// entry is written anew, else as they were.
fn elements_of(
    last: &Baseline,
    judged: &Judged,
    next: &Baseline,
    how: &Changes,
) -> BTreeSet<KnownElement> {
    let entries = next.entries.iter();
    let wanted: BTreeSet<_> = entries.map(|entry| (&entry.path, &*entry.model)).collect();
    let stays = how.prune || !how.rules.is_empty();
    let known = last
        .elements
        .iter()
        .map(|known| (&known.path, &*known.model));
    let known: BTreeSet<_> = known.collect();
    let mut fresh = BTreeMap::new();
    for subject in &judged.models {
        let (path, name) = (subject.model.path(), canonical(&subject.model.name));
        let is_known = known.contains(&(path, &*name));
        if wanted.contains(&(path, &*name)) && !judged.broken.contains(path) && !(stays && is_known)
        {
            // Of models of one name, the first is known.
            fresh.entry((path.clone(), name)).or_insert(&subject.model);
        }
    }
    let left = last.elements.iter().filter(|known| {
        let of = (known.path.clone(), known.model.to_string());
        wanted.contains(&(&known.path, &*known.model)) && !fresh.contains_key(&of)
    });
    let now = fresh.values().flat_map(|model| elements::of(model));
    left.cloned().chain(now).collect()
}

/// Which rules an update is about.
struct Wanted {
    /// Every id that the named rules have or had; `None` for all rules.
    ids: Option<BTreeSet<String>>,
    /// The named ids that no rule of this tmrs or this run has.
    forgotten: BTreeSet<String>,
}

impl Wanted {
    fn new(judged: &Judged, how: &Changes) -> Self {
        let mut wanted = Self {
            ids: None,
            forgotten: BTreeSet::new(),
        };
        for id in &how.rules {
            let ids = wanted.ids.get_or_insert_default();
            ids.insert(id.clone());
            let mut known = built_in::by_id(id).is_some() || id.starts_with("DECLARED/");
            for rule in judged.models.iter().flat_map(|subject| &subject.rules) {
                if rule.rule.answers_to(id) {
                    known = true;
                    ids.insert(rule.rule.id.to_string());
                    ids.extend(rule.rule.aliases.iter().map(ToString::to_string));
                }
            }
            if !known {
                wanted.forgotten.insert(id.clone());
            }
        }
        wanted
    }

    fn rule(&self, id: &str) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.contains(id))
    }

    /// Whether a rule was named that no longer exists: its entries can go.
    fn names_forgotten(&self, id: &str) -> bool {
        self.forgotten.contains(id)
    }
}
