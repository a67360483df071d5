//! What `dfd`, `seq` and `report` share: models read (and judged, where colours
//! or findings are wanted), and one page a model delivered.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use super::args::{Judging, Stdin};
use super::complaints::why;
use super::failure::{Exit, Failure};
use super::files::{Prepared, prepare, stays, write};
use super::input::{Input, is_in_no_revision};
use super::marks::Before;
use super::nothing::{Wanted, no_model};
use super::output::{Screen, print, print_as_it_is, say};
use super::picked::Picked;
use super::repository::Repository;
use super::settings::Settings;
use crate::compare::{Base, Revision};
use crate::draw::{Diagram, Sequence, dot, plantuml, svg};
use crate::emit::plural;
use crate::escape::terminal;
use crate::finding::slug;
use crate::notice::{Notice, Severity};
use crate::pipeline::{Judged, JudgedModel, Readings};
use crate::report::build::{Detail, Frame};
use crate::report::{Report, Run};
use crate::tools::{self, ToolError};

/// Which models the command line names.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    /// The PATHs; `-` is standard input, `FILE#Model name` one model of a file.
    pub paths: &'a [PathBuf],
    /// What standard input is called.
    pub stdin: Option<&'a Stdin>,
}

impl<'a> From<&'a Vec<PathBuf>> for Named<'a> {
    fn from(paths: &'a Vec<PathBuf>) -> Self {
        Self { paths, stdin: None }
    }
}

/// Reads the models of a command line; with `judged` also judges them.
pub fn report<'a>(
    named: impl Into<Named<'a>>,
    judging: &Judging,
    judged: bool,
    screen: &Screen,
) -> Result<Report, Failure> {
    let (report, _) = report_since(named.into(), judging, judged, None, screen)?;
    Ok(report)
}

/// The same, with the models as they were at the merge base with a revision.
pub fn report_since(
    named: Named<'_>,
    judging: &Judging,
    judged: bool,
    since: Option<&str>,
    screen: &Screen,
) -> Result<(Report, Option<Before>), Failure> {
    let mut paths = named.paths.to_vec();
    let input = Input::take(&mut paths, named.stdin)?;
    is_in_no_revision(input.as_ref(), since.is_some())?;
    let picked = Picked::take(&mut paths);
    let repository = Repository::with_input(&paths, input)?;
    let settings = Settings::resolve(judging, &repository)?;
    let side = settings.side(&repository);
    let mut readings = side.read()?;
    readings.leave_unasked();
    picked.keep(&mut readings.models, &repository)?;
    let nothing = readings.models.is_empty() && readings.broken.is_empty();
    let missing = nothing.then(|| no_model(&repository, &readings.looked_at, wanted(&settings)));
    let before = match since {
        Some(name) => Some(before(name, &readings, &repository, &settings)?),
        None => None,
    };
    let judged = if judged {
        side.judge(readings, &repository.paths)?
    } else {
        unjudged(readings)
    };
    tell(&judged, missing, screen);
    Ok((Report::of(&judged, frame(&settings)), before))
}

/// The models as they were at the merge base with a revision; `now` is what the working
/// tree holds.
fn before(
    since: &str,
    now: &Readings,
    repository: &Repository,
    settings: &Settings,
) -> Result<Before, Failure> {
    let revision = Revision::merge_base(repository.git(), since)?;
    let base = Base::new(revision, settings.side(repository))?;
    let mut readings = base.read(now, &repository.paths)?;
    readings.leave_unasked();
    Ok(Before::new(Report::of(
        &unjudged(readings),
        frame(settings),
    )))
}

/// What the report of a drawing says beside what was read.
pub fn frame(settings: &Settings) -> Frame {
    Frame {
        run: Run::default(),
        catalogue: settings.catalogue_version().into(),
        levels: settings.gate.levels.clone(),
        detail: Detail::Everything,
        proposes: false,
        shows_first: true,
        fixed: Vec::new(),
        changes: Vec::new(),
        allow_no_models: settings.gate.allow_no_models,
        failed_otherwise: false,
    }
}

/// What was read, as if no rule had judged it.
fn unjudged(readings: Readings) -> Judged {
    let models = readings.models.into_iter().map(|model| JudgedModel {
        model,
        rules: Vec::new(),
        found_elsewhere: std::collections::BTreeSet::new(),
        given_up: false,
        is_around: false,
    });
    Judged {
        models: models.collect(),
        findings: Vec::new(),
        notices: readings.notices,
        incomplete: readings.incomplete,
        ..Judged::default()
    }
}

/// Whether there must be a model.
fn wanted(settings: &Settings) -> Wanted {
    if settings.gate.allow_no_models {
        Wanted::Nothing
    } else {
        Wanted::Models
    }
}

/// Errors go to standard error, and that there is nothing to show: the page may lack
/// something, or there is none.
pub fn tell(judged: &Judged, missing: Option<Notice>, screen: &Screen) {
    let errors = judged
        .notices
        .iter()
        .filter(|notice| notice.severity == Severity::Error);
    let errors = Failure::Notices(errors.cloned().chain(missing).collect());
    say(&why(&errors, screen));
}

/// A data-flow diagram as SVG, drawn here, so that every machine draws the same.
pub fn svg(diagram: &Diagram) -> Result<Vec<u8>, Failure> {
    svg::file(diagram).map(String::into_bytes).ok_or_else(|| {
        Failure::usage(
            format!(
                "cannot draw the picture: {} and {} are more than anybody could read",
                plural(diagram.nodes(), "element"),
                plural(diagram.flows.len(), "flow"),
            ),
            "draw parts with --split, --around ELEMENT, --boundary BOUNDARY or --levels, or use --format dot",
        )
    })
}

