//! Models as a competent team writes them, with what a reviewer of the field said of each
//! finding that fails the gate. What the default gate says must be right, and the threats
//! that the models' own words call for must be told.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value as Json;

use crate::harness::Repo;
use crate::shared;

/// What a reviewer said of one model.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Labels {
    /// Rule and element that are rightly of severity high or above; they fail the gate,
    /// or stand there for review.
    right: Vec<[String; 2]>,
    /// The same, and which finding says it already.
    duplicate: Vec<[String; 3]>,
    /// The same, and why it is wrong.
    wrong: Vec<[String; 3]>,
    /// What must be told, at severity medium or above.
    called_for: Vec<[String; 2]>,
}

impl Labels {
    fn of(name: &str) -> Self {
        let path = shared::root().join(format!("tests/signal/labels/{name}.yaml"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

/// The models, by name.
fn models() -> BTreeMap<String, PathBuf> {
    let entries = fs::read_dir(shared::root().join("tests/signal/models")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let named = paths.map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, path)
    });
    named.collect()
}

fn findings(path: &Path) -> Vec<Json> {
    let file = path.file_name().unwrap().to_str().unwrap();
    let repo = Repo::with(&[(file, &fs::read_to_string(path).unwrap())]);
    repo.report(&[])["findings"].as_array().unwrap().clone()
}

/// Rule and element of the findings that are wanted.
fn pairs(findings: &[Json], wanted: impl Fn(&Json) -> bool) -> BTreeSet<[String; 2]> {
    let pair = |finding: &Json| {
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        [text(&finding["rule"]), text(&finding["element"]["name"])]
    };
    findings.iter().filter(|f| wanted(f)).map(pair).collect()
}

#[test]
fn nine_in_ten_findings_that_fail_are_right_and_none_that_is_right_is_lost() {
    let (mut right, mut wrong) = (0, 0);
    let mut complaints = Vec::new();
    for (name, path) in models() {
        let labels = Labels::of(&name);
        let findings = findings(&path);
        let open = pairs(&findings, |finding| finding["status"] == "new");
        let mut failing = pairs(&findings, |finding| finding["failing"] == true);
        for label in &labels.right {
            if failing.remove(label) {
                right += 1;
            } else if !open.contains(label) {
                complaints.push(format!("{name}: {label:?} is right and lost"));
            }
        }
        for [rule, element, _] in &labels.duplicate {
            failing.remove(&[rule.clone(), element.clone()]);
        }
        for [rule, element, _] in &labels.wrong {
            wrong += usize::from(failing.remove(&[rule.clone(), element.clone()]));
        }
        let unjudged = failing.iter();
        complaints.extend(unjudged.map(|it| format!("{name}: nobody judged {it:?}")));
        let told = pairs(&findings, |finding| {
            ["medium", "high", "critical"].contains(&finding["severity"].as_str().unwrap())
        });
        let silent = labels.called_for.iter().filter(|it| !told.contains(*it));
        complaints.extend(silent.map(|it| format!("{name}: {it:?} is not told")));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(right > 40, "{right}");
    assert!(right >= 9 * wrong, "{right} right, {wrong} wrong");
}

/// What a diagram of the model says as well; everything else is an answer.
const DRAWN: [&str; 9] = [
    "class",
    "name",
    "source",
    "sink",
    "inBoundary",
    "data",
    "protocol",
    "responseTo",
    "controls",
];

#[test]
fn a_careful_team_gets_green_with_few_answers_and_no_exclusion() {
    let path = &models()["careful"];
    let text = fs::read_to_string(path).unwrap();
    for evasion in [
        "exclude",
        "responses",
        "overrides",
        "assumptions",
        "inScope",
    ] {
        assert!(!text.contains(evasion), "{evasion}");
    }
    let failing = pairs(&findings(path), |finding| finding["failing"] == true);
    assert!(failing.is_empty(), "{failing:?}");
    let model: Json = serde_yaml::from_str(&text).unwrap();
    let answers: usize = ["boundaries", "elements", "data", "flows"]
        .iter()
        .flat_map(|section| model[*section].as_object().unwrap().values())
        .map(|element| {
            let element = element.as_object().unwrap();
            let own = element.keys().filter(|key| !DRAWN.contains(&key.as_str()));
            let controls = element.get("controls").and_then(Json::as_object);
            own.count() + controls.map_or(0, serde_json::Map::len)
        })
        .sum();
    assert!(answers <= 88, "{answers}");
}

#[test]
fn the_documentation_says_how_many_of_them_fail_by_severity_and_by_risk() {
    let (mut by_severity, mut by_risk) = (0, 0);
    let mut reach: BTreeMap<String, usize> = BTreeMap::new();
    for path in models().values() {
        for finding in findings(path) {
            let severe = ["high", "critical"]
                .map(Json::from)
                .contains(&finding["severity"]);
            if severe && finding["status"] == "new" {
                by_severity += 1;
                let how = finding["reach"].as_str().unwrap().to_owned();
                *reach.entry(how).or_default() += 1;
                by_risk += usize::from(finding["failing"] == true);
            }
        }
    }
    let page = fs::read_to_string(shared::root().join("docs/severity.md")).unwrap();
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    let (login, none) = (reach["login"], reach["none"]);
    let said = format!(
        "{by_severity} findings fail by severity and {by_risk} by risk: {login} of the \
         {by_severity} are past a login, and {none} are out of the reach of outsiders"
    );
    assert!(page.contains(&said), "{said}");
}
