//! Which findings the baseline knows, and what became of its entries.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::ran;
use super::super::terms::never;
use super::{Baseline, Entry, Index, Renames};
use crate::config::Policy;
use crate::finding::ended::{Ended, How};
use crate::finding::{By, Finding, Fingerprint, Identity, Reason, Status};
use crate::model::Model;
use crate::model::vocabulary::Class;
use crate::notice::{Notice, code};
use crate::pipeline::{Judged, JudgedModel};
use crate::rules::{Layer, Rule, built_in, newer};
use crate::source::{OpenError, RepoPath, Tree};

/// How far a run can tell what is stale (docs/semantics.md §5, partial runs).
pub struct Extent<'a> {
    /// The repository.
    pub tree: &'a dyn Tree,
    /// The PATHs of the command line; none for the whole repository.
    pub paths: &'a [RepoPath],
}

impl Extent<'_> {
    /// Whether a path lies inside the run.
    pub fn includes(&self, path: &RepoPath) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|folder| path.is_below(folder))
    }

    fn is_missing(&self, path: &RepoPath) -> bool {
        matches!(self.tree.open(path), Err(OpenError::Missing(_)))
    }
}

/// What the baseline says about one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    No,
    /// It was there, as bad and as sure at least; the entry's position.
    Covered(usize),
    /// It was there, less bad or less sure; the entry's position.
    Worse(usize),
    /// Its rule is newer than the baseline's catalogue, or the catalogue raised
    /// its severity since; the entry's position, if there is one.
    Unreviewed(Option<usize>),
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The finding is open; its position.
    Open(usize),
    /// The finding is there, and the model or the configuration answers it.
    Answered(usize),
    /// The element is there, and the rule no longer holds.
    Fixed,
    /// Element, model or scope vanished.
    Gone,
    /// This run cannot tell: the model lies outside its PATHs or was not read
    /// completely, or the rule did not run.
    NotJudged,
}

impl State {
    /// Whether the entry has nothing left to stand for.
    pub fn is_stale(self) -> bool {
        matches!(self, Self::Answered(_) | Self::Fixed | Self::Gone)
    }
}

/// The baseline held against a run.
#[derive(Debug, Default)]
pub struct Comparison {
    /// By finding.
    pub findings: Vec<Known>,
    /// By entry.
    pub entries: Vec<State>,
    /// What was renamed since, by the position of its model, in words.
    pub renamed: Vec<(u32, Vec<String>)>,
}

/// Holds a baseline against a run. Findings that are still new count as open.
pub fn compare(baseline: &Baseline, judged: &Judged, extent: &Extent<'_>) -> Comparison {
    let renames = Renames::find(baseline, judged);
    let entries = &baseline.entries;
    let mut matcher = Matcher {
        baseline,
        index: Index::new(entries),
        moved: BTreeMap::new(),
        renames: &renames,
        rules: entries.iter().map(|entry| &*entry.rule).collect(),
    };
    let subjects = by_path(judged);
    matcher.moved = matcher.moves(judged, &subjects, extent);
    let mut comparison = Comparison {
        findings: Vec::with_capacity(judged.findings.len()),
        entries: vec![State::NotJudged; entries.len()],
        renamed: renames.told(judged),
    };
    let mut seen = vec![false; entries.len()];
    for (number, finding) in judged.findings.iter().enumerate() {
        let found = matcher.entries_of(judged, finding);
        let covering = found
            .iter()
            .copied()
            .find(|at| entries[*at].covers(finding.severity, finding.evidence, finding.risk));
        for at in &found {
            comparison.entries[*at] = state_of(number, finding);
            seen[*at] = true;
        }
        comparison.findings.push(match (covering, found.first()) {
            (Some(at), _) => Known::Covered(at),
            (None, Some(at)) if matcher.raised(finding, &entries[*at]) => {
                Known::Unreviewed(Some(*at))
            }
            (None, Some(at)) => Known::Worse(*at),
            (None, None) => Known::No,
        });
    }
    matcher.later_rules(judged, &mut comparison);
    let mut vanished = Vanished::new(judged, subjects, extent, &renames);
    for (at, entry) in entries.iter().enumerate().filter(|(at, _)| !seen[*at]) {
        comparison.entries[at] = vanished.state(entry);
    }
    comparison
}

/// What a finding that is there means for its entry.
fn state_of(number: usize, finding: &Finding) -> State {
    match finding.status {
        Status::New | Status::Unreviewed | Status::Baselined => State::Open(number),
        Status::OutOfScope => State::Gone,
        _ => State::Answered(number),
    }
}

type Subjects<'a> = BTreeMap<&'a RepoPath, Vec<&'a JudgedModel>>;

fn by_path(judged: &Judged) -> Subjects<'_> {
    let mut subjects = Subjects::new();
    for model in &judged.models {
        subjects.entry(model.model.path()).or_default().push(model);
    }
    subjects
}

