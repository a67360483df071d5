//! What a proposed answer brings with it: where “yes” to one question would make another
//! rule hold, the answer to that rule's question is proposed together with it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::deciding::deciding_info;
use super::sentence::joined;
use super::{Deciding, Evidence, FindingInfo, Whose};
use crate::answer;
use crate::condition::{Answer, Condition, SlotSet};
use crate::model::asking::listed;
use crate::model::vocabulary::Meaning;
use crate::model::{Attr, DataId, ElementId, Owner, Value};
use crate::pipeline::{Judged, JudgedModel};
use crate::rules::CompiledRule;

/// So often what follows is asked what follows from it.
const MOST_ROUNDS: usize = 3;
/// Sets with answers to more questions are not proposed.
const MOST_ANSWERS: usize = 4;

/// How many judgements what follows from all answers about a model may take, and from one in
/// any case; what would follow beyond is not proposed (docs/limits.md).
const MOST_LOOKS: usize = 1_000_000;
const LEAST_LOOKS: usize = 200;
/// So many answers, most of them about neighbours, share what is known of the rules there.
const TOGETHER: usize = 64;

/// Whether each rule holds on each element as the model stands, and which slots it reads for
/// that, once it was asked for.
type Standing = BTreeMap<(u32, usize, ElementId), (bool, SlotSet)>;

/// What an answer is, so that equal ones are looked at once.
type Key = (Whose, String, String);

/// A rule with its position and its condition.
type Asking<'j> = (usize, &'j CompiledRule, &'j Condition);

/// What comes with an answer.
#[derive(Default)]
struct Following {
    answers: Vec<Deciding>,
    /// Something would be found that no answer settles.
    adds: bool,
}

/// Adds what follows to the answers of assumed findings, and leaves out what would add
/// findings all the same.
pub(super) fn complete(judged: &Judged, findings: &mut [FindingInfo]) {
    let mut known: BTreeMap<Key, &Deciding> = BTreeMap::new();
    for finding in findings.iter().filter(|f| f.evidence == Evidence::Assumed) {
        for answer in finding.deciding.iter().flatten() {
            known.extend(key(answer).map(|key| (key, answer)));
        }
    }
    if known.is_empty() {
        return;
    }
    let models: BTreeSet<u32> = known.keys().map(|(whose, ..)| whose.model).collect();
    let reading: BTreeMap<u32, Rules<'_>> = models
        .into_par_iter()
        .filter_map(|at| Some((at, Rules::of(judged, at)?)))
        .collect();
    let known: Vec<(Key, &Deciding)> = known.into_iter().collect();
    let most = LEAST_LOOKS.max(MOST_LOOKS / known.len());
    let following = |known: &[(Key, &Deciding)]| {
        let mut standing = Standing::new();
        let known = known.iter().filter_map(|(key, answer)| {
            let rules = reading.get(&key.0.model)?;
            Some((key.clone(), rules.following(answer, most, &mut standing)?))
        });
        known.collect::<Vec<_>>()
    };
    let following: BTreeMap<Key, Following> = known
        .par_chunks(TOGETHER)
        .flat_map_iter(following)
        .collect();
    for finding in findings
        .iter_mut()
        .filter(|f| f.evidence == Evidence::Assumed && !f.deciding.is_empty())
    {
        let before = std::mem::take(&mut finding.deciding);
        finding.deciding = completed(&before, &following);
        say_what_follows(finding, &before);
    }
}

/// Names what the answers of a finding also call for, at the end of its reason.
fn say_what_follows(finding: &mut FindingInfo, before: &[Vec<Deciding>]) {
    if finding.why.is_empty() || !finding.message.ends_with(&finding.why) {
        return;
    }
    let is_known = |answer: &&Deciding| {
        let mut known = before.iter().flatten();
        known.any(|known| known.element == answer.element && known.attribute == answer.attribute)
    };
    let more = finding.deciding.iter().flatten();
    let more: BTreeSet<String> = more
        .filter(|answer| !is_known(answer))
        .map(|answer| {
            let attribute = answer.attribute.rsplit('.').next().unwrap_or_default();
            format!("{attribute} of {}", listed(&[&*answer.element]))
        })
        .collect();
    if more.is_empty() {
        return;
    }
    let more: Vec<String> = more.into_iter().collect();
    let told = finding.message.len() - finding.why.len();
    let why = finding.why.trim_end_matches('.');
    let why = format!(
        "{why}; an answer also calls for {}.",
        joined(&more, " and ")
    );
    finding.message.truncate(told);
    finding.message.push_str(&why);
    finding.why = why;
}

fn key(answer: &Deciding) -> Option<Key> {
    let value = answer.value.to_string();
    Some((answer.whose?, answer.attribute.clone(), value))
}

