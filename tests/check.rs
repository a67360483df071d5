//! `tmrs check` as a user meets it: what it reads, what it refuses, how it ends.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::harness::{Repo, fails_with, run};
use crate::shared::root;

const MODEL: &str = "tmrs: 1\nname: Shop\nelements:\n  user: {class: Actor}\n  web: {class: Server}\ndata:\n  orders: {name: Orders}\nflows:\n  visit: {source: user, sink: web, data: [orders]}\n";

/// A model that nothing of high severity is found in.
const QUIET: &str = "tmrs: 1\nname: Quiet\nelements:\n  user: {class: Actor}\n";

/// A model in the early spelling of pytm: flags with underscores, controls beside
/// the element, threats and controls in words.
const EARLY: &str = "\
from pytm import TM, Actor, Boundary, Dataflow, Datastore, Lambda, Server
tm = TM('Forum')
outside = Boundary('Outside')
member = Actor('Member', inBoundary=outside)
moderator = Actor('Moderator', is_admin=True)
forum = Server('Forum')
forum.isHardened = True
posts = Datastore('Posts (*)')
posts.isSql = True
posts.inScope = False
sweeper = Lambda('sweepEveryNight')
sweeper.hasAccessControl = True
reads = Dataflow(member, forum, 'Reads a thread')
reads.threats = ['Session riding', 'Unwanted scraping']
reads.controls = ['HTTPS', 'Web Application Firewall (WAF)']
deletes = Dataflow(moderator, forum, 'Deletes a thread')
deletes.threats = ['Password guessing']
deletes.controls = ['CAPTCHA', 'Account Lockout']
keeps = Dataflow(forum, posts, 'Keeps posts')
keeps.threats = ['SQL Injection']
keeps.controls = ['Parameterized Queries']
tm.process()
";

#[test]
fn each_way_to_end_has_its_exit_status() {
    let cases: &[(&str, &[(&str, &str)], &[&str], i32)] = &[
        ("the gate holds", &[("a.yaml", QUIET)], &["check"], 0),
        ("the gate fails", &[("a.yaml", MODEL)], &["check"], 1),
        (
            "a lower gate fails",
            &[("a.yaml", QUIET)],
            &["check", "--fail-on", "info"],
            1,
        ),
        (
            "only what is declared fails",
            &[("a.yaml", MODEL)],
            &["check", "--evidence", "declared"],
            0,
        ),
        (
            "an unknown option",
            &[("a.yaml", MODEL)],
            &["check", "--nonsense"],
            2,
        ),
        (
            "an unknown format",
            &[("a.yaml", MODEL)],
            &["check", "--format", "nonsense"],
            2,
        ),
        (
            "a path that is not there",
            &[("a.yaml", MODEL)],
            &["check", "b.yaml"],
            2,
        ),
        (
            "a path outside the repository",
            &[("a.yaml", MODEL)],
            &["check", "a.yaml", "/etc/hosts"],
            2,
        ),
        (
            "a malformed configuration",
            &[("a.yaml", MODEL), ("tmrs.yaml", "fail-onn: low\n")],
            &["check"],
            2,
        ),
        (
            "a broken model",
            &[("a.yaml", "tmrs: 1\nname: [\n")],
            &["check"],
            3,
        ),
        (
            "a broken model beside a failing one",
            &[("a.yaml", "tmrs: 1\nname: [\n"), ("b.yaml", MODEL)],
            &["check"],
            3,
        ),
        ("no model", &[("a.txt", "nothing")], &["check"], 4),
        (
            "no model, which is fine",
            &[("a.txt", "nothing")],
            &["check", "--allow-no-models"],
            0,
        ),
        (
            "a file that is no model",
            &[("a.py", "print(1)\n")],
            &["check", "a.py"],
            3,
        ),
    ];
    for (name, files, arguments, code) in cases {
        let run = Repo::with(files).tmrs(arguments);
        assert_eq!(run.code, *code, "{name}: {run:?}");
        assert!(
            !run.out.contains("panicked") && !run.err.contains("panicked"),
            "{name}: {run:?}"
        );
    }
}

