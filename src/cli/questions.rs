//! `tmrs questions`: what the models do not say, as questions that settle threats.

use super::args::Questions;
use super::drawing;
use super::failure::{Exit, Failure};
use super::output::{Screen, print, print_as_it_is};
use crate::emit::questions::{as_json, as_markdown, human, questions};

/// Runs the command.
pub fn run(arguments: &Questions, screen: &Screen) -> Result<Exit, Failure> {
    let report = drawing::report(&arguments.paths, &arguments.judging, true, screen)?;
    let all = questions(&report);
    let most = arguments.max.unwrap_or(all.len()).min(all.len());
    let shown = &all[..most];
    match arguments.format.as_str() {
        "json" => {
            let text = as_json(shown)
                .map_err(|error| Failure::usage(error.to_string(), "ask for another --format"))?;
            print_as_it_is(text)?;
        }
        "markdown" => print(as_markdown(&all, shown))?,
        _ => print(human(&all, shown, screen.width))?,
    }
    Ok(drawing::exit(&report))
}
