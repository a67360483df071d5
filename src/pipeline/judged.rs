//! What a run judged: the models, what was found in them, and what there is to say.

use std::collections::BTreeSet;

use crate::finding::{Finding, Weakening};
use crate::model::Model;
use crate::notice::{Notice, Severity};
use crate::read::native;
use crate::rules::{CompiledRule, Text};
use crate::source::RepoPath;

/// A model with what judged it.
#[derive(Debug)]
pub struct JudgedModel {
    /// The model.
    pub model: Model,
    /// The rules that judged it, by id.
    pub rules: Vec<CompiledRule>,
    /// The rules that found something only in models that it includes, by id.
    pub found_elsewhere: BTreeSet<Text>,
    /// Whether it was given up, because it or the run came to too much.
    pub given_up: bool,
    /// Whether nobody asked for it: it was read for what it finds in models that it includes.
    pub is_around: bool,
}

/// Everything that was judged.
#[derive(Debug, Default)]
pub struct Judged {
    /// Models by path.
    pub models: Vec<JudgedModel>,
    /// Findings by model, rule, element. Every status is `new` until triage.
    pub findings: Vec<Finding>,
    /// What a person should know or mend, by place.
    pub notices: Vec<Notice>,
    /// Whether something could not be read or judged completely.
    pub incomplete: bool,
    /// The files of which that is so.
    pub broken: BTreeSet<RepoPath>,
    /// Whether one of these may include others: what was known of any model in tmrs's own format
    /// is neither stale nor to be removed, for it may have been found there.
    pub lacks_a_whole: bool,
    /// What weakens the check itself, compared with a base revision.
    pub weakenings: Vec<Weakening>,
}

impl Judged {
    /// Whether something could not be read or judged completely: any error says so.
    pub fn is_incomplete(&self) -> bool {
        let is_error = |notice: &Notice| notice.severity == Severity::Error;
        self.incomplete || self.notices.iter().any(is_error)
    }

    /// The models that were asked for.
    pub fn asked(&self) -> impl Iterator<Item = &JudgedModel> {
        self.models.iter().filter(|it| !it.is_around)
    }

    /// Whether everything that is to be found in a model was looked for: it was asked for, read
    /// and judged completely, and so was whatever may include it.
    pub fn knows_all_of(&self, subject: &JudgedModel) -> bool {
        let in_a_whole = self.lacks_a_whole && subject.may_be_included();
        !subject.is_around && !in_a_whole && !self.broken.contains(subject.model.path())
    }

    /// The model of a finding.
    pub fn model_of(&self, finding: &Finding) -> &Model {
        &self.subject_of(finding).model
    }

    /// The model of a finding, with what judged it.
    pub fn subject_of(&self, finding: &Finding) -> &JudgedModel {
        &self.models[finding.model as usize]
    }

    /// The rule of a finding, ready to explain it; `None` for a threat in words.
    pub fn rule_of(&self, finding: &Finding) -> Option<&CompiledRule> {
        let judged = self.subject_of(finding);
        let at = judged.position_of(&finding.rule.id)?;
        Some(&judged.rules[at])
    }
}

impl JudgedModel {
    /// Whether another model may include it.
    pub(super) fn may_be_included(&self) -> bool {
        self.model.format == native::FORMAT
    }

    /// Where the rule of that id stands among those that judged it.
    pub fn position_of(&self, rule: &str) -> Option<usize> {
        let rules = &self.rules;
        rules
            .binary_search_by(|known| (*known.rule.id).cmp(rule))
            .ok()
    }
}
