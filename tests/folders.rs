//! Settings by folder: one repository, several services, and a gate for each.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::adoption::MODEL;
use crate::harness::{Repo, findings};

/// Two services of one repository, and a gate for each.
fn services(config: &str) -> Repo {
    Repo::with(&[
        ("pay/model.yaml", MODEL),
        ("old/model.yaml", MODEL),
        ("tmrs.yaml", config),
    ])
}

fn failing_in(report: &Value, folder: &str) -> usize {
    let findings = report["findings"].as_array().unwrap().iter();
    let failing = findings.filter(|f| f["failing"] == true);
    failing
        .filter(|f| f["model"].as_str().unwrap().starts_with(folder))
        .count()
}

#[test]
fn a_folder_has_a_gate_of_its_own() {
    let everywhere = services("fail-on: high\n").report(&[]);
    let usual = failing_in(&everywhere, "old/");
    assert!(usual > 0);
    assert_eq!(everywhere["summary"]["gate"]["models"], json!([]));
    // What an entry says of `old/`, and how many findings then fail there.
    let all = failing_in(&services("fail-on: info\n").report(&[]), "old/");
    let declared = failing_in(&services("evidence: declared\n").report(&[]), "old/");
    let severe = failing_in(&services("gate: severity\n").report(&[]), "old/");
    assert!(declared < usual && usual <= severe && severe < all);
    for (entry, expected, is_own) in [
        ("fail-on: never", 0, true),
        ("fail-on: info", all, true),
        ("evidence: declared", declared, true),
        ("gate: severity", severe, true),
        ("expires: 2020-01-01, fail-on: never", usual, false),
        ("fail-on: high, evidence: assumed", usual, false),
    ] {
        let repo = services(&format!("models:\n- {{path: old, {entry}}}\n"));
        let report = repo.report(&[]);
        assert_eq!(failing_in(&report, "old/"), expected, "{entry}");
        assert_eq!(failing_in(&report, "pay/"), usual, "{entry}");
        assert_eq!(report["summary"]["gate"]["failOn"], "high", "{entry}");
        let own = report["summary"]["gate"]["models"].as_array().unwrap();
        assert_eq!(own.len(), usize::from(is_own), "{entry}");
        if is_own {
            assert_eq!(own[0]["model"], "old/model.yaml");
            let run = repo.tmrs(&["check"]);
            assert!(
                run.out.contains("as tmrs.yaml says for one model"),
                "{}",
                run.out
            );
        }
    }
    // The first entry that matches counts, and the command line goes over it.
    let repo = services(
        "models:\n- {path: old/model.yaml, fail-on: info}\n- {path: old, fail-on: never}\n",
    );
    assert_eq!(failing_in(&repo.report(&[]), "old/"), all);
    assert_eq!(
        failing_in(&repo.report(&["--fail-on", "high"]), "old/"),
        usual
    );
}

#[test]
fn a_folder_may_only_tighten_the_gate_of_a_policy() {
    let usual = failing_in(&services("").report(&[]), "old/");
    let all = failing_in(&services("fail-on: info\n").report(&[]), "old/");
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.yaml");
    let bound = |floor: &str, own: &str, more: &[&str]| {
        std::fs::write(&policy, floor).unwrap();
        let mut arguments = vec!["--policy", policy.to_str().unwrap()];
        arguments.extend(more);
        let repo = services(&format!("models:\n- {{path: old, {own}}}\n"));
        failing_in(&repo.report(&arguments), "old/")
    };
    for own in ["fail-on: never", "fail-on: critical", "fail-on: high"] {
        assert_eq!(bound("fail-on: high\n", own, &[]), usual, "{own}");
    }
    let everything = "evidence: assumed\ngate: severity\n";
    let strict = bound(everything, "entry: main", &[]);
    assert_eq!(bound(everything, "evidence: declared", &[]), strict);
    assert_eq!(bound(everything, "gate: risk", &[]), strict);
    assert_eq!(bound("fail-on: high\n", "fail-on: info", &[]), all);
    // What the policy says of a folder holds, whatever a workflow asks for.
    let floor = "models:\n- {path: old, fail-on: info}\n";
    assert_eq!(bound(floor, "fail-on: never", &[]), all);
    assert_eq!(bound(floor, "fail-on: never", &["--fail-on", "never"]), all);
    let floor = "fail-on: high\nmodels:\n- {path: old, fail-on: never}\n";
    assert_eq!(bound(floor, "fail-on: high", &[]), 0);
}

