//! Layer `cli`: arguments → settings → one file a subcommand. Nothing imports it.

mod addition;
mod answers;
mod args;
mod asking;
mod baseline;
mod beside;
mod check;
mod complaints;
mod completions;
mod convert;
mod deliver;
mod describe;
mod dfd;
mod diff;
mod drawing;
mod explain;
mod failure;
mod files;
mod fix;
mod flags;
mod format;
mod hook;
mod init;
mod input;
mod known;
mod links;
mod marks;
mod named;
mod nothing;
mod output;
mod picked;
mod policy;
mod progress;
mod prompt;
mod questions;
mod render;
mod replacing;
mod report;
mod repository;
pub mod rules;
mod schema;
mod seq;
mod session;
mod settings;
mod sides;
mod targets;
mod temporary;
mod triage;
mod validate;

use std::ffi::OsString;
use std::panic::PanicHookInfo;

use clap::Parser as _;

use crate::{escape, read};
use args::{Cli, Command};
use failure::Failure;

pub use failure::Exit;

/// How a message begins that tells of a mistake in tmrs itself.
const MISTAKE: &str = "tmrs ended by a mistake of its own";

/// Tells of a mistake in tmrs itself; nothing was judged then (docs/semantics.md §5).
pub fn crash(info: &PanicHookInfo<'_>) -> Exit {
    let what = info.payload_as_str().unwrap_or("no reason given");
    let place = info
        .location()
        .map_or(String::new(), |at| format!(" ({at})"));
    let text = format!(
        "{MISTAKE}: {}{place}\n\
         Nothing was judged. Please report it, with the model if you may share it: {}/issues\n",
        escape::terminal(what),
        env!("CARGO_PKG_REPOSITORY"),
    );
    output::say(&text);
    Exit::Usage
}

/// Runs the command line and gives the exit status (docs/semantics.md §5). Output goes
/// to standard output, complaints to standard error; a closed pipe is no error.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    #[cfg(feature = "jinja")]
    if let [_, only] = &*arguments
        && only == report::apart::ARGUMENT
    {
        let screen = output::Screen::new(args::ColorChoice::Never);
        return ended(report::apart::run(), false, &screen);
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            if !error.use_stderr() {
                let _ = error.print();
                return Exit::Success;
            }
            let text = error.render();
            if output::Screen::new(args::ColorChoice::Auto).error_color {
                output::say(&text.ansi().to_string());
            } else {
                output::say(&text.to_string());
            }
            return Exit::Usage;
        }
    };
    let screen = output::Screen::new(cli.color);
    let judges = judges(&cli.command);
    let outcome = match read::pool(cli.threads) {
        Ok(pool) => pool.install(|| dispatch(cli.command, &screen)),
        Err(error) => Err(Failure::usage(
            format!("no thread can be started: {error}"),
            "allow this process more threads and memory (`ulimit -u`, `ulimit -v`)",
        )),
    };
    ended(outcome, judges, &screen)
}

/// The exit status of what a command gave; a failure is told on standard error.
fn ended(outcome: Result<Exit, Failure>, judges: bool, screen: &output::Screen) -> Exit {
    match outcome {
        Ok(exit) => exit,
        Err(Failure::ClosedPipe) => Exit::Success,
        Err(failure) => {
            let mut text = complaints::why(&failure, screen);
            if judges {
                text.push_str("Nothing judged: mend what stands above first.\n");
            }
            output::say(&text);
            Exit::Usage
        }
    }
}

/// Whether a command gives a verdict on models.
fn judges(command: &Command) -> bool {
    matches!(
        command,
        Command::Check(_) | Command::Render(_) | Command::Baseline(_)
    )
}

fn dispatch(command: Command, screen: &output::Screen) -> Result<Exit, Failure> {
    match command {
        Command::Init(init) => init::run(&init, screen),
        Command::Check(check) => check::run(check, screen),
        Command::Validate(arguments) => validate::run(&arguments, screen),
        Command::Render(render) => render::run(&render, screen),
        Command::Dfd(dfd) => dfd::run(&dfd, screen),
        Command::Seq(seq) => seq::run(&seq, screen),
        Command::Report(report) => report::run(&report, screen),
        Command::Questions(arguments) => questions::run(&arguments, screen),
        Command::Explain(arguments) => explain::run(&arguments, screen),
        Command::Triage(arguments) => triage::run(&arguments, screen),
        Command::Diff(arguments) => diff::run(&arguments, screen),
        Command::Baseline(command) => baseline::run(command, screen),
        Command::Convert(arguments) => convert::run(&arguments, screen),
        Command::Fmt(arguments) => format::run(&arguments, screen),
        Command::Describe(describe) => describe::run(&describe, screen),
        Command::Rules(command) => rules::run(&command, screen),
        Command::Schema(schema) => schema::run(&schema),
        Command::Completions(completions) => completions::shell(&completions),
        Command::Man(arguments) => completions::man(&arguments),
    }
}
