//! `tmrs explain`: what a rule makes of an element, down to the line that settles it.

use serde_json::Value as Json;

use crate::harness::{Repo, fails_with, run};

const YAML: &str = "\
tmrs: 1
name: Shop
elements:
  user: {class: Actor, name: User}
  web: {class: Server, name: Web, controls: {sanitizesInput: true}}
  db: {class: Datastore, name: Orders, storesPII: true, controls: {isEncryptedAtRest: false}}
flows:
  ask: {source: user, sink: web, name: Ask}
  query: {source: web, sink: db, name: Query, tlsVersion: TLSv10}
";

const PYTHON: &str = "\
from pytm import TM, Actor, Dataflow, Server

tm = TM(\"Shop\")
user = Actor(\"User\")
web = Server(\"Web\")
Dataflow(user, web, \"Ask\")
tm.process()
";

#[test]
fn a_finding_is_explained_from_its_condition_to_the_line_that_settles_it() {
    for (path, model, line) in [
        (
            "tm.yaml",
            YAML,
            "web: {controls: {authenticatesSource: true}}",
        ),
        ("tm.py", PYTHON, "web.controls.authenticatesSource = True"),
    ] {
        let repo = Repo::with(&[(path, model)]);
        for arguments in [
            &["explain", "AA01", "Web"][..],
            &["explain", "aa01", "web", path],
        ] {
            let run = repo.tmrs(arguments);
            assert_eq!(run.code, 0, "{}", run.err);
            for words in [
                "nobody said whether “Web” checks who is calling (authenticatesSource)",
                "The condition, part by part",
                "target.unauthenticated(): holds, as nobody said otherwise",
                "reached from",
                line,
                "# tmrs: exclude[AA01]",
                "tmrs baseline update",
                "tmrs triage",
            ] {
                let said = run.out.replace("Nobody", "nobody");
                assert!(said.contains(words), "{path} lacks {words:?}: {said}");
            }
        }
    }
}

#[test]
fn a_line_and_a_fingerprint_name_findings_too() {
    let repo = Repo::with(&[("tm.yaml", YAML)]);
    let at_line = repo.tmrs(&["explain", "tm.yaml:9", "--format", "json"]);
    assert_eq!(at_line.code, 0, "{}", at_line.err);
    let all: Json = serde_json::from_str(&at_line.out).unwrap();
    let first = &all[0];
    assert_eq!(first["element"]["name"], "Query");
    assert_eq!(first["holds"], true);
    let print = first["finding"]["fingerprint"].as_str().unwrap();
    let of_print = repo.tmrs(&["explain", &print[..10], "--format", "json"]);
    let found: Json = serde_json::from_str(&of_print.out).unwrap();
    assert_eq!(found[0]["finding"]["fingerprint"], print);
    assert_eq!(found[0]["condition"], first["condition"]);
}

#[test]
fn a_rule_that_finds_nothing_says_which_part_does_not_hold_and_where_that_was_said() {
    let repo = Repo::with(&[("tm.yaml", YAML)]);
    let other = repo.tmrs(&["explain", "AA01", "Query", "--why-not"]);
    assert!(
        other.out.contains("“Query” is of the class Dataflow"),
        "{}",
        other.out
    );
    let said = repo.tmrs(&["explain", "SC03", "Web", "--why-not"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("Not found because "), "{}", said.out);
    let words = "removes dangerous parts from input (sanitizesInput), tm.yaml:5";
    assert!(said.out.contains(words), "{}", said.out);
}

#[test]
fn a_rule_alone_is_explained_as_the_catalogue_has_it() {
    let repo = Repo::new();
    let one = repo.tmrs(&["explain", "AA01"]);
    assert_eq!(one.out, repo.tmrs(&["rules", "explain", "AA01"]).out);
}

#[test]
fn every_slip_has_its_remedy() {
    let repo = Repo::with(&[("tm.yaml", YAML)]);
    for (arguments, words) in [
        (
            &["explain", "AA01", "Wbe"][..],
            &["no element is called “Wbe”", "did you mean “Web”?"][..],
        ),
        (&["explain", "AA0l", "Web"], &["AA0l", "did you mean AA01?"]),
        (
            &["explain", "SC03", "Web"],
            &["SC03 finds nothing at “Web”", "--why-not"],
        ),
        (
            &["explain", "AA01", "Web", "--why-not"],
            &["AA01 is found at “Web”", "leave --why-not out"],
        ),
        (
            &["explain", "AA01", "--why-not"],
            &["--why-not needs an element"],
        ),
        (
            &["explain", "tm.yaml:1"],
            &[
                "nothing is found at tm.yaml:1",
                "nearest finding is at line",
            ],
        ),
        (
            &["explain", "0123456789abcdef"],
            &["no finding has the fingerprint", "--format json"],
        ),
        (&["explain", "NOPE99"], &["no rule has the id “NOPE99”"]),
    ] {
        fails_with(&repo.tmrs(arguments), words);
    }
}

#[test]
fn no_explanation_of_an_example_dumps_values() {
    let root = crate::shared::root();
    for folder in ["examples/payments", "examples/blog", "examples/native"] {
        let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_tmrs"));
        check
            .current_dir(root)
            .args(["check", folder, "--format", "json"]);
        let report: Json = serde_json::from_str(&crate::harness::run(&mut check).out).unwrap();
        let prints = report["findings"].as_array().unwrap().iter().take(4);
        for print in prints.map(|finding| finding["fingerprint"].as_str().unwrap()) {
            let mut explain = std::process::Command::new(env!("CARGO_BIN_EXE_tmrs"));
            explain.current_dir(root).args(["explain", print, folder]);
            let run = crate::harness::run(&mut explain);
            assert_eq!(run.code, 0, "{}", run.err);
            for dump in [" is True", " is False", " is false", " is set"] {
                assert!(!run.out.contains(dump), "{print} {folder}: {}", run.out);
            }
        }
    }
}

/// Words of programs, which no sentence about a model has. What stands after a colon in the
/// list of parts is the condition itself.
const NO_ENGLISH: [&str; 8] = [
    "is True",
    "is False",
    "is set",
    "is not set",
    "is None",
    "is null",
    "because: ",
    " it it ",
];

#[test]
fn explaining_the_worst_of_each_example_reads_as_english() {
    let root = crate::shared::root();
    let tmrs = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tmrs"));
        run(command.current_dir(root).args(arguments))
    };
    let mut explained = 0;
    for example in ["blog", "comments", "hardened", "native", "payments", "self"] {
        let folder = format!("examples/{example}");
        let check = tmrs(&["check", &folder, "--no-baseline", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&check.out).unwrap();
        let mut findings: Vec<_> = report["findings"].as_array().unwrap().iter().collect();
        let rank = |finding: &&serde_json::Value| {
            let order = ["critical", "high", "medium", "low", "info"];
            order.iter().position(|word| finding["risk"] == *word)
        };
        findings.sort_by_key(rank);
        let worst = findings.iter().take(20).map(|finding| {
            let at = &finding["location"];
            format!("{}:{}", at["path"].as_str().unwrap(), at["line"])
        });
        let lines: std::collections::BTreeSet<String> = worst.collect();
        let mut told = tmrs(&["check", &folder, "--no-baseline", "-v"]).out;
        for line in &lines {
            let explain = tmrs(&["explain", line, &folder]);
            explained += explain.out.matches("Found because").count();
            told.push_str(&explain.out);
        }
        let text = told.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in NO_ENGLISH {
            let at = text.find(words).map(|at| {
                let from = text[..at]
                    .char_indices()
                    .rev()
                    .nth(80)
                    .map_or(0, |(at, _)| at);
                &text[from..at + words.len()]
            });
            assert_eq!(at, None, "{example}");
        }
    }
    assert!(explained > 60, "{explained}");
}
