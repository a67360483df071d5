//! `tmrs triage`, driven in a pseudo-terminal.

use std::process::Command;

use crate::harness::{Repo, Run, run};
use crate::shared::root;

const SHOP: &str = "\
tmrs: 1
name: Shop
elements:
  web: {class: Server, name: \"Web [1]\", threats: [{title: Brute force, severity: critical}, {title: Spam, severity: critical}, {title: Fraud, severity: critical}]}
";

const CONFIG: &str = "\
# What we agreed on
fail-on: critical # for now
exclusions:
  # the oldest
  - rule: DS01
    reason: x
# the end
";

/// Waits for the prompt, then types.
const PROMPT: &str = "[q]uit? ";

/// Answers what `tmrs triage` waits for, in a terminal.
fn session(repo: &Repo, arguments: &[&str], steps: &[(&str, &str)]) -> Run {
    let mut all = vec!["triage"];
    all.extend(arguments);
    at_terminal(repo, &all, steps)
}

fn at_terminal(repo: &Repo, arguments: &[&str], steps: &[(&str, &str)]) -> Run {
    let tmrs = repo.command(arguments);
    let steps: Vec<_> = steps.iter().map(|(wait, typed)| [wait, typed]).collect();
    let mut command = Command::new("python3");
    command
        .arg(root().join("tests/terminal.py"))
        .arg(serde_json::to_string(&steps).unwrap());
    command
        .arg(tmrs.get_program())
        .args(tmrs.get_args())
        .current_dir(repo.root())
        .env_clear();
    for (name, value) in tmrs.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    run(&mut command)
}

#[test]
fn nobody_is_asked_without_a_terminal_or_in_ci() {
    let repo = Repo::with(&[("shop.yaml", SHOP)]);
    let piped = repo.tmrs(&["triage"]);
    assert_eq!(piped.code, 2);
    assert!(piped.err.contains("needs a terminal"), "{}", piped.err);
    for (name, value) in [
        ("CI", "true"),
        ("GITHUB_ACTIONS", "true"),
        ("TF_BUILD", "True"),
    ] {
        let ci = run(repo.command(&["triage"]).env(name, value));
        assert_eq!(ci.code, 2);
        assert!(ci.err.contains("does not run in CI"), "{}", ci.err);
    }
}

#[test]
fn a_failing_run_tells_once_how_to_accept_what_it_found() {
    let repo = Repo::with(&[("shop.yaml", SHOP)]);
    let hint = "tmrs baseline update";
    let first = repo.tmrs(&["check"]);
    assert_eq!(first.code, 1, "{first:?}");
    let told = first.out.matches(hint).count() + first.err.matches(hint).count();
    assert_eq!(told, 1, "{first:?}");
    repo.tmrs(&["baseline", "update"]);
    let later = repo.tmrs(&["check"]);
    assert_eq!(later.code, 0, "{later:?}");
    assert!(!later.out.contains(hint), "{}", later.out);
}

#[test]
#[cfg(unix)]
#[ignore = "drives a terminal, needs python3: scripts/test-all"]
fn decisions_are_written_without_disturbing_the_configuration() {
    let repo = Repo::with(&[("shop.yaml", SHOP), ("tmrs.yaml", CONFIG)]);
    let steps = [
        (PROMPT, "explain\n"),
        ("What helps", "a\n"),
        ("Why? ", "until the \"move\": ok\n"),
        ("Until when", "2030-13-01\n"),
        ("Until when", "2020-01-01\n"),
        ("That day is over", ""),
        ("Until when", "30\n"),
        ("Written to tmrs.yaml", ""),
        (PROMPT, "f\n"),
        ("Why? ", "no such thing\n"),
        ("Written", ""),
        (PROMPT, "s\n"),
        (PROMPT, "q\n"),
        ("2 decided", ""),
    ];
    let steps: Vec<_> = steps
        .into_iter()
        .filter(|(_, typed)| !typed.is_empty())
        .collect();
    let session = session(&repo, &["--today", "2027-01-01"], &steps);
    assert_eq!(session.code, 0, "{session:?}");
    assert!(session.out.contains("2 decided"), "{}", session.out);
    let expected = CONFIG.replace(
        "    reason: x\n",
        "    reason: x\n\
         \x20 - rule: DECLARED/brute-force\n    class: Server\n    element: \"Web \\\\[1\\\\]\"\n    model: shop.yaml\n\
         \x20   reason: \"accepted: until the \\\"move\\\": ok\"\n    expires: 2027-01-31\n\
         \x20 - rule: DECLARED/fraud\n    class: Server\n    element: \"Web \\\\[1\\\\]\"\n    model: shop.yaml\n\
         \x20   reason: \"false-positive: no such thing\"\n",
    );
    assert_eq!(repo.read("tmrs.yaml"), expected);
    let excluded = repo.findings("excluded", &["--today", "2027-01-31"]);
    assert_eq!(excluded.len(), 2, "{excluded:?}");
    assert_eq!(
        repo.findings("excluded", &["--today", "2027-02-01"]).len(),
        1
    );
}

#[test]
#[cfg(unix)]
#[ignore = "drives a terminal, needs python3: scripts/test-all"]
fn undo_takes_the_last_answer_back_and_quitting_loses_nothing() {
    let repo = Repo::with(&[("shop.yaml", SHOP)]);
    let steps = [
        (PROMPT, "x\n"),
        ("Why? ", "first\n"),
        (PROMPT, "x\n"),
        ("Why? ", "second\n"),
        (PROMPT, "undo\n"),
        ("Undone", "undo\n"),
        ("Undone", "u\n"),
        ("nothing to undo", "x\n"),
        ("Why? ", "\n"),
        ("Nothing was decided", "x\n"),
        ("Why? ", "third\n"),
        ("Written", "KILL"),
    ];
    let session = session(&repo, &[], &steps);
    assert_eq!(session.code, 9, "{session:?}");
    let text = repo.read("tmrs.yaml");
    assert!(
        text.contains("reason: third") && !text.contains("first"),
        "{text}"
    );
    assert_eq!(repo.findings("excluded", &[]).len(), 1);
}

#[test]
#[cfg(unix)]
#[ignore = "drives a terminal, needs python3: scripts/test-all"]
fn the_end_of_input_quits() {
    let repo = Repo::with(&[("shop.yaml", SHOP)]);
    let session = session(&repo, &[], &[(PROMPT, "")]);
    assert_eq!(session.code, 0, "{session:?}");
    assert!(session.out.contains("0 decided"));
    assert!(!repo.path("tmrs.yaml").exists());
}

#[test]
#[cfg(unix)]
#[ignore = "drives a terminal, needs python3: scripts/test-all"]
fn policy_asks_for_more_and_forbids() {
    let policy = "policy: {require: [owner, expires], max-days: 10, never: [DECLARED/fraud]}\n";
    let repo = Repo::with(&[("shop.yaml", SHOP), ("tmrs.yaml", policy)]);
    let steps = [
        (PROMPT, "x\n"),
        ("Why? ", "why not\n"),
        ("Who answers", "ann\n"),
        ("at most 10 days", "11\n"),
        ("so far ahead", "10\n"),
        ("Written", "x\n"),
        ("Policy lets nothing exclude DECLARED/fraud", "q\n"),
    ];
    let session = session(&repo, &["--today", "2027-01-01"], &steps);
    assert_eq!(session.code, 0, "{session:?}");
    assert!(
        repo.read("tmrs.yaml")
            .contains("    owner: ann\n    expires: 2027-01-11\n")
    );
}
