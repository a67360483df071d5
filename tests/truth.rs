//! Whoever says what is true is not punished for it.
//!
//! Over every model of the tests and examples: to say that a protection is in place, or that
//! what attracts threats is not there, adds no finding that fails the gate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rayon::prelude::*;
use tmrs::condition::Names;
use tmrs::discover::Filter;
use tmrs::evaluate::{Overrides, evaluate};
use tmrs::model::derive::derive;
use tmrs::model::vocabulary::{Attribute, Class, Fallback, Kind};
use tmrs::model::{Attr, DataId, Model, Origin, Owner, Slot, Value};
use tmrs::pipeline::{self, Request};
use tmrs::read::ReadOptions;
use tmrs::rules::{self, CatalogueSettings, CompiledRule, Severity};
use tmrs::source::{Disk, RepoPath};

use crate::shared;

/// Rule and element of what fails the gate.
pub type Failing = BTreeSet<(String, String)>;

/// Every model of the examples and of the folders of test models.
pub fn models() -> Vec<Model> {
    let tree = Disk::new(shared::root().canonicalize().unwrap(), None);
    let mut paths = vec![RepoPath::new("examples").unwrap()];
    for folder in ["tests/models", "tests/signal/models"] {
        let Ok(entries) = fs::read_dir(shared::root().join(folder)) else {
            continue;
        };
        for entry in entries {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let path = RepoPath::new(&format!("{folder}/{name}")).unwrap();
            if matches!(path.extension(), Some("py" | "yaml")) {
                paths.push(path);
            }
        }
    }
    let request = Request {
        tree: &tree,
        filter: Filter {
            paths,
            ..Filter::default()
        },
        read: ReadOptions::default(),
        per_model: Vec::new(),
    };
    pipeline::read(&request).unwrap().models
}

/// The rules of the default packs whose findings fail the default gate.
pub fn gating() -> Vec<CompiledRule> {
    let settings = CatalogueSettings {
        names: Names::vocabulary(),
        ..CatalogueSettings::default()
    };
    let (catalogue, _) = rules::load(&settings).unwrap();
    let fails = |rule: &&CompiledRule| rule.rule.severity >= Severity::High;
    catalogue.rules().iter().filter(fails).cloned().collect()
}

pub fn failing(model: &Model, rules: &[CompiledRule]) -> Failing {
    let judgement = evaluate(model, 0, rules, Overrides::Keep);
    let found = judgement.findings.iter().filter(|f| f.threat.is_none());
    found
        .map(|f| {
            let element = model.element(f.element).name.to_string();
            (f.rule.id.to_string(), element)
        })
        .collect()
}

