//! What was open when somebody last looked, so that only what is new fails
//! (docs/semantics.md §4, §5).
//!
//! [`read`] and [`Baseline::write`] are the file, [`compare`] says what became of
//! its entries and which findings it knows, [`update`] makes the next one.

mod compare;
mod elements;
mod file;
mod growth;
mod update;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::condition::Evidence;
use crate::finding::{Finding, Fingerprint, Identity, canonical};
use crate::model::Model;
use crate::model::vocabulary::Class;
use crate::rules::Severity;
use crate::source::{Place, RepoPath, Source, Span};

pub use compare::{Comparison, Extent, Known, State, apply, compare, ended, renamed, stale};
pub use elements::{KnownElement, Renames};
pub use file::{VERSION, is_one, read};
pub use growth::{Former, Growth};
pub use update::{Change, Changes, update};

/// The file's name, unless `--baseline` or the configuration says otherwise.
pub const FILE: &str = "tmrs-baseline.json";

/// The largest baseline that is read, in bytes: some 400,000 entries.
pub const MAX_BYTES: u64 = 100 * 1024 * 1024;

/// Every finding that is known.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// The file, if it was read from one.
    pub source: Option<Arc<Source>>,
    /// The version of the catalogue that judged when it was made.
    pub catalogue: String,
    /// The models that were judged then, whether or not something was open in
    /// them: no entry of a vanished model moves to one of these.
    pub models: BTreeSet<KnownModel>,
    /// The elements of models in which something is open. A baseline of an earlier version has
    /// none, and then what is renamed is new.
    pub elements: BTreeSet<KnownElement>,
    /// The open findings, sorted.
    pub entries: Vec<Entry>,
}

/// A model that was judged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownModel {
    /// Its file.
    pub path: RepoPath,
    /// Its name, canonical.
    pub name: Arc<str>,
}

/// One finding that is known. Names are canonical (docs/semantics.md §1).
#[derive(Clone, Debug)]
pub struct Entry {
    /// The model's file.
    pub path: RepoPath,
    /// The model's name.
    pub model: Arc<str>,
    /// The element's class.
    pub class: Class,
    /// The element's name.
    pub element: Arc<str>,
    /// A flow's source.
    pub source: Option<Arc<str>>,
    /// A flow's sink.
    pub sink: Option<Arc<str>>,
    /// The rule's id then.
    pub rule: Arc<str>,
    /// How bad it was.
    pub severity: Severity,
    /// How sure it was.
    pub evidence: Evidence,
    /// How much it mattered there.
    pub risk: Severity,
    /// Who it is.
    pub fingerprint: Fingerprint,
    /// Where it stands in the file; empty for one that is not written yet.
    pub span: Span,
}

/// What orders entries in the file, and tells whether two are the same line.
type Key<'a> = (
    &'a RepoPath,
    &'a str,
    &'static str,
    &'a str,
    Option<&'a str>,
    Option<&'a str>,
    &'a str,
    Fingerprint,
    Severity,
    Evidence,
    Severity,
);

impl Entry {
    /// The entry for a finding.
    pub fn of(model: &Model, finding: &Finding) -> Self {
        let identity = Identity::new(&finding.rule.id, model, finding.element);
        Self {
            path: model.path().clone(),
            model: identity.model.into(),
            class: identity.class,
            element: identity.name.into(),
            source: identity.source.map(Arc::from),
            sink: identity.sink.map(Arc::from),
            rule: identity.rule.into(),
            severity: finding.severity,
            evidence: finding.evidence,
            risk: finding.risk,
            fingerprint: finding.fingerprint,
            span: Span::default(),
        }
    }

    /// The same entry for an element or model that has another name now.
    #[must_use]
    pub fn renamed(self, fingerprint: Fingerprint, identity: Identity<'_>) -> Self {
        Self {
            fingerprint,
            model: identity.model.into(),
            element: identity.name.into(),
            source: identity.source.map(Arc::from),
            sink: identity.sink.map(Arc::from),
            ..self
        }
    }

