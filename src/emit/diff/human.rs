//! For people at a terminal: signs in the margin, as version control has them.

use std::fmt::Write as _;

use super::words;
use crate::escape::terminal;
use crate::report::Location;
use crate::report::diff::{Change, Diff, Fate, ModelDiff, PartDiff, ThreatDiff};

const GREEN: &str = "32";
const RED: &str = "31";
const YELLOW: &str = "33";
const BOLD: &str = "1";
const DIM: &str = "2";

/// The text so far, and whether it may have colour.
struct Page {
    text: String,
    color: bool,
}

/// The whole text.
pub(super) fn write(diff: &Diff, color: bool) -> String {
    let mut page = Page {
        text: String::new(),
        color,
    };
    let sides = format!(
        "{} against {}",
        terminal(&words::side(&diff.head)),
        terminal(&words::side(&diff.base)),
    );
    let sides = page.paint(DIM, &sides);
    let _ = writeln!(page.text, "{sides}\n");
    for model in &diff.models {
        page.model(model);
    }
    let summary = page.paint(BOLD, &words::summary(diff));
    let _ = writeln!(page.text, "{summary}");
    if let Some(warning) = words::incomplete(diff) {
        let warning = page.paint(RED, &terminal(&warning));
        let _ = writeln!(page.text, "{warning}");
    }
    page.text
}

impl Page {
    fn paint(&self, code: &str, text: &str) -> String {
        if self.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn model(&mut self, model: &ModelDiff) {
        let (sign, code) = sign(model.change);
        let called = terminal(&words::model(model)).into_owned();
        let heading = self.paint(BOLD, &format!("Model {called}"));
        let sign = self.paint(code, sign);
        let _ = writeln!(self.text, "{sign} {heading}");
        for detail in &model.details {
            let said = words::detail(detail, model.change);
            let _ = writeln!(self.text, "      {}", terminal(&said));
        }
        for part in &model.parts {
            self.part(part);
        }
        for fate in Fate::ALL {
            let mut threats = model.threats.iter().filter(|t| t.change == fate).peekable();
            if threats.peek().is_some() {
                let heading = self.paint(BOLD, words::fate(fate));
                let _ = writeln!(self.text, "\n  {heading}");
                threats.for_each(|threat| self.threat(threat));
            }
        }
        self.text.push('\n');
    }

    fn part(&mut self, part: &PartDiff) {
        let (sign, code) = sign(part.change);
        let named = terminal(&words::part(part)).into_owned();
        let line = self.paint(code, &format!("{sign} {named}"));
        let place = self.paint(DIM, &place(&part.location));
        let _ = writeln!(self.text, "  {line}  {place}");
        for detail in &part.details {
            let said = words::detail(detail, part.change);
            let _ = writeln!(self.text, "      {}", terminal(&said));
        }
    }

    fn threat(&mut self, threat: &ThreatDiff) {
        let (sign, code) = match threat.change {
            Fate::New if threat.is_open() => ("+", RED),
            Fate::New => ("+", YELLOW),
            Fate::Changed => ("~", YELLOW),
            Fate::Fixed | Fate::Gone => ("-", GREEN),
        };
        let severity = threat.standing().map_or("", |s| s.severity.as_str());
        let severity = self.paint(code, &format!("{sign} {severity:<8}"));
        let place = self.paint(DIM, &place(&threat.location));
        let reason = threat
            .reason
            .as_deref()
            .map_or(String::new(), |reason| format!("; {reason}"));
        let _ = writeln!(
            self.text,
            "  {severity} {} {}: {} [{}{reason}]  {place}",
            terminal(&threat.rule),
            terminal(&threat.title),
            terminal(&words::place(threat)),
            words::standing(threat),
        );
    }
}

fn sign(change: Change) -> (&'static str, &'static str) {
    match change {
        Change::Added => ("+", GREEN),
        Change::Removed => ("-", RED),
        Change::Changed => ("~", YELLOW),
    }
}

fn place(location: &Location) -> String {
    format!("{}:{}", terminal(&location.path), location.line)
}
