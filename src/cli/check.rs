//! `tmrs check`: read every model, judge it, fail on new threats.

use std::collections::BTreeSet;

use super::args::{Check, Output};
use super::base::{Base, Now, narrow};
use super::deliver::deliver;
use super::differing::differing;
use super::failure::{Exit, Failure};
use super::hook::{Asked, made_of};
use super::judging::{by_some_rule, judge, read};
use super::known::{as_allowed, baseline, hold_against};
use super::nothing::{Wanted, no_model};
use super::output::{Screen, say};
use super::progress::Progress;
use super::repository::Repository;
use super::revision::checked_out;
use super::settings::Settings;
use super::targets::{Target, targets};
use crate::report::Run;
use crate::report::build::{Detail, Frame, build};
use crate::source::{RepoPath, Tree as _};
use crate::triage::baseline::Extent;
use crate::triage::revision;

/// Runs the command.
pub fn run(mut check: Check, screen: &Screen) -> Result<Exit, Failure> {
    let targets = targets(&check.output)?;
    let asked = Asked::take(&mut check)?;
    let repository = Repository::find(&check.paths)?;
    let mut settings = Settings::resolve(&check.judging, &repository)?;
    if let Some(folder) = &repository.working_directory
        && !check.output.quiet
    {
        tell_folder(folder);
    }
    let baseline = baseline(&check.knowing, &mut settings, &repository)?;
    let is_first =
        baseline.is_none() && check.knowing.since.is_none() && !check.knowing.no_baseline;
    let progress = Progress::start(screen, "reading and judging models");
    let base = match &check.knowing.since {
        Some(name) => Some(Base::find(name, &repository, &settings)?),
        None => None,
    };
    let whole = base.as_ref().and_then(|base| asked.unchanged(base));
    let base = base.filter(|_| whole.is_none());
    let changed_only = base.as_ref().filter(|_| check.knowing.changed_only);
    let differing = changed_only.map(differing).transpose()?;
    let mut to_read = settings.clone();
    to_read.filter.only = differing.as_ref().and_then(|d| d.touched.clone());
    let mut readings = read(&repository, &to_read)?;
    let looked_at = readings.looked_at.clone();
    let candidates: BTreeSet<RepoPath> = readings.candidates.iter().cloned().collect();
    let mut scope = repository.scope();
    if let (Some(base), Some(differing)) = (changed_only, differing) {
        scope = base.changed(&readings);
        narrow(&mut readings, &scope);
        scope = within(&repository.scope(), scope, differing.paths);
        // Nothing lies below it: no PATH at all would mean everything.
        scope.extend(RepoPath::new(".git"));
    }
    if let Some(files) = &whole {
        scope = made_of(files, &readings);
        narrow(&mut readings, &scope);
        scope.extend(RepoPath::new(".git"));
    }
    let then = match &base {
        Some(base) => Some((base, base.read(&readings, &scope)?)),
        None => None,
    };
    let mut of_run = settings.clone();
    of_run.filter.paths.clone_from(&scope);
    let mut judged = judge(readings, &repository, &of_run)?;
    by_some_rule(&judged, &of_run)?;
    let mut frame = frame(&settings, &check.output, detail(&targets, &check.output));
    frame.allow_no_models |= check.knowing.changed_only;
    if judged.models.is_empty() && judged.broken.is_empty() {
        let wanted = match (changed_only.is_some(), frame.allow_no_models) {
            (true, _) => Wanted::Changed,
            (false, true) => Wanted::Nothing,
            (false, false) => Wanted::Models,
        };
        let notice = no_model(&repository.paths, &looked_at, wanted);
        judged.notices.push(notice);
    }
    if let Some((base, readings)) = then {
        let now = Now {
            candidates,
            looked_at: &looked_at,
            baseline: baseline.as_ref(),
            knowing: &check.knowing,
            scope: &scope,
        };
        frame.run.revision = checked_out(&repository);
        frame.run.base = Some(base.revision.commit.clone());
        frame.fixed = base.hold_against(readings, &mut judged, &now)?;
    }
    if let Some(baseline) = baseline {
        let base = base.as_ref();
        let growth = as_allowed(baseline, &check.knowing, &settings, base, &repository)?;
        let extent = Extent {
            tree: &repository.tree,
            paths: &scope,
        };
        let fixed = hold_against(&growth, &mut judged, &extent, &settings, base.is_some());
        frame.fixed = revision::fixed(frame.fixed, fixed);
    }
    frame.failed_otherwise = settings.strict
        && !settings.report_only
        && judged
            .notices
            .iter()
            .any(super::super::notice::Notice::is_stale);
    let report = build(&judged, frame);
    drop(progress);
    if check.output.verbose {
        tell_candidates(&looked_at);
    }
    let open = |path: &RepoPath| repository.tree.open(path).ok();
    deliver(&report, &targets, &check.output, screen, &open)?;
    let exit = Exit::of(report.summary.exit);
    if is_first && matches!(exit, Exit::Fails) && screen.progress {
        tell_next_step();
    }
    // The program ends here: taking everything apart would only be waited for.
    std::mem::forget((report, judged));
    Ok(exit)
}

/// What a run over a change is about: the models that changed, and every changed
/// file inside the PATHs, for it may have been a model.
fn within(
    paths: &[RepoPath],
    changed: Vec<RepoPath>,
    differing: BTreeSet<RepoPath>,
) -> Vec<RepoPath> {
    let is_inside = |path: &RepoPath| paths.is_empty() || paths.iter().any(|p| path.is_below(p));
    let differing = differing.into_iter().filter(is_inside);
    let all: BTreeSet<RepoPath> = changed.into_iter().chain(differing).collect();
    all.into_iter().collect()
}

/// What the report of a run says beside what was judged.
pub fn frame(settings: &Settings, output: &Output, detail: Detail) -> Frame {
    Frame {
        run: Run {
            category: output
                .category
                .clone()
                .or_else(|| settings.category.clone()),
            policy: settings.policy.clone(),
            ..Run::default()
        },
        catalogue: settings.catalogue_version().into(),
        measure: settings.measure,
        fail_on: settings.fail_on,
        report_only: settings.report_only,
        evidence: settings.evidence,
        detail,
        fixed: Vec::new(),
        allow_no_models: settings.allow_no_models,
        failed_otherwise: false,
    }
}

/// How much must be explained for these outputs.
fn detail(targets: &[Target], output: &Output) -> Detail {
    let of = |target: &Target| target.format.detail();
    let most = targets.iter().map(of).max().unwrap_or(Detail::New);
    if output.verbose {
        most.max(Detail::Open)
    } else {
        most
    }
}

/// What somebody who tries tmrs at a terminal may not know yet.
fn tell_next_step() {
    say(
        "To accept today's findings, and fail only on what is new from now on: tmrs baseline update\n",
    );
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
