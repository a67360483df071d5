//! Where tests find files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tmrs::source::{RepoPath, Source};

/// The root of tmrs's own repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// pytm 1.4.0's threat file. It is not part of the project: whoever has it says
/// where by `TMRS_PYTM_THREATS`, or keeps it in `../shared/pytm/`. Tests that
/// are about it pass without it.
pub fn pytm_threats() -> Option<Arc<Source>> {
    let beside = root().join("../shared/pytm/threats-1.4.0.json");
    let path = std::env::var_os("TMRS_PYTM_THREATS").map_or(beside, PathBuf::from);
    let text = std::fs::read_to_string(path).ok()?;
    Some(Source::new(RepoPath::new("threats.json")?, text))
}
