//! `tmrs fmt`: native YAML models, laid out one like the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::args::{self, Judging};
use super::complaints;
use super::failure::{Exit, Failure};
use super::input::Input;
use super::nothing::counted;
use super::output::{Screen, print, print_as_it_is};
use super::replacing::replacing;
use super::repository::Repository;
use super::settings::Settings;
use crate::discover::discover;
use crate::escape::terminal;
use crate::format::formatted;
use crate::notice::{Notice, Severity, code};
use crate::read::native::Native;
use crate::read::{Reader as _, Sniff};
use crate::source::{OpenError, RepoPath, Source, Span, Tree as _};

/// What is formatted, in a sentence.
const FORMATTED: &str =
    "a YAML file with the top-level key `tmrs: 1` is formatted, and nothing else";

/// Runs the command.
pub fn run(arguments: &args::Fmt, screen: &Screen) -> Result<Exit, Failure> {
    let mut paths = arguments.paths.clone();
    let input = Input::take(&mut paths, Some(&arguments.stdin))?;
    let is_input = input.is_some();
    if is_input && !paths.is_empty() {
        return Err(Failure::usage(
            "standard input is formatted alone",
            "leave out `-`, or the other PATHs",
        ));
    }
    let repository = Repository::with_input(&paths, input)?;
    let judging = Judging {
        config: arguments.config.clone(),
        ..Judging::default()
    };
    let settings = Settings::resolve(&judging, &repository)?;
    let mut found = Found::new(&repository, &settings)?;
    if found.models.is_empty() && found.notices.is_empty() {
        let message = "no YAML model of tmrs's own was found";
        let notice = Notice::general(code::NO_MODEL, Severity::Warning, message);
        complaints::tell(&[notice.with_help(FORMATTED)], screen);
        return Ok(if settings.gate.allow_no_models {
            Exit::Success
        } else {
            Exit::NoModels
        });
    }
    let models = found.models.len();
    let formatted: Vec<_> = std::mem::take(&mut found.models)
        .into_par_iter()
        .map(|source| (formatted(&source, &repository.tree), source))
        .collect();
    let mut texts = Vec::new();
    for (outcome, source) in formatted {
        match outcome {
            Ok(text) => texts.push((source, text)),
            Err(notices) => found.notices.extend(notices),
        }
    }
    complaints::tell(&found.notices, screen);
    let exit = if found.notices.is_empty() {
        Exit::Success
    } else {
        Exit::Incomplete
    };
    if is_input && !arguments.check {
        for (source, text) in texts {
            let mark = if source.is_marked() { "\u{feff}" } else { "" };
            print_as_it_is(format!("{mark}{text}"))?;
        }
        return Ok(exit);
    }
    texts.retain(|(source, text)| source.text() != text);
    if texts.is_empty() {
        if exit == Exit::Success {
            print(format!(
                "Nothing to format in {}.\n",
                counted(models, "model")
            ))?;
        }
        return Ok(exit);
    }
    if arguments.check {
        print(would_change(&texts, models))?;
        return Ok(match exit {
            Exit::Success => Exit::Fails,
            other => other,
        });
    }
    write(&repository, &texts)?;
    Ok(exit)
}

/// What there is to format.
struct Found {
    /// Each file once, whatever links lead to it.
    models: Vec<Arc<Source>>,
    /// Files that may be models and cannot be opened.
    notices: Vec<Notice>,
}

