//! `tmrs explain`: a rule, or what a rule makes of an element, from the condition to the
//! line that settles it.

use std::path::PathBuf;

use super::args::{Explain, Knowing, Output};
use super::check::frame;
use super::failure::{Exit, Failure};
use super::known::baseline;
use super::output::{Screen, print, print_as_it_is};
use super::repository::Repository;
use super::rules;
use super::settings::Settings;
use crate::compare::hold_against;
use crate::emit::explanation::{as_json, human};
use crate::escape::terminal;
use crate::finding::canonical;
use crate::model::{ElementId, Model};
use crate::notice::nearest;
use crate::pipeline::{Judged, JudgedModel};
use crate::report::build::Detail;
use crate::report::{Explanation, FindingInfo, Report};
use crate::rules::CompiledRule;
use crate::triage::baseline::Growth;

/// So many findings of one line are explained at once.
const MOST: usize = 10;
/// A shorter beginning of a fingerprint is taken for a rule.
const SHORTEST_PRINT: usize = 8;

/// What is to be explained.
enum What<'a> {
    /// A rule over the elements of that name.
    Element(&'a str, &'a str),
    /// What was found at a line.
    Line(&'a str, u32),
    /// The finding with that fingerprint, or the beginning of it.
    Print(&'a str),
}

/// Runs the command.
pub fn run(arguments: &Explain, screen: &Screen) -> Result<Exit, Failure> {
    let mut paths = arguments.paths.clone();
    let (what, second) = (&*arguments.what, arguments.element.as_deref());
    let what = match (line_of(what), is_print(what), second) {
        (Some((path, line)), ..) => {
            paths.extend(second.map(PathBuf::from));
            if paths.is_empty() {
                paths.push(PathBuf::from(path));
            }
            What::Line(path, line)
        }
        (None, true, _) => {
            paths.extend(second.map(PathBuf::from));
            What::Print(what)
        }
        (None, false, Some(element)) => What::Element(what, element),
        (None, false, None) if arguments.why_not => {
            return Err(Failure::usage(
                "--why-not needs an element",
                format!("name it: tmrs explain {} ELEMENT --why-not", terminal(what)),
            ));
        }
        (None, false, None) => return rule_alone(arguments, screen),
    };
    let repository = Repository::find(&paths)?;
    let mut settings = Settings::resolve(&arguments.judging, &repository)?;
    let baseline = baseline(&Knowing::default(), &mut settings, &repository)?;
    let side = settings.side(&repository);
    let mut judged = side.judge(side.read()?, &repository.paths)?;
    if let Some(known) = baseline {
        let growth = Growth::allowed(known.baseline);
        hold_against(&growth, &mut judged, &side, &repository.paths, false);
    }
    let report = Report::of(
        &judged,
        frame(&settings, &Output::default(), Detail::Everything),
    );
    let all = match what {
        What::Element(rule, element) => {
            over_element(&judged, &report, rule, element, arguments.why_not)?
        }
        What::Line(path, line) => at_line(&judged, &report, path, line)?,
        What::Print(print) => of_print(&judged, &report, print)?,
    };
    match arguments.format.as_str() {
        "json" => {
            let text = as_json(&all)
                .map_err(|error| Failure::usage(error.to_string(), "ask for another --format"))?;
            print_as_it_is(text)?;
        }
        _ => print(human(&all, screen.width))?,
    }
    Ok(if judged.is_incomplete() {
        Exit::Incomplete
    } else {
        Exit::Success
    })
}

/// A rule without an element, as `tmrs rules explain` shows it.
fn rule_alone(arguments: &Explain, screen: &Screen) -> Result<Exit, Failure> {
    let judging = &arguments.judging;
    rules::explain_one(
        &arguments.what,
        &judging.rules,
        judging.no_default_rules,
        screen,
    )
}

/// `tm.py:12`, also with a column.
fn line_of(what: &str) -> Option<(&str, u32)> {
    let (before, last) = what.rsplit_once(':')?;
    let last: u32 = last.parse().ok()?;
    match before.rsplit_once(':') {
        Some((path, line)) => match line.parse() {
            Ok(line) => Some((path, line)),
            Err(_) => Some((before, last)),
        },
        None => Some((before, last)),
    }
}

fn is_print(what: &str) -> bool {
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    (SHORTEST_PRINT..=32).contains(&what.len()) && what.chars().all(is_hex)
}

/// What a rule makes of every element of that name.
fn over_element(
    judged: &Judged,
    report: &Report,
    rule: &str,
    name: &str,
    why_not: bool,
) -> Result<Vec<Explanation>, Failure> {
    let elements: Vec<(&JudgedModel, ElementId)> = (judged.models.iter())
        .flat_map(|model| named(&model.model, name).map(move |id| (model, id)))
        .collect();
    if elements.is_empty() {
        return Err(no_element(judged, name));
    }
    let mut all = Vec::new();
    for (model, id) in elements {
        let found = finding_of(report, &model.model, id, rule);
        match (rule_of(model, rule), found) {
            (_, Some(found)) => all.push(of_finding(judged, report, found)),
            (Some(rule), None) => all.push(Explanation::new(&model.model, id, rule, None)),
            (None, None) => {}
        }
    }
    if all.is_empty() {
        return Err(no_rule(judged, report, rule));
    }
    let (found, not): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.holds);
    let (rule, name) = (terminal(rule), terminal(name));
    match (found.is_empty(), why_not) {
        (true, true) => Ok(not),
        (false, false) => Ok(found),
        (true, false) => Err(Failure::usage(
            format!("{rule} finds nothing at “{name}”"),
            "add --why-not to see which part of its condition does not hold",
        )),
        (false, true) if not.is_empty() => Err(Failure::usage(
            format!("{rule} is found at “{name}”"),
            "leave --why-not out to see why",
        )),
        (false, true) => Ok(not),
    }
}

