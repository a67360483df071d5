//! The family `change`: the ways in which a change can weaken the check, as rules.

use std::sync::Arc;

use crate::rules::{Layer, Likelihood, Pack, Rule, Severity, Text};

/// One way to weaken the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An exclusion in the configuration was added, widened or prolonged.
    Exclusion,
    /// An exclusion beside an element was added.
    Inline,
    /// An assumption that excludes rules was added.
    Assumption,
    /// An answer to a threat was added or changed.
    Response,
    /// A model states a lower severity than before.
    Severity,
    /// The baseline accepts more.
    Baseline,
    /// Gate, policy or reading were loosened.
    Gate,
    /// A rule judges less, or not at all.
    Rule,
    /// A rule's severity was lowered.
    RuleSeverity,
    /// A model's own rules judge less.
    OwnRules,
    /// Something went out of scope.
    Scope,
    /// A zone is trusted more.
    Trust,
    /// A declared fact on which a threat rests was withdrawn or changed.
    Fact,
    /// A model was removed.
    Removed,
    /// A model is there and no longer looked at.
    Hidden,
    /// A control is declared without the evidence that policy wants.
    Unproved,
    /// Part of a model was removed, or is of another class.
    Gone,
    /// Findings went, and nothing says why.
    Unexplained,
}

/// Ids, titles and texts, in the order of [`Kind`].
const TEXTS: [(Kind, &str, &str, &str, &str); 18] = [
    (
        Kind::Exclusion,
        "CHG01",
        "An exclusion was added to the configuration",
        "Findings that it matches no longer count, now or later.",
        "Ask whether its reason holds, who owns it and when it ends.",
    ),
    (
        Kind::Inline,
        "CHG02",
        "An exclusion was added beside an element",
        "Findings of these rules on this element no longer count.",
        "Ask whether its reason holds; describe the control instead where there is one.",
    ),
    (
        Kind::Assumption,
        "CHG03",
        "An assumption that excludes rules was added",
        "Findings of these rules no longer count while the assumption is believed.",
        "Ask how the assumption is known to hold, and who would notice if it stopped.",
    ),
    (
        Kind::Response,
        "CHG04",
        "An answer to a threat was added or changed",
        "The finding counts as answered and cannot fail the gate.",
        "Ask for what the answer rests on: the control, the decision, the ticket.",
    ),
    (
        Kind::Severity,
        "CHG05",
        "A model lowers the severity of a threat",
        "The finding may fall below what fails the gate.",
        "Ask what changed about the threat itself.",
    ),
    (
        Kind::Baseline,
        "CHG06",
        "An entry was added to the baseline",
        "A finding that was open is accepted without an answer.",
        "Ask why the threat is not answered or mitigated instead.",
    ),
    (
        Kind::Gate,
        "CHG07",
        "The gate, its policy or reading was loosened",
        "Findings that would have failed the gate, or mistakes in models, may pass from now on.",
        "Set it back, or let those who own the policy agree.",
    ),
    (
        Kind::Rule,
        "CHG08",
        "A rule judges less than before, or no longer",
        "Threats that the rule found are no longer found.",
        "Exclude single findings instead, or let those who own the rules agree.",
    ),
    (
        Kind::RuleSeverity,
        "CHG09",
        "The severity of a rule was lowered",
        "Its findings may fall below what fails the gate, in every model.",
        "Answer single findings instead, or let those who own the rules agree.",
    ),
    (
        Kind::OwnRules,
        "CHG10",
        "A model's own rules judge less than before",
        "Threats that were found in this model are no longer looked for.",
        "Keep the rules, or set `rules: {threats-file: add}` so that the built-in ones judge too.",
    ),
    (
        Kind::Scope,
        "CHG11",
        "Part of a model is no longer judged",
        "Threats on what is out of scope are counted, and never fail the gate.",
        "Ask who judges this part now.",
    ),
    (
        Kind::Trust,
        "CHG12",
        "A zone is trusted more than before",
        "What comes from there, or lies in it, is judged less strictly.",
        "Ask what was done to deserve the trust.",
    ),
    (
        Kind::Fact,
        "CHG13",
        "A fact on which a threat rests was withdrawn or changed",
        "The threat is now only possible, or not seen at all, because the model says something else.",
        "Ask whether the system itself changed; say what holds instead of saying nothing.",
    ),
    (
        Kind::Removed,
        "CHG14",
        "A model was removed",
        "Its threats are no longer looked for.",
        "Make sure that the system it described is gone, or described elsewhere.",
    ),
    (
        Kind::Hidden,
        "CHG15",
        "A model is hidden from the check",
        "The file is still there, but it is no longer read as a model.",
        "Take back what hides it, or remove the file.",
    ),
    (
        Kind::Unproved,
        "CHG16",
        "A control is declared without the evidence that policy wants",
        "Threats count as mitigated because somebody says so.",
        "Say beside the element what proves it: `# tmrs: evidence[CONTROL] a test, a document or a ticket`, or the key `evidence`.",
    ),
    (
        Kind::Gone,
        "CHG17",
        "Part of a model was removed, or is of another class",
        "Threats that were open there are no longer looked for.",
        "Make sure that this part of the system is gone too, or is described elsewhere.",
    ),
    (
        Kind::Unexplained,
        "CHG18",
        "Findings went, and nothing says why",
        "They were open at the base, and no declaration, answer or removal explains that they are not open now.",
        "Look at the change of the model itself, and at what it reads.",
    ),
];

impl Kind {
    /// Whether it settles findings, so that they no longer fail the gate.
    pub(super) fn settles(self) -> bool {
        matches!(
            self,
            Self::Exclusion | Self::Inline | Self::Assumption | Self::Response | Self::Baseline
        )
    }

    /// The id of its rule.
    pub(super) fn id(self) -> &'static str {
        TEXTS[self as usize].1
    }

    /// Every kind, by id.
    pub const ALL: [Self; 18] = {
        let mut all = [Self::Exclusion; 18];
        let mut at = 0;
        while at < all.len() {
            all[at] = TEXTS[at].0;
            at += 1;
        }
        all
    };

    /// The kind as a rule, with the severity that policy gives it.
    pub fn rule(self, severity: Severity) -> Arc<Rule> {
        let (_, id, title, description, mitigation) = TEXTS[self as usize];
        Arc::new(Rule {
            id: Text::Static(id),
            title: Text::Static(title),
            pack: Pack::Core,
            target: Vec::new(),
            severity,
            likelihood: Likelihood::Unknown,
            when: Text::Static(""),
            description: Text::Static(description),
            mitigation: Text::Static(mitigation),
            example: Text::Static(""),
            references: Vec::new(),
            tags: vec![Text::Static("change")],
            aliases: Vec::new(),
            group: None,
            differs_from_pytm: None,
            since: Text::Static("0.1"),
            layer: Layer::BuiltIn,
            place: None,
            only_warns: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_at_its_own_row_and_has_an_id_of_its_own() {
        for (at, (kind, id, ..)) in TEXTS.iter().enumerate() {
            assert_eq!(*kind as usize, at, "{id}");
            assert_eq!(*id, format!("CHG{:02}", at + 1));
        }
    }
}
