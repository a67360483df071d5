//! JUnit XML: a suite a model, a case a finding, and a passed case a rule that
//! is ruled out by what the model says. A rule that waits for what the model does not say
//! is skipped. What was not read completely has no passed case.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};

use super::{Context, EmitError, Emitter, words};
use crate::escape::{shorten, xml};
use crate::report::{FindingInfo, Location, ModelInfo, NoticeInfo, NoticeSeverity, Report, Status};

/// `--format junit`.
pub struct Junit;

impl Emitter for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn about(&self) -> &'static str {
        "JUnit XML, for test reports"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["junit.xml", "xml"]
    }

    fn emit(&self, report: &Report, _: &Context<'_>) -> Result<String, EmitError> {
        written(&document(report), self.name())
    }
}

/// `--format jenkins`: the same for the schema of Jenkins' xUnit plugin (`junit-10.xsd`), which
/// knows no place of a case and no number of skipped ones over all suites. The text of a case
/// says where it is.
pub struct Jenkins;

impl Emitter for Jenkins {
    fn name(&self) -> &'static str {
        "jenkins"
    }

    fn about(&self) -> &'static str {
        "JUnit XML for Jenkins' xUnit plugin"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["jenkins.xml"]
    }

    fn emit(&self, report: &Report, _: &Context<'_>) -> Result<String, EmitError> {
        let mut document = document(report);
        for case in document
            .test_suites
            .iter_mut()
            .flat_map(|suite| &mut suite.test_cases)
        {
            case.extra.clear();
        }
        Ok(without_skipped(&written(&document, self.name())?))
    }
}

/// The text without the number of skipped cases in its root element.
fn without_skipped(text: &str) -> String {
    let root = text.find("<testsuites").unwrap_or(0);
    let end = text[root..].find('>').map_or(text.len(), |end| root + end);
    let (head, rest) = text.split_at(end);
    let around = head.split_once(" skipped=\"");
    match around.and_then(|(before, value)| Some((before, value.split_once('"')?.1))) {
        Some((before, after)) => [before, after, rest].concat(),
        None => text.to_owned(),
    }
}

fn document(report: &Report) -> Xml {
    let mut document = Xml::new("tmrs");
    let mut suites = suites(report);
    if suites.is_empty() {
        suites.push(not_judged(report));
    }
    for suite in &mut suites {
        suite.add_property(("verdict", report.verdict().as_str()));
    }
    document.add_test_suites(suites);
    document
}

fn written(document: &Xml, format: &'static str) -> Result<String, EmitError> {
    document.to_string().map_err(|error| EmitError::Format {
        format,
        reason: error.to_string(),
    })
}

/// A model by file and name.
type Key<'a> = (&'a str, &'a str);

/// One suite a model, then one a file that is no model but could not be read.
fn suites(report: &Report) -> Vec<TestSuite> {
    let mut findings: BTreeMap<Key<'_>, Vec<&FindingInfo>> = BTreeMap::new();
    for finding in &report.findings {
        let key = (&*finding.model, &*finding.model_name);
        findings.entry(key).or_default().push(finding);
    }
    let mut errors: BTreeMap<&str, Vec<&NoticeInfo>> = BTreeMap::new();
    let is_error = |n: &&NoticeInfo| n.severity == NoticeSeverity::Error;
    for notice in report.notices.iter().filter(is_error) {
        let path = notice.location.as_ref().map_or("", |at| &at.path);
        errors.entry(path).or_default().push(notice);
    }
    let mut suites: Vec<TestSuite> = report
        .models
        .iter()
        .map(|model| {
            // Taken away, so that models of one name in one file share them once.
            let found = findings.remove(&(&*model.path, &*model.name));
            let broken = errors.remove(&*model.path);
            suite(
                report,
                model,
                &found.unwrap_or_default(),
                &broken.unwrap_or_default(),
            )
        })
        .collect();
    for ((path, name), found) in findings {
        let mut suite = TestSuite::new(title(name, path));
        suite.add_test_cases(found.into_iter().map(|f| case(report, f, true)));
        suites.push(suite);
    }
    for (path, notices) in errors {
        let mut suite = TestSuite::new(title("tmrs", path));
        suite.add_test_cases(notices.into_iter().map(error));
        suites.push(suite);
    }
    suites
}

/// Where there was nothing to judge, a case says so: no test at all looks like success.
fn not_judged(report: &Report) -> TestSuite {
    let mut suite = TestSuite::new("tmrs");
    for missing in words::not_judged(report) {
        let message = xml(&missing.message);
        let status = if report.summary.exit == 0 {
            let mut status = TestCaseStatus::skipped();
            status.set_message(message);
            status
        } else {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(message);
            status
        };
        suite.add_test_case(TestCase::new(xml(missing.code), status));
    }
    suite
}

