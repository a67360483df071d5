//! What was judged → the report: spans become lines, findings get their words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::changes;
use super::graph::graph;
use super::{
    AssumptionInfo, Because, Deciding, ElementRef, Evidence, ExclusionInfo, FindingInfo, Fixed,
    Gate, Location, ModelInfo, NoticeInfo, Related, Report, RuleInfo, Run, Severity, Status,
    Summary, Tool, VERSION,
};
use crate::condition::Fact;
use crate::finding::{By, Finding};
use crate::model::{Assumption, Element, Model, Origin, Owner, Value};
use crate::notice::Notice;
use crate::pipeline::Judged;
use crate::rules::Rule;
use crate::source::Place;

/// What the report says beside what was judged.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What was run.
    pub run: Run,
    /// The version of the built-in catalogue.
    pub catalogue: String,
    /// The least severity that fails.
    pub fail_on: Severity,
    /// The least evidence that fails.
    pub evidence: Evidence,
    /// Which findings get their facts and questions.
    pub detail: Detail,
    /// What the base or baseline had and this run has not.
    pub fixed: Vec<Fixed>,
    /// Whether finding no model is no failure.
    pub allow_no_models: bool,
    /// Whether something else than a finding fails the run (`--strict`).
    pub failed_otherwise: bool,
}

/// Which findings get their facts and questions, and whether models get their
/// graphs: explanations are computed only when some output shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// None, but the graphs: for comparisons and diagrams.
    Graphs,
    /// Only findings that are new or unreviewed.
    New,
    /// Every open finding.
    Open,
    /// Every finding, and the graphs.
    Everything,
}

impl Detail {
    fn covers(self, status: Status) -> bool {
        match self {
            Self::Graphs => false,
            Self::New => matches!(status, Status::New | Status::Unreviewed),
            Self::Open => status.is_open(),
            Self::Everything => true,
        }
    }
}

/// Makes the report of a run.
pub fn build(judged: &Judged, frame: Frame) -> Report {
    let names: Names = judged
        .models
        .iter()
        .map(|m| {
            (
                Arc::from(m.model.path().as_str()),
                Arc::clone(&m.model.name),
            )
        })
        .collect();
    let told = || -> Vec<FindingInfo> {
        in_order(&judged.findings, &names)
            .par_iter()
            .map(|finding| {
                finding_info(
                    judged,
                    finding,
                    &names[finding.model as usize],
                    frame.detail,
                )
            })
            .collect()
    };
    let (mut findings, mut rules) = rayon::join(told, || rules_of(judged));
    let (weakenings, kinds) = changes::findings(&judged.weakenings);
    for weakening in weakenings {
        let at = findings.partition_point(|f| sort_key(f) <= sort_key(&weakening));
        findings.insert(at, weakening);
    }
    rules.extend(kinds.into_iter().map(|kind| (Arc::clone(&kind.id), kind)));
    let models: Vec<ModelInfo> = judged
        .models
        .iter()
        .map(|m| model_info(&m.model, &m.passed, frame.detail))
        .collect();
    let summary = summary(&findings, models.len(), judged.incomplete, &frame);
    Report {
        report: VERSION,
        tool: Tool {
            name: "tmrs".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            catalogue: frame.catalogue,
        },
        run: frame.run,
        rules: rules.into_values().collect(),
        models,
        findings,
        fixed: frame.fixed,
        notices: judged.notices.iter().map(NoticeInfo::from).collect(),
        summary,
    }
}

/// Every rule that judged, and the threats that models state in words.
fn rules_of(judged: &Judged) -> BTreeMap<Arc<str>, RuleInfo> {
    let mut rules: BTreeMap<Arc<str>, RuleInfo> = BTreeMap::new();
    for rule in judged.models.iter().flat_map(|m| &m.rules) {
        if !rules.contains_key(&*rule.rule.id) {
            rules.insert((&*rule.rule.id).into(), rule_info(&rule.rule));
        }
    }
    for finding in judged.findings.iter().filter(|f| f.threat.is_some()) {
        let info = rules
            .entry((&*finding.rule.id).into())
            .or_insert_with(|| rule_info(&finding.rule));
        info.severity = info.severity.max(finding.severity);
    }
    rules
}

/// Findings in the order of a report, before they are put into words: what the report
/// holds of each is large.
fn in_order<'j>(findings: &'j [Finding], names: &Names) -> Vec<&'j Finding> {
    // As `sort_key`.
    fn key<'k>(f: &'k Finding, names: &'k Names) -> impl Ord + 'k {
        (
            &names[f.model as usize],
            f.element.0,
            std::cmp::Reverse(f.severity),
            &*f.rule.id,
            f.fingerprint,
        )
    }
    let mut ordered: Vec<&Finding> = findings.iter().collect();
    ordered.par_sort_by(|a, b| key(a, names).cmp(&key(b, names)));
    ordered
}

