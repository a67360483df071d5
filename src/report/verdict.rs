//! What a run comes to. Every output, the step's outputs and the exit status say the
//! same one of four words, and all take it from here.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Report, Summary};

/// The four ways in which a run can end (docs/semantics.md §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// Everything was judged, and the gate holds.
    #[serde(rename = "passed")]
    Passed,
    /// Everything was judged, and something fails the run.
    #[serde(rename = "failed")]
    Failed,
    /// A model could not be read or judged completely, whatever else was found.
    #[serde(rename = "incomplete")]
    Incomplete,
    /// There was nothing to judge, or nothing to judge by.
    #[serde(rename = "nothing judged")]
    NothingJudged,
}

impl Verdict {
    /// All four, the best first.
    pub const ALL: [Self; 4] = [
        Self::Passed,
        Self::Failed,
        Self::Incomplete,
        Self::NothingJudged,
    ];

    /// The word in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Incomplete => "incomplete",
            Self::NothingJudged => "nothing judged",
        }
    }

    /// The exit status of a run; `allowed` says whether having nothing to judge is no failure.
    pub fn exit(self, allowed: bool) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Incomplete => 3,
            Self::NothingJudged if allowed => 0,
            Self::NothingJudged => 4,
        }
    }

    /// Whether a run may end with that exit status and this verdict.
    pub(super) fn fits(self, exit: u8) -> bool {
        let statuses: &[u8] = match self {
            Self::Passed => &[0],
            Self::Failed => &[1],
            Self::Incomplete => &[3],
            Self::NothingJudged => &[0, 2, 4],
        };
        statuses.contains(&exit)
    }

    /// Whether everything was judged, so that what is not found is not there.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Passed | Self::Failed)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Summary {
    /// Sets the verdict, and what follows from it.
    pub(super) fn conclude(&mut self, verdict: Verdict, exit: u8) {
        self.verdict = verdict;
        self.gate.passed = verdict == Verdict::Passed;
        self.exit = exit;
    }

    /// The verdict on what was counted, where `incomplete` and `failed_otherwise` say
    /// what no finding shows. Where having no model is `allowed`, what is said of a
    /// model that went is something that was judged.
    pub(super) fn judge(&self, incomplete: bool, failed_otherwise: bool, allowed: bool) -> Verdict {
        if incomplete {
            Verdict::Incomplete
        } else if self.gate.failing > 0 || failed_otherwise {
            Verdict::Failed
        } else if self.models == 0 && !(allowed && self.findings > 0) {
            Verdict::NothingJudged
        } else {
            Verdict::Passed
        }
    }
}

impl Report {
    /// What the run comes to.
    pub fn verdict(&self) -> Verdict {
        self.summary.verdict
    }
}
