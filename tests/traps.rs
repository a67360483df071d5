//! Models written to mislead: an element where a reader may not look, a control that
//! only seems to be set. Each is read as real pytm reads it, or refused.
//!
//! The traps are in `tests/traps/*.txt`, with what pytm 1.4.0 makes of each in
//! `answers.json` (`tests/consumers/python/traps.py` records and checks the answers).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value as Json;

use crate::harness::Repo;
use crate::shared::root;

const END: &str = "\n\nif __name__ == \"__main__\":\n    tm.process()\n";

/// The files of every trap by its name; `tm.py` is the model.
fn traps() -> BTreeMap<String, Vec<(String, String)>> {
    let folder = root().join("tests/traps");
    let prologue = fs::read_to_string(folder.join("prologue.py")).unwrap();
    let mut traps = BTreeMap::new();
    for group in ["overlooked.txt", "granted.txt"] {
        let text = fs::read_to_string(folder.join(group)).unwrap();
        for block in text.split("\n## ").skip(1) {
            let (name, body) = block.split_once('\n').unwrap();
            let mut parts = body.trim_end_matches('\n').split("\n--- ");
            let model = format!("{prologue}{}\n{END}", parts.next().unwrap());
            let mut files = vec![("tm.py".to_owned(), model)];
            for part in parts {
                let (path, text) = part.split_once('\n').unwrap_or((part, ""));
                files.push((path.to_owned(), format!("{text}\n")));
            }
            assert!(traps.insert(name.to_owned(), files).is_none(), "{name}");
        }
    }
    traps
}

/// What a graph of the report says in the terms of the recorded answers.
fn answer(graph: &Json) -> Json {
    let mut elements = Vec::new();
    let mut facts = Vec::new();
    for element in graph["elements"].as_array().unwrap() {
        elements.push(vec![text(&element["class"]), text(&element["name"])]);
        let mut fact = vec![text(&element["name"])];
        for (attribute, said) in element["attributes"].as_object().unwrap() {
            if let Some(control) = attribute.strip_prefix("controls.")
                && said["value"] == Json::Bool(true)
            {
                fact.push(control.to_owned());
            }
        }
        if element["inScope"] == Json::Bool(false) {
            fact.push("out of scope".to_owned());
        }
        if fact.len() > 1 {
            facts.push(fact);
        }
    }
    for (kind, class) in [("flows", "Dataflow"), ("boundaries", "Boundary")] {
        for element in graph[kind].as_array().unwrap() {
            elements.push(vec![class.to_owned(), text(&element["name"])]);
        }
    }
    elements.sort();
    facts.sort();
    serde_json::json!({ "elements": elements, "facts": facts })
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Traps that catch tmrs today. The list may only shrink: `TMRS_BLESS=1` takes out of it
/// what is right by now, and adds nothing.
fn known_wrong(wrong: &BTreeSet<String>) -> BTreeSet<String> {
    let file = root().join("tests/traps/known-wrong.txt");
    let list = fs::read_to_string(&file).unwrap_or_default();
    let mut known: BTreeSet<String> = list.lines().map(ToOwned::to_owned).collect();
    if std::env::var_os("TMRS_BLESS").is_some() {
        known.retain(|name| wrong.contains(name));
        fs::write(
            file,
            known
                .iter()
                .map(|name| format!("{name}\n"))
                .collect::<String>(),
        )
        .unwrap();
    }
    known
}

#[test]
fn a_trap_is_read_as_pytm_reads_it_or_refused() {
    let recorded: BTreeMap<String, Json> =
        serde_json::from_str(&fs::read_to_string(root().join("tests/traps/answers.json")).unwrap())
            .unwrap();
    let traps = traps();
    assert!(traps.len() >= 250, "only {} traps", traps.len());
    assert_eq!(
        traps.keys().collect::<Vec<_>>(),
        recorded.keys().collect::<Vec<_>>(),
        "traps and answers belong together: run tests/consumers/python/traps.py --bless"
    );
    let repo = Repo::new();
    let mut models = Vec::new();
    for (number, files) in traps.values().enumerate() {
        for (path, text) in files {
            repo.write(&format!("t{number}/{path}"), text);
        }
        models.push(format!("t{number}/tm.py"));
    }
    repo.commit("Traps");
    let mut arguments = vec!["--no-baseline"];
    arguments.extend(models.iter().map(String::as_str));
    let report = repo.report(&arguments);

    let refused: BTreeSet<&str> = report["notices"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|notice| notice["severity"] == "error" && notice["location"]["line"].is_u64())
        .filter_map(|notice| notice["location"]["path"].as_str()?.split('/').next())
        .collect();
    let mut wrong = BTreeSet::new();
    let mut equal = 0;
    for (number, name) in traps.keys().enumerate() {
        if refused.contains(format!("t{number}").as_str()) {
            continue;
        }
        let model = report["models"].as_array().unwrap().iter();
        let said = model
            .filter(|model| model["path"] == models[number])
            .map(|model| answer(&model["graph"]))
            .next_back();
        if said.as_ref() == Some(&recorded[name]) {
            equal += 1;
        } else {
            wrong.insert(name.clone());
        }
    }
    let known = known_wrong(&wrong);
    let new: Vec<_> = wrong.difference(&known).collect();
    assert!(
        new.is_empty(),
        "read otherwise than pytm does, and not refused: {new:#?}"
    );
    let mended: Vec<_> = known.difference(&wrong).collect();
    assert!(
        mended.is_empty(),
        "right by now, so take them out of tests/traps/known-wrong.txt (TMRS_BLESS=1 does): {mended:#?}"
    );
    assert!(
        equal * 3 > traps.len(),
        "only {equal} traps are read at all"
    );
}
