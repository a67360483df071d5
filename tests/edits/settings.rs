//! Every key of the configuration, made to say each thing it takes: none is looser than
//! the policy of the base.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use tmrs::config::keys::{self, KeySpec, Takes};

use super::SHOP;
use crate::harness::Repo;

/// What a key can be made to say.
fn values(spec: &KeySpec) -> Vec<String> {
    match spec.takes {
        Takes::Flag => vec!["true".into(), "false".into()],
        Takes::Count => vec!["1".into(), "100000".into()],
        Takes::Text => vec!["something".into()],
        Takes::Version => vec!["'0.0.1'".into()],
        Takes::Path => vec!["other.json".into()],
        Takes::Glob => vec!["'*'".into()],
        Takes::Day => vec!["2099-01-01".into()],
        Takes::Word(words) => words.iter().map(|word| (*word).into()).collect(),
        Takes::Texts if spec.name == "packs" => vec!["[]".into(), "[extended]".into()],
        Takes::Texts => vec!["[]".into(), "[AC01, DR01, DS01, INP01, OWN01]".into()],
        Takes::Paths => vec!["[]".into(), "[rules]".into(), "[hostile]".into()],
        Takes::Globs => vec!["[]".into(), "['**']".into(), "['nothing/**']".into()],
        Takes::GlobOrGlobs => vec!["'*'".into()],
        Takes::Words(words) => vec!["[]".into(), format!("[{}]", words.join(", "))],
        Takes::SeverityById => vec!["{AC01: info, DR01: info, OWN01: info}".into()],
        // The keys within are tried one by one.
        Takes::Map(_) | Takes::Maps(_) => Vec::new(),
    }
}

/// Configurations that each say one key.
fn configurations() -> Vec<String> {
    let mut all = vec![String::new()];
    for spec in keys::TOP {
        match spec.takes {
            Takes::Map(inner) => {
                for spec in inner {
                    let more: Vec<String> = match spec.takes {
                        Takes::Map(deepest) => deepest
                            .iter()
                            .flat_map(|spec| {
                                let name = spec.name;
                                values(spec)
                                    .into_iter()
                                    .map(move |v| format!("{{{name}: {v}}}"))
                            })
                            .collect(),
                        _ => values(spec),
                    };
                    all.extend(
                        more.iter().map(|v| {
                            format!("{}: {{{}: {v}}}\n", outer(spec, keys::TOP), spec.name)
                        }),
                    );
                }
            }
            Takes::Maps(_) if spec.name == "models" => {
                all.push("models: [{path: '**', lenient: true, reason: r}]\n".into());
            }
            // Exclusions are told one by one; no floor forbids them.
            Takes::Maps(_) => {}
            _ => all.extend(values(spec).iter().map(|v| format!("{}: {v}\n", spec.name))),
        }
    }
    all
}

/// The map of the top level that has a key.
fn outer(spec: &KeySpec, top: &'static [KeySpec]) -> &'static str {
    let has = |map: &&KeySpec| match map.takes {
        Takes::Map(inner) => inner.iter().any(|own| std::ptr::eq(own, spec)),
        _ => false,
    };
    top.iter().find(has).map_or("", |map| map.name)
}

#[test]
fn no_configuration_is_looser_than_the_policy_of_the_base() {
    let own = "id: OWN01\ntitle: Traffic in the clear\ntarget: [Dataflow]\nseverity: critical\nwhen: target.protocol == 'HTTP'\ntags: [own]\ndescription: Anyone on the way reads along.\nmitigation: Use HTTPS.\n";
    let base =
        "rules: {paths: [rules]}\nfail-on: medium\npolicy: {never: [own], require: [owner]}\n";
    let repo = Repo::with(&[
        ("model.yaml", SHOP),
        ("rules/OWN01.yaml", own),
        ("tmrs.yaml", base),
    ]);
    // Rules that find nothing in place of those that do.
    let nothing = |id: &str| {
        format!(
            "id: {id}\ntitle: Nothing\ntarget: [Dataflow]\nseverity: info\nwhen: 'False'\ndescription: It never holds.\nmitigation: Nothing.\noverride: true\n"
        )
    };
    repo.write("hostile/DR01.yaml", &nothing("DR01"));
    repo.write("hostile/AC01.yaml", &nothing("AC01"));
    let failing = |report: &Json| -> BTreeSet<String> {
        let gate = &report["summary"]["gate"];
        let rank = |word: &Json| {
            let all = ["info", "low", "medium", "high", "critical"];
            all.iter().position(|known| word == known)
        };
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .filter(|f| f["status"] == "new" && rank(&f["severity"]) >= rank(&gate["failOn"]))
            .filter(|f| gate["evidence"] == "assumed" || f["evidence"] == "declared")
            .map(|f| f["fingerprint"].as_str().unwrap().to_owned())
            .collect()
    };
    let strict = failing(&repo.report(&[]));
    assert!(strict.len() > 20);
    let all = configurations();
    assert!(all.len() > 40, "{}", all.len());
    for (at, config) in all.iter().enumerate() {
        repo.write("tmrs.yaml", config);
        // Every second time the rule file of the base is changed as well.
        let rule = if at % 2 == 0 {
            own
        } else {
            &*nothing("OWN01").replace("override: true\n", "")
        };
        repo.write("rules/OWN01.yaml", rule);
        let run = repo.tmrs(&["check", "--policy-from", "HEAD", "--format", "json"]);
        if run.code == 2 {
            continue;
        }
        let now = failing(&serde_json::from_str(&run.out).unwrap());
        let lost: Vec<&String> = strict.difference(&now).collect();
        assert!(
            lost.is_empty(),
            "{config:?} lets {} findings through",
            lost.len()
        );
    }
}
