//! The threat model of tmrs itself: nothing in it is open, and each test that an answer
//! names is there.

use crate::harness::run;
use crate::shared::root;

const PATH: &str = "examples/self/threat-model.yaml";

/// The tests that a text names: `(FILE: NAME, NAME; FILE: NAME)` at its end.
fn named(answer: &str) -> Vec<(&str, &str)> {
    let Some((_, inside)) = answer.strip_suffix(')').and_then(|s| s.rsplit_once('(')) else {
        return Vec::new();
    };
    let files = inside.split("; ").filter_map(|one| one.split_once(": "));
    files
        .flat_map(|(file, names)| names.split(", ").map(move |name| (file, name)))
        .collect()
}

/// Whether a file holds a test of that name.
fn holds(file: &str, name: &str) -> bool {
    let text = std::fs::read_to_string(root().join(file)).unwrap_or_default();
    match file.rsplit_once('.') {
        Some((_, "rs")) => {
            let before = text.split_once(&format!("fn {name}()"));
            let marks = before.map_or("", |(before, _)| before).trim_end();
            // Between the mark and the function may stand why it is left out somewhere.
            let mut lines = marks.lines().rev();
            lines
                .by_ref()
                .take_while(|line| line.trim_start().starts_with('#'))
                .any(|line| line.trim() == "#[test]")
        }
        _ => text.contains(&format!("def {name}(self)")),
    }
}

#[test]
fn nothing_in_the_threat_model_of_tmrs_is_open() {
    let mut tmrs = std::process::Command::new(env!("CARGO_BIN_EXE_tmrs"));
    tmrs.args([
        "check",
        "examples/self",
        "--no-baseline",
        "--format",
        "json",
    ]);
    let ran = run(tmrs.current_dir(root()));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let notices = report["notices"].as_array().unwrap();
    assert!(notices.is_empty(), "{notices:#?}");
    let findings = report["findings"].as_array().unwrap();
    let mut proved = 0;
    for finding in findings {
        let what = format!("{}: {}", finding["rule"], finding["reason"]);
        let status = finding["status"].as_str().unwrap();
        assert!(
            ["mitigated", "accepted", "transferred"].contains(&status),
            "{what}"
        );
        // The answer stands before its place: “… (FILE: NAME) (model:LINE)”.
        let reason = finding["reason"].as_str().unwrap();
        let answer = reason
            .rsplit_once(" (examples/")
            .map_or(reason, |(answer, _)| answer);
        let tests = named(answer);
        assert!(
            status != "mitigated" || !tests.is_empty(),
            "no test proves {what}"
        );
        proved += tests.len();
    }
    assert!(proved > 30, "{proved}");
}

#[test]
fn each_test_that_an_answer_names_is_there() {
    let text = std::fs::read_to_string(root().join(PATH)).unwrap();
    let answers = text
        .lines()
        .filter_map(|line| line.trim().strip_suffix('"'));
    let named: Vec<(&str, &str)> = answers.flat_map(named).collect();
    assert!(named.len() > 40, "{}", named.len());
    for (file, name) in named {
        assert!(
            holds(file, name),
            "{PATH} names {name} of {file}, which is not there"
        );
    }
    assert!(!holds("tests/links.rs", "no_such_test"));
    assert!(!holds("tests/links.rs", "world"));
}
