//! How findings stand, and the counts that follow: for this it does not matter what is told
//! of them.

use std::collections::BTreeMap;

use super::gate::{Counted, Level};
use super::{FindingInfo, Gate, Severity, Status, Summary, Verdict};

/// What the sentence about the verdict counts beside the summary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// What the change itself settles, by severity.
    pub settled: BTreeMap<Severity, usize>,
    /// Whether some of that would have failed the gate.
    pub settled_would_fail: bool,
    /// New findings that a gate which only reports would fail for.
    pub would_fail: usize,
    /// New findings that the gate leaves to people: severe enough by their rules, but not
    /// declared, and no outsider reaches anything valuable through them.
    pub to_review: usize,
}

impl Beside {
    /// Counts these findings.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f FindingInfo>, gate: &Gate) -> Self {
        let mut beside = Self::default();
        for finding in findings {
            beside.add(Counted::from(finding), gate.level(&finding.model));
        }
        beside
    }

    fn add(&mut self, it: Counted, level: Level) {
        if it.settled_by_change {
            *self.settled.entry(it.severity).or_default() += 1;
            self.settled_would_fail |= level.would_stop(it);
        }
        if it.status == Status::New {
            self.would_fail += usize::from(level.would_stop(it));
            let is_left = it.severity >= level.fail_on && it.risk < level.fail_on;
            self.to_review += usize::from(is_left && !level.stops(it));
        }
    }
}

/// Counts and gate of findings, each with what fails of its model and with its fingerprint,
/// and the verdict that follows from these alone.
pub(super) fn count(
    findings: impl IntoIterator<Item = (Counted, Level, impl ToString)>,
    models: usize,
    gate: Gate,
) -> Summary {
    let by_severity = || Severity::ALL.into_iter().map(|severity| (severity, 0));
    let mut summary = Summary {
        models,
        findings: 0,
        by_status: Status::ALL.into_iter().map(|status| (status, 0)).collect(),
        by_severity: by_severity().collect(),
        new_by_severity: by_severity().collect(),
        residual: 0,
        gate,
        verdict: Verdict::NothingJudged,
        exit: 0,
        beside: Beside::default(),
    };
    for (it, level, fingerprint) in findings {
        summary.findings += 1;
        *summary.by_status.entry(it.status).or_default() += 1;
        *summary.by_severity.entry(it.severity).or_default() += 1;
        if it.status == Status::New {
            *summary.new_by_severity.entry(it.severity).or_default() += 1;
        }
        summary.residual += usize::from(it.status.is_residual());
        summary.beside.add(it, level);
        if level.stops(it) {
            summary.gate.failing += 1;
            summary.gate.fingerprints.push(fingerprint.to_string());
        }
    }
    let verdict = summary.judge(false, false, true);
    summary.conclude(verdict, verdict.exit(true));
    summary
}

/// The same of what a report holds.
pub(super) fn count_told(findings: &[FindingInfo], models: usize, gate: Gate) -> Summary {
    let same = gate.clone();
    let counted = findings.iter().map(|finding| {
        let level = same.level(&finding.model);
        (Counted::from(finding), level, &finding.fingerprint)
    });
    count(counted, models, gate)
}
