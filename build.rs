//! Embeds the catalogue: reads `rules/<family>/<ID>.yaml`, checks every file and
//! writes one static table, sorted by id, so that no YAML is parsed at start-up, and
//! the files themselves, packed.
//!
//! A malformed rule fails the build with its file and the reason. Conditions are
//! not compiled here (the compiler is part of the crate): what they compile to stands
//! in `rules/conditions.lock`, which a test keeps true.

#[path = "build/generate.rs"]
mod generate;
#[path = "build/lock.rs"]
mod lock;
#[path = "build/rule_file.rs"]
mod rule_file;
// The one table of classes: a rule's target must be in it.
#[path = "src/model/vocabulary.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "the crate's own file, of which only the classes are used here"
)]
mod vocabulary;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use generate::Embedded;
use rule_file::Rule;

fn main() {
    for watched in ["rules", "build", "build.rs"].iter().chain(&lock::CODE) {
        println!("cargo::rerun-if-changed={watched}");
    }
    let complaints = match embed() {
        Ok(complaints) => complaints,
        Err(error) => vec![format!("the rules cannot be embedded: {error}")],
    };
    for complaint in complaints {
        println!("cargo::error={complaint}");
    }
}

/// Writes the table; gives what is wrong with which file.
fn embed() -> io::Result<Vec<String>> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut complaints = Vec::new();
    let mut rules = Vec::new();
    for (family, path) in rule_files(&root.join("rules"))? {
        let shown = path.strip_prefix(&root).unwrap_or(&path).display();
        match rule_file::read(&family, &path) {
            Ok(rule) => rules.push(rule),
            Err(reasons) => {
                complaints.extend(reasons.into_iter().map(|why| format!("{shown}: {why}")));
            }
        }
    }
    rules.sort_by(|a, b| a.raw.id.cmp(&b.raw.id));
    complaints.extend(rule_file::clashes(&rules));
    let compiled = lock::read(&root)?;
    let is_compiled = |rule: &Rule| compiled.contains_key(&rule.key());
    if !rules.iter().all(is_compiled) {
        let path = lock::PATH;
        println!(
            "cargo::warning={path} is out of date, so every run compiles conditions: `just bless`"
        );
    }
    let Embedded {
        table,
        files,
        conditions,
    } = generate::table(&rules, &compiled);
    fs::write(out.join("built_in.rs"), table)?;
    fs::write(out.join("conditions"), conditions)?;
    // Only tests and templates of rules read the files: they may cost a little there.
    let packed = miniz_oxide::deflate::compress_to_vec(files.as_bytes(), 9);
    fs::write(out.join("rule_files.deflate"), packed)?;
    Ok(complaints)
}

/// Every rule file with its family (the folder's name), sorted by path.
fn rule_files(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for family in fs::read_dir(folder)? {
        let family = family?;
        if !family.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(family.path())? {
            let path = file?.path();
            if path.extension().is_some_and(|ext| ext == "yaml") {
                let name = family.file_name().to_string_lossy().into_owned();
                files.push((name, path));
            }
        }
    }
    files.sort();
    Ok(files)
}
