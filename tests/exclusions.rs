//! Exclusions, answers and the policy that binds them.

use crate::harness::{Repo, notices};

/// A model whose findings are easy to name.
const SHOP: &str = "\
tmrs: 1
name: Shop
elements:
  user: {class: Actor, name: User}
  web: {class: Server, name: Web}
  admin: {class: Server, name: Admin Web}
flows:
  visit: {source: user, sink: web, name: Visit}
  manage: {source: user, sink: admin, name: Manage}
";

fn shop(config: &str) -> Repo {
    Repo::with(&[
        ("shop.yaml", SHOP),
        ("api/tm.yaml", &SHOP.replace("Shop", "API")),
        ("tmrs.yaml", config),
    ])
}

fn excluded(repo: &Repo) -> Vec<String> {
    repo.findings("excluded", &[])
}

#[test]
fn an_exclusion_matches_by_rule_tag_element_class_and_model() {
    let cases: [(&str, &[&str]); 8] = [
        (
            "rule: AA01, element: Web, model: shop.yaml",
            &["shop.yaml AA01 Server Web"],
        ),
        (
            "rule: AA01, element: '*Web'",
            &[
                "api/tm.yaml AA01 Server Admin Web",
                "api/tm.yaml AA01 Server Web",
                "shop.yaml AA01 Server Admin Web",
                "shop.yaml AA01 Server Web",
            ],
        ),
        (
            "rule: [AA01, AC01], model: api",
            &[
                "api/tm.yaml AA01 Server Admin Web",
                "api/tm.yaml AA01 Server Web",
                "api/tm.yaml AC01 Server Admin Web",
                "api/tm.yaml AC01 Server Web",
            ],
        ),
        (
            "rule: 'AA0[12]', element: Web, model: 'api/*'",
            &["api/tm.yaml AA01 Server Web"],
        ),
        ("rule: AA01, class: Dataflow", &[]),
        ("rule: AA01, element: web", &[]),
        ("rule: AA, element: Web", &[]),
        (
            "rule: 'threagile:missing-authentication', element: Web, model: shop.yaml",
            &["shop.yaml AA01 Server Web"],
        ),
    ];
    for (entry, expected) in cases {
        let repo = shop(&format!("exclusions:\n  - {{{entry}, reason: why not}}\n"));
        assert_eq!(excluded(&repo), expected, "{entry}");
        let report = repo.report(&[]);
        let mut unused = notices(&report, "unused");
        unused.extend(notices(&report, "unknown-reference"));
        assert_eq!(
            unused.is_empty(),
            !expected.is_empty(),
            "{entry}: {unused:?}"
        );
    }
}

#[test]
fn the_first_exclusion_that_counts_gives_the_reason() {
    let repo = shop(
        "exclusions:\n\
         \x20 - {rule: AA01, reason: too old, expires: 2020-01-01}\n\
         \x20 - {rule: AA0*, element: Web, reason: the first}\n\
         \x20 - {rule: AA01, reason: the second}\n",
    );
    let report = repo.report(&[]);
    let reason = |element: &str| {
        let findings = report["findings"].as_array().unwrap();
        let found = findings.iter().find(|f| {
            f["rule"] == "AA01" && f["element"]["name"] == element && f["model"] == "shop.yaml"
        });
        let exclusion = &found.unwrap()["exclusion"];
        (
            exclusion["reason"].as_str().unwrap().to_owned(),
            exclusion["location"]["line"].clone(),
        )
    };
    assert_eq!(reason("Web"), ("the first".into(), 3.into()));
    assert_eq!(reason("Admin Web"), ("the second".into(), 4.into()));
    assert_eq!(notices(&report, "expired").len(), 1);
}

