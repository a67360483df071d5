//! pytm's template language: our own templates, rendered by pytm 1.4.0
//! (`scripts/diagram-goldens`) and by us, are the same text. The templates that
//! pytm publishes, and its own threats, are the business of
//! `tests/consumers/templates.sh`, which reads the same list of differences.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use tmrs::report::Report;
use tmrs::template::{Escape, pytm};

use crate::diagrams::report;
use crate::shared::root;

fn rendered(report: &Report, run: usize, template: &Path) -> String {
    let template = fs::read_to_string(template).unwrap();
    pytm::render(&template, report, &report.models[run], Escape::Nothing).unwrap()
}

#[test]
fn our_templates_give_what_pytm_makes_of_them_but_for_listed_differences() {
    let mut found = BTreeSet::new();
    let mut files = fs::read_dir(root().join("tests/goldens/templates"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>();
    files.sort();
    assert!(files.len() >= 40);
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let (rest, kind) = name.strip_suffix(".md").unwrap().rsplit_once('.').unwrap();
        let (model, run) = rest.rsplit_once('.').unwrap();
        let golden: serde_json::Value = serde_json::from_str(
            &fs::read_to_string(root().join(format!("tests/goldens/diagrams/{model}.json")))
                .unwrap(),
        )
        .unwrap();
        let report = report(golden["model"].as_str().unwrap());
        let template = root().join(format!("tests/templates/{kind}.md"));
        let ours = rendered(&report, run.parse().unwrap(), &template);
        let theirs = fs::read_to_string(&file).unwrap();
        for (side, mine, other) in [("ours", &ours, &theirs), ("theirs", &theirs, &ours)] {
            let other = lines(other);
            let missing = lines(mine).into_iter().filter(|line| !other.contains(line));
            found.extend(missing.map(|line| (name.clone(), side.to_owned(), line)));
        }
    }
    let listed = fs::read_to_string(root().join("tests/templates/differences.json")).unwrap();
    let listed: Vec<serde_json::Value> = serde_json::from_str(&listed).unwrap();
    let mut unlisted = found.clone();
    for item in &listed {
        assert!(item["reason"].as_str().unwrap().len() > 20, "{item}");
        if item["threats"] == "pytm" {
            // Seen with pytm's own threats only: the consumer test holds it.
            continue;
        }
        let before = unlisted.len();
        unlisted.retain(|(file, side, line)| {
            let is = |key: &str, text: &str| item[key].as_str().unwrap() == text;
            !(is("file", file) && is("side", side) && line.contains(item["line"].as_str().unwrap()))
        });
        assert!(unlisted.len() < before, "listed, but gone: {item}");
    }
    assert!(unlisted.is_empty(), "not listed: {unlisted:#?}");
}

/// The comparison above is with the library; the command gives the same text, but
/// for what it escapes in Markdown.
#[test]
fn the_command_renders_what_the_library_renders() {
    let folder = tempfile::tempdir().unwrap();
    let mut compared = 0;
    for model in [
        "examples/blog/threats/tm.py",
        "tests/models/greenhouse_threats_pathlib.py",
        "tests/models/farm_two_models_shared.py",
    ] {
        let report = report(model);
        for kind in ["model", "findings"] {
            let template = root().join(format!("tests/templates/{kind}.md"));
            let plain = folder.path().join(format!("{kind}.txt"));
            fs::copy(&template, &plain).unwrap();
            let out = folder.path().join(format!("out-{compared}"));
            let status = Command::new(env!("CARGO_BIN_EXE_tmrs"))
                .args(["report", model, "--no-default-rules", "--template"])
                .arg(&plain)
                .arg("--output")
                .arg(format!("{}/", out.display()))
                .current_dir(root())
                .status()
                .unwrap();
            assert!(status.success(), "{model}");
            let mut written: Vec<String> = fs::read_dir(&out)
                .unwrap()
                .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
                .collect();
            let mut expected: Vec<String> = (0..report.models.len())
                .map(|run| rendered(&report, run, &template))
                .collect();
            written.sort();
            expected.sort();
            assert_eq!(written, expected, "{model} {kind}");
            compared += written.len();
        }
    }
    assert!(compared >= 8, "{compared}");
}

/// The lines of a text. Findings stand in our order, worst first, where pytm has
/// its threat file's: so neither the order of lines nor of words in them counts.
fn lines(text: &str) -> BTreeSet<String> {
    let lines = text.lines().map(|line| {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        words.sort_unstable();
        words.join(" ")
    });
    lines.collect()
}

fn of_the_blog(template: &str) -> Result<String, String> {
    let report = report("examples/blog/threats/tm.py");
    pytm::render(template, &report, &report.models[0], Escape::Html).map_err(|e| e.to_string())
}

#[test]
fn the_template_of_the_article_works() {
    let report = report("tests/models/greenhouse_threats_pathlib.py");
    let template = "{findings:repeat:* {{item.description}} on element \"{{item.target}}\"\n}";
    let text = pytm::render(template, &report, &report.models[0], Escape::Html).unwrap();
    assert!(
        text.contains("* Greenhouse rule 34 on element \"Bed\"\n"),
        "{text}"
    );
    assert!(text.lines().all(|line| line.starts_with("* ")));
}

#[test]
fn a_mistake_in_a_template_is_told_with_its_line() {
    for (template, complaint) in [
        (
            "a\n{tm.nam}",
            "line 2: TM has no attribute “nam”; did you mean “name”?",
        ),
        ("a\n\n}", "line 3: a single “}” stands alone"),
        ("{flows:repeat:x}", "line 1: “flows” is unknown"),
        (
            "{dataflows:repeat:{{tm.name}}}",
            "line 1: “tm” is unknown here",
        ),
        (
            "{dataflows:repeat:{{item.source.nme}}}",
            "line 1: Actor has no attribute “nme”",
        ),
        ("{tm.name:repaet:x}", "line 1: “repaet:x” is none of repeat"),
        (
            "{tm:call:getParent}",
            "line 1: there is no report method “getParent”",
        ),
        ("{tm.name", "line 1: a “{” is never closed"),
        (
            "{tm.name:{tm.name:{tm.name:{tm.name}}}}",
            "line 1: fields stand too deeply",
        ),
    ] {
        let error = of_the_blog(template).unwrap_err();
        assert!(error.starts_with(complaint), "{template}: {error}");
    }
}

#[test]
fn no_template_runs_for_ever() {
    let mut inner = "{item.name}".to_owned();
    for _ in 0..8 {
        inner = format!(
            "{{item.source.outputs:repeat:{}}}",
            inner.replace('{', "{{").replace('}', "}}")
        );
    }
    let template = format!(
        "{{dataflows:repeat:{}}}",
        inner.replace('{', "{{").replace('}', "}}")
    );
    // It ends, whatever it gives.
    let _ = of_the_blog(&template);
}
