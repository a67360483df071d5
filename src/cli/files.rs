//! Layer `cli`: files that are written whole or not at all, several together.
//!
//! A file's bytes go into a temporary file beside it, onto the disk, and only then take
//! its name: whoever is killed on the way leaves what was there before. Several files
//! are all prepared before the first takes its name, so a disk that is full or a folder
//! that cannot be written to leaves every one of them as it was.

use std::fs::OpenOptions;
use std::io::{Error, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::Failure;
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
    Append(Vec<u8>),
}

/// Prepares a file; nothing that can be seen under its name changes yet.
///
/// # Errors
///
/// When the folder does not exist or cannot be written to, or when the disk is full.
pub fn prepare(path: &Path, bytes: &[u8]) -> Result<Prepared, Failure> {
    let prepared = |way| Prepared {
        path: path.to_owned(),
        way,
    };
    if let Ok(there) = path.metadata() {
        if there.is_dir() {
            return Err(cannot(path, &Error::from(ErrorKind::IsADirectory)));
        }
        if !there.is_file() {
            return Ok(prepared(Way::Into(bytes.to_vec())));
        }
    }
    temporary(path, bytes)
        .map(|file| prepared(Way::Replace(file)))
        .map_err(|error| cannot(path, &error))
}

/// Prepares an addition to a file that others write to as well.
///
/// # Errors
///
/// When the file can't be opened for that.
pub fn prepare_addition(path: &Path, bytes: &[u8]) -> Result<Prepared, Failure> {
    open_to_append(path).map_err(|error| cannot(path, &error))?;
    Ok(Prepared {
        path: path.to_owned(),
        way: Way::Append(bytes.to_vec()),
    })
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
            Way::Append(bytes) => append(&path, &bytes),
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

/// A temporary file beside the one that it will replace, its bytes on the disk.
fn temporary(path: &Path, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".tmrs-")
        .permissions_like(path)
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn open_to_append(path: &Path) -> std::io::Result<std::fs::File> {
    OpenOptions::new().append(true).create(true).open(path)
}

/// Adds bytes, and takes back what came through when not all of them did.
fn append(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = open_to_append(path)?;
    let before = file.metadata().ok().filter(std::fs::Metadata::is_file);
    let written = file.write_all(bytes);
    if let (Err(_), Some(before)) = (&written, before) {
        file.set_len(before.len())?;
    }
    written
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
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => (
            "there is no room for it".to_owned(),
            "make room on that disk; what was there before is unchanged",
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
