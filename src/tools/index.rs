//! What git tracks, read from its index: to start git for that took a fifth of a short run.
//!
//! Only the plain index of a plain repository is read here (gitformat-index(5), versions 2 to 4).
//! Whatever may mean more than it says, such as a split or sparse index, another hash, a linked
//! working tree, an owner whom git would not trust or settings in the environment, is git's to
//! answer.

use std::fs;
use std::path::Path;

/// How large an index may be that is read here, in bytes.
const MOST_BYTES: u64 = 256 << 20;
/// How large a repository's configuration may be that is looked at.
const MOST_CONFIG: u64 = 1 << 20;

/// Bytes of an entry before its flags: times, device, inode, mode, owner, size and hash.
const BEFORE_FLAGS: usize = 60;
/// The flag of an entry that has two bytes of flags more.
const EXTENDED: u16 = 0x4000;
/// The hash of all that comes before it, at the end.
const HASH: usize = 20;

/// The paths that git tracks below `root`, as `git ls-files -z --cached` gives them; `None` where
/// git is to be asked.
pub(super) fn paths(root: &Path) -> Option<Vec<Vec<u8>>> {
    let git = root.join(".git");
    if is_told_by_environment() || !is_plain(root, &git) {
        return None;
    }
    let index = git.join("index");
    let about = fs::symlink_metadata(&index).ok()?;
    if !about.is_file() || about.len() > MOST_BYTES {
        return None;
    }
    entries(&fs::read(index).ok()?)
}

/// Whether a variable tells git something else than the repository does. Those that name other
/// places are taken from it anyway ([`git_command`](super::git_command)).
fn is_told_by_environment() -> bool {
    let telling = [
        "GIT_COMMON_DIR",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_PARAMETERS",
        "GIT_TEST_ASSUME_DIFFERENT_OWNER",
    ];
    telling.iter().any(|name| std::env::var_os(name).is_some())
}

/// Whether a folder is a repository of the user's own, with nothing in its settings that says where
/// its files are or how they are named.
fn is_plain(root: &Path, git: &Path) -> bool {
    let is_folder = |path: &Path| fs::symlink_metadata(path).is_ok_and(|it| it.is_dir());
    let has = |name: &str| is_folder(&git.join(name));
    is_own(root)
        && is_own(git)
        && is_folder(git)
        && has("objects")
        && has("refs")
        && git.join("HEAD").is_file()
        && is_plainly_configured(&git.join("config"))
}

/// Whether a file or folder belongs to the user, as git wants it (safe.directory).
#[cfg(unix)]
fn is_own(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let owner = rustix::process::geteuid().as_raw();
    fs::symlink_metadata(path).is_ok_and(|it| it.uid() == owner)
}

/// Nobody can tell here, so git is asked.
#[cfg(not(unix))]
fn is_own(_: &Path) -> bool {
    false
}

/// Whether a repository's settings are none that change what its index means.
fn is_plainly_configured(config: &Path) -> bool {
    let is_small = fs::metadata(config).is_ok_and(|it| it.is_file() && it.len() <= MOST_CONFIG);
    let Some(Ok(text)) = is_small.then(|| fs::read_to_string(config)) else {
        return false;
    };
    let text = text.to_ascii_lowercase();
    let names = ["objectformat", "worktree", "include"];
    let mut bare = text.lines().filter(|line| line.contains("bare"));
    !names.iter().any(|name| text.contains(name))
        && bare.all(|line| line.split_whitespace().collect::<String>() == "bare=false")
}

/// The paths of an index in its order; `None` if it is not of a form that is known here.
fn entries(index: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut rest = Bytes(index.get(..index.len().checked_sub(HASH)?)?);
    if rest.take(4)? != b"DIRC" {
        return None;
    }
    let version = rest.number()?;
    let count = rest.number()? as usize;
    if !(2..=4).contains(&version) {
        return None;
    }
    // No entry is shorter than its flags.
    let mut paths: Vec<Vec<u8>> = Vec::with_capacity(count.min(index.len() / BEFORE_FLAGS));
    for _ in 0..count {
        let before = rest.0.len();
        rest.take(BEFORE_FLAGS)?;
        let flags = rest.take(2)?;
        if u16::from_be_bytes([flags[0], flags[1]]) & EXTENDED != 0 {
            rest.take(if version == 2 { return None } else { 2 })?;
        }
        let mut path = Vec::new();
        if version == 4 {
            let last = paths.last().map_or(&[][..], Vec::as_slice);
            let kept = last.len().checked_sub(rest.offset()?)?;
            path.extend_from_slice(&last[..kept]);
        }
        path.extend_from_slice(rest.text()?);
        if version < 4 {
            // Up to eight zeros, of which one was taken, end an entry at a multiple of eight.
            let length = before - rest.0.len();
            rest.take(length.next_multiple_of(8) - length)?;
        }
        if path.is_empty() {
            return None;
        }
        paths.push(path);
    }
    while !rest.0.is_empty() {
        let name = rest.take(4)?;
        // Small letters begin the names of those that no reader may pass over.
        name[0].is_ascii_uppercase().then_some(())?;
        let length = rest.number()? as usize;
        rest.take(length)?;
    }
    Some(paths)
}

