//! The two sides of `tmrs diff`: what each argument names, read and judged.
//!
//! One set of rules judges both sides, that of the working tree (or of the folder
//! that is named second), as with `--since`: only what models and configurations
//! say makes a difference. A saved report stays as it is.

use std::path::{Path, PathBuf};

use super::args::{self, Judging};
use super::failure::Failure;
use super::repository::Repository;
use super::settings::Settings;
use super::{named, render};
use crate::compare::{self, Catalogues, Revision, configuration, is_commit};
use crate::escape::terminal;
use crate::notice::{Notice, Severity};
use crate::pipeline::Readings;
use crate::report::build::{Detail, Frame};
use crate::report::diff::Side;
use crate::report::join::load;
use crate::report::{NoticeInfo, NoticeSeverity, Report, Run};

/// A side, judged.
pub struct Judged {
    /// What it is.
    pub side: Side,
    /// Everything about it.
    pub report: Report,
    /// What its paths are relative to, where two folders or files are compared.
    pub folder: String,
    /// What could not be read, with the sources.
    pub errors: Vec<Notice>,
}

/// What an argument names.
enum Named {
    Revision(String),
    Path(PathBuf),
    Report(Box<Report>, String),
    WorkingTree,
}

/// A side that has yet to be judged.
struct Live {
    kind: &'static str,
    name: String,
    repository: Repository,
    revision: Option<Revision>,
    settings: Settings,
    readings: Readings,
}

enum Content {
    Saved(Box<Report>, String),
    Live(Box<Live>),
}

impl Live {
    fn new(
        kind: &'static str,
        name: String,
        paths: &[PathBuf],
        judging: &Judging,
    ) -> Result<Self, Failure> {
        let repository = Repository::find(paths)?;
        Ok(Self {
            kind,
            name,
            settings: Settings::resolve(judging, &repository)?,
            repository,
            revision: None,
            readings: Readings::default(),
        })
    }

    /// The same side as it stood at a revision, with the configuration of then.
    fn at(mut self, revision: Revision) -> Result<Self, Failure> {
        let config = configuration(&revision, &self.settings.side)?.ok_or_else(|| {
            Failure::usage(
                format!(
                    "the configuration of {} cannot be read",
                    terminal(&self.name)
                ),
                "name a revision whose tmrs.yaml can be read",
            )
        })?;
        self.settings.side = self.settings.side.at_base(config);
        self.revision = Some(revision);
        Ok(self)
    }

    fn side(&self) -> compare::Side<'_> {
        compare::Side {
            tree: match &self.revision {
                Some(revision) => &revision.tree,
                None => &self.repository.tree,
            },
            settings: &self.settings.side,
        }
    }

    fn read(mut self) -> Result<Content, Failure> {
        let side = self.side();
        self.readings = side.read_by(&side.request(), &|_| None)?;
        self.revision.as_ref().map_or(Ok(()), Revision::is_whole)?;
        Ok(Content::Live(Box::new(self)))
    }
}

/// Both sides of the command line.
pub fn judged(arguments: &args::Diff) -> Result<[Judged; 2], Failure> {
    let anchor = anchor(arguments)?;
    let base = if arguments.merge_base {
        Named::Revision(arguments.base.to_string_lossy().into_owned())
    } else {
        named(&arguments.base, &anchor)?
    };
    let head = match &arguments.head {
        Some(head) => named(head, &anchor)?,
        None => Named::WorkingTree,
    };
    if let (Named::Path(path), Named::WorkingTree) = (&base, &head) {
        let shown = terminal(&path.to_string_lossy()).into_owned();
        return Err(Failure::usage(
            format!("{shown} is compared with nothing"),
            format!(
                "name the second model or folder, or a revision first: `tmrs diff HEAD {shown}`"
            ),
        ));
    }
    let are_paths = matches!((&base, &head), (Named::Path(_), Named::Path(_)));
    let scope = [&base, &head].into_iter().filter_map(|side| match side {
        Named::Path(path) if !are_paths => Some(path.clone()),
        _ => None,
    });
    let scope: Vec<PathBuf> = scope.collect();
    let head = content(head, &scope, arguments)?;
    let base = content(base, &scope, arguments)?;
    judge_both([base, head], are_paths)
}

/// The repository in which names of revisions are looked up: that of the first
/// path, else the one around the working directory.
fn anchor(arguments: &args::Diff) -> Result<Repository, Failure> {
    let named = [Some(&arguments.base), arguments.head.as_ref()];
    let mut paths = named.into_iter().flatten().filter(|path| path.exists());
    match paths.next() {
        Some(path) if !arguments.merge_base => Repository::find(std::slice::from_ref(path)),
        _ => Repository::find(&[]),
    }
}

/// What an argument names; what names two things is an error that says how to
/// name each.
fn named(argument: &Path, anchor: &Repository) -> Result<Named, Failure> {
    let text = argument.to_string_lossy();
    let shown = terminal(&text);
    let is_dotted =
        argument.is_absolute() || argument.starts_with(".") || argument.starts_with("..");
    let is_there = argument.symlink_metadata().is_ok();
    let is_revision = !is_dotted && is_commit(anchor.git(), &text)?;
    match (is_there, is_revision) {
        (true, true) => Err(Failure::usage(
            format!("“{shown}” is both a revision and a path"),
            format!("write `./{shown}` for the path, or `{shown}^0` for the revision"),
        )),
        (false, true) => Ok(Named::Revision(text.into_owned())),
        (true, false) => match saved(argument)? {
            Some(report) => Ok(Named::Report(Box::new(report), text.into_owned())),
            None => Ok(Named::Path(argument.to_path_buf())),
        },
        (false, false) => {
            // It knows the remedy, such as for a shallow clone.
            if !is_dotted && anchor.has_git {
                Revision::named(anchor.git(), &text)?;
                return Ok(Named::Revision(text.into_owned()));
            }
            Err(Failure::usage(
                format!("“{shown}” is neither a revision nor a file"),
                "name a branch, tag or commit, a model, a folder of models, or a saved JSON report",
            ))
        }
    }
}

