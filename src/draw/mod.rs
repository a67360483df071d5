//! Layer `draw`: a model's graph → a diagram → a diagram language.
//!
//! [`diagram`] and [`sequence`] say what is drawn, whichever the language;
//! [`dot`], [`mermaid`] and [`plantuml`] say how, [`svg`] and [`sequence_svg`]
//! draw.

pub mod changes;
pub mod diagram;
pub mod dot;
mod label;
pub mod mermaid;
mod near;
pub mod plantuml;
pub mod sequence;
pub mod sequence_svg;
pub mod svg;

use std::collections::BTreeMap;

pub use changes::{Changes, Mark};
pub use diagram::{Diagram, Options};
pub use near::{near, parts};
pub use sequence::Sequence;

use crate::report::diff::ModelChange;
use crate::report::{ModelInfo, Report, Severity};

/// The worst finding of every element of a model that is open or stays as
/// residual risk, by the element's id: what colours a diagram.
pub fn severities(report: &Report, model: &ModelInfo) -> BTreeMap<u32, Severity> {
    let mut worst: BTreeMap<u32, Severity> = BTreeMap::new();
    for finding in &report.findings {
        let counts = finding.status.is_open() || finding.status.is_residual();
        if counts && finding.model == model.path && finding.model_name == model.name {
            let entry = worst.entry(finding.element_id).or_insert(finding.severity);
            *entry = (*entry).max(finding.severity);
        }
    }
    worst
}

/// What a change adds to a model and alters in it, marked, with what it is connected to, as
/// Mermaid; `None` where the change shows in no diagram.
pub fn change_mermaid(report: &Report, model: &ModelInfo, change: &ModelChange) -> Option<String> {
    let changes = Changes::of(&model.graph, change);
    let nodes = changes.nodes(&model.graph);
    if nodes.is_empty() {
        return None;
    }
    let options = Options {
        severities: Some(severities(report, model)),
        only: Some(nodes),
        changes,
        ..Options::default()
    };
    Some(mermaid::dfd(&Diagram::new(
        &model.name,
        &model.graph,
        &options,
    )))
}

/// The data-flow diagram of a model as Mermaid, without a fence, coloured by
/// its findings: for Markdown that GitHub and GitLab render.
pub fn dfd_mermaid(report: &Report, model: &ModelInfo) -> String {
    let options = Options {
        severities: Some(severities(report, model)),
        ..Options::default()
    };
    mermaid::dfd(&Diagram::new(&model.name, &model.graph, &options))
}

#[cfg(test)]
mod tests;
