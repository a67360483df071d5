//! What is assumed about one element, as one block with the answers that settle
//! the most (SEMANTICS §3, Presentation).

use std::collections::{BTreeMap, BTreeSet};

use super::{Deciding, FindingInfo, Report};

/// How many answers a block asks for at most.
const MOST_ANSWERS: usize = 3;
/// How many different deciding sets of one element are weighed.
const MOST_CANDIDATES: usize = 200;

/// The open assumed findings of one element.
#[derive(Debug)]
pub struct Block<'a> {
    /// They, worst first.
    pub findings: Vec<&'a FindingInfo>,
    /// The answers that settle the most, best first.
    pub answers: Vec<Answer>,
    /// How many findings these answers settle together.
    pub settled: usize,
}

/// One answer: set this attribute of that element to this value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// Whose attribute.
    pub element: String,
    /// Which.
    pub attribute: String,
    /// The value, as JSON.
    pub value: String,
}

impl Answer {
    /// The answer of one entry of a deciding set.
    pub fn of(deciding: &Deciding) -> Self {
        Self {
            element: deciding.element.to_string(),
            attribute: deciding.attribute.clone(),
            value: deciding.value.to_string(),
        }
    }
}

/// Whose block a finding belongs to.
type Key<'a> = (&'a str, &'a str, u32);

impl Report {
    /// The open assumed findings that `wanted` accepts, one block an element, in
    /// the order of their first finding.
    pub fn blocks<'a>(&'a self, wanted: impl Fn(&FindingInfo) -> bool) -> Vec<Block<'a>> {
        let mut order: Vec<Key<'a>> = Vec::new();
        let mut by_element: BTreeMap<Key<'a>, Vec<&'a FindingInfo>> = BTreeMap::new();
        let assumed = self
            .findings
            .iter()
            .filter(|f| f.evidence == super::Evidence::Assumed && f.status.is_open() && wanted(f));
        for finding in assumed {
            let key = (&*finding.model, &*finding.model_name, finding.element_id);
            let block = by_element.entry(key).or_default();
            if block.is_empty() {
                order.push(key);
            }
            block.push(finding);
        }
        order
            .into_iter()
            .filter_map(|key| by_element.remove(&key))
            .map(|mut findings| {
                findings.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.rule.cmp(&b.rule)));
                let (answers, settled) = best_answers(&findings);
                Block {
                    findings,
                    answers,
                    settled,
                }
            })
            .collect()
    }
}

/// Greedily the answers that settle the most findings; ties go to the smaller
/// set, then to the alphabet, so that the same report always asks the same.
fn best_answers(findings: &[&FindingInfo]) -> (Vec<Answer>, usize) {
    let sets: Vec<Vec<Vec<Answer>>> = findings
        .iter()
        .map(|f| askable(f.deciding.iter().map(|set| answers(set)).collect()))
        .collect();
    let candidates = candidates(&sets);
    let settled_by = |answers: &[&Answer]| {
        let settles = |set: &Vec<Answer>| set.iter().all(|a| answers.contains(&a));
        sets.iter().filter(|sets| sets.iter().any(settles)).count()
    };
    let mut chosen: Vec<&Answer> = Vec::new();
    let mut settled = 0;
    loop {
        let mut best: Option<(usize, Vec<&Answer>)> = None;
        for set in &candidates {
            let new: Vec<&Answer> = set.iter().filter(|a| !chosen.contains(a)).collect();
            let fits = !new.is_empty() && chosen.len() + new.len() <= MOST_ANSWERS;
            if !fits || contradicts(&chosen, &new) {
                continue;
            }
            let together: Vec<&Answer> = chosen.iter().copied().chain(new.clone()).collect();
            let gain = settled_by(&together) - settled;
            let better = best.as_ref().is_none_or(|(best_gain, best)| {
                // More gain for each answer first, in whole numbers.
                let (left, right) = (gain * best.len(), best_gain * new.len());
                left > right || (left == right && (new.len(), &new) < (best.len(), best))
            });
            if gain > 0 && better {
                best = Some((gain, new));
            }
        }
        let Some((gain, new)) = best else { break };
        chosen.extend(new);
        settled += gain;
    }
    (chosen.into_iter().cloned().collect(), settled)
}

/// The sets that are worth asking for: where a control settles a finding, nobody
/// is asked whether the element is something else.
fn askable(sets: Vec<Vec<Answer>>) -> Vec<Vec<Answer>> {
    let controls = |set: &Vec<Answer>| set.iter().all(|a| a.attribute.starts_with("controls."));
    if sets.iter().any(controls) {
        return sets.into_iter().filter(controls).collect();
    }
    sets
}

/// The answers of one deciding set, each once.
fn answers(set: &[Deciding]) -> Vec<Answer> {
    let answers: BTreeSet<Answer> = set.iter().map(Answer::of).collect();
    answers.into_iter().collect()
}

/// The different sets, the most frequent ones if there are very many: a saved
/// report may hold any number.
fn candidates(sets: &[Vec<Vec<Answer>>]) -> Vec<&Vec<Answer>> {
    let mut counts: BTreeMap<&Vec<Answer>, usize> = BTreeMap::new();
    for set in sets.iter().flatten().filter(|s| s.len() <= MOST_ANSWERS) {
        *counts.entry(set).or_default() += 1;
    }
    let mut counted: Vec<(&Vec<Answer>, usize)> = counts.into_iter().collect();
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted.truncate(MOST_CANDIDATES);
    counted.into_iter().map(|(set, _)| set).collect()
}

/// Whether two answers give one attribute different values.
fn contradicts(chosen: &[&Answer], new: &[&Answer]) -> bool {
    new.iter().any(|a| {
        chosen
            .iter()
            .any(|b| a.element == b.element && a.attribute == b.attribute && a.value != b.value)
    })
}
