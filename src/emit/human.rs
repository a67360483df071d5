//! Diagnostics for people at a terminal: the one place that knows miette.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use super::wrap::wrapped;
use super::{Context, EmitError, Emitter, words};
use crate::escape::{shorten, snippet, terminal};
use crate::report::build::Detail;
use crate::report::{
    Block, Evidence, FindingInfo, How, Location, NoticeInfo, NoticeSeverity, Report, Severity,
    Status,
};
use crate::source::{Column, Position, Source};

/// `--format human`.
pub struct Human;

/// Lines longer than this are not shown as a snippet, only located.
const LONGEST_LINE: usize = 400;
/// How many notices are drawn; a broken file may give thousands.
const MOST_NOTICES: usize = 60;
/// How many rules of a block are named.
const NAMED_IN_BLOCK: usize = 6;

impl Emitter for Human {
    fn name(&self) -> &'static str {
        "human"
    }

    fn about(&self) -> &'static str {
        "diagnostics with snippets, for a terminal"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["txt"]
    }

    fn detail(&self) -> Detail {
        Detail::New
    }

    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        let mut page = Page::new(context);
        page.notices(
            report
                .notices
                .iter()
                .filter(|notice| notice.severity > NoticeSeverity::Note || context.verbose),
        )?;
        let kinds = report.kinds_of_weakening();
        let shown = |f: &FindingInfo| {
            (!kinds.contains(&&*f.rule) || report.summary.gate.fails(f))
                && f.status.is_open()
                && (f.status != Status::Baselined || context.verbose)
                && (!context.quiet || report.summary.gate.fails(f))
        };
        let mut small = Vec::new();
        for group in folded(report, shown) {
            if is_small(report, group[0]) {
                small.push(small_finding(&group));
            } else {
                page.show(finding_diagnostic(report, &group))?;
            }
        }
        for block in report.blocks(shown) {
            if is_small(report, block.findings[0]) {
                small.push(small_block(&block));
            } else {
                page.show(block_diagnostic(report, &block))?;
            }
        }
        small_ones(&small, &mut page.text);
        weakenings(report, context, &mut page.text);
        if context.verbose {
            answered(report, &mut page.text);
        }
        fixed(report, &mut page.text);
        summary(report, context, &mut page.text);
        Ok(page.text)
    }
}

impl Human {
    /// Complaints alone, for errors that leave nothing to judge.
    pub fn complaints(&self, notices: &[NoticeInfo], context: &Context<'_>) -> String {
        let mut page = Page::new(context);
        if let Err(error) = page.notices(notices.iter()) {
            let _ = writeln!(page.text, "{error}");
        }
        page.text
    }
}

