//! Diagnostics for people at a terminal: what is shown, in which order.
//!
//! `diagnostics` words notices, `shown` is how miette sees them, `tasks` writes what is to
//! do, `lines` what gets a line, `first_run` what a first run over several models shows.

mod diagnostics;
mod first_run;
mod lines;
mod shown;
mod tasks;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme};
use rayon::prelude::*;

use super::{Context, EmitError, Emitter, first, words, wrap};
use crate::escape::{terminal, unobeyed};
use crate::report::build::Detail;
use crate::report::{FindingInfo, Location, NoticeInfo, NoticeSeverity, Report, Status};
use diagnostics::notice_diagnostic;
use first::Told;
use lines::{accepted, answered, dormant, fixed, summary, ways_on, weakenings};
use shown::{Shown, Text};
use tasks::Writer;

/// `--format human`.
pub struct Human;

/// How many notices are drawn; a broken file may give thousands.
const MOST_NOTICES: usize = 60;
/// So many things to do that fail, beside the first, get a line each.
const MOST_BRIEF: usize = 20;

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

    fn detail(&self, quiet: bool) -> Detail {
        if quiet {
            Detail::Failing
        } else {
            Detail::Tasks
        }
    }

    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        let mut page = Page::new(context);
        page.notices(
            report
                .notices
                .iter()
                .filter(|notice| notice.severity > NoticeSeverity::Note || context.verbose),
        )?;
        weakenings(report, context, &mut page.text);
        page.tasks(report);
        accepted(report, context, &mut page.text);
        if context.verbose {
            answered(report, &mut page.text);
            dormant(report, &mut page.text);
        }
        fixed(report, &mut page.text);
        summary(report, context, &mut page.text);
        if !first_run::is_first_run(report) || context.verbose {
            ways_on(report, context, &mut page.text);
        }
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

    /// What is to do: in full what comes first, a line for each other thing that fails, and
    /// the number of those that fail nothing.
    fn tasks(&mut self, report: &Report) {
        let (verbose, quiet) = (self.context.verbose, self.context.quiet);
        let shown = |f: &FindingInfo| {
            f.status.is_open()
                && (f.status != Status::Baselined || verbose)
                && (!quiet || f.failing)
        };
        let writer = Writer {
            context: self.context,
            width: self.width,
        };
        let tasks = report.tasks(shown);
        if !verbose && !quiet && first_run::is_first_run(report) {
            first_run::write(report, &tasks, &writer, &mut self.text);
            return;
        }
        let told = Told::of(&tasks, verbose);
        if !told.full.is_empty() {
            let _ = writeln!(self.text, "{}:\n", first::HEADING);
        }
        for (at, task) in told.full.iter().enumerate() {
            let source = self.open(&task.todo.location.path);
            let block = writer.block(at + 1, task, source.as_ref());
            self.text.push_str(&block);
        }
        if !told.briefly.is_empty() {
            self.text.push_str("Then these, which fail as well:\n");
        }
        for task in told.briefly.iter().take(MOST_BRIEF) {
            self.text.push_str(&writer.brief(task));
        }
        if told.briefly.len() > MOST_BRIEF {
            let more = words::plural(told.briefly.len() - MOST_BRIEF, "more thing");
            let _ = writeln!(self.text, "  … and {more} to do (-v lists all)");
        }
        if !told.briefly.is_empty() {
            self.text.push('\n');
        }
        if let Some(rest) = told.rest() {
            let _ = writeln!(self.text, "{rest} (-v shows all).\n");
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
