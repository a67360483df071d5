//! One built-in rule file, read and checked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::lock;
use crate::vocabulary::Class;

/// The keys of a built-in rule file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Raw {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) pack: String,
    pub(crate) target: Vec<String>,
    pub(crate) severity: String,
    pub(crate) likelihood: String,
    pub(crate) when: String,
    pub(crate) description: String,
    pub(crate) mitigation: String,
    #[serde(default)]
    pub(crate) example: String,
    #[serde(default)]
    pub(crate) references: Vec<String>,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    pub(crate) group: Option<String>,
    pub(crate) differs_from_pytm: Option<String>,
    pub(crate) since: String,
    tests: Vec<Test>,
}

/// One test of a rule; run by `tmrs rules test`, only its form is checked here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Test {
    name: String,
    #[serde(default)]
    why: Option<String>,
    model: serde_yaml::Value,
    finds: Vec<String>,
}

/// A rule that may be embedded.
pub(crate) struct Rule {
    pub(crate) family: String,
    pub(crate) path: PathBuf,
    pub(crate) raw: Raw,
    /// The whole file.
    pub(crate) yaml: String,
}

impl Rule {
    /// What its compiled condition is found by.
    pub(crate) fn key(&self) -> (String, u64) {
        (self.raw.id.clone(), lock::mark(self.raw.when.trim()))
    }
}

/// Reads a rule file; the errors say what is wrong with it.
pub(crate) fn read(family: &str, path: &Path) -> Result<Rule, Vec<String>> {
    let text = fs::read_to_string(path).map_err(|error| vec![error.to_string()])?;
    let raw: Raw = serde_yaml::from_str(&text).map_err(|error| vec![error.to_string()])?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let reasons = complaints(&raw, &stem);
    if reasons.is_empty() {
        Ok(Rule {
            family: family.to_owned(),
            path: path.to_owned(),
            raw,
            yaml: text,
        })
    } else {
        Err(reasons)
    }
}

fn complaints(raw: &Raw, stem: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if raw.id != stem {
        wrong.push(format!("the id {} is not the file's name", raw.id));
    }
    let words: [(&str, &str, &[&str]); 3] = [
        ("pack", &raw.pack, &["core", "extended", "model"]),
        (
            "severity",
            &raw.severity,
            &["critical", "high", "medium", "low", "info"],
        ),
        (
            "likelihood",
            &raw.likelihood,
            &["high", "medium", "low", "unknown"],
        ),
    ];
    for (key, value, known) in words {
        if !known.contains(&value) {
            wrong.push(format!("{key} `{value}` is none of {}", known.join(", ")));
        }
    }
    if raw.target.is_empty() {
        wrong.push("target is empty".into());
    }
    for name in &raw.target {
        if !Class::named(name).is_some_and(Class::is_element) {
            wrong.push(format!("target `{name}` is no class of elements"));
        }
    }
    let texts = [
        ("title", &raw.title),
        ("when", &raw.when),
        ("description", &raw.description),
        ("mitigation", &raw.mitigation),
        ("since", &raw.since),
    ];
    for (key, text) in texts {
        if text.trim().is_empty() {
            wrong.push(format!("{key} is empty"));
        }
    }
    if raw.title.chars().count() > 80 || raw.title.ends_with('.') {
        wrong.push("the title has more than 80 characters or a final stop".into());
    }
    wrong.extend(test_complaints(&raw.tests));
    wrong
}

fn test_complaints(tests: &[Test]) -> Vec<String> {
    let mut wrong = Vec::new();
    let silent = |why: &str| {
        tests
            .iter()
            .any(|test| test.finds.is_empty() && test.why.as_deref() == Some(why))
    };
    if tests.iter().all(|test| test.finds.is_empty()) {
        wrong.push("no test finds anything".into());
    }
    for why in ["control", "not-applicable"] {
        if !silent(why) {
            wrong.push(format!("no test finds nothing with `why: {why}`"));
        }
    }
    for test in tests {
        if !test.model.is_mapping() {
            wrong.push(format!(
                "the model of the test `{}` is no mapping",
                test.name
            ));
        }
        if let Some(why) = &test.why
            && !["control", "not-applicable"].contains(&why.as_str())
        {
            wrong.push(format!(
                "`why: {why}` is neither control nor not-applicable"
            ));
        }
    }
    wrong
}

/// Ids and aliases that stand for two rules.
pub(crate) fn clashes(rules: &[Rule]) -> Vec<String> {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let mut wrong = Vec::new();
    for rule in rules {
        let names = std::iter::once(&rule.raw.id).chain(&rule.raw.aliases);
        for name in names {
            if let Some(other) = owners.insert(name, &rule.raw.id) {
                wrong.push(format!("{name} stands for {other} and for {}", rule.raw.id));
            }
        }
    }
    wrong
}
