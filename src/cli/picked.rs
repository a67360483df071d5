//! Which of several models in one file: `PATH#Model name`.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::repository::Repository;
use crate::escape::terminal;
use crate::finding::canonical;
use crate::model::Model;
use crate::source::RepoPath;

/// A model that the command line picks.
struct Pick {
    file: PathBuf,
    name: String,
}

/// The models that the command line picks out of their files.
pub struct Picked(Vec<Pick>);

impl Picked {
    /// Takes the names of models off the PATHs. A file that is called so wins.
    pub fn take(paths: &mut [PathBuf]) -> Self {
        let mut picked = Vec::new();
        for path in paths {
            if let Some((file, name)) = split(path) {
                path.clone_from(&file);
                picked.push(Pick { file, name });
            }
        }
        Self(picked)
    }

    /// Leaves the models that were picked, of files of which any were.
    ///
    /// # Errors
    /// A file has no model of that name.
    pub fn keep(&self, models: &mut Vec<Model>, repository: &Repository) -> Result<(), Failure> {
        let mut wanted: Vec<(RepoPath, String)> = Vec::new();
        for pick in &self.0 {
            let real = pick.file.canonicalize().ok();
            let Some(path) = real.and_then(|real| repository.inside(&real)) else {
                continue;
            };
            let name = canonical(&pick.name);
            let of_file: Vec<&Model> = models.iter().filter(|m| *m.path() == path).collect();
            if !of_file.is_empty() && of_file.iter().all(|m| canonical(&m.name) != name) {
                return Err(no_such_model(&path, &pick.name, &of_file));
            }
            wanted.push((path, name));
        }
        models.retain(|model| {
            let mut of_file = wanted
                .iter()
                .filter(|(path, _)| path == model.path())
                .peekable();
            of_file.peek().is_none() || of_file.any(|(_, name)| *name == canonical(&model.name))
        });
        Ok(())
    }
}

/// A file that exists, and what stands behind it.
fn split(path: &Path) -> Option<(PathBuf, String)> {
    if path.symlink_metadata().is_ok() {
        return None;
    }
    let text = path.to_str()?;
    let parts = text
        .match_indices('#')
        .map(|(at, _)| (&text[..at], &text[at + 1..]));
    let mut files = parts.filter(|(file, _)| Path::new(file).is_file());
    files
        .next()
        .map(|(file, name)| (file.into(), name.to_owned()))
}

fn no_such_model(path: &RepoPath, name: &str, models: &[&Model]) -> Failure {
    let known: Vec<_> = models.iter().map(|model| terminal(&model.name)).collect();
    Failure::usage(
        format!("{path} has no model “{}”", terminal(name)),
        format!("write one of these behind the `#`: {}", known.join(", ")),
    )
}
