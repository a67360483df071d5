//! What `tmrs check --pre-commit` judges: what pre-commit asks about, and nothing less.

use crate::harness::{Repo, Run, fails_with, run};

const OPEN: &str = "tmrs: 1\nname: Old\nelements:\n  user: {class: Actor}\n  web: {class: Server}\n\
                    data:\n  orders: {name: Orders}\n\
                    flows:\n  ask: {source: user, sink: web, protocol: HTTP, data: [orders]}\n";
const HELPED: &str = "from pytm import TM, Server\nfrom common import NAME\ntm = TM('Helped')\n\
                      web = Server(NAME)\nweb.inputs\ntm.process()\n";

fn repository() -> Repo {
    Repo::with(&[
        ("models/old.yaml", OPEN),
        ("helped.py", HELPED),
        ("common.py", "NAME = 'web'\n"),
        ("quiet.yaml", "tmrs: 1\nname: Quiet\n"),
    ])
}

/// As pre-commit runs it, with the files that it names.
fn hook(repo: &Repo, files: &[&str], refs: Option<(&str, &str)>) -> Run {
    let mut command = repo.command(&["check", "--pre-commit", "--fail-on", "high"]);
    command.args(files);
    if let Some((from, to)) = refs {
        command.env("PRE_COMMIT_FROM_REF", from);
        command.env("PRE_COMMIT_TO_REF", to);
    }
    run(&mut command)
}

#[test]
fn a_commit_is_judged_by_what_it_adds() {
    let repo = repository();
    repo.edit("models/old.yaml", "name: Old", "name: Old # more");
    let known = hook(&repo, &["models/old.yaml"], None);
    assert_eq!(known.code, 0, "old threats stop nobody: {}", known.out);
    repo.edit(
        "models/old.yaml",
        "data:\n  orders: {name: Orders}\nflows:",
        "  api: {class: Server}\ndata:\n  orders: {name: Orders}\nflows:\n  go: {source: web, sink: api, data: [orders]}",
    );
    let added = hook(&repo, &["models/old.yaml"], None);
    assert_eq!(added.code, 1, "{}", added.out);
    assert!(
        added.out.contains("api") && added.out.contains("Gate failed"),
        "{}",
        added.out
    );
}

#[test]
fn all_files_are_judged_as_they_are() {
    let repo = repository();
    let all = ["common.py", "helped.py", "models/old.yaml", "quiet.yaml"];
    let run = hook(&repo, &all, None);
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(run.out.contains("models/old.yaml"), "{}", run.out);
    // What the baseline knows stops nobody here either.
    repo.tmrs(&["baseline", "update"]);
    assert_eq!(hook(&repo, &all, None).code, 0);
}

#[test]
fn single_files_are_judged_and_no_others() {
    let repo = repository();
    let quiet = hook(&repo, &["quiet.yaml"], None);
    assert_eq!(quiet.code, 0, "{}", quiet.out);
    assert!(!quiet.out.contains("models/old.yaml"), "{}", quiet.out);
    let helper = hook(&repo, &["common.py"], None);
    assert!(
        helper.out.contains("1 model,"),
        "the model that imports it: {}",
        helper.out
    );
    let old = hook(&repo, &["models/old.yaml"], None);
    assert_eq!(old.code, 1, "{}", old.out);
}

#[test]
fn what_lies_between_two_revisions_is_judged() {
    let repo = repository();
    repo.write("new.yaml", &OPEN.replace("Old", "New"))
        .commit("add");
    let range = hook(&repo, &["new.yaml"], Some(("HEAD~1", "HEAD")));
    assert_eq!(range.code, 1, "{}", range.out);
    assert!(range.out.contains("new.yaml") && !range.out.contains("models/old.yaml"));
    let none = hook(&repo, &[], Some(("HEAD", "HEAD")));
    assert_eq!(none.code, 0, "{}", none.out);
    let other = hook(&repo, &[], Some(("HEAD", "HEAD~1")));
    fails_with(&other, &["PRE_COMMIT_TO_REF", "check that revision out"]);
}

#[test]
fn a_commit_that_only_deletes_a_model_is_judged() {
    let repo = repository();
    repo.remove("models/old.yaml");
    let told = hook(&repo, &[], None);
    assert_eq!(told.code, 0, "{}", told.out);
    assert!(told.out.contains("CHG14"), "{}", told.out);
    repo.write("models/old.yaml", OPEN);
    repo.write("tmrs.yaml", "policy: {weakening: fail}\n")
        .commit("policy");
    repo.remove("models/old.yaml");
    let refused = hook(&repo, &[], None);
    assert_eq!(refused.code, 1, "{}", refused.out);
}

#[test]
fn every_hook_runs_whatever_files_a_commit_names() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let hooks = text.matches("\n- id: ").count();
    assert!(hooks >= 7, "{hooks}");
    assert_eq!(text.matches("  always_run: true\n").count(), hooks);
    let all = text.matches("  entry: tmrs check\n").count();
    assert_eq!(all, 3, "hooks that judge everything");
    // Without files pre-commit names none of them to a hook, `--all-files` or not.
    let endings = "\\.(py|pyw|ipynb|yaml|yml|json|otm|tm7|hcl)$";
    let asked = text.matches("  entry: tmrs check --pre-commit\n").count();
    assert_eq!(text.matches(endings).count(), asked, "{endings}");
}
