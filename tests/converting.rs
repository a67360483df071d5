//! Models in other formats: what is kept, what is told to be lost, and that findings stay.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value as Json;
use tmrs::convert::{Converted, TARGETS};
use tmrs::model::Model;
use tmrs::model::vocabulary::{Class, Kind};
use tmrs::read::native::Native;
use tmrs::read::otm::Otm;
use tmrs::read::pytm::Pytm;
use tmrs::read::pytm_json::PytmJson;
use tmrs::read::threat_dragon::ThreatDragon;
use tmrs::read::tm_bom::TmBom;
use tmrs::read::{ReadOptions, Reader};
use tmrs::source::{Memory, RepoPath, Source};

use crate::harness::Repo;
use crate::shared;

/// Where pytm is: an environment of Python with it, which `scripts/test-all` makes.
fn python() -> std::path::PathBuf {
    let folders = std::env::var_os("TMRS_PYTM_THREATS").map(std::path::PathBuf::from);
    let threats = folders.expect("TMRS_PYTM_THREATS; scripts/test-all sets it");
    let mut pythons = threats.ancestors().map(|folder| folder.join("bin/python"));
    pythons.find(|python| python.exists()).unwrap()
}

#[test]
#[ignore = "runs pytm 1.4.0: scripts/test-all"]
fn pytm_runs_what_a_native_model_becomes() {
    let examples = [
        SHOP.to_owned(),
        example("native/threats/threat-model.yaml"),
        example("hardened/threat-model.yaml"),
        example("self/threat-model.yaml"),
    ];
    for text in examples {
        let repo = Repo::with(&[("m.yaml", &text)]);
        for (to, file, program) in [
            (
                "pytm",
                "m.py",
                "import runpy; runpy.run_path('m.py', run_name='__main__')",
            ),
            (
                "pytm-json",
                "m.json",
                "import pytm; pytm.load(open('m.json')).resolve()",
            ),
        ] {
            let run = repo.tmrs(&["convert", "m.yaml", "--to", to, "--output", file]);
            assert_eq!(run.code, 0, "{run:?}");
            let mut command = std::process::Command::new(python());
            command.args(["-c", program]).current_dir(repo.root());
            let run = crate::harness::run(&mut command);
            assert_eq!(run.code, 0, "{to}: {run:?}");
        }
    }
}

const SHOP: &str = include_str!("other_tools/shop.yaml");

fn convert(model: &Model, to: &str) -> Converted {
    let target = TARGETS.iter().find(|target| target.name == to).unwrap();
    (target.write)(model)
}

/// The one model of a text, which must be read completely.
fn read(reader: &dyn Reader, path: &str, text: &str) -> Model {
    let source = Source::new(RepoPath::new(path).unwrap(), text);
    let tree = Memory::new([(path, text)]);
    let mut reading = reader.read(&Arc::clone(&source), &tree, &ReadOptions::default());
    assert_eq!(reading.models.len(), 1, "{:#?}\n{text}", reading.notices);
    let model = reading.models.remove(0);
    assert!(model.complete, "{:#?}\n{text}", reading.notices);
    model
}

fn readers() -> Vec<(&'static str, &'static dyn Reader, &'static str)> {
    vec![
        ("native", &Native, "m.yaml"),
        ("native-json", &Native, "m.json"),
        ("pytm", &Pytm, "m.py"),
        ("pytm-json", &PytmJson, "m.json"),
        ("otm", &Otm, "m.otm"),
        ("threat-dragon", &ThreatDragon, "m.json"),
        ("tm-bom", &TmBom, "m.json"),
    ]
}