#[test]
fn an_exclusion_counts_on_its_last_day_and_not_on_the_next() {
    let repo = shop("exclusions:\n  - {rule: AA01, reason: soon, expires: 2027-03-31}\n");
    let excluded = |today: &str| repo.findings("excluded", &["--today", today]).len();
    assert_eq!(excluded("2027-03-30"), 4);
    assert_eq!(excluded("2027-03-31"), 4);
    assert_eq!(excluded("2027-04-01"), 0);
    let expired = notices(&repo.report(&["--today", "2027-04-01"]), "expired");
    assert_eq!(
        expired,
        ["tmrs.yaml:2 this exclusion expired on 2027-03-31 and counts for nothing"]
    );
    let strict = repo.tmrs(&[
        "check",
        "--strict",
        "--fail-on",
        "critical",
        "--today",
        "2027-04-01",
    ]);
    assert_eq!(strict.code, 1);
    assert_eq!(repo.tmrs(&["check", "--today", "2027-02-30"]).code, 2);
}

#[test]
fn answers_in_models_expire_too() {
    let responses = [
        "responses: {AA01: {response: \"accepted: until then\", expires: 2027-03-31}}",
        "responses: {AA01: \"accepted: until the move, expires 2027-03-31\"}",
        "assumptions: [{name: one tenant, exclude: [AA01], description: \"expires: 2027-03-31\"}]",
        "exclude: {AA01: \"not now, expires 2027-03-31\"}",
    ];
    for response in responses {
        let model = SHOP.replace("name: Web}", &format!("name: Web, {response}}}"));
        let repo = Repo::with(&[("shop.yaml", &model)]);
        let open = |today: &str| {
            let new = repo.findings("new", &["--today", today]);
            new.contains(&"shop.yaml AA01 Server Web".to_owned())
        };
        assert!(!open("2027-03-31"), "{response}");
        assert!(open("2027-04-01"), "{response}");
        let expired = notices(&repo.report(&["--today", "2027-04-01"]), "expired");
        assert_eq!(expired.len(), 1, "{response}");
        assert!(expired[0].starts_with("shop.yaml:5 "), "{expired:?}");
    }
}

#[test]
fn a_malformed_day_counts_for_nothing_and_a_malformed_entry_stops_the_run() {
    let model = SHOP.replace(
        "name: Web}",
        "name: Web, responses: {AA01: \"accepted: x, expires 2027-02-30\"}}",
    );
    let repo = Repo::with(&[("shop.yaml", &model)]);
    assert_eq!(repo.findings("accepted", &[]), [""; 0]);
    assert_eq!(notices(&repo.report(&[]), "expired").len(), 1);
    for entry in [
        "{rule: AA01}",
        "{reason: x}",
        "{rule: AA01, reason: ''}",
        "{rule: AA01, reason: x, expires: 2027-02-30}",
        "{rule: AA01, reason: x, until: 2027-02-03}",
        "{rule: 'AA[', reason: x}",
        "AA01",
    ] {
        let repo = shop(&format!("exclusions:\n  - {entry}\n"));
        let run = repo.tmrs(&["check"]);
        assert_eq!((run.code, &*run.out), (2, ""), "{entry}");
        assert!(run.err.contains("tmrs.yaml:2"), "{entry}: {}", run.err);
    }
}

#[test]
fn what_matches_nothing_is_reported_at_its_line_where_the_run_can_tell() {
    let model = SHOP.replace(
        "  web: {class: Server, name: Web}",
        "  # tmrs: exclude[DE03] no flow\n  web: {class: Server, name: Web, responses: {DE03: accepted}, assumptions: [{name: x, exclude: [DE03]}]}",
    );
    let config = "exclusions:\n  - {rule: DE03, element: Web, model: shop.yaml, reason: x}\n  - {rule: AA01, element: Nobody, reason: x}\n";
    let repo = Repo::with(&[
        ("shop.yaml", &model),
        ("api/tm.yaml", SHOP),
        ("tmrs.yaml", config),
    ]);
    let places = |arguments: &[&str]| -> Vec<String> {
        let unused = notices(&repo.report(arguments), "unused");
        unused
            .iter()
            .map(|n| n.split(' ').next().unwrap().to_owned())
            .collect()
    };
    let mut all = places(&[]);
    all.dedup();
    assert_eq!(
        all,
        ["shop.yaml:5", "shop.yaml:6", "tmrs.yaml:2", "tmrs.yaml:3"]
    );
    // Only the model's own, and the exclusion that can match nowhere else.
    let mut some = places(&["shop.yaml"]);
    some.dedup();
    assert_eq!(some, ["shop.yaml:5", "shop.yaml:6", "tmrs.yaml:2"]);
    assert_eq!(places(&["api"]), [""; 0]);
    assert_eq!(places(&["--no-default-rules", "--allow-no-rules"]), [""; 0]);
    repo.edit("shop.yaml", "class: Actor", "class: Nobody");
    assert_eq!(
        places(&[]),
        [""; 0],
        "what was not read completely is not judged unused"
    );
}

