//! A session over things to do: what `tmrs triage` asks, writes and takes back.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead, ErrorKind, Write};
use std::path::PathBuf;

use super::failure::Failure;
use super::files::write;
use super::prompt::ask;
use crate::config::{self, Config, Policy};
use crate::day::Day;
use crate::emit::decision::{explanation, headline};
use crate::escape::terminal;
use crate::finding::Finding;
use crate::pipeline::Judged;
use crate::report::{FindingInfo, Report, Todo};
use crate::source::{RepoPath, Source};
use crate::triage::exclusions::Exclusions;
use crate::triage::terms::{Objection, never};
use crate::triage::writing::{NewExclusion, with_exclusion};

/// One finding, by its positions.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// In the report.
    pub shown: usize,
    /// Among what was judged.
    pub judged: usize,
}

/// What is decided at once: a thing to do, with the findings that it settles.
#[derive(Clone, Debug)]
pub struct Matter {
    /// What would settle them.
    pub todo: Todo,
    /// They, the worst first.
    pub cases: Vec<Case>,
}

/// A session with somebody at a terminal.
pub struct Session<'a> {
    judged: &'a Judged,
    report: &'a Report,
    queue: Vec<Matter>,
    policy: &'a Policy,
    /// The configuration.
    file: PathBuf,
    today: Day,
    /// What was done, to undo it.
    steps: Vec<Step>,
    /// The findings that are decided, by their positions among what was judged.
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
    /// A session about what is to do after a run. Decisions go into `file`, the
    /// configuration, under `policy`.
    pub fn new(
        (judged, report): (&'a Judged, &'a Report),
        queue: Vec<Matter>,
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
            while self.at < self.queue.len() && self.open().is_empty() {
                self.at += 1;
            }
            if self.at >= self.queue.len() {
                break;
            }
            let infos = self.infos();
            if shown != Some(self.at) {
                let of = (self.at + 1, self.queue.len());
                let told = headline(&self.queue[self.at].todo, &infos, of, width);
                write!(output, "\n{told}")?;
                shown = Some(self.at);
            }
            let one_by_one = if infos.len() > 1 {
                "[o]ne by one, "
            } else {
                ""
            };
            let prompt = format!(
                "[e]xplain, [a]ccept, e[x]clude, [f]alse positive, {one_by_one}[s]kip, [u]ndo, [q]uit? "
            );
            let Some(answer) = ask(&prompt, input, output)? else {
                writeln!(output)?;
                break;
            };
            let verdict = match answer.to_lowercase().as_str() {
                "e" | "explain" => {
                    write!(output, "{}", explanation(self.report, &infos))?;
                    continue;
                }
                "o" | "one by one" if infos.len() > 1 => {
                    self.part();
                    shown = None;
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

    /// What is still to be decided of the thing that is asked about.
    fn open(&self) -> Vec<Case> {
        let cases = self.queue[self.at].cases.iter().copied();
        let is_open = |case: &Case| !self.settled.contains(&case.judged);
        cases.filter(is_open).collect()
    }

    fn infos(&self) -> Vec<&'a FindingInfo> {
        let open = self.open().into_iter();
        open.map(|case| &self.report.findings[case.shown]).collect()
    }

    /// Puts each finding in the place of the thing that settles them all.
    fn part(&mut self) {
        let matter = self.queue[self.at].clone();
        let each = self.open().into_iter().map(|case| Matter {
            todo: matter.todo.clone(),
            cases: vec![case],
        });
        let each: Vec<Matter> = each.collect();
        self.queue.splice(self.at..=self.at, each);
    }

    /// Asks for what the decision needs, writes it, and says what came of it.
    fn decide(
        &mut self,
        verdict: Verdict,
        input: &mut dyn BufRead,
        output: &mut dyn Write,
    ) -> std::io::Result<String> {
        let open = self.open();
        let findings = open.iter().map(|case| &self.judged.findings[case.judged]);
        let (kept, excusable): (Vec<&Finding>, Vec<&Finding>) =
            findings.partition(|finding| never(self.policy, &finding.rule).is_some());
        let kept = kept.first().and_then(|f| never(self.policy, &f.rule));
        let kept = kept.map(|pattern| {
            let pattern = terminal(&pattern.text);
            format!("Policy lets nothing exclude {pattern}: mitigate it, or skip.")
        });
        let Some(first) = excusable.first() else {
            return Ok(kept.unwrap_or_default());
        };
        let Some(terms) = self.terms(first, verdict, input, output)? else {
            return Ok("Nothing was decided.".into());
        };
        let entries = self.entries(&excusable, &terms);
        let before = match std::fs::read_to_string(&self.file) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Ok(format!("Nothing was written: {error}")),
        };
        let mut after = before.clone().unwrap_or_default();
        for entry in &entries {
            after = match with_exclusion(&after, entry) {
                Ok(after) => after,
                Err(error) => return Ok(format!("Nothing was written: {error}.")),
            };
        }
        let (covered, objection) = self.covered(&after, entries.len());
        if let Some(objection) = objection {
            let why = words(&objection);
            return Ok(format!("Nothing was written: {why}."));
        }
        if let Err(failure) = write(&self.file, &after) {
            return Ok(match failure {
                Failure::Usage { message, .. } => format!("Nothing was written: {message}"),
                _ => "Nothing was written.".into(),
            });
        }
        let more = covered.len().saturating_sub(excusable.len());
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
        if let Some(kept) = kept {
            let _ = write!(told, " {kept}");
        }
        Ok(told)
    }

    /// The entries that exclude findings: one an element, with all its rules.
    fn entries(&self, findings: &[&Finding], terms: &NewExclusion) -> Vec<NewExclusion> {
        let mut entries: Vec<NewExclusion> = Vec::new();
        for finding in findings {
            let model = self.judged.model_of(finding);
            let new = NewExclusion {
                owner: terms.owner.clone(),
                ticket: terms.ticket.clone(),
                expires: terms.expires,
                ..NewExclusion::of(model, finding, &terms.reason)
            };
            let mut held = entries.iter_mut();
            if !held.any(|entry| entry.rules.contains(&new.rules[0]) || entry.takes(&new)) {
                entries.push(new);
            }
        }
        entries
    }

    /// The exclusion that was described, of the first finding; `None` if somebody thought
    /// better of it.
    fn terms(
        &self,
        finding: &Finding,
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

    /// Which of what is still to be decided the last exclusions of this
    /// configuration cover, and why they count for nothing, if so.
    fn covered(&self, text: &str, last: usize) -> (Vec<usize>, Option<Objection>) {
        let source = Source::new(RepoPath::new(config::FILE_NAME).unwrap_or_default(), text);
        let Ok((read, _)) = config::read(&source) else {
            let open = self.open().into_iter();
            return (open.map(|case| case.judged).collect(), None);
        };
        let config = Config {
            policy: self.policy.clone(),
            ..read
        };
        let mut exclusions = Exclusions::new(&config, self.today);
        let new = config.exclusions.len().saturating_sub(last)..config.exclusions.len();
        let objections = exclusions.objections.get(new.clone()).unwrap_or_default();
        if let Some(objection) = objections.iter().flatten().next() {
            return (Vec::new(), Some(objection.clone()));
        }
        let mut covered = Vec::new();
        for case in self.queue.iter().flat_map(|matter| &matter.cases) {
            let finding = &self.judged.findings[case.judged];
            let model = self.judged.model_of(finding);
            let matching = exclusions.matching(model, finding);
            if !self.settled.contains(&case.judged) && matching.iter().any(|at| new.contains(at)) {
                covered.push(case.judged);
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
        let all: usize = self.queue.iter().map(|matter| matter.cases.len()).sum();
        let left = all - self.settled.len();
        format!("{} decided, {left} still open.\n", self.settled.len())
    }
}

/// Why an exclusion counts for nothing.
fn words(objection: &Objection) -> String {
    match objection {
        Objection::Expired(day) => format!("{day} is over"),
        Objection::Malformed(text) => format!("no calendar has the day {}", terminal(text)),
        Objection::Forbidden(reason) => reason.clone(),
    }
}
