//! What was open at the base and is not open now: every such finding has a cause,
//! and the cause is told. A control that the change declares fixes a finding, and so
//! does an answer to what nobody had said; everything else that takes one away (a fact that is said otherwise, an element
//! that went, an exclusion that covers more than it did) is a weakening at its
//! place, and so is a finding that went for no reason that could be found.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::edits::{Edit, What};
use super::statements::{Both, Loss, is_simple, settles, stated};
use super::{Kind, Subject, Weakenings};
use crate::condition::Verdict;
use crate::finding::{By, Finding, Fingerprint};
use crate::model::{DataId, ElementId, Model, Origin, Owner};
use crate::pipeline::Judged;
use crate::rules::Severity;
use crate::source::{Place, RepoPath};
use crate::triage::revision::attribute;

/// How many rules a sentence names.
const NAMED: usize = 4;
/// How many facts of one finding are told.
const FACTS: usize = 4;

/// Why findings of the base went, by the file of their model and who they are.
pub type Causes = BTreeMap<(RepoPath, Fingerprint), String>;

/// A model on both sides, and what is asked of it for each finding that went.
pub(super) struct Compared<'a> {
    pub(super) both: Both<'a>,
    base: &'a Judged,
    /// The base's model with what the change answers and declares as protection.
    protected: OnceCell<Model>,
    /// Every statement that is not the same on both sides.
    edits: OnceCell<Vec<Edit>>,
}

/// One cause, and the findings that went because of it.
struct Group {
    subject: Subject,
    what: String,
    severity: Severity,
    rules: BTreeSet<String>,
    count: usize,
}

/// Causes as they are found: by kind, place and what happened.
pub(super) struct Gone {
    groups: BTreeMap<(Kind, Place, String), Group>,
    causes: Causes,
}

/// Why one finding went.
pub(super) enum Cause {
    /// What the change declares settles it.
    Fixed(String),
    /// Something that is no protection took it away.
    Lost(Vec<Loss>),
    /// It is there, on an element of another class.
    Moved,
}

/// What is told of one finding that went.
#[derive(Default)]
struct Told {
    /// What the change answers or declares as protection.
    answers: Vec<String>,
    lost: Vec<Loss>,
}

impl Told {
    /// Adds what these statements do; whether there is one.
    fn take<'e>(&mut self, edits: impl Iterator<Item = &'e Edit>) -> bool {
        let mut any = false;
        for edit in edits {
            any = true;
            match &edit.what {
                What::Answers(text) => self.answers.push(text.clone()),
                What::Loses(loss) if self.lost.contains(loss) => {}
                What::Loses(loss) => self.lost.push(loss.clone()),
            }
        }
        any
    }

    /// A finding is fixed where protection alone settles it, and where nothing was lost.
    fn cause(mut self, is_settled: bool) -> Cause {
        if is_settled || self.lost.is_empty() && !self.answers.is_empty() {
            if self.answers.is_empty() {
                self.answers
                    .push("what the change declares as protection".to_owned());
            }
            self.answers.sort();
            self.answers.dedup();
            self.answers.truncate(FACTS);
            return Cause::Fixed(self.answers.join(", "));
        }
        self.lost.dedup();
        self.lost.truncate(FACTS);
        Cause::Lost(self.lost)
    }
}

impl<'a> Compared<'a> {
    pub(super) fn new(now: &'a Model, then: &'a Model, base: &'a Judged) -> Self {
        Self {
            both: Both::new(now, then),
            base,
            protected: OnceCell::new(),
            edits: OnceCell::new(),
        }
    }

    /// Why a finding of the base is not found any more. `is_open` says whether a
    /// rule has an open finding on an element here.
    fn cause(&self, then: &Finding, is_open: &dyn Fn(ElementId, &str) -> bool) -> Cause {
        let Some(id) = self.both.here.same(then.element) else {
            return self.both.removed(then, is_open);
        };
        let now = self.both.here.model;
        let element = now.element(id);
        let named = format!("{} “{}”", element.class.name(), element.name);
        let lost = |kind, place: Place, what| {
            let subject = Subject::element(now, id);
            Cause::Lost(vec![Loss {
                kind,
                subject,
                place,
                what,
            }])
        };
        if !now.judged.contains(&id) {
            let slot = now.slots.named("ignoreUnused");
            let place = slot.and_then(|slot| slot.place.clone());
            return lost(
                Kind::Scope,
                place.unwrap_or_else(|| element.place.clone()),
                format!("{named} is no longer judged: no flow uses it"),
            );
        }
        if then.threat.is_some() {
            let what = format!("{named} no longer states the threat “{}”", then.rule.title);
            return lost(Kind::Fact, element.place.clone(), what);
        }
        self.by_facts(then)
    }

