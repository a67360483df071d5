//! Layer `emit`: a report → one output language. One file a format; the seam is
//! [`Emitter`], the table is [`FORMATS`].

pub mod csv;
pub mod decision;
pub mod defectdojo;
pub mod diff;
pub mod document;
pub mod explanation;
mod first;
pub mod github;
pub mod github_output;
pub mod gitlab;
pub mod gitlab_sast;
mod groups;
pub mod html;
pub mod human;
pub mod issues;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod questions;
pub mod sarif;
pub mod short;
pub mod suggestions;
mod taxonomy;
mod threats;
mod words;
mod wrap;

use std::io;
use std::sync::Arc;

pub use words::plural;

use crate::report::alerts::Assumed;
use crate::report::build::Detail;
use crate::report::{Parts, Report};
use crate::source::Source;

/// What an emitter may know beside the report.
#[derive(Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the command line"
)]
pub struct Context<'a> {
    /// Whether colours and other escapes may be written.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Everything, not only what fails or is open.
    pub verbose: bool,
    /// Only what fails.
    pub quiet: bool,
    /// Whether SARIF holds answered and excluded findings as suppressed ones.
    pub sarif_suppressions: bool,
    /// What SARIF makes of findings that are only assumed.
    pub sarif_assumed: Assumed,
    /// When the job began, in UTC, `YYYY-MM-DDTHH:MM:SS`; a fixed moment where nothing says.
    pub started: String,
    /// What a path is appended to in links, such as
    /// `https://github.com/owner/repo/blob/SHA/`; without it links are relative.
    pub link_base: Option<String>,
    /// Reads a source for a snippet; `None` for reports without their models.
    pub sources: &'a (dyn Fn(&str) -> Option<Arc<Source>> + Sync),
}

/// An output format.
pub trait Emitter: Sync {
    /// The word on the command line.
    fn name(&self) -> &'static str;

    /// What it is, in a few words, for help texts.
    fn about(&self) -> &'static str;

    /// Endings of file names that mean this format and no other.
    fn endings(&self) -> &'static [&'static str] {
        &[]
    }

    /// Which findings it shows with their facts and questions; with `quiet`, where only what
    /// fails is asked for.
    fn detail(&self, quiet: bool) -> Detail {
        let _ = quiet;
        Detail::Everything
    }

    /// Whether it shows the edits that questions propose.
    fn proposes(&self) -> bool {
        false
    }

    /// Whether it shows what to do first: [`Report::do_first`].
    fn shows_first(&self) -> bool {
        false
    }

    /// The whole output; ends with a line end unless it is empty.
    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError>;

    /// The same, written while the report is told, where the format can be written so.
    fn stream(&self) -> Option<&dyn Stream> {
        None
    }
}

/// A format that is written part by part and never held as a whole.
pub trait Stream: Sync {
    /// Writes all of it.
    ///
    /// # Errors
    /// What the writer says.
    fn write(
        &self,
        parts: &dyn Parts,
        context: &Context<'_>,
        out: &mut dyn io::Write,
    ) -> io::Result<()>;

    /// The same as a text.
    ///
    /// # Errors
    /// When the format cannot be written.
    fn text(
        &self,
        format: &'static str,
        report: &Report,
        context: &Context<'_>,
    ) -> Result<String, EmitError> {
        let mut text = Vec::new();
        let refused = |reason: String| EmitError::Format { format, reason };
        let written = self.write(report, context, &mut text);
        written.map_err(|error| refused(error.to_string()))?;
        String::from_utf8(text).map_err(|error| refused(error.to_string()))
    }
}

/// Why an output could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// The format's own library refused.
    #[error("cannot write {format}: {reason}")]
    Format {
        /// The format.
        format: &'static str,
        /// Its words.
        reason: String,
    },
}

/// Every output format, in the order of help texts.
pub static FORMATS: &[&dyn Emitter] = &[
    &human::Human,
    &short::Short,
    &json::Json,
    &sarif::Sarif,
    &github::Github,
    &markdown::MARKDOWN,
    &markdown::COMMENT,
    &markdown::GITHUB_SUMMARY,
    &suggestions::Suggestions,
    &github_output::GithubOutput,
    &html::Html,
    &junit::Junit,
    &junit::Jenkins,
    &gitlab::Gitlab,
    &gitlab_sast::GitlabSast,
    &defectdojo::DefectDojo,
    &issues::Issues,
    &csv::Csv,
];

/// The name of every format and what it is, in the order of help texts.
pub fn about_all() -> Vec<(&'static str, &'static str)> {
    let formats = FORMATS.iter();
    formats
        .map(|format| (format.name(), format.about()))
        .collect()
}

/// The format of that name.
pub fn named(name: &str) -> Option<&'static dyn Emitter> {
    FORMATS.iter().copied().find(|format| format.name() == name)
}