/// Open declared findings, those of one group on one element folded together.
fn folded(report: &Report, shown: impl Fn(&FindingInfo) -> bool) -> Vec<Vec<&FindingInfo>> {
    let mut groups: Vec<Vec<&FindingInfo>> = Vec::new();
    let declared = report
        .findings
        .iter()
        .filter(|f| f.evidence == Evidence::Declared && shown(f));
    for finding in declared {
        let same = |other: &Vec<&FindingInfo>| {
            let first = other[0];
            finding.group.is_some()
                && first.group == finding.group
                && (
                    &first.model,
                    first.element_id,
                    first.status,
                    first.location.line,
                ) == (
                    &finding.model,
                    finding.element_id,
                    finding.status,
                    finding.location.line,
                )
        };
        match groups.iter_mut().rev().take(64).find(|group| same(group)) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// The output so far, and how to draw.
struct Page<'a> {
    context: &'a Context<'a>,
    handler: GraphicalReportHandler,
    /// Columns of the screen.
    width: usize,
    opened: BTreeMap<Arc<str>, Option<Arc<Text>>>,
    text: String,
}

impl<'a> Page<'a> {
    fn new(context: &'a Context<'a>) -> Self {
        let theme = if context.color {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let width = context.width.clamp(60, 140);
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(width)
            .with_wrap_lines(false)
            .with_context_lines(1)
            .with_links(false)
            .with_show_related_as_nested(true);
        Self {
            context,
            handler,
            width,
            opened: BTreeMap::new(),
            text: String::new(),
        }
    }

    /// Draws notices, the worst first; past [`MOST_NOTICES`] it says how many more there are.
    fn notices<'n>(
        &mut self,
        notices: impl Iterator<Item = &'n NoticeInfo>,
    ) -> Result<(), EmitError> {
        let mut notices: Vec<_> = notices.collect();
        notices.sort_by_key(|notice| std::cmp::Reverse(notice.severity));
        for notice in notices.iter().take(MOST_NOTICES) {
            self.show(notice_diagnostic(notice))?;
        }
        if let Some(more) = notices
            .len()
            .checked_sub(MOST_NOTICES)
            .filter(|more| *more > 0)
        {
            let _ = writeln!(
                self.text,
                "… and {more} more complaints; `--format json` lists all\n"
            );
        }
        Ok(())
    }

    /// A source, sanitised once however often it is shown.
    fn open(&mut self, path: &Arc<str>) -> Option<Arc<Text>> {
        let sources = self.context.sources;
        let opened = self
            .opened
            .entry(Arc::clone(path))
            .or_insert_with(|| sources(path).map(|source| Arc::new(Text::new(&source))));
        opened.clone()
    }

    /// Draws one diagnostic; without its source only where it stands.
    fn show(&mut self, mut shown: Shown) -> Result<(), EmitError> {
        let source = shown.at.as_ref().and_then(|at| self.open(&at.path));
        match (&source, &shown.at) {
            (Some(source), Some(at)) => shown.attach(source, &at.path.clone()),
            (None, Some(at)) => {
                shown.title = format!(
                    "{} ({}:{}:{})",
                    shown.title,
                    terminal(&at.path),
                    at.line,
                    at.column
                );
            }
            (_, None) => {}
        }
        shown.wrap(self.width);
        self.handler
            .render_report(&mut self.text, &shown)
            .map_err(|error| EmitError::Format {
                format: "human",
                reason: error.to_string(),
            })?;
        self.text.push('\n');
        Ok(())
    }
}

/// One diagnostic.
#[derive(Debug)]
struct Shown {
    title: String,
    code: String,
    severity: miette::Severity,
    help: Option<String>,
    at: Option<Location>,
    labels: Vec<(Location, String)>,
    source: Option<Arc<Text>>,
    spans: Vec<LabeledSpan>,
}

/// What miette puts before a title and before a help, and leaves free at the edge.
const TITLE_INDENT: usize = 6;
const HELP_INDENT: usize = 10;

impl Shown {
    /// Breaks the texts into lines for a screen of that many columns.
    fn wrap(&mut self, width: usize) {
        self.title = wrapped(&self.title, width - TITLE_INDENT);
        if let Some(help) = &mut self.help {
            *help = wrapped(help, width - HELP_INDENT);
        }
    }

    /// Turns locations into spans of a sanitised copy of the source.
    fn attach(&mut self, text: &Arc<Text>, path: &str) {
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
struct Text {
    name: String,
    shown: String,
    source: Arc<Source>,
}

impl Text {
    fn new(source: &Arc<Source>) -> Self {
        Self {
            name: terminal(source.path().as_str()).into_owned(),
            shown: snippet(source.text()).into_owned(),
            source: Arc::clone(source),
        }
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
        let at = self.source.position(start as u32, Column::Scalar);
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

fn notice_diagnostic(notice: &NoticeInfo) -> Shown {
    let mut labels = Vec::new();
    if let Some(location) = &notice.location {
        labels.push((location.clone(), "here".to_owned()));
    }
    labels.extend(
        notice
            .related
            .iter()
            .map(|r| (r.location.clone(), terminal(&r.message).into_owned())),
    );
    Shown {
        title: terminal(&notice.message).into_owned(),
        code: notice.code.clone(),
        severity: match notice.severity {
            NoticeSeverity::Error => miette::Severity::Error,
            NoticeSeverity::Warning => miette::Severity::Warning,
            NoticeSeverity::Note => miette::Severity::Advice,
        },
        help: notice
            .help
            .as_deref()
            .map(|help| terminal(help).into_owned()),
        at: notice.location.clone(),
        labels,
        source: None,
        spans: Vec::new(),
    }
}

fn weight(report: &Report, finding: &FindingInfo) -> miette::Severity {
    if report.summary.gate.fails(finding) {
        miette::Severity::Error
    } else if finding.severity > Severity::Low {
        miette::Severity::Warning
    } else {
        miette::Severity::Advice
    }
}

fn element(finding: &FindingInfo) -> String {
    terminal(&words::element(finding)).into_owned()
}

fn finding_diagnostic(report: &Report, group: &[&FindingInfo]) -> Shown {
    let first = group[0];
    let mut labels = vec![(first.location.clone(), because(first))];
    labels.extend(first.related.iter().take(6).map(|r| {
        (
            r.location.clone(),
            terminal(&shorten(&r.message, 80)).into_owned(),
        )
    }));
    let mut help = String::new();
    if let Some(rule) = report.rule(&first.rule) {
        help.push_str(&terminal(&rule.mitigation));
    }
    for more in &group[1..] {
        let _ = write!(
            help,
            "\nalso {}: {}",
            terminal(&more.rule),
            terminal(&more.title)
        );
    }
    if let Some(answer) = &first.response {
        let _ = write!(
            help,
            "\nthe model answers: {}",
            terminal(&shorten(answer, 200))
        );
    }
    if let Some(reason) = &first.reason {
        let _ = write!(help, "\n{}", terminal(&shorten(reason, 300)));
    }
    Shown {
        title: format!("{} — {}", terminal(&first.title), element(first)),
        code: format!(
            "{} {}{}",
            terminal(&first.rule),
            first.severity,
            known(first)
        ),
        severity: weight(report, first),
        help: Some(help).filter(|help| !help.is_empty()),
        at: Some(first.location.clone()),
        labels,
        source: None,
        spans: Vec::new(),
    }
}

/// Whether a finding gets a line instead of a snippet: it is low or info and
/// does not fail the gate.
fn is_small(report: &Report, worst: &FindingInfo) -> bool {
    worst.severity <= Severity::Low && !report.summary.gate.fails(worst)
}

/// Where, what, on which element.
type Small = (String, String);

fn small_finding(group: &[&FindingInfo]) -> Small {
    let first = group[0];
    let mut text = format!("{} — {}", terminal(&first.title), element(first));
    for more in &group[1..] {
        let _ = write!(text, ", {}", terminal(&more.rule));
    }
    (
        place_of(first),
        format!(
            "{:<4} {:<6} {text}{}",
            first.severity.as_str(),
            terminal(&first.rule),
            known(first)
        ),
    )
}

fn small_block(block: &Block<'_>) -> Small {
    let first = block.findings[0];
    let rules: Vec<_> = block
        .findings
        .iter()
        .map(|f| terminal(&f.rule).into_owned())
        .collect();
    let text = match block.findings.as_slice() {
        [only] => format!(
            "{:<6} {} — {}",
            rules[0],
            terminal(&only.title),
            element(only)
        ),
        _ => format!(
            "{} could be described further: {}",
            element(first),
            shorten(&rules.join(", "), 80)
        ),
    };
    (
        place_of(first),
        format!("{:<4} {text}{}", first.severity.as_str(), known(first)),
    )
}

fn place_of(finding: &FindingInfo) -> String {
    let at = &finding.location;
    format!("{}:{}:{}", terminal(&at.path), at.line, at.column)
}

/// Low and info findings, a line each, in columns.
fn small_ones(small: &[Small], text: &mut String) {
    if small.is_empty() {
        return;
    }
    let width = small
        .iter()
        .map(|(place, _)| place.chars().count())
        .max()
        .unwrap_or(0)
        .min(48);
    text.push_str("Minor:\n");
    for (place, what) in small {
        let _ = writeln!(text, "  {place:<width$}  {what}");
    }
    text.push('\n');
}

/// What weakens the check, a line each, so that a review needs no raw diff. What
/// fails was drawn above.
fn weakenings(report: &Report, context: &Context<'_>, text: &mut String) {
    let mut shown = report.weakenings();
    shown.retain(|finding| !report.summary.gate.fails(finding));
    if shown.is_empty() || context.quiet {
        return;
    }
    text.push_str("Weakens the check:\n");
    for finding in shown {
        let _ = writeln!(
            text,
            "  {:<8} {} {} — {}",
            finding.severity.as_str(),
            terminal(&finding.rule),
            terminal(&shorten(&finding.message, words::LONGEST_TEXT)),
            place_of(finding),
        );
    }
    text.push('\n');
}

fn known(finding: &FindingInfo) -> &'static str {
    match finding.status {
        Status::Baselined => " (in the baseline)",
        Status::Unreviewed => " (unreviewed)",
        _ => "",
    }
}

/// The first facts, in words.
fn because(finding: &FindingInfo) -> String {
    let facts: Vec<String> = finding
        .because
        .iter()
        .take(3)
        .map(|fact| {
            format!(
                "{} is {}",
                fact.attribute,
                terminal(&shorten(&fact.value.to_string(), 40))
            )
        })
        .collect();
    if facts.is_empty() {
        "here".into()
    } else {
        facts.join(", ")
    }
}

fn block_diagnostic(report: &Report, block: &Block<'_>) -> Shown {
    let worst = block.findings[0];
    let count = block.findings.len();
    let title = terminal(&words::block(block)).into_owned();
    let mut help = String::new();
    for question in words::questions(block) {
        let _ = writeln!(help, "{}", terminal(&question));
    }
    for finding in block.findings.iter().take(NAMED_IN_BLOCK) {
        let _ = writeln!(
            help,
            "{:<8} {} {}",
            finding.severity.as_str(),
            terminal(&finding.rule),
            terminal(&finding.title)
        );
    }
    if count > NAMED_IN_BLOCK {
        let _ = writeln!(help, "… and {} more", count - NAMED_IN_BLOCK);
    }
    Shown {
        title,
        code: format!("assumed {}{}", worst.severity, known(worst)),
        severity: weight(report, worst),
        help: Some(help.trim_end().to_owned()),
        at: Some(worst.location.clone()),
        labels: vec![(worst.location.clone(), "declared here".into())],
        source: None,
        spans: Vec::new(),
    }
}

/// What was answered or excluded, a line each (`-v`).
fn answered(report: &Report, text: &mut String) {
    for finding in report.findings.iter().filter(|f| !f.status.is_open()) {
        let reason = finding.reason.as_deref().unwrap_or("");
        let _ = writeln!(
            text,
            "{:<14} {} {} on {}: {}",
            finding.status.as_str(),
            finding.severity,
            terminal(&finding.rule),
            element(finding),
            terminal(&shorten(reason, 200))
        );
    }
}

fn fixed(report: &Report, text: &mut String) {
    for how in [How::Fixed, How::Gone] {
        let count = report.fixed.iter().filter(|f| f.how == how).count();
        if count > 0 {
            let findings = if count == 1 { "finding" } else { "findings" };
            let words = match how {
                How::Fixed => "no longer hold",
                How::Gone => "went with their element or model",
            };
            let _ = writeln!(text, "{count} known {findings} {words}.");
        }
    }
}

fn summary(report: &Report, context: &Context<'_>, text: &mut String) {
    let _ = writeln!(text, "{}", words::counts(report));
    let (color, end) = match (context.color, report.summary.gate.passed) {
        (false, _) => ("", ""),
        (true, true) => ("\u{1b}[32m", "\u{1b}[0m"),
        (true, false) => ("\u{1b}[31m", "\u{1b}[0m"),
    };
    let _ = writeln!(text, "{color}{}{end}", words::verdict(report));
    if report.summary.exit == 3 {
        text.push_str(
            "Not every model could be read and judged completely: see the errors above.\n",
        );
    }
}
