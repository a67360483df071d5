//! Rule descriptors: everything that GitHub reads from the rule and never from the result.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor,
};

use super::taxonomies;
use super::{pascal, plain, text};
use crate::emit::taxonomy::{self, Taxon};
use crate::emit::words;
use crate::escape::{markdown, markdown_prose, shorten, terminal, url};
use crate::report::{FindingInfo, Report, RuleInfo, Severity};

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
    pub(super) fn of(report: &Report) -> Self {
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
        rules
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
        title: finding.title.clone(),
        severity: finding.severity,
        likelihood: finding.likelihood.clone(),
        description: String::new(),
        mitigation: String::new(),
        example: String::new(),
        condition: String::new(),
        references: Vec::new(),
        tags: Vec::new(),
        classes: vec![finding.element.class.clone()],
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
        .help(help(rule, &about))
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

fn help(rule: &RuleInfo, about: &str) -> MultiformatMessageString {
    let mitigation = rule.mitigation.trim();
    let mut plain_text = about.to_owned();
    let mut rendered = markdown_prose(about);
    if !mitigation.is_empty() {
        plain_text.push_str("\n\nWhat helps: ");
        plain_text.push_str(&plain(mitigation));
        rendered.push_str("\n\n**What helps.** ");
        rendered.push_str(&markdown_prose(mitigation));
    }
    if !rule.references.is_empty() {
        plain_text.push_str("\n\nReferences: ");
        plain_text.push_str(&plain(&rule.references.join(", ")));
        let linked: Vec<String> = rule.references.iter().map(|r| reference(r)).collect();
        rendered.push_str("\n\n**References.** ");
        rendered.push_str(&linked.join(", "));
    }
    MultiformatMessageString::builder()
        .text(plain_text)
        .markdown(rendered)
        .build()
}

/// A reference as Markdown, linked where its address is known.
fn reference(text: &str) -> String {
    let known = taxonomy::address(text).or_else(|| url(text));
    match known {
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
