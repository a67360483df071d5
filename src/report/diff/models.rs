//! Pairs the models of two reports and compares each pair.

use std::collections::BTreeMap;

use super::super::{ModelInfo, Report};
use super::facts::Facts;
use super::parts;
use super::threats::{self, Findings, OfModel};
use super::{Change, DetailDiff, Diff, ModelDiff, ModelRef, Side, Summary, Topic, VERSION};
use crate::finding::canonical;
use crate::model::pairs::{Named, pairs};

/// What differs between two reports. `folders` are what each side's paths are
/// relative to, where two different folders or files are compared: nothing before
/// them tells models apart.
pub fn between(base: (Side, &Report), head: (Side, &Report), folders: [&str; 2]) -> Diff {
    let (then, now) = (
        Models::of(base.1, folders[0]),
        Models::of(head.1, folders[1]),
    );
    let pairs = pairs(&now.named(), &then.named());
    let mut models: Vec<ModelDiff> = Vec::new();
    let mut paired = vec![false; now.models.len()];
    for (at, pair) in pairs.iter().enumerate() {
        if let Some(pair) = pair {
            paired[*pair] = true;
        }
        models.extend(compare(Some(one(&then, at)), pair.map(|at| one(&now, at))));
    }
    for at in (0..now.models.len()).filter(|at| !paired[*at]) {
        models.extend(compare(None, Some(one(&now, at))));
    }
    models.sort_by(|a, b| a.called().cmp(&b.called()));
    Diff {
        diff: VERSION,
        tool: head.1.tool.clone(),
        summary: Summary::of(&models),
        base: base.0,
        head: head.0,
        models,
    }
}

/// The models of a report, with what tells them apart.
struct Models<'r> {
    models: Vec<&'r ModelInfo>,
    keys: Vec<(String, String, u32)>,
    findings: Findings<'r>,
}

impl<'r> Models<'r> {
    fn of(report: &'r Report, folder: &str) -> Self {
        let mut seen: BTreeMap<(&str, String), u32> = BTreeMap::new();
        let models: Vec<&ModelInfo> = report.models.iter().collect();
        let keys = models.iter().map(|model| {
            let name = canonical(&model.name);
            let count = seen.entry((&model.path, name.clone())).or_default();
            *count += 1;
            (below(&model.path, folder).to_owned(), name, *count - 1)
        });
        Self {
            keys: keys.collect(),
            findings: Findings::of(report),
            models,
        }
    }

    fn named(&self) -> Vec<Named<'_>> {
        let keys = self.keys.iter();
        keys.map(|(path, name, ordinal)| Named {
            path,
            name,
            ordinal: *ordinal,
        })
        .collect()
    }
}

/// A path relative to a folder; nothing if it is that very file.
fn below<'p>(path: &'p str, folder: &str) -> &'p str {
    match path.strip_prefix(folder) {
        Some("") => "",
        Some(rest) if folder.is_empty() => rest,
        Some(rest) => rest.strip_prefix('/').unwrap_or(path),
        None => path,
    }
}

fn one<'s>(side: &'s Models<'s>, at: usize) -> One<'s> {
    One { side, at }
}

/// One of the models of a side.
#[derive(Clone, Copy)]
struct One<'s> {
    side: &'s Models<'s>,
    at: usize,
}

impl<'s> One<'s> {
    fn model(self) -> &'s ModelInfo {
        self.side.models[self.at]
    }

    fn path(self) -> &'s str {
        &self.side.keys[self.at].0
    }

    /// Findings of models of one name in one file stand with the first of them.
    fn is_first(self) -> bool {
        self.side.keys[self.at].2 == 0
    }

    fn findings(self) -> OfModel<'s> {
        self.side.findings.of_model(self.model())
    }

    fn called(self) -> ModelRef {
        ModelRef {
            path: self.model().path.clone(),
            name: self.model().name.clone(),
        }
    }
}

/// What differs in a model; `None` if nothing does.
fn compare(base: Option<One<'_>>, head: Option<One<'_>>) -> Option<ModelDiff> {
    let threats = if base.is_none_or(One::is_first) && head.is_none_or(One::is_first) {
        let findings = [base, head].map(|one| one.map(One::findings));
        threats::compare(findings[0].as_ref(), findings[1].as_ref())
    } else {
        Vec::new()
    };
    let found = ModelDiff {
        change: match (base, head) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => Change::Changed,
        },
        base: base.map(One::called),
        head: head.map(One::called),
        details: base
            .zip(head)
            .map(|(base, head)| own((base.model(), base.path()), (head.model(), head.path())))
            .unwrap_or_default(),
        parts: parts::compare(
            base.map(|one| &one.model().graph),
            head.map(|one| &one.model().graph),
            &BTreeMap::new(),
        ),
        threats,
    };
    let is_same = found.change == Change::Changed
        && found.details.is_empty()
        && found.parts.is_empty()
        && found.threats.is_empty();
    (!is_same).then_some(found)
}

/// What a model says about itself: name, file, settings, assumptions; each side with
/// the path by which it is known.
pub(super) fn own(
    (then, path_then): (&ModelInfo, &str),
    (now, path_now): (&ModelInfo, &str),
) -> Vec<DetailDiff> {
    let mut details = Vec::new();
    let mut told = |subject: &str, was: &str, is: &str| {
        details.push(DetailDiff {
            topic: Topic::Name,
            change: Change::Changed,
            subject: subject.into(),
            before: Some(was.into()),
            after: Some(is.into()),
            direction: None,
            location: None,
        });
    };
    if canonical(&then.name) != canonical(&now.name) {
        told("name", &then.name, &now.name);
    }
    if path_then != path_now {
        told("path", &then.path, &now.path);
    }
    details.extend(Facts::of_model(then).compare(&Facts::of_model(now)));
    details
}
