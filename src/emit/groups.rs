//! Findings by element, the worst element first: how summaries and pages show them.

use std::collections::BTreeMap;

use crate::report::{Block, Evidence, FindingInfo, Report};

/// What was found on one element.
#[derive(Debug, Default)]
pub(super) struct Group<'a> {
    /// Those shown singly, worst first: declared ones, and those no longer open.
    pub(super) single: Vec<&'a FindingInfo>,
    /// The open assumed ones.
    pub(super) block: Option<Block<'a>>,
}

impl<'a> Group<'a> {
    /// All findings, those shown singly first.
    pub(super) fn findings(&self) -> impl Iterator<Item = &'a FindingInfo> {
        let block = self.block.iter().flat_map(|block| &block.findings);
        self.single.iter().chain(block).copied()
    }

    /// Any one of them, to name the element.
    pub(super) fn first(&self) -> Option<&'a FindingInfo> {
        self.findings().next()
    }
}

/// The findings that `wanted` accepts, by element: open before answered, then the
/// worst first, then as the report has them.
pub(super) fn groups<'a>(
    report: &'a Report,
    wanted: impl Fn(&FindingInfo) -> bool + Copy,
) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut index: BTreeMap<(&str, &str, u32), usize> = BTreeMap::new();
    let mut place = |finding: &'a FindingInfo, groups: &mut Vec<Group<'a>>| -> usize {
        let key = (&*finding.model, &*finding.model_name, finding.element_id);
        *index.entry(key).or_insert_with(|| {
            groups.push(Group::default());
            groups.len() - 1
        })
    };
    for finding in report.findings.iter().filter(|f| wanted(f)) {
        let at = place(finding, &mut groups);
        if finding.evidence == Evidence::Declared || !finding.status.is_open() {
            groups[at].single.push(finding);
        }
    }
    for block in report.blocks(wanted) {
        let at = place(block.findings[0], &mut groups);
        groups[at].block = Some(block);
    }
    for group in &mut groups {
        group.single.sort_by_key(|f| weight(report, f));
    }
    groups.sort_by_key(|group| group.findings().map(|f| weight(report, f)).min());
    groups
}

/// Less is worse: failing, open, severe, a change of the check itself, declared.
type Weight = (
    bool,
    bool,
    std::cmp::Reverse<(crate::report::Severity, bool, Evidence)>,
);

/// What findings are sorted by, worst first.
pub(super) fn weight(report: &Report, finding: &FindingInfo) -> Weight {
    (
        !report.summary.gate.fails(finding),
        !finding.status.is_open(),
        std::cmp::Reverse((finding.severity, report.weakens(finding), finding.evidence)),
    )
}
