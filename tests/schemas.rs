//! The JSON Schemas: kept equal to what generates them, and true of real files.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tmrs::schema::Kind;

use crate::harness::Repo;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn yaml(path: &Path) -> Value {
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What a schema has against a value.
fn complaints(kind: Kind, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&kind.schema()).unwrap();
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn the_files_are_what_the_code_generates() {
    for kind in Kind::ALL {
        let path = root().join(format!("schema/{}.schema.json", kind.as_str()));
        if std::env::var_os("TMRS_BLESS").is_some() {
            std::fs::create_dir_all(root().join("schema")).unwrap();
            std::fs::write(&path, kind.text()).unwrap();
        }
        let file = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            file.replace("\r\n", "\n") == kind.text(),
            "{} is out of date: run `TMRS_BLESS=1 cargo test schemas`",
            path.display()
        );
    }
}

#[test]
fn each_is_a_schema() {
    for kind in Kind::ALL {
        assert!(
            jsonschema::meta::is_valid(&kind.schema()),
            "{}",
            kind.as_str()
        );
        assert_eq!(Kind::named(kind.as_str()), Some(kind));
    }
}

#[test]
fn native_models_of_the_examples_fit() {
    let mut seen = 0;
    for path in files_below(&root().join("examples"), "yaml") {
        let value = yaml(&path);
        if value.get("tmrs").is_some() {
            assert_eq!(
                complaints(Kind::Model, &value),
                Vec::<String>::new(),
                "{}",
                path.display()
            );
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn a_file_may_name_its_schema() {
    let repo = Repo::with(&[
        (
            "tmrs.yaml",
            "$schema: schema/config.schema.json\nfail-on: low\nrules: {paths: [rules]}\n",
        ),
        (
            "model.json",
            "{\"$schema\": \"model.schema.json\", \"tmrs\": 1, \"name\": \"M\", \"elements\": {\"a\": {\"class\": \"Actor\"}}}",
        ),
        (
            "rules/one.yaml",
            "$schema: rule.schema.json\nid: X01\ntitle: Always\n",
        ),
        (
            "rules/more.yaml",
            "$schema: rule.schema.json\nrules:\n  - {id: X02, title: Always}\n",
        ),
    ]);
    let report = repo.report(&["--no-default-rules"]);
    assert_eq!(report["notices"], json!([]));
    let found: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["rule"])
        .collect();
    assert_eq!(found, ["X01", "X02"]);
    for kind in [Kind::Config, Kind::Model, Kind::Rule] {
        let id = &kind.schema()["$id"];
        assert_eq!(id, &json!(format!("urn:tmrs:schema:{}", kind.as_str())));
    }
}

#[test]
fn every_rule_of_the_catalogue_fits() {
    let validator = jsonschema::validator_for(&Kind::Rule.schema()).unwrap();
    let mut broken = Vec::new();
    let rules = root().join("rules");
    for path in files_below(&rules, "yaml") {
        let value = yaml(&path);
        // A rule lies in the folder of its family.
        if path.parent() != Some(&rules) {
            for error in validator.iter_errors(&value) {
                broken.push(format!(
                    "{}: {}: {error}",
                    path.display(),
                    error.instance_path()
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn a_report_fits_and_leaves_nothing_out() {
    let output = Command::new(env!("CARGO_BIN_EXE_tmrs"))
        .args(["check", "examples/native", "--format", "json"])
        .current_dir(root())
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(complaints(Kind::Report, &report), Vec::<String>::new());
    assert!(
        !report["models"][0]["graph"]["flows"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn what_is_broken_does_not_fit() {
    let element = |body: Value| json!({"tmrs": 1, "name": "M", "elements": {"a": body}});
    let cases = [
        (Kind::Model, json!({"tmrs": 1})),
        (Kind::Model, json!({"tmrs": 2, "name": "M"})),
        (Kind::Model, json!({"tmrs": 1, "name": "M", "element": {}})),
        (Kind::Model, element(json!({"class": "Sever"}))),
        (Kind::Model, element(json!({"name": "no class"}))),
        (
            Kind::Model,
            element(json!({"class": "Server", "isSQL": true})),
        ),
        (
            Kind::Model,
            element(json!({"class": "Server", "controls": {"isHardend": true}})),
        ),
        (
            Kind::Model,
            element(json!({"class": "Server", "isInternetFacing": "yes"})),
        ),
        (
            Kind::Model,
            element(json!({"class": "Server", "inputs": []})),
        ),
        (
            Kind::Model,
            element(json!({"class": "Datastore", "kind": "RELATIONSHIP"})),
        ),
        (
            Kind::Model,
            json!({"tmrs": 1, "name": "M", "flows": {"f": {"source": "a"}}}),
        ),
        (Kind::Config, json!({"fail_on": "high"})),
        (Kind::Config, json!({"fail-on": "severe"})),
        (Kind::Config, json!({"exclusions": [{"rule": "INP16"}]})),
        (Kind::Config, json!({"policy": {"max-days": 0}})),
        (Kind::Rule, json!({"id": "X1"})),
        (Kind::Rule, json!({"id": "X 1", "title": "t"})),
        (
            Kind::Rule,
            json!({"id": "X1", "title": "t", "target": "Sever"}),
        ),
        (
            Kind::Rule,
            json!({"rules": [{"id": "X1", "title": "t", "wen": "True"}]}),
        ),
        (Kind::Report, json!({"report": 0})),
    ];
    for (kind, value) in cases {
        assert!(!complaints(kind, &value).is_empty(), "{value}");
    }
}

#[test]
fn what_is_said_otherwise_fits_too() {
    let body = json!({
        "class": "Server", "inBoundary": null, "levels": 1, "controls": ["HTTPS"],
        "threats": ["SQL Injection", {"title": "X", "mitigatedBy": "usesMFA"}],
        "responses": {"A": "accepted", "B": {"response": "accepted", "expires": "2026-01-01", "cvss": 5.1}},
        "overrides": [{"threat_id": "A", "severity": "high"}], "exclude": {"A": null},
        "assumptions": ["x", {"name": "y", "exclude": ["A"]}]
    });
    let model = json!({
        "tmrs": 1, "name": "M", "onDuplicates": "IGNORE", "boundaries": {"b": null},
        "elements": {"a": body}, "flows": {"f": {"source": "a", "sink": "a", "data": "words"}}
    });
    assert_eq!(complaints(Kind::Model, &model), Vec::<String>::new());
    let rules = json!({"rules": [{"id": "X1", "title": "t", "target": ["Server"], "when": true}]});
    assert_eq!(complaints(Kind::Rule, &rules), Vec::<String>::new());
    assert_eq!(
        complaints(Kind::Rule, &rules["rules"]),
        Vec::<String>::new()
    );
    let config = serde_yaml::from_str(crate::config::EVERYTHING).unwrap();
    assert_eq!(complaints(Kind::Config, &config), Vec::<String>::new());
}
