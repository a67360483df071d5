//! How much a finding matters here (docs/semantics.md §4): by its severity, how sure the model
//! makes it, how outsiders reach the place and what is at stake there.

use crate::condition::Evidence;
use crate::model::exposure::{Reach, Worth};
use crate::model::{ElementId, Model};
use crate::rules::Severity;

/// The risk of a finding on an element.
pub fn of(model: &Model, id: ElementId, severity: Severity, evidence: Evidence) -> Severity {
    let exposures = &model.exposures;
    let (reach, stake) = (exposures.reach(model, id), exposures.stake(id));
    risk(severity, evidence, reach, stake.worth)
}

/// The risk, on the scale of severities. What the model declares is as bad as its rule
/// says. What is only assumed is so where an outsider reaches something valuable, past
/// a login or not, and less elsewhere: docs/severity.md has the table. Where nobody said
/// what data is there it may be valuable, so that a model gains nothing by silence.
pub fn risk(severity: Severity, evidence: Evidence, reach: Reach, worth: Worth) -> Severity {
    if evidence == Evidence::Declared {
        return severity;
    }
    match (reach, worth) {
        (Reach::Open | Reach::Login, Worth::High | Worth::Unknown) => severity,
        (Reach::Open, Worth::Medium) => match severity {
            Severity::Critical | Severity::High => Severity::Medium,
            Severity::Medium => Severity::Low,
            Severity::Low | Severity::Info => Severity::Info,
        },
        _ => match severity {
            Severity::Critical | Severity::High => Severity::Low,
            Severity::Medium | Severity::Low | Severity::Info => Severity::Info,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_declared_counts_in_full_wherever_it_is() {
        for severity in Severity::ALL {
            let found = risk(severity, Evidence::Declared, Reach::No, Worth::Unknown);
            assert_eq!(found, severity);
        }
    }

    #[test]
    fn what_is_assumed_counts_in_full_only_where_outsiders_reach_something_valuable() {
        use Severity::{Critical, High, Info, Low, Medium};
        for (severity, reach, worth, expected) in [
            (High, Reach::Open, Worth::High, High),
            (Critical, Reach::Open, Worth::High, Critical),
            (Critical, Reach::Login, Worth::High, Critical),
            (High, Reach::Open, Worth::Medium, Medium),
            (Medium, Reach::Login, Worth::High, Medium),
            (High, Reach::Login, Worth::Medium, Low),
            (High, Reach::Open, Worth::Unknown, High),
            (High, Reach::Open, Worth::Low, Low),
            (Critical, Reach::No, Worth::High, Low),
            (Medium, Reach::No, Worth::High, Info),
        ] {
            let found = risk(severity, Evidence::Assumed, reach, worth);
            assert_eq!(found, expected, "{severity} {reach:?} {worth:?}");
        }
    }

    #[test]
    fn more_reach_more_worth_and_more_evidence_never_lower_it() {
        let reaches = [Reach::No, Reach::Login, Reach::Open];
        let worths = [Worth::Low, Worth::Medium, Worth::High];
        for severity in Severity::ALL {
            for reach in reaches {
                for worth in worths {
                    let here = risk(severity, Evidence::Assumed, reach, worth);
                    assert!(here <= risk(severity, Evidence::Declared, reach, worth));
                    for more in reaches.into_iter().filter(|r| *r >= reach) {
                        assert!(here <= risk(severity, Evidence::Assumed, more, worth));
                    }
                    for more in worths.into_iter().filter(|w| *w >= worth) {
                        assert!(here <= risk(severity, Evidence::Assumed, reach, more));
                    }
                }
            }
        }
    }
}