/// Sets of answers with what follows from them, without those that add findings.
fn completed(sets: &[Vec<Deciding>], following: &BTreeMap<Key, Following>) -> Vec<Vec<Deciding>> {
    let with = |set: &Vec<Deciding>| {
        let (mut set, mut adds) = (set.clone(), false);
        for answer in set.clone() {
            let Some(follows) = key(&answer).and_then(|key| following.get(&key)) else {
                continue;
            };
            adds |= follows.adds;
            for more in &follows.answers {
                let same = |other: &&Deciding| {
                    other.whose == more.whose && other.attribute == more.attribute
                };
                match set.iter().find(same) {
                    Some(other) => adds |= other.value != more.value,
                    None => set.push(more.clone()),
                }
            }
        }
        let kinds = set
            .iter()
            .map(|answer| (&answer.attribute, answer.value.to_string()));
        let kinds: BTreeSet<(&String, String)> = kinds.collect();
        let fits = !adds && kinds.len() <= MOST_ANSWERS;
        fits.then_some(set)
    };
    sets.iter().filter_map(with).collect()
}

/// The rules that judged a model, and how its parts lie to each other.
struct Rules<'j> {
    judged: &'j JudgedModel,
    /// Its position among those that were judged.
    at: u32,
    /// The rules that judge something that is there with each attribute that they read, by
    /// attribute.
    asking: Vec<(&'j Attr, Asking<'j>)>,
    /// What they found as it is: no answer adds that.
    found: BTreeSet<(usize, ElementId)>,
    /// The flows at each element.
    flows: BTreeMap<ElementId, Vec<ElementId>>,
    /// What stands in each boundary and in none between.
    contents: BTreeMap<ElementId, Vec<ElementId>>,
    /// The elements that have each piece of data.
    holders: BTreeMap<DataId, Vec<ElementId>>,
    is_judged: BTreeSet<ElementId>,
}

impl<'j> Rules<'j> {
    fn of(run: &'j Judged, at: u32) -> Option<Self> {
        let judged = run.models.get(at as usize)?;
        let model = &judged.model;
        let classes: BTreeSet<_> = model.elements.iter().map(|e| e.class).collect();
        let mut asking: Vec<(&Attr, Asking<'_>)> = Vec::new();
        for (at, rule) in judged.rules.iter().enumerate() {
            let judges = classes.iter().any(|class| rule.rule.judges(*class));
            if let Some(condition) = rule.condition.as_deref().filter(|_| judges) {
                let read = condition.attributes().iter();
                asking.extend(read.map(|attribute| (attribute, (at, rule, condition))));
            }
        }
        asking.sort_by_key(|(attribute, _)| *attribute);
        let findings = run.findings.iter().map(|finding| {
            let seen = finding.seen.filter(|seen| seen.model == at);
            let element = seen.map_or(finding.element, |seen| seen.element);
            let is_here = seen.is_some() || finding.model == at && finding.seen.is_none();
            (is_here, &finding.rule, element)
        });
        let found = findings
            .filter(|(is_here, ..)| *is_here)
            .filter_map(|(_, rule, element)| Some((judged.position_of(&rule.id)?, element)))
            .collect();
        let mut flows: BTreeMap<ElementId, Vec<ElementId>> = BTreeMap::new();
        for flow in model.flows.iter().copied() {
            for end in ["source", "sink"] {
                if let Some(end) = model.linked(flow, end) {
                    flows.entry(end).or_default().push(flow);
                }
            }
        }
        let mut contents: BTreeMap<ElementId, Vec<ElementId>> = BTreeMap::new();
        let mut holders: BTreeMap<DataId, Vec<ElementId>> = BTreeMap::new();
        for id in model.ids() {
            if let Some(boundary) = model.linked(id, "inBoundary") {
                contents.entry(boundary).or_default().push(id);
            }
            let data = model.element(id).named("data");
            for item in data.and_then(|slot| slot.value.items()).unwrap_or_default() {
                if let Value::Data(datum) = item {
                    holders.entry(*datum).or_default().push(id);
                }
            }
        }
        Some(Self {
            judged,
            at,
            asking,
            found,
            flows,
            contents,
            holders,
            is_judged: model.judged.iter().copied().collect(),
        })
    }

    /// What comes with one answer; `None` if nothing does.
    fn following(
        &self,
        deciding: &Deciding,
        most: usize,
        standing: &mut Standing,
    ) -> Option<Following> {
        let mut looks = most;
        let model = &self.judged.model;
        let whose = deciding.whose?;
        let name = deciding.attribute.rsplit('.').next().unwrap_or_default();
        let attribute = Attr::named(name);
        let value = answer::value(model, whose.owner, &attribute, &deciding.value)?;
        let mut given = vec![Answer {
            owner: whose.owner,
            attribute,
            value,
        }];
        let mut following = Following::default();
        for _ in 0..MOST_ROUNDS {
            let before = given.len();
            for (rule, target) in self.raised(&given, &mut looks, standing) {
                let Some(condition) = &self.judged.rules[rule].condition else {
                    continue;
                };
                if !condition.holds_given(model, target, &given) {
                    continue;
                }
                let sets = condition.deciding_given(model, target, &given);
                let kept = sets.into_iter().filter(|set| !self.makes_up(set));
                match kept.min_by_key(Vec::len) {
                    Some(set) => given.extend(set),
                    None => following.adds = true,
                }
            }
            if given.len() == before {
                break;
            }
        }
        let more = given[1..].iter();
        following.answers = more
            .map(|answer| deciding_info(model, whose.model, answer))
            .collect();
        (following.adds || !following.answers.is_empty()).then_some(following)
    }

    /// Whether answers say what something is: nobody can choose that to be rid of a threat.
    fn makes_up(&self, answers: &[Answer]) -> bool {
        answers.iter().any(|answer| {
            let known = self.judged.model.attribute(answer.owner, &answer.attribute);
            known.is_some_and(|known| known.meaning == Meaning::Fact)
        })
    }

    /// The rules that read an attribute.
    fn asking(&self, attribute: &Attr) -> impl Iterator<Item = &Asking<'j>> {
        let from = self.asking.partition_point(|(of, _)| *of < attribute);
        let those = self.asking[from..].iter();
        let those = those.take_while(move |(of, _)| *of == attribute);
        those.map(|(_, asking)| asking)
    }

