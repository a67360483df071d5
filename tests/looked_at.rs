//! What a run is about, and by what it judges: no configuration, rule or folder is left out
//! in silence.

use std::fs;
use std::process::Command;

use serde_json::Value as Json;

use crate::harness::{Repo, fails_with, notices, run};

const MODEL: &str = "tmrs: 1\nname: Shop\nelements:\n  user: {class: Actor}\n  web: {class: Server}\ndata:\n  orders: {name: Orders}\nflows:\n  visit: {source: user, data: [orders], sink: web}\n";

/// A rule over two attributes of its own.
const BUS: &str = "\
id: BUS1
title: Frames are not signed
target: [Dataflow]
when: target.isBusFrame and not target.isSigned
";

fn rules(report: &Json) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|f| f["rule"].as_str().unwrap()).collect()
}

fn paths(report: &Json) -> Vec<&str> {
    let models = report["models"].as_array().unwrap().iter();
    models.map(|m| m["path"].as_str().unwrap()).collect()
}

#[test]
fn a_configuration_under_another_name_is_an_error_that_names_the_right_one() {
    for name in [
        "tmrs.yml",
        ".tmrs.yaml",
        ".tmrs.yml",
        "tmrs.json",
        ".tmrs.json",
    ] {
        let text = if name.ends_with("json") {
            "{\"fail-on\": \"info\"}\n"
        } else {
            "fail-on: info\n"
        };
        let repo = Repo::with(&[("m.yaml", MODEL), (name, text)]);
        let said = format!("{name} is not read");
        fails_with(&repo.tmrs(&["check"]), &[&said, "rename it to tmrs.yaml"]);
        repo.write("tmrs.yaml", "fail-on: high\n");
        fails_with(&repo.tmrs(&["baseline", "update"]), &[&said]);
    }
    // A report or a model may be called so.
    let repo = Repo::with(&[("tmrs.yml", MODEL)]);
    assert_eq!(repo.tmrs(&["check", "--output", "json=tmrs.json"]).code, 1);
    assert_eq!(repo.tmrs(&["check"]).code, 1);
}

#[test]
fn a_configuration_below_the_root_is_said_at_every_run() {
    let repo = Repo::with(&[("pay/m.yaml", MODEL), ("pay/tmrs.yaml", "fail-on: info\n")]);
    for arguments in [&[][..], &["pay"]] {
        let told = notices(&repo.report(arguments), "config");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("pay/tmrs.yaml is not read"), "{told:?}");
    }
}

#[test]
fn a_model_that_no_rule_judges_has_not_passed() {
    let repo = Repo::with(&[("m.yaml", MODEL), ("none/readme.txt", "")]);
    fails_with(
        &repo.tmrs(&["check", "--no-default-rules"]),
        &["no rule judges “Shop” (m.yaml)", "--allow-no-rules"],
    );
    assert_eq!(
        repo.tmrs(&["check", "--no-default-rules", "--allow-no-rules"])
            .code,
        0
    );
    repo.write("tmrs.yaml", "rules: {packs: []}\n");
    fails_with(&repo.tmrs(&["check"]), &["no rule judges “Shop”"]);
    repo.write("tmrs.yaml", "rules: {default: false, paths: [none]}\n");
    assert_eq!(repo.tmrs(&["check"]).code, 2);
    let bound = repo.tmrs(&["check", "--allow-no-rules", "--policy-from", "HEAD"]);
    assert_eq!(bound.code, 1, "{bound:?}");
}

#[test]
fn a_rule_takes_its_default_for_what_an_element_does_not_state_or_counts_it() {
    let model = MODEL.replace(
        "sink: web}",
        "sink: web, isBusFrame: true}\n  back: {source: web, sink: user}",
    );
    let with = |attributes: &str| {
        let rule = format!("{BUS}attributes: {attributes}\n");
        let repo = Repo::with(&[("m.yaml", &model), ("bus.yaml", &rule)]);
        repo.report(&["m.yaml", "--no-default-rules", "--rules", "bus.yaml"])
    };
    let report =
        with("{isBusFrame: {type: bool, default: false}, isSigned: {type: bool, default: false}}");
    assert_eq!(rules(&report), ["BUS1"]);
    assert_eq!(report["findings"][0]["evidence"], "assumed");
    assert_eq!(notices(&report, "condition-error"), [""; 0]);

    let report = with("[isBusFrame, isSigned]");
    assert_eq!(rules(&report), [""; 0]);
    let told = notices(&report, "condition-error");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("could not be judged on 2 elements"),
        "{told:?}"
    );
}

