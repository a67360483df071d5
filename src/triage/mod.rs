//! Layer `triage`: what became of each finding. Every file here only sets a
//! status, and only on findings that nothing before it claimed (SEMANTICS §4):
//! out of scope, assumptions, responses, inline comments and configuration, base.

pub mod baseline;
pub mod exclusions;
pub mod responses;
pub mod revision;

use std::sync::Arc;

use crate::finding::{By, Finding, Reason, Status};
use crate::source::Place;

/// Gives a finding that is still new a status with its reason.
pub(crate) fn settle(
    finding: &mut Finding,
    status: Status,
    by: By,
    text: &str,
    place: Option<&Place>,
) {
    if finding.status == Status::New {
        finding.status = status;
        finding.reason = Some(Reason {
            by,
            text: Arc::from(text),
            place: place.cloned(),
        });
    }
}
