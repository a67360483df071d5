//! Layer `cli`: text that is added to a file which others write to as well, such as the
//! summary of a GitHub job, whole or not at all.
//!
//! Appending is not enough: whoever is killed while the system copies the bytes leaves some
//! of them. So what the file holds and what is added to it go into a temporary file, which
//! then takes its name. The folder is held meanwhile, so that of several programs that add
//! at once each finds what the others added.
//!
//! Where the file must stay the one it is, it is appended to: where its folder can be
//! neither held nor written to, where it is mounted by itself, is another user's, has
//! further names, or is this program's own output.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::temporary::{fits, hold_folder, temporary};

/// An addition that is ready to be made. The folder is held until then.
pub struct Addition {
    path: PathBuf,
    added: Vec<u8>,
    /// The file as it is, read as far as it was copied.
    old: Option<File>,
    /// What takes its place; `None` where it is to be appended to.
    new: Option<NamedTempFile>,
    _held: Option<File>,
}

/// Prepares an addition to an ordinary file, or to one that is not there yet; nothing that
/// can be seen under its name changes yet. One process prepares one addition a folder at a
/// time, for the next one waits for it.
///
/// # Errors
///
/// When the file can't be opened to be added to, its folder does not exist, or the disk is
/// full.
pub fn prepare(path: &Path, added: &[u8]) -> Result<Addition> {
    // A link keeps leading to the file that it led to.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let held = hold_folder(&path);
    let old = match OpenOptions::new().read(true).append(true).open(&path) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let new = match &held {
        Some(_) => replacement(&path, old.as_ref(), added)?,
        None => None,
    };
    Ok(Addition {
        path,
        added: added.to_vec(),
        old,
        new,
        _held: held,
    })
}

/// The file that takes the old one's place; `None` where nothing may or can.
fn replacement(path: &Path, old: Option<&File>, added: &[u8]) -> Result<Option<NamedTempFile>> {
    let may = match old {
        Some(old) => has_one_name(old)? && !is_own_output(old)?,
        // A link that leads nowhere: the file is to be made where it points.
        None => !path.is_symlink(),
    };
    if !may {
        return Ok(None);
    }
    match temporary(path, old, |out| out.write_all(added)) {
        Ok(new) => Ok(old.is_none_or(|old| took_after(&new, old)).then_some(new)),
        Err(error) if old.is_some() && is_closed(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a folder takes no new files, which its old ones need not mind.
fn is_closed(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
    )
}

impl Addition {
    /// Lets it be seen.
    ///
    /// # Errors
    ///
    /// When it can be neither put in the file's place nor appended.
    pub fn put(self) -> Result<()> {
        let Some(new) = self.new else {
            return append(&self.path, &self.added);
        };
        if new.persist(&self.path).is_err() {
            // It is mounted by itself, say.
            return append(&self.path, &self.added);
        }
        let mut meanwhile = Vec::new();
        if let Some(mut old) = self.old {
            // Who holds no folder may have appended to it since.
            old.read_to_end(&mut meanwhile)?;
        }
        if meanwhile.is_empty() {
            return Ok(());
        }
        append(&self.path, &meanwhile)
    }
}

/// Appends, and takes back what came through when not all of it did.
fn append(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let before = file.metadata()?.len();
    fits(before + bytes.len() as u64)?;
    let written = file.write_all(bytes);
    if written.is_err() {
        file.set_len(before)?;
    }
    written
}

/// Whether no other name of the file would go on naming the old one.
#[cfg(unix)]
fn has_one_name(file: &File) -> Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(file.metadata()?.nlink() == 1)
}

/// Whether the file is what standard output or standard error goes to: a script that has
/// redirected itself there goes on writing into the old one.
#[cfg(unix)]
fn is_own_output(file: &File) -> Result<bool> {
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::MetadataExt as _;
    let identity = |file: &File| file.metadata().map(|meta| (meta.dev(), meta.ino()));
    let own = identity(file)?;
    let streams = [
        std::io::stdout().as_fd().try_clone_to_owned(),
        std::io::stderr().as_fd().try_clone_to_owned(),
    ];
    let mut open = streams.into_iter().flatten().map(File::from);
    Ok(open.any(|stream| identity(&stream).is_ok_and(|other| other == own)))
}

/// Gives the new file the old one's owner and permissions; whether it has them now.
#[cfg(unix)]
fn took_after(new: &NamedTempFile, old: &File) -> bool {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let Ok(like) = old.metadata() else {
        return false;
    };
    let owner = |file: &File| file.metadata().map(|meta| (meta.uid(), meta.gid()));
    let same = owner(new.as_file()).is_ok_and(|own| own == (like.uid(), like.gid()));
    (same || fchown(new.as_file(), Some(like.uid()), Some(like.gid())).is_ok())
        && new.as_file().set_permissions(like.permissions()).is_ok()
}

// Elsewhere no folder can be held, and every addition is appended.
#[cfg(not(unix))]
fn has_one_name(_: &File) -> Result<bool> {
    Ok(false)
}

#[cfg(not(unix))]
fn is_own_output(_: &File) -> Result<bool> {
    Ok(false)
}

#[cfg(not(unix))]
fn took_after(_: &NamedTempFile, _: &File) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_append_meanwhile_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary");
        std::fs::write(&path, "before\n").unwrap();
        let addition = prepare(&path, b"ours\n").unwrap();
        append(&path, b"theirs\n").unwrap();
        addition.put().unwrap();
        let mut lines: Vec<_> = std::fs::read_to_string(&path)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect();
        lines.sort();
        assert_eq!(lines, ["before", "ours", "theirs"]);
    }
}