#[test]
fn what_a_rule_says_wrongly_of_its_attributes_is_an_error_at_its_place() {
    for (attributes, part) in [
        ("{a: {type: boolean}}", "a: {type: boolean}"),
        ("{a: {type: bool, default: 3}}", "not of its type"),
        ("{a: {default: [1]}}", "a single value"),
        ("{a: {defaults: 1}}", "no key `defaults`"),
    ] {
        let rule = format!("{BUS}attributes: {attributes}\n");
        let repo = Repo::with(&[("m.yaml", MODEL), ("bus.yaml", &rule)]);
        fails_with(
            &repo.tmrs(&["check", "--rules", "bus.yaml"]),
            &["bus.yaml:5:", part],
        );
    }
}

#[test]
fn a_pytm_file_takes_no_place_of_another_rule_unless_the_configuration_lets_it() {
    let one = r#"[{"SID": "PLC1", "target": ["Server"], "description": "Debug port", "condition": "True"}]"#;
    let two = r#"[{"SID": "PLC1", "target": ["Server"], "description": "Nothing", "condition": "False"}]"#;
    let own = r#"[{"SID": "AA01", "target": ["Server"], "description": "Nothing", "condition": "False"}]"#;
    let repo = Repo::with(&[
        ("m.yaml", MODEL),
        ("a.json", one),
        ("b.json", two),
        ("c.json", own),
    ]);
    let taken = repo.tmrs(&["check", "--rules", "a.json", "--rules", "b.json"]);
    fails_with(&taken, &["two rules have the id PLC1", "pytm-ids: replace"]);
    let taken = repo.tmrs(&["check", "--rules", "c.json"]);
    fails_with(
        &taken,
        &["a built-in rule has the id AA01", "--no-default-rules"],
    );
    repo.write("tmrs.yaml", "rules: {pytm-ids: replace}\n");
    let report = repo.report(&["--rules", "c.json"]);
    assert!(!rules(&report).contains(&"AA01"));
    // Whoever changes the repository cannot let it.
    repo.write("tmrs.yaml", "rules: {pytm-ids: replace, paths: [c.json]}\n");
    let bound = repo.tmrs(&["check", "--policy-from", "HEAD"]);
    fails_with(&bound, &["a built-in rule has the id AA01"]);
}

#[test]
fn a_run_below_the_root_is_about_that_folder_and_says_so() {
    let repo = Repo::with(&[("pay/m.yaml", MODEL), ("other/m.yaml", MODEL)]);
    let check = |folder: &str, more: &[&str]| {
        let mut all = vec!["check", "--format", "json"];
        all.extend(more);
        run(repo.command(&all).current_dir(repo.path(folder)))
    };
    let here = check("pay", &[]);
    let report: Json = serde_json::from_str(&here.out).unwrap();
    assert_eq!(paths(&report), ["pay/m.yaml"]);
    assert!(here.err.contains("Judging pay only"), "{}", here.err);
    assert!(report["notices"].to_string().contains("only pay is judged"));
    let all: Json = serde_json::from_str(&check("pay", &[".."]).out).unwrap();
    assert_eq!(paths(&all), ["other/m.yaml", "pay/m.yaml"]);
}

#[test]
fn without_git_the_root_is_where_the_configuration_is_or_else_the_working_directory() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("a/one.yaml", MODEL),
        (
            "b/two.py",
            "import sys\nsys.path.append('..')\nfrom parts import web\nfrom pytm import TM\nTM('Two').process()\n",
        ),
        ("parts.py", "from pytm import Server\nweb = Server('Web')\n"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let check = |arguments: &[&str], below: &str| -> Json {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tmrs"));
        command.args(["check", "--format", "json"]).args(arguments);
        let run = run(command.current_dir(folder.path().join(below)));
        serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"))
    };
    let both = check(&["a/one.yaml", "b/two.py"], "");
    assert_eq!(paths(&both), ["a/one.yaml", "b/two.py"]);
    fs::write(folder.path().join("tmrs.yaml"), "fail-on: info\n").unwrap();
    let below = check(&["one.yaml"], "a");
    assert_eq!(paths(&below), ["a/one.yaml"]);
    assert_eq!(below["summary"]["gate"]["failOn"], "info");
}
