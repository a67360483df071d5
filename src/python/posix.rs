//! Paths as `posixpath` and `pathlib` take them apart: text alone, no file is looked at.

use super::{Outcome, raises, unread};

/// `os.path.join` of two parts.
pub fn join(base: &str, part: &str) -> String {
    if part.starts_with('/') {
        part.to_owned()
    } else if base.is_empty() || base.ends_with('/') {
        format!("{base}{part}")
    } else {
        format!("{base}/{part}")
    }
}

/// `os.path.split`: the folder and the name.
pub fn split(path: &str) -> (&str, &str) {
    let (head, tail) = path.split_at(path.rfind('/').map_or(0, |slash| slash + 1));
    let folder = head.trim_end_matches('/');
    (if folder.is_empty() { head } else { folder }, tail)
}

/// `os.path.splitext`: everything before the last dot of the name, and the rest.
pub fn split_ending(path: &str) -> (&str, &str) {
    let (_, name) = split(path);
    let dots = name.len() - name.trim_start_matches('.').len();
    match name.rfind('.') {
        Some(dot) if dot >= dots => path.split_at(path.len() - name.len() + dot),
        _ => (path, ""),
    }
}

/// What a path begins with: two slashes mean something else than one or three.
fn root(path: &str) -> &'static str {
    match path.len() - path.trim_start_matches('/').len() {
        0 => "",
        2 => "//",
        _ => "/",
    }
}

/// `os.path.normpath`.
pub fn normal(path: &str) -> String {
    let root = root(path);
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if !root.is_empty() => {}
            part => parts.push(part),
        }
    }
    shown(root, &parts)
}

fn shown(root: &str, parts: &[&str]) -> String {
    let path = format!("{root}{}", parts.join("/"));
    if path.is_empty() {
        ".".to_owned()
    } else {
        path
    }
}

/// The parts of a path of `pathlib` below its root.
pub fn parts(path: &str) -> Vec<&str> {
    let parts = path.split('/');
    parts.filter(|part| !matches!(*part, "" | ".")).collect()
}

/// A path as `pathlib` keeps it: without `.` and doubled slashes.
pub fn pure(path: &str) -> String {
    shown(root(path), &parts(path))
}

/// `parts` of a path of `pathlib`.
pub fn all_parts(path: &str) -> Vec<&str> {
    let root = root(path);
    let mut all = parts(path);
    if !root.is_empty() {
        all.insert(0, root);
    }
    all
}

/// `name` of a path of `pathlib`.
pub fn name(path: &str) -> &str {
    parts(path).last().copied().unwrap_or("")
}

/// `parent` of a path of `pathlib`.
pub fn parent(path: &str) -> String {
    let mut parts = parts(path);
    parts.pop();
    shown(root(path), &parts)
}

/// `stem` and `suffix` of a path of `pathlib`.
///
/// # Errors
/// Versions of Python differ about names that begin with two dots or end with one.
pub fn stem_and_suffix(path: &str) -> Outcome<(&str, &str)> {
    let name = name(path);
    if name.starts_with("..") || name.ends_with('.') {
        return unread("the suffix of a name that dots begin or end");
    }
    Ok(split_ending(name))
}

/// `with_name`.
///
/// # Errors
/// Paths without a name, and names that are none.
pub fn with_name(path: &str, new: &str) -> Outcome<String> {
    if name(path).is_empty() || name(path) == ".." {
        return raises("ValueError", "the path has an empty name");
    }
    if new.is_empty() || new == "." || new.contains('/') {
        return raises("ValueError", "Invalid name");
    }
    Ok(pure(&join(&parent(path), new)))
}

/// `with_suffix`.
///
/// # Errors
/// Paths without a name, and suffixes that are none.
pub fn with_suffix(path: &str, suffix: &str) -> Outcome<String> {
    if suffix.contains('/') || suffix == "." || !(suffix.is_empty() || suffix.starts_with('.')) {
        return raises("ValueError", "Invalid suffix");
    }
    let (stem, _) = stem_and_suffix(path)?;
    with_name(path, &format!("{stem}{suffix}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart_as_python_does() {
        let cases = [
            ("/a/", "/a", "", "/a"),
            ("a//b", "a", "b", "a/b"),
            ("//a//b", "//a", "b", "//a/b"),
            ("/", "/", "", "/"),
            ("", "", "", "."),
            ("///a", "///", "a", "/a"),
            ("a/../../b", "a/../..", "b", "../b"),
        ];
        for (path, folder, name, normal_path) in cases {
            assert_eq!((folder, name), split(path), "{path}");
            assert_eq!(normal_path, normal(path), "{path}");
        }
        assert_eq!(("..b", ""), split_ending("..b"));
        assert_eq!(("a.tar", ".gz"), split_ending("a.tar.gz"));
        assert_eq!("./x", join(".", "x"));
    }

    #[test]
    fn paths_of_pathlib_keep_no_dots_and_doubled_slashes() {
        assert_eq!("a/b/c", pure("a//b/./c"));
        assert_eq!("a/../b", pure("a/../b"));
        assert_eq!(vec!["/", "a"], all_parts("/a/"));
        assert_eq!(("/", "."), (&*parent("/"), &*parent("a")));
        assert_eq!(Ok("a/b.md".to_owned()), with_suffix("a/b.txt", ".md"));
        assert!(with_suffix("a/b.txt", "md").is_err() && stem_and_suffix("a.").is_err());
    }
}
