//! Why a finding holds, as people read it: in every format, over all examples and test models.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::harness::{Repo, run};

/// Everything that is judged here: its folder, and the argument for it.
const MODELS: [&str; 2] = ["examples", "tests/models"];
/// Formats that list every finding by itself.
const LISTS: [&str; 5] = ["json", "csv", "sarif", "junit", "gitlab"];
const FORMATS: [&str; 9] = [
    "json", "csv", "sarif", "junit", "gitlab", "human", "markdown", "github", "html",
];

fn check(folder: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tmrs"));
    command
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .args(["check", folder])
        .args(arguments);
    run(&mut command).out
}

fn report(folder: &str) -> Json {
    serde_json::from_str(&check(folder, &["--format", "json"])).unwrap()
}

fn text<'a>(value: &'a Json, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

fn all<'a>(value: &'a Json, key: &str) -> impl Iterator<Item = &'a Json> {
    value[key].as_array().unwrap().iter()
}

#[test]
fn a_reason_is_one_sentence_that_names_what_decides() {
    let mut judged = 0;
    for folder in MODELS {
        for finding in all(&report(folder), "findings") {
            let (why, rule) = (text(finding, "why"), text(finding, "rule"));
            assert!(why.ends_with('.') && why.len() > 20, "{rule}: {why}");
            assert!(text(finding, "message").ends_with(why), "{rule}: {finding}");
            for answer in all(finding, "deciding").flat_map(|set| set.as_array().unwrap()) {
                let attribute = text(answer, "attribute").rsplit('.').next().unwrap();
                assert!(why.contains(attribute), "{rule}: {attribute} in {why}");
                let element = text(answer, "element");
                let shown: String = element.chars().take(80).collect();
                let is_it = why.contains(" it ");
                assert!(why.contains(&shown) || is_it, "{rule}: {element} in {why}");
            }
            judged += 1;
        }
    }
    assert!(judged > 3_000, "{judged}");
}

#[test]
fn every_format_that_lists_findings_tells_the_same_reason() {
    for folder in MODELS {
        let report = report(folder);
        for format in LISTS {
            let said = check(folder, &["--format", format]);
            let said = said.replace("&quot;", "\"").replace("&apos;", "'");
            for finding in all(&report, "findings") {
                let is_open = matches!(text(finding, "status"), "new" | "unreviewed");
                let why = text(finding, "why");
                // Names are escaped in each format's own way.
                let plain = |c: char| c.is_alphanumeric() || " “”’,.;:()-".contains(c);
                if is_open && why.chars().all(plain) && why.len() < 900 {
                    assert!(said.contains(why), "{folder}, {format}: {why}");
                }
            }
        }
    }
}

#[test]
fn no_output_tells_conditions_or_the_values_of_another_language() {
    let dumps = [
        " is True",
        " is False",
        " is true",
        " is false",
        " is set",
        " is None",
        " is null",
        "not fully described",
    ];
    for folder in MODELS {
        for format in FORMATS {
            let said = check(folder, &["--format", format, "-v"]);
            // One notice quotes a line of a model's own rules.
            for line in said.lines().filter(|line| !line.contains("\"condition\"")) {
                for dump in dumps {
                    assert!(!line.contains(dump), "{folder}, {format}: {line}");
                }
            }
        }
    }
}

#[test]
fn what_nobody_said_is_never_told_as_said() {
    let model = "\
tmrs: 1
name: Shop
elements:
  web: {class: Server, name: Web, isPublic: false}
  db: {class: Datastore, name: Orders, controls: {isEncryptedAtRest: false}, storesPII: true}
flows:
  query: {source: web, sink: db, name: Query, tlsVersion: TLSv10}
";
    let repo = Repo::with(&[("tm.yaml", model)]);
    for finding in all(&repo.report(&[]), "findings") {
        let why = text(finding, "why");
        let (said, open) = why.split_once("obody said ").unwrap_or((why, ""));
        for fact in all(finding, "because") {
            let attribute = text(fact, "attribute").rsplit('.').next().unwrap();
            let named = format!("({attribute})");
            match text(fact, "origin") {
                "default" => assert!(!said.contains(&named), "{attribute} in {why}"),
                "declared" => assert!(!open.contains(&named), "{attribute} in {why}"),
                _ => {}
            }
        }
    }
    let said = repo.tmrs(&["check", "-v"]).out;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("and does not encrypt what it stores (isEncryptedAtRest)"),
        "{said}"
    );
    assert!(
        said.contains("“Query” from “Web” to “Orders” uses TLSv10 (tlsVersion)"),
        "{said}"
    );
}

#[test]
fn a_control_that_was_removed_is_named_in_every_format() {
    let model = |control: &str| {
        format!(
            "tmrs: 1\nname: Shop\nelements:\n  user: {{class: Actor, name: User}}\n  \
             web: {{class: Server, name: Orders API{control}}}\nflows:\n  \
             ask: {{source: user, sink: web, name: Ask, protocol: HTTP}}\n"
        )
    };
    let repo = Repo::with(&[("tm.yaml", &model(", controls: {sanitizesInput: true}"))]);
    repo.commit("before");
    repo.write("tm.yaml", &model(""));
    let gone = "sanitizesInput of “Orders API” was true (tm.yaml:5), and is gone";
    for format in [
        "human", "markdown", "github", "gitlab", "junit", "sarif", "json", "html",
    ] {
        let said = repo
            .tmrs(&["check", "--since", "HEAD", "--format", format, "-v"])
            .out;
        let plain = said.replace('\n', " ").replace(['\\', '`'], "");
        let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains(gone), "{format} does not name it: {said}");
    }
}
