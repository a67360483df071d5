//! The findings of both sides, one by one: what went ([`super::gone`]), and what
//! weighs less than at the base because the model says less or states a lower
//! severity.

use std::collections::{BTreeMap, BTreeSet};

use super::gone::{Causes, Compared, Gone};
use super::statements::Both;
use super::{Kind, Subject, Weakenings};
use crate::condition::Evidence;
use crate::finding::Finding;
use crate::model::{ElementId, Model, Origin};
use crate::pipeline::Judged;
use crate::triage::revision::{attribute, is_said};

/// Findings by element and rule; a rule may find one threat in words twice.
type Found<'a> = BTreeMap<(ElementId, &'a str), Vec<&'a Finding>>;

/// Compares the findings of the same models; `pairs` gives for each model of the
/// base the one in the working tree. Gives why findings of the base went.
pub fn compare(
    head: &Judged,
    base: &Judged,
    pairs: &[Option<usize>],
    weakenings: &mut Weakenings,
) -> Causes {
    // Findings come by model.
    let by_model: BTreeMap<u32, &[Finding]> = head
        .findings
        .chunk_by(|a, b| a.model == b.model)
        .filter_map(|of_model| Some((of_model.first()?.model, of_model)))
        .collect();
    let mut gone = Gone::new();
    for of_model in base.findings.chunk_by(|a, b| a.model == b.model) {
        let Some(first) = of_model.first() else {
            continue;
        };
        let Some(pair) = pairs.get(first.model as usize).copied().flatten() else {
            continue;
        };
        // Of what could not be read completely nothing is known.
        let (then, now) = (base.model_of(first), &head.models[pair].model);
        if base.broken.contains(then.path()) || head.broken.contains(now.path()) {
            continue;
        }
        let here = by_model.get(&(pair as u32)).copied().unwrap_or_default();
        let wholes = Wholes { head, base, pairs };
        of_one(now, then, (&wholes, of_model), here, &mut gone, weakenings);
    }
    gone.finish(weakenings)
}

/// The models that include others, on both sides.
struct Wholes<'a> {
    head: &'a Judged,
    base: &'a Judged,
    pairs: &'a [Option<usize>],
}

impl<'a> Wholes<'a> {
    /// The whole in which a finding of the base was seen, beside what it is now; `None` where it is gone
    /// or nothing is known of it: that is told of the whole.
    fn compared(&self, then: &Finding) -> Option<Compared<'a>> {
        let seen = then.seen?;
        let now = &self.head.models[self.pairs[seen.model as usize]?].model;
        let before = &self.base.models[seen.model as usize].model;
        let is_known =
            !self.base.broken.contains(before.path()) && !self.head.broken.contains(now.path());
        is_known.then(|| Compared::new(now, before, self.base))
    }
}

/// Compares the findings of one model.
fn of_one<'a>(
    now: &'a Model,
    then: &'a Model,
    (wholes, before): (&Wholes<'a>, &[Finding]),
    here: &[Finding],
    gone: &mut Gone,
    weakenings: &mut Weakenings,
) {
    let base = wholes.base;
    let mut of_wholes: BTreeMap<u32, Option<Compared<'a>>> = BTreeMap::new();
    let mut found = Found::new();
    for finding in here {
        let key = (finding.element, &*finding.rule.id);
        found.entry(key).or_default().push(finding);
    }
    let is_open = |id: ElementId, rule: &str| {
        let of_rule = found.get(&(id, rule));
        of_rule.is_some_and(|all| all.iter().any(|finding| finding.status.is_open()))
    };
    let compared = Compared::new(now, then, base);
    let both = &compared.both;
    let mut seen: BTreeMap<(ElementId, &str), usize> = BTreeMap::new();
    let mut said = BTreeSet::new();
    for then in before {
        let rule: &str = &then.rule.id;
        let nth = seen.entry((then.element, rule)).or_insert(0);
        let same = both.here.same(then.element);
        let same = same.and_then(|id| found.get(&(id, rule))?.get(*nth).copied());
        *nth += 1;
        if let Some(found) = same.filter(|found| found.severity < then.severity) {
            lowered(now, found, then, weakenings);
        }
        if !then.status.is_open() {
            continue;
        }
        match same {
            None => match then.seen {
                None => gone.vanished(&compared, then, &is_open),
                Some(seen) => {
                    let whole = of_wholes.entry(seen.model);
                    let whole = whole.or_insert_with(|| wholes.compared(then));
                    if let Some(whole) = whole {
                        gone.vanished(whole, then, &|_, _| false);
                    }
                }
            },
            Some(found) if !found.status.is_open() => gone.settled(&compared, then, found),
            Some(found) if found.evidence < then.evidence && then.seen.is_none() => {
                withdrawn(base, then, (both, found.element), &mut said, weakenings);
            }
            Some(_) => {}
        }
    }
}

/// The model itself lowers a severity.
fn lowered(model: &Model, found: &Finding, then: &Finding, weakenings: &mut Weakenings) {
    let element = model.element(found.element);
    let overriding = found
        .overridden
        .and_then(|at| element.overrides.get(at as usize))
        .and_then(|o| o.severity.as_ref());
    let response = element
        .responses
        .iter()
        .find(|r| found.rule.answers_to(&r.rule.text))
        .and_then(|r| r.severity.as_ref());
    let place = overriding
        .or(response)
        .map_or(&element.place, |said| &said.place);
    let message = format!(
        "{} on {} “{}” was {} and is {}",
        found.rule.id,
        element.class.name(),
        element.name,
        then.severity,
        found.severity
    );
    weakenings
        .add(
            Kind::Severity,
            Subject::element(model, found.element),
            place.clone(),
            &found.rule.id,
            message,
        )
        .let_through(then.severity);
}

/// What made a finding certain is no longer said: it is only possible now.
fn withdrawn(
    base: &Judged,
    then: &Finding,
    (both, id): (&Both<'_>, ElementId),
    said: &mut BTreeSet<(ElementId, String)>,
    weakenings: &mut Weakenings,
) {
    if then.evidence != Evidence::Declared {
        return;
    }
    let (before, model) = (both.there.model, both.here.model);
    let element = model.element(id);
    let condition = base.rule_of(then).and_then(|rule| rule.condition.as_ref());
    let facts = condition.map(|condition| condition.facts(before, then.element));
    for fact in facts.into_iter().flatten() {
        let owner = fact
            .owner
            .and_then(|owner| both.here.owner(&both.there, owner));
        let attr = attribute(&fact.attribute);
        let (Some(owner), Origin::Declared) = (owner, fact.origin) else {
            continue;
        };
        let is_still_said = model.slot(owner, &attr).is_some_and(is_said);
        if is_still_said || !said.insert((id, fact.attribute.clone())) {
            continue;
        }
        let message = format!(
            "{} “{}” no longer says {}, which made {} certain",
            element.class.name(),
            element.name,
            fact.attribute,
            then.rule.id
        );
        weakenings
            .add(
                Kind::Fact,
                Subject::element(model, id),
                element.place.clone(),
                &fact.attribute,
                message,
            )
            .let_through(then.severity);
    }
}
