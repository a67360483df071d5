//! `tmrs init`: a first model of what deploys the system, or what is new in one that is there.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args;
use super::asking::answers;
use super::beside::{self, Wanted};
use super::complaints::tell;
use super::failure::{Exit, Failure};
use super::files::write;
use super::input::Input;
use super::nothing::{quoted, sources_among};
use super::output::{Screen, print, print_as_it_is};
use super::prompt::{ask, someone_is_there};
use super::repository::Repository;
use crate::escape::terminal;
use crate::init::{self, Difference, Outcome, Section, Told, Unwritten};
use crate::inventory::{self, Found, Inventory, asked};
use crate::notice::{Notice, Severity, code};
use crate::source::{OpenError, RepoPath, Source, Tree as _};

/// The model, unless another one is named.
const MODEL: &str = "threat-model.yaml";

/// So many lines of one sort are shown.
const MOST: usize = 20;

/// Runs the command.
pub fn run(arguments: &args::Init, screen: &Screen) -> Result<Exit, Failure> {
    let mut paths = arguments.from.clone();
    if paths.is_empty() {
        match at_terminal(arguments)? {
            Asked::Sources(found) => paths = found,
            Asked::Answers(inventory) => {
                let repository = Repository::find(&[])?;
                return deliver(&inventory, &repository, "tmrs init", arguments);
            }
            Asked::Nothing => return Ok(Exit::Success),
        }
    }
    let input = Input::take(&mut paths, None)?;
    let has_input = input.is_some();
    let repository = Repository::with_input(&paths, input)?;
    let (sources, mut notices) = sources(&repository)?;
    let (inventory, complaints) = inventory::read(&sources);
    notices.extend(complaints);
    if notices.iter().any(|it| it.severity == Severity::Error) {
        return Err(Failure::Notices(notices));
    }
    tell(&notices, screen);
    if inventory.parts.is_empty() {
        return Err(Failure::usage(
            "the sources name no part of a system",
            "name the files that say which services, stores and networks there are",
        ));
    }
    let command = command(&repository, has_input, arguments.output.as_deref());
    deliver(&inventory, &repository, &command, arguments)
}

/// What a person at the terminal wants.
enum Asked {
    Sources(Vec<PathBuf>),
    Answers(Inventory),
    Nothing,
}

/// Offers the sources that are there, else asks what there is.
fn at_terminal(arguments: &args::Init) -> Result<Asked, Failure> {
    let repository = Repository::find(&[])?;
    let files = repository.tree.entries().unwrap_or_default();
    let files: Vec<RepoPath> = files.into_iter().map(|entry| entry.path).collect();
    let found = sources_among(&repository, files.iter());
    let command = found.command();
    someone_is_there(
        "init",
        if found.sources.is_empty() {
            "name what deploys the system: `tmrs init --from compose.yaml`"
        } else {
            &command
        },
    )?;
    let (mut input, mut out) = (std::io::stdin().lock(), std::io::stdout().lock());
    let gone = |_| Failure::ClosedPipe;
    if !found.sources.is_empty() {
        let question = format!("There is something to begin with. Run `{command}`? [Y/n] ");
        let said = ask(&question, &mut input, &mut out).map_err(gone)?;
        match said.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None => return Ok(Asked::Nothing),
            Some("" | "y" | "yes") => {
                if found.are_more {
                    return Ok(Asked::Sources(vec![repository.root.clone()]));
                }
                let paths = found
                    .sources
                    .iter()
                    .map(|source| repository.root.join(source.path().as_str()));
                return Ok(Asked::Sources(paths.collect()));
            }
            Some(_) => {}
        }
    }
    let asked = answers(&mut input, &mut out).map_err(gone)?;
    let to_file = arguments.output.as_deref() != Some(Path::new("-"));
    Ok(match asked {
        Some(answers) => Asked::Answers(asked::asked(&answers)),
        None => {
            if to_file {
                writeln!(out, "\nNothing is written.").map_err(gone)?;
            }
            Asked::Nothing
        }
    })
}

