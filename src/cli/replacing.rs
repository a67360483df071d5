//! A file of the repository, replaced by what was made of its text.

use super::failure::Failure;
use super::files::{Prepared, prepare};
use super::repository::Repository;
use crate::escape::terminal;
use crate::source::{Source, Tree as _};

const MARK: &str = "\u{feff}";

/// Prepares the new text of a file, without a byte order mark: one that stood there stays.
/// What is a link stays one.
///
/// # Errors
/// When the file leads out of the repository, holds something else by now, or cannot be
/// written.
pub fn replacing(
    repository: &Repository,
    before: &Source,
    text: &str,
) -> Result<Prepared, Failure> {
    let path = before.path();
    let shown = terminal(path.as_str());
    let real = repository.tree.real(path).ok_or_else(|| {
        Failure::usage(
            format!("{shown} leads out of the repository"),
            "name the place itself, not a link to it",
        )
    })?;
    let place = repository.root.join(real.as_str());
    let now = std::fs::read(&place).map_err(|error| {
        Failure::usage(
            format!("{shown}: {error}"),
            "name a file that can be read and written",
        )
    })?;
    let (mark, held) = match now.strip_prefix(MARK.as_bytes()) {
        Some(held) => (MARK, held),
        None => ("", &now[..]),
    };
    if held != before.text().as_bytes() {
        return Err(Failure::usage(
            format!("{shown} was changed meanwhile, or is not UTF-8; start again"),
            "start again when nobody else writes to it",
        ));
    }
    prepare(&place, format!("{mark}{text}").as_bytes())
}
