//! The example of a well-protected system: nothing of weight is found, and every
//! control that it states carries weight.

use std::fs;
use std::sync::Arc;

use rayon::prelude::*;
use tmrs::discover::Filter;
use tmrs::evaluate::Overrides;
use tmrs::model::Owner;
use tmrs::pipeline::{self, Judged, Request};
use tmrs::read::ReadOptions;
use tmrs::rules::{self, Catalogue, CatalogueSettings, Pack, Severity, ThreatsFilePolicy};
use tmrs::source::{Memory, RepoPath, Source, Span};
use tmrs::syntax::{self, tree::Node};

use crate::shared;

const PATH: &str = "examples/hardened/threat-model.yaml";

fn text() -> String {
    fs::read_to_string(shared::root().join(PATH)).unwrap()
}

fn catalogue(packs: Vec<Pack>) -> Catalogue {
    let settings = CatalogueSettings {
        packs,
        ..CatalogueSettings::default()
    };
    rules::load(&settings).unwrap().0
}

fn judge(text: &str, catalogue: &Catalogue) -> Judged {
    let tree = Memory::new([(PATH, text)]);
    let request = Request {
        tree: &tree,
        filter: Filter {
            paths: vec![RepoPath::new(PATH).unwrap()],
            ..Filter::default()
        },
        read: ReadOptions::default(),
        per_model: Vec::new(),
    };
    let readings = pipeline::read(&request).unwrap();
    let replace = ThreatsFilePolicy::Replace;
    let judged = pipeline::judge(readings, &tree, catalogue, replace, Overrides::Keep);
    assert!(!judged.incomplete, "{:#?}", judged.notices);
    judged
}

/// One control of one element: where its value stands.
struct Stated {
    element: String,
    control: String,
    value: Span,
}

fn stated(source: &Arc<Source>) -> Vec<Stated> {
    let root = syntax::parse(source).root.unwrap();
    let entries = |node: &Node| node.as_map().unwrap_or_default().to_vec();
    let mut all = Vec::new();
    for section in ["boundaries", "elements", "flows"] {
        for (key, element) in entries(root.get(section).unwrap()) {
            for (control, value) in element.get("controls").map(entries).unwrap_or_default() {
                assert_eq!(value.as_bool(), Some(true), "{}", control.text);
                all.push(Stated {
                    element: key.text.to_string(),
                    control: control.text.to_string(),
                    value: value.span,
                });
            }
        }
    }
    all
}

/// Whether some finding rests on that control being false where it was taken away.
fn named(judged: &Judged, taken: &Stated) -> bool {
    let wanted = format!("controls.{}", taken.control);
    judged.findings.iter().any(|finding| {
        let model = judged.model_of(finding);
        let rule = judged.rule_of(finding).unwrap();
        let facts = rule.condition.as_ref().unwrap();
        facts
            .facts(model, finding.element)
            .iter()
            .any(|fact| match fact.owner {
                Some(Owner::Controls(id)) => {
                    let slot = model
                        .element(id)
                        .control(&tmrs::model::Attr::named(&taken.control));
                    fact.attribute.ends_with(&wanted)
                        && slot.is_some_and(|slot| {
                            slot.place.as_ref().is_some_and(|place| {
                                place.span.start <= taken.value.start
                                    && taken.value.start <= place.span.end
                            })
                        })
                }
                _ => false,
            })
    })
}

#[test]
fn the_hardened_example_has_no_finding_of_medium_severity_or_higher() {
    let judged = judge(&text(), &catalogue(Pack::ALL.to_vec()));
    let found: Vec<String> = judged
        .findings
        .iter()
        .filter(|finding| finding.rule.pack != Pack::Extended)
        .filter(|finding| finding.severity >= Severity::Medium)
        .map(|finding| {
            let element = judged.model_of(finding).element(finding.element);
            format!("{} {}", finding.rule.id, element.name)
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
    assert!(judged.notices.is_empty(), "{:#?}", judged.notices);
}

#[test]
fn taking_any_control_of_the_hardened_example_away_yields_a_finding_that_names_it() {
    let text = text();
    let source = Source::new(RepoPath::new(PATH).unwrap(), text.clone());
    let catalogue = catalogue(vec![Pack::Core]);
    let all = stated(&source);
    assert!(all.len() > 200, "{}", all.len());
    let idle: Vec<String> = all
        .par_iter()
        .filter(|taken| {
            let mut without = text.clone();
            without.replace_range(taken.value.range(), "false");
            !named(&judge(&without, &catalogue), taken)
        })
        .map(|taken| format!("{}.{}", taken.element, taken.control))
        .collect();
    assert!(idle.is_empty(), "{} carry no weight: {idle:#?}", idle.len());
}
