//! Which answers are asked for: greedily those that take away the most risk, each over all
//! elements of a model that it is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Deciding, Evidence, FindingInfo, Whose};

/// So many answers of one model are chosen; a saved report may hold any number.
const MOST_ROUNDS: usize = 400;
/// Larger sets of answers are not asked for.
const MOST_ANSWERS: usize = 4;
/// So many different ways to settle findings are weighed in one model.
const MOST_KINDS: usize = 5_000;

/// One thing that the model then says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// Whose attribute.
    pub element: Arc<str>,
    /// Which.
    pub attribute: String,
    /// The value.
    pub value: Value,
    /// The line to add, where it can be said in one.
    pub line: Option<String>,
    /// Whose it is among what was judged; nothing in a saved report.
    #[serde(skip)]
    pub whose: Option<Whose>,
}

impl From<&Deciding> for Step {
    fn from(answer: &Deciding) -> Self {
        Self {
            element: Arc::clone(&answer.element),
            attribute: answer.attribute.clone(),
            value: answer.value.clone(),
            line: answer.line.clone(),
            whose: answer.whose,
        }
    }
}

/// Findings of one model that one thing settles.
pub(super) struct Part<'a> {
    /// What the model then says; empty where no answer settles them.
    pub(super) steps: Vec<Step>,
    pub(super) findings: Vec<&'a FindingInfo>,
}

/// An attribute and a value, whichever element they are said of, and whether the model
/// leaves it open now. In their order, controls come before other attributes.
type Key<'a> = (Evidence, bool, &'a str, String);
/// Positions of keys, sorted.
type Set = ArrayVec<u32, MOST_ANSWERS>;

/// Findings that the same sets of answers settle.
struct Kind<'a> {
    sets: Vec<Set>,
    findings: Vec<Settled<'a>>,
    weight: u64,
}

/// A finding with the keys of its answers.
struct Settled<'a> {
    finding: &'a FindingInfo,
    /// Those of each of its sets of answers.
    keys: Vec<Vec<u32>>,
}

impl<'a> Settled<'a> {
    /// Takes the positions of its keys, which come in the order of its answers.
    fn of(finding: &'a FindingInfo, positions: &mut impl Iterator<Item = u32>) -> Self {
        let sets = finding.deciding.iter();
        let keys = sets.map(|set| positions.by_ref().take(set.len()).collect());
        Self {
            finding,
            keys: keys.collect(),
        }
    }

    /// Its sets that are small enough, by the positions of their keys, each once.
    fn sets(&self) -> Vec<Set> {
        let mut sets: Vec<Set> = Vec::with_capacity(self.keys.len());
        for keys in &self.keys {
            let mut keys = keys.clone();
            keys.sort_unstable();
            keys.dedup();
            if !keys.is_empty() {
                sets.extend(Set::try_from(&*keys).ok());
            }
        }
        sets.sort_unstable();
        sets.dedup();
        sets
    }

    /// The answers of its first set that is chosen.
    fn answers(&self, chosen: &[u32]) -> &'a [Deciding] {
        let is_chosen = |keys: &Vec<u32>| within(keys, chosen);
        let at = self.keys.iter().position(is_chosen);
        at.map_or(&[], |at| &self.finding.deciding[at])
    }
}

