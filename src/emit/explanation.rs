//! `tmrs explain`: a rule over an element, for people at a terminal and as JSON.

use std::fmt::Write as _;

use super::json::indented;
use super::wrap::wrapped;
use super::{EmitError, words};
use crate::escape::{shorten, terminal, unobeyed};
use crate::report::{Because, Deciding, Evidence, Explanation, FindingInfo, PartInfo, RuleInfo};

/// So many facts of one part are shown.
const MOST_FACTS: usize = 8;
/// Deeper parts are not taken apart on a terminal.
const DEEPEST: usize = 8;

/// How a fact begins that was not said anywhere.
const NOBODY: &str = "nobody said ";

/// For people at a terminal.
pub fn human(all: &[Explanation], width: usize) -> String {
    let width = width.clamp(60, 140);
    let mut text = String::new();
    for (at, explanation) in all.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        one(explanation, width, &mut text);
    }
    unobeyed(&text).into_owned()
}

/// As JSON.
///
/// # Errors
/// When a value cannot be written as JSON.
pub fn as_json(all: &[Explanation]) -> Result<String, EmitError> {
    indented(&all).map_err(|error| EmitError::Format {
        format: "json",
        reason: error.to_string(),
    })
}

fn one(explanation: &Explanation, width: usize, text: &mut String) {
    let rule = explanation.rule.as_ref();
    let at = &explanation.location;
    let about = match &explanation.finding {
        Some(finding) => words::element(finding),
        None => words::named(&explanation.element.class, &explanation.element.name),
    };
    if let Some(rule) = rule {
        let _ = writeln!(
            text,
            "{} {} ({})",
            terminal(&rule.id),
            terminal(&rule.title),
            rule.severity
        );
    }
    let _ = writeln!(
        text,
        "{}:{}:{} {}\n",
        terminal(&at.path),
        at.line,
        at.column,
        terminal(&about)
    );
    let head = if explanation.holds {
        "Found because"
    } else {
        "Not found because"
    };
    let why = match explanation.why.strip_prefix("Nobody ") {
        Some(rest) => format!("nobody {rest}"),
        None => explanation.why.clone(),
    };
    paragraph(&format!("{head} {why}"), width, "", text);
    if let Some(rule) = rule.filter(|rule| !rule.description.is_empty()) {
        heading("What can happen", text);
        paragraph(rule.description.trim(), width, "  ", text);
    }
    if let Some(condition) = &explanation.condition {
        heading("The condition, part by part", text);
        part(condition, 1, width, text);
    }
    if let Some(finding) = &explanation.finding {
        risk(finding, width, text);
        settle(finding, rule, width, text);
    }
    if !explanation.ways.is_empty() {
        heading("Other ways", text);
        for way in &explanation.ways {
            let _ = writeln!(text, "  {:<8} {}", terminal(&way.way), terminal(&way.how));
        }
    }
}

/// A part with what it rests on, and its parts below it.
fn part(part: &PartInfo, depth: usize, width: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let (mark, unsaid) = match (&*part.outcome, part.said) {
        ("holds", true) => ("✓", ""),
        ("holds", false) => ("?", ", as nobody said otherwise"),
        ("does not hold", true) => ("✗", ""),
        ("does not hold", false) => ("✗", ", as nobody said otherwise"),
        _ => ("!", ""),
    };
    let fault = part.fault.as_ref().map(|fault| format!(": {fault}"));
    let fault = fault.unwrap_or_default();
    let joint = match &*part.joint {
        "all" => "all of these",
        "any" => "one of these",
        "not" => "not",
        _ => &part.text,
    };
    let joint = shorten(joint, words::LONGEST_TEXT);
    let said = format!("{mark} {joint}: {}{unsaid}{fault}", part.outcome);
    paragraph(&said, width, &indent, text);
    for fact in part.facts.iter().take(MOST_FACTS) {
        paragraph(&fact_words(fact), width, &format!("{indent}    "), text);
    }
    if part.facts.len() > MOST_FACTS {
        let more = part.facts.len() - MOST_FACTS;
        let _ = writeln!(
            text,
            "{indent}    … and {more} more (--format json lists all)"
        );
    }
    if depth < DEEPEST {
        for inner in &part.parts {
            self::part(inner, depth + 1, width, text);
        }
    }
}

/// What a fact says, and where.
fn fact_words(fact: &Because) -> String {
    match &fact.location {
        Some(at) if !fact.words.starts_with(NOBODY) => {
            format!("{}, {}:{}", words::fact(fact), at.path, at.line)
        }
        _ => words::fact(fact),
    }
}

fn risk(finding: &FindingInfo, width: usize, text: &mut String) {
    heading("Risk", text);
    let evidence = match finding.evidence {
        Evidence::Declared => "the model declares it",
        Evidence::Assumed => "it rests on what nobody said",
    };
    let said = format!(
        "{}: {}; {evidence}. The rule's severity is {}.",
        finding.risk, finding.risk_reason, finding.severity
    );
    paragraph(&said, width, "  ", text);
    let mut known = format!("Status: {}", words::status(finding.status));
    if let Some(reason) = words::reason(finding) {
        let _ = write!(known, ", {reason}");
    }
    if finding.failing {
        known.push_str("; it fails the gate");
    }
    paragraph(&words::sentence(&known), width, "  ", text);
    let _ = writeln!(text, "  Fingerprint: {}", terminal(&finding.fingerprint));
}

/// What would settle it, with the lines to write.
fn settle(finding: &FindingInfo, rule: Option<&RuleInfo>, width: usize, text: &mut String) {
    heading("What settles it", text);
    for (at, set) in finding.deciding.iter().enumerate() {
        let head = match (at, finding.evidence) {
            (0, Evidence::Assumed) => "If that is so, write",
            (0, Evidence::Declared) => "Once that is so, write",
            _ => "or",
        };
        let _ = writeln!(text, "  {head}:");
        for answer in set {
            let _ = writeln!(text, "      {}", terminal(&line(answer)));
        }
    }
    if let Some(rule) = rule.filter(|rule| !rule.mitigation.is_empty()) {
        paragraph(rule.mitigation.trim(), width, "  ", text);
    }
}

/// The line to write, or what the model should say where no line can say it.
fn line(answer: &Deciding) -> String {
    match &answer.line {
        Some(line) => shorten(line, words::LONGEST_TEXT).into_owned(),
        None => format!(
            "{} = {}, where “{}” is made",
            answer.attribute,
            words::value(&answer.value),
            shorten(&answer.element, words::LONGEST_NAME)
        ),
    }
}

fn heading(title: &str, text: &mut String) {
    let _ = writeln!(text, "\n{title}");
}

/// Wrapped, every line indented.
fn paragraph(said: &str, width: usize, indent: &str, text: &mut String) {
    let room = width.saturating_sub(indent.len()).max(20);
    let said = wrapped(&terminal(said), room);
    let _ = writeln!(
        text,
        "{indent}{}",
        said.replace('\n', &format!("\n{indent}"))
    );
}
