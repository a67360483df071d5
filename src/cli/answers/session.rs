//! A session with somebody who answers questions.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead, Write};

use serde_json::Value as Json;

use super::super::failure::Failure;
use super::super::prompt::ask;
use super::item::{Item, items};
use super::models::Models;
use crate::answer::Reading;
use crate::emit::plural;
use crate::emit::questions::{headline, questions};
use crate::escape::terminal;
use crate::model::vocabulary::{Enumeration, Kind};
use crate::report::{Report, Todo, Whose};

/// Why a session ends before its end.
pub enum Stop {
    /// The terminal is gone.
    Terminal(std::io::Error),
    /// The models cannot be read or judged.
    Failure(Failure),
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Terminal(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// What somebody says to one item.
enum Said {
    /// This value.
    Value(Json),
    /// Nothing, for now.
    Nothing,
    /// Another answer for each.
    Each,
    /// Enough.
    Quit,
}

/// A session under way.
pub struct Session<'a> {
    models: Models<'a>,
    width: usize,
    /// What was asked: attribute and object.
    asked: BTreeSet<(String, Whose)>,
    written: usize,
}

impl<'a> Session<'a> {
    /// A session about these models.
    pub fn new(models: Models<'a>, width: usize) -> Self {
        Self {
            models,
            width,
            asked: BTreeSet::new(),
            written: 0,
        }
    }

    /// Asks until there is no question left or somebody has enough. After each question the
    /// models are judged anew: an answer can settle other questions, and raise some.
    ///
    /// # Errors
    /// If the terminal is gone, or the models cannot be judged.
    pub fn run(&mut self, input: &mut dyn BufRead, output: &mut dyn Write) -> Result<Report, Stop> {
        loop {
            let (_, report) = self.models.judge()?;
            let all = questions(&report);
            let Some(todo) = all.iter().find(|todo| self.is_new(todo)) else {
                writeln!(output, "\nNo question is open.")?;
                self.end(&report, output)?;
                return Ok(report);
            };
            write!(output, "\n{}", headline(todo, self.width))?;
            let mut reading = self.models.reading()?;
            let parts = items(&todo.steps);
            let mut open: Vec<Item> = parts.iter().rev().cloned().collect();
            while let Some(item) = open.pop() {
                if parts.len() > 1 || item.of.len() < parts[0].of.len() {
                    writeln!(output, "{}", terminal(&item.question()))?;
                }
                match answer(&item, &reading, input, output)? {
                    Said::Value(value) => {
                        let told = item.write(&value, &mut reading, &mut self.models);
                        self.written += usize::from(told.unwritten.len() < item.of.len());
                        write!(output, "{}", told.text)?;
                    }
                    Said::Each => {
                        let each: Vec<Item> = item.each().collect();
                        open.extend(each.into_iter().rev());
                        continue;
                    }
                    Said::Nothing => {}
                    Said::Quit => {
                        self.end(&report, output)?;
                        return Ok(report);
                    }
                }
                let of = item.of.iter();
                let asked = of.map(|(whose, _)| (item.name().to_owned(), *whose));
                self.asked.extend(asked);
            }
        }
    }

    /// Whether something of it was not asked yet.
    fn is_new(&self, todo: &Todo) -> bool {
        let items = items(&todo.steps);
        let mut all = items
            .iter()
            .flat_map(|item| item.of.iter().map(|(whose, _)| (item.name(), *whose)));
        all.any(|(name, whose)| !self.asked.contains(&(name.to_owned(), whose)))
    }

    fn end(&self, report: &Report, output: &mut dyn Write) -> std::io::Result<()> {
        let failing = report.summary.gate.failing;
        let answers = plural(self.written, "answer");
        writeln!(
            output,
            "{answers} written. {failing} of the open threats failed the gate when last judged; `tmrs check` says what is left."
        )
    }
}

/// What somebody says to an item.
fn answer(
    item: &Item,
    reading: &Reading,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> Result<Said, Stop> {
    let kind = item.known(&reading.models).map(|known| known.kind);
    let each = if item.of.len() > 1 {
        "an answer for [e]ach, "
    } else {
        ""
    };
    let choices = match kind {
        Some(Kind::Bool) | None if item.value.is_boolean() => {
            format!("[y]es, [n]o, {each}not [a]pplicable, [d]on't know, [q]uit? ")
        }
        Some(Kind::Enum(of)) => {
            write!(output, "{}", members(of))?;
            format!("a name of these, {each}not [a]pplicable, [d]on't know, [q]uit? ")
        }
        _ => format!("a value, {each}not [a]pplicable, [d]on't know, [q]uit? "),
    };
    loop {
        let Some(said) = ask(&choices, input, output)? else {
            writeln!(output)?;
            return Ok(Said::Quit);
        };
        match said.to_lowercase().as_str() {
            "" => {}
            "q" | "quit" => return Ok(Said::Quit),
            "d" | "don't know" => return Ok(Said::Nothing),
            "e" | "each" if item.of.len() > 1 => return Ok(Said::Each),
            "a" | "not applicable" => {
                writeln!(output, "{NOT_APPLICABLE}")?;
                return Ok(Said::Nothing);
            }
            word => match value(item, kind, word, &said) {
                Some(value) => {
                    if value.is_boolean() && value != item.value {
                        writeln!(output, "{DECLARED}")?;
                    }
                    return Ok(Said::Value(value));
                }
                None => writeln!(output, "That is none of the answers.")?,
            },
        }
    }
}

const NOT_APPLICABLE: &str = "Nothing is written. Where the threats cannot happen, say so beside the element: \
`# tmrs: exclude[ID] why`, or `tmrs triage` to exclude them in tmrs.yaml.";
const DECLARED: &str =
    "From now on the model says so: the threats are declared, no longer assumed.";

/// The value that was said, if the attribute takes it.
fn value(item: &Item, kind: Option<Kind>, word: &str, said: &str) -> Option<Json> {
    match kind {
        Some(Kind::Bool) | None if item.value.is_boolean() => match word {
            "y" | "yes" | "true" => Some(Json::Bool(true)),
            "n" | "no" | "false" => Some(Json::Bool(false)),
            _ => None,
        },
        Some(Kind::Enum(of)) => {
            let mut members = of.members.iter().map(|(name, _)| *name);
            let found = members.find(|name| name.eq_ignore_ascii_case(said))?;
            Some(Json::from(found))
        }
        _ if item.value.is_i64() => said.parse::<i64>().ok().map(Json::from),
        _ => Some(Json::from(said)),
    }
}

/// The members of an enum, each with what it means.
fn members(of: &Enumeration) -> String {
    let mut text = String::new();
    for (name, meaning) in of.members.iter().filter(|(name, _)| *name != "UNKNOWN") {
        let _ = writeln!(text, "  {name}: {meaning}");
    }
    text
}
