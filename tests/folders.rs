//! Settings by folder: one repository, several services, and a gate for each.

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
