//! `tmrs rules new`: a rule file to start from.

use std::path::PathBuf;

use super::args::New;
use crate::cli::failure::{Exit, Failure};
use crate::cli::files::write;
use crate::cli::output::print;
use crate::escape::terminal;

const TEMPLATE: &str = include_str!("template.yaml");

/// Runs the command. A file that exists is never overwritten.
pub(super) fn run(new: &New) -> Result<Exit, Failure> {
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if new.id.is_empty() || new.id.starts_with('.') || !new.id.chars().all(sound) {
        return Err(Failure::usage(
            format!("“{}” is no id for a rule", terminal(&new.id)),
            "use letters, digits, `-`, `_` and `.`, such as ACME01",
        ));
    }
    let text = template(&new.id);
    let path = new
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("{}.yaml", new.id)));
    if path.as_os_str() == "-" {
        print(&text)?;
        return Ok(Exit::Success);
    }
    let shown = terminal(&path.to_string_lossy()).into_owned();
    if path.exists() {
        return Err(Failure::usage(
            format!("{shown} exists already"),
            "choose another id, or another file with --output",
        ));
    }
    write(&path, &text)?;
    print(format!(
        "{shown} is written; edit it, then run `tmrs rules test {shown}` and `tmrs check --rules {shown}`\n"
    ))?;
    Ok(Exit::Success)
}

/// The template with an id in it.
pub(super) fn template(id: &str) -> String {
    TEMPLATE.replace("{id}", id)
}