    /// The facts that the finding rested on, held against what is said now.
    fn by_facts(&self, then: &Finding) -> Cause {
        let before = self.both.there.model;
        let rule = self.base.rule_of(then);
        let Some(condition) = rule.and_then(|rule| rule.condition.as_ref()) else {
            return Cause::Lost(Vec::new());
        };
        let facts = condition.facts(before, then.element);
        let mut told = Told::default();
        // What follows from statements that are not among those of the facts.
        let mut followed = Told::default();
        let mut seen = BTreeSet::new();
        for fact in &facts {
            let attr = attribute(&fact.attribute);
            let Some(owner) = fact
                .owner
                .filter(|owner| seen.insert((*owner, attr.clone())))
            else {
                continue;
            };
            let Some(was) = before.slot(owner, &attr) else {
                continue;
            };
            let here = self.both.here.owner(&self.both.there, owner);
            if let (Some(here), true) = (here, FLOWS.contains(&attr.name())) {
                let (come, went) = self.both.flows(owner, here, &attr);
                told.answers.extend(come);
                told.lost.extend(went);
                continue;
            }
            let is = here.and_then(|here| self.both.here.model.slot(here, &attr));
            if is.is_some_and(|is| self.both.is_equal(was, is)) {
                continue;
            }
            let is_stated = here.is_none()
                || [Some(was), is]
                    .into_iter()
                    .flatten()
                    .any(|slot| slot.origin == Origin::Declared);
            if !is_stated && told.take(self.edits(|edit| edit.is_behind(Some(was), is))) {
                continue;
            }
            let to = if is_stated { &mut told } else { &mut followed };
            match is {
                Some(is) if settles(owner, &attr, Some(was), is) => {
                    to.answers
                        .push(stated(owner, &attr, is, self.both.here.model));
                }
                _ => {
                    let mut loss = self.both.loss(owner, here, &attr, was, is);
                    // What is taken over from elsewhere is said there.
                    if let Some(is) = is.filter(|is| is.origin == Origin::Derived)
                        && let Some(place) = &is.place
                    {
                        let line = place.positions().0.line;
                        let _ = write!(loss.what, " ({}:{line})", place.path());
                    }
                    to.lost.push(loss);
                }
            }
        }
        let protected = self.protected.get_or_init(|| self.protect());
        let holds = condition.verdict(protected, then.element);
        let is_settled = !matches!(holds, Verdict::Holds);
        let is_told = !told.answers.is_empty() || !is_settled && !told.lost.is_empty();
        if !is_told {
            let near = self.both.around_of(then.element);
            let counts = |edit: &Edit| !is_settled || matches!(edit.what, What::Answers(_));
            let is_near = |edit: &Edit| edit.about.is_some_and(|about| near.contains(&about));
            if !told.take(self.edits(|edit| counts(edit) && is_near(edit)))
                && !told.take(self.edits(counts))
            {
                told = followed;
            }
        }
        told.cause(is_settled)
    }

    /// The statements that are not the same on both sides, as far as they are wanted.
    fn edits(&self, wanted: impl Fn(&Edit) -> bool) -> impl Iterator<Item = &Edit> {
        let all = self.edits.get_or_init(|| self.both.find_edits());
        all.iter().filter(move |edit| wanted(edit))
    }

    /// The base's model, protected as the change says.
    fn protect(&self) -> Model {
        let mut model = self.both.there.model.clone();
        for id in self.both.there.model.ids() {
            let Some(here) = self.both.here.same(id) else {
                continue;
            };
            let now = self.both.here.model.element(here);
            for (owner, slots) in [
                (Owner::Element(id), &now.slots),
                (Owner::Controls(id), &now.controls),
            ] {
                for (attr, slot) in slots.iter() {
                    let was = self.both.there.model.slot(owner, attr);
                    if is_simple(&slot.value) && settles(owner, attr, was, slot) {
                        let element = model.element_mut(id);
                        let of = match owner {
                            Owner::Controls(_) => &mut element.controls,
                            _ => &mut element.slots,
                        };
                        of.set(attr.clone(), slot.clone());
                    }
                }
            }
        }
        for at in 0..self.both.there.model.data.len() {
            let owner = Owner::Data(DataId(at as u32));
            let Some(Owner::Data(here)) = self.both.here.owner(&self.both.there, owner) else {
                continue;
            };
            for (attr, slot) in self.both.here.model.datum(here).slots.iter() {
                let was = self.both.there.model.slot(owner, attr);
                if is_simple(&slot.value) && settles(owner, attr, was, slot) {
                    model.data[at].slots.set(attr.clone(), slot.clone());
                }
            }
        }
        model
    }
}

/// What follows from where flows begin and end.
const FLOWS: [&str; 2] = ["inputs", "outputs"];

