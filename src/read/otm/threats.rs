//! Layer `read`: threats and mitigations of an Open Threat Model, and their states.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Translation, words};
use crate::notice::{Severity, code, did_you_mean};
use crate::read::translate::{Fields, Part, THREAT_WITHOUT_TITLE, Threat, answer, percent, text};
use crate::source::Span;
use crate::syntax::tree::Node;

/// What the model defines once and components name.
#[derive(Default)]
pub(super) struct Catalogue {
    threats: BTreeMap<Arc<str>, Known>,
    mitigations: BTreeMap<Arc<str>, Arc<str>>,
}

struct Known {
    title: Node,
    severity: Option<(&'static str, Span)>,
    used: bool,
}

impl Translation<'_> {
    /// Reads the threats and mitigations that components name.
    pub(super) fn catalogue(&mut self, fields: &Fields<'_>) {
        for item in fields.list("threats", &mut self.draft.expect) {
            let threat = Fields::of(item, "threat", &mut self.draft.expect);
            threat.leave(&["description", "categories", "cwes", "tags"]);
            let Some(id) = self.id("threat", &threat) else {
                continue;
            };
            let title = threat.text("name").cloned();
            let known = Known {
                title: title.unwrap_or_else(|| text(THREAT_WITHOUT_TITLE, id.span)),
                severity: threat
                    .entry("risk")
                    .and_then(|(_, risk)| self.severity(risk)),
                used: false,
            };
            self.tell_attributes("threats", &threat);
            self.draft.rest("threats", &threat);
            let Some(name) = id.as_text() else { continue };
            if self
                .threats
                .threats
                .insert(Arc::clone(name), known)
                .is_some()
            {
                self.twice("threat", id);
            }
        }
        for item in fields.list("mitigations", &mut self.draft.expect) {
            let mitigation = Fields::of(item, "mitigation", &mut self.draft.expect);
            mitigation.leave(&["description", "riskReduction"]);
            let Some(id) = self.id("mitigation", &mitigation) else {
                continue;
            };
            let name = mitigation.text("name").and_then(|name| name.as_text());
            self.tell_attributes("mitigations", &mitigation);
            self.draft.rest("mitigations", &mitigation);
            let Some(known) = id.as_text() else { continue };
            let name = name.unwrap_or(known);
            let known = Arc::clone(known);
            if self
                .threats
                .mitigations
                .insert(known, Arc::clone(name))
                .is_some()
            {
                self.twice("mitigation", id);
            }
        }
    }

    fn twice(&mut self, thing: &str, id: &Node) {
        let message = format!("the id of this {thing} stands twice");
        let help = Some("give one of the two another id".into());
        let expect = &mut self.draft.expect;
        expect.error(code::DUPLICATE_KEY, id.span, message, help);
    }

    /// The threats of one component or flow.
    pub(super) fn threats_of(&mut self, part: &mut Part, fields: &Fields<'_>) {
        for item in fields.list("threats", &mut self.draft.expect) {
            let one = Fields::of(item, "threat", &mut self.draft.expect);
            let Some((_, named)) = one.entry("threat") else {
                let expect = &mut self.draft.expect;
                expect.missing_key("threat", "this threat", item.span);
                continue;
            };
            let Some(id) = self.draft.expect.filled_text("threat", named) else {
                continue;
            };
            let state = one.text("state").and_then(|state| state.as_text()).cloned();
            let done = self.implemented(&one);
            self.draft.rest("threats", &one);
            let Some(known) = self.threats.threats.get_mut(id) else {
                let ids = self.threats.threats.keys().map(|id| &**id);
                let help = did_you_mean(id, ids);
                let message = format!("there is no threat `{id}`");
                let expect = &mut self.draft.expect;
                expect.error(code::UNKNOWN_REFERENCE, named.span, message, help);
                continue;
            };
            known.used = true;
            let state = state.as_deref().unwrap_or("");
            let word = words::STATES
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(state.trim()));
            let why = (!done.is_empty()).then(|| done.join("; "));
            part.threat(&Threat {
                span: item.span,
                title: known.title.clone(),
                severity: known.severity,
                response: word.map(|(_, word)| {
                    let at = one
                        .node()
                        .get("state")
                        .map_or(item.span, |state| state.span);
                    answer(word, why.as_deref(), at)
                }),
            });
        }
    }

    /// How bad a threat is: impact by likelihood, each from 0 to 100.
    fn severity(&mut self, risk: &Node) -> Option<(&'static str, Span)> {
        let expect = &mut self.draft.expect;
        let likelihood = percent(risk, "likelihood", expect);
        let (_, _, impact) = percent(risk, "impact", expect)?;
        let score = likelihood.map_or(impact, |(_, _, likelihood)| impact * likelihood / 100.0);
        let severity = match score {
            score if score >= 75.0 => "critical",
            score if score >= 45.0 => "high",
            score if score >= 15.0 => "medium",
            _ => "low",
        };
        Some((severity, risk.span))
    }

    /// The names of the mitigations that are in place.
    fn implemented(&mut self, threat: &Fields<'_>) -> Vec<Arc<str>> {
        let mut done = Vec::new();
        for item in threat.list("mitigations", &mut self.draft.expect) {
            let Some(named) = item.get("mitigation").and_then(Node::as_text) else {
                continue;
            };
            let Some(name) = self.threats.mitigations.get(named) else {
                let ids = self.threats.mitigations.keys().map(|id| &**id);
                let help = did_you_mean(named, ids);
                let message = format!("there is no mitigation `{named}`");
                let expect = &mut self.draft.expect;
                expect.say(
                    code::UNKNOWN_REFERENCE,
                    Severity::Error,
                    item.span,
                    message,
                    help,
                );
                continue;
            };
            let state = item.get("state").and_then(Node::as_text);
            if state.is_some_and(|state| state.eq_ignore_ascii_case("implemented")) {
                done.push(Arc::clone(name));
            }
        }
        done
    }
}