/// What every finding of a report says, whichever file and format it stands in.
fn judged(report: &Json) -> BTreeMap<String, Vec<String>> {
    let mut by_model: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let names: BTreeMap<&str, Vec<&str>> =
        report["models"]
            .as_array()
            .unwrap()
            .iter()
            .fold(BTreeMap::new(), |mut names, model| {
                let path = model["path"].as_str().unwrap();
                names
                    .entry(path)
                    .or_default()
                    .push(model["name"].as_str().unwrap());
                names
            });
    for finding in report["findings"].as_array().unwrap() {
        let path = finding["model"].as_str().unwrap();
        let name = finding["modelName"]
            .as_str()
            .unwrap_or_else(|| names[path][0]);
        let line = ["rule", "status", "severity", "evidence"].map(|key| finding[key].to_string());
        let element = &finding["element"];
        let ends = format!("{} {}", finding["source"], finding["sink"]);
        let line = format!(
            "{} {} {} {ends}",
            line.join(" "),
            element["class"],
            element["name"]
        );
        by_model.entry(name.to_owned()).or_default().push(line);
    }
    for lines in by_model.values_mut() {
        lines.sort();
    }
    by_model
}

/// The one model with a flow to a boundary, which only pytm can say.
const LOSES_A_FLOW: &str = "Transfers";

