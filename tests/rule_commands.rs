//! `tmrs rules …` as a user runs it.

use std::process::{Command, Output};

/// Runs tmrs in an empty folder; gives exit status, standard output, standard error.
fn tmrs(folder: &std::path::Path, arguments: &[&str]) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_tmrs"))
        .args(arguments)
        .current_dir(folder)
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn rules_are_listed_by_pack_family_tag_severity_and_class() {
    let folder = folder();
    let ids = |arguments: &[&str]| -> Vec<String> {
        let mut all = vec!["rules", "list", "--format", "json"];
        all.extend(arguments);
        let (exit, out, _) = tmrs(folder.path(), &all);
        assert_eq!(exit, 0);
        let rows: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
        rows.iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = ids(&[]);
    assert!(all.len() >= 200);
    assert!(all.is_sorted());
    let packs = ["core", "extended", "model"].map(|pack| ids(&["--pack", pack]).len());
    assert_eq!(packs.iter().sum::<usize>(), all.len());
    assert!(packs.iter().all(|count| *count > 0));
    let cases: [(&[&str], &str, &str); 5] = [
        (&["--family", "aa"], "AA01", "AC01"),
        (&["--tag", "stride:spoofing"], "AA01", "INP02"),
        (&["--tag", "CWE-287"], "AA01", "INP02"),
        (&["--severity", "high,critical"], "AA01", "AA03"),
        (&["--class", "server"], "AA01", "LLM01"),
    ];
    for (filter, there, not_there) in cases {
        let found = ids(filter);
        assert!(found.contains(&there.to_owned()), "{filter:?}");
        assert!(!found.contains(&not_there.to_owned()), "{filter:?}");
    }
    let (exit, _, complaint) = tmrs(folder.path(), &["rules", "list", "--class", "Servr"]);
    assert_eq!(exit, 2);
    assert!(complaint.contains("Servr"), "{complaint}");
}

#[test]
fn a_table_stays_within_the_terminal_and_counts_its_rules() {
    let folder = folder();
    let (exit, out, _) = tmrs(folder.path(), &["rules", "list", "--family", "llm"]);
    assert_eq!(exit, 0);
    assert!(out.lines().all(|line| line.chars().count() <= 100), "{out}");
    let rows = out.lines().filter(|line| line.starts_with("LLM")).count();
    assert!(out.contains(&format!("{rows} rules;")), "{out}");
    let (_, out, _) = tmrs(
        folder.path(),
        &["rules", "list", "--family", "llm", "--format", "markdown"],
    );
    assert_eq!(
        out.lines().filter(|line| line.starts_with("| LLM")).count(),
        rows
    );
}

#[test]
fn a_rule_is_explained_by_its_id_or_an_earlier_one() {
    let folder = folder();
    for id in ["AA01", "aa01", "pytm-0:DF1"] {
        let (exit, out, _) = tmrs(folder.path(), &["rules", "explain", id]);
        assert_eq!(exit, 0, "{id}");
        assert!(out.starts_with("AA01  "), "{out}");
        assert!(out.contains("controls.authenticatesSource"), "{out}");
    }
    let (_, out, _) = tmrs(
        folder.path(),
        &["rules", "explain", "AA01", "--format", "markdown"],
    );
    assert!(out.starts_with("### AA01\n"), "{out}");
    let (exit, _, complaint) = tmrs(folder.path(), &["rules", "explain", "AA0l"]);
    assert_eq!(exit, 2);
    assert!(complaint.contains("did you mean AA0"), "{complaint}");
}

#[test]
fn a_new_rule_passes_its_own_tests_and_is_never_overwritten() {
    let folder = folder();
    let (exit, out, _) = tmrs(folder.path(), &["rules", "new", "ACME01"]);
    assert_eq!(
        (exit, out.contains("ACME01.yaml is written")),
        (0, true),
        "{out}"
    );
    let (exit, out, complaint) = tmrs(folder.path(), &["rules", "test", "ACME01.yaml"]);
    assert_eq!(
        (exit, out.as_str()),
        (0, "3 tests passed, 0 failed\n"),
        "{complaint}"
    );
    let (exit, out, _) = tmrs(folder.path(), &["rules", "lint", "ACME01.yaml"]);
    assert_eq!((exit, out.as_str()), (0, "1 rule, 0 doubts\n"));
    let (exit, _, complaint) = tmrs(folder.path(), &["rules", "new", "ACME01"]);
    assert_eq!(
        (exit, complaint.contains("exists already")),
        (2, true),
        "{complaint}"
    );
    let (exit, _, _) = tmrs(folder.path(), &["rules", "new", "../evil"]);
    assert_eq!(exit, 2);
    let (exit, out, _) = tmrs(folder.path(), &["rules", "new", "X1", "--output", "-"]);
    assert_eq!((exit, out.starts_with("id: X1\n")), (0, true));
}

#[test]
fn a_failed_rule_test_says_what_was_read_and_why() {
    let folder = folder();
    let rule = "id: X1\ntitle: T\ntarget: Server\nwhen: not target.controls.isHardened\ntests:\n\
        - name: one & two\n  model:\n    elements:\n      a: {class: Server}\n      b: {class: Server, controls: {isHardened: true}}\n  finds: [b]\n\
        - name: wrong id\n  model: {elements: {a: {class: Server}}}\n  finds: [c]\n\
        - name: no model\n  model: {elements: {a: {class: Servr}}}\n  finds: []\n";
    std::fs::write(folder.path().join("x.yaml"), rule).unwrap();
    let (exit, out, _) = tmrs(folder.path(), &["rules", "test", "x.yaml"]);
    assert_eq!(exit, 1);
    for expected in [
        "FAILED  X1  one & two\n        x.yaml:6\n",
        "found `a`, which it must not: controls.isHardened is False (default)",
        "did not find `b`: it is a Server, isHardened is True (declared)",
        "`finds` names `c`, which the model does not have",
        "its model, line 16:",
        "0 tests passed, 3 failed",
    ] {
        assert!(out.contains(expected), "{expected}\n{out}");
    }
    let (exit, out, _) = tmrs(
        folder.path(),
        &["rules", "test", "x.yaml", "--format", "junit"],
    );
    assert_eq!(exit, 1);
    assert!(
        out.contains("<testsuite name=\"X1\" tests=\"3\" failures=\"3\">"),
        "{out}"
    );
    assert!(out.contains("one &amp; two"), "{out}");
}

#[test]
fn the_whole_catalogue_passes_its_tests_and_is_free_of_doubts() {
    let folder = folder();
    let (exit, out, _) = tmrs(folder.path(), &["rules", "test"]);
    assert_eq!(exit, 0, "{out}");
    assert!(out.ends_with(" tests passed, 0 failed\n"), "{out}");
    let (exit, out, _) = tmrs(folder.path(), &["rules", "lint"]);
    assert_eq!(exit, 0, "{out}");
}

#[test]
fn a_doubtful_rule_fails_lint_with_its_place() {
    let folder = folder();
    let rule = "id: X1\ntitle: T\ndescription: D\nmitigation: M\ntarget: Server\nwhen: target.inScope and not target.inScope\n";
    std::fs::write(folder.path().join("x.yaml"), rule).unwrap();
    let (exit, out, _) = tmrs(folder.path(), &["rules", "lint", "x.yaml"]);
    assert_eq!(exit, 1);
    assert!(out.starts_with("x.yaml:1:1: never: X1 "), "{out}");
}

#[test]
fn describe_tells_which_rules_read_an_attribute() {
    let folder = folder();
    let (exit, out, _) = tmrs(folder.path(), &["describe", "authenticatesSource"]);
    assert_eq!(exit, 0);
    assert!(out.contains("  read by ") && out.contains("AA01"), "{out}");
}
