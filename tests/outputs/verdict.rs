//! Every output says what the run comes to in one of four words, and none of the others.

use tmrs::emit::FORMATS;
use tmrs::report::{Location, NoticeInfo, NoticeSeverity, Report, Severity, Status, Verdict};

use super::{emit, fixture};
use crate::harness::{Repo, fails_with};

const WORDS: [&str; 4] = ["passed", "failed", "incomplete", "nothing judged"];

/// Which of the four words stand in a text, whole and in any case.
pub(crate) fn words(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let stands = |word: &&str| {
        text.match_indices(*word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            !is_part(before) && !is_part(after)
        })
    };
    WORDS.into_iter().filter(stands).collect()
}

/// What is read of an output: of JSON and SARIF the verdict, for keys and the texts of
/// the catalogue hold any words.
fn read(format: &str, text: &str) -> String {
    if format == "issues" {
        let (run, _) = text.split_once('\n').unwrap();
        let run: serde_json::Value = serde_json::from_str(run).unwrap();
        return run["verdict"].to_string();
    }
    if !["json", "sarif", "gitlab-sast", "defectdojo"].contains(&format) {
        return text.to_owned();
    }
    let report: serde_json::Value = serde_json::from_str(text).unwrap();
    match format {
        "gitlab-sast" => return report["scan"]["messages"][0]["value"].to_string(),
        "defectdojo" => return report["verdict"].to_string(),
        _ => {}
    }
    if format == "sarif" {
        let run = &report["runs"][0]["invocations"][0]["properties"];
        return format!("{} {}", run["verdict"], run["why"]);
    }
    let gate = &report["summary"]["gate"]["passed"];
    let verdict = report["summary"]["verdict"].as_str().unwrap();
    assert_eq!(gate, verdict == "passed", "the gate and the verdict agree");
    verdict.to_owned()
}

/// What stands in an output before texts of the catalogue, which hold any words.
fn without_the_catalogue(format: &str, text: &str) -> String {
    let end = match format {
        "html" => text.find("<h2"),
        "markdown" | "markdown-comment" => text.find("\n### Do this first"),
        "junit" | "jenkins" => text.find("<testcase"),
        "csv" => {
            return text
                .lines()
                .map(|line| format!("{} ", line.rsplit(',').next().unwrap_or("")))
                .collect();
        }
        _ => None,
    };
    text[..end.unwrap_or(text.len())].to_owned()
}

fn finished(mut report: Report, verdict: Verdict, exit: u8) -> Report {
    report = fixture::finish(report);
    report.summary.verdict = verdict;
    report.summary.gate.passed = verdict == Verdict::Passed;
    report.summary.exit = exit;
    report
}

fn unreadable(mut report: Report) -> Report {
    report.models[0].complete = false;
    report.notices.push(NoticeInfo {
        code: "syntax".into(),
        severity: NoticeSeverity::Error,
        message: "the parenthesis is never closed".into(),
        location: Some(Location {
            path: report.models[0].path.clone(),
            line: 3,
            column: 1,
            end_line: 3,
            end_column: 2,
        }),
        related: Vec::new(),
        help: None,
    });
    report
}

/// One report for each way in which a run can end.
fn ends() -> Vec<(&'static str, Report)> {
    let typical = fixture::typical;
    let mut known = typical();
    for finding in &mut known.findings {
        if finding.status == Status::New {
            finding.status = Status::Baselined;
        }
    }
    let mut below = typical();
    below.findings.retain(|f| f.severity < Severity::High);
    let mut clean = typical();
    clean.findings.clear();
    let mut accepting = known.clone();
    accepting.findings[0].settled_by_change = true;
    let mut vague = unreadable(clean.clone());
    vague.notices.clear();
    let empty = fixture::empty;
    vec![
        ("known", finished(known.clone(), Verdict::Passed, 0)),
        ("below", finished(below, Verdict::Passed, 0)),
        ("clean", finished(clean.clone(), Verdict::Passed, 0)),
        ("accepting", finished(accepting, Verdict::Passed, 0)),
        ("new", finished(typical(), Verdict::Failed, 1)),
        ("strict", finished(known, Verdict::Failed, 1)),
        (
            "incomplete and new",
            finished(unreadable(typical()), Verdict::Incomplete, 3),
        ),
        (
            "incomplete",
            finished(unreadable(clean), Verdict::Incomplete, 3),
        ),
        (
            "incomplete without a word",
            finished(vague, Verdict::Incomplete, 3),
        ),
        ("none", finished(empty(), Verdict::NothingJudged, 4)),
        (
            "none, allowed",
            finished(empty(), Verdict::NothingJudged, 0),
        ),
    ]
}

