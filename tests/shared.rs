//! Where tests find files, and what some of them need from outside the repository.
//!
//! A test that needs more than cargo and git is ignored, and its reason names the
//! command that runs it. That command runs in CI, where a missing piece is a failure.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tmrs::source::{RepoPath, Source};

/// The root of tmrs's own repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// pytm 1.4.0's threat file, which is not part of the project: `scripts/test-all`
/// installs pytm and says where it is.
pub fn pytm_threats() -> Arc<Source> {
    let path = std::env::var_os("TMRS_PYTM_THREATS").map(PathBuf::from);
    let path = path.expect("TMRS_PYTM_THREATS names pytm's threat file; scripts/test-all sets it");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Source::new(RepoPath::new("threats.json").unwrap(), text)
}