/// Finds the entries of findings.
struct Matcher<'a> {
    baseline: &'a Baseline,
    index: Index,
    /// Where the model of a path lay before.
    moved: BTreeMap<RepoPath, RepoPath>,
    /// What was called otherwise.
    renames: &'a Renames<'a>,
    /// The rule ids that entries name.
    rules: BTreeSet<&'a str>,
}

impl Matcher<'_> {
    /// The entries of a finding: by its fingerprint, else by that of an earlier
    /// id of its rule.
    fn entries_of(&self, judged: &Judged, finding: &Finding) -> Vec<usize> {
        let subject = &judged.models[finding.model as usize];
        let model = &subject.model;
        let is = |entry: &Entry| entry.names(model, finding);
        let found = self.at(model, finding.fingerprint, &finding.rule.id, is);
        if !found.is_empty() {
            return found;
        }
        let found = self.before(&finding.rule.id, model, finding);
        if !found.is_empty() {
            return found;
        }
        for alias in &finding.rule.aliases {
            let alias: &str = alias;
            // An id that another rule bears now is that rule's.
            if !self.rules.contains(alias) || runs_as(subject, alias) {
                continue;
            }
            let identity = Identity {
                ordinal: finding.ordinal,
                ..Identity::new(alias, model, finding.element)
            };
            let mut earlier = self.at(model, Fingerprint::of(&identity), alias, is);
            if earlier.is_empty() {
                earlier = self.before(alias, model, finding);
            }
            if !earlier.is_empty() {
                return earlier;
            }
        }
        Vec::new()
    }

    /// The entries of a finding whose element or model was called otherwise.
    fn before(&self, rule: &str, model: &Model, finding: &Finding) -> Vec<usize> {
        let Some(was) = self.former(rule, model, finding) else {
            return Vec::new();
        };
        let named = |entry: &Entry| entry.named(&was);
        self.at(model, Fingerprint::of(&was), rule, named)
    }

    /// Who a finding was, if its element or model was called otherwise.
    fn former<'r>(&self, rule: &'r str, model: &Model, finding: &Finding) -> Option<Identity<'r>> {
        let at = (finding.model, model);
        let was = self.renames.former(rule, at, finding.element)?;
        Some(Identity {
            ordinal: finding.ordinal,
            ..was
        })
    }

    fn at(
        &self,
        model: &Model,
        fingerprint: Fingerprint,
        rule: &str,
        is_meant: impl Fn(&Entry) -> bool,
    ) -> Vec<usize> {
        let path = model.path();
        let before = self.moved.get(path);
        self.index
            .find(fingerprint)
            .filter(|at| {
                let entry = &self.baseline.entries[*at];
                (entry.path == *path || Some(&entry.path) == before)
                    && *entry.rule == *rule
                    && is_meant(entry)
            })
            .collect()
    }

    /// Which path each moved model had. A file of the baseline that is gone moves
    /// to a path that the baseline does not know, the one with most of its
    /// findings; one to one, so that two services of the same names never hide
    /// each other.
    fn moves(
        &self,
        judged: &Judged,
        subjects: &Subjects<'_>,
        extent: &Extent<'_>,
    ) -> BTreeMap<RepoPath, RepoPath> {
        let models = self.baseline.models.iter().map(|model| &model.path);
        let paths = self.baseline.entries.iter().map(|entry| &entry.path);
        let known: BTreeSet<&RepoPath> = models.chain(paths).collect();
        let unknown: BTreeSet<&RepoPath> = subjects
            .keys()
            .copied()
            .filter(|path| !known.contains(path))
            .collect();
        if unknown.is_empty() {
            return BTreeMap::new();
        }
        let gone: BTreeSet<&RepoPath> = known
            .into_iter()
            .filter(|path| !subjects.contains_key(path) && extent.is_missing(path))
            .collect();
        let mut shared: BTreeMap<(&RepoPath, &RepoPath), usize> = BTreeMap::new();
        for finding in &judged.findings {
            let path = judged.model_of(finding).path();
            if !unknown.contains(path) {
                continue;
            }
            for at in self.index.find(finding.fingerprint) {
                let before = &self.baseline.entries[at].path;
                if gone.contains(before) {
                    *shared.entry((before, path)).or_insert(0) += 1;
                }
            }
        }
        let mut pairs: Vec<_> = shared.into_iter().collect();
        pairs.sort_by_key(|((before, path), count)| {
            let renamed = before.file_name() != path.file_name();
            (std::cmp::Reverse(*count), renamed, *before, *path)
        });
        let mut moved: BTreeMap<RepoPath, RepoPath> = BTreeMap::new();
        let mut left: BTreeSet<&RepoPath> = BTreeSet::new();
        for ((before, path), _) in pairs {
            if !moved.contains_key(path) && left.insert(before) {
                moved.insert(path.clone(), before.clone());
            }
        }
        moved
    }

    /// Whether only the catalogue made a finding worse than its entry: the rule
    /// has its built-in severity, and that of a later catalogue.
    fn raised(&self, finding: &Finding, entry: &Entry) -> bool {
        let rule = &finding.rule;
        let own = built_in::by_id(&rule.id).map(|built_in| built_in.rule().severity);
        finding.evidence <= entry.evidence
            && rule.layer == Layer::BuiltIn
            && own == Some(finding.severity)
            && newer(env!("CARGO_PKG_VERSION"), &self.baseline.catalogue)
    }

    /// Marks findings of later rules on elements that the baseline knows.
    fn later_rules(&self, judged: &Judged, comparison: &mut Comparison) {
        let later = |rule: &Rule| {
            rule.layer == Layer::BuiltIn && newer(&rule.since, &self.baseline.catalogue)
        };
        let mut elements: Option<BTreeSet<ElementKey<'_>>> = None;
        for (finding, known) in judged.findings.iter().zip(&mut comparison.findings) {
            if *known != Known::No || !later(&finding.rule) {
                continue;
            }
            let elements = elements
                .get_or_insert_with(|| self.baseline.entries.iter().map(ElementKey::of).collect());
            let model = judged.model_of(finding);
            let path = self.moved.get(model.path()).unwrap_or(model.path());
            let was = self.former("", model, finding);
            let identity = was.unwrap_or_else(|| Identity::new("", model, finding.element));
            if elements.contains(&ElementKey::new(path, &identity)) {
                *known = Known::Unreviewed(None);
            }
        }
    }
}

