//! What becomes an alert where alerts are kept: a finding of its own, or everything that is
//! only assumed of an element that the model does not describe.

use std::collections::BTreeMap;

use super::{Evidence, FindingInfo, Report};
use crate::finding::Fingerprint;

/// What becomes of findings that are only assumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assumed {
    /// Those of an element are one alert.
    #[default]
    Fold,
    /// Each is an alert.
    Each,
    /// None is an alert.
    Omit,
}

impl Assumed {
    /// The words of the configuration, the usual one first.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("fold", Self::Fold),
        ("each", Self::Each),
        ("omit", Self::Omit),
    ];

    /// Understands a word.
    pub fn parse(word: &str) -> Option<Self> {
        let mut words = Self::WORDS.into_iter();
        words
            .find(|(known, _)| *known == word)
            .map(|(_, meant)| meant)
    }
}

/// An alert.
#[derive(Clone, Debug)]
pub enum Alert<'a> {
    /// One finding.
    Finding(&'a FindingInfo),
    /// An element that the model does not describe.
    Undescribed(Undescribed<'a>),
}

/// What is assumed of an element because the model does not describe it.
#[derive(Clone, Debug)]
pub struct Undescribed<'a> {
    /// The same for as long as anything is assumed of the element.
    pub fingerprint: String,
    /// The findings, the worst first; at least one.
    pub findings: Vec<&'a FindingInfo>,
}

impl<'a> Alert<'a> {
    /// The finding that weighs most.
    pub fn worst(&self) -> Option<&'a FindingInfo> {
        match self {
            Self::Finding(finding) => Some(finding),
            Self::Undescribed(element) => element.findings.first().copied(),
        }
    }
}

impl Report {
    /// The alerts of a report, in its order; with `answered` also what is open no longer,
    /// each finding for itself.
    pub fn alerts(&self, assumed: Assumed, answered: bool) -> Vec<Alert<'_>> {
        let mut alerts: Vec<Alert<'_>> = Vec::new();
        let mut at: BTreeMap<(&str, &str, u32), usize> = BTreeMap::new();
        for finding in &self.findings {
            let is_folded = finding.status.is_open() && finding.evidence == Evidence::Assumed;
            match assumed {
                _ if !finding.status.is_open() && !answered => {}
                Assumed::Omit if is_folded => {}
                Assumed::Fold if is_folded => {
                    let key = (&*finding.model, &*finding.model_name, finding.element_id);
                    let at = *at.entry(key).or_insert(alerts.len());
                    match alerts.get_mut(at) {
                        Some(Alert::Undescribed(element)) => element.findings.push(finding),
                        _ => alerts.push(Alert::Undescribed(Undescribed {
                            fingerprint: String::new(),
                            findings: vec![finding],
                        })),
                    }
                }
                _ => alerts.push(Alert::Finding(finding)),
            }
        }
        name(&mut alerts);
        alerts
    }
}

/// Gives each undescribed element its fingerprint and its findings their order. Elements
/// that are called the same are counted.
fn name(alerts: &mut [Alert<'_>]) {
    let mut seen: BTreeMap<Fingerprint, u32> = BTreeMap::new();
    for alert in alerts {
        let Alert::Undescribed(element) = alert else {
            continue;
        };
        element
            .findings
            .sort_by_key(|f| std::cmp::Reverse((f.failing, f.risk, f.severity)));
        let Some(first) = element.findings.first() else {
            continue;
        };
        let print = |count: &str| {
            Fingerprint::of_parts([
                "undescribed",
                &first.model_name,
                &first.element.class,
                &first.element.name,
                first.source.as_deref().unwrap_or(""),
                first.sink.as_deref().unwrap_or(""),
                count,
            ])
        };
        let count = seen.entry(print("0")).or_insert(0);
        element.fingerprint = print(&count.to_string()).to_string();
        *count += 1;
    }
}
