//! The threats of one thing to do, each told once for all the elements that it is about.

use super::words;
use crate::escape::shorten;
use crate::report::{Evidence, FindingInfo, Severity, Status, Task, told_once};

/// So many elements are named with one threat where room is short.
pub(super) const FEW_ELEMENTS: usize = 3;

/// One threat, on one element or several.
pub(super) struct Threat<'a> {
    /// The rules that tell it.
    pub(super) rules: Vec<&'a str>,
    /// Why it holds and why it is new, in sentences.
    pub(super) why: Vec<String>,
    /// One finding for each element, those that fail first.
    pub(super) findings: Vec<&'a FindingInfo>,
    /// The findings of all the rules.
    pub(super) count: usize,
}

impl<'a> Threat<'a> {
    /// The threats of a thing to do, those that fail first.
    pub(super) fn of(task: &Task<'a>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for told in told_once(&task.findings) {
            let first = told[0];
            let rules: Vec<&str> = told.iter().map(|finding| &*finding.rule).collect();
            let why = why(first);
            let is_same = |other: &&mut Self| {
                other.rules == rules
                    && other.why == why
                    && other.title() == &*first.title
                    && (other.failing(), other.severity()) == (first.failing, first.severity)
                    && other.status() == Some(first.status)
            };
            match all.iter_mut().find(is_same) {
                Some(same) => {
                    same.findings.push(first);
                    same.count += told.len();
                }
                None => all.push(Self {
                    rules,
                    why,
                    findings: vec![first],
                    count: told.len(),
                }),
            }
        }
        all
    }

    pub(super) fn title(&self) -> &'a str {
        self.findings.first().map_or("", |finding| &finding.title)
    }

    pub(super) fn severity(&self) -> Severity {
        self.findings
            .first()
            .map_or(Severity::Info, |finding| finding.severity)
    }

    pub(super) fn status(&self) -> Option<Status> {
        self.findings.first().map(|finding| finding.status)
    }

    pub(super) fn failing(&self) -> bool {
        self.findings.first().is_some_and(|finding| finding.failing)
    }

    /// `Server “web”, Server “api” and 3 more`: so many by name.
    pub(super) fn elements(&self, most: usize) -> String {
        let named = self.findings.iter().take(most);
        let named: Vec<String> = named.map(|finding| words::element(finding)).collect();
        match self.findings.len().saturating_sub(most) {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }
}

/// What the model says that makes it so, and why it is new.
fn why(finding: &FindingInfo) -> Vec<String> {
    let mut why = Vec::new();
    if finding.evidence == Evidence::Declared {
        why.push(words::why(finding));
    }
    why.extend(words::why_new(finding).map(|new| words::sentence(&new)));
    let told = why.iter();
    told.map(|said| words::capital(&shorten(said, words::LONGEST_TEXT)))
        .collect()
}
