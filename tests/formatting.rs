//! `tmrs fmt`: one layout for native models, and nothing of what they say is lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tmrs::format::formatted;
use tmrs::notice::Notice;
use tmrs::source::{Memory, RepoPath, Source};

use crate::harness::{Repo, fails_with};
use crate::shared::root;

const PLAIN: &str =
    "tmrs: 1\nname: Shop\nelements:\n  web: {class: Server}\n  db:\n    class: Datastore\n";

const UNTIDY: &str = "# What we sell with.\ntmrs:   1\nname: 'Shop'   # the \"old\" one\n\n\nelements:\n\n    web:   {class: Server,   name: 'It''s'}   # tmrs: exclude[INP05] it speaks no SQL\n    # tmrs: exclude[AC01] nobody logs in\n    db:\n        class: Datastore\n        description: >\n            folded\n            text\n\n            and more\n        technologies: [MySQL,Redis ,\n          Kafka]\n\n    # Asked by the auditors.\n    vault: {\n      class: Datastore, # keys\n      name: Vault\n    }\nflows:\n    keep: {source: web, sink: db}\n\n\n# The end.\n";

const TIDY: &str = "# What we sell with.\ntmrs: 1\nname: \"Shop\" # the \"old\" one\n\nelements:\n  web: {class: Server, name: 'It''s'} # tmrs: exclude[INP05] it speaks no SQL\n  # tmrs: exclude[AC01] nobody logs in\n  db:\n    class: Datastore\n    description: >\n      folded\n      text\n\n      and more\n    technologies: [MySQL, Redis, Kafka]\n\n  # Asked by the auditors.\n  vault: {\n    class: Datastore, # keys\n    name: Vault\n  }\nflows:\n  keep: {source: web, sink: db}\n\n# The end.\n";

fn laid_out(text: &str) -> Result<String, Vec<Notice>> {
    let source = Source::new(RepoPath::new("m.yaml").unwrap(), text);
    formatted(&source, &Memory::new([("m.yaml", text)]))
}

/// Every native model in YAML of the project, and the seeds of its fuzzing.
fn models() -> Vec<(PathBuf, String)> {
    fn below(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_yaml = path
                .extension()
                .is_some_and(|it| it == "yaml" || it == "yml");
            if path.is_dir() {
                below(&path, found);
            } else if is_yaml {
                let text = fs::read_to_string(&path).unwrap();
                if text.lines().any(|line| line.starts_with("tmrs:")) {
                    found.push((path, text));
                }
            }
        }
    }
    let mut found = Vec::new();
    for folder in ["examples", "tests", "fuzz/seeds/native"] {
        below(&root().join(folder), &mut found);
    }
    found.sort();
    assert!(found.len() >= 25, "{}", found.len());
    found
}

#[test]
fn comments_blank_lines_and_values_are_kept() {
    assert_eq!(laid_out(UNTIDY).unwrap(), TIDY);
    assert_eq!(laid_out(TIDY).unwrap(), TIDY);
    assert_eq!(laid_out(PLAIN).unwrap(), PLAIN);
}

#[test]
fn every_model_of_the_project_formats_to_itself_again() {
    for (path, text) in models() {
        let shown = path.display();
        let once = laid_out(&text).unwrap_or_else(|why| panic!("{shown}: {why:?}"));
        assert_eq!(laid_out(&once).unwrap(), once, "{shown}");
    }
}

/// What a report says of each finding, wherever it stands.
fn judged(repo: &Repo) -> Vec<String> {
    let report = repo.report(&["--fail-on", "never"]);
    let said = |finding: &Json| {
        let keys = [
            "model",
            "modelName",
            "rule",
            "status",
            "severity",
            "risk",
            "evidence",
            "element",
            "source",
            "sink",
            "fingerprint",
        ];
        keys.map(|key| match &finding[key] {
            Json::Object(element) => format!("{} {}", element["class"], element["name"]),
            value => value.to_string(),
        })
        .join(" ")
    };
    let mut all: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(said)
        .collect();
    all.sort();
    all
}

