//! Layer `cli`: what the terminal takes, standard output, and where links lead.

use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};

use anstyle_query::term_supports_ansi_color;
use anstyle_query::windows::enable_ansi_colors;
use terminal_size::{Width, terminal_size};

use super::args::ColorChoice;
use super::failure::Failure;
use crate::escape::unobeyed;

/// What is known of the terminal.
#[derive(Clone, Debug)]
pub struct Screen {
    /// Whether standard output may have colour.
    pub color: bool,
    /// Whether standard error may have colour.
    pub error_color: bool,
    /// Whether standard error is a terminal: progress goes there.
    pub progress: bool,
    /// Columns.
    pub width: usize,
}

impl Screen {
    /// Looks at the terminal and at `NO_COLOR`, `FORCE_COLOR`, `CLICOLOR_FORCE`, `TERM` and
    /// `COLUMNS`.
    pub fn new(choice: ColorChoice) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        // A console of Windows has to be told that colour will come, and may not know any.
        let is_blind = enable_ansi_colors() == Some(false) && !term_supports_ansi_color();
        let forced = ["FORCE_COLOR", "CLICOLOR_FORCE"].into_iter().any(|name| {
            std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
        });
        let plain = is_blind
            || set("NO_COLOR")
            || (!forced && std::env::var_os("TERM").is_some_and(|term| term == "dumb"));
        let wanted = |terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => (terminal || forced) && !plain,
        };
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok())
            .or_else(|| terminal_size().map(|(Width(columns), _)| usize::from(columns)));
        Self {
            color: wanted(std::io::stdout().is_terminal()),
            error_color: wanted(std::io::stderr().is_terminal()),
            progress: std::io::stderr().is_terminal(),
            width: columns.unwrap_or(100),
        }
    }
}

/// Where the files of this revision can be read: what GitHub and GitLab say
/// inside their jobs, so that links in summaries and comments lead somewhere.
///
/// `revision` is what the report is of, which is another one than the job's where a
/// saved report is rendered.
pub fn link_base(revision: Option<&str>) -> Option<String> {
    let said = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let is_hash = |text: &&str| text.len() >= 40 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let revision = revision.filter(is_hash).map(str::to_owned);
    let at = |name: &str| revision.clone().or_else(|| said(name));
    if let (Some(server), Some(repository), Some(revision)) = (
        said("GITHUB_SERVER_URL"),
        said("GITHUB_REPOSITORY"),
        at("GITHUB_SHA"),
    ) {
        return Some(format!("{server}/{repository}/blob/{revision}/"));
    }
    let (project, revision) = (said("CI_PROJECT_URL")?, at("CI_COMMIT_SHA")?);
    Some(format!("{project}/-/blob/{revision}/"))
}

/// Prints lines for people; a reader that went away is no error.
pub fn print(text: impl AsRef<str>) -> Result<(), Failure> {
    print_as_it_is(unobeyed(text.as_ref()).as_bytes())
}

/// Says something on standard error.
pub fn say(text: &str) {
    // There is nobody left to tell that standard error cannot be written to.
    let _ = std::io::stderr().write_all(unobeyed(text).as_bytes());
}

/// Prints what is in a language of its own, which says for itself what runners obey.
pub fn print_as_it_is(text: impl AsRef<[u8]>) -> Result<(), Failure> {
    print_by(|out| out.write_all(text.as_ref()))
}

/// The same, with what `fill` writes.
pub fn print_by(fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match fill(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::ClosedPipe),
        Err(error) => Err(Failure::usage(
            format!("cannot write to standard output: {error}"),
            "redirect the output, or write it to a file with --output",
        )),
    }
}

/// When the job began, as GitLab says it, for the formats that must name a moment: an
/// output holds nothing that the clock decides.
pub fn job_started() -> String {
    const NEVER: &str = "1970-01-01T00:00:00";
    let said = std::env::var("CI_JOB_STARTED_AT").unwrap_or_default();
    let said = said.get(..NEVER.len()).unwrap_or("");
    let shape = |text: &str| -> String {
        text.chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect()
    };
    if shape(said) == shape(NEVER) {
        said.to_owned()
    } else {
        NEVER.to_owned()
    }
}
