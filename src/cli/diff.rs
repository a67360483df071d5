//! `tmrs diff`: what changed in the models and in their threats.

use std::path::Path;

use super::args;
use super::complaints::tell;
use super::drawing;
use super::failure::{Exit, Failure};
use super::files::write;
use super::output::{Screen, print, say};
use super::sides::{Judged, judged};
use crate::emit::diff::Format;
use crate::escape::terminal;
use crate::notice::{Notice, Severity, code};
use crate::report::diff::{Diff, between};

/// Runs the command.
pub fn run(arguments: &args::Diff, screen: &Screen) -> Result<Exit, Failure> {
    let output = arguments
        .output
        .as_deref()
        .filter(|path| *path != Path::new("-"));
    let format = format(arguments.format.as_deref(), output)?;
    let [base, head] = judged(arguments)?;
    for side in [&base, &head] {
        complain(side, screen);
    }
    let diff = between(
        (base.side, &base.report),
        (head.side, &head.report),
        [&base.folder, &head.folder],
    );
    let text = format.write(&diff, screen.color && output.is_none());
    let text = text.map_err(|error| {
        Failure::usage(
            error.to_string(),
            "choose another format, and report this as a bug",
        )
    })?;
    match output {
        Some(path) => write(path, text)?,
        None => print(text)?,
    }
    let exit = exit(&diff, arguments);
    if exit == Exit::NoModels {
        let message = "no threat model was found on either side, so nothing is compared";
        let notice = Notice::general(code::NO_MODEL, Severity::Warning, message);
        let help =
            "name revisions, folders or files with models; `tmrs check` says what it looks for";
        tell(&[notice.with_help(help)], screen);
    }
    Ok(exit)
}

/// As git has it: differences are no failure unless somebody asks.
fn exit(diff: &Diff, arguments: &args::Diff) -> Exit {
    if !diff.base.complete || !diff.head.complete {
        Exit::Incomplete
    } else if diff.base.models + diff.head.models == 0 && !arguments.judging.allow_no_models {
        Exit::NoModels
    } else if arguments.exit_code && !diff.summary.same {
        Exit::Fails
    } else {
        Exit::Success
    }
}

fn format(asked: Option<&str>, output: Option<&Path>) -> Result<Format, Failure> {
    let asked = asked.and_then(Format::named);
    match (asked, output.and_then(drawing::ending)) {
        (Some(asked), _) => Ok(asked),
        (None, None) => Ok(Format::Human),
        (None, Some(ending)) => Format::of_ending(&ending)
            .ok_or_else(|| drawing::no_such_ending(&ending, ["txt", "md", "json"].into_iter())),
    }
}

/// What could not be read, on standard error.
fn complain(side: &Judged, screen: &Screen) {
    if !side.errors.is_empty() {
        let name = terminal(&side.side.name);
        say(&format!("{}: {name}\n\n", side.side.kind));
        tell(&side.errors, screen);
    }
}
