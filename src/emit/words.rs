//! What several formats say in the same words. Plain text: who writes it escapes it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::escape::shorten;
use crate::notice::code::NO_MODEL;
use crate::report::{
    Answer, Because, Block, Deciding, ElementRef, Evidence, FindingInfo, Gate, Location, Measure,
    NoticeSeverity, Report, RuleInfo, Severity, Status, Verdict, WithdrawnInfo,
};

/// Names longer than this are cut in messages; the JSON report has them whole.
pub(super) const LONGEST_NAME: usize = 120;
/// Free texts longer than this are cut in messages.
pub(super) const LONGEST_TEXT: usize = 1000;

/// More weakenings of one kind are told as one.
const MOST_OF_A_KIND: usize = 5;

/// So many rules are named with one reason.
const MOST_RULES: usize = 6;

/// `1 finding`, `2 findings`, `3 boundaries`.
pub fn plural(count: usize, word: &str) -> String {
    match (count, word.strip_suffix('y')) {
        (1, _) => format!("1 {word}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        _ => format!("{count} {word}s"),
    }
}

/// `Server “web”`.
pub(super) fn named(class: &str, name: &str) -> String {
    format!("{class} “{}”", shorten(name, LONGEST_NAME))
}

/// `Server “web”`, or a flow with its ends.
pub(super) fn element(finding: &FindingInfo) -> String {
    let mut text = named(&finding.element.class, &finding.element.name);
    if let (Some(source), Some(sink)) = (&finding.source, &finding.sink) {
        let _ = write!(
            text,
            " ({} → {})",
            shorten(source, LONGEST_NAME),
            shorten(sink, LONGEST_NAME)
        );
    }
    text
}

/// A value as a person writes it.
pub(super) fn value(value: &Value) -> String {
    let text = match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        Value::Null => "None".into(),
        other => other.to_string(),
    };
    shorten(&text, LONGEST_NAME).into_owned()
}

/// What a fact says, or that nobody said it.
pub(super) fn fact(fact: &Because) -> String {
    shorten(&fact.words, LONGEST_TEXT).into_owned()
}

/// Why a finding holds, in a sentence; of a saved report that does not tell it, its message.
pub(super) fn why(finding: &FindingInfo) -> String {
    if finding.why.trim().is_empty() {
        return message(finding);
    }
    sentence(&shorten(finding.why.trim(), LONGEST_TEXT))
}

/// What a status is called when it is told to people.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Unreviewed => "unreviewed",
        Status::Baselined => "known",
        Status::Mitigated => "mitigated",
        Status::Transferred => "transferred",
        Status::Avoided => "avoided",
        Status::Accepted => "accepted",
        Status::FalsePositive => "false positive",
        Status::Excluded => "excluded",
        Status::OutOfScope => "out of scope",
    }
}

/// Why a finding has its status: the reason, the exclusion, the response.
pub(super) fn reason(finding: &FindingInfo) -> Option<String> {
    let text = finding
        .reason
        .as_deref()
        .or(finding.exclusion.as_ref().map(|e| e.reason.as_str()))
        .or(finding.response.as_deref())?;
    Some(shorten(text, LONGEST_TEXT).into_owned())
}

/// Why a finding is new or unreviewed although something was known of it: what the base
/// had against it, what the baseline knows it as, what policy forbids.
pub(super) fn why_new(finding: &FindingInfo) -> Option<String> {
    let is_new = matches!(finding.status, Status::New | Status::Unreviewed);
    is_new.then(|| reason(finding)).flatten()
}

/// What the base said and nobody says now, with the threats that are new because of it.
pub(super) struct TakenAway<'a> {
    /// What it was.
    pub(super) said: &'a WithdrawnInfo,
    /// What is new, the worst first.
    pub(super) findings: Vec<&'a FindingInfo>,
}

/// What a change takes away, what fails first.
pub(super) fn taken_away(report: &Report) -> Vec<TakenAway<'_>> {
    type Key<'k> = (&'k str, &'k ElementRef, &'k str, &'k str);
    let mut all: Vec<TakenAway<'_>> = Vec::new();
    let mut known: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    let new = |f: &&FindingInfo| matches!(f.status, Status::New | Status::Unreviewed);
    for finding in report.findings.iter().filter(new) {
        for said in &finding.withdrawn {
            let key = (&*finding.model, &said.element, &*said.attribute, &*said.was);
            let at = *known.entry(key).or_insert_with(|| {
                let findings = Vec::new();
                all.push(TakenAway { said, findings });
                all.len() - 1
            });
            all[at].findings.push(finding);
        }
    }
    let worst = |f: &&FindingInfo| Reverse((f.failing, f.severity, f.evidence));
    for taken in &mut all {
        taken.findings.sort_by_key(worst);
    }
    all.sort_by_key(|taken| taken.findings.iter().map(worst).min());
    all
}

