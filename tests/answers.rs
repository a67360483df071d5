//! Questions and their answers: what is proposed settles what it says, adds nothing, and
//! one round of answers leaves nothing assumed that fails.

mod edits;
mod fixes;
mod lines;
mod real_pytm;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use tmrs::emit::questions::questions;
use tmrs::report::build::Detail;
use tmrs::report::{Evidence, Report, Status};

use self::edits::{Edits, answered, tree};
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

fn open(report: &Report) -> BTreeSet<String> {
    let open = report.findings.iter().filter(|f| f.status == Status::New);
    open.map(|f| f.fingerprint.clone()).collect()
}

#[test]
fn one_round_of_answers_settles_what_it_says() {
    let files = tree();
    let wrong: Vec<String> = self::files()
        .par_iter()
        .flat_map(|path| {
            let mut edits = Edits::of(path, &files);
            let mut now = edits.reading();
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
    assert!(wrong.is_empty(), "{}: {wrong:#?}", wrong.len());
}