#[test]
fn an_id_that_no_rule_has_is_told() {
    let repo = shop("exclusions:\n  - {rule: AA0l, reason: a slip}\n");
    let told = notices(&repo.report(&[]), "unknown-reference");
    assert_eq!(told, ["tmrs.yaml:2 no rule of this run has the id AA0l"]);
    let repo = shop("exclusions:\n  - {rule: AA01, class: Sever, reason: a slip}\n");
    let told = notices(&repo.report(&[]), "unused");
    assert_eq!(told, ["tmrs.yaml:2 no class of elements is named Sever"]);
}

#[test]
fn a_response_of_other_words_leaves_the_finding_open_and_is_shown() {
    let model = SHOP.replace(
        "name: Web}",
        "name: Web, responses: {AA01: \"we will see\"}}",
    );
    let repo = Repo::with(&[("shop.yaml", &model)]);
    let report = repo.report(&[]);
    let told = notices(&report, "response");
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("shop.yaml:5 the response “we will see”"),
        "{told:?}"
    );
    let findings = report["findings"].as_array().unwrap();
    let found = findings
        .iter()
        .find(|f| f["response"] == "we will see")
        .unwrap();
    assert_eq!(found["status"], "new");
}

#[test]
fn accepted_and_transferred_are_residual_risk() {
    let model = SHOP.replace(
        "name: Web}",
        "name: Web, responses: {AA01: \"accepted: x\", AC01: \"transferred to the host: x\", CR03: \"mitigated by x\", AA04: \"transferred by contract\"}}",
    );
    let repo = Repo::with(&[("shop.yaml", &model)]);
    let summary = repo.report(&[])["summary"].clone();
    assert_eq!(summary["residual"], 2);
    assert_eq!(summary["byStatus"]["mitigated"], 1);
}

#[test]
fn policy_binds_every_channel() {
    let channels = [
        (
            "",
            "exclusions:\n  - {rule: AA01, element: Web, reason: x}\n",
        ),
        (", exclude: {AA01: x}", ""),
        (", responses: {AA01: \"accepted: x\"}", ""),
        (
            ", overrides: [{threat_id: AA01, response: \"accepted: x\"}]",
            "",
        ),
        (", assumptions: [{name: x, exclude: [AA01]}]", ""),
    ];
    let policies = [
        "never: [AA01]",
        "never: ['A*']",
        "never: ['stride:*']",
        "require: [owner]",
        "require: [expires]",
        "max-days: 30",
    ];
    for (said, config) in channels {
        let model = SHOP.replace("name: Web}", &format!("name: Web{said}}}"));
        let repo = Repo::with(&[("shop.yaml", &model)]);
        let web = "shop.yaml AA01 Server Web".to_owned();
        repo.write("tmrs.yaml", config);
        assert!(
            !repo.findings("new", &[]).contains(&web),
            "{said}{config} counts without a policy"
        );
        for policy in policies {
            repo.write("tmrs.yaml", &format!("{config}policy: {{{policy}}}\n"));
            let report = repo.report(&[]);
            assert!(
                crate::harness::findings(&report, "new").contains(&web),
                "{policy} against {said}{config}"
            );
            assert_eq!(
                notices(&report, "forbidden").len(),
                1,
                "{policy} against {said}{config}"
            );
        }
    }
}