/// Whose attribute, which, and what is said of it.
type Said = (Owner, &'static str, Value);

/// Everything that a model could say more about: whose attribute, and which.
fn unsaid(model: &Model) -> Vec<(Owner, &'static Attribute)> {
    let mut open = Vec::new();
    for id in model.ids() {
        let own = model.element(id).class.attributes().into_iter();
        open.extend(own.map(|attribute| (Owner::Element(id), attribute)));
        let controls = Class::Controls.attributes().into_iter();
        open.extend(controls.map(|attribute| (Owner::Controls(id), attribute)));
    }
    for at in 0..model.data.len() as u32 {
        let own = Class::Data.attributes().into_iter();
        open.extend(own.map(|attribute| (Owner::Data(DataId(at)), attribute)));
    }
    open.retain(|(owner, attribute)| {
        let slot = model.slot(*owner, &Attr::named(attribute.name));
        slot.is_some_and(|slot| slot.origin == Origin::Default)
    });
    open
}

/// The model in which these attributes are said as well.
fn saying(model: &Model, said: &[Said]) -> Model {
    let mut told = model.clone();
    for element in &mut told.elements {
        element.inferred.clear();
    }
    for (owner, name, value) in said {
        let attr = Attr::named(name);
        match owner {
            Owner::Element(id) => {
                let place = told.element(*id).place.clone();
                let slot = Slot::declared(value.clone(), place);
                told.element_mut(*id).slots.set(attr, slot);
            }
            Owner::Controls(id) => {
                let place = told.element(*id).place.clone();
                let slot = Slot::declared(value.clone(), place);
                told.element_mut(*id).controls.set(attr, slot);
            }
            Owner::Data(id) => {
                let datum = &mut told.data[id.0 as usize];
                let slot = Slot::declared(value.clone(), datum.place.clone());
                datum.slots.set(attr, slot);
            }
        }
    }
    derive(&mut told);
    told
}

fn value(attribute: &Attribute, safe: Fallback) -> Value {
    match (safe, attribute.kind) {
        (Fallback::Bool(flag), _) => Value::Bool(flag),
        (Fallback::Text(text), _) => Value::text(text),
        (Fallback::Member(member), Kind::Enum(of)) => {
            Value::Member(of, of.position(member).unwrap())
        }
        other => panic!("{}: {other:?}", attribute.name),
    }
}

fn named(model: &Model, owner: Owner) -> String {
    match owner {
        Owner::Element(id) | Owner::Controls(id) => model.element(id).name.to_string(),
        Owner::Data(id) => model.datum(id).name.to_string(),
    }
}

/// How many elements of one class are given an answer alone every time. All together have
/// it anyway, and controls are then only given to all.
const ALONE: usize = 1;

fn class(model: &Model, owner: Owner) -> Option<Class> {
    match owner {
        Owner::Element(id) | Owner::Controls(id) => Some(model.element(id).class),
        Owner::Data(_) => None,
    }
}

/// From these much else follows, so that any rule may answer otherwise.
const DERIVED_FROM: [&str; 3] = ["isAdmin", "isCredentials", "isPassword"];

/// The rules that may answer otherwise once an attribute is said, by attribute.
fn readers(rules: &[CompiledRule]) -> BTreeMap<String, Vec<CompiledRule>> {
    let mut readers: BTreeMap<String, Vec<CompiledRule>> = BTreeMap::new();
    for rule in rules {
        let reads = rule.condition.iter().flat_map(|it| it.reads());
        let names: BTreeSet<_> = reads.map(|read| read.attribute.to_string()).collect();
        for name in names {
            readers.entry(name).or_default().push(rule.clone());
        }
    }
    for name in DERIVED_FROM {
        readers.insert(name.to_owned(), rules.to_vec());
    }
    readers
}

/// Whether the attribute has a meaning on what it belongs to: only credentials live long
/// or short.
fn makes_sense(model: &Model, owner: Owner, attribute: &Attribute) -> bool {
    attribute.name != "credentialsLife"
        || model
            .slot(owner, &Attr::named("isCredentials"))
            .is_some_and(|slot| slot.value.is_true())
}

/// Of the answers that are given alone beyond these, one in so many is tried each time.
const SAMPLE: u32 = 32;

/// Whether an answer is in the sample: always the same ones, of every model and attribute.
fn is_sampled(model: &Model, said: &Said) -> bool {
    let text = format!("{} {} {}", model.path(), named(model, said.0), said.1);
    let hash = |hash: u32, byte: u8| hash.wrapping_mul(16_777_619) ^ u32::from(byte);
    text.bytes().fold(2_166_136_261, hash) % SAMPLE == 0
}

/// Whether an answer is given alone too: to the first elements of each class, or as wanted.
fn alone(first: usize, said: &Said, wanted: bool) -> bool {
    wanted || (first <= ALONE && !matches!(said.0, Owner::Controls(_)))
}

/// What safe answers add to what fails, each given to all that lack it, and alone to the
/// first of each class and to those that are wanted.
fn worse(wanted: impl Fn(&Model, &Said) -> bool + Sync) -> Vec<String> {
    let rules = gating();
    let readers = readers(&rules);
    let models = models();
    assert!(models.len() > 50, "{}", models.len());
    let worse = models.par_iter().flat_map_iter(|model| {
        let before = failing(model, &rules);
        let mut together: BTreeMap<&str, Vec<Said>> = BTreeMap::new();
        for (owner, attribute) in unsaid(model) {
            if let Some(safe) = attribute.safe()
                && makes_sense(model, owner, attribute)
            {
                let said = (owner, attribute.name, value(attribute, safe));
                together.entry(attribute.name).or_default().push(said);
            }
        }
        let mut worse = Vec::new();
        let mut judge = |rules: &[CompiledRule], said: &[Said], whose: &str| {
            let after = failing(&saying(model, said), rules);
            for (rule, element) in after.difference(&before) {
                let path = model.path();
                let (_, name, _) = said[0];
                worse.push(format!(
                    "{path}: {name} of {whose} adds {rule} on {element}"
                ));
            }
        };
        for (name, all) in together {
            let Some(readers) = readers.get(name) else {
                continue;
            };
            judge(readers, &all, "all");
            let mut tried: BTreeMap<Option<Class>, usize> = BTreeMap::new();
            for said in all {
                let tried = tried.entry(class(model, said.0)).or_default();
                *tried += 1;
                if alone(*tried, &said, wanted(model, &said)) {
                    let whose = named(model, said.0);
                    judge(readers, &[said], &whose);
                }
            }
        }
        worse
    });
    worse.collect()
}

#[test]
fn a_safe_answer_never_adds_a_finding_that_fails() {
    let worse = worse(is_sampled);
    let times = worse.len();
    assert!(worse.is_empty(), "{times} times:\n{}", worse.join("\n"));
}

#[test]
#[ignore = "minutes: scripts/test-all"]
fn no_safe_answer_on_any_element_adds_a_finding_that_fails() {
    let worse = worse(|_, _| true);
    let times = worse.len();
    assert!(worse.is_empty(), "{times} times:\n{}", worse.join("\n"));
}
