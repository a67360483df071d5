//! Layer `tools`: the only place that starts a program: git, Graphviz, PlantUML, tmrs itself.
//!
//! Arguments are fixed and never taken from a model; what a person names (a
//! ref, a path) is passed only behind `--end-of-options` or as data. External
//! diff, textconv, fsmonitor, hooks, prompts and lazy fetching are off.

mod index;
pub mod revision;

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take that draws or renders.
const DRAWING_TIME: Duration = Duration::from_mins(1);

/// Why a program gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ToolError {
    /// It is not installed.
    #[error("{program} is not installed")]
    Missing {
        /// The program.
        program: &'static str,
    },
    /// git does not trust the folder's owner.
    #[error("git refuses to read this repository because another user owns it")]
    DubiousOwnership,
    /// It failed.
    #[error("{program} failed: {words}")]
    Failed {
        /// The program.
        program: &'static str,
        /// The first line of what it said.
        words: String,
    },
    /// It took too long and was stopped.
    #[error("{program} was stopped after {seconds} seconds")]
    TooSlow {
        /// The program.
        program: &'static str,
        /// How long it had.
        seconds: u64,
    },
}

/// Draws a DOT text with Graphviz, as PNG.
pub fn dot(text: &str) -> Result<Vec<u8>, ToolError> {
    let mut command = Command::new("dot");
    command.arg("-Tpng");
    through("dot", command, text)
}

/// Draws a PlantUML text, as PNG.
pub fn plantuml(text: &str) -> Result<Vec<u8>, ToolError> {
    let mut command = Command::new("plantuml");
    command
        .args(["-charset", "UTF-8", "-failfast2", "-pipe", "-tpng"])
        .env("PLANTUML_SECURITY_PROFILE", "SANDBOX");
    through("plantuml", command, text)
}

/// Runs this program once more, for work that must be able to fail alone.
pub fn itself(argument: &str, text: &str) -> Result<Vec<u8>, ToolError> {
    let program = std::env::current_exe().map_err(|error| not_started("tmrs", &error))?;
    let mut command = Command::new(program);
    command.arg(argument);
    through("tmrs", command, text)
}

/// Runs a program with a text on its standard input and gives its standard
/// output; a program that takes longer than [`DRAWING_TIME`] is stopped.
fn through(program: &'static str, mut command: Command, text: &str) -> Result<Vec<u8>, ToolError> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(program, &error))?;
    let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        // All pipes move at once: a program that talks while it reads must not block.
        scope.spawn(move || input.map(|mut pipe| pipe.write_all(text.as_bytes())));
        let output = scope.spawn(move || drain(output));
        let errors = scope.spawn(move || drain(errors));
        let succeeded = wait(program, &mut child);
        let output = output.join().unwrap_or_default();
        let errors = errors.join().unwrap_or_default();
        if succeeded? {
            return Ok(output);
        }
        let words = String::from_utf8_lossy(&errors);
        let words = words.lines().next().unwrap_or("it said nothing").to_owned();
        Err(ToolError::Failed { program, words })
    })
}

/// Everything that a pipe gives.
fn drain(pipe: Option<impl std::io::Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // What came before a broken pipe is kept; the exit status tells the rest.
        let _ = pipe.read_to_end(&mut bytes);
    }
    bytes
}

/// Whether the program ended well, within its time.
fn wait(program: &'static str, child: &mut Child) -> Result<bool, ToolError> {
    let end = Instant::now() + DRAWING_TIME;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if Instant::now() < end => thread::sleep(Duration::from_millis(5)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(ToolError::TooSlow {
                    program,
                    seconds: DRAWING_TIME.as_secs(),
                });
            }
            Err(error) => return Err(not_started(program, &error)),
        }
    }
}

/// Runs git below `root` and gives its standard output.
pub fn git<S: AsRef<OsStr>>(root: &Path, arguments: &[S]) -> Result<Vec<u8>, ToolError> {
    let output = git_command(root)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_started("git", &error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    // An emulated system (qemu's) starts a program before it knows whether there is one.
    if output.status.code() == Some(127) && output.stderr.is_empty() {
        return Err(ToolError::Missing { program: "git" });
    }
    let words = String::from_utf8_lossy(&output.stderr);
    if words.contains("dubious ownership") {
        return Err(ToolError::DubiousOwnership);
    }
    let words = words.lines().next().unwrap_or("it said nothing").to_owned();
    Err(ToolError::Failed {
        program: "git",
        words,
    })
}

/// git with everything off that a repository could use to run something.
///
/// It is looked for on the PATH, and on Windows beside tmrs and in the system's
/// folders too (`std::process`), never in the current folder: that may be a stranger's.
pub fn git_command(root: &Path) -> Command {
    let root = &plain(root);
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(root)
        .args(["-c", "core.fsmonitor=false"])
        .args(["-c", "core.hooksPath=/dev/null"])
        .args(["-c", "diff.external="])
        .args(["-c", "protocol.allow=never"])
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        // Goes over `protocol.<name>.allow`, with which a repository could allow itself a transport.
        .env("GIT_ALLOW_PROTOCOL", "none")
        // Neither what stands in place of a commit nor a repository further up is meant.
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_CEILING_DIRECTORIES", root.parent().unwrap_or(root))
        .env("GIT_PAGER", "cat")
        .env("LC_ALL", "C")
        .env_remove("GIT_EXTERNAL_DIFF")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE");
    command
}

/// A path as people and git write it: canonical paths on Windows are `\\?\C:\…`, or
/// `\\?\UNC\server\share\…` on another machine, which git does not know.
pub fn plain(path: &Path) -> PathBuf {
    let text = path.to_str().and_then(|text| text.strip_prefix(r"\\?\"));
    match text.map(|text| (text, text.strip_prefix(r"UNC\"))) {
        Some((_, Some(share))) => PathBuf::from(format!(r"\\{share}")),
        Some((text, None)) if text.as_bytes().get(1) == Some(&b':') => PathBuf::from(text),
        _ => path.to_path_buf(),
    }
}

/// The paths that git tracks below `root`, relative to it, raw.
pub fn tracked_files(root: &Path) -> Result<Vec<Vec<u8>>, ToolError> {
    if let Some(paths) = index::paths(root) {
        return Ok(paths);
    }
    let out = git(root, &["ls-files", "-z", "--cached"])?;
    Ok(out
        .split(|byte| *byte == 0)
        .filter(|path| !path.is_empty())
        .map(<[u8]>::to_vec)
        .collect())
}

/// The error for a program that could not be started.
pub fn not_started(program: &'static str, error: &std::io::Error) -> ToolError {
    if error.kind() == std::io::ErrorKind::NotFound {
        ToolError::Missing { program }
    } else {
        ToolError::Failed {
            program,
            words: error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_to_git_and_people_as_they_write_them() {
        for (path, shown) in [
            ("/home/me/repo", "/home/me/repo"),
            (r"\\?\C:\repo", r"C:\repo"),
            (r"\\?\UNC\server\share\repo", r"\\server\share\repo"),
            (r"\\?\Volume{1}\repo", r"\\?\Volume{1}\repo"),
            (r"C:\repo", r"C:\repo"),
        ] {
            assert_eq!(plain(Path::new(path)), Path::new(shown));
        }
    }
}