/// Paths and names of the models, by position.
type Names = Vec<(Arc<str>, Arc<str>)>;

/// The order of findings in a report.
pub(super) fn sort_key(f: &FindingInfo) -> impl Ord + '_ {
    (
        &f.model,
        &f.model_name,
        f.element_id,
        std::cmp::Reverse(f.severity),
        &f.rule,
        &f.fingerprint,
    )
}

pub(super) fn rule_info(rule: &Rule) -> RuleInfo {
    RuleInfo {
        id: (&*rule.id).into(),
        title: (&*rule.title).into(),
        severity: rule.severity,
        likelihood: rule.likelihood.as_str().into(),
        description: rule.description.to_string(),
        mitigation: rule.mitigation.to_string(),
        example: rule.example.to_string(),
        condition: rule.when.to_string(),
        references: rule.references.iter().map(ToString::to_string).collect(),
        tags: rule.tags.iter().map(ToString::to_string).collect(),
        classes: rule
            .target
            .iter()
            .map(|class| class.name().to_owned())
            .collect(),
        layer: rule.layer.as_str().into(),
    }
}

fn model_info(model: &Model, passed: &[crate::rules::Text], detail: Detail) -> ModelInfo {
    let description = model
        .slots
        .named("description")
        .and_then(|slot| slot.value.as_text());
    ModelInfo {
        path: model.path().as_str().into(),
        name: Arc::clone(&model.name),
        format: model.format.into(),
        description: description.unwrap_or("").into(),
        complete: model.complete,
        passed: passed.iter().map(|id| Arc::from(&**id)).collect(),
        attributes: super::graph::slots(model, &model.slots, ""),
        assumptions: model.assumptions.iter().map(assumption_info).collect(),
        graph: if matches!(detail, Detail::Graphs | Detail::Everything) {
            graph(model)
        } else {
            super::Graph::default()
        },
    }
}

/// An assumption, as reports write it.
pub(super) fn assumption_info(assumption: &Assumption) -> AssumptionInfo {
    AssumptionInfo {
        name: assumption.name.text.to_string(),
        description: assumption.description.to_string(),
        exclude: assumption
            .exclude
            .iter()
            .map(|id| id.text.to_string())
            .collect(),
        location: Location::from(&assumption.place),
    }
}

fn finding_info(
    judged: &Judged,
    finding: &Finding,
    (path, model_name): &(Arc<str>, Arc<str>),
    detail: Detail,
) -> FindingInfo {
    let model = judged.model_of(finding);
    let element = model.element(finding.element);
    let rule = &finding.rule;
    let overridden = finding
        .overridden
        .and_then(|at| element.overrides.get(at as usize));
    let field = |name: &str| {
        let fields = &overridden?.fields;
        fields
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|(_, said)| &said.text)
    };
    let title: Arc<str> = field("description").map_or_else(|| Arc::from(&*rule.title), Arc::clone);
    let condition = judged.rule_of(finding).and_then(|r| r.condition.as_ref());
    let is_shown = detail.covers(finding.status);
    // What no output tells of need not be put into words.
    let is_told = is_shown || finding.status != Status::Baselined;
    let explained = condition.filter(|_| is_shown);
    let facts = explained
        .map(|c| c.facts(model, finding.element))
        .unwrap_or_default();
    let deciding = explained
        .filter(|_| finding.evidence == crate::condition::Evidence::Assumed)
        .map(|c| c.deciding(model, finding.element))
        .unwrap_or_default();
    let place = deciding_place(finding, element, &facts);
    let end = |attribute: &str| {
        let id = model.linked(finding.element, attribute)?;
        (element.class == crate::model::vocabulary::Class::Dataflow).then_some(id)
    };
    let end_name = |attribute: &str| end(attribute).map(|id| Arc::clone(&model.element(id).name));
    let own = element.responses.iter().find(|r| *r.rule.text == *rule.id);
    let threat = finding
        .threat
        .and_then(|at| element.threats.get(at as usize));
    let response = overridden
        .and_then(|o| o.response.as_ref())
        .or_else(|| own.map(|r| &r.text))
        .or_else(|| threat.and_then(|t| t.response.as_ref()));
    let cvss = overridden
        .and_then(|o| o.cvss.as_ref())
        .or_else(|| own.and_then(|r| r.cvss.as_ref()));
    FindingInfo {
        fingerprint: finding.fingerprint.to_string(),
        rule: (&*rule.id).into(),
        message: if is_told {
            message(&title, element, &facts, threat.is_some())
        } else {
            String::new()
        },
        title,
        severity: finding.severity,
        likelihood: rule.likelihood.as_str().into(),
        evidence: finding.evidence,
        status: finding.status,
        reason: finding.reason.as_ref().filter(|_| is_told).map(reason_text),
        exclusion: finding
            .reason
            .as_ref()
            .filter(|r| r.by.excludes())
            .map(|r| ExclusionInfo {
                by: r.by.as_str().into(),
                reason: r.text.to_string(),
                location: r.place.as_ref().map(Location::from),
            }),
        response: response.map(|said| said.text.to_string()),
        model: Arc::clone(path),
        model_name: Arc::clone(model_name),
        element: ElementRef {
            class: element.class.name().into(),
            name: Arc::clone(&element.name),
        },
        element_id: finding.element.0,
        source: end_name("source"),
        sink: end_name("sink"),
        related: if is_told {
            let ends = [("source", end("source")), ("sink", end("sink"))];
            related(model, element, place, &ends, &facts, threat.is_some())
        } else {
            Vec::new()
        },
        location: Location::from(place),
        because: facts.iter().map(|fact| because(model, fact)).collect(),
        deciding: deciding
            .iter()
            .map(|set| {
                set.iter()
                    .map(|answer| deciding_info(model, answer))
                    .collect()
            })
            .collect(),
        cvss: cvss.map(|said| said.text.to_string()),
        group: rule.group.as_ref().map(ToString::to_string),
    }
}