#[test]
fn a_typo_in_a_rule_stops_the_run_with_place_and_right_name() {
    let rule = "id: X1\ntitle: Server is not hardened\ntarget: [Server]\nseverity: high\nwhen: target.controls.isHardend is False\ndescription: d\nmitigation: m\n";
    let json = r#"[{"SID": "X2", "target": ["Server"], "description": "d", "severity": "High", "condition": "target.controls.isHardend is False"}]"#;
    for (file, text) in [("x.yaml", rule), ("x.json", json)] {
        let repo = Repo::with(&[("model.yaml", MODEL), (file, text)]);
        let run = repo.tmrs(&["check", "model.yaml", "--rules", file]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains("isHardened"), "{}", run.err);
        let line = text
            .lines()
            .position(|line| line.contains("isHardend"))
            .unwrap();
        let column = text.lines().nth(line).unwrap().find("isHardend").unwrap();
        let place = format!("{file}:{}:{}", line + 1, column + 1);
        assert!(run.err.contains(&place), "{place} is not in {}", run.err);
    }
}

#[test]
fn a_misspelt_end_of_a_flow_is_the_only_complaint_and_names_what_is_there() {
    let model = "tmrs: 1\nname: Shop\nelements:\n  web: {class: Server}\n  db: {class: Datastore}\n  \
                 user: {class: Actor}\nflows:\n  ask: {source: user, sink: web}\n";
    for (end, help) in [
        ("dbb", "did you mean `db`?"),
        ("queue", "one of these: `db`, `user`, `web`"),
    ] {
        let flow = format!("  store: {{source: web, sink: {end}}}\n");
        let repo = Repo::with(&[("threat-model.yaml", &(model.to_owned() + &flow))]);
        let report = repo.report(&[]);
        let said: Vec<_> = report["notices"].as_array().unwrap().iter().collect();
        let [only] = said.as_slice() else {
            panic!("more follows from one mistake: {said:#?}")
        };
        assert_eq!(only["code"], "unknown-reference");
        assert_eq!(only["location"]["line"], 9);
        assert_eq!(only["help"], help);
        assert_eq!(report["summary"]["exit"], 3);
    }
}

#[test]
fn where_python_would_stop_the_name_that_was_meant_is_told() {
    let start = "from pytm import TM, Dataflow, Datastore, Server\ntm = TM('Shop')\nweb = Server('Web')\n\
                 db = Datastore('DB')\n";
    for (line, help) in [
        ("Dataflow(web, dbb, 'Save')", "did you mean `db`?"),
        ("1 / 0", "run the file with Python, and mend what it says"),
    ] {
        let repo = Repo::with(&[("tm.py", &format!("{start}{line}\n"))]);
        let report = repo.report(&[]);
        let said = &report["notices"][0];
        assert_eq!(said["code"], "incomplete", "{report:#}");
        assert_eq!(said["location"]["line"], 5);
        assert_eq!(said["help"], help);
        assert_eq!(report["summary"]["exit"], 3);
    }
}

#[test]
fn the_early_spelling_of_pytm_is_read_completely() {
    let report = Repo::with(&[("forum.py", EARLY)]).report(&[]);
    let model = &report["models"][0];
    assert_eq!(model["complete"], true);
    let worse_than_notes = report["notices"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|n| n["severity"] != "note")
        .count();
    assert_eq!(worse_than_notes, 0, "{}", report["notices"]);

    let declared: BTreeSet<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|f| f["rule"].as_str().unwrap().strip_prefix("DECLARED/"))
        .collect();
    let expected = [
        "password-guessing",
        "session-riding",
        "sql-injection",
        "unwanted-scraping",
    ];
    assert_eq!(declared.into_iter().collect::<Vec<_>>(), expected);
    for (slug, claim) in [
        ("unwanted-scraping", "Web Application Firewall"),
        ("password-guessing", "CAPTCHA"),
    ] {
        let mut findings = report["findings"].as_array().unwrap().iter();
        let finding = findings
            .find(|f| f["rule"] == format!("DECLARED/{slug}"))
            .unwrap();
        let beside = finding["related"].to_string();
        assert!(beside.contains(claim), "{slug}: {beside}");
    }

    let elements = model["graph"]["elements"].as_array().unwrap();
    for (element, attribute, value) in [
        ("Moderator", "isAdmin", true),
        ("Forum", "controls.isHardened", true),
        ("Posts (*)", "isSQL", true),
        ("Posts (*)", "inScope", false),
        ("sweepEveryNight", "controls.hasAccessControl", true),
    ] {
        let said = elements.iter().find(|e| e["name"] == element).unwrap();
        assert_eq!(
            said["attributes"][attribute]["value"], value,
            "{element}.{attribute}"
        );
    }
}

