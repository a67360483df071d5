//! What was open at a base revision (docs/semantics.md §4): a baseline made in memory,
//! and for what is new in spite of it the reason: which answer, exclusion or
//! proof the base had.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::baseline::{Baseline, Comparison, Entry, Known, KnownModel};
use super::pairs::{Elements, are_called_alike};
use crate::finding::ended::Ended;
use crate::finding::{By, Finding, Fingerprint, Identity, Reason, Status, Withdrawn, canonical};
use crate::model::{Attr, ElementId, Model, Origin, Owner, Slot, Value};
use crate::notice::{Notice, code};
use crate::pipeline::Judged;
use crate::source::{Place, RepoPath};

/// So much that the base said is told of one finding.
const MOST_WITHDRAWN: usize = 4;

/// What is known because of the base.
pub struct AtBase {
    /// The base as a baseline: what is open there, in models that could be read and
    /// judged completely, under the names that elements and models have now.
    pub known: Baseline,
    /// What findings of renamed elements and models were called, by their file there and
    /// who they are now.
    pub earlier: BTreeMap<(RepoPath, Fingerprint), Earlier>,
}

/// A finding under the name that it had.
pub struct Earlier {
    /// Who it was.
    pub fingerprint: Fingerprint,
    /// The element's name.
    pub element: Arc<str>,
    /// The model's name.
    pub model: Arc<str>,
}

impl AtBase {
    /// The same for a gate that compares severities, see [`Entry::at_any_risk`].
    #[must_use]
    pub fn at_any_risk(self) -> Self {
        Self {
            known: self.known.at_any_risk(),
            ..self
        }
    }

    /// What an entry was called, where that was something else.
    fn called(&self, entry: &Entry) -> String {
        let key = (entry.path.clone(), entry.fingerprint);
        match self.earlier.get(&key) {
            Some(earlier) if *earlier.element != *entry.element => {
                format!(", where it was called “{}”", earlier.element)
            }
            Some(earlier) if *earlier.model != *entry.model => {
                format!(", where the model was called “{}”", earlier.model)
            }
            _ => String::new(),
        }
    }
}

/// What is open at the base. `pairs` says which models are the same
/// ([`super::pairs::models`]).
pub fn known_at(base: &Judged, head: &Judged, pairs: &[Option<usize>]) -> AtBase {
    let models = base.models.iter().map(|subject| KnownModel {
        path: subject.model.path().clone(),
        name: canonical(&subject.model.name).into(),
    });
    let unreadable = base.broken.iter().map(|path| KnownModel {
        path: path.clone(),
        name: "".into(),
    });
    let open = base.findings.iter().filter(|finding| {
        finding.status.is_open() && !base.broken.contains(base.model_of(finding).path())
    });
    let names: Vec<_> = base.models.iter().zip(pairs).collect();
    let names: Vec<Option<Names<'_>>> = names
        .into_iter()
        .map(|(then, pair)| Names::of(&then.model, &head.models[(*pair)?].model))
        .collect();
    let mut earlier = BTreeMap::new();
    let entries = open.map(|finding| {
        let was = Entry::of(base.model_of(finding), finding);
        let names = names[finding.model as usize].as_ref();
        let Some(is) = names.and_then(|names| names.today(finding)) else {
            return was;
        };
        let key = (was.path.clone(), is.0);
        earlier.entry(key).or_insert_with(|| Earlier {
            fingerprint: was.fingerprint,
            element: Arc::clone(&was.element),
            model: Arc::clone(&was.model),
        });
        was.renamed(is.0, is.1)
    });
    let entries = entries.collect();
    AtBase {
        known: Baseline {
            source: None,
            // Both sides are judged by the same rules: none is newer than the base.
            catalogue: env!("CARGO_PKG_VERSION").into(),
            models: models.chain(unreadable).collect(),
            elements: BTreeSet::new(),
            entries,
        },
        earlier,
    }
}

/// What the elements of a model are called now, where something was renamed.
struct Names<'a> {
    then: Elements<'a>,
    now: Elements<'a>,
    /// The model has another name: so has every finding.
    all: bool,
}

impl<'a> Names<'a> {
    fn of(then: &'a Model, now: &'a Model) -> Option<Self> {
        let all = canonical(&then.name) != canonical(&now.name) || then.ordinal != now.ordinal;
        if !all && are_called_alike(then, now) {
            return None;
        }
        let [then, now] = Elements::both(then, now);
        (all || !then.renamed.is_empty()).then_some(Self { then, now, all })
    }

    /// Who a finding of the base is now, if that is somebody else.
    fn today(&self, finding: &'a Finding) -> Option<(Fingerprint, Identity<'a>)> {
        if !self.all && !self.then.renamed.contains(&finding.element) {
            return None;
        }
        let id = self.now.same(finding.element)?;
        let identity = Identity {
            ordinal: finding.ordinal,
            ..Identity::new(&finding.rule.id, self.now.model, id)
        };
        Some((Fingerprint::of(&identity), identity))
    }
}

