//! Every setting, from the one table: which way it may move, that a looser value is
//! told or not taken, and that flags, Action and table agree.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use tmrs::config::keys::{self, KeySpec, Moves, Takes};

use crate::harness::Repo;

const MODEL: &str = "\
tmrs: 1
name: Shop
boundaries:
  net: {name: Internet, trust: UNTRUSTED}
elements:
  user: {class: Actor, name: User, inBoundary: net}
  web: {class: Server, name: Web, controls: {isHardened: false, sanitizesInput: false}}
  db: {class: Datastore, name: Orders, isSQL: true, storesPII: true}
data:
  order: {name: Order, classification: SENSITIVE}
flows:
  visit: {source: user, sink: web, name: Visit, protocol: HTTP, data: [order]}
  store: {source: web, sink: db, name: Store, data: [order]}
";

/// A rule that finds nothing, in place of one that does.
const HOSTILE: &str = "\
id: AC01
title: Nothing
target: [Dataflow]
severity: info
when: 'False'
description: It never holds.
mitigation: Nothing.
override: true
";

/// Every key that is no map of keys, with those around it; those of `models` as of an entry.
fn leaves() -> Vec<(String, &'static KeySpec)> {
    fn below(around: &str, specs: &'static [KeySpec], found: &mut Vec<(String, &'static KeySpec)>) {
        for spec in specs {
            let path = format!("{around}{}", spec.name);
            match spec.takes {
                Takes::Map(inner) => below(&format!("{path}."), inner, found),
                Takes::Maps(inner) if path == "models" => {
                    found.push((path, spec));
                    below("models.", inner, found);
                }
                _ => found.push((path, spec)),
            }
        }
    }
    let mut found = Vec::new();
    below("", keys::TOP, &mut found);
    found
}

/// A configuration that says one key, of `models` in an entry for every model.
fn says(path: &str, value: &str) -> String {
    if let Some(key) = path.strip_prefix("models.") {
        let entry = says(key, value);
        return format!("models: [{{path: '**', {}}}]\n", entry.trim_end());
    }
    let mut text = value.to_owned();
    for (at, key) in path.rsplit('.').enumerate() {
        text = if at == 0 {
            format!("{key}: {text}")
        } else {
            format!("{key}: {{{text}}}")
        };
    }
    text + "\n"
}

#[test]
fn the_order_of_a_key_has_its_words_and_its_name() {
    let mut ordered = 0;
    for (path, spec) in leaves() {
        let Moves::Ordered(order) = spec.moves else {
            continue;
        };
        ordered += 1;
        let words: BTreeSet<&str> = match spec.takes {
            Takes::Flag => ["false", "true"].into(),
            Takes::Word(words) => words.iter().copied().collect(),
            _ => panic!("{path} has an order, and neither words nor yes and no"),
        };
        assert_eq!(order.key, path.trim_start_matches("models."));
        let known: BTreeSet<&str> = order.from_loosest.iter().copied().collect();
        assert_eq!(known, words, "{path}");
        assert!(words.contains(order.default), "{path}");
    }
    assert!(ordered > 10, "{ordered}");
}

/// For a key a value that is strict and one that is loose; `None` where the key has no
/// say in what is found.
fn strict_and_loose(path: &str, spec: &KeySpec) -> Option<(String, String)> {
    let words = |strict: &str, loose: &str| Some((strict.to_owned(), loose.to_owned()));
    match (spec.moves, path) {
        (Moves::Ordered(order), _) => words(
            order.from_loosest.last().unwrap(),
            order.from_loosest.first().unwrap(),
        ),
        (Moves::Freely, _) => None,
        // The day alone lets nothing through.
        (_, "models.expires") => None,
        (_, "models.entry") => words("main", "other"),
        (_, "models.rules.packs") => words("[core, model]", "[model]"),
        (_, "category") => words("shop", "other"),
        (_, "sarif.assumed") => words("fold", "omit"),
        (_, "paths.include") => words("['**']", "['nothing/**']"),
        (_, "paths.exclude") => words("[]", "['model.yaml']"),
        (_, "models") => words(
            "[]",
            "[{path: '**', lenient: true, reason: it is old, expires: 2099-01-01}]",
        ),
        (_, "rules.paths") => words("[]", "[hostile]"),
        (_, "rules.packs") => words("[core, model]", "[]"),
        (_, "extends") => words("strict.yaml", "loose.yaml"),
        (_, "rules.enable" | "models.rules.enable") => words("['*']", "[AC09]"),
        (_, "rules.warn" | "models.rules.warn") => words("[]", "['*']"),
        (_, "rules.disable" | "models.rules.disable") => words("[]", "[AC01, DR01, INP01]"),
        (_, "rules.severity") => words("{AC01: critical}", "{AC01: info}"),
        (_, "rules.catalogue") => words(&format!("'{}'", env!("CARGO_PKG_VERSION")), "'0.0.1'"),
        (_, "exclusions") => words("[]", "[{rule: '*', reason: we like it so}]"),
        (_, "policy.require") => words("[reason, owner]", "[]"),
        (_, "policy.max-days") => words("7", "10000"),
        (_, "policy.never" | "policy.prove") => words("['*']", "[]"),
        (_, "baseline") => words("tmrs-baseline.json", "other.json"),
        (moves, _) => panic!("{path} is new ({moves:?}): say which value of it is loose"),
    }
}

