//! What the model itself says about its findings: scope, and the words of responses.

use crate::finding::{By, Finding, Status};
use crate::model::Model;

use super::settle;

/// Marks findings on elements that are out of scope.
pub fn scope(model: &Model, finding: &mut Finding) {
    let element = model.element(finding.element);
    if !element.in_scope() {
        let place = element
            .named("inScope")
            .and_then(|slot| slot.place.as_ref());
        settle(
            finding,
            Status::OutOfScope,
            By::Scope,
            "inScope is false",
            place,
        );
    }
}

/// The status that a response means: one of five words at its start, then the
/// end, `:`, `,`, `by`, `since` or `because` (docs/semantics.md §4).
pub fn understood(text: &str) -> Option<Status> {
    let text = text.trim_start_matches(|c: char| c == '*' || c == '_' || c.is_whitespace());
    let lower = text.to_lowercase();
    let words = [
        ("mitigated", Status::Mitigated),
        ("transferred", Status::Transferred),
        ("avoided", Status::Avoided),
        ("accepted", Status::Accepted),
        ("false-positive", Status::FalsePositive),
        ("false positive", Status::FalsePositive),
    ];
    let (rest, status) = words
        .into_iter()
        .find_map(|(word, status)| Some((lower.strip_prefix(word)?, status)))?;
    let rest = rest.trim_start_matches(['*', '_']);
    let spaced = rest.trim_start();
    let ends = spaced.is_empty() || spaced.starts_with([':', ',']);
    let follows = rest.starts_with(char::is_whitespace)
        && ["by", "since", "because"].iter().any(|word| {
            spaced
                .strip_prefix(word)
                .is_some_and(|r| !r.starts_with(|c: char| c.is_alphanumeric()))
        });
    (ends || follows).then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_counts_only_when_its_first_word_is_one_of_five() {
        let cases = [
            ("mitigated", Some(Status::Mitigated)),
            ("**Mitigated** by the proxy", Some(Status::Mitigated)),
            ("_accepted_: until the move", Some(Status::Accepted)),
            ("Transferred since 2024", Some(Status::Transferred)),
            ("avoided, no such feature", Some(Status::Avoided)),
            (
                "False Positive because it is static",
                Some(Status::FalsePositive),
            ),
            ("false-positive", Some(Status::FalsePositive)),
            ("to be mitigated", None),
            ("mitigated soon", None),
            ("mitigatedby nobody", None),
            ("accepted bytes only", None),
            ("not accepted", None),
            ("", None),
        ];
        for (text, status) in cases {
            assert_eq!(understood(text), status, "{text:?}");
        }
    }
}
