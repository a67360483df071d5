//! Layer `rules`: pytm's threat files, whichever their form (docs/semantics.md §3).
//!
//! What JSON and early Python share: which fields there are, and what their
//! absence means to pytm.

use std::sync::Arc;

use super::draft::{Draft, Phrase};
use super::{Likelihood, Severity, Text};
use crate::model::vocabulary::Class;
use crate::notice::{Notice, code};
use crate::source::Place;

/// A value of a threat, as both forms have it.
#[derive(Clone, Debug)]
pub(super) enum Field {
    /// A text.
    Text(Phrase),
    /// Several texts: the target's classes.
    Texts(Vec<Phrase>),
    /// Anything else, with what it is.
    Other(Place, String),
}

/// One threat of a pytm threat file.
#[derive(Debug)]
pub(super) struct Threat {
    pub(super) id: Phrase,
    pub(super) place: Place,
    /// By key, in the order of the file.
    pub(super) fields: Vec<(Arc<str>, Field)>,
}

impl Threat {
    /// As a draft. Complaints go to `notices`; `None` if the threat cannot be used.
    pub(super) fn draft(self, notices: &mut Vec<Notice>) -> Option<Draft> {
        let id = self.id.text.trim();
        if id.is_empty() {
            notices.push(Notice::error(
                code::RULE_FIELD,
                self.id.whole(),
                "a threat has an empty id",
            ));
            return None;
        }
        let mut draft = Draft::new(id, self.id.whole(), self.place.clone());
        let mut sound = true;
        for (key, field) in self.fields {
            sound &= set(&mut draft, &key, field, notices);
        }
        sound.then_some(draft)
    }
}

/// Sets one field; keys that pytm does not know are its users' own and left alone.
fn set(draft: &mut Draft, key: &str, field: Field, notices: &mut Vec<Notice>) -> bool {
    if key == "target" {
        return set_target(draft, field, notices);
    }
    let known = [
        "description",
        "details",
        "severity",
        "condition",
        "mitigations",
        "mitigation",
        "example",
        "references",
        "Likelihood Of Attack",
        "likelihood",
    ];
    if !known.contains(&key) {
        return true;
    }
    let phrase = match field {
        Field::Text(phrase) => phrase,
        Field::Texts(phrases) if key == "references" => {
            draft.rule.references = phrases
                .iter()
                .map(|p| Text::Shared(Arc::clone(&p.text)))
                .collect();
            return true;
        }
        Field::Texts(_) => {
            let message = format!("{key} of {} is a list, not a text", draft.rule.id);
            notices.push(Notice::error(
                code::RULE_FIELD,
                draft.id_place.clone(),
                message,
            ));
            return false;
        }
        Field::Other(place, what) => {
            let message = format!("{key} of {} is {what}, not a text", draft.rule.id);
            notices.push(Notice::error(code::RULE_FIELD, place, message));
            return false;
        }
    };
    match key {
        "condition" => draft.set_when(phrase),
        "severity" => return set_severity(draft, &phrase, notices),
        _ => set_text(draft, key, &phrase),
    }
    true
}

fn set_text(draft: &mut Draft, key: &str, phrase: &Phrase) {
    let rule = &mut draft.rule;
    let text = Text::Shared(Arc::clone(&phrase.text));
    match key {
        "description" => rule.title = text,
        "details" => rule.description = text,
        "mitigations" | "mitigation" => rule.mitigation = text,
        "example" => rule.example = text,
        "references" => {
            rule.references = references(&text).into_iter().map(Text::from).collect();
        }
        _ => rule.likelihood = Likelihood::parse(&text),
    }
}

/// What a reference text names: pytm writes one text with several in it. Links and
/// numbers of catalogues stand alone; a part that holds none is kept as it is said.
fn references(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for part in text.split([',', ';', '\n']) {
        let before = found.len();
        let words = part
            .split_whitespace()
            .map(|word| word.trim_matches(['.', '(', ')']));
        found.extend(words.filter(|word| is_reference(word)));
        let said = part.trim();
        if found.len() == before && !said.is_empty() {
            found.push(said);
        }
    }
    found
}

fn is_reference(word: &str) -> bool {
    let numbered = |prefix: &str| {
        word.strip_prefix(prefix).is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        })
    };
    let link = word.starts_with("https://") || word.starts_with("http://");
    link || ["CWE-", "CAPEC-", "CVE-"].into_iter().any(numbered)
}

/// An empty severity is a missing one; a word that is none of pytm's counts as
/// medium too, but is said.
fn set_severity(draft: &mut Draft, phrase: &Phrase, notices: &mut Vec<Notice>) -> bool {
    if let Some(severity) = Severity::parse(&phrase.text) {
        draft.rule.severity = severity;
    } else if !phrase.text.trim().is_empty() {
        let message = format!(
            "{} has the severity `{}`, which is none that pytm knows; medium is taken",
            draft.rule.id, phrase.text
        );
        notices.push(
            Notice::warning(code::RULE_FIELD, phrase.whole(), message)
                .with_help("write Very High, High, Medium, Low or Very Low"),
        );
    }
    true
}

/// An unknown class is a warning: in pytm it is never met (docs/semantics.md §3). A
/// target without classes judges everything, as in pytm.
fn set_target(draft: &mut Draft, field: Field, notices: &mut Vec<Notice>) -> bool {
    let phrases = match field {
        Field::Text(phrase) => vec![phrase],
        Field::Texts(phrases) => phrases,
        Field::Other(place, what) => {
            let message = format!(
                "target of {} is {what}, not a class or a list of classes",
                draft.rule.id
            );
            notices.push(Notice::error(code::RULE_FIELD, place, message));
            return false;
        }
    };
    if phrases.is_empty() {
        return true;
    }
    draft.rule.target.clear();
    for phrase in phrases {
        if let Some(class) = Class::named(&phrase.text) {
            draft.rule.target.push(class);
            continue;
        }
        let message = format!(
            "{} judges `{}`, which is no class: it never holds there",
            draft.rule.id, phrase.text
        );
        let mut notice = Notice::warning(code::RULE_TARGET, phrase.whole(), message);
        notice.help = super::fields::nearest_class(&phrase.text)
            .map(|name| format!("did you mean `{name}`?"));
        notices.push(notice);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn every_reference_of_a_threat_file_is_kept() {
        for (text, expected) in [
            ("", vec![]),
            (
                "https://a.test/1.html, CVE-1999-0906, http://b.test/2.",
                vec!["https://a.test/1.html", "CVE-1999-0906", "http://b.test/2"],
            ),
            (
                "see CWE-79 (and CAPEC-10); Our handbook, page 4",
                vec!["CWE-79", "CAPEC-10", "Our handbook", "page 4"],
            ),
            (
                "https://a.test https://b.test ,, ",
                vec!["https://a.test", "https://b.test"],
            ),
        ] {
            assert_eq!(references(text), expected, "{text}");
        }
    }
}
