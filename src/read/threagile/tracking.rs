//! Layer `read`: the risks that a Threagile model states itself, and how risks are tracked.

use std::sync::Arc;

use super::{Translation, words};
use crate::notice::{code, did_you_mean};
use crate::read::translate::{Fields, Section, Threat, answer, text};
use crate::syntax::tree::{Key, Node};

impl Translation<'_> {
    /// Categories of the model's own, with the risks that people identified: a map by title,
    /// or a list.
    pub(super) fn categories(&mut self, categories: &Node) {
        let listed = categories.as_list().unwrap_or_default().iter();
        let mapped = categories.as_map().unwrap_or_default().iter();
        let all: Vec<&Node> = listed.chain(mapped.map(|(_, item)| item)).collect();
        for category in all {
            let Some(risks) = category.get("risks_identified") else {
                continue;
            };
            for (title, risk) in self.draft.expect.map("risks_identified", risks) {
                self.risk(title, risk);
            }
        }
    }

    fn risk(&mut self, title: &Key, item: &Node) {
        let fields = Fields::of(item, &title.text, &mut self.draft.expect);
        fields.leave(&[
            "exploitation_likelihood",
            "exploitation_impact",
            "data_breach_probability",
            "data_breach_technical_assets",
            "most_relevant_data_asset",
            "most_relevant_shared_runtime",
        ]);
        let severity = fields.text("severity").and_then(|said| {
            let found = words::SEVERITIES
                .iter()
                .find(|(known, _)| said.as_text().is_some_and(|s| &**s == *known));
            if found.is_none() {
                let known = words::SEVERITIES.iter().map(|(known, _)| *known);
                let message = format!("`severity` cannot be {}", said.described());
                let help = Some(format!(
                    "known here: {}",
                    known.collect::<Vec<_>>().join(", ")
                ));
                self.draft
                    .expect
                    .error(code::WRONG_TYPE, said.span, message, help);
            }
            found.map(|(_, severity)| (*severity, said.span))
        });
        let threat = Threat {
            span: title.span,
            title: text(without_markup(&title.text), title.span),
            severity,
            response: None,
        };
        let mut placed = false;
        for (name, section, thing) in [
            (
                "most_relevant_technical_asset",
                Section::Elements,
                "technical asset",
            ),
            (
                "most_relevant_communication_link",
                Section::Flows,
                "communication link",
            ),
            (
                "most_relevant_trust_boundary",
                Section::Boundaries,
                "trust boundary",
            ),
        ] {
            let Some(said) = fields.text(name) else {
                continue;
            };
            let id = said.as_text().map_or("", |id| id);
            if !self.draft.has(section, id) {
                self.draft.missing(thing, section, id, said.span);
            } else if !placed && let Some(part) = self.draft.part(section, id) {
                part.threat(&threat);
                placed = true;
            }
        }
        if !placed {
            self.draft.untold("risks_identified of no element");
        }
        self.draft.rest("risks_identified", &fields);
    }

    /// One tracked risk, `category@element@…`: a threat of the first element that it names.
    pub(super) fn tracked(&mut self, id: &Key, item: &Node) {
        let fields = Fields::of(item, &id.text, &mut self.draft.expect);
        let Some((_, state)) = fields.entry("status") else {
            let of = format!("`{}`", id.text);
            self.draft.expect.missing_key("status", &of, id.span);
            return;
        };
        let said = state.as_text().map_or("", |said| said);
        let Some((_, word)) = words::STATES.iter().find(|(known, _)| *known == said) else {
            let known = words::STATES.iter().map(|(known, _)| *known);
            let help = did_you_mean(said, known);
            let message = format!("`status` cannot be {}", state.described());
            let expect = &mut self.draft.expect;
            expect.error(code::WRONG_TYPE, state.span, message, help);
            return;
        };
        let mut parts = id.text.split('@');
        let category = parts.next().unwrap_or("");
        let named = parts.find_map(|part| self.named(part));
        let Some((section, element)) = named else {
            self.draft.untold("risk_tracking of no single element");
            return;
        };
        let why = why(&fields);
        let response = word.map(|word| answer(word, Some(&why), state.span));
        let threat = Threat {
            span: id.span,
            title: text(title(category), id.span),
            severity: None,
            response,
        };
        if let Some(part) = self.draft.part(section, &element) {
            part.threat(&threat);
        }
    }

    /// The element that a part of a risk's id names.
    fn named(&self, part: &str) -> Option<(Section, Arc<str>)> {
        let sections = [Section::Elements, Section::Flows, Section::Boundaries];
        let section = sections
            .into_iter()
            .find(|section| self.draft.has(*section, part))?;
        Some((section, part.into()))
    }
}

/// Why a risk has its state, with ticket, day and person.
fn why(fields: &Fields<'_>) -> String {
    let said = |name: &str| fields.text(name).and_then(|said| said.as_text()).cloned();
    let why = said("justification").map_or_else(String::new, |why| why.trim().to_owned());
    let details = [said("ticket"), said("date"), said("checked_by")];
    let details: Vec<_> = details.iter().flatten().map(|said| &**said).collect();
    match (why.is_empty(), details.is_empty()) {
        (_, true) => why,
        (true, false) => details.join(", "),
        (false, false) => format!("{why} ({})", details.join(", ")),
    }
}

/// The category of a risk as a title: `missing-hardening` as “Missing hardening”.
fn title(category: &str) -> String {
    let words = category.replace('-', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// A title without the tags that Threagile's reports show in bold.
fn without_markup(title: &str) -> String {
    ["<b>", "</b>", "<i>", "</i>", "<u>", "</u>"]
        .iter()
        .fold(title.to_owned(), |title, tag| title.replace(tag, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_becomes_a_title() {
        assert_eq!(title("missing-hardening"), "Missing hardening");
        assert_eq!(without_markup("<b>A</b> at <b>B</b>"), "A at B");
    }
}
