//! `tmrs render`: saved reports as any format.

use std::path::Path;
use std::process::{Command, Output};

use super::{emit, fixture};

fn tmrs() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tmrs"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports"));
    for name in [
        "GITHUB_ACTIONS",
        "GITHUB_STEP_SUMMARY",
        "GITHUB_SERVER_URL",
        "CI_PROJECT_URL",
    ] {
        command.env_remove(name);
    }
    command
}

fn render(arguments: &[&str]) -> Output {
    tmrs().arg("render").args(arguments).output().unwrap()
}

#[test]
fn a_saved_report_is_rendered_as_if_it_were_judged_now() {
    for format in [
        "sarif", "markdown", "junit", "gitlab", "csv", "html", "github", "json",
    ] {
        let output = render(&["typical.json", "--format", format]);
        let expected = emit(format, &fixture::typical());
        assert!(output.stdout == expected.as_bytes(), "{format}");
        assert_eq!(output.status.code(), Some(1), "{format}");
    }
}

#[test]
fn several_reports_have_one_gate() {
    let output = render(&["empty.json", "empty.json", "--format", "github"]);
    assert_eq!(output.status.code(), Some(0));
    let output = render(&["typical.json", "typical.json", "--format", "github"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("Gate failed: 3 new findings"), "{said}");
}

#[test]
fn a_missing_or_broken_part_is_an_error() {
    for part in ["missing.json", "../main.rs"] {
        let output = render(&["typical.json", part, "--format", "json"]);
        assert_eq!(output.status.code(), Some(2), "{part}");
        assert!(output.stdout.is_empty(), "{part}");
    }
}

#[test]
fn a_part_that_no_run_can_have_written_leaves_the_output_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let typical = emit("json", &fixture::typical());
    let huge = folder.path().join("huge.json");
    let file = std::fs::File::create(&huge).unwrap();
    file.set_len(300 * 1024 * 1024).unwrap();
    let half = &typical[..typical.len() / 2];
    let parts: &[(&str, Vec<u8>)] = &[
        ("empty", Vec::new()),
        ("cut off", half.into()),
        ("no UTF-8", [typical.as_bytes(), b"\xff"].concat()),
        ("two reports", typical.repeat(2).into()),
        ("deeper than any stack", "[".repeat(3_000_000).into()),
        (
            "other fields",
            typical
                .replacen("\"report\"", "\"evil\": 1, \"report\"", 1)
                .into(),
        ),
        (
            "a path that leaves",
            typical
                .replace("services/shop/tm.py", "../../etc/passwd")
                .into(),
        ),
        (
            "a gate that passes",
            typical
                .replace("\"passed\": false", "\"passed\": true")
                .into(),
        ),
    ];
    let out = folder.path().join("out.sarif");
    let output = format!("sarif={}", out.display());
    let refused = |name: &str, part: &Path| {
        std::fs::write(&out, "what was there").unwrap();
        let part = part.to_str().unwrap();
        let run = render(&[
            "typical.json",
            part,
            "--format",
            "markdown",
            "--output",
            &output,
        ]);
        let told = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(2), "{name}: {told}");
        assert!(run.stdout.is_empty(), "{name}");
        assert!(
            told.contains("help:") && told.len() < 2_000,
            "{name}: {told}"
        );
        assert_eq!(
            std::fs::read_to_string(&out).unwrap(),
            "what was there",
            "{name}"
        );
    };
    for (name, bytes) in parts {
        let part = folder.path().join("part.json");
        std::fs::write(&part, bytes).unwrap();
        refused(name, &part);
    }
    refused("huge", &huge);
    refused("a folder", folder.path());
}

#[test]
fn the_summary_of_a_job_is_added_to() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "from an earlier step\n").unwrap();
    let outcome = |summary: Option<&Path>| {
        let mut command = tmrs();
        command.args([
            "render",
            "typical.json",
            "--format",
            "json",
            "--output",
            "github-summary",
        ]);
        if let Some(path) = summary {
            command.env("GITHUB_STEP_SUMMARY", path);
        }
        command.output().unwrap().status.code()
    };
    assert_eq!(outcome(Some(file.path())), Some(1));
    let text = std::fs::read_to_string(file.path()).unwrap();
    let expected = emit("github-summary", &fixture::typical());
    assert_eq!(text, format!("from an earlier step\n{expected}"));
    assert_eq!(outcome(None), Some(2));
}
