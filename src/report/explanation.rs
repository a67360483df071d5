//! One rule over one element, explained: what its condition comes to part by part, where
//! that was said, what would settle it, and what else can be done about it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::build::rule_info;
use super::finding::because;
use super::ground::of_fact;
use super::{Because, ElementRef, FindingInfo, Location, RuleInfo, why};
use crate::condition::{Joint, Part, Verdict};
use crate::model::{ElementId, Model};
use crate::rules::CompiledRule;

/// What there is to say about one rule and one element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Explanation {
    /// The rule; `None` where a report does not tell it.
    pub rule: Option<RuleInfo>,
    /// The model's path.
    pub model: Arc<str>,
    /// The element.
    pub element: ElementRef,
    /// Where the element is made.
    pub location: Location,
    /// Whether the rule holds there.
    pub holds: bool,
    /// Why, in a sentence.
    pub why: String,
    /// The condition; `None` of what the model itself states.
    pub condition: Option<PartInfo>,
    /// The finding, if there is one.
    pub finding: Option<FindingInfo>,
    /// What can be done about it.
    pub ways: Vec<Way>,
}

/// A part of a condition, and what it comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartInfo {
    /// `all`, `any` or `not` of its parts; `leaf` without parts.
    pub joint: String,
    /// Its text.
    pub text: String,
    /// `holds`, `does not hold` or `cannot be judged`.
    pub outcome: String,
    /// Whether that is said; else it rests on something that nobody said.
    pub said: bool,
    /// Why it cannot be judged.
    pub fault: Option<String>,
    /// What it rests on.
    pub facts: Vec<Because>,
    /// Its parts.
    pub parts: Vec<PartInfo>,
}

/// One thing that can be done about a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Way {
    /// In a word: `exclude`, `triage`, ….
    pub way: String,
    /// What to write or run.
    pub how: String,
}

impl Explanation {
    /// Of a rule over an element of a model, with the finding that it made, if it did.
    pub fn new(
        model: &Model,
        id: ElementId,
        rule: &CompiledRule,
        finding: Option<&FindingInfo>,
    ) -> Self {
        let element = model.element(id);
        let parts = rule
            .condition
            .as_ref()
            .map(|condition| condition.parts(model, id));
        let holds = finding.is_some();
        let why = match (finding, &parts) {
            (Some(finding), _) => finding.why.clone(),
            (None, Some(parts)) => why_not(model, id, rule, parts),
            (None, None) => "the rule has no condition, so it never holds.".to_owned(),
        };
        Self {
            rule: Some(rule_info(&rule.rule)),
            model: finding.map_or_else(|| model.path().as_str().into(), |it| Arc::clone(&it.model)),
            element: ElementRef {
                class: element.class_name().into(),
                base: element.class.name().into(),
                name: Arc::clone(&element.name),
            },
            location: Location::from(&element.place),
            holds,
            why,
            condition: parts.map(|parts| part_info(model, id, &parts)),
            ways: finding.map(ways).unwrap_or_default(),
            finding: finding.cloned(),
        }
    }

    /// Of a threat that the model itself states, by its finding.
    pub fn stated(rule: Option<RuleInfo>, finding: &FindingInfo) -> Self {
        Self {
            rule,
            model: Arc::clone(&finding.model),
            element: finding.element.clone(),
            location: finding.location.clone(),
            holds: true,
            why: finding.why.clone(),
            condition: None,
            ways: ways(finding),
            finding: Some(finding.clone()),
        }
    }
}

/// Why a rule does not hold for an element, by the parts of its condition that fail.
fn why_not(model: &Model, id: ElementId, rule: &CompiledRule, parts: &Part) -> String {
    let element = model.element(id);
    let targets = &rule.rule.target;
    if !targets.is_empty() && !targets.iter().any(|class| element.class.is_a(*class)) {
        let names: Vec<&str> = targets.iter().map(|class| class.name()).collect();
        return format!(
            "{} judges {}, and “{}” is of the class {}.",
            rule.rule.id,
            names.join(", "),
            element.name,
            element.class.name()
        );
    }
    if parts.holds() {
        return format!(
            "the condition holds for “{}”, but nothing was found: the element is left out of \
             what is judged.",
            element.name
        );
    }
    let decisive = parts.decisive();
    let facts: Vec<_> = decisive
        .iter()
        .flat_map(|part| part.facts.clone())
        .collect();
    why::of_facts(model, id, &facts).unwrap_or_else(|| {
        let texts: Vec<String> = decisive
            .iter()
            .map(|part| format!("`{}`", part.text))
            .collect();
        let verb = if texts.len() == 1 { "does" } else { "do" };
        format!(
            "{} {verb} not hold for “{}”.",
            texts.join(" and "),
            element.name
        )
    })
}

fn part_info(model: &Model, id: ElementId, part: &Part) -> PartInfo {
    let (outcome, fault) = match &part.verdict {
        Verdict::Holds => ("holds", None),
        Verdict::HoldsNot => ("does not hold", None),
        Verdict::Failed { reason, .. } => ("cannot be judged", Some(reason.clone())),
    };
    PartInfo {
        joint: match part.joint {
            Joint::Leaf => "leaf",
            Joint::All => "all",
            Joint::Any => "any",
            Joint::Not => "not",
        }
        .to_owned(),
        text: part.text.clone(),
        outcome: outcome.to_owned(),
        said: part.said == Some(part.holds()),
        fault,
        facts: part
            .facts
            .iter()
            .map(|fact| because(model, fact, why::ground(model, &of_fact(model, id, fact))))
            .collect(),
        parts: part
            .parts
            .iter()
            .map(|part| part_info(model, id, part))
            .collect(),
    }
}

/// What can be done about a finding beside what settles it.
fn ways(finding: &FindingInfo) -> Vec<Way> {
    let at = &finding.location;
    let way = |way: &str, how: String| Way {
        way: way.to_owned(),
        how,
    };
    let rule = &finding.rule;
    let beside = if at.path.ends_with(".json") {
        format!("in the element: \"exclude\": {{\"{rule}\": \"the reason\"}}")
    } else {
        format!(
            "above {}:{}: # tmrs: exclude[{rule}] the reason",
            at.path, at.line
        )
    };
    vec![
        way("exclude", beside),
        way("decide", format!("tmrs triage {}", finding.model)),
        way(
            "accept",
            "tmrs baseline update (from then on only what is new fails)".to_owned(),
        ),
        way("rule", format!("tmrs explain {rule}")),
    ]
}
