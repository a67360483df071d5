//! What questions propose, as fixes (SARIF §3.55): each is worded as the answer to its
//! question, because nobody has confirmed that it is true.

use std::collections::{BTreeMap, BTreeSet};

use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, Fix as SarifFix, Message, Region, Replacement,
};

use super::{artifact, plain};
use crate::emit::first;
use crate::escape::is_shown_as_it_is;
use crate::report::{FindingInfo, Fix, FixEdit, Report};

/// So many fixes of one result are written; its question names as many attributes.
const MOST: usize = 3;
/// Longer ones are no answer to one question.
const LONGEST: usize = 1_000;

/// The fixes of a report by what they settle.
pub(super) struct Fixes<'a> {
    all: &'a [Fix],
    of: BTreeMap<&'a str, usize>,
}

impl<'a> Fixes<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let all = report.fixes.iter().enumerate();
        let of = all.filter(|(_, fix)| is_short(fix)).flat_map(|(at, fix)| {
            let settled = fix.todo.closes.iter();
            settled.map(move |fingerprint| (&**fingerprint, at))
        });
        Self {
            of: of.collect(),
            all: &report.fixes,
        }
    }

    /// Those of some findings, the ones that settle the most first; nothing where no line says
    /// any of the answers.
    pub(super) fn settling<'f>(
        &self,
        findings: impl Iterator<Item = &'f FindingInfo>,
    ) -> Option<Vec<SarifFix>> {
        let positions = findings.filter_map(|f| self.of.get(&*f.fingerprint).copied());
        let positions: BTreeSet<usize> = positions.collect();
        let fixes = positions.iter().filter_map(|at| self.all.get(*at));
        let fixes: Vec<SarifFix> = fixes.take(MOST).map(fix).collect();
        (!fixes.is_empty()).then_some(fixes)
    }
}

/// Whether a fix is written: what it puts in must be what people see.
fn is_short(fix: &Fix) -> bool {
    let length: usize = fix.edits.iter().map(|edit| edit.text.len()).sum();
    length <= LONGEST && fix.edits.iter().all(|edit| is_shown_as_it_is(&edit.text))
}

fn fix(fix: &Fix) -> SarifFix {
    let path = fix.edits.first().map_or("", |edit| &*edit.location.path);
    let change = ArtifactChange::builder()
        .artifact_location(artifact(path))
        .replacements(fix.edits.iter().map(replacement).collect::<Vec<_>>())
        .build();
    let description = plain(&first::proposal(&fix.todo));
    SarifFix::builder()
        .description(Message::builder().text(description).build())
        .artifact_changes(vec![change])
        .build()
}

fn replacement(edit: &FixEdit) -> Replacement {
    let at = &edit.location;
    let region = Region::builder()
        .start_line(i64::from(at.line))
        .start_column(i64::from(at.column))
        .end_line(i64::from(at.end_line))
        .end_column(i64::from(at.end_column))
        .build();
    Replacement::builder()
        .deleted_region(region)
        .inserted_content(ArtifactContent::builder().text(&*edit.text).build())
        .build()
}
