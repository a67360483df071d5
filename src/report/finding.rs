//! A finding of a model → what the report holds of it: spans become lines, facts get
//! their words.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::build::Detail;
use super::deciding::{deciding_info, json};
use super::ground::{Ground, of_fact};
use super::risk::Settings;
use super::why;
use super::{
    Because, ElementRef, ExclusionInfo, FindingInfo, Location, Related, Status, WithdrawnInfo,
};
use crate::condition::{Answer, Evidence, Fact, Sought};
use crate::finding::{By, Finding};
use crate::model::{Element, ElementId, Model, Origin, Owner};
use crate::pipeline::Judged;
use crate::source::Place;

/// What the search for the answers that settle a finding took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) steps: usize,
    /// Whether it came to its end.
    pub(super) ended: bool,
}

impl Taken {
    /// Where nothing is sought.
    pub(super) const NOTHING: Self = Self {
        steps: 0,
        ended: true,
    };
}

/// What the report holds of a finding of a model with that path, name and settings; `settling`
/// are the places of what the change adds to settle findings, `most` the steps that the
/// search for answers may take.
pub(super) fn finding_info(
    judged: &Judged,
    finding: &Finding,
    (path, model_name): &(Arc<str>, Arc<str>),
    settings: &Settings<'_>,
    settling: &BTreeSet<&Place>,
    detail: Detail,
    most: usize,
) -> (FindingInfo, Taken) {
    // What makes it and what settles it stands where it was found; what it is called and whose
    // it is, where its element is declared.
    let home = finding.element;
    let finding = &*finding.where_seen();
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
    let is_explained = detail.explains(finding.status, finding.evidence);
    let explained = condition.filter(|_| is_explained);
    let settled = condition.filter(|_| detail.settles(finding.status));
    let facts = explained
        .map(|c| c.facts(model, finding.element))
        .unwrap_or_default();
    let sought = settled.map_or_else(Sought::none, |condition| {
        condition.settling(model, finding.element, finding.evidence, most)
    });
    let grounds = facts.iter();
    let grounds = grounds.map(|fact| of_fact(model, finding.element, fact));
    let grounds: Vec<Ground> = grounds.collect();
    let words = grounds.iter().map(|ground| why::ground(model, ground));
    let words: Vec<String> = words.collect();
    let threat = finding
        .threat
        .and_then(|at| element.threats.get(at as usize));
    let why = match (is_explained, threat, &explained) {
        (false, ..) => String::new(),
        (_, Some(_), _) => format!(
            "The model itself says that “{}” is under this threat.",
            element.name
        ),
        // A forcing override, or a condition that asks for the class alone.
        (.., Some(_)) if overridden.is_none() || !facts.is_empty() => {
            why::why(model, finding.element, grounds, &sought.sets)
        }
        _ => format!(
            "The model itself states this finding of “{}”.",
            element.name
        ),
    };
    let place = deciding_place(finding, element, &facts);
    let end = |attribute: &str| {
        let id = model.linked(finding.element, attribute)?;
        (element.class == crate::model::vocabulary::Class::Dataflow).then_some(id)
    };
    let end_name = |attribute: &str| end(attribute).map(|id| Arc::clone(&model.element(id).name));
    let own = element.responses.iter().find(|r| *r.rule.text == *rule.id);
    let response = overridden
        .and_then(|o| o.response.as_ref())
        .or_else(|| own.map(|r| &r.text))
        .or_else(|| threat.and_then(|t| t.response.as_ref()));
    let cvss = overridden
        .and_then(|o| o.cvss.as_ref())
        .or_else(|| own.and_then(|r| r.cvss.as_ref()));
    let setting = settings.at(finding.element);
    let info = FindingInfo {
        fingerprint: finding.fingerprint.to_string(),
        rule: (&*rule.id).into(),
        message: message(&title, element, &why),
        title,
        severity: finding.severity,
        likelihood: rule.likelihood.as_str().into(),
        evidence: finding.evidence,
        risk: finding.risk,
        reach: setting.reach.into(),
        worth: setting.worth.into(),
        way: Arc::clone(&setting.way),
        risk_reason: Arc::clone(&setting.sentence),
        failing: false,
        status: finding.status,
        reason: finding.reason.as_deref().map(reason_text),
        withdrawn: finding.withdrawn.iter().map(WithdrawnInfo::from).collect(),
        settled_by_change: is_settled(finding, settling),
        advisory: rule.only_warns,
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
            class: element.class_name().into(),
            base: element.class.name().into(),
            name: Arc::clone(&element.name),
        },
        element_id: home.0,
        source: end_name("source"),
        sink: end_name("sink"),
        related: related(
            model,
            finding.element,
            place,
            &[("source", end("source")), ("sink", end("sink"))],
            facts.iter().zip(&words),
            threat.is_some(),
        ),
        location: Location::from(place),
        why,
        because: (facts.iter().zip(words))
            .map(|(fact, words)| because(model, fact, words))
            .collect(),
        deciding: (sought.sets)
            .iter()
            .filter(|set| !set.iter().any(|answer| is_of_mere_text(model, answer)))
            .map(|set| {
                set.iter()
                    .map(|answer| deciding_info(model, finding.model, answer))
                    .collect()
            })
            .collect(),
        cvss: cvss.map(|said| said.text.to_string()),
        group: rule.group.as_ref().map(ToString::to_string),
    };
    let taken = Taken {
        steps: sought.steps,
        ended: sought.ended,
    };
    (info, taken)
}

