//! GitHub-flavoured Markdown for job summaries, comments and files: the verdict
//! first, then what a change takes away and adds, what is to do, what was fixed, and what
//! remains.
//!
//! `sections` says what stands there; `change`, `tasks` and `tables` write it, `page` says
//! how much of it fits. What people read beside a change is short: what was known before is
//! a line.

mod change;
pub(super) mod page;
mod sections;
mod tables;
mod tasks;

use super::{Context, EmitError, Emitter};
use crate::report::Report;
use page::Page;

/// One Markdown output; they differ in how much may be written.
pub struct Markdown {
    name: &'static str,
    about: &'static str,
    endings: &'static [&'static str],
    /// In bytes.
    limit: usize,
    /// Whether a hidden mark lets a later run find and replace the comment.
    marked: bool,
    /// Whether what nobody has to act upon is counted and not listed.
    is_short: bool,
}

/// `--format markdown`: up to 900 KiB; a job summary of more than 1 MiB is lost.
pub static MARKDOWN: Markdown = Markdown {
    name: "markdown",
    about: "a summary for people, as a file",
    endings: &["md"],
    limit: 900 * 1024,
    marked: false,
    is_short: false,
};

/// `--format markdown-comment`: up to 60,000 bytes; GitHub refuses comments of more
/// than 65,536 characters.
pub static COMMENT: Markdown = Markdown {
    name: "markdown-comment",
    about: "a summary that fits into a pull-request comment",
    endings: &[],
    limit: 60_000,
    marked: true,
    is_short: true,
};

/// `--output github-summary`: as the comment, appended to `$GITHUB_STEP_SUMMARY`.
pub static GITHUB_SUMMARY: Markdown = Markdown {
    name: "github-summary",
    about: "a summary for the page of a GitHub job",
    endings: &[],
    limit: 900 * 1024,
    marked: false,
    is_short: true,
};

impl Emitter for Markdown {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn endings(&self) -> &'static [&'static str] {
        self.endings
    }

    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        let mut page = Page::new(self.limit);
        if self.marked {
            page.always(&mark(report));
        }
        let link = Links {
            base: context.link_base.as_deref().unwrap_or(""),
        };
        if self.is_short {
            sections::short(report, &link, &mut page);
        } else {
            sections::write(report, &link, &mut page);
        }
        Ok(page.finish())
    }
}

/// By what the comment of an earlier run with the same category is found.
pub fn mark(report: &Report) -> String {
    format!("{}\n", marked(report, ""))
}

/// The same for a comment about one thing, on a line without its end.
pub(super) fn marked(report: &Report, about: &str) -> String {
    let category = report.run.category.as_deref().unwrap_or("");
    // Nothing that could end the comment.
    let category = crate::escape::uri_path(category).replace("--", "-%2D");
    let about = if about.is_empty() {
        String::new()
    } else {
        format!(" {about}")
    };
    format!("<!-- tmrs:{category}{about} -->")
}

/// Links to places in the repository.
struct Links<'a> {
    base: &'a str,
}

impl Links<'_> {
    /// `[path:line](…)`.
    fn to(&self, location: &crate::report::Location) -> String {
        let path = crate::escape::shorten(&location.path, super::words::LONGEST_NAME);
        format!(
            "[{}:{}]({})",
            crate::escape::markdown(&path),
            location.line,
            self.address(location)
        )
    }

    /// `[path](…)`.
    fn file(&self, path: &str) -> String {
        let shown = crate::escape::shorten(path, super::words::LONGEST_NAME);
        let base = crate::escape::url(self.base).unwrap_or_default();
        let address = crate::escape::uri_path(path);
        format!("[{}]({base}{address})", crate::escape::markdown(&shown))
    }

    fn address(&self, location: &crate::report::Location) -> String {
        let path = crate::escape::uri_path(&location.path);
        let base = crate::escape::url(self.base).unwrap_or_default();
        format!("{base}{path}#L{}", location.line)
    }
}
