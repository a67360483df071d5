//! Holds the code to the layer table of the design: who may import whom, which
//! file may name which crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tmrs::model::vocabulary::{Class, Enumeration, Fallback, Kind};

/// Layer → layers that it may import (besides itself).
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("escape", &[]),
    ("tools", &[]),
    ("notice", &["source"]),
    ("syntax", &["source", "notice"]),
    ("model", &["source", "notice"]),
    ("condition", &["syntax", "model", "source", "notice"]),
    (
        "rules",
        &["condition", "model", "syntax", "source", "notice"],
    ),
    ("finding", &["rules", "condition", "model", "source"]),
    (
        "evaluate",
        &["finding", "rules", "condition", "model", "notice"],
    ),
    ("config", &["syntax", "source", "notice", "day", "rules"]),
    ("day", &[]),
    ("discover", &["config", "source", "notice"]),
    ("read", &["syntax", "model", "source", "notice", "day"]),
    (
        "pipeline",
        &[
            "discover", "read", "evaluate", "finding", "rules", "config", "model", "source",
            "notice",
        ],
    ),
    (
        "triage",
        &[
            "finding",
            "config",
            "rules",
            "model",
            "syntax",
            "source",
            "notice",
            "condition",
            "evaluate",
            "pipeline",
            "report",
            "day",
            "escape",
        ],
    ),
    (
        "report",
        &[
            "finding",
            "evaluate",
            "rules",
            "condition",
            "model",
            "notice",
            "source",
            "pipeline",
        ],
    ),
    ("draw", &["report", "model", "escape"]),
    ("template", &["report", "draw", "model", "escape"]),
    ("emit", &["report", "draw", "escape", "source", "notice"]),
    ("schema", &["read", "model", "report", "rules", "config"]),
    (
        "ruletest",
        &[
            "read",
            "rules",
            "condition",
            "evaluate",
            "model",
            "source",
            "notice",
            "finding",
            "syntax",
        ],
    ),
];

/// Crate → the only files (or folders) that may name it.
const CONFINED: &[(&str, &[&str])] = &[
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("miette", &["emit/human", "main.rs"]),
    ("serde_sarif", &["emit/sarif.rs", "emit/sarif"]),
    ("quick_junit", &["emit/junit.rs"]),
    ("ruff_python_parser", &["syntax/python.rs"]),
    ("ruff_python_ast", &["syntax/python.rs"]),
    ("ruff_text_size", &["syntax/python.rs"]),
    ("granit_parser", &["syntax/yaml.rs"]),
    ("jsonc_parser", &["syntax/json.rs"]),
    ("minijinja", &["template/jinja.rs"]),
    ("pulldown_cmark", &["template/markdown.rs"]),
];

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&src, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(&src)
                .unwrap()
                .to_str()
                .unwrap()
                .replace(std::path::MAIN_SEPARATOR, "/");
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The layer of a file: its folder, or its own name.
fn layer(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The code of a file without its unit tests and comments.
fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]").next().unwrap();
    before_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Every layer that a file names through `crate::`.
fn imports(text: &str) -> BTreeSet<String> {
    let code = code(text);
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let names = group.split('}').next().unwrap().split(',');
            found.extend(names.map(|name| name.trim().split("::").next().unwrap().to_owned()));
        } else {
            found.insert(
                rest.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect(),
            );
        }
    }
    found.remove("");
    found
}

#[test]
fn no_layer_imports_one_that_comes_after_it() {
    let table: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = layer(&file);
        if matches!(own, "lib" | "main" | "cli") {
            continue;
        }
        let Some(allowed) = table.get(own) else {
            wrong.push(format!("src/{file}: the layer {own} is not in the table"));
            continue;
        };
        for imported in imports(&text) {
            if imported != own && !allowed.contains(&imported.as_str()) {
                wrong.push(format!("src/{file} imports {imported}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_crate_stays_in_the_file_that_wraps_it() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let code = code(&text);
        for (name, homes) in CONFINED {
            let used = code.match_indices(name).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                let after = code[at + name.len()..].chars().next();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"')
                    && after == Some(':')
            });
            if used && !homes.iter().any(|home| file.starts_with(home)) {
                wrong.push(format!("src/{file} names {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_one_file_starts_programs() {
    for (file, text) in sources() {
        if file != "tools.rs" {
            assert!(
                !code(&text).contains("process::Command"),
                "src/{file} starts a program"
            );
        }
    }
}

#[test]
fn notice_codes_are_unique() {
    let mut codes: Vec<_> = tmrs::notice::CODES.iter().map(|(code, _)| code).collect();
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
}

#[test]
fn the_vocabulary_has_every_class_attribute_and_enum_of_pytm() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/vocabulary.json");
    let pytm: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    for (name, class) in pytm["classes"].as_object().unwrap() {
        if name == "Threat" {
            continue; // pytm's rule, not something that a model says
        }
        let ours = Class::named(name).unwrap_or_else(|| panic!("no class {name}"));
        assert_eq!(
            ours.parent().map(Class::name),
            class["parent"].as_str(),
            "parent of {name}"
        );
        for (attribute, spec) in class["attributes"].as_object().unwrap() {
            let found = ours
                .attribute(attribute)
                .unwrap_or_else(|| panic!("{name}.{attribute} is missing"));
            assert!(!found.description.is_empty());
            if found.kind == Kind::Internal || found.required {
                continue;
            }
            let same = match (&spec["default"], found.default) {
                (serde_json::Value::Bool(theirs), Fallback::Bool(ours)) => *theirs == ours,
                (serde_json::Value::Number(theirs), Fallback::Int(ours)) => {
                    theirs.as_i64() == Some(ours)
                }
                (
                    serde_json::Value::String(theirs),
                    Fallback::Text(ours) | Fallback::Member(ours),
                ) => theirs == ours,
                (serde_json::Value::Object(_) | serde_json::Value::Null, _) => true,
                _ => false,
            };
            assert!(
                same,
                "default of {name}.{attribute}: {} is not {:?}",
                spec["default"], found.default
            );
        }
    }
    for (name, members) in pytm["enums"].as_object().unwrap() {
        let ours = Enumeration::named(name).unwrap_or_else(|| panic!("no enum {name}"));
        let names: Vec<_> = ours.members.iter().map(|(name, _)| *name).collect();
        let theirs: Vec<_> = members
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m.as_str().unwrap())
            .collect();
        assert_eq!(names, theirs, "{name}");
    }
}
