//! `tmrs check`: read every model, judge it, fail on new threats.

use super::args::{Check, Output};
use super::deliver::deliver;
use super::failure::{Exit, Failure};
use super::fix::fix;
use super::hook::Asked;
use super::input::{Input, is_in_no_revision};
use super::known::baseline;
use super::nothing::{Wanted, no_model};
use super::output::{Screen, say};
use super::progress::Progress;
use super::repository::Repository;
use super::settings::{Gate, Settings};
use super::targets::{Target, targets};
use crate::compare::{self, About, Base, Compared, Known, Revision};
use crate::model::Model;
use crate::notice::Notice;
use crate::report::build::{Detail, Frame};
use crate::report::diff::{self, Earlier, ModelChange};
use crate::report::{Fixed, Parts as _, Run, Telling};
use crate::source::{RepoPath, Tree as _};

/// Runs the command.
pub fn run(mut check: Check, screen: &Screen) -> Result<Exit, Failure> {
    let targets = targets(&check.output)?;
    let asked = Asked::take(&mut check)?;
    let (repository, mut settings) = begin(&mut check)?;
    if check.fix {
        fix(&repository, &settings)?;
    }
    let known = baseline(&check.knowing, &mut settings, &repository)?;
    let progress = Progress::start(screen, "reading and judging models");
    settings.gate.allow_no_models |= check.knowing.changed_only;
    let compared = compared(&check, known, asked, &repository, &settings)?;
    let detail = detail(&targets, &check.output);
    let frame = Frame {
        proposes: targets.iter().any(|target| target.format.proposes()),
        shows_first: targets.iter().any(|target| target.format.shows_first()),
        ..frame(&settings, &check.output, detail)
    };
    let frame = of_comparison(&compared, frame, &settings.gate);
    let report = Telling::new(&compared.judged, frame);
    drop(progress);
    if check.output.verbose {
        tell_candidates(&compared.looked_at);
    }
    let open = |path: &RepoPath| repository.tree.open(path).ok();
    deliver(&report, &targets, &check.output, screen, &open)?;
    let exit = Exit::of(report.head().summary.exit);
    // The program ends here: taking everything apart would only be waited for.
    std::mem::forget(report);
    std::mem::forget(compared);
    Ok(exit)
}

/// Where the models are and what holds for them, before any is read.
fn begin(check: &mut Check) -> Result<(Repository, Settings), Failure> {
    let input = Input::take(&mut check.paths, Some(&check.stdin))?;
    is_in_no_revision(input.as_ref(), check.knowing.since.is_some())?;
    if check.fix && input.is_some() {
        return Err(Failure::usage(
            "a model on standard input cannot be mended where it stands",
            "leave out --fix, or name the model's file",
        ));
    }
    let repository = Repository::with_input(&check.paths, input)?;
    let settings = Settings::resolve(&check.judging, &repository)?;
    if let (Some(folder), false) = (&repository.working_directory, check.output.quiet) {
        tell_folder(folder);
    }
    let assumed = settings.side.config.sarif_assumed.as_ref();
    let assumed = assumed.map(|said| said.value.to_owned());
    check.output.sarif_assumed = check.output.sarif_assumed.take().or(assumed);
    Ok((repository, settings))
}

/// The working tree, judged, and held against what is known.
fn compared(
    check: &Check,
    known: Option<Known>,
    asked: Asked,
    repository: &Repository,
    settings: &Settings,
) -> Result<Compared, Failure> {
    let head = settings.side(repository);
    let base = match &check.knowing.since {
        Some(name) => {
            let revision = Revision::merge_base(repository.git(), name)?;
            Some(Base::new(revision, head)?)
        }
        None => None,
    };
    let about = About {
        scope: repository.scope(),
        changed_only: check.knowing.changed_only,
        files: asked.inside(repository),
    };
    let mut compared = compare::run(&head, base, known, &about)?;
    let nothing = no_models(&compared, repository, &settings.gate);
    compared.judged.notices.extend(nothing);
    Ok(compared)
}

/// That no model was found, where none was.
fn no_models(compared: &Compared, repository: &Repository, gate: &Gate) -> Option<Notice> {
    let judged = &compared.judged;
    if !judged.models.is_empty() || !judged.broken.is_empty() {
        return None;
    }
    let wanted = match (compared.changed_only, gate.allow_no_models) {
        (true, _) => Wanted::Changed,
        (false, true) => Wanted::Nothing,
        (false, false) => Wanted::Models,
    };
    Some(no_model(repository, &compared.looked_at, wanted))
}

/// What the report of a comparison says beside what was judged.
fn of_comparison(compared: &Compared, frame: Frame, gate: &Gate) -> Frame {
    let mut notices = compared.judged.notices.iter();
    Frame {
        run: Run {
            revision: compared.here.clone(),
            base: compared.commit.clone(),
            ..frame.run
        },
        fixed: compared.ended.iter().map(Fixed::from).collect(),
        changes: changes(compared),
        failed_otherwise: gate.strict
            && !gate.levels.usual.report_only
            && notices.any(Notice::is_stale),
        ..frame
    }
}

/// What the change does to models; nothing without a base revision.
fn changes(compared: &Compared) -> Vec<ModelChange> {
    let Some(before) = &compared.before else {
        return Vec::new();
    };
    let now = compared.judged.models.iter();
    let now: Vec<&Model> = now.map(|judged| &judged.model).collect();
    let known = before.pairs.iter().zip(&before.names);
    let then = before.judged.models.iter().zip(known);
    let then = then.map(|(judged, (pair, names))| Earlier {
        model: &judged.model,
        now: *pair,
        names: names.clone(),
    });
    diff::changes(&now, &then.collect::<Vec<_>>())
}

/// What the report of a run says beside what was judged.
pub fn frame(settings: &Settings, output: &Output, detail: Detail) -> Frame {
    Frame {
        run: Run {
            category: output
                .category
                .clone()
                .or_else(|| settings.category.clone()),
            policy: settings.side.rules.bound_by.clone(),
            ..Run::default()
        },
        catalogue: settings.catalogue_version().into(),
        levels: settings.gate.levels.clone(),
        detail,
        proposes: false,
        shows_first: false,
        fixed: Vec::new(),
        changes: Vec::new(),
        allow_no_models: settings.gate.allow_no_models,
        failed_otherwise: false,
    }
}

/// How much must be explained for these outputs.
fn detail(targets: &[Target], output: &Output) -> Detail {
    let of = |target: &Target| target.format.detail(output.quiet);
    let most = targets.iter().map(of).max().unwrap_or(Detail::New);
    if output.verbose {
        most.max(Detail::Open)
    } else {
        most
    }
}

/// What a run without PATHs is about that was started below the root.
fn tell_folder(folder: &RepoPath) {
    let folder = crate::escape::terminal(folder.as_str());
    say(&format!("Judging {folder} only, where tmrs was started\n"));
}

/// Why each candidate was taken or left (`-v`), on standard error.
fn tell_candidates(looked_at: &[(RepoPath, String)]) {
    let mut text = String::new();
    for (path, reason) in looked_at {
        text.push_str(&format!(
            "{}: {}\n",
            crate::escape::terminal(path.as_str()),
            reason
        ));
    }
    say(&text);
}