/// What was found at a line, or at the element that is made there, the worst first.
fn at_line(
    judged: &Judged,
    report: &Report,
    path: &str,
    line: u32,
) -> Result<Vec<Explanation>, Failure> {
    let path = path.trim_start_matches("./");
    let is_path = |known: &str| known == path || path.ends_with(&format!("/{known}"));
    let mut found: Vec<&FindingInfo> = (report.findings.iter())
        .filter(|f| is_path(&f.location.path))
        .filter(|f| (f.location.line..=f.location.end_line).contains(&line))
        .filter(|f| !report.weakens(f))
        .collect();
    if found.is_empty() {
        let lines = report.findings.iter().filter(|f| is_path(&f.location.path));
        let near = lines
            .map(|f| f.location.line)
            .min_by_key(|known| known.abs_diff(line));
        let help = match near {
            Some(near) => format!("the nearest finding is at line {near}"),
            None => "`tmrs check` lists the lines of what it finds".to_owned(),
        };
        let message = format!("nothing is found at {}:{line}", terminal(path));
        return Err(Failure::usage(message, help));
    }
    found.sort_by_key(|f| std::cmp::Reverse((f.failing, f.risk, f.severity, f.evidence)));
    let shown = found.iter().take(MOST);
    Ok(shown.map(|f| of_finding(judged, report, f)).collect())
}

fn of_print(judged: &Judged, report: &Report, print: &str) -> Result<Vec<Explanation>, Failure> {
    let found = report
        .findings
        .iter()
        .filter(|f| f.fingerprint.starts_with(print));
    let all: Vec<Explanation> = found
        .filter(|f| !report.weakens(f))
        .take(MOST)
        .map(|f| of_finding(judged, report, f))
        .collect();
    if all.is_empty() {
        return Err(Failure::usage(
            format!("no finding has the fingerprint {print}"),
            "`tmrs check --format json` shows the fingerprints",
        ));
    }
    Ok(all)
}

/// The explanation of a finding.
fn of_finding(judged: &Judged, report: &Report, finding: &FindingInfo) -> Explanation {
    let is_of = |model: &Model| {
        model.path().as_str() == &*finding.model && model.name == finding.model_name
    };
    // What holds only in a model that includes this one is explained there.
    let found = judged.findings.iter().find(|found| {
        found.fingerprint.to_string() == finding.fingerprint && is_of(judged.model_of(found))
    });
    let seen = found.map(|found| {
        let seen = found.where_seen();
        (&judged.models[seen.model as usize], seen.element)
    });
    let rule = seen.and_then(|(model, id)| Some((model, id, rule_of(model, &finding.rule)?)));
    match rule {
        Some((model, id, rule)) => Explanation::new(&model.model, id, rule, Some(finding)),
        None => Explanation::stated(report.rule(&finding.rule).cloned(), finding),
    }
}

fn finding_of<'r>(
    report: &'r Report,
    model: &Model,
    id: ElementId,
    rule: &str,
) -> Option<&'r FindingInfo> {
    report.findings.iter().find(|f| {
        f.element_id == id.0
            && f.rule.eq_ignore_ascii_case(rule)
            && &*f.model == model.path().as_str()
            && f.model_name == model.name
    })
}

/// The rule of that id, or that had it earlier, among those that judged a model.
fn rule_of<'m>(model: &'m JudgedModel, id: &str) -> Option<&'m CompiledRule> {
    let is_called = |rule: &&CompiledRule| {
        let aliases = rule.rule.aliases.iter();
        rule.rule.id.eq_ignore_ascii_case(id)
            || aliases
                .into_iter()
                .any(|alias| alias.eq_ignore_ascii_case(id))
    };
    model.rules.iter().find(is_called)
}

/// The elements of that name, whatever its case if none has it exactly.
fn named(model: &Model, name: &str) -> impl Iterator<Item = ElementId> {
    let wanted = canonical(name);
    let folded = wanted.to_lowercase();
    let ids = || model.own_ids().map(|id| (id, model.element(id)));
    let exact: Vec<ElementId> = ids()
        .filter(|(_, element)| canonical(&element.name) == wanted)
        .map(|(id, _)| id)
        .collect();
    let found = if exact.is_empty() {
        ids()
            .filter(|(_, element)| canonical(&element.name).to_lowercase() == folded)
            .map(|(id, _)| id)
            .collect()
    } else {
        exact
    };
    found.into_iter()
}

fn no_element(judged: &Judged, name: &str) -> Failure {
    let names: Vec<&str> = (judged.models.iter())
        .flat_map(|model| model.model.elements.iter().map(|e| &*e.name))
        .collect();
    let help = match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean “{}”?", terminal(near)),
        None if names.is_empty() => {
            "no model was found here; name one after the element".to_owned()
        }
        None => "`tmrs dfd` shows the elements of a model".to_owned(),
    };
    Failure::usage(format!("no element is called “{}”", terminal(name)), help)
}

fn no_rule(judged: &Judged, report: &Report, id: &str) -> Failure {
    let of_models = judged.models.iter().flat_map(|model| &model.rules);
    let of_models = of_models.map(|rule| &*rule.rule.id);
    let ids = of_models.chain(report.rules.iter().map(|rule| &*rule.id));
    let help = match nearest(id, ids) {
        Some(near) => format!("did you mean {}?", terminal(near)),
        None => "`tmrs rules list` shows all ids; the configuration may leave some out".to_owned(),
    };
    Failure::usage(
        format!("no rule that judged has the id “{}”", terminal(id)),
        help,
    )
}