#[test]
fn every_format_says_one_of_the_four_words_and_no_other() {
    for (name, report) in ends() {
        for format in FORMATS.iter().map(|format| format.name()) {
            let text = emit(format, &report);
            let said = words(&read(format, &text));
            let expected = vec![report.verdict().as_str()];
            // A list of open findings has no place for a word where there are none.
            let is_empty_list = format == "gitlab" && text == "[]\n";
            assert!(
                said == expected || (is_empty_list && report.verdict().is_whole()),
                "{format} of {name}: {said:?}, {expected:?} expected\n{text}"
            );
        }
    }
}

#[test]
fn what_was_not_judged_never_looks_as_if_everything_were_fixed() {
    for (name, report) in ends() {
        let whole = report.verdict().is_whole();
        let issues: Vec<serde_json::Value> =
            serde_json::from_str(&emit("gitlab", &report)).unwrap();
        let ours = issues
            .iter()
            .filter(|i| i["check_name"].as_str().unwrap().starts_with("tmrs/"));
        assert_eq!(ours.count() > 0, !whole, "gitlab of {name}");
        let sast: serde_json::Value = serde_json::from_str(&emit("gitlab-sast", &report)).unwrap();
        let is_ours =
            |v: &&serde_json::Value| v["name"].as_str().unwrap().starts_with("Not judged");
        let told = sast["vulnerabilities"]
            .as_array()
            .unwrap()
            .iter()
            .filter(is_ours)
            .count();
        assert_eq!(told > 0, !whole, "gitlab-sast of {name}");
        let status = &sast["scan"]["status"];
        assert_eq!(
            *status == "success",
            whole || report.summary.exit == 0,
            "{name}"
        );
        let rows = emit("csv", &report);
        assert_eq!(rows.contains("\nnot judged,"), !whole, "csv of {name}");
        let xml = emit("junit", &report);
        let judged = report.summary.exit == 0 || whole;
        assert_eq!(xml.contains("<error "), !judged, "junit of {name}: {xml}");
        let sarif: serde_json::Value = serde_json::from_str(&emit("sarif", &report)).unwrap();
        let run = &sarif["runs"][0]["invocations"][0];
        assert_eq!(run["executionSuccessful"], whole, "sarif of {name}");
    }
}

#[test]
fn a_model_that_was_not_read_completely_has_no_passed_case() {
    let report = finished(unreadable(fixture::typical()), Verdict::Incomplete, 3);
    let xml = emit("junit", &report);
    let broken = xml.split("<testsuite ").nth(1).unwrap();
    for case in broken.split("<testcase ").skip(1) {
        let case = case.split("</testcase>").next().unwrap();
        assert!(
            ["<error ", "<failure ", "<skipped "]
                .iter()
                .any(|kind| case.contains(kind)),
            "{case}"
        );
    }
}

const MODEL: &str = "tmrs: 1\nname: Shop\nelements:\n  user: {class: Actor}\n  web: {class: Server}\ndata:\n  orders: {name: Orders}\n\
                     flows:\n  ask: {source: user, sink: web, data: [orders], protocol: HTTP}\n";

#[test]
fn the_exit_status_and_every_format_tell_the_same_verdict() {
    let broken = format!("{MODEL}  more: {{source: nobody, sink: web}}\n");
    let cases: [(&str, &[(&str, &str)], &[&str], i32, &str); 6] = [
        (
            "passed",
            &[("tm.yaml", MODEL)],
            &["--evidence", "declared", "--fail-on", "critical"],
            0,
            "passed",
        ),
        ("failed", &[("tm.yaml", MODEL)], &[], 1, "failed"),
        ("incomplete", &[("tm.yaml", &broken)], &[], 3, "incomplete"),
        (
            "none",
            &[("docker-compose.yml", "services: {}\n")],
            &[],
            4,
            "nothing judged",
        ),
        (
            "none, allowed",
            &[("a.txt", "")],
            &["--allow-no-models"],
            0,
            "nothing judged",
        ),
        (
            "malformed",
            &[("tm.yaml", MODEL), ("tmrs.yaml", "fail-on: dreadful\n")],
            &[],
            2,
            "nothing judged",
        ),
    ];
    for (name, files, arguments, code, expected) in cases {
        let repo = Repo::with(files);
        for format in FORMATS.iter().map(|format| format.name()) {
            if format == "github-summary" {
                continue;
            }
            let mut all = vec!["check", "--format", format];
            all.extend(arguments);
            let run = repo.tmrs(&all);
            assert_eq!(run.code, code, "{name} {format}: {run:?}");
            let out = if run.out.is_empty() {
                run.err
            } else {
                without_the_catalogue(format, &read(format, &run.out))
            };
            let shown: String = out.chars().take(2_000).collect();
            assert_eq!(words(&out), [expected], "{name} {format}: {shown}");
        }
    }
}

