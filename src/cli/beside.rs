//! What stands beside a first model: settings, a workflow, a hook, owners. Each is shown, and
//! written only where nothing is there and somebody says so.

use std::io::{BufRead, Write};
use std::path::PathBuf;

use super::failure::Failure;
use super::files::{stays, write};
use super::prompt::ask;
use super::repository::Repository;
use crate::config;
use crate::source::RepoPath;

/// What GitHub runs: the example that the documentation has.
const WORKFLOW: &str = include_str!("../../examples/ci/github/tmrs.yml");

/// Files that say that something other than GitHub builds this repository.
const OTHERS: [&str; 5] = [
    ".circleci",
    ".gitlab-ci.yml",
    "Jenkinsfile",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
];

/// Where GitHub looks for owners.
const OWNERS: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// A file that could stand there.
pub struct Beside {
    path: PathBuf,
    name: &'static str,
    text: String,
    /// It is there already, or a person has to fill something in: it is only shown.
    is_only_shown: bool,
}

/// What is not there yet, for a repository with a model at that path.
pub fn missing(repository: &Repository, model: &RepoPath) -> Vec<Beside> {
    let there = |name: &str| repository.root.join(name).symlink_metadata().is_ok();
    let of = |name: &'static str, text: String| Beside {
        path: repository.root.join(name),
        name,
        text,
        is_only_shown: false,
    };
    let mut found = Vec::new();
    if !there(config::FILE_NAME) {
        found.push(of(
            config::FILE_NAME,
            "# Settings of tmrs. `tmrs schema config` prints everything that can stand here.\n\
             fail-on: high # new findings of this risk fail a check; `never` only reports\n"
                .to_owned(),
        ));
    }
    let elsewhere = !there(".github") && OTHERS.into_iter().any(there);
    if !there(".github/workflows/tmrs.yml") && !elsewhere {
        found.push(of(".github/workflows/tmrs.yml", WORKFLOW.to_owned()));
    }
    let hook = format!(
        "  - repo: {}\n    rev: v{}\n    hooks:\n      - id: tmrs\n",
        env!("CARGO_PKG_REPOSITORY"),
        env!("CARGO_PKG_VERSION")
    );
    let hooks = ".pre-commit-config.yaml";
    let text = std::fs::read_to_string(repository.root.join(hooks)).unwrap_or_default();
    if !there(hooks) {
        found.push(of(hooks, format!("repos:\n{hook}")));
    } else if !text.contains(env!("CARGO_PKG_REPOSITORY")) {
        found.push(Beside {
            is_only_shown: true,
            ..of(hooks, hook)
        });
    }
    let owners = OWNERS.into_iter().find(|name| there(name));
    let name = owners.unwrap_or(OWNERS[0]);
    let text = std::fs::read_to_string(repository.root.join(name)).unwrap_or_default();
    if !text.contains(config::FILE_NAME) {
        found.push(Beside {
            is_only_shown: true,
            ..of(name, owned(&text, model))
        });
    }
    found
}

/// Who answers for what can weaken a check; who that is only the repository's people know.
fn owned(known: &str, model: &RepoPath) -> String {
    let all = known.lines().find_map(|line| line.strip_prefix("* "));
    let owners = all.map_or("@your-organisation/security", str::trim);
    let model = model.as_str().replace(' ', "\\ ");
    let names = [
        model.as_str(),
        config::FILE_NAME,
        crate::triage::baseline::FILE,
    ];
    let lines = names.map(|name| format!("/{name} {owners}\n"));
    lines.concat()
}

/// Shows what could stand beside, and writes what somebody wants.
///
/// # Errors
/// When something cannot be written.
pub fn offer(files: &[Beside], wanted: Wanted<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let gone = |_| Failure::ClosedPipe;
    let mut wanted = wanted;
    for file in files {
        let verb = if file.is_only_shown {
            "add to"
        } else {
            "beside the model:"
        };
        writeln!(out, "\n{verb} {}\n", file.name).map_err(gone)?;
        for line in file.text.lines() {
            writeln!(out, "    {line}").map_err(gone)?;
        }
        let is_wanted = match &mut wanted {
            _ if file.is_only_shown => false,
            Wanted::All => true,
            Wanted::None => false,
            Wanted::Asked(input) => {
                let question = format!("\nWrite {}? [y/N] ", file.name);
                let said = ask(&question, *input, out).map_err(gone)?;
                said.is_some_and(|said| ["y", "yes"].contains(&&*said.to_ascii_lowercase()))
            }
        };
        if is_wanted {
            put(file)?;
            writeln!(out, "\nWrote {}.", file.name).map_err(gone)?;
        }
    }
    Ok(())
}

/// Who decides what is written.
pub enum Wanted<'a> {
    /// The command line says: everything.
    All,
    /// Nobody is there.
    None,
    /// A person.
    Asked(&'a mut dyn BufRead),
}

fn put(file: &Beside) -> Result<(), Failure> {
    // Somebody may have been faster; and a link may lead anywhere.
    stays(&file.path)?;
    if file.path.symlink_metadata().is_ok() {
        return Ok(());
    }
    if let Some(folder) = file.path.parent() {
        // Where it cannot be made, writing says so.
        let _ = std::fs::create_dir_all(folder);
    }
    write(&file.path, &file.text)
}