/// What a change renames, one note a model.
pub fn renamed(base: &Judged, head: &Judged, pairs: &[Option<usize>]) -> Vec<Notice> {
    const NAMED: usize = 5;
    let mut notices = Vec::new();
    for (then, pair) in base.models.iter().zip(pairs) {
        let Some(now) = pair.map(|at| &head.models[at].model) else {
            continue;
        };
        let Some(names) = Names::of(&then.model, now) else {
            continue;
        };
        let mut place = now.place.clone();
        let mut what: Vec<String> = Vec::new();
        if canonical(&then.model.name) != canonical(&now.name) {
            what.push(format!("the model “{}” to “{}”", then.model.name, now.name));
        }
        for id in &names.then.renamed {
            let (was, is) = (then.model.element(*id), names.now.same(*id));
            let is = is
                .map(|id| now.element(id))
                .filter(|is| is.name != was.name);
            if let Some(is) = is {
                if what.is_empty() {
                    place = is.name_place.clone();
                }
                what.push(format!(
                    "{} “{}” to “{}”",
                    is.class.name(),
                    was.name,
                    is.name
                ));
            }
        }
        if what.is_empty() {
            continue;
        }
        let more = what.len().saturating_sub(NAMED);
        what.truncate(NAMED);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let message = format!("this change renames {}{more}", what.join(", "));
        let help = "nothing to do: what was known of them stays known";
        notices.push(Notice::note(code::RENAMED, place, message).with_help(help));
    }
    notices
}

/// Sets the statuses of findings that are still new by what was open at the
/// base, and says of the others what the base had against them. `commit` is how
/// people read the base's hash, `pairs` says which models are the same
/// ([`super::pairs::models`]).
pub fn apply(
    head: &mut Judged,
    base: &Judged,
    pairs: &[Option<usize>],
    (known, at_base): (&Comparison, &AtBase),
    commit: &str,
) {
    let mut findings = std::mem::take(&mut head.findings);
    let past = Past::new(head, base, pairs);
    for (finding, known) in findings.iter_mut().zip(&known.findings) {
        if finding.status != Status::New {
            continue;
        }
        let mut withdrawn = Vec::new();
        let text = match known {
            Known::Covered(at) => {
                finding.status = Status::Baselined;
                let called = at_base.called(&at_base.known.entries[*at]);
                Some(format!("open at the base ({commit}){called}"))
            }
            Known::Worse(at) | Known::Unreviewed(Some(at)) => {
                let entry = &at_base.known.entries[*at];
                let is_as_bad =
                    finding.severity <= entry.severity && finding.evidence <= entry.evidence;
                Some(if is_as_bad {
                    format!(
                        "at the base ({commit}) its risk was {}; now it is {}, for more leads to it or is at stake",
                        entry.risk, finding.risk
                    )
                } else {
                    format!(
                        "at the base ({commit}) it was {}, {}; now it is {}, {}",
                        entry.severity,
                        entry.evidence.as_str(),
                        finding.severity,
                        finding.evidence.as_str()
                    )
                })
            }
            Known::No | Known::Unreviewed(None) => {
                withdrawn = past.withdrawn(finding);
                past.against(finding, &withdrawn, commit)
            }
        };
        finding.withdrawn = withdrawn;
        if let Some(text) = text {
            finding.reason = Some(Box::new(Reason {
                by: By::Base,
                text: text.into(),
                place: None,
            }));
        }
    }
    head.findings = findings;
}

