//! Layer `tools`: a repository's revisions: commits, the merge base, the files
//! of a commit and their content.
//!
//! What a person names goes through `rev-parse --verify --end-of-options` first;
//! everything after that is asked by hash. Nothing is fetched, nothing written.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::{ToolError, git, git_command, not_started};

/// Why a revision cannot be compared with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevisionError {
    /// git itself failed.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// The name cannot be that of a revision.
    #[error("“{0}” cannot be the name of a revision")]
    Name(String),
    /// No commit has that name here.
    #[error("there is no commit “{name}” in this repository")]
    Missing {
        /// The name.
        name: String,
        /// Whether the history was cut off when it was cloned.
        shallow: bool,
    },
    /// Nothing was ever committed.
    #[error("this repository has no commit yet")]
    Unborn,
    /// Two histories that share nothing.
    #[error("“{name}” and the checked-out commit have no common history here")]
    Unrelated {
        /// The name.
        name: String,
        /// Whether the history was cut off when it was cloned.
        shallow: bool,
    },
    /// Merges in both directions leave several merge bases.
    #[error("“{name}” and the checked-out commit have {} merge bases", .bases.len())]
    SeveralBases {
        /// The name.
        name: String,
        /// Their hashes.
        bases: Vec<String>,
    },
}

/// The hash of the commit that a person names.
///
/// # Errors
/// The name is no name, or nothing has it.
pub fn commit(root: &Path, name: &str) -> Result<String, RevisionError> {
    // A leading hyphen is never a revision; older versions of git would take it for an option.
    if name.is_empty() || name.starts_with('-') || name.chars().any(char::is_control) {
        return Err(RevisionError::Name(name.into()));
    }
    let peeled = format!("{name}^{{commit}}");
    match git(
        root,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &peeled,
        ],
    ) {
        Ok(out) => hashes(&out).pop().ok_or_else(|| missing(root, name)),
        Err(ToolError::Failed { .. }) => Err(missing(root, name)),
        Err(error) => Err(error.into()),
    }
}

fn missing(root: &Path, name: &str) -> RevisionError {
    RevisionError::Missing {
        name: name.into(),
        shallow: is_shallow(root),
    }
}

