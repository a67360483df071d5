//! What one model says about its findings: assumptions, responses, inline
//! exclusions, each as a claim with its standing under policy.

use std::collections::BTreeMap;

use super::responses::understood;
use super::terms::{Expiry, Objection, Terms};
use crate::config::Policy;
use crate::day::Day;
use crate::finding::{By, Finding, Status};
use crate::model::{Assumption, Element, ElementId, Model, Said};
use crate::source::Place;

/// One statement that a finding does not count, or is answered.
#[derive(Debug)]
pub struct Claim<'a> {
    /// Its channel.
    pub by: By,
    /// The element beside which it stands; `None` for the whole model.
    pub element: Option<ElementId>,
    /// What it speaks of.
    pub about: About<'a>,
    /// What it says.
    pub text: &'a str,
    /// The whole of it.
    pub place: &'a Place,
    /// The last day on which it counts, if it names one.
    pub until: Option<Day>,
    /// The status that it gives; `None` for a response that says nothing known.
    pub status: Option<Status>,
    /// Why it counts for nothing, if so.
    pub objection: Option<Objection>,
}

/// The findings that a claim speaks of, on its element or in its model.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// Those of a rule.
    Rule(&'a Said),
    /// That of the override of this position.
    Override(u32, &'a Said),
    /// That of the threat in words of this position.
    Threat(u32),
}

impl About<'_> {
    /// Whether it speaks of that finding.
    pub fn covers(self, finding: &Finding) -> bool {
        match self {
            Self::Rule(said) => finding.rule.answers_to(&said.text),
            Self::Override(at, _) => finding.overridden == Some(at),
            Self::Threat(at) => finding.threat == Some(at),
        }
    }
}

/// Everything that a model claims.
#[derive(Debug, Default)]
pub struct Claims<'a> {
    /// In the order in which channels are asked (docs/semantics.md §4).
    pub all: Vec<Claim<'a>>,
    by_element: BTreeMap<ElementId, Vec<usize>>,
    of_model: Vec<usize>,
}

impl<'a> Claims<'a> {
    /// Gathers what a model claims, as it stands on that day under that policy.
    pub fn of(model: &'a Model, policy: &Policy, today: Day) -> Self {
        let mut claims = Self::default();
        let judge = |terms: &Terms| terms.judge(policy, today).err();
        for id in model.ids() {
            let element = model.element(id);
            for assumption in &element.assumptions {
                claims.assume(Some(id), assumption, &judge);
            }
        }
        for assumption in &model.assumptions {
            claims.assume(None, assumption, &judge);
        }
        for id in model.ids() {
            claims.answer(id, model.element(id), policy, &judge);
        }
        let inline = policy.inline.as_ref().is_none_or(|inline| inline.value);
        for id in model.ids() {
            for exclusion in &model.element(id).exclusions {
                let terms = Terms::of(&exclusion.reason);
                let objection = if inline {
                    judge(&terms)
                } else {
                    let forbidden = "policy forbids exclusions beside the element";
                    Some(Objection::Forbidden(forbidden.into()))
                };
                for rule in &exclusion.rules {
                    claims.add(
                        Some(id),
                        Claim {
                            by: By::Inline,
                            element: Some(id),
                            about: About::Rule(rule),
                            text: &exclusion.reason,
                            place: &exclusion.place,
                            until: terms.until(),
                            status: Some(Status::Excluded),
                            objection: objection.clone(),
                        },
                    );
                }
            }
        }
        claims
    }

    fn add(&mut self, element: Option<ElementId>, claim: Claim<'a>) {
        let at = self.all.len();
        self.all.push(claim);
        match element {
            Some(id) => self.by_element.entry(id).or_default().push(at),
            None => self.of_model.push(at),
        }
    }

    fn assume(
        &mut self,
        element: Option<ElementId>,
        assumption: &'a Assumption,
        judge: &impl Fn(&Terms) -> Option<Objection>,
    ) {
        let mut terms = Terms::of(&assumption.description);
        let named = Terms::of(&assumption.name.text);
        terms.reason |= named.reason;
        terms.owner |= named.owner;
        terms.ticket |= named.ticket;
        terms.expires = terms.expires.or(named.expires);
        let objection = judge(&terms);
        for rule in &assumption.exclude {
            self.add(
                element,
                Claim {
                    by: By::Assumption,
                    element,
                    about: About::Rule(rule),
                    text: &assumption.name.text,
                    place: &rule.place,
                    until: terms.until(),
                    status: Some(Status::Excluded),
                    objection: objection.clone(),
                },
            );
        }
    }

    /// Responses: of an override, of `responses`, of a threat in words.
    fn answer(
        &mut self,
        id: ElementId,
        element: &'a Element,
        policy: &Policy,
        judge: &impl Fn(&Terms) -> Option<Objection>,
    ) {
        let allowed = policy
            .responses
            .as_ref()
            .is_none_or(|allowed| allowed.value);
        let mut add = |about: About<'a>, said: &'a Said, expires: Option<&'a Said>| {
            let mut terms = Terms::of(reason_of(&said.text));
            if let Some(expires) = expires {
                terms.expires = Some(Expiry::of(&expires.text));
            }
            let objection = if allowed {
                judge(&terms)
            } else {
                let forbidden = "policy forbids answers in models";
                Some(Objection::Forbidden(forbidden.into()))
            };
            self.add(
                Some(id),
                Claim {
                    by: By::Response,
                    element: Some(id),
                    about,
                    text: &said.text,
                    place: &said.place,
                    until: terms.until(),
                    status: understood(&said.text),
                    objection,
                },
            );
        };
        for (at, overriding) in element.overrides.iter().enumerate() {
            if let Some(said) = &overriding.response {
                add(About::Override(at as u32, &overriding.rule), said, None);
            }
        }
        for response in &element.responses {
            add(
                About::Rule(&response.rule),
                &response.text,
                response.expires.as_ref(),
            );
        }
        for (at, threat) in element.threats.iter().enumerate() {
            if let Some(said) = &threat.response {
                add(About::Threat(at as u32), said, None);
            }
        }
    }

    /// The claims about a finding, by position, in the order in which they are asked.
    pub fn about(&self, finding: &Finding) -> impl Iterator<Item = usize> + use<'_, 'a> {
        let own = self
            .by_element
            .get(&finding.element)
            .map_or(&[][..], Vec::as_slice);
        let mut found: Vec<usize> = own
            .iter()
            .chain(&self.of_model)
            .copied()
            .filter(|at| self.all[*at].about.covers(finding))
            .collect();
        found.sort_unstable();
        found.into_iter()
    }
}

/// What a response says beside its word: “accepted: until Q3” gives a reason,
/// “accepted” gives none.
fn reason_of(text: &str) -> &str {
    if understood(text).is_none() {
        return text;
    }
    let start = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    let word = &text[start..];
    let positive = word
        .get(..5)
        .is_some_and(|w| w.eq_ignore_ascii_case("false"));
    let skip = if positive { "false-positive".len() } else { 0 };
    let rest = word.get(skip..).unwrap_or("");
    match rest.find(|c: char| !c.is_alphabetic()) {
        Some(at) if !positive => &rest[at..],
        None if !positive => "",
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_word_gives_no_reason() {
        let cases = [
            ("accepted", false),
            ("**Mitigated**", false),
            ("false-positive:", false),
            ("False positive", false),
            ("accepted: until Q3", true),
            ("false positive because it is static", true),
            ("mitigated by WAF", true),
        ];
        for (text, reason) in cases {
            assert_eq!(Terms::of(reason_of(text)).reason, reason, "{text}");
        }
    }
}
