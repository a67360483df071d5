//! What a run says that finds no model: what was looked for, what was left out, and
//! how to begin.

use std::sync::Arc;

use super::repository::Repository;
use crate::inventory::{self, Found};
use crate::notice::{Notice, Severity, code};
use crate::read::MODELS;
use crate::source::{RepoPath, Source, Tree as _};

/// So many files are named.
const MOST: usize = 5;

/// So many files are looked into for a hint, none of them larger than this.
const MAX_LOOKED_INTO: usize = 100;
const MAX_BYTES: u64 = 128 * 1024;
/// Bytes of them all.
const MAX_TOGETHER: usize = 512 * 1024;

/// Whether having no model is a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It is.
    Models,
    /// There need not be one.
    Nothing,
    /// Only models that a change touches were wanted.
    Changed,
}

/// The notice. `looked_at` says why each file was left.
pub fn no_model(
    repository: &Repository,
    looked_at: &[(RepoPath, String)],
    wanted: Wanted,
) -> Notice {
    let paths = &repository.paths;
    let below = if paths.is_empty() {
        String::new()
    } else {
        format!(" below {}", list(paths))
    };
    let files = match looked_at.len() {
        0 => "no file that can hold one".to_owned(),
        1 => "1 file that could hold one".to_owned(),
        count => format!("{count} files that could hold one"),
    };
    if wanted == Wanted::Changed {
        let message = format!("the change touches no threat model{below} ({files} read)");
        return Notice::general(code::NO_MODEL, Severity::Note, message);
    }
    let mut message = format!("no threat model was found{below}, among {files}: {MODELS}");
    let excluded: Vec<&RepoPath> = looked_at
        .iter()
        .filter(|(_, why)| why.contains("paths.exclude") || why.contains("paths.include"))
        .map(|(path, _)| path)
        .collect();
    if !excluded.is_empty() {
        message.push_str(&format!(
            "; `paths` in tmrs.yaml leaves out {}",
            list(excluded)
        ));
    }
    let severity = match wanted {
        Wanted::Models => Severity::Warning,
        _ => Severity::Note,
    };
    Notice::general(code::NO_MODEL, severity, message)
        .with_help(how_to_begin(repository, looked_at))
}

/// The first model in one command, and what it would find; without sources in one line.
fn how_to_begin(repository: &Repository, looked_at: &[(RepoPath, String)]) -> String {
    let left_out = |why: &str| why.contains("paths.exclude") || why.contains("paths.include");
    let files = looked_at.iter().filter(|(_, why)| !left_out(why));
    let found = sources_among(repository, files.map(|(path, _)| path));
    let command = found.command();
    if found.are_more {
        return format!(
            "to begin, run `{command}`: it writes threat-model.yaml, each element and flow with the \
             line it comes from"
        );
    }
    let sources = found.sources.iter().map(|it| (it.clone(), Found::Named));
    let sources: Vec<_> = sources.collect();
    let (inventory, _) = inventory::read(&sources);
    if inventory.parts.is_empty() {
        return String::from(
            "to begin, run `tmrs init`, which asks, or write threat-model.yaml: `{tmrs: 1, name: Shop, \
             elements: {user: {class: Actor}, web: {class: Server}}, flows: {visit: {source: user, \
             sink: web}}}`; `tmrs describe` lists every class and attribute",
        );
    }
    let [parts, links] = [
        counted(inventory.parts.len(), "element"),
        counted(inventory.links.len(), "flow"),
    ];
    format!(
        "to begin, run `{command}`: it writes threat-model.yaml with {parts} and {links}, each with the \
         line it comes from"
    )
}

/// `3 flows`.
pub fn counted(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

/// The command that takes a first model from these files; of many, or of those that are not
/// known, it names the folder alone.
fn from<'p>(paths: impl ExactSizeIterator<Item = &'p RepoPath>) -> String {
    let mut command = String::from("tmrs init --from");
    if paths.len() == 0 || paths.len() > MOST {
        command.push_str(" .");
        return command;
    }
    for path in paths {
        command.push(' ');
        command.push_str(&quoted(path.as_str()));
    }
    command
}

/// A word of a command line, as a shell takes it.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    if word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Files that a first model can be taken from.
pub struct Sources {
    /// Those that were looked for and found.
    pub sources: Vec<Arc<Source>>,
    /// Whether there are more.
    pub are_more: bool,
}

impl Sources {
    /// The command that takes a first model from them all.
    pub fn command(&self) -> String {
        let named = if self.are_more { &[] } else { &*self.sources };
        from(named.iter().map(|source| source.path()))
    }
}

/// Those of some files that a first model can be taken from: small ones, and not all of very
/// many, for this is only a hint.
pub fn sources_among<'p>(
    repository: &Repository,
    files: impl Iterator<Item = &'p RepoPath>,
) -> Sources {
    let wanted = |path: &&RepoPath| {
        let ending = path.extension().map(str::to_ascii_lowercase);
        ending.is_some_and(|ending| ["yaml", "yml", "json"].contains(&ending.as_str()))
    };
    let mut found = Sources {
        sources: Vec::new(),
        are_more: false,
    };
    let mut left = MAX_TOGETHER;
    for path in files.filter(wanted).take(MAX_LOOKED_INTO) {
        let Ok(source) = repository.tree.open_up_to(path, MAX_BYTES) else {
            continue;
        };
        if !inventory::is_source(&source) {
            continue;
        }
        if source.text().len() > left {
            found.are_more = true;
            break;
        }
        left -= source.text().len();
        found.sources.push(source);
    }
    found
}

fn list<'p>(paths: impl IntoIterator<Item = &'p RepoPath>) -> String {
    let paths: Vec<&RepoPath> = paths.into_iter().collect();
    let named: Vec<&str> = paths.iter().take(MOST).map(|path| path.as_str()).collect();
    let named: Vec<&str> = named
        .into_iter()
        .map(|path| if path.is_empty() { "." } else { path })
        .collect();
    match paths.len().saturating_sub(MOST) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
