//! What shells and man show: every format, rule and command, each with its line.

use std::collections::BTreeSet;

use crate::harness::{Repo, fails_with};

/// What `tmrs completions SHELL` prints.
fn script(shell: &str) -> String {
    let run = Repo::new().tmrs(&["completions", shell]);
    assert_eq!(run.code, 0, "{run:?}");
    run.out
}

#[test]
fn shells_offer_formats_rules_and_names_with_a_line_each() {
    let offered = [
        ("sarif", "SARIF 2.1.0, for code scanning"),
        ("INP05", "SQL injection"),
        ("Datastore", "data is kept"),
        ("isHardened", "attribute"),
    ];
    for shell in ["zsh", "fish"] {
        let script = script(shell);
        for (word, about) in offered {
            let mut lines = script.lines().filter(|line| line.contains(word));
            let has_both = lines.any(|line| line.to_lowercase().contains(&about.to_lowercase()));
            assert!(has_both, "{shell}: {word} without {about}");
        }
    }
    let bash = script("bash");
    for (word, _) in offered {
        assert!(bash.contains(word), "{word}");
    }
}

#[test]
#[cfg(unix)]
fn bash_completes_what_is_begun() {
    let cases = [
        ("tmrs check --format sh", "short"),
        ("tmrs rules explain INP05", "INP05"),
        ("tmrs describe Datast", "Datastore"),
        ("tmrs check thr", "threats"),
        ("tmrs check threats/", "threats/model.yaml"),
        ("tmrs dfd threats/t", "threats/tm.py"),
        ("tmrs baseline update threats/m", "threats/model.yaml"),
        ("tmrs validate threats/tm", "threats/tm.py"),
        ("tmrs check --rules threats/n", "threats/notes.txt"),
    ];
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("threats")).unwrap();
    for name in ["model.yaml", "tm.py", "notes.txt", "tm.rs"] {
        std::fs::write(folder.path().join("threats").join(name), "").unwrap();
    }
    let file = folder.path().join("tmrs.bash");
    std::fs::write(&file, script("bash")).unwrap();
    for (line, wanted) in cases {
        let words: Vec<&str> = line.split(' ').collect();
        let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
        let program = format!(
            "source {}; COMP_WORDS=({line}); COMP_CWORD={}; _tmrs_models tmrs {last} {before}; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            file.display(),
            words.len() - 1
        );
        let run = std::process::Command::new("bash")
            .args(["-c", &program])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let out = String::from_utf8(run.stdout).unwrap();
        assert!(out.lines().any(|word| word == wanted), "{line}: {out}");
        let others = out.contains("notes.txt") || out.contains("tm.rs");
        assert!(!others || line.contains("--rules"), "{line}: {out}");
    }
}

#[test]
fn shells_offer_files_that_can_hold_a_model_where_one_is_taken() {
    let (zsh, fish) = (script("zsh"), script("fish"));
    for command in [
        "check",
        "dfd",
        "seq",
        "report",
        "questions",
        "validate",
        "fmt",
    ] {
        let when = format!(
            "\"__fish_tmrs_using_subcommand {command}\" -f -a '(__fish_complete_suffix .py "
        );
        assert!(fish.contains(&when), "{command}");
    }
    let paths = zsh.lines().filter(|line| line.starts_with("'*::paths -- "));
    let (rules, models): (Vec<_>, Vec<_>) = paths.partition(|line| line.contains("Rule files"));
    assert!(models.len() > 10, "{models:?}");
    for line in models {
        assert!(line.contains("_files -g \"*.(py|"), "{line}");
    }
    assert!(
        rules.iter().all(|line| line.contains(":_files'")),
        "{rules:?}"
    );
}

#[test]
fn the_help_lists_every_format_with_a_line() {
    let help = Repo::new().tmrs(&["check", "--help"]).out;
    for format in tmrs::emit::FORMATS {
        let mut lines = help.lines().map(str::trim);
        let has_line = lines.any(|line| {
            let rest = line.strip_prefix(format.name());
            rest.is_some_and(|rest| rest.trim() == format.about())
        });
        assert!(has_line, "{}", format.name());
    }
}

#[test]
fn every_command_has_a_man_page_that_describes_its_options() {
    let repo = Repo::new();
    assert_eq!(repo.tmrs(&["man", "--all", "man"]).code, 0);
    let mut pages: Vec<String> = std::fs::read_dir(repo.path("man"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    assert!(pages.len() > 20, "{pages:?}");
    for page in pages.iter().filter(|page| *page != "tmrs.1") {
        let command = page.trim_start_matches("tmrs-").trim_end_matches(".1");
        let names = command
            .replace("baseline-", "baseline ")
            .replace("rules-", "rules ");
        let words: Vec<&str> = names.split(' ').chain(["--help"]).collect();
        let help = repo.tmrs(&words).out;
        let options: BTreeSet<&str> = help
            .lines()
            .map(str::trim_start)
            .filter(|line| line.starts_with('-'))
            .filter_map(|line| {
                line.split([' ', '=', '[', ','])
                    .find(|w| w.starts_with("--"))
            })
            .collect();
        assert!(!options.is_empty(), "{command}");
        let text = repo.read(&format!("man/{page}"));
        let lines: Vec<&str> = text.lines().collect();
        for option in options {
            let written = option.replace('-', "\\-");
            let at = lines
                .iter()
                .position(|line| line.contains(&format!("\\fB{written}\\fR")));
            let at = at.unwrap_or_else(|| panic!("{page} lacks {option}"));
            assert!(!lines[at + 1].trim().is_empty(), "{page}: {option}");
        }
        let alone: Vec<&str> = ["man"].into_iter().chain(names.split(' ')).collect();
        assert_eq!(repo.tmrs(&alone).out, text, "{page}");
    }
    fails_with(
        &repo.tmrs(&["man", "chekc"]),
        &["no command “chekc”", "check"],
    );
}
