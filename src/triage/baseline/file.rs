//! The baseline as a file: JSON in which every line stands for itself.
//!
//! Each entry has a line with a comma, and a fixed last entry closes the list,
//! so `merge=union` joins two branches' files into one that still reads. The
//! reader takes entries in any order and twice; [`Baseline::write`] gives the
//! canonical form.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Deserialize;

use super::{Baseline, Entry, KnownElement, KnownModel};
use crate::condition::Evidence;
use crate::finding::Fingerprint;
use crate::model::vocabulary::Class;
use crate::notice::{Notice, code};
use crate::rules::{self, Severity};
use crate::source::{RepoPath, Source, Span};

/// The version of the file's shape.
pub const VERSION: u64 = 1;

/// The last entry of each list.
const END: &str = r#"{"end": true}"#;

/// After so many complaints the rest of the file would say nothing new.
const MOST_COMPLAINTS: usize = 20;

/// An entry, as its line spells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    #[serde(borrow)]
    model: Cow<'a, str>,
    #[serde(borrow)]
    class: Cow<'a, str>,
    #[serde(borrow)]
    element: Cow<'a, str>,
    source: Option<Cow<'a, str>>,
    sink: Option<Cow<'a, str>>,
    #[serde(borrow)]
    rule: Cow<'a, str>,
    severity: Severity,
    evidence: Evidence,
    /// Left out where it is the severity, and by versions that knew no risk.
    risk: Option<Severity>,
    #[serde(borrow)]
    fingerprint: Cow<'a, str>,
}

/// A model, as its line spells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelLine<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    #[serde(borrow)]
    model: Cow<'a, str>,
}

/// An element, as its line spells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ElementLine<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    #[serde(borrow)]
    model: Cow<'a, str>,
    #[serde(borrow)]
    class: Cow<'a, str>,
    #[serde(borrow)]
    element: Cow<'a, str>,
    source: Option<Cow<'a, str>>,
    sink: Option<Cow<'a, str>>,
    boundary: Option<Cow<'a, str>>,
    place: Option<Cow<'a, str>>,
}

/// Reads a baseline.
///
/// # Errors
/// Every line that is not understood, an unknown newer version, a file that was
/// cut off or still holds conflict markers: nothing can be judged then (exit 2).
pub fn read(source: &Arc<Source>) -> Result<Baseline, Vec<Notice>> {
    let mut reader = Reader::new(source);
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        reader.line(at, line);
        at += line.len();
        if reader.notices.len() >= MOST_COMPLAINTS {
            break;
        }
    }
    if !reader.notices.is_empty()
        && let Some(lines) = one_entry_a_line(source.text())
    {
        // A formatter has spread the entries over several lines.
        reader = Reader::new(source);
        reader.reflowed = true;
        lines
            .split_inclusive('\n')
            .for_each(|line| reader.line(0, line));
    }
    reader.finish()
}

/// Whether a file is meant as a baseline, right or wrong: it has the key that says so.
///
/// # Errors
/// Where something else stands.
pub fn is_one(source: &Source) -> Result<(), Span> {
    if memchr::memmem::find(source.text().as_bytes(), b"\"tmrs-baseline\"").is_some() {
        Ok(())
    } else {
        Err(Span::default())
    }
}

/// The same JSON with one entry a line; `None` if the text is no JSON.
fn one_entry_a_line(text: &str) -> Option<String> {
    let root: serde_json::Value = serde_json::from_str(text).ok()?;
    let mut lines = String::new();
    for (key, value) in root.as_object()? {
        let name = serde_json::Value::from(key.as_str());
        match value.as_array() {
            None => writeln!(lines, "{name}: {value},").ok()?,
            Some(items) => {
                writeln!(lines, "{name}: [").ok()?;
                for item in items {
                    writeln!(lines, "{item},").ok()?;
                }
            }
        }
    }
    Some(lines)
}

struct Reader<'s> {
    source: &'s Arc<Source>,
    baseline: Baseline,
    notices: Vec<Notice>,
    version: Option<u64>,
    /// Whether the last entry was seen.
    ended: bool,
    in_entries: bool,
    /// Whether spans are unknown.
    reflowed: bool,
    /// The last texts of each kind: neighbours mostly share them.
    last: [Option<Arc<str>>; 4],
    last_path: Option<RepoPath>,
}

impl<'s> Reader<'s> {
    fn new(source: &'s Arc<Source>) -> Self {
        Self {
            source,
            baseline: Baseline::default(),
            notices: Vec::new(),
            version: None,
            ended: false,
            in_entries: false,
            reflowed: false,
            last: [const { None }; 4],
            last_path: None,
        }
    }

