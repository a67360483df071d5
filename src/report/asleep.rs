//! Facts that nobody said, and the rules that would find something if they were true: what a
//! young model does not know of itself yet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use crate::condition::Answer;
use crate::model::vocabulary::{Attribute, Class};
use crate::model::{Attr, DataId, Datum, ElementId, Model, Origin, Owner, Value, asking, facts};
use crate::pipeline::{Judged, JudgedModel};

/// One fact, about all elements or data of which nobody said it.
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
    /// The elements, or the data.
    pub elements: Vec<Arc<str>>,
    /// The rules that would find something with some answer.
    pub rules: Vec<Arc<str>>,
}

/// The facts for which rules are asleep, those that wake the most first.
pub fn asleep(judged: &Judged) -> Vec<Asleep> {
    let mut all: Vec<Asleep> = judged.asked().par_bridge().flat_map(of_model).collect();
    all.sort_by(|a, b| {
        let weight = |it: &Asleep| it.rules.len() * it.elements.len();
        let order = |it: &Asleep| (it.model.clone(), Arc::clone(&it.model_name), it.attribute);
        weight(b)
            .cmp(&weight(a))
            .then_with(|| order(a).cmp(&order(b)))
    });
    all
}

/// Whose a fact is, by name, and the rules that wait for it.
#[derive(Default)]
struct About {
    names: Vec<Arc<str>>,
    rules: BTreeSet<Arc<str>>,
}

fn of_model(judged: &JudgedModel) -> Vec<Asleep> {
    let model = &judged.model;
    let mut facts: BTreeMap<&'static str, About> = BTreeMap::new();
    let mut ask = |owner: Owner, class: Class, name: &Arc<str>, touched: &[ElementId]| {
        for fact in class.attributes() {
            let slot = model.slot(owner, &Attr::named(fact.name));
            if slot.is_none_or(|slot| slot.origin != Origin::Default) {
                continue;
            }
            let woken = woken(judged, owner, touched, fact);
            if !woken.is_empty() {
                let about = facts.entry(fact.name).or_default();
                about.names.push(Arc::clone(name));
                about.rules.extend(woken);
            }
        }
    };
    for &id in &model.judged {
        let element = model.element(id);
        ask(Owner::Element(id), element.class, &element.name, &[id]);
    }
    for (at, datum) in (0..).zip(&model.data) {
        let handling = handling(model, datum);
        ask(Owner::Data(DataId(at)), Class::Data, &datum.name, &handling);
    }
    let fact = |(attribute, about): (&'static str, About)| {
        let names: Vec<&str> = about.names.iter().map(|name| &**name).collect();
        Asleep {
            model: model.path().to_string(),
            model_name: Arc::clone(&model.name),
            what: asking::question(attribute, &names),
            attribute,
            elements: about.names,
            rules: about.rules.into_iter().collect(),
        }
    };
    facts.into_iter().map(fact).collect()
}

/// What is judged of the flows that carry a piece of data, and of their ends.
fn handling(model: &Model, datum: &Datum) -> Vec<ElementId> {
    let named = ["carriedBy", "processedBy"].map(|name| datum.named(name));
    let items = named
        .into_iter()
        .flatten()
        .filter_map(|it| it.value.items());
    let elements = items.flatten().filter_map(Value::as_element);
    elements.filter(|id| model.judged.contains(id)).collect()
}

/// The rules that hold on one of the elements with some answer about a fact, and not as it stands.
fn woken(judged: &JudgedModel, owner: Owner, on: &[ElementId], fact: &Attribute) -> Vec<Arc<str>> {
    let model = &judged.model;
    let given = facts::answers(fact).into_iter().map(|value| {
        [Answer {
            owner,
            attribute: Attr::named(fact.name),
            value,
        }]
    });
    let given: Vec<_> = given.collect();
    let rules = judged.rules.iter().filter(|rule| {
        let Some(condition) = &rule.condition else {
            return false;
        };
        let wakes = |&id: &ElementId| {
            let class = model.element(id).class;
            rule.rule.judges(class) && {
                let (holds, read) = condition.holds_by(model, id);
                let may_change = |it: &&[Answer; 1]| read.may_hold(owner, &it[0].attribute);
                let mut given = given.iter().filter(may_change);
                !holds && given.any(|it| condition.holds_given(model, id, it))
            }
        };
        !given.is_empty() && condition.text().contains(fact.name) && on.iter().any(wakes)
    });
    rules.map(|rule| Arc::from(&*rule.rule.id)).collect()
}
