//! One threat, told once: findings of one element that the same facts trigger and the same
//! answers settle differ for people in nothing but their ids.

use std::collections::BTreeMap;

use super::{Because, Deciding, FindingInfo};

/// What findings share that are one threat to people.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Trigger<'a> {
    place: (&'a str, &'a str, u32),
    standing: (&'static str, bool, &'static str),
    said: (Option<&'a str>, Option<&'a str>),
    because: Vec<(&'a str, String, &'a str)>,
    deciding: Vec<Vec<(&'a str, &'a str, String)>>,
}

impl<'a> Trigger<'a> {
    /// `None` for what only its rule explains: it stays by itself.
    fn of(finding: &'a FindingInfo) -> Option<Self> {
        if finding.because.is_empty() {
            return None;
        }
        let fact = |fact: &'a Because| {
            let value = fact.value.to_string();
            (&*fact.attribute, value, &*fact.origin)
        };
        let answer = |answer: &'a Deciding| {
            let value = answer.value.to_string();
            (&*answer.element, &*answer.attribute, value)
        };
        let mut because: Vec<_> = finding.because.iter().map(fact).collect();
        because.sort();
        let sets = finding.deciding.iter();
        let mut deciding: Vec<Vec<_>> = sets.map(|set| set.iter().map(answer).collect()).collect();
        deciding.sort();
        Some(Self {
            place: (&finding.model, &finding.model_name, finding.element_id),
            standing: (
                finding.status.as_str(),
                finding.failing,
                finding.evidence.as_str(),
            ),
            said: (finding.reason.as_deref(), finding.response.as_deref()),
            because,
            deciding,
        })
    }
}

/// The same findings in the same order, those that are one threat together where the first
/// of them stood.
pub fn told_once<'a>(findings: &[&'a FindingInfo]) -> Vec<Vec<&'a FindingInfo>> {
    let mut threats: Vec<Vec<&'a FindingInfo>> = Vec::new();
    let mut known: BTreeMap<Trigger<'a>, usize> = BTreeMap::new();
    for finding in findings.iter().copied() {
        let next = threats.len();
        let at = Trigger::of(finding).map_or(next, |it| *known.entry(it).or_insert(next));
        match threats.get_mut(at) {
            Some(threat) => threat.push(finding),
            None => threats.push(vec![finding]),
        }
    }
    threats
}
