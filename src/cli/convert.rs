//! `tmrs convert`: write a model in another format.

use super::args;
use super::complaints;
use super::drawing::{self, Page};
use super::failure::{Exit, Failure};
use super::input::Input;
use super::nothing::{Wanted, no_model};
use super::output::{Screen, say};
use super::picked::Picked;
use super::repository::Repository;
use super::settings::Settings;
use crate::convert::TARGETS;
use crate::escape::terminal;
use crate::notice::Severity;

/// Runs the command.
pub fn run(arguments: &args::Convert, screen: &Screen) -> Result<Exit, Failure> {
    let target = TARGETS.iter().find(|target| target.name == arguments.to);
    // The command line takes no other name.
    let Some(target) = target else {
        return Ok(Exit::Usage);
    };
    let mut paths = arguments.paths.clone();
    let input = Input::take(&mut paths, Some(&arguments.stdin))?;
    let picked = Picked::take(&mut paths);
    let repository = Repository::with_input(&paths, input)?;
    let settings = Settings::resolve(&arguments.judging, &repository)?;
    let mut readings = settings.side(&repository).read()?;
    readings.leave_unasked();
    picked.keep(&mut readings.models, &repository)?;
    let mut notices = readings.notices;
    if readings.models.is_empty() && readings.broken.is_empty() {
        notices.push(no_model(&repository, &readings.looked_at, Wanted::Models));
    }
    let is_broken = notices
        .iter()
        .any(|notice| notice.severity == Severity::Error);
    complaints::tell(&notices, screen);
    let mut pages = Vec::new();
    let mut complete = true;
    for model in &readings.models {
        // A part of a model would pass for the whole.
        if !model.complete {
            complete = false;
            continue;
        }
        let converted = (target.write)(model);
        tell_lost(&model.name, &converted.lost);
        pages.push(Page {
            model: model.name.to_string(),
            bytes: converted.text.into_bytes(),
        });
    }
    let exit = match () {
        () if is_broken || readings.incomplete || !complete => Exit::Incomplete,
        () if pages.is_empty() => Exit::NoModels,
        () => Exit::Success,
    };
    if !pages.is_empty() {
        drawing::deliver(&pages, "model", target.ending, arguments.output.as_deref())?;
    }
    Ok(exit)
}

/// Says what the format cannot say.
fn tell_lost(model: &str, lost: &[String]) {
    if lost.is_empty() {
        return;
    }
    let count = lost.len();
    let things = if count == 1 { "thing" } else { "things" };
    say(&format!(
        "lost of “{}”, {count} {things} that the format has no words for:\n",
        terminal(model)
    ));
    for thing in lost {
        say(&format!("  {}\n", terminal(thing)));
    }
}
