//! Layer `evaluate`: why a rule found nothing in a model (docs/semantics.md §3).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rayon::prelude::*;

use crate::condition::Silence;
use crate::model::vocabulary::{self, CLASSES, Class, Meaning};
use crate::model::{Attr, Model};
use crate::rules::{CompiledRule, Text};

/// The rules that found nothing in a model, each list in the order of the rules. One whose
/// condition failed is in none.
#[derive(Clone, Debug, Default)]
pub struct Silent {
    /// What the model says rules them out, wherever they judge.
    pub passed: Vec<Text>,
    /// The model has nothing that they judge.
    pub not_applicable: Vec<Text>,
    /// The model does not say what they ask.
    pub dormant: Vec<Dormant>,
}

/// A rule that found nothing only because nobody said what it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dormant {
    /// The rule's id.
    pub rule: Text,
    /// The attributes that would wake it, sorted.
    pub wants: Vec<String>,
}

/// Why each rule found nothing, of those that are not `found`. It costs as much as judging,
/// so it is asked for what is shown alone.
pub fn silent(model: &Model, rules: &[CompiledRule], found: &BTreeSet<&str>) -> Silent {
    let rules = rules.par_iter().with_min_len(16);
    let rules = rules.filter(|rule| !found.contains(&*rule.rule.id));
    let why: Vec<(&Text, Why)> = rules.map(|it| (&it.rule.id, why(it, model))).collect();
    let mut silent = Silent::default();
    for (id, why) in why {
        silent.add(id.clone(), why);
    }
    silent
}

/// Why one rule found nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    /// It judges nothing that is there.
    NotApplicable,
    /// What the model says rules it out.
    Refuted,
    /// Its condition ended in an error somewhere.
    Failed,
    /// Nobody said these attributes.
    Unsaid(Vec<String>),
}

/// Why a condition holds on none of these elements: the first of which the model does not
/// say enough decides.
fn why(rule: &CompiledRule, model: &Model) -> Why {
    let mut why = Why::NotApplicable;
    let Some(condition) = &rule.condition else {
        return why;
    };
    let judged = model.judged.iter().copied();
    for id in judged.filter(|id| rule.rule.judges(model.element(*id).class)) {
        match condition.silence(model, id) {
            Silence::Unsaid(unsaid) => return Why::Unsaid(subjects(unsaid)),
            Silence::Failed => why = Why::Failed,
            Silence::Refuted if why == Why::NotApplicable => why = Why::Refuted,
            Silence::Refuted | Silence::NotApplicable => {}
        }
    }
    why
}

impl Silent {
    fn add(&mut self, rule: Text, why: Why) {
        match why {
            Why::NotApplicable => self.not_applicable.push(rule),
            Why::Refuted => self.passed.push(rule),
            Why::Failed => {}
            Why::Unsaid(wants) => self.dormant.push(Dormant { rule, wants }),
        }
    }
}

/// The attributes that bring a subject up. Protections take findings away, so they are
/// named only where there is nothing else.
fn subjects(unsaid: Vec<Attr>) -> Vec<String> {
    let (protections, subjects): (Vec<_>, Vec<_>) = unsaid.into_iter().partition(protects);
    let named = if subjects.is_empty() {
        protections
    } else {
        subjects
    };
    let names: BTreeSet<&str> = named.iter().map(Attr::name).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// Whether an attribute of that name protects, on whatever class it is.
fn protects(attr: &Attr) -> bool {
    static PROTECTIONS: LazyLock<BTreeSet<Attr>> = LazyLock::new(|| {
        let all = CLASSES.iter().flat_map(|class| class.attributes);
        let all = all.filter(|it| matches!(it.meaning, Meaning::Protection(_)));
        all.map(|it| Attr::named(it.name)).collect()
    });
    match attr {
        Attr::Known(_) => PROTECTIONS.contains(attr),
        // An old spelling of a control.
        Attr::Custom(name) => vocabulary::flat_control(Class::Element, name)
            .is_some_and(|it| matches!(it.meaning, Meaning::Protection(_))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_protects_whose_meaning_is_a_protection_on_some_class() {
        let mut protecting = 0;
        for name in vocabulary::names() {
            let own = Class::ALL.into_iter().filter_map(|it| it.attribute(name));
            let flat = vocabulary::flat_control(Class::Element, name);
            let mut all = own.chain(flat);
            let protects_somewhere = all.any(|it| matches!(it.meaning, Meaning::Protection(_)));
            assert_eq!(protects(&Attr::named(name)), protects_somewhere, "{name}");
            protecting += usize::from(protects_somewhere);
        }
        assert!(protecting > 20 && protecting < vocabulary::names().len());
        assert!(protects(&Attr::named("authenticatedWith")));
    }
}
