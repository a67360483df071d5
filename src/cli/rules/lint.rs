//! `tmrs rules lint`: rules that are valid but doubtful.

use std::fmt::Write as _;

use super::args::Lint;
use super::{catalogue, sources};
use crate::cli::failure::{Exit, Failure};
use crate::cli::output::print;
use crate::escape::terminal;
use crate::rules::lint::lint;

/// Runs the command: exit 1 if there is any doubt.
pub(super) fn run(args: &Lint) -> Result<Exit, Failure> {
    let named = !args.paths.is_empty();
    let catalogue = catalogue(sources(&args.paths)?, named)?;
    let doubts = lint(catalogue.rules());
    let mut text = String::new();
    for doubt in &doubts {
        if let Some(place) = &doubt.place {
            let (start, _) = place.positions();
            let path = terminal(place.path().as_str());
            let _ = write!(text, "{path}:{}:{}: ", start.line, start.column);
        }
        let _ = writeln!(
            text,
            "{}: {}",
            doubt.doubt.as_str(),
            terminal(&doubt.message)
        );
    }
    let counted = |count: usize, word: &str| {
        let ending = if count == 1 { "" } else { "s" };
        format!("{count} {word}{ending}")
    };
    let _ = writeln!(
        text,
        "{}, {}",
        counted(catalogue.rules().len(), "rule"),
        counted(doubts.len(), "doubt")
    );
    print(&text)?;
    Ok(if doubts.is_empty() {
        Exit::Success
    } else {
        Exit::Fails
    })
}
