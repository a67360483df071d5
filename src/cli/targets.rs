//! Layer `cli`: which outputs were asked for (`--format`, `--output`).

use std::path::PathBuf;

use super::args::Output;
use super::failure::Failure;
use crate::emit::{self, Emitter};
use crate::escape::terminal;

/// Where results go: `--format` to standard output, and every `--output`.
///
/// # Errors
///
/// When a format is unknown, or two outputs want one place.
pub fn targets(output: &Output) -> Result<Vec<Target>, Failure> {
    let files = output.output.iter().map(|text| Target::parse(text));
    let mut targets = files.collect::<Result<Vec<_>, _>>()?;
    let on_screen = targets.iter().filter(|t| t.path.is_none()).count();
    match (&output.format, on_screen) {
        (name, 0) => {
            let name = match name.as_deref() {
                None | Some("auto") => automatic(),
                Some(name) => name,
            };
            targets.insert(0, Target::on_screen(name)?);
        }
        (None, 1) => {}
        (Some(_), _) => {
            return Err(Failure::usage(
                "--format and --output … =- both write to standard output",
                "give one of them",
            ));
        }
        (None, _) => {
            return Err(Failure::usage(
                "several outputs go to standard output",
                "give all but one of them a file",
            ));
        }
    }
    match twice(&targets) {
        Some(path) => Err(Failure::usage(
            format!("two outputs go to {}", terminal(&path.to_string_lossy())),
            "give each of them a file of its own",
        )),
        None => Ok(targets),
    }
}

/// A file that two outputs want.
fn twice(targets: &[Target]) -> Option<&PathBuf> {
    let files: Vec<_> = targets.iter().filter_map(|t| t.path.as_ref()).collect();
    let again = |(at, path): (usize, &&PathBuf)| files[..at].contains(path);
    let at = files.iter().enumerate().position(again)?;
    Some(files[at])
}

/// `github` inside a GitHub job, `human` elsewhere.
fn automatic() -> &'static str {
    match std::env::var_os("GITHUB_ACTIONS") {
        Some(value) if value == "true" => "github",
        _ => "human",
    }
}

/// One output.
#[derive(Clone)]
pub struct Target {
    /// Its format.
    pub format: &'static dyn Emitter,
    /// The file; `None` for standard output.
    pub path: Option<PathBuf>,
    /// Whether the file keeps what it holds.
    pub append: bool,
}

impl Target {
    /// A format on standard output.
    fn on_screen(name: &str) -> Result<Self, Failure> {
        Ok(Self {
            format: format_named(name)?,
            path: None,
            append: false,
        })
    }

    /// Understands `[FORMAT=]PATH`.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        if text == "github-summary" {
            return Self::github_summary();
        }
        let named = text
            .split_once('=')
            .filter(|(name, _)| !name.contains(['/', '.', '\\']));
        let (format, path) = match named {
            Some((name, path)) => (format_named(name)?, path),
            None => (format_of_ending(text)?, text),
        };
        if path.is_empty() {
            return Err(Failure::usage(
                format!("--output {text} names no file"),
                "write --output FORMAT=PATH, or FORMAT=- for standard output",
            ));
        }
        Ok(Self {
            format,
            path: (path != "-").then(|| PathBuf::from(path)),
            append: false,
        })
    }

    /// The summary of a GitHub job, which other steps write to as well.
    fn github_summary() -> Result<Self, Failure> {
        let path = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
        let path = path.ok_or_else(|| {
            Failure::usage(
                "--output github-summary works only inside a GitHub job",
                "elsewhere write --output markdown=FILE",
            )
        })?;
        Ok(Self {
            format: format_named("github-summary")?,
            path: Some(PathBuf::from(path)),
            append: true,
        })
    }
}

/// The format of that name, or an error that lists all.
fn format_named(name: &str) -> Result<&'static dyn Emitter, Failure> {
    emit::named(name).ok_or_else(|| {
        let names: Vec<_> = emit::FORMATS.iter().map(|format| format.name()).collect();
        Failure::usage(
            format!("there is no format “{}”", terminal(name)),
            format!("choose one of {}", names.join(", ")),
        )
    })
}

/// The only format that a file's ending can mean.
fn format_of_ending(path: &str) -> Result<&'static dyn Emitter, Failure> {
    let meant = |format: &&&dyn Emitter| {
        format
            .endings()
            .iter()
            .any(|ending| path.ends_with(&format!(".{ending}")))
    };
    emit::FORMATS.iter().find(meant).copied().ok_or_else(|| {
        Failure::usage(
            format!(
                "--output {}: the ending does not tell the format",
                terminal(path)
            ),
            "write --output FORMAT=PATH, such as --output sarif=tmrs.sarif",
        )
    })
}
