//! Files that will replace others: written beside them, onto the disk, within the limits
//! of this process, while nobody else replaces the same ones.

use std::fs::{File, OpenOptions};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;

use tempfile::NamedTempFile;

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
