//! What was open at the base and is not open now: every such finding has a cause,
//! and the cause is told. A control that the change declares fixes a finding, and so
//! does an answer to what nobody had said; everything else that takes one away (a fact that is said otherwise, an element
//! that went, an exclusion that covers more than it did) is a weakening at its
//! place, and so is a finding that went for no reason that could be found.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Kind, Subject, Weakenings};
use crate::condition::Verdict;
use crate::finding::{By, Finding, Fingerprint, canonical};
use crate::model::{Attr, DataId, ElementId, Model, Origin, Owner, Slot, Value, protocols};
use crate::pipeline::Judged;
use crate::rules::Severity;
use crate::source::{Place, RepoPath};
use crate::triage::pairs::Elements;
use crate::triage::revision::{attribute, is_said};

/// How many rules a sentence names.
pub(super) const NAMED: usize = 4;
/// How many facts of one finding are told.
const FACTS: usize = 4;

/// Why findings of the base went, by the file of their model and who they are.
pub type Causes = BTreeMap<(RepoPath, Fingerprint), String>;

/// A model on both sides, with its findings here.
pub(super) struct Both<'a> {
    pub(super) here: Elements<'a>,
    pub(super) there: Elements<'a>,
    base: &'a Judged,
    /// The base's model with what the change answers and declares as protection.
    protected: OnceCell<Model>,
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

#[derive(PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) kind: Kind,
    pub(super) subject: Subject,
    pub(super) place: Place,
    pub(super) what: String,
}

impl<'a> Both<'a> {
    pub(super) fn new(now: &'a Model, then: &'a Model, base: &'a Judged) -> Self {
        let [there, here] = Elements::both(then, now);
        Self {
            here,
            there,
            base,
            protected: OnceCell::new(),
        }
    }