#[test]
fn the_early_form_of_threats_judges() {
    let threats = "Threats = {\n    \"DF1\": {\"description\": \"Dataflow not authenticated\", \"target\": Dataflow, \"condition\": \"target.authenticatedWith is False\"},\n    \"SR1\": {\"description\": \"Server not hardened\", \"target\": Server, \"condition\": \"target.isHardened is False\"},\n}\n";
    let repo = Repo::with(&[("model.yaml", MODEL), ("threats.py", threats)]);
    let report = repo.report(&["model.yaml", "--no-default-rules", "--rules", "threats.py"]);
    let rules: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["rule"].as_str().unwrap())
        .collect();
    assert_eq!(rules, ["SR1", "DF1"]);
}

#[test]
fn two_runs_give_the_same_bytes_whatever_the_threads_and_the_folder() {
    let files: Vec<(String, String)> = [
        "examples/blog/threats/tm.py",
        "examples/payments/common.py",
        "examples/payments/checkout.py",
        "examples/payments/refunds.py",
        "examples/hardened/threat-model.yaml",
    ]
    .into_iter()
    .map(|path| {
        (
            path.to_owned(),
            fs::read_to_string(root().join(path)).unwrap(),
        )
    })
    .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let repo = Repo::with(&files);
    for format in ["human", "json", "sarif"] {
        let first = repo.tmrs(&["check", "--format", format]);
        for threads in ["1", "2", "7"] {
            let again = repo.tmrs(&["check", "--format", format, "--threads", threads]);
            assert_eq!(first.out, again.out, "{format} with {threads} threads");
        }
        let below = run(repo
            .command(&["check", "--format", format, "../.."])
            .current_dir(repo.path("examples/blog")));
        assert_eq!(first.out, below.out, "{format} from another folder");
        let elsewhere = repo
            .command(&["check", "--format", format, repo.root().to_str().unwrap()])
            .current_dir("/")
            .output()
            .unwrap();
        assert_eq!(
            first.out.as_bytes(),
            elsewhere.stdout,
            "{format} from the root folder"
        );
        assert!(
            !first.out.contains(repo.root().to_str().unwrap()),
            "{format} holds an absolute path"
        );
    }
}

#[test]
fn a_file_over_the_limit_is_an_error_and_never_skipped() {
    let large = format!("tmrs: 1\nname: Large\n# {}\n", "x".repeat(10 * 1024 * 1024));
    let repo = Repo::with(&[("large.yaml", &large), ("b.yaml", QUIET)]);
    let run = repo.tmrs(&["check"]);
    assert_eq!(run.code, 3, "{}", run.out);
    assert!(run.out.contains("large.yaml"), "{}", run.out);
}

#[test]
fn what_a_model_names_is_opened_only_inside_the_repository() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.json");
    fs::write(
        &secret,
        "[{\"SID\": \"S1\", \"condition\": \"True\", \"description\": \"TOPSECRET\"}]",
    )
    .unwrap();
    for named in [
        secret.to_str().unwrap(),
        "../../../etc/passwd",
        ".git/config",
        "untracked.json",
    ] {
        let model = format!(
            "from pytm import TM, Server\ntm = TM(\"t\", description=\"d\", threatsFile=\"{named}\")\nServer(\"s\")\ntm.process()\n"
        );
        let repo = Repo::with(&[("tm.py", &model)]);
        repo.write(
            "untracked.json",
            "[{\"SID\": \"S1\", \"condition\": \"True\"}]",
        );
        let run = repo.tmrs(&["check", "--format", "json"]);
        assert_eq!(run.code, 3, "{named}: {run:?}");
        assert!(
            !run.out.contains("TOPSECRET") && !run.out.contains("root:"),
            "{named}"
        );
    }
}