#[test]
fn a_change_that_loosens_the_gate_of_a_folder_is_told() {
    let stays = "models:\n- {path: pay, fail-on: low}\n- {path: old, fail-on: critical}\n";
    for (config, told) in [
        (
            "models:\n- {path: pay, fail-on: low}\n- {path: old, fail-on: never}\n",
            "fail-on of old/model.yaml was critical and is never",
        ),
        (
            "models:\n- {path: old, fail-on: critical}\n",
            "fail-on of pay/model.yaml was low and is high",
        ),
        (
            "models:\n- {path: '**', fail-on: critical}\n- {path: pay, fail-on: low}\n",
            "fail-on of pay/model.yaml was low and is critical",
        ),
        (
            "models:\n- {path: pay, fail-on: low, evidence: declared}\n- {path: old, fail-on: critical}\n",
            "evidence of pay/model.yaml was assumed and is declared",
        ),
        (
            "models:\n- {path: pay, fail-on: low, expires: 2020-01-01}\n- {path: old, fail-on: critical}\n",
            "fail-on of pay/model.yaml was low and is high",
        ),
    ] {
        let repo = services(stays);
        repo.write("tmrs.yaml", config);
        let report = repo.report(&["--since", "HEAD"]);
        let messages = report["findings"].as_array().unwrap().iter();
        let messages: Vec<&str> = messages
            .filter(|f| f["rule"] == "CHG07")
            .map(|f| f["message"].as_str().unwrap())
            .collect();
        assert_eq!(messages.len(), 1, "{config}: {messages:?}");
        assert!(messages[0].contains(told), "{messages:?}");
    }
    let repo = services(stays);
    repo.write(
        "tmrs.yaml",
        "models:\n- {path: pay, fail-on: info}\n- {path: old, fail-on: high}\n",
    );
    let report = repo.report(&["--since", "HEAD"]);
    let told = findings(&report, "new");
    assert!(
        !told.iter().any(|line| line.contains(" CHG07 ")),
        "{told:?}"
    );
}

#[test]
fn a_model_that_moves_into_a_folder_with_a_looser_gate_is_told() {
    let repo = services("models:\n- {path: old, fail-on: never}\n");
    repo.remove("old/model.yaml");
    repo.commit("one model");
    std::fs::rename(repo.path("pay/model.yaml"), repo.path("old/model.yaml")).unwrap();
    let report = repo.report(&["--since", "HEAD"]);
    let messages = report["findings"].as_array().unwrap().iter();
    let messages: Vec<&str> = messages.map(|f| f["message"].as_str().unwrap()).collect();
    let told = "fail-on of old/model.yaml was high and is never";
    assert!(
        messages.iter().any(|message| message.contains(told)),
        "{messages:?}"
    );
}

#[test]
fn reports_of_folders_with_gates_of_their_own_are_put_together() {
    let repo = services("models:\n- {path: old, fail-on: never}\n");
    let whole = repo.report(&[]);
    for folder in ["old", "pay"] {
        let out = format!("json={folder}.json");
        repo.tmrs(&["check", folder, "-o", &out]);
    }
    let joined = repo.tmrs(&["render", "old.json", "pay.json", "--format", "json"]);
    let joined: Value = serde_json::from_str(&joined.out).unwrap();
    assert_eq!(joined["summary"]["gate"], whole["summary"]["gate"]);
}

