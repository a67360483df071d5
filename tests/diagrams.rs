//! Diagrams hold what pytm's own hold: the same nodes in the same boundaries,
//! the same flows, levels, merged responses and colours, the same sequence. The
//! goldens are pytm 1.4.0's drawings of our own models (`scripts/diagram-goldens`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value as Json, json};
use tmrs::draw::diagram::{Node, Part, Tone};
use tmrs::draw::sequence::Role;
use tmrs::draw::{Diagram, Options, Sequence};
use tmrs::report::{ModelInfo, Report, Severity};

use crate::harness::Repo;
use crate::shared::root;

/// A difference: model, part, row, who has it.
type Difference = (String, String, String, &'static str);

fn goldens() -> Vec<(String, Json)> {
    let folder = root().join("tests/goldens/diagrams");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .filter(|path| path.file_name().unwrap() != "differences.json")
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(path).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect()
}

/// What tmrs reads in a file.
pub fn report(model: &str) -> Report {
    let output = Command::new(env!("CARGO_BIN_EXE_tmrs"))
        .args([
            "check",
            model,
            "--format",
            "json",
            "--no-default-rules",
            "--allow-no-rules",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The rows that one side has and the other lacks; equal rows are counted.
fn compare(name: &str, part: &str, ours: &[Json], theirs: &Json, found: &mut Vec<Difference>) {
    let count = |rows: &[Json]| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows {
            *counts.entry(row.to_string()).or_default() += 1;
        }
        counts
    };
    let (ours, theirs) = (count(ours), count(theirs.as_array().unwrap()));
    for (mine, other, side) in [(&ours, &theirs, "ours"), (&theirs, &ours, "theirs")] {
        for (row, times) in mine {
            if other.get(row).copied().unwrap_or(0) < *times {
                found.push((name.into(), part.into(), row.clone(), side));
            }
        }
    }
}

/// Nodes with the boundaries around them, boundaries, flows.
fn shape(diagram: &Diagram, names: &BTreeMap<u32, String>) -> [Vec<Json>; 3] {
    let (mut nodes, mut boundaries, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for part in &diagram.parts {
        match part {
            Part::Open(zone) => {
                open.push(zone.name.clone());
                boundaries.push(json!(open));
            }
            Part::Node(Node { class, .. }) if class == "Boundary" => {}
            Part::Node(node) => {
                let mut row = open.clone();
                row.extend([node.class.clone(), node.name.clone()]);
                nodes.push(json!(row));
            }
            Part::Close => {
                open.pop();
            }
        }
    }
    let flows = diagram.flows.iter().map(|flow| {
        let mut label = flow.label.clone();
        if let Some((response, _)) = &flow.response {
            label = format!("{label} {response}");
        }
        json!([
            names[&flow.source],
            names[&flow.sink],
            label,
            flow.response.is_some()
        ])
    });
    let flows = flows.collect();
    [nodes, boundaries, flows]
}

fn names(model: &ModelInfo) -> BTreeMap<u32, String> {
    let nodes = model.graph.elements.iter().chain(&model.graph.boundaries);
    nodes.map(|node| (node.id, line(&node.name))).collect()
}

fn compare_dfd(
    name: &str,
    part: &str,
    model: &ModelInfo,
    options: &Options,
    golden: &Json,
    found: &mut Vec<Difference>,
) {
    let diagram = Diagram::new(&model.name, &model.graph, options);
    let [nodes, boundaries, flows] = shape(&diagram, &names(model));
    for (what, rows) in [
        ("nodes", nodes),
        ("boundaries", boundaries),
        ("flows", flows),
    ] {
        compare(name, &format!("{part} {what}"), &rows, &golden[what], found);
    }
}

fn compare_sequence(name: &str, model: &ModelInfo, golden: &Json, found: &mut Vec<Difference>) {
    let sequence = Sequence::new(&model.name, &model.graph);
    let names = names(model);
    let role = |role| match role {
        Role::Actor => "actor",
        Role::Store => "database",
        Role::Entity => "entity",
    };
    let participants = sequence
        .participants
        .iter()
        .map(|p| json!([role(p.role), p.name]));
    let participants: Vec<Json> = participants.collect();
    compare(
        name,
        "sequence participants",
        &participants,
        &golden["participants"],
        found,
    );
    let messages = sequence.messages.iter().enumerate().map(|(at, m)| {
        json!([
            at,
            names[&m.source],
            names[&m.sink],
            m.label,
            m.note.join(" ")
        ])
    });
    let theirs = golden["messages"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let note = row[3]
                .as_str()
                .unwrap()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            json!([at, row[0], row[1], row[2], note])
        });
    let theirs = Json::Array(theirs.collect());
    compare(
        name,
        "sequence messages",
        &messages.collect::<Vec<_>>(),
        &theirs,
        found,
    );
}

/// A text as diagrams show it: on one line, single blanks.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Severities by element, from what pytm found by its own threats.
fn severities(model: &ModelInfo, golden: &Json) -> BTreeMap<u32, Severity> {
    let names = names(model);
    let mut by_name: BTreeMap<(String, String, String, String), u32> = BTreeMap::new();
    for node in model.graph.elements.iter().chain(&model.graph.boundaries) {
        by_name.insert(
            (
                node.class.clone(),
                line(&node.name),
                String::new(),
                String::new(),
            ),
            node.id,
        );
    }
    for flow in &model.graph.flows {
        let ends = (names[&flow.source].clone(), names[&flow.sink].clone());
        by_name.insert(
            ("Dataflow".into(), line(&flow.name), ends.0, ends.1),
            flow.id,
        );
    }
    let mut worst: BTreeMap<u32, Severity> = BTreeMap::new();
    for row in golden["findings"].as_array().unwrap() {
        let text = |at: usize| row[at].as_str().map(line).unwrap_or_default();
        let severity = match text(5).to_lowercase().as_str() {
            "very high" | "critical" => Severity::Critical,
            "high" => Severity::High,
            "medium" => Severity::Medium,
            "low" => Severity::Low,
            _ => Severity::Info,
        };
        if let Some(id) = by_name.get(&(text(1), text(2), text(3), text(4))) {
            let entry = worst.entry(*id).or_insert(severity);
            *entry = (*entry).max(severity);
        }
    }
    worst
}

/// pytm has three colours: red for the highest severity, green for the lowest,
/// nothing and what is out of scope, gold between.
fn compare_colours(
    name: &str,
    model: &ModelInfo,
    findings: &Json,
    golden: &Json,
    found: &mut Vec<Difference>,
) {
    let options = Options {
        severities: Some(severities(model, findings)),
        ..Options::default()
    };
    let colour = |tone: Tone| match tone {
        Tone::Worst(Severity::Critical) => "firebrick3",
        Tone::Worst(Severity::High | Severity::Medium | Severity::Low) => "gold",
        _ => "darkgreen",
    };
    let diagram = Diagram::new(&model.name, &model.graph, &options);
    let nodes = diagram.parts.iter().filter_map(|part| match part {
        Part::Node(node) if node.class != "Boundary" => {
            Some(json!([node.class, node.name, colour(node.tone)]))
        }
        _ => None,
    });
    let flows = diagram.flows.iter().map(|flow| {
        let response = flow.response.as_ref().map(|(label, _)| format!(" {label}"));
        let label = format!("{}{}", flow.label, response.unwrap_or_default());
        json!(["Dataflow", label, colour(flow.tone)])
    });
    compare(
        name,
        "colours",
        &nodes.chain(flows).collect::<Vec<_>>(),
        golden,
        found,
    );
}

#[test]
fn diagrams_hold_what_pytms_hold_but_for_listed_differences() {
    let mut found = Vec::new();
    let goldens = goldens();
    assert!(goldens.len() >= 45);
    for (name, golden) in &goldens {
        let report = report(golden["model"].as_str().unwrap());
        let runs = golden["runs"].as_array().unwrap();
        // A model with threats of its own is coloured by these.
        let own = root().join(format!("tests/goldens/{name}.own.json"));
        let stock = root().join(format!("tests/goldens/{name}.json"));
        let findings = fs::read_to_string(own).or_else(|_| fs::read_to_string(stock));
        let findings = findings.unwrap();
        let findings: Json = serde_json::from_str(&findings).unwrap();
        assert_eq!(report.models.len(), runs.len(), "{name}");
        for (at, (model, run)) in report.models.iter().zip(runs).enumerate() {
            compare_dfd(
                name,
                "dfd",
                model,
                &Options::default(),
                &run["dfd"],
                &mut found,
            );
            for (level, golden) in run["levels"].as_object().into_iter().flatten() {
                let options = Options {
                    levels: [level.parse().unwrap()].into(),
                    ..Options::default()
                };
                compare_dfd(
                    name,
                    &format!("level {level}"),
                    model,
                    &options,
                    golden,
                    &mut found,
                );
            }
            compare_sequence(name, model, &run["seq"], &mut found);
            compare_colours(
                name,
                model,
                &findings["runs"][at],
                &run["colours"],
                &mut found,
            );
        }
    }
    let listed =
        fs::read_to_string(root().join("tests/goldens/diagrams/differences.json")).unwrap();
    let listed: Vec<Json> = serde_json::from_str(&listed).unwrap();
    let listed: BTreeSet<(String, String, String, String)> = listed
        .iter()
        .map(|item| {
            assert!(item["reason"].as_str().unwrap().len() > 20, "{item}");
            let text = |key: &str| item[key].as_str().unwrap().to_owned();
            (
                text("model"),
                text("part"),
                item["row"].to_string(),
                text("side"),
            )
        })
        .collect();
    let found: BTreeSet<(String, String, String, String)> = found
        .into_iter()
        .map(|(model, part, row, side)| (model, part, row, side.to_owned()))
        .collect();
    let new: Vec<_> = found.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&found).collect();
    assert!(
        new.is_empty() && stale.is_empty(),
        "not listed: {new:?}\nlisted, but gone: {stale:?}"
    );
}

/// The lines of a diagram that have a mark.
fn marked(text: &str, mark: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.contains(mark));
    let name = |line: &str| -> String {
        let label = line.split(['"', '(']).find(|part| part.contains("<br/>"));
        label.unwrap().split("<br/>").next().unwrap().to_owned()
    };
    lines.map(name).collect()
}

#[test]
fn new_and_changed_parts_are_marked_since_a_revision() {
    const MODEL: &str = "tmrs: 1\nname: Shop\nboundaries:\n  z: {name: Zone}\nelements:\n  \
        a: {class: Actor, name: User}\n  w: {class: Server, name: Web, inBoundary: z}\nflows:\n  \
        f: {source: a, sink: w, name: Ask}\n";
    let repo = Repo::with(&[("m.yaml", MODEL)]);
    let drawn = |arguments: &[&str]| {
        let mut all = vec!["dfd", "--format", "mermaid"];
        all.extend(arguments);
        let run = repo.tmrs(&all);
        assert_eq!(run.code, 0, "{}", run.err);
        run.out
    };
    let unchanged = drawn(&["--since", "HEAD"]);
    assert_eq!(unchanged, drawn(&[]));
    repo.edit(
        "m.yaml",
        "name: Web, inBoundary: z",
        "name: Web, inBoundary: z, protocol: HTTPS",
    );
    repo.edit(
        "m.yaml",
        "flows:\n",
        "  d: {class: Datastore, name: Orders}\nflows:\n  g: {source: w, sink: d, name: Save}\n",
    );
    let changed = drawn(&["--since", "HEAD"]);
    assert_eq!(marked(&changed, "(new)"), ["Orders", "Save"]);
    assert_eq!(marked(&changed, "(changed)"), ["Web"]);
    assert_eq!(drawn(&["--since", "HEAD"]), changed);
    assert!(!drawn(&[]).contains("(new)"));

    // A file that moved is no new model; a model that was not there is new.
    repo.commit("Grow");
    repo.git(&["mv", "m.yaml", "moved.yaml"]);
    assert!(!drawn(&["--since", "HEAD"]).contains("(new)"));
    repo.write(
        "n.yaml",
        "tmrs: 1\nname: Pay\nelements:\n  a: {class: Actor, name: Payer}\n",
    );
    assert_eq!(
        marked(&drawn(&["n.yaml", "--since", "HEAD"]), "(new)"),
        ["Payer"]
    );

    let run = repo.tmrs(&["dfd", "n.yaml", "--since", "nowhere"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("nowhere"), "{}", run.err);
}

#[test]
fn a_part_of_a_model_is_drawn_with_what_it_is_connected_to() {
    const MODEL: &str = "tmrs: 1\nname: Shop\nboundaries:\n  outer: {name: Cloud}\n  \
        inner: {name: Stores, inBoundary: outer}\nelements:\n  a: {class: Actor, name: Shopper}\n  \
        w: {class: Server, name: Front}\n  p: {class: Server, name: Payments API}\n  \
        d: {class: Datastore, name: Orders, inBoundary: inner}\n  l: {class: Server, name: Ledger}\n\
        flows:\n  f: {source: a, sink: w, name: Buy}\n  g: {source: w, sink: p, name: Charge}\n  \
        h: {source: w, sink: d, name: Save}\n  i: {source: p, sink: l, name: Book}\n";
    let names = [
        "Shopper",
        "Front",
        "Payments API",
        "Orders",
        "Ledger",
        "Stores",
        "Cloud",
    ];
    let repo = Repo::with(&[("m.yaml", MODEL)]);
    let cases: [(&[&str], &[&str]); 5] = [
        (&[], &names),
        (&["--around", "Ledger"], &["Payments API", "Ledger"]),
        (
            &["--around", "payments"],
            &["Front", "Payments API", "Ledger"],
        ),
        (
            &["--boundary", "Cloud"],
            &["Front", "Orders", "Stores", "Cloud"],
        ),
        (
            &["--boundary", "Stores", "--around", "Ledger"],
            &[
                "Front",
                "Payments API",
                "Orders",
                "Ledger",
                "Stores",
                "Cloud",
            ],
        ),
    ];
    for (arguments, expected) in cases {
        for format in ["dot", "mermaid", "svg"] {
            let run = repo.tmrs(&[&["dfd", "-f", format], arguments].concat());
            assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
            let drawn = |name: &&&str| run.out.contains(**name);
            let drawn: Vec<&str> = names.iter().filter(drawn).copied().collect();
            assert_eq!(drawn, expected, "{arguments:?} as {format}");
        }
    }
    for (arguments, words) in [
        (["--around", "Legder"], "no element is called “Legder”"),
        (["--around", "Legder"], "did you mean “Ledger”?"),
        (["--boundary", "Orders"], "no boundary is called “Orders”"),
    ] {
        let run = repo.tmrs(&[&["dfd"], &arguments[..]].concat());
        assert_eq!(run.code, 2, "{}", run.out);
        assert!(run.err.contains(words), "{}", run.err);
    }
}

#[test]
fn a_model_is_split_into_a_picture_for_each_boundary_with_elements() {
    const MODEL: &str = "tmrs: 1\nname: Shop\nboundaries:\n  outer: {name: Cloud}\n  \
        inner: {name: Stores, inBoundary: outer}\n  edge: {name: Edge, inBoundary: outer}\nelements:\n  \
        a: {class: Actor, name: Shopper}\n  b: {class: Actor, name: Courier}\n  \
        w: {class: Server, name: Front, inBoundary: edge}\n  \
        p: {class: Server, name: Payments, inBoundary: edge}\n  \
        d: {class: Datastore, name: Orders, inBoundary: inner}\nflows:\n  \
        f: {source: a, sink: w, name: Buy}\n  g: {source: w, sink: p, name: Charge}\n  \
        h: {source: p, sink: d, name: Save}\n  i: {source: a, sink: b, name: Wave}\n";
    let repo = Repo::with(&[("m.yaml", MODEL)]);
    let run = repo.tmrs(&["dfd", "--split", "-f", "mermaid", "-o", "parts"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let names = [
        "Shopper", "Courier", "Front", "Payments", "Orders", "Buy", "Charge", "Save", "Wave",
    ];
    let drawn = |file: &str| {
        let page = repo.read(file);
        let here = |name: &&&str| {
            page.contains(&format!("\"{name}")) || page.contains(&format!(" {name}"))
        };
        names
            .iter()
            .filter(here)
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        drawn("parts/shop-edge.dfd.mmd"),
        "Shopper Front Payments Orders Buy Charge Save"
    );
    assert_eq!(drawn("parts/shop-stores.dfd.mmd"), "Payments Orders Save");
    assert_eq!(
        drawn("parts/shop.dfd.mmd"),
        "Shopper Courier Front Buy Wave"
    );
    assert!(!repo.path("parts/shop-cloud.dfd.mmd").exists());

    let run = repo.tmrs(&["dfd", "--split"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("--split draws 3 pictures"), "{}", run.err);
    assert!(run.err.contains("--output FOLDER"), "{}", run.err);
}

#[test]
fn a_model_that_is_too_large_for_a_picture_says_how_to_draw_a_part() {
    let mut model = String::from("tmrs: 1\nname: Large\nelements:\n");
    for at in 0..300 {
        model.push_str(&format!("  e{at}: {{class: Server, name: Service {at}}}\n"));
    }
    model.push_str("flows:\n  f: {source: e0, sink: e1, name: Ask}\n");
    let repo = Repo::with(&[("m.yaml", &model)]);
    let run = repo.tmrs(&["dfd", "-f", "svg"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("300 elements and 1 flow"), "{}", run.err);
    assert!(run.err.contains("--around ELEMENT"), "{}", run.err);
    let run = repo.tmrs(&["dfd", "-f", "svg", "--around", "Service 1"]);
    assert_eq!(run.code, 0, "{}", run.err);
}