#[test]
fn a_program_in_the_repository_is_never_taken_for_git() {
    let repo = Repo::with(&[("shop.yaml", QUIET)]);
    for name in ["git", "git.exe", "git.com", "git.cmd", "git.bat"] {
        repo.write(name, "exit 1\n");
        #[cfg(unix)]
        std::fs::set_permissions(
            repo.path(name),
            std::os::unix::fs::PermissionsExt::from_mode(0o755),
        )
        .unwrap();
    }
    let run = repo.tmrs(&["check", "--since", "HEAD"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
}

/// Windows would look for the second on another machine, and tell it who asks.
#[test]
fn a_backslash_separates_no_folders_in_what_a_repository_says() {
    let repo = Repo::with(&[("tm/own.json", "[]"), ("shop.yaml", QUIET)]);
    for path in [r"tm\own.json", r"\\127.0.0.1\share\own.json"] {
        repo.write("tmrs.yaml", &format!("rules:\n  paths: ['{path}']\n"));
        fails_with(&repo.tmrs(&["check"]), &["own.json"]);
    }
}

#[cfg(unix)]
#[test]
fn a_backslash_in_a_name_is_a_part_of_it() {
    let repo = Repo::new();
    repo.write(r"a\shop.yaml", QUIET);
    for _ in 0..2 {
        let report = repo.report(&[]);
        assert_eq!(report["models"].as_array().unwrap().len(), 1, "{report}");
        assert_eq!(report["models"][0]["path"], r"a\shop.yaml");
        repo.commit("Tracked");
    }
}

#[test]
fn files_that_only_look_like_models_are_left_and_verbose_says_why() {
    let repo = Repo::with(&[
        ("tm.py", "class TuringMachine:\n    pass\n"),
        ("threat-model.yaml", "threats: [a, b]\n"),
        (
            "shared.py",
            "from pytm import Boundary\n\ndef zone(name):\n    return Boundary(name)\n",
        ),
        (
            "model.py",
            "from pytm import TM, Server\nfrom shared import zone\ntm = TM(\"t\", description=\"d\")\ns = Server(\"s\", inBoundary=zone(\"z\"))\ntm.process()\n",
        ),
    ]);
    repo.write(
        "venv/lib/site-packages/x/model.py",
        "from pytm import TM\nTM(\"x\").process()\n",
    );
    let run = repo.tmrs(&["check", "-v", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let models: Vec<_> = report["models"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["path"].as_str().unwrap())
        .collect();
    assert_eq!(models, ["model.py"], "{}", run.err);
    for path in [
        "tm.py",
        "threat-model.yaml",
        "shared.py",
        "venv/lib/site-packages/x/model.py",
    ] {
        assert!(
            run.err.contains(path),
            "{path} is not explained: {}",
            run.err
        );
    }
}

#[test]
fn ignored_and_hidden_files_that_git_tracks_are_candidates_and_untracked_ignored_ones_are_not() {
    let repo = Repo::new();
    repo.write(".gitignore", "*.yaml\n")
        .write(".hidden/a.yaml", QUIET)
        .write("b.yaml", QUIET);
    repo.git(&["add", "-f", ".gitignore", ".hidden/a.yaml"]);
    repo.git(&["commit", "-q", "-m", "Start"]);
    let report = repo.report(&[]);
    let models: Vec<_> = report["models"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["path"].as_str().unwrap())
        .collect();
    assert_eq!(models, [".hidden/a.yaml"]);
}

#[test]
fn several_outputs_come_from_one_run() {
    let repo = Repo::with(&[("a.yaml", MODEL)]);
    let run = repo.tmrs(&[
        "check",
        "--output",
        "sarif=tmrs.sarif",
        "--output",
        "json=out.json",
        "--sarif-assumed",
        "each",
    ]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("Gate failed"), "{}", run.out);
    let json: serde_json::Value = serde_json::from_str(&repo.read("out.json")).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&repo.read("tmrs.sarif")).unwrap();
    let open = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["status"] == "new")
        .count();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), open);
}

