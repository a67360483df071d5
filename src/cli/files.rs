//! Layer `cli`: files that are written whole or not at all, several together.
//!
//! A file's bytes go into a temporary file beside it, onto the disk, and only then take
//! its name: whoever is killed on the way leaves what was there before. Several files
//! are all prepared before the first takes its name, so a disk that is full or a folder
//! that cannot be written to leaves every one of them as it was.

use std::fs::OpenOptions;
use std::io::{Error, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::addition::{self, Addition};
use super::failure::Failure;
use super::links;
use super::temporary::temporary;
use crate::escape::terminal;

/// A file's new contents, on the disk under another name.
pub struct Prepared {
    path: PathBuf,
    way: Way,
}

enum Way {
    /// Takes the file's place.
    Replace(NamedTempFile),
    /// A pipe or device, which a rename would put an ordinary file in place of.
    Into(Vec<u8>),
    /// A file that others write to as well keeps what it holds.
    Add(Addition),
}

/// Prepares a file; nothing that can be seen under its name changes yet.
///
/// # Errors
///
/// When the folder does not exist or cannot be written to, or when the disk is full.
pub fn prepare(path: &Path, bytes: &[u8]) -> Result<Prepared, Failure> {
    prepare_by(path, |out| out.write_all(bytes))
}

/// The same, with what `fill` writes.
///
/// # Errors
///
/// Those of [`prepare`], and what `fill` says.
pub fn prepare_by(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<Prepared, Failure> {
    stays(path)?;
    let prepared = |way| Prepared {
        path: path.to_owned(),
        way,
    };
    if let Ok(there) = path.metadata() {
        if there.is_dir() {
            return Err(cannot(path, &Error::from(ErrorKind::IsADirectory)));
        }
        if !there.is_file() {
            let mut bytes = Vec::new();
            fill(&mut bytes).map_err(|error| cannot(path, &error))?;
            return Ok(prepared(Way::Into(bytes)));
        }
    }
    temporary(path, None, fill)
        .map(|file| prepared(Way::Replace(file)))
        .map_err(|error| cannot(path, &error))
}

/// Prepares an addition to a file that others write to as well; see [`addition::prepare`].
///
/// # Errors
///
/// When the file can't be opened for that, or when the disk is full.
pub fn prepare_addition(path: &Path, bytes: &[u8]) -> Result<Prepared, Failure> {
    stays(path)?;
    if path.metadata().is_ok_and(|there| !there.is_file()) {
        // A pipe, device or folder holds nothing that is to be kept.
        return prepare(path, bytes);
    }
    let way = addition::prepare(path, bytes).map(Way::Add);
    Ok(Prepared {
        path: path.to_owned(),
        way: way.map_err(|error| cannot(path, &error))?,
    })
}

/// Whoever wrote the repository does not choose where outside of it something is written.
///
/// # Errors
///
/// When a link of the repository on the way to `path` leads out of it.
pub fn stays(path: &Path) -> Result<(), Failure> {
    let Some(link) = links::link_out(path) else {
        return Ok(());
    };
    Err(Failure::usage(
        format!(
            "cannot write {}: {}",
            terminal(&path.to_string_lossy()),
            links::leads_out(&link)
        ),
        "name the place itself, not a link to it",
    ))
}

impl Prepared {
    /// Lets the file be seen.
    ///
    /// # Errors
    ///
    /// When it can't take its place after all.
    pub fn put(self) -> Result<(), Failure> {
        let Self { path, way } = self;
        let put = match way {
            Way::Replace(file) => file.persist(&path).map(drop).map_err(|e| e.error),
            Way::Into(bytes) => OpenOptions::new()
                .write(true)
                .open(&path)
                .and_then(|mut file| file.write_all(&bytes)),
            Way::Add(addition) => addition.put(),
        };
        put.map_err(|error| cannot(&path, &error))
    }
}

/// Writes one file whole or not at all.
///
/// # Errors
///
/// Those of [`prepare`] and [`Prepared::put`].
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    prepare(path, bytes.as_ref())?.put()
}

/// What went wrong, without the system's numbers, and what to do about it.
fn cannot(path: &Path, error: &Error) -> Failure {
    let (reason, help) = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => (
            "its folder does not exist".to_owned(),
            "make the folder first, or choose another",
        ),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => (
            "its folder cannot be written to".to_owned(),
            "choose a folder that can be written to",
        ),
        ErrorKind::IsADirectory => (
            "it is a folder".to_owned(),
            "name a file, such as report.sarif inside it",
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (
            "there is no room for it".to_owned(),
            "make room on that disk; what was there before is unchanged",
        ),
        ErrorKind::FileTooLarge => (
            "no file may be as large here".to_owned(),
            "raise the limit (`ulimit -f`); what was there before is unchanged",
        ),
        _ => (
            error.to_string(),
            "choose a folder that exists and can be written to",
        ),
    };
    Failure::usage(
        format!(
            "cannot write {}: {}",
            terminal(&path.to_string_lossy()),
            terminal(&reason)
        ),
        help,
    )
}