#[test]
fn findings_are_the_same_before_and_after() {
    let repo = Repo::new();
    for (at, (_, text)) in models().iter().enumerate() {
        let untidy = text.replace(": {", ":   {  ").replace("\n  ", "\n     ");
        // Not every text bears being pushed about; those that do not stay as they are.
        let untidy = laid_out(&untidy).map_or(text.clone(), |_| untidy);
        repo.write(&format!("{at}.yaml"), &untidy);
    }
    repo.commit("Start");
    let before = judged(&repo);
    let run = repo.tmrs(&["fmt"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.lines().count() > 20, "{run:?}");
    assert!(before.len() > 500, "{}", before.len());
    assert_eq!(judged(&repo), before);
    let again = repo.tmrs(&["fmt", "--check"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.out.starts_with("Nothing to format in "), "{again:?}");
}

#[test]
fn a_comment_to_tmrs_stays_at_its_element() {
    let repo = Repo::with(&[("a.yaml", UNTIDY)]);
    let excluded = || repo.findings("excluded", &["--fail-on", "never"]);
    let before = excluded();
    assert_eq!(repo.tmrs(&["fmt"]).code, 0);
    assert_eq!(repo.read("a.yaml"), TIDY);
    assert_eq!(excluded(), before);
}

#[test]
fn check_writes_nothing_and_names_the_first_line_that_would_change() {
    let repo = Repo::with(&[("a.yaml", UNTIDY), ("b.yaml", PLAIN)]);
    let run = repo.tmrs(&["fmt", "--check"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(
        run.out,
        "a.yaml:2 would change:\n  - tmrs:   1\n  + tmrs: 1\n\
         1 of 2 models would change; `tmrs fmt` writes them\n"
    );
    assert_eq!(repo.read("a.yaml"), UNTIDY);
    let run = repo.tmrs(&["fmt", "--check", "b.yaml"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.out, "Nothing to format in 1 model.\n");
}

#[test]
fn only_what_changes_is_written() {
    let repo = Repo::with(&[
        ("a.yaml", UNTIDY),
        ("sub/b.yml", PLAIN),
        ("c.yaml", "x:   1\n"),
    ]);
    let run = repo.tmrs(&["fmt"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.out, "Formatted a.yaml\n");
    assert_eq!(repo.read("sub/b.yml"), PLAIN);
    assert_eq!(repo.read("c.yaml"), "x:   1\n");
    assert_eq!(repo.git(&["status", "--porcelain"]), " M a.yaml\n");
}

#[test]
fn a_repository_may_say_that_it_has_no_model() {
    let repo = Repo::with(&[("a.txt", "")]);
    assert_eq!(repo.tmrs(&["fmt"]).code, 4);
    let repo = Repo::with(&[("tmrs.yaml", "allow-no-models: true\n")]);
    assert_eq!(repo.tmrs(&["fmt"]).code, 0);
}

#[test]
fn standard_input_is_formatted_to_standard_output() {
    let repo = Repo::with(&[("a.yaml", PLAIN)]);
    let run = repo.tmrs_with(&["fmt", "-"], UNTIDY);
    assert_eq!((run.code, run.out.as_str()), (0, TIDY), "{}", run.err);
    let run = repo.tmrs_with(&["fmt", "-"], TIDY);
    assert_eq!((run.code, run.out.as_str()), (0, TIDY), "{}", run.err);
    let run = repo.tmrs_with(&["fmt", "--check", "-"], UNTIDY);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.out.starts_with("stdin.yaml:2 would change:\n"),
        "{}",
        run.out
    );
    let run = repo.tmrs_with(
        &["fmt", "-", "--stdin-name", "a.yaml"],
        "tmrs: 1\nname: [\n",
    );
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{}", run.err);
    assert!(run.err.contains("a.yaml:"), "{}", run.err);
    fails_with(
        &repo.tmrs_with(&["fmt", "-", "a.yaml"], UNTIDY),
        &["formatted alone"],
    );
    fails_with(
        &repo.tmrs_with(&["fmt", "-"], "x: 1\n"),
        &["top-level key `tmrs`"],
    );
}

#[test]
fn a_broken_file_is_left_and_the_others_are_formatted() {
    let broken = "tmrs: 1\nname:   Shop\nelements: {\n";
    let twice = "tmrs: 1\nname:   Shop\nname: Other\n";
    let repo = Repo::with(&[("a.yaml", UNTIDY), ("b.yaml", broken), ("c.yaml", twice)]);
    let run = repo.tmrs(&["fmt"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(run.out, "Formatted a.yaml\n");
    assert!(run.err.contains("b.yaml:3"), "{}", run.err);
    assert!(run.err.contains("c.yaml:3"), "{}", run.err);
    assert_eq!(repo.read("b.yaml"), broken);
    assert_eq!(repo.read("c.yaml"), twice);
    assert_eq!(repo.tmrs(&["fmt", "--check"]).code, 3);
}

#[test]
fn a_path_that_is_no_native_yaml_model_is_an_error_with_its_remedy() {
    let files = [
        ("tm.py", "from pytm import TM\nTM('x').process()\n"),
        ("m.json", "{\"tmrs\": 1}\n"),
        ("plain.yaml", "x:   1\n"),
        ("notes.txt", "tmrs: 1\n"),
    ];
    let repo = Repo::with(&files);
    for (path, words) in [
        ("tm.py", ["but Python", "your Python formatter"]),
        ("m.json", ["but JSON", "only YAML is formatted"]),
        (
            "plain.yaml",
            ["without the top-level key `tmrs`", "`tmrs: 1`"],
        ),
        ("notes.txt", ["something else", "`tmrs: 1`"]),
    ] {
        fails_with(&repo.tmrs(&["fmt", path]), &words);
    }
    for (path, text) in files {
        assert_eq!(repo.read(path), text);
    }
    let run = repo.tmrs(&["fmt"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        run.err.contains("no YAML model of tmrs's own was found"),
        "{}",
        run.err
    );
    fails_with(
        &repo.tmrs(&["fmt", "gone.yaml"]),
        &["cannot open gone.yaml"],
    );
}

#[test]
fn the_ends_of_lines_and_the_byte_order_mark_stay() {
    let dos = UNTIDY.replace('\n', "\r\n");
    assert_eq!(laid_out(&dos).unwrap(), TIDY.replace('\n', "\r\n"));
    let no_end = laid_out(PLAIN.trim_end()).unwrap();
    assert_eq!(no_end, PLAIN);
    let repo = Repo::with(&[("a.yaml", &format!("\u{feff}{dos}"))]);
    assert_eq!(repo.tmrs(&["fmt"]).code, 0);
    let expected = format!("\u{feff}{}", TIDY.replace('\n', "\r\n"));
    assert_eq!(repo.read("a.yaml"), expected);
    assert_eq!(repo.tmrs(&["fmt", "--check"]).code, 0);
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_none_leads_out() {
    use std::os::unix::fs::symlink;
    let elsewhere = tempfile::tempdir().unwrap();
    let outside = elsewhere.path().join("m.yaml");
    fs::write(&outside, UNTIDY).unwrap();
    let repo = Repo::with(&[("real/a.yaml", UNTIDY)]);
    symlink("real/a.yaml", repo.path("link.yaml")).unwrap();
    repo.commit("Link");
    let run = repo.tmrs(&["fmt"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.out.lines().count(), 1, "{}", run.out);
    assert_eq!(repo.read("real/a.yaml"), TIDY);
    assert!(repo.path("link.yaml").is_symlink());
    symlink(&outside, repo.path("out.yaml")).unwrap();
    repo.commit("Out");
    assert_eq!(repo.tmrs(&["fmt"]).code, 3);
    fails_with(
        &repo.tmrs(&["fmt", "out.yaml"]),
        &["leads out of the repository"],
    );
    assert_eq!(fs::read_to_string(&outside).unwrap(), UNTIDY);
}

#[test]
fn what_init_and_convert_write_is_formatted_already() {
    let compose = fs::read_to_string(root().join("tests/init/compose.yaml")).unwrap();
    let repo = Repo::with(&[("compose.yaml", &compose)]);
    assert_eq!(repo.tmrs(&["init", "--from", "compose.yaml"]).code, 0);
    let example = root().join("examples/blog/threats/tm.py");
    repo.write("tm.py", &fs::read_to_string(example).unwrap());
    let run = repo.tmrs(&[
        "convert",
        "tm.py",
        "--to",
        "native",
        "--output",
        "blog.yaml",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let run = repo.tmrs(&["fmt", "--check"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.out, "Nothing to format in 2 models.\n");
}

/// Whether a text is formatted; else it is refused at a place, and either soon.
fn holds(text: &str) -> bool {
    let start = Instant::now();
    let outcome = laid_out(text);
    assert!(start.elapsed() < Duration::from_secs(10), "slow: {text}");
    match outcome {
        Ok(_) => true,
        Err(notices) => {
            assert!(!notices.is_empty(), "{text}");
            assert!(notices.iter().all(|it| it.place.is_some()), "{text}");
            false
        }
    }
}

#[test]
fn a_model_that_ends_anywhere_is_formatted_or_refused_at_a_place() {
    for (_, text) in models() {
        let step = (text.len() / 20).max(1);
        for end in (0..text.len()).step_by(step) {
            if let Some(part) = text.get(..end) {
                holds(part);
            }
        }
    }
}

#[test]
fn a_model_with_a_character_taken_out_or_changed_does_no_harm() {
    let mut formatted = 0;
    for (_, text) in models() {
        let step = (text.len() / 4).max(31);
        for at in (0..text.len())
            .step_by(step)
            .filter(|at| text.is_char_boundary(*at))
        {
            let (before, after) = text.split_at(at);
            let rest: String = after.chars().skip(1).collect();
            for changed in [
                "",
                "{",
                "[",
                "\"",
                "'",
                ": ",
                "\n",
                "\n\n",
                "*",
                "&a ",
                "- ",
                "? ",
                "# ",
                "| ",
                "\t",
                "\r",
                "!!str ",
                "\u{1f600}",
                "\u{85}",
                "\0",
            ] {
                formatted += usize::from(holds(&format!("{before}{changed}{rest}")));
            }
        }
    }
    assert!(formatted > 300, "{formatted}");
}

#[test]
fn what_would_take_long_or_much_is_refused_with_the_limit() {
    let deep = |many: usize| {
        let (open, close) = ("[".repeat(many), "]".repeat(many));
        format!("tmrs: 1\nname: x\nkept: {open}a{close}\n")
    };
    assert!(holds(&deep(8)));
    let refused = laid_out(&deep(9)).unwrap_err();
    assert!(
        refused[0].message.contains("more than 8 deep"),
        "{refused:?}"
    );
    // The library takes twice as long for each of these levels.
    for many in [8, 60, 99] {
        let (open, close) = ("[".repeat(many), "]".repeat(many));
        holds(&format!("tmrs: 1\nkept: {open}x: y: z{close}\n"));
        holds(&format!(
            "tmrs: 1\nkept: {}1{}\n",
            "[".repeat(many),
            "]: x".repeat(many)
        ));
        holds(&format!(
            "tmrs: 1\nkept: {}1{}\n",
            "{? ".repeat(many),
            "}".repeat(many)
        ));
    }
    let large = format!("tmrs: 1\n# {}\n", "x".repeat(1024 * 1024));
    let refused = laid_out(&large).unwrap_err();
    assert!(
        refused[0].message.contains("more than 1 MiB"),
        "{refused:?}"
    );
}

#[test]
fn what_is_nested_deep_is_formatted_or_refused_with_the_limit() {
    let nested = |levels: usize| {
        let mut text = String::from("tmrs: 1\nname: x\nkept:\n");
        for depth in 1..levels {
            text.push_str(&format!("{}k:\n", " ".repeat(depth)));
        }
        text + &format!("{}k: 1\n", " ".repeat(levels))
    };
    let formatted = laid_out(&nested(30)).unwrap();
    assert!(formatted.ends_with(&format!("\n{}k: 1\n", " ".repeat(60))));
    for (text, why) in [
        (nested(31), "would not settle"),
        (nested(98), "more than 60 columns"),
        (
            format!("tmrs: 1\nkept:\n  {}1\n", "- ".repeat(70)),
            "more than 60 columns",
        ),
        (nested(200), "deep"),
    ] {
        let refused = laid_out(&text).unwrap_err();
        assert!(refused[0].message.contains(why), "{refused:?}");
    }
}