#[test]
fn the_format_is_that_of_the_place_unless_it_is_said() {
    let repo = Repo::with(&[("a.yaml", MODEL)]);
    let shown = |job: bool, arguments: &[&str]| {
        let mut command = repo.command(&["check"]);
        command.args(arguments);
        if job {
            command.env("GITHUB_ACTIONS", "true");
        }
        run(&mut command).out
    };
    for (job, format) in [(true, "github"), (false, "human")] {
        let expected = shown(false, &["--format", format]);
        assert_eq!(shown(job, &[]), expected);
        assert_eq!(shown(job, &["--format", "auto"]), expected);
        assert_eq!(shown(!job, &["--format", format]), expected);
    }
}

#[test]
fn a_hostile_name_reaches_the_terminal_only_escaped() {
    let model = "tmrs: 1\nname: \"a\\e[31mred\\u202Eb\"\nelements:\n  web: {class: Server, name: \"w\\e]0;title\\aeb\\u200b\"}\n  user: {class: Actor}\nflows:\n  f: {source: user, sink: web}\n";
    let repo = Repo::with(&[("a.yaml", model)]);
    for arguments in [
        &["check"][..],
        &["check", "-v"],
        &["check", "--format", "github"],
        &["check", "--format", "markdown"],
    ] {
        let run = repo.tmrs(arguments);
        let bad = |c: char| matches!(c, '\u{1b}' | '\u{7}' | '\u{202e}' | '\u{200b}');
        assert!(!run.out.contains(bad), "{arguments:?}: {:?}", run.out);
    }
}

#[test]
fn a_model_that_grows_without_end_is_bounded() {
    let cases = [
        "a=[1]*1000; b=[a]*1000; c=[b]*200\ns.custom = c",
        "x = 'a' * 10**9",
        "x = 2**2**2**2**2**2",
        "def f(n): return f(n+1)\nf(0)",
        "while True:\n    pass",
        "for i in range(10**12):\n    z = i",
        "x = [[i]*10**6 for i in range(10**6)]",
        "x = '%s' * 100\nfor i in range(60):\n    x = x + x",
    ];
    for case in cases {
        let model = format!(
            "from pytm import TM, Server\ntm = TM(\"t\", description=\"d\")\ns = Server(\"s\")\n{case}\ntm.process()\n"
        );
        let run = Repo::with(&[("tm.py", &model)]).tmrs(&["check", "--format", "json"]);
        assert!(
            [0, 1, 3].contains(&run.code),
            "{case}: {} {}",
            run.code,
            run.err
        );
        assert!(!run.err.contains("panicked"), "{case}: {}", run.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn where_memory_is_short_a_model_is_read_on_fewer_threads_or_not_and_that_is_said() {
    let model = "from pytm import TM, Server\ntm = TM('Shop')\nServer('web')\n";
    let repo = Repo::with(&[("tm.py", model)]);
    let within = |kilobytes: u32| {
        let limited = format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"");
        let tmrs = env!("CARGO_BIN_EXE_tmrs");
        let mut command = Command::new("sh");
        command.args(["-c", &limited, tmrs, "check", "tm.py", "--threads", "64"]);
        run(command
            .env_remove("GITHUB_ACTIONS")
            .current_dir(repo.root()))
    };
    let plenty = repo.tmrs(&["check", "tm.py"]);
    assert_eq!(within(700_000).out, plenty.out);
    let short = within(250_000);
    assert_eq!(short.code, 3, "{}", short.out);
    let why = "This file could not be read: this process may not have the memory that it takes";
    assert!(short.out.contains(why), "{}", short.out);
}