    /// Takes one line, which starts at that offset.
    fn line(&mut self, at: usize, line: &str) {
        let from = at + (line.len() - line.trim_start().len());
        let said = line.trim();
        let span = if self.reflowed {
            Span::default()
        } else {
            Span::new(from, from + said.len())
        };
        let said = said.strip_suffix(',').unwrap_or(said).trim_end();
        match said {
            "" | "{" | "}" | "[" | "]" => return,
            r#""models": ["# | r#""models":["# | r#""elements": ["# | r#""elements":["# => {
                return self.in_entries = false;
            }
            r#""entries": ["# | r#""entries":["# => return self.in_entries = true,
            END | r#"{"end":true}"# => return self.ended |= self.in_entries,
            _ => {}
        }
        let taken = if said.starts_with('{') && said.contains("\"fingerprint\"") {
            self.entry(said, span)
        } else if said.starts_with('{') && said.contains("\"class\"") {
            self.element(said)
        } else if said.starts_with('{') {
            self.model(said)
        } else {
            self.header(said)
        };
        if let Err(reason) = taken {
            self.complain(span, &reason);
        }
    }

    fn complain(&mut self, span: Span, reason: &str) {
        let place = self.source.place(span);
        let conflict = ["<<<<<<<", "=======", ">>>>>>>"]
            .iter()
            .any(|mark| self.source.slice(span).starts_with(mark));
        let (message, help) = if conflict {
            (
                "the baseline holds the marks of a merge conflict".to_owned(),
                "keep the entries of both sides, then run `tmrs baseline update`; \
                 `merge=union` in .gitattributes does so by itself",
            )
        } else {
            (
                format!("this line of the baseline is not understood: {reason}"),
                "run `tmrs baseline update` on the last good version of the file",
            )
        };
        self.notices
            .push(Notice::error(code::BASELINE, place, message).with_help(help));
    }

    fn header(&mut self, said: &str) -> Result<(), String> {
        let (key, value) = said.split_once(':').ok_or("it is no entry")?;
        let value = value.trim();
        match key.trim() {
            r#""tmrs-baseline""# => {
                let version: u64 = value.parse().map_err(|_| "the version is no number")?;
                self.version = Some(self.version.map_or(version, |other| other.max(version)));
                Ok(())
            }
            r#""catalogue""# => {
                let version: String =
                    serde_json::from_str(value).map_err(|_| "the version is no text")?;
                // Of two branches' versions the later one: what its rules found was looked at.
                if self.baseline.catalogue.is_empty()
                    || rules::newer(&version, &self.baseline.catalogue)
                {
                    self.baseline.catalogue = version;
                }
                Ok(())
            }
            _ => Err("it is no entry".into()),
        }
    }

    fn model(&mut self, said: &str) -> Result<(), String> {
        let line: ModelLine<'_> = serde_json::from_str(said).map_err(|error| words(&error))?;
        let path = self.path(&line.path)?;
        let name = self.text(0, &line.model);
        self.baseline.models.insert(KnownModel { path, name });
        Ok(())
    }

    fn element(&mut self, said: &str) -> Result<(), String> {
        let line: ElementLine<'_> = serde_json::from_str(said).map_err(|error| words(&error))?;
        let element = KnownElement {
            path: self.path(&line.path)?,
            model: self.text(0, &line.model),
            class: class(&line.class)?,
            element: self.text(1, &line.element),
            source: line.source.map(|name| self.text(2, &name)),
            sink: line.sink.map(|name| self.text(3, &name)),
            boundary: line.boundary.map(Arc::from),
            place: line.place.map(Arc::from),
        };
        self.baseline.elements.insert(element);
        Ok(())
    }

    fn entry(&mut self, said: &str, span: Span) -> Result<(), String> {
        let line: Line<'_> = serde_json::from_str(said).map_err(|error| words(&error))?;
        let entry = Entry {
            path: self.path(&line.path)?,
            model: self.text(0, &line.model),
            class: class(&line.class)?,
            element: self.text(1, &line.element),
            source: line.source.map(|name| self.text(2, &name)),
            sink: line.sink.map(|name| self.text(3, &name)),
            rule: Arc::from(&*line.rule),
            severity: line.severity,
            evidence: line.evidence,
            risk: line.risk.unwrap_or(line.severity),
            fingerprint: Fingerprint::parse(&line.fingerprint)
                .ok_or("a fingerprint has 32 hexadecimal digits")?,
            span,
        };
        self.baseline.entries.push(entry);
        Ok(())
    }

    /// A text that neighbours share is kept once.
    fn text(&mut self, kind: usize, text: &str) -> Arc<str> {
        match &self.last[kind] {
            Some(last) if **last == *text => Arc::clone(last),
            _ => {
                let new: Arc<str> = text.into();
                self.last[kind] = Some(Arc::clone(&new));
                new
            }
        }
    }

    fn path(&mut self, text: &str) -> Result<RepoPath, String> {
        if let Some(last) = self.last_path.as_ref().filter(|last| last.as_str() == text) {
            return Ok(last.clone());
        }
        let path = RepoPath::new(text)
            .filter(|path| path.as_str() == text)
            .ok_or_else(|| format!("{text} is no path below the root"))?;
        self.last_path = Some(path.clone());
        Ok(path)
    }

    fn finish(mut self) -> Result<Baseline, Vec<Notice>> {
        let whole = self.source.place(Span::default());
        match self.version {
            Some(version) if version > VERSION => {
                // What a newer tmrs wrote may look malformed to this one.
                let message = format!(
                    "this baseline has version {version}, and this tmrs knows versions up to {VERSION}"
                );
                return Err(vec![
                    Notice::error(code::BASELINE, whole, message)
                        .with_help("use the tmrs that wrote it, or a later one"),
                ]);
            }
            Some(version) if version > 0 => {}
            _ if self.notices.is_empty() => self.notices.push(
                Notice::error(code::BASELINE, whole, "this file is no baseline")
                    .with_help("`tmrs baseline update` writes one"),
            ),
            _ => {}
        }
        if self.notices.is_empty() && !self.ended {
            let end = self.source.text().len();
            let place = self.source.place(Span::new(end, end));
            self.notices.push(
                Notice::error(
                    code::BASELINE,
                    place,
                    format!("the baseline is cut off: its last entry, {END}, is missing"),
                )
                .with_help("restore the file, or write it anew with `tmrs baseline update`"),
            );
        }
        if !self.notices.is_empty() {
            return Err(self.notices);
        }
        self.baseline.settle();
        self.baseline.source = Some(Arc::clone(self.source));
        Ok(self.baseline)
    }
}

