//! Files are written whole or not at all: whatever ends or hinders the program, each of
//! them is what it was or what it should become.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tmrs::emit::FORMATS;

use super::{emit, fixture};

/// What stands in every file before.
pub const BEFORE: &str = "what was there before\n";

/// What adds to the file of the same name, instead of replacing it.
pub const SUMMARY: &str = "github-summary";

/// A folder with a saved report, and a file of every format.
pub struct Outputs {
    pub folder: tempfile::TempDir,
    /// The format, its file, and what the file should become.
    pub files: Vec<(&'static str, PathBuf, String)>,
}

impl Outputs {
    pub fn new(findings: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Others may look in: a test runs the program as another user.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let report = fixture::many(findings);
        fs::write(folder.path().join("report.json"), emit("json", &report)).unwrap();
        let written = folder.path().join("written");
        fs::create_dir(&written).unwrap();
        let files = FORMATS
            .iter()
            .map(|format| {
                let name = format.name();
                let file = written.join(format!("out.{name}"));
                let kept = if name == SUMMARY { BEFORE } else { "" };
                (name, file, format!("{kept}{}", emit(name, &report)))
            })
            .collect();
        let outputs = Self { folder, files };
        outputs.reset();
        outputs
    }

    pub fn written(&self) -> PathBuf {
        self.folder.path().join("written")
    }

    /// The summary that other steps write to as well.
    pub fn summary(&self) -> PathBuf {
        self.written().join(format!("out.{SUMMARY}"))
    }

    pub fn reset(&self) {
        for entry in fs::read_dir(self.written()).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        for (_, file, _) in &self.files {
            fs::write(file, BEFORE).unwrap();
        }
    }

    /// `tmrs render` of the report into these formats, started by `with`.
    pub fn render(&self, with: &[&str], formats: &[&str]) -> Command {
        let mut words: Vec<String> = with.iter().map(ToString::to_string).collect();
        words.push(env!("CARGO_BIN_EXE_tmrs").into());
        words.extend([
            "render".into(),
            "../report.json".into(),
            "--format=github-output".into(),
        ]);
        for (format, file, _) in &self.files {
            if formats.is_empty() || formats.contains(format) {
                words.push(match *format {
                    SUMMARY => format!("--output={SUMMARY}"),
                    _ => format!("--output={format}={}", file.display()),
                });
            }
        }
        let mut command = Command::new(&words[0]);
        command
            .args(&words[1..])
            .current_dir(self.written())
            .env_remove("GITHUB_ACTIONS")
            .env_remove("CI_PROJECT_URL")
            .env_remove("CI_JOB_STARTED_AT")
            .env_remove("GITHUB_SERVER_URL")
            .env("GITHUB_STEP_SUMMARY", self.summary())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// How many files are new; every other one must be as it was.
    fn new_ones(&self) -> usize {
        let mut new = 0;
        for (format, file, expected) in &self.files {
            let text = fs::read_to_string(file).unwrap();
            assert!(
                text == BEFORE || text == *expected,
                "{format}: {} bytes, neither the {} of before nor the {} to come",
                text.len(),
                BEFORE.len(),
                expected.len()
            );
            new += usize::from(text == *expected);
        }
        new
    }

    /// Temporary files in the folder.
    pub fn temporary(&self) -> usize {
        let entries = fs::read_dir(self.written()).unwrap().flatten();
        entries
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(".tmrs-"))
            .count()
    }
}

/// The program said that, with exit status 2 and nothing on standard output.
pub fn refused(output: &Output, said: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains(said), "{told}");
    assert!(output.stdout.is_empty());
}