impl TakenAway<'_> {
    /// `sanitizesInput`, of a control without the group.
    pub(super) fn attribute(&self) -> &str {
        let attribute = &*self.said.attribute;
        attribute.strip_prefix("controls.").unwrap_or(attribute)
    }

    /// `was true (tm.yaml:5), and is gone: 3 threats are back (INP05, INP25)`.
    pub(super) fn told(&self) -> String {
        let now = match self.said.is.as_deref() {
            Some(is) => format!("is {} now", shorten(is, LONGEST_NAME)),
            None => "is gone".to_owned(),
        };
        let at = self.said.location.as_ref().map(|at| {
            let path = shorten(&at.path, LONGEST_NAME);
            format!(" ({path}:{})", at.line)
        });
        let count = self.findings.len();
        let verb = if count == 1 { "is" } else { "are" };
        let back = if self.said.attribute.starts_with("controls.") {
            "back"
        } else {
            "new"
        };
        let failing = self.findings.iter().filter(|f| f.failing).count();
        let failing = match failing {
            0 => String::new(),
            all if all == count => {
                ", and fails the check".replace("fails", if count == 1 { "fails" } else { "fail" })
            }
            some => format!(", {some} of which fail the check"),
        };
        let mut ids: Vec<&str> = self.findings.iter().map(|f| &*f.rule).collect();
        ids.dedup();
        let more = ids.len().saturating_sub(MOST_RULES);
        ids.truncate(MOST_RULES);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        format!(
            "was {}{}, and {now}: {} {verb} {back}{failing} ({}{more})",
            shorten(&self.said.was, LONGEST_NAME),
            at.unwrap_or_default(),
            plural(count, "threat"),
            shorten(&ids.join(", "), LONGEST_NAME),
        )
    }
}

/// What holds where and why, in a sentence: the report's message, or title and
/// element where it has none.
pub(super) fn message(finding: &FindingInfo) -> String {
    let said = finding.message.trim();
    if said.is_empty() {
        return sentence(&format!("{}: {}", finding.title, element(finding)));
    }
    sentence(&shorten(said, LONGEST_TEXT))
}

/// With a final stop.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', '…']) {
        text.into()
    } else {
        format!("{text}.")
    }
}

/// With a final stop and a capital, after another sentence.
pub(super) fn next_sentence(text: &str) -> String {
    capital(&sentence(text.trim_start()))
}

/// With a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// What a block asks: `Does “jobs” check who is calling? 3 answers settle 19 of 24 possible
/// threats`; where no answer settles any, how many there are.
pub(super) fn block(block: &Block<'_>) -> String {
    let all = plural(block.findings.len(), "possible threat");
    let Some(asked) = block.answers.first() else {
        return format!("{all}, which no answer settles");
    };
    let question = shorten(&asked.question, LONGEST_TEXT);
    let answers = match block.answers.len() {
        1 => "the answer settles".to_owned(),
        count => format!("{count} answers settle"),
    };
    format!(
        "{question} {}",
        capital(&format!("{answers} {} of {all}", block.settled))
    )
}

/// The questions whose answers settle the most of a block, with the answers and, where one
/// line can give them, the lines to write.
pub(super) fn questions(block: &Block<'_>) -> Vec<String> {
    let answer = |value: &str| match value {
        "true" => "yes".to_owned(),
        "false" => "no".to_owned(),
        other => shorten(other.trim_matches('"'), LONGEST_NAME).into_owned(),
    };
    let asked = block.answers.iter();
    asked
        .map(|said| {
            let question = shorten(&said.question, LONGEST_TEXT);
            let value = answer(&said.value);
            match line(block, said) {
                Some(line) => {
                    format!(
                        "{question} If “{value}”, write: {}",
                        shorten(line, LONGEST_TEXT)
                    )
                }
                None => format!("{question} (settled by “{value}”)"),
            }
        })
        .collect()
}

/// The line by which the model gives an answer.
fn line<'a>(block: &'a Block<'_>, said: &Answer) -> Option<&'a str> {
    let all = block
        .findings
        .iter()
        .flat_map(|f| f.deciding.iter().flatten());
    let is_meant = |of: &&Deciding| {
        let value = of.value.to_string();
        *of.element == *said.element && of.attribute == said.attribute && value == said.value
    };
    all.filter(is_meant).find_map(|of| of.line.as_deref())
}