/// What the base had against findings that are new.
struct Past<'a> {
    head: &'a Judged,
    base: &'a Judged,
    /// The same models of the base, by position in the working tree.
    then: Vec<Option<usize>>,
    /// Their elements and those of the same models here, gathered when the first one
    /// is asked for.
    elements: Vec<OnceCell<[Elements<'a>; 2]>>,
    /// The base's findings, whatever became of them.
    findings: BTreeMap<(u32, ElementId, &'a str), &'a Finding>,
}

impl<'a> Past<'a> {
    fn new(head: &'a Judged, base: &'a Judged, pairs: &[Option<usize>]) -> Self {
        let mut then = vec![None; head.models.len()];
        for (at, pair) in pairs.iter().enumerate() {
            if let Some(here) = pair {
                then[*here] = Some(at);
            }
        }
        Self {
            head,
            base,
            then,
            elements: base.models.iter().map(|_| OnceCell::new()).collect(),
            findings: base
                .findings
                .iter()
                .map(|finding| ((finding.model, finding.element, &*finding.rule.id), finding))
                .collect(),
        }
    }

    /// The same model at the base, by position there, with the elements of both sides.
    fn model(&self, finding: &Finding) -> Option<(usize, &[Elements<'a>; 2])> {
        let at = (*self.then.get(finding.model as usize)?)?;
        let [then, now] = [&self.base.models[at].model, self.head.model_of(finding)];
        Some((
            at,
            self.elements[at].get_or_init(|| Elements::both(then, now)),
        ))
    }

    /// Why the base did not know a finding, if it knew the element.
    fn against(&self, finding: &Finding, said: &[Withdrawn], commit: &str) -> Option<String> {
        let model = self.head.model_of(finding);
        if self.base.broken.contains(model.path()) {
            return Some(format!(
                "at the base ({commit}) the model could not be read"
            ));
        }
        let (at, elements) = self.model(finding)?;
        let was = elements[0].same(finding.element)?;
        if let Some(then) = self.findings.get(&(at as u32, was, &*finding.rule.id)) {
            return Some(format!("{} at the base ({commit})", answer(then)?));
        }
        // That it did not hold there is what new means.
        if said.is_empty() {
            return None;
        }
        let told: Vec<String> = said.iter().map(ToString::to_string).collect();
        Some(format!("at the base ({commit}) {}", told.join(", ")))
    }

    /// What was said at the base about the facts that make a finding, and is not any more.
    fn withdrawn(&self, finding: &Finding) -> Vec<Withdrawn> {
        let finding = &*finding.where_seen();
        let model = self.head.model_of(finding);
        let Some((at, [before, now])) = self.model(finding) else {
            return Vec::new();
        };
        if self.base.broken.contains(model.path()) || before.same(finding.element).is_none() {
            return Vec::new();
        }
        let then = &self.base.models[at].model;
        let rule = self.head.rule_of(finding);
        let condition = rule.and_then(|rule| rule.condition.as_ref());
        let facts = condition.map(|condition| condition.facts(model, finding.element));
        let mut said: Vec<Withdrawn> = Vec::new();
        for fact in facts.iter().flatten() {
            let attr = attribute(&fact.attribute);
            let Some(owner) = fact.owner else { continue };
            let was = before.owner(now, owner);
            let was = was.and_then(|owner| then.slot(owner, &attr));
            let Some(slot) = was.filter(|slot| is_said(slot)) else {
                continue;
            };
            if slot.value.in_words() == fact.value.in_words() {
                continue;
            }
            let (class, name, group) = match owner {
                Owner::Element(id) => (model.element(id).class.name(), &model.element(id).name, ""),
                Owner::Controls(id) => (
                    model.element(id).class.name(),
                    &model.element(id).name,
                    "controls.",
                ),
                Owner::Data(id) => ("Data", &model.datum(id).name, ""),
            };
            let is_said = matches!(fact.origin, Origin::Declared | Origin::Derived);
            said.push(Withdrawn {
                class,
                name: Arc::clone(name),
                attribute: format!("{group}{}", attr.name()),
                was: as_written(then, &slot.value),
                is: is_said.then(|| as_written(model, &fact.value)),
                place: slot.place.clone(),
            });
        }
        said.sort();
        said.dedup();
        said.truncate(MOST_WITHDRAWN);
        said
    }
}

/// The attribute at the end of what a condition reads, such as `sink.isHardened`.
pub(super) fn attribute(read: &str) -> Attr {
    Attr::named(read.rsplit('.').next().unwrap_or(""))
}

pub(super) fn is_said(slot: &Slot) -> bool {
    matches!(slot.origin, Origin::Declared | Origin::Derived)
}

/// A value in words, true and false as the model's language has them.
fn as_written(model: &Model, value: &Value) -> String {
    match value {
        Value::Bool(held) if model.format != "pytm" => held.to_string(),
        other => other.in_words(),
    }
}

/// What became of a finding at the base; `None` for one that was open.
fn answer(then: &Finding) -> Option<String> {
    let reason = then.reason.as_ref()?;
    let what = match reason.by {
        By::Scope => "the element was out of scope".to_owned(),
        By::Assumption => format!("the assumption “{}” excluded it", reason.text),
        By::Response => format!("the model answered it with “{}”", reason.text),
        By::Inline => format!("a comment beside the element excluded it ({})", reason.text),
        By::Configuration => format!("the configuration excluded it ({})", reason.text),
        By::Control => format!("it was mitigated: {}", reason.text),
        By::CommandLine | By::Baseline | By::Base => return None,
    };
    Some(what + &at_place(reason.place.as_ref()))
}

fn at_place(place: Option<&Place>) -> String {
    place.map_or_else(String::new, |place| {
        format!(" ({}:{})", place.path(), place.positions().0.line)
    })
}

/// What the baseline file knows of what the base did not: everything but that a
/// rule is newer, for the base was judged by it too.
pub fn without_unreviewed(mut comparison: Comparison) -> Comparison {
    for known in &mut comparison.findings {
        match known {
            Known::Unreviewed(Some(at)) => *known = Known::Worse(*at),
            Known::Unreviewed(None) => *known = Known::No,
            _ => {}
        }
    }
    comparison
}

/// Findings of the base that are gone, and of the baseline; each once.
pub fn ended(mut of_base: Vec<Ended>, of_baseline: Vec<Ended>) -> Vec<Ended> {
    of_base.extend(of_baseline);
    of_base.sort();
    of_base.dedup();
    of_base
}
