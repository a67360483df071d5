//! `tmrs questions --answer` and `--answers FILE`: answers that are written into the models,
//! each at once, so that stopping at any time loses nothing.

mod item;
mod models;
mod session;

use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;

use super::args::Questions;
use super::drawing;
use super::failure::{Exit, Failure};
use super::output::{Screen, print};
use super::prompt::someone_is_there;
use super::repository::Repository;
use super::settings::Settings;
use crate::escape::terminal;
use crate::report::{Report, Step, Todo};
use item::items;
use session::{Session, Stop};

pub use models::Models;

/// Asks at the terminal.
///
/// # Errors
/// If nobody is there, or the models cannot be read.
pub fn ask(arguments: &Questions, screen: &Screen) -> Result<Exit, Failure> {
    someone_is_there(
        "questions --answer",
        "scripts write answers with `tmrs questions --answers FILE`",
    )?;
    let repository = Repository::find(&arguments.paths)?;
    let settings = Settings::resolve(&arguments.judging, &repository)?;
    let mut session = Session::new(Models::new(&repository, &settings), screen.width);
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    match session.run(&mut input, &mut output) {
        Ok(report) => Ok(drawing::exit(&report)),
        Err(Stop::Failure(failure)) => Err(failure),
        Err(Stop::Terminal(error)) if error.kind() == ErrorKind::BrokenPipe => {
            Err(Failure::ClosedPipe)
        }
        Err(Stop::Terminal(error)) => Err(Failure::usage(
            format!("the terminal is gone: {error}"),
            "start again; every answer so far is written",
        )),
    }
}

/// Writes the answers of a file.
///
/// # Errors
/// If the file or the models cannot be read, or an answer cannot be written; all others are.
pub fn take(arguments: &Questions, file: &Path, screen: &Screen) -> Result<Exit, Failure> {
    let given = given(file)?;
    let repository = Repository::find(&arguments.paths)?;
    let settings = Settings::resolve(&arguments.judging, &repository)?;
    let mut models = Models::new(&repository, &settings);
    let (judged, report) = models.judge()?;
    drawing::tell(&judged, None, screen);
    let mut reading = models.reading()?;
    let mut failed = Vec::new();
    for todo in &given {
        let (known, unknown) = asked_again(&report, todo);
        failed.extend(unknown.iter().map(|step| {
            let element = terminal(&step.element);
            format!("{} of “{element}”: nobody asks for it", step.attribute)
        }));
        for item in items(&known) {
            let told = item.write(&item.value, &mut reading, &mut models);
            print(told.text)?;
            failed.extend(told.unwritten);
        }
    }
    if failed.is_empty() {
        return Ok(drawing::exit(&report));
    }
    Err(Failure::usage(
        format!("not every answer is written: {}", failed.join("; ")),
        "say these by hand, where the model makes what they are about",
    ))
}

/// The questions of a file, each with the steps that are true.
fn given(file: &Path) -> Result<Vec<Todo>, Failure> {
    #[derive(Deserialize)]
    struct Answers {
        questions: Vec<Todo>,
    }
    let shown = terminal(&file.to_string_lossy()).into_owned();
    let wrong = |why: String| {
        Failure::usage(
            format!("cannot read the answers in {shown}: {why}"),
            "write them with `tmrs questions --format json`, and take out the steps that are not true",
        )
    };
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let answers: Answers = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    Ok(answers.questions)
}

/// The steps of a question that the models of this run are asked for too, of these models;
/// and the others.
fn asked_again(report: &Report, todo: &Todo) -> (Vec<Step>, Vec<Step>) {
    let of_model = report
        .findings
        .iter()
        .filter(|f| f.model == todo.model && f.model_name == todo.model_name);
    let asked: Vec<_> = of_model.flat_map(|f| f.deciding.iter().flatten()).collect();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for step in &todo.steps {
        let mut same = asked
            .iter()
            .filter(|answer| answer.element == step.element && answer.attribute == step.attribute);
        match same.find_map(|answer| answer.whose) {
            Some(whose) => known.push(Step {
                whose: Some(whose),
                ..step.clone()
            }),
            None => unknown.push(step.clone()),
        }
    }
    (known, unknown)
}
