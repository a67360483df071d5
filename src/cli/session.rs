//! A session over open findings: what `tmrs triage` asks, writes and takes back.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead, ErrorKind, Write};
use std::path::PathBuf;

use super::failure::Failure;
use super::files::write;
use super::prompt::ask;
use crate::config::{self, Config, Policy};
use crate::day::Day;
use crate::escape::{terminal, terminal_lines};
use crate::finding::Finding;
use crate::pipeline::Judged;
use crate::report::{FindingInfo, Report};
use crate::source::{RepoPath, Source};
use crate::triage::exclusions::Exclusions;
use crate::triage::terms::{Objection, never};
use crate::triage::writing::{NewExclusion, with_exclusion};

/// What is to be decided: one finding, by its positions.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// In the report.
    pub shown: usize,
    /// Among what was judged.
    pub judged: usize,
}

/// A session with somebody at a terminal.
pub struct Session<'a> {
    judged: &'a Judged,
    report: &'a Report,
    queue: Vec<Case>,
    policy: &'a Policy,
    /// The configuration.
    file: PathBuf,
    today: Day,
    /// What was done, to undo it.
    steps: Vec<Step>,
    /// Positions in the queue that are decided.
    settled: BTreeSet<usize>,
    /// Where in the queue we are.
    at: usize,
}

/// One answer.
struct Step {
    at: usize,
    settled: Vec<usize>,
    /// What the configuration said before and after; `None` for skipping.
    written: Option<(Option<String>, String)>,
}

/// The three ways to exclude.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Accept,
    Exclude,
    FalsePositive,
}

impl<'a> Session<'a> {
    /// A session about these findings of a run. Decisions go into `file`, the
    /// configuration, under `policy`.
    pub fn new(
        (judged, report): (&'a Judged, &'a Report),
        queue: Vec<Case>,
        policy: &'a Policy,
        file: PathBuf,
        today: Day,
    ) -> Self {
        Self {
            judged,
            report,
            queue,
            policy,
            file,
            today,
            steps: Vec::new(),
            settled: BTreeSet::new(),
            at: 0,
        }
    }

    /// Asks until everything is decided or somebody has enough.
    pub fn run(
        &mut self,
        input: &mut dyn BufRead,
        output: &mut dyn Write,
        width: usize,
    ) -> std::io::Result<()> {
        if self.queue.is_empty() {
            return writeln!(output, "Nothing is open.");
        }
        let mut shown = None;
        loop {
            while self.settled.contains(&self.at) {
                self.at += 1;
            }
            if self.at >= self.queue.len() {
                break;
            }
            if shown != Some(self.at) {
                write!(output, "\n{}", self.headline(width))?;
                shown = Some(self.at);
            }
            let prompt =
                "[e]xplain, [a]ccept, e[x]clude, [f]alse positive, [s]kip, [u]ndo, [q]uit? ";
            let Some(answer) = ask(prompt, input, output)? else {
                writeln!(output)?;
                break;
            };
            let verdict = match answer.to_lowercase().as_str() {
                "e" | "explain" => {
                    write!(output, "{}", self.explanation())?;
                    continue;
                }
                "a" | "accept" => Verdict::Accept,
                "x" | "exclude" => Verdict::Exclude,
                "f" | "false positive" | "false-positive" => Verdict::FalsePositive,
                "s" | "skip" => {
                    self.steps.push(Step {
                        at: self.at,
                        settled: Vec::new(),
                        written: None,
                    });
                    self.at += 1;
                    continue;
                }
                "u" | "undo" => {
                    let told = self.undo();
                    writeln!(output, "{told}")?;
                    shown = None;
                    continue;
                }
                "q" | "quit" => break,
                _ => continue,
            };
            let told = self.decide(verdict, input, output)?;
            writeln!(output, "{told}")?;
        }
        write!(output, "\n{}", self.summary())
    }

    fn info(&self) -> &FindingInfo {
        &self.report.findings[self.queue[self.at].shown]
    }

    fn finding(&self) -> &Finding {
        &self.judged.findings[self.queue[self.at].judged]
    }

