//! SARIF as GitHub code scanning takes it.

use serde_json::Value;
use tmrs::report::{Report, Severity, Status, Verdict};

use tmrs::report::alerts::Assumed;

use super::{emit_with, fixture, reports};

/// The log with an alert a finding, whether or not it is only assumed.
fn log(report: &Report) -> Value {
    let text = emit_with("sarif", report, |c| c.sarif_assumed = Assumed::Each);
    serde_json::from_str(&text).unwrap()
}

fn run(report: &Report) -> Value {
    log(report)["runs"][0].clone()
}

fn results(run: &Value) -> &Vec<Value> {
    run["results"].as_array().unwrap()
}

#[test]
fn every_result_has_what_github_refuses_a_file_for() {
    for (name, report) in reports() {
        let run = run(&report);
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        for result in results(&run) {
            let index = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(rules[index]["id"], result["ruleId"], "{name}");
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b);
            assert!(!uri.starts_with('/') && uri.bytes().all(allowed), "{uri}");
            for number in ["startLine", "startColumn", "endLine", "endColumn"] {
                assert!(
                    place["region"][number].as_u64().unwrap() >= 1,
                    "{name} {number}"
                );
            }
            assert!(result["partialFingerprints"]["primaryLocationLineHash"].is_string());
        }
    }
}

#[test]
fn only_open_findings_are_results_unless_suppressions_are_wanted() {
    let report = fixture::typical();
    let open = report
        .findings
        .iter()
        .filter(|f| f.status.is_open())
        .count();
    assert_eq!(results(&run(&report)).len(), open);
    let all = emit_with("sarif", &report, |c| {
        c.sarif_suppressions = true;
        c.sarif_assumed = Assumed::Each;
    });
    let all: Value = serde_json::from_str(&all).unwrap();
    let all = all["runs"][0]["results"].as_array().unwrap();
    assert_eq!(all.len(), report.findings.len());
    let suppressed = all
        .iter()
        .filter(|r| !r["suppressions"].as_array().unwrap().is_empty());
    assert_eq!(suppressed.count(), report.findings.len() - open);
    let by_config = all.iter().find(|r| r["properties"]["status"] == "excluded");
    let suppression = &by_config.unwrap()["suppressions"][0];
    assert_eq!(suppression["kind"], "external");
    assert!(suppression["location"].is_object());
}

#[test]
fn the_baseline_is_told_apart() {
    let report = fixture::typical();
    let run = run(&report);
    for result in results(&run) {
        let state = match result["properties"]["status"].as_str().unwrap() {
            "baselined" => "unchanged",
            _ => "new",
        };
        assert_eq!(result["baselineState"], state);
    }
}

#[test]
fn a_declared_threat_has_one_rule_a_severity() {
    let run = run(&fixture::typical());
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let severity = |id: &str| {
        let rule = rules.iter().find(|rule| rule["id"] == id).unwrap();
        rule["properties"]["security-severity"].clone()
    };
    assert_eq!(severity("DECLARED/sql-injection/high"), "8.0");
    assert_eq!(severity("DECLARED/sql-injection/low"), "2.5");
}

#[test]
fn rules_carry_all_metadata_within_the_limits() {
    for (name, report) in reports() {
        let run = run(&report);
        for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
            for field in ["shortDescription", "fullDescription"] {
                let text = rule[field]["text"].as_str().unwrap();
                assert!(!text.is_empty() && text.chars().count() <= 1024, "{name}");
            }
            assert!(rule["help"]["markdown"].is_string() && rule["name"].is_string());
            let tags = rule["properties"]["tags"].as_array().unwrap();
            assert!(tags.len() <= 10 && tags[0] == "security");
            let severity = rule["properties"]["security-severity"].as_str().unwrap();
            severity.parse::<f64>().unwrap();
            assert!(rule["properties"]["precision"].is_string(), "{name}");
            let problem = rule["properties"]["problem.severity"].as_str().unwrap();
            assert!(
                ["error", "warning", "recommendation"].contains(&problem),
                "{problem}"
            );
            for tag in tags {
                assert!(tag.is_string(), "{name}");
            }
        }
    }
}

