//! Layer `rules`: a pack of one's own, a folder with `pack.yaml` beside its rules.

use std::sync::Arc;

use super::fields::Fields;
use crate::notice::{Notice, code};
use crate::source::{RepoPath, Source};
use crate::syntax;

/// The name of the file that makes a folder a pack.
pub(super) const FILE: &str = "pack.yaml";

/// A pack of one's own.
#[derive(Debug)]
pub(super) struct OwnPack {
    /// Its id; rules of the pack get the tag `pack:<id>`.
    pub(super) id: Arc<str>,
    folder: RepoPath,
}

impl OwnPack {
    /// Whether a file belongs to the pack.
    pub(super) fn holds(&self, path: &RepoPath) -> bool {
        path.is_below(&self.folder)
    }
}

/// Whether a file is a pack's own description.
pub(super) fn is_pack(path: &RepoPath) -> bool {
    path.file_name() == FILE
}

/// Reads `pack.yaml`: `id`, `version`, and `minimum-tmrs`, the oldest tmrs that
/// can judge with it. Complaints go to `notices`.
pub(super) fn read(source: &Arc<Source>, notices: &mut Vec<Notice>) -> Option<OwnPack> {
    let document = syntax::parse(source);
    notices.extend(document.notices);
    let root = document.root?;
    let mut fields = Fields::new(source, &root, notices);
    fields.only(&["id", "version", "minimum-tmrs", "description"]);
    let id = fields.required("id");
    let _ = fields.required("version");
    let minimum = fields.text("minimum-tmrs");
    if let (Some(minimum), Some(node)) = (minimum, root.get("minimum-tmrs"))
        && newer(&minimum, env!("CARGO_PKG_VERSION"))
    {
        let message = format!(
            "this pack needs tmrs {minimum} at least, this is {}",
            env!("CARGO_PKG_VERSION")
        );
        fields.complain_with(
            code::RULE_FIELD,
            node.span,
            message,
            Some("update tmrs, or use an older version of the pack".into()),
        );
    }
    let sound = !fields.broken;
    let folder = source.path().folder();
    id.filter(|_| sound).map(|id| OwnPack { id, folder })
}

/// Whether version `a` is later than `b`, part by part; a missing part is 0.
pub fn newer(a: &str, b: &str) -> bool {
    let parts = |version: &str| -> Vec<u64> {
        let numbers = version.split('-').next().unwrap_or("");
        let mut parts: Vec<u64> = numbers
            .split('.')
            .map(|part| part.parse().unwrap_or(0))
            .collect();
        parts.resize(parts.len().max(3), 0);
        parts
    };
    parts(a) > parts(b)
}
