//! Where results go: standard output, or files that are written whole or not at all.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use super::args::ColorChoice;
use super::failure::Failure;
use crate::emit::{self, Emitter};

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
    /// Looks at the terminal and at `NO_COLOR`, `TERM` and `COLUMNS`.
    pub fn new(choice: ColorChoice) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let plain = set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let wanted = |terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !plain,
        };
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        Self {
            color: wanted(std::io::stdout().is_terminal()),
            error_color: wanted(std::io::stderr().is_terminal()),
            progress: std::io::stderr().is_terminal(),
            width: columns.unwrap_or(100),
        }
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
pub fn format_named(name: &str) -> Result<&'static dyn Emitter, Failure> {
    emit::named(name).ok_or_else(|| {
        let names: Vec<_> = emit::FORMATS.iter().map(|format| format.name()).collect();
        Failure::usage(
            format!("there is no format “{}”", crate::escape::terminal(name)),
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
                crate::escape::terminal(path)
            ),
            "write --output FORMAT=PATH, such as --output sarif=tmrs.sarif",
        )
    })
}

/// Where the files of this revision can be read: what GitHub and GitLab say
/// inside their jobs, so that links in summaries and comments lead somewhere.
pub fn link_base() -> Option<String> {
    let said = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let (Some(server), Some(repository), Some(revision)) = (
        said("GITHUB_SERVER_URL"),
        said("GITHUB_REPOSITORY"),
        said("GITHUB_SHA"),
    ) {
        return Some(format!("{server}/{repository}/blob/{revision}/"));
    }
    let (project, revision) = (said("CI_PROJECT_URL")?, said("CI_COMMIT_SHA")?);
    Some(format!("{project}/-/blob/{revision}/"))
}

/// Prints a text; a reader that went away is no error.
pub fn print(text: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::ClosedPipe),
        Err(error) => Err(Failure::usage(
            format!("cannot write to standard output: {error}"),
            "redirect the output, or write it to a file with --output",
        )),
    }
}

/// Writes a file whole or not at all: into a temporary file beside it, then renamed.
pub fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<(), Failure> {
    let text = text.as_ref();
    let failed = |error: &dyn std::fmt::Display| {
        Failure::usage(
            format!(
                "cannot write {}: {error}",
                crate::escape::terminal(&path.to_string_lossy())
            ),
            "choose a folder that exists and can be written to",
        )
    };
    // A pipe or device cannot be replaced by a rename.
    if path.metadata().is_ok_and(|meta| !meta.is_file()) {
        return std::fs::write(path, text).map_err(|error| failed(&error));
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".tmrs-")
        .permissions_like(path)
        .tempfile_in(folder)
        .map_err(|error| failed(&error))?;
    file.write_all(text).map_err(|error| failed(&error))?;
    file.as_file().sync_all().map_err(|error| failed(&error))?;
    file.persist(path).map_err(|error| failed(&error))?;
    Ok(())
}

/// Adds to a file that others write to as well; one write, so that it is there
/// whole or not at all.
pub fn append(path: &Path, text: &str) -> Result<(), Failure> {
    let file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        Failure::usage(
            format!(
                "cannot add to {}: {error}",
                crate::escape::terminal(&path.to_string_lossy())
            ),
            "see whether the job may write its summary",
        )
    })
}

/// Gives a temporary file the permissions that the final file should have.
trait PermissionsLike {
    fn permissions_like(&mut self, path: &Path) -> &mut Self;
}

impl PermissionsLike for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_like(&mut self, path: &Path) -> &mut Self {
        use std::os::unix::fs::PermissionsExt as _;
        // 0o666 less the umask, as any other program would create it.
        let mode = path
            .metadata()
            .map_or(0o666, |meta| meta.permissions().mode() & 0o777);
        self.permissions(std::fs::Permissions::from_mode(mode))
    }

    #[cfg(not(unix))]
    fn permissions_like(&mut self, _: &Path) -> &mut Self {
        self
    }
}
