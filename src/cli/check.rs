//! `tmrs check`: read every model, judge it, fail on new threats.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::args::{Check, Output};
use super::failure::{Exit, Failure};
use super::judging::{judge, read};
use super::output::{Screen, Target, link_base, print, write};
use super::progress::Progress;
use super::repository::Repository;
use super::settings::{self, Settings};
use crate::emit::Context;
use crate::report::build::{Detail, Frame, build};
use crate::report::{Report, Run};
use crate::source::{RepoPath, Source, Tree as _};

/// Runs the command.
pub fn run(check: Check, screen: &Screen) -> Result<Exit, Failure> {
    let targets = settings::targets(&check.output, screen)?;
    let repository = Repository::find(&check.paths)?;
    let settings = Settings::resolve(&check.judging, &repository)?;
    let progress = Progress::start(screen, "reading and judging models");
    let readings = read(&repository, &settings)?;
    let looked_at = readings.looked_at.clone();
    let judged = judge(readings, &repository, &settings)?;
    let report = build(
        &judged,
        frame(&settings, &check.output, detail(&targets, &check.output)),
    );
    drop(progress);
    if check.output.verbose {
        tell_candidates(&looked_at);
    }
    deliver(&report, &targets, &repository, &check.output, screen)?;
    Ok(Exit::of(report.summary.exit))
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