/// A data-flow diagram as PNG, drawn by Graphviz.
pub fn png(diagram: &Diagram) -> Result<Vec<u8>, Failure> {
    tools::dot(&dot::dfd(diagram)).map_err(|error| no_picture(&error, "graphviz"))
}

/// A sequence diagram as PNG, drawn by PlantUML.
pub fn sequence_png(sequence: &Sequence) -> Result<Vec<u8>, Failure> {
    tools::plantuml(&plantuml::sequence(sequence)).map_err(|error| no_picture(&error, "plantuml"))
}

/// How a command ends that shows models and lets no gate decide.
pub fn exit(report: &Report) -> Exit {
    match Exit::of(report.summary.exit) {
        Exit::Fails => Exit::Success,
        exit => exit,
    }
}

/// One file, for one model.
pub struct Page {
    /// The model's name.
    pub model: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Delivers pages: one to standard output or a file, several into a folder,
/// under `<model>.<kind>.<ending>`.
pub fn deliver(
    pages: &[Page],
    kind: &str,
    ending: &str,
    output: Option<&Path>,
) -> Result<(), Failure> {
    match (pages, output) {
        ([], _) => Ok(()),
        ([page], None) => to_screen(&page.bytes),
        ([page], Some(path)) if path == Path::new("-") => to_screen(&page.bytes),
        ([page], Some(path)) if !is_folder(path) => write(path, &page.bytes),
        (_, Some(path)) if path != Path::new("-") => {
            make_folder(path)?;
            let mut taken = BTreeMap::new();
            let files = pages.iter().map(|page| {
                let stem = stem(&page.model, &mut taken);
                prepare(&path.join(format!("{stem}.{kind}.{ending}")), &page.bytes)
            });
            let files = files.collect::<Result<Vec<_>, _>>()?;
            files.into_iter().try_for_each(Prepared::put)
        }
        _ => {
            let names: Vec<_> = pages.iter().map(|p| terminal(&p.model)).collect();
            Err(Failure::usage(
                format!("there are {} models: {}", pages.len(), names.join(", ")),
                "name one of them, or give a folder with --output FOLDER",
            ))
        }
    }
}

fn to_screen(bytes: &[u8]) -> Result<(), Failure> {
    if std::str::from_utf8(bytes).is_err() && std::io::stdout().is_terminal() {
        return Err(Failure::usage(
            "a picture cannot be shown on a terminal",
            "write it to a file with --output FILE",
        ));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => print(text),
        Err(_) => print_as_it_is(bytes),
    }
}

/// Creates a folder and those above it.
pub fn make_folder(path: &Path) -> Result<(), Failure> {
    stays(path)?;
    std::fs::create_dir_all(path).map_err(|error| {
        let shown = terminal(&path.to_string_lossy()).into_owned();
        Failure::usage(
            format!("cannot create the folder {shown}: {error}"),
            "choose a folder that can be created",
        )
    })
}

/// A file name for a model: the slug of its name, numbered if it is taken.
pub fn stem(model: &str, taken: &mut BTreeMap<String, usize>) -> String {
    let slug: String = slug(model).chars().take(60).collect();
    let slug = if slug.is_empty() {
        "model".to_owned()
    } else {
        slug
    };
    let count = taken.entry(slug.clone()).or_insert(0);
    *count += 1;
    if *count == 1 {
        slug
    } else {
        format!("{slug}-{count}")
    }
}

/// The format that was asked for, or that the file's ending means, or the default where
/// there is no ending.
///
/// # Errors
/// When nothing was asked for and the ending means no format: the file would hold
/// something else than its name says.
pub fn format<'a>(
    asked: Option<&'a str>,
    output: Option<&Path>,
    endings: &[(&str, &'a str)],
    default: &'a str,
) -> Result<&'a str, Failure> {
    let ending = output.filter(|path| !is_folder(path)).and_then(ending);
    let (None, Some(ending)) = (asked, ending) else {
        return Ok(asked.unwrap_or(default));
    };
    let meant = endings.iter().find(|(known, _)| *known == ending);
    meant.map(|(_, format)| *format).ok_or_else(|| {
        let known = endings.iter().map(|(known, _)| *known);
        no_such_ending(&ending, known)
    })
}

/// A file's ending in lower case.
pub fn ending(path: &Path) -> Option<String> {
    let ending = path.extension()?.to_str()?;
    Some(ending.to_ascii_lowercase())
}

/// An ending that means no format, with those that mean one.
pub fn no_such_ending<'e>(ending: &str, known: impl Iterator<Item = &'e str>) -> Failure {
    let known: Vec<String> = known.map(|known| format!(".{known}")).collect();
    Failure::usage(
        format!("--output: nothing is written as .{}", terminal(ending)),
        format!(
            "end the name with one of {}, or say what to write with --format",
            known.join(", ")
        ),
    )
}

fn is_folder(path: &Path) -> bool {
    let text = path.to_string_lossy();
    path.is_dir() || text.ends_with('/') || text.ends_with(std::path::MAIN_SEPARATOR)
}

/// Why there is no picture, with both remedies.
fn no_picture(error: &ToolError, package: &str) -> Failure {
    let help = match error {
        ToolError::Missing { .. } => format!(
            "install it (`apt-get install {package}`), or use --format mermaid, which GitHub and GitLab draw themselves"
        ),
        _ => "use --format mermaid, which GitHub and GitLab draw themselves".to_owned(),
    };
    Failure::usage(format!("cannot draw the picture: {error}"), help)
}
