//! What both texts say in the same words. Plain text: who writes it escapes it.

use std::fmt::Write as _;

use serde_json::Value;

use super::super::words::{self, LONGEST_NAME, plural};
use crate::escape::shorten;
use crate::report::diff::{
    Change, DetailDiff, Diff, Fate, ModelDiff, PartDiff, Side, Standing, ThreatDiff, Topic,
};
use crate::report::{ElementRef, Severity, Status};

/// `main (a0d7b65de1)`.
pub(super) fn side(side: &Side) -> String {
    let name = match side.kind.as_str() {
        "working-tree" => "the working tree".to_owned(),
        _ => shorten(&side.name, LONGEST_NAME).into_owned(),
    };
    let commit = side
        .revision
        .as_deref()
        .map(|id| id.get(..10).unwrap_or(id));
    match commit.filter(|commit| !name.starts_with(commit) && side.kind != "working-tree") {
        Some(commit) => format!("{name} ({commit})"),
        None => name,
    }
}

/// `“Shop” (model.yaml)`.
pub(super) fn model(model: &ModelDiff) -> String {
    model.called().map_or_else(String::new, |called| {
        let name = shorten(&called.name, LONGEST_NAME);
        format!("“{name}” ({})", called.path)
    })
}

/// `Dataflow “visit” (User → Web)`.
fn element(element: &ElementRef, ends: [Option<&str>; 2]) -> String {
    let mut text = words::named(&element.class, &element.name);
    if let [Some(source), Some(sink)] = ends {
        let [source, sink] = [source, sink].map(|end| shorten(end, LONGEST_NAME));
        let _ = write!(text, " ({source} → {sink})");
    }
    text
}

/// A part, by class and name.
pub(in crate::emit) fn part(part: &PartDiff) -> String {
    element(
        &part.element,
        [part.source.as_deref(), part.sink.as_deref()],
    )
}

/// Where a finding is.
pub(super) fn place(threat: &ThreatDiff) -> String {
    element(
        &threat.element,
        [threat.source.as_deref(), threat.sink.as_deref()],
    )
}

/// What differs, in a few words. Of a part that was not there nothing is “now”.
pub(in crate::emit) fn detail(detail: &DetailDiff, of: Change) -> String {
    let subject = shorten(&detail.subject, LONGEST_NAME);
    let value = |value: &Option<Value>| {
        value
            .as_ref()
            .map_or_else(|| "not said".into(), words::value)
    };
    let (before, after) = (value(&detail.before), value(&detail.after));
    let now = match (of, detail.change) {
        (Change::Added, _) => "",
        (_, Change::Removed) => "no longer ",
        _ => "now ",
    };
    match detail.topic {
        Topic::Name if detail.subject == "path" => format!("moved from {before} to {after}"),
        Topic::Name => format!("renamed from “{before}” to “{after}”"),
        Topic::Boundary if detail.change == Change::Changed => {
            format!("moved from “{before}” to “{after}”")
        }
        Topic::Boundary if detail.change == Change::Removed => format!("{now}in “{before}”"),
        Topic::Boundary => format!("{now}in “{after}”"),
        Topic::Crossing if detail.change == Change::Removed => format!("{now}{before} “{subject}”"),
        Topic::Crossing => format!("{now}{after} “{subject}”"),
        Topic::Carries => format!("{now}carries “{subject}”"),
        Topic::Classification => classification(detail, &subject, [&before, &after], of),
        Topic::Control => match detail.change {
            Change::Added => format!("control {subject} is in place"),
            Change::Removed => format!("control {subject} is withdrawn"),
            Change::Changed => format!("control {subject}: {before} → {after}"),
        },
        Topic::Assumption => format!("{now}assumes “{subject}”{}", rules_out(detail)),
        Topic::Attribute => format!("{subject}: {before} → {after}"),
    }
}

fn classification(
    detail: &DetailDiff,
    subject: &str,
    [before, after]: [&str; 2],
    of: Change,
) -> String {
    let what = match subject {
        "data" => "most sensitive data",
        other => other,
    };
    match (&detail.direction, of) {
        (Some(direction), _) => format!("{what}: {before} → {after} ({direction})"),
        (None, Change::Removed) => format!("{what}: {before}"),
        (None, _) => format!("{what}: {after}"),
    }
}

