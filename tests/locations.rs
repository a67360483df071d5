//! The location oracle: what every finding points at is really there, seen by a
//! line counter that shares no code with the project.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::harness::Repo;

const CLASSES: [&str; 14] = [
    "Element",
    "Asset",
    "Actor",
    "Server",
    "Process",
    "SetOfProcesses",
    "ExternalEntity",
    "Datastore",
    "Lambda",
    "LLM",
    "Agent",
    "Dataflow",
    "Boundary",
    "TM",
];

fn report(path: &str) -> Json {
    let output = Command::new(env!("CARGO_BIN_EXE_tmrs"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", path, "--format", "json"])
        .env_remove("GITHUB_ACTIONS")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!(
            "{path}: {error}: {}",
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

/// The text between two positions, counted here: lines end at LF, columns are characters.
fn text_at(location: &Json, files: &mut BTreeMap<String, Vec<Vec<char>>>) -> String {
    let path = location["path"].as_str().unwrap();
    let lines = files.entry(path.to_owned()).or_insert_with(|| {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        text.split('\n')
            .map(|line| line.chars().collect())
            .collect()
    });
    let number = |key: &str| usize::try_from(location[key].as_u64().unwrap()).unwrap();
    let (line, column) = (number("line"), number("column"));
    let (end_line, end_column) = (number("endLine"), number("endColumn"));
    assert!(line >= 1 && column >= 1 && end_line >= line, "{location}");
    let mut text = String::new();
    for at in line..=end_line {
        let chars = &lines[at - 1];
        let from = if at == line { column - 1 } else { 0 };
        let to = if at == end_line {
            end_column - 1
        } else {
            chars.len()
        };
        assert!(
            from <= to && to <= chars.len(),
            "{location} leaves its line"
        );
        text.extend(&chars[from..to]);
        if at < end_line {
            text.push('\n');
        }
    }
    text
}

fn models() -> Vec<String> {
    let mut found = vec!["examples".to_owned()];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models");
    let mut models: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ending == "py" || ending == "yaml")
        })
        .map(|path| {
            format!(
                "tests/models/{}",
                path.file_name().unwrap().to_str().unwrap()
            )
        })
        .collect();
    models.sort();
    found.extend(models);
    found
}

#[test]
fn every_location_holds_what_the_finding_says() {
    let mut files = BTreeMap::new();
    let mut findings = 0;
    for path in models() {
        let report = report(&path);
        for finding in report["findings"].as_array().unwrap() {
            findings += 1;
            let text = text_at(&finding["location"], &mut files);
            assert!(!text.is_empty(), "{path}: empty location: {finding:#}");
            let name = finding["element"]["name"].as_str().unwrap();
            let facts = finding["because"].as_array().unwrap();
            let attribute = facts.iter().any(|fact| {
                let attribute = fact["attribute"].as_str().unwrap();
                text.contains(attribute.rsplit('.').next().unwrap())
            });
            let called = CLASSES
                .iter()
                .any(|class| text.starts_with(class) || text.contains(&format!(".{class}(")));
            let rule = finding["rule"].as_str().unwrap();
            let stated = finding["title"]
                .as_str()
                .is_some_and(|title| text.contains(title))
                || text.contains(rule);
            // A factory's call, a subclass's, an alias's: `name(…)`. A native model: the id.
            let call_or_id = text.contains('(')
                || text
                    .chars()
                    .all(|c| c.is_alphanumeric() || "_-. \"'".contains(c));
            // Models that compute attribute names: the name stands in no one place.
            let computed = path == "tests/models/insurer_one_gap_each.py";
            assert!(
                computed || attribute || called || stated || text.contains(name) || call_or_id,
                "{path}: {rule} on {name} points at {text:?}"
            );
            for fact in facts.iter().filter(|fact| fact["origin"] == "declared") {
                let Some(_) = fact["location"].as_object() else {
                    continue;
                };
                let said = text_at(&fact["location"], &mut files);
                assert!(
                    !said.trim().is_empty(),
                    "{path}: a declared fact without text: {fact}"
                );
            }
            for related in finding["related"].as_array().unwrap() {
                assert!(
                    !text_at(&related["location"], &mut files).is_empty(),
                    "{path}: {related}"
                );
            }
        }
    }
    assert!(findings > 1000, "only {findings} findings were looked at");
}

/// Path and line of every open finding, as a format that lists them singly says.
fn lines(path: &str, format: &str) -> Vec<(String, u64)> {
    let output = Command::new(env!("CARGO_BIN_EXE_tmrs"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", path, "--format", format, "--sarif-assumed", "each"])
        .env_remove("GITHUB_ACTIONS")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let place =
        |path: &Json, line: &Json| (path.as_str().unwrap().to_owned(), line.as_u64().unwrap());
    let json: Json = serde_json::from_str(&text).unwrap();
    let mut lines: Vec<_> = match format {
        "json" => json["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["status"] == "new")
            .map(|f| place(&f["location"]["path"], &f["location"]["line"]))
            .collect(),
        "sarif" => json["runs"][0]["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|result| {
                let at = &result["locations"][0]["physicalLocation"];
                place(&at["artifactLocation"]["uri"], &at["region"]["startLine"])
            })
            .collect(),
        "gitlab" => json
            .as_array()
            .unwrap()
            .iter()
            .map(|issue| {
                place(
                    &issue["location"]["path"],
                    &issue["location"]["lines"]["begin"],
                )
            })
            .collect(),
        other => panic!("{other}"),
    };
    lines.sort();
    lines
}

#[test]
fn every_format_that_lists_findings_puts_them_on_the_same_lines() {
    for path in [
        "examples/blog",
        "examples/payments",
        "tests/models/cold_chain_monitoring.py",
    ] {
        let json = lines(path, "json");
        assert!(!json.is_empty());
        assert_eq!(json, lines(path, "sarif"), "{path} in SARIF");
        assert_eq!(
            json,
            lines(path, "gitlab"),
            "{path} in GitLab's Code Quality"
        );
    }
}

#[test]
fn a_file_that_is_no_text_is_wrong_where_it_stops_being_text() {
    for (path, bytes, line, column) in [
        ("tm.yaml", &b"tmrs: 1\nname: \"\xff\"\n"[..], 2, 8),
        (
            "tm.yaml",
            b"\xef\xbb\xbftmrs: 1\nname: a\xc3\xa9\xff\n",
            2,
            9,
        ),
        ("tm.yaml", b"\xfftmrs: 1\nname: M\n", 1, 1),
        (
            "tm.py",
            b"from pytm import TM\n# \xe9\ntm = TM('A')\n",
            2,
            3,
        ),
    ] {
        let repo = Repo::new();
        fs::write(repo.path(path), bytes).unwrap();
        repo.git(&["add", "."]);
        let report = repo.report(&[path]);
        let notice = &report["notices"][0];
        let at = &notice["location"];
        assert_eq!(notice["code"], "unreadable", "{notice}");
        let found = (&at["path"], &at["line"], &at["column"]);
        assert_eq!(
            found,
            (&path.into(), &line.into(), &column.into()),
            "{notice}"
        );
    }
}