#[test]
fn killed_at_any_moment_each_file_is_as_it_was_or_complete() {
    let outputs = Outputs::new(300);
    let start = Instant::now();
    let whole = outputs.render(&[], &[]).output().unwrap();
    let takes = start.elapsed();
    assert_eq!(whole.status.code(), Some(1));
    assert_eq!(outputs.new_ones(), outputs.files.len());
    assert_eq!(outputs.temporary(), 0);
    let mut on_the_way = 0;
    for moment in 0..90_u32 {
        outputs.reset();
        let mut child = outputs.render(&[], &[]).spawn().unwrap();
        if moment < 30 {
            sleep(takes * moment / 30);
        } else {
            // Where it matters: from the first byte that is written to the last rename.
            let since = Instant::now();
            while outputs.temporary() == 0 && since.elapsed() < 4 * takes {
                sleep(Duration::from_micros(50));
            }
            sleep(Duration::from_micros(u64::from(moment - 30) * 250));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let new = outputs.new_ones();
        on_the_way +=
            usize::from(outputs.temporary() > 0 || (1..outputs.files.len()).contains(&new));
    }
    assert!(on_the_way > 5, "only {on_the_way} kills met the writing");
}

#[test]
fn a_file_that_cannot_grow_leaves_every_format_as_it_was() {
    let outputs = Outputs::new(600);
    // With the signal that says so, and without, where writing fails in the middle.
    for ignored in ["", "trap '' XFSZ; "] {
        let limit = format!("{ignored}ulimit -f 1; exec \"$0\" \"$@\"");
        let limit = ["sh", "-c", &limit];
        let formats = outputs.files.iter();
        for (format, _, _) in formats.filter(|(_, _, text)| text.len() > 2048) {
            let output = outputs.render(&limit, &[format]).output().unwrap();
            refused(&output, "no file may be as large");
            assert_eq!(
                (outputs.new_ones(), outputs.temporary()),
                (0, 0),
                "{format}"
            );
        }
        refused(
            &outputs.render(&limit, &[]).output().unwrap(),
            "no file may be as large",
        );
        assert_eq!((outputs.new_ones(), outputs.temporary()), (0, 0));
    }
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "mounts a disk, needs unshare and root: scripts/test-all"]
fn a_full_disk_leaves_all_as_they_were() {
    let outputs = Outputs::new(600);
    // Room for some of the files, not for all of them.
    let room = outputs
        .files
        .iter()
        .map(|(_, _, text)| text.len())
        .sum::<usize>()
        / 2;
    let script = format!(
        "mount -t tmpfs -o size={room} tmpfs . 2>/dev/null || exit 77; cd \"$PWD\"
         for f in {}; do echo 'what was there before' > \"$f\"; done
         \"$0\" \"$@\"; code=$?
         cat ./out.* | sort -u; ls -A | grep -c '^\\.tmrs-'; exit $code",
        outputs
            .files
            .iter()
            .map(|(_, f, _)| f.file_name().unwrap().to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ")
    );
    let output = outputs
        .render(&["unshare", "-rm", "sh", "-c", &script], &[])
        .output()
        .expect("unshare starts");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("there is no room for it"),
        "{output:?}"
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        format!("{BEFORE}0\n")
    );
}

/// How to start the program so that permissions hold for it; root is above them.
pub fn as_somebody(folder: &Path) -> Vec<&'static str> {
    let probe = folder.join("probe");
    if fs::write(&probe, "").is_err() {
        return Vec::new();
    }
    fs::remove_file(&probe).unwrap();
    let nobody = vec![
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
    ];
    let ran = Command::new(nobody[0])
        .args(&nobody[1..])
        .args([env!("CARGO_BIN_EXE_tmrs"), "--version"])
        .output();
    assert!(
        ran.is_ok_and(|ran| ran.status.success()),
        "root needs setpriv to run the program as somebody else"
    );
    nobody
}

#[test]
fn a_read_only_folder_is_an_error_for_every_format() {
    let outputs = Outputs::new(20);
    fs::set_permissions(outputs.written(), fs::Permissions::from_mode(0o555)).unwrap();
    let with = as_somebody(&outputs.written());
    for (format, _, _) in &outputs.files {
        let output = outputs.render(&with, &[format]).output().unwrap();
        refused(&output, "its folder cannot be written to");
        assert_eq!(outputs.new_ones(), 0, "{format}");
    }
    fs::set_permissions(outputs.written(), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn one_output_that_cannot_be_written_leaves_the_others_as_they_were() {
    let outputs = Outputs::new(20);
    for (bad, said) in [
        ("csv=missing/out.csv", "its folder does not exist"),
        ("csv=out.csv/below", "its folder does not exist"),
        ("csv=..", "it is a folder"),
    ] {
        let mut command = outputs.render(&[], &["sarif", "junit"]);
        refused(&command.args(["--output", bad]).output().unwrap(), said);
        assert_eq!((outputs.new_ones(), outputs.temporary()), (0, 0), "{bad}");
    }
    let mut command = outputs.render(&[], &["sarif"]);
    let same = format!("json={}", outputs.written().join("out.sarif").display());
    let output = command.args(["--output", &same]).output().unwrap();
    refused(&output, "two outputs go to");
    assert_eq!(outputs.new_ones(), 0);
}

#[test]
#[cfg(target_os = "linux")]
fn a_device_that_takes_nothing_is_an_error_on_standard_output_too() {
    let outputs = Outputs::new(20);
    let mut command = outputs.render(&[], &["sarif"]);
    let output = command
        .args(["--output", "csv=/dev/full"])
        .output()
        .unwrap();
    refused(&output, "there is no room for it");
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = outputs
        .render(&[], &["junit"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output"));
}

#[test]
fn a_reader_that_goes_away_changes_neither_files_nor_the_gate() {
    let outputs = Outputs::new(600);
    let mut child = outputs.render(&[], &[]).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(outputs.new_ones(), outputs.files.len());
}

#[test]
fn what_is_replaced_keeps_its_permissions_and_pipes_stay_pipes() {
    let outputs = Outputs::new(20);
    let (_, file, expected) = &outputs.files[0];
    fs::set_permissions(file, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(
        outputs
            .render(&[], &["human"])
            .output()
            .unwrap()
            .status
            .code(),
        Some(1)
    );
    assert_eq!(
        fs::metadata(file).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert_eq!(fs::read_to_string(file).unwrap(), *expected);
    let pipe = outputs.written().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let mut command = outputs.render(&[], &["human"]);
    let child = command.args(["--output", "csv=pipe"]).spawn().unwrap();
    let read = fs::read_to_string(&pipe).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
    assert_eq!(read, emit("csv", &fixture::many(20)));
}
