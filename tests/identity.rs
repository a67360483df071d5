//! Who a finding is: nothing but names, classes and a flow's ends (docs/semantics.md §4).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use proptest::prelude::*;
use tmrs::condition::Names;
use tmrs::discover::Filter;
use tmrs::evaluate::Overrides;
use tmrs::pipeline::{self, Request};
use tmrs::read::ReadOptions;
use tmrs::rules::{self, Catalogue, CatalogueSettings, ThreatsFilePolicy};
use tmrs::source::Memory;

/// A model as its author thinks of it.
#[derive(Clone, Debug)]
struct Sketch {
    name: String,
    boundaries: Vec<String>,
    /// Class, name, position of the boundary.
    elements: Vec<(&'static str, String, Option<usize>)>,
    /// Name, source, sink.
    flows: Vec<(String, usize, usize)>,
}

/// How it is written down.
#[derive(Clone, Debug)]
struct Style {
    path: &'static str,
    format: Format,
    /// Of ids or variables.
    prefix: &'static str,
    reversed: bool,
    remarks: usize,
}

#[derive(Clone, Copy, Debug)]
enum Format {
    Yaml,
    Json,
    Python,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let settings = CatalogueSettings {
        names: Names::vocabulary(),
        ..CatalogueSettings::default()
    };
    rules::load(&settings).unwrap().0
});

/// Fingerprints of every finding, by class and name of its element.
fn fingerprints(sketch: &Sketch, style: &Style) -> BTreeMap<(String, String), BTreeSet<String>> {
    let text = match style.format {
        Format::Yaml => yaml(sketch, style),
        Format::Json => json(sketch, style),
        Format::Python => python(sketch, style),
    };
    let ending = match style.format {
        Format::Yaml => "yaml",
        Format::Json => "json",
        Format::Python => "py",
    };
    let tree = Memory::new([(format!("{}.{ending}", style.path), text.clone())]);
    let readings = pipeline::read(&Request {
        tree: &tree,
        filter: Filter::default(),
        read: ReadOptions::default(),
        per_model: Vec::new(),
    });
    let readings = readings.unwrap();
    assert!(!readings.incomplete, "{:#?}\n{text}", readings.notices);
    let judged = pipeline::judge(
        readings,
        &tree,
        &CATALOGUE,
        ThreatsFilePolicy::default(),
        Overrides::default(),
    );
    assert_eq!(judged.models.len(), 1, "{text}");
    let mut found: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for finding in &judged.findings {
        let element = judged.model_of(finding).element(finding.element);
        let key = (element.class.name().to_owned(), element.name.to_string());
        let new = found
            .entry(key)
            .or_default()
            .insert(finding.fingerprint.to_string());
        assert!(new, "two findings of one fingerprint: {finding:?}");
    }
    found
}

/// Positions in the order in which they are written.
fn order(count: usize, style: &Style) -> Vec<usize> {
    if style.reversed {
        (0..count).rev().collect()
    } else {
        (0..count).collect()
    }
}

fn yaml(sketch: &Sketch, style: &Style) -> String {
    let p = style.prefix;
    let mut text = "# a remark\n\n".repeat(style.remarks);
    let _ = write!(text, "tmrs: 1\nname: {:?}\nboundaries:\n", sketch.name);
    for at in order(sketch.boundaries.len(), style) {
        let _ = writeln!(text, "  {p}b{at}: {{name: {:?}}}", sketch.boundaries[at]);
    }
    text.push_str("elements:\n");
    for at in order(sketch.elements.len(), style) {
        let (class, name, boundary) = &sketch.elements[at];
        let _ = writeln!(text, "  {p}e{at}:\n    class: {class}\n    name: {name:?}");
        if let Some(boundary) = boundary {
            let _ = writeln!(text, "    inBoundary: {p}b{boundary}");
        }
        text.push_str(&"    # more\n".repeat(style.remarks));
    }
    text.push_str("flows:\n");
    for at in order(sketch.flows.len(), style) {
        let (name, source, sink) = &sketch.flows[at];
        let _ = writeln!(
            text,
            "  {p}f{at}: {{source: {p}e{source}, sink: {p}e{sink}, name: {name:?}}}"
        );
    }
    text
}

