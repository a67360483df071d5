//! What a team needs in its first month: to report before it fails, to begin with a few
//! rules, to judge what an editor holds, and to pick one of two models.

use crate::harness::{Repo, fails_with, findings, notices};

pub(crate) const MODEL: &str = "\
tmrs: 1
name: Shop
boundaries:
  net: {name: Internet, trust: UNTRUSTED}
elements:
  user: {class: Actor, name: User, inBoundary: net}
  web: {class: Server, name: Web, controls: {isHardened: false, sanitizesInput: false}}
  db: {class: Datastore, name: Orders, isSQL: true, storesPII: true}
flows:
  visit: {source: user, sink: web, name: Visit, protocol: HTTP}
  store: {source: web, sink: db, name: Store}
";

const TWO: &str = "\
from pytm import TM, Actor, Dataflow, Server

first = TM('Front office')
desk = Actor('Clerk')
site = Server('Desk')
Dataflow(desk, site, 'Enters')
first.process()
TM.reset()
second = TM('Back office')
boss = Actor('Boss')
vault = Server('Vault')
Dataflow(boss, vault, 'Opens')
second.process()
";

fn shop(config: &str) -> Repo {
    Repo::with(&[("model.yaml", MODEL), ("tmrs.yaml", config)])
}

/// The rules of everything that was found, each once.
fn rules(report: &serde_json::Value) -> Vec<String> {
    let all = report["findings"].as_array().unwrap().iter();
    let mut rules: Vec<String> = all
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect();
    rules.sort();
    rules.dedup();
    rules
}

#[test]
fn a_run_that_only_reports_passes_and_still_tells_mistakes() {
    let cases = [
        ("fail-on: high\n", 1),
        ("fail-on: never\n", 0),
        ("fail-on: nevr\n", 2),
    ];
    for (config, code) in cases {
        assert_eq!(shop(config).tmrs(&["check"]).code, code, "{config}");
    }
    let repo = shop("fail-on: never\n");
    repo.edit("model.yaml", "class: Actor", "class: Aktor");
    assert_eq!(repo.tmrs(&["check"]).code, 3);
    let repo = shop("fail-on: never\n");
    assert_eq!(repo.tmrs(&["check", "--fail-on", "high"]).code, 1);
}

#[test]
fn only_the_rules_that_are_enabled_judge() {
    let cases: [(&str, &[&str]); 5] = [
        ("[AC01]", &["AC01"]),
        ("[MOD03, AC01]", &["AC01", "MOD03"]),
        ("['MOD*']", &["MOD"]),
        ("['pack:model']", &["MOD", "PRV"]),
        ("[injection]", &["INP", "SC"]),
    ];
    for (enable, wanted) in cases {
        let found = rules(&shop(&format!("rules: {{enable: {enable}}}\n")).report(&[]));
        assert!(!found.is_empty(), "{enable}");
        for rule in &found {
            assert!(
                wanted.iter().any(|w| rule.starts_with(w)),
                "{enable}: {rule}"
            );
        }
        let list = enable.trim_matches(['[', ']']).replace(['\'', ' '], "");
        let selected = rules(&shop("").report(&["--select", &list]));
        assert_eq!(selected, found, "{enable}");
    }
}

#[test]
fn a_word_that_means_no_rule_is_told_with_the_nearest() {
    let report = shop("rules: {enable: [AC01, INP1], warn: [nothing]}\n").report(&[]);
    let told = notices(&report, "config");
    assert_eq!(
        told,
        [
            "tmrs.yaml:1 no rule has the id or tag `INP1`",
            "tmrs.yaml:1 no rule has the id or tag `nothing`"
        ]
    );
    fails_with(
        &shop("").tmrs(&["check", "--select", "INP1"]),
        &["no rule judges"],
    );
}

#[test]
fn findings_of_rules_that_only_warn_are_shown_and_fail_nothing() {
    let repo = shop("rules: {warn: ['*']}\n");
    let report = repo.report(&[]);
    let before = findings(&shop("").report(&[]), "new");
    assert_eq!(findings(&report, "new"), before);
    assert_eq!(repo.tmrs(&["check"]).code, 0);
    let repo = shop("rules: {warn: ['MOD*']}\n");
    assert_eq!(repo.tmrs(&["check"]).code, 1);
}

#[test]
fn a_policy_takes_no_restriction_and_no_warning_that_it_has_not_itself() {
    let all = findings(&shop("rules: {packs: [core, model]}\n").report(&[]), "new");
    let repo = shop("rules: {packs: [core, model]}\n");
    for loose in ["rules: {enable: [MOD03]}\n", "rules: {warn: ['*']}\n"] {
        repo.write("tmrs.yaml", loose);
        let report = repo.report(&["--policy-from", "HEAD"]);
        assert_eq!(findings(&report, "new"), all, "{loose}");
        assert_eq!(report["summary"]["exit"], 1, "{loose}");
    }
    let run = repo.tmrs(&["check", "--policy-from", "HEAD", "--select", "MOD03"]);
    assert!(
        run.out.contains("--select counts for nothing"),
        "{}",
        run.out
    );
}