/// The findings of one model by what settles them.
pub(super) fn parts<'a>(
    findings: Vec<&'a FindingInfo>,
    weight: impl Fn(&FindingInfo) -> u64,
) -> Vec<Part<'a>> {
    let answers = findings.iter().flat_map(|finding| {
        let answers = finding.deciding.iter().flatten();
        answers.map(|answer| key(finding, answer))
    });
    let answers: Vec<Key<'a>> = answers.collect();
    let keys: BTreeSet<&Key<'a>> = answers.iter().collect();
    let keys: BTreeMap<&Key<'a>, u32> = keys.into_iter().zip(0..).collect();
    let mut positions = answers.iter().map(|key| keys[key]);
    let mut kinds: BTreeMap<Vec<Set>, Kind<'a>> = BTreeMap::new();
    let mut rest: Vec<&'a FindingInfo> = Vec::new();
    for finding in findings {
        let settled = Settled::of(finding, &mut positions);
        let sets = settled.sets();
        if sets.is_empty() || (kinds.len() >= MOST_KINDS && !kinds.contains_key(&sets)) {
            rest.push(finding);
            continue;
        }
        let kind = kinds.entry(sets.clone()).or_insert_with(|| Kind {
            sets,
            findings: Vec::new(),
            weight: 0,
        });
        kind.findings.push(settled);
        kind.weight += weight(finding);
    }
    let mut open: Vec<Kind<'a>> = kinds.into_values().collect();
    let mut chosen: Vec<u32> = Vec::new();
    let mut told = BTreeSet::new();
    let mut parts: Vec<Part<'a>> = Vec::new();
    while let Some(next) = best(&open, &chosen).filter(|_| parts.len() < MOST_ROUNDS) {
        chosen.extend(&next);
        let is_settled = |kind: &Kind<'a>| kind.sets.iter().any(|set| within(set, &chosen));
        let (settled, left) = open.into_iter().partition(is_settled);
        open = left;
        let settled: Vec<Settled<'a>> = Vec::from_iter(settled)
            .into_iter()
            .flat_map(|kind: Kind<'a>| kind.findings)
            .collect();
        let mut steps = steps(&settled, &chosen);
        steps.retain(|step| told.insert(order(step)));
        parts.push(Part {
            steps,
            findings: settled.into_iter().map(|it| it.finding).collect(),
        });
    }
    let open = open.into_iter().flat_map(|kind| kind.findings);
    rest.extend(open.map(|it| it.finding));
    parts.extend(by_rule(rest));
    parts
}

fn key<'a>(finding: &FindingInfo, answer: &'a Deciding) -> Key<'a> {
    (
        finding.evidence,
        !answer.attribute.starts_with("controls."),
        &answer.attribute,
        answer.value.to_string(),
    )
}

fn within(set: &[u32], chosen: &[u32]) -> bool {
    set.iter().all(|key| chosen.contains(key))
}

/// The keys that are best chosen next: those that settle the most for each of them; of equal
/// ones the fewer, then the first.
fn best(open: &[Kind<'_>], chosen: &[u32]) -> Option<Set> {
    let mut gains: BTreeMap<Set, u64> = BTreeMap::new();
    for kind in open {
        let missing = |set: &Set| -> Set {
            let keys = set.iter().copied();
            keys.filter(|key| !chosen.contains(key)).collect()
        };
        let mut wanted: Vec<Set> = kind.sets.iter().map(missing).collect();
        wanted.sort();
        wanted.dedup();
        for set in wanted {
            *gains.entry(set).or_default() += kind.weight;
        }
    }
    let mut best: Option<(&Set, u64)> = None;
    for set in gains.keys() {
        let gain: u64 = subsets(set).filter_map(|some| gains.get(&some)).sum();
        let better = best.is_none_or(|(other, most)| {
            let (left, right) = (gain * other.len() as u64, most * set.len() as u64);
            left > right || (left == right && set.len() < other.len())
        });
        if better {
            best = Some((set, gain));
        }
    }
    best.map(|(set, _)| set.clone())
}

/// Every set that a set holds, itself among them: what a smaller one settles, it settles too.
fn subsets(set: &Set) -> impl Iterator<Item = Set> {
    (1..1_u32 << set.len()).map(move |chosen| {
        let some = set.iter().enumerate();
        let some = some.filter(|(at, _)| chosen & (1 << at) != 0);
        some.map(|(_, key)| *key).collect()
    })
}

/// What the model says once the keys chosen are answered for these findings.
fn steps(findings: &[Settled<'_>], chosen: &[u32]) -> Vec<Step> {
    let answers = findings.iter().flat_map(|it| it.answers(chosen));
    let mut steps: Vec<Step> = answers.map(Step::from).collect();
    steps.sort_by_cached_key(order);
    steps.dedup();
    steps
}

/// What tells steps apart, and in which order they are told.
fn order(step: &Step) -> (String, String, Arc<str>, Option<Whose>) {
    (
        step.attribute.clone(),
        step.value.to_string(),
        Arc::clone(&step.element),
        step.whose,
    )
}

/// What no answer settles: what helps is the same for all findings of a rule.
fn by_rule(findings: Vec<&FindingInfo>) -> Vec<Part<'_>> {
    let mut rules: BTreeMap<&str, Vec<&FindingInfo>> = BTreeMap::new();
    for finding in findings {
        rules.entry(&finding.rule).or_default().push(finding);
    }
    let part = |findings| Part {
        steps: Vec::new(),
        findings,
    };
    rules.into_values().map(part).collect()
}
