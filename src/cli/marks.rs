//! `tmrs dfd --since`: what a change did to the parts of each diagram.

use std::collections::BTreeMap;

use crate::draw::Changes;
use crate::finding::canonical;
use crate::model::pairs::{Named, pairs};
use crate::report::{Graph, ModelInfo, Report};

/// The models of the merge base with a revision, before anything is drawn.
pub struct Before(Report);

impl Before {
    /// By what was read of them.
    pub fn new(report: Report) -> Self {
        Self(report)
    }

    /// What changed in each model of a report, in its order. A model that was not
    /// there is new with everything in it.
    pub fn changes(&self, report: &Report) -> Vec<Changes> {
        let nothing = Graph::default();
        let mut then: Vec<&Graph> = vec![&nothing; report.models.len()];
        let (here, there) = (keys(&report.models), keys(&self.0.models));
        let pairs = pairs(&named(&here), &named(&there));
        for (model, pair) in self.0.models.iter().zip(pairs) {
            if let Some(at) = pair {
                then[at] = &model.graph;
            }
        }
        let models = report.models.iter().zip(then);
        models
            .map(|(model, then)| Changes::between(then, &model.graph))
            .collect()
    }
}

/// What models are told apart by: path, name, and which of that name.
fn keys(models: &[ModelInfo]) -> Vec<(&str, String, u32)> {
    let mut seen: BTreeMap<(&str, String), u32> = BTreeMap::new();
    models
        .iter()
        .map(|model| {
            let name = canonical(&model.name);
            let count = seen.entry((&model.path, name.clone())).or_default();
            *count += 1;
            (&*model.path, name, *count - 1)
        })
        .collect()
}

fn named<'a>(keys: &'a [(&str, String, u32)]) -> Vec<Named<'a>> {
    keys.iter()
        .map(|(path, name, ordinal)| Named {
            path,
            name,
            ordinal: *ordinal,
        })
        .collect()
}
