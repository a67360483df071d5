//! Where paths of the command line lead, and which repository is around them.

use std::path::{Component, Path, PathBuf};

use crate::config;
use crate::escape::terminal;

/// Where a path of the command line leads; says why it leads nowhere.
pub fn real(path: &Path) -> Result<PathBuf, String> {
    if let Some(link) = link_out(path) {
        return Err(leads_out(&link));
    }
    path.canonicalize().map_err(|error| error.to_string())
}

/// What to say of a link of the repository that leads out of it.
pub fn leads_out(link: &Path) -> String {
    let name = link.file_name().unwrap_or_default().to_string_lossy();
    format!(
        "{} is a link that leads out of the repository",
        terminal(&name)
    )
}

/// The first link on the way to `path` with which a repository leads out of itself.
pub fn link_out(path: &Path) -> Option<PathBuf> {
    let mut at = if path.has_root() {
        PathBuf::new()
    } else {
        std::env::current_dir().ok()?.canonicalize().ok()?
    };
    for part in path.components() {
        match part {
            Component::CurDir => continue,
            Component::ParentDir => {
                at.pop();
                continue;
            }
            part => at.push(part),
        }
        if !at.symlink_metadata().is_ok_and(|it| it.is_symlink()) {
            continue;
        }
        // What leads nowhere is neither read nor written through.
        let real = at.canonicalize().ok()?;
        let root = at.parent().and_then(repository_around);
        if root.is_some_and(|root| !real.starts_with(root)) {
            return Some(at);
        }
        at = real;
    }
    None
}

/// The repository that a folder belongs to, if it does.
fn repository_around(folder: &Path) -> Option<&Path> {
    with_git(folder).or_else(|| configured(folder))
}

/// The folder of the git repository around it.
pub fn with_git(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
}

/// The nearest folder around it that has a configuration.
pub fn configured(folder: &Path) -> Option<&Path> {
    let has_one = |above: &&Path| above.join(config::FILE_NAME).symlink_metadata().is_ok();
    folder.ancestors().find(has_one)
}
