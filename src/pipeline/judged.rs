//! What a run judged: the models, what was found in them, and what there is to say.

use std::collections::BTreeSet;

use crate::finding::{Finding, Weakening};
use crate::model::Model;
use crate::notice::{Notice, Severity};
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
    /// What weakens the check itself, compared with a base revision.
    pub weakenings: Vec<Weakening>,
}

impl Judged {
    /// Whether something could not be read or judged completely: any error says so.
    pub fn is_incomplete(&self) -> bool {
        let is_error = |notice: &Notice| notice.severity == Severity::Error;
        self.incomplete || self.notices.iter().any(is_error)
    }

    /// The model of a finding.
    pub fn model_of(&self, finding: &Finding) -> &Model {
        &self.models[finding.model as usize].model
    }

    /// The rule of a finding, ready to explain it; `None` for a threat in words.
    pub fn rule_of(&self, finding: &Finding) -> Option<&CompiledRule> {
        let judged = &self.models[finding.model as usize];
        let at = judged.position_of(&finding.rule.id)?;
        Some(&judged.rules[at])
    }
}

impl JudgedModel {
    /// Where the rule of that id stands among those that judged it.
    pub fn position_of(&self, rule: &str) -> Option<usize> {
        let rules = &self.rules;
        rules
            .binary_search_by(|known| (*known.rule.id).cmp(rule))
            .ok()
    }
}
