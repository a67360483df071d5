//! `tmrs check`: read every model, judge it, fail on new threats.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::args::{Check, Output};
use super::failure::{Exit, Failure};
use super::output::{Screen, Target, link_base, print, write};
use super::repository::Repository;
use super::settings::{self, Settings};
use crate::condition::Names;
use crate::discover::Filter;
use crate::emit::Context;
use crate::notice::{Notice, Severity, code};
use crate::pipeline::{self, Judged, Readings, Request};
use crate::read::ReadOptions;
use crate::report::build::{Detail, Frame, build};
use crate::report::{Report, Run};
use crate::rules;
use crate::source::{RepoPath, Source, Tree as _};
use crate::triage::{exclusions, responses};

/// Runs the command.
pub fn run(check: Check, screen: &Screen) -> Result<Exit, Failure> {
    let targets = settings::targets(&check.output, screen)?;
    let repository = Repository::find(&check.paths)?;
    let settings = Settings::resolve(&check.judging, &repository)?;
    let readings = read(&repository, &settings)?;
    let looked_at = readings.looked_at.clone();
    let judged = judge(readings, &repository, &settings)?;
    let report = build(
        &judged,
        frame(&settings, &check.output, detail(&targets, &check.output)),
    );
    if check.output.verbose {
        tell_candidates(&looked_at);
    }
    deliver(&report, &targets, &repository, &check.output, screen)?;
    Ok(Exit::of(report.summary.exit))
}

/// Reads every model of the repository.
fn read(repository: &Repository, settings: &Settings) -> Result<Readings, Failure> {
    let request = Request {
        tree: &repository.tree,
        filter: Filter {
            paths: repository.paths.clone(),
            ..Filter::default()
        },
        read: ReadOptions {
            entry: settings.entry.clone(),
            lenient: settings.lenient,
            named: false,
        },
        per_model: Vec::new(),
    };
    pipeline::read(&request).map_err(|error| {
        Failure::usage(
            error.to_string(),
            "check the permissions of the repository's folders",
        )
    })
}

/// Judges what was read, and settles what the models and the command line settle.
fn judge(
    readings: Readings,
    repository: &Repository,
    settings: &Settings,
) -> Result<Judged, Failure> {
    let mut names = Names::vocabulary();
    for name in pipeline::custom_names(&readings.models) {
        names.with(&name);
    }
    let catalogue = rules::CatalogueSettings {
        names,
        ..settings.catalogue.clone()
    };
    let (catalogue, notices) = rules::load(&catalogue).map_err(Failure::Notices)?;
    let mut judged = pipeline::judge(
        readings,
        &repository.tree,
        &catalogue,
        settings.threats_file,
        settings.overrides,
    );
    judged.notices.splice(0..0, notices);
    triage(&mut judged, settings);
    Ok(judged)
}

/// Sets statuses in the order of SEMANTICS §4.
fn triage(judged: &mut Judged, settings: &Settings) {
    let mut findings = std::mem::take(&mut judged.findings);
    let mut notices = Vec::new();
    for finding in &mut findings {
        let model = &judged.models[finding.model as usize].model;
        responses::scope(model, finding);
        responses::assumptions(model, finding);
        responses::answers(model, finding, &settings.today, &mut notices);
        exclusions::inline(model, finding);
        exclusions::command_line(&settings.exclude, finding);
    }
    judged.notices.extend(notices);
    for id in &settings.exclude {
        let known = judged
            .models
            .iter()
            .flat_map(|m| &m.rules)
            .any(|r| r.rule.answers_to(id.trim()))
            || findings.iter().any(|f| f.rule.answers_to(id.trim()));
        if !known && !judged.models.is_empty() {
            let message = format!("--exclude {id}: no rule of that id judged anything");
            judged.notices.push(
                Notice::general(code::UNUSED, Severity::Warning, message)
                    .with_help("`tmrs rules list` shows all ids"),
            );
        }
    }
    judged.findings = findings;
}

fn frame(settings: &Settings, output: &Output, detail: Detail) -> Frame {
    Frame {
        run: Run {
            category: output.category.clone(),
            ..Run::default()
        },
        catalogue: env!("CARGO_PKG_VERSION").into(),
        fail_on: settings.fail_on,
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

/// Writes every output; all are made before the first is written.
fn deliver(
    report: &Report,
    targets: &[Target],
    repository: &Repository,
    output: &Output,
    screen: &Screen,
) -> Result<(), Failure> {
    // One source is asked for many times, once a finding in it.
    let opened: Mutex<BTreeMap<String, Option<Arc<Source>>>> = Mutex::default();
    let sources = |path: &str| -> Option<Arc<Source>> {
        let mut opened = opened.lock().ok()?;
        let source = opened.entry(path.to_owned()).or_insert_with(|| {
            RepoPath::new(path).and_then(|path| repository.tree.open(&path).ok())
        });
        source.clone()
    };
    let mut made = Vec::new();
    for target in targets {
        let context = Context {
            color: screen.color && target.path.is_none(),
            width: screen.width,
            verbose: output.verbose,
            quiet: output.quiet,
            sarif_suppressions: output.sarif_suppressions,
            link_base: link_base(),
            sources: &sources,
        };
        let text = target.format.emit(report, &context);
        let text = text.map_err(|error| {
            Failure::usage(
                error.to_string(),
                "choose another format, and report this as a bug",
            )
        })?;
        made.push((target, text));
    }
    for (target, text) in &made {
        match &target.path {
            Some(path) => write(path, text)?,
            None => print(text)?,
        }
    }
    Ok(())
}

/// Why each candidate was taken or left (`-v`), on standard error.
fn tell_candidates(looked_at: &[(RepoPath, String)]) {
    use std::io::Write as _;
    let mut text = String::new();
    for (path, reason) in looked_at {
        text.push_str(&format!(
            "{}: {}\n",
            crate::escape::terminal(path.as_str()),
            reason
        ));
    }
    let _ = std::io::stderr().write_all(text.as_bytes());
}
