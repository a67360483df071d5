//! Our findings equal real pytm's on every example and test model, but for the
//! differences that one file lists with reasons.
//!
//! The goldens are pytm 1.4.0's own answers (`scripts/goldens`). pytm's threat file
//! is never copied: `scripts/test-all` takes it from an installed pytm. Models that
//! name rules of their own are compared without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use serde_json::Value as Json;
use tmrs::condition::Names;
use tmrs::config::Policy;
use tmrs::day::Day;
use tmrs::discover::Filter;
use tmrs::evaluate::Overrides;
use tmrs::finding::By;
use tmrs::finding::Finding;
use tmrs::model::Model;
use tmrs::pipeline::{self, Judged, Request};
use tmrs::read::ReadOptions;
use tmrs::rules::{self, CatalogueSettings, ThreatsFilePolicy};
use tmrs::source::{Disk, RepoPath, Source};
use tmrs::triage::claims::Claims;
use tmrs::triage::responses;

use crate::shared::{pytm_threats, root};

/// rule, class, element, source, sink.
type Row = (String, String, String, String, String);

fn judge(model: &str, rules_of_pytm: Option<Arc<Source>>) -> Judged {
    let tree = Disk::new(root().canonicalize().unwrap(), None);
    let request = Request {
        tree: &tree,
        filter: Filter {
            paths: vec![RepoPath::new(model).unwrap()],
            ..Filter::default()
        },
        read: ReadOptions::default(),
        per_model: Vec::new(),
    };
    let readings = pipeline::read(&request).unwrap();
    let mut names = Names::vocabulary();
    for name in pipeline::custom_names(&readings.models) {
        names.with(&name);
    }
    let policy = if rules_of_pytm.is_some() {
        ThreatsFilePolicy::Ignore
    } else {
        ThreatsFilePolicy::Replace
    };
    let settings = CatalogueSettings {
        no_default_rules: true,
        sources: rules_of_pytm.into_iter().collect(),
        names,
        ..CatalogueSettings::default()
    };
    let (catalogue, _) = rules::load(&settings).unwrap();
    pipeline::judge(readings, &tree, &catalogue, policy, Overrides::Keep)
}

fn row(model: &Model, finding: &Finding) -> Row {
    let element = model.element(finding.element);
    let end = |attribute: &str| {
        let end = model.linked(finding.element, attribute);
        end.map_or(String::new(), |end| model.element(end).name.to_string())
    };
    (
        finding.rule.id.to_string(),
        element.class.name().to_owned(),
        element.name.to_string(),
        end("source"),
        end("sink"),
    )
}

fn golden_rows(rows: &Json) -> Vec<Row> {
    let text = |cell: &Json| cell.as_str().unwrap_or("").to_owned();
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                text(&row[0]),
                text(&row[1]),
                text(&row[2]),
                text(&row[3]),
                text(&row[4]),
            )
        })
        .collect()
}

/// What is in `left` and not in `right`, as multisets.
fn minus(left: &[Row], right: &[Row]) -> Vec<Row> {
    let mut counts: BTreeMap<&Row, usize> = BTreeMap::new();
    for row in right {
        *counts.entry(row).or_default() += 1;
    }
    let mut more = Vec::new();
    for row in left {
        match counts.get_mut(row) {
            Some(count) if *count > 0 => *count -= 1,
            _ => more.push(row.clone()),
        }
    }
    more
}

struct Golden {
    name: String,
    json: Json,
}

fn goldens() -> Vec<Golden> {
    let folder = root().join("tests/goldens");
    let mut goldens: Vec<Golden> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| Golden {
            name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
            json: serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap(),
        })
        .filter(|golden| golden.json.get("runs").is_some())
        .collect();
    goldens.sort_by(|a, b| a.name.cmp(&b.name));
    goldens
}

