//! Exclusions of the configuration and the command line.

use std::collections::BTreeMap;

use super::settle;
use super::terms::{Expiry, Objection, Terms, means};
use crate::config::{Config, Exclusion};
use crate::day::Day;
use crate::finding::{By, Finding, Status, canonical};
use crate::model::vocabulary::Class;
use crate::model::{Element, Model};

/// The exclusions of `tmrs.yaml`, as they stand on a day under a policy.
#[derive(Debug)]
pub struct Exclusions<'a> {
    config: &'a [Exclusion],
    /// Why each counts for nothing, if so.
    pub objections: Vec<Option<Objection>>,
    /// Whether each matched a finding, whatever became of it.
    pub used: Vec<bool>,
    /// Which of them mean a rule, by its id.
    by_rule: BTreeMap<String, Vec<usize>>,
}

impl<'a> Exclusions<'a> {
    /// The exclusions of a configuration.
    pub fn new(config: &'a Config, today: Day) -> Self {
        let objection = |exclusion: &Exclusion| {
            let terms = Terms {
                reason: true,
                owner: exclusion.owner.is_some(),
                ticket: exclusion.ticket.is_some(),
                expires: exclusion.expires.as_ref().map(|day| Expiry::Day(day.value)),
            };
            terms.judge(&config.policy, today).err()
        };
        Self {
            config: &config.exclusions,
            objections: config.exclusions.iter().map(objection).collect(),
            used: vec![false; config.exclusions.len()],
            by_rule: BTreeMap::new(),
        }
    }

    /// Every exclusion that matches a finding, by position.
    pub fn matching(&mut self, model: &Model, finding: &Finding) -> Vec<usize> {
        if self.config.is_empty() {
            return Vec::new();
        }
        if !self.by_rule.contains_key(&*finding.rule.id) {
            let means_it = |exclusion: &Exclusion| {
                exclusion
                    .rules
                    .iter()
                    .any(|rule| means(rule, &finding.rule))
            };
            let found = self.config.iter().enumerate().filter(|(_, e)| means_it(e));
            let found = found.map(|(at, _)| at).collect();
            self.by_rule.insert(finding.rule.id.to_string(), found);
        }
        let element = model.element(finding.element);
        let mut matching = self
            .by_rule
            .get(&*finding.rule.id)
            .cloned()
            .unwrap_or_default();
        matching.retain(|at| covers(&self.config[*at], model, element));
        for at in &matching {
            self.used[*at] = true;
        }
        matching
    }

    /// Excludes a finding by the first of these that counts.
    pub fn exclude(&self, matching: &[usize], finding: &mut Finding) {
        let counting = matching.iter().find(|at| self.objections[**at].is_none());
        if let Some(exclusion) = counting.map(|at| &self.config[*at]) {
            settle(
                finding,
                Status::Excluded,
                By::Configuration,
                &exclusion.reason.value,
                Some(&exclusion.place),
            );
        }
    }
}

/// Whether element, class and model of an exclusion match.
fn covers(exclusion: &Exclusion, model: &Model, element: &Element) -> bool {
    let name = &element.name;
    exclusion
        .model
        .as_ref()
        .is_none_or(|pattern| pattern.matches(model.path().as_str()))
        && exclusion.class.as_ref().is_none_or(|class| {
            Class::named(&class.value).is_some_and(|class| element.class.is_a(class))
        })
        && exclusion
            .element
            .as_ref()
            .is_none_or(|pattern| pattern.matches(name) || pattern.matches(&canonical(name)))
}

/// Excludes findings of rules that `--exclude` names.
pub fn command_line(ids: &[String], finding: &mut Finding) {
    if let Some(id) = ids.iter().find(|id| finding.rule.answers_to(id.trim())) {
        settle(finding, Status::Excluded, By::CommandLine, id, None);
    }
}