/// The findings that fail the gate of a report.
fn failing(report: &Json) -> BTreeSet<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["failing"] == true)
        .map(|finding| finding["fingerprint"].as_str().unwrap().to_owned())
        .collect()
}

fn shop(config: &str) -> Repo {
    Repo::with(&[
        ("model.yaml", MODEL),
        ("hostile/AC01.yaml", HOSTILE),
        ("strict.yaml", "fail-on: info\n"),
        ("loose.yaml", "fail-on: critical\n"),
        ("tmrs.yaml", config),
    ])
}

fn is_change(finding: &Json) -> bool {
    finding["rule"].as_str().unwrap().starts_with("CHG")
}

#[test]
fn a_change_that_loosens_a_setting_is_told() {
    // It names a file that is not there: nothing is known because of it.
    const CHANGES_NOTHING: [&str; 1] = ["baseline"];
    for (path, spec) in leaves() {
        let Some((strict, loose)) = strict_and_loose(&path, spec) else {
            continue;
        };
        let repo = shop(&says(&path, &strict));
        repo.write("tmrs.yaml", &says(&path, &loose));
        let run = repo.tmrs(&["check", "--since", "HEAD", "--format", "json"]);
        if run.code == 2 || CHANGES_NOTHING.contains(&&*path) {
            continue;
        }
        let report: Json = serde_json::from_str(&run.out).unwrap();
        let told = report["findings"].as_array().unwrap().iter().any(is_change);
        assert!(
            told || run.code == 3,
            "{path}: {strict} became {loose}, and nothing says so"
        );
    }
}

#[test]
fn a_change_that_loosens_a_setting_is_not_taken_where_a_policy_binds() {
    for (path, spec) in leaves() {
        let Some((strict, loose)) = strict_and_loose(&path, spec) else {
            continue;
        };
        let base = says(&path, &strict);
        let repo = shop(&base);
        let before = failing(&repo.report(&["--policy-from", "HEAD"]));
        assert!(!before.is_empty(), "{path}");
        for config in [says(&path, &loose), String::new()] {
            repo.write("tmrs.yaml", &config);
            let run = repo.tmrs(&["check", "--policy-from", "HEAD", "--format", "json"]);
            if run.code == 2 {
                continue;
            }
            let report: Json = serde_json::from_str(&run.out).unwrap();
            let now = failing(&report);
            // What exclusions of the change's own take out is for `policy` to forbid.
            let is_told = path == "exclusions";
            assert!(
                is_told || before.is_subset(&now),
                "{path}: with {config:?}, {} findings no longer fail",
                before.difference(&now).count()
            );
        }
    }
}

/// What each option of “Reading and judging” could loosen, said as loosely as can be.
const LOOSE: &[(&str, &[&str])] = &[
    ("--rules", &["--rules", "hostile"]),
    (
        "--no-default-rules",
        &["--no-default-rules", "--allow-no-rules"],
    ),
    ("--allow-no-rules", &["--allow-no-rules"]),
    ("--select", &["--select", "AC09"]),
    ("--exclude", &["--exclude", "AC01,DR01,INP01,DE01,DS01"]),
    ("--fail-on", &["--fail-on", "never"]),
    ("--fail-on", &["--fail-on", "critical"]),
    ("--evidence", &["--evidence", "declared"]),
    ("--config", &["--config", "looser.yaml"]),
    ("--policy", &["--policy", "looser.yaml"]),
    ("--policy-from", &[]),
    ("--entry", &["--entry", "main"]),
    ("--lenient", &["--lenient"]),
    ("--strict", &["--strict"]),
    ("--allow-no-models", &["--allow-no-models"]),
    ("--today", &["--today", "2001-01-01"]),
];

