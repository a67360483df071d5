//! Layer `evaluate`: the order of findings, and the ordinals of those that share an identity
//! (docs/semantics.md §4).

use std::collections::BTreeMap;

use crate::finding::{Finding, Fingerprint, Identity};
use crate::model::Model;

/// Numbers the findings of a model anew, and puts them in their order, where some came from a
/// model that includes it.
pub fn number_anew(model: &Model, findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |it: &Finding| {
            (
                it.threat.is_some(),
                it.threat.is_none().then(|| it.rule.id.clone()),
                it.element,
                it.threat,
            )
        };
        key(a).cmp(&key(b))
    });
    for finding in &mut *findings {
        finding.ordinal = 0;
        finding.fingerprint =
            Fingerprint::of(&Identity::new(&finding.rule.id, model, finding.element));
    }
    number_equals(model, findings);
}

/// Gives findings of one identity their ordinals, in the order of declaration.
pub(super) fn number_equals(model: &Model, findings: &mut [Finding]) {
    let mut seen: BTreeMap<Fingerprint, u32> = BTreeMap::new();
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|at| (findings[*at].element, findings[*at].threat));
    for at in order {
        let finding = &mut findings[at];
        let count = seen.entry(finding.fingerprint).or_insert(0);
        if *count > 0 {
            let identity = Identity::new(&finding.rule.id, model, finding.element);
            finding.fingerprint = Fingerprint::of(&Identity {
                ordinal: *count,
                ..identity
            });
            finding.ordinal = *count;
        }
        *count += 1;
    }
}
