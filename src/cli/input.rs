//! A model on standard input: PATH `-`, called as `--stdin-name` says.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::args::Stdin;
use super::failure::Failure;
use crate::source::MAX_FILE_BYTES;

/// What came on standard input.
pub struct Input {
    /// Where it is taken to lie, as the command line says.
    pub name: PathBuf,
    /// What it says.
    pub bytes: Vec<u8>,
}

impl Input {
    /// Takes `-` from the PATHs, and reads it if it was there.
    pub fn take(paths: &mut Vec<PathBuf>, said: Option<&Stdin>) -> Result<Option<Self>, Failure> {
        let said = said.and_then(|said| said.stdin_name.as_ref());
        let before = paths.len();
        paths.retain(|path| path != Path::new("-"));
        match (before - paths.len(), said) {
            (0, None) => return Ok(None),
            (0, Some(_)) => {
                return Err(Failure::usage(
                    "--stdin-name names a model on standard input, and none is read",
                    "add `-` as a PATH",
                ));
            }
            (1, _) => {}
            _ => {
                return Err(Failure::usage(
                    "`-` is named twice",
                    "standard input holds one model",
                ));
            }
        }
        let mut bytes = Vec::new();
        // One byte more than is read of a file: a longer input is refused as a file would be.
        let mut input = std::io::stdin().lock().take(MAX_FILE_BYTES + 1);
        input.read_to_end(&mut bytes).map_err(|error| {
            Failure::usage(
                format!("standard input cannot be read: {error}"),
                "pipe a model into tmrs, or name its file",
            )
        })?;
        let name = said.cloned();
        Ok(Some(Self {
            name: name.unwrap_or_else(|| usual_name(&bytes).into()),
            bytes,
        }))
    }
}

/// Standard input is in no revision.
///
/// # Errors
/// It would be compared with one.
pub fn is_in_no_revision(input: Option<&Input>, compares: bool) -> Result<(), Failure> {
    if input.is_none() || !compares {
        return Ok(());
    }
    Err(Failure::usage(
        "a model on standard input is in no revision, so it cannot be compared with one",
        "leave out --since and --pre-commit, or name the model's file",
    ))
}

/// A name with the ending that fits: a pytm model imports pytm, everything else is YAML, and
/// so is JSON.
fn usual_name(bytes: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(bytes);
    let imports = |line: &str| line.starts_with("from pytm") || line.starts_with("import pytm");
    if text.lines().any(imports) {
        "stdin.py"
    } else {
        "stdin.yaml"
    }
}