/// The rules that an assumption rules out.
fn rules_out(detail: &DetailDiff) -> String {
    let said = detail.after.as_ref().or(detail.before.as_ref());
    let ids = said.and_then(Value::as_array).into_iter().flatten();
    let ids: Vec<&str> = ids.filter_map(Value::as_str).collect();
    if ids.is_empty() {
        return String::new();
    }
    format!(
        ", which rules out {}",
        shorten(&ids.join(", "), LONGEST_NAME)
    )
}

/// What a finding is, or was and is: `high`, `medium → high`, `open → accepted`.
pub(super) fn standing(threat: &ThreatDiff) -> String {
    let words = |standing: &Standing| {
        let mut words = vec![standing.severity.as_str()];
        words.push(standing.evidence.as_str());
        words.push(status(standing.status));
        words
    };
    match (&threat.before, &threat.after) {
        (Some(before), Some(after)) => {
            let both = words(before).into_iter().zip(words(after));
            let changed = both.filter(|(was, is)| was != is);
            let told: Vec<String> = changed.map(|(was, is)| format!("{was} → {is}")).collect();
            told.join(", ")
        }
        (_, Some(one)) if !one.status.is_open() => status(one.status).to_owned(),
        (Some(one), _) | (_, Some(one)) => one.evidence.as_str().to_owned(),
        (None, None) => String::new(),
    }
}

fn status(status: Status) -> &'static str {
    if status.is_open() {
        "open"
    } else {
        words::status(status)
    }
}

/// What became of findings, as a heading.
pub(super) fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::New => "New threats",
        Fate::Changed => "Changed threats",
        Fate::Fixed => "Fixed threats",
        Fate::Gone => "Threats that went with their element, model or rule",
    }
}

/// Everything in a sentence or two.
pub(super) fn summary(diff: &Diff) -> String {
    let summary = &diff.summary;
    if summary.same {
        return "Nothing differs.".into();
    }
    let of = |counts: &std::collections::BTreeMap<&'static str, usize>, words: &[&str]| {
        let told = words.iter().filter_map(|word| {
            let count = counts.get(word).copied().unwrap_or(0);
            (count > 0).then(|| format!("{count} {word}"))
        });
        told.collect::<Vec<_>>().join(", ")
    };
    let changes = Change::ALL.map(Change::as_str);
    let mut text = format!("Models: {}.", of(&summary.models, &changes));
    let parts = of(&summary.parts, &changes);
    if !parts.is_empty() {
        let _ = write!(text, " Parts: {parts}.");
    }
    let counts = [
        (summary.crossings_added, "crossing added", "crossings added"),
        (
            summary.crossings_removed,
            "crossing removed",
            "crossings removed",
        ),
        (
            summary.classifications_raised,
            "classification raised",
            "classifications raised",
        ),
        (summary.controls_added, "control added", "controls added"),
        (
            summary.controls_removed,
            "control withdrawn",
            "controls withdrawn",
        ),
    ];
    let told = counts.iter().filter(|(count, ..)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    if !told.is_empty() {
        let _ = write!(text, " {}.", words::capital(&told.join(", ")));
    }
    let threats = of(&summary.threats, &Fate::ALL.map(Fate::as_str));
    if !threats.is_empty() {
        let _ = write!(text, " Threats: {threats}{}.", severities(diff));
    }
    text
}

/// New findings that are open, by severity.
fn severities(diff: &Diff) -> String {
    let counts = &diff.summary.new_by_severity;
    let told = Severity::ALL.into_iter().rev().filter_map(|severity| {
        let count = counts.get(&severity).copied().unwrap_or(0);
        (count > 0).then(|| format!("{count} {severity}"))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        String::new()
    } else {
        format!("; new and open: {}", told.join(", "))
    }
}

/// What could not be read, if anything.
pub(super) fn incomplete(diff: &Diff) -> Option<String> {
    let broken = [&diff.base, &diff.head]
        .into_iter()
        .filter(|side| !side.complete);
    let names: Vec<String> = broken.map(side).collect();
    (!names.is_empty()).then(|| {
        format!(
            "Not every model of {} could be read and judged completely: more may differ.",
            names.join(" and ")
        )
    })
}

/// `1 model`.
pub(super) fn models(side: &Side) -> String {
    plural(side.models, "model")
}