/// What the run comes to and why, in one sentence. It holds one of the four words of
/// [`Verdict`] and no other.
pub(super) fn verdict(report: &Report) -> String {
    let summary = &report.summary;
    match summary.verdict {
        Verdict::Passed => format!("Gate passed{}.", why_passed(report)),
        Verdict::Failed if summary.gate.failing == 0 => {
            "Gate failed: --strict was asked for, and an exclusion, an answer or an entry of the \
             baseline is stale or expired."
                .to_owned()
        }
        Verdict::Failed => format!("Gate failed: {}.", failing(report)),
        Verdict::Incomplete if summary.gate.failing == 0 => {
            "Incomplete: not everything could be read and judged, so no gate can hold.".to_owned()
        }
        Verdict::Incomplete => format!(
            "Incomplete: not everything could be read and judged, and what was judged has {}.",
            failing(report)
        ),
        Verdict::NothingJudged if summary.exit == 0 => {
            "Nothing judged: there was no threat model to judge, and that is allowed here."
                .to_owned()
        }
        Verdict::NothingJudged if summary.models > 0 => {
            "Nothing judged in a part of the run: no threat model was found there.".to_owned()
        }
        Verdict::NothingJudged => "Nothing judged: no threat model was found.".to_owned(),
    }
}

/// What the gate found: `3 new findings of severity high or higher`.
fn failing(report: &Report) -> String {
    let gate = &report.summary.gate;
    format!(
        "{} {}",
        plural(gate.failing, "new finding"),
        what_fails(gate, gate.by)
    )
}

/// `of risk high or higher`, or what else fails.
fn what_fails(gate: &Gate, by: Measure) -> String {
    let declared = match gate.evidence {
        Evidence::Assumed => "",
        Evidence::Declared => " that the model declares",
    };
    let (by, fail_on) = (by.as_str(), gate.fail_on);
    let own = match gate.models.len() {
        0 => String::new(),
        1 => ", or as tmrs.yaml says for one model".to_owned(),
        models => format!(", or as tmrs.yaml says for {models} models"),
    };
    format!("of {by} {fail_on} or higher{declared}{own}")
}

/// Why the gate holds: nothing is new, or the change itself settles what would have
/// failed it.
fn why_passed(report: &Report) -> String {
    let (gate, beside) = (&report.summary.gate, &report.summary.beside);
    if gate.report_only {
        return format!(
            ", because it only reports (--fail-on never): {} {}",
            plural(beside.would_fail, "new finding"),
            what_fails(gate, Measure::Severity)
        );
    }
    if beside.settled_would_fail {
        return format!(
            " because this change accepts {}; nothing else is new {}",
            listed(&beside.settled),
            what_fails(gate, gate.by)
        );
    }
    let mut text = format!(": nothing new {}", what_fails(gate, gate.by));
    if beside.to_review > 0 {
        let _ = write!(
            text,
            "; {} of severity {} or higher to review, which rest on what nobody described",
            plural(beside.to_review, "finding"),
            gate.fail_on
        );
    }
    if !beside.settled.is_empty() {
        let _ = write!(text, "; this change accepts {}", listed(&beside.settled));
    }
    text
}

/// `3 high, 11 medium`, the worst first.
pub(super) fn by_severity(findings: &[&FindingInfo]) -> String {
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.severity).or_default() += 1;
    }
    listed(&counts)
}

fn listed(counts: &BTreeMap<Severity, usize>) -> String {
    let counts = counts.iter().rev();
    let counts = counts.map(|(severity, count)| format!("{count} {severity}"));
    counts.collect::<Vec<_>>().join(", ")
}

/// Weakenings that are told one by one, and those of which so many are of one kind that
/// a reader wants their number first. What fails the gate is always told by itself.
pub(super) fn few_and_many<'a>(
    report: &Report,
    all: Vec<&'a FindingInfo>,
) -> (Vec<&'a FindingInfo>, Vec<Vec<&'a FindingInfo>>) {
    let mut kinds: BTreeMap<&str, Vec<&FindingInfo>> = BTreeMap::new();
    let (mut few, rest): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|f| report.summary.gate.fails(f));
    for finding in rest {
        kinds.entry(&*finding.rule).or_default().push(finding);
    }
    let (many, single): (Vec<_>, Vec<_>) = kinds
        .into_values()
        .partition(|kind| kind.len() > MOST_OF_A_KIND);
    few.extend(single.into_iter().flatten());
    (few, many)
}

