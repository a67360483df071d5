//! `tmrs.yaml`: what it may say, and how mistakes in it are answered.

use proptest::prelude::*;
use tmrs::config::keys::{self, KeySpec, Takes};
use tmrs::config::{self, Config, Pattern};
use tmrs::notice::{Notice, Severity};
use tmrs::source::{RepoPath, Source};

fn read(text: &str) -> Result<(Config, Vec<Notice>), Vec<Notice>> {
    config::read(&Source::new(RepoPath::new("tmrs.yaml").unwrap(), text))
}

pub(crate) const EVERYTHING: &str = "\
$schema: https://example.org/config.schema.json
extends: security/common.yaml
fail-on: medium
gate: risk
evidence: declared
strict: true
lenient: false
allow-no-models: true
category: pay
paths:
  include: [services/, '*.py']
  exclude: ['**/legacy/**']
models:
  - {path: services/old/tm.py, lenient: true, reason: being rewritten, expires: 2026-12-31, entry: build}
rules:
  paths: [security/rules, ./threats.json]
  packs: [core, extended]
  enable: [INP*, pack:model]
  warn: [MOD*]
  disable: [INP16]
  severity: {AC01: low, AA01: critical}
  threats-file: add
  pytm-ids: replace
  default: true
  catalogue: 0.10
