//! `tmrs completions` and `tmrs man`: what packages install beside the program, made from
//! the grammar itself.

mod models;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Command, CommandFactory as _};
use clap_complete::Shell;

use super::args::{Cli, Completions, Man};
use super::drawing::make_folder;
use super::failure::{Exit, Failure};
use super::files::write;
use super::output::print_as_it_is;
use crate::emit;
use crate::model::vocabulary::{Class, ENUMS, names};
use crate::rules::built_in;

/// Prints a completion script.
pub fn shell(completions: &Completions) -> Result<Exit, Failure> {
    let mut command = known_values();
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut command, "tmrs", &mut script);
    if completions.shell == Shell::Fish {
        // Of arguments without a name clap_complete offers fish nothing.
        offer_to_fish("describe", None, &described(), &mut script);
        offer_to_fish("rules", Some("explain"), &explained(), &mut script);
    }
    print_as_it_is(models::offer(completions.shell, &command, script))?;
    Ok(Exit::Success)
}

/// The grammar with the values that shells can offer. The program itself takes more: ids of
/// one's own rules, formats that it complains about in its own words.
fn known_values() -> Command {
    let mut formats = emit::about_all();
    formats.push(("auto", "github inside a GitHub job, else human"));
    let (rules, names) = (explained(), described());
    let mut command = Cli::command();
    // Commands take their arguments only now.
    command.build();
    command
        .mut_subcommand("check", |check| offer(check, "format", &formats))
        .mut_subcommand("render", |render| offer(render, "format", &formats))
        .mut_subcommand("describe", |describe| offer(describe, "names", &names))
        .mut_subcommand("rules", |all| {
            all.mut_subcommand("explain", |explain| offer(explain, "ids", &rules))
        })
}

/// Words that a shell offers, each with a line.
type Words = Vec<(&'static str, &'static str)>;

/// What `rules explain` knows.
fn explained() -> Words {
    let rules = built_in::rules().iter();
    rules
        .map(|rule| (&*rule.rule.id, &*rule.rule.title))
        .collect()
}

/// What `describe` knows.
fn described() -> Words {
    let classes = Class::ALL
        .into_iter()
        .map(|class| (class.name(), class.spec().description));
    let enums = ENUMS.iter().map(|of| (of.name, of.description));
    let attributes = names().iter().map(|name| (*name, "attribute"));
    classes.chain(enums).chain(attributes).collect()
}

/// Adds what fish offers behind a command, or one below it.
fn offer_to_fish(command: &str, below: Option<&str>, words: &Words, script: &mut Vec<u8>) {
    let mut when = format!("__fish_tmrs_using_subcommand {command}");
    if let Some(below) = below {
        when.push_str(&format!("; and __fish_seen_subcommand_from {below}"));
    }
    for (word, about) in words {
        let about = about.replace('\\', "\\\\").replace('\'', "\\'");
        let line = format!("complete -c tmrs -n \"{when}\" -f -a {word} -d '{about}'\n");
        script.extend(line.into_bytes());
    }
}

fn offer(command: Command, argument: &str, words: &Words) -> Command {
    let values = words
        .iter()
        .map(|(word, about)| PossibleValue::new(*word).help(*about));
    let values = PossibleValuesParser::new(values);
    command.mut_arg(argument, |argument| argument.value_parser(values))
}

/// Prints the man page of the program or of one command, or writes a page a command.
pub fn man(arguments: &Man) -> Result<Exit, Failure> {
    let mut command = Cli::command();
    // So that each command is called by its whole name, with the global options.
    command.build();
    if let Some(folder) = &arguments.all {
        make_folder(folder)?;
        for (name, page) in pages(&command)? {
            write(&folder.join(format!("{name}.1")), &page)?;
        }
        return Ok(Exit::Success);
    }
    let page = if arguments.command.is_empty() {
        whole(&command)?
    } else {
        page(named(&command, &arguments.command)?)?
    };
    print_as_it_is(page)?;
    Ok(Exit::Success)
}

/// The command of that name.
fn named<'c>(command: &'c Command, names: &[String]) -> Result<&'c Command, Failure> {
    let mut at = command;
    for name in names {
        at = at.find_subcommand(name).ok_or_else(|| {
            let known: Vec<_> = at.get_subcommands().map(Command::get_name).collect();
            let help = match known.as_slice() {
                [] => format!("`{}` has no commands", at.get_name()),
                known => format!("choose one of {}", known.join(", ")),
            };
            let name = crate::escape::terminal(name);
            Failure::usage(format!("there is no command “{name}”"), help)
        })?;
    }
    Ok(at)
}

/// Every page with its name: that of the program, and one a command.
fn pages(command: &Command) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut pages = vec![("tmrs".to_owned(), whole(command)?)];
    let mut waiting: Vec<&Command> = command.get_subcommands().collect();
    while let Some(command) = waiting.pop() {
        if command.get_name() == "help" {
            continue;
        }
        let name = command.get_bin_name().unwrap_or(command.get_name());
        pages.push((name.replace(' ', "-"), page(command)?));
        waiting.extend(command.get_subcommands());
    }
    Ok(pages)
}

/// The page of one command.
fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let title = name.replace(' ', "-");
    let mut text = Vec::new();
    let man = clap_mangen::Man::new(command.clone()).title(title);
    man.render(&mut text).map_err(|error| failed(&error))?;
    Ok(text)
}

/// The program, then one section a command.
fn whole(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    let man = clap_mangen::Man::new(command.clone());
    man.render(&mut text).map_err(|error| failed(&error))?;
    for command in command.get_subcommands() {
        sections(command, &mut text).map_err(|error| failed(&error))?;
    }
    Ok(text)
}

fn failed(error: &std::io::Error) -> Failure {
    Failure::usage(
        format!("cannot write the man page: {error}"),
        "report this as a bug",
    )
}

/// The options of a command and of those below it.
fn sections(command: &Command, text: &mut Vec<u8>) -> std::io::Result<()> {
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