fn json(sketch: &Sketch, style: &Style) -> String {
    use serde_json::{Map, Value, json};
    let p = style.prefix;
    let (mut boundaries, mut elements, mut flows) = (Map::new(), Map::new(), Map::new());
    for at in order(sketch.boundaries.len(), style) {
        boundaries.insert(format!("{p}b{at}"), json!({"name": sketch.boundaries[at]}));
    }
    for at in order(sketch.elements.len(), style) {
        let (class, name, boundary) = &sketch.elements[at];
        let mut element = json!({"class": class, "name": name});
        if let Some(boundary) = boundary {
            element["inBoundary"] = Value::from(format!("{p}b{boundary}"));
        }
        elements.insert(format!("{p}e{at}"), element);
    }
    for at in order(sketch.flows.len(), style) {
        let (name, source, sink) = &sketch.flows[at];
        let flow =
            json!({"source": format!("{p}e{source}"), "sink": format!("{p}e{sink}"), "name": name});
        flows.insert(format!("{p}f{at}"), flow);
    }
    let model = json!({
        "tmrs": 1, "name": sketch.name,
        "boundaries": boundaries, "elements": elements, "flows": flows,
    });
    if style.remarks > 0 {
        serde_json::to_string_pretty(&model).unwrap()
    } else {
        model.to_string()
    }
}

fn python(sketch: &Sketch, style: &Style) -> String {
    let p = style.prefix;
    let mut text = "# a remark\n\n".repeat(style.remarks);
    text.push_str("from pytm import *\n");
    let _ = writeln!(text, "{p}tm = TM({:?})", sketch.name);
    for at in order(sketch.boundaries.len(), style) {
        let _ = writeln!(text, "{p}b{at} = Boundary({:?})", sketch.boundaries[at]);
    }
    for at in order(sketch.elements.len(), style) {
        let (class, name, boundary) = &sketch.elements[at];
        let _ = writeln!(text, "{p}e{at} = {class}({name:?})");
        if let Some(boundary) = boundary {
            let _ = writeln!(text, "{p}e{at}.inBoundary = {p}b{boundary}");
        }
        text.push_str(&"# more\n".repeat(style.remarks));
    }
    for at in order(sketch.flows.len(), style) {
        let (name, source, sink) = &sketch.flows[at];
        let _ = writeln!(
            text,
            "{p}f{at} = Dataflow({p}e{source}, {p}e{sink}, {name:?})"
        );
    }
    let _ = writeln!(text, "{p}tm.process()");
    text
}

const CLASSES: [&str; 6] = [
    "Actor",
    "Server",
    "Process",
    "Datastore",
    "Lambda",
    "ExternalEntity",
];

fn sketches() -> impl Strategy<Value = Sketch> {
    let element = (
        0..CLASSES.len(),
        proptest::option::of(0..2_usize),
        "[A-Za-zé ]{0,6}",
    );
    let flow = (0..6_usize, 0..6_usize, "[a-z/é]{0,5}");
    (
        "[A-Z][a-zö ]{0,8}[a-z]",
        proptest::collection::vec(element, 2..6),
        proptest::collection::vec(flow, 0..5),
    )
        .prop_map(|(name, elements, flows)| {
            let count = elements.len();
            Sketch {
                name,
                boundaries: vec!["Internet".into(), "Cluster".into()],
                elements: elements
                    .into_iter()
                    .enumerate()
                    .map(|(at, (class, boundary, name))| {
                        (CLASSES[class], format!("{at} {}", name.trim()), boundary)
                    })
                    .collect(),
                flows: flows
                    .into_iter()
                    .enumerate()
                    .map(|(at, (source, sink, name))| {
                        let source = source % count;
                        let sink = sink % count;
                        let sink = if sink == source {
                            (sink + 1) % count
                        } else {
                            sink
                        };
                        (format!("{name} {at}"), source, sink)
                    })
                    .collect(),
            }
        })
}

