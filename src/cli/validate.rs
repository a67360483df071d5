//! `tmrs validate`: read the models and say whether they read, without judging them.

use std::collections::BTreeSet;

use super::args::{self, Knowing};
use super::complaints;
use super::failure::{Exit, Failure};
use super::input::Input;
use super::known::baseline;
use super::nothing::{Wanted, counted, no_model};
use super::output::{Screen, print};
use super::progress::Progress;
use super::repository::Repository;
use super::settings::Settings;
use crate::escape::terminal;
use crate::model::Model;
use crate::model::vocabulary::Class;
use crate::notice::Severity;
use crate::pipeline::Readings;
use crate::source::RepoPath;

/// Runs the command.
pub fn run(arguments: &args::Validate, screen: &Screen) -> Result<Exit, Failure> {
    let mut paths = arguments.paths.clone();
    let input = Input::take(&mut paths, Some(&arguments.stdin))?;
    let repository = Repository::with_input(&paths, input)?;
    let mut settings = Settings::resolve(&arguments.judging, &repository)?;
    // What it knows matters to the gate only; that it can be read, to whoever runs a check next.
    baseline(&Knowing::default(), &mut settings, &repository)?;
    let progress = Progress::start(screen, "reading models");
    let mut readings = settings.side(&repository).read_with_rules()?;
    let allowed = settings.gate.allow_no_models;
    let is_nothing = readings.models.is_empty() && readings.broken.is_empty();
    if is_nothing {
        let wanted = if allowed {
            Wanted::Nothing
        } else {
            Wanted::Models
        };
        let notice = no_model(&repository, &readings.looked_at, wanted);
        readings.notices.push(notice);
    }
    drop(progress);
    complaints::tell(&readings.notices, screen);
    print(told(&readings))?;
    let mut notices = readings.notices.iter();
    let is_broken = notices.any(|notice| notice.severity == Severity::Error);
    Ok(match () {
        () if readings.incomplete || is_broken => Exit::Incomplete,
        () if is_nothing && !allowed => Exit::NoModels,
        () => Exit::Success,
    })
}

/// What was read, a line a file, and together where there are several.
fn told(readings: &Readings) -> String {
    let models = readings.models.iter();
    let files: BTreeSet<&RepoPath> = models
        .map(Model::path)
        .chain(&readings.candidates)
        .chain(&readings.broken)
        .collect();
    let mut text = String::new();
    for path in &files {
        let models = readings.models.iter().filter(|model| model.path() == *path);
        let parts = Counted::of(models);
        let outcome = match (readings.broken.contains(*path), parts.models) {
            (true, 0) => "not read".to_owned(),
            (true, _) => format!("{}; not read completely", parts.words()),
            (false, _) => format!("{}; read completely", parts.words()),
        };
        text.push_str(&format!("{}: {outcome}\n", terminal(path.as_str())));
    }
    if files.len() > 1 {
        let outcome = match readings.broken.len() {
            0 => "all read completely".to_owned(),
            count => format!("{} not read completely", counted(count, "file")),
        };
        let parts = Counted::of(&readings.models);
        let files = counted(files.len(), "file");
        text.push_str(&format!("\n{files}, {}; {outcome}\n", parts.words()));
    }
    text
}

/// What models consist of.
#[derive(Default)]
struct Counted {
    models: usize,
    elements: usize,
    flows: usize,
    boundaries: usize,
}

impl Counted {
    fn of<'m>(models: impl IntoIterator<Item = &'m Model>) -> Self {
        let mut parts = Self::default();
        for model in models {
            parts.models += 1;
            for element in &model.elements {
                *match element.class {
                    Class::Dataflow => &mut parts.flows,
                    Class::Boundary => &mut parts.boundaries,
                    _ => &mut parts.elements,
                } += 1;
            }
        }
        parts
    }

    fn words(&self) -> String {
        let boundaries = match self.boundaries {
            1 => "1 boundary".to_owned(),
            count => format!("{count} boundaries"),
        };
        format!(
            "{}, {}, {}, {boundaries}",
            counted(self.models, "model"),
            counted(self.elements, "element"),
            counted(self.flows, "flow"),
        )
    }
}
