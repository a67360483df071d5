//! Questions and their answers: what is proposed settles what it says, adds nothing, and
//! one round of answers leaves nothing assumed that fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rayon::prelude::*;
use serde_json::{Value as Json, json};
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
use tmrs::report::{Evidence, Measure, Report, Run, Severity, Status, Todo};
use tmrs::rules::{CatalogueSettings, ThreatsFilePolicy};
use tmrs::source::{Edited, Memory, RepoPath, Tree};

use crate::shared::root;

/// Every file of the examples and of the models of the test suite.
pub(crate) fn files() -> Vec<String> {
    let mut paths = Vec::new();
    for folder in ["examples", "tests/models", "tests/signal/models"] {
        find(&root().join(folder), &mut paths);
    }
    paths.sort();
    paths
}

/// They in memory.
fn tree() -> Memory {
    Memory::new(files().into_iter().map(|path| {
        let bytes = fs::read(root().join(&path)).unwrap();
        (path, bytes)
    }))
}

fn find(folder: &Path, paths: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if path.is_dir() {
            find(&path, paths);
        } else if ending != Some("pyc") {
            let path = path.strip_prefix(root()).unwrap();
            paths.push(path.to_str().unwrap().replace('\\', "/"));
        }
    }
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
            catalogue: CatalogueSettings::default(),
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

/// A model with the answers that were written so far, in memory.
struct Edits<'a> {
    files: &'a Memory,
    settings: &'a Settings,
    texts: BTreeMap<RepoPath, String>,
}

impl Edits<'_> {
    fn tree(&self) -> Edited<'_> {
        Edited::new(self.files, self.texts.clone())
    }

    fn readings(&self, tree: &dyn Tree) -> Readings {
        let settings = self.settings;
        Side { tree, settings }.read().unwrap()
    }

    fn judged(&self) -> Judged {
        let tree = self.tree();
        let (tree, settings): (&dyn Tree, _) = (&tree, self.settings);
        let side = Side { tree, settings };
        side.judge(side.read().unwrap(), &[]).unwrap()
    }

    fn report(&self, detail: Detail) -> Report {
        Report::of(
            &self.judged(),
            Frame {
                changes: Vec::new(),
                run: Run::default(),
                catalogue: String::new(),
                measure: Measure::Risk,
                fail_on: Severity::High,
                evidence: Evidence::Assumed,
                report_only: false,
                detail,
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
        self.texts.insert(path, written.text.clone());
        Ok(())
    }
}

fn open(report: &Report) -> BTreeSet<String> {
    let open = report.findings.iter().filter(|f| f.status == Status::New);
    open.map(|f| f.fingerprint.clone()).collect()
}

/// Writes what a question proposes; what could not be written, with the reason.
fn answered(todo: &Todo, reading: &mut Reading, edits: &mut Edits<'_>) -> Vec<String> {
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
            .map(|whose| whose.owner);
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

#[test]
fn one_round_of_answers_settles_what_it_says() {
    let files = tree();
    let wrong: Vec<String> = self::files()
        .par_iter()
        .flat_map(|path| {
            let settings = settings(path);
            let mut edits = Edits {
                files: &files,
                settings: &settings,
                texts: BTreeMap::new(),
            };
            let mut now = reading(edits.readings(&edits.tree()));
            if now.models.is_empty() {
                return Vec::new();
            }
            let before = edits.report(Detail::Everything);
            let mut wrong = Vec::new();
            let mut rest = open(&before);
            let mut excused: BTreeSet<String> = BTreeSet::new();
            let asked = questions(&before);
            for todo in &asked {
                let why = answered(todo, &mut now, &mut edits);
                let is_said = why.is_empty();
                if !is_said {
                    excused.extend(todo.closes.iter().cloned());
                }
                let after = edits.report(Detail::Graphs);
                let left = open(&after);
                for closed in todo
                    .closes
                    .iter()
                    .filter(|closed| is_said && left.contains(*closed))
                {
                    let finding = before.findings.iter().find(|f| f.fingerprint == *closed);
                    let finding = finding.unwrap();
                    wrong.push(format!(
                        "{path}: “{}” leaves {} of {}",
                        todo.what, finding.rule, finding.element.name
                    ));
                }
                for finding in after.findings.iter().filter(|f| f.status == Status::New) {
                    if is_said && !rest.contains(&finding.fingerprint) {
                        wrong.push(format!(
                            "{path}: “{}” adds {} of {}: {}",
                            todo.what, finding.rule, finding.element.name, finding.message
                        ));
                    }
                }
                rest.extend(left);
            }
            let after = edits.report(Detail::Graphs);
            for finding in after.findings.iter().filter(|f| f.failing) {
                if finding.evidence == Evidence::Assumed && !excused.contains(&finding.fingerprint)
                {
                    wrong.push(format!(
                        "{path}: still fails: {} of {}",
                        finding.rule, finding.element.name
                    ));
                }
            }
            wrong
        })
        .collect();
    assert!(wrong.len() <= MOST_WRONG, "{}: {wrong:#?}", wrong.len());
}

/// So many answers add something: one, to a question about the trust of zones, through a proxy.
/// This number may only become smaller; what cannot be written is not counted.
const MOST_WRONG: usize = 1;

/// pytm's Python, which stands beside its threat file.
fn python() -> PathBuf {
    let threats = std::env::var_os("TMRS_PYTM_THREATS").expect("scripts/test-all sets it");
    let folders = Path::new(&threats).ancestors();
    let mut pythons = folders.map(|folder| folder.join("bin/python"));
    pythons.find(|python| python.exists()).unwrap()
}

#[test]
#[ignore = "runs pytm 1.4.0: scripts/test-all"]
fn pytm_runs_every_answered_model_with_what_was_answered() {
    let files = tree();
    let mut tried = 0;
    let mut wrong = Vec::new();
    for path in self::files().iter().filter(|path| is_python(path)) {
        let settings = settings(path);
        let mut edits = Edits {
            files: &files,
            settings: &settings,
            texts: BTreeMap::new(),
        };
        let mut now = reading(edits.readings(&edits.tree()));
        let mut said = Vec::new();
        for todo in questions(&edits.report(Detail::Everything)) {
            let unsaid = answered(&todo, &mut now, &mut edits);
            for step in &todo.steps {
                let start = format!("{} of {}: ", step.attribute, step.element);
                if !unsaid.iter().any(|why| why.starts_with(&start)) {
                    said.push(json!([step.element, step.attribute, step.value]));
                }
            }
        }
        if said.is_empty() {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        for file in self::files() {
            let to = folder.path().join(&file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(root().join(&file), to).unwrap();
        }
        for (file, text) in &edits.texts {
            fs::write(folder.path().join(file.as_str()), text).unwrap();
        }
        let mut child = Command::new(python())
            .arg(root().join("tests/python/answered.py"))
            .arg(folder.path().join(path))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let asked = Json::from(said).to_string();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(asked.as_bytes())
            .unwrap();
        let run = child.wait_with_output().unwrap();
        let missing = String::from_utf8_lossy(&run.stdout);
        if missing.trim() != "[]" {
            let why = String::from_utf8_lossy(&run.stderr);
            wrong.push(format!("{path}: {missing}{why}"));
        }
        tried += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 40, "{tried}");
}

fn is_python(path: &str) -> bool {
    std::path::Path::new(path)
        .extension()
        .is_some_and(|ending| ending == "py")
}