/// The report that a file holds; `None` if it is something else.
fn saved(path: &Path) -> Result<Option<Report>, Failure> {
    #[derive(serde::Deserialize)]
    struct Head {
        report: u64,
    }
    if !path.is_file() || path.extension().is_none_or(|ending| ending != "json") {
        return Ok(None);
    }
    let Ok(text) = named::text(path, render::LARGEST) else {
        return Ok(None);
    };
    let plain = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    if serde_json::from_str::<Head>(plain).is_ok_and(|head| head.report < u64::MAX) {
        return load(&text).map(Some).map_err(|error| {
            let shown = path.to_string_lossy();
            Failure::usage(
                format!("{}: {}", terminal(&shown), terminal(&error.to_string())),
                "write reports with `tmrs check --output json=FILE`, with this version of tmrs",
            )
        });
    }
    Ok(None)
}

/// Reads what a side names. `scope` is the path that the other side names: a
/// revision is looked at there only.
fn content(named: Named, scope: &[PathBuf], arguments: &args::Diff) -> Result<Content, Failure> {
    let judging = &arguments.judging;
    match named {
        Named::Report(report, name) => Ok(Content::Saved(report, name)),
        Named::WorkingTree => Live::new("working-tree", ".".into(), &[], judging)?.read(),
        Named::Path(path) => {
            let name = path.to_string_lossy().into_owned();
            Live::new("path", name, &[path], judging)?.read()
        }
        Named::Revision(name) => {
            let live = Live::new("revision", name.clone(), scope, judging)?;
            let revision = if arguments.merge_base {
                Revision::merge_base(live.repository.git(), &name)?
            } else {
                Revision::named(live.repository.git(), &name)?
            };
            live.at(revision)?.read()
        }
    }
}

/// Judges both sides by the rules of the second, or of the only one that is not
/// judged yet.
fn judge_both(sides: [Content; 2], are_paths: bool) -> Result<[Judged; 2], Failure> {
    let mut by = None;
    let mut models = Vec::new();
    for side in &sides {
        if let Content::Live(live) = side {
            by = Some(live.settings.clone());
            models.extend(&live.readings.models);
        }
    }
    let rules = match &by {
        Some(settings) => Some((settings.side.rules.load(models)?.0, settings)),
        None => None,
    };
    let [base, head] = sides.map(|side| match (side, &rules) {
        (Content::Live(live), Some((rules, by))) => Some(judge(*live, rules, by, are_paths)),
        (Content::Saved(report, name), _) => Some(of_report(*report, name)),
        // Whoever has something to judge has rules.
        (Content::Live(_), None) => None,
    });
    let [Some(base), Some(head)] = [base, head] else {
        return Err(Failure::usage(
            "there are no rules",
            "name a revision or a model",
        ));
    };
    Ok([base, head])
}

fn judge(mut live: Live, rules: &Catalogues, by: &Settings, are_paths: bool) -> Judged {
    live.settings.side.rules = by.side.rules.clone();
    let readings = std::mem::take(&mut live.readings);
    let live_side = live.side();
    let mut judged = live_side.judge_by(readings, rules);
    live_side.settle(&mut judged, &live.settings.side.reading.filter.paths);
    let commit = live
        .revision
        .as_ref()
        .map(|revision| revision.commit.clone());
    let report = Report::of(&judged, frame(&live.settings, commit));
    let errors = judged.notices.into_iter();
    let errors = errors.filter(|notice| notice.severity == Severity::Error);
    let named = live.repository.paths.first();
    Judged {
        side: side(live.kind, live.name, &report),
        report,
        folder: named
            .filter(|_| are_paths)
            .map_or_else(String::new, |path| path.as_str().to_owned()),
        errors: errors.collect(),
    }
}

fn of_report(report: Report, name: String) -> Judged {
    Judged {
        side: side("report", name, &report),
        report,
        folder: String::new(),
        errors: Vec::new(),
    }
}

fn side(kind: &str, name: String, report: &Report) -> Side {
    let is_error = |notice: &&NoticeInfo| notice.severity == NoticeSeverity::Error;
    Side {
        kind: kind.into(),
        name,
        revision: report.run.revision.clone(),
        catalogue: report.tool.catalogue.clone(),
        models: report.models.len(),
        complete: report.is_complete(),
        notices: report.notices.iter().filter(is_error).cloned().collect(),
    }
}

fn frame(settings: &Settings, commit: Option<String>) -> Frame {
    Frame {
        run: Run {
            revision: commit,
            ..Run::default()
        },
        catalogue: settings.catalogue_version().into(),
        levels: settings.gate.levels.clone(),
        detail: Detail::Graphs,
        proposes: false,
        shows_first: false,
        fixed: Vec::new(),
        changes: Vec::new(),
        allow_no_models: true,
        failed_otherwise: false,
    }
}
