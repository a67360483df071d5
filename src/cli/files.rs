//! Layer `cli`: files that are written whole or not at all, several together.
//!
//! A file's bytes go into a temporary file beside it, onto the disk, and only then take
//! its name: whoever is killed on the way leaves what was there before. Several files
//! are all prepared before the first takes its name, so a disk that is full or a folder
//! that cannot be written to leaves every one of them as it was.

use std::fs::{File, OpenOptions};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{BufWriter, Error, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::addition::{self, Addition};
use super::failure::Failure;
use super::named;
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
    let Some(link) = named::link_out(path) else {
        return Ok(());
    };
    Err(Failure::usage(
        format!(
            "cannot write {}: {}",
            terminal(&path.to_string_lossy()),
            named::leads_out(&link)
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

/// A temporary file beside the one that it will replace, on the disk: what stands in
/// `before`, if anything does, and then what `fill` writes.
///
/// # Errors
///
/// When the folder does not exist or cannot be written to, or when there is no room.
pub fn temporary(
    path: &Path,
    before: Option<&File>,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> std::io::Result<NamedTempFile> {
    let kept = before.map_or(Ok(0), |before| before.metadata().map(|meta| meta.len()))?;
    fits(kept)?;
    let mut file = tempfile::Builder::new()
        .prefix(".tmrs-")
        .permissions_like(path)
        .tempfile_in(folder_of(path))?;
    if let Some(mut before) = before {
        std::io::copy(&mut before, file.as_file_mut())?;
    }
    let mut out = BufWriter::new(Fitting {
        file: file.as_file_mut(),
        length: kept,
    });
    fill(&mut out)?;
    out.flush()?;
    drop(out);
    file.as_file().sync_all()?;
    Ok(file)
}

/// A file that ends with an error before it becomes larger than it may.
struct Fitting<'f> {
    file: &'f mut File,
    length: u64,
}

impl Write for Fitting<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        fits(self.length + bytes.len() as u64)?;
        let written = self.file.write(bytes)?;
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Holds the folder of a file until the result is dropped, so that others who replace the
/// file by what they make of it wait. On Windows, where no folder can be held, a file among
/// the temporary ones stands for it. `None` where nothing can be held (some network file systems).
pub fn hold_folder(path: &Path) -> Option<File> {
    let folder = folder_of(path);
    let held = if cfg!(windows) {
        let mut hasher = DefaultHasher::new();
        folder.canonicalize().ok()?.hash(&mut hasher);
        let name = format!("tmrs-{:x}.lock", hasher.finish());
        let stands_for_it = std::env::temp_dir().join(name);
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(stands_for_it)
    } else {
        File::open(folder)
    };
    let held = held.ok()?;
    held.lock().ok()?;
    Some(held)
}

/// Whether a file may be as large: the system ends a program that tries without a word.
///
/// # Errors
///
/// When it may not.
pub fn fits(length: u64) -> std::io::Result<()> {
    match largest() {
        Some(most) if length > most => Err(ErrorKind::FileTooLarge.into()),
        _ => Ok(()),
    }
}

/// How large a file of this process may become (`ulimit -f`), in bytes.
#[cfg(unix)]
fn largest() -> Option<u64> {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::Fsize).current
}

#[cfg(not(unix))]
fn largest() -> Option<u64> {
    None
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
