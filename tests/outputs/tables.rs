//! JUnit, GitLab and CSV hold every finding, whatever stands in it.

use std::collections::BTreeSet;

use serde_json::Value;
use tmrs::report::{Location, NoticeInfo, NoticeSeverity, Report, Status};

use super::{emit, fixture, reports};

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
fn junit_has_a_case_for_each_finding_and_each_rule_that_passed_or_waits() {
    for (name, report) in reports() {
        let xml = emit("junit", &report);
        let with = |wanted: &dyn Fn(&tmrs::report::FindingInfo) -> bool| {
            report.findings.iter().filter(|f| wanted(f)).count()
        };
        let passed: usize = report.models.iter().map(|m| m.passed.len()).sum();
        let dormant: usize = report.models.iter().map(|m| m.dormant.len()).sum();
        // Where there is no model, one case says so.
        let missing = usize::from(report.models.is_empty());
        assert_eq!(
            count(&xml, "<testcase "),
            report.findings.len() + passed + dormant + missing,
            "{name}"
        );
        assert_eq!(
            count(&xml, "<failure "),
            report.summary.gate.failing,
            "{name}"
        );
        let skipped = with(&|f| !matches!(f.status, Status::New | Status::Unreviewed));
        assert_eq!(
            count(&xml, "<skipped "),
            skipped + dormant + missing,
            "{name}"
        );
        let suites = report.models.len() + missing;
        assert_eq!(count(&xml, "<testsuite "), suites, "{name}");
        for attribute in [" file=\"", " line=\""] {
            assert!(count(&xml, attribute) >= report.findings.len(), "{name}");
        }
    }
}

#[test]
fn jenkins_is_junit_without_what_its_strict_schema_refuses() {
    for (name, report) in reports() {
        let (junit, strict) = (emit("junit", &report), emit("jenkins", &report));
        for element in [
            "<testsuite ",
            "<testcase ",
            "<failure ",
            "<error ",
            "<skipped ",
        ] {
            assert_eq!(
                count(&strict, element),
                count(&junit, element),
                "{name}: {element}"
            );
        }
        for case in strict.split("<testcase ").skip(1) {
            let (attributes, _) = case.split_once('>').unwrap();
            assert!(
                !attributes.contains(" file=") && !attributes.contains(" line="),
                "{attributes}"
            );
        }
        let (root, _) = strict.split_once("<testsuite ").unwrap();
        assert!(!root.contains("skipped="), "{root}");
        for finding in report
            .findings
            .iter()
            .filter(|f| report.summary.gate.fails(f))
        {
            let Location {
                path, line, column, ..
            } = &finding.location;
            // What stands before the last slash may hold what XML forbids.
            let file = path.rsplit('/').next().unwrap();
            let place = format!("{file}:{line}:{column}");
            assert!(strict.contains(&place), "{name}: {place}");
        }
    }
}

#[test]
fn junit_holds_no_character_that_xml_forbids() {
    let xml = emit("junit", &fixture::hostile());
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    assert_eq!(xml.chars().find(|c| !allowed(*c)), None);
}

#[test]
fn an_unreadable_model_is_an_error_in_junit() {
    let mut report = fixture::typical();
    report.notices.push(NoticeInfo {
        code: "syntax".into(),
        severity: NoticeSeverity::Error,
        message: "the parenthesis is never closed".into(),
        location: Some(Location {
            path: "services/broken/tm.py".into(),
            line: 3,
            column: 1,
            end_line: 3,
            end_column: 2,
        }),
        related: Vec::new(),
        help: None,
    });
    report.models[0].complete = false;
    let xml = emit("junit", &report);
    assert_eq!(count(&xml, "<error "), 2);
    assert!(xml.contains("services/broken/tm.py"));
}

fn issues(report: &Report) -> Vec<Value> {
    serde_json::from_str(&emit("gitlab", report)).unwrap()
}

#[test]
fn gitlab_has_an_issue_for_each_open_finding() {
    for (name, report) in reports() {
        let issues = issues(&report);
        let open = report
            .findings
            .iter()
            .filter(|f| f.status.is_open())
            .count();
        let open = open + usize::from(report.models.is_empty());
        assert_eq!(issues.len(), open, "{name}");
        let prints: BTreeSet<_> = issues
            .iter()
            .map(|i| i["fingerprint"].to_string())
            .collect();
        assert_eq!(prints.len(), open, "{name}");
        for issue in &issues {
            let severity = issue["severity"].as_str().unwrap();
            assert!(["blocker", "critical", "major", "minor", "info"].contains(&severity));
            assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        }
    }
}

#[test]
fn gitlab_fingerprints_outlive_moved_lines() {
    let report = fixture::typical();
    let mut moved = report.clone();
    for finding in &mut moved.findings {
        finding.location.line += 40;
        finding.location.end_line += 40;
    }
    let prints = |report: &Report| -> Vec<Value> {
        issues(report)
            .iter()
            .map(|i| i["fingerprint"].clone())
            .collect()
    };
    assert_eq!(prints(&report), prints(&moved));
}

