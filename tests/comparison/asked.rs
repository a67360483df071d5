//! How many questions lie between each model and a gate that holds.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use tmrs::config::Config;
use tmrs::day::Day;
use tmrs::emit::questions::questions;
use tmrs::report::build::{Detail, Frame};
use tmrs::report::{Evidence, Level, Levels, Measure, Report, Run, Severity};
use tmrs::triage::{Given, settle_all};

use super::judge;
use crate::answers::files;

/// One model.
pub(super) struct Asked {
    path: String,
    name: String,
    failing: usize,
    pub(super) questions: usize,
}

/// Every example and test model.
pub(super) fn all() -> Vec<Asked> {
    let is_model = |path: &String| {
        [".py", ".yaml", ".json"]
            .iter()
            .any(|end| path.ends_with(end))
    };
    let files = files();
    let models = files.iter().filter(|path| is_model(path));
    let all = models.flat_map(|file| asked(file).into_iter().map(move |it| (file, it)));
    let mut all: Vec<(&String, Asked)> = all.collect();
    // What a whole includes counts once, as it is there.
    let included = all.iter().filter(|(file, it)| **file != it.path);
    let included: BTreeSet<String> = included.map(|(_, it)| it.path.clone()).collect();
    all.retain(|(file, it)| **file != it.path || !included.contains(*file));
    all.into_iter().map(|(_, it)| it).collect()
}

/// The default gate, and the questions whose answers it waits for.
fn asked(path: &str) -> Vec<Asked> {
    let mut judged = judge(path);
    let given = Given {
        config: &Config::default(),
        exclude: &[],
        paths: &[],
        today: Day::parse("2026-06-01").unwrap(),
    };
    settle_all(&mut judged, &given);
    let report = Report::of(
        &judged,
        Frame {
            changes: Vec::new(),
            run: Run::default(),
            catalogue: String::new(),
            levels: Levels::all(Level {
                by: Measure::Risk,
                fail_on: Severity::High,
                evidence: Evidence::Assumed,
                report_only: false,
            }),
            detail: Detail::Open,
            proposes: false,
            shows_first: true,
            fixed: Vec::new(),
            allow_no_models: false,
            failed_otherwise: false,
        },
    );
    let questions = questions(&report);
    let models = report.models.iter().filter(|model| model.complete);
    models
        .map(|model| {
            let failing = report
                .findings
                .iter()
                .filter(|f| f.failing && f.model_name == model.name);
            let asked = questions
                .iter()
                .filter(|todo| todo.failing > 0 && todo.model_name == model.name);
            Asked {
                path: model.path.to_string(),
                name: model.name.to_string(),
                failing: failing.count(),
                questions: asked.count(),
            }
        })
        .collect()
}

/// The middle one of the numbers of questions.
pub(super) fn median(all: &[Asked]) -> usize {
    let mut counts: Vec<usize> = all.iter().map(|asked| asked.questions).collect();
    counts.sort_unstable();
    counts[counts.len() / 2]
}

/// The table of the page.
pub(super) fn table(all: &[Asked]) -> String {
    let mut page = HEAD.to_owned();
    for asked in all {
        let Asked {
            path,
            name,
            failing,
            questions,
        } = asked;
        let _ = writeln!(page, "| [{name}](../{path}) | {failing} | {questions} |");
    }
    let _ = writeln!(page, "| **Median** | | {} |", median(all));
    page
}

const HEAD: &str = "
## Questions until the gate holds

What fails the default gate in each example and test model, and how many questions
`tmrs questions` asks about it.

| Model | threats that fail | questions |
|---|--:|--:|
";
