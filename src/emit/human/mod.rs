//! Diagnostics for people at a terminal: what is shown, in which order.
//!
//! `diagnostics` words notices and findings, `shown` is how miette sees them,
//! `lines` writes what gets a line instead of a snippet.

mod diagnostics;
mod lines;
mod shown;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme};
use rayon::prelude::*;

use super::{Context, EmitError, Emitter, first, words, wrap};
use crate::escape::{terminal, unobeyed};
use crate::report::build::Detail;
use crate::report::{Evidence, FindingInfo, Location, NoticeInfo, NoticeSeverity, Report, Status};
use diagnostics::{block_diagnostic, finding_diagnostic, notice_diagnostic};
use lines::{
    accepted, answered, do_first, fixed, is_small, small_block, small_finding, small_ones, summary,
    weakenings,
};
use shown::{Shown, Text};

/// `--format human`.
pub struct Human;

/// How many notices are drawn; a broken file may give thousands.
const MOST_NOTICES: usize = 60;

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
        let (mut small, mut large) = (Vec::new(), Vec::new());
        for group in folded(report, shown) {
            if is_small(report, group[0]) {
                small.push(small_finding(&group));
            } else {
                large.push(finding_diagnostic(report, &group));
            }
        }
        for block in report.blocks(shown) {
            if is_small(report, block.findings[0]) {
                small.push(small_block(&block));
            } else {
                large.push(block_diagnostic(report, &block));
            }
        }
        weakenings(report, context, &mut page.text);
        page.show(large)?;
        small_ones(&small, &mut page.text);
        accepted(report, context, &mut page.text);
        if context.verbose {
            answered(report, &mut page.text);
        }
        fixed(report, &mut page.text);
        do_first(report, context, &mut page.text);
        summary(report, context, &mut page.text);
        Ok(unobeyed(&page.text).into_owned())
    }
}

impl Human {
    /// Complaints alone, for errors that leave nothing to judge.
    pub fn complaints(&self, notices: &[NoticeInfo], context: &Context<'_>) -> String {
        let mut page = Page::new(context);
        if let Err(error) = page.notices(notices.iter()) {
            let _ = writeln!(page.text, "{error}");
        }
        unobeyed(&page.text).into_owned()
    }
}

/// Whether nothing in the file is meant but the file itself: it may be something else than a
/// model, and then its text is nobody's business.
fn is_whole_file(at: &Location) -> bool {
    let begins = (at.line, at.column) == (1, 1);
    begins && (at.end_line, at.end_column) == (1, 1)
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
        let drawn = notices.iter().take(MOST_NOTICES);
        self.show(drawn.map(|notice| notice_diagnostic(notice)).collect())?;
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

    /// Draws diagnostics in their order, on every core.
    fn show(&mut self, all: Vec<Shown>) -> Result<(), EmitError> {
        let sources: Vec<_> = all
            .iter()
            .map(|shown| {
                let at = shown.at.as_ref().filter(|at| !is_whole_file(at))?;
                self.open(&at.path)
            })
            .collect();
        let drawn = all.into_par_iter().zip(sources);
        let drawn: Result<Vec<String>, EmitError> = drawn
            .map(|(shown, source)| self.draw(shown, source))
            .collect();
        self.text.extend(drawn?);
        Ok(())
    }

    /// One diagnostic; without its source only where it stands.
    fn draw(&self, mut shown: Shown, source: Option<Arc<Text>>) -> Result<String, EmitError> {
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
        let mut text = String::new();
        self.handler
            .render_report(&mut text, &shown)
            .map_err(|error| EmitError::Format {
                format: "human",
                reason: error.to_string(),
            })?;
        text.push('\n');
        Ok(text)
    }
}
