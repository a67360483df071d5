//! A repository in a temporary folder, and the real program run in it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

/// A git repository of its own, gone when it is dropped.
pub struct Repo {
    folder: tempfile::TempDir,
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Run {
    /// The exit status; -1 if a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Repo {
    /// An empty repository on the branch `main`.
    pub fn new() -> Self {
        let repo = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        repo.git(&["init", "-q", "-b", "main", "."]);
        repo
    }

    /// A repository with these files, committed.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let repo = Self::new();
        for (path, text) in files {
            repo.write(path, text);
        }
        repo.commit("Start");
        repo
    }

    /// The root.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Where a file is.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file, with its folders.
    pub fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// Replaces a text that the file must have.
    pub fn edit(&self, path: &str, from: &str, to: &str) -> &Self {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replace(from, to))
    }

    /// Removes a file.
    pub fn remove(&self, path: &str) -> &Self {
        std::fs::remove_file(self.path(path)).unwrap();
        self
    }

    /// Commits everything.
    pub fn commit(&self, message: &str) -> &Self {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self
    }

    /// Runs git, which must succeed, and gives what it printed.
    pub fn git(&self, arguments: &[&str]) -> String {
        let run = self.try_git(arguments);
        assert_eq!(run.code, 0, "git {arguments:?}: {}{}", run.out, run.err);
        run.out
    }

    /// Runs git, whatever comes of it.
    pub fn try_git(&self, arguments: &[&str]) -> Run {
        let mut git = Command::new("git");
        clean(&mut git, self.root());
        git.args([
            "-c",
            "user.name=Tester",
            "-c",
            "user.email=tester@example.org",
        ]);
        git.args([
            "-c",
            "protocol.file.allow=always",
            "-c",
            "commit.gpgsign=false",
        ]);
        git.env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
            .env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z");
        run(git.args(arguments))
    }

    /// The program, ready to be given more or to be started, with no trace of the
    /// surrounding CI, terminal or configuration.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tmrs"));
        clean(&mut command, self.root());
        command.args(arguments);
        command
    }

    /// Runs the program at the root.
    pub fn tmrs(&self, arguments: &[&str]) -> Run {
        run(&mut self.command(arguments))
    }

    /// Runs the program at the root with a text on its standard input.
    pub fn tmrs_with(&self, arguments: &[&str], input: &str) -> Run {
        fed(&mut self.command(arguments), input)
    }

    /// Runs `tmrs check` with these arguments and gives its JSON report.
    pub fn report(&self, arguments: &[&str]) -> Json {
        let mut all = vec!["check", "--format", "json"];
        all.extend(arguments);
        let run = self.tmrs(&all);
        serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("no report: {run:?}"))
    }

    /// The findings of [`Repo::report`] with that status, as
    /// `path rule class element` (for flows with `source→sink`), sorted.
    pub fn findings(&self, status: &str, arguments: &[&str]) -> Vec<String> {
        findings(&self.report(arguments), status)
    }
}

/// The findings of a report with that status, sorted.
pub fn findings(report: &Json, status: &str) -> Vec<String> {
    let text = |value: &Json| value.as_str().unwrap_or("").to_owned();
    let mut found: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["status"] == status)
        .map(|finding| {
            let mut line = [
                &finding["model"],
                &finding["rule"],
                &finding["element"]["class"],
                &finding["element"]["name"],
            ]
            .map(text)
            .join(" ");
            if !finding["source"].is_null() {
                line += &format!(" {}→{}", text(&finding["source"]), text(&finding["sink"]));
            }
            line
        })
        .collect();
    found.sort();
    found
}

/// The notices of a report with that code, as `path:line message`.
pub fn notices(report: &Json, code: &str) -> Vec<String> {
    report["notices"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|notice| notice["code"] == code)
        .map(|notice| {
            let place = &notice["location"];
            let path = place["path"].as_str().unwrap_or("");
            format!(
                "{path}:{} {}",
                place["line"],
                notice["message"].as_str().unwrap()
            )
        })
        .collect()
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Run {
    told(command.stdin(Stdio::null()).output().unwrap())
}

/// Runs a command to its end with a text on its standard input, which it may leave unread.
pub fn fed(command: &mut Command, text: &str) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // A program that refuses its arguments does not read.
    let _ = pipe.write_all(text.as_bytes());
    drop(pipe);
    told(child.wait_with_output().unwrap())
}

fn told(output: Output) -> Run {
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Leaves nothing of the environment but what programs need to start.
fn clean(command: &mut Command, folder: &Path) {
    // What programs need, by name on Windows too.
    let needed = ["PATH", "SystemRoot", "TEMP", "TMP"];
    let kept = needed.map(|name| Some((name, std::env::var_os(name)?)));
    command
        .env_clear()
        .envs(kept.into_iter().flatten())
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("LC_ALL", "C")
        .current_dir(folder);
}

/// That a command ended with exit status 2 and a complaint that holds these words.
pub fn fails_with(run: &Run, words: &[&str]) {
    assert_eq!(run.code, 2, "{run:?}");
    for word in words {
        assert!(run.err.contains(word), "{word:?} is missing: {}", run.err);
    }
}
