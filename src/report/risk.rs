//! What makes the risk of a finding: how outsiders reach the place and what is at stake
//! there, in one sentence.

use std::sync::{Arc, OnceLock};

use crate::model::asking::listed;
use crate::model::exposure::{Reach, Stake, Thing, Way, Worth};
use crate::model::{ElementId, Model, Value};

/// The settings of a model's elements, each made once it is asked for: all findings of an
/// element share it.
pub(super) struct Settings<'m> {
    model: &'m Model,
    made: Vec<OnceLock<Box<Setting>>>,
}

impl<'m> Settings<'m> {
    pub(super) fn of(model: &'m Model) -> Self {
        let none = || OnceLock::new();
        Self {
            model,
            made: std::iter::repeat_with(none)
                .take(model.elements.len())
                .collect(),
        }
    }

    pub(super) fn at(&self, id: ElementId) -> &Setting {
        let made = &self.made[id.0 as usize];
        made.get_or_init(|| Box::new(Setting::of(self.model, id)))
    }
}

/// What the report holds of a place beside its findings.
pub(super) struct Setting {
    /// `open`, `login` or `none`.
    pub(super) reach: &'static str,
    /// `high`, `medium`, `low` or `unknown`.
    pub(super) worth: &'static str,
    /// The names on the way from the outsider.
    pub(super) way: Arc<[Arc<str>]>,
    /// All of it in one sentence.
    pub(super) sentence: Arc<str>,
}

impl Setting {
    fn of(model: &Model, id: ElementId) -> Self {
        let exposures = &model.exposures;
        let (reach, stake) = (exposures.reach(model, id), exposures.stake(id));
        let way = exposures.way(model, id);
        Self {
            reach: reach_word(reach),
            worth: worth_word(stake.worth),
            sentence: format!(
                "{}; {}",
                reached(model, reach, &way),
                at_stake(model, stake)
            )
            .into(),
            way: way.elements.iter().map(|id| name(model, *id)).collect(),
        }
    }
}

fn reach_word(reach: Reach) -> &'static str {
    match reach {
        Reach::No => "none",
        Reach::Login => "login",
        Reach::Open => "open",
    }
}

fn worth_word(worth: Worth) -> &'static str {
    match worth {
        Worth::Unknown => "unknown",
        Worth::Low => "low",
        Worth::Medium => "medium",
        Worth::High => "high",
    }
}

fn name(model: &Model, id: ElementId) -> Arc<str> {
    Arc::clone(&model.element(id).name)
}

/// How an outsider gets there.
fn reached(model: &Model, reach: Reach, way: &Way) -> String {
    let Some(&outsider) = way.elements.first() else {
        return "no outsider reaches it".to_owned();
    };
    let zone = model.boundaries(outsider).first().copied();
    let from = name(model, zone.unwrap_or(outsider));
    let how = match reach {
        Reach::Login => "only through a login",
        Reach::Open | Reach::No => "without a login",
    };
    let names: Vec<Arc<str>> = way.elements.iter().map(|id| name(model, *id)).collect();
    let way = match names.split_first() {
        Some((first, rest)) if way.cut => format!("{first} → … → {}", rest.join(" → ")),
        _ => names.join(" → "),
    };
    format!("reached from {from} {how}: {way}")
}

/// What is at stake.
fn at_stake(model: &Model, stake: Stake) -> String {
    match stake.thing {
        None => "nobody said what data is there".to_owned(),
        Some(Thing::Business(id)) => format!("{} is business-critical", name(model, id)),
        Some(Thing::Store(id)) => format!("{} stores sensitive data", name(model, id)),
        Some(Thing::Data(id)) => {
            let datum = model.datum(id);
            let class = datum.named("classification").map(|slot| &slot.value);
            match class {
                Some(Value::Member(of, at)) if of.members[*at as usize].0 != "UNKNOWN" => {
                    format!("{} is {}", datum.name, of.members[*at as usize].0)
                }
                _ => {
                    let name = listed(&[datum.told()]);
                    format!("nobody said how confidential {name} is")
                }
            }
        }
    }
}
