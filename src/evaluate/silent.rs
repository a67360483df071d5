//! Layer `evaluate`: why a rule found nothing in a model (docs/semantics.md §3).

use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use crate::condition::{Condition, Silence};
use crate::model::vocabulary::{self, Class, Meaning};
use crate::model::{ElementId, Model};
use crate::rules::Text;

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

/// Why one rule found nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Why {
    /// It judges nothing that is there.
    #[default]
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
pub(super) fn why(
    condition: &Condition,
    model: &Model,
    judged: impl Iterator<Item = ElementId>,
) -> Why {
    let mut why = Why::NotApplicable;
    for id in judged {
        match condition.silence(model, id) {
            Silence::Unsaid(unsaid) => {
                let names = unsaid.iter().map(|attr| attr.name().to_owned());
                return Why::Unsaid(subjects(names.collect()));
            }
            Silence::Failed => why = Why::Failed,
            Silence::Refuted if why == Why::NotApplicable => why = Why::Refuted,
            Silence::Refuted | Silence::NotApplicable => {}
        }
    }
    why
}

impl Silent {
    pub(super) fn add(&mut self, rule: Text, why: Why) {
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
fn subjects(unsaid: BTreeSet<String>) -> Vec<String> {
    let (protections, subjects): (Vec<_>, Vec<_>) =
        unsaid.into_iter().partition(|name| protects(name));
    if subjects.is_empty() {
        protections
    } else {
        subjects
    }
}

/// Whether an attribute of that name protects, on whatever class it is. Asked of the same
/// names by every rule of every model, so what came of it is kept.
fn protects(name: &str) -> bool {
    static KEPT: LazyLock<Vec<OnceLock<bool>>> =
        LazyLock::new(|| vec![OnceLock::new(); vocabulary::names().len()]);
    match vocabulary::names().binary_search(&name) {
        Ok(at) => *KEPT[at].get_or_init(|| is_protection(name)),
        Err(_) => is_protection(name),
    }
}

fn is_protection(name: &str) -> bool {
    let own = Class::ALL.into_iter().filter_map(|it| it.attribute(name));
    own.chain(vocabulary::flat_control(Class::Element, name))
        .any(|attribute| matches!(attribute.meaning, Meaning::Protection(_)))
}