fn class(name: &str) -> Result<Class, String> {
    Class::named(name).ok_or_else(|| format!("no class is named {name}"))
}

/// What serde says, without its position inside the line.
fn words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

impl Baseline {
    /// The canonical form of the file.
    pub fn write(&self) -> String {
        let mut text = String::with_capacity(300 * (self.entries.len() + 4));
        let quoted = |value: &str| {
            let mut quoted = String::new();
            push_quoted(&mut quoted, value);
            quoted
        };
        text.push_str("{\n");
        let _ = writeln!(text, "  \"tmrs-baseline\": {VERSION},");
        let _ = writeln!(text, "  \"catalogue\": {},", quoted(&self.catalogue));
        text.push_str("  \"models\": [\n");
        for model in &self.models {
            let (path, name) = (quoted(model.path.as_str()), quoted(&model.name));
            let _ = writeln!(text, "    {{\"path\": {path}, \"model\": {name}}},");
        }
        if !self.elements.is_empty() {
            let _ = write!(text, "    {END}\n  ],\n  \"elements\": [\n");
        }
        for element in &self.elements {
            element.write(&mut text);
        }
        let _ = write!(text, "    {END}\n  ],\n  \"entries\": [\n");
        for entry in &self.entries {
            entry.write(&mut text);
        }
        let _ = write!(text, "    {END}\n  ]\n}}\n");
        text
    }
}

impl Entry {
    fn write(&self, text: &mut String) {
        let (source, sink) = (self.source.as_deref(), self.sink.as_deref());
        let risk = (self.risk != self.severity).then(|| self.risk.as_str());
        let fingerprint = self.fingerprint.to_string();
        let fields = [
            ("path", Some(self.path.as_str())),
            ("model", Some(&*self.model)),
            ("class", Some(self.class.name())),
            ("element", Some(&*self.element)),
            ("source", source),
            ("sink", sink),
            ("rule", Some(&*self.rule)),
            ("severity", Some(self.severity.as_str())),
            ("evidence", Some(self.evidence.as_str())),
            ("risk", risk),
            ("fingerprint", Some(&*fingerprint)),
        ];
        push_line(text, &fields);
    }
}

impl KnownElement {
    fn write(&self, text: &mut String) {
        let fields = [
            ("path", Some(self.path.as_str())),
            ("model", Some(&*self.model)),
            ("class", Some(self.class.name())),
            ("element", Some(&*self.element)),
            ("source", self.source.as_deref()),
            ("sink", self.sink.as_deref()),
            ("boundary", self.boundary.as_deref()),
            ("place", self.place.as_deref()),
        ];
        push_line(text, &fields);
    }
}

/// The line of an entry or an element, with the fields that have a value.
fn push_line(text: &mut String, fields: &[(&str, Option<&str>)]) {
    let mut before = "    {\"";
    for (name, value) in fields {
        if let Some(value) = value {
            text.push_str(before);
            text.push_str(name);
            text.push_str("\": ");
            push_quoted(text, value);
            before = ", \"";
        }
    }
    text.push_str("},\n");
}

/// A JSON string. What a review could not see (controls, marks that change the
/// direction of text) is written as an escape.
fn push_quoted(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            c if c.is_control() || is_invisible(c) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

/// Marks of direction, joiners and separators that show nothing.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}
