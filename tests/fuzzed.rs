//! The functions that fuzzing calls (fuzz/src), on its seeds and on every input that once failed:
//! none panics, breaks what it promises, or takes long.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

/// What an unoptimized program may take for one input, beside other tests.
const LONG: Duration = Duration::from_secs(30);

fn inputs(kind: &str, target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz")
        .join(kind);
    let Ok(entries) = fs::read_dir(folder.join(target)) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_seed_and_every_input_that_once_failed_is_handled() {
    let mut slow = Vec::new();
    for (target, _, handle) in fuzz::TARGETS {
        let seeds = inputs("seeds", target);
        assert!(!seeds.is_empty(), "{target} has no seed");
        for file in seeds.into_iter().chain(inputs("found", target)) {
            let bytes = fs::read(&file).unwrap();
            let start = Instant::now();
            let handled = std::panic::catch_unwind(|| handle(&bytes));
            assert!(handled.is_ok(), "{} was not handled", file.display());
            if start.elapsed() > LONG {
                slow.push(file);
            }
        }
    }
    assert!(slow.is_empty(), "these take more than {LONG:?}: {slow:?}");
}

#[test]
fn every_target_is_a_program_of_the_fuzzer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let mut programs: Vec<String> = fs::read_dir(root.join("targets"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    programs.sort();
    let mut targets: Vec<String> = fuzz::TARGETS
        .iter()
        .map(|(name, _, _)| (*name).to_owned())
        .collect();
    targets.sort();
    assert_eq!(programs, targets);
    for target in targets {
        let said = format!("name = \"{target}\"\npath = \"targets/{target}.rs\"");
        assert!(manifest.contains(&said), "fuzz/Cargo.toml lacks {target}");
        let program = fs::read_to_string(root.join(format!("targets/{target}.rs"))).unwrap();
        let call = format!("tmrs_fuzz::{target}(bytes)");
        assert!(program.contains(&call), "{target} calls something else");
    }
}
