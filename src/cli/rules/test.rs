//! `tmrs rules test`: runs the tests that rule files hold.

use std::fmt::Write as _;
use std::sync::Arc;

use super::args::{Test, TestFormat};
use super::{catalogue, sources};
use crate::cli::failure::{Exit, Failure};
use crate::cli::output::print;
use crate::escape::{html, terminal, xml};
use crate::notice::Severity;
use crate::rules::{built_in, testing};
use crate::ruletest::{self, Failure as Why, Outcome};
use crate::source::Source;

/// Runs the command: exit 1 if a test fails, 2 if a file is malformed or holds no test.
pub(super) fn run(args: &Test) -> Result<Exit, Failure> {
    let named = !args.paths.is_empty();
    let opened = sources(&args.paths)?;
    let catalogue = catalogue(opened.clone(), named)?;
    let files: Vec<Arc<Source>> = if named {
        opened
    } else {
        built_in::table()
            .iter()
            .filter_map(testing::built_in_source)
            .collect()
    };
    let mut tests = Vec::new();
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| may_hold_tests(file)) {
        let (found, notices) = testing::tests(file);
        tests.extend(found);
        complaints.extend(notices);
    }
    if complaints
        .iter()
        .any(|notice| notice.severity == Severity::Error)
    {
        return Err(Failure::Notices(complaints));
    }
    if tests.is_empty() {
        return Err(Failure::usage(
            "these rule files hold no tests",
            "`tmrs rules new ID` writes a rule with tests to start from",
        ));
    }
    let outcomes = ruletest::run(tests, catalogue.rules());
    print(&match args.format {
        TestFormat::Text => plain(&outcomes, args.verbose),
        TestFormat::Junit => junit(&outcomes),
    })?;
    let failed = outcomes.iter().any(|outcome| outcome.failure.is_some());
    Ok(if failed { Exit::Fails } else { Exit::Success })
}

/// pytm's Python form and a pack's own description have none.
fn may_hold_tests(file: &Source) -> bool {
    file.path().extension() != Some("py") && file.path().file_name() != "pack.yaml"
}

fn plain(outcomes: &[Outcome], verbose: bool) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let run = &outcome.test;
        let name = terminal(&run.name);
        match &outcome.failure {
            None if verbose => {
                let _ = writeln!(text, "passed  {}  {name}", run.rule);
            }
            None => {}
            Some(why) => {
                let (start, _) = run.place.positions();
                let path = terminal(run.place.path().as_str());
                let _ = writeln!(
                    text,
                    "FAILED  {}  {name}\n        {path}:{}",
                    run.rule, start.line
                );
                for line in lines(why) {
                    let _ = writeln!(text, "        {}", terminal(&line));
                }
            }
        }
    }
    let failed = outcomes
        .iter()
        .filter(|outcome| outcome.failure.is_some())
        .count();
    let passed = outcomes.len() - failed;
    let _ = writeln!(text, "{passed} tests passed, {failed} failed");
    text
}

/// Why a test failed, one line a reason.
fn lines(why: &Why) -> Vec<String> {
    match why {
        Why::Model(notices) => notices
            .iter()
            .map(|notice| {
                let line = notice
                    .place
                    .as_ref()
                    .map_or(0, |place| place.positions().0.line);
                format!("its model, line {line}: {}", notice.message)
            })
            .collect(),
        Why::UnknownIds(ids) => ids
            .iter()
            .map(|id| format!("`finds` names `{id}`, which the model does not have"))
            .collect(),
        Why::Findings(lines) => lines.clone(),
    }
}

/// One suite a rule, one case a test.
fn junit(outcomes: &[Outcome]) -> String {
    let escaped = |text: &str| html(&xml(text));
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let failures = outcomes
        .iter()
        .filter(|outcome| outcome.failure.is_some())
        .count();
    let _ = writeln!(
        text,
        "<testsuites name=\"tmrs rules test\" tests=\"{}\" failures=\"{failures}\">",
        outcomes.len()
    );
    for suite in outcomes.chunk_by(|a, b| a.test.rule == b.test.rule) {
        let failures = suite
            .iter()
            .filter(|outcome| outcome.failure.is_some())
            .count();
        let rule = suite.first().map_or("", |outcome| &*outcome.test.rule);
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\">",
            escaped(rule),
            suite.len()
        );
        for outcome in suite {
            case(&mut text, outcome);
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn case(text: &mut String, outcome: &Outcome) {
    let escaped = |text: &str| html(&xml(text));
    let run = &outcome.test;
    let (start, _) = run.place.positions();
    let _ = write!(
        text,
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\"",
        escaped(&terminal(&run.name)),
        escaped(&run.rule),
        escaped(run.place.path().as_str()),
        start.line
    );
    match &outcome.failure {
        None => text.push_str("/>\n"),
        Some(why) => {
            let why = lines(why).join("\n");
            let _ = writeln!(
                text,
                ">\n      <failure message=\"the rule does not find what the test says\">{}</failure>\n    </testcase>",
                escaped(&why)
            );
        }
    }
}
