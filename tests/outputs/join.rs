//! Saved reports: read back, held to what they must be, made into one.

use serde_json::{Value, json};
use tmrs::report::join::{JoinError, join, load};
use tmrs::report::{Report, Severity, Status};

use super::{emit, fixture, reports};

fn saved(report: &Report) -> Value {
    serde_json::to_value(report).unwrap()
}

/// The typical report, one model in each part.
fn parts() -> Vec<Report> {
    let whole = fixture::typical();
    let part = |keep: &str| {
        let mut part = whole.clone();
        part.models.retain(|m| m.path.contains(keep));
        part.findings.retain(|f| f.model.contains(keep));
        if keep == "pay" {
            part.fixed.clear();
        }
        fixture::finish(part)
    };
    vec![part("shop"), part("pay")]
}

#[test]
fn a_saved_report_gives_the_same_outputs() {
    for report in [fixture::empty(), fixture::typical(), fixture::many(500)] {
        let back = load(&emit("json", &report)).unwrap();
        assert_eq!(back, report);
        assert_eq!(emit("sarif", &back), emit("sarif", &report));
    }
}

#[test]
fn the_parts_of_a_matrix_become_one() {
    let whole = fixture::typical();
    let joined = join(parts()).unwrap();
    assert_eq!(joined.summary, whole.summary);
    assert_eq!(joined.findings.len(), whole.findings.len());
    assert_eq!(joined.fixed.len(), whole.fixed.len());
    assert_eq!(joined.notices, whole.notices);
    let mut reversed = parts();
    reversed.reverse();
    assert_eq!(
        emit("sarif", &join(reversed).unwrap()),
        emit("sarif", &joined)
    );
    let saved = emit("json", &joined);
    assert_eq!(load(&saved).unwrap(), joined);
}

#[test]
fn a_finding_of_two_parts_is_one_and_the_graver_stands() {
    let one = fixture::typical();
    let mut two = one.clone();
    two.findings[0].status = Status::Accepted;
    let two = fixture::finish(two);
    let joined = join(vec![two, one.clone()]).unwrap();
    assert_eq!(joined.summary, one.summary);
}

#[test]
fn the_gravest_exit_status_stands() {
    for (exits, expected) in [
        ([0, 3], 3),
        ([1, 3], 3),
        ([2, 3], 2),
        ([0, 4], 4),
        ([1, 4], 1),
    ] {
        let mut parts = parts();
        for (part, exit) in parts.iter_mut().zip(exits) {
            part.summary.exit = exit;
        }
        assert_eq!(join(parts).unwrap().summary.exit, expected, "{exits:?}");
    }
}

#[test]
fn reports_that_were_made_differently_are_not_joined() {
    type Change = fn(&mut Report);
    let changes: [(&str, Change); 4] = [
        ("version", |r| r.tool.version = "9.9.9".into()),
        ("revision", |r| r.run.revision = None),
        ("gate", |r| r.summary.gate.fail_on = Severity::Low),
        ("contents", |r| {
            r.models.push(fixture::typical().models[0].clone());
            r.models.last_mut().unwrap().graph.flows.clear();
        }),
    ];
    for (word, change) in changes {
        let mut parts = parts();
        change(&mut parts[1]);
        match join(parts) {
            Err(JoinError::Differ(said)) => assert!(said.contains(word), "{said}"),
            other => panic!("{word}: {other:?}"),
        }
    }
    assert_eq!(join(Vec::new()), Err(JoinError::Nothing));
}

#[test]
fn what_no_run_can_have_written_is_refused() {
    let cases: &[(&str, Value)] = &[
        ("/report", json!(7)),
        ("/summary/gate/passed", json!(true)),
        ("/summary/findings", json!(0)),
        ("/summary/exit", json!(0)),
        ("/summary/verdict", json!("passed")),
        ("/summary/verdict", json!("incomplete")),
        ("/summary/verdict", json!("dreadful")),
        ("/findings/0/fingerprint", json!("short")),
        ("/findings/0/severity", json!("dreadful")),
        ("/findings/0/rule", json!("NONE")),
        ("/findings/0/model", json!("elsewhere.py")),
        ("/findings/0/location/path", json!("../../etc/passwd")),
        ("/findings/0/location/path", json!("/etc/passwd")),
        ("/findings/0/location/line", json!(0)),
        ("/findings/0/location/endLine", json!(1)),
        ("/findings/0/likelihood", json!("<b>")),
        (
            "/findings/1/fingerprint",
            json!("0000000000000000feed000000000000"),
        ),
        ("/models/0/graph/flows/0/source", json!(99)),
        ("/models/0/graph/boundaries/0/boundary", json!(10)),
        ("/unknown", json!(1)),
    ];
    for (pointer, value) in cases {
        let mut report = saved(&fixture::typical());
        match report.pointer_mut(pointer) {
            Some(place) => *place = value.clone(),
            None => {
                report[&pointer[1..]] = value.clone();
            }
        }
        assert!(load(&report.to_string()).is_err(), "{pointer} {value}");
    }
    let other = json!({"report": 3, "shape": "of another day"});
    assert_eq!(
        load(&other.to_string()),
        Err(JoinError::Version { found: 3 })
    );
    for text in ["", "[]", "{", "null", &"[".repeat(100_000)] {
        assert!(matches!(load(text), Err(JoinError::Malformed(_))));
    }
}

/// What `tests/consumers/run.sh` renders. `TMRS_BLESS=1` rewrites it.
#[test]
fn the_saved_reports_are_those_of_the_fixtures() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports");
    for (name, report) in reports() {
        let path = folder.join(format!("{name}.json"));
        let text = emit("json", &report);
        assert_eq!(load(&text).as_ref(), Ok(&report), "{name}");
        if std::env::var_os("TMRS_BLESS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let saved = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(saved == text, "{name}: TMRS_BLESS=1 cargo test rewrites it");
    }
}