#[test]
fn taxonomies_hold_what_the_rules_relate_to() {
    let run = run(&fixture::typical());
    let taxonomies = run["taxonomies"].as_array().unwrap();
    let names: Vec<&str> = taxonomies
        .iter()
        .map(|t| t["name"].as_str().unwrap())
        .collect();
    for name in [
        "STRIDE",
        "CWE",
        "CAPEC",
        "MITRE ATT&CK",
        "OWASP Top 10 for LLM Applications",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        for relation in rule["relationships"].as_array().into_iter().flatten() {
            let target = &relation["target"];
            let taxonomy = taxonomies
                .iter()
                .find(|t| t["guid"] == target["toolComponent"]["guid"])
                .unwrap();
            let taxa = taxonomy["taxa"].as_array().unwrap();
            assert!(taxa.iter().any(|taxon| taxon["id"] == target["id"]));
        }
    }
}

#[test]
fn a_flow_over_a_boundary_shows_its_path() {
    let run = run(&fixture::typical());
    let flow = results(&run)
        .iter()
        .find(|r| r["ruleId"] == "FLOW02")
        .unwrap();
    let steps = &flow["codeFlows"][0]["threadFlows"][0]["locations"];
    let lines: Vec<u64> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|s| {
            s["location"]["physicalLocation"]["region"]["startLine"]
                .as_u64()
                .unwrap()
        })
        .collect();
    assert_eq!(lines, [8, 14, 10]);
    assert!(flow["relatedLocations"].as_array().unwrap().len() >= 2);
}

#[test]
fn what_an_outsider_reaches_shows_the_way_to_it() {
    let model = "tmrs: 1\nname: M\nelements:\n  user: {class: Actor}\n  web: {class: Server}\n  \
                 app: {class: Process}\n  job: {class: Process}\nflows:\n  ask: {source: user, sink: web}\n  \
                 hand: {source: web, sink: app}\n  reply: {source: app, sink: web, isResponse: true}\n";
    let repo = crate::harness::Repo::with(&[("tm.yaml", model)]);
    let run = repo.tmrs(&["check", "--format", "sarif", "--sarif-assumed", "each"]);
    let log: Value = serde_json::from_str(&run.out).unwrap();
    let all = log["runs"][0]["results"].as_array().unwrap();
    let reached: Vec<&Value> = all.iter().filter(|r| r["ruleId"] == "INP26").collect();
    assert_eq!(
        reached.len(),
        2,
        "only what is reached: the server and what it calls"
    );
    let at =
        |result: &Value| result["locations"][0]["physicalLocation"]["region"]["startLine"] == 6;
    let app = reached.iter().find(|result| at(result)).unwrap();
    let steps = &app["codeFlows"][0]["threadFlows"][0]["locations"];
    let steps: Vec<(String, u64)> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            let place = &step["location"];
            let said = place["message"]["text"].as_str().unwrap().to_owned();
            let line = &place["physicalLocation"]["region"]["startLine"];
            (said, line.as_u64().unwrap())
        })
        .collect();
    let said = [
        ("Actor “user”.", 4),
        ("Dataflow “ask”.", 9),
        ("Server “web”.", 5),
        ("Dataflow “hand”.", 10),
        ("Process “app”.", 6),
    ];
    assert_eq!(steps, said.map(|(text, line)| (text.to_owned(), line)));
}

#[test]
fn the_5000_worst_are_kept_and_the_rest_is_said() {
    let report = fixture::many(6_000);
    let run = run(&report);
    assert_eq!(results(&run).len(), 5_000);
    let new = report
        .findings
        .iter()
        .filter(|f| f.status == Status::New)
        .count();
    let kept_new = results(&run)
        .iter()
        .filter(|r| r["baselineState"] == "new")
        .count();
    assert_eq!(kept_new, new);
    let critical = |f: &&tmrs::report::FindingInfo| f.severity == Severity::Critical;
    let kept_critical = results(&run)
        .iter()
        .filter(|r| r["properties"]["severity"] == "critical")
        .count();
    assert_eq!(
        kept_critical,
        report.findings.iter().filter(critical).count()
    );
    let notes = &run["invocations"][0]["toolExecutionNotifications"];
    assert!(notes.to_string().contains("1000 findings are left out"));
}