impl Gone {
    pub(super) fn new() -> Self {
        Self {
            groups: BTreeMap::new(),
            causes: Causes::new(),
        }
    }

    /// A finding of the base that is not found any more.
    pub(super) fn vanished(
        &mut self,
        compared: &Compared<'_>,
        then: &Finding,
        is_open: &dyn Fn(ElementId, &str) -> bool,
    ) {
        let losses = match compared.cause(&then.where_seen(), is_open) {
            Cause::Moved => return,
            Cause::Fixed(by) => {
                self.tell(compared, then, by);
                return;
            }
            Cause::Lost(losses) => losses,
        };
        if losses.is_empty() {
            let now = compared.both.here.model;
            self.lose(
                then,
                Loss {
                    kind: Kind::Unexplained,
                    subject: Subject::model(now),
                    place: now.place.clone(),
                    what: format!("nothing in “{}” says why findings went", now.name),
                },
            );
            return;
        }
        let whats: Vec<&str> = losses.iter().map(|loss| &*loss.what).collect();
        self.tell(compared, then, whats.join("; "));
        for loss in losses {
            self.lose(then, loss);
        }
    }

    /// A finding that is there, and answered, excluded or out of scope now.
    pub(super) fn settled(&mut self, compared: &Compared<'_>, then: &Finding, found: &Finding) {
        let Some(reason) = &found.reason else { return };
        let now = compared.both.here.model;
        let mut place = reason.place.clone();
        let kind = match reason.by {
            By::Control if words_differ(compared, then, found) => {
                let threats = &now.element(found.element).threats;
                let threat = found.threat.and_then(|at| threats.get(at as usize));
                place = threat.map(|threat| threat.place.clone());
                Kind::Response
            }
            By::Scope => Kind::Scope,
            By::Assumption => Kind::Assumption,
            By::Response => Kind::Response,
            By::Inline => Kind::Inline,
            By::Configuration => Kind::Exclusion,
            // A control in place fixes it; the command line is told as it is.
            By::Control | By::CommandLine | By::Baseline | By::Base => return,
        };
        let subject = Subject::element(now, found.element);
        let place = place.unwrap_or_else(|| now.element(found.element).place.clone());
        let what = format!(
            "{} “{}” is covered by what stands here, and was not: {}",
            subject.class, subject.name, reason.text
        );
        self.lose(
            then,
            Loss {
                kind,
                subject,
                place,
                what,
            },
        );
    }

    fn tell(&mut self, compared: &Compared<'_>, then: &Finding, why: String) {
        let path = compared.base.model_of(then).path().clone();
        self.causes.insert((path, then.fingerprint), why);
    }

    fn lose(&mut self, then: &Finding, loss: Loss) {
        let key = (loss.kind, loss.place, loss.what.clone());
        let group = self.groups.entry(key).or_insert_with(|| Group {
            subject: loss.subject,
            what: loss.what,
            severity: Severity::Info,
            rules: BTreeSet::new(),
            count: 0,
        });
        group.severity = group.severity.max(then.severity);
        group.rules.insert(then.rule.id.to_string());
        group.count += 1;
    }

    /// Adds what weakens the check. What stands at the place of a weakening that is
    /// known already is told with it.
    pub(super) fn finish(self, weakenings: &mut Weakenings) -> Causes {
        for ((kind, place, _), group) in self.groups {
            let is_told = !matches!(kind, Kind::Fact | Kind::Gone | Kind::Unexplained);
            if is_told && weakenings.let_through(kind, &place, group.severity) {
                continue;
            }
            let rules: Vec<&str> = group.rules.iter().map(String::as_str).collect();
            let (named, more) = rules.split_at(rules.len().min(NAMED));
            let mut ids = named.join(", ");
            if !more.is_empty() {
                let _ = write!(ids, " and {} more rules", more.len());
            }
            let count = if group.count == 1 {
                "1 finding that was open".to_owned()
            } else {
                format!("{} findings that were open", group.count)
            };
            let message = format!("{}; {count} went with it, by {ids}", group.what);
            weakenings
                .add(kind, group.subject, place, &group.what, message)
                .let_through(group.severity);
        }
        self.causes
    }
}

/// Whether a threat in words names other controls that mitigate it than it did: then
/// it is answered rather than mitigated.
fn words_differ(compared: &Compared<'_>, then: &Finding, found: &Finding) -> bool {
    let named = |model: &Model, finding: &Finding| -> Option<Vec<String>> {
        let threats = &model.element(finding.element).threats;
        let threat = threats.get(finding.threat? as usize)?;
        let named = threat.mitigated_by.iter();
        Some(named.map(|said| said.text.to_string()).collect())
    };
    named(compared.both.there.model, then) != named(compared.both.here.model, found)
}