#[test]
fn who_only_reports_passes_with_what_is_new_and_keeps_the_other_exits() {
    let repo = Repo::with(&[("tm.yaml", MODEL)]);
    let run = repo.tmrs(&["check", "--fail-on", "never"]);
    assert_eq!(run.code, 0, "{run:?}");
    let told = run.out.lines().last().unwrap();
    assert!(
        told.contains("only reports") && told.contains(" new findings of severity high"),
        "{told}"
    );
    let report = repo.report(&["--fail-on", "never"]);
    assert_eq!(report["summary"]["gate"]["reportOnly"], true);
    assert_eq!(report["summary"]["gate"]["failing"], 0);
    repo.edit("tm.yaml", "sink: web", "sink: wbe");
    assert_eq!(repo.tmrs(&["check", "--fail-on", "never"]).code, 3);
    assert_eq!(
        repo.tmrs(&["check", "--fail-on", "never", "gone.yaml"])
            .code,
        2
    );
    // A policy cannot be reported away.
    repo.edit("tm.yaml", "sink: wbe", "sink: web");
    repo.write("floor.yaml", "fail-on: high\n");
    let bound = repo.tmrs(&["check", "--fail-on", "never", "--policy", "floor.yaml"]);
    assert_eq!(bound.code, 1, "{bound:?}");
    assert!(bound.out.contains("counts for nothing"), "{}", bound.out);
}

#[test]
fn the_short_format_has_a_line_a_finding_that_editors_can_follow() {
    let repo = Repo::with(&[("tm.yaml", MODEL)]);
    let run = repo.tmrs(&["check", "--format", "short"]);
    let lines: Vec<&str> = run.out.lines().collect();
    let (verdict, findings) = lines.split_last().unwrap();
    assert!(verdict.starts_with("tmrs: Gate failed"), "{verdict}");
    assert!(findings.len() > 10);
    for line in findings {
        let mut parts = line.splitn(4, ':');
        assert_eq!(parts.next(), Some("tm.yaml"), "{line}");
        assert!(parts.next().unwrap().parse::<u32>().is_ok(), "{line}");
        assert!(parts.next().unwrap().parse::<u32>().is_ok(), "{line}");
    }
    let one = "tm.yaml:5:3: high AA01: Missing authentication: anyone can call it [Server “web”]";
    assert!(findings.contains(&one), "{}", run.out);
}

/// A change that adds a queue, and accepts what is found on it.
fn accepting() -> Repo {
    let repo = Repo::with(&[("tm.yaml", MODEL)]);
    repo.tmrs(&["baseline", "update"]);
    repo.commit("baseline");
    repo.edit(
        "tm.yaml",
        "data:\n",
        "  jobs: {class: Datastore, kind: QUEUE}\ndata:\n",
    );
    repo.edit(
        "tm.yaml",
        "flows:\n",
        "flows:\n  put: {source: web, sink: jobs, data: [orders]}\n",
    );
    repo.tmrs(&["baseline", "update"]);
    repo.commit("a queue");
    repo
}

#[test]
fn a_change_that_accepts_its_own_threats_says_so_in_every_format_with_words() {
    let repo = accepting();
    for format in [
        "human",
        "markdown",
        "markdown-comment",
        "github",
        "html",
        "sarif",
        "short",
    ] {
        let run = repo.tmrs(&["check", "--since", "HEAD~1", "--format", format]);
        assert_eq!(run.code, 0, "{format}: {run:?}");
        let at = run
            .out
            .find("because this change accepts ")
            .unwrap_or_else(|| panic!("{format}"));
        let told = &run.out[at..];
        let place = |severity: &str| told.find(severity).unwrap_or(usize::MAX);
        assert!(
            place(" high") < place(" medium"),
            "the worst first: {format}"
        );
        assert!(!run.out.contains("No new threats"), "{format}");
    }
    let report = repo.report(&["--since", "HEAD~1"]);
    let findings = report["findings"].as_array().unwrap();
    let settled = findings.iter().filter(|f| f["settledByChange"] == true);
    let added = findings.iter().filter(|f| f["rule"] == "CHG06");
    assert!(added.clone().count() > 5);
    assert_eq!(settled.count(), added.count());
    let comment = repo
        .tmrs(&["check", "--since", "HEAD~1", "--format", "markdown-comment"])
        .out;
    assert!(
        comment.contains("<details><summary>This change accepts "),
        "{comment}"
    );
    assert!(
        comment.contains(" × An entry was added to the baseline</summary>"),
        "{comment}"
    );
}