#[test]
fn gitlab_fingerprints_of_real_runs_are_equal_before_and_after_lines_moved() {
    let model = "tmrs: 1\nname: Shop\nelements:\n  user: {class: Actor}\n  web: {class: Server}\n  \
                 db: {class: Datastore, isSQL: true}\nflows:\n  ask: {source: user, sink: web}\n  \
                 store: {source: web, sink: db}\n";
    let repo = crate::harness::Repo::with(&[("tm.yaml", model)]);
    let issues = || -> Vec<Value> {
        let run = repo.tmrs(&["check", "--format", "gitlab"]);
        serde_json::from_str(&run.out).unwrap()
    };
    let before = issues();
    assert!(before.len() > 10);
    assert_eq!(before, issues());
    // Comments above, a description within, and the other order of elements.
    repo.edit("tm.yaml", "tmrs: 1\n", "# One\n# Two\n\ntmrs: 1\n")
        .edit("tm.yaml", "  user: {class: Actor}\n", "")
        .edit(
            "tm.yaml",
            "flows:\n",
            "  user: {class: Actor}\n\n\nflows:\n",
        );
    let after = issues();
    let prints = |issues: &[Value]| -> BTreeSet<String> {
        let print = |issue: &Value| format!("{} {}", issue["check_name"], issue["fingerprint"]);
        issues.iter().map(print).collect()
    };
    assert_eq!(prints(&before), prints(&after));
    let lines = |issues: &[Value]| -> BTreeSet<u64> {
        let line = |issue: &Value| issue["location"]["lines"]["begin"].as_u64().unwrap();
        issues.iter().map(line).collect()
    };
    assert_ne!(lines(&before), lines(&after), "the lines did move");
}

#[test]
fn csv_has_a_row_for_each_finding_and_no_formula() {
    for (name, report) in reports() {
        let text = emit("csv", &report);
        // A reader of its own: quotes doubled, line ends only outside quotes.
        let mut rows = vec![vec![String::new()]];
        let mut quoted = false;
        for c in text.chars() {
            let row = rows.last_mut().unwrap();
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => row.push(String::new()),
                '\n' if !quoted => rows.push(vec![String::new()]),
                c => row.last_mut().unwrap().push(c),
            }
        }
        rows.pop();
        let missing = usize::from(report.models.is_empty());
        assert_eq!(rows.len(), report.findings.len() + 1 + missing, "{name}");
        for row in &rows {
            assert_eq!(row.len(), 20, "{name}");
            for cell in row {
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{name}: {cell}");
            }
        }
    }
}

#[test]
fn gitlab_s_security_report_tracks_every_open_finding_by_its_identity() {
    let report = fixture::typical();
    let sast: Value = serde_json::from_str(&emit("gitlab-sast", &report)).unwrap();
    let all = sast["vulnerabilities"].as_array().unwrap();
    let open = report.findings.iter().filter(|f| f.status.is_open());
    assert_eq!(all.len(), open.clone().count());
    for (vulnerability, finding) in all.iter().zip(open) {
        assert_eq!(vulnerability["id"], finding.fingerprint);
        let item = &vulnerability["tracking"]["items"][0];
        assert_eq!(item["signatures"][0]["value"], finding.fingerprint);
        assert_eq!(vulnerability["identifiers"][0]["value"], *finding.rule);
        assert_eq!(
            vulnerability["location"]["start_line"],
            finding.location.line
        );
    }
    let cwe = |v: &Value| {
        v["identifiers"]
            .as_array()
            .unwrap()
            .iter()
            .any(|i| i["type"] == "cwe")
    };
    assert!(all.iter().any(cwe));
    assert_eq!(sast["scan"]["start_time"], "1970-01-01T00:00:00");
}

#[test]
fn defectdojo_gets_only_the_fields_that_its_import_knows() {
    const KNOWN: [&str; 20] = [
        "title",
        "description",
        "severity",
        "severity_justification",
        "mitigation",
        "references",
        "cwe",
        "file_path",
        "line",
        "component_name",
        "unique_id_from_tool",
        "vuln_id_from_tool",
        "static_finding",
        "dynamic_finding",
        "active",
        "verified",
        "false_p",
        "out_of_scope",
        "risk_accepted",
        "date",
    ];
    let report = fixture::typical();
    let import: Value = serde_json::from_str(&emit("defectdojo", &report)).unwrap();
    let all = import["findings"].as_array().unwrap();
    for finding in all {
        for key in finding.as_object().unwrap().keys() {
            assert!(KNOWN.contains(&&**key), "{key}");
        }
        for key in ["title", "description", "severity", "unique_id_from_tool"] {
            assert!(!finding[key].as_str().unwrap().is_empty(), "{key}");
        }
    }
    let count = |key: &str| all.iter().filter(|f| f[key] == true).count();
    let of = |wanted: fn(tmrs::report::Status) -> bool| {
        report.findings.iter().filter(|f| wanted(f.status)).count()
    };
    assert_eq!(count("active"), of(tmrs::report::Status::is_open));
    assert_eq!(
        count("risk_accepted"),
        of(tmrs::report::Status::is_residual)
    );
    assert_eq!(
        count("false_p"),
        of(|status| status == tmrs::report::Status::FalsePositive)
    );
}

#[test]
fn an_issue_is_found_again_by_its_key_and_a_broken_run_closes_none() {
    let report = fixture::typical();
    let text = emit("issues", &report);
    let lines: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let (run, issues) = lines.split_first().unwrap();
    assert_eq!(run["complete"], true);
    assert_eq!(run["open"], issues.len());
    assert!(issues.len() > 3);
    for issue in issues {
        let key = issue["key"].as_str().unwrap();
        let body = issue["body"].as_str().unwrap();
        assert!(body.ends_with(&format!("<!-- {key} -->")), "{body}");
        let title = issue["title"].as_str().unwrap();
        assert!(!title.is_empty() && title.chars().count() <= 256);
    }
    let mut broken = report;
    broken.summary.verdict = tmrs::report::Verdict::Incomplete;
    let text = emit("issues", &broken);
    let run: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(run["complete"], false);
}