#[test]
fn what_says_all_that_policy_requires_counts() {
    let policy = "policy: {require: [reason, owner, expires], max-days: 90}\n";
    let terms = "owner: ann, expires 2027-03-31";
    let channels = [
        (
            String::new(),
            "exclusions:\n  - {rule: AA01, element: Web, reason: x, owner: ann, expires: 2027-03-31}\n",
        ),
        (format!(", exclude: {{AA01: \"why, {terms}\"}}"), ""),
        (
            format!(", responses: {{AA01: \"accepted: why, {terms}\"}}"),
            "",
        ),
        (
            format!(", assumptions: [{{name: why, exclude: [AA01], description: \"{terms}\"}}]"),
            "",
        ),
    ];
    for (said, config) in channels {
        let model = SHOP.replace("name: Web}", &format!("name: Web{said}}}"));
        let repo = Repo::with(&[
            ("shop.yaml", &model),
            ("tmrs.yaml", &format!("{config}{policy}")),
        ]);
        let open = |today: &str| {
            let new = repo.findings("new", &["--today", today]);
            new.contains(&"shop.yaml AA01 Server Web".to_owned())
        };
        assert!(!open("2027-01-01"), "{said}{config}");
        assert!(
            open("2026-12-30"),
            "{said}{config}: more than 90 days ahead"
        );
    }
}

#[test]
fn policy_can_forbid_answers_and_comments_in_models() {
    let model = SHOP.replace(
        "  web: {class: Server, name: Web}",
        "  # tmrs: exclude[CR03] x\n  web: {class: Server, name: Web, responses: {AA01: \"accepted: x\"}}",
    );
    let repo = Repo::with(&[
        ("shop.yaml", &model),
        ("tmrs.yaml", "policy: {inline: false, responses: false}\n"),
    ]);
    let report = repo.report(&[]);
    let new = crate::harness::findings(&report, "new");
    assert!(new.contains(&"shop.yaml AA01 Server Web".to_owned()));
    assert!(new.contains(&"shop.yaml CR03 Server Web".to_owned()));
    assert_eq!(notices(&report, "forbidden").len(), 2);
}

#[test]
fn the_command_line_goes_over_the_configuration() {
    let repo = shop("fail-on: critical\nevidence: declared\ncategory: nightly\n");
    let summary = |arguments: &[&str]| repo.report(arguments)["summary"]["gate"].clone();
    assert_eq!(summary(&[])["failOn"], "critical");
    assert_eq!(summary(&[])["evidence"], "declared");
    assert_eq!(summary(&["--fail-on", "low"])["failOn"], "low");
    assert_eq!(summary(&["--evidence", "assumed"])["evidence"], "assumed");
    assert_eq!(repo.report(&[])["run"]["category"], "nightly");
    assert_eq!(repo.report(&["--category", "x"])["run"]["category"], "x");
    repo.write("other.yml", "fail-on: info\n");
    assert_eq!(summary(&["--config", "other.yml"])["failOn"], "info");
    assert_eq!(repo.tmrs(&["check", "--config", "none.yml"]).code, 2);
}

#[test]
fn the_configuration_chooses_files_rules_and_severities() {
    let repo =
        shop("paths: {exclude: [api]}\nrules:\n  disable: [AA01]\n  severity: {AC01: low}\n");
    let report = repo.report(&[]);
    let findings = report["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .all(|f| f["model"] == "shop.yaml" && f["rule"] != "AA01")
    );
    assert!(findings.iter().any(|f| f["rule"] == "AC01"));
    assert!(
        findings
            .iter()
            .all(|f| f["rule"] != "AC01" || f["severity"] == "low")
    );
    repo.write("tmrs.yaml", "rules: {packs: [nonsense]}\n");
    let run = repo.tmrs(&["check"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("there is no pack “nonsense”"),
        "{}",
        run.err
    );
}