impl Found {
    /// The models of the repository that a check would find, or of the PATHs.
    fn new(repository: &Repository, settings: &Settings) -> Result<Self, Failure> {
        let mut filter = settings.side.reading.filter.clone();
        filter.others = false;
        let sniff = |path: &RepoPath, text: &str| match Native.sniff(path, text) {
            Sniff::Candidate if is_yaml(path) => Ok(()),
            _ => Err("it is no YAML model of tmrs's own"),
        };
        let tree = &repository.tree;
        let found = discover(tree, &filter, sniff, |_, _| Vec::new(), |_, _| None);
        let found = found.map_err(|error| {
            let help = "let the folder be read, or exclude it under `paths: exclude`";
            Failure::usage(error.to_string(), help)
        })?;
        if !found.unmarked.is_empty() {
            let foreign = found.unmarked.iter().map(|(source, _)| foreign(source));
            return Err(Failure::Notices(foreign.collect()));
        }
        let mut models = BTreeMap::new();
        for candidate in found.candidates {
            let path = candidate.source.path();
            let real = tree.real(path).unwrap_or_else(|| path.clone());
            models.entry(real).or_insert(candidate.source);
        }
        let unreadable = found.unreadable.iter();
        let unreadable = unreadable
            .filter(|(path, _)| is_yaml(path) || repository.paths.contains(path))
            .map(|(path, error)| unopened(path, error));
        Ok(Self {
            models: models.into_values().collect(),
            notices: unreadable.collect(),
        })
    }
}

fn is_yaml(path: &RepoPath) -> bool {
    let ending = path.extension().unwrap_or_default();
    ["yaml", "yml"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(ending))
}

/// What to say of a file that was named and is something else.
fn foreign(source: &Arc<Source>) -> Notice {
    let path = source.path();
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    let (what, help) = match ending.as_str() {
        "py" | "pyw" => ("Python", "format Python with your Python formatter"),
        "json" => (
            "JSON",
            "only YAML is formatted; format JSON with your JSON formatter",
        ),
        "yaml" | "yml" => ("YAML without the top-level key `tmrs`", FORMATTED),
        _ => ("something else", FORMATTED),
    };
    let message = format!("{path} is no YAML model of tmrs's own, but {what}");
    let place = source.place(Span::default());
    Notice::error(code::NOT_A_MODEL, place, message).with_help(help)
}

fn unopened(path: &RepoPath, error: &OpenError) -> Notice {
    let place = Source::new(path.clone(), "").place(Span::default());
    Notice::error(code::UNREADABLE, place, error.to_string())
        .with_help("name a file that can be read, or exclude it under `paths: exclude`")
}

/// Writes all of them or, if one cannot be prepared, none.
fn write(repository: &Repository, texts: &[(Arc<Source>, String)]) -> Result<(), Failure> {
    let prepared = texts
        .iter()
        .map(|(source, text)| replacing(repository, source, text))
        .collect::<Result<Vec<_>, _>>()?;
    let mut told = String::new();
    for ((source, _), prepared) in texts.iter().zip(prepared) {
        prepared.put()?;
        told.push_str(&format!("Formatted {}\n", terminal(source.path().as_str())));
    }
    print(told)
}

/// Each file that would change, with the first line that would.
fn would_change(texts: &[(Arc<Source>, String)], models: usize) -> String {
    let mut told = String::new();
    for (source, text) in texts {
        let path = terminal(source.path().as_str());
        let (before, after) = (source.text().split('\n'), text.split('\n'));
        let (mut before, mut after) = (before.map(Some), after.map(Some));
        let mut lines = std::iter::from_fn(|| {
            let pair = (before.next().flatten(), after.next().flatten());
            (pair != (None, None)).then_some(pair)
        });
        let first = (1..).zip(&mut lines).find(|(_, (one, other))| one != other);
        let Some((line, (one, other))) = first else {
            continue;
        };
        told.push_str(&format!("{path}:{line} would change:\n"));
        for (sign, line) in [('-', one), ('+', other)] {
            let shown = line.map(|line| terminal(line.trim_end_matches('\r')).into_owned());
            told.push_str(&shown.map_or_else(String::new, |line| format!("  {sign} {line}\n")));
        }
    }
    let would = counted(models, "model");
    told.push_str(&format!(
        "{} of {would} would change; `tmrs fmt` writes them\n",
        texts.len()
    ));
    told
}
