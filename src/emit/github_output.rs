//! The verdict and counts as outputs of a GitHub step: `name=word` and `name=number` lines
//! and nothing that a model wrote, so that a workflow needs no JSON parser.

use std::fmt::Write as _;

use super::{Context, EmitError, Emitter};
use crate::report::build::Detail;
use crate::report::{How, Report, Status};

/// `--output github-output=FILE`, for `$GITHUB_OUTPUT`.
pub struct GithubOutput;

impl Emitter for GithubOutput {
    fn name(&self) -> &'static str {
        "github-output"
    }

    fn about(&self) -> &'static str {
        "verdict and counts, as outputs of a GitHub step"
    }

    fn detail(&self, _: bool) -> Detail {
        Detail::Counts
    }

    fn emit(&self, report: &Report, _: &Context<'_>) -> Result<String, EmitError> {
        let count = |statuses: &[Status]| -> usize {
            let by_status = &report.summary.by_status;
            statuses.iter().filter_map(|s| by_status.get(s)).sum()
        };
        let ended = |how| report.fixed.iter().filter(|fixed| fixed.how == how).count();
        let lines = [
            ("new", count(&[Status::New])),
            (
                "open",
                count(&[Status::New, Status::Unreviewed, Status::Baselined]),
            ),
            ("fixed", ended(How::Fixed)),
            ("gone", ended(How::Gone)),
            ("accepted", report.summary.residual),
            ("exit-code", usize::from(report.summary.exit)),
        ];
        let mut text = format!("verdict={}\n", report.verdict());
        for (name, number) in lines {
            let _ = writeln!(text, "{name}={number}");
        }
        Ok(text)
    }
}
