//! Layer `rules`: what is doubtful about rules that are valid (`tmrs rules lint`).

mod canonical;
mod diagram;
mod settle;
mod waiting;
mod words;

use std::collections::BTreeMap;

use super::{CompiledRule, Layer, Pack, Rule, Severity, Text};
use crate::model::vocabulary::{Class, Kind};
use crate::source::Place;
use diagram::{Diagrams, Ref};

/// What a doubt is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// The condition can never be true.
    Never,
    /// The condition is always true.
    Always,
    /// The condition reads an attribute that no model can set.
    Unsettable,
    /// Rules of overlapping classes have the same condition.
    Equivalent,
    /// No control settles the finding.
    NothingSettles,
    /// The condition waits for a fact that nothing asks for or derives.
    Unasked,
    /// A text that readers need is missing.
    Missing,
    /// The title does not name the threat as developers search for it.
    NoTerm,
    /// A reference is a category of CWE, not a weakness.
    Category,
    /// The condition is too large to be compared.
    TooLarge,
}

impl Doubt {
    /// The word in reports and in the list of exceptions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Always => "always",
            Self::Unsettable => "unsettable",
            Self::Equivalent => "equivalent",
            Self::NothingSettles => "nothing-settles",
            Self::Unasked => "unasked",
            Self::Missing => "missing",
            Self::NoTerm => "no-term",
            Self::Category => "category",
            Self::TooLarge => "too-large",
        }
    }
}

/// One doubt about one rule, or about several that say the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lint {
    /// What it is about.
    pub doubt: Doubt,
    /// The rules, sorted by id.
    pub rules: Vec<Text>,
    /// In one sentence without a final stop.
    pub message: String,
    /// Where the first of the rules stands, unless it is built in.
    pub place: Option<Place>,
}

/// Every doubt about these rules, by kind and id.
pub fn lint(rules: &[CompiledRule]) -> Vec<Lint> {
    let mut lints = Vec::new();
    let mut all = Diagrams::new();
    let mut same: BTreeMap<Ref, Vec<&Rule>> = BTreeMap::new();
    for compiled in rules {
        let rule = &*compiled.rule;
        missing(rule, &mut lints);
        wording(rule, &mut lints);
        let Some(condition) = &compiled.condition else {
            lints.push(about(
                rule,
                Doubt::Never,
                "has an empty condition, so it never holds",
            ));
            continue;
        };
        unsettable(rule, condition, &mut lints);
        let Some(found) = canonical::diagram(&mut all, condition.text()) else {
            continue;
        };
        if all.overflowed() {
            lints.push(about(
                rule,
                Doubt::TooLarge,
                "has a condition too large to be compared",
            ));
            break;
        }
        truth(rule, found, &mut all, &mut lints);
        unasked(rule, found, &mut all, &mut lints);
        if found > Ref::TRUE {
            same.entry(found).or_default().push(rule);
        }
    }
    for rules in same.into_values() {
        lints.extend(
            overlapping(&rules)
                .iter()
                .filter_map(|group| equivalent(group)),
        );
    }
    lints.sort();
    lints
}

fn about(rule: &Rule, doubt: Doubt, message: &str) -> Lint {
    Lint {
        doubt,
        rules: vec![rule.id.clone()],
        message: format!("{} {message}", rule.id),
        place: rule.place.clone(),
    }
}

/// Never or always true, or settled by nothing.
fn truth(rule: &Rule, found: Ref, all: &mut Diagrams, lints: &mut Vec<Lint>) {
    match found {
        Ref::FALSE => lints.push(about(
            rule,
            Doubt::Never,
            "has a condition that is never true",
        )),
        Ref::TRUE => lints.push(about(
            rule,
            Doubt::Always,
            "has a condition that is always true",
        )),
        _ => {
            let asks = rule.severity == Severity::Info || rule.pack == Pack::Model;
            if !asks && !settle::settled_by_something(all, found) {
                lints.push(about(
                    rule,
                    Doubt::NothingSettles,
                    "is settled by no control: give it one, or make it info",
                ));
            }
        }
    }
}

