//! Layer `triage`: what became of each finding. Every file here only sets a
//! status, and only on findings that nothing before it claimed (docs/semantics.md §4):
//! out of scope, assumptions, responses, inline comments and configuration, base.

pub mod baseline;
pub mod claims;
pub mod exclusions;
pub mod pairs;
mod renames;
pub mod responses;
pub mod revision;
mod sketch;
pub mod terms;
mod unused;
pub mod weakening;
pub mod writing;

use std::sync::Arc;

use crate::config::Config;
use crate::day::Day;
use crate::finding::{By, Finding, Reason, Status};
use crate::model::Model;
use crate::notice::{Notice, code};
use crate::pipeline::{Judged, JudgedModel};
use crate::source::{Place, RepoPath};

use claims::Claims;
use exclusions::Exclusions;
use unused::Usage;

/// What findings are settled by, beside the models themselves.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// Exclusions and policy.
    pub config: &'a Config,
    /// `--exclude`.
    pub exclude: &'a [String],
    /// The PATHs of the command line; none for the whole repository.
    pub paths: &'a [RepoPath],
    /// The day that last days are compared with.
    pub today: Day,
}

/// Sets statuses in the order of docs/semantics.md §4, all but those of the baseline and
/// the base revision, and reports every exclusion and answer that matches
/// nothing, has expired, or is forbidden.
pub fn settle_all(judged: &mut Judged, given: &Given<'_>) {
    let mut findings = std::mem::take(&mut judged.findings);
    let mut notices = Vec::new();
    let mut exclusions = Exclusions::new(given.config, given.today);
    let mut usage = Usage::default();
    let mut rest = findings.as_mut_slice();
    for (number, subject) in judged.models.iter().enumerate() {
        // Findings come by model.
        let count = rest
            .iter()
            .take_while(|f| f.model as usize == number)
            .count();
        let (own, others) = std::mem::take(&mut rest).split_at_mut(count);
        rest = others;
        if subject.is_around {
            continue;
        }
        settle_model(
            subject,
            own,
            given,
            &mut exclusions,
            &mut usage,
            &mut notices,
        );
    }
    notices.extend(usage.notices(judged, given, &exclusions));
    let models = judged.asked().map(|subject| &subject.model);
    notices.extend(models.flat_map(weakening::proofs::unused));
    judged.findings = findings;
    judged.notices.extend(notices);
    judged
        .notices
        .sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    judged.notices.dedup();
}

/// Settles the findings of one model.
fn settle_model<'a>(
    subject: &'a JudgedModel,
    findings: &mut [Finding],
    given: &Given<'_>,
    exclusions: &mut Exclusions<'_>,
    usage: &mut Usage<'a>,
    notices: &mut Vec<Notice>,
) {
    let model = &subject.model;
    let policy = &given.config.policy;
    let claims = Claims::of(model, policy, given.today);
    let mut used = vec![false; claims.all.len()];
    for finding in findings {
        let never = terms::never(policy, &finding.rule);
        responses::scope(model, finding);
        for at in claims.about(finding) {
            used[at] = true;
            let claim = &claims.all[at];
            let Some(status) = claim.status else {
                notices.push(not_understood(claim.text, claim.place, finding, model));
                continue;
            };
            if never.is_some() {
                usage.forbidden_by_never(claim.place, &finding.rule.id);
            } else if claim.objection.is_none() {
                let text = if claim.text.is_empty() {
                    "no reason given"
                } else {
                    claim.text
                };
                settle(finding, status, claim.by, text, Some(claim.place));
            }
        }
        let matching = exclusions.matching(model, finding);
        if never.is_some() {
            for at in matching {
                let place = &given.config.exclusions[at].place;
                usage.forbidden_by_never(place, &finding.rule.id);
            }
        } else {
            exclusions.exclude(&matching, finding);
            exclusions::command_line(given.exclude, finding);
        }
    }
    usage.gather(subject, claims, &used);
}

/// Gives a finding that is still new a status with its reason.
pub(crate) fn settle(
    finding: &mut Finding,
    status: Status,
    by: By,
    text: &str,
    place: Option<&Place>,
) {
    if finding.status == Status::New {
        finding.status = status;
        finding.reason = Some(Box::new(Reason {
            by,
            text: Arc::from(text),
            place: place.cloned(),
        }));
    }
}

/// The notice about an answer whose first word is none of the five.
fn not_understood(text: &str, place: &Place, finding: &Finding, model: &Model) -> Notice {
    let element = model.element(finding.element);
    let text = crate::escape::shorten(text, 60);
    let message = format!(
        "the response “{text}” does not say what became of {} on {} “{}”, so it stays open",
        finding.rule.id,
        element.class.name(),
        element.name
    );
    Notice::warning(code::RESPONSE, place.clone(), message).with_help(
        "start it with mitigated, transferred, avoided, accepted or false-positive, then `:` and the reason",
    )
}

/// Whether a rule judged the model that has this id or had it.
pub(crate) fn ran(subject: &JudgedModel, id: &str) -> bool {
    id.starts_with("DECLARED/") || subject.rules.iter().any(|rule| rule.rule.answers_to(id))
}