/// An element of a model, whatever its findings.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct ElementKey<'a> {
    path: &'a str,
    model: std::borrow::Cow<'a, str>,
    class: Class,
    names: [Option<std::borrow::Cow<'a, str>>; 3],
}

impl<'a> ElementKey<'a> {
    fn of(entry: &'a Entry) -> Self {
        let name = |name: &'a Arc<str>| Some(std::borrow::Cow::from(&**name));
        Self {
            path: entry.path.as_str(),
            model: std::borrow::Cow::from(&*entry.model),
            class: entry.class,
            names: [
                name(&entry.element),
                entry.source.as_ref().and_then(name),
                entry.sink.as_ref().and_then(name),
            ],
        }
    }

    fn new(path: &'a RepoPath, identity: &Identity<'_>) -> Self {
        let name = |name: &String| std::borrow::Cow::from(name.clone());
        Self {
            path: path.as_str(),
            model: name(&identity.model),
            class: identity.class,
            names: [
                Some(name(&identity.name)),
                identity.source.as_ref().map(name),
                identity.sink.as_ref().map(name),
            ],
        }
    }
}

/// Whether a rule of exactly that id judged the model.
fn runs_as(subject: &JudgedModel, id: &str) -> bool {
    let rules = &subject.rules;
    rules
        .binary_search_by(|rule| (*rule.rule.id).cmp(id))
        .is_ok()
}

/// Tells what became of entries without a finding.
struct Vanished<'a> {
    judged: &'a Judged,
    subjects: Subjects<'a>,
    extent: &'a Extent<'a>,
    renames: &'a Renames<'a>,
    /// The elements of the models that were asked for.
    elements: BTreeMap<&'a RepoPath, BTreeSet<ElementKey<'a>>>,
}

impl<'a> Vanished<'a> {
    fn new(
        judged: &'a Judged,
        subjects: Subjects<'a>,
        extent: &'a Extent<'a>,
        renames: &'a Renames<'a>,
    ) -> Self {
        Self {
            judged,
            subjects,
            extent,
            renames,
            elements: BTreeMap::new(),
        }
    }

    fn state(&mut self, entry: &Entry) -> State {
        if !self.extent.includes(&entry.path) || self.judged.broken.contains(&entry.path) {
            return State::NotJudged;
        }
        let Some((path, subjects)) = self.subjects.get_key_value(&entry.path) else {
            return State::Gone;
        };
        if !subjects.iter().all(|it| self.judged.knows_all_of(it)) {
            return State::NotJudged;
        }
        if !subjects.iter().any(|subject| ran(subject, &entry.rule)) {
            return State::NotJudged;
        }
        let elements = self.elements.entry(path).or_insert_with(|| {
            let models = self.judged.models.iter().enumerate();
            let models = models.filter(|(_, subject)| subject.model.path() == *path);
            let keys = models
                .flat_map(|(at, subject)| keys(path, (at as u32, &subject.model), self.renames));
            keys.collect()
        });
        if elements.contains(&ElementKey::of(entry)) {
            State::Fixed
        } else {
            State::Gone
        }
    }
}