#[test]
fn a_model_on_standard_input_is_judged_as_its_file_would_be() {
    let repo = shop("");
    let file = repo.tmrs(&["check", "--format", "short", "model.yaml"]);
    let piped = [
        "check",
        "--format",
        "short",
        "--stdin-name",
        "model.yaml",
        "-",
    ];
    assert_eq!(repo.tmrs_with(&piped, MODEL).out, file.out);
    let changed = MODEL.replace("name: Web", "name: Site");
    let run = repo.tmrs_with(&piped, &changed);
    assert!(run.out.contains("“Site”") && run.code == 1, "{run:?}");
    let run = repo.tmrs_with(&["check", "--format", "short", "-"], TWO);
    assert!(run.out.contains("stdin.py:5:"), "{}", run.out);
    let run = repo.tmrs_with(&["dfd", "-"], MODEL);
    assert!(run.out.starts_with("digraph"), "{run:?}");
}

#[test]
fn what_standard_input_cannot_be_is_said() {
    let repo = shop("");
    let cases: [(&[&str], &str); 5] = [
        (&["check", "-", "--since", "HEAD"], "in no revision"),
        (&["check", "--stdin-name", "x.yaml"], "add `-`"),
        (&["check", "-", "-"], "named twice"),
        (&["baseline", "update", "-"], "no model from standard input"),
        (
            &["check", "--stdin-name", "../x.yaml", "-"],
            "outside the repository",
        ),
    ];
    for (arguments, words) in cases {
        fails_with(&repo.tmrs_with(arguments, MODEL), &[words]);
    }
    let run = repo.tmrs_with(&["check", "-"], "nonsense");
    assert_eq!(run.code, 3, "{run:?}");
}

#[test]
fn one_of_two_models_in_a_file_is_picked_by_its_name() {
    let repo = Repo::with(&[("tm.py", TWO)]);
    for command in ["dfd", "seq", "report"] {
        fails_with(&repo.tmrs(&[command, "tm.py"]), &["there are 2 models"]);
        let run = repo.tmrs(&[command, "tm.py#Back office"]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(
            run.out.contains("Vault") && !run.out.contains("Desk"),
            "{}",
            run.out
        );
        fails_with(
            &repo.tmrs(&[command, "tm.py#Attic"]),
            &["no model “Attic”", "Front office, Back office"],
        );
    }
    fails_with(
        &repo.tmrs(&["check", "tm.py#Back office"]),
        &["dfd, seq and report"],
    );
    repo.write("a#b.yaml", MODEL);
    assert_eq!(repo.tmrs(&["dfd", "a#b.yaml"]).code, 0);
}

#[test]
fn a_configuration_goes_over_the_one_that_it_extends() {
    let repo = shop("extends: security/common.yaml\n");
    repo.write(
        "security/common.yaml",
        "extends: security/deeper.yaml\nrules: {enable: [AC01, MOD03], severity: {MOD03: high}}\n\
         exclusions: [{rule: INP99*, reason: another repository needs it}]\n",
    );
    repo.write(
        "security/deeper.yaml",
        "fail-on: never\nrules: {severity: {MOD03: low}}\n",
    );
    let report = repo.report(&[]);
    let found = rules(&report);
    assert!(found.contains(&"MOD03".to_owned()), "{found:?}");
    assert!(found.iter().all(|rule| rule == "AC01" || rule == "MOD03"));
    let severity = report["rules"].as_array().unwrap().iter();
    let severity: Vec<_> = severity.filter(|r| r["id"] == "MOD03").collect();
    assert_eq!(severity[0]["severity"], "high");
    assert_eq!(report["summary"]["gate"]["reportOnly"], true);
    let text = report["notices"].to_string();
    assert!(
        !text.contains("INP99"),
        "what is shared need not match: {text}"
    );
    repo.write(
        "tmrs.yaml",
        "extends: security/common.yaml\nfail-on: info\n",
    );
    assert_eq!(repo.tmrs(&["check"]).code, 1);
}

#[test]
fn what_a_configuration_cannot_extend_is_an_error_at_its_place() {
    let cases = [
        ("tmrs.yaml", "extends itself"),
        ("nowhere.yaml", "there is no file nowhere.yaml"),
        ("model.yaml", "not a configuration"),
        ("../outside.yaml", "inside the repository"),
    ];
    for (path, words) in cases {
        let repo = shop(&format!("extends: {path}\n"));
        fails_with(&repo.tmrs(&["check"]), &[words, "tmrs.yaml:1:10"]);
    }
    let repo = shop("extends: a.yaml\n");
    repo.write("a.yaml", "extends: b.yaml\n")
        .write("b.yaml", "extends: a.yaml\n");
    fails_with(&repo.tmrs(&["check"]), &["a.yaml extends itself"]);
}

#[test]
fn a_policy_extends_what_lies_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.yaml");
    std::fs::write(&policy, "extends: shared/floor.yaml\n").unwrap();
    std::fs::create_dir(folder.path().join("shared")).unwrap();
    std::fs::write(folder.path().join("shared/floor.yaml"), "fail-on: low\n").unwrap();
    let report = shop("fail-on: never\n").report(&["--policy", policy.to_str().unwrap()]);
    assert_eq!(report["summary"]["gate"]["failOn"], "low");
}

#[test]
fn a_change_to_an_extended_configuration_is_a_change_to_the_check() {
    let repo = Repo::with(&[
        ("model.yaml", MODEL),
        ("tmrs.yaml", "extends: common.yaml\n"),
        ("common.yaml", "fail-on: low\n"),
    ]);
    repo.write("common.yaml", "fail-on: critical\n");
    let report = repo.report(&["--since", "HEAD", "--changed-only"]);
    let told = findings(&report, "new");
    assert!(told.iter().any(|line| line.contains(" CHG07 ")), "{told:?}");
    let report = repo.report(&["--policy-from", "HEAD"]);
    assert_eq!(report["summary"]["gate"]["failOn"], "low");
}