/// The hash of the checked-out commit; `None` before the first one.
///
/// # Errors
/// git failed.
pub fn head(root: &Path) -> Result<Option<String>, ToolError> {
    match git(root, &["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]) {
        Ok(out) => Ok(hashes(&out).pop()),
        Err(ToolError::Failed { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The hash of what has no file, which every repository knows.
fn empty_tree(root: &Path) -> Result<String, ToolError> {
    let out = git(root, &["hash-object", "-t", "tree", "--stdin"])?;
    Ok(hashes(&out).pop().unwrap_or_default())
}

/// Where two histories went apart, by the hashes of commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// The commit that both have, or the empty tree before the first commit.
    pub base: String,
    /// The checked-out commit; `None` before the first one.
    pub here: Option<String>,
}

/// The one commit from which the checked-out one and the commit that `name` names went
/// apart; the empty tree for `HEAD` before the first commit.
///
/// # Errors
/// No such commit, no common history, or several merge bases.
pub fn merge_base(root: &Path, name: &str) -> Result<Apart, RevisionError> {
    let here = match head(root)? {
        Some(here) => here,
        // What the hooks compare the first commit with.
        None if name == "HEAD" => {
            let base = empty_tree(root)?;
            return Ok(Apart { base, here: None });
        }
        None => return Err(RevisionError::Unborn),
    };
    let other = if name == "HEAD" {
        here.clone()
    } else {
        commit(root, name)?
    };
    if other == here {
        return Ok(Apart {
            base: other,
            here: Some(here),
        });
    }
    let mut bases = match git(root, &["merge-base", "--all", &other, &here]) {
        Ok(out) => hashes(&out),
        // It ends with status 1 and says nothing where there is none.
        Err(ToolError::Failed { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    match (bases.pop(), bases.is_empty()) {
        (Some(base), true) => Ok(Apart {
            base,
            here: Some(here),
        }),
        (Some(base), false) => {
            bases.push(base);
            Err(RevisionError::SeveralBases {
                name: name.into(),
                bases,
            })
        }
        (None, _) => Err(RevisionError::Unrelated {
            name: name.into(),
            shallow: is_shallow(root),
        }),
    }
}

/// Whether the history was cut off when the repository was cloned.
fn is_shallow(root: &Path) -> bool {
    git(root, &["rev-parse", "--is-shallow-repository"])
        .is_ok_and(|out| out.trim_ascii() == b"true")
}

/// The lines of an answer that are object ids.
fn hashes(out: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(out);
    text.lines()
        .map(str::trim)
        .filter(|line| is_hash(line))
        .map(str::to_owned)
        .collect()
}

fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What a path of a commit holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// Another repository's commit.
    Submodule,
}

/// A path of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The path from the root of the repository; paths that are not UTF-8 are left out.
    pub path: String,
    /// What it holds.
    pub holds: Holds,
    /// The object's id.
    pub id: String,
}

/// Every path of a commit, given by its hash.
///
/// # Errors
/// git failed.
pub fn files(root: &Path, commit: &str) -> Result<Vec<Listed>, ToolError> {
    let out = git(root, &["ls-tree", "-r", "-z", "--full-tree", commit])?;
    Ok(out.split(|byte| *byte == 0).filter_map(listed).collect())
}

/// `<mode> <type> <id>\t<path>`.
fn listed(line: &[u8]) -> Option<Listed> {
    let (what, path) = std::str::from_utf8(line).ok()?.split_once('\t')?;
    let mut words = what.split(' ');
    let (mode, _, id) = (words.next()?, words.next()?, words.next()?);
    let holds = match mode {
        "120000" => Holds::Link,
        "160000" => Holds::Submodule,
        _ => Holds::File,
    };
    Some(Listed {
        path: path.into(),
        holds,
        id: id.into(),
    })
}

/// Why an object gave no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectError {
    /// It is not here: a partial clone left it out.
    Missing,
    /// It has that many bytes, more than were wanted.
    TooLarge(u64),
    /// git went away or said something else.
    Broken(String),
}

/// One `git cat-file --batch` that answers as long as it is kept.
#[derive(Debug)]
pub struct ObjectReader {
    child: Child,
    asks: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl ObjectReader {
    /// Starts it.
    ///
    /// # Errors
    /// git cannot be started.
    pub fn start(root: &Path) -> Result<Self, ToolError> {
        let mut child = git_command(root)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| not_started("git", &error))?;
        let asks = child.stdin.take();
        let Some(answers) = child.stdout.take() else {
            return Err(ToolError::Failed {
                program: "git",
                words: "it has no output".into(),
            });
        };
        Ok(Self {
            child,
            asks,
            answers: BufReader::new(answers),
        })
    }

    /// The content of an object of at most `limit` bytes.
    ///
    /// # Errors
    /// It is missing, too large, or git went away.
    pub fn read(&mut self, id: &str, limit: u64) -> Result<Vec<u8>, ObjectError> {
        if !is_hash(id) {
            return Err(ObjectError::Broken(format!("`{id}` is no object id")));
        }
        self.answer(id, limit)
            .map_err(|error| ObjectError::Broken(format!("git cat-file: {error}")))?
    }

    fn answer(&mut self, id: &str, limit: u64) -> std::io::Result<Result<Vec<u8>, ObjectError>> {
        let gone = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        let asks = self.asks.as_mut().ok_or_else(gone)?;
        asks.write_all(format!("{id}\n").as_bytes())?;
        asks.flush()?;
        let mut head = String::new();
        if self.answers.read_line(&mut head)? == 0 {
            return Err(gone());
        }
        // `<id> <type> <size>`, or `<id> missing`.
        let size = head.trim_end().rsplit(' ').next().unwrap_or("");
        let Ok(size) = size.parse::<u64>() else {
            return Ok(Err(ObjectError::Missing));
        };
        let mut content = Vec::new();
        if size > limit {
            // What is too large is read past, never held.
            std::io::copy(
                &mut self.answers.by_ref().take(size + 1),
                &mut std::io::sink(),
            )?;
            return Ok(Err(ObjectError::TooLarge(size)));
        }
        self.answers.by_ref().take(size).read_to_end(&mut content)?;
        if content.len() as u64 != size {
            return Err(gone());
        }
        let mut end = [0];
        self.answers.read_exact(&mut end)?;
        Ok(Ok(content))
    }
}

impl Drop for ObjectReader {
    fn drop(&mut self) {
        // Without questions it ends by itself; it is waited for so that none is left behind.
        self.asks = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
