//! What a run says today beside what it said before the rules were held to what a reviewer of
//! the field would say: findings of core, and lines that people read.
//!
//! `before.json` holds the figures of the commit [`COMMIT`], counted by `scripts/count-findings`;
//! today's are counted here in the same way.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value as Json;

use super::median;
use crate::harness::{Repo, run};
use crate::shared;

/// The program of 22 November 2026.
const COMMIT: &str = "87a9fcd";

/// What one program makes of one file.
#[derive(Clone, Copy, Deserialize)]
struct Counted {
    core: usize,
    lines: usize,
}

/// Before and after, by the path of the model.
pub(super) struct Fallen(BTreeMap<String, [Counted; 2]>);

impl Fallen {
    /// Counts what today's program says.
    pub(super) fn counted() -> Self {
        let path = shared::root().join("tests/comparison/before.json");
        let before: BTreeMap<String, Counted> =
            serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let repo = Repo::new();
        for folder in ["examples", "tests/models", "tests/signal/models"] {
            copy(&repo, folder);
        }
        repo.write(
            "core.yaml",
            "rules: {packs: [core], threats-file: ignore}\n",
        );
        repo.write("all.yaml", "rules: {threats-file: ignore}\n");
        repo.commit("Models");
        let pair = |(path, before): (String, Counted)| {
            let after = count(&repo, &path);
            (path, [before, after])
        };
        Self(before.into_par_iter().map(pair).collect())
    }

    /// Whether core fell by 40 %, and the lines by half, in the median.
    pub(super) fn enough(&self) -> bool {
        let [core, lines] = [self.medians(|it| it.core), self.medians(|it| it.lines)];
        core[1] * 10.0 <= core[0] * 6.0 && lines[1] * 2.0 <= lines[0]
    }

    fn medians(&self, of: impl Fn(Counted) -> usize) -> [f64; 2] {
        [0, 1].map(|at| median(self.0.values().map(|pair| of(pair[at]))))
    }

    /// The section of the page.
    pub(super) fn section(&self) -> String {
        let mut page = format!(
            "\n## Before and after\n\nFindings in core, and lines that `tmrs check` prints, with the \
             program of commit {COMMIT}\n(22 November 2026), before its rules were held to what a \
             reviewer of the field would say,\nand with today's. `scripts/count-findings` counted the \
             former and says how; a file with\nseveral models is one line, and a model that came \
             later with words which that program\ncannot read has none.\n\n\
             | Model | core before | core now | lines before | lines now |\n|---|--:|--:|--:|--:|\n"
        );
        for (path, [before, after]) in &self.0 {
            let name = Path::new(path).file_name().unwrap().to_str().unwrap();
            let _ = writeln!(
                page,
                "| [{name}](../{path}) | {} | {} | {} | {} |",
                before.core, after.core, before.lines, after.lines
            );
        }
        let [core, lines] = [self.medians(|it| it.core), self.medians(|it| it.lines)];
        let _ = writeln!(
            page,
            "| **Median** | {} | {} | {} | {} |",
            core[0], core[1], lines[0], lines[1]
        );
        let fell = |[before, after]: [f64; 2]| ((before - after) * 100.0 / before).round();
        let _ = writeln!(
            page,
            "\nIn the median, findings in core fell by {} %, and lines by {} %.",
            fell(core),
            fell(lines)
        );
        page
    }
}

fn copy(repo: &Repo, folder: &str) {
    for entry in fs::read_dir(shared::root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            copy(repo, &path);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            repo.write(&path, &text);
        }
    }
}

fn count(repo: &Repo, path: &str) -> Counted {
    let json =
        run(&mut repo.command(&["check", path, "--config", "core.yaml", "--format", "json"]));
    let report: Json = serde_json::from_str(&json.out).unwrap();
    let counts = |finding: &&Json| {
        let is_declared = finding["rule"].as_str().unwrap().starts_with("DECLARED/");
        finding["status"] != "out-of-scope" && !is_declared
    };
    let core = report["findings"].as_array().unwrap().iter().filter(counts);
    let people = run(&mut repo.command(&["check", path, "--config", "all.yaml"]));
    Counted {
        core: core.count(),
        lines: people.out.lines().count(),
    }
}
