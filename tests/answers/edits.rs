//! Answers that are written into the models of the examples and of the test suite, in memory.

use std::collections::BTreeMap;
use std::fs;

use tmrs::answer::{self, Answer, Reading, Store, Written};
use tmrs::compare::{self, Settings, Side};
use tmrs::config::Config;
use tmrs::day::Day;
use tmrs::discover::Filter;
use tmrs::emit::questions::questions;
use tmrs::evaluate::Overrides;
use tmrs::model::Attr;
use tmrs::notice;
use tmrs::pipeline::{Judged, Readings};
use tmrs::report::build::{Detail, Frame};
use tmrs::report::{Evidence, Level, Levels, Measure, Report, Run, Severity, Step, Todo};
use tmrs::rules::ThreatsFilePolicy;
use tmrs::source::{Edited, Memory, RepoPath, Tree};

use super::files;
use crate::shared::root;

/// Every file in memory.
pub(super) fn tree() -> Memory {
    Memory::new(files().into_iter().map(|path| {
        let bytes = fs::read(root().join(&path)).unwrap();
        (path, bytes)
    }))
}

/// The default settings, for one file.
fn settings(path: &str) -> Settings {
    Settings {
        config: Config::default(),
        written: Config::default(),
        config_path: None,
        reading: compare::Reading {
            filter: Filter {
                paths: vec![RepoPath::new(path).unwrap()],
                ..Filter::default()
            },
            per_model: Vec::new(),
            entry: None,
            lenient: false,
            lenient_by_flag: false,
        },
        rules: compare::Rules {
            catalogue: compare::ByModel::default(),
            narrowing: compare::Narrowing::default(),
            named: Vec::new(),
            bound: Vec::new(),
            bound_by: None,
            threats_file: ThreatsFilePolicy::Ignore,
            overrides: Overrides::Keep,
            may_be_none: false,
        },
        policy: None,
        fail_on: Severity::High,
        by_risk: true,
        exclude: Vec::new(),
        today: Day::parse("2026-06-01").unwrap(),
        notices: Vec::new(),
    }
}

/// The models of one file, with the answers that were written so far, in memory.
pub(super) struct Edits<'a> {
    files: &'a Memory,
    settings: Settings,
    /// The texts that differ from the files.
    pub(super) texts: BTreeMap<RepoPath, String>,
}

impl<'a> Edits<'a> {
    pub(super) fn of(path: &str, files: &'a Memory) -> Self {
        Self {
            files,
            settings: settings(path),
            texts: BTreeMap::new(),
        }
    }

    /// What the models say now.
    pub(super) fn reading(&self) -> Reading {
        reading(self.readings(&self.tree()))
    }

    /// A file as it is now.
    pub(super) fn text(&self, path: &RepoPath) -> String {
        self.tree().open(path).unwrap().text().to_owned()
    }

    /// What the models say with another text of a file.
    pub(super) fn reading_with(&self, path: &RepoPath, text: &str) -> Reading {
        self.read(path, text).unwrap()
    }

    fn tree(&self) -> Edited<'_> {
        Edited::new(self.files, self.texts.clone())
    }

    fn readings(&self, tree: &dyn Tree) -> Readings {
        let settings = &self.settings;
        Side { tree, settings }.read().unwrap()
    }

    fn judged(&self) -> Judged {
        let tree = self.tree();
        let (tree, settings): (&dyn Tree, _) = (&tree, &self.settings);
        let side = Side { tree, settings };
        side.judge(side.read().unwrap(), &[]).unwrap()
    }

    pub(super) fn report(&self, detail: Detail) -> Report {
        Report::of(
            &self.judged(),
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
                detail,
                proposes: true,
                shows_first: true,
                fixed: Vec::new(),
                allow_no_models: false,
                failed_otherwise: false,
            },
        )
    }
}

fn reading(readings: Readings) -> Reading {
    let is_error = |n: &&notice::Notice| n.severity == notice::Severity::Error;
    Reading {
        errors: readings.notices.iter().filter(is_error).count(),
        models: readings.models,
        ..Reading::default()
    }
}

impl Store for Edits<'_> {
    fn read(&self, path: &RepoPath, text: &str) -> Result<Reading, String> {
        let mut texts = self.texts.clone();
        texts.insert(path.clone(), text.to_owned());
        let tree = Edited::new(self.files, texts);
        Ok(reading(self.readings(&tree)))
    }

    fn write(&mut self, written: &Written) -> Result<(), String> {
        let path = written.before.path().clone();
        self.texts.insert(path, written.text());
        Ok(())
    }
}

/// Writes what a question proposes; what could not be written, with the reason.
pub(super) fn answered(todo: &Todo, reading: &mut Reading, edits: &mut Edits<'_>) -> Vec<String> {
    let mut unsaid = Vec::new();
    for step in &todo.steps {
        let whose = step.whose.unwrap();
        let attribute = Attr::named(step.attribute.trim_start_matches("controls."));
        let model = &reading.models[whose.model as usize];
        let value = answer::value(model, whose.owner, &attribute, &step.value).unwrap();
        let same = todo
            .steps
            .iter()
            .filter(|other| other.attribute == step.attribute && other.value == step.value);
        let owners = same
            .filter_map(|other| other.whose)
            .map(|other| other.owner)
            .filter(|other| *other != whose.owner);
        let answer = Answer {
            model: whose.model as usize,
            owners: std::iter::once(whose.owner).chain(owners).collect(),
            attribute,
            value,
        };
        let outcome = answer::write(&answer, reading, edits);
        unsaid.extend(
            outcome
                .unsaid
                .into_iter()
                .filter(|(of, _)| *of == whose.owner)
                .map(|(_, why)| format!("{} of {}: {why}", step.attribute, step.element)),
        );
    }
    unsaid
}

/// A file's models after one round of answers.
pub(super) struct Round {
    /// The files that differ now.
    pub(super) texts: BTreeMap<RepoPath, String>,
    /// What was written.
    pub(super) said: Vec<Step>,
    /// What was not, and why.
    pub(super) unsaid: Vec<String>,
}

/// Writes every answer that is proposed now.
pub(super) fn one_round(path: &str, files: &Memory) -> Round {
    let mut edits = Edits::of(path, files);
    let mut now = edits.reading();
    let (mut said, mut unsaid) = (Vec::new(), Vec::new());
    for todo in questions(&edits.report(Detail::Everything)) {
        let failed = answered(&todo, &mut now, &mut edits);
        let is_said = |step: &&Step| {
            let start = format!("{} of {}: ", step.attribute, step.element);
            !failed.iter().any(|why| why.starts_with(&start))
        };
        said.extend(todo.steps.iter().filter(is_said).cloned());
        unsaid.extend(failed);
    }
    Round {
        texts: edits.texts,
        said,
        unsaid,
    }
}