    /// The same for a gate that compares severities: how much a finding matters in its
    /// place is no news there. No risk is above the severity, so that covers any.
    #[must_use]
    pub fn at_any_risk(mut self) -> Self {
        self.risk = self.severity;
        self
    }

    /// What orders entries: model, element, rule, then the rest.
    pub fn key(&self) -> impl Ord + '_ {
        let key: Key<'_> = (
            &self.path,
            &self.model,
            self.class.name(),
            &self.element,
            self.source.as_deref(),
            self.sink.as_deref(),
            &self.rule,
            self.fingerprint,
            self.severity,
            self.evidence,
            self.risk,
        );
        key
    }

    /// Whether a finding of that severity, evidence and risk was accepted with it: what
    /// became worse or surer, or matters more since a new way leads to it, is news
    /// (docs/semantics.md §4).
    pub fn covers(&self, severity: Severity, evidence: Evidence, risk: Severity) -> bool {
        severity <= self.severity && evidence <= self.evidence && risk <= self.risk
    }

    /// Whether it speaks of this element: an entry hides nothing but what it
    /// names, whatever its fingerprint.
    fn names(&self, model: &Model, finding: &Finding) -> bool {
        let element = model.element(finding.element);
        let end = |recorded: &Option<Arc<str>>, attribute: &str| match recorded {
            None => {
                element.class != Class::Dataflow
                    || model.linked(finding.element, attribute).is_none()
            }
            Some(recorded) => model
                .linked(finding.element, attribute)
                .is_some_and(|end| same(&model.element(end).name, recorded)),
        };
        element.class == self.class
            && same(&element.name, &self.element)
            && same(&model.name, &self.model)
            && end(&self.source, "source")
            && end(&self.sink, "sink")
    }

    /// The same of an element that is named otherwise now.
    fn named(&self, who: &Identity<'_>) -> bool {
        who.class == self.class
            && who.name == *self.element
            && who.model == *self.model
            && who.source.as_deref() == self.source.as_deref()
            && who.sink.as_deref() == self.sink.as_deref()
    }
}

/// Whether a name is the recorded one, which is canonical.
fn same(name: &str, recorded: &str) -> bool {
    name == recorded || canonical(name) == recorded
}

impl Baseline {
    /// Where an entry stands; `None` if it was not read from a file.
    pub fn place(&self, entry: &Entry) -> Option<Place> {
        Some(self.source.as_ref()?.place(entry.span))
    }

    /// The same for a gate that compares severities, see [`Entry::at_any_risk`].
    #[must_use]
    pub fn at_any_risk(mut self) -> Self {
        let entries = self.entries.into_iter();
        self.entries = entries.map(Entry::at_any_risk).collect();
        self
    }

    /// The same without what elements are recognised by under other names: where a base
    /// revision tells that, the file does not count.
    #[must_use]
    pub fn without_places(mut self) -> Self {
        self.elements.clear();
        self
    }

    /// Whether the file is exactly what [`Baseline::write`] gives.
    pub fn is_canonical(&self) -> bool {
        let text = self.source.as_ref().map(|source| source.text());
        text.is_some_and(|text| text == self.write())
    }

    /// Sorts entries and drops what stands twice.
    fn settle(&mut self) {
        self.entries.sort_by(|a, b| a.key().cmp(&b.key()));
        self.entries.dedup_by(|a, b| a.key() == b.key());
    }
}

/// Entries by fingerprint, which stand beside their positions: looking one up
/// touches no entry.
struct Index(Vec<(Fingerprint, u32)>);

impl Index {
    fn new(entries: &[Entry]) -> Self {
        let prints = entries.iter().map(|entry| entry.fingerprint);
        let mut order: Vec<_> = prints.zip(0..).collect();
        order.sort_unstable();
        Self(order)
    }

    /// Positions of the entries of one fingerprint, in their order.
    fn find(&self, fingerprint: Fingerprint) -> impl Iterator<Item = usize> + '_ {
        let start = self.0.partition_point(|(print, _)| *print < fingerprint);
        self.0[start..]
            .iter()
            .take_while(move |(print, _)| *print == fingerprint)
            .map(|(_, at)| *at as usize)
    }
}
