//! Findings that weigh less than at the base because the model says less or
//! states a lower severity.

use std::collections::{BTreeMap, BTreeSet};

use super::{Kind, Subject, Weakenings};
use crate::condition::Evidence;
use crate::finding::{Finding, Fingerprint};
use crate::model::{ElementId, Model, Origin};
use crate::pipeline::Judged;
use crate::triage::pairs::Elements;
use crate::triage::revision::{attribute, is_said};

/// Compares the findings of the same models; `pairs` gives for each model of the
/// base the one in the working tree.
pub fn compare(head: &Judged, base: &Judged, pairs: &[Option<usize>], weakenings: &mut Weakenings) {
    let now: BTreeMap<(u32, Fingerprint), &Finding> = head
        .findings
        .iter()
        .map(|finding| ((finding.model, finding.fingerprint), finding))
        .collect();
    let mut elements: BTreeMap<usize, [Elements<'_>; 2]> = BTreeMap::new();
    let mut said = BTreeSet::new();
    for then in &base.findings {
        let Some(pair) = pairs.get(then.model as usize).copied().flatten() else {
            continue;
        };
        // Of what could not be read completely nothing is known.
        let there = base.model_of(then).path();
        if base.broken.contains(there) || head.broken.contains(head.models[pair].model.path()) {
            continue;
        }
        let model = &head.models[pair].model;
        let found = now.get(&(pair as u32, then.fingerprint)).copied();
        if let Some(found) = found.filter(|found| found.severity < then.severity) {
            lowered(model, found, then, weakenings);
        }
        let certain = then.status.is_open() && then.evidence == Evidence::Declared;
        if certain && found.is_none_or(|found| found.evidence < Evidence::Declared) {
            let before = base.model_of(then);
            let elements = elements
                .entry(pair)
                .or_insert_with(|| [before, model].map(Elements::of));
            withdrawn(base, then, model, elements, &mut said, weakenings);
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
    weakenings.add(
        Kind::Severity,
        Subject::element(model, found.element),
        place.clone(),
        &found.rule.id,
        message,
    );
}

/// What made a finding certain is no longer said.
fn withdrawn(
    base: &Judged,
    then: &Finding,
    model: &Model,
    [there, here]: &[Elements<'_>; 2],
    said: &mut BTreeSet<(u32, ElementId, String)>,
    weakenings: &mut Weakenings,
) {
    let before = base.model_of(then);
    let Some(id) = here.same(there, then.element) else {
        return;
    };
    let element = model.element(id);
    let about = || Subject::element(model, id);
    let named = format!("{} “{}”", element.class.name(), element.name);
    if then.threat.is_some() {
        let message = format!("{named} no longer states the threat “{}”", then.rule.title);
        weakenings.add(
            Kind::Fact,
            about(),
            element.place.clone(),
            &then.rule.id,
            message,
        );
        return;
    }
    let condition = base.rule_of(then).and_then(|rule| rule.condition.as_ref());
    let facts = condition.map(|condition| condition.facts(before, then.element));
    for fact in facts.into_iter().flatten() {
        let owner = fact.owner.and_then(|owner| here.owner(there, owner));
        let attr = attribute(&fact.attribute);
        let (Some(owner), Origin::Declared) = (owner, fact.origin) else {
            continue;
        };
        let is_still_said = model.slot(owner, &attr).is_some_and(is_said);
        if is_still_said || !said.insert((then.model, id, fact.attribute.clone())) {
            continue;
        }
        let message = format!(
            "{named} no longer says {}, which made {} certain",
            fact.attribute, then.rule.id
        );
        weakenings.add(
            Kind::Fact,
            about(),
            element.place.clone(),
            &fact.attribute,
            message,
        );
    }
}
