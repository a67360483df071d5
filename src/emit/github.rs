//! Annotations of a GitHub job: workflow commands, the worst first, then the verdict.

use std::fmt::Write as _;

use super::groups::weight;
use super::threats::{FEW_ELEMENTS, Threat};
use super::{Context, EmitError, Emitter, first, words};
use crate::escape::{shorten, terminal, workflow_data, workflow_property};
use crate::report::build::Detail;
use crate::report::{
    FindingInfo, Location, NoticeInfo, NoticeSeverity, Report, Severity, Status, Task,
};

/// `--format github`.
pub struct Github;

/// GitHub shows 10 annotations of a level: 9, and one that counts the rest.
const MOST: usize = 9;
/// So many threats of one thing to do are named.
const MOST_RULES: usize = 30;
/// So many lines to write are shown.
const MOST_LINES: usize = 4;

impl Emitter for Github {
    fn name(&self) -> &'static str {
        "github"
    }

    fn about(&self) -> &'static str {
        "annotations of a GitHub job"
    }

    fn detail(&self, _: bool) -> Detail {
        Detail::New
    }

    fn emit(&self, report: &Report, _: &Context<'_>) -> Result<String, EmitError> {
        // What the change itself accepts comes first: a limit must not cut it off.
        let mut notes: Vec<Note> = accepted(report).into_iter().collect();
        notes.extend(report.notices.iter().filter_map(notice));
        notes.extend(findings(report));
        let mut text = String::new();
        for level in [Level::Error, Level::Warning, Level::Notice] {
            let of_level: Vec<&Note> = notes.iter().filter(|note| note.level == level).collect();
            for note in of_level.iter().take(MOST) {
                note.write(&mut text);
            }
            if of_level.len() > MOST {
                let _ = writeln!(
                    text,
                    "::{} title=tmrs::… and {} more; `tmrs check -v` shows all.",
                    level.command(),
                    of_level.len() - MOST
                );
            }
        }
        let _ = writeln!(text, "{}", words::counts(report));
        let _ = writeln!(text, "{}", words::verdict(report));
        Ok(text)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
    Notice,
}

