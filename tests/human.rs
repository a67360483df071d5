//! What people see at a terminal: what to do, the line to write, and how to go on.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value as Json;

use crate::harness::{Repo, run};
use crate::shared;

const YAML: &str = "\
tmrs: 1
name: Shop
elements:
  user: {class: Actor}
  web: {class: Server, name: Web}
  db: {class: Datastore, name: Orders}
data:
  order: {name: Order}
flows:
  ask: {source: user, sink: web, name: Ask, data: [order]}
  query: {source: web, sink: db, name: Query, data: [order]}
";

const PYTHON: &str = "\
from pytm import TM, Actor, Data, Dataflow, Datastore, Server

tm = TM(\"Shop\")
user = Actor(\"User\")
web = Server(\"Web\")
db = Datastore(\"Orders\")
order = Data(\"Order\")
Dataflow(user, web, \"Ask\", data=order)
Dataflow(web, db, \"Query\", data=order)
tm.process()
";

#[test]
fn a_failing_run_shows_the_question_the_line_to_write_and_the_ways_on() {
    for (path, model, line) in [
        (
            "tm.yaml",
            YAML,
            "web: {controls: {authenticatesSource: true}}",
        ),
        ("tm.py", PYTHON, "web.controls.authenticatesSource = True"),
    ] {
        let repo = Repo::with(&[(path, model)]);
        let run = repo.tmrs(&["check"]);
        assert_eq!(run.code, 1);
        let at = |words: &str| {
            run.out
                .find(words)
                .unwrap_or_else(|| panic!("{path} lacks {words:?}: {}", run.out))
        };
        assert!(at("Do this first:") < at("check who is calling?"));
        assert!(at("check who is calling?") < at(line));
        assert!(at(line) < at("Gate failed"));
        assert!(at("Gate failed") < at("# tmrs: exclude["));
        at("tmrs questions");
        at("tmrs triage");
        at("tmrs baseline update");
        at("tmrs explain ");
        let long = run.out.lines().filter(|line| line.chars().count() > 140);
        assert_eq!(long.collect::<Vec<_>>(), Vec::<&str>::new());
    }
}

/// The line to write settles what its block says.
#[test]
fn answering_what_is_asked_first_settles_it_and_fails_nothing_new() {
    let repo = Repo::with(&[("tm.py", PYTHON)]);
    let before = repo.report(&[]);
    let first = &before["doFirst"][0];
    let mut model = PYTHON.replace("tm.process()\n", "");
    for step in first["steps"].as_array().unwrap() {
        model.push_str(step["line"].as_str().unwrap());
        model.push('\n');
    }
    repo.write("tm.py", &(model + "tm.process()\n"));
    let prints = |report: &serde_json::Value, failing: bool| -> BTreeSet<String> {
        let findings = report["findings"].as_array().unwrap();
        let wanted = findings.iter().filter(|f| !failing || f["failing"] == true);
        wanted
            .map(|f| f["fingerprint"].as_str().unwrap().to_owned())
            .collect()
    };
    let after = repo.report(&[]);
    let left = prints(&after, false);
    for closed in first["closes"].as_array().unwrap() {
        assert!(!left.contains(closed.as_str().unwrap()), "{closed}");
    }
    assert!(prints(&after, true).is_subset(&prints(&before, true)));
}

/// Each line to write is one that the reader accepts at its place: before `process()`.
#[test]
fn every_line_to_write_leaves_the_model_readable() {
    let folder = shared::root().join("tests/models");
    let (mut tried, mut lines) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let text = fs::read_to_string(&path).unwrap_or_default();
        let mut ends = text.lines().filter(|line| line.contains(".process()"));
        let (Some(end), None) = (ends.next(), ends.next()) else {
            continue;
        };
        let repo = Repo::with(&[(name, &text)]);
        if !matches!(repo.tmrs(&["check"]).code, 0 | 1) {
            continue;
        }
        let asked: Json =
            serde_json::from_str(&repo.tmrs(&["questions", "--format", "json"]).out).unwrap();
        let indent = &end[..end.len() - end.trim_start().len()];
        let mut answered = String::new();
        for question in asked["questions"].as_array().unwrap() {
            for step in question["steps"].as_array().unwrap() {
                if let Some(line) = step["line"].as_str() {
                    answered.push_str(&format!("{indent}{line}\n"));
                    lines += 1;
                }
            }
        }
        repo.write(name, &text.replacen(end, &format!("{answered}{end}"), 1));
        let run = repo.tmrs(&["check"]);
        assert!(matches!(run.code, 0 | 1), "{name}: {}", run.out);
        tried += 1;
    }
    assert!(tried > 20 && lines > 200, "{tried} models, {lines} lines");
}

#[test]
fn a_first_run_over_five_models_is_one_page() {
    let models: Vec<(String, String)> = (0..5)
        .map(|n| {
            (
                format!("team{n}/tm.yaml"),
                YAML.replace("Shop", &format!("Shop {n}")),
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = models.iter().map(|(p, m)| (&**p, &**m)).collect();
    let repo = Repo::with(&files);
    let shown = repo.tmrs(&["check"]).out;
    assert!(shown.lines().count() < 40, "{shown}");
    for (path, _) in &models {
        assert!(shown.contains(path.as_str()), "{shown}");
    }
    assert!(shown.contains("Do this first, over all models:"), "{shown}");
    assert!(shown.contains("tmrs baseline update"), "{shown}");
    repo.tmrs(&["baseline", "update"]);
    let known = repo.tmrs(&["check"]).out;
    assert!(!known.contains("no baseline yet"), "{known}");
    assert!(
        known.lines().count() < 6,
        "what is known is a number: {known}"
    );
}

#[test]
fn verbose_shows_every_open_finding() {
    let repo = Repo::with(&[("tm.yaml", YAML)]);
    repo.tmrs(&["baseline", "update"]);
    let report = repo.report(&[]);
    let shown = repo.tmrs(&["check", "-v"]).out;
    assert!(!shown.contains("-v lists all"), "{shown}");
    for finding in report["findings"].as_array().unwrap() {
        let rule = finding["rule"].as_str().unwrap();
        assert!(shown.contains(rule), "{rule}: {shown}");
    }
}

#[test]
fn colour_can_be_forced_and_refused() {
    let repo = Repo::with(&[("tm.yaml", YAML)]);
    for (variables, expected) in [
        (&[][..], false),
        (&[("FORCE_COLOR", "1")][..], true),
        (&[("CLICOLOR_FORCE", "1")][..], true),
        (&[("FORCE_COLOR", "0")][..], false),
        (&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")][..], false),
    ] {
        let mut command = repo.command(&["check"]);
        command.envs(variables.iter().copied());
        let shown = run(&mut command).out;
        assert_eq!(shown.contains('\u{1b}'), expected, "{variables:?}");
    }
}

#[test]
fn questions_are_listed_in_every_language_and_as_many_as_wanted() {
    let repo = Repo::with(&[("tm.yaml", YAML)]);
    let json = repo.tmrs(&["questions", "--format", "json"]);
    assert_eq!(json.code, 0, "{json:?}");
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let all = value["questions"].as_array().unwrap();
    assert!(all.len() > 3);
    assert!(
        all.iter()
            .all(|q| q["kind"] == "answer" && q["closes"][0].is_string())
    );
    for format in ["human", "markdown"] {
        let shown = repo.tmrs(&["questions", "--format", format]).out;
        assert_eq!(shown.matches("settles ").count(), all.len(), "{shown}");
        let few = repo
            .tmrs(&["questions", "--max", "2", "--format", format])
            .out;
        assert_eq!(few.matches("settles ").count(), 2, "{few}");
        assert!(few.contains("2 shown."), "{few}");
    }
}