#[test]
fn why_an_assumed_finding_is_new_reaches_every_format() {
    let repo = Repo::with(&[(
        "tm.yaml",
        &MODEL.replace(
            "class: Server",
            "class: Server, controls: {sanitizesInput: true}",
        ),
    )]);
    repo.write("tm.yaml", MODEL);
    for format in [
        "human",
        "markdown",
        "markdown-comment",
        "github",
        "gitlab",
        "junit",
        "jenkins",
        "sarif",
        "html",
        "csv",
        "json",
    ] {
        let run = repo.tmrs(&[
            "check",
            "--since",
            "HEAD",
            "--fail-on",
            "low",
            "--format",
            format,
        ]);
        assert_eq!(run.code, 1, "{format}");
        let text: String = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.contains("was true (tm.yaml:5), and is gone"),
            "{format}: {}",
            run.out
        );
    }
}

#[test]
fn what_went_with_its_model_is_gone_and_never_fixed() {
    let repo = Repo::with(&[
        ("tm.yaml", MODEL),
        ("other.yaml", &MODEL.replace("Shop", "Other")),
    ]);
    repo.remove("other.yaml");
    let report = repo.report(&["--since", "HEAD"]);
    let ended = report["fixed"].as_array().unwrap();
    assert!(
        !ended.is_empty() && ended.iter().all(|f| f["how"] == "gone"),
        "{ended:?}"
    );
    let told = |format: &str| {
        repo.tmrs(&["check", "--since", "HEAD", "--format", format])
            .out
    };
    let outputs = told("github-output");
    assert!(outputs.contains("fixed=0\n"), "{outputs}");
    assert!(
        outputs.contains(&format!("gone={}\n", ended.len())),
        "{outputs}"
    );
    for format in ["markdown", "html"] {
        let text = told(format);
        assert!(
            text.contains("Gone with their element or model"),
            "{format}"
        );
        assert!(
            !text.contains("Fixed by this change") && !text.contains("<h2>Fixed"),
            "{format}"
        );
    }
}

#[test]
fn a_change_that_raises_a_severity_says_so() {
    let repo = Repo::with(&[("tm.yaml", MODEL), ("tmrs.yaml", "fail-on: high\n")]);
    repo.write(
        "tmrs.yaml",
        "fail-on: high\nrules: {severity: {MOD01: critical}}\n",
    );
    let report = repo.report(&["--since", "HEAD"]);
    let told = crate::harness::notices(&report, "rule-severity");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("MOD01 was info and is critical"),
        "{told:?}"
    );
}

#[test]
fn links_of_a_rendered_report_lead_to_the_revision_of_the_report() {
    let repo = Repo::with(&[("tm.yaml", MODEL)]);
    repo.tmrs(&[
        "check",
        "--since",
        "HEAD",
        "--no-baseline",
        "--output",
        "json=r.json",
        "--format",
        "human",
    ]);
    let commit = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let mut render = repo.command(&["render", "r.json", "--format", "markdown", "-v"]);
    render.env("GITHUB_SERVER_URL", "https://github.com");
    render.env("GITHUB_REPOSITORY", "acme/shop");
    render.env("GITHUB_SHA", "f".repeat(40));
    let run = crate::harness::run(&mut render);
    assert!(
        run.out
            .contains(&format!("https://github.com/acme/shop/blob/{commit}/")),
        "{}",
        run.out
    );
    assert!(!run.out.contains(&"f".repeat(40)), "{}", run.out);
}

#[test]
fn a_file_is_not_written_in_another_format_than_its_name_says() {
    let repo = Repo::with(&[("tm.yaml", MODEL)]);
    for (arguments, known) in [
        (["dfd", "-o", "x.pdf"], ".svg"),
        (["seq", "-o", "x.pdf"], ".puml"),
        (["report", "-o", "x.docx"], ".html"),
    ] {
        fails_with(&repo.tmrs(&arguments), &["nothing is written as .", known]);
        assert!(!repo.path(arguments[2]).exists());
    }
    let diff = repo.tmrs(&["diff", "HEAD", "-o", "x.xml"]);
    fails_with(&diff, &["nothing is written as .xml", ".json"]);
    assert_eq!(repo.tmrs(&["dfd", "-o", "x.SVG"]).code, 0);
}