/// The rules of what was found in a folder, each once.
fn rules_in(report: &Value, folder: &str) -> BTreeSet<String> {
    let found = report["findings"].as_array().unwrap().iter();
    let found = found.filter(|f| f["model"].as_str().unwrap().starts_with(folder));
    found.map(|f| f["rule"].as_str().unwrap().into()).collect()
}

#[test]
fn a_folder_has_rules_of_its_own() {
    let found = |config: &str, folder: &str| rules_in(&services(config).report(&[]), folder);
    let usual = found("", "old/");
    let only_in_old = |top: &str, entry: &str| {
        let config = format!("{top}models:\n- {{path: old, rules: {{{entry}}}}}\n");
        let report = services(&config).report(&[]);
        assert_eq!(rules_in(&report, "pay/"), found(top, "pay/"), "{config}");
        rules_in(&report, "old/")
    };
    // What is said for all models holds where an entry says something else of rules.
    let top = "rules: {disable: [INP05], packs: [core]}\n";
    let mut core = found("rules: {packs: [core]}\n", "old/");
    assert!(core.len() < usual.len() && core.remove("INP05") && core.remove("AC01"));
    assert_eq!(only_in_old(top, "disable: [AC01]"), core);
    for (entry, as_for_all) in [
        ("packs: [model]", "rules: {packs: [model]}\n"),
        (
            "packs: [core, extended]",
            "rules: {packs: [core, extended]}\n",
        ),
        (
            "enable: ['INP*', AC01]",
            "rules: {enable: ['INP*', AC01]}\n",
        ),
        (
            "disable: [AC01, MOD03]",
            "rules: {disable: [AC01, MOD03]}\n",
        ),
    ] {
        let there = only_in_old("", entry);
        assert_ne!(there, usual, "{entry}");
        assert_eq!(there, found(as_for_all, "old/"), "{entry}");
    }
    // Rules that only warn, an entry that is over, the first match, the command line.
    let report = services("models:\n- {path: old, rules: {warn: ['*']}}\n").report(&[]);
    assert_eq!(failing_in(&report, "old/"), 0);
    assert!(failing_in(&report, "pay/") > 0);
    assert_eq!(rules_in(&report, "old/"), usual);
    let over = "models:\n- {path: old, expires: 2020-01-01, rules: {enable: [AC01]}}\n";
    assert_eq!(found(over, "old/"), usual);
    let first =
        "models:\n- {path: old/model.yaml, fail-on: low}\n- {path: old, rules: {enable: [AC01]}}\n";
    assert_eq!(found(first, "old/"), usual);
    let repo = services("models:\n- {path: old, rules: {enable: [AC01]}}\n");
    let selected = rules_in(&repo.report(&["--select", "INP05"]), "old/");
    assert_eq!(selected, ["INP05".to_owned()].into());
}

#[test]
fn what_rules_a_folder_cannot_have_is_said_at_its_place() {
    for (entry, code, words) in [
        ("packs: [nonesuch]", 2, "tmrs.yaml:1:38"),
        ("packs: [nonesuch]", 2, "no pack “nonesuch”"),
        ("severity: {AC01: low}", 2, "no key `severity`"),
        ("enable: []", 2, "at least one rule"),
        ("disable: [AC99]", 1, "no rule has the id `AC99`"),
    ] {
        let repo = services(&format!("models: [{{path: old, rules: {{{entry}}}}}]\n"));
        let run = repo.tmrs(&["check", "--format", "short"]);
        assert_eq!(run.code, code, "{entry}: {run:?}");
        let told = format!("{}{}", run.out, run.err);
        assert_eq!(told.matches(words).count(), 1, "{entry}: {told}");
    }
}