fn styles() -> impl Strategy<Value = Style> {
    (
        prop_oneof![Just("tm"), Just("services/pay/threatmodel")],
        prop_oneof![Just(Format::Yaml), Just(Format::Json), Just(Format::Python)],
        prop_oneof![Just(""), Just("x_"), Just("my")],
        any::<bool>(),
        0..3_usize,
    )
        .prop_map(|(path, format, prefix, reversed, remarks)| Style {
            path,
            format,
            prefix,
            reversed,
            remarks,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn writing_a_model_in_another_way_changes_no_fingerprint(
        sketch in sketches(), one in styles(), other in styles()
    ) {
        prop_assert_eq!(fingerprints(&sketch, &one), fingerprints(&sketch, &other));
    }

    #[test]
    fn unrelated_elements_change_no_fingerprint(sketch in sketches(), style in styles()) {
        let before = fingerprints(&sketch, &style);
        let mut more = sketch.clone();
        more.elements.push(("Server", "New Server".into(), None));
        more.elements.push(("Actor", "New Actor".into(), None));
        let (actor, server) = (more.elements.len() - 1, more.elements.len() - 2);
        more.flows.push(("new flow".into(), actor, server));
        more.boundaries.push("New Boundary".into());
        let mut after = fingerprints(&more, &style);
        after.retain(|(_, name), _| !name.to_lowercase().starts_with("new "));
        prop_assert_eq!(before, after);
    }

    #[test]
    fn another_name_class_or_end_is_another_finding(
        sketch in sketches(), style in styles(), which in any::<prop::sample::Index>()
    ) {
        let all = |found: BTreeMap<(String, String), BTreeSet<String>>| -> BTreeSet<String> {
            found.into_values().flatten().collect()
        };
        let at = which.index(sketch.elements.len());
        let (class, name, _) = sketch.elements[at].clone();
        let own = fingerprints(&sketch, &style).remove(&(class.into(), name)).unwrap_or_default();
        let mut renamed = sketch.clone();
        renamed.elements[at].1 += "x";
        prop_assert!(all(fingerprints(&renamed, &style)).is_disjoint(&own));
        let mut reclassed = sketch.clone();
        reclassed.elements[at].0 = if class == "Server" { "Lambda" } else { "Server" };
        prop_assert!(all(fingerprints(&reclassed, &style)).is_disjoint(&own));
        let mut other = sketch.clone();
        other.name += "x";
        prop_assert!(all(fingerprints(&other, &style)).is_disjoint(&all(fingerprints(&sketch, &style))));
        if let Some((name, source, sink)) = sketch.flows.first().cloned() {
            let flow = fingerprints(&sketch, &style).remove(&("Dataflow".into(), name)).unwrap_or_default();
            let mut turned = sketch.clone();
            (turned.flows[0].1, turned.flows[0].2) = (sink, source);
            prop_assert!(all(fingerprints(&turned, &style)).is_disjoint(&flow));
        }
    }
}

#[test]
fn spaces_and_composition_of_a_name_are_no_part_of_it() {
    let sketch = |name: &str| Sketch {
        name: "Shop".into(),
        boundaries: Vec::new(),
        elements: vec![("Server", name.into(), None)],
        flows: Vec::new(),
    };
    let style = Style {
        path: "tm",
        format: Format::Json,
        prefix: "",
        reversed: false,
        remarks: 0,
    };
    let of = |name: &str| -> BTreeSet<String> {
        fingerprints(&sketch(name), &style)
            .into_values()
            .flatten()
            .collect()
    };
    let plain = of("Caf\u{e9} Web");
    assert!(!plain.is_empty());
    assert_eq!(of("  Cafe\u{301}   Web "), plain);
    assert!(of("caf\u{e9} web").is_disjoint(&plain), "case is kept");
}
