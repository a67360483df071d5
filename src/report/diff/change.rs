//! What a change does to models: for the report of a check against a base revision.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::ModelInfo;
use super::super::build::{Detail, model_info};
use super::models::own;
use super::{Change, DetailDiff, ModelRef, PartDiff, parts};
use crate::evaluate::Silent;
use crate::model::Model;

/// A model that a change adds, alters or takes away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelChange {
    /// What happens to it.
    pub change: Change,
    /// What it is called at the base.
    pub base: Option<ModelRef>,
    /// What it is called now.
    pub head: Option<ModelRef>,
    /// What it says about itself that differs.
    pub details: Vec<DetailDiff>,
    /// Its elements, boundaries, flows and data that differ.
    pub parts: Vec<PartDiff>,
}

/// A model of the base.
#[derive(Debug)]
pub struct Earlier<'m> {
    /// The model.
    pub model: &'m Model,
    /// The position of the same one now.
    pub now: Option<usize>,
    /// What its parts are called now, by their ids, where that is something else.
    pub names: BTreeMap<u32, Arc<str>>,
}

/// What differs between the models of the base and those of today, by path and name.
pub fn changes(now: &[&Model], then: &[Earlier<'_>]) -> Vec<ModelChange> {
    let mut is_paired = vec![false; now.len()];
    let mut changes: Vec<ModelChange> = Vec::new();
    for earlier in then {
        let same = earlier.now.and_then(|at| {
            is_paired[at] = true;
            now.get(at).copied()
        });
        if same.is_some_and(|same| is_unchanged(earlier, same)) {
            continue;
        }
        let head = same.map(info);
        changes.extend(change(
            Some((&info(earlier.model), &earlier.names)),
            head.as_ref(),
        ));
    }
    for (at, model) in now.iter().enumerate() {
        if !is_paired[at] {
            changes.extend(change(None, Some(&info(model))));
        }
    }
    let called = |change: &ModelChange| change.head.clone().or_else(|| change.base.clone());
    changes.sort_by_cached_key(called);
    changes
}

/// Whether both were read from one text: the base takes over what did not change.
fn is_unchanged(earlier: &Earlier<'_>, now: &Model) -> bool {
    let then = earlier.model;
    Arc::ptr_eq(&then.place.source, &now.place.source) && then.name == now.name
}

fn info(model: &Model) -> ModelInfo {
    model_info(model, Silent::default(), Detail::Graphs)
}

/// What differs in a model; `None` if nothing does.
fn change(
    base: Option<(&ModelInfo, &BTreeMap<u32, Arc<str>>)>,
    head: Option<&ModelInfo>,
) -> Option<ModelChange> {
    let called = |model: &ModelInfo| ModelRef {
        path: Arc::clone(&model.path),
        name: Arc::clone(&model.name),
    };
    let nothing = BTreeMap::new();
    let (then, names) = base.unzip();
    let details = then.zip(head);
    let details = details.map(|(then, now)| own((then, &then.path), (now, &now.path)));
    let found = ModelChange {
        change: match (then, head) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => Change::Changed,
        },
        base: then.map(called),
        head: head.map(called),
        details: details.unwrap_or_default(),
        parts: parts::compare(
            then.map(|model| &model.graph),
            head.map(|model| &model.graph),
            names.unwrap_or(&nothing),
        ),
    };
    let is_same =
        found.change == Change::Changed && found.details.is_empty() && found.parts.is_empty();
    (!is_same).then_some(found)
}