#[test]
fn a_folder_may_only_tighten_the_rules_of_a_policy() {
    let usual = failing_in(&services("").report(&[]), "old/");
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.yaml");
    std::fs::write(&policy, "rules: {packs: [core, model]}\n").unwrap();
    let own = |entry: &str| format!("models:\n- {{path: old, rules: {{{entry}}}}}\n");
    let loose = [
        "packs: [model]",
        "enable: [AC01]",
        "disable: [AC01, INP05]",
        "warn: ['*']",
    ];
    let narrow = |entry: &str| failing_in(&services(&own(entry)).report(&[]), "old/");
    for entry in loose {
        assert!(narrow(entry) < usual, "{entry}");
        let repo = services(&own(entry));
        let report = repo.report(&["--policy", policy.to_str().unwrap()]);
        assert_eq!(failing_in(&report, "old/"), usual, "{entry}");
        let repo = services("fail-on: high\n");
        repo.write("tmrs.yaml", &own(entry));
        let report = repo.report(&["--policy-from", "HEAD"]);
        assert_eq!(failing_in(&report, "old/"), usual, "{entry}");
        // The policy's own entry lets through what it says, and only there.
        std::fs::write(folder.path().join("floor.yaml"), own(entry)).unwrap();
        let floor = folder.path().join("floor.yaml");
        let report = services(&own(entry)).report(&["--policy", floor.to_str().unwrap()]);
        assert_eq!(failing_in(&report, "old/"), narrow(entry), "{entry}");
        assert_eq!(failing_in(&report, "pay/"), usual, "{entry}");
    }
    // What the base asks of a folder is asked, with or without the entry.
    let strict = own("packs: [core, model, extended]");
    let asked = rules_in(&services(&strict).report(&[]), "old/");
    for config in ["", "rules: {disable: [AC01]}\n", &own("packs: [core]")] {
        let repo = services(&strict);
        repo.write("tmrs.yaml", config);
        let report = repo.report(&["--policy-from", "HEAD"]);
        assert_eq!(rules_in(&report, "old/"), asked, "{config}");
    }
}

#[test]
fn a_change_that_takes_rules_from_a_folder_is_told() {
    let told = |before: &str, after: &str| -> Vec<String> {
        let repo = services(before);
        repo.write("tmrs.yaml", after);
        let report = repo.report(&["--since", "HEAD"]);
        let changes = report["findings"].as_array().unwrap().iter();
        let changes = changes.filter(|f| f["rule"].as_str().unwrap().starts_with("CHG"));
        let text = |f: &Value| f["message"].as_str().unwrap().to_owned();
        let changes = changes.filter(|f| f["location"]["path"] == "tmrs.yaml");
        changes.map(text).collect()
    };
    let own = |entry: &str| format!("models:\n- {{path: old, rules: {{{entry}}}}}\n");
    for (entry, words) in [
        ("disable: [AC01]", "AC01 no longer judges in old/model.yaml"),
        (
            "enable: [AC01, INP05]",
            "more no longer judge in old/model.yaml",
        ),
        ("packs: [core]", "more no longer judge in old/model.yaml"),
        ("warn: [AC01]", "AC01 only warns in old/model.yaml"),
    ] {
        let messages = told("", &own(entry));
        assert_eq!(messages.len(), 1, "{entry}: {messages:?}");
        assert!(messages[0].contains(words), "{messages:?}");
        assert_eq!(told(&own(entry), &own(entry)), [""; 0]);
        assert_eq!(told(&own(entry), ""), [""; 0], "{entry} is taken back");
        // What is taken from all models is told once.
        let everywhere = format!("rules: {{{entry}}}\n");
        let once = told("", &everywhere);
        let both = told("", &format!("{everywhere}{}", own(entry)));
        assert_eq!(both, once, "{entry}");
    }
    let messages = told(&own("packs: [core, model, extended]"), "");
    assert!(messages[0].contains("in old/model.yaml"), "{messages:?}");
    let repo = services(&own("enable: [AC01]"));
    repo.remove("old/model.yaml");
    repo.commit("one model");
    std::fs::rename(repo.path("pay/model.yaml"), repo.path("old/model.yaml")).unwrap();
    let report = repo.report(&["--since", "HEAD"]).to_string();
    assert!(report.contains("no longer judge in old/model.yaml"));
}