/// Whether the change itself settles a finding: the reason of its status stands where the
/// change adds one.
pub(super) fn is_settled(finding: &Finding, settling: &BTreeSet<&Place>) -> bool {
    if finding.status == Status::New || settling.is_empty() {
        return false;
    }
    let place = finding
        .reason
        .as_ref()
        .and_then(|reason| reason.place.as_ref());
    place.is_some_and(|place| settling.contains(place))
}

/// Whether there is nowhere to write an answer.
fn is_of_mere_text(model: &Model, answer: &Answer) -> bool {
    matches!(answer.owner, Owner::Data(id) if model.datum(id).mere_text().is_some())
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
        Some(place) if finding.evidence == Evidence::Declared => place,
        _ => &element.place,
    }
}

/// What happened, where it is said.
fn reason_text(reason: &crate::finding::Reason) -> String {
    let line = reason.place.as_ref().map(|place| {
        let (start, _) = place.positions();
        format!("{}:{}", place.path(), start.line)
    });
    let at = line.as_ref().map(|line| format!(" ({line})"));
    let at = at.unwrap_or_default();
    match reason.by {
        By::Scope => match line {
            Some(line) => format!("the element is out of scope (inScope, {line})"),
            None => "the element is out of scope (inScope)".to_owned(),
        },
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
fn message(title: &str, element: &Element, why: &str) -> String {
    if why.is_empty() {
        return format!("{title}: {} “{}”", element.class_name(), element.name);
    }
    format!("{}. {why}", title.trim_end_matches('.'))
}

/// Source, sink, other places of facts, call sites, and who includes the element's file.
fn related<'f>(
    model: &Model,
    id: ElementId,
    first: &Place,
    ends: &[(&str, Option<ElementId>)],
    facts: impl Iterator<Item = (&'f Fact, &'f String)>,
    stated: bool,
) -> Vec<Related> {
    let element = model.element(id);
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
        format!("{} “{}”", element.class_name(), element.name),
    );
    for (what, end) in ends {
        if let Some(end) = end.map(|id| model.element(id)) {
            add(
                &end.place,
                format!("{what}: {} “{}”", end.class_name(), end.name),
            );
        }
    }
    for (fact, words) in facts {
        if let Some(place) = &fact.place
            && fact.origin != Origin::Default
        {
            add(place, words.clone());
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
    if let Some(part) = model.home(id) {
        add(&part.place, format!("part of “{}”", model.name));
    }
    related
}

/// A fact, put into words.
pub(super) fn because(model: &Model, fact: &Fact, words: String) -> Because {
    Because {
        words,
        attribute: fact.attribute.clone(),
        value: json(model, &fact.value),
        origin: fact.origin.as_str().into(),
        reason: fact.reason.as_deref().map(str::to_owned),
        location: fact.place.as_ref().map(Location::from),
    }
}
