//! What lies in the working tree, without what the repository itself ignores.
//!
//! The machine's global ignore files do not count, so that every machine sees the
//! same; nor does a `.gitignore` that is a link: git does not follow it either.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::RepoPath;
use super::tree::{EntryKind, TreeError};

/// A longer `.gitignore` hides nothing.
const LONGEST_IGNORE_FILE: u64 = 1024 * 1024;

/// A folder to be looked at, with the ignore files that hold in it, the outermost first.
struct Folder {
    path: RepoPath,
    ignored: Vec<Arc<Gitignore>>,
}

/// Every file and link below `root`, and every folder that cannot be listed.
pub(super) fn walk(root: &Path) -> Result<Vec<(RepoPath, EntryKind)>, TreeError> {
    let mut found = Vec::new();
    let mut folders = vec![Folder {
        path: RepoPath::default(),
        ignored: Vec::new(),
    }];
    while let Some(mut folder) = folders.pop() {
        let place = root.join(folder.path.as_str());
        let entries = match fs::read_dir(&place) {
            Ok(entries) => entries,
            Err(error) if folder.path.as_str().is_empty() => {
                return Err(TreeError::Walk {
                    folder: ".".into(),
                    reason: error.to_string(),
                });
            }
            Err(_) => {
                found.push((folder.path, EntryKind::Unreadable));
                continue;
            }
        };
        folder.ignored.extend(ignore_file(&place).map(Arc::new));
        for entry in entries.flatten() {
            let (Ok(kind), Some(path)) = (entry.file_type(), below(&folder.path, &entry)) else {
                continue;
            };
            if path.is_git_internal() || is_ignored(&folder, &entry.path(), kind.is_dir()) {
                continue;
            }
            if kind.is_symlink() {
                found.push((path, EntryKind::Link));
            } else if kind.is_file() {
                found.push((path, EntryKind::File));
            } else if kind.is_dir() && !is_another_root(&entry.path()) {
                folders.push(Folder {
                    path,
                    ignored: folder.ignored.clone(),
                });
            }
        }
    }
    Ok(found)
}

fn below(folder: &RepoPath, entry: &fs::DirEntry) -> Option<RepoPath> {
    folder.join(entry.file_name().to_str()?)
}

/// Every file and link below a folder of the tree, sorted, ignored ones too.
pub(super) fn all_below(root: &Path, folder: &RepoPath) -> Result<Vec<RepoPath>, TreeError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(folder) = folders.pop() {
        let failed = |error: std::io::Error| TreeError::Walk {
            folder: folder.to_string(),
            reason: error.to_string(),
        };
        for entry in fs::read_dir(root.join(folder.as_str())).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let (Ok(kind), Some(path)) = (entry.file_type(), below(&folder, &entry)) else {
                continue;
            };
            if path.is_git_internal() {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() || kind.is_symlink() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a folder is a repository of its own, such as a submodule that is
/// checked out or another worktree: what lies in it has another root (docs/semantics.md
/// §0), and no revision of this repository knows it.
fn is_another_root(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok()
}

/// Whether the innermost ignore file that says something about it leaves it out.
fn is_ignored(folder: &Folder, path: &Path, is_folder: bool) -> bool {
    let matches = folder.ignored.iter().rev();
    matches
        .map(|ignored| ignored.matched(path, is_folder))
        .find(|found| !found.is_none())
        .is_some_and(|found| found.is_ignore())
}

/// What the `.gitignore` of a folder says; a line that is no pattern says nothing.
fn ignore_file(folder: &Path) -> Option<Gitignore> {
    let path = folder.join(".gitignore");
    let there = path.symlink_metadata().ok()?;
    if !there.is_file() || there.len() > LONGEST_IGNORE_FILE {
        return None;
    }
    let mut bytes = Vec::new();
    let file = File::open(&path).ok()?;
    file.take(LONGEST_IGNORE_FILE)
        .read_to_end(&mut bytes)
        .ok()?;
    let mut builder = GitignoreBuilder::new(folder);
    for line in String::from_utf8_lossy(&bytes).lines() {
        let _ = builder.add_line(None, line.trim_start_matches('\u{feff}'));
    }
    builder.build().ok()
}
