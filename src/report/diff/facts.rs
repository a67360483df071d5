//! What is said about a part, flat: so that two sides can be held against each
//! other fact by fact.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::{AssumptionInfo, AttributeInfo, Location, ModelInfo};
use super::{Change, DetailDiff, Topic};
use crate::model::vocabulary::ENUMS;

/// What no rule judges by, or what is compared by other means.
const ELSEWHERE: [&str; 20] = [
    "carriedBy",
    "color",
    "colormap",
    "data",
    "description",
    "inBoundary",
    "inScope",
    "inputs",
    "is_drawn",
    "levels",
    "mergeResponses",
    "name",
    "note",
    "order",
    "outputs",
    "processedBy",
    "response",
    "responseTo",
    "sink",
    "source",
];

/// A fact about a part.
struct Fact<'g> {
    value: Value,
    /// Whether it only follows from what is said elsewhere.
    derived: bool,
    location: Option<&'g Location>,
}

/// Everything that counts about a part.
#[derive(Default)]
pub(super) struct Facts<'g>(BTreeMap<(Topic, String), Fact<'g>>);

impl<'g> Facts<'g> {
    /// Of a model itself.
    pub(super) fn of_model(model: &'g ModelInfo) -> Self {
        let mut facts = Self::default();
        facts.attributes(&model.attributes);
        facts.assumptions(&model.assumptions);
        facts
    }

    /// Adds a fact that the graph shows.
    pub(super) fn add(&mut self, topic: Topic, subject: &str, value: Value) {
        let fact = Fact {
            value,
            derived: false,
            location: None,
        };
        self.0.insert((topic, subject.to_owned()), fact);
    }

    /// Adds what is said or derived about attributes and controls.
    pub(super) fn attributes(&mut self, attributes: &'g BTreeMap<String, AttributeInfo>) {
        let counting = |name: &str| !ELSEWHERE.contains(&name);
        for (name, info) in attributes.iter().filter(|(name, _)| counting(name)) {
            let (topic, subject) = match (name.strip_prefix("controls."), name.as_str()) {
                (Some(control), _) => (Topic::Control, control),
                (None, "classification" | "maxClassification") => (Topic::Classification, &**name),
                (None, _) => (Topic::Attribute, &**name),
            };
            if topic == Topic::Classification && rank(&info.value) == 0 {
                continue;
            }
            let fact = Fact {
                value: info.value.clone(),
                derived: info.origin == "derived",
                location: info.location.as_ref(),
            };
            self.0.insert((topic, subject.to_owned()), fact);
        }
    }

    /// Adds assumptions, with the rules that they rule out.
    pub(super) fn assumptions(&mut self, assumptions: &'g [AssumptionInfo]) {
        for assumption in assumptions {
            let fact = Fact {
                value: assumption.exclude.iter().map(String::as_str).collect(),
                derived: false,
                location: Some(&assumption.location),
            };
            self.0
                .insert((Topic::Assumption, assumption.name.clone()), fact);
        }
    }

    /// What differs from these facts to those of `now`.
    pub(super) fn compare(&self, now: &Self) -> Vec<DetailDiff> {
        let mut details: Vec<DetailDiff> = Vec::new();
        for (key, then) in &self.0 {
            details.extend(differs(key, Some(then), now.0.get(key)));
        }
        for (key, fact) in &now.0 {
            if !self.0.contains_key(key) {
                details.extend(differs(key, None, Some(fact)));
            }
        }
        details.sort_by(|a, b| (a.topic, &a.subject).cmp(&(b.topic, &b.subject)));
        details
    }

    /// What a reviewer asks first about a part that was not there.
    pub(super) fn of_added(&self) -> Vec<DetailDiff> {
        let mut details = Self::default().compare(self);
        details.retain(|detail| match detail.topic {
            Topic::Attribute => false,
            Topic::Control => detail.change == Change::Added,
            _ => true,
        });
        for detail in &mut details {
            detail.direction = None;
        }
        details
    }

    /// What ended with a part that is there no more.
    pub(super) fn of_removed(&self) -> Vec<DetailDiff> {
        let mut details = self.compare(&Self::default());
        details.retain(|detail| detail.topic == Topic::Crossing);
        details
    }
}

/// What differs in one fact, if it counts.
fn differs(
    (topic, subject): &(Topic, String),
    then: Option<&Fact<'_>>,
    now: Option<&Fact<'_>>,
) -> Option<DetailDiff> {
    let (was, is) = (then.map(|fact| &fact.value), now.map(|fact| &fact.value));
    let follows = |fact: Option<&Fact<'_>>| fact.is_none_or(|fact| fact.derived);
    if was == is || (follows(then) && follows(now)) {
        return None;
    }
    let holds = |value: Option<&Value>| value == Some(&Value::Bool(true));
    let change = match (topic, was, is) {
        (Topic::Control, was, is) if holds(was) != holds(is) => {
            if holds(is) {
                Change::Added
            } else {
                Change::Removed
            }
        }
        // A control that nobody claimed and nobody claims: a fact like another.
        (Topic::Control, ..) => Change::Changed,
        (_, None, _) => Change::Added,
        (_, _, None) => Change::Removed,
        _ => Change::Changed,
    };
    let direction = (*topic == Topic::Classification).then(|| {
        let rank = |value: Option<&Value>| value.map_or(0, rank);
        if rank(is) > rank(was) {
            "raised"
        } else {
            "lowered"
        }
        .to_owned()
    });
    let location = now.or(then).and_then(|fact| fact.location.cloned());
    Some(DetailDiff {
        topic: *topic,
        change,
        subject: subject.clone(),
        before: was.cloned(),
        after: is.cloned(),
        direction,
        location,
    })
}

/// How sensitive a classification is, from 0 for unknown.
pub(super) fn rank(value: &Value) -> usize {
    let word = value.as_str().unwrap_or("");
    let known = ENUMS.iter().find(|known| known.name == "Classification");
    let place = known.and_then(|known| known.members.iter().position(|(name, _)| *name == word));
    place.unwrap_or(0)
}
