//! What a run says that finds no model: what was looked for, what was left out, and
//! how to begin.

use crate::notice::{Notice, Severity, code};
use crate::read::MODELS;
use crate::source::RepoPath;

/// So many files are named.
const MOST: usize = 5;

/// Names of files that describe services, from which a model can be written.
const COMPOSE: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
];

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

/// The notice. `paths` are the PATHs of the command line, `looked_at` says why each file
/// was left.
pub fn no_model(paths: &[RepoPath], looked_at: &[(RepoPath, String)], wanted: Wanted) -> Notice {
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
    Notice::general(code::NO_MODEL, severity, message).with_help(how_to_begin(looked_at))
}

/// The first model in one line, and what to take it from.
fn how_to_begin(looked_at: &[(RepoPath, String)]) -> String {
    let mut help = String::from(
        "to begin, write threat-model.yaml: `{tmrs: 1, name: Shop, elements: {user: {class: Actor}, \
         web: {class: Server}}, flows: {visit: {source: user, sink: web}}}`; `tmrs describe` lists \
         every class and attribute",
    );
    let compose: Vec<&RepoPath> = looked_at
        .iter()
        .map(|(path, _)| path)
        .filter(|path| COMPOSE.contains(&path.file_name()))
        .collect();
    if !compose.is_empty() {
        help.push_str(&format!(
            "; {} is no threat model, but names what to describe: a service is an element, a \
             connection between two a flow",
            list(compose)
        ));
    }
    help
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