/// `Shop (services/shop/tm.py)`.
fn title(name: &str, path: &str) -> String {
    let name = shorten(name, words::LONGEST_NAME);
    if path.is_empty() {
        return xml(&name);
    }
    xml(&format!("{name} ({path})"))
}

fn suite(
    report: &Report,
    model: &ModelInfo,
    findings: &[&FindingInfo],
    errors: &[&NoticeInfo],
) -> TestSuite {
    let mut suite = TestSuite::new(title(&model.name, &model.path));
    suite.extra.insert("file".into(), xml(&model.path).into());
    suite.add_test_cases(errors.iter().map(|notice| error(notice)));
    if !model.complete && errors.is_empty() {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message("the model could not be read and judged completely");
        suite.add_test_case(TestCase::new("the model is read completely", status));
    }
    let is_whole = model.complete && errors.is_empty();
    suite.add_test_cases(
        findings
            .iter()
            .map(|finding| case(report, finding, is_whole)),
    );
    if !is_whole {
        return suite;
    }
    let titles: BTreeMap<&str, &str> = report.rules.iter().map(|r| (&*r.id, &*r.title)).collect();
    let of_rule = |id: &str, status: TestCaseStatus| {
        let title = titles.get(id).copied().unwrap_or("");
        let name = format!("{id} {}", shorten(title, words::LONGEST_NAME));
        let mut case = TestCase::new(xml(&name), status);
        case.set_classname(xml(&model.path));
        case
    };
    let passed = model.passed.iter();
    suite.add_test_cases(passed.map(|id| of_rule(id, TestCaseStatus::success())));
    suite.add_test_cases(model.dormant.iter().map(|dormant| {
        let mut status = TestCaseStatus::skipped();
        status.set_message(xml(&format!(
            "the model does not say {}",
            shorten(&dormant.wants.join(", "), words::LONGEST_NAME)
        )));
        of_rule(&dormant.rule, status)
    }));
    suite
}

/// One finding; in a model that was not read completely nothing counts as passed.
fn case(report: &Report, finding: &FindingInfo, is_whole: bool) -> TestCase {
    let name = format!(
        "{} {}: {}",
        finding.rule,
        shorten(&finding.title, words::LONGEST_NAME),
        words::element(finding)
    );
    let fails = report.summary.gate.fails(finding);
    let status = match finding.status {
        Status::New if fails => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_message(xml(&finding.title))
                .set_type(finding.severity.as_str())
                .set_description(xml(&description(report, finding)));
            status
        }
        Status::New | Status::Unreviewed if is_whole => TestCaseStatus::success(),
        Status::New | Status::Unreviewed => {
            let mut status = TestCaseStatus::skipped();
            status.set_message("below the gate, in a model that was not read completely");
            status
        }
        _ => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(xml(&skipped(finding)));
            status
        }
    };
    let mut case = TestCase::new(xml(&name), status);
    case.set_classname(xml(&finding.model));
    locate(&mut case, &finding.location);
    if !fails && finding.status.is_open() {
        case.set_system_out(xml(&description(report, finding)));
    }
    case
}

fn locate(case: &mut TestCase, location: &Location) {
    case.extra.insert("file".into(), xml(&location.path).into());
    let line = location.line.to_string();
    case.extra.insert("line".into(), line.into());
}

/// `accepted: the reason`.
fn skipped(finding: &FindingInfo) -> String {
    let status = words::status(finding.status);
    match words::reason(finding) {
        Some(reason) => format!("{status}: {reason}"),
        None => status.to_owned(),
    }
}

/// What a person reads who opens the case.
fn description(report: &Report, finding: &FindingInfo) -> String {
    let at = &finding.location;
    let mut lines = vec![
        format!("{}:{}:{}", at.path, at.line, at.column),
        format!("{}, {}", finding.severity, finding.evidence.as_str()),
        words::message(finding),
    ];
    lines.extend(words::why_new(finding));
    if let Some(rule) = report
        .rule(&finding.rule)
        .filter(|r| !r.mitigation.is_empty())
    {
        lines.push(shorten(rule.mitigation.trim(), words::LONGEST_TEXT).into_owned());
    }
    lines.join("\n")
}

fn error(notice: &NoticeInfo) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status
        .set_message(xml(&shorten(&notice.message, words::LONGEST_TEXT)))
        .set_type(xml(&notice.code));
    let at = notice.location.as_ref();
    let mut lines: Vec<String> = at
        .iter()
        .map(|at| format!("{}:{}:{}", at.path, at.line, at.column))
        .collect();
    lines.extend(notice.help.clone());
    if !lines.is_empty() {
        status.set_description(xml(&shorten(&lines.join("\n"), words::LONGEST_TEXT)));
    }
    let mut case = TestCase::new(xml(&notice.code), status);
    if let Some(location) = &notice.location {
        case.set_classname(xml(&location.path));
        locate(&mut case, location);
    }
    case
}
