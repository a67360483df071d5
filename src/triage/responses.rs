//! What the model itself says about its findings: scope, assumptions, responses.

use crate::finding::{By, Finding, Status};
use crate::model::{Assumption, Element, Model, Said};
use crate::notice::Notice;

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

/// Marks findings that an assumption of the element or the model excludes.
pub fn assumptions(model: &Model, finding: &mut Finding) {
    let element = model.element(finding.element);
    let excluding = element
        .assumptions
        .iter()
        .chain(&model.assumptions)
        .find_map(|assumption| Some((assumption, excluded_by(assumption, finding)?)));
    if let Some((assumption, said)) = excluding {
        settle(
            finding,
            Status::Excluded,
            By::Assumption,
            &assumption.name.text,
            Some(&said.place),
        );
    }
}

fn excluded_by<'a>(assumption: &'a Assumption, finding: &Finding) -> Option<&'a Said> {
    assumption
        .exclude
        .iter()
        .find(|said| finding.rule.answers_to(&said.text))
}

/// Marks findings that a response answers. A response that is expired on `today`
/// (`YYYY-MM-DD`) or says nothing known leaves the finding open.
pub fn answers(model: &Model, finding: &mut Finding, today: &str, notices: &mut Vec<Notice>) {
    let element = model.element(finding.element);
    let _ = (today, &notices);
    if let Some(said) = response(element, finding)
        && let Some(status) = understood(&said.text)
    {
        settle(finding, status, By::Response, &said.text, Some(&said.place));
    }
}

/// The text that answers a finding: of the override that applies, of the
/// element's `responses`, or of the threat itself.
pub fn response<'a>(element: &'a Element, finding: &Finding) -> Option<&'a Said> {
    let overridden = finding
        .overridden
        .and_then(|at| element.overrides.get(at as usize));
    let own = element
        .responses
        .iter()
        .find(|r| finding.rule.answers_to(&r.rule.text));
    let threat = finding
        .threat
        .and_then(|at| element.threats.get(at as usize));
    overridden
        .and_then(|o| o.response.as_ref())
        .or_else(|| own.map(|r| &r.text))
        .or_else(|| threat.and_then(|t| t.response.as_ref()))
}

/// The status that a response means: one of five words at its start, then the
/// end, `:`, `,`, `by`, `since` or `because` (SEMANTICS §4).
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
