//! `tmrs questions`: what the models do not say, as questions that settle threats.

use super::answers;
use super::args::Questions;
use super::drawing;
use super::failure::{Exit, Failure};
use super::output::{Screen, print, print_as_it_is};
use super::repository::Repository;
use super::settings::Settings;
use crate::emit::questions::{
    as_json, as_markdown, facts_as_markdown, facts_for_people, human, questions,
};
use crate::report::{Asleep, asleep};

/// Runs the command.
pub fn run(arguments: &Questions, screen: &Screen) -> Result<Exit, Failure> {
    if arguments.answer {
        return answers::ask(arguments, screen);
    }
    if let Some(file) = &arguments.answers {
        return answers::take(arguments, file, screen);
    }
    let report = drawing::report(&arguments.paths, &arguments.judging, true, screen)?;
    let all = questions(&report);
    let most = arguments.max.unwrap_or(all.len()).min(all.len());
    let shown = &all[..most];
    let facts = if arguments.facts {
        facts(arguments)?
    } else {
        Vec::new()
    };
    match arguments.format.as_str() {
        "json" => {
            let facts = arguments.facts.then_some(&*facts);
            let text = as_json(shown, facts)
                .map_err(|error| Failure::usage(error.to_string(), "ask for another --format"))?;
            print_as_it_is(text)?;
        }
        "markdown" => print(as_markdown(&all, shown) + &facts_as_markdown(&facts))?,
        _ => print(human(&all, shown, screen.width) + &facts_for_people(&facts, screen.width))?,
    }
    Ok(drawing::exit(&report))
}

/// The facts for which rules are asleep.
fn facts(arguments: &Questions) -> Result<Vec<Asleep>, Failure> {
    let repository = Repository::find(&arguments.paths)?;
    let settings = Settings::resolve(&arguments.judging, &repository)?;
    let side = settings.side(&repository);
    let judged = side.judge(side.read()?, &repository.paths)?;
    Ok(asleep(&judged))
}