#[test]
fn every_pytm_model_has_the_same_findings_as_a_native_one() {
    let repo = Repo::new();
    let from = shared::root().join("tests/models");
    copy(&from, &repo.path("models"));
    let blog = shared::root().join("examples/blog/threats/tm.py");
    repo.write("models/blog.py", &fs::read_to_string(blog).unwrap());
    repo.commit("Start");
    let before = repo.report(&["models", "--allow-no-rules"]);
    let run = repo.tmrs(&["convert", "models", "--to", "native", "--output", "models"]);
    assert!(run.code == 0 || run.code == 3, "{run:?}");
    let mut only_native = Vec::new();
    for entry in fs::read_dir(repo.path("models")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with(".model.yaml") {
            only_native.push(format!(
                "models/{}",
                path.file_name().unwrap().to_string_lossy()
            ));
        }
    }
    assert!(only_native.len() > 40, "{}", only_native.len());
    repo.commit("Converted");
    let mut arguments = vec!["--allow-no-rules"];
    arguments.extend(only_native.iter().map(String::as_str));
    let after = repo.report(&arguments);
    let errors = after["notices"].as_array().unwrap().iter();
    let errors: Vec<_> = errors
        .filter(|notice| notice["severity"] == "error")
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let after = judged(&after);
    let before = judged(&before);
    let mut wrong = String::new();
    for (name, after) in &after {
        let empty = Vec::new();
        let before = before.get(name).unwrap_or(&empty);
        let gone = before.iter().filter(|line| !after.contains(line));
        let new = after.iter().filter(|line| !before.contains(line));
        if name == LOSES_A_FLOW {
            let told = "“Notice”: it does not run between two elements";
            assert!(run.err.contains(told), "{}", run.err);
            continue;
        }
        for line in gone
            .map(|line| format!("- {line}"))
            .chain(new.map(|line| format!("+ {line}")))
        {
            let _ = writeln!(wrong, "{name}: {line}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

#[test]
fn native_models_have_the_same_findings_as_pytm_models_but_for_what_is_told() {
    let examples = [
        ("shop", SHOP.to_owned()),
        ("parcels", example("native/threats/threat-model.yaml")),
        ("cold", example("hardened/threat-model.yaml")),
        ("self", example("self/threat-model.yaml")),
    ];
    for (name, text) in examples {
        let file = format!("{name}.yaml");
        let repo = Repo::with(&[(&file, &text)]);
        let before = judged(&repo.report(&[]));
        for (to, _, path) in readers() {
            if to == "threat-dragon" {
                continue;
            }
            let run = repo.tmrs(&["convert", &file, "--to", to]);
            assert_eq!(run.code, 0, "{name} to {to}: {run:?}");
            let other = Repo::with(&[(path, &run.out)]);
            let after = judged(&other.report(&[]));
            if run.err.is_empty() {
                assert_eq!(before, after, "{name} to {to}\n{}", run.out);
            } else {
                assert!(run.err.contains("lost of"), "{name} to {to}: {}", run.err);
            }
        }
    }
}

fn example(path: &str) -> String {
    fs::read_to_string(shared::root().join("examples").join(path)).unwrap()
}

#[test]
fn what_a_format_cannot_say_is_listed() {
    let repo = Repo::with(&[("shop.yaml", SHOP)]);
    let run = repo.tmrs(&["convert", "shop.yaml", "--to", "threat-dragon"]);
    assert_eq!(run.code, 0, "{run:?}");
    for lost in ["Datastore “Orders”: kind", "1 pieces of data"] {
        assert!(run.err.contains(lost), "{lost}: {}", run.err);
    }
    let model = read(&ThreatDragon, "m.json", &run.out);
    assert_eq!(&*model.name, "Shop");
    let web = model
        .elements
        .iter()
        .find(|it| &*it.name == "Web shop")
        .unwrap();
    assert_eq!(web.class, Class::Server);
    let around = web.named("inBoundary").unwrap().value.as_element().unwrap();
    assert_eq!(&*model.element(around).name, "Cloud");
}

#[test]
fn a_broken_model_is_not_converted() {
    let broken = SHOP.replacen("sink: web", "sink: wab", 1);
    let repo = Repo::with(&[("shop.yaml", &broken)]);
    let run = repo.tmrs(&["convert", "shop.yaml", "--to", "otm"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(run.out, "");
    assert!(run.err.contains("`wab`"), "{run:?}");
}

/// A value of an attribute, as YAML; `None` for what the generator leaves out.
fn said(kind: Kind, pick: u32) -> Option<String> {
    let words = [
        "plain",
        "two words",
        "no",
        "a: b # c",
        "ü\\n\\\"",
        "1.5",
        "it's",
    ];
    let word = |at: u32| format!("\"{}\"", words[at as usize % words.len()]);
    Some(match kind {
        Kind::Bool => pick.is_multiple_of(2).to_string(),
        Kind::Int => (i64::from(pick % 9000) + 1).to_string(),
        Kind::Text => word(pick),
        Kind::Texts => format!("[{}, {}]", word(pick), word(pick + 1)),
        Kind::Ints => format!("[{}, 3]", pick % 3),
        Kind::Enum(of) => {
            let (name, _) = of.members[pick as usize % of.members.len()];
            if name == "UNKNOWN" {
                return None;
            }
            name.to_owned()
        }
        _ => return None,
    })
}

/// Attributes of a class, some of which are said.
fn attributes(class: Class, picks: &[(u16, u32)], indent: &str) -> String {
    let known: Vec<_> = class
        .attributes()
        .into_iter()
        .filter(|known| tmrs::read::native::is_said(class, known) && known.name != "name")
        .collect();
    let mut said_here = BTreeMap::new();
    for (which, pick) in picks {
        let attribute = known[*which as usize % known.len()];
        if let Some(value) = said(attribute.kind, *pick) {
            said_here.insert(attribute.name, value);
        }
    }
    said_here
        .iter()
        .fold(String::new(), |mut text, (name, value)| {
            let _ = writeln!(text, "{indent}{name}: {value}");
            text
        })
}

type Picks = Vec<(u16, u32)>;

/// A native model that is put together from random choices.
fn model(boundaries: usize, elements: &[(u8, Picks, Picks)], flows: &[(u8, u8, Picks)]) -> String {
    let mut text = String::from("tmrs: 1\nname: Random\nboundaries:\n");
    for at in 0..boundaries {
        let _ = writeln!(text, "  b{at}:\n    name: Zone {at}");
        if at > 0 {
            let _ = writeln!(text, "    inBoundary: b{}", at - 1);
        }
    }
    text.push_str("data:\n  d: {name: A record, classification: SECRET}\nelements:\n");
    let classes: Vec<_> = tmrs::read::native::element_classes().collect();
    for (at, (class, own, controls)) in elements.iter().enumerate() {
        let class = classes[*class as usize % classes.len()];
        let _ = writeln!(
            text,
            "  e{at}:\n    class: {}\n    name: \"Thing {at}: ü\"",
            class.name()
        );
        if boundaries > 0 && at % 3 != 0 {
            let _ = writeln!(text, "    inBoundary: b{}", at % boundaries);
        }
        text.push_str(&attributes(class, own, "    "));
        let controls = attributes(Class::Controls, controls, "      ");
        if !controls.is_empty() {
            let _ = writeln!(text, "    controls:\n{}", controls.trim_end());
        }
    }
    text.push_str("flows:\n");
    for (at, (source, sink, own)) in flows.iter().enumerate() {
        let end = |end: u8| end as usize % elements.len();
        let _ = writeln!(
            text,
            "  f{at}:\n    name: Flow {at}\n    source: e{}\n    sink: e{}",
            end(*source),
            end(*sink)
        );
        if at % 2 == 0 {
            text.push_str("    data: [d]\n");
        }
        text.push_str(&attributes(Class::Dataflow, own, "    "));
    }
    text
}

/// Everything that a model says, by section and name.
type Said = BTreeMap<String, BTreeMap<String, Json>>;

/// What a model says in tmrs's own format, where whatever is meant is meant by its name.
fn by_name(native: &Converted) -> Said {
    let tree: Json = serde_json::from_str(&native.text).unwrap();
    let sections = ["boundaries", "elements", "data", "flows"];
    let bodies = |section: &str| tree[section].as_object().cloned().unwrap_or_default();
    let ids = sections.iter().flat_map(|section| bodies(section));
    let names: BTreeMap<String, Json> = ids.map(|(id, body)| (id, body["name"].clone())).collect();
    let said = sections.map(|section| {
        let items = bodies(section).into_iter().map(|(_, mut body)| {
            for end in ["inBoundary", "source", "sink"] {
                if let Some(id) = body.get(end).and_then(Json::as_str) {
                    body[end] = names[id].clone();
                }
            }
            // That something is in scope holds wherever nobody says otherwise.
            if body.get("inScope") == Some(&true.into()) {
                body.as_object_mut().unwrap().remove("inScope");
            }
            (body["name"].as_str().unwrap().to_owned(), body)
        });
        (section.to_owned(), items.collect())
    });
    said.into()
}

/// The same without what a format said that it loses.
fn kept(native: &Converted, lost: &[String]) -> Said {
    let mut said = by_name(native);
    for (section, items) in &mut said {
        for (name, body) in items {
            let class = match section.as_str() {
                "boundaries" => "Boundary",
                "data" => "Data",
                "flows" => "Dataflow",
                _ => body["class"].as_str().unwrap(),
            };
            let start = format!("{class} “{name}”: ");
            let lost: Vec<_> = lost
                .iter()
                .filter_map(|it| it.strip_prefix(&start))
                .collect();
            let body = body.as_object_mut().unwrap();
            for lost in lost {
                body.remove(lost);
                if lost == "its class, it becomes a process" {
                    body["class"] = "Process".into();
                }
                if let (Some(control), Some(Json::Object(controls))) =
                    (lost.strip_prefix("controls."), body.get_mut("controls"))
                {
                    controls.remove(control);
                }
            }
            if body.get("controls") == Some(&serde_json::json!({})) {
                body.remove("controls");
            }
        }
    }
    if lost.iter().any(|lost| lost.contains("pieces of data")) {
        said.insert("data".into(), BTreeMap::new());
        for flow in said.get_mut("flows").unwrap().values_mut() {
            flow.as_object_mut().unwrap().remove("data");
        }
    }
    said
}

#[test]
fn threats_with_their_states_come_back_from_a_tm_bom() {
    let threats = "    threats:\n      - Shop is copied\n      - {title: Cards are guessed, severity: high, response: \"mitigated: Rate limits\"}\n";
    let more = "    threats:\n      - {title: Orders are lost, severity: info}\n      - {title: Orders leak, response: \"accepted: by Jo\"}\n";
    let text = SHOP.replacen(
        "    class: Server\n",
        &format!("    class: Server\n{threats}"),
        1,
    );
    let text = text.replacen(
        "    class: Datastore\n",
        &format!("    class: Datastore\n{more}"),
        1,
    );
    let original = read(&Native, "shop.yaml", &text);
    let there = convert(&original, "tm-bom");
    assert_eq!(there.lost, Vec::<String>::new());
    let bom: Json = serde_json::from_str(&there.text).unwrap();
    assert_eq!(
        bom["threats"].as_array().unwrap().len(),
        2,
        "{}",
        there.text
    );
    assert_eq!(bom["risks"][0]["level"], "high");
    assert_eq!(bom["controls"][0]["title"], "Rate limits");
    let back = read(&TmBom, "m.json", &there.text);
    assert_eq!(
        by_name(&convert(&back, "native-json")),
        by_name(&convert(&original, "native-json")),
    );
}

#[test]
fn what_a_person_changes_in_a_tm_bom_counts() {
    let text = SHOP.replacen("    controls: {isEncrypted: true}\n", "", 1);
    let original = read(&Native, "shop.yaml", &text);
    let there = convert(&original, "tm-bom").text;
    let encrypted = |text: &str| {
        let model = read(&TmBom, "m.json", text);
        let flow = model
            .elements
            .iter()
            .find(|it| &*it.name == "Order")
            .unwrap();
        let held = flow
            .controls
            .named("isEncrypted")
            .filter(|slot| slot.place.is_some());
        held.map(|slot| matches!(slot.value, tmrs::model::Value::Bool(true)))
    };
    assert_eq!(encrypted(&there), None, "nobody said it");
    let changed = there.replacen("\"encrypted\": false", "\"encrypted\": true", 1);
    assert_eq!(encrypted(&changed), Some(true));
}

#[test]
fn a_thing_that_is_renamed_in_a_tm_bom_alone_is_told() {
    let repo = Repo::with(&[("shop.yaml", SHOP)]);
    let run = repo.tmrs(&[
        "convert",
        "shop.yaml",
        "--to",
        "tm-bom",
        "--output",
        "m.json",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let text = fs::read_to_string(repo.root().join("m.json")).unwrap();
    for (name, renamed) in [("web-shop", "web"), ("orders", "records")] {
        let [from, to] = [name, renamed].map(|name| format!("\"symbolic_name\": \"{name}\""));
        let objects = [name, renamed].map(|name| format!("\"object\": \"{name}\""));
        let changed = text.replace(&from, &to).replace(&objects[0], &objects[1]);
        assert_ne!(changed, text);
        let run = Repo::with(&[("m.json", &changed)]).tmrs(&["check"]);
        assert_eq!(run.code, 3, "{run:?}");
        let told = format!("there is no `{name}` in `");
        assert!(run.out.contains(&told), "{told}: {run:?}");
    }
    let changed = text.replace("\"says\": {", "\"says\": [], \"said\": {");
    assert_ne!(changed, text);
    let run = Repo::with(&[("m.json", &changed)]).tmrs(&["check"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains("`says` wants a map"), "{run:?}");
}

fn picks() -> impl Strategy<Value = Picks> {
    prop::collection::vec((any::<u16>(), any::<u32>()), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_model_comes_back_from_every_format_that_can_say_it(
        boundaries in 0_usize..4,
        elements in prop::collection::vec((any::<u8>(), picks(), picks()), 1..6),
        flows in prop::collection::vec((any::<u8>(), any::<u8>(), picks()), 0..6),
    ) {
        let text = model(boundaries, &elements, &flows);
        let original = read(&Native, "m.yaml", &text);
        let native = convert(&original, "native");
        prop_assert_eq!(&native.lost, &Vec::<String>::new());
        for (to, reader, path) in readers() {
            let there = convert(&original, to);
            let back = read(reader, path, &there.text);
            let again = by_name(&convert(&back, "native-json"));
            let kept = kept(&convert(&original, "native-json"), &there.lost);
            prop_assert_eq!(&again, &kept, "{}:\n{}", to, there.text);
            if to == "threat-dragon" {
                prop_assert_eq!(back.elements.len(), original.elements.len());
                continue;
            }
            prop_assert_eq!(&there.lost, &Vec::<String>::new(), "{}", to);
            if to == "tm-bom" {
                // Actors, components and stores are lists of their own there.
                continue;
            }
            let again = convert(&back, "native");
            prop_assert_eq!(&again.text, &native.text, "{}:\n{}", to, there.text);
        }
    }
}
