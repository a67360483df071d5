//! The summary of a job belongs to all of its steps: what several programs add at once is
//! all there, and the file stays what it was but for what was added.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::Output;
use std::thread::sleep;
use std::time::Duration;

use super::whole::{BEFORE, Outputs, SUMMARY, as_somebody};

/// What one run adds to the summary.
fn added(outputs: &Outputs) -> String {
    let (_, _, expected) = outputs.files.iter().find(|(f, ..)| *f == SUMMARY).unwrap();
    expected.strip_prefix(BEFORE).unwrap().to_owned()
}

/// How often it was added whole; nothing else is there.
fn times(outputs: &Outputs, added: &str) -> usize {
    let text = fs::read_to_string(outputs.summary()).unwrap();
    let rest = text.strip_prefix(BEFORE).unwrap();
    assert_eq!(rest.replace(added, ""), "", "a part of an addition");
    rest.len() / added.len()
}

fn judged(output: &Output) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
}

#[test]
fn whoever_adds_at_once_each_finds_what_the_others_added() {
    let outputs = Outputs::new(60);
    let added = added(&outputs);
    let start = || outputs.render(&[], &[SUMMARY]).spawn().unwrap();
    let running: Vec<_> = (0..12).map(|_| start()).collect();
    for child in running {
        judged(&child.wait_with_output().unwrap());
    }
    assert_eq!(times(&outputs, &added), 12);
    assert_eq!(outputs.temporary(), 0);
}

#[test]
fn whoever_is_killed_takes_nothing_of_what_others_add() {
    let outputs = Outputs::new(300);
    let added = added(&outputs);
    for round in 0..6_u64 {
        outputs.reset();
        let start = |_| outputs.render(&[], &[SUMMARY]).spawn().unwrap();
        let mut killed: Vec<_> = (0..3).map(start).collect();
        let left: Vec<_> = (0..2).map(start).collect();
        while outputs.temporary() == 0 && times(&outputs, &added) == 0 {
            sleep(Duration::from_micros(50));
        }
        sleep(Duration::from_micros(round * 400));
        for child in &mut killed {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        for child in left {
            judged(&child.wait_with_output().unwrap());
        }
        let times = times(&outputs, &added);
        assert!((2..=5).contains(&times), "{times} additions");
    }
}

#[test]
fn the_file_keeps_its_permissions_and_its_links() {
    let outputs = Outputs::new(20);
    let (added, file) = (added(&outputs), outputs.summary());
    let real = outputs.folder.path().join("real");
    let run = || judged(&outputs.render(&[], &[SUMMARY]).output().unwrap());
    // More than the umask lets a new file have.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    run();
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o666);
    assert_eq!(times(&outputs, &added), 1);

    fs::hard_link(&file, &real).unwrap();
    run();
    assert_eq!(fs::metadata(&file).unwrap().nlink(), 2);
    assert_eq!(times(&outputs, &added), 2);

    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("../real", &file).unwrap();
    run();
    assert!(file.is_symlink());
    assert_eq!(times(&outputs, &added), 3);

    fs::remove_file(&real).unwrap();
    run();
    assert!(file.is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), added);

    fs::remove_file(&file).unwrap();
    run();
    assert_eq!(fs::read_to_string(&file).unwrap(), added);
}

#[test]
#[ignore = "only root can give files away: scripts/test-all"]
fn another_users_file_stays_that_users() {
    let outputs = Outputs::new(20);
    let file = outputs.summary();
    std::os::unix::fs::chown(&file, Some(65534), Some(65534)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    judged(&outputs.render(&[], &[SUMMARY]).output().unwrap());
    let meta = fs::metadata(&file).unwrap();
    assert_eq!(
        (meta.uid(), meta.gid(), meta.mode() & 0o777),
        (65534, 65534, 0o600)
    );
    assert_eq!(times(&outputs, &added(&outputs)), 1);
}

#[test]
fn a_folder_that_takes_no_new_files_is_enough() {
    let outputs = Outputs::new(20);
    fs::set_permissions(outputs.summary(), fs::Permissions::from_mode(0o666)).unwrap();
    fs::set_permissions(outputs.written(), fs::Permissions::from_mode(0o555)).unwrap();
    let with = as_somebody(&outputs.written());
    judged(&outputs.render(&with, &[SUMMARY]).output().unwrap());
    assert_eq!(times(&outputs, &added(&outputs)), 1);
    fs::set_permissions(outputs.written(), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "mounts a file, needs unshare and root: scripts/test-all"]
fn a_file_that_is_mounted_by_itself_is_enough() {
    let outputs = Outputs::new(20);
    let real = outputs.folder.path().join("real");
    fs::write(&real, BEFORE).unwrap();
    let script =
        format!("mount --bind ../real out.{SUMMARY} 2>/dev/null || exit 77; exec \"$0\" \"$@\"");
    let output = outputs
        .render(&["unshare", "-rm", "sh", "-c", &script], &[SUMMARY])
        .output()
        .expect("unshare starts");
    judged(&output);
    assert_eq!(times(&outputs, &added(&outputs)), 0);
    assert_eq!(outputs.temporary(), 0);
    fs::rename(&real, outputs.summary()).unwrap();
    assert_eq!(times(&outputs, &added(&outputs)), 1);
}

#[test]
fn a_script_that_writes_all_it_says_to_the_summary_goes_on_doing_so() {
    let outputs = Outputs::new(20);
    let script = format!("exec >>out.{SUMMARY}; \"$0\" \"$@\"; echo afterwards; exit 1");
    let with = ["sh", "-c", &script];
    judged(&outputs.render(&with, &[SUMMARY]).output().unwrap());
    let text = fs::read_to_string(outputs.summary()).unwrap();
    assert!(text.starts_with(&format!("{BEFORE}{}", added(&outputs))));
    assert!(text.ends_with("\nexit-code=1\nafterwards\n"), "{text}");
}

#[test]
fn one_run_adds_once() {
    let outputs = Outputs::new(20);
    let mut command = outputs.render(&[], &[SUMMARY]);
    let again = format!("--output={SUMMARY}");
    let output = command.arg(again).output().unwrap();
    super::whole::refused(&output, "two outputs go to");
    assert_eq!(times(&outputs, &added(&outputs)), 0);
}
