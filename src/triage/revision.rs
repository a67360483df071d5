//! What was open at a base revision (SEMANTICS §4): a baseline made in memory,
//! and for what is new in spite of it the reason: which answer, exclusion or
//! proof the base had.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::baseline::{Baseline, Comparison, Entry, Known, KnownModel};
use crate::finding::{By, Finding, Fingerprint, Identity, Reason, Status, canonical};
use crate::model::{Attr, ElementId, Model, Origin, Owner, Slot};
use crate::pipeline::Judged;
use crate::report::build::text_of;
use crate::source::{Place, RepoPath};

/// The base as a baseline: what is open there, in models that could be read and
/// judged completely.
pub fn known_at(base: &Judged) -> Baseline {
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
    Baseline {
        source: None,
        // Both sides are judged by the same rules: none is newer than the base.
        catalogue: env!("CARGO_PKG_VERSION").into(),
        models: models.chain(unreadable).collect(),
        entries: open
            .map(|finding| Entry::of(base.model_of(finding), finding))
            .collect(),
    }
}

/// Sets the statuses of findings that are still new by what was open at the
/// base, and says of the others what the base had against them. `commit` is how
/// people read the base's hash.
pub fn apply(
    head: &mut Judged,
    base: &Judged,
    known: &Comparison,
    baseline: &Baseline,
    commit: &str,
) {
    let mut findings = std::mem::take(&mut head.findings);
    let past = Past::new(head, base);
    for (finding, known) in findings.iter_mut().zip(&known.findings) {
        if finding.status != Status::New {
            continue;
        }
        let text = match known {
            Known::Covered(_) => {
                finding.status = Status::Baselined;
                Some(format!("open at the base ({commit})"))
            }
            Known::Worse(at) | Known::Unreviewed(Some(at)) => {
                let entry = &baseline.entries[*at];
                Some(format!(
                    "at the base ({commit}) it was {}, {}; now it is {}, {}",
                    entry.severity,
                    entry.evidence.as_str(),
                    finding.severity,
                    finding.evidence.as_str()
                ))
            }
            Known::No | Known::Unreviewed(None) => past.against(finding, commit),
        };
        if let Some(text) = text {
            finding.reason = Some(Reason {
                by: By::Base,
                text: text.into(),
                place: None,
            });
        }
    }
    head.findings = findings;
}

/// What the base had against findings that are new.
struct Past<'a> {
    head: &'a Judged,
    base: &'a Judged,
    /// Its findings, whatever became of them.
    findings: BTreeMap<Fingerprint, Vec<&'a Finding>>,
    /// The paths of the models of the working tree.
    here: BTreeSet<&'a RepoPath>,
}

impl<'a> Past<'a> {
    fn new(head: &'a Judged, base: &'a Judged) -> Self {
        let mut findings: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for finding in &base.findings {
            findings
                .entry(finding.fingerprint)
                .or_default()
                .push(finding);
        }
        Self {
            head,
            base,
            findings,
            here: head.models.iter().map(|m| m.model.path()).collect(),
        }
    }

    /// Why the base did not know a finding, if it knew the element.
    fn against(&self, finding: &Finding, commit: &str) -> Option<String> {
        let model = self.head.model_of(finding);
        if self.base.broken.contains(model.path()) {
            return Some(format!(
                "at the base ({commit}) the model could not be read"
            ));
        }
        let answered = self
            .findings
            .get(&finding.fingerprint)
            .into_iter()
            .flatten()
            .find(|then| self.is_same(model, self.base.model_of(then)));
        if let Some(then) = answered {
            return Some(format!("{} at the base ({commit})", answer(then)?));
        }
        let then = &self
            .base
            .models
            .iter()
            .find(|then| self.is_same(model, &then.model))?
            .model;
        let element = counterpart(model, finding.element, then)?;
        let said = self.withdrawn(finding, then, element);
        Some(if said.is_empty() {
            format!("it did not hold on this element at the base ({commit})")
        } else {
            format!("at the base ({commit}) {}", said.join(", "))
        })
    }

    /// Whether a model of the base is this one: at its path, or moved from one that is gone.
    fn is_same(&self, model: &Model, then: &Model) -> bool {
        let (here, there) = (model.path(), then.path());
        (here == there || !self.here.contains(there))
            && canonical(&model.name) == canonical(&then.name)
            && model.ordinal == then.ordinal
    }