    /// The finding that is asked about.
    fn headline(&self, width: usize) -> String {
        let info = self.info();
        let ends = match (&info.source, &info.sink) {
            (Some(source), Some(sink)) => {
                format!(" ({} → {})", terminal(source), terminal(sink))
            }
            _ => String::new(),
        };
        let message = terminal(&info.message).into_owned();
        format!(
            "{}\n{}/{}  {} {}, {}, {}\n{} “{}”{ends}, {}:{}\n{message}\n",
            "─".repeat(width.clamp(20, 72)),
            self.at + 1,
            self.queue.len(),
            terminal(&info.rule),
            info.severity.as_str(),
            info.evidence.as_str(),
            info.status.as_str(),
            terminal(&info.element.class),
            terminal(&info.element.name),
            terminal(&info.location.path),
            info.location.line,
        )
    }

    /// Everything that is known about it.
    fn explanation(&self) -> String {
        let info = self.info();
        let mut text = String::new();
        for fact in &info.because {
            let _ = writeln!(
                text,
                "  because {} is {} ({})",
                terminal(&fact.attribute),
                terminal(&fact.value.to_string()),
                fact.origin
            );
        }
        for set in &info.deciding {
            let answers: Vec<_> = set
                .iter()
                .map(|answer| {
                    let value = answer.value.to_string();
                    format!("{}.{} = {value}", answer.element, answer.attribute)
                })
                .collect();
            let _ = writeln!(
                text,
                "  it would not hold with {}",
                terminal(&answers.join(" and "))
            );
        }
        if let Some(rule) = self.report.rule(&info.rule) {
            let _ = writeln!(text, "{}", terminal_lines(rule.description.trim()));
            let _ = writeln!(
                text,
                "What helps: {}",
                terminal_lines(rule.mitigation.trim())
            );
            if !rule.references.is_empty() {
                let _ = writeln!(text, "See {}", terminal(&rule.references.join(", ")));
            }
        }
        text
    }

