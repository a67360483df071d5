//! One page that needs nothing beside itself: verdict, filters, every finding with
//! its facts. It works from a file, without network, and is readable without
//! JavaScript; the script only filters.
//!
//! `diagrams` and `findings` write what their names say, `appendix` what stands after them.

mod appendix;
mod diagrams;
mod findings;
pub(super) mod shell;

use std::fmt::Write as _;

use super::{Context, EmitError, Emitter, first, words};
use crate::draw::svg;
use crate::escape::html as e;
use crate::report::{FindingInfo, How, Location, Report, Severity, Status, Verdict};
use shell::Shell;

/// `--format html`.
pub struct Html;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

impl Emitter for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn about(&self) -> &'static str {
        "one page for people, with filters"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["html", "htm"]
    }

    fn shows_first(&self) -> bool {
        true
    }

    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        let page = Page {
            report,
            base: context.link_base.as_deref().and_then(crate::escape::url),
        };
        let (_, title, _) = page.heading();
        let beside = format!(
            "<span>Threat model report</span>{}",
            shell::run(&report.run)
        );
        let shell = Shell {
            title: &title,
            beside: &beside,
            styles: &[STYLE, svg::STYLE],
            script: Some(SCRIPT),
            skip: ("findings", "the findings"),
            own: false,
        };
        let mut out = String::new();
        shell.head(&mut out);
        out.push_str("<main>\n");
        page.verdict(&mut out);
        appendix::errors(&page, &mut out);
        appendix::accepted(&page, &mut out);
        page.do_first(&mut out);
        diagrams::write(&page, &mut out);
        findings::write(&page, &mut out);
        appendix::write(&page, &mut out);
        out.push_str("</main>\n");
        shell.foot(&page.foot(), &mut out);
        Ok(out)
    }
}

/// What every part of the page needs.
struct Page<'a> {
    report: &'a Report,
    /// Where the repository's files can be read.
    base: Option<String>,
}

impl Page<'_> {
    /// A place, linked where it is known where files can be read.
    fn place(&self, location: &Location) -> String {
        let path = crate::escape::shorten(&location.path, words::LONGEST_NAME);
        let text = format!("{}:{}", e(&path), location.line);
        match &self.base {
            Some(base) => format!(
                "<a class=\"mono\" href=\"{}{}#L{}\">{text}</a>",
                e(base),
                crate::escape::uri_path(&location.path),
                location.line
            ),
            None => format!("<span class=\"mono\">{text}</span>"),
        }
    }

    /// A class, a heading and a word for the verdict.
    fn heading(&self) -> (&'static str, String, &'static str) {
        let report = self.report;
        let gate = &report.summary.gate;
        match report.verdict() {
            Verdict::NothingJudged => (
                "partial",
                "No threat model was found".to_owned(),
                "Nothing judged",
            ),
            Verdict::Incomplete => (
                "partial",
                "Not every model could be judged".to_owned(),
                "Incomplete",
            ),
            Verdict::Failed if gate.failing == 0 => (
                "fail",
                "Exclusions, answers or entries are stale".to_owned(),
                "Failed",
            ),
            Verdict::Failed => {
                let verb = if gate.failing == 1 { "fails" } else { "fail" };
                let count = words::plural(gate.failing, "new threat");
                ("fail", format!("{count} {verb} the check"), "Failed")
            }
            Verdict::Passed => ("pass", words::passed_with(report), "Passed"),
        }
    }

    /// What to do first, each with its way and what it closes.
    fn do_first(&self, out: &mut String) {
        let mut things = first::things(self.report).peekable();
        if things.peek().is_none() {
            return;
        }
        let _ = writeln!(
            out,
            "<h2 id=\"first\">{}</h2>\n<ol class=\"card\">",
            first::HEADING
        );
        for todo in things {
            let _ = write!(
                out,
                "<li><p><strong>{}</strong> {}</p><p>{}. {}</p>",
                e(&first::what(todo)),
                self.place(&todo.location),
                e(&first::closes(todo)),
                e(&words::sentence(&first::risk(todo))),
            );
            let (lines, more) = first::lines(todo);
            for line in lines {
                let _ = write!(out, "<p><code>{}</code></p>", e(&line));
            }
            if more > 0 {
                let _ = write!(out, "<p>… and {more} more lines</p>");
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n");
    }

    fn ended(&self, how: How) -> usize {
        let ended = self.report.fixed.iter();
        ended.filter(|fixed| fixed.how == how).count()
    }

    fn with(&self, status: Status) -> usize {
        self.report
            .summary
            .by_status
            .get(&status)
            .copied()
            .unwrap_or(0)
    }

    fn verdict(&self, out: &mut String) {
        let (class, heading, word) = self.heading();
        let _ = writeln!(
            out,
            "<section class=\"card verdict {class}\" aria-labelledby=\"verdict\">\
             <span class=\"word\">{word}</span><h1 id=\"verdict\">{}</h1><p>{}</p>",
            e(&heading),
            e(&words::verdict(self.report))
        );
        let summary = &self.report.summary;
        let counts = [
            ("New", self.with(Status::New)),
            ("Unreviewed", self.with(Status::Unreviewed)),
            ("Known", self.with(Status::Baselined)),
            ("Residual risk", summary.residual),
            ("Mitigated", self.with(Status::Mitigated)),
            ("Fixed", self.ended(How::Fixed)),
            ("Models", summary.models),
        ];
        shell::tiles(counts, out);
        let open = |severity: Severity| {
            let wanted = |f: &&FindingInfo| f.status.is_open() && f.severity == severity;
            self.report.findings.iter().filter(wanted).count()
        };
        shell::bar(open, out);
        out.push_str("</section>\n");
    }

    fn foot(&self) -> String {
        let tool = &self.report.tool;
        format!(
            "<p>{}.</p><p>Made by <a href=\"{}\">tmrs</a> {}, catalogue {}. \
             This page is complete in itself and asks no server for anything.</p>",
            e(&words::counts(self.report)),
            env!("CARGO_PKG_REPOSITORY"),
            e(&tool.version),
            e(&tool.catalogue)
        )
    }
}