    /// What was said at the base about the facts that make a finding, and is not any more.
    fn withdrawn(&self, finding: &Finding, then: &Model, element: ElementId) -> Vec<String> {
        let model = self.head.model_of(finding);
        let condition = self
            .head
            .rule_of(finding)
            .and_then(|rule| rule.condition.as_ref());
        let facts = condition.map(|condition| condition.facts(model, finding.element));
        let mut said: Vec<String> = Vec::new();
        for fact in facts.iter().flatten() {
            let name = fact.attribute.rsplit('.').next().unwrap_or("");
            let attr = Attr::named(name);
            let owner = fact
                .owner
                .and_then(|owner| owner_at(model, owner, then, (finding.element, element)));
            let slot = owner.and_then(|owner| then.slot(owner, &attr));
            let Some(slot) = slot.filter(|slot| is_said(slot)) else {
                continue;
            };
            let (was, is) = (text_of(&slot.value), text_of(&fact.value));
            if was != is {
                said.push(format!(
                    "{} was {was}{}",
                    fact.attribute,
                    at(slot.place.as_ref())
                ));
            }
        }
        said.sort();
        said.dedup();
        said.truncate(4);
        said
    }
}

fn is_said(slot: &Slot) -> bool {
    matches!(slot.origin, Origin::Declared | Origin::Derived)
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
    Some(what + &at(reason.place.as_ref()))
}

fn at(place: Option<&Place>) -> String {
    place.map_or_else(String::new, |place| {
        format!(" ({}:{})", place.path(), place.positions().0.line)
    })
}

/// The element of another model that is the same one.
fn counterpart(model: &Model, id: ElementId, other: &Model) -> Option<ElementId> {
    let identity = Identity {
        model_ordinal: 0,
        ..Identity::new("", model, id)
    };
    let same = |candidate: &ElementId| {
        other.element(*candidate).class == identity.class
            && Identity {
                model_ordinal: 0,
                ..Identity::new("", other, *candidate)
            } == identity
    };
    other.ids().find(same)
}

/// Whose attribute it is in another model, where `pair` is the same element in both.
fn owner_at(
    model: &Model,
    owner: Owner,
    other: &Model,
    pair: (ElementId, ElementId),
) -> Option<Owner> {
    let element = |id| {
        if id == pair.0 {
            Some(pair.1)
        } else {
            counterpart(model, id, other)
        }
    };
    match owner {
        Owner::Element(id) => element(id).map(Owner::Element),
        Owner::Controls(id) => element(id).map(Owner::Controls),
        Owner::Data(id) => {
            let name = canonical(&model.datum(id).name);
            let same = |at: &u32| canonical(&other.data[*at as usize].name) == name;
            let at = (0..other.data.len() as u32).find(same)?;
            Some(Owner::Data(crate::model::DataId(at)))
        }
    }
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

/// The rules that judge a model of the base: those of the same model in the
/// working tree (SEMANTICS §4, "head's rules judge both sides").
pub struct HeadRules(
    BTreeMap<(RepoPath, Arc<str>, u32), usize>,
    BTreeMap<(Arc<str>, u32), usize>,
);

impl HeadRules {
    /// Of what was judged in the working tree.
    pub fn new(head: &Judged) -> Self {
        let (mut at_path, mut anywhere) = (BTreeMap::new(), BTreeMap::new());
        for (number, subject) in head.models.iter().enumerate() {
            let name: Arc<str> = canonical(&subject.model.name).into();
            let ordinal = subject.model.ordinal;
            anywhere
                .entry((Arc::clone(&name), ordinal))
                .or_insert(number);
            at_path.insert((subject.model.path().clone(), name, ordinal), number);
        }
        Self(at_path, anywhere)
    }

    /// The position of the model whose rules judge this one of the base.
    pub fn of(&self, model: &Model) -> Option<usize> {
        let name: Arc<str> = canonical(&model.name).into();
        let key = (model.path().clone(), name, model.ordinal);
        self.0
            .get(&key)
            .or_else(|| self.1.get(&(key.1, key.2)))
            .copied()
    }
}

/// Findings of the base that are gone, and of the baseline; each once.
pub fn fixed(
    mut of_base: Vec<crate::report::Fixed>,
    of_baseline: Vec<crate::report::Fixed>,
) -> Vec<crate::report::Fixed> {
    of_base.extend(of_baseline);
    of_base.sort();
    of_base.dedup();
    of_base
}
