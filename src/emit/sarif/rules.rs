//! Rule descriptors: everything that GitHub reads from the rule and never from the result.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor,
};

use super::taxonomies;
use super::undescribed;
use super::{pascal, plain, text};
use crate::emit::taxonomy::{self, Taxon};
use crate::emit::words;
use crate::escape::{markdown, markdown_prose, shorten, terminal, url};
use crate::report::alerts::{Alert, Undescribed};
use crate::report::{FindingInfo, Report, RuleInfo, Severity, Text};

/// GitHub shows 10 tags.
const MOST_TAGS: usize = 10;
/// GitHub's limit for descriptions.
const LONGEST: usize = 1024;

/// The descriptors and how findings find theirs.
pub(super) struct Rules {
    /// What stands in the file.
    pub(super) descriptors: Vec<ReportingDescriptor>,
    /// What each refers to, by position.
    pub(super) taxa: Vec<BTreeSet<Taxon>>,
    index: BTreeMap<String, i64>,
}

impl Rules {
    /// One descriptor a rule that was evaluated; a declared threat has one a
    /// severity, because GitHub reads the severity from the rule.
    pub(super) fn of(report: &Report, alerts: &[Alert<'_>]) -> Self {
        let mut rules = Self {
            descriptors: Vec::new(),
            taxa: Vec::new(),
            index: BTreeMap::new(),
        };
        for rule in report.rules.iter().filter(|r| r.layer != "declared") {
            rules.add(&rule.id, rule, rule.severity);
        }
        let known: BTreeMap<&str, &RuleInfo> =
            report.rules.iter().map(|rule| (&*rule.id, rule)).collect();
        for finding in &report.findings {
            let id = id(finding);
            if rules.index.contains_key(&id) {
                continue;
            }
            match known.get(&*finding.rule) {
                Some(rule) => rules.add(&id, rule, finding.severity),
                None => rules.add(&id, &stand_in(finding), finding.severity),
            }
        }
        for alert in alerts {
            let Alert::Undescribed(element) = alert else {
                continue;
            };
            let Some(severity) = undescribed::severity(element) else {
                continue;
            };
            let rule = undescribed::rule(severity);
            if !rules.index.contains_key(&*rule.id) {
                rules.add(&rule.id, &rule, severity);
            }
        }
        rules
    }

    /// The same of the rule of an undescribed element.
    pub(super) fn of_undescribed(&self, element: &Undescribed<'_>) -> Option<(String, i64)> {
        let id = undescribed::rule_id(undescribed::severity(element)?);
        let index = self.index.get(&id).copied()?;
        Some((id, index))
    }

    fn add(&mut self, id: &str, rule: &RuleInfo, severity: Severity) {
        let taxa = taxonomy::of(rule);
        let at = self.index.len();
        self.index
            .insert(id.to_owned(), i64::try_from(at).unwrap_or(i64::MAX));
        self.descriptors.push(descriptor(id, rule, severity, &taxa));
        self.taxa.push(taxa);
    }

    /// The id and position of a finding's descriptor.
    pub(super) fn of_finding(&self, finding: &FindingInfo) -> (String, i64) {
        let id = id(finding);
        let index = self.index.get(&id).copied().unwrap_or(0);
        (plain(&id), index)
    }
}

/// The id of a finding's descriptor.
fn id(finding: &FindingInfo) -> String {
    if finding.rule.starts_with("DECLARED/") {
        format!("{}/{}", finding.rule, finding.severity)
    } else {
        finding.rule.to_string()
    }
}

/// A rule for a finding whose report doesn't list one.
fn stand_in(finding: &FindingInfo) -> RuleInfo {
    RuleInfo {
        id: finding.rule.clone(),
        title: Text::from(&*finding.title),
        severity: finding.severity,
        likelihood: Text::from(&*finding.likelihood),
        description: Text::Static(""),
        mitigation: Text::Static(""),
        example: Text::Static(""),
        condition: Text::Static(""),
        references: Vec::new(),
        tags: Vec::new(),
        classes: vec![Text::from(&*finding.element.base)],
        layer: "declared".into(),
    }
}

fn descriptor(
    id: &str,
    rule: &RuleInfo,
    severity: Severity,
    taxa: &BTreeSet<Taxon>,
) -> ReportingDescriptor {
    let title = words::sentence(&plain(&rule.title));
    let about = if rule.description.trim().is_empty() {
        title.clone()
    } else {
        words::sentence(&plain(rule.description.trim()))
    };
    let mut descriptor = ReportingDescriptor::builder()
        .id(plain(id))
        .name(name(rule))
        .short_description(text(shorten(&title, LONGEST)))
        .full_description(text(shorten(&about, LONGEST)))
        .help(help(rule, &about, taxa))
        .default_configuration(
            ReportingConfiguration::builder()
                .level(level(severity))
                .rank(rank(severity))
                .build(),
        )
        .properties(properties(rule, severity, taxa))
        .build();
    descriptor.help_uri = words::help_uri(rule);
    let relationships = taxonomies::relationships(taxa);
    if !relationships.is_empty() {
        descriptor.relationships = Some(relationships);
    }
    descriptor
}

/// The title as one word, never the id itself.
fn name(rule: &RuleInfo) -> String {
    let mut name = pascal(&rule.title);
    if name.is_empty() || name.eq_ignore_ascii_case(&rule.id) {
        name.push_str("Threat");
    }
    name
}

/// What it is, what to write, how to say no, and where to read more.
fn help(rule: &RuleInfo, about: &str, taxa: &BTreeSet<Taxon>) -> MultiformatMessageString {
    let mut plain_text = about.to_owned();
    let mut rendered = markdown_prose(about);
    let mut part = |title: &str, text: &str, marked: &str| {
        plain_text.push_str(&format!("\n\n{title}: {text}"));
        rendered.push_str(&format!("\n\n**{title}.** {marked}"));
    };
    let mitigation = rule.mitigation.trim();
    if !mitigation.is_empty() {
        part(
            "What helps",
            &plain(mitigation),
            &markdown_prose(mitigation),
        );
    }
    if let Some(answer) = how_to_say_no(rule) {
        part("How to say no", &plain(&answer), &answer);
    }
    let mut references: Vec<&str> = rule.references.iter().map(|r| &**r).collect();
    let known: BTreeSet<String> = references.iter().filter_map(|r| address(r)).collect();
    let entries: Vec<(&str, String)> = taxa
        .iter()
        .filter_map(|taxon| Some((&*taxon.id, taxon.address()?)))
        .filter(|(_, address)| !known.contains(address))
        .collect();
    let linked = references.iter().map(|r| reference(r));
    let linked: Vec<String> = linked
        .chain(
            entries
                .iter()
                .map(|(id, address)| format!("[{}]({address})", markdown(id))),
        )
        .collect();
    references.extend(entries.iter().map(|(id, _)| *id));
    if !references.is_empty() {
        plain_text.push_str("\n\nReferences: ");
        plain_text.push_str(&plain(&references.join(", ")));
        rendered.push_str("\n\n**References.** ");
        rendered.push_str(&linked.join(", "));
    }
    MultiformatMessageString::builder()
        .text(plain_text)
        .markdown(rendered)
        .build()
}

/// How a person answers that a threat is not one, or is accepted, as Markdown; `None` where
/// the model cannot, or the id is none that could be written there.
fn how_to_say_no(rule: &RuleInfo) -> Option<String> {
    let id = &rule.id;
    let is_plain = id
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if rule.judges_changes() || !is_plain {
        return None;
    }
    Some(format!(
        "Answer in the model, beside the element, with a reason. In YAML: `responses: {{{id}: \"accepted: why, owner: who, expires: YYYY-MM-DD\"}}`, or `false-positive: why`. In pytm a comment: `# tmrs: exclude[{id}] why`. Dismissing the alert does not change the gate."
    ))
}

/// Where a reference is published. Techniques stand among references without their prefix.
fn address(text: &str) -> Option<String> {
    let technique = || taxonomy::address(&format!("attack:{text}"));
    taxonomy::address(text)
        .or_else(|| url(text))
        .or_else(technique)
}

/// A reference as Markdown, linked where its address is known.
fn reference(text: &str) -> String {
    match address(text) {
        Some(address) => format!("[{}]({address})", markdown(text)),
        None => markdown(text),
    }
}

fn properties(rule: &RuleInfo, severity: Severity, taxa: &BTreeSet<Taxon>) -> PropertyBag {
    let mut tags = vec!["security".to_owned()];
    tags.extend(taxa.iter().map(Taxon::tag));
    let words = rule.tags.iter().filter(|tag| !tag.contains(':'));
    tags.extend(words.map(|tag| terminal(tag).into_owned()));
    let mut seen = BTreeSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags.truncate(MOST_TAGS);
    let mut bag = super::bag([
        ("precision", json!("high")),
        ("problem.severity", json!(problem(severity))),
        ("security-severity", json!(security_severity(severity))),
        ("likelihood", json!(rule.likelihood)),
        ("classes", json!(rule.classes)),
        ("layer", json!(rule.layer)),
    ]);
    bag.tags = Some(tags);
    bag
}

/// GitHub's number, a string (OUTPUTS).
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.5",
    }
}

fn problem(severity: Severity) -> &'static str {
    match level(severity) {
        "error" => "error",
        "warning" => "warning",
        _ => "recommendation",
    }
}

/// The SARIF level of a severity.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// SARIF's rank of a severity, from 0 to 100.
pub(super) fn rank(severity: Severity) -> f64 {
    match severity {
        Severity::Critical => 95.0,
        Severity::High => 80.0,
        Severity::Medium => 55.0,
        Severity::Low => 25.0,
        Severity::Info => 5.0,
    }
}
