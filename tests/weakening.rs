//! A change that weakens the check is itself a finding, whatever it tries.

use serde_json::Value as Json;

use crate::harness::{Repo, findings, notices};

/// A shop behind a fence; its flow has threats of high severity.
const SHOP: &str = "\
tmrs: 1
name: Shop
boundaries:
  outside: {name: Outside, trust: UNTRUSTED}
elements:
  user: {class: Actor, name: User, inBoundary: outside}
  web:
    class: Server
    name: Web
data:
  card: {name: Card, classification: SECRET}
flows:
  visit: {source: user, sink: web, name: Visit, protocol: HTTP}
";

/// What the change really wants: another flow, with new threats.
const FLOW: &str = "  pay: {source: user, sink: web, name: Pay, protocol: HTTP, data: [card]}\n";

/// Its gate compares severities, for what a change adds raises the risk of others.
const CONFIG: &str = "policy:\n  weakening: fail\ngate: severity\n";

/// One rule that judges flows, as severely as can be.
const RULE: &str = "\
id: OWN01
title: Traffic in the clear
target: [Dataflow]
severity: critical
when: target.protocol == 'HTTP'
description: Anyone on the way reads along.
mitigation: Use HTTPS.
";

const HELPER: &str = "from pytm import Server\n\nweb = Server('Web')\n";

const PYTM: &str = "\
from pytm import TM, Actor, Dataflow
from parts import web

tm = TM('Office')
user = Actor('User')
visit = Dataflow(user, web, 'Visit')
visit.protocol = 'HTTP'
tm.process()
";

fn repo() -> Repo {
    Repo::with(&[("model.yaml", SHOP), ("tmrs.yaml", CONFIG)])
}

fn pytm() -> Repo {
    Repo::with(&[
        ("office.py", PYTM),
        ("parts.py", HELPER),
        ("tmrs.yaml", CONFIG),
    ])
}

/// The changes that a report holds, as `ID path:line`.
fn changes(report: &Json) -> Vec<String> {
    let all = report["findings"].as_array().unwrap().iter();
    let mut changes: Vec<String> = all
        .filter(|f| f["rule"].as_str().unwrap().starts_with("CHG"))
        .map(|f| {
            let place = &f["location"];
            let text = |value: &Json| value.as_str().unwrap().to_owned();
            format!(
                "{} {}:{}",
                text(&f["rule"]),
                text(&place["path"]),
                place["line"]
            )
        })
        .collect();
    changes.sort();
    changes
}

/// New findings that would fail the gate by themselves.
fn failing(report: &Json) -> Vec<&Json> {
    let all = report["findings"].as_array().unwrap().iter();
    all.filter(|f| {
        f["status"] == "new"
            && f["evidence"].as_str() >= report["summary"]["gate"]["evidence"].as_str()
            && f["severity"].as_str().map(rank)
                >= report["summary"]["gate"]["failOn"].as_str().map(rank)
            && !f["rule"].as_str().unwrap().starts_with("CHG")
    })
    .collect()
}

fn rank(severity: &str) -> Option<usize> {
    let all = ["info", "low", "medium", "high", "critical"];
    all.iter().position(|word| *word == severity)
}

struct Trick {
    what: &'static str,
    apply: fn(&Repo),
    change: &'static str,
}

/// Tricks with which the new flow's threats no longer fail, each with the change
/// that is reported for it.
const TRICKS: &[Trick] = &[
    Trick {
        what: "an exclusion in the configuration",
        apply: |repo| {
            repo.edit(
                "tmrs.yaml",
                "policy:",
                "exclusions:\n  - {rule: '*', element: Pay, reason: trust me}\npolicy:",
            );
        },
        change: "CHG01 tmrs.yaml:2",
    },
    Trick {
        what: "an exclusion of everything, by a pattern",
        apply: |repo| {
            repo.edit(
                "tmrs.yaml",
                "policy:",
                "exclusions:\n  - {rule: '*', reason: trust me}\npolicy:",
            );
        },
        change: "CHG01 tmrs.yaml:2",
    },
    Trick {
        what: "an exclusion beside the element",
        apply: |repo| {
            let ids = high_ids(repo);
            let comment = format!("  # tmrs: exclude[{}] trust me\n  pay:", ids.join(", "));
            repo.edit("model.yaml", "  pay:", &comment);
        },
        change: "CHG02 model.yaml:14",
    },
    Trick {
        what: "an assumption",
        apply: |repo| {
            let ids = high_ids(repo).join(", ");
            let assumption =
                format!("name: Shop\nassumptions: [{{name: All is well, exclude: [{ids}]}}]\n");
            repo.edit("model.yaml", "name: Shop\n", &assumption);
        },
        change: "CHG03 model.yaml:3",
    },
    Trick {
        what: "responses",
        apply: |repo| {
            let answers: Vec<String> = high_ids(repo)
                .iter()
                .map(|id| format!("{id}: \"accepted: trust me\""))
                .collect();
            let pay = format!("name: Pay, responses: {{{}}},", answers.join(", "));
            repo.edit("model.yaml", "name: Pay,", &pay);
        },
        change: "CHG04 model.yaml:14",
    },
    Trick {
        what: "a baseline",
        apply: |repo| {
            let run = repo.tmrs(&["baseline", "update"]);
            assert_eq!(run.code, 0, "{run:?}");
        },
        change: "CHG06 tmrs-baseline.json:",
    },
    Trick {
        what: "a higher fail-on",
        apply: |repo| {
            repo.edit("tmrs.yaml", "policy:", "fail-on: critical\npolicy:");
        },
        change: "CHG07 tmrs.yaml:1",
    },
    Trick {
        what: "only declared findings fail",
        apply: |repo| {
            repo.edit("tmrs.yaml", "policy:", "evidence: declared\npolicy:");
        },
        change: "CHG07 tmrs.yaml:1",
    },
    Trick {
        what: "rules that are disabled",
        apply: |repo| {
            let ids = high_ids(repo).join(", ");
            repo.edit(
                "tmrs.yaml",
                "policy:",
                &format!("rules:\n  disable: [{ids}]\npolicy:"),
            );
        },
        change: "CHG08 tmrs.yaml:2",
    },
    Trick {
        what: "the catalogue left out",
        apply: |repo| {
            repo.write("rules/own.yaml", &RULE.replace("HTTP'", "GOPHER'"));
            let rules = "rules: {default: false, paths: [rules]}\npolicy:";
            repo.edit("tmrs.yaml", "policy:", rules);
        },
        change: "CHG08 tmrs.yaml:1",
    },
    Trick {
        what: "severities that are remapped",
        apply: |repo| {
            let ids = high_ids(repo);
            let low: Vec<String> = ids.iter().map(|id| format!("{id}: low")).collect();
            let rules = format!("rules:\n  severity: {{{}}}\npolicy:", low.join(", "));
            repo.edit("tmrs.yaml", "policy:", &rules);
        },
        change: "CHG09 tmrs.yaml:2",
    },
    Trick {
        what: "the element out of scope",
        apply: |repo| {
            repo.edit("model.yaml", "name: Pay,", "name: Pay, inScope: false,");
        },
        change: "CHG11 model.yaml:14",
    },
];

