//! Real pytm runs every answered model: it has what was answered, and everything else as before.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value as Json;

use super::edits::{Round, one_round, tree};
use super::files;
use crate::harness::run;
use crate::shared::root;

/// What `tests/python/answered.py` says of a model.
#[derive(Deserialize, PartialEq, Debug)]
struct Said {
    things: Vec<Thing>,
    comments: BTreeMap<String, Vec<String>>,
}

/// An element or data, with the attributes that have plain values.
#[derive(Deserialize, PartialEq, Debug)]
struct Thing {
    class: String,
    name: String,
    attributes: BTreeMap<String, Json>,
}

#[test]
#[ignore = "runs pytm 1.4.0: scripts/test-all"]
fn pytm_has_what_was_answered_and_everything_else_as_before() {
    let files = tree();
    let mut tried = 0;
    let mut wrong = Vec::new();
    for path in self::files().iter().filter(|path| is_python(path)) {
        let round = one_round(path, &files);
        if round.said.is_empty() {
            continue;
        }
        let before = said_by_pytm(path, &round, false);
        let after = said_by_pytm(path, &round, true);
        match (before, after) {
            (Ok(before), Ok(after)) => wrong.extend(differences(path, &round, &before, &after)),
            (Err(why), _) | (_, Err(why)) => wrong.push(format!("{path}: {why}")),
        }
        tried += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 40, "{tried}");
}

/// Runs a model in a folder of its own, with its answers or without.
fn said_by_pytm(path: &str, round: &Round, answered: bool) -> Result<Said, String> {
    let folder = tempfile::tempdir().unwrap();
    for file in files() {
        let to = folder.path().join(&file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(root().join(&file), to).unwrap();
    }
    for (file, text) in round.texts.iter().filter(|_| answered) {
        fs::write(folder.path().join(file.as_str()), text).unwrap();
    }
    let changed = round.texts.keys().map(tmrs::source::RepoPath::as_str);
    let run = run(Command::new(python())
        .arg(root().join("tests/python/answered.py"))
        .args([path].into_iter().chain(changed))
        .current_dir(folder.path()));
    serde_json::from_str(&run.out).map_err(|error| format!("{error}: {}{}", run.out, run.err))
}

/// What differs and was not answered, and what was answered and is not there.
fn differences(path: &str, round: &Round, before: &Said, after: &Said) -> Vec<String> {
    let mut wrong = Vec::new();
    if before.comments != after.comments {
        wrong.push(format!("{path}: other comments"));
    }
    let who = |said: &Said| -> Vec<_> {
        let things = said.things.iter();
        things.map(|t| (t.class.clone(), t.name.clone())).collect()
    };
    if who(before) != who(after) {
        wrong.push(format!("{path}: other elements: {:?}", who(after)));
    }
    for step in &round.said {
        let mut things = after.things.iter();
        if !things.any(|thing| {
            *thing.name == *step.element
                && thing.attributes.get(&step.attribute) == Some(&step.value)
        }) {
            let (element, attribute) = (&step.element, &step.attribute);
            wrong.push(format!(
                "{path}: {attribute} of {element} is not {}",
                step.value
            ));
        }
    }
    for (was, is) in before.things.iter().zip(&after.things) {
        for (attribute, value) in &is.attributes {
            let answered = round.said.iter().any(|step| {
                *step.element == *is.name && step.attribute == *attribute && step.value == *value
            });
            if was.attributes.get(attribute) != Some(value) && !answered {
                wrong.push(format!("{path}: {attribute} of {} is {value}", is.name));
            }
        }
    }
    wrong
}

/// pytm's Python, which stands beside its threat file.
fn python() -> PathBuf {
    let threats = std::env::var_os("TMRS_PYTM_THREATS").expect("scripts/test-all sets it");
    let folders = Path::new(&threats).ancestors();
    let mut pythons = folders.map(|folder| folder.join("bin/python"));
    pythons.find(|python| python.exists()).unwrap()
}

fn is_python(path: &str) -> bool {
    let ending = Path::new(path).extension();
    ending.is_some_and(|ending| ending == "py")
}