    /// The rules that hold only with these answers, each with its element.
    fn raised(
        &self,
        given: &[Answer],
        looks: &mut usize,
        standing: &mut Standing,
    ) -> Vec<(usize, ElementId)> {
        let model = &self.judged.model;
        let mut raised = BTreeSet::new();
        for answer in given {
            let targets = self.near(answer.owner);
            for &(at, rule, condition) in self.asking(&answer.attribute) {
                let judged = targets.iter().copied();
                let judged = judged.filter(|id| rule.rule.judges(model.element(*id).class));
                for id in judged.filter(|id| !self.found.contains(&(at, *id))) {
                    if *looks == 0 {
                        return raised.into_iter().collect();
                    }
                    *looks -= 1;
                    let stands = standing.entry((self.at, at, id));
                    let (holds, read) = *stands.or_insert_with(|| condition.holds_by(model, id));
                    let mut given_there = given.iter();
                    if !holds
                        && given_there.any(|it| read.may_hold(it.owner, &it.attribute))
                        && condition.holds_given(model, id, given)
                    {
                        raised.insert((at, id));
                    }
                }
            }
        }
        raised.into_iter().collect()
    }

    /// The judged elements that an answer can be about: its own, the flows there, their ends,
    /// what stands in a boundary, and what has the data.
    fn near(&self, owner: Owner) -> BTreeSet<ElementId> {
        let model = &self.judged.model;
        let mut near = BTreeSet::new();
        match owner {
            Owner::Element(id) | Owner::Controls(id) => {
                near.insert(id);
                for end in ["source", "sink"] {
                    near.extend(model.linked(id, end));
                }
                for flow in self.flows.get(&id).into_iter().flatten().copied() {
                    near.insert(flow);
                    let ends = ["source", "sink"].into_iter();
                    near.extend(ends.filter_map(|end| model.linked(flow, end)));
                }
                near.extend(self.inside(id));
            }
            Owner::Data(datum) => near.extend(self.holders.get(&datum).into_iter().flatten()),
        }
        near.retain(|id| self.is_judged.contains(id));
        near
    }

    /// What stands in a boundary, also in those within, the flows there, and whom they reach.
    fn inside(&self, boundary: ElementId) -> BTreeSet<ElementId> {
        let mut inside = BTreeSet::new();
        let mut left = vec![boundary];
        while let Some(zone) = left.pop() {
            for id in self.contents.get(&zone).into_iter().flatten().copied() {
                if id != boundary && inside.insert(id) {
                    left.push(id);
                }
            }
        }
        let flows = inside.iter().filter_map(|id| self.flows.get(id));
        let around = self.around(flows.flatten().copied().collect());
        inside.extend(around);
        inside
    }

    /// Flows and their ends; where an end only passes requests on, also what it passes them to.
    fn around(&self, mut flows: Vec<ElementId>) -> BTreeSet<ElementId> {
        let model = &self.judged.model;
        let mut around = BTreeSet::new();
        while let Some(flow) = flows.pop() {
            if !around.insert(flow) {
                continue;
            }
            for end in ["source", "sink"] {
                let end = model.linked(flow, end).filter(|end| around.insert(*end));
                let proxy = end.filter(|end| model.callers.is_proxy(*end));
                let passed = proxy.and_then(|proxy| self.flows.get(&proxy));
                flows.extend(passed.into_iter().flatten());
            }
        }
        around
    }
}
