//! `tmrs triage`: decide over open findings one by one, at a terminal.
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
use super::session::{Case, Session};
use super::settings::Settings;
use crate::compare::hold_against;
use crate::config;
use crate::finding::Finding;
use crate::pipeline::Judged;
use crate::report::build::Detail;
use crate::report::{Report, Status};
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

/// Open findings, the worst first.
fn queue(report: &Report, judged: &Judged, all: bool) -> Vec<Case> {
    let who = |finding: &Finding| {
        let path = judged.model_of(finding).path().as_str();
        (path, finding.fingerprint.to_string())
    };
    let positions: BTreeMap<_, _> = judged.findings.iter().map(who).zip(0..).collect();
    let mut queue: Vec<Case> = Vec::new();
    for (shown, info) in report.findings.iter().enumerate() {
        let wanted = match info.status {
            Status::New | Status::Unreviewed => true,
            Status::Baselined => all,
            _ => false,
        };
        let position = positions.get(&(&*info.model, info.fingerprint.clone()));
        if let Some(judged) = position.filter(|_| wanted) {
            queue.push(Case {
                shown,
                judged: *judged,
            });
        }
    }
    queue.sort_by_key(|case| {
        let info = &report.findings[case.shown];
        (
            std::cmp::Reverse((info.severity, info.evidence)),
            case.shown,
        )
    });
    queue
}
