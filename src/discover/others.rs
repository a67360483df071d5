//! Files whose names let nobody expect a model: which of them are looked at all the same.

use crate::source::RepoPath;

/// The largest of them that is opened: what a person writes is smaller, and what is larger
/// is data of another program.
pub(super) const MOST_BYTES: u64 = 512 * 1024;

/// Endings of what is no text, of prose, and of other programming languages: such a file
/// runs no pytm and is read by nobody as YAML, so it is not even opened.
const SETTLED: &[&str] = &[
    "7z", "a", "adoc", "avif", "bin", "bmp", "bz2", "c", "cc", "cjs", "class", "cpp", "cs", "css",
    "csv", "dart", "db", "dll", "dmg", "doc", "docx", "dylib", "eot", "exe", "gif", "go", "gz",
    "h", "heic", "hpp", "htm", "html", "ico", "jar", "java", "jpeg", "jpg", "js", "jsx", "kt",
    "less", "lib", "lock", "lua", "m4a", "map", "markdown", "md", "mdx", "mjs", "mo", "mov", "mp3",
    "mp4", "npy", "npz", "o", "odg", "odt", "ogg", "onnx", "otf", "parquet", "pdf", "php", "png",
    "po", "ppt", "pptx", "ps1", "psd", "pt", "pyc", "pyd", "pyo", "rar", "rb", "rs", "rst",
    "scala", "scss", "so", "sqlite", "sqlite3", "sum", "svelte", "svg", "swift", "tar", "tgz",
    "tif", "tiff", "ts", "tsv", "tsx", "ttf", "vue", "war", "wasm", "wav", "webm", "webp", "whl",
    "woff", "woff2", "xls", "xlsx", "xml", "xz", "zip", "zst",
];

/// Whether it is left open by its name what a file is.
pub(super) fn may_be_one(path: &RepoPath) -> bool {
    let ending = path.extension().map(str::to_ascii_lowercase);
    ending.is_none_or(|ending| SETTLED.binary_search(&ending.as_str()).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_endings_are_sorted_and_none_is_one_of_a_model() {
        assert!(SETTLED.is_sorted());
        for ending in super::super::ENDINGS {
            assert!(!SETTLED.contains(&ending), "{ending}");
        }
        for (name, open) in [
            ("model.py3", true),
            ("model", true),
            (".model", true),
            ("model.yml.j2", true),
            ("MODEL.RS", false),
            ("model.md", false),
        ] {
            assert_eq!(may_be_one(&RepoPath::new(name).unwrap()), open, "{name}");
        }
    }
}