exclusions:
  - rule: INP*
    element: Web *
    class: Server
    model: services/**
    reason: no PHP here
    owner: pay team
    ticket: PAY-12
    expires: 2027-01-31
  - {rule: ['stride:spoofing', AC21], reason: behind the VPN}
policy:
  require: [reason, owner, expires]
  max-days: 90
  never: [SEC*]
  prove: [isEncrypted, uses*]
  inline: false
  responses: true
  overrides: lower
  weakening: fail
  baseline: {grow: false}
sarif: {assumed: each}
baseline: security/baseline.json
";

#[test]
fn everything_that_it_says_is_there_with_its_place() {
    let (config, notices) = read(EVERYTHING).unwrap();
    assert!(notices.is_empty());
    let fail_on = config.fail_on.unwrap();
    assert_eq!((fail_on.value, fail_on.place.text()), ("medium", "medium"));
    assert_eq!(config.gate.unwrap().value, "risk");
    assert_eq!(config.evidence.unwrap().value, "declared");
    assert!(config.strict.unwrap().value && !config.lenient.unwrap().value);
    assert_eq!(&*config.category.unwrap().value, "pay");
    let model = &config.models[0];
    assert_eq!(
        model.expires.as_ref().unwrap().value.to_string(),
        "2026-12-31"
    );
    assert_eq!(model.entry.as_ref().unwrap().place.text(), "build");
    let rules = &config.rules;
    let paths: Vec<_> = rules.paths.iter().map(|path| path.value.as_str()).collect();
    assert_eq!(paths, ["security/rules", "threats.json"]);
    assert_eq!(&*rules.catalogue.as_ref().unwrap().value, "0.10");
    assert_eq!(
        (&*rules.severity[1].0.value, rules.severity[1].1.value),
        ("AA01", "critical")
    );
    assert_eq!(rules.threats_file.as_ref().unwrap().value, "add");
    let first = &config.exclusions[0];
    assert!(first.rules[0].matches("INP16") && !first.rules[0].matches("AINP1"));
    assert!(first.element.as_ref().unwrap().matches("Web a/b"));
    assert_eq!(&*first.reason.value, "no PHP here");
    assert!(config.exclusions[1].rules[0].matches("stride:spoofing"));
    let policy = &config.policy;
    assert_eq!(policy.require.len(), 3);
    assert_eq!(policy.max_days.as_ref().unwrap().value, 90);
    assert!(!policy.baseline_may_grow.as_ref().unwrap().value);
    assert_eq!(
        config.baseline.unwrap().value.as_str(),
        "security/baseline.json"
    );
}

#[test]
fn path_patterns_are_anchored_and_a_folder_means_what_is_below() {
    let (config, _) = read(EVERYTHING).unwrap();
    let include = Pattern::path_set(&config.paths.include).unwrap();
    let cases = [
        ("services/pay/tm.py", true),
        ("my/services/pay/tm.py", false),
        ("tm.py", true),
        ("docs/tm.py", false),
    ];
    for (path, expected) in cases {
        assert_eq!(include.is_match(path), expected, "{path}");
    }
    assert!(config.paths.exclude[0].matches("a/legacy/b/tm.py"));
    assert!(Pattern::path_set(&[]).is_none());
}

#[test]
fn an_empty_configuration_says_nothing() {
    for text in ["", "# later\n\n", "{}", "paths:\nexclusions:\n"] {
        let (config, _) = read(text).unwrap();
        assert!(config.fail_on.is_none() && config.exclusions.is_empty());
    }
}

/// A broken configuration, the text at which the complaint points, and a part of what it says.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("fail_on: high\n", "fail_on", "did you mean `fail-on`?"),
    ("fail-on: hihg\n", "hihg", "did you mean `high`?"),
    (
        "fail-on: none\n",
        "none",
        "one of never, critical, high, medium, low, info",
    ),
    ("strict: yes\n", "yes", "write `true`"),
    ("evidence: [declared]\n", "[declared]", "not a list"),
    ("paths: [a]\n", "[a]", "must be a map"),
    (
        "paths: {includes: [a]}\n",
        "includes",
        "did you mean `include`?",
    ),
    ("paths: {include: a}\n", "a", "write `[a]`"),
    ("paths: {include: ['a[']}\n", "'a['", "must be a pattern"),
    (
        "models: [{lenient: true, reason: x}]\n",
        "{lenient: true, reason: x}",
        "has no `path`",
    ),
    (
        "models: [{path: a, lenient: true}]\n",
        "{path: a, lenient: true}",
        "has no `reason`",
    ),
    (
        "rules: {paths: [../other]}\n",
        "../other",
        "inside the repository",
    ),
    (
        "rules: {paths: [/etc/rules]}\n",
        "/etc/rules",
        "inside the repository",
    ),
    (
        "rules: {severity: {AC01: lowest}}\n",
        "lowest",
        "one of info",
    ),
    (
        "rules: {threats-file: replaced}\n",
        "replaced",
        "did you mean `replace`?",
    ),
    (
        "exclusions: [{rule: INP16}]\n",
        "{rule: INP16}",
        "has no `reason`",
    ),
    (
        "exclusions: [{rule: INP16, reason: ''}]\n",
        "''",
        "`reason` is empty",
    ),
    (
        "exclusions: [{reason: x}]\n",
        "{reason: x}",
        "has no `rule`",
    ),
    (
        "exclusions: [{rule: [], reason: x}]\n",
        "[]",
        "at least one rule",
    ),
    (
        "exclusions: [{rule: A, reason: x, expires: 2026-02-30}]\n",
        "2026-02-30",
        "YYYY-MM-DD",
    ),
    (
        "exclusions: [{rule: A, reason: x, expire: 2026-02-01}]\n",
        "expire",
        "did you mean `expires`?",
    ),
    (
        "exclusions:\n  rule: A\n  reason: x\n",
        "rule: A\n  reason: x",
        "must be a list",
    ),
    ("policy: {max-days: 0}\n", "0", "at least 1"),
    (
        "policy: {require: [reasons]}\n",
        "reasons",
        "did you mean `reason`?",
    ),
    (
        "policy: {baseline: {grows: true}}\n",
        "grows",
        "did you mean `grow`?",
    ),
    ("fail-on: low\nfail-on: high\n", "fail-on", "stands twice"),
    ("tmrs: 1\nname: M\n", "tmrs", "marks a model"),
    ("- a\n", "- a", "must be a map"),
    ("a: [\n", "", "no YAML"),
];

#[test]
fn every_mistake_is_an_error_at_its_place_with_what_was_meant() {
    for (text, at, part) in MISTAKES {
        let notices = read(text).unwrap_err();
        let found = notices.iter().find(|notice| {
            let help = notice.help.as_deref().unwrap_or("");
            let there = notice
                .place
                .as_ref()
                .is_some_and(|place| place.text() == *at);
            notice.severity == Severity::Error
                && (notice.message.contains(part) || help.contains(part))
                && (there || at.is_empty())
        });
        assert!(found.is_some(), "{text}: {notices:#?}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let notices = read("fail-on: x\nstrict: 3\nexclusions: [{rule: A}, {reason: b}]\nfoo: 1\n");
    assert_eq!(notices.unwrap_err().len(), 5);
}

#[test]
fn every_key_of_the_table_is_in_the_full_example() {
    fn check(specs: &[KeySpec]) {
        for spec in specs {
            let line = format!("{}:", spec.name);
            assert!(EVERYTHING.contains(&line), "{}", spec.name);
            if let Takes::Map(inner) | Takes::Maps(inner) = spec.takes {
                check(inner);
            }
        }
    }
    check(keys::TOP);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_to_a_configuration_makes_the_reader_panic(at in 0..EVERYTHING.len(), cut in 0..40_usize, put in "[ \\n:{}\\[\\],a*&'\"#|>-]{0,6}") {
        let end = (at + cut).min(EVERYTHING.len());
        let text = format!("{}{put}{}", &EVERYTHING[..at], &EVERYTHING[end..]);
        if let Err(notices) = read(&text) {
            prop_assert!(notices.iter().any(|notice| notice.severity == Severity::Error));
        }
    }
}
