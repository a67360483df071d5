//! `tmrs rules lint`: rules that are valid but doubtful.

use std::fmt::Write as _;

use super::args::Lint;
use super::{catalogue, sources};
use crate::cli::failure::{Exit, Failure};
use crate::cli::output::print;
use crate::emit::plural;
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
    let _ = writeln!(
        text,
        "{}, {}",
        plural(catalogue.rules().len(), "rule"),
        plural(doubts.len(), "doubt")
    );
    print(&text)?;
    Ok(if doubts.is_empty() {
        Exit::Success
    } else {
        Exit::Fails
    })
}