/// What is left of an index.
struct Bytes<'i>(&'i [u8]);

impl<'i> Bytes<'i> {
    fn take(&mut self, length: usize) -> Option<&'i [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        let bytes = self.take(4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    }

    /// What stands before the next zero, which is taken too.
    fn text(&mut self) -> Option<&'i [u8]> {
        let length = memchr::memchr(0, self.0)?;
        let text = self.take(length)?;
        self.take(1)?;
        Some(text)
    }

    /// A number of as many bytes as it needs, as packs have offsets (gitformat-pack(5)).
    fn offset(&mut self) -> Option<usize> {
        let mut byte = self.take(1)?[0];
        let mut value = usize::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = self.take(1)?[0];
            value = value.checked_add(1)?.checked_mul(0x80)?;
            value += usize::from(byte & 0x7f);
        }
        Some(value)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::process::Command;

    use super::{entries, paths};
    use crate::tools::git;

    fn run(root: &Path, line: &str) {
        let mut command = Command::new("git");
        let words = [
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "-c",
            "protocol.file.allow=always",
        ];
        let output = command
            .arg("-C")
            .arg(root)
            .args(words)
            .args(line.split(' '))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() || line.starts_with("merge"),
            "git {line}: {said}"
        );
    }

    fn repository(init: &str) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        run(root.path(), init);
        let long = format!(
            "{}/{}/{}",
            "d".repeat(200),
            "e".repeat(200),
            "f".repeat(200)
        );
        for path in [
            "a",
            "model.py",
            "sub/a.yaml",
            "sub/a.yml",
            "sub/ünïcode",
            "with\nline",
            &long,
        ] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "1").unwrap();
        }
        run(root.path(), "add .");
        run(root.path(), "commit -q -m one");
        root
    }

    fn listed(root: &Path) -> Vec<Vec<u8>> {
        let out = git(root, &["ls-files", "-z", "--cached"]).unwrap();
        let paths = out.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        paths.map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn a_plain_index_says_what_git_says() {
        for lines in [
            &[][..],
            &["rm -q --cached a"],
            &["rm -q -r --cached ."],
            &["update-index --index-version 4"],
            &["update-index --index-version 4", "mv sub/a.yaml sub/b.yaml"],
            &[
                "update-index --index-version 3",
                "rm -q --cached a",
                "add --intent-to-add a",
            ],
            &["update-index --skip-worktree model.py"],
            &["-c core.untrackedCache=true status -s"],
            &["-c index.skipHash=true mv a b"],
            &[
                "checkout -q -b other",
                "mv a b",
                "commit -q -m two",
                "checkout -q -",
                "mv a c",
                "commit -q -m three",
                "merge -q other",
            ],
            &["submodule --quiet add ./ inner"],
        ] {
            let root = repository("init -q");
            for line in lines {
                run(root.path(), line);
            }
            let found = paths(root.path());
            assert_eq!(found, Some(listed(root.path())), "{lines:?}");
        }
    }

    #[test]
    fn what_is_out_of_the_ordinary_is_left_to_git() {
        for (init, lines) in [
            ("init -q", &["update-index --split-index"][..]),
            ("init -q", &["sparse-checkout init --cone --sparse-index"]),
            ("init -q", &["config core.bare true"]),
            ("init -q", &["config core.worktree .."]),
            ("init -q", &["config include.path other"]),
            ("init -q --object-format=sha256", &[]),
        ] {
            let root = repository(init);
            for line in lines {
                run(root.path(), line);
            }
            assert_eq!(paths(root.path()), None, "{init}, {lines:?}");
        }
        let root = repository("init -q");
        run(root.path(), "worktree add -q linked");
        assert_eq!(paths(&root.path().join("linked")), None);
        fs::remove_file(root.path().join(".git/HEAD")).unwrap();
        assert_eq!(paths(root.path()), None);
    }

    #[test]
    fn no_broken_index_is_taken_for_a_shorter_one() {
        for version in ["2", "4"] {
            let root = repository("init -q");
            run(
                root.path(),
                &format!("update-index --index-version {version}"),
            );
            let whole = fs::read(root.path().join(".git/index")).unwrap();
            let all = entries(&whole).unwrap();
            for length in 0..whole.len() {
                let found = entries(&whole[..length]);
                assert!(
                    found.is_none_or(|found| found == all),
                    "{version}, {length} bytes"
                );
            }
            for at in 0..whole.len() {
                let mut broken = whole.clone();
                broken[at] ^= 0xff;
                let found = entries(&broken).map(|found| found.len());
                assert!(
                    found.is_none_or(|found| found == all.len()),
                    "{version}, byte {at}"
                );
            }
        }
    }
}
