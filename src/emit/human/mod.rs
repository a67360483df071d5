//! Diagnostics for people at a terminal: what is shown, in which order.
//!
//! `digest` keeps what is shown of a report while that is told, `diagnostics` words notices,
//! `shown` is how miette sees them, `tasks` writes what is to do, `lines` what gets a line,
//! `first_run` what a first run over several models shows.

mod diagnostics;
mod digest;
mod first_run;
mod lines;
mod shown;
mod tasks;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme};
use rayon::prelude::*;

use super::{Context, EmitError, Emitter, Stream, first, threats, words, wrap};
use crate::escape::{terminal, unobeyed};
use crate::report::build::Detail;
use crate::report::{FindingInfo, Location, NoticeInfo, NoticeSeverity, Parts, Report, Task, Todo};
use diagnostics::notice_diagnostic;
use digest::Digest;
use lines::{accepted, fixed, summary, ways_on, weakenings};
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
        self.text(self.name(), report, context)
    }

    fn stream(&self) -> Option<&dyn Stream> {
        Some(self)
    }
}

impl Stream for Human {
    fn write(
        &self,
        parts: &dyn Parts,
        context: &Context<'_>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut digest = Digest::of(parts, context)?;
        let report = digest.head;
        let mut page = Page::new(context);
        page.notices(
            report
                .notices
                .iter()
                .filter(|notice| notice.severity > NoticeSeverity::Note || context.verbose),
        )?;
        weakenings(&digest.weakenings, context, &mut page.text);
        page.tasks(&mut digest);
        accepted(&digest.settled, context, &mut page.text);
        page.text.push_str(&digest.beside);
        fixed(report, &mut page.text);
        summary(report, context, &mut page.text);
        let is_told = !context.quiet && (!digest.is_first_run || context.verbose);
        if let Some(failing) = digest.first_failing.as_ref().filter(|_| is_told) {
            ways_on(failing, report.run.base.is_some(), &mut page.text);
        }
        out.write_all(unobeyed(&page.text).as_bytes())
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

/// What is said of what fails nothing, but for what is told in full.
fn rest(digest: &Digest<'_>, full: &[Task<'_>]) -> Option<String> {
    let told = full.iter().filter(|task| task.todo.failing == 0);
    let told: Vec<usize> = told.map(|task| task.findings.len()).collect();
    let threats = digest.other_threats - told.iter().sum::<usize>();
    first::rest(threats, digest.others - told.len())
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
    fn tasks(&mut self, digest: &mut Digest<'_>) {
        let (verbose, quiet) = (self.context.verbose, self.context.quiet);
        let writer = Writer {
            context: self.context,
            width: self.width,
        };
        let (todos, settled): (Vec<Todo>, Vec<Vec<FindingInfo>>) =
            std::mem::take(&mut digest.best).into_iter().unzip();
        let tasks = todos
            .into_iter()
            .zip(&settled)
            .map(|(todo, findings)| Task {
                todo,
                findings: findings.iter().collect(),
            });
        let tasks: Vec<Task<'_>> = tasks.collect();
        if !verbose && !quiet && digest.is_first_run {
            first_run::write(digest, &tasks, &writer, &mut self.text);
            return;
        }
        let (full, others) = tasks.split_at(digest.in_full(self.context));
        if !full.is_empty() {
            let _ = writeln!(self.text, "{}:\n", first::HEADING);
        }
        for (at, task) in full.iter().enumerate() {
            let source = self.open(&task.todo.location.path);
            let block = writer.block(at + 1, task, source.as_ref());
            self.text.push_str(&block);
        }
        let briefly = digest.failing.saturating_sub(full.len());
        if briefly > 0 {
            self.text.push_str("Then these, which fail as well:\n");
        }
        for task in others.iter().take(briefly.min(MOST_BRIEF)) {
            self.text.push_str(&writer.brief(task));
        }
        if briefly > MOST_BRIEF {
            let more = words::plural(briefly - MOST_BRIEF, "more thing");
            let _ = writeln!(self.text, "  … and {more} to do (-v lists all)");
        }
        if briefly > 0 {
            self.text.push('\n');
        }
        if let Some(rest) = rest(digest, full) {
            let _ = writeln!(self.text, "{rest} (-v shows all).\n");
        }
    }

    /// Draws notices, the worst first; past [`MOST_NOTICES`] it says how many more there are.
    fn notices<'n>(&mut self, notices: impl Iterator<Item = &'n NoticeInfo>) -> io::Result<()> {
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
    fn show(&mut self, all: Vec<Shown>) -> io::Result<()> {
        let sources: Vec<_> = all
            .iter()
            .map(|shown| {
                let at = shown.at.as_ref().filter(|at| !is_whole_file(at))?;
                self.open(&at.path)
            })
            .collect();
        let drawn = all.into_par_iter().zip(sources);
        let drawn: io::Result<Vec<String>> = drawn
            .map(|(shown, source)| self.draw(shown, source))
            .collect();
        self.text.extend(drawn?);
        Ok(())
    }

    /// One diagnostic; without its source only where it stands.
    fn draw(&self, mut shown: Shown, source: Option<Arc<Text>>) -> io::Result<String> {
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
            .map_err(io::Error::other)?;
        text.push('\n');
        Ok(text)
    }
}