#[test]
fn an_incomplete_run_says_so() {
    let mut report = fixture::typical();
    assert_eq!(run(&report)["invocations"][0]["executionSuccessful"], true);
    report.summary.verdict = Verdict::Incomplete;
    assert_eq!(run(&report)["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn category_columns_root_and_revision_are_said() {
    let report = fixture::typical();
    let text = emit_with("sarif", &report, |c| {
        c.link_base = Some("https://github.com/acme/shop/blob/0123/".into());
    });
    let log: Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    assert_eq!(run["automationDetails"]["id"], "shop/");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert!(run["originalUriBaseIds"]["SRCROOT"].is_object());
    let provenance = &run["versionControlProvenance"][0];
    assert_eq!(provenance["repositoryUri"], "https://github.com/acme/shop");
    assert!(!text.contains("file:///"));
}

#[test]
fn every_rule_that_was_judged_is_listed() {
    let report = fixture::typical();
    let run = run(&report);
    let listed = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in &report.rules {
        let named = |r: &Value| r["id"].as_str().unwrap().starts_with(&*rule.id);
        assert!(listed.iter().any(named), "{}", rule.id);
    }
}

#[test]
fn a_result_has_no_more_places_than_github_shows() {
    let mut report = fixture::typical();
    let related = tmrs::report::Related {
        message: "another place".into(),
        location: report.findings[0].location.clone(),
    };
    report.findings[0].related = vec![related; 2_000];
    let run = run(&report);
    let most = |field: &str| {
        let count = |r: &Value| r[field].as_array().map_or(0, Vec::len);
        results(&run).iter().map(count).max().unwrap()
    };
    assert_eq!(most("relatedLocations"), 100);
    assert_eq!(most("locations"), 1);
}

#[test]
fn notices_are_notifications_with_their_places() {
    let run = run(&fixture::typical());
    let invocation = &run["invocations"][0];
    let all: Vec<&Value> = [
        "toolExecutionNotifications",
        "toolConfigurationNotifications",
    ]
    .iter()
    .flat_map(|kind| invocation[*kind].as_array().into_iter().flatten())
    .collect();
    let place = |text: &str| {
        let said = all
            .iter()
            .find(|n| n["message"]["text"].as_str().unwrap().contains(text));
        said.unwrap()["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64()
    };
    assert_eq!(place("isHardend"), Some(30));
    assert_eq!(place("matches nothing"), Some(12));
}

#[test]
fn an_error_before_judging_leaves_the_last_alerts_open() {
    let repo = crate::harness::Repo::with(&[
        (
            "tm.yaml",
            "tmrs: 1\nname: M\nelements: {web: {class: Server}}\n",
        ),
        ("tmrs.yaml", "version: 1\nfail-on: dreadful\n"),
    ]);
    repo.write("tmrs.sarif", "of the last run");
    let run = repo.tmrs(&["check", "--output", "sarif=tmrs.sarif"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(repo.read("tmrs.sarif"), "of the last run");
}

/// Results of a run whose assumed findings become this.
fn results_of(report: &Report, assumed: Assumed) -> Vec<Value> {
    let text = emit_with("sarif", report, |c| c.sarif_assumed = assumed);
    let log: Value = serde_json::from_str(&text).unwrap();
    log["runs"][0]["results"].as_array().unwrap().clone()
}

fn is_undescribed(result: &Value) -> bool {
    result["ruleId"]
        .as_str()
        .unwrap()
        .starts_with("UNDESCRIBED/")
}

#[test]
fn what_is_only_assumed_of_an_element_is_one_alert() {
    for (name, report) in reports() {
        let open = report.findings.iter().filter(|f| f.status.is_open());
        let (declared, assumed): (Vec<_>, Vec<_>) =
            open.partition(|f| f.evidence == tmrs::report::Evidence::Declared);
        let elements: std::collections::BTreeSet<_> = assumed
            .iter()
            .map(|f| (&f.model, &f.model_name, f.element_id))
            .collect();
        let folded = results_of(&report, Assumed::Fold);
        let (elsewhere, of_elements): (Vec<_>, Vec<_>) =
            folded.iter().partition(|result| !is_undescribed(result));
        assert_eq!(elsewhere.len(), declared.len(), "{name}");
        assert_eq!(of_elements.len(), elements.len(), "{name}");
        let told: usize = of_elements
            .iter()
            .map(|r| r["properties"]["threats"].as_array().unwrap().len())
            .sum();
        assert_eq!(told, assumed.len(), "{name}");
        assert_eq!(results_of(&report, Assumed::Omit).len(), declared.len());
    }
}

#[test]
fn an_undescribed_element_keeps_its_alert_until_it_is_described() {
    const OPEN: &str = "tmrs: 1\nname: M\nelements:\n  user: {class: Actor}\n  web: {class: Server}\n\
                        flows:\n  ask: {source: user, sink: web}\n";
    let alert = |model: &str| {
        let repo = crate::harness::Repo::with(&[("tm.yaml", model)]);
        let run = repo.tmrs(&["check", "--format", "sarif"]);
        let log: Value = serde_json::from_str(&run.out).unwrap();
        let all = log["runs"][0]["results"].as_array().unwrap().clone();
        let text = |r: &Value| r["message"]["text"].as_str().unwrap().to_owned();
        let of_web = |r: &&Value| is_undescribed(r) && text(r).starts_with("Server “web”");
        let found: Vec<Value> = all.iter().filter(of_web).cloned().collect();
        assert!(found.len() <= 1, "{found:?}");
        let print = |r: &Value| r["partialFingerprints"]["tmrs/v1"].clone();
        (found.first().map(print), found.first().map(text), all)
    };
    let (first, text, all) = alert(OPEN);
    let text = text.unwrap();
    assert!(text.contains("Say first: "), "{text}");
    let answered = OPEN.replace(
        "{class: Server}",
        "{class: Server, controls: {isHardened: true, validatesInput: true}}",
    );
    let (second, later, _) = alert(&answered);
    assert_eq!((first.is_some(), first), (true, second));
    assert_ne!(later.unwrap(), text);
    let place = &all[0]["locations"][0]["physicalLocation"]["region"];
    assert!(!place["snippet"]["text"].as_str().unwrap().is_empty());
}

#[test]
fn a_message_links_the_places_that_it_is_about() {
    let mut links = 0;
    for (name, report) in reports() {
        for result in results(&run(&report)) {
            let text = result["message"]["text"].as_str().unwrap();
            let related = result["relatedLocations"].as_array();
            let ids: Vec<i64> = related
                .into_iter()
                .flatten()
                .map(|place| place["id"].as_i64().unwrap())
                .collect();
            for (at, _) in text.match_indices("](") {
                let id = text[at + 2..].split(')').next().unwrap();
                assert!(ids.contains(&id.parse().unwrap()), "{name}: {text}");
                links += 1;
            }
        }
    }
    assert!(links > 2);
}

#[test]
fn the_help_of_a_rule_says_how_to_answer_it_and_links_techniques() {
    let run = run(&fixture::typical());
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let help = |rule: &Value| rule["help"]["markdown"].as_str().unwrap().to_owned();
    let built_in = rules
        .iter()
        .filter(|r| !r["id"].as_str().unwrap().contains('/'));
    for rule in built_in {
        assert!(help(rule).contains("**How to say no.**"), "{rule}");
    }
    let all: String = rules.iter().map(help).collect();
    assert!(
        all.contains("https://attack.mitre.org/techniques/"),
        "{all}"
    );
}
