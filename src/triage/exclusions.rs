//! Exclusions beside the element and on the command line.

use crate::finding::{By, Finding, Status};
use crate::model::Model;

use super::settle;

/// Marks findings that a comment beside the element, or its key `exclude`, excludes.
pub fn inline(model: &Model, finding: &mut Finding) {
    let element = model.element(finding.element);
    let excluding = element.exclusions.iter().find(|e| {
        e.rules
            .iter()
            .any(|said| finding.rule.answers_to(&said.text))
    });
    if let Some(exclusion) = excluding {
        let reason = if exclusion.reason.is_empty() {
            "no reason given"
        } else {
            &exclusion.reason
        };
        settle(
            finding,
            Status::Excluded,
            By::Inline,
            reason,
            Some(&exclusion.place),
        );
    }
}

/// Marks findings of rules that `--exclude` names.
pub fn command_line(ids: &[String], finding: &mut Finding) {
    if let Some(id) = ids.iter().find(|id| finding.rule.answers_to(id.trim())) {
        settle(finding, Status::Excluded, By::CommandLine, id, None);
    }
}