    /// Why a finding of the base is not found any more. `is_open` says whether a
    /// rule has an open finding on an element here.
    fn cause(&self, then: &Finding, is_open: &dyn Fn(ElementId, &str) -> bool) -> Cause {
        let Some(id) = self.here.same(then.element) else {
            return self.removed(then, is_open);
        };
        let now = self.here.model;
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
        let before = self.there.model;
        let rule = self.base.rule_of(then);
        let Some(condition) = rule.and_then(|rule| rule.condition.as_ref()) else {
            return Cause::Lost(Vec::new());
        };
        let facts = condition.facts(before, then.element);
        let mut declared = Vec::new();
        let mut losses = Vec::new();
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
            let here = self.here.owner(&self.there, owner);
            if let (Some(here), true) = (here, FLOWS.contains(&attr.name())) {
                let (come, went) = self.flows(owner, here, &attr);
                declared.extend(come);
                losses.extend(went);
                continue;
            }
            let is = here.and_then(|here| self.here.model.slot(here, &attr));
            let attr = said_as(before, owner, attr, was);
            let was = before.slot(owner, &attr).unwrap_or(was);
            let is = here
                .and_then(|here| self.here.model.slot(here, &attr))
                .or(is);
            match is {
                Some(is) if self.is_equal(was, is) => {}
                Some(is) if settles(owner, &attr, Some(was), is) => {
                    declared.push(stated(owner, &attr, is, self.here.model));
                }
                _ => losses.push(self.loss(owner, here, &attr, was, is)),
            }
        }
        let protected = self.protected.get_or_init(|| self.protect());
        let holds = condition.verdict(protected, then.element);
        if losses.is_empty() && !declared.is_empty() || !matches!(holds, Verdict::Holds) {
            if declared.is_empty() {
                declared.push("what the change declares as protection".to_owned());
            }
            declared.sort();
            declared.dedup();
            declared.truncate(FACTS);
            return Cause::Fixed(declared.join(", "));
        }
        if losses.is_empty() {
            let (mut answers, mut lost) = self.said_otherwise(self.around_of(then.element));
            if answers.is_empty() && lost.is_empty() {
                (answers, lost) = self.said_otherwise(before.ids().collect());
                lost.extend(self.data_said_otherwise());
            }
            if lost.is_empty() && !answers.is_empty() {
                return Cause::Fixed(answers.join(", "));
            }
            losses = lost;
        }
        losses.dedup();
        losses.truncate(FACTS);
        if losses.is_empty() {
            losses.extend(self.around());
        }
        Cause::Lost(losses)
    }

    /// An element of the base, its ends, and the zones around them.
    fn around_of(&self, id: ElementId) -> Vec<ElementId> {
        let before = self.there.model;
        let ends = ["source", "sink"].into_iter();
        let mut about = vec![id];
        about.extend(ends.filter_map(|end| before.linked(id, end)));
        let zones: Vec<ElementId> = about.iter().flat_map(|id| before.boundaries(*id)).collect();
        about.extend(zones);
        about
    }

    /// What is said otherwise about these elements, for conditions that tell of no
    /// fact that changed: answers, and what was lost.
    fn said_otherwise(&self, about: Vec<ElementId>) -> (Vec<String>, Vec<Loss>) {
        let (before, now) = (self.there.model, self.here.model);
        let (mut answers, mut lost) = (Vec::new(), Vec::new());
        let owners = about
            .into_iter()
            .flat_map(|id| [Owner::Element(id), Owner::Controls(id)]);
        for owner in owners {
            let Some(here) = self.here.owner(&self.there, owner) else {
                continue;
            };
            let attrs = |model: &Model, owner: Owner| -> Vec<Attr> {
                let (Owner::Element(id) | Owner::Controls(id)) = owner else {
                    return Vec::new();
                };
                let element = model.element(id);
                let slots = match owner {
                    Owner::Controls(_) => &element.controls,
                    _ => &element.slots,
                };
                slots.iter().map(|(attr, _)| attr.clone()).collect()
            };
            let all: BTreeSet<Attr> = attrs(before, owner)
                .into_iter()
                .chain(attrs(now, here))
                .collect();
            for attr in all {
                let (was, is) = (before.slot(owner, &attr), now.slot(here, &attr));
                match (was, is) {
                    (Some(was), Some(is))
                        if self.is_equal(was, is) && is_said(was) == is_said(is) => {}
                    _ if FLOWS.contains(&attr.name()) => {}
                    (was, Some(is)) if settles(owner, &attr, was, is) => {
                        answers.push(stated(owner, &attr, is, now));
                    }
                    (Some(was), is) => lost.push(self.loss(owner, Some(here), &attr, was, is)),
                    (None, _) => {}
                }
            }
        }
        answers.truncate(FACTS);
        (answers, lost)
    }

    /// What is said otherwise about data, or is not there any more.
    fn data_said_otherwise(&self) -> Vec<Loss> {
        let before = self.there.model;
        let mut lost = Vec::new();
        for (at, datum) in before.data.iter().enumerate() {
            let owner = Owner::Data(DataId(at as u32));
            let here = self.here.owner(&self.there, owner);
            for (attr, was) in datum.slots.iter().filter(|(_, was)| is_said(was)) {
                let is = here.and_then(|here| self.here.model.slot(here, attr));
                if !is.is_some_and(|is| self.is_equal(was, is)) {
                    lost.push(self.loss(owner, here, attr, was, is));
                }
            }
        }
        lost
    }

    /// Whether two slots of the two sides say the same.
    fn is_equal(&self, was: &Slot, is: &Slot) -> bool {
        match (&was.value, &is.value) {
            (Value::Element(was), Value::Element(is)) => self.here.same(*was) == Some(*is),
            (was, is) => told(was, self.there.model) == told(is, self.here.model),
        }
    }

    /// A fact that is said otherwise, or not any more.
    fn loss(
        &self,
        owner: Owner,
        here: Option<Owner>,
        attr: &Attr,
        was: &Slot,
        is: Option<&Slot>,
    ) -> Loss {
        let (now, before) = (self.here.model, self.there.model);
        let (class, name) = match owner {
            Owner::Element(id) | Owner::Controls(id) => {
                if here.is_none() {
                    return self.went(id);
                }
                let element = before.element(id);
                (element.class.name(), &element.name)
            }
            Owner::Data(id) => ("Data", &before.datum(id).name),
        };
        let kind = match attr.name() {
            "trust" | "inBoundary" => Kind::Trust,
            "inScope" => Kind::Scope,
            _ => Kind::Fact,
        };
        let attribute = dotted(owner, attr);
        let value = told(&was.value, before);
        let (subject, own_place) = match here {
            Some(Owner::Element(id) | Owner::Controls(id)) => {
                (Subject::element(now, id), now.element(id).place.clone())
            }
            Some(Owner::Data(id)) => (self.subject(class, name), now.datum(id).place.clone()),
            None => (self.subject(class, name), now.place.clone()),
        };
        let (place, what) = match is {
            None => (own_place, format!("{class} “{name}” is not there any more")),
            Some(is) if is_said(is) => (
                is.place.clone().unwrap_or(own_place),
                format!(
                    "{class} “{name}”: {attribute} was {value} and is {}",
                    told(&is.value, now)
                ),
            ),
            Some(is) if is_said(was) => (
                is.place.clone().unwrap_or(own_place),
                format!("{class} “{name}” no longer says {attribute}, which was {value}"),
            ),
            // Nobody said it; it follows from something else that changed.
            Some(is) => (
                is.place.clone().unwrap_or(own_place),
                format!(
                    "{class} “{name}”: {attribute} was {value} and is {} now",
                    told(&is.value, now)
                ),
            ),
        };
        Loss {
            kind,
            subject,
            place,
            what,
        }
    }

    /// The base's model, protected as the change says.
    fn protect(&self) -> Model {
        let mut model = self.there.model.clone();
        for id in self.there.model.ids() {
            let Some(here) = self.here.same(id) else {
                continue;
            };
            let now = self.here.model.element(here);
            for (owner, slots) in [
                (Owner::Element(id), &now.slots),
                (Owner::Controls(id), &now.controls),
            ] {
                for (attr, slot) in slots.iter() {
                    let was = self.there.model.slot(owner, attr);
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
        for at in 0..self.there.model.data.len() {
            let owner = Owner::Data(DataId(at as u32));
            let Some(Owner::Data(here)) = self.here.owner(&self.there, owner) else {
                continue;
            };
            for (attr, slot) in self.here.model.datum(here).slots.iter() {
                let was = self.there.model.slot(owner, attr);
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

/// Attributes beside controls that say that something is protected.
const PROTECTIONS: [&str; 8] = [
    "hasContentFiltering",
    "isDestEncryptedAtRest",
    "isEncryptedProtocol",
    "isSourceEncryptedAtRest",
    "tlsVersion",
    "tracksExecutionFlow",
    "usesVPN",
    "validatesToolLaunchConfig",
];

/// Whether what is said now answers what nobody had said, or protects more than what
/// was said before.
fn settles(owner: Owner, attr: &Attr, was: Option<&Slot>, is: &Slot) -> bool {
    if !is_said(is) {
        return false;
    }
    let Some(was) = was.filter(|was| is_said(was)) else {
        return true;
    };
    let name = attr.name();
    let protects = matches!(owner, Owner::Controls(_)) || PROTECTIONS.contains(&name);
    match (&was.value, &is.value) {
        (_, Value::Text(now)) if name == "protocol" => protocols::is_encrypted(now),
        _ if !protects => false,
        (Value::Member(_, was), Value::Member(_, is)) => is > was,
        (was, Value::Bool(is)) => *is && !was.is_true(),
        (was, Value::Text(is)) => !is.is_empty() && !was.is_true(),
        _ => false,
    }
}

/// Whether a value means the same in another model: it names none of its parts.
fn is_simple(value: &Value) -> bool {
    match value {
        Value::Element(_) | Value::Data(_) => false,
        Value::List(items) | Value::Set(items) => items.iter().all(is_simple),
        _ => true,
    }
}

/// The attribute that somebody wrote, of which this one was derived on the same
/// owner.
fn said_as(model: &Model, owner: Owner, attr: Attr, slot: &Slot) -> Attr {
    let (Origin::Derived, Owner::Element(id)) = (slot.origin, owner) else {
        return attr;
    };
    let written = model.element(id).slots.iter().find(|(_, other)| {
        other.origin == Origin::Declared && other.place.is_some() && other.place == slot.place
    });
    written.map_or(attr, |(attr, _)| attr.clone())
}

/// An attribute as models write it.
fn dotted(owner: Owner, attr: &Attr) -> String {
    match owner {
        Owner::Controls(_) => format!("controls.{}", attr.name()),
        _ => attr.name().to_owned(),
    }
}

/// What a slot says, with its line.
pub(super) fn stated(owner: Owner, attr: &Attr, slot: &Slot, model: &Model) -> String {
    let mut text = format!("{} is {}", dotted(owner, attr), told(&slot.value, model));
    if let Some(place) = &slot.place {
        let _ = write!(text, " ({}:{})", place.path(), place.positions().0.line);
    }
    text
}

/// A value in words that mean the same on both sides.
fn told(value: &Value, model: &Model) -> String {
    match value {
        Value::Element(id) => format!("“{}”", canonical(&model.element(*id).name)),
        Value::Data(id) => format!("“{}”", canonical(&model.datum(*id).name)),
        Value::List(items) | Value::Set(items) => {
            let mut words: Vec<String> = items.iter().map(|item| told(item, model)).collect();
            if matches!(value, Value::Set(_)) {
                words.sort();
            }
            match words.len() {
                0 => "empty".into(),
                _ => crate::escape::shorten(&words.join(", "), 120).into_owned(),
            }
        }
        other => crate::escape::shorten(&other.in_words(), 120).into_owned(),
    }
}

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
        both: &Both<'_>,
        then: &Finding,
        is_open: &dyn Fn(ElementId, &str) -> bool,
    ) {
        let losses = match both.cause(then, is_open) {
            Cause::Moved => return,
            Cause::Fixed(by) => {
                self.tell(both, then, by);
                return;
            }
            Cause::Lost(losses) => losses,
        };
        if losses.is_empty() {
            let now = both.here.model;
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
        self.tell(both, then, whats.join("; "));
        for loss in losses {
            self.lose(then, loss);
        }
    }

    /// A finding that is there, and answered, excluded or out of scope now.
    pub(super) fn settled(&mut self, both: &Both<'_>, then: &Finding, found: &Finding) {
        let Some(reason) = &found.reason else { return };
        let now = both.here.model;
        let mut place = reason.place.clone();
        let kind = match reason.by {
            By::Control if words_differ(both, then, found) => {
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

    fn tell(&mut self, both: &Both<'_>, then: &Finding, why: String) {
        let path = both.there.model.path().clone();
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
fn words_differ(both: &Both<'_>, then: &Finding, found: &Finding) -> bool {
    let named = |model: &Model, finding: &Finding| -> Option<Vec<String>> {
        let threats = &model.element(finding.element).threats;
        let threat = threats.get(finding.threat? as usize)?;
        let named = threat.mitigated_by.iter();
        Some(named.map(|said| said.text.to_string()).collect())
    };
    named(both.there.model, then) != named(both.here.model, found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::vocabulary;

    #[test]
    fn every_protection_is_an_attribute_of_the_vocabulary() {
        for name in PROTECTIONS {
            assert!(vocabulary::names().contains(&name), "{name}");
        }
    }
}