#[test]
fn boundaries_in_a_circle_are_an_error_in_every_language() {
    let yaml = "tmrs: 1\nname: C\nboundaries:\n  a: {inBoundary: b}\n  b: {inBoundary: a}\nelements: {w: {class: Server, inBoundary: a}}\n";
    let python = "from pytm import TM, Boundary, Server\ntm = TM('C')\na = Boundary('a')\nb = Boundary('b')\n\
                  a.inBoundary = b\nb.inBoundary = a\nw = Server('w')\nw.inBoundary = a\ntm.process()\n";
    for (path, text) in [("c.yaml", yaml), ("c.py", python)] {
        let repo = Repo::with(&[(path, text)]);
        let report = repo.report(&[]);
        assert_eq!(report["summary"]["exit"], 3, "{path}");
        let told = crate::harness::notices(&report, "nesting");
        assert_eq!(told.len(), 2, "{path}: {told:?}");
        assert!(told[0].contains("lies inside itself"), "{told:?}");
    }
}

#[test]
fn ignored_duplicates_stay_in_the_sequence_and_leave_the_data_flow_diagram() {
    let model = "from pytm import TM, Actor, Server, Dataflow, Action\ntm = TM('Toll')\n\
                 tm.onDuplicates = Action.IGNORE\na = Actor('Driver'); s = Server('Booth')\n\
                 x = Dataflow(a, s, 'pay')\ny = Dataflow(a, s, 'pay again')\ntm.process()\n";
    let repo = Repo::with(&[("tm.py", model)]);
    let drawn = |command: &str| repo.tmrs(&[command, "tm.py"]).out;
    assert!(drawn("seq").contains("pay again"));
    assert!(drawn("dfd").contains("pay") && !drawn("dfd").contains("pay again"));
}

#[test]
fn who_finds_no_model_says_what_was_looked_for_and_how_to_begin() {
    let repo = Repo::with(&[
        ("docker-compose.yml", "services: {web: {image: nginx}}\n"),
        ("old/tm.yaml", MODEL),
        ("tmrs.yaml", "paths: {exclude: [old/**]}\n"),
    ]);
    for format in FORMATS.iter().map(|format| format.name()) {
        if ["github-output", "github-summary"].contains(&format) {
            continue;
        }
        let run = repo.tmrs(&["check", "--format", format]);
        assert_eq!(run.code, 4);
        let text: String = run.out.split_whitespace().collect();
        for part in [
            "importspytm",
            "tmrs:1",
            "threat-model",
            "old/tm",
            "docker-compose",
        ] {
            let escaped = text.replace('\\', "");
            assert!(escaped.contains(part), "{format}: {part} in {}", run.out);
        }
    }
}

#[test]
fn commands_that_need_a_model_say_that_there_is_none() {
    let repo = Repo::with(&[("docker-compose.yml", "services: {}\n")]);
    for arguments in [
        &["report"][..],
        &["dfd"],
        &["seq"],
        &["diff", "HEAD"],
        &["baseline", "update"],
    ] {
        let run = repo.tmrs(arguments);
        assert_eq!(run.code, 4, "{arguments:?}: {run:?}");
        assert!(run.err.contains("no threat model was found"), "{run:?}");
    }
    assert!(!repo.path("tmrs-baseline.json").exists());
    let allowed = repo.tmrs(&["baseline", "update", "--allow-no-models"]);
    assert_eq!(allowed.code, 0, "{allowed:?}");
}

#[test]
fn a_file_that_is_no_model_is_told_about_in_its_own_language() {
    let repo = Repo::with(&[
        ("some.yaml", "a: 1\n"),
        ("like.yaml", &MODEL.replace("tmrs: 1\n", "")),
        ("tm.yaml", MODEL),
        ("notes.txt", "text\n"),
    ]);
    for (path, part) in [
        ("some.yaml", "it has no top-level key `tmrs`"),
        ("like.yaml", "`tmrs: 1` that makes it one"),
        ("notes.txt", "it is no Python, YAML or JSON file"),
    ] {
        let run = repo.tmrs(&["check", path]);
        assert_eq!(run.code, 3, "{run:?}");
        let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.replace("│ ", "");
        assert!(text.contains(part), "{path}: {}", run.out);
    }
    // In a whole run a file that looks like a model is not left out in silence.
    let report = repo.report(&[]);
    let left = crate::harness::notices(&report, "not-a-model");
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].starts_with("like.yaml:1 left out:"), "{left:?}");
}

#[test]
fn wrong_usage_judges_nothing_and_says_so() {
    let repo = Repo::with(&[("tm.yaml", MODEL)]);
    fails_with(&repo.tmrs(&["check", "absent.yaml"]), &["Nothing judged"]);
}
