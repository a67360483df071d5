//! Layer `tools`: the only place that starts a program.
//!
//! Arguments are fixed and never taken from a model; what a person names (a
//! ref, a path) is passed only behind `--end-of-options` or as data. External
//! diff, textconv, fsmonitor, hooks, prompts and lazy fetching are off.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

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
pub fn git_command(root: &Path) -> Command {
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
        .env("GIT_PAGER", "cat")
        .env("LC_ALL", "C")
        .env_remove("GIT_EXTERNAL_DIFF")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE");
    command
}

/// The paths that git tracks below `root`, relative to it, raw.
pub fn tracked_files(root: &Path) -> Result<Vec<Vec<u8>>, ToolError> {
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
