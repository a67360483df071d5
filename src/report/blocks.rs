//! What is assumed about one element, as one block with the answers that settle
//! the most (docs/semantics.md §3, Presentation).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::Value;

use super::{Deciding, FindingInfo, Report};
use crate::model::asking;

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
    /// The question that it answers, in a sentence.
    pub question: String,
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
        let blocks = order.into_iter().filter_map(|key| by_element.remove(&key));
        let blocks: Vec<Vec<&'a FindingInfo>> = blocks.collect();
        blocks
            .into_par_iter()
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
    let known = Known::new(findings);
    let sets: Vec<Vec<Set>> = findings.iter().map(|f| known.sets(f)).collect();
    let candidates = candidates(&sets);
    let settled_by = |answers: &[u32]| {
        let settles = |set: &Set| set.iter().all(|answer| answers.contains(answer));
        sets.iter().filter(|sets| sets.iter().any(settles)).count()
    };
    let mut chosen: Set = Vec::new();
    let mut settled = 0;
    loop {
        let mut best: Option<(usize, Set)> = None;
        for set in &candidates {
            let new = set.iter().copied().filter(|a| !chosen.contains(a));
            let new: Set = new.collect();
            let fits = !new.is_empty() && chosen.len() + new.len() <= MOST_ANSWERS;
            if !fits || known.contradict(&chosen, &new) {
                continue;
            }
            let gain = settled_by(&[&*chosen, &*new].concat()) - settled;
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
    (chosen.iter().map(|at| known.answer(*at)).collect(), settled)
}

/// A deciding set, by the positions of its answers among the known ones, sorted.
type Set = Vec<u32>;

/// An answer that borrows from the report.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Borrowed<'a> {
    element: &'a str,
    attribute: &'a str,
    value: Cow<'a, str>,
}

impl<'a> Borrowed<'a> {
    fn of(deciding: &'a Deciding) -> Self {
        Self {
            element: &deciding.element,
            attribute: &deciding.attribute,
            value: match &deciding.value {
                Value::Bool(true) => "true".into(),
                Value::Bool(false) => "false".into(),
                other => other.to_string().into(),
            },
        }
    }
}

/// Every answer of a block's deciding sets, sorted, so that positions compare
/// as answers do.
struct Known<'a>(Vec<Borrowed<'a>>);

impl<'a> Known<'a> {
    fn new(findings: &[&'a FindingInfo]) -> Self {
        let all = findings.iter().flat_map(|f| f.deciding.iter().flatten());
        let known: BTreeSet<Borrowed<'a>> = all.map(Borrowed::of).collect();
        Self(known.into_iter().collect())
    }

    /// A finding's sets, each answer once.
    fn sets(&self, finding: &FindingInfo) -> Vec<Set> {
        finding.deciding.iter().map(|set| self.set(set)).collect()
    }

    fn set(&self, deciding: &[Deciding]) -> Set {
        let at = |answer| self.0.binary_search(&Borrowed::of(answer)).ok();
        let mut set: Set = deciding.iter().filter_map(at).map(|at| at as u32).collect();
        set.sort_unstable();
        set.dedup();
        set
    }

    /// Whether two answers give one attribute different values.
    fn contradict(&self, chosen: &[u32], new: &[u32]) -> bool {
        let slot = |at: &u32| {
            let answer = &self.0[*at as usize];
            (answer.element, answer.attribute)
        };
        new.iter()
            .any(|a| chosen.iter().any(|b| a != b && slot(a) == slot(b)))
    }

    fn answer(&self, at: u32) -> Answer {
        let answer = &self.0[at as usize];
        Answer {
            element: answer.element.to_owned(),
            attribute: answer.attribute.to_owned(),
            value: answer.value.clone().into_owned(),
            question: asking::question(
                answer.attribute.rsplit('.').next().unwrap_or_default(),
                &[answer.element],
            ),
        }
    }
}

/// The different sets, the most frequent ones if there are very many: a saved
/// report may hold any number.
fn candidates(sets: &[Vec<Set>]) -> Vec<&Set> {
    let mut counts: BTreeMap<&Set, usize> = BTreeMap::new();
    for set in sets.iter().flatten().filter(|s| s.len() <= MOST_ANSWERS) {
        *counts.entry(set).or_default() += 1;
    }
    let mut counted: Vec<(&Set, usize)> = counts.into_iter().collect();
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted.truncate(MOST_CANDIDATES);
    counted.into_iter().map(|(set, _)| set).collect()
}
