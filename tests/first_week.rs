//! `docs/first-week.md` is what happens: its changes apply, its commands print what stands there.

use std::fs;
use std::path::Path;

use crate::harness::Repo;
use crate::shared::root;

/// A piece of the page.
enum Piece {
    /// Everything else, as it stands.
    Text(String),
    /// Commands that are run, each with what it prints.
    Commands(Vec<String>),
    /// A change to the repository.
    Change(String),
}

fn pieces(page: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut lines = page.lines();
    let mut text = String::new();
    while let Some(line) = lines.next() {
        if !matches!(line, "```console" | "```diff") {
            text.push_str(line);
            text.push('\n');
            continue;
        }
        pieces.push(Piece::Text(std::mem::take(&mut text)));
        let inside: Vec<&str> = lines
            .by_ref()
            .take_while(|inside| *inside != "```")
            .collect();
        pieces.push(if line == "```diff" {
            Piece::Change(inside.join("\n") + "\n")
        } else {
            let commands = inside.iter().filter_map(|line| line.strip_prefix("$ "));
            Piece::Commands(commands.map(ToOwned::to_owned).collect())
        });
    }
    pieces.push(Piece::Text(text));
    pieces
}

/// What a command prints on a terminal without colour.
fn printed(repo: &Repo, command: &str) -> String {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in command.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words[0] == "git" {
        return repo.git(&words[1..]);
    }
    let run = repo.tmrs(&words[1..]);
    assert!(run.code < 2, "{command}: {}{}", run.out, run.err);
    run.out + &run.err
}

/// Applies a change by git, which holds it to the lines around it.
fn apply(repo: &Repo, change: &str) {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, change).unwrap();
    repo.git(&["apply", "--recount", "--unidiff-zero", path(file.path())]);
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_first_week_goes_as_its_page_says() {
    let file = root().join("docs/first-week.md");
    let page = fs::read_to_string(&file).unwrap();
    let model = fs::read_to_string(root().join("examples/blog/threats/tm.py")).unwrap();
    let repo = Repo::with(&[("threats/tm.py", &model)]);
    let mut happens = String::new();
    for piece in pieces(&page) {
        match piece {
            Piece::Text(text) => happens.push_str(&text),
            Piece::Change(change) => {
                apply(&repo, &change);
                happens.push_str(&format!("```diff\n{change}```\n"));
            }
            Piece::Commands(commands) => {
                happens.push_str("```console\n");
                for command in commands {
                    happens.push_str(&format!("$ {command}\n{}", printed(&repo, &command)));
                }
                happens.push_str("```\n");
            }
        }
    }
    if std::env::var_os("TMRS_BLESS").is_some() {
        return fs::write(&file, &happens).unwrap();
    }
    assert!(
        happens == page,
        "docs/first-week.md says something else; TMRS_BLESS=1 writes what happens:\n{happens}"
    );
}