/// Writes the model, or what is new in it, and offers what stands beside.
fn deliver(
    inventory: &Inventory,
    repository: &Repository,
    command: &str,
    arguments: &args::Init,
) -> Result<Exit, Failure> {
    if arguments.output.as_deref() == Some(Path::new("-")) {
        print_as_it_is(init::first(inventory, command).text)?;
        return Ok(Exit::Success);
    }
    let (path, model) = model(repository, arguments.output.as_deref())?;
    let is_there = repository
        .root
        .join(model.as_str())
        .symlink_metadata()
        .is_ok();
    if is_there {
        again(inventory, repository, (&path, &model))?;
    } else {
        let outcome = init::first(inventory, command);
        write(&path, &outcome.text)?;
        print(begun(&outcome, &model))?;
    }
    // Whoever has a model has decided already, unless the command line says otherwise.
    if is_there && !arguments.write {
        return Ok(Exit::Success);
    }
    let files = beside::missing(repository, &model);
    let mut out = std::io::stdout().lock();
    let mut input = std::io::stdin().lock();
    let wanted = match arguments.write {
        true => Wanted::All,
        false if someone_is_there("init", "").is_ok() => Wanted::Asked(&mut input),
        false => Wanted::None,
    };
    let is_told = matches!(wanted, Wanted::None) && !files.is_empty();
    beside::offer(&files, wanted, &mut out)?;
    if is_told {
        let hint = format!(
            "\nNothing but the model is written. `{command} --write` writes what is not there yet.\n"
        );
        out.write_all(hint.as_bytes())
            .map_err(|_| Failure::ClosedPipe)?;
    }
    Ok(Exit::Success)
}

/// What is named, and of folders the files that may be sources, with what there is to say about
/// those that cannot be read.
fn sources(repository: &Repository) -> Result<(Vec<(Arc<Source>, Found)>, Vec<Notice>), Failure> {
    let mut sources: Vec<(Arc<Source>, Found)> = Vec::new();
    let mut notices = Vec::new();
    for named in &repository.paths {
        let is_folder = repository.root.join(named.as_str()).is_dir();
        let found = if is_folder {
            Found::Beside
        } else {
            Found::Named
        };
        let files = if is_folder {
            let files = repository.tree.below(named).map_err(|error| {
                Failure::usage(
                    error.to_string(),
                    "name files, or a folder that can be read",
                )
            })?;
            let wanted = |path: &RepoPath| {
                let ending = path.extension().map(str::to_ascii_lowercase);
                ending.is_some_and(|ending| ["yaml", "yml", "json"].contains(&ending.as_str()))
            };
            files.into_iter().filter(wanted).collect()
        } else {
            vec![named.clone()]
        };
        for file in files {
            if sources.iter().any(|(known, _)| *known.path() == file) {
                continue;
            }
            match repository.tree.open(&file) {
                Ok(source) => sources.push((source, found)),
                Err(error) => notices.extend(unreadable(&file, &error, found)),
            }
        }
    }
    Ok((sources, notices))
}

/// A file that cannot be read: an error where it was named, or reads as a source but for the
/// bytes that are no text. Of what else is no text in a folder nothing is said.
fn unreadable(file: &RepoPath, error: &OpenError, found: Found) -> Option<Notice> {
    let severity = match (found, error) {
        (Found::Named, _) => Severity::Error,
        (Found::Beside, OpenError::NotUtf8 { text, .. }) => {
            let source = Source::new(file.clone(), &**text);
            inventory::is_source(&source).then_some(Severity::Error)?
        }
        (Found::Beside, _) => Severity::Warning,
    };
    let help = match error {
        OpenError::NotUtf8 { .. } | OpenError::Encoding(_) => "save the file as UTF-8",
        OpenError::LfsPointer(_) => "run `git lfs pull` first",
        OpenError::TooLarge { .. } => "name a smaller file, of a part of the system",
        _ => "name a text file of this repository",
    };
    let place = error.place(file);
    let notice = Notice::at(code::UNREADABLE, severity, place, error.to_string());
    Some(notice.with_help(help))
}

/// Where the model is, for the system and in the repository.
fn model(repository: &Repository, output: Option<&Path>) -> Result<(PathBuf, RepoPath), Failure> {
    let path = output.map_or_else(|| repository.root.join(MODEL), Path::to_path_buf);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let real = folder.canonicalize().ok();
    let named = real
        .zip(path.file_name())
        .map(|(folder, name)| folder.join(name));
    let inside = named.as_deref().and_then(|path| repository.inside(path));
    let shown = terminal(&path.to_string_lossy()).into_owned();
    let Some(model) = inside.filter(|model| !model.as_str().is_empty()) else {
        return Err(Failure::usage(
            format!("{shown} lies outside the repository, or in a folder that does not exist"),
            "name a file in a folder of the repository",
        ));
    };
    let is_yaml = ["yaml", "yml"].into_iter().any(|ending| {
        model
            .extension()
            .is_some_and(|own| own.eq_ignore_ascii_case(ending))
    });
    if !is_yaml {
        return Err(Failure::usage(
            format!("{shown} cannot be the model: its name does not end in .yaml"),
            format!("call it {MODEL}; `tmrs convert` writes other formats"),
        ));
    }
    Ok((path, model))
}

