//! What is renamed stays known by the baseline alone, without a base revision.

use serde_json::Value as Json;

use crate::harness::{Repo, findings, notices};
use crate::since::{NAMED, NAMED_PYTM, RENAMES, Rename};

type Edits<'e> = &'e [(&'e str, &'e str)];

/// A flow that no variable keeps.
const KEPT_BY_NOTHING: &str = "\
from pytm import TM, Actor, Boundary, Dataflow, Server

tm = TM('Shop')
net = Boundary('Internet')
user = Actor('User', inBoundary=net)
web = Server('Web')
Dataflow(user, web, 'Visit', protocol='HTTP')
Dataflow(user, web, 'Search', protocol='HTTPS')
tm.process()
";

/// A repository whose baseline knows everything, and how much that is.
fn known(path: &str, text: &str) -> (Repo, usize) {
    let repo = Repo::with(&[(path, text)]);
    let all = repo.findings("new", &[]).len();
    assert!(all > 0);
    assert_eq!(repo.tmrs(&["baseline", "update"]).code, 0);
    (repo, all)
}

/// Where the id is the name, a baseline has nothing else that would tell a renamed element
/// from one that replaces it; a base revision has.
const NOTHING_LEFT: &str = "an element whose id is its name";

#[test]
fn what_is_renamed_stays_known() {
    let more: [Rename; 2] = [
        (
            "a flow that no variable keeps, and that moves down the file",
            "m.py",
            KEPT_BY_NOTHING,
            &[
                ("tm = TM", "# What follows is the shop.\ntm = TM"),
                ("'Visit'", "'Call'"),
            ],
        ),
        (
            "the end of a flow that no variable keeps",
            "m.py",
            KEPT_BY_NOTHING,
            &[("'Web'", "'Front'")],
        ),
    ];
    let kept = RENAMES
        .into_iter()
        .filter(|(what, ..)| *what != NOTHING_LEFT);
    for (what, path, text, edits) in kept.chain(more) {
        let (repo, all) = known(path, text);
        for (from, to) in edits {
            repo.edit(path, from, to);
        }
        let report = repo.report(&[]);
        assert_eq!(findings(&report, "new"), [""; 0], "{what}");
        assert_eq!(findings(&report, "baselined").len(), all, "{what}");
        assert_eq!(report["fixed"].as_array().unwrap().len(), 0, "{what}");
        assert_eq!(notices(&report, "stale"), [""; 0], "{what}");
        assert_eq!(notices(&report, "renamed").len(), 1, "{what}");
        let update = repo.tmrs(&["baseline", "update"]);
        assert!(
            update.out.contains("(0 added, 0 removed"),
            "{what}: {update:?}"
        );
        let report = repo.report(&[]);
        assert_eq!(findings(&report, "baselined").len(), all, "{what}");
        assert_eq!(notices(&report, "renamed"), [""; 0], "{what}");
    }
}

#[test]
fn an_element_whose_id_is_its_name_is_another_one_under_another_id() {
    let (_, path, text, edits) = *RENAMES
        .iter()
        .find(|(what, ..)| *what == NOTHING_LEFT)
        .unwrap();
    let (repo, _) = known(path, text);
    for (from, to) in edits {
        repo.edit(path, from, to);
    }
    let new = repo.findings("new", &[]);
    assert!(new.iter().any(|line| line.ends_with("Datastore orders")));
    assert!(new.iter().all(|line| line.contains("orders")), "{new:?}");
}

