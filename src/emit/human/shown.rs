//! One diagnostic as miette draws it, on sanitised sources.

use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use super::wrap::wrapped;
use crate::escape::{snippet, terminal};
use crate::report::Location;
use crate::source::{Position, Source};

/// Lines longer than this are not shown as a snippet, only located.
const LONGEST_LINE: usize = 400;

/// One diagnostic.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) title: String,
    pub(super) code: String,
    pub(super) severity: miette::Severity,
    pub(super) help: Option<String>,
    pub(super) at: Option<Location>,
    pub(super) labels: Vec<(Location, String)>,
    pub(super) source: Option<Arc<Text>>,
    pub(super) spans: Vec<LabeledSpan>,
}

/// What miette puts before a title and before a help, and leaves free at the edge.
const TITLE_INDENT: usize = 6;
const HELP_INDENT: usize = 10;

impl Shown {
    /// Breaks the texts into lines for a screen of that many columns.
    pub(super) fn wrap(&mut self, width: usize) {
        self.title = wrapped(&self.title, width - TITLE_INDENT);
        if let Some(help) = &mut self.help {
            *help = wrapped(help, width - HELP_INDENT);
        }
    }

    /// Turns locations into spans of a sanitised copy of the source.
    pub(super) fn attach(&mut self, text: &Arc<Text>, path: &str) {
        let source = &text.source;
        let lines = source.lines();
        let mut elsewhere = String::new();
        for (at, (location, text)) in self.labels.iter().enumerate() {
            let position =
                |line, column| lines.offset(source.text(), Position { line, column }) as usize;
            let start = position(location.line, location.column);
            let mut end = position(location.end_line, location.end_column).max(start);
            if *location.path != *path {
                let place = format!(
                    "{}:{}:{}",
                    terminal(&location.path),
                    location.line,
                    location.column
                );
                let _ = write!(elsewhere, "\n{text}: {place}");
                continue;
            }
            // A call over many lines is marked on its first line only.
            let rest = source.text().get(start..end).unwrap_or("");
            if let Some(cut) = rest.find(['\n', '\r']) {
                end = start + cut;
            }
            if rest.len() > LONGEST_LINE && !rest.contains('\n') {
                end = start + rest.chars().take(40).map(char::len_utf8).sum::<usize>();
            }
            let span = SourceSpan::new(start.into(), end - start);
            let label = Some(text.clone());
            self.spans.push(if at == 0 {
                LabeledSpan::new_primary_with_span(label, span)
            } else {
                LabeledSpan::new_with_span(label, span)
            });
        }
        let too_long = self
            .labels
            .iter()
            .filter(|(l, _)| *l.path == *path)
            .any(|(l, _)| {
                let start = lines.start(l.line).unwrap_or(0) as usize;
                let text = source.text().get(start..).unwrap_or("");
                text.find('\n').unwrap_or(text.len()) > LONGEST_LINE
            });
        if too_long {
            self.spans.clear();
            if let Some((at, _)) = self.labels.first() {
                let _ = write!(
                    elsewhere,
                    "\nat {}:{}:{}",
                    terminal(&at.path),
                    at.line,
                    at.column
                );
            }
        } else {
            self.source = Some(Arc::clone(text));
        }
        if !elsewhere.is_empty() {
            self.help.get_or_insert_default().push_str(&elsewhere);
        }
    }
}

/// A sanitised source, shared by everything that is shown of it. miette's own
/// implementation for texts walks the file from its start for each label, and
/// counts every line on the way as one of the snippet, so that far labels would
/// be joined by all the lines between them.
#[derive(Debug)]
pub(super) struct Text {
    name: String,
    shown: String,
    source: Arc<Source>,
}

impl Text {
    pub(super) fn new(source: &Arc<Source>) -> Self {
        Self {
            name: terminal(source.path().as_str()).into_owned(),
            shown: snippet(source.text()).into_owned(),
            source: Arc::clone(source),
        }
    }

    /// A line by its number, sanitised.
    pub(super) fn line(&self, number: u32) -> Option<&str> {
        let start = self.source.lines().start(number)? as usize;
        let rest = self.shown.get(start..)?;
        rest.split(['\n', '\r']).next()
    }

    /// The offsets of the whole lines that a span touches.
    fn whole_lines(&self, start: usize, end: usize) -> (usize, usize) {
        let before = self
            .shown
            .get(..start)
            .and_then(|before| before.rfind('\n'));
        let after = self.shown.get(end..).and_then(|rest| rest.find('\n'));
        (
            before.map_or(0, |at| at + 1),
            after.map_or(self.shown.len(), |at| end + at),
        )
    }
}

impl SourceCode for Text {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (mut start, mut end) = (span.offset(), span.offset() + span.len());
        // Asked for context, it gives the whole lines of the span and no others.
        if before + after > 0 {
            (start, end) = self.whole_lines(start, end);
        }
        let data = self
            .shown
            .get(start..end)
            .ok_or(MietteError::OutOfBounds)?
            .as_bytes();
        let at = self.source.position(start as u32);
        let lines = data.split_inclusive(|byte| *byte == b'\n').count();
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data,
            SourceSpan::new(start.into(), end - start),
            at.line as usize - 1,
            at.column as usize - 1,
            lines,
        )))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source
            .as_ref()
            .map(|source| &**source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.source.as_ref()?;
        Some(Box::new(self.spans.iter().cloned()))
    }
}