/// The options of a section of the help.
fn options(section: &str) -> BTreeSet<String> {
    let help = Repo::new().tmrs(&["check", "--help"]).out;
    let (_, rest) = help.split_once(&format!("{section}:\n")).unwrap();
    let end = rest.find("\n\n\n").unwrap_or(rest.len());
    let lines = rest[..end]
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with(' '));
    lines
        .filter_map(|line| {
            let at = line.find("--")?;
            let is_option = line[..at].trim().is_empty() || line[..at].trim().ends_with(',');
            let name = line[at..].split([' ', '=', '[']).next()?;
            is_option.then(|| name.to_owned())
        })
        .collect()
}

#[test]
fn no_option_loosens_what_a_policy_binds() {
    let known: BTreeSet<String> = LOOSE.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(
        options("Reading and judging"),
        known,
        "say how each could loosen"
    );
    let base = "policy: {require: [owner]}\nevidence: assumed\nfail-on: medium\n";
    let repo = shop(base);
    repo.write(
        "looser.yaml",
        "fail-on: critical\nevidence: declared\nrules: {default: false}\nlenient: true\n",
    );
    let before = failing(&repo.report(&["--policy-from", "HEAD"]));
    assert!(before.len() > 10);
    for (name, arguments) in LOOSE {
        let mut all = vec!["check", "--policy-from", "HEAD", "--format", "json"];
        all.extend(*arguments);
        let run = repo.tmrs(&all);
        if run.code == 2 {
            continue;
        }
        let now = failing(&serde_json::from_str(&run.out).unwrap());
        let lost = before.difference(&now).count();
        assert_eq!(lost, 0, "{name}: {lost} findings no longer fail");
    }
}

/// Inputs of the Action that are about the Action itself.
const OF_THE_ACTION: [&str; 12] = [
    "annotations",
    "comment",
    "download-url",
    "paths",
    "sarif",
    "sha256",
    "suggestions",
    "summary",
    "token",
    "upload-sarif",
    "version",
    "working-directory",
];

#[test]
fn the_action_passes_on_what_tmrs_takes() {
    let read = |path: &str| {
        std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let (action, script) = (read("action.yml"), read("action/settings.sh"));
    let (_, rest) = action.split_once("\ninputs:\n").unwrap();
    let (inputs, rest) = rest.split_once("\noutputs:\n").unwrap();
    let mut described: BTreeMap<&str, String> = BTreeMap::new();
    let mut last = "";
    for line in inputs.lines() {
        match line
            .strip_prefix("  ")
            .filter(|rest| !rest.starts_with(' '))
        {
            Some(name) => last = name.trim_end_matches(':'),
            None => *described.entry(last).or_default() += line,
        }
    }
    let all: BTreeSet<String> = ["Reading and judging", "What is known already", "Output"]
        .into_iter()
        .flat_map(options)
        .collect();
    for name in described.keys() {
        let variable = name.to_uppercase().replace('-', "_");
        assert!(
            rest.contains(&format!("IN_{variable}: ${{{{ inputs.{name} }}}}")),
            "{name}"
        );
        if OF_THE_ACTION.contains(name) {
            continue;
        }
        assert!(all.contains(&format!("--{name}")), "tmrs has no --{name}");
        let passed = ["=", ")", "\"", " ", "\n"].map(|end| format!("--{name}{end}"));
        let is_base = *name == "since";
        assert!(
            is_base || passed.iter().any(|word| script.contains(word)),
            "{name} is not passed on"
        );
    }
    for (name, order) in [("fail-on", &keys::FAIL_ON), ("evidence", &keys::EVIDENCE)] {
        for word in order.from_loosest {
            assert!(
                described[name].contains(word),
                "{name} does not name {word}"
            );
        }
    }
}
