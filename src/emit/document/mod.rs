//! The report of one model as a document that people keep, print and hand on:
//! what the system is, what threatens it, what was decided, what is not known.
//!
//! `summary`, `system` and `threats` say what stands in it, as `parts`; `html`
//! and `markdown` write these. So both languages say the same.

mod html;
mod markdown;
mod parts;
mod summary;
mod system;
mod threats;

use std::collections::BTreeMap;

use crate::report::{FindingInfo, ModelInfo, Report, RuleInfo, Task};

pub use html::{around, html};
pub use markdown::markdown;
use parts::Section;

use super::groups::{Group, groups};

/// What a document is made from.
pub struct Document<'a> {
    /// The whole run; only what is said of `model` is shown.
    pub report: &'a Report,
    /// The model.
    pub model: &'a ModelInfo,
    /// What a path is appended to in links; without it, paths are only named.
    pub link_base: Option<String>,
}

impl<'a> Document<'a> {
    /// Every section that has something to say, in the order in which an auditor
    /// asks: the system, what threatens it, what was decided, what is open.
    fn sections(&self) -> Vec<Section> {
        let mut sections = vec![summary::summary(self)];
        sections.extend(summary::unread(self));
        sections.extend(system::sections(self));
        sections.extend(threats::sections(self));
        sections.extend(summary::notices(self));
        sections.push(summary::reading());
        sections
    }

    /// Whether a finding is of this model.
    fn has(&self, finding: &FindingInfo) -> bool {
        finding.model == self.model.path && finding.model_name == self.model.name
    }

    /// The findings of this model that `wanted` accepts, worst first, declared
    /// before assumed.
    fn findings(&self, wanted: impl Fn(&FindingInfo) -> bool) -> Vec<&'a FindingInfo> {
        let findings = self.report.findings.iter();
        let mut findings: Vec<&FindingInfo> =
            findings.filter(|f| self.has(f) && wanted(f)).collect();
        findings.sort_by_key(|f| std::cmp::Reverse((f.severity, f.evidence)));
        findings
    }

    /// What is open by element, the worst element first.
    fn open(&self) -> Vec<Group<'a>> {
        groups(self.report, |f| self.has(f) && f.status.is_open())
    }

    /// What to do about everything that is open, what takes away the most risk first.
    fn tasks(&self) -> Vec<Task<'a>> {
        self.report.tasks(|f| self.has(f))
    }

    /// How many findings of an element are open, by its id.
    fn open_by_element(&self) -> BTreeMap<u32, usize> {
        let mut counts = BTreeMap::new();
        for finding in self.findings(|f| f.status.is_open()) {
            *counts.entry(finding.element_id).or_default() += 1;
        }
        counts
    }

    /// The rules that found something here, with a number for links.
    fn rules(&self) -> Vec<(usize, &'a RuleInfo)> {
        let of = |rule: &&RuleInfo| {
            let mut findings = self.report.findings.iter();
            findings.any(|f| f.rule == rule.id && self.has(f))
        };
        let rules = self.report.rules.iter().filter(of);
        rules.enumerate().collect()
    }
}