/// Where a finding is shown: a threat in words and a forcing override at their
/// own line, a declared finding at the declaration that decides it, everything
/// else at the element.
fn deciding_place<'a>(finding: &Finding, element: &'a Element, facts: &'a [Fact]) -> &'a Place {
    if let Some(threat) = finding
        .threat
        .and_then(|at| element.threats.get(at as usize))
    {
        return &threat.title.place;
    }
    if facts.is_empty()
        && let Some(forced) = finding
            .overridden
            .and_then(|at| element.overrides.get(at as usize))
    {
        return &forced.place;
    }
    let own = |fact: &&Fact| {
        matches!(fact.owner, Some(Owner::Element(id) | Owner::Controls(id)) if id == finding.element)
            && fact.origin == Origin::Declared
    };
    let deciding = facts.iter().find(own).and_then(|fact| fact.place.as_ref());
    match deciding {
        Some(place) if finding.evidence == crate::condition::Evidence::Declared => place,
        _ => &element.place,
    }
}

/// What happened, where it is said.
fn reason_text(reason: &crate::finding::Reason) -> String {
    let at = reason.place.as_ref().map(|place| {
        let (start, _) = place.positions();
        format!(" ({}:{})", place.path(), start.line)
    });
    let at = at.unwrap_or_default();
    match reason.by {
        By::Scope => "the element is out of scope".to_owned() + &at,
        By::Assumption => format!("excluded by the assumption “{}”{at}", reason.text),
        By::Control => format!("mitigated by {}{at}", reason.text),
        By::Response => format!("answered by the model: {}{at}", reason.text),
        By::Inline => format!("excluded beside the element: {}{at}", reason.text),
        By::Configuration => format!("excluded by the configuration: {}{at}", reason.text),
        By::CommandLine => "excluded on the command line".to_owned(),
        By::Baseline | By::Base => format!("{}{at}", reason.text),
    }
}

/// What holds here, in a sentence or two.
fn message(title: &str, element: &Element, facts: &[Fact], stated: bool) -> String {
    let mut text = format!("{title}: {} “{}”", element.class.name(), element.name);
    if stated {
        text.push_str(" is under this threat, says the model itself");
    }
    let mut seen = BTreeSet::new();
    let words: Vec<String> = facts
        .iter()
        .filter(|fact| fact.owner.is_some())
        .map(|fact| {
            let value = text_of(&fact.value);
            match fact.origin {
                Origin::Default => format!("{} is not described", fact.attribute),
                _ => format!("{} is {value}", fact.attribute),
            }
        })
        .filter(|words| seen.insert(words.clone()))
        .take(4)
        .collect();
    if !words.is_empty() {
        text.push_str(", because ");
        text.push_str(&words.join(", "));
    }
    text
}

/// A value in a sentence.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Nothing => "None".into(),
        Value::Bool(b) => if *b { "True" } else { "False" }.into(),
        Value::Text(text) => format!("“{text}”"),
        Value::Int(i) => i.to_string(),
        Value::Float(f) => f.to_string(),
        Value::Member(e, at) => e.members[*at as usize].0.into(),
        Value::Element(_) | Value::Data(_) => "set".into(),
        Value::List(items) | Value::Set(items) => match items.len() {
            0 => "empty".into(),
            1 => "one item".into(),
            n => format!("{n} items"),
        },
        Value::Map(pairs) => format!("{} entries", pairs.len()),
    }
}