    /// Asks for what the decision needs, writes it, and says what came of it.
    fn decide(
        &mut self,
        verdict: Verdict,
        input: &mut dyn BufRead,
        output: &mut dyn Write,
    ) -> std::io::Result<String> {
        if let Some(pattern) = never(self.policy, &self.finding().rule) {
            let pattern = terminal(&pattern.text).into_owned();
            return Ok(format!(
                "Policy lets nothing exclude {pattern}: mitigate it, or skip."
            ));
        }
        let Some(new) = self.entry(verdict, input, output)? else {
            return Ok("Nothing was decided.".into());
        };
        let before = match std::fs::read_to_string(&self.file) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Ok(format!("Nothing was written: {error}")),
        };
        let after = match with_exclusion(before.as_deref().unwrap_or(""), &new) {
            Ok(after) => after,
            Err(error) => return Ok(format!("Nothing was written: {error}.")),
        };
        let (covered, objection) = self.covered(&after);
        if let Some(objection) = objection {
            return Ok(format!("Nothing was written: {}.", words(&objection)));
        }
        if let Err(failure) = write(&self.file, &after) {
            return Ok(match failure {
                Failure::Usage { message, .. } => format!("Nothing was written: {message}"),
                _ => "Nothing was written.".into(),
            });
        }
        let more = covered.len().saturating_sub(1);
        self.settled.extend(&covered);
        self.steps.push(Step {
            at: self.at,
            settled: covered,
            written: Some((before, after)),
        });
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let mut told = format!("Written to {}.", terminal(&name));
        if more > 0 {
            let _ = write!(told, " It covers {more} more of what is open.");
        }
        Ok(told)
    }

    /// The exclusion that was described; `None` if somebody thought better of it.
    fn entry(
        &self,
        verdict: Verdict,
        input: &mut dyn BufRead,
        output: &mut dyn Write,
    ) -> std::io::Result<Option<NewExclusion>> {
        let filled = |answer: Option<String>| answer.filter(|text| !text.is_empty());
        let Some(reason) = filled(ask("Why? ", input, output)?) else {
            return Ok(None);
        };
        let reason = match verdict {
            Verdict::Accept => format!("accepted: {reason}"),
            Verdict::FalsePositive => format!("false-positive: {reason}"),
            Verdict::Exclude => reason,
        };
        let finding = self.finding();
        let mut new = NewExclusion::of(self.judged.model_of(finding), finding, &reason);
        let required = |word: &str| self.policy.require.iter().any(|said| said.value == word);
        for (word, question) in [
            ("owner", "Who answers for it? "),
            ("ticket", "Where is it discussed? "),
        ] {
            if required(word) {
                let Some(answer) = filled(ask(question, input, output)?) else {
                    return Ok(None);
                };
                *(if word == "owner" {
                    &mut new.owner
                } else {
                    &mut new.ticket
                }) = Some(answer);
            }
        }
        let needed = required("expires") || self.policy.max_days.is_some();
        if verdict == Verdict::Accept || needed {
            match self.last_day(needed, input, output)? {
                Some(expires) => new.expires = expires,
                None => return Ok(None),
            }
        }
        Ok(Some(new))
    }

    /// The last day on which it counts; `None` if the terminal went away.
    #[expect(
        clippy::option_option,
        reason = "gone, without end, or with a last day"
    )]
    fn last_day(
        &self,
        needed: bool,
        input: &mut dyn BufRead,
        output: &mut dyn Write,
    ) -> std::io::Result<Option<Option<Day>>> {
        let most = self.policy.max_days.as_ref().map(|most| most.value);
        let limit = most.map_or(String::new(), |most| format!(", at most {most} days ahead"));
        let question = if needed {
            format!("Until when (YYYY-MM-DD, or a number of days{limit})? ")
        } else {
            "Until when (YYYY-MM-DD, or a number of days; nothing for no end)? ".to_owned()
        };
        loop {
            let Some(answer) = ask(&question, input, output)? else {
                return Ok(None);
            };
            if answer.is_empty() && !needed {
                return Ok(Some(None));
            }
            let days = answer
                .parse::<u16>()
                .ok()
                .map(|days| self.today.plus(days.into()));
            let Some(day) = Day::parse(&answer).or(days) else {
                continue;
            };
            if day < self.today {
                writeln!(output, "That day is over.")?;
            } else if most.is_some_and(|most| self.today.until(day) > most) {
                writeln!(output, "Policy does not allow a day so far ahead.")?;
            } else {
                return Ok(Some(Some(day)));
            }
        }
    }

    /// Which of what is still to be decided the last exclusion of this
    /// configuration covers, and why it counts for nothing, if so.
    fn covered(&self, text: &str) -> (Vec<usize>, Option<Objection>) {
        let source = Source::new(RepoPath::new(config::FILE_NAME).unwrap_or_default(), text);
        let Ok((read, _)) = config::read(&source) else {
            return (vec![self.at], None);
        };
        let config = Config {
            policy: self.policy.clone(),
            ..read
        };
        let mut exclusions = Exclusions::new(&config, self.today);
        let last = config.exclusions.len().saturating_sub(1);
        if let Some(Some(objection)) = exclusions.objections.get(last) {
            return (Vec::new(), Some(objection.clone()));
        }
        let mut covered = vec![self.at];
        for (at, case) in self.queue.iter().enumerate() {
            let finding = &self.judged.findings[case.judged];
            let model = self.judged.model_of(finding);
            if at != self.at
                && !self.settled.contains(&at)
                && exclusions.matching(model, finding).contains(&last)
            {
                covered.push(at);
            }
        }
        (covered, None)
    }

    /// Takes the last answer back, unless somebody changed the file meanwhile.
    fn undo(&mut self) -> String {
        let Some(step) = self.steps.pop() else {
            return "There is nothing to undo.".into();
        };
        if let Some((before, after)) = &step.written {
            let now = std::fs::read_to_string(&self.file).unwrap_or_default();
            if now != *after {
                self.steps.push(step);
                return "Not undone: the configuration was changed meanwhile.".into();
            }
            let restored = match before {
                Some(before) => write(&self.file, before).is_ok(),
                None => std::fs::remove_file(&self.file).is_ok(),
            };
            if !restored {
                self.steps.push(step);
                return "Not undone: the configuration cannot be written.".into();
            }
        }
        for at in &step.settled {
            self.settled.remove(at);
        }
        self.at = step.at;
        "Undone.".into()
    }

    fn summary(&self) -> String {
        let left = self.queue.len() - self.settled.len();
        format!("{} decided, {left} still open.\n", self.settled.len())
    }
}

fn words(objection: &Objection) -> String {
    match objection {
        Objection::Expired(day) => format!("{day} is over"),
        Objection::Malformed(text) => format!("no calendar has the day {}", terminal(text)),
        Objection::Forbidden(reason) => reason.clone(),
    }
}