/// The verdict as a heading, with its mark.
pub(super) fn heading(report: &Report) -> String {
    let gate = &report.summary.gate;
    match report.verdict() {
        Verdict::NothingJudged => "⚠️ Nothing judged".to_owned(),
        Verdict::Incomplete => "⚠️ Incomplete: not every threat model could be judged".to_owned(),
        Verdict::Failed if gate.failing == 0 => {
            "❌ The check failed: exclusions, answers or entries are stale".to_owned()
        }
        Verdict::Failed => {
            format!(
                "❌ The check failed: {}",
                plural(gate.failing, "new threat")
            )
        }
        Verdict::Passed => {
            let with = passed_with(report);
            let joint = if with.starts_with("because") {
                " "
            } else {
                ": "
            };
            format!("✅ The check passed{joint}{with}")
        }
    }
}

/// What somebody should know who only reads that the check passed.
pub(super) fn passed_with(report: &Report) -> String {
    let settled = report.settled_by_change();
    if settled.iter().any(|f| report.summary.gate.would_fail(f)) {
        return format!("because this change accepts {}", by_severity(&settled));
    }
    let summary = &report.summary;
    let new = summary.by_status.get(&Status::New).copied().unwrap_or(0);
    let new = new.saturating_sub(report.weakenings().len());
    let mut parts = Vec::new();
    if new > 0 {
        let new = plural(new, "new threat");
        parts.push(if summary.gate.report_only {
            format!("{new}, only reported")
        } else {
            format!("{new} below the gate")
        });
    }
    if !settled.is_empty() {
        parts.push(format!("this change accepts {}", by_severity(&settled)));
    }
    if parts.is_empty() {
        parts.push("no new threats".to_owned());
    }
    parts.join(", ")
}

/// One thing that was not judged, for formats that list findings and nothing else.
pub(super) struct NotJudged<'a> {
    /// Its stable code.
    pub(super) code: &'a str,
    /// What is wrong, and what to do.
    pub(super) message: String,
    /// The file and the line, where one is known.
    pub(super) at: Option<&'a Location>,
}

/// Everything that was not judged; never empty where the verdict is [`Verdict::Incomplete`]
/// or [`Verdict::NothingJudged`]. Whoever compares two runs would otherwise take what is
/// missing for mended.
pub(super) fn not_judged(report: &Report) -> Vec<NotJudged<'_>> {
    if report.verdict().is_whole() {
        return Vec::new();
    }
    let errors = report.notices.iter();
    let errors = errors.filter(|n| n.severity == NoticeSeverity::Error || n.code == NO_MODEL);
    let mut all: Vec<NotJudged<'_>> = errors
        .map(|notice| {
            let mut message = next_sentence(&shorten(&notice.message, LONGEST_TEXT));
            if let Some(help) = &notice.help {
                message.push(' ');
                message.push_str(&next_sentence(&shorten(help, LONGEST_TEXT)));
            }
            NotJudged {
                code: &notice.code,
                message,
                at: notice.location.as_ref(),
            }
        })
        .collect();
    if all.is_empty() {
        all.push(NotJudged {
            code: "verdict",
            message: verdict(report),
            at: None,
        });
    }
    all
}

/// `2 models, 40 findings: 3 new, 30 baselined`.
pub(super) fn counts(report: &Report) -> String {
    let summary = &report.summary;
    let by_status: Vec<String> = Status::ALL
        .into_iter()
        .filter_map(|status| {
            let count = summary.by_status.get(&status).copied().unwrap_or(0);
            (count > 0).then(|| format!("{count} {}", status.as_str()))
        })
        .collect();
    let mut text = format!(
        "{}, {}",
        plural(summary.models, "model"),
        plural(summary.findings, "finding")
    );
    if !by_status.is_empty() {
        let _ = write!(text, ": {}", by_status.join(", "));
    }
    text
}

/// Where a rule is documented: our reference for built-in rules, else the first
/// web address among its references.
pub(super) fn help_uri(rule: &RuleInfo) -> Option<String> {
    if rule.judges_changes() {
        let page = "docs/changes.md#what-weakens-the-check";
        return Some(format!("{}/blob/main/{page}", env!("CARGO_PKG_REPOSITORY")));
    }
    if rule.layer == "built-in" {
        let id = rule.id.to_lowercase();
        return Some(format!(
            "{}/blob/main/docs/rules.md#{}",
            env!("CARGO_PKG_REPOSITORY"),
            crate::escape::uri_path(&id)
        ));
    }
    rule.references
        .iter()
        .find_map(|text| crate::escape::url(text))
}