/// Source, sink, other places of facts, call sites.
fn related(
    model: &Model,
    element: &Element,
    first: &Place,
    ends: &[(&str, Option<crate::model::ElementId>)],
    facts: &[Fact],
    stated: bool,
) -> Vec<Related> {
    let mut seen: BTreeSet<&Place> = BTreeSet::from([first]);
    let mut related = Vec::new();
    let mut add = |place, message: String| {
        if seen.insert(place) {
            related.push(Related {
                message,
                location: Location::from(place),
            });
        }
    };
    add(
        &element.place,
        format!("{} “{}”", element.class.name(), element.name),
    );
    for (what, end) in ends {
        if let Some(end) = end.map(|id| model.element(id)) {
            add(
                &end.place,
                format!("{what}: {} “{}”", end.class.name(), end.name),
            );
        }
    }
    for fact in facts {
        if let Some(place) = &fact.place
            && fact.origin != Origin::Default
        {
            add(
                place,
                format!("{} is {}", fact.attribute, text_of(&fact.value)),
            );
        }
    }
    if stated {
        for claim in &element.claims {
            add(
                &claim.words.place,
                format!("claimed: “{}”", claim.words.text),
            );
        }
    }
    for call in &element.related {
        add(call, "made by this call".into());
    }
    related
}

fn because(model: &Model, fact: &Fact) -> Because {
    Because {
        attribute: fact.attribute.clone(),
        value: json(model, &fact.value),
        origin: fact.origin.as_str().into(),
        location: fact.place.as_ref().map(Location::from),
    }
}

fn deciding_info(model: &Model, answer: &crate::condition::Answer) -> Deciding {
    let (element, prefix) = match answer.owner {
        Owner::Element(id) => (&model.element(id).name, ""),
        Owner::Controls(id) => (&model.element(id).name, "controls."),
        Owner::Data(id) => (&model.datum(id).name, ""),
    };
    Deciding {
        element: Arc::clone(element),
        attribute: format!("{prefix}{}", answer.attribute.name()),
        value: json(model, &answer.value),
    }
}

/// A value as JSON: elements and Data by name, enum members by member name.
pub(super) fn json(model: &Model, value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Nothing => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(i) => Json::from(*i),
        Value::Float(f) => Json::from(*f),
        Value::Text(text) => Json::from(&**text),
        Value::Member(e, at) => Json::from(e.members[*at as usize].0),
        Value::Element(id) => Json::from(&*model.element(*id).name),
        Value::Data(id) => Json::from(&*model.datum(*id).name),
        Value::List(items) | Value::Set(items) => {
            items.iter().map(|item| json(model, item)).collect()
        }
        Value::Map(pairs) => Json::Object(
            pairs
                .iter()
                .map(|(key, value)| {
                    let key = key
                        .as_text()
                        .map_or_else(|| json(model, key).to_string(), str::to_owned);
                    (key, json(model, value))
                })
                .collect(),
        ),
    }
}

/// Counts, gate and exit status of findings (SEMANTICS §5).
fn summary(findings: &[FindingInfo], models: usize, incomplete: bool, frame: &Frame) -> Summary {
    let mut summary = count(findings, models, frame.fail_on, frame.evidence);
    summary.exit = if incomplete {
        3
    } else if !summary.gate.passed || frame.failed_otherwise {
        1
    } else if models == 0 && !frame.allow_no_models {
        4
    } else {
        0
    };
    summary
}

/// Counts and gate of findings; the exit status is left at what the gate says.
pub fn count(
    findings: &[FindingInfo],
    models: usize,
    fail_on: Severity,
    evidence: Evidence,
) -> Summary {
    let mut summary = Summary {
        models,
        findings: findings.len(),
        by_status: Status::ALL.into_iter().map(|status| (status, 0)).collect(),
        by_severity: Severity::ALL
            .into_iter()
            .map(|severity| (severity, 0))
            .collect(),
        new_by_severity: Severity::ALL
            .into_iter()
            .map(|severity| (severity, 0))
            .collect(),
        residual: 0,
        gate: Gate {
            fail_on,
            evidence,
            passed: true,
            failing: 0,
        },
        exit: 0,
    };
    for finding in findings {
        *summary.by_status.entry(finding.status).or_default() += 1;
        *summary.by_severity.entry(finding.severity).or_default() += 1;
        if finding.status == Status::New {
            *summary.new_by_severity.entry(finding.severity).or_default() += 1;
        }
        summary.residual += usize::from(finding.status.is_residual());
        summary.gate.failing += usize::from(summary.gate.fails(finding));
    }
    summary.gate.passed = summary.gate.failing == 0;
    summary.exit = u8::from(!summary.gate.passed);
    summary
}

/// The report of a run in which nothing was judged: only what was noticed.
pub fn nothing_judged(notices: Vec<Notice>, frame: Frame) -> Report {
    build(
        &Judged {
            notices,
            ..Judged::default()
        },
        frame,
    )
}