/// Facts of the vocabulary for which a built-in rule waits in vain. Rules of others read what the
/// models of others state.
fn unasked(rule: &Rule, found: Ref, all: &mut Diagrams, lints: &mut Vec<Lint>) {
    if rule.layer != Layer::BuiltIn || found == Ref::FALSE {
        return;
    }
    let facts = waiting::for_what(all, found);
    if !facts.is_empty() {
        let facts: Vec<_> = facts.iter().map(|fact| format!("`{fact}`")).collect();
        let message = format!(
            "waits for {}, which nothing asks for or derives",
            facts.join(" and ")
        );
        lints.push(about(rule, Doubt::Unasked, &message));
    }
}

/// Attributes that pytm fills itself, so that no model says them.
fn unsettable(rule: &Rule, condition: &crate::condition::Condition, lints: &mut Vec<Lint>) {
    for read in condition.reads() {
        let mut kinds = Class::ALL
            .into_iter()
            .filter_map(|class| class.attribute(&read.attribute))
            .map(|attribute| attribute.kind)
            .peekable();
        if kinds.peek().is_some() && kinds.all(|kind| kind == Kind::Internal) {
            let message = format!("reads `{}`, which no model can set", read.attribute);
            lints.push(about(rule, Doubt::Unsettable, &message));
        }
    }
}

/// Texts that a reader of a finding needs.
fn missing(rule: &Rule, lints: &mut Vec<Lint>) {
    let texts = [
        ("title", &rule.title),
        ("description", &rule.description),
        ("mitigation", &rule.mitigation),
    ];
    let mut gone: Vec<&str> = texts
        .into_iter()
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(key, _)| key)
        .collect();
    if rule.layer == Layer::BuiltIn && rule.pack != Pack::Model {
        if !rule.tags.iter().any(|tag| tag.starts_with("stride:")) {
            gone.push("a stride tag");
        }
        let known =
            |reference: &Text| reference.starts_with("CWE-") || reference.starts_with("CAPEC-");
        if !rule.references.iter().any(known) {
            gone.push("a CWE or CAPEC reference");
        }
    }
    if !gone.is_empty() {
        let message = format!("lacks {}", gone.join(", "));
        lints.push(about(rule, Doubt::Missing, &message));
    }
}

/// The words of the field: the threat's name in the title, weaknesses as references.
fn wording(rule: &Rule, lints: &mut Vec<Lint>) {
    if let Some((weakness, names)) = words::missing_terms(rule) {
        let names: Vec<_> = names.iter().map(|name| format!("“{name}”")).collect();
        let message = format!(
            "refers to {weakness}, but its title does not say {}",
            names.join(" or ")
        );
        lints.push(about(rule, Doubt::NoTerm, &message));
    }
    for category in words::categories(rule) {
        let message =
            format!("refers to {category}, which is a category: refer to the weakness itself");
        lints.push(about(rule, Doubt::Category, &message));
    }
}

/// Rules of one condition, put together where their classes overlap.
fn overlapping<'r>(rules: &[&'r Rule]) -> Vec<Vec<&'r Rule>> {
    let mut groups: Vec<Vec<&Rule>> = Vec::new();
    for rule in rules {
        let (touching, apart): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group| group.iter().any(|other| overlap(rule, other)));
        groups = apart;
        let mut merged: Vec<&Rule> = touching.into_iter().flatten().collect();
        merged.push(rule);
        groups.push(merged);
    }
    groups
}

fn overlap(a: &Rule, b: &Rule) -> bool {
    a.target.iter().any(|class| {
        b.target
            .iter()
            .any(|other| class.is_a(*other) || other.is_a(*class))
    })
}

/// Several rules that are one fact, unless they say so by one `group`.
fn equivalent(rules: &[&Rule]) -> Option<Lint> {
    let first = *rules.first()?;
    let folded = first.group.is_some() && rules.iter().all(|rule| rule.group == first.group);
    if rules.len() < 2 || folded {
        return None;
    }
    let mut ids: Vec<Text> = rules.iter().map(|rule| rule.id.clone()).collect();
    ids.sort();
    let message = format!(
        "{} have the same condition on overlapping classes: tell them apart, or give them one `group`",
        ids.iter().map(|id| &**id).collect::<Vec<_>>().join(", ")
    );
    Some(Lint {
        doubt: Doubt::Equivalent,
        rules: ids,
        message,
        place: first.place.clone(),
    })
}
