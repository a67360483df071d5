//! Facts that nobody said, and the rules that would find something if they were true: what a
//! young model does not know of itself yet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use crate::condition::Answer;
use crate::model::vocabulary::{Attribute, Kind, Meaning};
use crate::model::{Attr, Element, ElementId, Model, Origin, Owner, Value, asking};
use crate::pipeline::{Judged, JudgedModel};

/// One fact, about all elements of which nobody said it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Asleep {
    /// The model's path.
    pub model: String,
    /// The model's name.
    pub model_name: Arc<str>,
    /// The question.
    pub what: String,
    /// The attribute.
    pub attribute: &'static str,
    /// The elements.
    pub elements: Vec<Arc<str>>,
    /// The rules that would find something with some answer.
    pub rules: Vec<Arc<str>>,
}

/// The facts for which rules are asleep, those that wake the most first.
pub fn asleep(judged: &Judged) -> Vec<Asleep> {
    let mut all: Vec<Asleep> = judged.models.par_iter().flat_map(of_model).collect();
    all.sort_by(|a, b| {
        let weight = |it: &Asleep| it.rules.len() * it.elements.len();
        let order = |it: &Asleep| (it.model.clone(), Arc::clone(&it.model_name), it.attribute);
        weight(b)
            .cmp(&weight(a))
            .then_with(|| order(a).cmp(&order(b)))
    });
    all
}

/// The elements and the rules that a fact is about.
#[derive(Default)]
struct About {
    elements: Vec<ElementId>,
    rules: BTreeSet<Arc<str>>,
}

fn of_model(judged: &JudgedModel) -> Vec<Asleep> {
    let model = &judged.model;
    let mut facts: BTreeMap<&'static str, About> = BTreeMap::new();
    for id in model.judged.iter().copied() {
        let element = model.element(id);
        for attribute in unsaid(element) {
            let woken = woken(judged, id, attribute);
            if woken.is_empty() {
                continue;
            }
            let about = facts.entry(attribute.name).or_default();
            about.elements.push(id);
            about.rules.extend(woken);
        }
    }
    let fact = |(attribute, about): (&'static str, About)| {
        let elements = about.elements.iter();
        let elements: Vec<Arc<str>> = elements
            .map(|id| Arc::clone(&model.element(*id).name))
            .collect();
        let names: Vec<&str> = elements.iter().map(|name| &**name).collect();
        Asleep {
            model: model.path().to_string(),
            model_name: Arc::clone(&model.name),
            what: asking::question(attribute, &names),
            attribute,
            elements,
            rules: about.rules.into_iter().collect(),
        }
    };
    facts.into_iter().map(fact).collect()
}

/// Facts and what attracts threats, of which nobody said anything and people can be asked.
fn unsaid(element: &Element) -> impl Iterator<Item = &'static Attribute> {
    let is_asked = move |attribute: &&'static Attribute| {
        let slot = element.known(&Attr::named(attribute.name));
        matches!(attribute.kind, Kind::Bool | Kind::Enum(_))
            && matches!(attribute.meaning, Meaning::Fact | Meaning::Risk(_))
            && asking::template(attribute.name).is_some()
            && slot.is_some_and(|slot| slot.origin == Origin::Default)
    };
    element.class.attributes().into_iter().filter(is_asked)
}

/// The rules that hold on an element with some value of a fact, and not as it stands.
fn woken(judged: &JudgedModel, id: ElementId, attribute: &'static Attribute) -> Vec<Arc<str>> {
    let model = &judged.model;
    let class = model.element(id).class;
    let given: Vec<[Answer; 1]> = values(model, id, attribute)
        .into_iter()
        .map(|value| {
            [Answer {
                owner: Owner::Element(id),
                attribute: Attr::named(attribute.name),
                value,
            }]
        })
        .collect();
    let rules = judged.rules.iter().filter(|rule| {
        let mut targets = rule.rule.target.iter();
        let Some(condition) = &rule.condition else {
            return false;
        };
        targets.any(|target| class.is_a(*target))
            && condition.text().contains(attribute.name)
            && !condition.holds_given(model, id, &[])
            && given
                .iter()
                .any(|given| condition.holds_given(model, id, given))
    });
    rules.map(|rule| Arc::from(&*rule.rule.id)).collect()
}

/// The values that somebody could answer.
fn values(model: &Model, id: ElementId, attribute: &Attribute) -> Vec<Value> {
    let now = model.element(id).named(attribute.name);
    match (attribute.kind, now.map(|slot| &slot.value)) {
        (Kind::Enum(of), _) => {
            let known = of.members.iter().zip(0..);
            let known = known.filter(|((name, _), _)| *name != "UNKNOWN");
            known.map(|(_, at)| Value::Member(of, at)).collect()
        }
        (_, Some(Value::Bool(held))) => vec![Value::Bool(!held)],
        _ => vec![Value::Bool(true), Value::Bool(false)],
    }
}
