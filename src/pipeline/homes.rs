//! What is found in a whole at an element that another file declares is that file's finding
//! (docs/semantics.md §4): it has one place, one identity and one verdict, whoever found it.

use std::collections::{BTreeMap, BTreeSet};

use super::judged::JudgedModel;
use crate::evaluate::number_anew;
use crate::finding::{Finding, Seen};
use crate::model::{ElementId, Model};
use crate::rules::Text;
use crate::source::{RepoPath, Span};

/// Brings the findings of each model to the models that declare their elements, as far as
/// those were judged. What is found in both is one finding: that of the whole, which knows
/// what leads there and what is at stake behind it, unless it weighs less there. Of a model
/// that nobody asked for only this counts. Gives all findings by model.
pub(super) fn bring_home(models: &mut [JudgedModel], mut found: Vec<Vec<Finding>>) -> Vec<Finding> {
    let wholes = (0..)
        .zip(&*models)
        .filter(|(_, it)| !it.model.included.is_empty());
    let wholes: Vec<u32> = wholes.map(|(at, _)| at).collect();
    let mut homes = Homes::of(models);
    let mut known: BTreeMap<u32, BTreeMap<Key, usize>> = BTreeMap::new();
    let mut brought: BTreeSet<u32> = BTreeSet::new();
    for whole in wholes {
        let (own, others): (Vec<Finding>, Vec<Finding>) =
            std::mem::take(&mut found[whole as usize])
                .into_iter()
                .partition(|it| homes.find(models, whole, it.element).is_none());
        found[whole as usize] = own;
        // What an outer whole brought here stands elsewhere now.
        known.remove(&whole);
        let mut rules: BTreeSet<Text> = BTreeSet::new();
        for mut finding in others {
            let Some((home, element)) = homes.find(models, whole, finding.element) else {
                continue;
            };
            rules.insert(finding.rule.id.clone());
            finding.seen = Some(Seen {
                model: whole,
                element: finding.element,
            });
            finding.model = home;
            finding.element = element;
            brought.insert(home);
            let there = &mut found[home as usize];
            let known = known.entry(home).or_insert_with(|| {
                let known = there.iter().map(key);
                known.zip(0..).collect()
            });
            match known.get(&key(&finding)) {
                None => {
                    known.insert(key(&finding), there.len());
                    there.push(finding);
                }
                Some(at) if weighs_more(&finding, &there[*at]) => there[*at] = finding,
                Some(_) => {}
            }
        }
        models[whole as usize].found_elsewhere = rules;
    }
    for home in brought {
        number_anew(&models[home as usize].model, &mut found[home as usize]);
    }
    // Room for all at once: growing would hold them twice and more.
    let mut all = Vec::with_capacity(found.iter().map(Vec::len).sum());
    let asked = models.iter().zip(found).filter(|(it, _)| !it.is_around);
    asked.for_each(|(_, found)| all.extend(found));
    all
}

/// What tells the findings of a model apart: element, rule, threat in words.
type Key = (ElementId, Text, Option<u32>);

fn key(finding: &Finding) -> Key {
    (finding.element, finding.rule.id.clone(), finding.threat)
}

/// Whether what a whole finds counts before what is known: as much suffices against what the
/// model itself finds.
fn weighs_more(new: &Finding, known: &Finding) -> bool {
    let weight = |it: &Finding| (it.risk, it.severity, it.evidence);
    match known.seen {
        None => weight(new) >= weight(known),
        Some(_) => weight(new) > weight(known),
    }
}

/// Where elements are declared.
struct Homes {
    /// The native models by their files.
    models: BTreeMap<RepoPath, u32>,
    /// The elements of those that were asked for, by their place in the file.
    elements: BTreeMap<u32, BTreeMap<Span, ElementId>>,
}

impl Homes {
    fn of(models: &[JudgedModel]) -> Self {
        let native = (0..).zip(models).filter(|(_, it)| it.may_be_included());
        Self {
            models: native
                .map(|(at, it)| (it.model.path().clone(), at))
                .collect(),
            elements: BTreeMap::new(),
        }
    }

    /// The model that declares an element of a whole, and the element there.
    fn find(
        &mut self,
        models: &[JudgedModel],
        whole: u32,
        id: ElementId,
    ) -> Option<(u32, ElementId)> {
        let model = &models[whole as usize].model;
        let part = model.home(id)?;
        let home = *self.models.get(&part.path)?;
        let elements = self.elements.entry(home).or_insert_with(|| {
            let model = &models[home as usize].model;
            by_place(model)
        });
        let element = elements.get(&model.element(id).place.span)?;
        Some((home, *element))
    }
}

fn by_place(model: &Model) -> BTreeMap<Span, ElementId> {
    let own = model.own_ids();
    own.map(|id| (model.element(id).place.span, id)).collect()
}