impl Level {
    fn command(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// One annotation.
struct Note {
    level: Level,
    title: String,
    message: String,
    at: Option<Location>,
}

impl Note {
    fn write(&self, text: &mut String) {
        let mut properties = Vec::new();
        if let Some(at) = &self.at {
            properties.push(format!("file={}", workflow_property(&at.path)));
            properties.push(format!("line={},endLine={}", at.line, at.end_line));
            // GitHub takes columns only within one line.
            if at.line == at.end_line {
                properties.push(format!("col={},endColumn={}", at.column, at.end_column));
            }
        }
        let title = workflow_property(&shorten(&self.title, 200));
        properties.push(format!("title={title}"));
        let message = workflow_data(&self.message);
        let command = self.level.command();
        let _ = writeln!(text, "::{command} {}::{message}", properties.join(","));
    }
}

fn notice(notice: &NoticeInfo) -> Option<Note> {
    let level = match notice.severity {
        NoticeSeverity::Error => Level::Error,
        NoticeSeverity::Warning => Level::Warning,
        NoticeSeverity::Note => return None,
    };
    let mut message = words::sentence(&shorten(&notice.message, words::LONGEST_TEXT));
    if let Some(help) = &notice.help {
        message.push('\n');
        message.push_str(&words::next_sentence(&shorten(help, words::LONGEST_TEXT)));
    }
    Some(Note {
        level,
        title: format!("tmrs: {}", notice.code),
        message,
        at: notice.location.clone(),
    })
}

/// What is to do about new findings, each thing as one annotation at the worst of them,
/// and what weakens the check; the worst first.
fn findings(report: &Report) -> Vec<Note> {
    let wanted = |f: &FindingInfo| matches!(f.status, Status::New | Status::Unreviewed);
    let mut notes: Vec<(_, Note)> = Vec::new();
    for finding in report.weakenings() {
        if wanted(finding) {
            notes.push((weight(report, finding), single(report, finding)));
        }
    }
    for task in report.tasks(wanted) {
        let worst = task.findings.iter().min_by_key(|f| weight(report, f));
        if let Some(worst) = worst {
            notes.push((weight(report, worst), to_do(report, &task, worst)));
        }
    }
    notes.sort_by_key(|(weight, _)| *weight);
    notes.into_iter().map(|(_, note)| note).collect()
}

/// One thing to do: the question, the threats that it settles, and the line to write.
fn to_do(report: &Report, task: &Task<'_>, worst: &FindingInfo) -> Note {
    let is_of_one = task.is_of_one_element();
    let mut lines = vec![if is_of_one {
        format!("{}: {}", words::element(worst), first::closes(&task.todo))
    } else {
        first::closes(&task.todo)
    }];
    let threats = Threat::of(task);
    for threat in threats.iter().take(MOST_RULES) {
        let fails = if threat.failing() { "× " } else { "" };
        let of = if is_of_one {
            String::new()
        } else {
            format!(": {}", threat.elements(FEW_ELEMENTS))
        };
        lines.push(format!(
            "{fails}{} {} {}{of}",
            threat.severity(),
            shorten(&threat.rules.join(", "), words::LONGEST_NAME),
            shorten(threat.title(), words::LONGEST_NAME),
        ));
        lines.extend(threat.why.iter().cloned());
    }
    if threats.len() > MOST_RULES {
        let more = threats.iter().skip(MOST_RULES);
        let more: usize = more.map(|threat| threat.count).sum();
        let more = words::plural(more, "more threat");
        lines.push(format!("… and {more}"));
    }
    if let Some(then) = first::then(&task.todo) {
        let steps = task.todo.steps.iter().take(MOST_LINES).map(first::line);
        let steps: Vec<String> = steps.collect();
        match steps.as_slice() {
            [only] => lines.push(format!("{then}: {only}")),
            _ => {
                lines.push(format!("{then}:"));
                lines.extend(steps.iter().map(|line| format!("  {line}")));
            }
        }
        let more = task.todo.steps.len().saturating_sub(MOST_LINES);
        if more > 0 {
            lines.push(format!("  … and {}", words::plural(more, "more line")));
        }
    }
    Note {
        level: level(report, worst),
        title: first::what(&task.todo),
        message: lines.join("\n"),
        at: Some(worst.location.clone()),
    }
}

/// What the change itself settles, as one warning at the worst of it.
fn accepted(report: &Report) -> Option<Note> {
    let settled = report.settled_by_change();
    let worst = settled.first()?;
    let mut lines = vec![format!(
        "Without what this change adds to settle them, {} would be new.",
        words::plural(settled.len(), "finding")
    )];
    lines.extend(settled.iter().take(MOST_RULES).map(|f| {
        let title = shorten(&f.title, words::LONGEST_NAME);
        format!("{} {} {title}: {}", f.severity, f.rule, words::element(f))
    }));
    if settled.len() > MOST_RULES {
        lines.push(format!("… and {} more", settled.len() - MOST_RULES));
    }
    Some(Note {
        level: Level::Warning,
        title: format!("This change accepts {}", words::by_severity(&settled)),
        message: lines.join("\n"),
        at: Some(worst.location.clone()),
    })
}

fn level(report: &Report, finding: &FindingInfo) -> Level {
    if report.summary.gate.fails(finding) {
        Level::Error
    } else if finding.severity > Severity::Low {
        Level::Warning
    } else {
        Level::Notice
    }
}

fn single(report: &Report, finding: &FindingInfo) -> Note {
    // The title is the annotation's own.
    let mut message = words::why(finding);
    if let Some(why) = words::why_new(finding) {
        let _ = write!(message, "\n{}", words::next_sentence(&why));
    }
    if let Some(rule) = report
        .rule(&finding.rule)
        .filter(|r| !r.mitigation.is_empty())
    {
        let _ = write!(
            message,
            "\n{}",
            shorten(&rule.mitigation, words::LONGEST_TEXT)
        );
    }
    Note {
        level: level(report, finding),
        title: format!(
            "{} {} ({})",
            terminal(&finding.rule),
            finding.title,
            finding.severity
        ),
        message,
        at: Some(finding.location.clone()),
    }
}
