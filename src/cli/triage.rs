//! `tmrs triage`: decide over what is open, one thing to do after the other, at a terminal.
//!
//! Every decision is written to the configuration at once, so quitting, or a
//! terminal that goes away, loses nothing.

use std::collections::BTreeMap;
use std::io::ErrorKind;

use super::args::{Knowing, Output, Triage};
use super::check::frame;
use super::failure::{Exit, Failure};
use super::known::baseline;
use super::output::Screen;
use super::prompt::someone_is_there;
use super::repository::Repository;
use super::session::{Case, Matter, Session};
use super::settings::Settings;
use crate::compare::hold_against;
use crate::config;
use crate::finding::Finding;
use crate::pipeline::Judged;
use crate::report::build::Detail;
use crate::report::{FindingInfo, Report, Status};
use crate::triage::baseline::Growth;

/// Runs the command.
pub fn run(arguments: &Triage, screen: &Screen) -> Result<Exit, Failure> {
    someone_is_there("triage", "scripts add entries to `exclusions` in tmrs.yaml")?;
    let repository = Repository::find(&arguments.paths)?;
    let mut settings = Settings::resolve(&arguments.judging, &repository)?;
    let knowing = Knowing {
        baseline: arguments.baseline.clone(),
        ..Knowing::default()
    };
    let baseline = baseline(&knowing, &mut settings, &repository)?;
    let side = settings.side(&repository);
    let mut judged = side.judge(side.read()?, &repository.paths)?;
    if let Some(known) = baseline {
        let growth = Growth::allowed(known.baseline);
        hold_against(&growth, &mut judged, &side, &repository.paths, false);
    }
    let report = Report::of(&judged, frame(&settings, &Output::default(), Detail::Open));
    let named = arguments.judging.config.clone();
    let mut session = Session::new(
        (&judged, &report),
        queue(&report, &judged, arguments.all),
        &settings.side.config.policy,
        named.unwrap_or_else(|| repository.root.join(config::FILE_NAME)),
        settings.side.today,
    );
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    match session.run(&mut input, &mut output, screen.width) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => return Err(Failure::ClosedPipe),
        Err(error) => {
            return Err(Failure::usage(
                format!("the terminal is gone: {error}"),
                "start again; every decision so far is written",
            ));
        }
    }
    Ok(if judged.is_incomplete() {
        Exit::Incomplete
    } else {
        Exit::Success
    })
}

/// What is to do about open findings, what takes away the most risk first.
fn queue(report: &Report, judged: &Judged, all: bool) -> Vec<Matter> {
    let who = |finding: &Finding| {
        let path = judged.model_of(finding).path().as_str();
        (path, finding.fingerprint.to_string())
    };
    let positions: BTreeMap<_, _> = judged.findings.iter().map(who).zip(0..).collect();
    let of_report = report.findings.iter().zip(0..);
    let of_report = of_report.map(|(info, at)| ((&*info.model, &*info.fingerprint), at));
    let shown: BTreeMap<_, usize> = of_report.collect();
    let wanted = |info: &FindingInfo| match info.status {
        Status::New | Status::Unreviewed => true,
        Status::Baselined => all,
        _ => false,
    };
    let case = |info: &&FindingInfo| {
        Some(Case {
            shown: *shown.get(&(&*info.model, &*info.fingerprint))?,
            judged: *positions.get(&(&*info.model, info.fingerprint.clone()))?,
        })
    };
    let tasks = report.tasks(wanted).into_iter();
    let matters = tasks.map(|task| Matter {
        cases: task.findings.iter().filter_map(case).collect(),
        todo: task.todo,
    });
    matters.filter(|matter| !matter.cases.is_empty()).collect()
}