/// Adds to the model that is there.
fn again(
    inventory: &Inventory,
    repository: &Repository,
    (path, model): (&Path, &RepoPath),
) -> Result<(), Failure> {
    let source = repository
        .tree
        .open(model)
        .map_err(|error| Failure::usage(error.to_string(), "name another file with --output"))?;
    let outcome = init::again(inventory, &source).map_err(|why| match why {
        Unwritten::NoModel(why) => Failure::usage(
            format!(
                "{} is not a model that can be added to: {why}",
                shown(model)
            ),
            "name another file with --output; what is there stays as it is",
        ),
        Unwritten::Unsound => Failure::usage(
            format!(
                "{} is written in a way in which nothing can be added safely",
                shown(model)
            ),
            "print a new model with `--output -` and take over from it what is missing",
        ),
    })?;
    if !outcome.added.is_empty() {
        write(path, &outcome.text)?;
    }
    print(continued(&outcome, model))
}

/// How the model is made, as it is typed at the root.
fn command(repository: &Repository, has_input: bool, output: Option<&Path>) -> String {
    let mut words = vec!["tmrs".to_owned(), "init".to_owned(), "--from".to_owned()];
    // What came on standard input is the last path, under a name of its own.
    let count = repository.paths.len() - usize::from(has_input);
    let named = repository.paths.iter().take(count);
    words.extend(named.map(|path| match path.as_str() {
        "" => ".".to_owned(),
        path => quoted(path),
    }));
    if has_input {
        words.push("-".to_owned());
    }
    if let Some(output) = output.filter(|output| *output != Path::new("-")) {
        words.push("--output".to_owned());
        words.push(quoted(&output.to_string_lossy()));
    }
    words.join(" ")
}

fn shown(path: &RepoPath) -> String {
    terminal(path.as_str()).into_owned()
}

/// What was written.
fn begun(outcome: &Outcome, model: &RepoPath) -> String {
    let counted = [Section::Boundaries, Section::Elements, Section::Flows].map(|section| {
        let of = outcome.added.iter().filter(|told| told.section == section);
        match of.count() {
            1 => format!("1 {}", section.noun()),
            count => format!("{count} {}", section.key()),
        }
    });
    let [zones, parts, flows] = counted;
    format!(
        "Wrote {}: {zones}, {parts}, {flows}. Each line says where it comes from.\n\
         Read it, say what the sources do not know (people, data, controls), then run `tmrs check`.\n",
        shown(model)
    )
}

/// What is new, and what else there is to know.
fn continued(outcome: &Outcome, model: &RepoPath) -> String {
    let mut out = String::new();
    let model = shown(model);
    if outcome.added.is_empty() && !outcome.by_hand.is_empty() {
        out.push_str(&format!("{model} is unchanged.\n"));
    } else if outcome.added.is_empty() {
        out.push_str(&format!(
            "{model} has everything that the sources name; it is unchanged.\n"
        ));
    }
    let told = |told: &Told| {
        let (start, _) = told.place.positions();
        let path = shown(told.place.path());
        format!(
            "{} {} ({path}:{})",
            told.section.noun(),
            terminal(&told.id),
            start.line
        )
    };
    let lists = [
        (
            format!("Added to {model}:"),
            outcome.added.iter().map(told).collect(),
        ),
        (
            format!(
                "No place for in {model}, where the section is written in braces or by an alias; add by hand:"
            ),
            outcome.by_hand.iter().map(told).collect(),
        ),
        (
            format!(
                "In the sources, left out of {model} by a person, or with an end that {model} lacks:"
            ),
            outcome.left_out.iter().map(told).collect(),
        ),
        (
            "The sources say, and the model does not:".to_owned(),
            outcome.differing.iter().map(differing).collect(),
        ),
        (
            "Taken from sources once, and in none of those named now; left as they are:".to_owned(),
            (outcome.gone.iter())
                .map(|(section, id)| format!("{} {}", section.noun(), terminal(id)))
                .collect::<Vec<_>>(),
        ),
    ];
    for (head, lines) in lists {
        if lines.is_empty() {
            continue;
        }
        out.push_str(&format!("{head}\n"));
        for line in lines.iter().take(MOST) {
            out.push_str(&format!("  {line}\n"));
        }
        if let Some(more) = lines.len().checked_sub(MOST).filter(|more| *more > 0) {
            out.push_str(&format!("  and {more} more\n"));
        }
    }
    out
}

fn differing(it: &Difference) -> String {
    let (start, _) = it.place.positions();
    let place = format!("{}:{}", shown(it.place.path()), start.line);
    let instead = it.instead.as_ref().map_or_else(String::new, |said| {
        format!("; the model says {}", terminal(said))
    });
    format!(
        "{}: {} ({place}){instead}",
        terminal(&it.id),
        terminal(&it.said)
    )
}