/// Differences of one golden: (side, rule, element).
fn differences(golden: &Golden, judged: &Judged, found: &mut Vec<(String, &'static str, Row)>) {
    let runs = golden.json["runs"].as_array().unwrap();
    let names: Vec<_> = judged
        .models
        .iter()
        .map(|m| m.model.name.to_string())
        .collect();
    let theirs: Vec<_> = runs
        .iter()
        .map(|run| run["tm"].as_str().unwrap().to_owned())
        .collect();
    if names != theirs {
        let nothing = || (String::new(), String::new(), String::new());
        let (a, b, c) = nothing();
        let row = (
            format!("models {names:?}, not {theirs:?}"),
            a,
            b,
            c,
            String::new(),
        );
        found.push((golden.name.clone(), "ours", row));
        return;
    }
    for (number, run) in runs.iter().enumerate() {
        let model = &judged.models[number].model;
        let claims = Claims::of(model, &Policy::default(), Day::from_unix(0));
        let mut open = Vec::new();
        let mut excluded = Vec::new();
        for finding in judged
            .findings
            .iter()
            .filter(|f| f.model as usize == number)
        {
            let mut finding = finding.clone();
            responses::scope(model, &mut finding);
            if finding.status == tmrs::finding::Status::OutOfScope {
                continue; // pytm does not judge these at all
            }
            let mut about = claims.about(&finding).map(|at| claims.all[at].by);
            if about.any(|by| by == By::Assumption) {
                excluded.push(row(model, &finding));
            } else {
                open.push(row(model, &finding));
            }
        }
        for (ours, key) in [(open, "findings"), (excluded, "excluded")] {
            let theirs = golden_rows(&run[key]);
            found.extend(
                minus(&ours, &theirs)
                    .into_iter()
                    .map(|row| (golden.name.clone(), "ours", row)),
            );
            found.extend(
                minus(&theirs, &ours)
                    .into_iter()
                    .map(|row| (golden.name.clone(), "theirs", row)),
            );
        }
    }
}

/// Compares those goldens with our findings: every difference is listed, and every
/// listed difference of theirs exists.
fn compare(goldens: &[Golden], threats: Option<&Arc<Source>>) {
    let text = fs::read_to_string(root().join("tests/goldens/differences.json")).unwrap();
    let listed: Json = serde_json::from_str(&text).unwrap();
    let listed = listed.as_array().unwrap();
    let mut found = Vec::new();
    let mut compared = BTreeSet::new();
    for golden in goldens {
        let judged = judge(golden.json["model"].as_str().unwrap(), threats.cloned());
        differences(golden, &judged, &mut found);
        compared.insert(golden.name.as_str());
    }
    let explains = |entry: &Json, (model, side, row): &(String, &'static str, Row)| {
        let same = |key: &str, value: &str| entry.get(key).is_none_or(|said| said == value);
        entry["model"] == model.as_str()
            && entry["side"] == *side
            && same("rule", &row.0)
            && same("element", &row.2)
    };
    let unexplained: Vec<_> = found
        .iter()
        .filter(|difference| !listed.iter().any(|entry| explains(entry, difference)))
        .map(|difference| format!("{difference:?}"))
        .collect();
    assert!(
        unexplained.is_empty(),
        "{} differences are not listed:\n{}",
        unexplained.len(),
        unexplained.join("\n")
    );
    let unused: Vec<_> = listed
        .iter()
        .filter(|entry| compared.contains(entry["model"].as_str().unwrap()))
        .filter(|entry| !found.iter().any(|difference| explains(entry, difference)))
        .collect();
    assert!(
        unused.is_empty(),
        "listed differences that do not exist: {unused:#?}"
    );
}

/// The goldens by which rules they were judged: the models' own, or pytm's.
fn goldens_by(own: bool) -> Vec<Golden> {
    let wanted = if own { "own" } else { "pytm" };
    let mut goldens = goldens();
    goldens.retain(|golden| golden.json["threats"] == wanted);
    assert!(!goldens.is_empty(), "there is no golden by {wanted} rules");
    goldens
}

#[test]
fn our_findings_by_rules_of_the_models_own_equal_pytms() {
    compare(&goldens_by(true), None);
}

#[test]
#[ignore = "needs pytm 1.4.0: scripts/test-all"]
fn our_findings_by_pytms_rules_equal_pytms() {
    compare(&goldens_by(false), Some(&pytm_threats()));
}

#[test]
fn every_golden_is_judged_by_one_of_the_two() {
    let all = goldens().len();
    assert_eq!(goldens_by(true).len() + goldens_by(false).len(), all);
}