/// The elements of a model, by the names that they have and those that they had.
fn keys<'a>(
    path: &'a RepoPath,
    (at, model): (u32, &Model),
    renames: &Renames<'_>,
) -> Vec<ElementKey<'a>> {
    let of = |id| {
        let is = Identity::new("", model, id);
        let was = renames.former("", (at, model), id);
        std::iter::once(is).chain(was)
    };
    let all = model.judged.iter().copied().flat_map(of);
    all.map(|who| ElementKey::new(path, &who)).collect()
}

/// Sets the statuses of findings that are still new by what the baseline knows.
/// What `policy.never` names stays new.
pub fn apply(
    baseline: &Baseline,
    comparison: &Comparison,
    policy: &Policy,
    findings: &mut [Finding],
) {
    for (finding, known) in findings.iter_mut().zip(&comparison.findings) {
        if finding.status != Status::New {
            continue;
        }
        let (status, at, text) = match known {
            Known::No => continue,
            Known::Covered(at) | Known::Unreviewed(Some(at))
                if never(policy, &finding.rule).is_some() =>
            {
                let text = "known in the baseline, but policy lets nothing excuse this rule";
                (Status::New, Some(*at), text.to_owned())
            }
            Known::Covered(at) => (Status::Baselined, Some(*at), "known in the baseline".into()),
            Known::Worse(at) => {
                let entry = &baseline.entries[*at];
                let is_as_bad =
                    finding.severity <= entry.severity && finding.evidence <= entry.evidence;
                let (was, is) = if is_as_bad {
                    (
                        format!("of risk {}", entry.risk),
                        format!("{}", finding.risk),
                    )
                } else {
                    (
                        format!("{}, {}", entry.severity, entry.evidence.as_str()),
                        format!("{}, {}", finding.severity, finding.evidence.as_str()),
                    )
                };
                let text = format!("the baseline knows it as {was}; now it is {is}");
                (Status::New, Some(*at), text)
            }
            Known::Unreviewed(at) => {
                let what = if at.is_some() {
                    "the catalogue raised its severity since"
                } else {
                    "its rule came after"
                };
                let text = format!(
                    "{what} the baseline was made (catalogue {}), and nobody has looked at it yet",
                    baseline.catalogue
                );
                (Status::Unreviewed, *at, text)
            }
        };
        finding.status = status;
        finding.reason = Some(Box::new(Reason {
            by: By::Baseline,
            text: text.into(),
            place: at.and_then(|at| baseline.place(&baseline.entries[at])),
        }));
    }
}

/// The entries whose findings are gone, as reports list them.
pub fn ended(baseline: &Baseline, comparison: &Comparison) -> Vec<Ended> {
    let states = baseline.entries.iter().zip(&comparison.entries);
    let mut fixed: Vec<Ended> = states
        .filter_map(|(entry, state)| {
            let how = match state {
                State::Fixed => How::Fixed,
                State::Gone => How::Gone,
                _ => return None,
            };
            Some(Ended {
                fingerprint: entry.fingerprint,
                rule: Arc::clone(&entry.rule),
                path: entry.path.clone(),
                class: entry.class,
                element: Arc::clone(&entry.element),
                how,
                because: None,
            })
        })
        .collect();
    fixed.sort();
    fixed.dedup();
    fixed
}

/// The notices about what was renamed since the baseline was written, one a model.
pub fn renamed(comparison: &Comparison, judged: &Judged) -> Vec<Notice> {
    const NAMED: usize = 5;
    let of_model = |(at, told): &(u32, Vec<String>)| {
        let model = &judged.models[*at as usize].model;
        let mut message = told[..told.len().min(NAMED)].join(", ");
        if told.len() > NAMED {
            message.push_str(&format!(" and {} more", told.len() - NAMED));
        }
        let notice = Notice::note(code::RENAMED, model.place.clone(), message);
        notice.with_help(
            "what was known of them stays known; `tmrs baseline update` writes the new names",
        )
    };
    comparison.renamed.iter().map(of_model).collect()
}

/// The notice about entries without an open finding, at the first of them.
pub fn stale(baseline: &Baseline, comparison: &Comparison) -> Option<Notice> {
    let states = baseline.entries.iter().zip(&comparison.entries);
    let mut stale = states.filter(|(_, state)| state.is_stale());
    let (first, _) = stale.next()?;
    let count = 1 + stale.count();
    let message = if count == 1 {
        "this entry of the baseline has no open finding any more".to_owned()
    } else {
        format!("{count} entries of the baseline have no open finding any more; this is the first")
    };
    let notice = Notice::note(code::STALE, baseline.place(first)?, message);
    Some(
        notice.with_help(
            "`tmrs baseline check` lists them, `tmrs baseline update --prune` removes them",
        ),
    )
}