/// The rules whose findings fail at a change, before the trick.
fn high_ids(repo: &Repo) -> Vec<String> {
    let report = repo.report(&["--since", "HEAD"]);
    let mut ids: Vec<String> = failing(&report)
        .iter()
        .map(|f| f["rule"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert!(!ids.is_empty());
    ids
}

fn add_flow(repo: &Repo) {
    let text = repo.read("model.yaml") + FLOW;
    repo.write("model.yaml", &text);
}

#[test]
fn without_a_trick_new_threats_fail_and_nothing_weakens() {
    let repo = repo();
    add_flow(&repo);
    let report = repo.report(&["--since", "HEAD"]);
    assert!(!failing(&report).is_empty());
    assert_eq!(changes(&report), [""; 0]);
}

#[test]
fn whatever_hides_new_threats_is_a_finding_at_its_line() {
    for trick in TRICKS {
        let repo = repo();
        add_flow(&repo);
        (trick.apply)(&repo);
        let report = repo.report(&["--since", "HEAD"]);
        assert!(
            failing(&report).is_empty(),
            "{}: no trick at all",
            trick.what
        );
        let changes = changes(&report);
        assert!(
            changes
                .iter()
                .any(|change| change.starts_with(trick.change)),
            "{}: {changes:?}",
            trick.what
        );
        assert_eq!(report["summary"]["exit"], 1, "{}", trick.what);
        let rules = report["rules"].as_array().unwrap();
        let id = trick.change.split(' ').next().unwrap();
        assert!(rules.iter().any(|rule| rule["id"] == id), "{}", trick.what);
    }
}

#[test]
fn a_change_cannot_allow_itself_to_weaken() {
    let repo = repo();
    add_flow(&repo);
    repo.write(
        "tmrs.yaml",
        "exclusions:\n  - {rule: '*', reason: trust me}\npolicy:\n  weakening: report\ngate: severity\n",
    );
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(changes(&report), ["CHG01 tmrs.yaml:2", "CHG07 tmrs.yaml:4"]);
    assert_eq!(report["summary"]["exit"], 1);
}

#[test]
fn where_policy_only_reports_a_weakening_does_not_fail() {
    let repo = Repo::with(&[("model.yaml", SHOP)]);
    add_flow(&repo);
    repo.write("tmrs.yaml", "exclusions:\n  - {rule: '*', reason: known}\n");
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(changes(&report), ["CHG01 tmrs.yaml:2"]);
    assert_eq!(report["summary"]["exit"], 0);
}

#[test]
fn an_exclusion_that_lasts_longer_is_a_weakening_and_one_that_moves_is_none() {
    let with = |day: &str| {
        format!(
            "exclusions:\n  - {{rule: OLD, reason: other}}\n  - {{rule: '*', reason: known, expires: {day}}}\n{CONFIG}"
        )
    };
    let repo = Repo::with(&[("model.yaml", SHOP), ("tmrs.yaml", &with("2026-06-01"))]);
    let arguments = ["--since", "HEAD", "--today", "2026-01-01"];
    repo.write("tmrs.yaml", &with("2026-07-01"));
    assert_eq!(changes(&repo.report(&arguments)), ["CHG01 tmrs.yaml:3"]);
    let moved = format!(
        "{CONFIG}exclusions:\n  - {{reason: other, rule: OLD}}\n  - {{expires: 2026-05-01, rule: '*', reason: known}}\n"
    );
    repo.write("tmrs.yaml", &moved);
    assert_eq!(changes(&repo.report(&arguments)), [""; 0]);
}

#[test]
fn claims_that_only_move_or_say_more_are_no_weakening() {
    let answered = SHOP.replace(
        "name: Web\n",
        "name: Web\n    responses: {INP01: \"accepted: for now\"}\n    exclude: {INP02: known}\n",
    );
    let repo = Repo::with(&[("model.yaml", &answered), ("tmrs.yaml", CONFIG)]);
    repo.write(
        "docs/shop.yaml",
        &answered
            .replace("for now", "until we move")
            .replace("name: Web\n", "name: Web\n    description: The front\n"),
    );
    repo.remove("model.yaml");
    assert_eq!(changes(&repo.report(&["--since", "HEAD"])), [""; 0]);
}

#[test]
fn an_override_that_lowers_a_severity_is_a_weakening() {
    let policy = "policy:\n  weakening: fail\n  overrides: lower\n";
    let repo = Repo::with(&[("model.yaml", SHOP), ("tmrs.yaml", policy)]);
    add_flow(&repo);
    repo.commit("Take the flow over");
    let report = repo.report(&[]);
    let rule = failing(&report)
        .iter()
        .find(|f| f["element"]["name"] == "Pay")
        .unwrap()["rule"]
        .as_str()
        .unwrap()
        .to_owned();
    let lower = format!("name: Pay, overrides: [{{threat_id: {rule}, severity: Low}}],");
    repo.edit("model.yaml", "name: Pay,", &lower);
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(changes(&report), ["CHG05 model.yaml:14"]);
    assert_eq!(report["summary"]["exit"], 1);
}

#[test]
fn a_rule_file_that_judges_less_is_a_weakening() {
    let config = format!("rules: {{paths: [rules]}}\n{CONFIG}");
    let repo = Repo::with(&[
        ("model.yaml", SHOP),
        ("tmrs.yaml", &config),
        ("rules/OWN01.yaml", RULE),
    ]);
    let cases = [
        (
            "severity: critical",
            "severity: low",
            "CHG09 rules/OWN01.yaml:",
        ),
        ("'HTTP'", "'GOPHER'", "CHG08 rules/OWN01.yaml:"),
        ("[Dataflow]", "[Server]", "CHG08 rules/OWN01.yaml:"),
        ("id: OWN01", "id: OWN02", "CHG08 tmrs.yaml:"),
    ];
    for (from, to, change) in cases {
        repo.write("rules/OWN01.yaml", &RULE.replace(from, to));
        let changes = changes(&repo.report(&["--since", "HEAD"]));
        assert!(
            changes.len() == 1 && changes[0].starts_with(change),
            "{to}: {changes:?}"
        );
    }
    repo.write(
        "rules/OWN01.yaml",
        &RULE.replace("Use HTTPS", "Use HTTPS everywhere"),
    );
    assert_eq!(changes(&repo.report(&["--since", "HEAD"])), [""; 0]);
}

#[test]
fn a_models_own_rules_that_judge_less_are_a_weakening() {
    let threats = r#"[{"SID": "T1", "target": ["Dataflow"], "description": "d", "details": "", "severity": "High", "condition": "target.protocol == 'HTTP'", "mitigations": "", "references": ""},
        {"SID": "T2", "target": ["Server"], "description": "d", "details": "", "severity": "High", "condition": "target.controls.isHardened is False", "mitigations": "", "references": ""}]"#;
    let own = SHOP.replace("name: Shop\n", "name: Shop\nthreatsFile: threats.json\n");
    let repo = Repo::with(&[
        ("model.yaml", &own),
        ("threats.json", threats),
        ("tmrs.yaml", CONFIG),
    ]);
    let less = threats.replace("'HTTP'", "'GOPHER'");
    repo.write("threats.json", &less);
    assert_eq!(
        changes(&repo.report(&["--since", "HEAD"])),
        ["CHG10 model.yaml:3"]
    );
    repo.write("threats.json", "[]");
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(
        report["summary"]["exit"],
        3,
        "an emptied file: {:?}",
        changes(&report)
    );

    let repo = self::repo();
    repo.write("mine.json", threats);
    repo.edit(
        "model.yaml",
        "name: Shop\n",
        "name: Shop\nthreatsFile: mine.json\n",
    );
    repo.git(&["add", "-A"]);
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(changes(&report), ["CHG10 model.yaml:3"]);
    assert_eq!(report["summary"]["exit"], 1);
}

#[test]
fn what_is_left_out_of_a_model_is_a_weakening() {
    let repo = repo();
    repo.edit(
        "model.yaml",
        "    name: Web\n",
        "    name: Web\n    inScope: false\n",
    );
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(changes(&report), ["CHG11 model.yaml:10"]);

    let unused = SHOP.replace(
        "  web:\n",
        "  spare: {class: Server, name: Spare}\n  web:\n",
    );
    let repo = Repo::with(&[("model.yaml", &unused), ("tmrs.yaml", CONFIG)]);
    repo.edit(
        "model.yaml",
        "name: Shop\n",
        "name: Shop\nignoreUnused: true\n",
    );
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(changes(&report), ["CHG11 model.yaml:3"]);
    assert_eq!(report["summary"]["exit"], 1);
}

#[test]
fn trust_that_is_raised_is_a_weakening_once() {
    let repo = repo();
    repo.edit("model.yaml", "trust: UNTRUSTED", "trust: INTERNAL");
    let report = repo.report(&["--since", "HEAD"]);
    assert!(
        changes(&report).contains(&"CHG12 model.yaml:4".to_owned()),
        "{:?}",
        changes(&report)
    );
    assert_eq!(
        changes(&report)
            .iter()
            .filter(|c| c.starts_with("CHG12"))
            .count(),
        1
    );

    let two = SHOP.replace(
        "elements:\n",
        "  inside: {name: Inside, trust: INTERNAL}\nelements:\n",
    );
    let repo = Repo::with(&[("model.yaml", &two), ("tmrs.yaml", CONFIG)]);
    repo.edit("model.yaml", "inBoundary: outside", "inBoundary: inside");
    assert!(changes(&repo.report(&["--since", "HEAD"])).contains(&"CHG12 model.yaml:7".to_owned()));
}

#[test]
fn a_fact_that_is_withdrawn_is_a_weakening() {
    let config = format!("rules: {{paths: [rules]}}\n{CONFIG}");
    let repo = Repo::with(&[
        ("model.yaml", SHOP),
        ("tmrs.yaml", &config),
        ("rules/OWN01.yaml", RULE),
    ]);
    repo.edit("model.yaml", ", protocol: HTTP}", "}");
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(changes(&report), ["CHG13 model.yaml:13"]);

    let stated = SHOP.replace("name: Web\n", "name: Web\n    threats: [Fire]\n");
    let repo = Repo::with(&[("model.yaml", &stated), ("tmrs.yaml", CONFIG)]);
    repo.write("model.yaml", SHOP);
    assert_eq!(
        changes(&repo.report(&["--since", "HEAD"])),
        ["CHG13 model.yaml:7"]
    );
}

#[test]
fn a_model_that_is_removed_is_reported() {
    let repo = repo();
    repo.write("other.yaml", &SHOP.replace("name: Shop", "name: Other"))
        .commit("Two");
    repo.remove("model.yaml");
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(changes(&report), ["CHG14 model.yaml:1"]);
    assert_eq!(report["summary"]["exit"], 1);
}

#[test]
fn a_model_that_takes_another_ones_place_is_held_against_it() {
    let repo = repo();
    repo.edit("model.yaml", "name: Shop", "name: Store");
    let report = repo.report(&["--since", "HEAD"]);
    assert!(!findings(&report, "baselined").is_empty());
    let other = "tmrs: 1\nname: Other\nelements:\n  a: {class: Actor, name: A}\n";
    repo.write("model.yaml", other);
    let report = repo.report(&["--since", "HEAD"]);
    assert!(!changes(&report).is_empty());
    assert_eq!(findings(&report, "baselined"), [""; 0]);
}

#[test]
fn a_model_that_is_hidden_leaves_the_run_incomplete() {
    type Hide = fn(&Repo);
    let cases: [(&str, Hide); 6] = [
        ("paths excluded", |repo| {
            repo.edit(
                "tmrs.yaml",
                "policy:",
                "paths: {exclude: [model.yaml]}\npolicy:",
            );
        }),
        ("padded past the limit", |repo| {
            let padded = repo.read("model.yaml") + &"# more\n".repeat(1_600_000);
            repo.write("model.yaml", &padded);
        }),
        ("ignored by git", |repo| {
            repo.write(".gitignore", "model.yaml\n");
            repo.git(&["rm", "-q", "--cached", "model.yaml"]);
        }),
        ("without its mark", |repo| {
            repo.edit("model.yaml", "tmrs: 1\n", "");
        }),
        ("in another encoding", |repo| {
            let wide: Vec<u8> = repo
                .read("model.yaml")
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect();
            std::fs::write(
                repo.path("model.yaml"),
                [&[0xff, 0xfe], wide.as_slice()].concat(),
            )
            .unwrap();
            repo.write(".gitattributes", "*.yaml working-tree-encoding=UTF-16\n");
        }),
        ("its format broken", |repo| {
            repo.edit("model.yaml", "tmrs: 1\n", "tmrs: 1\n{");
        }),
    ];
    for (what, hide) in cases {
        let repo = repo();
        repo.write("other.yaml", &SHOP.replace("name: Shop", "name: Other"))
            .commit("Two");
        hide(&repo);
        let report = repo.report(&["--since", "HEAD"]);
        assert_eq!(
            report["summary"]["exit"],
            3,
            "{what}: {:?}",
            changes(&report)
        );
    }
    let repo = repo();
    repo.edit(
        "tmrs.yaml",
        "policy:",
        "paths: {exclude: [model.yaml]}\npolicy:",
    );
    let report = repo.report(&["--since", "HEAD", "--allow-no-models"]);
    assert!(changes(&report).contains(&"CHG15 model.yaml:1".to_owned()));
    let hidden = notices(&report, "hidden");
    assert!(hidden[0].contains("paths.exclude matches"), "{hidden:?}");
}

#[test]
fn a_model_made_unreadable_under_lenient_stays_incomplete() {
    let lenient =
        format!("models:\n  - {{path: office.py, lenient: true, reason: later}}\n{CONFIG}");
    let unreadable = PYTM.replace("inBoundary", "").replace(
        "visit = Dataflow(user, web, 'Visit')",
        "import os\nvisit = Dataflow(user, web, 'Visit')\nuser.inScope = os.environ['SCOPE']",
    );
    let repo = pytm();
    repo.write("office.py", &unreadable)
        .write("tmrs.yaml", &lenient);
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(report["summary"]["exit"], 3);
    assert!(
        changes(&report).contains(&"CHG07 tmrs.yaml:2".to_owned()),
        "{:?}",
        changes(&report)
    );

    // Whoever was unreadable before may stay so.
    repo.commit("Lenient");
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(report["summary"]["exit"], 0, "{:?}", report["notices"]);
}

#[test]
fn an_import_that_is_hidden_leaves_the_run_incomplete() {
    let repo = pytm();
    assert_eq!(repo.report(&["--since", "HEAD"])["summary"]["exit"], 0);
    repo.write(".gitignore", "parts.py\n");
    repo.git(&["rm", "-q", "--cached", "parts.py"]);
    assert_eq!(repo.report(&["--since", "HEAD"])["summary"]["exit"], 3);
}

#[test]
fn the_policy_of_the_base_branch_binds_whatever_the_change_says() {
    let strict = "fail-on: medium\npolicy:\n  inline: false\n";
    let repo = Repo::with(&[("model.yaml", SHOP), ("tmrs.yaml", strict)]);
    let ids = {
        add_flow(&repo);
        high_ids(&repo)
    };
    let weaker = [
        "fail-on: critical\n".to_owned(),
        "evidence: declared\n".into(),
        "fail-on: medium\ngate: risk\n".into(),
        format!("rules: {{disable: [{}]}}\n", ids.join(", ")),
        format!(
            "rules: {{severity: {{{}}}}}\n",
            ids.iter()
                .map(|id| format!("{id}: info"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        "rules: {default: false}\n".into(),
        "rules: {packs: [model]}\n".into(),
        "paths: {exclude: ['**']}\n".into(),
        "paths: {include: [nowhere]}\n".into(),
    ];
    for config in weaker {
        repo.write("tmrs.yaml", &config);
        let report = repo.report(&["--since", "HEAD", "--policy-from", "HEAD"]);
        assert!(!failing(&report).is_empty(), "{config}");
        assert_eq!(report["summary"]["exit"], 1, "{config}");
        assert_eq!(report["summary"]["gate"]["failOn"], "medium", "{config}");
        let from = report["run"]["policy"].as_str().unwrap();
        assert!(from.starts_with("tmrs.yaml at "), "{from}");
    }
    repo.write("tmrs.yaml", "fail-on: low\n");
    let report = repo.report(&["--policy-from", "HEAD"]);
    assert_eq!(report["summary"]["gate"]["failOn"], "low");
}

#[test]
fn a_policy_file_may_lie_outside_and_binds_in_what_it_speaks_of() {
    let repo = Repo::with(&[
        ("model.yaml", SHOP),
        (
            "tmrs.yaml",
            "fail-on: critical\nrules: {disable: [INP01]}\n",
        ),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("floor.yaml");
    std::fs::write(&policy, "fail-on: low\n").unwrap();
    let arguments = ["--policy", policy.to_str().unwrap()];
    let report = repo.report(&arguments);
    assert_eq!(report["summary"]["gate"]["failOn"], "low");
    assert_eq!(report["run"]["policy"], "floor.yaml");
    assert!(
        !findings(&report, "new")
            .iter()
            .any(|line| line.contains(" INP01 "))
    );
    std::fs::write(&policy, "fail-on: always\n").unwrap();
    assert_eq!(
        repo.tmrs(&["check", "--policy", policy.to_str().unwrap()])
            .code,
        2
    );
    assert_eq!(repo.tmrs(&["check", "--policy", "nowhere.yaml"]).code, 2);
    assert_eq!(repo.tmrs(&["check", "--policy-from", "--output=x"]).code, 2);
}

#[test]
fn only_models_that_changed_are_judged_if_asked() {
    let repo = pytm();
    repo.write("model.yaml", SHOP)
        .write("notes.py", "x = 1\n")
        .commit("Two models");
    let judged = |repo: &Repo| -> Vec<String> {
        let report = repo.report(&["--since", "HEAD", "--changed-only"]);
        let models = report["models"].as_array().unwrap().iter();
        models
            .map(|m| m["path"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(judged(&repo), [""; 0]);
    assert_eq!(
        repo.tmrs(&["check", "--since", "HEAD", "--changed-only"])
            .code,
        0
    );
    repo.write("notes.py", "x = 2\n");
    assert_eq!(judged(&repo), [""; 0], "an ordinary file");
    repo.write("parts.py", &(HELPER.to_owned() + "web.isHardened = True\n"));
    assert_eq!(
        judged(&repo),
        ["office.py"],
        "a module that a model imports"
    );
    repo.commit("Parts");
    add_flow(&repo);
    assert_eq!(judged(&repo), ["model.yaml"], "its own text");
    let run = repo.tmrs(&["check", "--since", "HEAD", "--changed-only"]);
    assert_eq!(run.code, 1);
    repo.commit("Flow");
    repo.write("tmrs.yaml", "fail-on: low\npolicy:\n  weakening: fail\n");
    assert_eq!(
        judged(&repo),
        ["model.yaml", "office.py"],
        "the configuration"
    );
    let run = repo.tmrs(&["check", "--changed-only"]);
    assert_eq!(run.code, 2, "it needs --since");
}

#[test]
fn a_part_of_a_run_says_nothing_about_the_rest() {
    let repo = pytm();
    repo.write("model.yaml", SHOP);
    repo.tmrs(&["baseline", "update"]);
    repo.commit("Known");
    add_flow(&repo);
    let report = repo.report(&["--since", "HEAD", "--changed-only"]);
    assert_eq!(report["fixed"], Json::Array(Vec::new()));
    assert_eq!(notices(&report, "stale"), [""; 0]);
}

/// A change that answers one new threat and takes the others into the baseline.
fn accepting(repo: &Repo) -> String {
    let id = high_ids(repo).remove(0);
    repo.edit(
        "model.yaml",
        "name: Pay,",
        &format!("name: Pay, responses: {{{id}: \"accepted: <b>trust</b> me\"}},"),
    );
    repo.edit(
        "tmrs.yaml",
        "policy:",
        "exclusions:\n  - {rule: MOD01, reason: trust me too}\npolicy:",
    );
    assert_eq!(repo.tmrs(&["baseline", "update"]).code, 0);
    id
}

#[test]
fn whatever_a_change_accepts_is_listed_in_every_summary() {
    let repo = Repo::with(&[("model.yaml", SHOP), ("tmrs.yaml", "policy: {}\n")]);
    repo.edit("tmrs.yaml", "policy: {}", "policy:\n  weakening: report");
    repo.commit("Only report");
    add_flow(&repo);
    accepting(&repo);
    let baseline = repo.read("tmrs-baseline.json");
    let entry = baseline
        .lines()
        .find(|line| line.contains("\"Pay\"") && line.contains("\"rule\""))
        .unwrap();
    let rule = entry
        .split("\"rule\": \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    for format in [
        "human",
        "json",
        "sarif",
        "markdown",
        "markdown-comment",
        "github-summary",
        "html",
        "junit",
        "gitlab",
    ] {
        let run = repo.tmrs(&["check", "--since", "HEAD", "--format", format]);
        assert_eq!(run.code, 0, "{format}: {run:?}");
        let told = run.out.replace("&#8203;", "").replace("&quot;", "\"");
        for words in [
            "CHG01",
            "CHG04",
            "CHG06",
            &format!("{rule} on Dataflow “Pay”"),
        ] {
            assert!(told.contains(words), "{format} lacks {words:?}: {told}");
        }
        assert!(
            !(format == "html" || format.starts_with("markdown")) || !run.out.contains("<b>"),
            "{format}"
        );
    }
    let human = repo.tmrs(&["check", "--since", "HEAD"]).out;
    assert!(human.contains("Weakens the check:"), "{human}");
    let markdown = repo
        .tmrs(&["check", "--since", "HEAD", "--format", "markdown"])
        .out;
    let sections: Vec<&str> = markdown.lines().filter(|l| l.starts_with("### ")).collect();
    assert!(
        sections.contains(&"### This change weakens the check"),
        "{sections:?}"
    );
    assert!(!sections.contains(&"### Do this first"), "{sections:?}");
}

#[test]
fn a_baseline_that_may_not_grow_hides_nothing_that_a_change_adds_to_it() {
    // What the new flow carries is at stake already, so that no risk rises.
    let shop = &SHOP.replace("protocol: HTTP}", "protocol: HTTP, data: [card]}");
    let keeping = "policy: {baseline: {grow: false}}\n";
    let grow = |repo: &Repo| {
        add_flow(repo);
        let policy = repo.read("tmrs.yaml");
        repo.write("tmrs.yaml", "");
        assert_eq!(repo.tmrs(&["baseline", "update"]).code, 0);
        repo.write("tmrs.yaml", &policy);
    };
    let expect = |repo: &Repo, arguments: &[&str]| {
        let report = repo.report(arguments);
        assert!(!failing(&report).is_empty(), "{arguments:?}");
        for finding in failing(&report) {
            assert_eq!(finding["element"]["name"], "Pay");
            let reason = finding["reason"].as_str().unwrap();
            assert!(
                reason.contains("policy does not let the baseline grow (tmrs-baseline.json:"),
                "{reason}"
            );
        }
        assert_eq!(report["summary"]["exit"], 1, "{arguments:?}");
        // What was there before is known still.
        assert!(
            findings(&report, "baselined")
                .iter()
                .any(|f| f.contains("Visit"))
        );
        report
    };
    let start = |config: &str| {
        let repo = Repo::with(&[("model.yaml", shop)]);
        assert_eq!(repo.tmrs(&["baseline", "update"]).code, 0);
        repo.write("tmrs.yaml", config).commit("Know it");
        repo
    };
    let repo = start(keeping);
    assert_eq!(repo.tmrs(&["check", "--since", "HEAD"]).code, 0);
    grow(&repo);
    let report = expect(&repo, &["--since", "HEAD"]);
    assert!(
        changes(&report)
            .iter()
            .any(|change| change.starts_with("CHG06 tmrs-baseline.json:"))
    );
    expect(&repo, &["--policy-from", "HEAD"]);
    // The change takes the policy back, or points at another file.
    repo.write("tmrs.yaml", "");
    expect(&repo, &["--since", "HEAD"]);
    expect(&repo, &["--policy-from", "HEAD"]);
    repo.write("tmrs.yaml", "baseline: known.json\n")
        .write("known.json", &repo.read("tmrs-baseline.json"));
    repo.git(&["checkout", "-q", "tmrs-baseline.json"]);
    let report = repo.report(&["--since", "HEAD"]);
    assert!(
        failing(&report)
            .iter()
            .any(|f| f["reason"].as_str().unwrap_or("").contains("known.json:"))
    );
    // An organisation's policy, from outside.
    let repo = start("");
    grow(&repo);
    assert_eq!(repo.tmrs(&["check", "--since", "HEAD"]).code, 0);
    repo.write("floor.yaml", keeping);
    expect(&repo, &["--since", "HEAD", "--policy", "floor.yaml"]);
    // A model that moves takes its entries along.
    let repo = start(keeping);
    let text = repo
        .read("tmrs-baseline.json")
        .replace("model.yaml", "docs/shop.yaml");
    repo.remove("model.yaml")
        .write("docs/shop.yaml", shop)
        .write("tmrs-baseline.json", &text);
    assert_eq!(repo.tmrs(&["check", "--since", "HEAD"]).code, 0);
    assert_eq!(repo.tmrs(&["check", "--policy-from", "HEAD"]).code, 0);
    // An older catalogue does not excuse what no entry names.
    let repo = start(keeping);
    let aged = repo
        .read("tmrs-baseline.json")
        .replace("\"catalogue\": \"0.1.0\"", "\"catalogue\": \"0.0.1\"");
    assert!(aged.contains("0.0.1"), "{aged}");
    let without: Vec<&str> = aged
        .lines()
        .filter(|line| !line.contains("\"severity\": \"high\""))
        .collect();
    repo.write("tmrs-baseline.json", &(without.join("\n") + "\n"));
    assert_eq!(
        repo.findings("unreviewed", &["--policy-from", "HEAD"]),
        [""; 0]
    );
}

#[test]
fn a_baseline_named_on_the_command_line_is_held_against_itself() {
    let repo = Repo::with(&[("model.yaml", SHOP), ("tmrs.yaml", CONFIG)]);
    assert_eq!(
        repo.tmrs(&["baseline", "update", "--baseline", "own/known.json"])
            .code,
        2
    );
    repo.write("own/README", "");
    assert_eq!(
        repo.tmrs(&["baseline", "update", "--baseline", "own/known.json"])
            .code,
        0
    );
    repo.commit("Know it elsewhere");
    let arguments = ["--since", "HEAD", "--baseline", "own/known.json"];
    assert_eq!(changes(&repo.report(&arguments)), [""; 0]);
    let outside = tempfile::tempdir().unwrap();
    let outside = outside.path().join("known.json");
    std::fs::copy(repo.path("own/known.json"), &outside).unwrap();
    let arguments = ["--since", "HEAD", "--baseline", outside.to_str().unwrap()];
    assert_eq!(changes(&repo.report(&arguments)), [""; 0]);
}

#[test]
fn a_control_without_evidence_is_a_weakening_where_policy_wants_some() {
    let prove = "policy: {prove: [isEncrypted, 'uses*'], weakening: fail}\n";
    let repo = Repo::with(&[("model.yaml", SHOP), ("tmrs.yaml", prove)]);
    let declare = |repo: &Repo, more: &str| {
        repo.write(
            "model.yaml",
            &SHOP.replace("    name: Web\n", &format!("    name: Web\n{more}")),
        );
        changes(&repo.report(&["--since", "HEAD"]))
    };
    let controls =
        "    controls: {isEncrypted: true, isHardened: true, usesMFA: true, usesVPN: false}\n";
    assert_eq!(
        declare(&repo, controls),
        ["CHG16 model.yaml:10", "CHG16 model.yaml:10"]
    );
    let half = format!("{controls}    evidence: {{isEncrypted: docs/scan.md}}\n");
    assert_eq!(declare(&repo, &half), ["CHG16 model.yaml:10"]);
    let report = repo.report(&["--since", "HEAD"]);
    let message = failing_change(&report);
    assert!(
        message.contains("declares usesMFA and does not say what proves it"),
        "{message}"
    );
    assert_eq!(report["summary"]["exit"], 1);
    let whole = format!("{controls}    evidence: {{isEncrypted: docs/scan.md, usesMFA: IAM-7}}\n");
    assert_eq!(declare(&repo, &whole), [""; 0]);
    // Beside the element, as a comment.
    repo.write("model.yaml", &SHOP.replace(
        "  web:\n    class: Server\n    name: Web\n",
        &format!("  # tmrs: evidence[isEncrypted, usesMFA] IAM-7\n  web:\n    class: Server\n    name: Web\n{controls}"),
    ));
    assert_eq!(changes(&repo.report(&["--since", "HEAD"])), [""; 0]);
    // Words and other formats say controls too; who stood before may stand on.
    assert_eq!(
        declare(&repo, "    controls: [MFA]\n"),
        ["CHG16 model.yaml:10"]
    );
    declare(&repo, controls);
    repo.commit("Declared without evidence");
    assert_eq!(
        declare(&repo, &format!("{controls}    protocol: HTTPS\n")),
        [""; 0]
    );
    let python = "from pytm import TM, Server\ntm = TM('Office')\nweb = Server('Desk')  # tmrs: evidence[usesMFA] IAM-7\nweb.controls.usesMFA = True\nweb.controls.isEncrypted = True\ntm.process()\n";
    repo.write("office.py", python);
    assert_eq!(
        changes(&repo.report(&["--since", "HEAD"])),
        ["CHG16 office.py:5"]
    );
    // Evidence that is taken away, and a policy that is.
    let repo = Repo::with(&[("model.yaml", SHOP), ("tmrs.yaml", prove)]);
    declare(&repo, &whole);
    repo.commit("Proved");
    assert_eq!(declare(&repo, &half), ["CHG16 model.yaml:10"]);
    repo.write("tmrs.yaml", "policy: {weakening: fail}\n");
    let both = changes(&repo.report(&["--since", "HEAD"]));
    assert_eq!(
        both,
        [
            "CHG07 tmrs.yaml:1",
            "CHG07 tmrs.yaml:1",
            "CHG16 model.yaml:10"
        ]
    );
    repo.write("floor.yaml", prove)
        .write("tmrs.yaml", "")
        .commit("A policy from outside");
    assert_eq!(
        declare(&repo, &whole.replace(", usesMFA: IAM-7", "")),
        [""; 0],
        "stood"
    );
    let arguments = ["--since", "HEAD", "--policy", "floor.yaml"];
    repo.edit("model.yaml", "    name: Web\n", "    name: Web 2\n");
    assert_eq!(changes(&repo.report(&arguments)), [""; 0], "renamed");
    repo.edit("model.yaml", "  web:\n", "  front:\n");
    repo.edit("model.yaml", "sink: web", "sink: front");
    assert_eq!(
        changes(&repo.report(&arguments)),
        ["CHG16 model.yaml:10", "CHG17 model.yaml:2"]
    );
}

/// The message of the only change that fails.
fn failing_change(report: &Json) -> String {
    let all = report["findings"].as_array().unwrap().iter();
    let mut found = all.filter(|f| f["rule"].as_str().unwrap().starts_with("CHG"));
    found.next().unwrap()["message"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn evidence_of_nothing_is_told_at_its_line() {
    let model = SHOP.replace(
        "    name: Web\n",
        "    name: Web\n    evidence: {usesMFA: IAM-7}\n",
    );
    let repo = Repo::with(&[("model.yaml", &model)]);
    let unused = notices(&repo.report(&[]), "unused");
    assert_eq!(unused.len(), 1);
    assert!(
        unused[0].starts_with("model.yaml:10 Server “Web” does not declare usesMFA"),
        "{unused:?}"
    );
    repo.edit("model.yaml", "usesMFA", "usesMAF");
    let report = repo.report(&[]);
    assert_eq!(report["summary"]["exit"], 3);
    assert!(notices(&report, "unknown-key")[0].contains("no key `usesMAF` is known here"));
}

#[test]
fn a_policy_binds_the_command_line_too() {
    let unreadable = "from pytm import TM, Server\nimport os\ntm = TM('Office')\nweb = Server('Desk')\nweb.inScope = os.environ['X']\ntm.process()\n";
    let repo = Repo::with(&[
        ("model.yaml", SHOP),
        ("office.py", unreadable),
        ("tmrs.yaml", "gate: severity\n"),
    ]);
    let exit = |arguments: &[&str]| repo.report(arguments)["summary"]["exit"].clone();
    let refused = |arguments: &[&str]| {
        let report = repo.report(arguments);
        notices(&report, "forbidden")
    };
    assert_eq!(exit(&["--lenient"]), 1);
    assert_eq!(exit(&["--lenient", "--policy-from", "HEAD"]), 3);
    assert!(
        refused(&["--lenient", "--policy-from", "HEAD"])[0]
            .contains("--lenient counts for nothing")
    );
    repo.write("floor.yaml", "fail-on: low\n");
    assert_eq!(
        exit(&["--lenient", "--policy", "floor.yaml"]),
        1,
        "it says nothing of reading"
    );
    repo.write("floor.yaml", "lenient: false\n");
    assert_eq!(exit(&["--lenient", "--policy", "floor.yaml"]), 3);
    repo.remove("office.py");
    let count = |arguments: &[&str]| findings(&repo.report(arguments), "new").len();
    assert_eq!(count(&["--no-default-rules", "--allow-no-rules"]), 0);
    assert_eq!(
        count(&["--no-default-rules", "--policy-from", "HEAD"]),
        count(&[])
    );
    let found = findings(&repo.report(&[]), "new");
    let id = found[0].split(' ').nth(1).unwrap();
    // It counts, but not unseen; where exclusions must say more it counts for nothing.
    assert!(count(&["--exclude", id]) < count(&[]));
    assert_eq!(refused(&["--exclude", id]), [""; 0]);
    assert!(
        refused(&["--exclude", id, "--policy-from", "HEAD"])[0]
            .contains(&format!("{id} is excluded on the command line"))
    );
    repo.write("tmrs.yaml", "policy: {require: [owner]}\n");
    assert_eq!(count(&["--exclude", id]), count(&[]));
    assert!(
        refused(&["--exclude", id])[0].contains("--exclude, which says neither why nor until when")
    );
    // No day of yesterday brings expired exclusions back.
    repo.write(
        "tmrs.yaml",
        "exclusions:\n  - {rule: '*', reason: x, expires: 2020-01-01}\n",
    );
    let yesterday = ["--today", "2020-01-01"];
    assert_eq!(count(&yesterday), 0);
    assert_eq!(
        count(&[&yesterday[..], &["--policy-from", "HEAD"]].concat()),
        count(&[])
    );
    // Finding nothing.
    repo.remove("model.yaml").write("tmrs.yaml", "{}\n");
    assert_eq!(exit(&["--allow-no-models"]), 0);
    assert_eq!(exit(&["--allow-no-models", "--policy-from", "HEAD"]), 0);
    repo.write("floor.yaml", "allow-no-models: false\n");
    assert_eq!(exit(&["--allow-no-models", "--policy", "floor.yaml"]), 4);
}

#[test]
fn a_change_that_touches_no_model_parses_none_and_one_that_hides_a_model_is_caught() {
    let repo = pytm();
    repo.write("model.yaml", SHOP)
        .write("app/main.py", "print('hi')\n");
    repo.write(
        "a/tm.py",
        &PYTM
            .replace("'Office'", "'A'")
            .replace("from parts", "from .own"),
    );
    repo.write("a/own.py", HELPER).write("a/util.py", "x = 1\n");
    repo.write("rules.json", "[]").commit("More");
    let looked_at = |repo: &Repo| {
        let run = repo.tmrs(&[
            "check",
            "--since",
            "HEAD",
            "--changed-only",
            "-v",
            "--format",
            "json",
        ]);
        let taken = run.err.lines().filter(|line| line.contains("taken"));
        taken
            .map(|line| {
                line.split_whitespace()
                    .next()
                    .unwrap()
                    .trim_end_matches(':')
                    .to_owned()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(looked_at(&repo), [""; 0]);
    // An ordinary file, changed and new.
    repo.write("app/main.py", "print('hello')\n")
        .write("app/more.py", "import app\n");
    assert_eq!(looked_at(&repo), [""; 0]);
    // A module of one model only.
    repo.write("a/own.py", &(HELPER.to_owned() + "web.port = 8080\n"));
    assert_eq!(looked_at(&repo), ["a/tm.py"]);
    repo.commit("Own");
    // Another model of a name that many share.
    repo.write(
        "b/tm.py",
        &PYTM
            .replace("'Office'", "'B'")
            .replace("from parts", "from .own"),
    );
    repo.write("b/own.py", HELPER);
    repo.git(&["add", "-A"]);
    assert!(looked_at(&repo).contains(&"b/tm.py".to_owned()));
    assert!(!looked_at(&repo).contains(&"model.yaml".to_owned()));
    repo.commit("B");
    // What hides a model is no ordinary change.
    repo.edit("model.yaml", "tmrs: 1\n", "");
    let report = repo.report(&["--since", "HEAD", "--changed-only"]);
    assert_eq!(report["summary"]["exit"], 3, "{:?}", changes(&report));
    repo.write("model.yaml", SHOP).remove("a/tm.py");
    let report = repo.report(&["--since", "HEAD", "--changed-only"]);
    assert_eq!(changes(&report), ["CHG14 a/tm.py:1"]);
}

#[test]
fn judging_only_what_changed_finds_what_judging_all_finds_of_it() {
    let many = |repo: &Repo| {
        for at in 0..6 {
            repo.write(
                &format!("s{at}/tm.yaml"),
                &SHOP.replace("Shop", &format!("Shop {at}")),
            );
        }
    };
    let repo = pytm();
    many(&repo);
    repo.commit("Many");
    repo.write("s1/tm.yaml", &(repo.read("s1/tm.yaml") + FLOW));
    repo.edit("parts.py", "Server('Web')", "Server('Desk')");
    repo.git(&["mv", "s2/tm.yaml", "s2/model.yaml"]);
    repo.write("new/tm.yaml", &SHOP.replace("Shop", "New"));
    repo.remove("s3/tm.yaml");
    let all = repo.report(&["--since", "HEAD"]);
    let part = repo.report(&["--since", "HEAD", "--changed-only"]);
    assert_eq!(findings(&part, "new"), findings(&all, "new"));
    assert_eq!(part["fixed"], all["fixed"]);
    assert_eq!(part["summary"]["exit"], all["summary"]["exit"]);
    assert!(part["models"].as_array().unwrap().len() < all["models"].as_array().unwrap().len());
}

#[test]
fn every_kind_of_weakening_is_in_the_guide() {
    const MARKS: [&str; 2] = ["<!-- kinds: begin -->\n", "<!-- kinds: end -->\n"];
    let path = crate::shared::root().join("docs/changes.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let [start, end] = MARKS.map(|mark| page.find(mark).unwrap());
    let mut table =
        String::from("| Id | What | Why it matters | What to do |\n|---|---|---|---|\n");
    for kind in tmrs::triage::weakening::Kind::ALL {
        let rule = kind.rule(tmrs::rules::Severity::Info);
        let cells = [&rule.id, &rule.title, &rule.description, &rule.mitigation];
        table += &format!("| {} |\n", cells.map(ToString::to_string).join(" | "));
    }
    if std::env::var_os("TMRS_BLESS").is_some() {
        let whole = [&page[..start], MARKS[0], &table, &page[end..]].concat();
        std::fs::write(&path, whole).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap();
    assert!(
        page.contains(&(MARKS[0].to_owned() + &table + MARKS[1])),
        "docs/changes.md: run TMRS_BLESS=1 cargo test weakening::every"
    );
}

/// One way to hide a threat that a particular comparison once missed, with the
/// change that is reported for it.
struct Unseen {
    what: &'static str,
    before: &'static [(&'static str, &'static str)],
    after: &'static [(&'static str, &'static str)],
    change: &'static str,
}

const ZONES: &str = "\
tmrs: 1
name: Blog
boundaries:
  out: {name: Outside, trust: UNTRUSTED}
  hq: {name: HQ, trust: RESTRICTED}
  office: {name: Office, inBoundary: out}
elements:
  reader: {class: Actor, name: Reader, inBoundary: office}
  web: {class: Server, name: Web, inBoundary: hq}
flows:
  reads: {source: reader, sink: web, name: Reads}
";

const UNSEEN: &[Unseen] = &[
    Unseen {
        what: "a twin that is out of scope",
        before: &[(
            "flows:\n",
            "flows:\n  o: {source: user, sink: web, name: Visit, inScope: false}\n",
        )],
        after: &[(
            "  visit:",
            "  two: {source: user, sink: web, name: Visit, inScope: false, data: [card]}\n  visit:",
        )],
        change: "CHG11 model.yaml:14",
    },
    Unseen {
        what: "a zone in another outer zone",
        before: &[(SHOP, ZONES)],
        after: &[("inBoundary: out}", "inBoundary: hq}")],
        change: "CHG12 model.yaml:6",
    },
    Unseen {
        what: "a zone that no longer says that it is not trusted",
        before: &[(SHOP, ZONES)],
        after: &[("{name: Outside, trust: UNTRUSTED}", "{name: Outside}")],
        change: "CHG12 model.yaml:4",
    },
];

#[test]
fn no_comparison_is_evaded() {
    for case in UNSEEN {
        let repo = repo();
        for (from, to) in case.before {
            repo.edit("model.yaml", from, to);
        }
        repo.commit("Before");
        for (from, to) in case.after {
            repo.edit("model.yaml", from, to);
        }
        let report = repo.report(&["--since", "HEAD"]);
        let changes = changes(&report);
        assert!(
            changes.contains(&case.change.to_owned()),
            "{}: {changes:?}",
            case.what
        );
        assert_eq!(report["summary"]["exit"], 1, "{}", case.what);
    }
}

#[test]
fn a_new_model_that_is_out_of_scope_is_one_weakening() {
    let repo = repo();
    let out = SHOP
        .replace("name: Shop", "name: Other")
        .replace("name: Web\n", "name: Web\n    inScope: false\n")
        .replace("name: Visit,", "name: Visit, inScope: false,");
    repo.write("other.yaml", &out);
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(changes(&report), ["CHG11 other.yaml:10"]);
    assert!(failing_change(&report).contains("2 of its 4 elements are not judged"));
}

#[test]
fn a_model_that_is_read_leniently_for_longer_is_a_weakening() {
    let with = |day: &str| {
        format!("models:\n  - {{path: model.yaml, lenient: true, reason: later{day}}}\n{CONFIG}")
    };
    let today = ["--since", "HEAD", "--today", "2026-03-01"];
    let repo = Repo::with(&[
        ("model.yaml", SHOP),
        ("tmrs.yaml", &with(", expires: 2026-06-01")),
    ]);
    for longer in [", expires: 2026-07-01", ""] {
        repo.write("tmrs.yaml", &with(longer));
        assert_eq!(changes(&repo.report(&today)), ["CHG07 tmrs.yaml:2"]);
    }
    repo.write("tmrs.yaml", &with(", expires: 2026-05-01"));
    assert_eq!(changes(&repo.report(&today)), [""; 0]);
    // Renewed after it had expired.
    repo.write("tmrs.yaml", &with(", expires: 2026-02-01"))
        .commit("Expired");
    repo.write("tmrs.yaml", &with(", expires: 2026-06-01"));
    assert_eq!(changes(&repo.report(&today)), ["CHG07 tmrs.yaml:2"]);
}

#[test]
fn a_rule_that_answers_to_other_names_is_a_weakening() {
    let config = format!("rules: {{paths: [rules]}}\n{CONFIG}");
    let repo = Repo::with(&[
        ("model.yaml", SHOP),
        ("tmrs.yaml", &config),
        (
            "rules/OWN01.yaml",
            &(RULE.to_owned() + "tags: ['stride:tampering']\n"),
        ),
    ]);
    for more in [
        "tags: ['stride:tampering', 'team:legacy']\n",
        "tags: []\n",
        "tags: ['stride:tampering']\naliases: [OLD1]\n",
    ] {
        repo.write("rules/OWN01.yaml", &(RULE.to_owned() + more));
        let changes = changes(&repo.report(&["--since", "HEAD"]));
        assert!(
            changes.len() == 1 && changes[0].starts_with("CHG08 rules/OWN01.yaml:"),
            "{more}: {changes:?}"
        );
    }
}

#[test]
fn a_file_that_a_model_reads_under_a_name_put_together_is_no_ordinary_change() {
    let reads = PYTM.replace(
        "tm.process()",
        "for name in open('da' + 'ta.txt').read().split():\n    Dataflow(user, web, name).protocol = 'HTTP'\ntm.process()",
    );
    let repo = Repo::with(&[
        ("office.py", &reads),
        ("parts.py", HELPER),
        ("data.txt", ""),
        ("README.md", "# Office\n"),
    ]);
    let arguments = ["--since", "HEAD", "--changed-only"];
    assert_eq!(repo.findings("new", &arguments), [""; 0]);
    repo.write("data.txt", "Login\n");
    let all = repo.findings("new", &["--since", "HEAD"]);
    assert!(!all.is_empty());
    assert_eq!(repo.findings("new", &arguments), all);
    // A file that no model asks for.
    repo.write("data.txt", "")
        .write("README.md", "# The office\n");
    assert_eq!(
        repo.report(&arguments)["models"].as_array().unwrap().len(),
        0
    );
}

#[test]
fn an_incomplete_model_that_reads_files_is_asked_about_whatever_file_changes() {
    let broken = "\
import glob, json
from pytm import TM, Server
tm = TM('Office')
for name in sorted(glob.glob('parts/*.json')):
    Server(json.load(open(name))['name'])
tm.process()
";
    let repo = Repo::with(&[("office.py", broken), ("parts/a.json", "{\"name\": \"A\"}")]);
    let arguments = ["check", "--since", "HEAD", "--changed-only"];
    assert_eq!(repo.tmrs(&arguments).code, 0, "nothing changed");
    repo.write("parts/b.json", "{\"name\": \"B\"}");
    repo.git(&["add", "-A"]);
    let run = repo.tmrs(&arguments);
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
}

#[test]
fn a_module_that_a_model_imports_under_a_name_put_together_is_a_change_of_it() {
    let imports = PYTM.replace(
        "tm.process()",
        "for name in __import__('na' + 'mes').NAMES:\n    Dataflow(user, web, name).protocol = 'HTTP'\ntm.process()",
    );
    let repo = Repo::with(&[
        ("office.py", &imports),
        ("parts.py", HELPER),
        ("names.py", "NAMES = []\n"),
    ]);
    repo.write("names.py", "NAMES = ['Login']\n");
    let all = repo.findings("new", &["--since", "HEAD"]);
    assert!(!all.is_empty());
    assert_eq!(
        repo.findings("new", &["--since", "HEAD", "--changed-only"]),
        all
    );
}

#[test]
fn a_file_that_is_missing_now_is_a_change_of_the_model_that_asked_for_it() {
    let reads = PYTM.replace(
        "tm.process()",
        "try:\n    open('fl' + 'ags.json').read()\nexcept FileNotFoundError:\n    Dataflow(user, web, 'Back door').protocol = 'HTTP'\ntm.process()",
    );
    let repo = Repo::with(&[
        ("office.py", &reads),
        ("parts.py", HELPER),
        ("flags.json", "{}"),
    ]);
    repo.remove("flags.json").git(&["add", "-A"]);
    for more in [
        &["--since", "HEAD"][..],
        &["--since", "HEAD", "--changed-only"],
    ] {
        let new = repo.findings("new", more);
        assert!(new.iter().any(|f| f.contains("Back door")), "{new:?}");
        assert!(!new.iter().any(|f| f.contains("Visit")), "{new:?}");
    }
}

#[test]
fn an_entry_that_was_left_over_does_not_cover_a_returning_threat_unseen() {
    let shop = SHOP.replace("name: Visit, ", "name: Visit, data: [card], ");
    let repo = Repo::with(&[("model.yaml", &shop), ("tmrs.yaml", CONFIG)]);
    repo.tmrs(&["baseline", "update"]);
    repo.edit("model.yaml", "protocol: HTTP}", "protocol: HTTPS}")
        .commit("Fixed, and the entries stay");
    repo.edit("model.yaml", "protocol: HTTPS}", "protocol: HTTP}");
    let report = repo.report(&["--since", "HEAD"]);
    let again = changes(&report);
    let of_baseline = again
        .iter()
        .filter(|c| c.starts_with("CHG06 tmrs-baseline.json:"));
    assert!(of_baseline.count() > 1, "{again:?}");
    assert_eq!(report["summary"]["exit"], 1);
}

#[test]
fn what_a_change_takes_away_is_named_and_what_it_fixes_is_fixed() {
    let message = |change: &dyn Fn(&Repo)| -> Vec<String> {
        let repo = Repo::with(&[("model.yaml", SHOP)]);
        change(&repo);
        let report = repo.report(&["--since", "HEAD"]);
        assert_eq!(report["summary"]["exit"], 0);
        let all = report["findings"].as_array().unwrap().iter();
        all.filter(|f| f["rule"].as_str().unwrap().starts_with("CHG"))
            .map(|f| {
                format!(
                    "{} {}",
                    f["severity"].as_str().unwrap(),
                    f["message"].as_str().unwrap()
                )
            })
            .collect()
    };
    let data = SHOP.replace("protocol: HTTP}", "protocol: HTTP, data: [card]}");
    let lowered = message(&|repo| {
        repo.write("model.yaml", &data).commit("Data");
        repo.edit("model.yaml", "SECRET", "PUBLIC");
    });
    assert!(
        lowered
            .iter()
            .any(|m| m.starts_with("high Data “Card”: classification was SECRET and is PUBLIC; ")),
        "{lowered:?}"
    );
    let withdrawn = message(&|repo| {
        let said = data.replace("SECRET", "PUBLIC, isCredentials: true");
        repo.write("model.yaml", &said).commit("Data");
        repo.edit("model.yaml", ", isCredentials: true", "");
    });
    assert!(
        withdrawn
            .iter()
            .any(|m| m.contains("Data “Card” no longer says isCredentials, which was True; ")),
        "{withdrawn:?}"
    );
    let class = message(&|repo| {
        repo.edit("model.yaml", "class: Server", "class: ExternalEntity");
    });
    assert!(
        class
            .iter()
            .any(|m| m.contains("Server “Web” is of the class ExternalEntity now; ")),
        "{class:?}"
    );
    let removed = message(&|repo| {
        let (before, _) = SHOP.split_once("  web:\n").unwrap();
        repo.write("model.yaml", before);
    });
    assert!(
        removed
            .iter()
            .any(|m| m.contains("Server “Web” was removed; ")),
        "{removed:?}"
    );
    let fixed = message(&|repo| {
        repo.edit(
            "model.yaml",
            "name: Web\n",
            "name: Web\n    controls: {sanitizesInput: true, isHardened: true}\n",
        )
        .edit("model.yaml", "protocol: HTTP}", "protocol: HTTPS}");
    });
    assert_eq!(fixed, [""; 0]);
}

#[test]
fn a_fix_is_told_with_the_declaration_that_fixes() {
    let repo = Repo::with(&[("model.yaml", SHOP)]);
    repo.edit("model.yaml", "protocol: HTTP}", "protocol: HTTPS}");
    let report = repo.report(&["--since", "HEAD"]);
    let fixed = report["fixed"].as_array().unwrap();
    assert!(!fixed.is_empty());
    assert!(
        fixed
            .iter()
            .all(|fixed| fixed["because"] == "protocol is “HTTPS” (model.yaml:13)"),
        "{fixed:?}"
    );
}

#[test]
fn a_policy_binds_rules_that_a_change_removes_or_changes() {
    let repo = Repo::with(&[("model.yaml", SHOP), ("tmrs.yaml", "{}\n")]);
    let strict = findings(&repo.report(&["--policy-from", "HEAD"]), "new");
    let nothing = RULE
        .replace("OWN01", "DE03")
        .replace("target.protocol == 'HTTP'", "'False'")
        + "override: true\n";
    repo.write("rules/DE03.yaml", &nothing);
    for config in ["rules: {packs: []}\n", "rules: {paths: [rules]}\n"] {
        repo.write("tmrs.yaml", config);
        let report = repo.report(&["--policy-from", "HEAD"]);
        assert_eq!(findings(&report, "new"), strict, "{config}");
    }
    let told = notices(&repo.report(&["--policy-from", "HEAD"]), "forbidden");
    assert!(
        told[0].contains("DE03 judge as the policy (tmrs.yaml at "),
        "{told:?}"
    );
}

#[test]
fn what_a_policy_does_not_let_count_is_told_at_its_line() {
    let base = "fail-on: high\nmodels:\n  - {path: old.yaml, rules: {disable: [AA02]}}\n";
    let cases = [
        ("", ""),
        (
            "rules: {disable: [AA01, INP05]}\n",
            "4 rules.disable: AA01, INP05",
        ),
        ("rules: {warn: ['DE*']}\n", "4 rules.warn: DE*"),
        ("rules: {enable: [AA01]}\n", "4 rules.enable: AA01"),
        ("rules: {packs: [core]}\n", "4 rules.packs: core"),
        ("rules: {packs: []}\n", "4 rules.packs: []"),
        ("rules: {packs: [core, model, extended]}\n", ""),
        ("rules: {severity: {AA01: critical}}\n", ""),
        ("rules: {threats-file: ignore}\n", ""),
        ("evidence: declared\n", "4 evidence: declared"),
        ("strict: true\n", ""),
        ("lenient: true\n", "4 lenient: true"),
        ("policy: {weakening: fail}\n", ""),
        ("policy: {max-days: 30}\n", ""),
        (
            "  - {path: model.yaml, fail-on: critical, rules: {disable: [AA01]}}\n",
            "4 models[model.yaml].fail-on: critical / 4 models[model.yaml].rules.disable: AA01",
        ),
        ("  - {path: model.yaml, fail-on: low}\n", ""),
    ];
    for (more, wanted) in cases {
        let repo = Repo::with(&[("model.yaml", SHOP), ("tmrs.yaml", base)]);
        repo.write("tmrs.yaml", &format!("{base}{more}"));
        let report = repo.report(&["--policy-from", "HEAD"]);
        let told = report["notices"].as_array().unwrap().iter();
        let told = told.filter(|notice| notice["code"] == "forbidden");
        let told: Vec<String> = told
            .filter(|notice| !notice["location"].is_null())
            .map(|notice| {
                let message = notice["message"].as_str().unwrap();
                let said = message.split('`').nth(1).unwrap();
                assert!(
                    message.contains("` counts for nothing: the policy (tmrs.yaml at "),
                    "{message}"
                );
                format!("{} {said}", notice["location"]["line"])
            })
            .collect();
        assert_eq!(told.join(" / "), wanted, "{more}");
    }
}

#[test]
fn a_report_shows_what_proves_a_control() {
    let model = "from pytm import TM, Server\ntm = TM('Office')\nweb = Server('Desk')  # tmrs: evidence[usesMFA] IAM-7\nweb.controls.usesMFA = True\nweb.controls.isEncrypted = True\ntm.process()\n";
    let repo = Repo::with(&[("tm.py", model)]);
    let report = repo.tmrs(&["report", "tm.py"]);
    assert!(
        report
            .out
            .contains("`isEncrypted`, `usesMFA` (shown by IAM-7)"),
        "{report:?}"
    );
    let json = repo.report(&[]);
    let proof = &json["models"][0]["graph"]["elements"][0]["proofs"][0];
    assert_eq!(proof["text"], "IAM-7");
    assert_eq!(proof["location"]["line"], 3);
}