#[test]
fn what_replaces_an_element_inherits_nothing_from_the_baseline() {
    let cases: [(&str, &str, &str, Edits<'_>); 4] = [
        (
            "another id",
            "m.yaml",
            NAMED,
            &[
                (
                    "  web: {class: Server, name: Web,",
                    "  pay: {class: Server, name: Pay,",
                ),
                ("sink: web", "sink: pay"),
                ("source: web", "source: pay"),
            ],
        ),
        (
            "another variable",
            "m.py",
            NAMED_PYTM,
            &[
                ("web = Server('Web')\nweb.", "pay = Server('Pay')\npay."),
                ("user, web", "user, pay"),
                ("(web, db", "(pay, db"),
            ],
        ),
        (
            "another class",
            "m.py",
            KEPT_BY_NOTHING,
            &[("web = Server('Web')", "web = Actor('Pay')")],
        ),
        (
            "a flow with another constructor",
            "m.py",
            KEPT_BY_NOTHING,
            &[(
                "Dataflow(user, web, 'Visit', protocol='HTTP')",
                "Dataflow(user, web, 'Pay')",
            )],
        ),
    ];
    for (what, path, text, edits) in cases {
        let (repo, _) = known(path, text);
        for (from, to) in edits {
            repo.edit(path, from, to);
        }
        let report = repo.report(&[]);
        let of_it = |status| -> Vec<String> {
            let all = findings(&report, status);
            all.into_iter()
                .filter(|line| line.contains("Pay"))
                .collect()
        };
        assert_eq!(of_it("baselined"), [""; 0], "{what}");
        assert_ne!(of_it("new"), [""; 0], "{what}");
    }
}

#[test]
fn what_is_new_about_something_renamed_is_new() {
    let (repo, all) = known("m.yaml", NAMED);
    repo.edit(
        "m.yaml",
        "name: Web, inBoundary: dmz, controls: {sanitizesInput: false}",
        "name: Front, inBoundary: dmz, controls: {sanitizesInput: false, isHardened: false}",
    );
    let report = repo.report(&[]);
    let new = findings(&report, "new");
    assert!(!new.is_empty() && new.len() < all, "{new:?}");
    assert!(new.iter().all(|line| line.contains("Front")), "{new:?}");
    let known = findings(&report, "baselined");
    assert!(known.iter().any(|line| line.contains("Front")), "{known:?}");
}

/// What a baseline of an earlier version looks like: no elements.
fn without_elements(text: &str) -> String {
    let (before, rest) = text.split_once("  \"elements\": [\n").unwrap();
    let (_, after) = rest.split_once("  ],\n").unwrap();
    format!("{before}{after}")
}

#[test]
fn a_baseline_of_an_earlier_version_still_counts_and_knows_no_renames() {
    let (repo, all) = known("m.yaml", NAMED);
    let old = without_elements(&repo.read("tmrs-baseline.json"));
    repo.write("tmrs-baseline.json", &old);
    assert_eq!(repo.findings("baselined", &[]).len(), all);
    assert_eq!(repo.tmrs(&["baseline", "check", "--strict"]).code, 0);
    repo.edit("m.yaml", "name: Web", "name: Front");
    assert_ne!(repo.findings("new", &[]), [""; 0]);
}

#[test]
fn beside_a_base_revision_the_baseline_says_nothing_about_renames() {
    let (repo, _) = known("m.yaml", NAMED);
    repo.commit("Baseline");
    // Whoever replaces an element could also change its line in the baseline.
    repo.edit(
        "m.yaml",
        "  web: {class: Server, name: Web,",
        "  pay: {class: Server, name: Pay,",
    );
    repo.edit("m.yaml", "sink: web", "sink: pay");
    repo.edit("m.yaml", "source: web", "source: pay");
    repo.edit(
        "tmrs-baseline.json",
        "\"place\": \"id web\"",
        "\"place\": \"id pay\"",
    );
    let of_pay = |arguments: &[&str]| {
        let all = repo.findings("baselined", arguments);
        all.into_iter().filter(|line| line.contains("Pay")).count()
    };
    assert_ne!(of_pay(&[]), 0);
    assert_eq!(of_pay(&["--since", "HEAD"]), 0);
}

#[test]
fn pruning_and_updates_of_single_rules_keep_what_renames_are_told_by() {
    for arguments in [
        &["baseline", "update", "--prune"][..],
        &["baseline", "update", "--rule", "AA01"],
    ] {
        let (repo, all) = known("m.yaml", NAMED);
        repo.edit("m.yaml", "name: Web", "name: Front");
        assert_eq!(repo.tmrs(arguments).code, 0);
        assert_eq!(repo.findings("baselined", &[]).len(), all, "{arguments:?}");
    }
}

#[test]
fn a_rename_is_no_growth() {
    const KEEPING: &str = "policy: {baseline: {grow: false}}\n";
    let accepted = |report: &Json| -> Vec<String> {
        let all = report["findings"].as_array().unwrap().iter();
        let growth = all.filter(|finding| finding["rule"] == "CHG06");
        growth
            .map(|finding| finding["message"].to_string())
            .collect()
    };
    for (what, path, text, edits) in RENAMES {
        let (repo, all) = known(path, text);
        repo.write("tmrs.yaml", KEEPING).commit("Know it");
        for (from, to) in edits {
            repo.edit(path, from, to);
        }
        repo.write("tmrs.yaml", "");
        assert_eq!(repo.tmrs(&["baseline", "update"]).code, 0, "{what}");
        repo.write("tmrs.yaml", KEEPING);
        // The models of the base know this one too, its baseline alone does not.
        let report = repo.report(&["--since", "HEAD"]);
        assert_eq!(findings(&report, "baselined").len(), all, "{what}");
        assert_eq!(accepted(&report), [""; 0], "{what}");
        let report = repo.report(&["--policy-from", "HEAD"]);
        if what == NOTHING_LEFT {
            assert!(!findings(&report, "new").is_empty(), "{what}");
        } else {
            assert_eq!(findings(&report, "new"), [""; 0], "{what}");
            assert_eq!(findings(&report, "baselined").len(), all, "{what}");
        }
    }
}
