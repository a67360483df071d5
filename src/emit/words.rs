//! What several formats say in the same words. Plain text: who writes it escapes it.

use std::fmt::Write as _;

use serde_json::Value;

use crate::escape::shorten;
use crate::report::{Because, Block, Evidence, FindingInfo, Report, RuleInfo, Status};

/// Names longer than this are cut in messages; the JSON report has them whole.
pub(super) const LONGEST_NAME: usize = 120;
/// Free texts longer than this are cut in messages.
pub(super) const LONGEST_TEXT: usize = 1000;

/// `1 finding`, `2 findings`.
pub(super) fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        format!("1 {word}")
    } else {
        format!("{count} {word}s")
    }
}

/// `Server “web”`.
pub(super) fn named(class: &str, name: &str) -> String {
    format!("{class} “{}”", shorten(name, LONGEST_NAME))
}

/// `Server “web”`, or a flow with its ends.
pub(super) fn element(finding: &FindingInfo) -> String {
    let mut text = named(&finding.element.class, &finding.element.name);
    if let (Some(source), Some(sink)) = (&finding.source, &finding.sink) {
        let _ = write!(
            text,
            " ({} → {})",
            shorten(source, LONGEST_NAME),
            shorten(sink, LONGEST_NAME)
        );
    }
    text
}

/// A value as a person writes it.
pub(super) fn value(value: &Value) -> String {
    let text = match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        Value::Null => "None".into(),
        other => other.to_string(),
    };
    shorten(&text, LONGEST_NAME).into_owned()
}

/// `controls.isEncrypted is false`.
pub(super) fn fact(fact: &Because) -> String {
    format!("{} is {}", fact.attribute, value(&fact.value))
}

/// What a status is called when it is told to people.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Unreviewed => "unreviewed",
        Status::Baselined => "known",
        Status::Mitigated => "mitigated",
        Status::Transferred => "transferred",
        Status::Avoided => "avoided",
        Status::Accepted => "accepted",
        Status::FalsePositive => "false positive",
        Status::Excluded => "excluded",
        Status::OutOfScope => "out of scope",
    }
}

/// Why a finding has its status: the reason, the exclusion, the response.
pub(super) fn reason(finding: &FindingInfo) -> Option<String> {
    let text = finding
        .reason
        .as_deref()
        .or(finding.exclusion.as_ref().map(|e| e.reason.as_str()))
        .or(finding.response.as_deref())?;
    Some(shorten(text, LONGEST_TEXT).into_owned())
}

/// What holds where and why, in a sentence: the report's message, or title and
/// element where it has none.
pub(super) fn message(finding: &FindingInfo) -> String {
    let said = finding.message.trim();
    if said.is_empty() {
        return sentence(&format!("{}: {}", finding.title, element(finding)));
    }
    sentence(&shorten(said, LONGEST_TEXT))
}

/// With a final stop.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', '…']) {
        text.into()
    } else {
        format!("{text}.")
    }
}

/// With a final stop and a capital, after another sentence.
pub(super) fn next_sentence(text: &str) -> String {
    capital(&sentence(text.trim_start()))
}

/// With a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// `Queue “jobs” is not fully described: 24 threats possible, 3 answers settle 19`.
pub(super) fn block(block: &Block<'_>) -> String {
    let Some(worst) = block.findings.first() else {
        return String::new();
    };
    let mut text = format!(
        "{} is not fully described: {} possible",
        element(worst),
        plural(block.findings.len(), "threat")
    );
    if block.settled > 0 {
        let word = if block.answers.len() == 1 {
            "answer settles"
        } else {
            "answers settle"
        };
        let _ = write!(text, ", {} {word} {}", block.answers.len(), block.settled);
    }
    text
}

/// The questions whose answers settle the most of a block.
pub(super) fn questions(block: &Block<'_>) -> Vec<String> {
    let own = block.findings.first().map(|f| &*f.element.name);
    block
        .answers
        .iter()
        .map(|answer| {
            let owner = if own == Some(answer.element.as_str()) {
                String::new()
            } else {
                format!(" of “{}”", shorten(&answer.element, LONGEST_NAME))
            };
            let value = shorten(&answer.value, LONGEST_NAME);
            format!("is {}{owner} {value}?", answer.attribute)
        })
        .collect()
}

/// Whether the gate holds, in one sentence.
pub(super) fn verdict(report: &Report) -> String {
    let gate = &report.summary.gate;
    let evidence = match gate.evidence {
        Evidence::Assumed => "",
        Evidence::Declared => " that the model declares",
    };
    if gate.passed {
        format!(
            "Gate passed: nothing new of severity {} or higher{evidence}.",
            gate.fail_on
        )
    } else {
        format!(
            "Gate failed: {} of severity {} or higher{evidence}.",
            plural(gate.failing, "new finding"),
            gate.fail_on
        )
    }
}

/// `2 models, 40 findings: 3 new, 30 baselined`.
pub(super) fn counts(report: &Report) -> String {
    let summary = &report.summary;
    let by_status: Vec<String> = Status::ALL
        .into_iter()
        .filter_map(|status| {
            let count = summary.by_status.get(&status).copied().unwrap_or(0);
            (count > 0).then(|| format!("{count} {}", status.as_str()))
        })
        .collect();
    let mut text = format!(
        "{}, {}",
        plural(summary.models, "model"),
        plural(summary.findings, "finding")
    );
    if !by_status.is_empty() {
        let _ = write!(text, ": {}", by_status.join(", "));
    }
    text
}

/// Where a rule is documented: our reference for built-in rules, else the first
/// web address among its references.
pub(super) fn help_uri(rule: &RuleInfo) -> Option<String> {
    if rule.judges_changes() {
        let page = "docs/changes.md#what-weakens-the-check";
        return Some(format!("{}/blob/main/{page}", env!("CARGO_PKG_REPOSITORY")));
    }
    if rule.layer == "built-in" {
        let id = rule.id.to_lowercase();
        return Some(format!(
            "{}/blob/main/docs/rules.md#{}",
            env!("CARGO_PKG_REPOSITORY"),
            crate::escape::uri_path(&id)
        ));
    }
    rule.references
        .iter()
        .find_map(|text| crate::escape::url(text))
}
