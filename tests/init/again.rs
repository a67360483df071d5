//! `tmrs init` where a model is there already.

use super::begun;
use crate::harness::Repo;

const COMPOSE: &str = "\
services:
  web:
    image: acme/web
    ports: [\"8080:80\"]
    depends_on: [db]
  db:
    image: postgres:16
";

/// The same with a worker.
const MORE: &str = "  worker:
    image: acme/worker
    environment: {DB: \"postgres://db:5432/x\", MAIL_HOST: smtp.example.org}
";

#[test]
fn the_same_command_again_changes_no_byte() {
    let repo = begun(&[("compose.yaml", COMPOSE)]);
    let first = repo.read("threat-model.yaml");
    let run = repo.tmrs(&["init", "--from", "compose.yaml"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        run.out,
        "threat-model.yaml has everything that the sources name; it is unchanged.\n"
    );
    assert_eq!(repo.read("threat-model.yaml"), first);
    assert!(!first.contains("worker"));
}

#[test]
fn what_is_new_is_added_and_what_a_person_wrote_stays() {
    let repo = begun(&[("compose.yaml", COMPOSE)]);
    let edits = [
        ("    name: db\n", "    name: Orders # our own name\n"),
        ("kind: RELATIONAL", "kind: DOCUMENT"),
        ("    runsInContainer: true # compose.yaml:6\n", ""),
        (
            "\nflows:\n",
            "  auditor:\n    class: Actor\n    name: Auditor\n  # that is all\nflows:\n",
        ),
        ("source: web\n", "source: web # checked\n"),
    ];
    for (from, to) in edits {
        repo.edit("threat-model.yaml", from, to);
    }
    let before = repo.read("threat-model.yaml");
    repo.write("compose.yaml", &format!("{COMPOSE}{MORE}"));
    let run = repo.tmrs(&["init", "--from", "compose.yaml"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        run.out,
        "\
Added to threat-model.yaml:
  element worker (compose.yaml:8)
  element smtp.example.org (compose.yaml:10)
  flow worker-to-db (compose.yaml:10)
  flow worker-to-smtp.example.org (compose.yaml:10)
The sources say, and the model does not:
  db: kind: RELATIONAL (compose.yaml:7); the model says DOCUMENT
  db: runsInContainer: true (compose.yaml:6)
"
    );
    let after = repo.read("threat-model.yaml");
    let kept: Vec<&str> = before.lines().collect();
    let mut rest = after.lines();
    for line in kept {
        assert!(
            rest.any(|now| now == line),
            "`{line}` is not where it was:\n{after}"
        );
    }
    // The comment of a person stays before what it stood before, and speaks to nothing new.
    assert!(
        after.contains("  # that is all\n\n  worker: # compose.yaml:8\n"),
        "{after}"
    );
    assert!(repo.report(&[])["models"][0]["name"].is_string());
    let again = repo.tmrs(&["init", "--from", "compose.yaml"]);
    assert!(again.out.contains("it is unchanged"), "{again:?}");
    assert_eq!(repo.read("threat-model.yaml"), after);
}

#[test]
fn what_a_person_deleted_stays_away_until_its_id_is_deleted_too() {
    let repo = begun(&[("compose.yaml", COMPOSE)]);
    let model = repo.read("threat-model.yaml");
    let (start, end) = (
        model.find("  db:").unwrap(),
        model.find("\nflows:").unwrap(),
    );
    let flow = model.find("  web-to-db:").unwrap();
    let tail = model.find("\n# Written by").unwrap();
    let without = format!("{}{}{}", &model[..start], &model[end..flow], &model[tail..]);
    repo.write("threat-model.yaml", &without);
    let run = repo.tmrs(&["init", "--from", "compose.yaml"]);
    assert!(run.out.contains("it is unchanged"), "{run:?}");
    assert!(
        run.out
            .contains("left out of threat-model.yaml by a person"),
        "{run:?}"
    );
    assert!(
        run.out
            .contains("  element db (compose.yaml:6)\n  flow web-to-db (compose.yaml:5)\n")
    );
    assert_eq!(repo.read("threat-model.yaml"), without);
    repo.edit("threat-model.yaml", " web db", " web");
    let run = repo.tmrs(&["init", "--from", "compose.yaml"]);
    assert!(
        run.out
            .contains("Added to threat-model.yaml:\n  element db"),
        "{run:?}"
    );
}

#[test]
fn what_the_sources_have_no_more_is_listed_and_left() {
    let repo = begun(&[("compose.yaml", COMPOSE)]);
    let before = repo.read("threat-model.yaml");
    repo.write(
        "compose.yaml",
        "services: {web: {image: acme/web, ports: [\"8080:80\"]}}\n",
    );
    let run = repo.tmrs(&["init", "--from", "compose.yaml"]);
    let words = "in none of those named now; left as they are:\n  element db\n  flow web-to-db\n";
    assert!(run.out.contains(words), "{run:?}");
    assert_eq!(repo.read("threat-model.yaml"), before);
}

#[test]
fn models_of_every_layout_are_added_to() {
    let compose = "services: {web: {image: acme/web, depends_on: [db]}, db: {image: postgres}}\n";
    for model in [
        "tmrs: 1\nname: Hand\n",
        "tmrs: 1\nname: Hand",
        "tmrs: 1\r\nname: Hand\r\nelements:\r\n  web: {class: Server, name: Web}\r\n",
        "tmrs: 1\nname: Hand\nelements:\n    web:\n        class: Server\n        name: Web\nflows:\n",
        "tmrs: 1\nname: Hand\nelements:\n  web:\n    class: Server\n    name: Web\n    description: |\n      a\n\n      # no comment\nassumptions: [x]\n",
        "tmrs: 1\nflows:\n  # none yet\nelements:\n  web:\n    class: Server\n    name: Web\n    controls:\nname: Hand\n",
    ] {
        let repo = Repo::with(&[("compose.yaml", compose), ("threat-model.yaml", model)]);
        let run = repo.tmrs(&["init", "--from", "compose.yaml"]);
        assert_eq!(run.code, 0, "{model:?}: {run:?}");
        let after = repo.read("threat-model.yaml");
        let mut rest = after.split_inclusive('\n');
        for line in model
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'))
        {
            assert!(rest.any(|now| now == line), "{model:?}: {after:?}");
        }
        assert_eq!(after.contains("\r\n"), model.contains("\r\n"));
        let report = repo.report(&[]);
        assert_ne!(
            report["summary"]["verdict"], "incomplete",
            "{}\n{after}",
            report["notices"]
        );
        assert_eq!(report["summary"]["models"], 1, "{model:?}");
        let again = repo.tmrs(&["init", "--from", "compose.yaml"]);
        assert!(
            again.out.contains("it is unchanged"),
            "{model:?}: {again:?}"
        );
        assert_eq!(repo.read("threat-model.yaml"), after);
    }
}

#[test]
fn what_is_no_model_of_ours_is_never_written_over() {
    for (name, text, words) in [
        ("threat-model.yaml", "a: 1\n", "it has no `tmrs: 1`"),
        ("threat-model.yaml", "a: [\n", "cannot be read as YAML"),
        (
            "threat-model.yaml",
            "{tmrs: 1, name: X}\n",
            "written in braces",
        ),
        ("model.json", "{\"tmrs\": 1}", "does not end in .yaml"),
        (
            "model.yaml",
            "tmrs: 1\nname: X\nelements: {a: {class: Actor, name: A}}\n",
            "add by hand",
        ),
    ] {
        let repo = Repo::with(&[("compose.yaml", COMPOSE), (name, text)]);
        let run = repo.tmrs(&["init", "--from", "compose.yaml", "--output", name]);
        let said = format!("{}{}", run.out, run.err);
        assert!(said.contains(words), "{name}: {run:?}");
        assert!(repo.read(name).contains(text.trim_end()), "{name}: {run:?}");
    }
}

#[test]
fn a_model_outside_of_the_repository_is_refused() {
    let repo = begun(&[("compose.yaml", COMPOSE)]);
    for output in ["../model.yaml", "no/such/folder/model.yaml"] {
        let run = repo.tmrs(&["init", "--from", "compose.yaml", "--output", output]);
        assert_eq!(run.code, 2, "{run:?}");
    }
}
