//! `tmrs completions` and `tmrs man`: what packages install beside the program, made from
//! the grammar itself.

use clap::CommandFactory as _;

use super::args::{Cli, Completions};
use super::failure::{Exit, Failure};
use super::output::print_as_it_is;

/// Prints a completion script.
pub fn shell(completions: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Cli::command(), "tmrs", &mut script);
    print_as_it_is(script)?;
    Ok(Exit::Success)
}

/// Prints the man page: the program, then one section a command.
pub fn man() -> Result<Exit, Failure> {
    let failed = |error: std::io::Error| {
        Failure::usage(
            format!("cannot write the man page: {error}"),
            "report this as a bug",
        )
    };
    let mut command = Cli::command();
    // So that each command is called by its whole name, with the global options.
    command.build();
    let page = clap_mangen::Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text).map_err(failed)?;
    for command in command.get_subcommands() {
        sections(command, &mut text).map_err(failed)?;
    }
    print_as_it_is(text)?;
    Ok(Exit::Success)
}

/// The options of a command and of those below it.
fn sections(command: &clap::Command, text: &mut Vec<u8>) -> std::io::Result<()> {
    use std::io::Write as _;

    if command.get_name() == "help" {
        return Ok(());
    }
    let name = command.get_bin_name().unwrap_or(command.get_name());
    writeln!(text, ".SH \"{}\"", name.to_uppercase())?;
    let page = clap_mangen::Man::new(command.clone());
    page.render_description_section(text)?;
    page.render_options_section(text)?;
    for below in command.get_subcommands() {
        sections(below, text)?;
    }
    Ok(())
}
